//! One report as its source writes it.

use domain::handling::{Circle, Consent, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::part::field::{Field, Precision};
use domain::report::{Custody, ReportKind};

use super::{Fate, Moment, Plan, PlannedAnswer, PlannedPerson, PlannedReport, Story, Variant};
use crate::draw::Draw;
use crate::narrative::{NEAR_MISS_TYPE, Narrative};
use crate::slot::Teller;

/// What is decided of a report before it is written.
pub(super) struct Occasion<'a> {
    pub(super) narrative: &'a Narrative,
    /// Position of the source in the plan's organizations.
    pub(super) organization: usize,
    pub(super) days_back: i64,
    pub(super) story: Option<Story>,
}

const PRESET_PURPOSES: [&str; 4] = ["defense", "recovery", "recurrence-prevention", "statistics"];
const DAY_LAST_SECOND: i64 = 86_399;

/// Writes the report of `occasion`.
pub(super) fn write(plan: &Plan, occasion: &Occasion<'_>, mut draw: Draw) -> Option<PlannedReport> {
    let organization = plan.organizations.get(occasion.organization)?;
    let (reporter, person) = reporter(plan, occasion.organization)?;
    let narrative = occasion.narrative;
    let kind = narrative.kind();
    // Occurred before noticed before accepted, all on one day.
    let accepted = draw.between(9 * 3_600, 22 * 3_600);
    let detected = accepted - draw.between(1_800, 4 * 3_600);
    let occurred = detected - draw.between(300, 4 * 3_600);
    let custody = custody(&mut draw, kind, occasion.story);
    let terms = Terms::draw(&mut draw, kind, occasion.story);
    let fate = fate(&mut draw, plan.variant, occasion, kind, &terms);
    let readers = readers(&mut draw, occasion.story);
    let mut teller = Teller::new(
        organization,
        plan.shared_supplier(),
        narrative.language(),
        draw,
    );
    (teller.occurred, teller.detected) = (occurred, detected);
    let at = |second: i64| Moment {
        days_back: occasion.days_back,
        second: second.clamp(0, DAY_LAST_SECOND),
    };
    let mut answers = told(&mut teller, narrative);
    answers.extend(coded(narrative, kind));
    answers.push((
        Field::OccurredAt,
        PlannedAnswer::Moment(at(occurred), Precision::Minute),
    ));
    if kind != ReportKind::NearMiss {
        answers.push((
            Field::DetectedAt,
            PlannedAnswer::Moment(at(detected), Precision::Minute),
        ));
        answers.push((
            Field::Services,
            PlannedAnswer::Codes(organization.services.iter().take(1).cloned().collect()),
        ));
    }
    answers.extend(who(plan, occasion.organization, person));
    answers
        .retain(|(_, answer)| !matches!(answer, PlannedAnswer::Codes(codes) if codes.is_empty()));
    Some(PlannedReport {
        reporter,
        written_down: None,
        kind,
        event_type: narrative.event_type().to_owned(),
        story: occasion.story,
        narrative: narrative.key.clone(),
        language: narrative.language(),
        accepted: at(accepted),
        custody,
        tlp: terms.tlp,
        purposes: terms.purposes,
        circles: terms.circles,
        consent: terms.consent,
        answers,
        out_headline: narrative.out_headline.clone(),
        out_text: narrative.out_text.clone(),
        fate,
        readers,
    })
}

/// The duty officer of an organization, first on its call list.
pub(super) fn reporter(plan: &Plan, organization: usize) -> Option<(usize, &PlannedPerson)> {
    plan.people.iter().enumerate().find(|(_, person)| {
        person.place.organization == organization && person.place.role == Role::DutyOfficer
    })
}

