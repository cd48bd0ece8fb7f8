//! Things in every state in which somebody is offered a form about them: one thing for each POST route
//! whose path names one.
//!
//! Each target has a thing of its own, so that what is done to one leaves the others as they are.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::advisory::delivery::Failure;
use domain::handling::{Circle, Consent, Tlp};
use domain::id::{AdvisoryId, MessageId, OpeningId, ReportId};
use domain::organization::Role;
use domain::release::border::Passage;
use hub::finding::FindingTerms;
use hub::set_up::{KeyPair, Name};
use seal::identity::{Handover, OpeningRequest, approve_share};
use sim::country::{CARRIER, ROLES, Who};
use sim::crawl::{Offered, forms};
use sim::history::{Op, ready_review};
use sim::trace::Trace;
use sim::world::{World, seeded};

use crate::crossed::route_of;
use crate::reference;

const SEED: u64 = 61;
/// A text that is nobody's, for fields that want one.
const TEXT: &str = "様子を見てから決める";
/// The slot of the relay's custodians that has a successor.
const SLOT: u8 = 1;

/// A thing, and the form about it that somebody is offered.
pub(crate) struct Target {
    /// Path of the POST route.
    pub(crate) route: &'static str,
    /// The organization in which somebody is offered it; nobody elsewhere is.
    pub(crate) house: &'static str,
    /// What stands in the path: an id, or the number of a slot.
    pub(crate) thing: String,
    /// What is typed into the form; what is empty is left out.
    typed: Vec<(&'static str, String)>,
}

/// A world with its targets.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) trace: Trace,
    pub(crate) targets: Vec<Target>,
    number: u64,
}

/// Where the form about a thing of each kind may stand.
const PAGES: [(&str, &[&str]); 11] = [
    (
        "adv",
        &[
            "/advisories/{}",
            "/advisories/{}/edit",
            "/advisories/{}/check",
            "/advisories/{}/reach",
            "/advisories/{}/recall",
            "/advisories/{}/tighten",
            "/advisories/{}/close",
        ],
    ),
    (
        "rpt",
        &[
            "/reports/{}",
            "/reports/{}/close",
            "/sent/{}",
            "/sent/{}/history",
            "/sent/{}/update",
            "/sent/{}/terms",
            "/sent/{}/outgoing",
            "/openings/new/{}",
        ],
    ),
    ("rvw", &["/reviews/{}", "/reviews/{}/dry-run"]),
    ("msg", &["/messages/{}"]),
    ("drf", &["/drafts/{}/check", "/drafts/{}/what"]),
    ("cnd", &["/findings/{}", "/findings/{}/users"]),
    ("inc", &["/incidents/{}"]),
    ("opn", &["/openings/{}"]),
    ("qst", &["/questions/{}"]),
    ("ctd", &["/custodians/{}/hand-over"]),
    ("", &["/custodians/slots/{}"]),
];

/// Words of steps that are no form of their own: a script sends the form of the page there.
const BY_SCRIPT: &str = "/autosave";

impl Target {
    /// The same of another thing.
    pub(crate) fn about(&self, thing: String) -> Self {
        Self {
            route: self.route,
            house: self.house,
            thing,
            typed: self.typed.clone(),
        }
    }

    /// Who is offered the form, and the form as he would send it.
    pub(crate) fn offer(&self, world: &World) -> Option<(Who, Offered)> {
        let kind = self.thing.split_once('_').map_or("", |(kind, _)| kind);
        let (_, pages) = PAGES.iter().find(|(begin, _)| *begin == kind)?;
        let roles = ROLES.iter().chain([&Role::Custodian, &Role::FlowAnalyst]);
        let people = roles.map(|role| (self.house, *role));
        for who in people.filter(|who| world.country.places.contains_key(who)) {
            for page in *pages {
                let received = world.get(who, &page.replace("{}", &self.thing)).unwrap();
                let found = forms(&String::from_utf8_lossy(&received.body));
                if let Some(form) = found.into_iter().find_map(|form| self.filled(form)) {
                    return Some((who, form));
                }
            }
        }
        None
    }

