//! Questions to a source, requests for its seal, and wrong passwords at the door.

use std::collections::BTreeSet;

use domain::opening::Reason;
use domain::organization::Role;
use domain::text::BoundedText;
use hub::dialogue::Question;

use crate::history::{Filed, OPERATORS, Trace};
use crate::leak::Canary;
use crate::world::{Sent, World, encoded};

/// An officer of the relay of a report puts a question to its source.
pub(super) fn play_ask(
    world: &World,
    trace: &mut Trace,
    report: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(Some(filed)) = trace.reports.get(report) else {
        return Ok(());
    };
    let canary = Canary::original(number, "question", filed.relay, filed.source);
    let who = (filed.relay, Role::Officer);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let question = Question {
        text: BoundedText::parse(&canary.text)?,
        due_days: None,
    };
    let _refused = hub::dialogue::ask(&world.hub, &call, filed.report, question);
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
    let Some(Some(Filed { report, relay, .. })) = trace.reports.get(report) else {
        return Ok(());
    };
    let canary = Canary::shared(number, "reason", BTreeSet::from([*relay]));
    let who = (*relay, Role::Officer);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let reason = Reason::parse(&canary.text)?;
    let purpose = "defense".parse()?;
    let _refused = hub::open_seal::request(&world.hub, &call, *report, &purpose, &reason);
    trace.canaries.push(canary);
    Ok(())
}

/// A wrong password for the duty officer of `operator`, from somebody without a session.
pub(super) fn play_knock(world: &World, operator: usize) -> anyhow::Result<()> {
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
    Ok(())
}
