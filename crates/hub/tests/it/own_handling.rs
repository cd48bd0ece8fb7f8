//! A source changes the terms of its own report: tighter at once, wider with care.

use std::collections::BTreeMap;

use domain::handling::{Circle, Consent, Tlp};
use domain::organization::Role;
use domain::part::{PartKind, Side};
use domain::report::Custody;
use domain::report::terms::{Access, AskedTerms, Care};
use hub::intake::{list, open};
use hub::update::terms::{Change, Outcome, OwnTerms, change, read, told};
use hub::update::{UpdateError, withdraw};
use hub::{ReadError, claim::Claim};

use crate::border::Case;

const SUMMARY: PartKind = PartKind::Summary;

fn terms(case: &Case, claim: impl Into<Claim>) -> OwnTerms {
    let source = case.source();
    read(&case.scene.hub, &case.scene.call(&source), claim).unwrap()
}

/// The terms of the summary with `edit` done to them.
fn asked(terms: &OwnTerms, edit: impl Fn(&mut AskedTerms)) -> BTreeMap<PartKind, AskedTerms> {
    let mut parts = asked_of_all(terms, edit);
    parts.retain(|kind, _| *kind == SUMMARY);
    parts
}

/// The terms of every part with `edit` done to them.
fn asked_of_all(
    terms: &OwnTerms,
    edit: impl Fn(&mut AskedTerms),
) -> BTreeMap<PartKind, AskedTerms> {
    let parts = terms.parts.iter().map(|part| {
        let mut asked = AskedTerms {
            tlp: part.handling.tlp,
            purposes: part.handling.purposes.clone(),
            circles: part.handling.circles.clone(),
            consent: part.handling.consent,
        };
        edit(&mut asked);
        (part.kind, asked)
    });
    parts.collect()
}

fn ask(
    case: &Case,
    claim: impl Into<Claim>,
    care: Care,
    edit: impl Fn(&mut AskedTerms),
) -> Result<Outcome, UpdateError> {
    changed(case, claim.into(), care, |terms| asked(terms, edit))
}

/// Asks the same of every part.
pub(crate) fn ask_of_all(
    case: &Case,
    claim: impl Into<Claim>,
    care: Care,
    edit: impl Fn(&mut AskedTerms),
) -> Result<Outcome, UpdateError> {
    changed(case, claim.into(), care, |terms| asked_of_all(terms, edit))
}

fn changed(
    case: &Case,
    claim: Claim,
    care: Care,
    parts: impl FnOnce(&OwnTerms) -> BTreeMap<PartKind, AskedTerms>,
) -> Result<Outcome, UpdateError> {
    let terms = terms(case, claim.clone());
    let wanted = Change {
        based_on: terms.based_on,
        parts: parts(&terms),
        care,
    };
    let source = case.source();
    change(&case.scene.hub, &case.scene.call(&source), claim, wanted)
}

