//! A question back to the issuer of an advisory, and its answers.

use std::collections::BTreeSet;

use domain::advisory::question::{AnswerText, QuestionText};
use domain::confidential::Confidential;
use domain::id::QuestionId;
use domain::organization::Role;
use domain::part::Subject;
use hub::question::{Standing, answer, ask, beside, open, propose, send_to_everybody};

use crate::leak::Canary;
use crate::trace::{Addressed, Trace};
use crate::world::World;

/// A canary between the addressee and those at the issuer who look after the reach.
fn between(number: u64, place: &str, told: &Addressed) -> Canary {
    Canary::shared(number, place, BTreeSet::from([told.operator]))
        .and((told.issuer, Role::Analyst))
        .and((told.issuer, Role::Officer))
        .about(Subject::Advisory(told.advisory))
}

/// An officer of the addressee asks.
pub(super) fn asks(
    world: &World,
    trace: &mut Trace,
    told: &Addressed,
    number: u64,
) -> anyhow::Result<bool> {
    let who = (told.operator, Role::Officer);
    let actor = world.actor(who)?;
    let canary = between(number, "question", told);
    let text = Confidential::new(QuestionText::parse(&canary.text)?);
    let asked = ask(&world.hub, &world.call(who, &actor), told.advisory, text);
    Ok(keep(trace, [canary], asked.is_ok()))
}

/// An officer of the issuer answers who asked.
pub(super) fn tells(
    world: &World,
    trace: &mut Trace,
    told: &Addressed,
    number: u64,
) -> anyhow::Result<bool> {
    let canary = between(number, "told", told);
    let text = Confidential::new(AnswerText::parse(&canary.text)?);
    let who = (told.issuer, Role::Officer);
    let actor = world.actor(who)?;
    let done = match waiting(world, told)? {
        Some(question) => answer(&world.hub, &world.call(who, &actor), question, 0, text).is_ok(),
        None => false,
    };
    Ok(keep(trace, [canary], done))
}

/// Two persons of the issuer answer everybody.
pub(super) fn tells_all(
    world: &World,
    trace: &mut Trace,
    told: &Addressed,
    number: u64,
) -> anyhow::Result<bool> {
    let shared = |place| {
        let readers = BTreeSet::from([told.issuer, told.operator]);
        Canary::shared(number, place, readers).about(Subject::Advisory(told.advisory))
    };
    let (wording, answer) = (shared("wording"), shared("told-all"));
    let texts = (
        Confidential::new(QuestionText::parse(&wording.text)?),
        Confidential::new(AnswerText::parse(&answer.text)?),
    );
    let done = replies_to_all(world, told, texts)?;
    Ok(keep(trace, [wording, answer], done))
}

/// Keeps canaries that came to be; those of a refused step are nowhere, and nobody's.
fn keep(trace: &mut Trace, canaries: impl IntoIterator<Item = Canary>, is_done: bool) -> bool {
    for mut canary in canaries {
        if !is_done {
            canary.is_nobodys_from_now_on();
        }
        trace.canaries.push(canary);
    }
    is_done
}

/// An analyst of the issuer writes it, and an officer sends it.
fn replies_to_all(
    world: &World,
    told: &Addressed,
    (wording, text): (Confidential<QuestionText>, Confidential<AnswerText>),
) -> anyhow::Result<bool> {
    let Some(question) = waiting(world, told)? else {
        return Ok(false);
    };
    let [writes, sends] = [Role::Analyst, Role::Officer].map(|role| (told.issuer, role));
    let actor = world.actor(writes)?;
    let call = world.call(writes, &actor);
    if propose(&world.hub, &call, question, 0, wording, text).is_err() {
        return Ok(false);
    }
    let actor = world.actor(sends)?;
    let seen = open(&world.hub, &world.call(sends, &actor), question)?;
    let Some(waits) = seen.proposed else {
        return Ok(false);
    };
    let call = world.call(sends, &actor);
    send_to_everybody(&world.hub, &call, question, waits.preview)?;
    Ok(true)
}

/// The question that waits longest; `None` when none does, or nobody may read the advisory.
fn waiting(world: &World, told: &Addressed) -> anyhow::Result<Option<QuestionId>> {
    let who = (told.issuer, Role::Officer);
    let actor = world.actor(who)?;
    let Ok(asked) = beside(&world.hub, &world.call(who, &actor), told.advisory) else {
        return Ok(None);
    };
    let mut lines = asked.desk.into_iter().flatten();
    let first = lines.find(|line| line.standing == Standing::Waits);
    Ok(first.map(|line| line.id))
}
