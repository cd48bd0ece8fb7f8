//! The leak checker: canaries, who may have them, and looking for them in what was received.

use std::collections::BTreeSet;

use domain::organization::Role;

use crate::country::Who;
use crate::world::Received;

/// Canaries from this number on are longer.
pub const LONG_FROM: u64 = 5_000_000_000;

/// A text that stands in one place only, with those who may receive it.
///
/// Who may is said by the history itself, from the rules in the design, and not asked of the program
/// under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    /// The text.
    pub text: String,
    /// Organizations whose members may receive it.
    pub organizations: BTreeSet<&'static str>,
}

/// A canary in the wrong hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Who received it.
    pub who: Who,
    /// Where.
    pub path: String,
    /// What.
    pub canary: String,
}

impl Canary {
    /// A canary in an original part: for the relay, and for the source where the custody is named.
    pub fn original(
        number: u64,
        place: &str,
        relay: &'static str,
        source: Option<&'static str>,
    ) -> Self {
        let mut organizations = BTreeSet::from([relay]);
        organizations.extend(source);
        Self {
            text: text(number, place),
            organizations,
        }
    }

    /// A canary for all of `organizations`.
    pub fn shared(number: u64, place: &str, organizations: BTreeSet<&'static str>) -> Self {
        Self {
            text: text(number, place),
            organizations,
        }
    }

    /// A canary that nobody may receive.
    pub fn nobodys(number: u64, place: &str) -> Self {
        Self {
            text: text(number, place),
            organizations: BTreeSet::new(),
        }
    }

    /// Whether `who` may receive it. Who runs a hub, its members or its audit reads no content.
    pub fn may(&self, who: Who) -> bool {
        let reads = !matches!(who.1, Role::Administrator | Role::Auditor | Role::Custodian);
        reads && self.organizations.contains(who.0)
    }
}

/// The text with `number` at `place`. Texts share no long run of letters, or the border check would
/// take one for a copy of another.
fn text(number: u64, place: &str) -> String {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let tail = if number < LONG_FROM { "" } else { "-and-more" };
    format!("{place}-{mixed:016x}{tail}")
}

/// The canaries in `received` that `who` may not have.
pub fn leaks(who: Who, path: &str, received: &Received, canaries: &[Canary]) -> Vec<Leak> {
    canaries
        .iter()
        .filter(|canary| !canary.may(who) && contains(received, &canary.text))
        .map(|canary| Leak {
            who,
            path: path.to_owned(),
            canary: canary.text.clone(),
        })
        .collect()
}

fn contains(received: &Received, text: &str) -> bool {
    let in_body = received
        .body
        .windows(text.len())
        .any(|window| window == text.as_bytes());
    in_body
        || received
            .headers
            .iter()
            .any(|(_, value)| value.contains(text))
}
