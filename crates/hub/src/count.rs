//! Counting near misses: a number per kind for a week or a month, zero included.
//!
//! INVARIANT: no row links an organization and a count. While a quarter is open its key gives the
//! sender's token, so that a count can be corrected; [`settle`] destroys the key. The log commits
//! to a count without an owner.
//! INVARIANT: figures of other organizations are shown of settled quarters alone. They no longer
//! change, so that two looks at them tell nothing that one does not.

use std::collections::BTreeMap;

use domain::count::{COUNT_MAX, Counts, Period, PeriodKind, Quarter};
use domain::id::OrganizationId;
use domain::policy::Action;
use domain::statistic::{Figures, check};
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use seal::token::QuarterKey;
use store::count::{self, SourceToken};
use store::log::{Entry, record};
use store::{Reader, Stamp, StoreError, Tx, organization};

use crate::call::{Call, Hub, ReadError};

/// Weeks on the chart of own counts.
pub const WEEKS_SHOWN: usize = 12;
/// Months on the chart of own counts.
pub const MONTHS_SHOWN: usize = 6;

/// Why a count was not accepted. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    /// The role does not report, or the organization has no relay.
    #[error("nothing is here")]
    NotFound,
    /// The period has not begun, or its quarter is settled.
    #[error("this period cannot be counted any more, or not yet; choose an open one")]
    Closed,
    /// The month was counted as a whole.
    #[error("the month of this week was counted as a whole; correct the month instead")]
    MonthCounted,
    /// A code that is on no list, or more than a period can have.
    #[error("`{0}` is not on the list of near misses, or its number is above {COUNT_MAX}")]
    Wrong(Code),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the count page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Name of the relay, in Japanese and English.
    pub relay_names: (String, String),
    /// What the own organization counted in the period asked for; `None` when it has not counted.
    pub counted: Option<Counts>,
    /// The own counts of the periods up to that one, oldest first; `None` where nothing was counted
    /// or the quarter's key is gone.
    pub history: Vec<(Period, Option<u64>)>,
    /// The newest settled quarter.
    pub quarter: Quarter,
    /// What all organizations of the relay counted in it, by kind, as far as it may be shown.
    pub figures: BTreeMap<Code, domain::statistic::Figure>,
    /// The sum of it.
    pub total: domain::statistic::Figure,
}

/// What the caller's organization counted around `period`, and what its relay's members counted in
/// the newest settled quarter.
///
/// # Errors
/// [`ReadError::NotFound`] when the role does not report or the organization has no relay.
pub fn board(hub: &Hub, call: &Call<'_>, period: Period) -> Result<Board, ReadError> {
    if !call.may(Action::Submit) {
        return Err(ReadError::NotFound);
    }
    let (own, now) = (call.actor.organization, call.now);
    let kinds = kinds(hub, now);
    hub.store.read(move |reader| {
        let relay = relay(reader, own)?.ok_or(ReadError::NotFound)?;
        let names = organization::find(reader, relay)?.ok_or(ReadError::NotFound)?;
        let shown = match period.kind() {
            PeriodKind::Week => WEEKS_SHOWN,
            PeriodKind::Month => MONTHS_SHOWN,
        };
        let mut history = Vec::with_capacity(shown);
        for period in period.run_up(shown) {
            let counted = own_counts(reader, relay, own, period)?;
            let sum = counted.map(|counts| counts.values().copied().map(u64::from).sum());
            history.push((period, sum));
        }
        let quarter = Quarter::last_settled(now);
        let figures = figures(reader, relay, quarter, &kinds)?;
        Ok(Board {
            relay_names: (names.name_ja, names.name_en),
            counted: own_counts(reader, relay, own, period)?,
            history,
            quarter,
            figures: kinds.into_iter().zip(figures.cells).collect(),
            total: figures.total,
        })
    })
}

/// Accepts what the caller's organization counted in `period`; counting it again replaces it. Kinds
/// that are not in `counts` are counted as zero.
///
/// # Errors
/// [`CountError`] says what to do.
pub fn send(hub: &Hub, call: &Call<'_>, period: Period, counts: Counts) -> Result<(), CountError> {
    if !call.may(Action::Submit) {
        return Err(CountError::NotFound);
    }
    send_as(hub, call, call.actor.organization, period, counts)
}

