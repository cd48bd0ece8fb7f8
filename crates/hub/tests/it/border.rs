//! The border check: two persons, four parts, and nothing that was not decided.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::handling::{Circle, Tlp};
use domain::id::{ReportId, ReviewId};
use domain::organization::Role;
use domain::part::field::{Field, Value};
use domain::part::{PartKind, Side};
use domain::reference::rubric::Bands;
use domain::release::border::{AuthorAnswer, Crossing, Fault, Outcome, ReviewStage, SmallGroup};
use domain::report::Custody;
use domain::report::filing::Filing;
use domain::report::stage::Stage;
use domain::severity::{Reach, Standpoint};
use hub::intake::{list, open};
use hub::release::{
    Approved, Desk, PartRevision, ReviewError, Revision, answer_as_author, approve, ask_author,
    author_pending, begin, desk, due, revise, withhold,
};
use hub::submit::submit;
use hub::triage::RateError;
use hub::{Random, ReadError};

use crate::scene::{Scene, incident};

const ORIGINAL: &str = "北浜電力の監視端末が夜間に外部と通信しているのを当直が見つけた";
const REWRITTEN: &str = "監視用の端末から、夜に外への通信があった。";

/// A report at the relay, and the analyst and officer who keep its border.
pub(crate) struct Case {
    pub(crate) scene: Scene,
    pub(crate) report: ReportId,
    pub(crate) mailbox_code: Option<String>,
    pub(crate) analyst: Actor,
    officer: Actor,
}

impl Case {
    pub(crate) fn new(custody: Custody) -> Self {
        Self::of("kitahama", custody)
    }

    /// A report by the operator called `name`.
    pub(crate) fn of(name: &'static str, custody: Custody) -> Self {
        Self::filed(name, incident(custody, ORIGINAL))
    }

    /// What the operator called `name` filed.
    pub(crate) fn filed(name: &'static str, filing: Filing) -> Self {
        let scene = Scene::new();
        let source = scene.actor(name, Role::DutyOfficer);
        let receipt = submit(&scene.hub, &scene.call(&source), filing).unwrap();
        Self {
            report: receipt.report,
            mailbox_code: receipt.mailbox_code,
            analyst: scene.actor("denryoku", Role::Analyst),
            officer: scene.actor("denryoku", Role::Officer),
            scene,
        }
    }

    fn begin(&self) -> ReviewId {
        let call = self.scene.call(&self.analyst);
        begin(&self.scene.hub, &call, self.report).unwrap()
    }

    fn desk(&self, review: ReviewId) -> Desk {
        desk(&self.scene.hub, &self.scene.call(&self.analyst), review).unwrap()
    }

    fn revise(&self, review: ReviewId, change: Revision) -> Result<(), ReviewError> {
        let revision = self.desk(review).revision;
        self.revise_from(review, revision, change)
    }

    fn revise_from(
        &self,
        review: ReviewId,
        revision: u32,
        change: Revision,
    ) -> Result<(), ReviewError> {
        let call = self.scene.call(&self.analyst);
        revise(&self.scene.hub, &call, review, revision, change)
    }

    fn approve(&self, actor: &Actor, review: ReviewId) -> Result<Approved, ReviewError> {
        let revision = self.desk(review).revision;
        approve(&self.scene.hub, &self.scene.call(actor), review, revision)
    }

    /// A change that lets the summary cross with `text` and withholds the rest.
    fn summary_only(&self, review: ReviewId, text: &str) -> Revision {
        self.only(review, PartKind::Summary, Field::Narrative, text)
    }

