//! `GET` and `POST /drafts/{draft}/{question}`, and its autosave: one question, one page.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::id::DraftId;
use domain::release::Visible;
use domain::report::Custody;
use domain::report::draft::{Draft, Page, Typed, Written};
use domain::report::question::{KIND, Question};
use exchange::form::{Setting, first_report};
use hub::draft::{self, Desk, DraftError, DraftKey, Sealing};
use serde::Deserialize;
use view::form::{Answer, Form};
use view::page::report::Ask;
use view::part::Progress;

use super::begin::desk_of;
use super::choices::{self, Lists};
use super::{pass, wrong};
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Where the reader came from.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    from: String,
}

/// Shows a question with what was typed before.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path((id, question)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let (id, question) = place(&id, &question)?;
    let draft = open(&state, &signed, &headers, id).await?;
    let desk = desk_of(&state, &signed.visit, &signed.actor).await?;
    let sheet = Sheet {
        state: &state,
        signed: &signed,
        question,
        draft: draft.content(),
        desk: &desk,
    };
    let form = sheet.filled(&draft.content().typed());
    let from = if asked.from == "check" { "check" } else { "" };
    let page = sheet.page(form, from, None, vec![]);
    Ok(Html(page.render()?))
}

/// Keeps what was typed; goes on, back to the check, or stays when something is wrong.
pub(crate) async fn save(
    State(state): State<AppState>,
    Path((id, question)): Path<(String, String)>,
    headers: HeaderMap,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let (id, question) = place(&id, &question)?;
    let written = keep(&state, &signed, &headers, id, question, &posted).await?;
    let typed = typed(question, &posted);
    let (then, from) = (posted.one("then"), posted.one("from"));
    let setting = Setting {
        reference: state.hub.reference(),
        now: signed.visit.now,
    };
    let clashes = match &written {
        Ok(written) => written.clashes.clone(),
        Err(_) => vec![],
    };
    let wrongs = if then == "later" {
        vec![]
    } else {
        first_report::check(question, &typed, setting)
    };
    if clashes.is_empty() && wrongs.is_empty() && written.is_ok() {
        return Ok(Redirect::to(&next(id, question, then, from, &headers)).into_response());
    }
    let draft = open(&state, &signed, &headers, id).await?;
    let desk = desk_of(&state, &signed.visit, &signed.actor).await?;
    let sheet = Sheet {
        state: &state,
        signed: &signed,
        question,
        draft: draft.content(),
        desk: &desk,
    };
    let words = signed.visit.words;
    let mut form = sheet.filled(&typed);
    for wrong in &wrongs {
        form.reject(wrong.name, wrong::sentence(wrong, words));
    }
    if written.is_err() {
        form.reject("main", words.t("report-wrong-full"));
    }
    let status = if clashes.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    let shown = sheet.clashes(&clashes);
    let page = sheet.page(form, from, Some(posted.one("window")), shown);
    Ok((status, Html(page.render()?)).into_response())
}

/// Keeps an unfinished page while it changes; says nothing about its faults.
pub(crate) async fn autosave(
    State(state): State<AppState>,
    Path((id, question)): Path<(String, String)>,
    headers: HeaderMap,
    signed: Signed,
    posted: Posted,
) -> Result<StatusCode, Problem> {
    let (id, question) = place(&id, &question)?;
    let written = keep(&state, &signed, &headers, id, question, &posted).await?;
    Ok(match written {
        Ok(written) if written.clashes.is_empty() => StatusCode::NO_CONTENT,
        Ok(_) => StatusCode::CONFLICT,
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE,
    })
}

/// Opens the draft for the visitor.
pub(super) async fn open(
    state: &AppState,
    signed: &Signed,
    headers: &HeaderMap,
    id: DraftId,
) -> Result<Visible<Draft>, Problem> {
    let key = pass::key(state, &signed.visit, headers, id);
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    state
        .call(move |hub| draft::read(hub, &Signed::call(&actor, &visit), id, key.as_ref()))
        .await
}

fn place(id: &str, question: &str) -> Result<(DraftId, Question), Problem> {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let question = question.parse().map_err(|_| Problem::NotFound)?;
    Ok((id, question))
}

/// Writes the page; the inner error is a draft that is full.
async fn keep(
    state: &AppState,
    signed: &Signed,
    headers: &HeaderMap,
    id: DraftId,
    question: Question,
    posted: &Posted,
) -> Result<Result<Written, DraftError>, Problem> {
    let key: Option<DraftKey> = pass::key(state, &signed.visit, headers, id);
    let page = Page {
        window: posted
            .one("window")
            .parse()
            .map_err(|_| Problem::Malformed)?,
        based_on: posted
            .one("revision")
            .parse()
            .map_err(|_| Problem::Malformed)?,
        typed: typed(question, posted),
    };
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            match draft::save(hub, &call, id, key.as_ref(), page) {
                Err(full @ DraftError::Full(_)) => Ok(Err(full)),
                Err(error) => Err(error),
                Ok(written) => Ok(Ok(written)),
            }
        })
        .await
}

