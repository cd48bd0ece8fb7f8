//! What the holder of a mailbox code can do, and what nobody learns from it.

use std::collections::{BTreeMap, BTreeSet};

use domain::confidential::Confidential;
use domain::id::ReportId;
use domain::opening::{OpeningStage, Reason};
use domain::organization::{OrganizationKind, Role};
use domain::part::field::{Field, Value};
use domain::part::{PartBody, PartKind};
use domain::release::border::{AuthorAnswer, ReviewStage};
use domain::report::near_miss::Scope;
use domain::report::receipt::What;
use domain::report::stage::Stage;
use domain::report::update::WithdrawReason;
use domain::report::{Custody, Edition};
use domain::time::DAY_SECONDS;
use hub::draft::DraftError;
use hub::intake::{list, open as read};
use hub::mailbox::{MailboxError, open};
use hub::near_miss::promote;
use hub::receipts::of_mailbox;
use hub::release::{ReviewError, answer_as_author, ask_author, author_pending};
use hub::update::{Change, Holder, UpdateError, holders, update, withdraw};
use hub::{ReadError, update as own};
use seal::token::MailboxCode;

use crate::border::Case;
use crate::scene::Scene;

fn change(based_on: usize, fields: &[(Field, &str)]) -> Change {
    let fields: BTreeMap<Field, Value> = fields
        .iter()
        .map(|(field, text)| (*field, Value::text(*field, text).unwrap()))
        .collect();
    Change {
        based_on,
        edition: Edition::FollowUp,
        answers: Confidential::new(PartBody::new(fields)),
    }
}

fn versions(case: &Case) -> usize {
    let source = case.source();
    let found = own::read(&case.scene.hub, &case.scene.call(&source), case.pass());
    found.unwrap().versions.len()
}

#[test]
fn a_code_updates_its_report_and_never_names_the_source() {
    let case = Case::new(Custody::Unnamed);
    let source = case.source();
    let seen = versions(&case);
    let said = change(
        seen,
        &[
            (Field::Narrative, "監視端末3台を切り離した"),
            (Field::Organization, "北浜電力"),
            (Field::ContactPhone, "03-0000-0000"),
        ],
    );
    let call = case.scene.call(&source);
    let changed = update(&case.scene.hub, &call, case.pass(), said).unwrap();
    assert_eq!(changed, BTreeSet::from([PartKind::Summary]));
    let call = case.scene.call(&case.analyst);
    let opened = read(&case.scene.hub, &call, case.report).unwrap();
    assert!(
        opened
            .parts
            .iter()
            .all(|part| part.kind != PartKind::Source)
    );
    let narrative = opened
        .parts
        .iter()
        .find_map(|part| part.body.content().value(Field::Narrative));
    assert!(narrative == Some(&Value::text(Field::Narrative, "監視端末3台を切り離した").unwrap()));

    // The name of the organization proves nothing here.
    let call = case.scene.call(&source);
    let by_name = update(&case.scene.hub, &call, case.report, change(seen, &[]));
    assert!(matches!(by_name, Err(UpdateError::NotFound)));
}

#[test]
fn a_code_opens_no_other_report() {
    let (one, other) = (Case::new(Custody::Unnamed), Case::new(Custody::Unnamed));
    // Both stories take place in worlds of their own; a pass of one is nothing in the other's hub.
    let session = "session";
    let source = one.source();
    let sealed = one
        .pass()
        .seal(&one.scene.hub, &one.scene.call(&source), session);
    let now = one.scene.now.get();
    let opened = hub::mailbox::MailboxPass::unseal(&one.scene.hub, &sealed, session, now);
    assert!(opened.is_some_and(|pass| pass.report() == one.report));
    let named = Case::new(Custody::Named);
    // Two reports of one hub: each code opens its own.
    let filing = crate::scene::incident(Custody::Unnamed, "別の報告");
    let second = hub::submit::submit(&other.scene.hub, &other.scene.call(&source), filing).unwrap();
    let code = second.mailbox_code.unwrap();
    let pass = open(&other.scene.hub, &other.scene.call(&source), &code).unwrap();
    assert!(pass.report() == second.report && pass.report() != other.report);
    assert!(named.mailbox_code.is_none());
}

