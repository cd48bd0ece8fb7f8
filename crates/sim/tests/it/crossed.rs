//! Authorize A, mutate B: valid forms in the wrong hands, and valid forms that
//! speak of somebody else's things.
//!
//! The judge is not the table of permissions but what people were offered: whoever was never shown a
//! form for a thing must not be able to change it, whatever he sends.

#![expect(
    clippy::disallowed_methods,
    reason = "the search is bounded by real time"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use hub::Random;
use sim::country::Who;
use sim::crawl::{Offered, Walk};
use sim::leak::leaks;
use web::routes::table;

use crate::attack::{PEOPLE, difference, scene, state, walks};

/// Seconds that each attack runs; `NOROSHI_ATTACK_SECONDS` gives another time.
const SECONDS: u64 = 20;

/// Routes of which the walk finds a form, at least.
const ROUTES_MIN: usize = 25;

/// Organizations and communities: the register is open to all members, and whoever is named as an
/// addressee without being in reach falls away.
const REGISTER: [&str; 2] = ["org", "cmt"];

fn time() -> Duration {
    let asked = std::env::var("NOROSHI_ATTACK_SECONDS");
    Duration::from_secs(asked.map_or(SECONDS, |text| text.parse().unwrap()))
}

/// Whether a piece of a path or a value is an id of ours: three letters, `_`, 26 letters and digits.
fn is_id(piece: &str) -> bool {
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    piece
        .split_once('_')
        .is_some_and(|(kind, rest)| kind.len() == 3 && rest.len() == 26 && letters(rest))
}

/// The three letters before the `_` of an id.
fn kind(id: &str) -> &str {
    id.split_once('_').map_or(id, |(kind, _)| kind)
}

fn ids_in(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|piece| is_id(piece))
        .map(str::to_owned)
        .collect()
}

/// Every id that anybody was shown, by its first three letters.
fn pool(walks: &BTreeMap<Who, Walk>) -> BTreeMap<String, BTreeSet<String>> {
    let mut pool: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for walk in walks.values() {
        for received in walk.pages.values() {
            for id in ids_in(&String::from_utf8_lossy(&received.body)) {
                pool.entry(kind(&id).to_owned()).or_default().insert(id);
            }
        }
    }
    pool
}

fn drawn<'a, T>(random: &mut Random, all: &'a [T]) -> &'a T {
    let place = random.below(u64::try_from(all.len()).unwrap());
    &all[usize::try_from(place).unwrap()]
}

/// What stands in a path after the same actions were offered: ids as a mark, so that steps of one
/// form (`/drafts/ID/what`, `/drafts/ID/when`) are told from those of another thing.
fn things(action: &str) -> Vec<String> {
    ids_in(action)
}

/// The route of the table that an action is posted to, if it names a thing.
pub(crate) fn route_of(action: &str) -> Option<&'static str> {
    let pieces: Vec<&str> = action.split('?').next()?.split('/').collect();
    let fits = |path: &str| {
        let names: Vec<&str> = path.split('/').collect();
        names.len() == pieces.len()
            && names
                .iter()
                .zip(&pieces)
                .all(|(name, piece)| name == piece || name.starts_with('{'))
    };
    let routes = table().into_iter().filter(|route| route.method == "POST");
    let mut found: Vec<&'static str> = routes
        .map(|route| route.path)
        .filter(|path| fits(path))
        .collect();
    // `/drafts/{draft}/check` before `/drafts/{draft}/{question}`.
    found.sort_by_key(|path| path.matches('{').count());
    found.into_iter().next().filter(|path| path.contains('{'))
}