/// The texts.
fn told(teller: &mut Teller<'_>, narrative: &Narrative) -> Vec<(Field, PlannedAnswer)> {
    let optional = [
        (Field::Technique, narrative.technique.as_ref()),
        (Field::Indicators, narrative.indicators.as_ref()),
        (Field::Effect, narrative.effect.as_ref()),
        (Field::Response, narrative.response.as_ref()),
        (Field::Recovery, narrative.recovery.as_ref()),
        (Field::SpillOver, narrative.spill_over.as_ref()),
    ];
    let required = [
        (Field::Headline, Some(&narrative.headline)),
        (Field::Narrative, Some(&narrative.text)),
    ];
    required
        .into_iter()
        .chain(optional)
        .filter_map(|(field, template)| {
            let text = teller.render(template?).text;
            Some((field, PlannedAnswer::Text(text)))
        })
        .collect()
}

/// The choices.
fn coded(narrative: &Narrative, kind: ReportKind) -> Vec<(Field, PlannedAnswer)> {
    let one = |code: &str| PlannedAnswer::Codes(vec![code.to_owned()]);
    let mut answers = vec![
        (
            Field::Causes,
            PlannedAnswer::Codes(narrative.causes.clone()),
        ),
        (Field::Place, PlannedAnswer::Codes(narrative.place.clone())),
    ];
    if let Some(code) = &narrative.near_miss_kind {
        answers.push((Field::NearMissKind, one(code)));
    }
    if let Some(code) = &narrative.no_harm {
        answers.push((Field::NoHarmReason, one(code)));
    }
    if kind == ReportKind::NearMiss {
        return answers;
    }
    answers.push((Field::EventTypes, one(narrative.event_type())));
    answers.push((Field::Systems, PlannedAnswer::Text(systems(narrative))));
    answers.push((
        Field::ServiceLevel,
        match narrative.service_level.as_deref() {
            Some("yes") => PlannedAnswer::Yes,
            Some(_) => PlannedAnswer::No,
            None if narrative.event_type() == NEAR_MISS_TYPE => PlannedAnswer::No,
            None => PlannedAnswer::Unknown,
        },
    ));
    answers
}

/// The affected systems in words, after where it happened.
fn systems(narrative: &Narrative) -> String {
    let japanese = |code: &str| match code {
        "it" => "業務系のサーバー、端末",
        "ot" => "監視制御の装置",
        "cloud" => "クラウド上の業務システム",
        "supplier" => "委託先の保守・運用の環境",
        _ => "窓口と電話",
    };
    let english = |code: &str| match code {
        "it" => "office servers and terminals",
        "ot" => "monitoring and control equipment",
        "cloud" => "business systems in the cloud",
        "supplier" => "a contractor's maintenance environment",
        _ => "desks and telephone",
    };
    let words: Vec<&str> = match narrative.language() {
        crate::narrative::Language::Japanese => {
            narrative.place.iter().map(|code| japanese(code)).collect()
        }
        crate::narrative::Language::English => {
            narrative.place.iter().map(|code| english(code)).collect()
        }
    };
    words.join(match narrative.language() {
        crate::narrative::Language::Japanese => "、",
        crate::narrative::Language::English => ", ",
    })
}

/// What the source says of itself.
fn who(plan: &Plan, organization: usize, person: &PlannedPerson) -> Vec<(Field, PlannedAnswer)> {
    let Some(organization) = plan.organizations.get(organization) else {
        return Vec::new();
    };
    let text = |text: &str| PlannedAnswer::Text(text.to_owned());
    let codes = |code: &Option<String>| PlannedAnswer::Codes(code.iter().cloned().collect());
    vec![
        (Field::Organization, text(&organization.name_ja)),
        (Field::ContactName, text(&person.name)),
        (Field::ContactPhone, text(&person.phone)),
        (Field::ContactMail, text(&person.login)),
        (Field::Prefecture, codes(&organization.prefecture)),
        (Field::Sector, codes(&organization.sector)),
    ]
}

/// Incidents are mostly named to the CEPTOAR, near misses mostly not; stories are known to everyone.
fn custody(draw: &mut Draw, kind: ReportKind, story: Option<Story>) -> Custody {
    let drawn = draw.below(100);
    match (kind, story) {
        (ReportKind::NearMiss, None) if drawn < 65 => Custody::Unnamed,
        (ReportKind::NearMiss, None) if drawn < 75 => Custody::Stripped,
        (ReportKind::Precursor | ReportKind::Incident, None) if drawn < 12 => Custody::Unnamed,
        _ => Custody::Named,
    }
}

