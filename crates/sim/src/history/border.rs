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

/// A review without faults.
struct Ready {
    review: ReviewId,
    revision: u32,
    /// The parts that leave with two approvals.
    crossing: BTreeSet<PartKind>,
}

/// The relay's analyst rewrites the technique and the summary of a report, and the relay's officer
/// approves with him. What reaches nobody stays.
pub(super) fn play_release(
    world: &mut World,
    trace: &mut Trace,
    report: usize,
    number: u64,
    technique: u64,
) -> anyhow::Result<()> {
    let Some(filed) = trace.filed(report) else {
        return Ok(());
    };
    let crossing = [
        (PartKind::Attack, technique, "shared"),
        (PartKind::Summary, number, "summary"),
    ];
    // Nobody beside the relay has them before the second approval.
    let relay = BTreeSet::from([filed.relay]);
    let texts = crossing.map(|(kind, number, place)| {
        let canary = Canary::shared(number, place, relay.clone());
        (kind, canary)
    });
    let Some(ready) = rewritten(world, trace, &filed, texts.into())? else {
        return Ok(());
    };
    let (analyst, officer) = ((filed.relay, Role::Analyst), (filed.relay, Role::Officer));
    let (first, second) = (world.actor(analyst)?, world.actor(officer)?);
    let Ready {
        review, revision, ..
    } = ready;
    approve(&world.hub, &world.call(analyst, &first), review, revision)?;
    approve(&world.hub, &world.call(officer, &second), review, revision)?;
    for (kind, number, place) in crossing {
        if !ready.crossing.contains(&kind) {
            continue;
        }
        let to = match kind {
            PartKind::Attack => &filed.leaves.technique,
            _ => &filed.leaves.summary,
        };
        let canary = Canary::released(number, place, &filed, to);
        trace.canaries.retain(|known| known.text != canary.text);
        trace.canaries.push(canary);
    }
    trace.released += 1;
    trace.did("release");
    Ok(())
}

/// The relay's analyst rewrites a report and asks its author before it leaves.
pub(super) fn play_consult(
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    number: u64,
) -> anyhow::Result<()> {
    let texts = of_report(number, ["proposed-technique", "proposed"], filed);
    let Some(ready) = rewritten(world, trace, filed, texts)? else {
        return Ok(());
    };
    let analyst = (filed.relay, Role::Analyst);
    let actor = world.actor(analyst)?;
    let due_at = world.now().plus_seconds(AUTHOR_SECONDS);
    let call = world.call(analyst, &actor);
    ask_author(&world.hub, &call, ready.review, ready.revision, due_at)?;
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
    let texts = of_report(number, ["ready-technique", "ready"], &filed);
    let ready = rewritten(world, trace, &filed, texts)?;
    Ok(ready.map(|ready| ready.review))
}

/// Canaries of a technique and a summary that stay between the source and its relay.
fn of_report(
    number: u64,
    [technique, summary]: [&str; 2],
    filed: &Filed,
) -> BTreeMap<PartKind, Canary> {
    BTreeMap::from([
        (
            PartKind::Attack,
            Canary::of_report(number, technique, filed),
        ),
        (PartKind::Summary, Canary::of_report(number, summary, filed)),
    ])
}

/// A review in which each part that has a canary is rewritten as that, ready for approval.
fn rewritten(
    world: &World,
    trace: &mut Trace,
    filed: &Filed,
    canaries: BTreeMap<PartKind, Canary>,
) -> anyhow::Result<Option<Ready>> {
    let analyst = (filed.relay, Role::Analyst);
    let first = world.actor(analyst)?;
    let Ok(review) = begin(&world.hub, &world.call(analyst, &first), filed.report) else {
        return Ok(None);
    };
    trace.reviews.push(review);
    let texts: BTreeMap<PartKind, String> = canaries
        .iter()
        .map(|(kind, canary)| (*kind, canary.text.clone()))
        .collect();
    trace.canaries.extend(canaries.into_values());
    let seen = desk(&world.hub, &world.call(analyst, &first), review)?;
    let change = crossing_with(&seen, &texts, BTreeSet::new())?;
    let call = world.call(analyst, &first);
    revise(&world.hub, &call, review, seen.revision, change)?;
    // A second pass lets stand what the detector asks about, and keeps what reaches nobody.
    let seen = desk(&world.hub, &world.call(analyst, &first), review)?;
    let mut kept = texts.clone();
    kept.retain(|kind, _| !seen.faults.contains(&Fault::ReachesNobody(*kind)));
    let change = crossing_with(&seen, &kept, found(&seen, &texts))?;
    let call = world.call(analyst, &first);
    revise(&world.hub, &call, review, seen.revision, change)?;
    let ready = desk(&world.hub, &world.call(analyst, &first), review)?;
    if ready.faults == [Fault::NothingCrosses] {
        return Ok(None);
    }
    anyhow::ensure!(ready.faults.is_empty(), "faults: {:?}", ready.faults);
    Ok(Some(Ready {
        review,
        revision: ready.revision,
        crossing: kept.into_keys().collect(),
    }))
}

/// The strings of the texts that the detector found.
fn found(desk: &Desk, texts: &BTreeMap<PartKind, String>) -> BTreeSet<(Field, String)> {
    let strings = desk.hits.iter().filter_map(|(field, hit)| {
        let text = texts.get(&field.part())?;
        Some((*field, text.get(hit.span.clone())?.to_owned()))
    });
    strings.collect()
}

/// Lets the parts that have one of `texts` cross, rewritten as that, and withholds everything else.
fn crossing_with(
    desk: &Desk,
    texts: &BTreeMap<PartKind, String>,
    confirmed: BTreeSet<(Field, String)>,
) -> anyhow::Result<Revision> {
    let mut parts = BTreeMap::new();
    for (kind, part) in &desk.draft.content().parts {
        let text = texts.get(kind);
        let field = text_field(desk, *kind);
        let change = PartRevision {
            original: part.original,
            crossing: Some(if text.is_some() {
                Crossing::Cross
            } else {
                Crossing::Withhold
            }),
            reason: Some(BoundedText::parse("被害の範囲が未確定")?),
            texts: field.zip(text.cloned()).into_iter().collect(),
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

/// The field of a part that holds free text; `None` where codes are all it says. The summary of a near
/// miss has a headline only.
fn text_field(desk: &Desk, kind: PartKind) -> Option<Field> {
    let is_told = |field: &Field| {
        let said = desk.originals.iter().filter(|part| part.kind == kind);
        let mut said = said.map(|part| part.body.content().value(*field));
        said.any(|value| matches!(value, Some(Value::Text(_))))
    };
    [Field::Narrative, Field::Headline, Field::Technique]
        .into_iter()
        .filter(|field| field.part() == kind)
        .find(is_told)
}
