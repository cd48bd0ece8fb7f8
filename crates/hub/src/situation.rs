//! The situation: is this one attack or many? Figures by sector and week, published once.
//!
//! [`publish`] runs in the job loop. It checks a week in the morning after it ended and a quarter once
//! all its weeks are published, and keeps what may be shown; what a page shows is read back from there.
//! Watching the page therefore tells nothing that one look does not.
//!
//! INVARIANT: every figure came out of [`domain::release::situation`], and is never checked or written a
//! second time.
//! INVARIANT: a cell opens what this reader may see anyhow, whatever was counted.

use std::collections::{BTreeMap, BTreeSet};

use domain::count::{Period, PeriodKind, Quarter};
use domain::id::{OrganizationId, ReportId};
use domain::organization::OrganizationKind;
use domain::part::field::Field;
use domain::policy::Action;
use domain::release::Released;
use domain::release::situation::{
    COUNTED_FOR, Counted, Grain, PublishedWeek, QuarterFigures, Shown, published, quarter, row,
    week,
};
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use store::log::{Entry, record};
use store::part::Cursor as Position;
use store::{Reader, Stamp, StoreError, Tx, organization, situation};

use crate::call::{Call, Hub, ReadError};
use crate::intake::{self, IntakeRow};

/// Weeks in the table by sector and week: a quarter.
pub const WEEKS_SHOWN: u32 = 13;
/// Quarters in the row of wholes.
pub const QUARTERS_SHOWN: u32 = 8;
/// Second of the Monday, in Japan, at which the week before is published.
const PUBLISHED_SECOND: i64 = 9 * 3_600;
/// Most rows behind one cell.
pub const PATTERN_ROWS_MAX: usize = 200;

/// What the page of the situation shows.
pub struct Board {
    /// The rows that a table has whether or not something stands in them, in the order of the list.
    pub rows: Vec<Code>,
    /// The newest weeks, oldest first; `None` for readers who see quarters alone.
    pub weeks: Option<Vec<(Period, Released<Shown>)>>,
    /// The newest quarter; `None` before the first is published.
    pub quarter: Option<(Quarter, Released<QuarterFigures>)>,
    /// The wholes of the newest quarters, oldest first; `None` where the whole is withheld.
    pub wholes: Vec<(Quarter, Option<u64>)>,
    /// When the newest table was published; `None` before the first.
    pub published_at: Option<Timestamp>,
}

/// The published figures, as far as the caller's role reaches.
///
/// # Errors
/// [`ReadError::NotFound`] for roles that do not watch the situation.
pub fn board(hub: &Hub, call: &Call<'_>) -> Result<Board, ReadError> {
    if !call.may(Action::WatchSituation) {
        return Err(ReadError::NotFound);
    }
    let by_week = call.may(Action::Triage);
    let (reference, now) = (hub.reference.clone(), call.now);
    hub.store.read(move |reader| {
        let mut rows = shown_rows(reader, &reference, now)?;
        let mut weeks = Vec::new();
        for name in situation::newest(reader, "week", WEEKS_SHOWN)? {
            let shown = shown(reader, &name)?;
            rows.extend(shown.keys().filter(|_| by_week).cloned());
            weeks.push((period(&name)?, published(Grain::Week, shown)));
        }
        weeks.reverse();
        let mut wholes = Vec::new();
        let mut newest = None;
        for name in situation::newest(reader, "quarter", QUARTERS_SHOWN)? {
            let figures = quarter_figures(reader, &name)?;
            let quarter: Quarter = quarter_of(&name)?;
            wholes.push((quarter, figures.whole));
            newest.get_or_insert((quarter, name, figures));
        }
        wholes.reverse();
        let newest_name = weeks.last().map(|(week, _)| week.to_string());
        let published_at = match newest_name {
            Some(name) => situation::published_at(reader, &name)?,
            None => None,
        };
        let quarter = newest.map(|(quarter, _, figures)| {
            rows.extend(figures.sectors.keys().cloned());
            (quarter, published(Grain::Quarter, figures))
        });
        Ok(Board {
            rows: in_order(&reference, &rows, now),
            weeks: by_week.then_some(weeks),
            quarter,
            wholes,
            published_at,
        })
    })
}

/// The newest published quarter, as far as it speaks of one organization's sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSector {
    /// The quarter.
    pub quarter: Quarter,
    /// The row in which the organization's sector is counted.
    pub row: Code,
    /// How many reports; `None` where that is withheld.
    pub count: Option<u64>,
}