/// What was typed on the page of `question`; what its form would not send is blank.
fn typed(question: Question, posted: &Posted) -> Typed {
    question
        .names()
        .into_iter()
        .filter_map(|name| Some((name.parse().ok()?, posted.all(name).to_vec())))
        .collect()
}

fn next(id: DraftId, question: Question, then: &str, from: &str, headers: &HeaderMap) -> String {
    let by_code = crate::cookie::read(headers, pass::NAME)
        .is_some_and(|held| held.starts_with(&id.to_string()));
    match (then, question.next()) {
        // Without a name there is no list to go back to; the digits are what leads back.
        ("later", _) if by_code => format!("/drafts/{id}/code"),
        ("later", _) => "/drafts".to_owned(),
        (_, Some(next)) if from.is_empty() => format!("/drafts/{id}/{next}"),
        _ => format!("/drafts/{id}/check"),
    }
}

/// One question about to be shown.
struct Sheet<'a> {
    state: &'a AppState,
    signed: &'a Signed,
    question: Question,
    draft: &'a Draft,
    desk: &'a Desk,
}

impl Sheet<'_> {
    fn filled(&self, typed: &Typed) -> Form {
        let action = format!("/drafts/{}/{}", self.draft.id, self.question);
        let names = self.question.names();
        let mut form = Form::new(action);
        for (name, values) in typed
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
        {
            for value in values {
                form = form.with(name.as_str(), value.as_str());
            }
        }
        form
    }

    fn page(&self, form: Form, from: &str, window: Option<&str>, clashes: Vec<Answer>) -> Ask {
        let (words, question, id) = (self.signed.visit.words, self.question, self.draft.id);
        let lists = Lists {
            reference: self.state.hub.reference(),
            now: self.signed.visit.now,
            words,
            desk: self.desk,
        };
        let hint = words.t(&format!("report-ask-{question}-hint"));
        let unknown = format!("report-ask-{question}-unknown");
        let back = match question.previous() {
            _ if !from.is_empty() => format!("/drafts/{id}/check"),
            Some(previous) => format!("/drafts/{id}/{previous}"),
            None => "/reports/new".to_owned(),
        };
        Ask {
            frame: self.signed.visit.frame(self.state),
            form,
            title: words.t(&format!("report-ask-{question}")).into_owned(),
            hint: hint.into_owned(),
            progress: Progress {
                now: question.number(),
                most: u8::try_from(Question::ALL.len()).unwrap_or(u8::MAX),
            },
            fields: choices::fields(question, lists),
            unknown: words.has(&unknown).then(|| {
                (
                    question.unknown_name().to_owned(),
                    words.t(&unknown).into_owned(),
                )
            }),
            mark: (self.draft.revision, self.window(window)),
            back,
            autosave: format!("/drafts/{id}/{question}/autosave"),
            from: from.to_owned(),
            code_page: self
                .draft
                .mailbox_code
                .is_some()
                .then(|| format!("/drafts/{id}/code")),
            clashes,
            warning: self.warning(),
        }
    }

    /// The window this page is: the one it was sent from, or a new one.
    fn window(&self, window: Option<&str>) -> String {
        window.map_or_else(
            || {
                let mut random = self.signed.visit.random.derive("draft-window");
                random
                    .bytes::<8>()
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect()
            },
            str::to_owned,
        )
    }

    /// What the other window wrote into the fields of this page.
    fn clashes(&self, names: &[domain::word::Code]) -> Vec<Answer> {
        let words = self.signed.visit.words;
        names
            .iter()
            .map(|name| Answer {
                label: choices::label(name.as_str(), words),
                value: self.draft.all(name.as_str()).join("\n"),
                change: String::new(),
            })
            .collect()
    }

    /// What has to be read before answering: where contacts end up, what a change of custody costs.
    fn warning(&self) -> String {
        let words = self.signed.visit.words;
        let custody = self.draft.one("custody").parse();
        let say = |key: &str| words.t(key).into_owned();
        match (self.question, custody) {
            (Question::Contact, Ok(Custody::Unnamed)) => say("report-ask-contact-sealed"),
            (Question::Contact, Ok(Custody::Stripped)) => say("report-ask-contact-stripped"),
            (Question::Terms, _) if self.desk.sealing == Sealing::NoCustodians => {
                say("report-terms-no-custodians")
            }
            (Question::Terms, _) if self.draft.mailbox_code.is_none() => {
                say("report-terms-named-draft")
            }
            _ => String::new(),
        }
    }
}

/// Whether anything of `question` was typed.
pub(super) fn is_begun(draft: &Draft, question: Question) -> bool {
    // Kind and terms are filled in from the start; only the consent says that they were seen.
    match question {
        Question::Terms => draft.says("consent"),
        _ => question
            .names()
            .into_iter()
            .filter(|name| *name != KIND)
            .any(|name| draft.says(name)),
    }
}
