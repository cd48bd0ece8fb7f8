//! Promise D1: no acknowledged report is lost when the hub is killed, and none is doubled when its
//! sender sends again what was not acknowledged.
//!
//! The test starts itself as a child that hands in near misses as pages do, each with the key of its
//! form, and prints each when it is sent and when it is acknowledged. The parent kills it at a point
//! drawn at random, opens the store, sends what was under way again, and counts. A killed process
//! leaves the system's page cache alone, so this says nothing about power failures: that takes a
//! disk that loses unsynced writes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use domain::actor::Assurance;
use domain::id::MembershipId;
use domain::organization::Role;
use domain::report::near_miss::{NearMiss, Scope};
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::submit::{FormKey, Receipt, SubmitError};
use hub::{Call, Hub, Random};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use sim::country::{Country, found};
use sim::world::seeded;
use store::backup::{DATA_FILE, KEY_FILE, faults_of_files, rows, unreadable_parts};
use store::keyring::Keyring;
use store::{Location, Store};

use crate::reference;

/// Names the directory to a child, the place of its sender and the number of the kill; a test
/// process without them is no child.
const DIRECTORY: &str = "NOROSHI_KILLED_HUB";
const SENDER: &str = "NOROSHI_KILLED_SENDER";
const KILL: &str = "NOROSHI_KILLED_NUMBER";
/// Kills of the ordinary run; `NOROSHI_KILLS` asks for more.
const KILLS: u64 = 100;
/// Kills between two that are followed by an audit of the whole log and of both files.
const AUDITED_EVERY: u64 = 20;
/// Most acknowledgements that a kill waits for.
const ACKNOWLEDGED_MAX: u64 = 12;
/// Most looks at the child between the last of them and the kill.
const LOOKS_MAX: u64 = 3_000;
const WRITERS: u64 = 4;
pub(crate) const SEED: u64 = 41;
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_790_812_800);

/// A form: the kill before which it was first sent, its sender's thread, and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) kill: u64,
    pub(crate) writer: u64,
    pub(crate) number: u64,
}

impl Form {
    fn name(self) -> String {
        format!("{:08x}{:08x}{:016x}", self.kill, self.writer, self.number)
    }

    fn parse(name: &str) -> Option<Self> {
        let field = |range| u64::from_str_radix(name.get(range)?, 16).ok();
        Some(Self {
            kill: field(0..8)?,
            writer: field(8..16)?,
            number: field(16..32)?,
        })
    }

    /// Hands the form in; `time` tells sendings of the same form apart.
    pub(crate) fn send(
        self,
        hub: &Hub,
        sender: MembershipId,
        time: &str,
    ) -> Result<Receipt, SubmitError> {
        let name = self.name();
        let purpose = "defense".parse().unwrap();
        let actor = hub::sign_in::actor_of(hub, sender, purpose, Assurance::Passkey, NOW).unwrap();
        let call = Call {
            actor: &actor,
            now: NOW,
            random: seeded(SEED).derive(&format!("{time} {name}")),
        };
        let scopes = [Scope::Unnamed, Scope::Named, Scope::Stripped];
        let near_miss = NearMiss {
            kind: "malware-found".parse().unwrap(),
            occurred_at: None,
            places: BTreeSet::new(),
            no_harm_reason: None,
            line: Some(BoundedText::parse(&format!("保守用の口が開いていた。{name}")).unwrap()),
            scope: scopes[usize::try_from(self.number % 3).unwrap()],
        };
        let key: FormKey = name.parse().unwrap();
        hub::near_miss::submit(hub, &call, near_miss, key.sent(name))
    }
}

pub(crate) fn opened(directory: &Path) -> (Hub, Store) {
    let master = MasterKey::generate(&mut seeded(SEED).derive("master"));
    let location = Location::Directory(directory.to_owned());
    let store = Store::open(&location, Keyring::new("hub.sim", master)).unwrap();
    (Hub::new(store.clone(), reference(), Cost::Test), store)
}

/// The child's part: hands in reports, four at a time, until it is killed.
#[test]
fn hands_in_until_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let sender: MembershipId = std::env::var(SENDER).unwrap().parse().unwrap();
    let kill = std::env::var(KILL).unwrap().parse().unwrap();
    let (hub, _store) = opened(Path::new(&directory));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let hub = hub.clone();
            scope.spawn(move || {
                for number in 0.. {
                    let form = Form {
                        kill,
                        writer,
                        number,
                    };
                    println!("\nsent {}", form.name());
                    let receipt = form.send(&hub, sender, "first").unwrap();
                    println!("\nacknowledged {} {}", form.name(), receipt.report);
                }
            });
        }
    });
}

