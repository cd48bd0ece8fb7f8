//! Two years of reports and counts.

use super::phoned;
use super::quota::{self, RICH_NEAR_MISSES, YEAR_DAYS};
use super::story;
use super::written::{self, Occasion};
use super::{Plan, PlannedCount, PlannedReport, Variant};
use crate::draw::Draw;
use crate::narrative::{NARRATIVES, NEAR_MISS_TYPE, Narrative};

/// In a hundred reports, those of the roles' operator and of its rival: enough for their pages to
/// have something on them.
const OPERATOR_PERCENT: usize = 4;
const RIVAL_PERCENT: usize = 2;
/// In a hundred reports, those written in English.
const ENGLISH_PERCENT: usize = 9;
/// Weeks for which operators counted their near misses.
const COUNTED_WEEKS: i64 = 14;
/// In a hundred operators, those who count.
const COUNTING_PERCENT: usize = 55;

/// Every report, oldest first.
pub(super) fn reports(plan: &Plan) -> Vec<PlannedReport> {
    let mut occasions = story::occasions(plan);
    for year in 0..2 {
        let mut draw = Draw::new(plan.seed, &format!("history/{year}"));
        for (event_type, count) in quota::year(&mut draw, year) {
            let told = occasions
                .iter()
                .filter(|one| one.story.is_some() && year_of(one.days_back) == year)
                .filter(|one| one.narrative.event_type() == event_type)
                .count();
            let rest = count.saturating_sub(told);
            occasions.extend((0..rest).filter_map(|_| ordinary(plan, &mut draw, year, event_type)));
        }
        if plan.variant == Variant::NearMissRich {
            let more = (0..RICH_NEAR_MISSES)
                .filter_map(|_| ordinary(plan, &mut draw, year, NEAR_MISS_TYPE));
            occasions.extend(more);
        }
    }
    let mut reports: Vec<PlannedReport> = occasions
        .iter()
        .enumerate()
        .filter_map(|(number, occasion)| {
            let draw = Draw::new(plan.seed, &format!("report/{number}"));
            let mut report = written::write(plan, occasion, draw)?;
            let draw = Draw::new(plan.seed, &format!("phoned/{number}"));
            report.written_down = phoned::clerk(plan, occasion, draw);
            Some(report)
        })
        .collect();
    reports.sort_by_key(|report| (-report.accepted.days_back, report.accepted.second));
    reports
}

/// The year a day lies in: 0 for the older, 1 for the last.
fn year_of(days_back: i64) -> usize {
    usize::from(days_back < YEAR_DAYS)
}

/// A report of that type that belongs to no story.
fn ordinary(
    plan: &Plan,
    draw: &mut Draw,
    year: usize,
    event_type: &str,
) -> Option<Occasion<'static>> {
    let organization = source(plan, draw)?;
    let fitting = fitting(plan, organization, event_type);
    let (english, japanese): (Vec<_>, Vec<_>) = fitting
        .into_iter()
        .partition(|one| one.key.starts_with("en-"));
    let told_in_english = !english.is_empty() && draw.chance(ENGLISH_PERCENT);
    let list = if told_in_english { english } else { japanese };
    let youngest = if year == 0 { YEAR_DAYS } else { 0 };
    let narrative = *draw.pick(&list);
    Some(Occasion {
        narrative,
        organization,
        days_back: youngest + draw.between(0, YEAR_DAYS - 1),
        story: None,
    })
}

/// Narratives of a type that an organization could tell.
fn fitting(plan: &Plan, organization: usize, event_type: &str) -> Vec<&'static Narrative> {
    let Some(organization) = plan.organizations.get(organization) else {
        return Vec::new();
    };
    NARRATIVES
        .iter()
        .filter(|one| one.story.is_none() && one.event_type() == event_type)
        .filter(|one| organization.has_control_systems || !one.control)
        .filter(|one| {
            one.groups.is_empty()
                || organization
                    .ceptoar
                    .as_ref()
                    .is_some_and(|code| one.groups.contains(code))
        })
        .collect()
}

/// An operator; those of the roles a little more often than their share.
fn source(plan: &Plan, draw: &mut Draw) -> Option<usize> {
    let drawn = draw.below(100);
    let role = match drawn {
        _ if drawn < OPERATOR_PERCENT => "operator_duty",
        _ if drawn < OPERATOR_PERCENT + RIVAL_PERCENT => "rival_duty",
        _ => {
            let operators: Vec<usize> = plan.operators().collect();
            return Some(*draw.pick(&operators));
        }
    };
    plan.role(role).map(|person| person.place.organization)
}

/// Weekly counts of the last quarter: many zeros, a few larger numbers, some weeks left out.
pub(super) fn counts(plan: &Plan) -> Vec<PlannedCount> {
    let mut found = Vec::new();
    for organization in plan.operators() {
        let mut draw = Draw::new(plan.seed, &format!("counts/{organization}"));
        let is_cast = plan
            .role("operator_duty")
            .is_some_and(|person| person.place.organization == organization);
        if !is_cast && !draw.chance(COUNTING_PERCENT) {
            continue;
        }
        let Some((reporter, _)) = written::reporter(plan, organization) else {
            continue;
        };
        for weeks_back in (1..=COUNTED_WEEKS).rev() {
            if draw.chance(8) {
                continue;
            }
            let count = match draw.below(100) {
                0..=47 => 0,
                48..=79 => draw.between(1, 3),
                80..=95 => draw.between(4, 9),
                _ => draw.between(10, 24),
            };
            found.push(PlannedCount {
                reporter,
                weeks_back,
                count: u32::try_from(count).unwrap_or(0),
            });
        }
    }
    found.sort_by_key(|one| (-one.weeks_back, one.reporter));
    found
}