/// Whether somebody of that organization reads the outgoing summary.
fn reads(case: &Case, name: &'static str) -> bool {
    let actor = case.scene.actor(name, Role::Analyst);
    match open(&case.scene.hub, &case.scene.call(&actor), case.report) {
        Ok(opened) => opened
            .parts
            .iter()
            .any(|part| part.kind == SUMMARY && part.side == Side::Outgoing),
        Err(ReadError::NotFound) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_refused_consent_ends_the_centers_grant_and_tells_it() {
    let case = Case::new(Custody::Named);
    case.release("公開された説明");
    assert!(reads(&case, "center") && reads(&case, "ministry"));
    let held = terms(&case, case.report);
    let summary = held.parts.iter().find(|part| part.kind == SUMMARY).unwrap();
    assert_eq!(summary.holders.len(), 2, "these have it already");

    let outcome = ask(&case, case.report, Care::Unseen, |asked| {
        asked.consent = Consent::Refused;
    })
    .unwrap();
    assert_eq!(outcome.changed, [SUMMARY].into());
    assert!(outcome.waiting.is_empty() && outcome.ended > 0);
    assert!(!reads(&case, "center") && reads(&case, "ministry"));

    let rows = |name| {
        let actor = case.scene.actor(name, Role::Analyst);
        told(&case.scene.hub, &case.scene.call(&actor)).unwrap()
    };
    let center = rows("center");
    assert_eq!((center.len(), center[0].access), (1, Access::Ended));
    assert_eq!(center[0].kind, SUMMARY);
    assert_eq!(rows("ministry")[0].access, Access::Kept);
    assert!(rows("coordination").is_empty() && rows("suido").is_empty());
    let id = case.report;
    let events = case
        .scene
        .store
        .read(move |reader| {
            let view = store::log::View::All;
            store::log::about(reader, view, &id.to_string())
        })
        .unwrap();
    let changed = events
        .iter()
        .filter(|entry| entry.event == "handling-changed");
    assert_eq!(changed.count(), 1);
}

#[test]
fn wider_terms_wait_for_a_second_word_and_for_the_border() {
    let case = Case::new(Custody::Named);
    case.release("公開された説明");
    ask(&case, case.report, Care::Unseen, |asked| {
        asked.consent = Consent::Refused;
    })
    .unwrap();
    let widen = |asked: &mut AskedTerms| {
        asked.consent = Consent::Granted;
        asked.circles.insert(Circle::Police);
    };
    let first = ask(&case, case.report, Care::Unseen, widen).unwrap();
    assert!(first.changed.is_empty());
    assert_eq!(first.waiting, [SUMMARY].into());
    let before = terms(&case, case.report);
    let second = ask(&case, case.report, Care::Seen, widen).unwrap();
    assert_eq!(second.changed, [SUMMARY].into());
    let after = terms(&case, case.report);
    assert_eq!(after.based_on, before.based_on + 1);
    // The relay reviews the border first: until then nobody new reads it.
    assert!(!reads(&case, "center"));
}

#[test]
fn what_is_tighter_does_not_wait_for_what_is_wider() {
    let case = Case::new(Custody::Named);
    case.release("公開された説明");
    let both = |asked: &mut AskedTerms| {
        asked.circles.remove(&Circle::Ministry);
        asked.circles.insert(Circle::Police);
    };
    let outcome = ask(&case, case.report, Care::Unseen, both).unwrap();
    assert_eq!(outcome.changed, [SUMMARY].into());
    assert_eq!(outcome.waiting, [SUMMARY].into());
    assert!(!reads(&case, "ministry") && reads(&case, "center"));
}

#[test]
fn parts_keep_one_purpose_in_common() {
    let case = Case::new(Custody::Named);
    let before = terms(&case, case.report);
    assert!(before.parts.len() > 1);
    let apart = |asked: &mut AskedTerms| asked.purposes = ["supervision".parse().unwrap()].into();
    let refused = ask(&case, case.report, Care::Seen, apart);
    assert!(matches!(refused, Err(UpdateError::Apart)));
    let after = terms(&case, case.report);
    assert_eq!(after.based_on, before.based_on, "nothing has changed");
}

#[test]
fn a_mailbox_holder_tightens_like_a_named_source() {
    let case = Case::new(Custody::Unnamed);
    case.release("公開された説明");
    assert!(reads(&case, "ministry"));
    let outcome = ask(&case, case.pass(), Care::Unseen, |asked| {
        asked.tlp = Tlp::Red;
    })
    .unwrap();
    assert_eq!(outcome.changed, [SUMMARY].into());
    assert!(!reads(&case, "ministry") && !reads(&case, "center"));
    // The relay still has it, and so has the mailbox.
    let call = case.scene.call(&case.analyst);
    assert!(list(&case.scene.hub, &call, None).unwrap().rows.len() == 1);
    // Its name proves nothing.
    let source = case.source();
    let by_name = read(&case.scene.hub, &case.scene.call(&source), case.report);
    assert!(matches!(by_name, Err(UpdateError::NotFound)));
}

#[test]
fn a_purpose_taken_back_is_gone_from_the_relays_versions_too() {
    let case = Case::new(Custody::Named);
    let nothing = ask(&case, case.report, Care::Unseen, |asked| {
        asked.purposes.clear();
    });
    assert!(matches!(nothing, Err(UpdateError::Nothing)));
    let same = ask(&case, case.report, Care::Unseen, |_| {});
    assert!(matches!(same, Err(UpdateError::Nothing)));
    let held = terms(&case, case.report);
    let wider = Change {
        based_on: held.based_on,
        parts: asked_of_all(&held, |asked| {
            asked.purposes.insert("recovery".parse().unwrap());
        }),
        care: Care::Seen,
    };
    let source = case.source();
    let call = case.scene.call(&source);
    change(&case.scene.hub, &call, case.report, wider).unwrap();
    ask(&case, case.report, Care::Unseen, |asked| {
        asked.purposes.remove("defense");
    })
    .unwrap();
    // The analyst reads for defense: no version of the summary is offered for that any more.
    let call = case.scene.call(&case.analyst);
    let opened = open(&case.scene.hub, &call, case.report).unwrap();
    assert!(opened.parts.iter().all(|part| part.kind != SUMMARY));
}

#[test]
fn nobody_else_changes_terms_and_nothing_follows_a_withdrawal() {
    let case = Case::new(Custody::Named);
    let terms = terms(&case, case.report);
    let wanted = || Change {
        based_on: terms.based_on,
        parts: asked(&terms, |asked| asked.tlp = Tlp::Red),
        care: Care::Seen,
    };
    for (name, role) in [
        ("minamino", Role::DutyOfficer),
        ("denryoku", Role::Officer),
        ("center", Role::Officer),
        ("kitahama", Role::Auditor),
    ] {
        let actor = case.scene.actor(name, role);
        let call = case.scene.call(&actor);
        let refused = change(&case.scene.hub, &call, case.report, wanted());
        assert!(matches!(refused, Err(UpdateError::NotFound)), "{name}");
    }
    let source = case.source();
    let reason = domain::report::update::WithdrawReason::Mistaken;
    withdraw(
        &case.scene.hub,
        &case.scene.call(&source),
        case.report,
        reason,
    )
    .unwrap();
    let late = change(
        &case.scene.hub,
        &case.scene.call(&source),
        case.report,
        wanted(),
    );
    assert!(matches!(late, Err(UpdateError::Withdrawn)));
}