/// Accepts what `own` counted, whoever writes it down.
pub(crate) fn send_as(
    hub: &Hub,
    call: &Call<'_>,
    own: OrganizationId,
    period: Period,
    counts: Counts,
) -> Result<(), CountError> {
    if !period.is_open(call.now) {
        return Err(CountError::Closed);
    }
    let mut whole: Counts = kinds(hub, call.now)
        .into_iter()
        .map(|kind| (kind, 0))
        .collect();
    for (kind, count) in counts {
        match whole.get_mut(&kind) {
            Some(place) if count <= COUNT_MAX => *place = count,
            _ => return Err(CountError::Wrong(kind)),
        }
    }
    let mut random = call.random.derive("count.quarter_key");
    hub.store.write(call.stamp("count.send"), move |tx| {
        let relay = relay(tx, own)?.ok_or(CountError::NotFound)?;
        let key = key_or_new(tx, period.quarter(), &mut random)?;
        let source = token(&key, own);
        match period.kind() {
            PeriodKind::Week if count::has_month_of(tx, relay, source, period)? => {
                return Err(CountError::MonthCounted);
            }
            PeriodKind::Week => {}
            // A week that begins in the month is part of it, and would be counted twice.
            PeriodKind::Month => {
                count::delete_weeks_of(tx, relay, source, period)?;
            }
        }
        count::replace(tx, relay, source, period, &whole)?;
        let entry = Entry {
            event: "count-accepted",
            object: relay.to_string(),
            owner: None,
            facts: vec![("period", period.to_string())],
        };
        Ok(record(tx, &entry)?)
    })
}

/// Settles every quarter whose time for corrections is over: destroys its key. Returns how many.
/// For the job loop; running it twice changes nothing.
pub fn settle(hub: &Hub, now: Timestamp, random: &Random) -> Result<usize, StoreError> {
    let stamp = Stamp {
        name: "count.settle",
        now,
        random: random.derive("count.settle"),
    };
    hub.store.write(stamp, move |tx| {
        let mut settled = 0;
        for quarter in count::quarters(tx)? {
            if now < quarter.settles_at() {
                continue;
            }
            count::destroy_quarter_key(tx, quarter)?;
            let entry = Entry {
                event: "quarter-settled",
                object: tx.hub().to_owned(),
                owner: None,
                facts: vec![("quarter", quarter.to_string())],
            };
            record(tx, &entry)?;
            settled += 1;
        }
        Ok(settled)
    })
}

/// The kinds that are counted, in shown order.
fn kinds(hub: &Hub, now: Timestamp) -> Vec<Code> {
    let rows = hub.reference().near_miss_kinds.current(now.day_in_japan());
    rows.map(|row| row.code.clone()).collect()
}

fn relay(reader: &Reader<'_>, own: OrganizationId) -> Result<Option<OrganizationId>, StoreError> {
    Ok(organization::find(reader, own)?.and_then(|found| found.reports_to))
}

fn token(key: &[u8; 32], own: OrganizationId) -> SourceToken {
    QuarterKey::from_bytes(*key).organization_token(&own.to_string())
}

fn key_or_new(tx: &Tx<'_>, quarter: Quarter, random: &mut Random) -> Result<[u8; 32], StoreError> {
    if let Some(key) = count::quarter_key(tx, quarter)? {
        return Ok(key);
    }
    let key = *QuarterKey::generate(random).as_bytes();
    count::insert_quarter_key(tx, quarter, &key)?;
    Ok(key)
}

/// What the organization counted in `period`, while the quarter's key exists.
fn own_counts(
    reader: &Reader<'_>,
    relay: OrganizationId,
    own: OrganizationId,
    period: Period,
) -> Result<Option<Counts>, StoreError> {
    let Some(key) = count::quarter_key(reader, period.quarter())? else {
        return Ok(None);
    };
    let rows = count::counted(reader, relay, token(&key, own), period)?;
    if rows.is_empty() {
        return Ok(None);
    }
    Ok(Some(
        rows.into_iter().map(|row| (row.kind, row.count)).collect(),
    ))
}

/// The figures of a settled quarter at a relay, in the order of `kinds`.
fn figures(
    reader: &Reader<'_>,
    relay: OrganizationId,
    quarter: Quarter,
    kinds: &[Code],
) -> Result<Figures, StoreError> {
    let sums = count::sums(reader, relay, quarter)?;
    let mut sources: Vec<&str> = sums.iter().map(|row| row.source.as_str()).collect();
    sources.dedup();
    let cell = |kind: &Code| -> Vec<u64> {
        let of = |source: &str| {
            let mut rows = sums.iter();
            rows.find(|row| row.source == source && row.kind == *kind)
                .map_or(0, |row| row.sum)
        };
        sources.iter().map(|source| of(source)).collect()
    };
    let cells: Vec<Vec<u64>> = kinds.iter().map(cell).collect();
    Ok(check(&cells))
}
