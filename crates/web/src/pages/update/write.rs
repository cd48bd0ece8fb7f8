//! `GET` and `POST` of `/sent/{report}/update` and `/mailbox/update`: only what has changed, looked
//! at before it is sent.
//!
//! A form says how many versions the report had when it was made. When there are more by now, what
//! both wrote is shown and the writer chooses; nothing typed is lost.

use std::collections::BTreeMap;

use askama::Template as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::confidential::Confidential;
use domain::part::field::{Field, Value};
use domain::part::{PartBody, PartKind};
use domain::report::Edition;
use domain::report::draft::{Typed, spelled};
use domain::report::question::Question;
use exchange::form::{Answers, Blank, Setting};
use hub::draft::Desk;
use hub::update::{self, Change, OwnReport, UpdateError};
use view::answer::{Names, edition_name, field_name};
use view::form::{Choice, Form};
use view::page::update::{Clash, Compared, UpdateCheck, UpdateClash, UpdatePage};

use super::compare::{Said, Stays, beside, difference, laid_over};
use super::own::read;
use crate::form::Posted;
use crate::pages::report::begin::desk_of;
use crate::pages::report::choices::{Lists, ask};
use crate::pages::report::wrong;
use crate::pages::sent::whose::Whose;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// How often an update that was overtaken is laid over again by itself.
const TRIES: usize = 3;

/// Shows the form with what the report says now.
pub(crate) async fn show(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
) -> Result<Response, Problem> {
    let desk = Writing::begin(&state, &whose, &signed).await?;
    let form = desk.form(&desk.said(desk.own.versions.len()), Edition::FollowUp);
    let page = desk.page(form, desk.own.versions.len())?;
    Ok(whose.keep(&state, &signed, page))
}

/// Looks at what was typed, and sends it once its writer has seen what would change.
pub(crate) async fn send(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    for _ in 0..TRIES {
        let desk = Writing::begin(&state, &whose, &signed).await?;
        let change = match desk.look(&posted)? {
            Looked::Page(status, page) => {
                return Ok(whose.keep(&state, &signed, (status, page)));
            }
            Looked::Send(change) => change,
        };
        let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
        let claim = whose.claim.clone();
        let sent = state
            .call(move |hub| {
                let call = Signed::call(&actor, &visit);
                Ok::<_, Problem>(update::update(hub, &call, claim, change))
            })
            .await?;
        match sent {
            Ok(_) => {
                let page = whose.path("/history#history");
                return Ok(Redirect::to(&page).into_response());
            }
            // Somebody was quicker by a moment: look again, and show what clashes.
            Err(UpdateError::Changed) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::Changed)
}

/// What comes of a posted form.
enum Looked {
    /// A page to go on with.
    Page(StatusCode, Html<String>),
    /// It was looked at, and nothing clashes.
    Send(Change),
}

/// An update in the making.
struct Writing<'a> {
    state: &'a AppState,
    whose: &'a Whose,
    signed: &'a Signed,
    own: OwnReport,
    desk: Desk,
    fields: Vec<Field>,
}

impl<'a> Writing<'a> {
    async fn begin(
        state: &'a AppState,
        whose: &'a Whose,
        signed: &'a Signed,
    ) -> Result<Self, Problem> {
        let own = read(state, signed, whose).await?;
        let desk = desk_of(state, &signed.visit, &signed.actor).await?;
        let fields = Question::ALL
            .iter()
            .flat_map(|question| question.fields())
            .filter(|field| asks(whose, **field))
            .copied()
            .collect();
        Ok(Self {
            state,
            whose,
            signed,
            own,
            desk,
            fields,
        })
    }

    /// What the report said when it had `versions` versions.
    fn said(&self, versions: usize) -> Said {
        let mut newest: BTreeMap<PartKind, _> = BTreeMap::new();
        for version in self.own.versions.iter().take(versions) {
            newest.insert(version.kind, version);
        }
        newest
            .into_values()
            .flat_map(|version| version.body.content().fields())
            .map(|(field, value)| (field, value.clone()))
            .collect()
    }

