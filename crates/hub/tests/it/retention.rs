//! How long each kind of item is kept: there just before its term, gone just after, and what the log
//! proved before it still proves.

use std::collections::BTreeMap;

use domain::id::PersonId;
use domain::organization::{Role, Tier};
use domain::report::near_miss::Scope;
use domain::report::{Custody, ReportKind};
use domain::retention::{EraseReason, Kept, TERMS, Term, Terms};
use domain::search::Query;
use domain::time::DAY_SECONDS;
use hub::Random;
use hub::erase::{EraseError, Whom, erase_person, erase_report, look};
use hub::incident::{Into, Name, Why, group};
use hub::intake::open;
use hub::invite::{INVITATION_SECONDS, invite};
use hub::log::{LogError, LogSettings, about, audit, proofs, publish, verifier_key};
use hub::members::end_place;
use hub::retention::due;
use hub::search::{Asked, search};
use hub::set_up::{Authority, Installer, LoginName};
use hub::submit::submit;
use seal::tlog::note::NoteVerifier;
use seal::tlog::offline::OfflineProof;
use store::Location;
use store::backup::{KEY_FILE, rows_of_file};

use crate::invitation::{duty, somebody};
use crate::near_miss::{key, near_miss};
use crate::scene::{Scene, incident};
use crate::way_down::{alert, issued};

/// A word that stands in every text of these tests.
const WORD: &str = "遠隔保守用VPN装置";

/// A store on files, so that its keys can be looked at.
struct Keeping {
    scene: Scene,
    folder: tempfile::TempDir,
}

impl Keeping {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scene = Scene::on(&Location::Directory(folder.path().to_owned()));
        Self { scene, folder }
    }

    fn has_key(&self, object: &str) -> bool {
        let rows = rows_of_file(&self.folder.path().join(KEY_FILE)).unwrap();
        let log = format!("log/{object}");
        rows.iter()
            .any(|row| row.contains(object) && !row.contains(&log))
    }

    fn run(&self) -> usize {
        let random = Random::from_seed([5; 32]).derive(&self.scene.now.get().micros().to_string());
        due(&self.scene.hub, self.scene.now.get(), &random).unwrap()
    }

    fn publish(&self) {
        self.scene.advance(60);
        let settings = LogSettings::new(2_048, 60).unwrap();
        let random = Random::from_seed([6; 32]).derive(&self.scene.now.get().micros().to_string());
        publish(&self.scene.hub, settings, self.scene.now.get(), random).unwrap();
    }

    /// The files of the proofs about `object`, as the auditor takes them home.
    fn proofs(&self, object: &str) -> Vec<String> {
        let auditor = self.scene.actor("center", Role::Auditor);
        let call = self.scene.call(&auditor);
        let found = match proofs(&self.scene.hub, &call, object) {
            Err(LogError::NotFound) => Vec::new(),
            found => found.unwrap(),
        };
        found.iter().map(|proof| proof.file.to_json()).collect()
    }

    /// Each file holds under the hub's key; how many of them still open.
    fn opening(&self, files: &[String]) -> usize {
        let key = NoteVerifier::parse(&verifier_key(&self.scene.hub).unwrap().unwrap()).unwrap();
        let proven = files
            .iter()
            .map(|file| OfflineProof::from_json(file).unwrap().verify(&key).unwrap());
        proven.filter(|proven| proven.opened.is_some()).count()
    }

    fn found(&self, name: &'static str) -> usize {
        let reader = self.scene.actor(name, Role::DutyOfficer);
        let asked = Asked {
            query: Query::parse(WORD).unwrap(),
            ..Asked::default()
        };
        let page = search(&self.scene.hub, &self.scene.call(&reader), asked).unwrap();
        page.rows.len()
    }

    /// Makes an item of `kind` and waits until its term begins; its id.
    fn make(&self, kind: Kept) -> String {
        let scene = &self.scene;
        let source = scene.actor("kitahama", Role::DutyOfficer);
        let relay = scene.actor("denryoku", Role::Analyst);
        let report = |kind: ReportKind| {
            let call = scene.call(&source);
            let made = if kind == ReportKind::NearMiss {
                let told = near_miss(Scope::Named, WORD);
                hub::near_miss::submit(&scene.hub, &call, told, key(1).sent("a")).unwrap()
            } else {
                let mut filing = incident(Custody::Named, WORD);
                filing.kind = kind;
                submit(&scene.hub, &call, filing).unwrap()
            };
            open(&scene.hub, &scene.call(&relay), made.report).unwrap();
            made.report
        };
        match kind {
            Kept::NearMiss | Kept::Precursor | Kept::Incident => {
                report(kind.report().unwrap()).to_string()
            }
            Kept::Advisory => issued(scene, alert(scene)).to_string(),
            Kept::Finding | Kept::Candidate => {
                let taken =
                    crate::finding::send(scene, "kitahama", &crate::finding::line(9, 20.0, "03"));
                let taken = taken.unwrap()[0];
                let call = scene.call(&relay);
                let why = domain::text::BoundedText::parse(WORD).unwrap();
                let word = domain::finding::Judgment::Malicious;
                hub::finding::judge(&scene.hub, &call, taken.candidate, word, why, 30).unwrap();
                if kind == Kept::Finding {
                    taken.finding.to_string()
                } else {
                    taken.candidate.to_string()
                }
            }
            Kept::Group => {
                let reports = vec![report(ReportKind::Incident)];
                let name = Into::New(Name::parse("保守業者経由").unwrap());
                let why = Why::parse("同じ業者").unwrap();
                let made = group(&scene.hub, &scene.call(&relay), reports, name, why);
                made.unwrap().to_string()
            }
            Kept::Count => {
                let counts = BTreeMap::from([("slip".parse().unwrap(), 3)]);
                let week = "week:2026-09-28".parse().unwrap();
                hub::count::send(&scene.hub, &scene.call(&source), week, counts).unwrap();
                "hub.test".to_owned()
            }
            Kept::Invitation => {
                let administrator = scene.actor("kitahama", Role::Administrator);
                let new = somebody(scene, "kitahama", vec![duty(Tier::OtStaff)]);
                invite(&scene.hub, &scene.call(&administrator), new).unwrap();
                scene.advance(INVITATION_SECONDS);
                let rows = rows_of_file(&self.folder.path().join(KEY_FILE)).unwrap();
                object_like(&rows, "inv_")
            }
            Kept::Person => self.leaver().to_string(),
        }
    }

    /// Somebody whose last place ends now.
    fn leaver(&self) -> PersonId {
        let scene = &self.scene;
        let gone = scene.actor("kitahama", Role::Staff);
        let administrator = scene.actor("kitahama", Role::Administrator);
        end_place(&scene.hub, &scene.call(&administrator), gone.membership).unwrap();
        gone.person
    }

    fn count_rows(&self) -> usize {
        let file = self.folder.path().join(store::backup::DATA_FILE);
        let rows = rows_of_file(&file).unwrap();
        rows.iter()
            .filter(|row| row.starts_with("near_miss_count"))
            .count()
    }
}

