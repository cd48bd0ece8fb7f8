//! Who calls a server, and what is known of it.

use super::{Case, evidence, popular_min, ramp};
use crate::engine::pair::Pair;
use crate::engine::rhythm::TICKS_PER_SECOND;
use crate::finding::{Evidence, EvidenceCode as Code};
use crate::knowledge::{Network, Verdict};
use crate::service;

/// Clients with so many calls can be compared with each other.
const COMPARED_CALLS_MIN: u16 = 3;

/// Rates and sizes within this ratio are alike.
const ALIKE_RATIO: f64 = 1.3;

/// A client that was seen over this time did not do it in one sitting.
const SPAN_MIN_SECONDS: f64 = 6.0 * 3_600.0;

/// A server is new for so many hours, and less and less so until a week is over.
const NOVEL_HOURS: f64 = 72.0;
const WEEK_HOURS: f64 = 168.0;

/// The weight of being new, which never makes a group of evidence; that of coming back, which a
/// command server does and most of what is new does not; and that of being there for a month. Most
/// servers of a day are new, but few of those that something polls: what a weight is about is a server
/// that other evidence speaks for already.
const NOVEL: f64 = 4.0;
const COMES_BACK: f64 = 1.0;
const OLD: f64 = -3.0;

const MILLIS_PER_DAY: f64 = 86_400_000.0;

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Evidence>) {
    let looks = [
        alike,
        scanning_clients,
        known,
        novel,
        delivery,
        cloud,
        vendor,
        public_service,
        popular,
        polling_port,
        judged,
    ];
    found.extend(looks.iter().filter_map(|look| look(case)));
}

/// Its clients call equally often.
fn alike(case: &Case<'_>) -> Option<Evidence> {
    if case.is_sampled() {
        return alike_sampled(case);
    }
    let mut waits: Vec<f64> = case
        .pairs
        .iter()
        .filter(|pair| pair.calls >= COMPARED_CALLS_MIN)
        .map(|pair| wait(pair))
        .collect();
    if waits.len() < 3 {
        return None;
    }
    waits.sort_by(f64::total_cmp);
    let middle = *waits.get(waits.len() / 2)?;
    let near = |wait: &&f64| **wait <= middle * ALIKE_RATIO && **wait >= middle / ALIKE_RATIO;
    #[expect(
        clippy::cast_precision_loss,
        reason = "clients of one server behind the gate"
    )]
    let (alike, all) = (waits.iter().filter(near).count() as f64, waits.len() as f64);
    let weight = 8.0 * ramp(alike / all, 0.35, 0.85) * ramp(all, 2.0, 6.0);
    Some(evidence(Code::Alike, alike / all, weight))
}

/// Where packets are sampled, how often each client was seen: of clients that call equally often the
/// numbers scatter as chance has it (their variance is their mean), of people's much more. How often a
/// client is seen while it is active says nothing, since that is the rate of its packets.
fn alike_sampled(case: &Case<'_>) -> Option<Evidence> {
    let seen: Vec<f64> = case
        .pairs
        .iter()
        .map(|pair| f64::from(pair.calls))
        .collect();
    if seen.len() < 4 || case.span_seconds() < SPAN_MIN_SECONDS {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "clients of one server behind the gate"
    )]
    let clients = seen.len() as f64;
    let mean = seen.iter().sum::<f64>() / clients;
    let variance = seen.iter().map(|calls| (calls - mean).powi(2)).sum::<f64>() / (clients - 1.0);
    // All day long, and not in one sitting.
    let long = case
        .pairs
        .iter()
        .filter(|pair| spans(pair) >= SPAN_MIN_SECONDS)
        .count();
    #[expect(
        clippy::cast_precision_loss,
        reason = "clients of one server behind the gate"
    )]
    let long = long as f64 / clients;
    let even = 1.0 - ramp(variance / mean / (1.0 + 2.0 * mean), 0.15, 0.6);
    let told = ramp(mean, 2.0, 5.0) * ramp(clients, 3.0, 8.0);
    let share = even * ramp(long, 0.2, 0.7);
    Some(evidence(Code::Alike, share, 8.0 * share * told))
}

/// Seconds from the first call of a client to its last.
fn spans(pair: &Pair) -> f64 {
    f64::from(pair.last.saturating_sub(pair.first)) / f64::from(TICKS_PER_SECOND)
}

