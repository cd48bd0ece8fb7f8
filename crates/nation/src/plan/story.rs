//! The three stories: who is in them, and when.

use domain::organization::OrganizationKind;

use super::organizations::position_of;
use super::written::Occasion;
use super::{Plan, Story};
use crate::draw::Draw;
use crate::narrative::{NARRATIVES, Narrative};

/// Days before the build on which the wave begins.
const WAVE_DAYS_BACK: i64 = 52;
/// The days on which the floods begin, each lasting three days.
const FLOOD_DAYS_BACK: [i64; 3] = [211, 138, 19];
/// The day of the cascading outage.
const CASCADE_DAYS_BACK: i64 = 97;

/// CEPTOARs of which the wave strikes several on its first day.
const WAVE_STRUCK: [&str; 2] = ["medical", "local-government"];
/// CEPTOARs of which each flood strikes several on its first day.
const FLOOD_STRUCK: [&[&str]; 3] = [
    &["banks", "railways"],
    &["railways", "local-government"],
    &["banks", "railways", "local-government"],
];
/// How many of a CEPTOAR are struck on one day: enough for that week's figure to be shown, on
/// whatever day of the week the history ends.
const STRUCK: usize = 6;

/// The occasions of all stories.
pub(super) fn occasions(plan: &Plan) -> Vec<Occasion<'static>> {
    let mut found = wave(plan);
    found.extend(floods(plan));
    found.extend(cascade(plan));
    found
}

/// The supplier's tool first, its customers in several sectors within three days, and those who
/// heard in time.
fn wave(plan: &Plan) -> Vec<Occasion<'static>> {
    let mut draw = Draw::new(plan.seed, "story/wave");
    let groups = [
        "medical",
        "local-government",
        "logistics",
        "water",
        "banks",
        "medical",
        "railways",
        "local-government",
        "gas",
        "ports",
        "cable-television",
        "chemical",
    ];
    let mut customers: Vec<usize> = Vec::new();
    for group in groups {
        customers.extend(drawn(plan, &mut draw, group, &customers));
    }
    let keys = [
        ("wave-encrypted", 0),
        ("wave-encrypted", 0),
        ("en-wave", 0),
        ("wave-stopped", 1),
        ("wave-encrypted", 1),
        ("wave-stopped", 1),
        ("wave-encrypted", 2),
        ("wave-stopped", 2),
        ("wave-encrypted", 2),
        ("wave-stopped", 2),
        ("wave-precaution", 3),
        ("wave-precaution", 3),
    ];
    let supplier = position_of("supplier").into_iter();
    let source = supplier.filter_map(|at| tell("wave-supplier", at, WAVE_DAYS_BACK, Story::Wave));
    let told = customers
        .iter()
        .zip(keys)
        .filter_map(|(at, (key, later))| tell(key, *at, WAVE_DAYS_BACK - later, Story::Wave));
    let struck = WAVE_STRUCK
        .into_iter()
        .flat_map(|group| struck(plan, &mut draw, group, &customers))
        .collect::<Vec<_>>();
    let struck = struck.into_iter().enumerate().filter_map(|(number, at)| {
        let key = if number.is_multiple_of(2) {
            "wave-encrypted"
        } else {
            "wave-stopped"
        };
        tell(key, at, WAVE_DAYS_BACK, Story::Wave)
    });
    // The operator of the roles stopped it in time, and said so.
    let cast = of_ceptoar(plan, "electricity").next();
    let own = cast.and_then(|at| tell("wave-stopped", at, WAVE_DAYS_BACK - 1, Story::Wave));
    source.chain(told).chain(struck).chain(own).collect()
}