/// The only id with `prefix` among `rows`.
fn object_like(rows: &[String], prefix: &str) -> String {
    let row = rows.iter().find(|row| row.contains(prefix)).unwrap();
    let (_, rest) = row.split_once(prefix).unwrap();
    let id = rest.chars().take_while(char::is_ascii_alphanumeric);
    format!("{prefix}{}", id.collect::<String>())
}

/// What is there of an item: its key, for counts their rows.
fn is_there(kept: &Keeping, kind: Kept, object: &str) -> bool {
    match kind {
        Kept::Count => kept.count_rows() > 0,
        _ => kept.has_key(object),
    }
}

#[test]
fn each_kind_is_there_before_its_term_and_gone_after() {
    for Term { kind, days } in TERMS {
        let kept = Keeping::new();
        let object = kept.make(*kind);
        let begun = kept.scene.now.get();
        kept.publish();
        let files = kept.proofs(&object);
        assert_eq!(kept.opening(&files), files.len(), "{kind}");
        let is_searched = matches!(
            kind,
            Kept::NearMiss | Kept::Precursor | Kept::Incident | Kept::Advisory
        );
        let reader = if *kind == Kept::Advisory {
            "kitahama"
        } else {
            "denryoku"
        };

        let end = begun.plus_seconds(days * DAY_SECONDS);
        kept.scene.now.set(end.plus_seconds(-1));
        kept.run();
        assert!(is_there(&kept, *kind, &object), "{kind} a second before");
        if is_searched {
            assert!(kept.found(reader) > 0, "{kind}");
        }

        kept.scene.now.set(end.plus_seconds(1));
        assert!(kept.run() > 0, "{kind}");
        assert!(!is_there(&kept, *kind, &object), "{kind} a second after");
        assert_eq!(kept.run(), 0, "{kind}: once is enough");
        if is_searched {
            assert_eq!(kept.found(reader), 0, "{kind}");
        }

        kept.publish();
        // What was taken home still opens; what the hub gives now only shows the place.
        assert_eq!(kept.opening(&files), files.len(), "{kind}");
        let (later, auditor) = (
            kept.proofs(&object),
            kept.scene.actor("center", Role::Auditor),
        );
        assert!(later.len() > files.len(), "{kind}: the erasure is an entry");
        let rows = about(&kept.scene.hub, &kept.scene.call(&auditor), &object).unwrap();
        assert!(rows.iter().any(|row| row.event.ends_with("-erased")));
        if !matches!(kind, Kept::Count | Kept::Invitation) {
            assert_eq!(kept.opening(&later), 2, "{kind}: the erasure's own entries");
        }
        assert_eq!(audit(&kept.scene.hub).unwrap(), vec![], "{kind}");
    }
}

