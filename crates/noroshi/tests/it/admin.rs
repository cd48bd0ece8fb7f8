//! Members from the console: what is printed, and what is refused.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use noroshi::premises;

const HUB: &str = "hub.example";

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .arg("admin")
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn printed(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_hub_is_set_up_and_run_from_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config =
        format!("hub = \"{HUB}\"\nname = \"x\"\nbase = \"https://hub.example\"\ndata = \"data\"\n");
    fs::write(folder.join("noroshi.toml"), config).unwrap();

    let first = printed(folder, &["first-run"]);
    assert!(first.contains("https://hub.example/first-run"), "{first}");
    assert!(first.contains("nrs_fst_"), "{first}");

    let new = [
        "create-organization",
        "--name-ja",
        "北浜電力",
        "--name-en",
        "Kitahama",
    ];
    let operator = printed(
        folder,
        &[&new[..], &["--kind", "operator", "--sector", "electricity"]].concat(),
    );
    assert!(operator.starts_with("org_"), "{operator}");
    let unknown = run(
        folder,
        &[&new[..], &["--kind", "operator", "--sector", "none"]].concat(),
    );
    assert!(!unknown.status.success());
    let listed = printed(folder, &["organizations"]);
    assert!(
        listed.contains(&operator) && listed.contains("北浜電力"),
        "{listed}"
    );

    let invite = [
        "invite",
        "--organization",
        &operator,
        "--name",
        "山﨑 髙",
        "--tier",
        "ciso",
    ];
    let link = printed(
        folder,
        &[
            &invite[..],
            &["--role", "administrator", "--also", "duty-officer:ot-staff"],
        ]
        .concat(),
    );
    let secret = link.strip_prefix("https://hub.example/join/").unwrap();
    // The link leads to both posts, and nobody is there before it is taken up.
    let store = premises::open(&folder.join("data"), None, HUB).unwrap();
    let hub = hub::Hub::new(
        store,
        std::sync::Arc::default(),
        seal::secret::password::Cost::Test,
    );
    let now = noroshi::ambient::now();
    let opened = hub::invite::open(&hub, secret, now).unwrap();
    assert!(
        matches!(&opened.aim, hub::invite::OpenedAim::Join(posts) if posts.len() == 2),
        "{:?}",
        opened.aim
    );
    assert_eq!(
        printed(folder, &["people", "--organization", &operator]),
        ""
    );
    let nobody = run(folder, &["reset", "--login", "nobody@kitahama.example"]);
    assert!(!nobody.status.success());
}

#[test]
fn a_firm_is_put_under_a_help_desk_from_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config =
        format!("hub = \"{HUB}\"\nname = \"x\"\nbase = \"https://hub.example\"\ndata = \"data\"\n");
    fs::write(folder.join("noroshi.toml"), config).unwrap();
    let create = |kind: &str, ja: &str, en: &str| {
        let words = [
            "create-organization",
            "--kind",
            kind,
            "--name-ja",
            ja,
            "--name-en",
            en,
        ];
        printed(folder, &words)
    };
    let desk = create("help-desk", "お助け隊", "Help Desk");
    let firm = create("operator", "凪浦運送", "Nagiura Transport");
    let listed = printed(folder, &["communities"]);
    let served = listed
        .lines()
        .find(|line| line.contains("served"))
        .and_then(|line| line.split(' ').next())
        .unwrap()
        .to_owned();
    let join = |community: &str, organization: &str| {
        let words = [
            "join-community",
            "--community",
            community,
            "--organization",
            organization,
        ];
        run(folder, &words)
    };
    for told in ["joined: 1", "joined: 0"] {
        let output = join(&served, &firm);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), told);
    }
    let listed = printed(folder, &["communities"]);
    let of_desk = listed.split(&served).nth(1).unwrap();
    assert!(of_desk.lines().nth(1).unwrap().contains(&firm), "{listed}");

    let absent = domain::id::CommunityId::from_random([7; 16]).to_string();
    for (community, organization, said) in [
        (&absent, &firm, "`noroshi admin communities` lists them"),
        (&served, &desk, "its members are operator, supplier"),
    ] {
        let output = join(community, organization);
        assert!(!output.status.success());
        let refused = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(refused.contains(said), "{refused}");
    }
}
