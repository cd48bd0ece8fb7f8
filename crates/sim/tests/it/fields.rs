//! Ids of others in the fields of a form of one's own: each POST route that reads an id from a field,
//! sent with an id of another house and with one that was never given.
//!
//! Both answers are the same, byte for byte, and nothing changes. `crossed` does the same at random with
//! the forms that stand on pages; here the routes are named, so that each is met.

use std::collections::BTreeSet;

use domain::organization::Role;
use sim::country::Who;
use sim::crawl::forms;
use sim::history::Op;
use sim::trace::Trace;
use sim::world::{Received, World};
use web::routes::table;

use crate::attack::{difference, scene, state};
use crate::sweep::{plain, same};

const ABSENT: &str = "7zzzzzzzzzzzzzzzzzzzzzzzzz";
const RUNS: Who = ("suido", Role::Administrator);
const OFFICER: Who = ("denryoku", Role::Officer);
const CLERK: Who = ("denryoku", Role::DutyOfficer);
const CENTER: Who = ("center", Role::Officer);
const DUTY: Who = ("kitahama", Role::DutyOfficer);
const MEMBER: Who = ("minamino", Role::DutyOfficer);
const ANSWERS: Who = ("kitahama", Role::Officer);

/// POST routes whose path names nothing and whose form holds no id of a thing that anybody could hide:
/// those of sessions and secrets (`alike`, `forged`), of tables and of what a browser holds open, of texts
/// that become a new thing, and of the register of organizations, which is open to all members.
const NO_ID: [&str; 43] = [
    "/communities",
    "/count",
    "/drafts/resume",
    "/findings/new",
    "/findings/send",
    "/first-run",
    "/join",
    "/mailbox",
    "/mailbox/close",
    "/mailbox/messages",
    "/mailbox/outgoing",
    "/mailbox/promote",
    "/mailbox/terms",
    "/mailbox/update",
    "/mailbox/withdraw",
    "/members/import",
    "/members/organizations",
    "/members/organizations/import",
    "/members/organizations/import/enter",
    "/members/organizations/import/marked",
    "/near-miss",
    "/near-miss/batch",
    "/near-miss/batch/marked",
    "/near-miss/batch/send",
    "/openings/delay",
    "/reports/new",
    "/roster/import",
    "/roster/import/marked",
    "/roster/import/save",
    "/settings/networks",
    "/settings/purpose",
    "/settings/sessions/end-others",
    "/settings/sign-in/app",
    "/settings/sign-in/both",
    "/settings/sign-in/passkey/begin",
    "/settings/sign-in/passkey/finish",
    "/settings/sign-in/password",
    "/settings/sign-in/recovery",
    "/settings/tokens",
    "/sign-in",
    "/sign-in/passkey/begin",
    "/sign-in/passkey/finish",
    "/sign-out",
];

/// Reads ids of reports; those that are hidden fall away.
const RESTING: &str = "/advisories/new";

/// What goes beyond the route of `fields`, to be looked up in the world: an id of somebody else's.
struct Case {
    who: Who,
    /// Path of the route, and of the thing of one's own that it names.
    route: &'static str,
    own: String,
    /// The field that takes the id, and the id; with a `?` a parameter of the address, in braces the
    /// second thing of the path.
    field: &'static str,
    strange: String,
    /// The other fields.
    fields: Vec<(String, String)>,
}

impl Case {
    /// What comes back for the form with `id` in its field, which is not told apart by it.
    fn sent(&self, world: &World, id: &str) -> Received {
        // Names of fields stand in paths too: `/members/place/end` takes a `place`.
        let mut path = if self.field.starts_with('{') {
            self.route.replace(self.field, id)
        } else {
            self.route.to_owned()
        };
        if let Some(parameter) = self.field.strip_prefix('?') {
            path = format!("{path}?{parameter}={id}");
        }
        if let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            path.replace_range(from..=to, &self.own);
        }
        let mut fields = vec![(self.field.to_owned(), id.to_owned())];
        fields.extend(self.fields.iter().cloned());
        let answer = if self.field.starts_with('?') {
            uploaded(world, self.who, &path, &fields)
        } else {
            world.post(self.who, &path, &fields).unwrap()
        };
        let mut received = plain(answer, &path);
        let text = String::from_utf8_lossy(&received.body).replace(id, "(id)");
        received.body = text.into_bytes();
        for (_, value) in &mut received.headers {
            *value = value.replace(id, "(id)");
        }
        received
    }
}