    /// A change that lets one part cross with `text` in `field` and withholds the rest.
    fn only(&self, review: ReviewId, part: PartKind, field: Field, text: &str) -> Revision {
        let chosen = part;
        let desk = self.desk(review);
        let parts = desk.draft.content().parts.iter();
        let parts = parts.map(|(kind, part)| {
            let crosses = *kind == chosen;
            let change = PartRevision {
                original: part.original,
                crossing: Some(if crosses {
                    Crossing::Cross
                } else {
                    Crossing::Withhold
                }),
                reason: Some("被害の範囲が未確定".parse_reason()),
                texts: if crosses {
                    BTreeMap::from([(field, text.to_owned())])
                } else {
                    BTreeMap::new()
                },
                left_out: BTreeSet::new(),
                tlp: part.handling.tlp,
                purposes: part.handling.purposes.clone(),
                circles: part.handling.circles.clone(),
            };
            (*kind, change)
        });
        Revision {
            parts: parts.collect(),
            confirmed: BTreeSet::new(),
            small_group: SmallGroup::Accepted,
        }
    }

    /// A review with nothing in the way of its release.
    pub(crate) fn ready(&self, text: &str) -> ReviewId {
        let review = self.begin();
        self.revise(review, self.summary_only(review, text))
            .unwrap();
        review
    }

    pub(crate) fn release(&self, text: &str) -> ReviewId {
        let review = self.ready(text);
        self.released(review)
    }

    /// Releases how the attack worked, in the words of `text`, and nothing else.
    pub(crate) fn release_attack(&self, text: &str) -> ReviewId {
        let review = self.begin();
        let change = self.only(review, PartKind::Attack, Field::Technique, text);
        self.revise(review, change).unwrap();
        self.released(review)
    }

    fn released(&self, review: ReviewId) -> ReviewId {
        assert_eq!(
            self.approve(&self.analyst, review).unwrap(),
            Approved::First
        );
        assert_eq!(
            self.approve(&self.officer, review).unwrap(),
            Approved::Released
        );
        review
    }

    fn sees(&self, name: &'static str, role: Role) -> bool {
        let actor = self.scene.actor(name, role);
        let page = list(&self.scene.hub, &self.scene.call(&actor), None).unwrap();
        !page.rows.is_empty()
    }
}

trait ParseReason {
    fn parse_reason(&self) -> domain::text::BoundedText<{ hub::release::REASON_CHARS_MAX }>;
}

impl ParseReason for str {
    fn parse_reason(&self) -> domain::text::BoundedText<{ hub::release::REASON_CHARS_MAX }> {
        domain::text::BoundedText::parse(self).unwrap()
    }
}

#[test]
fn what_two_persons_approved_reaches_ministry_and_center_and_nothing_else_does() {
    let case = Case::new(Custody::Named);
    assert!(!case.sees("ministry", Role::Officer));
    case.release(REWRITTEN);
    for name in ["ministry", "center"] {
        assert!(case.sees(name, Role::Analyst), "{name}");
        let actor = case.scene.actor(name, Role::Analyst);
        let opened = open(&case.scene.hub, &case.scene.call(&actor), case.report).unwrap();
        assert_eq!(opened.head.at_relay, None);
        assert_eq!(opened.parts.len(), 1);
        let part = &opened.parts[0];
        assert_eq!((part.kind, part.side), (PartKind::Summary, Side::Outgoing));
        let body = part.body.content();
        assert!(
            body.value(Field::Narrative)
                == Some(&Value::text(Field::Narrative, REWRITTEN).unwrap())
        );
        assert!(body.value(Field::Organization).is_none());
        assert_eq!(
            body.value(Field::Sector)
                .and_then(Value::code)
                .unwrap()
                .as_str(),
            "others",
            "three operators are too few for a sector of their own"
        );
    }
    assert!(!case.sees("suido", Role::Officer));
    assert!(!case.sees("coordination", Role::Analyst));
    let row = &list(&case.scene.hub, &case.scene.call(&case.analyst), None)
        .unwrap()
        .rows[0];
    assert_eq!(row.head.at_relay.as_ref().unwrap().stage, Stage::Released);
}

#[test]
fn one_person_cannot_release_alone() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    case.revise(review, case.summary_only(review, REWRITTEN))
        .unwrap();
    assert_eq!(
        case.approve(&case.officer, review).unwrap(),
        Approved::First
    );
    assert!(matches!(
        case.approve(&case.officer, review),
        Err(ReviewError::SecondPerson)
    ));
    assert!(!case.sees("ministry", Role::Officer));
}