    fn look(&self, posted: &Posted) -> Result<Looked, Problem> {
        let words = self.signed.visit.words;
        let based_on: usize = number(posted, "based-on")?;
        if based_on > self.own.versions.len() {
            return Err(Problem::Malformed);
        }
        let Ok(edition @ (Edition::FollowUp | Edition::Final)) = posted.one("edition").parse()
        else {
            return Err(Problem::Malformed);
        };
        let typed = self.typed(posted);
        let mut form = posted.refill(&self.action());
        for wrong in &typed.wrongs {
            form.reject(wrong.name, wrong::sentence(wrong, words));
        }
        if !form.errors().is_empty() {
            return Ok(Looked::Page(REFUSED, self.page(form, based_on)?));
        }
        let (before, now) = (self.said(based_on), self.said(self.own.versions.len()));
        let beside = beside(&self.fields, &before, &now, &typed.values);
        // A choice made beside an older text is no choice.
        let seen = posted.one("seen") == self.own.versions.len().to_string();
        let chosen = beside.clashes.iter().filter_map(|field| {
            let stays = match posted.one(&choice_name(*field)) {
                "mine" => Stays::Mine,
                "theirs" => Stays::Theirs,
                _ => return None,
            };
            seen.then_some((*field, stays))
        });
        let chosen: BTreeMap<Field, Stays> = chosen.collect();
        if chosen.len() < beside.clashes.len() {
            let clashes: Vec<Field> = beside.clashes.iter().copied().collect();
            let page = self.clash(posted, &clashes, &now, &typed.values, seen)?;
            return Ok(Looked::Page(StatusCode::CONFLICT, page));
        }
        let after = laid_over(&beside, &now, &typed.values, &chosen);
        self.decide(posted, edition, &now, after, based_on)
    }

    /// What is done with an update that clashes with nothing.
    fn decide(
        &self,
        posted: &Posted,
        edition: Edition,
        now: &Said,
        after: Said,
        based_on: usize,
    ) -> Result<Looked, Problem> {
        let words = self.signed.visit.words;
        let versions = self.own.versions.len();
        let changes = difference(&self.fields, now, &after);
        let form = self.form(&after, edition);
        if changes.is_empty() && edition == self.own.report.edition {
            let mut form = form;
            form.reject("main", words.t("update-nothing"));
            return Ok(Looked::Page(REFUSED, self.page(form, versions)?));
        }
        match posted.one("then") {
            "edit" => Ok(Looked::Page(StatusCode::OK, self.page(form, versions)?)),
            "send" => Ok(Looked::Send(Change {
                based_on: versions,
                edition,
                answers: Confidential::new(PartBody::new(changes)),
            })),
            _ => {
                let note = if based_on == versions {
                    String::new()
                } else {
                    words.t("update-overtaken").into_owned()
                };
                let page = self.check(edition, now, &after, &changes, note)?;
                Ok(Looked::Page(StatusCode::OK, page))
            }
        }
    }

    fn action(&self) -> String {
        self.whose.path("/update")
    }