#[test]
fn a_thousand_codes_open_nothing_and_lock() {
    let case = Case::new(Custody::Unnamed);
    let source = case.source();
    let mut random = case.scene.random();
    let (mut tried, mut locked) = (0, 0);
    for _ in 0..1_000 {
        let guess = MailboxCode::generate(&mut random);
        match open(
            &case.scene.hub,
            &case.scene.call(&source),
            &guess.expose_grouped(),
        ) {
            Err(MailboxError::NotFound) => tried += 1,
            Err(MailboxError::TooMany(_)) => locked += 1,
            _ => panic!("a guess opened something"),
        }
        case.scene.advance(10);
    }
    // In under three hours: a few at first, then one per lock that ran out.
    assert_eq!(tried + locked, 1_000);
    assert!(tried < 20, "{tried} guesses were looked at");
    // Resuming a draft is counted together with it.
    let resumed = hub::draft::resume(
        &case.scene.hub,
        &case.scene.call(&source),
        &MailboxCode::generate(&mut random).expose_grouped(),
    );
    assert!(matches!(resumed, Err(DraftError::TooManyCodes(_))));
    // Somebody else is not held up.
    let other = case.scene.actor("minamino", Role::DutyOfficer);
    let code = case.mailbox_code.clone().unwrap();
    assert!(open(&case.scene.hub, &case.scene.call(&other), &code).is_ok());
}

#[test]
fn whoever_held_a_report_sees_that_it_was_taken_back() {
    for custody in [Custody::Named, Custody::Unnamed] {
        let case = Case::new(custody);
        case.release("監視用の端末から、夜に外への通信があった。");
        let hub = &case.scene.hub;
        let source = case.source();
        let told = holders(hub, &case.scene.call(&source), case.claim()).unwrap();
        assert_eq!(
            told,
            [
                Holder::Organization(OrganizationKind::Ceptoar),
                Holder::Organization(OrganizationKind::Ministry),
                Holder::Organization(OrganizationKind::NationalCenter),
            ]
        );
        let never = case.scene.actor("coordination", Role::Analyst);
        withdraw(
            hub,
            &case.scene.call(&source),
            case.claim(),
            WithdrawReason::NotShared,
        )
        .unwrap();
        for name in ["denryoku", "ministry", "center"] {
            let reader = case.scene.actor(name, Role::Analyst);
            let opened = read(hub, &case.scene.call(&reader), case.report).unwrap();
            assert!(opened.parts.is_empty(), "{name}");
            let withdrawal = opened.withdrawal.unwrap();
            assert_eq!(withdrawal.reason, WithdrawReason::NotShared);
            let page = list(hub, &case.scene.call(&reader), None).unwrap();
            assert!(page.rows[0].withdrawal.is_some(), "{name}");
            assert!(page.rows[0].facets.is_empty() && page.rows[0].severity.is_none());
        }
        let refused = read(hub, &case.scene.call(&never), case.report);
        assert!(matches!(refused, Err(ReadError::NotFound)));
        let again = withdraw(
            hub,
            &case.scene.call(&source),
            case.claim(),
            WithdrawReason::NotShared,
        );
        assert!(matches!(again, Err(UpdateError::Withdrawn)));
        // The source keeps what it wrote.
        let kept = own::read(hub, &case.scene.call(&source), case.claim()).unwrap();
        assert_eq!(kept.report.stage, Stage::Withdrawn);
        assert!(!kept.versions.is_empty());
    }
}

#[test]
fn a_withdrawal_ends_what_is_under_review() {
    let case = Case::new(Custody::Unnamed);
    let hub = &case.scene.hub;
    hub::release::begin(hub, &case.scene.call(&case.analyst), case.report).unwrap();
    let source = case.source();
    withdraw(
        hub,
        &case.scene.call(&source),
        case.claim(),
        WithdrawReason::Mistaken,
    )
    .unwrap();
    let reviews = hub::release::of_report(hub, &case.scene.call(&case.analyst), case.report);
    assert_eq!(reviews.unwrap()[0].1, ReviewStage::Withheld);
}