/// A form of A as it stands on the pages, sent by everybody who was not offered one for that thing:
/// one for every route of which the walk found any, and then, while there is time, whichever. Every
/// route, with the form filled in, is in `other_hands`.
#[test]
fn somebody_elses_form_changes_nothing() {
    let (world, trace) = scene();
    let walks = walks(&world, &trace);
    let mut forms: Vec<(Who, &Offered)> = Vec::new();
    let mut first: BTreeMap<&'static str, (Who, &Offered)> = BTreeMap::new();
    for (who, walk) in &walks {
        for form in walk.forms.values().flatten() {
            if let Some(route) = route_of(&form.action) {
                first.entry(route).or_insert((*who, form));
                forms.push((*who, form));
            }
        }
    }
    let seen: BTreeMap<Who, BTreeSet<String>> = walks
        .iter()
        .map(|(who, walk)| {
            let actions = walk.forms.keys();
            (*who, actions.flat_map(|action| things(action)).collect())
        })
        .collect();
    let before = state(&world);
    let unchanged = |tag: &str| {
        let changed = difference(&before, &state(&world));
        assert_eq!(changed, Vec::<String>::new(), "{tag}");
    };
    let stolen = |(owner, form): &(Who, &Offered), thief: Who| {
        let offered = &seen[&thief];
        if things(&form.action)
            .iter()
            .any(|thing| offered.contains(thing))
        {
            return None;
        }
        let received = world.post(thief, &form.action, &form.fields).unwrap();
        let tag = format!("{thief:?} with the form of {owner:?}: {}", form.action);
        let status = received.status.as_u16();
        assert!(
            matches!(status, 303 | 400 | 403 | 404 | 409),
            "{tag}: {status}"
        );
        let leaked = leaks(thief, &form.action, &received, &trace.canaries);
        assert_eq!(leaked, vec![], "{tag}");
        Some(tag)
    };
    let (mut sent, begun) = (0, Instant::now());
    let mut attacked: BTreeSet<&str> = BTreeSet::new();
    for (route, form) in &first {
        let tags: Vec<String> = PEOPLE
            .into_iter()
            .filter_map(|thief| stolen(form, thief))
            .collect();
        if let Some(tag) = tags.last() {
            attacked.insert(*route);
            unchanged(tag);
        }
        sent += tags.len();
    }
    assert!(attacked.len() >= ROUTES_MIN, "{attacked:?}");
    let mut random = Random::from_seed([31; 32]);
    while begun.elapsed() < time() && sent < 20_000 {
        if let Some(tag) = stolen(drawn(&mut random, &forms), *drawn(&mut random, &PEOPLE)) {
            sent += 1;
            if sent % 50 == 0 {
                unchanged(&tag);
            }
        }
    }
    println!("{sent} stolen forms, {} routes", attacked.len());
    assert!(sent >= 50);
    unchanged("in the end");
}

/// A form that A was offered, with one id in its path or its fields replaced by that of a thing A
/// was never shown: no row that changes speaks of that thing, and nothing of it comes back.
#[test]
fn the_own_form_with_somebody_elses_thing_does_not_touch_it() {
    let (world, trace) = scene();
    let walks = walks(&world, &trace);
    let pool = pool(&walks);
    let mut random = Random::from_seed([32; 32]);
    let forms: Vec<(Who, &Offered)> = walks
        .iter()
        .flat_map(|(who, walk)| walk.forms.values().flatten().map(|form| (*who, form)))
        .filter(|(_, form)| {
            let values = form.fields.iter().map(|(_, value)| value.as_str());
            std::iter::once(form.action.as_str())
                .chain(values)
                .any(|text| !ids_in(text).is_empty())
        })
        .collect();
    assert!(forms.len() > 20, "{} forms", forms.len());
    let shown: BTreeMap<Who, BTreeSet<String>> = walks
        .iter()
        .map(|(who, walk)| {
            let pages = walk.pages.values();
            let ids = pages.flat_map(|page| ids_in(&String::from_utf8_lossy(&page.body)));
            (*who, ids.collect())
        })
        .collect();
    let (mut sent, begun) = (0, Instant::now());
    let mut before = state(&world);
    while begun.elapsed() < time() && sent < 20_000 {
        let (who, form) = drawn(&mut random, &forms);
        let mut crossed = (*form).clone();
        let mut places: Vec<&mut String> = vec![&mut crossed.action];
        places.extend(crossed.fields.iter_mut().map(|(_, value)| value));
        places.retain(|text| !ids_in(text).is_empty());
        let chosen = usize::try_from(random.below(u64::try_from(places.len()).unwrap())).unwrap();
        let place = places.swap_remove(chosen);
        let own = drawn(&mut random, &ids_in(place)).clone();
        if REGISTER.contains(&kind(&own)) {
            continue;
        }
        let strange: Vec<&String> = pool[kind(&own)]
            .iter()
            .filter(|id| !shown[who].contains(*id))
            .collect();
        if strange.is_empty() {
            continue;
        }
        let strange = (*drawn(&mut random, &strange)).clone();
        *place = place.replace(&own, &strange);
        let received = world.post(*who, &crossed.action, &crossed.fields).unwrap();
        sent += 1;
        let tag = format!("{who:?}: {} for {own} in {}", strange, form.action);
        assert_ne!(received.status.as_u16(), 500, "{tag}");
        assert_eq!(
            leaks(*who, &crossed.action, &received, &trace.canaries),
            vec![],
            "{tag}"
        );
        let after = state(&world);
        let count = |rows: &[String]| {
            let mut about: Vec<&String> =
                rows.iter().filter(|row| row.contains(&strange)).collect();
            about.sort();
            about.into_iter().cloned().collect::<Vec<String>>()
        };
        assert_eq!(count(&before), count(&after), "{tag}");
        before = after;
    }
    println!("{sent} crossed forms");
    assert!(sent >= 20);
}