    /// The form filled in, if it is the one of this route and thing.
    fn filled(&self, mut form: Offered) -> Option<Offered> {
        let asked = self.route.strip_suffix(BY_SCRIPT).unwrap_or(self.route);
        let names = form.action.contains(&format!("/{}", self.thing));
        if !names || route_of(&form.action) != Some(asked) {
            return None;
        }
        if asked != self.route {
            form.action += BY_SCRIPT;
        }
        for (name, value) in &self.typed {
            form.fields.retain(|(field, _)| field != name);
            if !value.is_empty() {
                form.fields.push(((*name).to_owned(), value.clone()));
            }
        }
        Some(form)
    }
}

/// The whole of it.
pub(crate) fn stage() -> Stage {
    let mut stage = Stage {
        world: World::new(SEED, &reference()).unwrap(),
        trace: Trace::default(),
        targets: Vec::new(),
        number: 0,
    };
    stage.issued();
    stage.questions();
    stage.composed();
    stage.drafts();
    stage.incidents();
    stage.findings();
    stage.messages();
    stage.openings();
    stage.desk();
    stage.reviews();
    stage.sent();
    // The last: whoever leaves keeps the shares of the reports before.
    stage.custodians();
    stage
}

fn typed(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect()
}

impl Stage {
    /// Plays a line, which must do what it says.
    fn play(&mut self, line: &str) {
        self.number += 1;
        self.play_whole(&format!("{line} {}", self.number));
    }

    fn play_whole(&mut self, line: &str) {
        let op: Op = line.parse().unwrap();
        self.trace.done.clear();
        op.play(&mut self.world, &mut self.trace).unwrap();
        assert!(self.trace.done.contains(&op.word()), "{line} was refused");
        self.trace.take_stock(&self.world).unwrap();
    }

    fn newest(&self, kind: &str) -> String {
        self.trace.things(kind).last().unwrap().clone()
    }

