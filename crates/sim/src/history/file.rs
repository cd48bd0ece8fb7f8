//! What operators send up: incidents, near misses, and how many there were.

use std::collections::BTreeMap;

use domain::confidential::Confidential;
use domain::count::{Counts, Period, PeriodKind};
use domain::organization::Role;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::filing::Filing;
use domain::report::near_miss::{NearMiss, Scope};
use domain::report::{Custody, Edition, ReportKind};
use domain::text::BoundedText;
use hub::submit::{FormKey, submit};

use crate::history::{Far, Leaves, OPERATORS, relay_of};
use crate::leak::Canary;
use crate::trace::{Filed, Trace};
use crate::world::World;

/// The duty officer of `operator` submits an incident.
pub(super) fn play_submit(
    world: &mut World,
    trace: &mut Trace,
    operator: usize,
    custody: Custody,
    far: Far,
    number: u64,
) -> anyhow::Result<()> {
    let Some(name) = OPERATORS.get(operator).copied() else {
        return Ok(());
    };
    let relay = relay_of(name);
    let source = (custody == Custody::Named).then_some(name);
    let who = (name, Role::DutyOfficer);
    let narrative = Canary::original(number, "narrative", relay, source).and(who);
    let technique = Canary::original(number, "technique", relay, source).and(who);
    let contact = match source {
        Some(_) => Canary::original(number, "contact", relay, source),
        // Sealed: nobody reads it on any page.
        None => Canary::nobodys(number, "contact"),
    };
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let texts = [&narrative, &technique, &contact].map(|canary| canary.text.as_str());
    let filing = incident(custody, far, texts)?;
    let accepted = submit(&world.hub, &call, filing).ok();
    if accepted.is_some() {
        trace.did("submit");
    }
    trace.reports.push(accepted.map(|receipt| Filed {
        report: receipt.report,
        relay,
        author: name,
        source,
        code: receipt.mailbox_code,
        leaves: far.leaves(relay),
    }));
    trace.canaries.extend([narrative, technique, contact]);
    Ok(())
}

/// A member of the staff of `operator` tells a near miss.
pub(super) fn play_near_miss(
    world: &mut World,
    trace: &mut Trace,
    operator: usize,
    scope: Scope,
    number: u64,
) -> anyhow::Result<()> {
    let Some(name) = OPERATORS.get(operator).copied() else {
        return Ok(());
    };
    let relay = relay_of(name);
    let source = (scope.custody() == Custody::Named).then_some(name);
    // Its author goes on with it by the code of its mailbox.
    let line = Canary::original(number, "line", relay, source).and((name, Role::DutyOfficer));
    let told = NearMiss {
        kind: "open-hole".parse()?,
        occurred_at: None,
        places: ["ot".parse()?].into(),
        no_harm_reason: Some("person-noticed".parse()?),
        line: BoundedText::parse_optional(&line.text)?,
        scope,
    };
    let who = (name, Role::Staff);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let form = FormKey::draw(&mut call.random.derive("form")).sent(line.text.as_bytes());
    let accepted = hub::near_miss::submit(&world.hub, &call, told, form).ok();
    if accepted.is_some() {
        trace.did("near-miss");
    }
    trace.reports.push(accepted.map(|receipt| Filed {
        report: receipt.report,
        relay,
        author: name,
        source,
        code: receipt.mailbox_code,
        leaves: Leaves::of_near_miss(relay, scope),
    }));
    trace.canaries.push(line);
    Ok(())
}

/// A member of the staff of `operator` counts the near misses of this week.
pub(super) fn play_count(
    world: &mut World,
    trace: &mut Trace,
    operator: usize,
    count: u32,
) -> anyhow::Result<()> {
    let Some(name) = OPERATORS.get(operator).copied() else {
        return Ok(());
    };
    let who = (name, Role::Staff);
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let week = Period::of(PeriodKind::Week, call.now.day_in_japan());
    let counts = Counts::from([("slip".parse()?, count)]);
    if hub::count::send(&world.hub, &call, week, counts).is_ok() {
        trace.did("count");
    }
    Ok(())
}

/// An incident with these texts of its narrative, its technique and its contact.
pub(super) fn incident(
    custody: Custody,
    far: Far,
    [narrative, technique, contact]: [&str; 3],
) -> anyhow::Result<Filing> {
    let text = |field, text: &str| Ok::<_, anyhow::Error>((field, Value::text(field, text)?));
    let answers = BTreeMap::from([
        text(Field::ContactName, contact)?,
        text(Field::Systems, "監視端末")?,
        text(Field::Technique, technique)?,
        text(Field::Narrative, narrative)?,
        (
            Field::EventTypes,
            Value::Codes(["malware-infection".parse()?].into()),
        ),
        (Field::DetectedAt, Value::Unknown),
    ]);
    Ok(Filing {
        kind: ReportKind::Incident,
        custody,
        edition: Edition::First,
        answers: Confidential::new(PartBody::new(answers)),
        terms: far.terms()?,
    })
}