/// What the newest published quarter says of the sector of the caller's organization: a figure that
/// stands on the page of the situation as well, and no other. `None` before a quarter is published and
/// for an organization without a sector.
///
/// # Errors
/// [`ReadError::NotFound`] for roles that do not watch the situation.
pub fn own_sector(hub: &Hub, call: &Call<'_>) -> Result<Option<OwnSector>, ReadError> {
    if !call.may(Action::WatchSituation) {
        return Err(ReadError::NotFound);
    }
    let (reference, own) = (hub.reference.clone(), call.actor.organization);
    hub.store.read(move |reader| {
        let sector = organization::find(reader, own)?.and_then(|own| own.sector);
        let newest = situation::newest(reader, "quarter", 1)?;
        let (Some(sector), Some(name)) = (sector, newest.first()) else {
            return Ok(None);
        };
        let operators = organization::count_in_sector(reader, OrganizationKind::Operator, &sector)?;
        let Some(row) = row(Some(reference.shown_sector(&sector, operators))) else {
            return Ok(None);
        };
        let figures = published(Grain::Quarter, quarter_figures(reader, name)?);
        Ok(Some(OwnSector {
            quarter: quarter_of(name)?,
            count: figures.content().sectors.get(&row).copied(),
            row,
        }))
    })
}

/// What stands behind a cell for this reader: the rows of his own list that became visible to him in
/// that week and carry that sector, newest first. For "others" those whose sector is no row of the
/// table, or is not said.
///
/// # Errors
/// [`ReadError::NotFound`] for roles that do not see the table by week.
pub fn pattern(
    hub: &Hub,
    call: &Call<'_>,
    sector: &Code,
    week: Period,
) -> Result<Vec<IntakeRow>, ReadError> {
    if !call.may(Action::WatchSituation) || !call.may(Action::Triage) {
        return Err(ReadError::NotFound);
    }
    let (reference, now) = (hub.reference.clone(), call.now);
    let named = hub
        .store
        .read::<_, StoreError>(move |reader| shown_rows(reader, &reference, now))?;
    let others = row(None);
    let fits = |found: &IntakeRow| match found.facets.get(&Field::Sector) {
        Some(codes) if codes.contains(sector) => true,
        Some(codes) => {
            others.as_ref() == Some(sector) && codes.iter().all(|code| !named.contains(code))
        }
        None => others.as_ref() == Some(sector),
    };
    let (from, until) = span(week);
    let mut rows = Vec::new();
    let mut after = Some(Position {
        seen_at: until,
        subject: String::new(),
    });
    while let Some(cursor) = after.take() {
        let page = intake::list_from(hub, call, Some(cursor))?;
        let oldest = page.rows.last().map(|row| row.seen_at.begin());
        let inside = page
            .rows
            .into_iter()
            .filter(|row| row.seen_at.begin() >= from);
        rows.extend(inside.filter(fits));
        let more = oldest.is_some_and(|oldest| oldest >= from) && rows.len() < PATTERN_ROWS_MAX;
        after = page.next.filter(|_| more);
    }
    rows.truncate(PATTERN_ROWS_MAX);
    Ok(rows)
}

/// Publishes every week that has ended and every quarter whose weeks are all published; how many
/// tables. For the job loop: running it twice changes nothing.
pub fn publish(hub: &Hub, now: Timestamp, random: &Random) -> Result<usize, StoreError> {
    let mut tables = 0;
    while let Some(due) = next_due(hub, now)? {
        let reference = hub.reference.clone();
        let stamp = Stamp {
            name: "situation.publish",
            now,
            random: random.derive(&due.to_string()),
        };
        hub.store.write(stamp, move |tx| {
            if !situation::begin(tx, &due.to_string())? {
                return Ok::<_, StoreError>(());
            }
            let rows = shown_rows(tx, &reference, now)?;
            publish_week(tx, due, &rows)?;
            if due.next().quarter() != due.quarter() {
                publish_quarter(tx, due.quarter(), &rows)?;
            }
            Ok(())
        })?;
        tables += 1;
    }
    Ok(tables)
}

/// The oldest week that is over and not published; `None` when nothing is due.
fn next_due(hub: &Hub, now: Timestamp) -> Result<Option<Period>, StoreError> {
    hub.store.read(move |reader| {
        let newest = situation::newest(reader, "week", 1)?;
        let next = match newest.first() {
            Some(name) => Some(period(name)?.next()),
            None => situation::first_accepted(reader)?
                .map(|at| Period::of(PeriodKind::Week, at.day_in_japan())),
        };
        let over = |week: &Period| now >= span(*week).1.plus_seconds(PUBLISHED_SECOND);
        Ok(next.filter(over))
    })
}

