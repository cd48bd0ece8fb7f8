//! Parsers of what comes from outside, given rubbish that begins as something valid: no panic, no
//! endless work, and limits hold.
//!
//! Seeded loops under `cargo test`, with a time for each: `NOROSHI_FUZZ_SECONDS` gives another one,
//! `NOROSHI_FUZZ_SEED` begins elsewhere. What was tried when something broke is printed in full.

#![expect(
    clippy::disallowed_methods,
    reason = "the search is bounded by real time"
)]

use std::time::{Duration, Instant};

use domain::release::detector::Detector;
use domain::time::Timestamp;
use exchange::moment;

use exchange::sheet::{Book, CELL_CHARS_MAX, Column, Row, read, workbook};
use hub::Random;
use seal::envelope::{PublicKey, SecretKey};
use seal::identity::{Approval, Handover, OpeningRequest, SealedIdentity};
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::note::NoteVerifier;
use seal::tlog::offline::{LogEntry, OfflineConsistency, OfflineProof};
use seal::tlog::tile::Tile;
use seal::token::MailboxCode;
use sim::world::{Sent, World};
use web::routes::table;

use crate::attack::PEOPLE;
use crate::reference;

/// Seconds for each target.
const SECONDS: u64 = 2;
/// No single input may take longer, in seconds: a step that grows with the square of its input does.
const STEP_SECONDS_MAX: u64 = 5;

/// Pieces that parsers care about.
const PIECES: [&str; 40] = [
    "",
    "0",
    "9",
    "-1",
    "18446744073709551616",
    "00000000000000000000",
    "１２３",
    "令和8年11月21日",
    "R8.11.21",
    "2026/11/21 3:12",
    "2026-02-30",
    "25:61",
    "昨日",
    "tile/",
    "x001/",
    "/p/256",
    "data/",
    "noroshi-pk1:",
    "noroshi",
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\u0000",
    "%",
    "%zz",
    "%F0%9F",
    "&",
    "=",
    "+",
    "\u{feff}",
    "\u{202e}",
    "\u{3099}",
    "株式会社",
    "203.0.113.7",
    "a@b.example",
    "\n",
];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Plays `target` with mutations of `seeds` until the time is up; how many.
fn play(name: &str, seeds: &[&[u8]], mut target: impl FnMut(&[u8])) -> u64 {
    let begun = Instant::now();
    let time = Duration::from_secs(number("NOROSHI_FUZZ_SECONDS", SECONDS));
    let first = number("NOROSHI_FUZZ_SEED", 0);
    let mut tried = 0;
    while begun.elapsed() < time {
        let label = format!("{name} {}", first + tried);
        let mut random = Random::from_seed([61; 32]).derive(&label);
        let input = mutated(seeds, &mut random);
        let step = Instant::now();
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target(&input)));
        assert!(
            done.is_ok(),
            "{label}: {:?}",
            String::from_utf8_lossy(&input)
        );
        let took = step.elapsed();
        assert!(
            took < Duration::from_secs(STEP_SECONDS_MAX),
            "{label} took {took:?}: {} bytes",
            input.len()
        );
        tried += 1;
    }
    println!("{name}: {tried} inputs");
    assert!(tried > 5, "{name}");
    tried
}

/// A seed with some bytes changed, pieces put in, cut, repeated or joined with another seed.
fn mutated(seeds: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let below = |random: &mut Random, bound: usize| {
        usize::try_from(random.below(u64::try_from(bound.max(1)).unwrap())).unwrap()
    };
    let mut input = seeds[below(random, seeds.len())].to_vec();
    for _ in 0..=below(random, 6) {
        let at = below(random, input.len() + 1);
        match below(random, 7) {
            0 if at < input.len() => input[at] = random.below(256).to_le_bytes()[0],
            1 | 2 => {
                let piece = PIECES[below(random, PIECES.len())].as_bytes();
                input.splice(at..at, piece.iter().copied());
            }
            3 => input.truncate(at),
            4 => {
                let to = at + below(random, input.len() - at + 1);
                let part = input[at..to].to_vec();
                let times = 1 << below(random, 9);
                // Long, but not longer than what a door lets in.
                if part.len() * times < 200_000 {
                    input.splice(at..at, part.repeat(times));
                }
            }
            5 => {
                let to = at + below(random, input.len() - at + 1);
                input.drain(at..to);
            }
            _ => {
                let other = seeds[below(random, seeds.len())];
                input.truncate(at);
                input.extend_from_slice(&other[below(random, other.len() + 1)..]);
            }
        }
    }
    input
}

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

#[test]
fn the_detector() {
    let detector = Detector::new(["北浜電力株式会社", "Kitahama Electric", "kitahama.example"]);
    let seeds: [&[u8]; 3] = [
        "北浜電力株式会社の担当 山田太郎(03-1234-5678)が 10.1.2.3 の端末で確認。".as_bytes(),
        b"Call Kitahama Electric, ops@kitahama.example, ticket INC-12345, fe80::1, host01.local",
        "ｷﾀﾊﾏ デンリョク　〒100-0001 東京都千代田区1-1-1".as_bytes(),
    ];
    play("detector", &seeds, |input| {
        // As long as the longest field.
        let input: String = text(input).chars().take(4_000).collect();
        let mut end = 0;
        for hit in detector.hits(&input) {
            // Where it says something is, something is; hits stand in order and apart.
            assert!(hit.span.start >= end && input.get(hit.span.clone()).is_some());
            end = hit.span.end;
        }
    });
}