/// The first column of the first row of `table` that holds `mark` and `other`.
fn id_in(world: &World, table: &str, mark: &str, other: &str) -> String {
    let begin = format!("{table}\n");
    let rows = world.store.read(store::backup::rows).unwrap();
    let row = rows
        .iter()
        .filter(|row| row.starts_with(&begin))
        .find(|row| row.contains(mark) && row.contains(other));
    let row = row.unwrap_or_else(|| panic!("no `{table}` with {mark} and {other}"));
    row.split('\n').nth(1).unwrap().to_owned()
}

fn played(world: &mut World, trace: &mut Trace, lines: &[&str]) {
    for line in lines {
        let op: Op = line.parse().unwrap();
        op.play(world, trace).unwrap();
        assert!(trace.done.contains(&op.word()), "{line} was refused");
        trace.take_stock(world).unwrap();
    }
}

/// The scene with a turn, an invitation, a token, an authenticator app and a fresh advisory of kitahama's,
/// a token of minamino's, and an incident of suido's.
fn set() -> (World, Trace) {
    let (mut world, mut trace) = scene();
    let lines = [
        "at turn 1 201",
        "at invite 1 202",
        "on-report group 2 203",
        "advise 0 1 204",
    ];
    played(&mut world, &mut trace, &lines);
    world.give_token(DUTY).unwrap();
    world.give_token(MEMBER).unwrap();
    let (actor, secret) = (world.actor(DUTY).unwrap(), world.session(DUTY).unwrap());
    let call = world.call(DUTY, &actor);
    let pending = hub::sign_in::pending_totp(&world.hub, &call, secret).unwrap();
    let key = seal::secret::totp::TotpKey::from_bytes(crate::unlogged::base32(&pending.base32));
    let code = key.code_at(u64::try_from(world.now().seconds()).unwrap());
    let call = world.call(DUTY, &actor);
    let password = "a way in of some length";
    hub::sign_in::set_password_and_app(&world.hub, &call, secret, password, &code).unwrap();
    (world, trace)
}

