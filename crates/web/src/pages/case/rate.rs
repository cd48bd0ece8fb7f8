//! `POST /reports/{id}/opinion`: an opinion on severity, by the rubric.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::id::ReportId;
use domain::policy::{Action, permits};
use domain::reference::SCALE_DEFAULT;
use domain::reference::rubric::{Aspect, Bands};
use domain::severity::{Reach, Severity};
use domain::time::Timestamp;
use domain::word::Code;
use hub::triage::{Held, RateError, bands_of};
use view::answer::chosen;
use view::form::{Choice, Form};
use view::page::case::{AspectField, OpinionView};
use view::part::SeverityMark;
use view::words::Words;

use super::show;
use crate::form::Posted;
use crate::lists::{row_name, say_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Keeps the opinion, or shows the form again when nothing was chosen.
pub(crate) async fn rate(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let band = |aspect: Aspect| -> Result<Option<Code>, Problem> {
        match posted.one(aspect.word()) {
            "" => Ok(None),
            given => given.parse().map(Some).map_err(|_| Problem::Malformed),
        }
    };
    let bands = Bands {
        users: band(Aspect::Users)?,
        duration: band(Aspect::Duration)?,
        area: band(Aspect::Area)?,
        harm: band(Aspect::Harm)?,
    };
    let reach = match posted.one("reach") {
        "" => Reach::Desk,
        given => given.parse().map_err(|_| Problem::Malformed)?,
    };
    let own = is_own(&actor);
    let (who, when) = (actor.clone(), visit.clone());
    let rated = state
        .call(move |hub| {
            let call = Signed::call(&who, &when);
            Ok::<_, Problem>(hub::triage::rate(hub, &call, id, &bands, reach))
        })
        .await?;
    match rated {
        Ok(()) if own => Ok(Redirect::to(&format!("/sent/{id}/history#severity")).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/reports/{id}#severity")).into_response()),
        // The page of the own report says beside the form that one band is needed.
        Err(RateError::NothingKnown) if own => {
            Ok(Redirect::to(&format!("/sent/{id}/history#severity")).into_response())
        }
        Err(RateError::NothingKnown) => {
            let mut page = show::page(&state, Signed { visit, actor }, id).await?;
            if let Some((form, _)) = &mut page.rate {
                form.reject(Aspect::Users.word(), page.frame.t("case-nothing-known"));
            }
            Ok(Html(page.render()?).into_response())
        }
        Err(error) => Err(Problem::from(error)),
    }
}

/// The empty form with the bands of today.
pub(crate) fn blank(
    state: &AppState,
    words: Words,
    id: ReportId,
    now: Timestamp,
) -> (Form, Vec<AspectField>) {
    let day = now.day_in_japan();
    let fields = Aspect::ALL
        .iter()
        .map(|aspect| AspectField {
            name: aspect.word(),
            label: aspect_name(*aspect, words),
            bands: state
                .hub
                .reference()
                .bands
                .current(day)
                .filter(|row| row.body.aspect == *aspect)
                .map(|row| Choice::new(row.code.as_str(), row_name(words, row)))
                .collect(),
        })
        .collect();
    (Form::new(format!("/reports/{id}/opinion")), fields)
}

/// To whom an opinion can be shown: a choice for who reads the original of what was released.
pub(crate) fn reaches(words: Words) -> Vec<Choice> {
    Reach::ALL
        .iter()
        .map(|reach| Choice::new(reach.word(), words.t(&format!("case-reach-{reach}"))))
        .collect()
}

/// Whether the person has no desk for reports: then the page of the own report is his.
fn is_own(actor: &Actor) -> bool {
    !permits(actor, Action::Intake) && !permits(actor, Action::Triage)
}

/// An opinion as the page shows it.
pub(crate) fn opinion_view(state: &AppState, words: Words, held: &Held) -> OpinionView {
    let lists = state.hub.reference();
    let day = held.opinion.given_at.day_in_japan();
    let band_name = |band: &str| {
        lists
            .bands
            .naming(band, day)
            .map_or_else(|| band.to_owned(), |row| chosen(&row.name, words))
    };
    OpinionView {
        mark: mark(state, words, held.opinion.severity, held.opinion.given_at),
        organization: match &held.names {
            Some(names) => say_name(words, names),
            None => words.t("case-source-itself").into_owned(),
        },
        reach: held.opinion.reach,
        given_at: held.opinion.given_at,
        working: bands_of(&held.opinion.working)
            .into_iter()
            .map(|(aspect, band)| (aspect_name(aspect, words), band_name(&band)))
            .collect(),
    }
}

/// A rung on the scale in use.
pub(crate) fn mark(
    state: &AppState,
    words: Words,
    severity: Severity,
    at: Timestamp,
) -> SeverityMark {
    let lists = state.hub.reference();
    let day = at.day_in_japan();
    let number = lists
        .scales
        .naming(SCALE_DEFAULT, day)
        .map_or(severity.rung(), |scale| scale.body.number(severity));
    let word = lists
        .rungs
        .rows()
        .iter()
        .find(|row| row.body.severity == severity)
        .map_or_else(String::new, |row| chosen(&row.name, words));
    SeverityMark {
        rung: severity,
        number: number.to_string(),
        word,
    }
}

fn aspect_name(aspect: Aspect, words: Words) -> String {
    words
        .t(&format!("case-aspect-{}", aspect.word()))
        .into_owned()
}
