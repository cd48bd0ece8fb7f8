//! What begins within an organization, and what the program does by itself.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use domain::advisory::chosen::Chosen;
use domain::advisory::withdrawal::{Copies, Tightening, Why};
use domain::handling::Tlp;
use domain::organization::{Post, Role, Tier};
use domain::report::Custody;
use domain::report::draft::Page;
use domain::roster::Span;
use domain::text::BoundedText;
use hub::compose::{propose, save};
use hub::draft::Keeping;
use hub::invite::{NewInvitation, Way, WrittenIn, invite};
use hub::log::LogSettings;
use hub::phone::{Heard, enter_report};
use hub::roster::{NewTurn, plan, take_over};
use hub::submit::FormKey;
use hub::tighten::{Stricter, tighten_issued};

use crate::history::down::writing;
use crate::history::file::incident;
use crate::history::{Far, HouseStep, OPERATORS, relay_of};
use crate::leak::Canary;
use crate::trace::{Filed, Trace};
use crate::world::World;

/// Length of a planned turn.
const TURN_SECONDS: i64 = 12 * 3_600;

/// Plays what begins at the operator at `place`.
pub(super) fn play(
    step: HouseStep,
    world: &World,
    trace: &mut Trace,
    place: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(name) = OPERATORS.get(place).copied() else {
        return Ok(());
    };
    match step {
        HouseStep::Draft => drafts(world, trace, name, number)?,
        HouseStep::Phone => phones(world, trace, name, number)?,
        HouseStep::Turn => turns(world, name)?,
        HouseStep::Invite => invites(world, trace, name, number)?,
        HouseStep::Compose => composes(world, trace, name, number)?,
        HouseStep::Whisper => whispers(world, trace, name, number)?,
        HouseStep::Deliver => world.deliver()?,
        HouseStep::Publish => publishes(world)?,
    }
    trace.did(step.word());
    Ok(())
}

fn drafts(world: &World, trace: &mut Trace, name: &'static str, number: u64) -> anyhow::Result<()> {
    let who = (name, Role::DutyOfficer);
    let actor = world.actor(who)?;
    let canary = Canary::nobodys(number, "draft").and(who);
    let opened = hub::draft::begin(&world.hub, &world.call(who, &actor), Keeping::Name)?;
    let page = Page {
        window: "w1".parse()?,
        based_on: 1,
        typed: BTreeMap::from([("headline".parse()?, vec![canary.text.clone()])]),
    };
    trace.canaries.push(canary);
    hub::draft::save(&world.hub, &world.call(who, &actor), opened.id, None, page)?;
    Ok(())
}

/// A named incident, written down by a clerk of the relay.
fn phones(world: &World, trace: &mut Trace, name: &'static str, number: u64) -> anyhow::Result<()> {
    let relay = relay_of(name);
    let who = (relay, Role::DutyOfficer);
    let actor = world.actor(who)?;
    let canary = Canary::original(number, "phoned", relay, Some(name));
    let member = world.country.organizations.get(name).copied();
    let far = Far::Authorities;
    let filing = incident(Custody::Named, far, [&canary.text, "-", "-"])?;
    let call = world.call(who, &actor);
    let form = FormKey::draw(&mut call.random.derive("form")).sent(canary.text.as_bytes());
    let receipt = enter_report(&world.hub, &call, member, Heard::Phone, filing, &form)?;
    trace.canaries.push(canary);
    trace.reports.push(Some(Filed {
        report: receipt.report,
        relay,
        author: name,
        source: Some(name),
        leaves: far.leaves(relay),
        code: receipt.mailbox_code,
    }));
    Ok(())
}

fn turns(world: &World, name: &'static str) -> anyhow::Result<()> {
    let (run, duty, other) = (
        (name, Role::Administrator),
        (name, Role::DutyOfficer),
        (name, Role::Analyst),
    );
    let (first, second, third) = (world.actor(run)?, world.actor(duty)?, world.actor(other)?);
    let turn = NewTurn {
        membership: second.membership,
        span: Span::new(world.now(), world.now().plus_seconds(TURN_SECONDS))
            .context("no turn of that length")?,
    };
    plan(&world.hub, &world.call(run, &first), vec![turn])?;
    let seen = hub::roster::show(&world.hub, &world.call(other, &third))?;
    let current = seen.turns.iter().find(|turn| turn.span.covers(world.now()));
    let from = current.map(|turn| turn.id);
    take_over(&world.hub, &world.call(other, &third), from)?;
    Ok(())
}

/// The guest's name is for those who run the members, there and of the hub.
fn invites(
    world: &World,
    trace: &mut Trace,
    name: &'static str,
    number: u64,
) -> anyhow::Result<()> {
    let who = (name, Role::Administrator);
    let actor = world.actor(who)?;
    let canary = Canary::nobodys(number, "guest")
        .and(who)
        .and(("center", Role::Administrator));
    let new = NewInvitation {
        organization: actor.organization,
        name: BoundedText::parse(&canary.text)?,
        mail: None,
        language: WrittenIn::Japanese,
        posts: vec![Post {
            role: Role::Staff,
            tier: Tier::Ciso,
        }],
    };
    let invited = invite(&world.hub, &world.call(who, &actor), new)?;
    trace.canaries.push(canary);
    if let Way::ByHand(secret) = invited.way {
        trace.links.push(secret);
    }
    Ok(())
}

fn composes(
    world: &World,
    trace: &mut Trace,
    name: &'static str,
    number: u64,
) -> anyhow::Result<()> {
    let who = ("center", Role::Analyst);
    let actor = world.actor(who)?;
    let canary = Canary::shared(number, "unissued", BTreeSet::from(["center"]));
    let text = writing(world, name, &canary.text)?;
    trace.canaries.push(canary);
    save(&world.hub, &world.call(who, &actor), None, text)?;
    Ok(())
}

/// In the end the issuer and the one person that is named read it.
fn whispers(
    world: &World,
    trace: &mut Trace,
    name: &'static str,
    number: u64,
) -> anyhow::Result<()> {
    let (analyst, officer) = (("center", Role::Analyst), ("center", Role::Officer));
    let (first, second) = (world.actor(analyst)?, world.actor(officer)?);
    let named = (name, Role::Officer);
    let told = world.actor(named)?;
    let other = world.actor(("coordination", Role::Officer))?;
    let canary = Canary::shared(number, "whisper", BTreeSet::from(["center"])).and(named);
    let mut text = writing(world, name, &canary.text)?;
    text.chosen = [
        Chosen::Person(told.person, told.organization, Tier::Ciso),
        Chosen::Organization(other.organization, Tier::Ciso),
    ]
    .into();
    trace.canaries.push(canary);
    let id = save(&world.hub, &world.call(analyst, &first), None, text)?;
    propose(&world.hub, &world.call(analyst, &first), id)?;
    hub::issue::issue(&world.hub, &world.call(officer, &second), id, 1)?;
    let stricter = Stricter {
        tightening: Tightening {
            tlp: Tlp::Red,
            taken_out: BTreeSet::new(),
        },
        why: Why::Sensitive,
        copies: Copies::Delete,
    };
    tighten_issued(&world.hub, &world.call(officer, &second), id, stricter)?;
    Ok(())
}

fn publishes(world: &World) -> anyhow::Result<()> {
    let random = world.chance("publish");
    hub::log::publish(
        &world.hub,
        LogSettings::new(PUBLISHED_LEAVES, 60)?,
        world.now(),
        random,
    )?;
    Ok(())
}

/// Leaves of a batch: all that a short history makes.
const PUBLISHED_LEAVES: u32 = 512;