#[test]
fn a_draft_with_faults_cannot_be_approved() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    let undecided = case.desk(review);
    assert!(
        undecided
            .faults
            .contains(&Fault::Undecided(PartKind::Summary))
    );
    assert!(matches!(
        case.approve(&case.analyst, review),
        Err(ReviewError::Faulty)
    ));
    let copied = case.summary_only(review, "監視端末が夜間に外部と通信しているとのこと");
    case.revise(review, copied).unwrap();
    assert!(matches!(
        case.desk(review).faults.as_slice(),
        [Fault::Copied {
            field: Field::Narrative,
            ..
        }]
    ));
    assert!(matches!(
        case.approve(&case.analyst, review),
        Err(ReviewError::Faulty)
    ));
}

#[test]
fn a_name_in_the_text_has_to_be_confirmed() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    let mut change = case.summary_only(review, "minamino に似た事象");
    change.confirmed.clear();
    case.revise(review, change).unwrap();
    let desk = case.desk(review);
    assert_eq!(desk.hits.len(), 1, "a member's name is known");
    assert!(matches!(
        desk.faults.as_slice(),
        [Fault::Identifying { .. }]
    ));
    let mut change = case.summary_only(review, "minamino に似た事象");
    change
        .confirmed
        .insert((Field::Narrative, "minamino".to_owned()));
    case.revise(review, change).unwrap();
    assert_eq!(case.desk(review).faults, []);
}

#[test]
fn a_group_that_is_too_small_is_never_passed_over_in_silence() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    let mut change = case.summary_only(review, REWRITTEN);
    change.small_group = SmallGroup::Open;
    case.revise(review, change).unwrap();
    let desk = case.desk(review);
    assert_eq!(
        desk.anonymity.candidates(),
        2,
        "the relay has two operators"
    );
    assert_eq!(desk.faults, [Fault::SmallGroup]);
}

#[test]
fn the_second_of_two_reviewers_learns_that_the_draft_changed() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    let seen = case.desk(review).revision;
    let mine = case.summary_only(review, REWRITTEN);
    let theirs = case.summary_only(review, "別の文");
    case.revise_from(review, seen, mine).unwrap();
    assert!(matches!(
        case.revise_from(review, seen, theirs),
        Err(ReviewError::Changed)
    ));
    let draft = case.desk(review).draft;
    let text = &draft.content().parts[&PartKind::Summary].texts[&Field::Narrative];
    assert!(text == REWRITTEN);
}

#[test]
fn a_revision_takes_back_the_approvals() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    case.revise(review, case.summary_only(review, REWRITTEN))
        .unwrap();
    case.approve(&case.analyst, review).unwrap();
    case.revise(review, case.summary_only(review, "別の短い文"))
        .unwrap();
    assert_eq!(case.desk(review).approvals, []);
    assert_eq!(
        case.approve(&case.officer, review).unwrap(),
        Approved::First
    );
    assert!(!case.sees("ministry", Role::Officer));
}

#[test]
fn terms_can_be_tightened_and_not_widened() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    let mut change = case.summary_only(review, REWRITTEN);
    let part = change.parts.get_mut(&PartKind::Summary).unwrap();
    part.tlp = Tlp::Green;
    case.revise(review, change).unwrap();
    assert_eq!(
        case.desk(review).faults,
        [Fault::Loosened(PartKind::Summary)]
    );

    let mut change = case.summary_only(review, REWRITTEN);
    let part = change.parts.get_mut(&PartKind::Summary).unwrap();
    part.tlp = Tlp::Amber;
    part.circles.remove(&Circle::NationalCenter);
    case.revise(review, change).unwrap();
    let plan = case.desk(review).plan;
    let circles = &plan[&PartKind::Summary].circles;
    assert_eq!(circles[&Circle::Ministry], Outcome::Receives);
    assert_eq!(circles[&Circle::NationalCenter], Outcome::TakenOut);
    case.approve(&case.analyst, review).unwrap();
    case.approve(&case.officer, review).unwrap();
    assert!(case.sees("ministry", Role::Officer) && !case.sees("center", Role::Officer));
}

