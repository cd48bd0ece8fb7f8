//! How a server is called.

use super::{Case, carried, evidence, ramp};
use crate::engine::profile::median;
use crate::engine::rhythm::{Comb, TICKS_PER_SECOND};
use crate::engine::spray::SEARCH_MIN;
use crate::finding::{Evidence, EvidenceCode as Code};
use crate::service;

/// Above this sampling the clock of one client is gone (docs/flow.md): calls that are seen lie tens
/// of periods apart.
const RHYTHM_SAMPLING_MAX: u32 = 100;

/// From here on ports are given out to clients, and peers of all kinds listen on them.
const EPHEMERAL_MIN: u16 = 32_768;

/// So many clients together have a day of people.
const DAY_CLIENTS_MIN: u64 = 100;

/// The weight of calls by the clock that leave no doubt: on ports of usual services, where updates,
/// push and telemetry are by the clock as well, and on others.
const AUTOMATION_USUAL: f64 = 12.0;
const AUTOMATION_OTHER: f64 = 16.0;

/// The share of that which a clock that runs early and late has: more is like it by chance.
const LOOSE: f64 = 0.75;

/// A natural logarithm in decibans.
const DECIBANS_PER_NAT: f64 = 10.0 / std::f64::consts::LN_10;

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Evidence>) {
    let looks = [
        automation,
        flat,
        uniform,
        small_talk,
        small_packets,
        failures,
        odd_port,
        not_the_service,
        held_open,
        upload,
        scan_target,
        flood,
    ];
    found.extend(looks.iter().filter_map(|look| look(case)));
}

/// Waits between calls are alike, or multiples of one, where people's are of every length.
fn automation(case: &Case<'_>) -> Option<Evidence> {
    if case.profile.sampling > RHYTHM_SAMPLING_MAX {
        return None;
    }
    let watch = case.profile.watch.as_ref()?;
    let beat = watch.rhythm.beat()?;
    let steady = if watch.steady_of >= 2 {
        f64::from(watch.steady) / f64::from(watch.steady_of)
    } else {
        0.0
    };
    let strength = ramp(beat.alike.max(steady), 0.12, 0.75);
    let most = if service::is_usual(case.server.port) {
        AUTOMATION_USUAL
    } else {
        AUTOMATION_OTHER
    };
    let by_heaps = most * strength * carried(beat.waits, 6.0);
    // The comb costs most of the judging, and adds nothing to waits that are all alike.
    let comb = if by_heaps < 0.8 * most {
        Comb::of(watch.rhythm.recent())
    } else {
        None
    };
    let by_comb = comb.map_or(0.0, |comb| {
        (comb.surprise * DECIBANS_PER_NAT / 2.0).min(most)
    });
    let loose = beat.loose;
    let by_loose = LOOSE * most * ramp(loose.share, 0.6, 0.92) * carried(loose.waits, 10.0);
    let mut told = (by_heaps, beat.period_seconds);
    let others = [
        (by_comb, comb.map_or(0.0, |comb| comb.period_seconds)),
        (by_loose, loose.period_seconds),
    ];
    for other in others {
        if other.0 > told.0 {
            told = other;
        }
    }
    Some(evidence(Code::Automation, told.1, told.0))
}

/// Called by day and by night, where all clients together have a day: how much likelier the hours of
/// the calls are when no hour is preferred. Calls of one session fall together, so half of it counts.
fn flat(case: &Case<'_>) -> Option<Evidence> {
    let hours = &case.profile.hours;
    let calls: u32 = hours.iter().map(|calls| u32::from(*calls)).sum();
    if case.span_seconds() < 16.0 * 3_600.0 || calls < 12 {
        return None;
    }
    let all = f64::from(calls);
    let (mut entropy, mut likelier) = (0.0, 0.0);
    for (calls, usual) in hours.iter().zip(case.usual_day) {
        let (calls, usual) = (f64::from(*calls), usual.max(0.002));
        likelier += calls * (1.0 / (24.0 * usual)).ln();
        if calls > 0.0 {
            entropy -= calls / all * (calls / all).ln();
        }
    }
    let even = entropy.exp() / 24.0;
    // A few clients have no common day to be beside.
    let by_day = if case.engine.clients.count() >= DAY_CLIENTS_MIN {
        (likelier * DECIBANS_PER_NAT / 2.0).clamp(0.0, 10.0) * ramp(even, 0.4, 0.6)
    } else {
        0.0
    };
    let alone = 4.0 * ramp(even, 0.6, 0.9) * carried(calls, 12.0);
    Some(evidence(Code::Flat, even, by_day.max(alone)))
}

