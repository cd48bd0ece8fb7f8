//! Promise P4: whoever has everything on the server and one custodian's key learns no source.
//!
//! The attacker has the database, the key database and the master key: the whole disk. He runs our
//! own code on it. With the key of a second custodian he learns every source: an attacker who had
//! grown stupid would be seen.

use domain::actor::Actor;
use domain::id::ReportId;
use domain::organization::Role;
use domain::report::Custody;
use hub::submit::submit;
use seal::envelope::{KeyPair, SecretKey};
use seal::identity::{Approval, Asked, OpeningRequest, SealedIdentity, approve_share, combine};
use store::Location;
use store::backup::{DATA_FILE, KEY_FILE, rows_of_file};
use store::log::{View, about};

use crate::scene::{Scene, incident};

/// Unnamed reports that are attacked; the promise speaks of ten thousand, `NOROSHI_P4_REPORTS` asks
/// for any number.
const REPORTS: usize = 60;

fn attacked() -> usize {
    std::env::var("NOROSHI_P4_REPORTS").map_or(REPORTS, |text| text.parse().unwrap())
}

/// Unnamed reports of two operators, each with its true source.
fn reported(scene: &Scene) -> Vec<(ReportId, Actor)> {
    let sources = ["kitahama", "minamino"].map(|name| scene.actor(name, Role::DutyOfficer));
    let mut reports = Vec::new();
    for number in 0..attacked() {
        let source = sources[number % 2].clone();
        let filing = incident(Custody::Unnamed, &number.to_string());
        let receipt = submit(&scene.hub, &scene.call(&source), filing).unwrap();
        reports.push((receipt.report, source));
    }
    reports
}

/// What the attacker makes of a sealed identity with these custodians' keys: his own request, the
/// agreements that the keys let him make, and the threshold as it stands or set to one.
fn opened(scene: &Scene, sealed: &str, keys: &[SecretKey]) -> Option<String> {
    let lowered = sealed.replace("\"threshold\":2", "\"threshold\":1");
    let lowered = lowered.replace("\"threshold\": 2", "\"threshold\": 1");
    assert_ne!(lowered, sealed);
    for text in [sealed, lowered.as_str()] {
        let sealed = SealedIdentity::from_json(text).unwrap();
        let own = KeyPair::generate(&mut scene.random());
        let asked = Asked {
            by: String::new(),
            purpose: String::new(),
            reason: String::new(),
            at: String::new(),
        };
        let request = OpeningRequest::new(&sealed, own.public.clone(), asked);
        let approvals: Vec<Approval> = keys
            .iter()
            .map(|key| approve_share(key, &request, &mut scene.random()).unwrap())
            .collect();
        if let Ok(opened) = combine(&own.secret, &request, &sealed, &approvals) {
            return Some(String::from_utf8_lossy(&opened.block).into_owned());
        }
    }
    None
}

#[test]
fn a_full_dump_and_one_custodian_name_no_source() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::on(&Location::Directory(folder.path().to_owned()));
    let reports = reported(&scene);
    let (mut alone, mut together) = (0, 0);
    for (report, source) in &reports {
        let id = *report;
        let sealed = scene
            .store
            .read(move |reader| store::custody::sealed(reader, id))
            .unwrap()
            .unwrap();
        let organization = source.organization.to_string();
        assert!(!sealed.contains(&organization));
        for custodian in &scene.custodians {
            alone +=
                usize::from(opened(&scene, &sealed, std::slice::from_ref(custodian)).is_some());
        }
        let two = opened(&scene, &sealed, &scene.custodians[1..]).unwrap();
        together += usize::from(two.contains(&organization));
    }
    println!("{} identities: {alone} opened with one key", reports.len());
    assert_eq!(alone, 0);
    assert_eq!(together, reports.len());
}

/// No row, and no opened entry of the log, holds a report and its source together.
#[test]
fn no_row_links_a_report_and_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::on(&Location::Directory(folder.path().to_owned()));
    let reports = reported(&scene);
    let named = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "named");
    let named_report = submit(&scene.hub, &scene.call(&named), filing)
        .unwrap()
        .report;
    let mut rows: Vec<String> = [DATA_FILE, KEY_FILE]
        .iter()
        .flat_map(|file| rows_of_file(&folder.path().join(file)).unwrap())
        .collect();
    assert!(rows.len() > 500);
    for (report, _) in &reports {
        let object = report.to_string();
        let entries = scene
            .store
            .read(move |reader| {
                let mut shown = Vec::new();
                for entry in about(reader, View::All, &object)? {
                    let opening = entry.opening(reader)?.unwrap();
                    shown.push(format!("{object} {}", opening.payload));
                }
                Ok::<_, store::StoreError>(shown)
            })
            .unwrap();
        rows.extend(entries);
    }
    let links = |report: ReportId, source: &Actor| {
        let words = [
            source.organization.to_string(),
            source.person.to_string(),
            source.membership.to_string(),
        ];
        let report = report.to_string();
        let mut about = rows.iter().filter(|row| row.contains(&report));
        about.find(|row| words.iter().any(|word| row.contains(word)))
    };
    // A named report is linked, so that a link would be seen.
    assert!(links(named_report, &named).is_some());
    for (report, source) in &reports {
        assert_eq!(links(*report, source), None);
    }
}
