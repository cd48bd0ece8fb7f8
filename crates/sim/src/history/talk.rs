//! Questions to a source, requests for its seal, and wrong passwords at the door.

use std::collections::BTreeSet;

use domain::opening::Reason;
use domain::organization::Role;
use domain::text::BoundedText;
use hub::dialogue::Question;

use crate::history::OPERATORS;
use crate::leak::Canary;
use crate::trace::Trace;
use crate::world::{Sent, World, encoded};

/// An officer of the relay of a report puts a question to its source.
pub(super) fn play_ask(
    world: &World,
    trace: &mut Trace,
    report: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(filed) = trace.filed(report) else {
        return Ok(());
    };
    let canary = Canary::of_report(number, "question", &filed);
    let who = (filed.relay, Role::Officer);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let question = Question {
        text: BoundedText::parse(&canary.text)?,
        due_days: None,
    };
    if hub::dialogue::ask(&world.hub, &call, filed.report, question).is_ok() {
        trace.did("ask");
    }
    trace.canaries.push(canary);
    Ok(())
}

/// An officer of the relay of a report asks for the opening of its seal. Only those who ask and those
/// who keep the seal read the reason.
pub(super) fn play_unseal(
    world: &World,
    trace: &mut Trace,
    report: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(filed) = trace.filed(report) else {
        return Ok(());
    };
    let keeper = (filed.relay, Role::Custodian);
    let canary = Canary::shared(number, "reason", BTreeSet::from([filed.relay])).and(keeper);
    let who = (filed.relay, Role::Officer);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let reason = Reason::parse(&canary.text)?;
    let purpose = "defense".parse()?;
    if hub::open_seal::request(&world.hub, &call, filed.report, &purpose, &reason).is_ok() {
        trace.did("unseal");
    }
    trace.canaries.push(canary);
    Ok(())
}

/// A wrong password for the duty officer of `operator`, from somebody without a session.
pub(super) fn play_knock(world: &World, trace: &mut Trace, operator: usize) -> anyhow::Result<()> {
    let Some(name) = OPERATORS.get(operator) else {
        return Ok(());
    };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let fields = [
        field("account", &format!("duty-officer@{name}.example")),
        field("password", "a wrong password of some length"),
        field("code", "123456"),
    ];
    world.send(&Sent {
        who: None,
        method: "POST",
        path: "/sign-in",
        body: &encoded("", &fields),
        header: None,
    })?;
    trace.did("knock");
    Ok(())
}