/// Mean wait between the calls of a client, in ticks.
fn wait(pair: &Pair) -> f64 {
    let ticks = pair.last.saturating_sub(pair.first).max(1);
    f64::from(ticks) / f64::from(pair.calls.max(2) - 1)
}

/// Its clients search for open doors, on other ports than this one.
fn scanning_clients(case: &Case<'_>) -> Option<Evidence> {
    if case.pairs.is_empty() {
        return None;
    }
    let searching = case
        .pairs
        .iter()
        .filter(|pair| case.searching.contains(&pair.client))
        .count();
    #[expect(
        clippy::cast_precision_loss,
        reason = "clients of one server behind the gate"
    )]
    let share = searching as f64 / case.pairs.len() as f64;
    Some(evidence(
        Code::ScanningClients,
        share,
        6.0 * ramp(share, 0.1, 0.6),
    ))
}

fn known(case: &Case<'_>) -> Option<Evidence> {
    let lists = case.knowledge.known(case.server)
        + case
            .knowledge
            .in_networks(Network::Sinkhole, case.server.address);
    let verdict = matches!(
        case.knowledge.verdict(case.server),
        Some((Verdict::Command, _))
    );
    let named = lists + u32::from(verdict);
    let weight = if verdict {
        40.0
    } else {
        20.0 + 3.0 * f64::from(named.saturating_sub(1).min(3))
    };
    (named > 0).then(|| evidence(Code::Known, f64::from(named), weight))
}

/// It was not there before, and stays since; or it is there for weeks.
fn novel(case: &Case<'_>) -> Option<Evidence> {
    if !case.knowledge.tells_new() {
        return None;
    }
    let past = case.knowledge.past(case.server)?;
    let hours = f64::from(past.hours);
    let fresh = 1.0 - ramp(hours, NOVEL_HOURS, WEEK_HOURS);
    let stays = ramp(f64::from(past.days), 1.0, 3.0);
    let old = ramp(hours, 2.0 * WEEK_HOURS, 4.0 * WEEK_HOURS);
    let weight = fresh * (NOVEL + COMES_BACK * stays) + OLD * old;
    Some(evidence(Code::Novel, hours, weight))
}

fn delivery(case: &Case<'_>) -> Option<Evidence> {
    in_networks(case, Network::Delivery, Code::Delivery, -10.0)
}

fn cloud(case: &Case<'_>) -> Option<Evidence> {
    in_networks(case, Network::Cloud, Code::Cloud, -6.0)
}

fn vendor(case: &Case<'_>) -> Option<Evidence> {
    in_networks(case, Network::Vendor, Code::Vendor, -12.0)
}

fn public_service(case: &Case<'_>) -> Option<Evidence> {
    in_networks(case, Network::PublicService, Code::PublicService, -15.0)
}

fn in_networks(case: &Case<'_>, kind: Network, code: Code, weight: f64) -> Option<Evidence> {
    let lists = case.knowledge.in_networks(kind, case.server.address);
    (lists > 0).then(|| evidence(code, f64::from(lists), weight))
}

/// Many use it.
fn popular(case: &Case<'_>) -> Option<Evidence> {
    let (clients, all) = (case.profile.clients.count(), case.engine.clients.count());
    let least = popular_min(all);
    #[expect(clippy::cast_precision_loss, reason = "numbers of clients")]
    let (share, over) = (
        clients as f64 / all.max(1) as f64,
        clients as f64 / least as f64,
    );
    (clients > least).then(|| evidence(Code::Popular, share, -20.0 * ramp(over, 0.5, 4.0)))
}

fn polling_port(case: &Case<'_>) -> Option<Evidence> {
    let port = case.server.port;
    service::is_polling(case.server.protocol, port)
        .then(|| evidence(Code::PollingPort, f64::from(port), -10.0))
}

fn judged(case: &Case<'_>) -> Option<Evidence> {
    let (verdict, left_ms) = case.knowledge.verdict(case.server)?;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of some months")]
    let days = (left_ms as f64 / MILLIS_PER_DAY).ceil();
    (verdict == Verdict::Benign).then(|| evidence(Code::JudgedBenign, days, -60.0))
}