#[test]
fn what_a_killed_hub_acknowledged_is_there_once() {
    let asked = std::env::var("NOROSHI_KILLS").ok();
    let kills = asked.and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let directory = tempfile::tempdir().unwrap();
    let mut random = seeded(SEED).derive("kills");
    let (sender, before) = {
        let (hub, store) = opened(directory.path());
        let country: Country = found(&hub, NOW, &seeded(SEED).derive("country")).unwrap();
        let sender = country.places[&("kitahama", Role::Staff)];
        (sender, Counts::of(&store))
    };
    // The report of each form that was accepted.
    let mut reports: BTreeMap<Form, String> = BTreeMap::new();
    let (mut acknowledged_count, mut again_count) = (0, 0);
    for kill in 0..kills {
        let (sent, acknowledged) = killed(directory.path(), sender, kill, &mut random);
        acknowledged_count += acknowledged.len();
        let last = acknowledged.keys().next_back().copied();
        reports.extend(acknowledged);
        let (hub, store) = opened(directory.path());
        for form in sent {
            if let std::collections::btree_map::Entry::Vacant(free) = reports.entry(form) {
                let receipt = form.send(&hub, sender, "again").unwrap();
                free.insert(receipt.report.to_string());
                again_count += 1;
            }
        }
        // Who sends again what was acknowledged is given the same receipt.
        let last = last.expect("something was acknowledged");
        let receipt = last.send(&hub, sender, "once more").unwrap();
        assert_eq!(receipt.report.to_string(), reports[&last]);
        Counts::of(&store).compare(&before, &reports, kill);
        let is_audited = (kill + 1) % AUDITED_EVERY == 0 || kill + 1 == kills;
        if is_audited {
            let audited = hub::log::audit(&hub).unwrap();
            assert!(audited.is_empty(), "kill {kill}: {audited:?}");
            let unreadable = store.read(unreadable_parts).unwrap();
            assert_eq!(unreadable, Vec::<String>::new());
            drop((hub, store));
            let (data, keys) = (
                directory.path().join(DATA_FILE),
                directory.path().join(KEY_FILE),
            );
            assert_eq!(faults_of_files(&data, &keys).unwrap(), Vec::<String>::new());
        }
    }
    println!(
        "{kills} kills: {acknowledged_count} reports acknowledged, {again_count} sent again, none lost, none doubled"
    );
    assert!(again_count > 0, "no kill met a report under way");
}

/// What the store holds of reports.
pub(crate) struct Counts {
    pub(crate) reports: BTreeSet<String>,
    report_count: usize,
    mailbox_count: usize,
    form_count: usize,
    commitment_count: usize,
}

impl Counts {
    pub(crate) fn of(store: &Store) -> Self {
        let all = store.read(rows).unwrap();
        let of = |table: &str| -> Vec<&String> {
            let begin = format!("{table}\n");
            all.iter().filter(|row| row.starts_with(&begin)).collect()
        };
        let id = |row: &&String| row.lines().nth(1).unwrap_or_default().to_owned();
        Self {
            reports: of("report").iter().map(id).collect(),
            report_count: of("report").len(),
            mailbox_count: of("mailbox").len(),
            form_count: of("submission").len(),
            commitment_count: of("commitment").len(),
        }
    }

    /// Compares with what should be there after `reports` were accepted on top of `before`.
    pub(crate) fn compare(&self, before: &Self, reports: &BTreeMap<Form, String>, kill: u64) {
        let accepted: BTreeSet<String> = reports.values().cloned().collect();
        assert_eq!(self.reports, accepted, "kill {kill}");
        assert_eq!(self.report_count, reports.len(), "kill {kill}");
        assert_eq!(self.form_count, reports.len(), "kill {kill}");
        let unnamed = reports.keys().filter(|form| form.number % 3 != 1);
        assert_eq!(self.mailbox_count, unnamed.count(), "kill {kill}");
        let commitments = self.commitment_count - before.commitment_count;
        assert_eq!(commitments, reports.len(), "kill {kill}");
    }
}

/// Runs a child, kills it some time after it has acknowledged some reports, and gives all that it
/// sent and all that it acknowledged.
fn killed(
    directory: &Path,
    sender: MembershipId,
    kill: u64,
    random: &mut Random,
) -> (BTreeSet<Form>, BTreeMap<Form, String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kill::hands_in_until_killed",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(DIRECTORY, directory)
        .env(SENDER, sender.to_string())
        .env(KILL, kill.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut sent, mut acknowledged) = (BTreeSet::new(), BTreeMap::new());
    let mut hear = |line: &str, acknowledged: &mut BTreeMap<Form, String>| {
        if let Some(form) = line.strip_prefix("sent ").and_then(Form::parse) {
            sent.insert(form);
        }
        if let Some((form, report)) = line
            .strip_prefix("acknowledged ")
            .and_then(|said| said.split_once(' '))
        {
            acknowledged.insert(Form::parse(form).unwrap(), report.to_owned());
        }
    };
    let wanted = usize::try_from(1 + random.below(ACKNOWLEDGED_MAX)).unwrap();
    while acknowledged.len() < wanted {
        let line = lines.next().expect("the child goes on until it is killed");
        hear(&line.unwrap(), &mut acknowledged);
    }
    for _ in 0..random.below(LOOKS_MAX) {
        assert!(
            child.try_wait().unwrap().is_none(),
            "the child ended by itself"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still managed to print counts too. A line cut in the middle tells nothing: its report
    // is under way for us as for any sender whose answer was cut.
    let mut rest: Vec<String> = lines.map_while(Result::ok).collect();
    let whole = |line: &String| {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["sent", form] => form.len() == 32,
            ["acknowledged", _, report] => report.parse::<domain::id::ReportId>().is_ok(),
            _ => false,
        }
    };
    rest.retain(whole);
    for line in &rest {
        hear(line, &mut acknowledged);
    }
    (sent, acknowledged)
}
