//! Writing through the API: what a token may not do, and what is no token.

use std::collections::BTreeSet;

use domain::organization::Role;
use domain::policy::Action;
use sim::country::Who;
use sim::trace::Trace;
use sim::world::{Received, World};
use web::routes::table;

use crate::attack::{difference, scene, state};
use crate::sweep::{plain, same};

const SOURCE: Who = ("kitahama", Role::DutyOfficer);
const NEIGHBOR: Who = ("minamino", Role::DutyOfficer);
const RELAY: Who = ("denryoku", Role::Officer);
const JSON: &str = "application/json";
/// A key as programs choose them.
const KEY: &str = "00000000000000000000000000000001";
/// An id of a report that never was.
const ABSENT: &str = "rpt_7zzzzzzzzzzzzzzzzzzzzzzzzz";

/// The POST routes of the API, each with a body that it takes.
const BODIES: [(&str, &str); 2] = [
    (
        "/api/v1/near-misses",
        r#"{"kind": "open-hole", "scope": "unnamed", "line": "保守用の口が開いていた"}"#,
    ),
    (
        "/api/v1/reports",
        r#"{"kind": "incident", "custody": "named", "tlp": "amber", "purposes": ["defense"],
            "circles": ["ministry"], "consent": "granted",
            "answers": {"contact-name": "当直", "systems": "監視端末", "technique": "不明な通信",
                "narrative": "監視端末が止まった", "event-types": ["malware-infection"],
                "detected-at": null}}"#,
    ),
];

/// What a carrier's program sends in, and nobody else's.
const FINDINGS: (&str, &str) = (
    "/api/v1/findings",
    r#"{"purposes": ["defense"], "circles": ["secretariat"], "findings": [{"server": "203.0.113.77",
        "port": 4444, "protocol": 6, "score": 20.0, "tier": "review", "clients": null,
        "first": "2026-09-01T00:00:00Z", "last": "2026-09-02T00:00:00Z",
        "hours": [null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null, null, null, null, null],
        "evidence": []}]}"#,
);
/// What it takes back.
const WITHDRAWN: &str = "/api/v1/findings/withdraw";
const CARRIER: Who = ("kitahama", Role::FlowAnalyst);

