//! What is hidden costs what is absent costs, as far as a clock can tell from outside.
//!
//! Coarse on purpose: two answers that are asked for one after the other, in an order drawn anew each
//! time, so that whatever else the machine does falls on both; of the pairs' ratios the median. It finds
//! an answer that looks something up, opens it or renders it before it is refused; it does not find a
//! branch. The bound holds on a machine under load, since a load that comes and goes meets both.

#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]

use std::time::Instant;

use domain::organization::Role;
use hub::Random;
use sim::country::Who;
use sim::world::World;

use crate::attack::scene;

/// Pairs for each address.
const PAIRS: usize = 120;
/// Pairs before the first that counts: the entry of the refused attempt is written once a day.
const WARMING: usize = 6;
/// Largest median of the ratios, either way. A row that is found is read and a row that is not is not,
/// which in a program that is not optimized is up to a third of an answer.
const RATIO_MAX: f64 = 1.6;
const ABSENT: &str = "7zzzzzzzzzzzzzzzzzzzzzzzzz";

const SUIDO: Who = ("suido", Role::Officer);
const POLICE: Who = ("police", Role::Officer);
const NEIGHBOR: Who = ("minamino", Role::DutyOfficer);
const STRANGER: Who = ("aokawa", Role::DutyOfficer);

/// Who asks, how, and for what; `{}` is the id.
const ADDRESSES: [(Who, &str, &str, &str); 11] = [
    (SUIDO, "GET", "/reports/{}", "rpt"),
    (POLICE, "GET", "/reports/{}", "rpt"),
    // Of two operators one reads a report of the scene as a member of the relay's community.
    (NEIGHBOR, "GET", "/reports/{}", "rpt"),
    (STRANGER, "GET", "/reports/{}", "rpt"),
    (NEIGHBOR, "GET", "/sent/{}", "rpt"),
    (NEIGHBOR, "GET", "/advisories/{}", "adv"),
    (SUIDO, "GET", "/reviews/{}", "rvw"),
    (SUIDO, "GET", "/incidents/{}", "inc"),
    (SUIDO, "GET", "/messages/{}", "msg"),
    (NEIGHBOR, "POST", "/advisories/{}/answer", "adv"),
    (SUIDO, "POST", "/reports/{}/review", "rpt"),
];

/// Seconds that an answer took, which has to be 404.
fn seconds(world: &World, who: Who, method: &str, path: &str) -> f64 {
    let begun = Instant::now();
    let received = match method {
        "GET" => world.get(who, path),
        _ => world.post(who, path, &[]),
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(received.unwrap().status, 404, "{who:?} {method} {path}");
    seconds
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Medians of both, and of their ratios pair by pair.
fn measured(world: &World, who: Who, method: &str, paths: [&str; 2]) -> [f64; 3] {
    let mut random = Random::from_seed([71; 32]);
    let mut pairs = Vec::new();
    for turn in 0..WARMING + PAIRS {
        let mut pair = [0.0; 2];
        let first = usize::try_from(random.below(2)).unwrap();
        for place in [first, 1 - first] {
            pair[place] = seconds(world, who, method, paths[place]);
        }
        if turn >= WARMING {
            pairs.push(pair);
        }
    }
    let of = |value: fn(&[f64; 2]) -> f64| median(pairs.iter().map(value).collect());
    [
        of(|pair| pair[0]),
        of(|pair| pair[1]),
        of(|pair| pair[0] / pair[1]),
    ]
}

/// The ids of that kind which `who` may not have.
fn hidden(world: &World, who: Who, path: &str, ids: &[String]) -> Option<String> {
    let is_hidden = |id: &&String| {
        let page = path.split("{}").next().unwrap_or_default();
        world.get(who, &format!("{page}{id}")).unwrap().status == 404
    };
    ids.iter().find(is_hidden).cloned()
}

#[test]
fn what_is_hidden_costs_what_is_absent_costs() {
    let (mut world, trace) = scene();
    let mut compared = 0;
    for (who, method, path, kind) in ADDRESSES {
        let Some(id) = hidden(&world, who, path, trace.things(kind)) else {
            panic!("nothing of `{kind}` is hidden from {who:?}");
        };
        let there = path.replace("{}", &id);
        let nowhere = path.replace("{}", &format!("{kind}_{ABSENT}"));
        let [hidden, absent, ratio] = measured(&world, who, method, [&there, &nowhere]);
        println!(
            "{method:<4} {path:<24} {:<9} hidden {:>7.0} µs, absent {:>7.0} µs, {ratio:.3} ({PAIRS} pairs)",
            who.0,
            hidden * 1e6,
            absent * 1e6,
        );
        assert!(
            (1.0 / RATIO_MAX..=RATIO_MAX).contains(&ratio),
            "{method} {path} for {who:?}: {ratio}"
        );
        compared += 1;
    }
    assert_eq!(compared, ADDRESSES.len());
    // A page that reads what is hidden once more before it refuses is found.
    let id = trace.things("rpt")[0].clone();
    let costly = id.clone();
    world.wrap(move |pages| {
        let inner = pages.clone();
        pages.layer(axum::middleware::from_fn(
            move |request: axum::extract::Request, next: axum::middleware::Next| {
                let (inner, costly) = (inner.clone(), costly.clone());
                async move {
                    if request.uri().path().contains(&costly) {
                        let again = axum::http::Request::builder()
                            .uri(request.uri().clone())
                            .body(axum::body::Body::empty());
                        let (mut parts, body) = again.unwrap().into_parts();
                        parts.headers = request.headers().clone();
                        let again = axum::extract::Request::from_parts(parts, body);
                        let _lost = tower::ServiceExt::oneshot(inner, again).await;
                    }
                    next.run(request).await
                }
            },
        ))
    });
    let paths = [format!("/reports/{id}"), format!("/reports/rpt_{ABSENT}")];
    let [_, _, ratio] = measured(&world, POLICE, "GET", [&paths[0], &paths[1]]);
    println!("a page that looks twice: {ratio:.3}");
    assert!(ratio > RATIO_MAX, "{ratio}");
}