    fn names(&self) -> Names<'_> {
        Names {
            reference: self.state.hub.reference(),
            day: self.signed.visit.now.day_in_japan(),
            words: self.signed.visit.words,
        }
    }

    /// The form that says `said`.
    fn form(&self, said: &Said, edition: Edition) -> Form {
        let mut form = Form::new(self.action()).with("edition", edition.word());
        for (name, text) in self.carried(said) {
            form = form.with(&name, text);
        }
        form
    }

    /// `said` as names and values of a form.
    fn carried(&self, said: &Said) -> Vec<(String, String)> {
        let known = self
            .fields
            .iter()
            .filter_map(|field| Some((field, said.get(field)?)));
        known
            .flat_map(|(field, value)| {
                let texts = spelled(value).into_iter();
                texts.map(|text| (field.word().to_owned(), text))
            })
            .collect()
    }

    fn typed(&self, posted: &Posted) -> Answers {
        let typed: Typed = self
            .fields
            .iter()
            .filter_map(|field| {
                let values = posted.all(field.word()).to_vec();
                Some((field.word().parse().ok()?, values))
            })
            .collect();
        let setting = Setting {
            reference: self.state.hub.reference(),
            now: self.signed.visit.now,
        };
        let mut answers = Answers::default();
        for field in &self.fields {
            answers.read(*field, &typed, Blank::Silence, setting);
        }
        answers
    }

    fn page(&self, form: Form, based_on: usize) -> Result<Html<String>, Problem> {
        let words = self.signed.visit.words;
        let lists = Lists {
            reference: self.state.hub.reference(),
            now: self.signed.visit.now,
            words,
            desk: &self.desk,
        };
        let groups = Question::ALL.iter().filter_map(|question| {
            let fields: Vec<_> = question
                .fields()
                .iter()
                .filter(|field| self.fields.contains(field))
                .map(|field| {
                    let mut asked = ask(*field, lists);
                    // An update leaves out whatever has not changed.
                    asked.need = "optional";
                    asked
                })
                .collect();
            let title = words.t(&format!("report-ask-{question}")).into_owned();
            (!fields.is_empty()).then_some((title, fields))
        });
        let edition = |edition: Edition| {
            Choice::new(
                edition.word(),
                words.t(&format!("update-edition-{edition}")),
            )
        };
        let page = UpdatePage {
            frame: self.signed.visit.frame(self.state),
            form,
            pseudonym: self.own.report.pseudonym.clone(),
            groups: groups.collect(),
            editions: vec![edition(Edition::FollowUp), edition(Edition::Final)],
            based_on,
            back: self.whose.path("/history"),
        };
        Ok(Html(page.render()?))
    }

    /// What would change, to be looked at.
    fn check(
        &self,
        edition: Edition,
        now: &Said,
        after: &Said,
        changes: &Said,
        note: String,
    ) -> Result<Html<String>, Problem> {
        let names = self.names();
        let mut carried = self.carried(after);
        carried.push(("edition".to_owned(), edition.word().to_owned()));
        carried.push(("based-on".to_owned(), self.own.versions.len().to_string()));
        let page = UpdateCheck {
            frame: self.signed.visit.frame(self.state),
            form: Form::new(self.action()),
            pseudonym: self.own.report.pseudonym.clone(),
            carried,
            changes: changes
                .iter()
                .map(|(field, value)| Compared {
                    field: field_name(*field, names.words),
                    before: now
                        .get(field)
                        .map_or(String::new(), |value| names.value(*field, value)),
                    after: names.value(*field, value),
                })
                .collect(),
            edition: edition_name(edition, names.words),
            note,
            back: self.whose.path("/history"),
        };
        Ok(Html(page.render()?))
    }

    /// Both texts of each field that two people changed.
    fn clash(
        &self,
        posted: &Posted,
        fields: &[Field],
        now: &Said,
        typed: &Said,
        seen: bool,
    ) -> Result<Html<String>, Problem> {
        let names = self.names();
        let words = names.words;
        let mut carried = self.carried(typed);
        for name in ["edition", "based-on"] {
            carried.push((name.to_owned(), posted.one(name).to_owned()));
        }
        carried.push(("seen".to_owned(), self.own.versions.len().to_string()));
        let mut form = Form::new(self.action());
        let clashes = fields
            .iter()
            .map(|field| {
                let name = choice_name(*field);
                if seen {
                    match posted.one(&name) {
                        "" => form.reject(&name, words.t("update-clash-choose")),
                        chosen => form = form.clone().with(&name, chosen),
                    }
                }
                let choice = |value: &str, key: &str, said: &Said| {
                    let text = said.get(field).unwrap_or(&Value::Unknown);
                    Choice::new(value, words.t(key)).hint(names.value(*field, text))
                };
                Clash {
                    name,
                    label: field_name(*field, words),
                    choices: vec![
                        choice("theirs", "update-clash-theirs", now),
                        choice("mine", "update-clash-mine", typed),
                    ],
                }
            })
            .collect();
        let page = UpdateClash {
            frame: self.signed.visit.frame(self.state),
            form,
            pseudonym: self.own.report.pseudonym.clone(),
            carried,
            clashes,
            back: self.whose.path("/history"),
        };
        Ok(Html(page.render()?))
    }
}

/// Whether an update may say `field`: by mailbox nothing that names the source.
fn asks(whose: &Whose, field: Field) -> bool {
    whose.is_named() || field.part() != PartKind::Source
}

fn choice_name(field: Field) -> String {
    format!("choose-{}", field.word())
}

fn number(posted: &Posted, name: &str) -> Result<usize, Problem> {
    posted.one(name).parse().map_err(|_| Problem::Malformed)
}
