//! Questions of addressees, at the desk that issued the advisory.

use axum::routing::{get, post};
use domain::policy::Action;
use hub::question::{Asked, Asking as Can, DeskLine, Standing as Stands};
use view::form::Form;
use view::page::question::{Answered, Asking, DeskItem, Own, Questions, Standing, Told};
use view::words::Words;

use crate::names::organization;
use crate::routes::{Needs, Route};

mod answer;
mod show;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/questions/{question}",
        needs: Needs::May(Action::WatchReach),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/questions/{question}",
        needs: Needs::May(Action::WatchReach),
        handler: || post(answer::answer),
    },
];

/// What stands about questions on the page of the advisory at `href`.
pub(crate) fn questions(href: &str, asked: Asked, words: Words) -> Questions {
    let told = asked.told.into_iter().map(|told| Told {
        wording: told.wording,
        answer: told.answer,
        at: told.at,
    });
    let own = asked.own.into_iter().map(|own| Own {
        text: own.text,
        asked_at: own.asked_at,
        answered: own.answered.map(|(to, at, text)| Answered { to, at, text }),
    });
    let items = |lines: Vec<DeskLine>| lines.iter().map(|line| item(line, words)).collect();
    Questions {
        told: told.collect(),
        own: own.collect(),
        asking: match asked.asking {
            Can::No => Asking::No,
            Can::Open => Asking::Open(Form::new(format!("{href}/questions"))),
            Can::Full => Asking::Full,
        },
        desk: asked.desk.map(items),
    }
}

/// A question as a line of the issuer's list.
fn item(line: &DeskLine, words: Words) -> DeskItem {
    DeskItem {
        href: format!("/questions/{}", line.id),
        who: organization(&line.organization, words),
        tier: line.addressee.tier(),
        at: line.asked_at,
        standing: match line.standing {
            Stands::Waits => Standing::Waits,
            Stands::Proposed => Standing::Proposed,
            Stands::Answered(to, _) => Standing::Answered(to),
            Stands::Ended => Standing::Ended,
        },
    }
}