#[test]
fn an_installation_keeps_things_as_long_as_it_says() {
    let mut kept = Keeping::new();
    let own = BTreeMap::from([(Kept::Incident, 40)]);
    kept.scene.hub = kept.scene.hub.with_terms(Terms::with(&own).unwrap());
    let object = kept.make(Kept::Incident);
    kept.scene.advance(41 * DAY_SECONDS);
    kept.run();
    assert!(!kept.has_key(&object));
}

#[test]
fn a_report_is_erased_on_request_and_its_source_sees_that() {
    let kept = Keeping::new();
    let scene = &kept.scene;
    let object = kept.make(Kept::Incident);
    let id = object.parse().unwrap();
    kept.publish();
    let files = kept.proofs(&object);
    let console = Installer::local_console();
    let set_up = scene.set_up(Authority::Console(&console));
    let told = look(&scene.hub, &set_up, id).unwrap();
    let names: Vec<_> = told.holders.iter().map(|one| one.id).collect();
    assert!(names.contains(&scene.organization("denryoku")));
    assert!(kept.has_key(&object), "looking erases nothing");

    let done = erase_report(&scene.hub, &set_up, id, EraseReason::OnRequest).unwrap();
    assert_eq!(done, told);
    assert!(!kept.has_key(&object));
    assert_eq!(kept.found("denryoku"), 0);
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let rows = about(&scene.hub, &scene.call(&source), &object).unwrap();
    assert!(rows.iter().any(|row| row.event == "report-erased"));
    let relay = scene.actor("denryoku", Role::Analyst);
    assert!(open(&scene.hub, &scene.call(&relay), id).is_err());
    let again = erase_report(&scene.hub, &set_up, id, EraseReason::OnRequest);
    assert!(matches!(again, Err(EraseError::NoReport(_))));
    kept.publish();
    assert_eq!(kept.opening(&files), files.len());
    assert_eq!(audit(&scene.hub).unwrap(), vec![]);
}

#[test]
fn a_person_is_erased_when_the_last_place_has_ended() {
    let kept = Keeping::new();
    let scene = &kept.scene;
    let login = || LoginName::parse("staff@kitahama.example").unwrap();
    let console = Installer::local_console();
    let erase = |whom| {
        let set_up = scene.set_up(Authority::Console(&console));
        erase_person(&scene.hub, &set_up, whom, EraseReason::OnRequest)
    };
    let early = erase(Whom::Login(login()));
    assert!(matches!(early, Err(EraseError::StillHere(1))));
    let person = kept.leaver();
    assert_eq!(erase(Whom::Login(login())).unwrap(), person);
    assert!(!kept.has_key(&person.to_string()));
    for whom in [Whom::Login(login()), Whom::Id(person)] {
        assert!(matches!(erase(whom), Err(EraseError::NoPerson)));
    }
    let card = scene
        .store
        .read(move |reader| store::person::record(reader, person))
        .unwrap();
    assert!(card.is_none());
}

#[test]
fn only_the_console_erases() {
    let kept = Keeping::new();
    let scene = &kept.scene;
    let object = kept.make(Kept::Incident);
    for (name, role) in [
        ("denryoku", Role::Officer),
        ("kitahama", Role::DutyOfficer),
        ("denryoku", Role::Administrator),
        ("center", Role::Administrator),
    ] {
        let actor = scene.actor(name, role);
        let set_up = scene.set_up(Authority::Member(&actor));
        let tried = erase_report(
            &scene.hub,
            &set_up,
            object.parse().unwrap(),
            EraseReason::Ordered,
        );
        assert!(matches!(tried, Err(EraseError::NotPermitted)), "{name}");
    }
    assert!(kept.has_key(&object));
}