fn publish_week(tx: &Tx<'_>, due: Period, rows: &BTreeSet<Code>) -> Result<(), StoreError> {
    let (from, until) = span(due);
    let mut counted: BTreeMap<ReportId, Counted> = BTreeMap::new();
    let mut kept_out: BTreeSet<ReportId> = BTreeSet::new();
    for part in situation::countable(tx, from, until)? {
        // A report is counted as a whole: one part that is not offered for it keeps it out.
        if !part.purposes.contains(COUNTED_FOR) {
            kept_out.insert(part.report);
            continue;
        }
        let named = part.sector.filter(|sector| rows.contains(sector));
        let Some(row) = named.or_else(|| row(None)) else {
            continue;
        };
        let source = part.source;
        counted.insert(part.report, Counted { row, source });
    }
    counted.retain(|report, _| !kept_out.contains(report));
    for (report, counted) in &counted {
        situation::note_counted(tx, due, *report, &counted.row)?;
    }
    let counted: Vec<Counted> = counted.into_values().collect();
    let shown = week(&counted);
    for (row, count) in shown.content() {
        situation::insert(tx, &due.to_string(), row.as_str(), *count)?;
    }
    log(tx, &due.to_string(), shown.content().len())
}

fn publish_quarter(tx: &Tx<'_>, due: Quarter, rows: &BTreeSet<Code>) -> Result<(), StoreError> {
    let name = format!("quarter:{due}");
    if !situation::begin(tx, &name)? {
        return Ok(());
    }
    let mut weeks = Vec::new();
    for week in weeks_of(due) {
        if situation::published_at(tx, &week.to_string())?.is_none() {
            continue;
        }
        let counted = situation::counted(tx, week)?;
        weeks.push(PublishedWeek {
            shown: shown(tx, &week.to_string())?,
            counted: counted
                .into_iter()
                .map(|(row, source)| Counted { row, source })
                .collect(),
        });
    }
    let figures = quarter(rows, &weeks);
    for (row, count) in &figures.content().sectors {
        situation::insert(tx, &name, row.as_str(), *count)?;
    }
    if let Some(count) = figures.content().whole {
        situation::insert(tx, &name, situation::ALL_SECTORS, count)?;
    }
    situation::forget_counted(tx, due)?;
    log(tx, &name, figures.content().sectors.len())
}

/// The weeks that begin in a quarter.
fn weeks_of(quarter: Quarter) -> impl Iterator<Item = Period> {
    let first = Period::of(PeriodKind::Week, quarter.start());
    let weeks = std::iter::successors(Some(first), |week| Some(week.next()));
    weeks
        .skip_while(move |week| week.quarter() < quarter)
        .take_while(move |week| week.quarter() == quarter)
}

/// From when until before when a week lasts.
fn span(week: Period) -> (Timestamp, Timestamp) {
    (
        Timestamp::start_of_day_in_japan(week.start()),
        Timestamp::start_of_day_in_japan(week.next().start()),
    )
}

/// Sectors that are large enough to be rows, and the row of the others.
fn shown_rows(
    reader: &Reader<'_>,
    reference: &domain::reference::ReferenceData,
    now: Timestamp,
) -> Result<BTreeSet<Code>, StoreError> {
    let mut rows = BTreeSet::new();
    for sector in reference.sectors.current(now.day_in_japan()) {
        let operators =
            organization::count_in_sector(reader, OrganizationKind::Operator, &sector.code)?;
        rows.extend(row(Some(reference.shown_sector(&sector.code, operators))));
    }
    Ok(rows)
}

/// `rows` in the order of the list of sectors, the others last.
fn in_order(
    reference: &domain::reference::ReferenceData,
    rows: &BTreeSet<Code>,
    now: Timestamp,
) -> Vec<Code> {
    let listed = reference.sectors.current(now.day_in_japan());
    let mut ordered: Vec<Code> = listed
        .map(|sector| sector.code.clone())
        .filter(|code| rows.contains(code))
        .collect();
    let rest: Vec<Code> = rows
        .iter()
        .filter(|row| !ordered.contains(row))
        .cloned()
        .collect();
    ordered.extend(rest);
    ordered
}

fn shown(reader: &Reader<'_>, name: &str) -> Result<Shown, StoreError> {
    Ok(situation::figures(reader, name)?.into_iter().collect())
}

fn quarter_figures(reader: &Reader<'_>, name: &str) -> Result<QuarterFigures, StoreError> {
    let mut sectors = shown(reader, name)?;
    let whole = sectors.remove(situation::ALL_SECTORS);
    Ok(QuarterFigures { sectors, whole })
}

fn period(name: &str) -> Result<Period, StoreError> {
    name.parse().map_err(|_| corrupt())
}

fn quarter_of(name: &str) -> Result<Quarter, StoreError> {
    let start = name.strip_prefix("quarter:").ok_or_else(corrupt)?;
    start.parse().map_err(|_| corrupt())
}

fn corrupt() -> StoreError {
    StoreError::Corrupt {
        table: "situation_table",
        column: "period",
    }
}

/// Commits to the publication: which table, and how many figures of it are shown.
fn log(tx: &Tx<'_>, name: &str, shown: usize) -> Result<(), StoreError> {
    let entry = Entry {
        event: "figures-published",
        object: tx.hub().to_owned(),
        owner: None::<OrganizationId>,
        facts: vec![("table", name.to_owned()), ("shown", shown.to_string())],
    };
    record(tx, &entry)
}
