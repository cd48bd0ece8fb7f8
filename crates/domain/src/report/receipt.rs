//! What a source is told of its report: who opened it, what left, what it led to.
//!
//! A named source is told at once and to the minute. A source that nobody is to know is told in
//! daily batches and by the day: the time of a receipt, beside the time of a visit to the mailbox,
//! would help to find out who it is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::count::{Period, PeriodKind};
use crate::handling::{Circle, Tlp};
use crate::opening::OpeningStage;
use crate::organization::{OrganizationKind, Role};
use crate::part::{PartKind, Side};
use crate::report::closing::CloseReason;
use crate::statistic::Figures;
use crate::time::{DAY_SECONDS, Timestamp};
use crate::word::Code;

/// The hour in Japan at which a day's batch is told on the next day.
pub const BATCH_HOUR: i64 = 6;
/// Weeks of the chart of readings, this one included.
pub const READING_WEEKS: usize = 12;

/// Something that became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: When,
    /// What.
    pub what: What,
}

/// When something became of a report, as exactly as its source is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The instant.
    Moment(Timestamp),
    /// The day in Japan.
    Day(Date),
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was accepted.
    Accepted,
    /// Somebody opened parts of it.
    Read(Reading),
    /// Parts of it left, under these terms.
    Released {
        /// Which parts.
        kinds: BTreeSet<PartKind>,
        /// The label.
        tlp: Tlp,
        /// Whom it reaches.
        circles: BTreeSet<Circle>,
    },
    /// A border check ended with nothing leaving.
    Withheld,
    /// The relay settled it.
    Closed(CloseReason),
    /// What the source told opened it again.
    Reopened,
    /// An advisory rests on it.
    LedTo {
        /// The advisory's short number.
        number: String,
        /// What its issuer is.
        issuer: OrganizationKind,
        /// How many organizations called the advisory useful: yes, partly, no.
        useful: Figures,
    },
    /// Somebody asked for the opening of the sealed identity.
    Opening(ToldOpening),
}

/// An opening of the sealed identity that its source is told of: refused and lapsed ones too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldOpening {
    /// What the organization that asked for it is.
    pub organization: OrganizationKind,
    /// For what use.
    pub purpose: Code,
    /// What has become of it.
    pub stage: OpeningStage,
    /// The day it was asked for.
    pub asked_on: Date,
    /// The days on which the identity was read.
    pub read_on: BTreeSet<Date>,
}

/// Somebody opened parts of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// What the reader's organization is.
    pub organization: OrganizationKind,
    /// The role acted in.
    pub role: Role,
    /// For what use.
    pub purpose: Code,
    /// The original or what left.
    pub side: Side,
    /// Which parts.
    pub kinds: BTreeSet<PartKind>,
}

/// What happened before this is in the batch that a sealed source sees at `now`: from six in the
/// morning everything up to midnight, before that everything up to the midnight before.
pub fn batch_until(now: Timestamp) -> Timestamp {
    let day = now
        .plus_seconds(-BATCH_HOUR * DAY_SECONDS / 24)
        .day_in_japan();
    Timestamp::start_of_day_in_japan(day)
}

/// The part of `events`, each with its instant, that a sealed source is told at `now`: by the day,
/// without today's, equal ones of one day once.
pub fn in_batches(events: Vec<(Timestamp, What)>, now: Timestamp) -> Vec<Event> {
    let until = batch_until(now);
    let mut told: Vec<Event> = Vec::new();
    let mut readings: BTreeMap<(Date, OrganizationKind, Role, Code, Side), BTreeSet<PartKind>> =
        BTreeMap::new();
    for (at, what) in events {
        // The source was there when it was accepted.
        if at >= until && what != What::Accepted {
            continue;
        }
        let day = at.day_in_japan();
        match what {
            What::Read(Reading {
                organization,
                role,
                purpose,
                side,
                kinds,
            }) => readings
                .entry((day, organization, role, purpose, side))
                .or_default()
                .extend(kinds),
            what => told.push(Event {
                at: When::Day(day),
                what,
            }),
        }
    }
    for ((day, organization, role, purpose, side), kinds) in readings {
        told.push(Event {
            at: When::Day(day),
            what: What::Read(Reading {
                organization,
                role,
                purpose,
                side,
                kinds,
            }),
        });
    }
    newest_first(told)
}