#[test]
fn an_unnamed_author_is_asked_in_its_mailbox() {
    let case = Case::new(Custody::Unnamed);
    let hub = &case.scene.hub;
    let review = case.ready("監視用の端末から、夜に外への通信があった。");
    let revision = || {
        hub::release::desk(hub, &case.scene.call(&case.analyst), review)
            .unwrap()
            .revision
    };
    let due = case.scene.now.get().plus_seconds(DAY_SECONDS);
    ask_author(
        hub,
        &case.scene.call(&case.analyst),
        review,
        revision(),
        due,
    )
    .unwrap();
    let source = case.source();
    let by_name = author_pending(hub, &case.scene.call(&source), case.report);
    assert!(by_name.unwrap().is_none());
    let asked = author_pending(hub, &case.scene.call(&source), case.pass())
        .unwrap()
        .unwrap();
    assert!(asked.outgoing.contains_key(&PartKind::Summary));
    let other = Case::new(Custody::Named);
    let stranger = answer_as_author(
        hub,
        &case.scene.call(&source),
        other.report,
        asked.revision,
        AuthorAnswer::Approved,
    );
    assert!(matches!(stranger, Err(ReviewError::NotFound)));
    answer_as_author(
        hub,
        &case.scene.call(&source),
        case.pass(),
        asked.revision,
        AuthorAnswer::Approved,
    )
    .unwrap();
    let desk = hub::release::desk(hub, &case.scene.call(&case.analyst), review).unwrap();
    assert_eq!(desk.author, AuthorAnswer::Approved);
}

/// An unnamed near miss, its id and code.
fn near_miss(scene: &Scene) -> (ReportId, String) {
    let source = scene.actor("kitahama", Role::Staff);
    let told = crate::near_miss::near_miss(Scope::Unnamed, "保守口が開いていた");
    let key = crate::near_miss::key(1).sent("x");
    let receipt = hub::near_miss::submit(&scene.hub, &scene.call(&source), told, key).unwrap();
    (receipt.report, receipt.mailbox_code.unwrap())
}

#[test]
fn a_near_miss_grows_into_an_incident_with_a_code_of_its_own() {
    let scene = Scene::new();
    let (_, code) = near_miss(&scene);
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let pass = open(&scene.hub, &scene.call(&source), &code).unwrap();
    let begun = promote(&scene.hub, &scene.call(&source), pass).unwrap();
    let new_code = begun.code.clone().unwrap();
    assert_ne!(new_code, code);
    let draft = hub::draft::read(
        &scene.hub,
        &scene.call(&source),
        begun.id,
        begun.key.as_ref(),
    )
    .unwrap();
    assert_eq!(draft.content().one("custody"), "unnamed");
    assert_eq!(draft.content().one("narrative"), "保守口が開いていた");
    assert_eq!(
        draft.content().promoted_from,
        None,
        "no link between the two"
    );
    assert!(
        hub::draft::list(&scene.hub, &scene.call(&source))
            .unwrap()
            .is_empty(),
        "in nobody's list"
    );
    // An incident is no near miss.
    let case = Case::new(Custody::Unnamed);
    let source = case.source();
    let refused = promote(&case.scene.hub, &case.scene.call(&source), case.pass());
    assert!(matches!(refused, Err(DraftError::NotFound)));
}

#[test]
fn a_source_is_told_of_refused_openings_too_when_their_day_comes() {
    let case = Case::new(Custody::Unnamed);
    let hub = &case.scene.hub;
    let officer = case.scene.actor("denryoku", Role::Officer);
    let reason = Reason::parse("配水の制御端末が今も遠隔操作されている").unwrap();
    let purpose = "defense".parse().unwrap();
    let call = case.scene.call(&officer);
    let id = hub::open_seal::request(hub, &call, case.report, &purpose, &reason).unwrap();
    hub::open_seal::withdraw(hub, &case.scene.call(&officer), id).unwrap();
    let source = case.source();
    let told = || {
        let became = of_mailbox(hub, &case.scene.call(&source), &case.pass()).unwrap();
        became
            .events
            .into_iter()
            .find_map(|event| match event.what {
                What::Opening(opening) => Some(opening),
                _ => None,
            })
    };
    case.scene.advance(29 * DAY_SECONDS);
    assert!(told().is_none());
    case.scene.advance(3 * DAY_SECONDS);
    let opening = told().unwrap();
    assert_eq!(opening.stage, OpeningStage::Withdrawn);
    assert_eq!(opening.organization, OrganizationKind::Ceptoar);
    assert!(opening.read_on.is_empty());
}