/// Who comes, beside what he writes.
enum Bearer<'a> {
    Token(&'a str),
    Cookie(&'a str),
}

fn posted(
    world: &World,
    path: &str,
    bearer: &Bearer<'_>,
    more: &[(&str, &str)],
    body: &str,
) -> Received {
    let written = match bearer {
        Bearer::Token(token) => ("authorization", format!("Bearer {token}")),
        Bearer::Cookie(secret) => ("cookie", format!("noroshi={secret}")),
    };
    let mut headers = vec![(written.0, written.1.as_str())];
    headers.extend(more);
    world.send_bare("POST", path, &headers, body).unwrap()
}

fn as_json(world: &World, path: &str, token: &str, body: &str) -> Received {
    let kind = [("content-type", JSON)];
    posted(world, path, &Bearer::Token(token), &kind, body)
}

/// A token of `who` for all that his role may do by one.
fn token(world: &World, who: Who) -> String {
    let scope = hub::tokens::scopes(&world.actor(who).unwrap());
    let scope: BTreeSet<Action> = scope.into_iter().collect();
    world.new_token(who, &scope).unwrap().unwrap()
}

fn unchanged(world: &World, before: &[String], tag: &str) {
    let changed = difference(before, &state(world));
    assert_eq!(changed, Vec::<String>::new(), "{tag}");
}

fn report_of(trace: &Trace, relay: &str) -> String {
    let mut filed = (0..).map_while(|place| trace.filed(place));
    let found = filed.find(|filed| filed.relay == relay).unwrap();
    found.report.to_string()
}

/// A new POST route of the API has to be attacked here.
#[test]
fn every_write_route_of_the_api_has_a_body_here() {
    let routes = table().into_iter().filter(|route| route.method == "POST");
    let all: BTreeSet<&str> = routes
        .map(|route| route.path)
        .filter(|path| path.starts_with("/api/"))
        .collect();
    let here = BODIES.iter().chain([&FINDINGS]).map(|(path, _)| *path);
    assert_eq!(all, here.chain([WITHDRAWN]).collect());
    let (world, _) = scene();
    let token = token(&world, SOURCE);
    for (path, body) in BODIES {
        let taken = as_json(&world, path, &token, body);
        let told = String::from_utf8_lossy(&taken.body).into_owned();
        assert_eq!(taken.status, 201, "{path}: {told}");
    }
}

#[test]
fn findings_come_from_a_carriers_program_and_from_no_other() {
    let (world, _) = scene();
    let (path, body) = FINDINGS;
    let carrier = token(&world, CARRIER);
    let narrow = BTreeSet::from([Action::ReadFindings]);
    let narrow = world.new_token(CARRIER, &narrow).unwrap().unwrap();
    let others = [token(&world, SOURCE), token(&world, RELAY), narrow];
    let before = state(&world);
    for token in &others {
        let refused = as_json(&world, path, token, body);
        let nowhere = as_json(&world, "/api/v1/nowhere", token, body);
        assert_eq!(refused.status, 404);
        assert_eq!(same(&refused, &nowhere), Ok(()));
    }
    for wrong in [
        body.replace("203.0.113.77", "192.168.7.7"),
        body.replace("203.0.113.77", "100.64.7.7"),
        body.replace("20.0", "-3e8"),
        body.replace("\"tier\"", "\"token\": \"a\", \"tier\""),
        body.replace("\"circles\": [\"secretariat\"], ", ""),
    ] {
        let refused = as_json(&world, path, &carrier, &wrong);
        assert_eq!(refused.status, 422, "{wrong}");
    }
    unchanged(&world, &before, "findings");
    let taken = as_json(&world, path, &carrier, body);
    let told = String::from_utf8_lossy(&taken.body).into_owned();
    assert_eq!(taken.status, 200, "{told}");
    assert!(told.contains("\"fate\":\"new\""), "{told}");
    let again = as_json(&world, path, &carrier, body);
    assert!(String::from_utf8_lossy(&again.body).contains("\"fate\":\"known\""));
    // It takes back what it sent, and nobody else does, nor what is not there.
    let told: serde_json::Value = serde_json::from_slice(&taken.body).unwrap();
    let candidate = told["findings"][0]["candidate"].as_str().unwrap();
    let body = |candidate: &str| format!(r#"{{"candidate": "{candidate}"}}"#);
    let before = state(&world);
    for token in &others {
        let refused = as_json(&world, WITHDRAWN, token, &body(candidate));
        let nowhere = as_json(&world, "/api/v1/nowhere", token, &body(candidate));
        assert_eq!(refused.status, 404);
        assert_eq!(same(&refused, &nowhere), Ok(()));
    }
    for (absent, status) in [("cnd_7zzzzzzzzzzzzzzzzzzzzzzzzz", 404), ("7", 422)] {
        let refused = as_json(&world, WITHDRAWN, &carrier, &body(absent));
        assert_eq!(refused.status, status, "{absent}");
    }
    unchanged(&world, &before, "taken back by others");
    let done = as_json(&world, WITHDRAWN, &carrier, &body(candidate));
    assert_eq!(done.status, 200);
    let again = as_json(&world, path, &carrier, FINDINGS.1);
    assert!(String::from_utf8_lossy(&again.body).contains("\"fate\":\"known\""));
}

/// Nothing in a body names a thing of somebody else's: an id that is there is refused in the words
/// for one that is not, as the name of a field and as the answer in one.
#[test]
fn ids_of_others_are_no_words_of_the_api() {
    let (world, trace) = scene();
    let token = token(&world, SOURCE);
    let strange = report_of(&trace, "suido");
    let before = state(&world);
    let mut sent = 0;
    for (path, body) in BODIES {
        let ask = |id: &str, name: &str| {
            let rest = body.trim_start_matches('{');
            let with = format!("{{\"{name}\": \"{id}\", {rest}");
            let received = as_json(&world, path, &token, &with);
            assert!(!String::from_utf8_lossy(&received.body).contains(id));
            received
        };
        for name in ["id", "report", "organization", "membership", "relay"] {
            let (there, nowhere) = (ask(&strange, name), ask(ABSENT, name));
            assert_eq!(there.status, 422, "{path} {name}");
            assert_eq!(same(&there, &nowhere), Ok(()), "{path} {name}");
            sent += 2;
        }
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let ask = |id: &str| {
                let path = format!("/api/v1/reports/{id}");
                let bearer = format!("Bearer {token}");
                let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
                plain(
                    world.send_bare(method, &path, &headers, body).unwrap(),
                    &path,
                )
            };
            let there = ask(&strange);
            assert_eq!(there.status, 404, "{method}");
            assert_eq!(same(&there, &ask(ABSENT)), Ok(()), "{method}");
            sent += 2;
        }
    }
    println!("{sent} requests about somebody else's report");
    unchanged(&world, &before, "ids of others");
}

/// A token that may do something else; one of a role that never hands in; one that reads for a purpose
/// that nothing was offered for.
#[test]
fn a_token_does_what_its_scope_says_and_no_more() {
    let (world, trace) = scene();
    let narrow = BTreeSet::from([Action::ReadAdvisory]);
    let narrow = world.new_token(SOURCE, &narrow).unwrap().unwrap();
    let relay = token(&world, RELAY);
    let before = state(&world);
    for (path, body) in BODIES {
        for token in [&narrow, &relay] {
            let refused = as_json(&world, path, token, body);
            let nowhere = as_json(&world, "/api/v1/nowhere", token, body);
            assert_eq!(refused.status, 404, "{path}");
            assert_eq!(same(&refused, &nowhere), Ok(()), "{path}");
        }
    }
    unchanged(&world, &before, "scope");
    let report = report_of(&trace, "denryoku");
    let ask = |token: &str, id: &str| {
        let path = format!("/api/v1/reports/{id}");
        plain(world.by_token(token, "GET", &path).unwrap(), &path)
    };
    let ministry = ("ministry", Role::Officer);
    let triage = BTreeSet::from([Action::Triage]);
    let of_purpose = |purpose: &str| {
        let actor = world.actor(ministry).unwrap();
        let new = hub::tokens::NewToken {
            label: domain::text::BoundedText::parse("token").unwrap(),
            scope: triage.clone(),
            purpose: purpose.parse().unwrap(),
            expires_at: world.now().plus_seconds(86_400),
        };
        let call = world.call(ministry, &actor);
        hub::tokens::issue(&world.hub, &call, new).unwrap()
    };
    let released = {
        let places = 0..trace.reports.len();
        let mut reports = places.filter_map(|place| trace.filed(place));
        let reads = |id: &str| ask(&of_purpose("defense"), id).status == 200;
        reports
            .find(|filed| reads(&filed.report.to_string()))
            .unwrap()
            .report
            .to_string()
    };
    let other = of_purpose("supervision");
    let (there, nowhere) = (ask(&other, &released), ask(&other, ABSENT));
    assert_eq!(there.status, 404);
    assert_eq!(same(&there, &nowhere), Ok(()));
    assert_eq!(ask(&narrow, &report).status, 404);
}

/// Revoked, run out, of somebody who left, and what never was one: nothing tells them apart, and none of
/// them writes.
#[test]
fn what_is_no_token_any_more_answers_like_what_never_was_one() {
    let (world, _) = scene();
    let gone: Who = ("kitahama", Role::Analyst);
    let short = {
        let actor = world.actor(SOURCE).unwrap();
        let new = hub::tokens::NewToken {
            label: domain::text::BoundedText::parse("token").unwrap(),
            scope: BTreeSet::from([Action::Submit]),
            purpose: "defense".parse().unwrap(),
            expires_at: world.now().plus_seconds(60),
        };
        let call = world.call(SOURCE, &actor);
        hub::tokens::issue(&world.hub, &call, new).unwrap()
    };
    let left = token(&world, gone);
    let revoked = token(&world, NEIGHBOR);
    let good = token(&world, SOURCE);
    let (near_misses, body) = BODIES[0];
    assert_eq!(as_json(&world, near_misses, &left, body).status, 201);
    assert_eq!(as_json(&world, near_misses, &revoked, body).status, 201);
    let actor = world.actor(NEIGHBOR).unwrap();
    let own = hub::tokens::list(&world.hub, &world.call(NEIGHBOR, &actor)).unwrap();
    for line in own {
        hub::tokens::revoke(&world.hub, &world.call(NEIGHBOR, &actor), line.id).unwrap();
    }
    let run: Who = ("kitahama", Role::Administrator);
    let actor = world.actor(run).unwrap();
    let place = world.country.places[&gone];
    hub::members::end_place(&world.hub, &world.call(run, &actor), place).unwrap();
    world.wait_seconds(61);
    let mut never = good.clone();
    let other = if never.pop() == Some('a') { 'b' } else { 'a' };
    never.push(other);
    let session = world.session(SOURCE).unwrap().to_owned();
    let before = state(&world);
    for (path, body) in BODIES {
        let told = |token: &str| as_json(&world, path, token, body);
        let nothing = told(&never);
        assert_eq!(nothing.status, 401);
        for (label, token) in [
            ("revoked", &revoked),
            ("run out", &short),
            ("of somebody who left", &left),
            ("a session's secret", &session),
            ("half a token", &good.chars().take(good.len() / 2).collect()),
            ("empty", &String::new()),
        ] {
            assert_eq!(same(&told(token), &nothing), Ok(()), "{path}: {label}");
        }
        // A browser cannot be made to write here, whatever it sends along.
        let csrf = world.token(SOURCE).unwrap();
        for kind in [JSON, "application/x-www-form-urlencoded", "text/plain"] {
            let bearer = Bearer::Cookie(&session);
            let more = [("content-type", kind), ("x-csrf-token", csrf.as_str())];
            let received = posted(&world, path, &bearer, &more, body);
            assert_eq!(same(&received, &nothing), Ok(()), "{path}: cookie, {kind}");
        }
        let in_the_address = format!("{path}?access_token={good}");
        let received = world.send_bare("POST", &in_the_address, &[("content-type", JSON)], body);
        assert_eq!(
            same(&received.unwrap(), &nothing),
            Ok(()),
            "{path}: address"
        );
    }
    // Nor does a token open a page.
    let as_cookie = [("cookie", format!("noroshi={good}"))];
    let headers = as_cookie
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let page = world.send_bare("GET", "/settings", &headers, "").unwrap();
    assert_eq!(page.status, 303);
    unchanged(&world, &before, "no token");
}

/// A body counts when it says that it is JSON, and is.
#[test]
fn what_does_not_say_that_it_is_json_is_not_taken() {
    let (world, _) = scene();
    let token = token(&world, SOURCE);
    let before = state(&world);
    for (path, body) in BODIES {
        let send = |more: &[(&str, &str)], body: &str| {
            let received = posted(&world, path, &Bearer::Token(&token), more, body);
            assert_eq!(received.status, 400, "{path} {more:?} {body}");
        };
        send(&[], body);
        for kind in [
            "text/plain",
            "text/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json-patch+json",
            "application/xml",
            "",
        ] {
            send(&[("content-type", kind)], body);
        }
        for body in [
            "",
            "[]",
            "null",
            "\"text\"",
            "{",
            body.trim_start_matches('{'),
        ] {
            send(&[("content-type", JSON)], body);
        }
        for key in ["1", "order 66", "", KEY.trim_end_matches('1')] {
            send(&[("content-type", JSON), ("idempotency-key", key)], body);
        }
    }
    unchanged(&world, &before, "not JSON");
    let (path, body) = BODIES[0];
    let with_charset = [("content-type", "application/json; charset=utf-8")];
    let taken = posted(&world, path, &Bearer::Token(&token), &with_charset, body);
    assert_eq!(taken.status, 201);
}

/// The key that another organization's program used, with the same body and with another: both are
/// taken as if nobody had ever used it, and what comes back is the own receipt.
#[test]
fn a_key_that_others_used_says_nothing() {
    let (world, _) = scene();
    let (first, second) = (token(&world, SOURCE), token(&world, NEIGHBOR));
    let with_key = [("content-type", JSON), ("idempotency-key", KEY)];
    for (path, body) in BODIES {
        let send =
            |token: &str, body: &str| posted(&world, path, &Bearer::Token(token), &with_key, body);
        let report = |received: &Received| {
            assert_eq!(received.status, 201, "{path}");
            let told = String::from_utf8_lossy(&received.body).into_owned();
            let (_, rest) = told.split_once("\"report\":\"").unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        if path.ends_with("reports") {
            // The key was used up by the near miss of either: their own, and so they are told.
            for token in [&first, &second] {
                assert_eq!(send(token, body).status, 409, "{path}");
            }
            continue;
        }
        let own = report(&send(&first, body));
        assert_eq!(report(&send(&first, body)), own, "sent twice");
        let others = report(&send(&second, body));
        assert_ne!(others, own);
        assert_eq!(report(&send(&second, body)), others, "sent twice");
        let other_body = body.replace("保守用の口", "窓");
        for token in [&first, &second] {
            assert_eq!(send(token, &other_body).status, 409, "another body");
        }
    }
}