/// What is days old has been decided; what came in today waits. Terms that reach nobody above the
/// border withhold a report.
fn fate(
    draw: &mut Draw,
    variant: Variant,
    occasion: &Occasion<'_>,
    kind: ReportKind,
    terms: &Terms,
) -> Fate {
    let after = draw.between(1_200, 10 * 3_600);
    let drawn = draw.below(100);
    let crowded = variant == Variant::NearMissRich && kind == ReportKind::NearMiss;
    match occasion.days_back {
        _ if occasion.story.is_some() => Fate::Released(draw.between(600, 3 * 3_600)),
        0 => Fate::Waiting,
        1..=6 if drawn < 35 => Fate::Waiting,
        1 | 2 => Fate::UnderReview(after.min(2 * 3_600)),
        3..=6 if drawn < 50 => Fate::UnderReview(after),
        _ if crowded && drawn < 55 => Fate::Waiting,
        _ if drawn < 6 || !terms.reach_beyond() => Fate::Withheld(after),
        _ => Fate::Released(after),
    }
}

/// The desks that open a report.
fn readers(draw: &mut Draw, story: Option<Story>) -> Vec<OrganizationKind> {
    [
        (80, OrganizationKind::Ministry),
        (75, OrganizationKind::NationalCenter),
        (30, OrganizationKind::CoordinationCenter),
        (10, OrganizationKind::Police),
    ]
    .into_iter()
    .filter(|(percent, _)| story.is_some() || draw.chance(*percent))
    .map(|(_, kind)| kind)
    .collect()
}

/// The terms of a report.
struct Terms {
    tlp: Tlp,
    purposes: Vec<&'static str>,
    circles: Vec<Circle>,
    consent: Consent,
}

impl Terms {
    /// Whether the summary could reach anybody outside the relay.
    fn reach_beyond(&self) -> bool {
        let has = |circle| self.circles.contains(&circle);
        let to_center = has(Circle::NationalCenter) && self.consent == Consent::Granted;
        let to_coordination = has(Circle::Coordination) && self.tlp <= Tlp::Amber;
        self.tlp != Tlp::Red && (has(Circle::Ministry) || to_center || to_coordination)
    }

    fn draw(draw: &mut Draw, kind: ReportKind, story: Option<Story>) -> Self {
        let tlp = match (draw.below(100), kind) {
            (0..=44, ReportKind::NearMiss) | (0..=24, _) => Tlp::Green,
            (0..=79, _) => Tlp::Amber,
            (0..=95, _) => Tlp::AmberStrict,
            _ => Tlp::Red,
        };
        let mut purposes: Vec<&'static str> = PRESET_PURPOSES.to_vec();
        for (percent, purpose) in [(25, "exercise"), (10, "research"), (6, "supervision")] {
            if draw.chance(percent) {
                purposes.push(purpose);
            }
        }
        if story == Some(Story::Wave) {
            purposes.push("law-enforcement");
        }
        let mut circles = Vec::new();
        for (percent, circle) in [
            (92, Circle::Ministry),
            (88, Circle::NationalCenter),
            (65, Circle::CeptoarMembers),
            (60, Circle::Coordination),
            (35, Circle::CrossSector),
        ] {
            if story.is_some() || draw.chance(percent) {
                circles.push(circle);
            }
        }
        if story == Some(Story::Wave) {
            circles.push(Circle::Police);
        }
        let consent = match draw.below(100) {
            _ if story.is_some() => Consent::Granted,
            0..=79 => Consent::Granted,
            80..=91 => Consent::Undecided,
            _ => Consent::Refused,
        };
        // A story was shared widely, or nobody could have warned anybody.
        let tlp = if story.is_some() {
            tlp.min(Tlp::Amber)
        } else {
            tlp
        };
        Self {
            tlp,
            purposes,
            circles,
            consent,
        }
    }
}