/// Three bursts; the later, the more were warned.
fn floods(plan: &Plan) -> Vec<Occasion<'static>> {
    let mut draw = Draw::new(plan.seed, "story/flood");
    let groups = [
        "airports",
        "banks",
        "railways",
        "local-government",
        "credit",
        "ports",
        "t-ceptoar",
    ];
    let mut found = Vec::new();
    for (burst, days_back) in FLOOD_DAYS_BACK.into_iter().enumerate() {
        let mut hit: Vec<usize> = Vec::new();
        for (number, group) in groups.into_iter().enumerate() {
            let Some(at) = drawn(plan, &mut draw, group, &hit) else {
                continue;
            };
            hit.push(at);
            let warned = number % 3 < burst;
            let key = if warned { "flood-held" } else { "flood-series" };
            let day = days_back - i64::try_from(number % 3).unwrap_or(0);
            found.extend(tell(key, at, day, Story::Flood));
        }
        let more = FLOOD_STRUCK.get(burst).copied().unwrap_or_default();
        for (number, at) in more
            .iter()
            .flat_map(|group| struck(plan, &mut draw, group, &hit))
            .collect::<Vec<_>>()
            .into_iter()
            .enumerate()
        {
            let warned = number % 3 < burst;
            let key = if warned { "flood-held" } else { "flood-series" };
            found.extend(tell(key, at, days_back, Story::Flood));
        }
    }
    found
}

/// One operator of the grid, then those who depend on it, in its own part of the country where
/// there are any.
fn cascade(plan: &Plan) -> Vec<Occasion<'static>> {
    let mut draw = Draw::new(plan.seed, "story/cascade");
    // Not the roles' operator nor its rival: their history stays quiet.
    let grids: Vec<usize> = of_ceptoar(plan, "electricity").skip(2).collect();
    let grid = *draw.pick(&grids);
    let mut found: Vec<Occasion<'static>> =
        tell("cascade-power", grid, CASCADE_DAYS_BACK, Story::Cascade)
            .into_iter()
            .collect();
    let area = plan.organizations.get(grid).map(|one| one.area.as_str());
    for (group, key, count) in [
        ("t-ceptoar", "cascade-telecom", 2),
        ("medical", "cascade-medical", 3),
        ("water", "cascade-water", 2),
    ] {
        let all: Vec<usize> = of_ceptoar(plan, group).collect();
        let shuffled = draw.shuffled(&all);
        let (near, far): (Vec<usize>, Vec<usize>) = shuffled
            .into_iter()
            .partition(|at| plan.organizations.get(**at).map(|one| one.area.as_str()) == area);
        let hit = near.into_iter().chain(far).take(count);
        found.extend(hit.filter_map(|at| tell(key, at, CASCADE_DAYS_BACK, Story::Cascade)));
    }
    found
}

fn tell(key: &str, organization: usize, days_back: i64, story: Story) -> Option<Occasion<'static>> {
    let narrative: &'static Narrative = NARRATIVES.iter().find(|one| one.key == key)?;
    Some(Occasion {
        narrative,
        organization,
        days_back,
        story: Some(story),
    })
}

/// An operator of `group` that is not in `taken`; the cast of the roles is left out.
fn drawn(plan: &Plan, draw: &mut Draw, group: &str, taken: &[usize]) -> Option<usize> {
    let free: Vec<usize> = of_ceptoar(plan, group)
        .skip(1)
        .filter(|at| !taken.contains(at))
        .collect();
    (!free.is_empty()).then(|| *draw.pick(&free))
}

/// Several operators of `group` that are not in `taken`.
fn struck(plan: &Plan, draw: &mut Draw, group: &str, taken: &[usize]) -> Vec<usize> {
    let mut hit = taken.to_vec();
    for _ in 0..STRUCK {
        hit.extend(drawn(plan, draw, group, &hit));
    }
    hit.split_off(taken.len())
}

fn of_ceptoar(plan: &Plan, code: &str) -> impl Iterator<Item = usize> {
    plan.organizations
        .iter()
        .enumerate()
        .filter(move |(_, one)| {
            one.kind == OrganizationKind::Operator && one.ceptoar.as_deref() == Some(code)
        })
        .map(|(at, _)| at)
}