#[test]
fn an_unnamed_source_is_nowhere_above_the_border() {
    let case = Case::new(Custody::Unnamed);
    case.release(REWRITTEN);
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    let opened = open(&case.scene.hub, &case.scene.call(&source), case.report);
    assert!(matches!(opened, Err(ReadError::NotFound)));
    let asked = author_pending(&case.scene.hub, &case.scene.call(&source), case.report);
    assert!(asked.unwrap().is_none());
}

#[test]
fn the_authors_silence_withholds() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    case.revise(review, case.summary_only(review, REWRITTEN))
        .unwrap();
    let deadline = case.scene.now.get().plus_seconds(86_400);
    let revision = case.desk(review).revision;
    ask_author(
        &case.scene.hub,
        &case.scene.call(&case.analyst),
        review,
        revision,
        deadline,
    )
    .unwrap();
    assert!(matches!(
        case.approve(&case.officer, review),
        Err(ReviewError::AuthorAsked)
    ));
    let random = || Random::from_seed([5; 32]);
    assert_eq!(
        due(&case.scene.hub, deadline.plus_seconds(-1), random()).unwrap(),
        0
    );
    assert_eq!(due(&case.scene.hub, deadline, random()).unwrap(), 1);
    let desk = case.desk(review);
    assert_eq!(
        (desk.stage, desk.author),
        (ReviewStage::Withheld, AuthorAnswer::Silent)
    );
    assert_eq!(desk.report.stage, Stage::Withheld);
    assert!(!case.sees("ministry", Role::Officer));
}

#[test]
fn the_author_reads_what_would_leave_and_answers() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    case.revise(review, case.summary_only(review, REWRITTEN))
        .unwrap();
    let revision = case.desk(review).revision;
    let deadline = case.scene.now.get().plus_seconds(86_400);
    ask_author(
        &case.scene.hub,
        &case.scene.call(&case.analyst),
        review,
        revision,
        deadline,
    )
    .unwrap();
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    let rival = case.scene.actor("minamino", Role::DutyOfficer);
    let pending = |actor| author_pending(&case.scene.hub, &case.scene.call(actor), case.report);
    assert!(pending(&rival).unwrap().is_none());
    let question = pending(&source).unwrap().unwrap();
    assert_eq!(
        question.outgoing.keys().collect::<Vec<_>>(),
        [&PartKind::Summary]
    );
    let answer = |actor, answer| {
        answer_as_author(
            &case.scene.hub,
            &case.scene.call(actor),
            case.report,
            question.revision,
            answer,
        )
    };
    assert!(matches!(
        answer(&rival, AuthorAnswer::Approved),
        Err(ReviewError::NotFound)
    ));
    answer(&source, AuthorAnswer::Approved).unwrap();
    case.approve(&case.analyst, review).unwrap();
    assert_eq!(
        case.approve(&case.officer, review).unwrap(),
        Approved::Released
    );
}

#[test]
fn a_withheld_report_can_be_reviewed_again() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    let revision = case.desk(review).revision;
    withhold(
        &case.scene.hub,
        &case.scene.call(&case.analyst),
        review,
        revision,
        "様子を見る".parse_reason(),
    )
    .unwrap();
    assert_eq!(case.desk(review).report.stage, Stage::Withheld);
    assert!(matches!(
        case.approve(&case.analyst, review),
        Err(ReviewError::WrongStage)
    ));
    assert_ne!(case.release(REWRITTEN), review);
}

