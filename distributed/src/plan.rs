//! The plans: what is asked of kept profiles and talks, wherever it runs.

use std::net::IpAddr;

use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count_distinct, sum};
use datafusion::logical_expr::{Expr, col, lit, not, when};
use datafusion::prelude::DataFrame;
use flow::archive::profiles::EVERYTHING;
use flow::archive::shard;
use flow::column::Address;
use flow::profile::KeptProfile;

use crate::functions::{profile_merge, profile_score};

/// A server that is looked for; `None` is every port.
pub type Indicator = (IpAddr, Option<u16>);

/// One profile a server: columns `server`, `server_port`, `protocol`, `state`. Of `profiles`, which may
/// be filtered before.
///
/// # Errors
/// When the table is none of profiles.
pub fn merge(profiles: DataFrame) -> Result<DataFrame> {
    profiles.aggregate(server(), vec![merged()])
}

/// Of `profiles`, those of all servers together: what is usual.
///
/// # Errors
/// When the table is none of profiles.
pub fn everything(profiles: DataFrame) -> Result<DataFrame> {
    let everything = (EVERYTHING.address.ip(), Some(EVERYTHING.port));
    profiles.filter(named(&[everything]))
}

/// Of what [`merge`] gives, the servers with a score from `least` on, beside what is usual (`all`) and the
/// lists, as [`Texts::written`](crate::lists::Texts::written). Lists of more than [`LISTS_OCTETS_MAX`] do
/// not travel with a plan: then all servers come.
///
/// # Errors
/// When the table is none of merged profiles.
pub fn worth(merged: DataFrame, all: &KeptProfile, lists: &str, least: f64) -> Result<DataFrame> {
    if lists.len() > LISTS_OCTETS_MAX {
        return Ok(merged);
    }
    let mut taken = server();
    taken.extend([
        col("state"),
        lit(ScalarValue::Binary(Some(all.to_bytes()))),
        lit(lists),
    ]);
    merged.filter(profile_score().call(taken).gt_eq(lit(least)))
}

/// Ballista's messages end at 16 MiB, and a plan may name the lists more than once.
pub const LISTS_OCTETS_MAX: usize = 4 << 20;

/// What profiles tell of servers hour by hour, all collectors together: columns `server`, `server_port`,
/// `protocol`, `hour`, `state`.
///
/// # Errors
/// When the table is none of profiles.
pub fn hunt(profiles: DataFrame, indicators: &[Indicator]) -> Result<DataFrame> {
    let asked = profiles.filter(named(indicators))?;
    asked.aggregate(hourly(), vec![merged()])
}

/// What talks tell of servers hour by hour: columns `server`, `server_port`, `protocol`, `hour`, `calls`,
/// `octets`, `clients`. Who answered a knock from outside is no client; one with tokens under two keys is two. This reads sealed talks of
/// single subscribers: the purpose is to be written down before.
///
/// # Errors
/// When the table is none of talks.
pub fn sightings(talks: DataFrame, indicators: &[Indicator]) -> Result<DataFrame> {
    let asked = talks.filter(named(indicators))?;
    // A line that answers whoever knocks at it calls nobody.
    let is_call = || {
        let knocked = col("opened").eq(lit(OPENED_OUTSIDE));
        col("way").eq(lit(FORTH)).and(not(knocked))
    };
    let one = when(is_call(), lit(1_i64)).otherwise(lit(0_i64))?;
    let told = vec![
        sum(one).alias("calls"),
        sum(col("bytes")).alias("octets"),
        count_distinct(when(is_call(), col("subscriber")).end()?).alias("clients"),
    ];
    asked.aggregate(hourly(), told)
}

/// As `flow::archive` writes them.
const FORTH: u8 = 0;
const OPENED_OUTSIDE: u8 = 2;

/// Rows of these hours only, both included, spelled as folders are (`2027-01-15T08`).
///
/// # Errors
/// When the table has no hours.
pub fn between(table: DataFrame, from: Option<&str>, to: Option<&str>) -> Result<DataFrame> {
    let from = from.map(|from| col("hour").gt_eq(lit(from)));
    let to = to.map(|to| col("hour").lt_eq(lit(to)));
    match from.into_iter().chain(to).reduce(Expr::and) {
        Some(asked) => table.filter(asked),
        None => Ok(table),
    }
}

fn server() -> Vec<Expr> {
    vec![col("server"), col("server_port"), col("protocol")]
}

fn hourly() -> Vec<Expr> {
    let mut columns = server();
    columns.push(col("hour"));
    columns
}

fn merged() -> Expr {
    profile_merge().call(vec![col("state")]).alias("state")
}

/// Whether a row is of one of the servers. Its folder tells before the file is opened.
fn named(indicators: &[Indicator]) -> Expr {
    let one = |(address, port): &Indicator| {
        let address = Address::of(*address);
        let octets = address.bits().to_be_bytes().to_vec();
        let is_there = col("server").eq(lit(ScalarValue::FixedSizeBinary(16, Some(octets))));
        let in_folder = col("shard").eq(lit(format!("{:02}", shard(address))));
        let is_it = in_folder.and(is_there);
        match port {
            Some(port) => is_it.and(col("server_port").eq(lit(*port))),
            None => is_it,
        }
    };
    let any = indicators.iter().map(one).reduce(Expr::or);
    any.unwrap_or_else(|| lit(false))
}
