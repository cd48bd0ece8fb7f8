//! Made-up reach for the gallery and the tests.

use domain::advisory::delivery::{Failure, Hop};
use domain::advisory::reach::Urgency;
use domain::advisory::{AdvisoryKind, AdvisoryStage, Progress};
use domain::confidential::Confidential;
use domain::organization::Tier;
use domain::release::{Visible, own};

use super::{FailedMail, Head, Mails, Named, Reach, ReachItem, Scope};
use crate::form::Form;
use crate::layout::sample;
use crate::part::Pager;
use crate::words::{Language, Words};

/// One of two texts.
pub fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

/// Made-up content that a reader sees.
pub fn seen(text: String) -> Visible<String> {
    own(Confidential::new(text))
}

/// A made-up advisory.
pub fn head(words: Words) -> Head {
    Head {
        href: "/advisories/adv_1".to_owned(),
        number: "A-7KQ2XM".to_owned(),
        kind: AdvisoryKind::Alert,
        stage: AdvisoryStage::Issued,
        issuer: say(
            words,
            "国家サイバー統括センター(架空)",
            "National center (fictional)",
        ),
        issued_at: sample::NOW.plus_seconds(-10_800),
    }
}

fn item(words: Words, progress: Progress, urgency: Urgency) -> ReachItem {
    let late = urgency == Urgency::Overdue;
    ReachItem {
        id: format!("adr_{progress}"),
        organization: say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
        tier: Tier::SystemStaff,
        named: Named::Tier,
        progress,
        urgency,
        due_at: sample::NOW.plus_seconds(if late { -1_200 } else { 9_000 }),
        since: (progress > Progress::Waiting).then(|| sample::NOW.plus_seconds(-7_200)),
        nudged_at: (progress == Progress::Opened).then(|| sample::NOW.plus_seconds(-600)),
        escalated_at: late.then(|| sample::NOW.plus_seconds(-5_400)),
        may_be_nudged: urgency.has_not_acted() && progress != Progress::Opened,
    }
}

impl Reach {
    /// Some late, nobody left, and one relay's part with mail that does not go out.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |lines: Vec<ReachItem>, scope, mails| {
            let states = || lines.iter().map(|line| line.progress);
            Self {
                frame: sample::officer(words, "/advisories/adv_1/reach"),
                head: head(words),
                scope,
                whole: states().collect(),
                hops: vec![(Hop::Operator, states().collect())],
                tiers: vec![(Tier::SystemStaff, states().collect())],
                open_count: lines
                    .iter()
                    .filter(|line| line.urgency.has_not_acted())
                    .count(),
                nudgeable_count: lines.iter().filter(|line| line.may_be_nudged).count(),
                question_count: u64::from(scope == Scope::Whole),
                pager: Pager::default(),
                mails,
                form: Form::new("/advisories/adv_1/nudge"),
                lines,
            }
        };
        let some = vec![
            item(words, Progress::Delivered, Urgency::Overdue),
            item(words, Progress::Opened, Urgency::Waits),
            item(words, Progress::Waiting, Urgency::Waits),
            item(words, Progress::Accepted, Urgency::TakenOn),
            item(words, Progress::Done, Urgency::Settled),
            item(words, Progress::NotApplicable, Urgency::Settled),
            item(words, Progress::Cannot, Urgency::Settled),
        ];
        let sent = Mails {
            sent_count: 41,
            is_configured: true,
            ..Mails::default()
        };
        let failing = |failure, next_at| FailedMail {
            organization: say(words, "青川水道（架空）", "Aokawa Water (fictional)"),
            failure,
            attempts: 3,
            next_at,
        };
        let broken = Mails {
            waiting_count: 12,
            failed: vec![
                failing(Failure::Refused, None),
                failing(Failure::Unreachable, Some(sample::NOW.plus_seconds(900))),
            ],
            ..Mails::default()
        };
        vec![
            ("some", page(some.clone(), Scope::Whole, sent.clone())),
            ("below", page(some, Scope::Below, broken)),
            ("nobody", page(Vec::new(), Scope::Whole, sent)),
        ]
    }
}