#[test]
fn a_second_release_replaces_the_first() {
    let case = Case::new(Custody::Named);
    case.release(REWRITTEN);
    case.scene.now.set(case.scene.now.get().plus_seconds(60));
    case.release("続報: 通信は止めた。");
    let actor = case.scene.actor("ministry", Role::Analyst);
    let opened = open(&case.scene.hub, &case.scene.call(&actor), case.report).unwrap();
    assert_eq!(opened.parts.len(), 1);
    assert_eq!(opened.parts[0].version, 2);
}

#[test]
fn nobody_outside_the_relay_finds_the_review() {
    let case = Case::new(Custody::Named);
    let review = case.begin();
    for (name, role) in [
        ("suido", Role::Officer),
        ("ministry", Role::Officer),
        ("center", Role::Officer),
        ("kitahama", Role::DutyOfficer),
        ("denryoku", Role::DutyOfficer),
        ("denryoku", Role::Administrator),
    ] {
        let actor = case.scene.actor(name, role);
        let seen = desk(&case.scene.hub, &case.scene.call(&actor), review);
        assert!(matches!(seen, Err(ReviewError::NotFound)), "{name} {role}");
        let begun = begin(&case.scene.hub, &case.scene.call(&actor), case.report);
        assert!(matches!(begun, Err(ReviewError::NotFound)), "{name} {role}");
    }
}

#[test]
fn every_opinion_is_kept_and_shown_to_those_who_may_read() {
    let case = Case::new(Custody::Named);
    let rate = |actor: &Actor, band: &str, reach: Reach| {
        let bands = Bands {
            users: Some(band.parse().unwrap()),
            ..Bands::default()
        };
        hub::triage::rate(
            &case.scene.hub,
            &case.scene.call(actor),
            case.report,
            &bands,
            reach,
        )
    };
    let center = case.scene.actor("center", Role::Analyst);
    assert!(matches!(
        rate(&center, "users-none", Reach::Readers),
        Err(RateError::NotFound)
    ));
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    // On originals alone: whatever is chosen, both stay at the desk.
    rate(&case.analyst, "users-none", Reach::Readers).unwrap();
    rate(&source, "users-under-1000", Reach::Readers).unwrap();
    case.release(REWRITTEN);
    let seen = |actor: &Actor| {
        let held = hub::triage::opinions(&case.scene.hub, &case.scene.call(actor), case.report);
        let mut seen: Vec<(Standpoint, u8, bool)> = held
            .unwrap()
            .iter()
            .map(|held| {
                let opinion = &held.opinion;
                (
                    opinion.standpoint,
                    opinion.severity.rung(),
                    held.names.is_some(),
                )
            })
            .collect();
        seen.sort();
        seen
    };
    let listed = |actor: &Actor| {
        let page = list(&case.scene.hub, &case.scene.call(actor), None).unwrap();
        page.rows[0].severity.map(domain::severity::Severity::rung)
    };
    assert_eq!(seen(&center), [], "what rests on the original stays there");
    assert_eq!(listed(&center), None);
    assert_eq!(listed(&case.analyst), Some(1));
    rate(&center, "users-under-1000", Reach::Desk).unwrap();
    rate(&case.analyst, "users-none", Reach::Readers).unwrap();
    rate(&source, "users-none", Reach::Readers).unwrap();
    let above = [
        // Above the border nobody learns who the source is.
        (Standpoint::Operator, 0, false),
        (Standpoint::Relay, 0, true),
        (Standpoint::Center, 1, true),
    ];
    assert_eq!(seen(&center), above);
    assert_eq!(seen(&case.analyst).len(), 5);
    assert!(seen(&case.analyst).iter().all(|(.., named)| *named));
    let rival = case.scene.actor("suido", Role::Officer);
    let hidden = hub::triage::opinions(&case.scene.hub, &case.scene.call(&rival), case.report);
    assert!(matches!(hidden, Err(ReadError::NotFound)));
    let nothing = hub::triage::rate(
        &case.scene.hub,
        &case.scene.call(&center),
        case.report,
        &Bands::default(),
        Reach::Desk,
    );
    assert!(matches!(nothing, Err(RateError::NothingKnown)));
}
