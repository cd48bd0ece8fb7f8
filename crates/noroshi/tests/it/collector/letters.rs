//! Letters to users: files for the customer system, what comes back, and the book that outlives the key.

use std::os::unix::fs::PermissionsExt as _;

use super::opening::{asked_and_approved, keygen, open, run, said};
use super::*;

const CONTACT: &str = "0120-000-000 (abuse desk)";

/// A collector whose talks name two lines behind a shared address, and one with its own.
fn called() -> Scene {
    let scene = Scene::new();
    let custodians: Vec<_> = ["1.key", "2.key"].map(|name| keygen(&scene, name)).into();
    let collector = scene.start(|settings| {
        settings.custodians = custodians;
        settings.shared = Prefixes::parse(["198.51.100.183"]).unwrap();
    });
    let records = [
        Record::v4(CANARY_V4, 40_123, SERVER_V4, 4_444),
        Record::v4(CANARY_V4, 51_001, SERVER_V4, 4_444),
        Record::v4(NEIGHBOR_V4, 40_123, SERVER_V4, 4_444),
    ];
    scene.send(collector.addresses()[0], &v9(1, &records));
    collector.end().unwrap();
    asked_and_approved(&scene, &["--in", "kept", "--called", "203.0.113.9:4444"]);
    scene
}

fn letters(scene: &Scene) -> String {
    let with = [
        "--letters",
        "letters",
        "--contact",
        CONTACT,
        "--subscribers",
        datagram::SUBSCRIBERS,
        "--language",
        "en",
    ];
    let opened = open(scene, &with);
    assert!(opened.status.success(), "{}", said(&opened));
    said(&opened)
}

fn cured(scene: &Scene, file: &[&str]) -> Result<String, String> {
    let common = ["flow", "cured", "--language", "en", "--in", "letters"];
    let output = run(scene, &[&common[..], file].concat());
    let text = said(&output);
    if output.status.success() {
        Ok(text)
    } else {
        Err(text)
    }
}

/// The file in `letters` whose name begins with `kind`.
fn file(scene: &Scene, kind: &str) -> PathBuf {
    let folder = fs::read_dir(scene.folder.path().join("letters")).unwrap();
    let of_kind = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(kind)
    };
    let mut found: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    found.retain(of_kind);
    assert_eq!(found.len(), 1, "{kind}: {found:?}");
    found.remove(0)
}

fn book(scene: &Scene) -> String {
    fs::read_to_string(scene.folder.path().join("letters/letters.jsonl")).unwrap()
}

/// Whatever of a subscriber must stand in no file but that for the customer system.
fn assert_nobody_in(text: &str, place: &str) {
    for secret in ["198.51.100.183", "198.51.100.233", "40123", "51001"] {
        assert!(!text.contains(secret), "{secret} in {place}: {text}");
    }
}