/// Calls of one size.
fn uniform(case: &Case<'_>) -> Option<Evidence> {
    if case.is_sampled() {
        return None;
    }
    let watch = case.profile.watch.as_ref()?;
    if watch.same_size_of < 2 {
        return None;
    }
    let same = f64::from(watch.same_size) / f64::from(watch.same_size_of);
    let weight = 5.0 * ramp(same, 0.3, 0.9) * carried(watch.same_size_of, 4.0);
    Some(evidence(Code::Uniform, same, weight))
}

/// Short calls, answered as shortly: orders are waited for, nothing is fetched.
fn small_talk(case: &Case<'_>) -> Option<Evidence> {
    if case.is_sampled() || case.profile.answers == 0 {
        return None;
    }
    let (forth, back) = (
        median(&case.profile.sizes)?,
        median(&case.profile.sizes_back)?,
    );
    let short = 1.0 - ramp(forth + back, 1_000.0, 3_000.0);
    let level = 1.0 - ramp(back / forth, 2.0, 5.0);
    let weight = 4.0 * short * level * carried(case.profile.calls, 3.0);
    Some(evidence(Code::SmallTalk, forth + back, weight))
}

/// Where packets are sampled the size of a call is not seen, but that of its packets is: those that
/// keep a connection alive, or try to open one, carry next to nothing.
fn small_packets(case: &Case<'_>) -> Option<Evidence> {
    let profile = case.profile;
    if !case.is_sampled() || profile.packets < 8 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "octets and packets, as a mean")]
    let octets = profile.octets as f64 / profile.packets as f64;
    let weight = 4.0 * (1.0 - ramp(octets, 60.0, 110.0));
    Some(evidence(Code::SmallPackets, octets, weight))
}

/// Nobody answers, and the client tries again and again.
fn failures(case: &Case<'_>) -> Option<Evidence> {
    let profile = case.profile;
    if case.is_sampled() {
        return failures_sampled(case);
    }
    if profile.failed < 3 {
        return None;
    }
    let share = f64::from(profile.failed) / f64::from(profile.calls.max(1));
    let again: u32 = case
        .pairs
        .iter()
        .filter(|pair| tried_everywhere(case, pair.client) < SEARCH_MIN)
        .map(|pair| u32::from(pair.failed.saturating_sub(1)))
        .sum();
    let weight = 8.0 * ramp(share, 0.1, 0.6) * carried(again, 4.0);
    Some(evidence(Code::Failures, share, weight))
}

/// Of calls that succeed one packet in five or ten is a beginning; where nearly all that were sampled
/// are, and next to nothing came back, no call succeeds.
fn failures_sampled(case: &Case<'_>) -> Option<Evidence> {
    let profile = case.profile;
    if profile.tried < 6 {
        return None;
    }
    let share = f64::from(profile.tried) / f64::from(profile.calls.max(1));
    let answered = f64::from(profile.answers) / f64::from(profile.calls.max(1));
    let silence = 1.0 - ramp(answered, 0.5, 1.2);
    let weight = 8.0 * ramp(share, 0.4, 0.8) * silence * carried(profile.tried, 6.0);
    Some(evidence(Code::Failures, share, weight))
}

/// A port that ordinary clients do not call.
fn odd_port(case: &Case<'_>) -> Option<Evidence> {
    let port = case.server.port;
    if service::is_usual(port) || service::is_polling(case.server.protocol, port) {
        return None;
    }
    let weight = match (case.server.protocol, port) {
        (service::TCP, EPHEMERAL_MIN.. | 81..=90 | 8_000..=8_999) => 6.0,
        (service::TCP, _) => 10.0,
        (_, EPHEMERAL_MIN..) => 1.0,
        _ => 4.0,
    };
    let called = carried(case.profile.seen(), 2.0);
    Some(evidence(Code::OddPort, f64::from(port), weight * called))
}