    fn add(
        &mut self,
        route: &'static str,
        house: &'static str,
        thing: String,
        filled: &[(&'static str, &str)],
    ) {
        self.targets.push(Target {
            route,
            house,
            thing,
            typed: typed(filled),
        });
    }

    fn actor(&self, name: &'static str, role: Role) -> (Who, Actor) {
        ((name, role), self.world.actor((name, role)).unwrap())
    }

    /// A new advisory of the center to kitahama, with its place.
    fn advisory(&mut self) -> (usize, AdvisoryId) {
        self.play("advise 0 1");
        let place = self.trace.advisories.len() - 1;
        (place, self.trace.addressed(place).unwrap().advisory)
    }

    /// A new report of kitahama to denryoku, with its place.
    fn report(&mut self, custody: &str) -> (usize, ReportId) {
        self.play(&format!("submit 1 {custody}"));
        let place = self.trace.reports.len() - 1;
        (place, self.trace.filed(place).unwrap().report)
    }

    fn issued(&mut self) {
        for (route, filled) in [
            ("/advisories/{advisory}/amend", &[][..]),
            ("/advisories/{advisory}/close", &[]),
            ("/advisories/{advisory}/nudge", &[("whom", "everybody")]),
            ("/advisories/{advisory}/recall", &[]),
            (
                "/advisories/{advisory}/tighten",
                &[("out", ""), ("tlp", "amber-strict")],
            ),
        ] {
            let (_, id) = self.advisory();
            self.add(route, "center", id.to_string(), filled);
        }
        let (_, id) = self.advisory();
        let answer = [("answer", "accepted")];
        let route = "/advisories/{advisory}/answer";
        self.add(route, "kitahama", id.to_string(), &answer);
        let (place, id) = self.advisory();
        self.play_whole(&format!("answer 1 {place}"));
        let route = "/advisories/{advisory}/feedback";
        self.add(route, "kitahama", id.to_string(), &[]);
        let (place, id) = self.advisory();
        self.play(&format!("on-advisory recall {place}"));
        let route = "/advisories/{advisory}/copies";
        let told = [("disposal", "deleted")];
        self.add(route, "kitahama", id.to_string(), &told);
        let (_, id) = self.advisory();
        let (who, actor) = self.actor("center", Role::Analyst);
        let call = self.world.call(who, &actor);
        hub::amend::amend(&self.world.hub, &call, id).unwrap();
        let route = "/advisories/{advisory}/amend/discard";
        self.add(route, "center", id.to_string(), &[]);
        let (_, id) = self.advisory();
        self.mail_fails();
        let route = "/advisories/{advisory}/retry";
        self.add(route, "center", id.to_string(), &[]);
    }

    fn questions(&mut self) {
        let (_, id) = self.advisory();
        let route = "/advisories/{advisory}/questions";
        self.add(route, "kitahama", id.to_string(), &[("question", TEXT)]);
        let (place, _) = self.advisory();
        self.play(&format!("on-advisory question {place}"));
        let id = self.newest("qst");
        self.add("/questions/{question}", "center", id, &[("answer", TEXT)]);
    }

    /// Every letter that is due is given up.
    fn mail_fails(&self) {
        let (hub, now) = (&self.world.hub, self.world.now());
        for turn in 0.. {
            let random = seeded(SEED).derive(&format!("take {turn}"));
            let due = hub::deliver::take_due(hub, now, random).unwrap();
            if due.is_empty() {
                return;
            }
            for dispatch in due {
                let random = seeded(SEED).derive(&dispatch.id.to_string());
                hub::deliver::failed(hub, dispatch.id, Failure::Refused, now, random).unwrap();
            }
        }
    }

    fn composed(&mut self) {
        for route in [
            "/advisories/{advisory}/edit",
            "/advisories/{advisory}/propose",
        ] {
            self.play("at compose 1");
            let id = self.newest("adv");
            self.add(route, "center", id, &[]);
        }
        self.play("at compose 1");
        let id = self.newest("adv");
        let (who, actor) = self.actor("center", Role::Analyst);
        let call = self.world.call(who, &actor);
        hub::compose::propose(&self.world.hub, &call, id.parse().unwrap()).unwrap();
        self.add("/advisories/{advisory}/issue", "center", id, &[]);
    }

    fn drafts(&mut self) {
        for (route, filled) in [
            ("/drafts/{draft}/check", &[][..]),
            ("/drafts/{draft}/discard", &[]),
            ("/drafts/{draft}/{question}", &[("headline", TEXT)]),
            ("/drafts/{draft}/{question}/autosave", &[("headline", TEXT)]),
        ] {
            self.play("at draft 1");
            let id = self.newest("drf");
            self.add(route, "kitahama", id, filled);
        }
    }

    fn incidents(&mut self) {
        for (route, filled) in [
            ("/incidents/{incident}/remove/{report}", &[("why", TEXT)]),
            ("/incidents/{incident}/merge", &[("why", TEXT)]),
        ] {
            let (place, _) = self.report("named");
            self.play(&format!("on-report group {place}"));
            let id = self.newest("inc");
            self.add(route, "denryoku", id, filled);
        }
    }

    /// Candidates that the carrier and its secretariat see, and nobody else.
    fn findings(&mut self) {
        let judged = [("judgment", "malicious"), ("reason", TEXT), ("days", "30")];
        let noted = [("step", "blocked"), ("happened", "2026/09/01 09:00")];
        let counted = [
            ("concerned", "4"),
            ("told", "3"),
            ("cured", "2"),
            ("uncured", "1"),
        ];
        for (host, route, house, filled) in [
            (1, "/findings/{candidate}/judge", "denryoku", &judged[..]),
            (2, "/findings/{candidate}/steps", "denryoku", &noted),
            (3, "/findings/{candidate}/users", CARRIER, &counted),
            (4, "/findings/{candidate}/withdraw", CARRIER, &[]),
        ] {
            let hours = ["null"; 24].join(",");
            let line = format!(
                r#"{{"server":"203.0.113.{host}","port":4444,"protocol":6,"score":20.0,"tier":"share","clients":null,"first":"2026-09-01T00:00:00Z","last":"2026-09-02T00:00:00Z","hours":[{hours}],"evidence":[]}}"#
            );
            let who = (CARRIER, Role::FlowAnalyst);
            let actor = self.world.actor(who).unwrap();
            let terms = FindingTerms {
                tlp: Tlp::Amber,
                purposes: ["defense".parse().unwrap()].into(),
                circles: [Circle::Secretariat].into(),
                consent: Consent::Refused,
                days: 30,
            };
            let call = self.world.call(who, &actor);
            let taken = hub::finding::submit(&self.world.hub, &call, &line, terms).unwrap();
            self.trace.take_stock(&self.world).unwrap();
            self.add(route, house, taken[0].candidate.to_string(), filled);
        }
    }

    /// The message of the ministry that waits at the relay, about a new report that was released.
    fn asked_from_above(&mut self) -> (usize, String) {
        let (place, _) = self.report("named");
        self.play(&format!("release {place}"));
        self.play(&format!("on-report ask-above {place}"));
        (place, self.newest("msg"))
    }

    fn messages(&mut self) {
        let (_, id) = self.asked_from_above();
        self.add("/messages/{id}", "denryoku", id, &[("text", TEXT)]);
        let (_, id) = self.asked_from_above();
        self.add("/messages/{id}/hold", "denryoku", id, &[]);
        let (place, _) = self.asked_from_above();
        self.play(&format!("on-report forward {place}"));
        self.play(&format!("on-report reply {place}"));
        let id = self.newest("msg");
        let message: MessageId = id.parse().unwrap();
        let (who, actor) = self.actor("denryoku", Role::Analyst);
        let hub = &self.world.hub;
        let desk = hub::dialogue::desk(hub, &self.world.call(who, &actor), message).unwrap();
        let passage = Passage {
            text: TEXT.to_owned(),
            confirmed: BTreeSet::new(),
        };
        let call = self.world.call(who, &actor);
        hub::dialogue::write(hub, &call, message, desk.revision, passage).unwrap();
        self.add("/messages/{id}/pass", "denryoku", id, &[]);
    }

    fn openings(&mut self) {
        let (_, report) = self.report("unnamed");
        let filled = [("reason", TEXT)];
        let route = "/openings/new/{report}";
        self.add(route, "denryoku", report.to_string(), &filled);
        for route in [
            "/openings/{id}/agreements",
            "/openings/{id}/identity",
            "/openings/{id}/refuse",
            "/openings/{id}/withdraw",
        ] {
            let (place, _) = self.report("unnamed");
            self.play(&format!("unseal {place}"));
            let id = self.newest("opn");
            let opening: OpeningId = id.parse().unwrap();
            let agreement = self.agreement(opening, 2);
            if route.ends_with("/identity") {
                let (who, actor) = self.actor("denryoku", Role::Officer);
                for text in [self.agreement(opening, 1), agreement.clone()] {
                    let call = self.world.call(who, &actor);
                    hub::open_seal::hand_in(&self.world.hub, &call, opening, &text).unwrap();
                }
            }
            self.add(route, "denryoku", id, &[("agreement", &agreement)]);
        }
    }

    /// The keys of the relay's custodians, as the country drew them.
    pub(crate) fn keys() -> [KeyPair; 3] {
        let mut random = seeded(SEED).derive("country").derive("custodian keys");
        std::array::from_fn(|_| KeyPair::generate(&mut random))
    }

    /// What the custodian in `slot` hands in.
    fn agreement(&self, id: OpeningId, slot: usize) -> String {
        let (who, actor) = self.actor("denryoku", Role::Officer);
        let call = self.world.call(who, &actor);
        let file = hub::open_seal::request_file(&self.world.hub, &call, id).unwrap();
        let asked = OpeningRequest::from_json(&file).unwrap();
        let mut random = seeded(SEED).derive(&format!("agreement {id} {slot}"));
        approve_share(&Self::keys()[slot - 1].secret, &asked, &mut random)
            .unwrap()
            .to_json()
    }

    fn desk(&mut self) {
        for (route, filled) in [
            ("/reports/{id}/close", &[][..]),
            ("/reports/{id}/group", &[("name", TEXT), ("why", TEXT)]),
            ("/reports/{id}/opinion", &[("users", "users-none")]),
            ("/reports/{id}/questions", &[("text", TEXT)]),
            ("/reports/{id}/review", &[]),
        ] {
            let (_, report) = self.report("named");
            self.add(route, "denryoku", report.to_string(), filled);
        }
        self.play("near-miss 1 named");
        let id = self.newest("rpt");
        self.add("/near-miss/{report}/promote", "kitahama", id, &[]);
    }

    fn reviews(&mut self) {
        for route in ["/reviews/{id}", "/reviews/{id}/withhold"] {
            let (_, report) = self.report("named");
            let (who, actor) = self.actor("denryoku", Role::Analyst);
            let call = self.world.call(who, &actor);
            let id = hub::release::begin(&self.world.hub, &call, report).unwrap();
            let filled = [("reason", TEXT)];
            self.add(route, "denryoku", id.to_string(), &filled);
        }
        for route in ["/reviews/{id}/approve", "/reviews/{id}/author"] {
            let (place, _) = self.report("named");
            self.number += 1;
            let number = self.number;
            let review = ready_review(&self.world, &mut self.trace, place, number).unwrap();
            self.add(route, "denryoku", review.unwrap().to_string(), &[]);
        }
        self.trace.take_stock(&self.world).unwrap();
    }

    fn sent(&mut self) {
        let (place, report) = self.report("named");
        self.play(&format!("ask {place}"));
        let route = "/sent/{report}/messages";
        self.add(route, "kitahama", report.to_string(), &[("text", TEXT)]);
        let (place, report) = self.report("named");
        self.play(&format!("on-report consult {place}"));
        let route = "/sent/{report}/outgoing";
        self.add(
            route,
            "kitahama",
            report.to_string(),
            &[("answer", "approved")],
        );
        for (route, filled) in [
            (
                "/sent/{report}/terms",
                &[("summary-consent", "refused")][..],
            ),
            (
                "/sent/{report}/update",
                &[("narrative", TEXT), ("then", "send")],
            ),
            ("/sent/{report}/withdraw", &[]),
        ] {
            let (_, report) = self.report("named");
            self.add(route, "kitahama", report.to_string(), filled);
        }
    }

    /// The first slot has a successor, to whom the shares have still to go.
    fn custodians(&mut self) {
        let _sealed = self.report("unnamed");
        let (who, actor) = self.actor("denryoku", Role::Administrator);
        let hub = &self.world.hub;
        let before = hub::custodians::desk(hub, &self.world.call(who, &actor)).unwrap();
        let leaving = before.in_office[usize::from(SLOT) - 1].id;
        let next = KeyPair::generate(&mut seeded(SEED).derive("successor"));
        let name = Name::parse("後任").unwrap();
        let key = next.public.to_string();
        let call = self.world.call(who, &actor);
        hub::custodians::appoint(hub, &call, SLOT, &name, &key).unwrap();
        let call = self.world.call(who, &actor);
        let file = hub::custodians::hand_over_file(hub, &call, leaving).unwrap();
        let given = Handover::from_json(&file).unwrap();
        let [old, ..] = Self::keys();
        let mut random = seeded(SEED).derive("hand-over");
        let moved = given
            .rewrap(&old.secret, &next.public, &mut random)
            .unwrap();
        let filled = [("verified", "yes"), ("hand_over", &moved.to_json())];
        let route = "/custodians/{id}/hand-over";
        self.add(route, "denryoku", leaving.to_string(), &filled);
        let fresh = KeyPair::generate(&mut seeded(SEED).derive("appointed"));
        let filled = [
            ("name", "監査役"),
            ("public_key", &fresh.public.to_string()),
            ("step", "appoint"),
            ("compared", "yes"),
        ];
        let route = "/custodians/slots/{slot}";
        self.add(route, "denryoku", "2".to_owned(), &filled);
        self.trace.take_stock(&self.world).unwrap();
    }
}
