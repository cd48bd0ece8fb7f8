//! What relays and authorities do with a report: grouping, rating, asking from above, passing on.

use std::collections::BTreeSet;

use domain::dialogue::MessageText;
use domain::organization::Role;
use domain::reference::rubric::Bands;
use domain::severity::Reach;
use domain::text::BoundedText;
use hub::dialogue::{Question, ask, at_desk, forward};
use hub::incident::{Into, Name, Why, group};
use hub::triage::rate;

use crate::history::ReportStep;
use crate::leak::Canary;
use crate::trace::{Filed, Trace};
use crate::world::World;

/// Plays what a desk does with `filed`.
pub(super) fn play(
    step: ReportStep,
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    number: u64,
) -> anyhow::Result<()> {
    let happened = match step {
        ReportStep::Group => groups(world, trace, filed, number)?,
        ReportStep::Rate => rates(world, filed)?,
        ReportStep::AskAbove => asks_from_above(world, trace, filed, number)?,
        _ => forwards(world, trace, filed, number)?,
    };
    if happened {
        trace.did(step.word());
    }
    Ok(())
}

fn groups(world: &World, trace: &mut Trace, filed: &Filed, number: u64) -> anyhow::Result<bool> {
    let who = (filed.relay, Role::Analyst);
    let actor = world.actor(who)?;
    let name = Canary::shared(number, "incident", BTreeSet::from([filed.relay]));
    let why = Canary::shared(number, "because", BTreeSet::from([filed.relay]));
    let into = Into::New(Name::parse(&name.text)?);
    let reason = Why::parse(&why.text)?;
    trace.canaries.extend([name, why]);
    let call = world.call(who, &actor);
    Ok(group(&world.hub, &call, vec![filed.report], into, reason).is_ok())
}

fn rates(world: &World, filed: &Filed) -> anyhow::Result<bool> {
    let who = (filed.relay, Role::Analyst);
    let actor = world.actor(who)?;
    let bands = Bands {
        users: Some("users-none".parse()?),
        ..Bands::default()
    };
    let call = world.call(who, &actor);
    Ok(rate(&world.hub, &call, filed.report, &bands, Reach::Readers).is_ok())
}

fn asks_from_above(
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    number: u64,
) -> anyhow::Result<bool> {
    let who = ("ministry", Role::Officer);
    let actor = world.actor(who)?;
    let canary = Canary::shared(number, "above", BTreeSet::from(["ministry", filed.relay]));
    let question = Question {
        text: BoundedText::parse(&canary.text)?,
        due_days: None,
    };
    trace.canaries.push(canary);
    let call = world.call(who, &actor);
    Ok(ask(&world.hub, &call, filed.report, question).is_ok())
}

fn forwards(world: &World, trace: &mut Trace, filed: &Filed, number: u64) -> anyhow::Result<bool> {
    let who = (filed.relay, Role::Officer);
    let actor = world.actor(who)?;
    let Ok(dialogue) = at_desk(&world.hub, &world.call(who, &actor), filed.report) else {
        return Ok(false);
    };
    let waiting = dialogue
        .messages
        .iter()
        .rfind(|said| said.passage.is_some());
    let Some(waiting) = waiting else {
        return Ok(false);
    };
    let canary = Canary::of_report(number, "passed", filed);
    let text = MessageText::parse(&canary.text)?;
    trace.canaries.push(canary);
    let call = world.call(who, &actor);
    Ok(forward(&world.hub, &call, waiting.id, text).is_ok())
}
