//! One trial of the two-world test, as data: drawn from its seed, made smaller, kept in a file.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context as _;
use domain::organization::Role;
use domain::reference::ReferenceData;
use hub::Random;

use crate::country::{Who, everybody};
use crate::history::{OPERATORS, Op};
use crate::twins::{Difference, Plant, difference};

/// Operations of a drawn history.
const DRAWN_OPERATIONS: usize = 8;

/// A seed of the worlds, one reader, and a history.
///
/// As text: the seed and the reader on the first line, then one operation a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Seed of both worlds.
    pub seed: u64,
    /// Who compares what he receives.
    pub who: Who,
    /// What happens.
    pub history: Vec<Op>,
}

impl Trial {
    /// The trial of that number.
    pub fn drawn(seed: u64) -> anyhow::Result<Self> {
        let mut bytes = [1_u8; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        let mut random = Random::from_seed(bytes);
        let people = everybody();
        let mut history = Op::history(&mut random, DRAWN_OPERATIONS, people.len());
        let mut readers = people;
        // In every second, something has left for members of a community, and an operator looks.
        if random.below(2) == 0 {
            history.splice(..0, Op::sharing(&mut random));
            readers.retain(|who| OPERATORS.contains(&who.0));
        }
        let chosen = usize::try_from(random.below(u64::try_from(readers.len())?))?;
        let who = *readers.get(chosen).context("the country is empty")?;
        Ok(Self { seed, who, history })
    }

    /// Plays it; the first difference that its reader could see.
    pub fn play(
        &self,
        reference: &Arc<ReferenceData>,
        plant: Plant<'_>,
    ) -> anyhow::Result<Option<Difference>> {
        difference(self.seed, &self.history, self.who, reference, plant)
    }

    /// The same trial without the operations that its difference does not need.
    pub fn smaller(
        &self,
        reference: &Arc<ReferenceData>,
        plant: Plant<'_>,
    ) -> anyhow::Result<Self> {
        let mut small = self.clone();
        for place in 0..self.history.len() {
            let mut tried = small.clone();
            if let Some(op) = tried.history.get_mut(place) {
                *op = op.without();
            }
            if tried.play(reference, plant)?.is_some() {
                small = tried;
            }
        }
        Ok(small)
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{} {} {}", self.seed, self.who.0, self.who.1)?;
        for op in &self.history {
            writeln!(out, "{op}")?;
        }
        Ok(())
    }
}

impl FromStr for Trial {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().context("the file is empty")?;
        let words: Vec<&str> = first.split_whitespace().collect();
        let [seed, name, role] = words.as_slice() else {
            anyhow::bail!("`{first}` is not a seed, an organization and a role");
        };
        let role: Role = role.parse()?;
        let who = everybody()
            .into_iter()
            .find(|who| who.0 == *name && who.1 == role)
            .with_context(|| format!("nobody is `{name} {role}`"))?;
        Ok(Self {
            seed: seed.parse()?,
            who,
            history: lines.map(str::parse).collect::<anyhow::Result<_>>()?,
        })
    }
}