/// `events` as a named source is told them.
pub fn at_once(events: Vec<(Timestamp, What)>) -> Vec<Event> {
    let told = events
        .into_iter()
        .map(|(at, what)| Event {
            at: When::Moment(at),
            what,
        })
        .collect();
    newest_first(told)
}

/// How many of `events` are readings in each of the last [`READING_WEEKS`] weeks, from Monday to
/// Sunday in Japan, oldest first; the last is the week of `now`.
pub fn reading_weeks(events: &[Event], now: Timestamp) -> Vec<(Period, u64)> {
    let week = |day| Period::of(PeriodKind::Week, day);
    let mut counts: BTreeMap<Period, u64> = BTreeMap::new();
    for event in events {
        let day = match event.at {
            When::Moment(at) => at.day_in_japan(),
            When::Day(day) => day,
        };
        if matches!(event.what, What::Read(_)) {
            *counts.entry(week(day)).or_default() += 1;
        }
    }
    let last = week(now.day_in_japan());
    let mut weeks: Vec<(Period, u64)> =
        std::iter::successors(Some(last), |period| Some(period.previous()))
            .take(READING_WEEKS)
            .map(|period| (period, counts.get(&period).copied().unwrap_or(0)))
            .collect();
    weeks.reverse();
    weeks
}

/// The instant at which the first of the weeks of [`reading_weeks`] begins.
pub fn reading_weeks_begin(now: Timestamp) -> Timestamp {
    let first = reading_weeks(&[], now).into_iter().next();
    let day = first.map_or(now.day_in_japan(), |(period, _)| period.start());
    Timestamp::start_of_day_in_japan(day)
}

fn newest_first(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(role: Role, kind: PartKind) -> What {
        What::Read(Reading {
            organization: OrganizationKind::Ceptoar,
            role,
            purpose: "defense".parse().unwrap(),
            side: Side::Original,
            kinds: [kind].into(),
        })
    }

    /// That many hours after the start of 2026-11-21 in Japan.
    fn hour(hours: i64) -> Timestamp {
        Timestamp::start_of_day_in_japan(date(2026, 11, 21)).plus_seconds(hours * 3_600)
    }

    #[test]
    fn a_batch_turns_at_six_and_never_holds_the_same_day() {
        assert_eq!(batch_until(hour(6)), hour(0));
        assert_eq!(batch_until(hour(23)), hour(0));
        assert_eq!(batch_until(hour(5)), hour(-24));
        let events = vec![
            (hour(-30), What::Accepted),
            (hour(-2), What::Withheld),
            (hour(1), What::Withheld),
        ];
        assert_eq!(in_batches(events.clone(), hour(5)).len(), 1);
        assert_eq!(in_batches(events.clone(), hour(6)).len(), 2);
        assert_eq!(in_batches(events, hour(30)).len(), 3);
    }

    #[test]
    fn a_sealed_source_is_told_the_day_and_not_how_many_readers() {
        let events = vec![
            (hour(1), read(Role::Analyst, PartKind::Attack)),
            (hour(2), read(Role::Analyst, PartKind::Summary)),
            (hour(3), read(Role::Officer, PartKind::Attack)),
        ];
        let told = in_batches(events.clone(), hour(48));
        assert_eq!(told.len(), 2);
        assert!(
            told.iter()
                .all(|event| event.at == When::Day(date(2026, 11, 21)))
        );
        let named = at_once(events);
        assert_eq!(named.len(), 3);
        assert_eq!(named[0].at, When::Moment(hour(3)));
    }
    #[test]
    fn readings_are_counted_by_the_week_they_fall_into() {
        // 2026-11-21 is a Saturday; the week ends with the 22nd.
        let week = 7 * 24;
        let events = at_once(vec![
            (hour(0), read(Role::Analyst, PartKind::Attack)),
            (hour(47), read(Role::Officer, PartKind::Attack)),
            (hour(47), What::Accepted),
            (hour(47 - week), read(Role::Officer, PartKind::Attack)),
            (hour(47 - 11 * week), read(Role::Officer, PartKind::Attack)),
            (hour(47 - 12 * week), read(Role::Officer, PartKind::Attack)),
        ]);
        let weeks = reading_weeks(&events, hour(47));
        let counts: Vec<u64> = weeks.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(weeks[11].0.start(), date(2026, 11, 16));
        let begin = reading_weeks_begin(hour(47));
        assert_eq!(begin.day_in_japan(), weeks[0].0.start());
        // With the 23rd another week begins.
        assert_eq!(reading_weeks(&events, hour(48))[11].1, 0);
    }
}
