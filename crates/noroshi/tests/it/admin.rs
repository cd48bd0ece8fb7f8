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

#[test]
fn lists_from_outside_come_in_are_replaced_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config =
        format!("hub = \"{HUB}\"\nname = \"x\"\nbase = \"https://hub.example\"\ndata = \"data\"\n");
    fs::write(folder.join("noroshi.toml"), config).unwrap();
    let import = |more: &[&str]| {
        let words = ["import-servers", "--name", "feed", "--format", "csv"];
        run(folder, &[&words[..], more].concat())
    };
    let said = |output: &Output| {
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = "ip,port,trail\n203.0.113.9,4444,mirai\nhost.example,80\n198.51.100.7\n";
    fs::write(folder.join("feed.csv"), text).unwrap();
    let checked = said(&import(&["--check", "feed.csv"]));
    assert!(
        checked.contains("entries: 2\nrefused: 1\n  line 3: no address stands at its beginning"),
        "{checked}"
    );
    assert_eq!(printed(folder, &["outside-lists"]), "");

    let source = ["--source", "公開の一覧", "feed.csv"];
    assert!(said(&import(&source)).ends_with("new: feed\n"));
    let listed = printed(folder, &["outside-lists"]);
    let facts: Vec<&str> = listed.split_whitespace().collect();
    assert_eq!(
        [facts[0], facts[2], facts[3], facts[4]],
        ["feed", "2", "csv", "公開の一覧"]
    );

    // Packed, and in the place of the one before.
    let packed = zstd::encode_all("203.0.113.9\n".as_bytes(), 0).unwrap();
    fs::write(folder.join("feed.zst"), packed).unwrap();
    let replaced = said(&import(&["feed.zst"]));
    assert!(
        replaced.ends_with("replaced: feed (2 entries before)\n"),
        "{replaced}"
    );

    // What names no server leaves the list as it is.
    fs::write(folder.join("none.csv"), "host.example\n").unwrap();
    let none = import(&["none.csv"]);
    assert!(!none.status.success());
    let refused = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(refused.contains("stays as it is"), "{refused}");
    let removed = printed(folder, &["outside-lists", "--remove", "feed"]);
    assert_eq!(removed, "taken out: feed (1 entries)");
    assert!(
        !run(folder, &["outside-lists", "--remove", "feed"])
            .status
            .success()
    );
}
