//! What a plan answers, out of its columns.

use anyhow::Context as _;
use datafusion::arrow::array::{ArrayRef, AsArray as _, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type, UInt8Type, UInt16Type, UInt64Type};
use flow::archive::profiles::EVERYTHING;
use flow::column::Address;
use flow::engine::Surroundings;
use flow::finding::{Finding, Server};
use flow::knowledge::Knowledge;
use flow::profile::KeptProfile;

/// What was seen of a server in an hour, by the talks themselves.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// Which server.
    pub server: Server,
    /// The hour, like `2027-01-15T08`.
    pub hour: String,
    /// Talks from clients.
    pub calls: i64,
    /// Octets both ways.
    pub octets: u64,
    /// Tokens.
    pub clients: i64,
}

/// Servers with their profiles, in order of the servers.
///
/// # Errors
/// When the answer is none of [`crate::plan::merge`], or a profile cannot be read.
pub fn profiles(batches: &[RecordBatch]) -> anyhow::Result<Vec<(Server, KeptProfile)>> {
    let mut found = Vec::new();
    for batch in batches {
        for (server, state) in servers(batch)?.into_iter().zip(states(batch)?) {
            found.push((server, state));
        }
    }
    found.sort_by_key(|(server, _)| *server);
    Ok(found)
}

/// What is usual: the profile of all servers together. Of none, nothing is usual: no server is popular, and
/// no hour is busy.
///
/// # Errors
/// When the answer is none of [`crate::plan::merge`], or a profile cannot be read.
pub fn usual(batches: &[RecordBatch]) -> anyhow::Result<KeptProfile> {
    let mut merged = profiles(batches)?.into_iter();
    let all = merged.find(|(server, _)| *server == EVERYTHING);
    Ok(all.map_or(KeptProfile::none(), |(_, all)| all))
}

/// Findings about servers, the highest score first; equal scores by address.
///
/// # Errors
/// When the answer is none of [`crate::plan::merge`], or a profile cannot be read.
pub fn findings(
    batches: &[RecordBatch],
    all: &KeptProfile,
    knowledge: &Knowledge,
) -> anyhow::Result<Vec<Finding>> {
    let merged = profiles(batches)?;
    let beside = Surroundings::new(all, knowledge);
    let servers = merged.iter().filter(|(server, _)| *server != EVERYTHING);
    let judged = servers.map(|(server, profile)| profile.judge(server, &beside));
    let mut findings: Vec<Finding> = judged.collect();
    findings.sort_by(|one, other| {
        let score = other.score.total_cmp(&one.score);
        score.then_with(|| one.server.cmp(&other.server))
    });
    Ok(findings)
}

/// Servers with hours and profiles, in order of server and hour.
///
/// # Errors
/// When the answer is none of [`crate::plan::hunt`], or a profile cannot be read.
pub fn hourly(batches: &[RecordBatch]) -> anyhow::Result<Vec<(Server, String, KeptProfile)>> {
    let mut found = Vec::new();
    for batch in batches {
        let rows = servers(batch)?.into_iter().zip(hours(batch)?);
        for ((server, hour), state) in rows.zip(states(batch)?) {
            found.push((server, hour, state));
        }
    }
    found.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    Ok(found)
}

/// What talks told, in order of server and hour.
///
/// # Errors
/// When the answer is none of [`crate::plan::sightings`].
pub fn sightings(batches: &[RecordBatch]) -> anyhow::Result<Vec<Sighting>> {
    let mut found = Vec::new();
    for batch in batches {
        let calls = column(batch, "calls", &DataType::Int64)?;
        let octets = column(batch, "octets", &DataType::UInt64)?;
        let clients = column(batch, "clients", &DataType::Int64)?;
        let numbers = calls
            .as_primitive::<Int64Type>()
            .values()
            .iter()
            .zip(octets.as_primitive::<UInt64Type>().values())
            .zip(clients.as_primitive::<Int64Type>().values());
        let rows = servers(batch)?.into_iter().zip(hours(batch)?);
        for ((server, hour), ((calls, octets), clients)) in rows.zip(numbers) {
            found.push(Sighting {
                server,
                hour,
                calls: *calls,
                octets: *octets,
                clients: *clients,
            });
        }
    }
    found.sort();
    Ok(found)
}

fn servers(batch: &RecordBatch) -> anyhow::Result<Vec<Server>> {
    let addresses = column(batch, "server", &DataType::FixedSizeBinary(16))?;
    let ports = column(batch, "server_port", &DataType::UInt16)?;
    let protocols = column(batch, "protocol", &DataType::UInt8)?;
    let rows = addresses
        .as_fixed_size_binary()
        .iter()
        .zip(ports.as_primitive::<UInt16Type>().values())
        .zip(protocols.as_primitive::<UInt8Type>().values());
    let one = |((address, port), protocol): ((Option<&[u8]>, &u16), &u8)| {
        let octets: [u8; 16] = address.context("a row has no server")?.try_into()?;
        Ok(Server {
            address: Address::v6(u128::from_be_bytes(octets)),
            port: *port,
            protocol: *protocol,
        })
    };
    rows.map(one).collect()
}

fn hours(batch: &RecordBatch) -> anyhow::Result<Vec<String>> {
    let hours = column(batch, "hour", &DataType::Utf8)?;
    let hours = hours.as_string::<i32>().iter();
    hours
        .map(|hour| Ok(hour.context("a row has no hour")?.to_owned()))
        .collect()
}

fn states(batch: &RecordBatch) -> anyhow::Result<Vec<KeptProfile>> {
    let states = column(batch, "state", &DataType::Binary)?;
    let states = states.as_binary::<i32>().iter();
    states
        .map(|octets| {
            Ok(KeptProfile::from_bytes(
                octets.context("a row has no profile")?,
            )?)
        })
        .collect()
}

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> anyhow::Result<ArrayRef> {
    let column = batch.column_by_name(name);
    let column = column.with_context(|| format!("the answer has no column `{name}`"))?;
    Ok(cast(column, kind)?)
}
