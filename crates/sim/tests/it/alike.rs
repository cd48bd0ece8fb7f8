//! Doors that tell nothing: a sign-in name that exists and one that does not, links and codes that
//! were used up and ones that never were.

use domain::organization::Role;
use sim::world::{Received, Sent, World, encoded};

use crate::attack::{PEOPLE, scene};
use crate::sweep::without_tokens;

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Status, headers and body, without what was typed.
fn told(received: &Received, typed: &str) -> String {
    let body = without_tokens(&String::from_utf8_lossy(&received.body)).replace(typed, "(typed)");
    let headers = format!("{:?}", received.headers).replace(typed, "(typed)");
    format!("{} {headers}\n{body}", received.status)
}

fn tried(world: &World, account: &str) -> String {
    let typed = fields(&[
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

#[test]
fn links_that_are_used_up_answer_like_links_that_never_were() {
    let (world, _) = scene();
    let console = hub::set_up::Installer::local_console();
    let set_up = hub::set_up::SetUp {
        authority: hub::set_up::Authority::Console(&console),
        now: world.now(),
        random: hub::Random::from_seed([41; 32]),
    };
    let place = world.country.places[&("kitahama", Role::Staff)];
    let soon = world.now().plus_seconds(60);
    let links = hub::set_up::sign_in_links(&world.hub, &set_up, vec![place], soon).unwrap();
    world.wait_seconds(61);
    let mut never = links[0].clone();
    let other = if never.pop() == Some('a') { 'b' } else { 'a' };
    never.push(other);
    let ask = |link: &str| {
        let received = world
            .request(None, "GET", &format!("/sign-in/link/{link}"))
            .unwrap();
        told(&received, link)
    };
    assert_eq!(ask(&links[0]), ask(&never));
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
            .post(PEOPLE[2], "/drafts/resume", &fields(&[("code", code)]))
            .unwrap();
        told(&received, code)
    };
    assert_eq!(ask(&code), ask(&never));
}
