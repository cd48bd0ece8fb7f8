//! What follows on an advisory: amending, tightening, recalling, reminding, saying how useful it was,
//! asking back.

mod question;

use std::collections::BTreeSet;

use domain::advisory::feedback::{Feedback, Matching, Remark, Timeliness, Usefulness};
use domain::advisory::withdrawal::{Copies, Tightening, Why};
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::organization::Role;
use domain::part::Subject;
use hub::compose::{MadeFrom, composition, propose, save};
use hub::reach::Whom;
use hub::tighten::Stricter;

use crate::history::AdvisoryStep;
use crate::history::down::writing;
use crate::leak::Canary;
use crate::trace::{Addressed, Trace};
use crate::world::World;

/// Plays what follows on the advisory at `place`.
pub(super) fn play(
    step: AdvisoryStep,
    world: &World,
    trace: &mut Trace,
    place: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(told) = trace.addressed(place) else {
        return Ok(());
    };
    trace.touched.insert(told.advisory.to_string());
    let happened = match step {
        AdvisoryStep::Amend => amends(world, trace, &told, number)?,
        AdvisoryStep::Tighten => tightens(world, &told)?,
        AdvisoryStep::Recall => recalls(world, trace, &told)?,
        AdvisoryStep::Nudge => nudges(world, &told)?,
        AdvisoryStep::Feedback => says(world, trace, &told, number)?,
        AdvisoryStep::Question => question::asks(world, trace, &told, number)?,
        AdvisoryStep::Tell => question::tells(world, trace, &told, number)?,
        AdvisoryStep::TellAll => question::tells_all(world, trace, &told, number)?,
    };
    if happened {
        trace.did(step.word());
    }
    Ok(())
}

fn amends(world: &World, trace: &mut Trace, told: &Addressed, number: u64) -> anyhow::Result<bool> {
    let (analyst, officer) = ((told.issuer, Role::Analyst), (told.issuer, Role::Officer));
    let (first, second) = (world.actor(analyst)?, world.actor(officer)?);
    let id = told.advisory;
    if hub::amend::amend(&world.hub, &world.call(analyst, &first), id).is_err() {
        return Ok(false);
    }
    let readers = BTreeSet::from([told.issuer, told.operator]);
    let canary = Canary::shared(number, "amended", readers).about(Subject::Advisory(id));
    let text = writing(world, told.operator, &canary.text)?;
    trace.canaries.push(canary);
    let version = composition(&world.hub, &world.call(analyst, &first), id)?.version;
    let from = Some(MadeFrom { id, version });
    save(&world.hub, &world.call(analyst, &first), from, text)?;
    propose(&world.hub, &world.call(analyst, &first), id)?;
    let version = composition(&world.hub, &world.call(officer, &second), id)?.version;
    Ok(hub::issue::issue(&world.hub, &world.call(officer, &second), id, version).is_ok())
}

/// Its addressee keeps it, under a stricter label.
fn tightens(world: &World, told: &Addressed) -> anyhow::Result<bool> {
    let who = (told.issuer, Role::Officer);
    let actor = world.actor(who)?;
    let stricter = Stricter {
        tightening: Tightening {
            tlp: Tlp::AmberStrict,
            taken_out: BTreeSet::new(),
        },
        why: Why::Sensitive,
        copies: Copies::Delete,
    };
    let call = world.call(who, &actor);
    Ok(hub::tighten::tighten_issued(&world.hub, &call, told.advisory, stricter).is_ok())
}

/// From then on it has no reader, not even at its issuer.
fn recalls(world: &World, trace: &mut Trace, told: &Addressed) -> anyhow::Result<bool> {
    let who = (told.issuer, Role::Officer);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let done = hub::recall::recall(&world.hub, &call, told.advisory, Why::Wrong, Copies::Delete);
    if done.is_err() {
        return Ok(false);
    }
    for canary in &mut trace.canaries {
        if canary.about == Some(Subject::Advisory(told.advisory)) {
            canary.is_nobodys_from_now_on();
        }
    }
    Ok(true)
}

fn nudges(world: &World, told: &Addressed) -> anyhow::Result<bool> {
    let who = (told.issuer, Role::Officer);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let reminded = hub::reach::nudge(&world.hub, &call, told.advisory, Whom::Everybody);
    Ok(reminded.is_ok_and(|count| count > 0))
}

fn says(world: &World, trace: &mut Trace, told: &Addressed, number: u64) -> anyhow::Result<bool> {
    let who = (told.operator, Role::Officer);
    let actor = world.actor(who)?;
    let readers = BTreeSet::from([told.issuer, told.operator]);
    let canary = Canary::shared(number, "remark", readers);
    let feedback = Feedback {
        useful: Usefulness::Yes,
        timeliness: Timeliness::InTime,
        matched: Matching::No,
        remark: Some(Confidential::new(Remark::parse(&canary.text)?)),
    };
    trace.canaries.push(canary);
    let call = world.call(who, &actor);
    Ok(hub::feedback::give(&world.hub, &call, told.advisory, feedback).is_ok())
}