#[test]
fn the_customer_system_gets_addresses_and_the_book_keeps_numbers_of_letters() {
    let scene = called();
    let said = letters(&scene);
    assert_nobody_in(&said, "output");
    let customers = fs::read_to_string(file(&scene, "customers-")).unwrap();
    assert!(customers.starts_with('\u{FEFF}'));
    let rows: Vec<&str> = customers.lines().skip(1).collect();
    assert_eq!(rows.len(), 3, "{customers}");
    for cells in [
        "\"198.51.100.233\",\"\",\"2027-01-15T1",
        "\"198.51.100.183\",\"40123\",\"2027-01-15T1",
        "\"198.51.100.183\",\"51001\",\"2027-01-15T1",
    ] {
        let row = rows.iter().find(|row| row.contains(cells)).unwrap();
        assert!(
            row.ends_with("+09:00\",\"203.0.113.9:4444\",\"\",\"\""),
            "{row}"
        );
    }
    let texts = fs::read_to_string(file(&scene, "texts-")).unwrap();
    for words in ["ご", "infected", "2027年1月15日", "15 Jan 2027", CONTACT] {
        assert!(texts.contains(words), "{words} in {texts}");
    }
    let tokens = fs::read_to_string(scene.folder.path().join("openings.jsonl")).unwrap();
    let token = tokens.split("token ").nth(1).unwrap();
    let token = token.split(' ').next().unwrap();
    for (place, text) in [
        ("texts", texts),
        ("book", book(&scene)),
        ("openings", tokens.clone()),
    ] {
        assert_nobody_in(&text, place);
        assert!(place == "openings" || !text.contains(token), "{text}");
    }
    for path in files(&scene.folder.path().join("letters")) {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    assert!(!scene.folder.path().join("desk.key").exists());
}

#[test]
fn killed_anywhere_the_same_command_writes_the_same_letters() {
    let scene = called();
    let path = |name: &str| scene.folder.path().join(name);
    let desk_key = fs::read(path("desk.key")).unwrap();
    letters(&scene);
    let (customers, whole) = (fs::read(file(&scene, "customers-")).unwrap(), book(&scene));
    for kept in [whole.len(), whole.len() / 2, 0] {
        // Killed before the key was removed: with all of the book, a part of it, or none of anything.
        fs::write(path("desk.key"), &desk_key).unwrap();
        fs::set_permissions(path("desk.key"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(path("letters/letters.jsonl"), &whole.as_bytes()[..kept]).unwrap();
        if kept == 0 {
            fs::remove_file(file(&scene, "customers-")).unwrap();
        }
        letters(&scene);
        assert_eq!(fs::read(file(&scene, "customers-")).unwrap(), customers);
        assert_eq!(book(&scene), whole);
    }
}

#[test]
fn what_comes_back_is_noted_once_and_counted_for_the_hub() {
    let scene = called();
    letters(&scene);
    // A user of a spreadsheet filled the file in where it stood, addresses and all.
    let customers = fs::read_to_string(file(&scene, "customers-")).unwrap();
    let today = noroshi::ambient::now().day_in_japan();
    let reiwa = today.year() - 2018;
    let era = format!("令和{reiwa}年{}月{}日", today.month(), today.day());
    let filled = |news: [&str; 3]| {
        let mut text = String::new();
        for (line, row) in customers.lines().enumerate() {
            let row = match line {
                0 => row.to_owned(),
                _ if news[line - 1].is_empty() => row.to_owned(),
                _ => {
                    let (cells, _) = row.rsplit_once(",\"\",\"\"").unwrap();
                    format!("{cells},\"{}\",\"{era}\"", news[line - 1])
                }
            };
            text.push_str(&row);
            text.push_str("\r\n");
        }
        fs::write(scene.folder.path().join("back.csv"), text).unwrap();
    };
    filled(["ｔｏｌｄ", "対処済", ""]);
    let first = cured(&scene, &["back.csv"]).unwrap();
    assert!(first.contains("Noted: 2"), "{first}");
    for line in [
        "203.0.113.9:4444",
        "  Users to tell: 3",
        "  Users told: 2",
        "  Cured: 1",
    ] {
        assert!(first.contains(line), "{line} in {first}");
    }
    let after = book(&scene);
    let again = cured(&scene, &["back.csv"]).unwrap();
    assert!(again.contains("Noted: 0. Known already: 2"), "{again}");
    assert_eq!(book(&scene), after);
    filled(["no such line", "", "not cured"]);
    let more = cured(&scene, &["back.csv"]).unwrap();
    for line in [
        "Users to tell: 2",
        "Users told: 2",
        "Cured: 1",
        "Not cured: 1",
    ] {
        assert!(more.contains(&format!("  {line}\n")), "{line} in {more}");
    }
    assert_eq!(cured(&scene, &[]).unwrap().lines().count(), 7);
    for (place, text) in [("book", book(&scene)), ("output", first + &again + &more)] {
        assert_nobody_in(&text, place);
    }
}

#[test]
fn a_file_with_a_fault_is_named_by_line_and_nothing_of_it_is_noted() {
    let scene = called();
    letters(&scene);
    let before = book(&scene);
    let id = before
        .split('"')
        .find(|text| text.starts_with("ltr_"))
        .unwrap();
    let other = domain::id::LetterId::from_random([9; 16]);
    let today = noroshi::ambient::now().day_in_japan();
    let good = format!("{id},198.51.100.183,cured,{today}\n");
    for (text, told) in [
        (
            format!("{good}198.51.100.233,x,cured,{today}\n"),
            "line 3, Letter: this is no number",
        ),
        (
            format!("{good}{other},x,cured,{today}\n"),
            "line 3, Letter: this directory has no letter",
        ),
        (
            format!("{good}{id},x,40123,{today}\n"),
            "line 3, What became of it: choose",
        ),
        (
            format!("{good}{id},x,told,2020/1/1\n"),
            "line 3, Day: the letter is of",
        ),
        (format!("{good}{id},x,told,\n"), "line 3, Day: fill this in"),
    ] {
        let text = format!("Letter,Address,What became of it,Day\n{text}");
        fs::write(scene.folder.path().join("back.csv"), text).unwrap();
        let refused = cured(&scene, &["back.csv"]).unwrap_err();
        assert!(refused.contains(told), "{told} in {refused}");
        assert_nobody_in(&refused, told);
    }
    fs::write(
        scene.folder.path().join("back.csv"),
        "198.51.100.183 calls\n",
    )
    .unwrap();
    let refused = cured(&scene, &["back.csv"]).unwrap_err();
    assert!(refused.contains("headings"), "{refused}");
    assert_nobody_in(&refused, "wrong file");
    assert_eq!(book(&scene), before);
    let nowhere = run(&scene, &["flow", "cured", "--in", "kept", "back.csv"]);
    assert!(
        said(&nowhere).contains("has no letters.jsonl"),
        "{}",
        said(&nowhere)
    );
}

#[test]
fn a_token_asked_for_by_itself_needs_the_server_and_no_line_is_taken_for_one() {
    let scene = called();
    let (talks, _) = scene.kept::<Address>("talks");
    // Two talks are of the line that is the canary.
    let is_canary = |talk: &&Talk<Address>| {
        let same = talks
            .iter()
            .filter(|other| other.subscriber == talk.subscriber);
        same.count() == 2
    };
    let canary = talks.iter().find(is_canary).unwrap();
    let token = format!("{:032x}", canary.subscriber.bits());
    for name in ["desk.key", "request.json", "1.json", "2.json"] {
        fs::remove_file(scene.folder.path().join(name)).unwrap();
    }
    asked_and_approved(&scene, &[&token]);
    let with = ["--letters", "letters", "--contact", CONTACT];
    let refused = open(&scene, &with);
    assert!(
        said(&refused).contains("name it with --server"),
        "{}",
        said(&refused)
    );
    let server = |server: &str, more: &[&str]| {
        open(&scene, &[&with[..], &["--server", server], more].concat())
    };
    let refused = server("203.0.113.9:443", &[]);
    let asks = said(&refused);
    assert!(
        asks.contains("name the prefixes of your subscribers"),
        "{asks}"
    );
    for own in [
        "198.51.100.183:80",
        "[::ffff:198.51.100.183]:80",
        "[::198.51.100.183]:80",
        "[64:ff9b::c633:64b7]:80",
        "[2002:c633:64b7::1]:80",
        "198.51.100.7:80",
        "[2001:db8:77::1]:80",
    ] {
        let refused = server(own, &["--subscribers", datagram::SUBSCRIBERS]);
        let told = said(&refused);
        assert!(!refused.status.success(), "{own}: {told}");
        assert!(
            told.contains("in the prefixes of your subscribers"),
            "{told}"
        );
        assert_nobody_in(&told, "refusal");
    }
    assert!(!scene.folder.path().join("openings.jsonl").exists());
    // Prefixes that lack a line are no way around: the lines of the request are compared as well.
    for own in ["198.51.100.183:80", "[::ffff:198.51.100.183]:80"] {
        let refused = server(own, &["--subscribers", "2001:db8:77::/48"]);
        let told = said(&refused);
        assert!(!refused.status.success(), "{own}: {told}");
        assert!(told.contains("is the address of a line"), "{told}");
        assert_nobody_in(&told, "refusal");
    }
    assert!(!scene.folder.path().join("letters").exists());
    let mapped = "[::ffff:203.0.113.9]:443";
    let opened = server(mapped, &["--subscribers", datagram::SUBSCRIBERS]);
    assert!(opened.status.success(), "{}", said(&opened));
    assert!(book(&scene).contains("\"203.0.113.9:443\""));
}

#[test]
fn a_called_server_that_is_a_subscriber_gets_into_no_book() {
    let scene = called();
    let with = ["--letters", "letters", "--contact", CONTACT];
    // As if the server that was called had become a subscriber's address since.
    let refused = open(
        &scene,
        &[&with[..], &["--subscribers", "203.0.113.0/24"]].concat(),
    );
    assert!(!refused.status.success());
    let told = said(&refused);
    assert!(
        told.contains("in the prefixes of your subscribers"),
        "{told}"
    );
    assert!(!scene.folder.path().join("openings.jsonl").exists());
    assert!(!scene.folder.path().join("letters").exists());
    assert!(scene.folder.path().join("desk.key").exists());
}
