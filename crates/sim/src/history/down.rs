//! The way down: advisories of the authorities to operators, and the operators' answers.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use domain::advisory::AdvisoryKind;
use domain::advisory::chosen::Chosen;
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::organization::{Role, Tier};
use domain::part::field::{Field, Value};
use domain::part::{PartBody, Subject};
use hub::acknowledge::{Answer, answer};
use hub::compose::{Writing, propose, save};

use crate::history::{ISSUERS, OPERATORS};
use crate::leak::Canary;
use crate::trace::{Addressed, Trace};
use crate::world::World;

/// How long an addressee has.
const DUE_SECONDS: i64 = 7_200;

/// The analyst of an issuer writes to one operator, and the issuer's officer issues.
pub(super) fn play_advise(
    world: &mut World,
    trace: &mut Trace,
    issuer: usize,
    operator: usize,
    number: u64,
) -> anyhow::Result<()> {
    let (Some(issuer), Some(name)) = (
        ISSUERS.get(issuer).copied(),
        OPERATORS.get(operator).copied(),
    ) else {
        return Ok(());
    };
    let readers = BTreeSet::from([issuer, name]);
    let canary = Canary::shared(number, "advisory", readers);
    let writing = writing(world, name, &canary.text)?;
    let (analyst, officer) = ((issuer, Role::Analyst), (issuer, Role::Officer));
    let (first, second) = (world.actor(analyst)?, world.actor(officer)?);
    let advisory = save(&world.hub, &world.call(analyst, &first), None, writing)?;
    propose(&world.hub, &world.call(analyst, &first), advisory)?;
    hub::issue::issue(&world.hub, &world.call(officer, &second), advisory, 1)?;
    trace.advisories.push(Some(Addressed {
        advisory,
        issuer,
        operator: name,
    }));
    trace
        .canaries
        .push(canary.about(Subject::Advisory(advisory)));
    trace.did("advise");
    Ok(())
}

/// An alert to the CISO of `operator` with `title`.
pub(super) fn writing(world: &World, operator: &str, title: &str) -> anyhow::Result<Writing> {
    let to = *world
        .country
        .organizations
        .get(operator)
        .context("no such operator")?;
    let text = |field, text: &str| Ok::<_, anyhow::Error>((field, Value::text(field, text)?));
    Ok(Writing {
        kind: AdvisoryKind::Alert,
        grade: "outside-act".parse()?,
        body: Confidential::new(PartBody::new(BTreeMap::from([
            text(Field::Title, title)?,
            text(Field::Gist, title)?,
            text(Field::ActionCiso, title)?,
        ]))),
        chosen: [Chosen::Organization(to, Tier::Ciso)].into(),
        dues: [(Tier::Ciso, world.now().plus_seconds(DUE_SECONDS))].into(),
        tlp: Tlp::Amber,
        purposes: ["defense".parse()?].into(),
        reports: [].into(),
    })
}

/// An officer of an operator opens an advisory, whether it is for him or not, and takes it on.
pub(super) fn play_answer(
    world: &mut World,
    trace: &mut Trace,
    operator: usize,
    advisory: usize,
) -> anyhow::Result<()> {
    let (Some(name), Some(told)) = (OPERATORS.get(operator), trace.addressed(advisory)) else {
        return Ok(());
    };
    let advisory = told.advisory;
    trace.touched.insert(advisory.to_string());
    let who = (*name, Role::Officer);
    let actor = world.actor(who)?;
    let Ok(opened) = hub::inbox::open(&world.hub, &world.call(who, &actor), advisory) else {
        return Ok(());
    };
    if let Some(line) = opened.lines.first() {
        let call = world.call(who, &actor);
        if answer(&world.hub, &call, advisory, line.id, Answer::Accepted).is_ok() {
            trace.did("answer");
        }
    }
    Ok(())
}
