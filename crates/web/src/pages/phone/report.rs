//! `GET /phone/report`, `POST /phone/report`: a first report that a member tells.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use domain::report::draft::Typed;
use domain::report::question::Question;
use exchange::form::{Setting, first_report};
use hub::draft;
use hub::submit::FormKey;
use serde::Deserialize;
use view::form::Form;
use view::page::phone::{PhoneGroup, PhoneReport, Script};

use super::desk::{NOBODY, desk, heard_choices, members, posted_member, to_receipt, told};
use crate::form::Posted;
use crate::lists::say_name;
use crate::pages::report::check::known;
use crate::pages::report::choices::{Lists, fields};
use crate::pages::report::wrong;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

const ACTION: &str = "/phone/report";

/// The member that was chosen.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    member: String,
}

/// Shows the choice of members, then the questions for one.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let key = FormKey::draw(&mut signed.visit.random.derive("phone/report"));
    let mut form = Form::new(ACTION)
        .with("heard", "phone")
        .with("kind", "incident")
        .with("custody", "named")
        .with("tlp", "amber");
    for circle in ["ministry", "coordination", "ceptoar-members"] {
        form = form.with("circles", circle);
    }
    page(&state, &signed, form, key, &asked.member).await
}

/// Accepts it for the member.
pub(crate) async fn send(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = signed.visit.words;
    let key: FormKey = posted
        .one("form_key")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    let mut form = posted.refill(ACTION);
    let chosen = posted.one("member").to_owned();
    if let Some((member, heard)) = posted_member(&posted, &mut form, words) {
        let desk = member_desk(&state, &signed, &chosen).await?;
        let setting = Setting {
            reference: state.hub.reference(),
            now: signed.visit.now,
        };
        match first_report::read(&typed(&posted), setting, &known(&desk)) {
            Ok(filing) => {
                let sent = key.sent(posted.fingerprint());
                let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
                let outcome = state
                    .call(move |hub| {
                        let call = Signed::call(&actor, &visit);
                        let entered =
                            hub::phone::enter_report(hub, &call, member, heard, filing, &sent);
                        Ok::<_, Problem>(entered)
                    })
                    .await?;
                match outcome {
                    Ok(receipt) => return Ok(to_receipt(&state, &signed, receipt)),
                    Err(error) => told(error, "custody", &mut form, words)?,
                }
            }
            Err(wrongs) => {
                for (_, one) in &wrongs {
                    form.reject(one.name, wrong::sentence(one, words));
                }
            }
        }
    }
    let html = page(&state, &signed, form, key, &chosen).await?;
    Ok((REFUSED, html).into_response())
}

fn typed(posted: &Posted) -> Typed {
    Question::ALL
        .iter()
        .flat_map(|question| question.names())
        .filter_map(|name| Some((name.parse().ok()?, posted.all(name).to_vec())))
        .collect()
}

/// What the questions have to know about the member, if it is one of the clerk's.
async fn member_desk(
    state: &AppState,
    signed: &Signed,
    member: &str,
) -> Result<draft::Desk, Problem> {
    let member = match member {
        NOBODY => None,
        text => Some(text.parse().map_err(|_| Problem::NotFound)?),
    };
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    state
        .call(move |hub| hub::phone::member_desk(hub, &Signed::call(&actor, &visit), member))
        .await
}

async fn page(
    state: &AppState,
    signed: &Signed,
    mut form: Form,
    key: FormKey,
    member: &str,
) -> Result<Html<String>, Problem> {
    let own = desk(state, signed).await?;
    let (visit, words) = (&signed.visit, signed.visit.words);
    let mut groups = Vec::new();
    let mut chosen = None;
    if !member.is_empty() {
        let desk = member_desk(state, signed, member).await?;
        let name = match member {
            NOBODY => words.t("phone-member-none").into_owned(),
            _ => say_name(words, &desk.names),
        };
        chosen = Some((member.to_owned(), name));
        let lists = Lists {
            reference: state.hub.reference(),
            now: visit.now,
            words,
            desk: &desk,
        };
        groups = Question::ALL
            .iter()
            .map(|question| group(*question, lists))
            .collect();
        if form.value("purposes").is_empty() && form.errors().is_empty() {
            for code in preset(state, signed) {
                form = form.with("purposes", code);
            }
        }
    }
    let page = PhoneReport {
        frame: visit.frame(state),
        form,
        form_key: key.to_string(),
        member: chosen,
        members: members(&own, words),
        heard: heard_choices(words),
        groups,
        script: Script::new(words),
    };
    Ok(Html(page.render()?))
}

fn group(question: Question, lists: Lists<'_>) -> PhoneGroup {
    let words = lists.words;
    let unknown = format!("report-ask-{question}-unknown");
    PhoneGroup {
        title: words.t(&format!("report-ask-{question}")).into_owned(),
        fields: fields(question, lists),
        unknown: words.has(&unknown).then(|| {
            let name = question.unknown_name().to_owned();
            (name, words.t(&unknown).into_owned())
        }),
    }
}

/// Purposes that a page offers ticked.
fn preset(state: &AppState, signed: &Signed) -> Vec<String> {
    let day = signed.visit.now.day_in_japan();
    let purposes = state.hub.reference().purposes.current(day);
    purposes
        .filter(|row| row.body.offer == domain::reference::terms::Offer::Preset)
        .map(|row| row.code.to_string())
        .collect()
}