/// A port of TLS whose calls are too short for its handshake, and yet carry something.
fn not_the_service(case: &Case<'_>) -> Option<Evidence> {
    let server = case.server;
    if case.is_sampled() || !service::is_tls(server.protocol, server.port) {
        return None;
    }
    // Pieces of sessions that began before say nothing of a handshake.
    if case.profile.opened * 2 < case.profile.calls {
        return None;
    }
    let (forth, back) = (
        median(&case.profile.sizes)?,
        median(&case.profile.sizes_back)?,
    );
    let carries = ramp(forth + back, 250.0, 500.0);
    let short = 1.0 - ramp(forth + back, 900.0, 1_400.0);
    let weight = 8.0 * carries * short * carried(case.profile.answers, 4.0);
    Some(evidence(Code::NotTheService, forth + back, weight))
}

/// Sessions that are held open for hours and carry next to nothing.
fn held_open(case: &Case<'_>) -> Option<Evidence> {
    let profile = case.profile;
    let seconds = f64::from(profile.longest) / f64::from(TICKS_PER_SECOND);
    // One session is not seen as one where packets are sampled.
    if seconds < 600.0 || case.is_sampled() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "octets, as a rate")]
    let octets = profile.octets.saturating_add(profile.octets_back) as f64
        / f64::from(profile.seen().max(1));
    let trickle = 1.0 - ramp(octets / seconds, 50.0, 1_000.0);
    let weight = 8.0 * ramp(seconds / 3_600.0, 0.3, 3.0) * trickle;
    Some(evidence(Code::HeldOpen, seconds / 3_600.0, weight))
}

/// Clients send far more than they receive, call by call.
fn upload(case: &Case<'_>) -> Option<Evidence> {
    let profile = case.profile;
    if case.is_sampled() || profile.answers == 0 {
        return None;
    }
    let (forth, back) = (median(&profile.sizes)?, median(&profile.sizes_back)?);
    let ratio = forth / back;
    let weight =
        6.0 * ramp(ratio, 2.0, 8.0) * ramp(forth, 500.0, 2_000.0) * carried(profile.calls, 3.0);
    Some(evidence(Code::Upload, ratio, weight))
}

/// One of many doors that are tried, and no answer: a target, no server. Whoever comes again and again
/// is after this one.
fn scan_target(case: &Case<'_>) -> Option<Evidence> {
    let profile = case.profile;
    let on_many_hosts = case
        .pairs
        .iter()
        .map(|pair| tried_everywhere(case, pair.client))
        .max()
        .unwrap_or(0);
    let doors = on_many_hosts.max(u64::from(case.ports_in_vain));
    let unanswered = f64::from(profile.failed) / f64::from(profile.calls.max(1));
    #[expect(clippy::cast_precision_loss, reason = "calls and clients, as a mean")]
    let calls = f64::from(profile.calls) / profile.clients.count().max(1) as f64;
    let once = 1.0 - ramp(calls, 10.0, 40.0);
    let weight = -20.0 * ramp(unanswered, 0.3, 0.7) * once;
    #[expect(clippy::cast_precision_loss, reason = "at most some 65,536 ports")]
    let value = doors as f64;
    (doors >= SEARCH_MIN).then(|| evidence(Code::ScanTarget, value, weight))
}

/// Calls that come faster than any talk needs: an attack on the server. One client among others that
/// does so says nothing of the server; all of them do.
fn flood(case: &Case<'_>) -> Option<Evidence> {
    let rates = case.pairs.iter().map(|pair| {
        let ticks = pair.last.saturating_sub(pair.first).max(1);
        let rate = f64::from(pair.calls) * f64::from(TICKS_PER_SECOND) / f64::from(ticks);
        let surely = ramp(rate, 2.0, 10.0) * ramp(f64::from(pair.calls), 100.0, 1_000.0);
        (surely, rate)
    });
    let (surely, fastest) = rates.fold((0.0, 0.0_f64), |(sum, fastest), (surely, rate)| {
        (
            sum + surely,
            if surely > 0.0 {
                fastest.max(rate)
            } else {
                fastest
            },
        )
    });
    #[expect(
        clippy::cast_precision_loss,
        reason = "clients of one server behind the gate"
    )]
    let share = surely / case.pairs.len().max(1) as f64;
    let weight = -15.0 * ramp(share, 0.2, 0.6);
    (surely > 0.0).then(|| evidence(Code::Flood, fastest, weight))
}

/// On how many servers the client tried this port in vain.
fn tried_everywhere(case: &Case<'_>, client: u32) -> u64 {
    case.engine.sprays.tried_on(client, case.server.port)
}