/// A case whose route names nothing.
fn case(
    who: Who,
    route: &'static str,
    field: &'static str,
    strange: &str,
    fields: &[(&str, &str)],
) -> Case {
    let fields = fields.iter();
    Case {
        who,
        route,
        own: String::new(),
        field,
        strange: strange.to_owned(),
        fields: fields
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn cases(world: &World, trace: &Trace) -> Vec<Case> {
    let mut cases = of_members(world);
    cases.extend(of_settings(world));
    cases.extend(of_phones(world));
    cases.extend(of_things(world, trace));
    cases
}

/// The administrator of one house about people, invitations and turns of another.
fn of_members(world: &World) -> Vec<Case> {
    let kitahama = world.country.organizations["kitahama"].to_string();
    let strange = world.actor(DUTY).unwrap().person.to_string();
    let on_duty = (RUNS.0, Role::DutyOfficer);
    let [at, own] = [DUTY, on_duty].map(|who| world.country.places[&who].to_string());
    let turn = id_in(world, "duty", &kitahama, "");
    let invitation = id_in(world, "invitation", &kitahama, "join");
    let post = [("role", "analyst"), ("tier", "system-staff")];
    let person = world
        .actor((RUNS.0, Role::Staff))
        .unwrap()
        .person
        .to_string();
    let of_own = [("person", person.as_str()), post[0], post[1]];
    let guest = [
        ("name", "誰か"),
        ("language", "ja"),
        ("role-1", "staff"),
        ("tier-1", "ciso"),
    ];
    let rows = [("rows", "[]")];
    let day = [("day", "2026-10-02"), ("start", "9:00"), ("end", "17:00")];
    // The community that the other relay is the secretariat of.
    let relay = world.country.organizations["denryoku"].to_string();
    let community = id_in(world, "community", &relay, "");
    let suido = world.country.organizations["suido"].to_string();
    let own_house = [("organization", suido.as_str())];
    let their_house = [("organization", kitahama.as_str())];
    let (place, deputy) = ([("place", own.as_str())], [("deputy", own.as_str())]);
    [
        ("/members/place/change", "place", &at, &of_own[..]),
        ("/members/place/end", "place", &at, &of_own),
        ("/members/place/give", "person", &strange, &post),
        ("/members/place/give", "organization", &kitahama, &of_own),
        ("/members/reset", "person", &strange, &[]),
        (
            "/members/invitations/revoke",
            "invitation",
            &invitation,
            &[],
        ),
        ("/members/invite", "organization", &kitahama, &guest),
        ("/members/import/invite", "?organization", &kitahama, &rows),
        ("/members/import/marked", "?organization", &kitahama, &rows),
        ("/members/hand-over", "organization", &kitahama, &[]),
        ("/roster/turns/drop", "turn", &turn, &[]),
        ("/roster/deputies", "deputy", &at, &place),
        ("/roster/deputies", "place", &at, &deputy),
        ("/roster/turns", "person", &at, &day),
        ("/communities/join", "community", &community, &own_house),
        ("/communities/leave", "community", &community, &their_house),
    ]
    .map(|(route, field, strange, fields)| case(RUNS, route, field, strange, fields))
    .into()
}

/// A duty officer about the places, sessions, tokens and ways in of another.
fn of_settings(world: &World) -> Vec<Case> {
    let (actor, secret) = (world.actor(DUTY).unwrap(), world.session(DUTY).unwrap());
    let call = world.call(DUTY, &actor);
    let running = hub::sign_in::sessions(&world.hub, &call, secret).unwrap();
    let at = world.country.places[&DUTY].to_string();
    let kitahama = world.country.organizations["kitahama"].to_string();
    let (token, turn, way_in) = (
        id_in(world, "api_token", &at, ""),
        id_in(world, "duty", &kitahama, ""),
        id_in(world, "credential", &actor.person.to_string(), "totp"),
    );
    let who = MEMBER;
    [
        ("/roster/take-over", "turn", &turn),
        ("/settings/place", "place", &at),
        ("/settings/sessions/end", "session", &running[0].handle),
        ("/settings/tokens/revoke", "token", &token),
        ("/settings/sign-in/passkey/remove", "passkey", &way_in),
    ]
    .map(|(route, field, strange)| case(who, route, field, strange, &[]))
    .into()
}

/// A clerk of one relay for a member of another.
fn of_phones(world: &World) -> Vec<Case> {
    let aokawa = world.country.organizations["aokawa"].to_string();
    let told = [
        ("form_key", "0123456789abcdef0123456789abcdef"),
        ("heard", "phone"),
        ("kind", "open-hole"),
        ("scope", "named"),
        ("when", "unknown"),
        ("nil", "yes"),
    ];
    ["/phone", "/phone/report", "/phone/count"]
        .map(|route| case(CLERK, route, "member", &aokawa, &told))
        .into()
}

/// Forms about a thing of one's own that name a second thing.
fn of_things(world: &World, trace: &Trace) -> Vec<Case> {
    let incidents = trace.things("inc");
    let (own_incident, strange_incident) = (&incidents[0], incidents.last().unwrap());
    let own = trace.filed(0).unwrap().report.to_string();
    let strange = trace.filed(2).unwrap().report.to_string();
    let (first, second) = (
        trace.addressed(2).unwrap().advisory.to_string(),
        trace.addressed(1).unwrap().advisory.to_string(),
    );
    let line = id_in(world, "addressee", &second, "");
    let message = {
        let who = ("denryoku", Role::Officer);
        let actor = world.actor(who).unwrap();
        let id = trace.filed(3).unwrap().report;
        let question = hub::dialogue::Question {
            text: domain::text::BoundedText::parse("何がありましたか").unwrap(),
            due_days: None,
        };
        let call = world.call(who, &actor);
        hub::dialogue::ask(&world.hub, &call, id, question).unwrap();
        let call = world.call(who, &actor);
        let said = hub::dialogue::at_desk(&world.hub, &call, id).unwrap();
        said.messages.last().unwrap().id.to_string()
    };
    let case = |who, route, own: &String, field, strange: &String, fields: &[_]| Case {
        own: own.clone(),
        ..case(who, route, field, strange, fields)
    };
    let why = [("why", "同じ機器")];
    let messages = "/sent/{report}/messages";
    let group = "/reports/{id}/group";
    let [merge, remove] = [
        "/incidents/{incident}/merge",
        "/incidents/{incident}/remove/{report}",
    ];
    vec![
        case(OFFICER, merge, own_incident, "into", strange_incident, &why),
        case(OFFICER, remove, own_incident, "{report}", &strange, &why),
        case(OFFICER, group, &own, "incident", strange_incident, &why),
        case(
            OFFICER,
            group,
            &own,
            "other",
            &strange,
            &[why[0], ("name", "組")],
        ),
        case(DUTY, messages, &own, "to", &message, &[("text", "はい")]),
        case(
            CENTER,
            "/advisories/{advisory}/nudge",
            &first,
            "line",
            &line,
            &[("whom", "chosen")],
        ),
        case(
            ANSWERS,
            "/advisories/{advisory}/answer",
            &first,
            "line",
            &line,
            &[("answer", "accepted")],
        ),
        // A member of the community reads what left of the report, and nothing is his about it.
        case(MEMBER, group, &own, "incident", own_incident, &why),
        case(
            MEMBER,
            messages,
            &own,
            "to",
            &trace.things("msg")[0],
            &[("text", "はい")],
        ),
    ]
}

/// The same kind of id that was never given; of what is no id of ours, other letters.
fn never(id: &str) -> String {
    match id.split_once('_') {
        Some((kind, _)) => format!("{kind}_{ABSENT}"),
        None => "0".repeat(id.len()),
    }
}

/// The form as tables are uploaded.
fn uploaded(world: &World, who: Who, path: &str, fields: &[(String, String)]) -> Received {
    let csrf = ("csrf".to_owned(), world.token(who).unwrap());
    let part = |(name, value): &(String, String)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: Vec<String> = std::iter::once(&csrf).chain(fields).map(part).collect();
    let cookie = format!("noroshi={}", world.session(who).unwrap());
    let headers = [
        ("cookie", cookie.as_str()),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    let body = parts.concat() + "--x--\r\n";
    world.send_bare("POST", path, &headers, &body).unwrap()
}

/// A new route whose path names nothing has to be looked at: it is met here, or holds no id.
#[test]
fn every_route_without_a_thing_is_met_or_holds_no_id() {
    let (world, trace) = set();
    let met = cases(&world, &trace).into_iter().map(|case| case.route);
    let known: BTreeSet<&str> = met
        .filter(|path| !path.contains('{'))
        .chain(NO_ID)
        .chain([RESTING])
        .collect();
    let posts = table().into_iter().filter(|route| route.method == "POST");
    let all: BTreeSet<&str> = posts
        .map(|route| route.path)
        .filter(|path| !path.contains('{') && !path.starts_with("/api/"))
        .collect();
    assert_eq!(known, all);
}

#[test]
fn an_id_of_others_in_a_field_is_an_id_that_never_was() {
    let (world, trace) = set();
    let cases = cases(&world, &trace);
    let routes: BTreeSet<&str> = table().iter().map(|route| route.path).collect();
    let before = state(&world);
    for case in &cases {
        assert!(routes.contains(case.route), "`{}` is no route", case.route);
        let tag = format!("{:?}: {} in {}", case.who, case.field, case.route);
        let (there, nowhere) = (
            case.sent(&world, &case.strange),
            case.sent(&world, &never(&case.strange)),
        );
        assert_eq!(same(&there, &nowhere), Ok(()), "{tag}");
        let changed = difference(&before, &state(&world));
        assert_eq!(changed, Vec::<String>::new(), "{tag}: {}", there.status);
        println!("{:<3} {tag}", there.status.as_u16());
    }
    println!("{} fields", cases.len());
}

/// Ids of one's own that a form takes in the place of those of others, by route and field.
fn rights(world: &World, trace: &Trace) -> Vec<(&'static str, &'static str, String)> {
    let place = |role| world.country.places[&(RUNS.0, role)].to_string();
    let person = world.actor((RUNS.0, Role::Staff)).unwrap().person;
    let [suido, kitahama] = [RUNS.0, DUTY.0].map(|name| world.country.organizations[name]);
    let fresh = trace.addressed(2).unwrap().advisory.to_string();
    let line = id_in(world, "addressee", &fresh, "");
    let at = world.country.places[&MEMBER].to_string();
    let incident = trace.things("inc")[1].clone();
    let [report, other] = [0, 3].map(|at| trace.filed(at).unwrap().report.to_string());
    let group = "/reports/{id}/group";
    vec![
        ("/members/place/change", "place", place(Role::Staff)),
        ("/members/place/end", "place", place(Role::Staff)),
        ("/members/place/give", "organization", suido.to_string()),
        ("/members/reset", "person", person.to_string()),
        ("/members/invite", "organization", suido.to_string()),
        ("/roster/turns", "person", place(Role::DutyOfficer)),
        ("/roster/deputies", "deputy", place(Role::Officer)),
        ("/phone", "member", kitahama.to_string()),
        ("/incidents/{incident}/merge", "into", incident.clone()),
        ("/incidents/{incident}/remove/{report}", "{report}", report),
        (group, "incident", incident),
        (group, "other", other),
        (
            "/sent/{report}/messages",
            "to",
            trace.things("msg")[0].clone(),
        ),
        ("/advisories/{advisory}/nudge", "line", line.clone()),
        ("/advisories/{advisory}/answer", "line", line),
        (
            "/settings/tokens/revoke",
            "token",
            id_in(world, "api_token", &at, ""),
        ),
    ]
}

/// Or the forms would be refused for something else than the id in them.
#[test]
fn the_same_forms_work_with_an_id_of_ones_own() {
    let (world, trace) = set();
    let mut refused = Vec::new();
    for (place, (route, field, _)) in rights(&world, &trace).into_iter().enumerate() {
        // Each in a world of its own: one may take away what another needs.
        let (world, trace) = set();
        let (_, _, id) = rights(&world, &trace).swap_remove(place);
        let mut cases = cases(&world, &trace).into_iter();
        let case = cases.find(|case| case.route == route && case.field == field);
        let case = case.unwrap_or_else(|| panic!("`{route}` has no case of {field}"));
        let before = state(&world);
        let received = case.sent(&world, &id);
        let changed = difference(&before, &state(&world));
        let is_taken = received.status.is_success() || received.status.is_redirection();
        if !is_taken || changed.is_empty() {
            let page = String::from_utf8_lossy(&received.body).into_owned();
            refused.push(format!("{field} in {route}: {} {page}", received.status));
        }
    }
    assert_eq!(refused, Vec::<String>::new());
}

/// A report that the writer of an advisory was never shown falls away, as one does that never was.
#[test]
fn an_advisory_rests_on_no_report_that_its_writer_was_never_shown() {
    let (world, trace) = scene();
    let who = ("center", Role::Analyst);
    let page = world.get(who, "/advisories/new").unwrap();
    let offered = forms(&String::from_utf8_lossy(&page.body));
    let form = offered.into_iter().find(|form| form.action == RESTING);
    let mut fields = form.unwrap().fields;
    fields.retain(|(name, _)| name != "reports");
    let strange = trace.filed(2).unwrap().report.to_string();
    let before = state(&world);
    let mut told = Vec::new();
    for id in [&strange, &never(&strange)] {
        let mut fields = fields.clone();
        fields.push(("reports".to_owned(), id.clone()));
        let received = world.post(who, RESTING, &fields).unwrap();
        assert_eq!(received.status, 303);
        let (_, to) = received
            .headers
            .iter()
            .find(|(name, _)| name == "location")
            .unwrap();
        told.push(to.split('/').next_back().unwrap().to_owned());
    }
    assert_eq!(told[0], told[1]);
    let about = |rows: &[String]| rows.iter().filter(|row| row.contains(&strange)).count();
    assert_eq!(about(&before), about(&state(&world)));
}

/// The pass of a mailbox counts in the session that opened it: another browser with the cookie is asked
/// for the code, like one with a cookie that never was a pass.
#[test]
fn the_pass_of_a_mailbox_opens_nothing_in_another_session() {
    let (world, trace) = scene();
    let code = trace.filed(1).unwrap().code.unwrap();
    let fields = [("code".to_owned(), code)];
    let opened = world.post(DUTY, "/mailbox", &fields).unwrap();
    let cookie = opened
        .headers
        .iter()
        .find(|(name, value)| name == "set-cookie" && value.starts_with("noroshi-mailbox="));
    let pass = cookie.unwrap().1.split(';').next().unwrap().to_owned();
    let before = state(&world);
    let other = ("kitahama", Role::Staff);
    for (method, path) in [
        ("GET", "/mailbox/history"),
        ("GET", "/mailbox/update"),
        ("GET", "/mailbox/proofs"),
        ("POST", "/mailbox/messages"),
        ("POST", "/mailbox/withdraw"),
        ("POST", "/mailbox/terms"),
        ("POST", "/mailbox/update"),
    ] {
        let send = |who: Who, pass: &str| {
            let cookie = format!("noroshi={}; {pass}", world.session(who).unwrap());
            let headers = [
                ("cookie", cookie.as_str()),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            let text = [("text".to_owned(), "はい".to_owned())];
            let body = sim::world::encoded(&world.token(who).unwrap(), &text);
            let body = if method == "POST" {
                body
            } else {
                String::new()
            };
            plain(
                world.send_bare(method, path, &headers, &body).unwrap(),
                path,
            )
        };
        let nothing = send(other, "noroshi-mailbox=00");
        assert_eq!(
            same(&send(other, &pass), &nothing),
            Ok(()),
            "{method} {path}"
        );
        if method == "GET" {
            assert_ne!(same(&send(DUTY, &pass), &nothing), Ok(()), "{path}");
        }
    }
    let changed = difference(&before, &state(&world));
    assert_eq!(changed, Vec::<String>::new());
}
