//! Doors that tell nothing: a sign-in name that exists and one that does not, links and codes that
//! were used up and ones that never were.

use domain::organization::{Post, Role, Tier};
use domain::text::BoundedText;
use hub::invite::{NewInvitation, Way, WrittenIn};
use seal::secret::totp::TotpKey;
use sim::country::Who;
use sim::world::{Received, Sent, World, encoded};

use crate::attack::{PEOPLE, scene};
use crate::sweep::without_tokens;
use crate::unlogged::base32;

fn fields_of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The password of whoever joins.
const WAY_IN: &str = "a way in of some length";

/// Status, headers and body, without what was typed.
fn told(received: &Received, typed: &str) -> String {
    let body = without_tokens(&String::from_utf8_lossy(&received.body)).replace(typed, "(typed)");
    let headers = format!("{:?}", received.headers).replace(typed, "(typed)");
    format!("{} {headers}\n{body}", received.status)
}

fn tried(world: &World, account: &str) -> String {
    let typed = fields_of(&[
        ("account", account),
        ("password", "a wrong password of some length"),
        ("code", "123456"),
    ]);
    let received = world
        .send(&Sent {
            who: None,
            method: "POST",
            path: "/sign-in",
            body: &encoded("", &typed),
            header: None,
        })
        .unwrap();
    told(&received, account)
}

#[test]
fn a_name_that_exists_is_refused_like_one_that_does_not() {
    let (world, _) = scene();
    // One length, so that the sizes can be compared as well.
    let (there, absent) = ("staff@kitahama.example", "staff@kitahamb.example");
    for attempt in 0..9 {
        assert_eq!(
            tried(&world, there),
            tried(&world, absent),
            "attempt {attempt}"
        );
    }
    assert!(tried(&world, there).starts_with("429"));
}

/// The same text with another last letter: of the form of one that was given, and never given.
fn never(text: &str) -> String {
    let mut never = text.to_owned();
    let other = if never.pop() == Some('a') { 'b' } else { 'a' };
    never.push(other);
    never
}

fn sign_in_link(world: &World, seconds: i64, seed: u8) -> String {
    let console = hub::set_up::Installer::local_console();
    let set_up = hub::set_up::SetUp {
        authority: hub::set_up::Authority::Console(&console),
        now: world.now(),
        random: hub::Random::from_seed([seed; 32]),
    };
    let place = world.country.places[&("kitahama", Role::Staff)];
    let until = world.now().plus_seconds(seconds);
    let links = hub::set_up::sign_in_links(&world.hub, &set_up, vec![place], until);
    links.unwrap().remove(0)
}

fn asked(world: &World, path: &str, link: &str) -> String {
    told(&world.request(None, "GET", path).unwrap(), link)
}

/// The links of a demo stay good while it runs, and run out with it.
#[test]
fn links_that_ran_out_answer_like_links_that_never_were() {
    let (world, _) = scene();
    let ask = |link: &str| asked(&world, &format!("/sign-in/link/{link}"), link);
    let late = sign_in_link(&world, 60, 41);
    assert!(ask(&late).starts_with("303"));
    world.wait_seconds(61);
    let nothing = ask(&never(&late));
    assert!(nothing.starts_with("404"));
    assert_eq!(ask(&late), nothing);
}

/// An invitation by hand, and its secret.
fn invited(world: &World, run: Who, name: &str) -> (hub::invite::Invited, String) {
    let actor = world.actor(run).unwrap();
    let new = NewInvitation {
        organization: actor.organization,
        name: BoundedText::parse(name).unwrap(),
        mail: None,
        language: WrittenIn::Japanese,
        posts: vec![Post {
            role: Role::Staff,
            tier: Tier::Ciso,
        }],
    };
    let invited = hub::invite::invite(&world.hub, &world.call(run, &actor), new).unwrap();
    let Way::ByHand(secret) = &invited.way else {
        panic!("sent by mail");
    };
    let secret = secret.clone();
    (invited, secret)
}

/// Somebody takes the invitation up and makes his ways in: until then he may come back to it.
fn takes_up(world: &World, link: &str) -> (TotpKey, Vec<String>) {
    let (hub, now) = (&world.hub, world.now());
    let newcomer = hub::invite::Newcomer {
        name: BoundedText::parse("来た人").unwrap(),
        login: hub::set_up::LoginName::parse("came@join.example").unwrap(),
        language: WrittenIn::Japanese,
    };
    let random = hub::Random::from_seed([44; 32]);
    let begun = hub::invite::accept(hub, link, Some(newcomer), now, &random).unwrap();
    let actor = hub::sign_in::resume(hub, &begun.secret, now).unwrap().actor;
    let call = |label| hub::Call {
        actor: &actor,
        now,
        random: random.derive(label),
    };
    let pending = hub::sign_in::pending_totp(hub, &call("pending"), &begun.secret).unwrap();
    let key = TotpKey::from_bytes(base32(&pending.base32));
    let code = key.code_at(u64::try_from(now.seconds()).unwrap());
    let secret = &begun.secret;
    let made = hub::sign_in::set_password_and_app(hub, &call("set"), secret, WAY_IN, &code);
    (key, made.unwrap().recovery_codes)
}

