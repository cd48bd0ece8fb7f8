//! Against a small mail server of flesh and TCP: what arrives there, and what comes back.

mod scene;
mod sink;

use domain::advisory::delivery::{DeliveryState, Failure};
use scene::{Scene, TITLE};
use sink::Sink;

use super::*;

fn mailer(port: u16) -> Mailer {
    let mail = Mail {
        host: "127.0.0.1".to_owned(),
        port,
        from: "hub@hub.example".to_owned(),
        protection: MailProtection::Plain,
        account: None,
        password_file: None,
    };
    let hub_line = HubLine {
        name: "Test hub".to_owned(),
        checkpoint: None,
        phone: None,
    };
    Mailer::new(&mail, "https://hub.example", hub_line).unwrap()
}

fn run(mailer: &Mailer, scene: &Scene) {
    let random = Random::from_seed([5; 32]);
    mailer.run(&scene.hub, &random).unwrap();
}

#[test]
fn a_letter_says_that_an_advisory_is_there_and_nothing_of_its_text() {
    let sink = Sink::start();
    let scene = Scene::with_people(&["ok@kitahama.example"]);
    scene.issue();
    run(&mailer(sink.port), &scene);
    let letters = sink.letters();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert!(letter.contains("To: ok@kitahama.example"), "{letter}");
    let text = sink::decoded(letter);
    assert!(
        text.contains("https://hub.example/advisories/adv_"),
        "{text}"
    );
    assert!(!text.contains(TITLE), "{text}");
    assert_eq!(scene.states(), [(DeliveryState::Sent, None)]);
    run(&mailer(sink.port), &scene);
    assert_eq!(sink.letters().len(), 1, "it is sent once");
}

#[test]
fn one_connection_carries_all_letters_also_those_of_the_next_turn() {
    let sink = Sink::start();
    let scene = Scene::with_people(&["a@kitahama.example", "b@kitahama.example"]);
    let mailer = mailer(sink.port);
    scene.issue();
    run(&mailer, &scene);
    scene.invite("guest@kitahama.example");
    run(&mailer, &scene);
    assert_eq!(sink.letters().len(), 3);
    assert_eq!(sink.connections(), 1);
}

#[test]
fn a_connection_that_the_relay_closed_is_opened_again() {
    let sink = Sink::start();
    let scene = Scene::with_people(&["refused@kitahama.example", "ok@kitahama.example"]);
    let mailer = mailer(sink.port);
    scene.issue();
    run(&mailer, &scene);
    scene.invite("guest@kitahama.example");
    sink.hang_up();
    run(&mailer, &scene);
    assert_eq!(sink.letters().len(), 2, "{:?}", scene.states());
}

#[test]
fn what_the_relay_refuses_is_given_up_and_what_it_postpones_is_kept() {
    let sink = Sink::start();
    let scene = Scene::with_people(&["refused@kitahama.example", "later@kitahama.example"]);
    scene.issue();
    run(&mailer(sink.port), &scene);
    assert!(sink.letters().is_empty());
    let mut states = scene.states();
    states.sort();
    assert_eq!(
        states,
        [
            (DeliveryState::Waiting, Some(Failure::RefusedForNow)),
            (DeliveryState::Failed, Some(Failure::Refused)),
        ]
    );
}

#[test]
fn without_a_relay_that_answers_deliveries_stay_in_the_queue() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let scene = Scene::with_people(&["ok@kitahama.example"]);
    scene.issue();
    run(&mailer(port), &scene);
    assert_eq!(
        scene.states(),
        [(DeliveryState::Waiting, Some(Failure::Unreachable))]
    );
}

#[test]
fn an_invitation_goes_to_its_person_alone_and_its_link_leads_there() {
    let sink = Sink::start();
    let scene = Scene::with_people(&[]);
    scene.invite("guest@kitahama.example");
    run(&mailer(sink.port), &scene);
    run(&mailer(sink.port), &scene);
    let letters = sink.letters();
    assert_eq!(letters.len(), 1, "it is sent once");
    assert!(
        letters[0].contains("To: guest@kitahama.example"),
        "{}",
        letters[0]
    );
    let text = sink::decoded(&letters[0]);
    let (_, link) = text.split_once("https://hub.example/join/").unwrap();
    let secret = link.split_whitespace().next().unwrap();
    hub::invite::open(&scene.hub, secret, ambient::now()).unwrap();
}
