//! The border check at a relay, from its beginning to its second approval.

use std::collections::{BTreeMap, BTreeSet};

use domain::organization::Role;
use domain::part::PartKind;
use domain::part::field::{Field, Value};
use domain::release::border::{Crossing, Fault, SmallGroup};
use domain::text::BoundedText;
use hub::release::{Desk, PartRevision, Revision, approve, begin, desk, revise};

use crate::history::Trace;
use crate::leak::Canary;
use crate::world::World;

/// The relay's analyst rewrites the summary of a report, and the relay's officer approves with him.
pub(super) fn play_release(
    world: &mut World,
    trace: &mut Trace,
    report: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(Some(filed)) = trace.reports.get(report).cloned() else {
        return Ok(());
    };
    let canary = Canary::shared(number, "summary", filed.readers.clone());
    let (analyst, officer) = ((filed.relay, Role::Analyst), (filed.relay, Role::Officer));
    let (first, second) = (world.actor(analyst)?, world.actor(officer)?);
    let Ok(review) = begin(&world.hub, &world.call(analyst, &first), filed.report) else {
        return Ok(());
    };
    trace.reviews.push(review);
    trace.canaries.push(canary.clone());
    let seen = desk(&world.hub, &world.call(analyst, &first), review)?;
    let change = summary_only(&seen, &canary.text, BTreeSet::new())?;
    revise(
        &world.hub,
        &world.call(analyst, &first),
        review,
        seen.revision,
        change,
    )?;
    // A second pass lets stand what the detector asks about.
    let seen = desk(&world.hub, &world.call(analyst, &first), review)?;
    let change = summary_only(&seen, &canary.text, found(&seen, &canary.text))?;
    revise(
        &world.hub,
        &world.call(analyst, &first),
        review,
        seen.revision,
        change,
    )?;
    let ready = desk(&world.hub, &world.call(analyst, &first), review)?;
    if ready.faults == [Fault::ReachesNobody(PartKind::Summary)] {
        // A near miss for the desk alone goes nowhere.
        return Ok(());
    }
    anyhow::ensure!(ready.faults.is_empty(), "faults: {:?}", ready.faults);
    let revision = ready.revision;
    approve(&world.hub, &world.call(analyst, &first), review, revision)?;
    approve(&world.hub, &world.call(officer, &second), review, revision)?;
    trace.released += 1;
    Ok(())
}

/// The strings of `text` that the detector found.
fn found(desk: &Desk, text: &str) -> BTreeSet<(Field, String)> {
    desk.hits
        .iter()
        .filter_map(|(field, hit)| Some((*field, text.get(hit.span.clone())?.to_owned())))
        .collect()
}

/// Lets the summary cross, rewritten as `text`, and withholds everything else.
fn summary_only(
    desk: &Desk,
    text: &str,
    confirmed: BTreeSet<(Field, String)>,
) -> anyhow::Result<Revision> {
    let mut parts = BTreeMap::new();
    for (kind, part) in &desk.draft.content().parts {
        let crosses = *kind == PartKind::Summary;
        let texts = if crosses {
            BTreeMap::from([(text_field(desk), text.to_owned())])
        } else {
            BTreeMap::new()
        };
        let change = PartRevision {
            original: part.original,
            crossing: Some(if crosses {
                Crossing::Cross
            } else {
                Crossing::Withhold
            }),
            reason: Some(BoundedText::parse("被害の範囲が未確定")?),
            texts,
            left_out: BTreeSet::new(),
            tlp: part.handling.tlp,
            purposes: part.handling.purposes.clone(),
            circles: part.handling.circles.clone(),
        };
        parts.insert(*kind, change);
    }
    Ok(Revision {
        parts,
        confirmed,
        small_group: SmallGroup::Accepted,
    })
}

/// The field of the summary that holds free text: a near miss has a headline only.
fn text_field(desk: &Desk) -> Field {
    let narrated = desk.originals.iter().any(|part| {
        matches!(
            part.body.content().value(Field::Narrative),
            Some(Value::Text(_))
        )
    });
    if narrated {
        Field::Narrative
    } else {
        Field::Headline
    }
}
