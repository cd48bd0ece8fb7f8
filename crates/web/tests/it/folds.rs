//! What is wrong with a form is seen: its fold is open, and nothing redirects in silence.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::confidential::Confidential;
use domain::handling::{Circle, Consent, Tlp};
use domain::id::ReportId;
use domain::organization::Role;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::filing::{Filing, Terms};
use domain::report::{Custody, Edition, ReportKind};
use hub::Call;
use hub::incident::{Into, Name, Why, group};

use crate::scene::{Received, Scene, Who};

const ANALYST: Who = ("denryoku", Role::Analyst);

pub(crate) fn report(scene: &Scene) -> ReportId {
    let text = |field, text: &str| (field, Value::text(field, text).unwrap());
    let code = |field, code: &str| (field, Value::Codes([code.parse().unwrap()].into()));
    let filing = Filing {
        kind: ReportKind::Incident,
        custody: Custody::Named,
        edition: Edition::First,
        answers: Confidential::new(PartBody::new(BTreeMap::from([
            text(Field::Organization, "北浜電力"),
            text(Field::Systems, "監視端末"),
            text(Field::Narrative, "夜間に外部と通信していた"),
            code(Field::EventTypes, "malware-infection"),
            code(Field::Sector, "electricity"),
            (Field::DetectedAt, Value::Unknown),
        ]))),
        terms: Terms {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            circles: [Circle::Ministry].into(),
            consent: Consent::Granted,
        },
    };
    let source = scene.actor(("kitahama", Role::DutyOfficer));
    let call = Call {
        actor: &source,
        now: scene.now(),
        random: scene.random(),
    };
    hub::submit::submit(&scene.hub, &call, filing)
        .unwrap()
        .report
}

fn named(scene: &Scene, reports: Vec<ReportId>, name: &str) -> String {
    let analyst = scene.actor(ANALYST);
    let call = Call {
        actor: &analyst,
        now: scene.now(),
        random: scene.random(),
    };
    let into = Into::New(Name::parse(name).unwrap());
    let why = Why::parse("同じ業者").unwrap();
    group(&scene.hub, &call, reports, into, why)
        .unwrap()
        .to_string()
}

/// The answer is a refusal with one summary, which leads to `field` in an open fold.
fn is_explained(received: &Received, field: &str) {
    let text = &received.text;
    assert_eq!(received.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(text.matches("id=\"error-summary\"").count(), 1, "{text}");
    let link = format!("href=\"#{field}\"");
    assert!(text.contains(&link), "{text}");
    let (before, _) = text.split_once(&format!(" id=\"{field}\"")).unwrap();
    let (_, fold) = before.rsplit_once("<details").unwrap();
    assert!(fold.starts_with(" class=\"fold\" open>"));
}

#[test]
fn a_refused_change_of_an_incident_says_what_is_missing() {
    let scene = Scene::new();
    let (first, second) = (report(&scene), report(&scene));
    let id = named(&scene, vec![first, second], "保守業者経由");
    named(&scene, vec![second], "別の件");
    let analyst = scene.sign_in(ANALYST);
    let page = scene.get(&analyst, &format!("/incidents/{id}"));
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("<details class=\"fold\" open>"));

    let merge = format!("/incidents/{id}/merge");
    let received = scene.post(&analyst, &merge, &[("into", ""), ("why", "")]);
    is_explained(&received, "into");
    is_explained(&received, "why");

    let remove = format!("/incidents/{id}/remove/{first}");
    let received = scene.post(&analyst, &remove, &[("why", " ")]);
    let action = format!("action=\"{remove}\"");
    let (_, form) = received.text.split_once(&action).unwrap();
    let field = form.split(" id=\"why-").nth(1).unwrap();
    let field = format!("why-{}", field.chars().next().unwrap());
    is_explained(&received, &field);
}

#[test]
fn a_review_is_not_withheld_without_a_reason_and_says_so() {
    let scene = Scene::new();
    let report = report(&scene);
    let actor = scene.actor(ANALYST);
    let call = Call {
        actor: &actor,
        now: scene.now(),
        random: scene.random(),
    };
    let review = hub::release::begin(&scene.hub, &call, report).unwrap();
    let analyst = scene.sign_in(ANALYST);
    let desk = scene.get(&analyst, &format!("/reviews/{review}"));
    let revision = desk
        .text
        .split("name=\"revision\" value=\"")
        .nth(1)
        .unwrap();
    let revision = revision.split('"').next().unwrap();
    let fields = [("revision", revision), ("reason", "")];
    let withhold = format!("/reviews/{review}/withhold");
    is_explained(&scene.post(&analyst, &withhold, &fields), "reason");
}

#[test]
fn a_choice_that_was_not_made_on_the_roster_is_asked_for() {
    let scene = Scene::new();
    let administrator = scene.sign_in(("kitahama", Role::Administrator));
    for (path, told) in [
        ("/roster/turns/drop", "Choose the turn to take off"),
        ("/roster/deputies", "Choose who stands in"),
    ] {
        let received = scene.post(&administrator, path, &[]);
        assert_eq!(received.status, StatusCode::SEE_OTHER, "{path}");
        let next = received.headers["location"].to_str().unwrap();
        let page = scene.get(&administrator, next);
        assert!(page.text.contains(told), "{path}: {}", page.text);
    }
}