/// A recovery code and the digits of an app are good once; then they are wrong, and nothing more is
/// said about them.
#[test]
fn codes_that_were_used_are_refused_like_codes_that_never_were() {
    let (world, _) = scene();
    let (_, link) = invited(&world, ("kitahama", Role::Administrator), "来た人");
    let (key, codes) = takes_up(&world, &link);
    world.wait_seconds(90);
    let try_code = |code: &str| {
        let typed = fields_of(&[
            ("account", "came@join.example"),
            ("password", WAY_IN),
            ("code", code),
        ]);
        let sent = Sent {
            who: None,
            method: "POST",
            path: "/sign-in",
            body: &encoded("", &typed),
            header: None,
        };
        told(&world.send(&sent).unwrap(), code)
    };
    let digits = key.code_at(u64::try_from(world.now().seconds()).unwrap());
    let nothing = try_code(&never(&digits));
    assert!(nothing.starts_with("422"));
    for code in [&digits, &codes[0]] {
        assert!(try_code(code).starts_with("303"));
        assert_eq!(try_code(code), nothing);
    }
    assert_eq!(try_code(&codes[1].replace(|_: char| true, "0")), nothing);
}

/// Taken up and finished, revoked, run out: the page of each and its form answer like those of an
/// invitation that was never made.
#[test]
fn invitations_that_are_over_answer_like_invitations_that_never_were() {
    let (world, _) = scene();
    let run = ("kitahama", Role::Administrator);
    let (_, late) = invited(&world, run, "遅い人");
    let gone = {
        let (invited, gone) = invited(&world, run, "呼ばれない人");
        let actor = world.actor(run).unwrap();
        hub::invite::revoke(&world.hub, &world.call(run, &actor), invited.id).unwrap();
        gone
    };
    let ask = |link: &str| asked(&world, &format!("/join/{link}"), link);
    let send = |link: &str| {
        let fields = [
            ("link", link),
            ("name", "誰か"),
            ("login", "somebody@join.example"),
        ];
        let body = encoded("", &fields_of(&fields));
        let sent = Sent {
            who: None,
            method: "POST",
            path: "/join",
            body: &body,
            header: None,
        };
        told(&world.send(&sent).unwrap(), link)
    };
    assert!(ask(&late).starts_with("200"));
    let (_, used) = invited(&world, run, "来た人");
    takes_up(&world, &used);
    let (nothing, refused) = (ask(&never(&late)), send(&never(&late)));
    assert!(nothing.starts_with("404") && refused.starts_with("404"));
    for over in [&gone, &used] {
        assert_eq!((ask(over), send(over)), (nothing.clone(), refused.clone()));
    }
    world.wait_seconds(hub::invite::INVITATION_SECONDS + 1);
    assert_eq!((ask(&late), send(&late)), (nothing, refused));
}

/// Signed out, run out, of somebody who left, of another kind: a browser with the cookie is a browser
/// without one.
#[test]
fn sessions_that_ended_answer_like_sessions_that_never_were() {
    let (world, _) = scene();
    let begin = |seed| {
        let link = sign_in_link(&world, 600, seed);
        let random = hub::Random::from_seed([seed + 100; 32]);
        let begun = hub::sign_in::by_link(&world.hub, &link, world.now(), &random);
        begun.unwrap().secret
    };
    let (out, left) = (begin(51), begin(52));
    let ask = |secret: &str, method: &str, path: &str| {
        let cookie = format!("noroshi={secret}");
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        told(
            &world.send_bare(method, path, &headers, "").unwrap(),
            secret,
        )
    };
    assert!(ask(&out, "GET", "/settings").starts_with("200"));
    let staff = ("kitahama", Role::Staff);
    let actor = world.actor(staff).unwrap();
    hub::sign_in::end(&world.hub, &world.call(staff, &actor), &out).unwrap();
    let run = ("kitahama", Role::Administrator);
    let admin = world.actor(run).unwrap();
    let place = world.country.places[&staff];
    hub::members::end_place(&world.hub, &world.call(run, &admin), place).unwrap();
    let late = world.session(PEOPLE[0]).unwrap().to_owned();
    assert!(ask(&late, "GET", "/settings").starts_with("200"));
    let scope = [domain::policy::Action::Submit].into();
    let token = world.new_token(PEOPLE[0], &scope).unwrap().unwrap();
    world.wait_seconds(366 * 86_400 + 1);
    for (method, path) in [
        ("GET", "/settings"),
        ("GET", "/duty"),
        ("POST", "/near-miss"),
    ] {
        let nothing = ask(&never(&out), method, path);
        let expected = if method == "GET" { "303" } else { "401" };
        assert!(nothing.starts_with(expected), "{path}: {nothing}");
        for (label, secret) in [
            ("signed out", &out),
            ("of somebody who left", &left),
            ("run out", &late),
            ("a token of the API", &token),
        ] {
            assert_eq!(ask(secret, method, path), nothing, "{label} at {path}");
        }
    }
}

/// Digits that keep a neighbor's draft, and digits that were never given.
#[test]
fn a_neighbors_code_opens_nothing_and_does_not_say_that_it_is_one() {
    let (world, _) = scene();
    let duty = PEOPLE[0];
    let actor = world.actor(duty).unwrap();
    let call = world.call(duty, &actor);
    let opened = hub::draft::begin(&world.hub, &call, hub::draft::Keeping::Code).unwrap();
    let code = opened.code.unwrap();
    let mut random = hub::Random::from_seed([42; 32]);
    let never = seal::token::MailboxCode::generate(&mut random).expose_grouped();
    let ask = |code: &str| {
        let received = world
            .post(PEOPLE[2], "/drafts/resume", &fields_of(&[("code", code)]))
            .unwrap();
        told(&received, code)
    };
    assert_eq!(ask(&code), ask(&never));
    // Its own writer throws the draft away: the digits are nothing for him either, from then on.
    let (id, key) = (opened.id, opened.key);
    let call = world.call(duty, &actor);
    hub::draft::discard(&world.hub, &call, id, key.as_ref()).unwrap();
    let ask = |code: &str| {
        let received = world
            .post(duty, "/drafts/resume", &fields_of(&[("code", code)]))
            .unwrap();
        told(&received, code)
    };
    assert_eq!(ask(&code), ask(&never), "thrown away");
}