#[test]
fn codes_keys_and_custodians_files() {
    let seeds: [&[u8]; 4] = [
        b"1234 5678 9012 3456",
        b"noroshi-pk1:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        br#"{"format":"noroshi-handover-1","hub":"h","custodian":"0000","sealed":[]}"#,
        br#"{"format":"noroshi-sealed-identity-1","hub":"h","report_id":"r","threshold":2,"shares":[{"index":1,"custodian":"","check":"","sealed":""}],"block":""}"#,
    ];
    play("codes", &seeds, |input| {
        let input = text(input);
        if MailboxCode::parse(&input).is_ok() {
            let digits = input.chars().filter(|letter| letter.is_numeric()).count();
            assert_eq!(digits, 16);
        }
        let _ = PublicKey::parse(&input);
        let _ = SecretKey::parse(&input);
        let _ = Handover::from_json(&input);
        let _ = SealedIdentity::from_json(&input);
        let _ = OpeningRequest::from_json(&input);
        let _ = Approval::from_json(&input);
    });
}

#[test]
fn proofs_and_tiles() {
    let seeds: [&[u8]; 4] = [
        b"tile/0/x001/234.p/12",
        b"tile/entries/000",
        b"hub.example\n16\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\xe2\x80\x94 hub.example AAAA\n",
        br#"{"format":"noroshi-log-proof-1","entry":"","index":0,"path":[],"checkpoint":""}"#,
    ];
    play("proofs", &seeds, |input| {
        let words = text(input);
        if let Ok(tile) = Tile::parse(&words) {
            // One spelling for each tile.
            assert_eq!(tile.to_string(), words);
        }
        let _ = Checkpoint::parse(&words);
        let _ = NoteVerifier::parse(&words);
        let _ = LogEntry::parse(input);
        let _ = OfflineProof::from_json(&words);
        let _ = OfflineConsistency::from_json(&words);
    });
}

#[test]
fn dates_as_people_write_them() {
    let now = Timestamp::from_seconds(1_790_812_800);
    let seeds: [&[u8]; 5] = [
        "令和8年11月21日 午前3時12分".as_bytes(),
        b"2026/11/21 3:12",
        "Ｒ８．１１．２１ １４：０５".as_bytes(),
        b"2026-11-21T03:12:00+09:00",
        "昨日 3時半".as_bytes(),
    ];
    play("dates", &seeds, |input| {
        let input = text(input);
        let _ = moment::parse(&input, now);
        let _ = moment::parse_due(&input, now);
        let _ = moment::parse_day(&input, now);
        let _ = moment::parse_minutes(&input);
        let _ = moment::parse_clock(&input, now.day_in_japan(), now);
    });
}

#[test]
fn tables_from_outside() {
    let columns = [Column {
        word: "line",
        heading: "一行で".to_owned(),
        ..Column::default()
    }];
    let row = Row {
        number: 2,
        cells: [("line".to_owned(), "保守用の口が開いていた".to_owned())].into(),
    };
    let book = workbook(&Book {
        title: "near misses",
        columns: &columns,
        mark: "noroshi:near-miss:1:",
        notes_title: "notes",
        notes: &["how".to_owned()],
        rows: &[row],
        marks: &[],
        at: Timestamp::from_seconds(1_790_812_800),
    })
    .unwrap();
    let seeds: [&[u8]; 3] = [
        &book,
        "一行で\n\"a,b\"\n=1+1\n".as_bytes(),
        b"\xff\xfe\x00\x4e",
    ];
    play("tables", &seeds, |input| {
        if let Ok(table) = read(input, &columns, 50) {
            assert!(table.rows.len() <= 50);
            for row in &table.rows {
                for cell in row.cells.values() {
                    assert!(cell.chars().count() <= CELL_CHARS_MAX + 1);
                }
            }
        }
    });
}

/// Bodies and queries at the doors themselves: whatever comes, an answer below 500.
#[test]
fn forms_and_queries() {
    let world = World::new(29, &reference()).unwrap();
    let routes: Vec<_> = table()
        .into_iter()
        .filter(|route| !route.path.contains('{'))
        .collect();
    let seeds: [&[u8]; 4] = [
        b"csrf=TOKEN&line=x&kind=open-hole&when=today&place=ot&scope=unnamed",
        b"after=1790812800000000.cmm_00000000000000000000000001&lang=en&q=a",
        b"csrf=TOKEN&code=1234+5678+9012+3456",
        b"csrf=TOKEN&days=30&name=x&public_key=noroshi-pk1:x&step=appoint",
    ];
    let mut turn = 0;
    play("doors", &seeds, |input| {
        let input = text(input);
        let route = routes[turn % routes.len()];
        let who = PEOPLE[turn % PEOPLE.len()];
        turn += 1;
        // Somebody may have signed himself out on the way.
        let token = world.token(who).unwrap_or_default();
        let body = input.replace("TOKEN", &token);
        let query: String = input
            .bytes()
            .filter(|byte| byte.is_ascii_graphic() && !b"#\"<>\\^`{|}".contains(byte))
            .map(char::from)
            .take(2_000)
            .collect();
        let path = format!("{}?{query}", route.path);
        let received = world
            .send(&Sent {
                who: Some(who),
                method: route.method,
                path: &path,
                body: &body,
                header: None,
            })
            .unwrap();
        assert!(
            received.status.as_u16() < 500,
            "{} {path}: {body}",
            route.method
        );
    });
}
