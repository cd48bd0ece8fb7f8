//! The border check at a relay, from its beginning to its second approval.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::ReviewId;
use domain::organization::Role;
use domain::part::PartKind;
use domain::part::field::{Field, Value};
use domain::release::border::{Crossing, Fault, SmallGroup};
use domain::text::BoundedText;
use hub::release::{Desk, PartRevision, Revision, approve, ask_author, begin, desk, revise};

use crate::leak::Canary;
use crate::trace::{Filed, Trace};
use crate::world::World;

/// How long an author has to answer: a week.
const AUTHOR_SECONDS: i64 = 7 * 86_400;

/// The relay's analyst rewrites the summary of a report, and the relay's officer approves with him.
pub(super) fn play_release(
    world: &mut World,
    trace: &mut Trace,
    report: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(filed) = trace.filed(report) else {
        return Ok(());
    };
    let canary = Canary::shared(number, "summary", filed.readers.clone());
    let Some(ready) = rewritten(world, trace, &filed, canary)? else {
        return Ok(());
    };
    let (analyst, officer) = ((filed.relay, Role::Analyst), (filed.relay, Role::Officer));
    let (first, second) = (world.actor(analyst)?, world.actor(officer)?);
    let (review, revision) = ready;
    approve(&world.hub, &world.call(analyst, &first), review, revision)?;
    approve(&world.hub, &world.call(officer, &second), review, revision)?;
    trace.released += 1;
    trace.did("release");
    Ok(())
}

/// The relay's analyst rewrites the summary of a report and asks its author before it leaves.
pub(super) fn play_consult(
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    number: u64,
) -> anyhow::Result<()> {
    let canary = Canary::of_report(number, "proposed", filed);
    let Some((review, revision)) = rewritten(world, trace, filed, canary)? else {
        return Ok(());
    };
    let analyst = (filed.relay, Role::Analyst);
    let actor = world.actor(analyst)?;
    let due_at = world.now().plus_seconds(AUTHOR_SECONDS);
    let call = world.call(analyst, &actor);
    ask_author(&world.hub, &call, review, revision, due_at)?;
    trace.did("consult");
    Ok(())
}

/// The review of the report at `place`, rewritten by the relay's analyst and without faults; `None` where
/// no review can be begun.
///
/// # Errors
/// When the desk refuses what it should take.
pub fn ready_review(
    world: &World,
    trace: &mut Trace,
    place: usize,
    number: u64,
) -> anyhow::Result<Option<ReviewId>> {
    let Some(filed) = trace.filed(place) else {
        return Ok(None);
    };
    let canary = Canary::of_report(number, "ready", &filed);
    let ready = rewritten(world, trace, &filed, canary)?;
    Ok(ready.map(|(review, _)| review))
}

/// A review whose summary is rewritten as `canary`, ready for approval, and its revision.
fn rewritten(
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    canary: Canary,
) -> anyhow::Result<Option<(ReviewId, u32)>> {
    let analyst = (filed.relay, Role::Analyst);
    let first = world.actor(analyst)?;
    let Ok(review) = begin(&world.hub, &world.call(analyst, &first), filed.report) else {
        return Ok(None);
    };
    trace.reviews.push(review);
    trace.canaries.push(canary.clone());
    let seen = desk(&world.hub, &world.call(analyst, &first), review)?;
    let change = summary_only(&seen, &canary.text, BTreeSet::new())?;
    let call = world.call(analyst, &first);
    revise(&world.hub, &call, review, seen.revision, change)?;
    // A second pass lets stand what the detector asks about.
    let seen = desk(&world.hub, &world.call(analyst, &first), review)?;
    let change = summary_only(&seen, &canary.text, found(&seen, &canary.text))?;
    let call = world.call(analyst, &first);
    revise(&world.hub, &call, review, seen.revision, change)?;
    let ready = desk(&world.hub, &world.call(analyst, &first), review)?;
    if ready.faults == [Fault::ReachesNobody(PartKind::Summary)] {
        // A near miss for the desk alone goes nowhere.
        return Ok(None);
    }
    anyhow::ensure!(ready.faults.is_empty(), "faults: {:?}", ready.faults);
    Ok(Some((review, ready.revision)))
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
