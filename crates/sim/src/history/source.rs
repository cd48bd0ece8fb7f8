//! What a source does with its report afterwards, by its name or by its mailbox code.

use std::collections::BTreeMap;

use domain::confidential::Confidential;
use domain::dialogue::MessageText;
use domain::handling::{Circle, Consent};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::Edition;
use domain::report::terms::{AskedTerms, Care};
use domain::report::update::WithdrawReason;
use hub::update::terms;
use hub::update::{Change, read, update, withdraw};

use crate::history::{OPERATORS, ReportStep};
use crate::leak::Canary;
use crate::trace::{Filed, Trace};
use crate::world::World;

/// Plays what the source of `filed` does.
pub(super) fn play(
    step: ReportStep,
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    number: u64,
) -> anyhow::Result<()> {
    let happened = match step {
        ReportStep::Update => rewrites(world, trace, filed, number)?,
        ReportStep::Withdraw => takes_back(world, trace, filed)?,
        ReportStep::Promote => promotes(world, filed)?,
        ReportStep::Narrow => narrows(world, trace, filed)?,
        ReportStep::KeepIn => keeps_in(world, trace, filed)?,
        ReportStep::Reply => replies(world, trace, filed, number)?,
        _ => opens_mailbox(world, filed)?,
    };
    if happened {
        trace.did(step.word());
    }
    Ok(())
}

fn rewrites(world: &World, trace: &mut Trace, filed: &Filed, number: u64) -> anyhow::Result<bool> {
    let who = filed.writer();
    let actor = world.actor(who)?;
    let Ok(own) = read(&world.hub, &world.call(who, &actor), filed.claim(world)?) else {
        return Ok(false);
    };
    let canary = Canary::of_report(number, "updated", filed);
    let text = Value::text(Field::Narrative, &canary.text)?;
    let change = Change {
        based_on: own.versions.len(),
        edition: Edition::FollowUp,
        answers: Confidential::new(PartBody::new(BTreeMap::from([(Field::Narrative, text)]))),
    };
    trace.canaries.push(canary);
    let claim = filed.claim(world)?;
    Ok(update(&world.hub, &world.call(who, &actor), claim, change).is_ok())
}

/// From then on what left of it has no reader, not even at the relay.
fn takes_back(world: &World, trace: &mut Trace, filed: &Filed) -> anyhow::Result<bool> {
    let who = filed.writer();
    let actor = world.actor(who)?;
    let claim = filed.claim(world)?;
    let call = world.call(who, &actor);
    let done = withdraw(&world.hub, &call, claim, WithdrawReason::Mistaken).is_ok();
    if done {
        trace.narrow(filed.report, |_| false);
    }
    Ok(done)
}

fn promotes(world: &World, filed: &Filed) -> anyhow::Result<bool> {
    let who = filed.writer();
    let actor = world.actor(who)?;
    let claim = filed.claim(world)?;
    Ok(hub::near_miss::promote(&world.hub, &world.call(who, &actor), claim).is_ok())
}

/// The national center has it no longer.
fn narrows(world: &World, trace: &mut Trace, filed: &Filed) -> anyhow::Result<bool> {
    let done = asks(world, filed, |asked| asked.consent = Consent::Refused)?;
    if done {
        trace.narrow(filed.report, |name| name != "center");
    }
    Ok(done)
}

/// No operator has it any longer.
fn keeps_in(world: &World, trace: &mut Trace, filed: &Filed) -> anyhow::Result<bool> {
    let done = asks(world, filed, |asked| {
        asked.circles.remove(&Circle::CeptoarMembers);
        asked.circles.remove(&Circle::CrossSector);
    })?;
    if done {
        trace.narrow(filed.report, |name| !OPERATORS.contains(&name));
    }
    Ok(done)
}

/// Whether its source changed the terms of all its parts with `stricter`.
fn asks(world: &World, filed: &Filed, stricter: impl Fn(&mut AskedTerms)) -> anyhow::Result<bool> {
    let who = filed.writer();
    let actor = world.actor(who)?;
    let claim = filed.claim(world)?;
    let Ok(own) = terms::read(&world.hub, &world.call(who, &actor), claim.clone()) else {
        return Ok(false);
    };
    let parts = own.parts.iter().map(|part| {
        let mut asked = AskedTerms {
            tlp: part.handling.tlp,
            purposes: part.handling.purposes.clone(),
            circles: part.handling.circles.clone(),
            consent: part.handling.consent,
        };
        stricter(&mut asked);
        (part.kind, asked)
    });
    let change = terms::Change {
        based_on: own.based_on,
        parts: parts.collect(),
        care: Care::Unseen,
    };
    Ok(terms::change(&world.hub, &world.call(who, &actor), claim, change).is_ok())
}

fn replies(world: &World, trace: &mut Trace, filed: &Filed, number: u64) -> anyhow::Result<bool> {
    let who = filed.writer();
    let actor = world.actor(who)?;
    let claim = filed.claim(world)?;
    let said = hub::dialogue::of_source(&world.hub, &world.call(who, &actor), claim.clone());
    let Some(asked) = said
        .ok()
        .and_then(|said| said.messages.last().map(|said| said.id))
    else {
        return Ok(false);
    };
    let canary = Canary::of_report(number, "reply", filed);
    let text = MessageText::parse(&canary.text)?;
    trace.canaries.push(canary);
    let call = world.call(who, &actor);
    Ok(hub::dialogue::answer(&world.hub, &call, claim, Some(asked), text).is_ok())
}

/// Through the page, so that the browser holds it open afterwards.
fn opens_mailbox(world: &World, filed: &Filed) -> anyhow::Result<bool> {
    let Some(code) = &filed.code else {
        return Ok(false);
    };
    let who = filed.writer();
    let received = world.post(who, "/mailbox", &[("code".to_owned(), code.clone())])?;
    world.keep(who, &received);
    Ok(received.status.is_redirection())
}
