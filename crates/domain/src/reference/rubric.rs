//! Noroshi's own severity rubric, and the official scales it is shown on.
//!
//! The standard of 2018 names two aspects, sustainability and safety, and takes the higher; it
//! publishes no thresholds. The bands here are Noroshi's and are labeled so. The assessment shows
//! its working: every band that was chosen, the rung it stands for, and which aspects decided.
//!
//! INVARIANT: an unknown answer never lowers a rung; it makes the result a lower bound.

use super::ReferenceData;
use crate::severity::Severity;
use crate::word::{Code, words};

/// A rung with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Which of the five.
    pub severity: Severity,
}

/// A numbering of the five rungs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// The number the lowest rung bears: 0 in the standard of 2018, 1 in the draft of 2016.
    pub lowest: u8,
}

impl Scale {
    /// The number this scale gives to `severity`.
    pub const fn number(&self, severity: Severity) -> u8 {
        self.lowest.saturating_add(severity.rung())
    }

    /// The rung that bears `number` on this scale; `None` beyond its ends.
    pub fn severity(&self, number: u8) -> Option<Severity> {
        Severity::from_rung(number.checked_sub(self.lowest)?)
    }
}

/// One answer on one aspect of the rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The aspect it answers.
    pub aspect: Aspect,
    /// The rung it stands for.
    pub severity: Severity,
}

words! {
    /// What the rubric asks. The first three make up sustainability, the last is safety.
    pub enum Aspect {
        /// How many users are affected.
        Users = "users",
        /// How long, counted to the expected recovery.
        Duration = "duration",
        /// How wide an area.
        Area = "area",
        /// What harm to people or goods.
        Harm = "harm",
    }
}

/// The four answers; `None` is "unknown", which is always allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bands {
    /// Code of the band of affected users.
    pub users: Option<Code>,
    /// Code of the band of duration.
    pub duration: Option<Code>,
    /// Code of the band of area.
    pub area: Option<Code>,
    /// Code of the band of harm.
    pub harm: Option<Code>,
}

/// The outcome of the rubric, with its working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The highest of users, duration and area; `None` when all three are unknown.
    pub sustainability: Option<Severity>,
    /// The rung of harm; `None` when unknown.
    pub safety: Option<Severity>,
    /// The higher of the two; `None` when nothing is known.
    pub overall: Option<Severity>,
    /// Whether an unknown answer could still raise the result.
    pub bound: Bound,
    /// One step for each aspect, in the order of [`Aspect::ALL`].
    pub working: Vec<Step>,
}

/// One line of the working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The aspect asked.
    pub aspect: Aspect,
    /// The band chosen and its rung; `None` for "unknown".
    pub answer: Option<(Code, Severity)>,
    /// Whether this step alone reaches the overall rung.
    pub weight: Weight,
}

/// What a step did to the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Its rung is the overall rung.
    Decides,
    /// Its rung is lower, or unknown.
    Follows,
}

/// How firm a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Nothing unknown could change it.
    Exact,
    /// An unknown answer could raise it.
    AtLeast,
}

/// A code given for an aspect is not one of its bands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{band}` is not a band of `{aspect}`; choose one from the list or leave it unknown")]
pub struct NotABand {
    /// The aspect asked.
    pub aspect: Aspect,
    /// The code given.
    pub band: Code,
}

impl ReferenceData {
    /// Assesses four bands by the rubric.
    ///
    /// # Errors
    /// [`NotABand`] when a code is unknown or belongs to another aspect.
    pub fn assess(&self, bands: &Bands) -> Result<Assessment, NotABand> {
        let rung = |aspect: Aspect, code: &Option<Code>| {
            let Some(code) = code else { return Ok(None) };
            self.bands
                .versions(code.as_str())
                .find(|row| row.body.aspect == aspect)
                .map(|row| Some((code.clone(), row.body.severity)))
                .ok_or_else(|| NotABand {
                    aspect,
                    band: code.clone(),
                })
        };
        let users = rung(Aspect::Users, &bands.users)?;
        let duration = rung(Aspect::Duration, &bands.duration)?;
        let area = rung(Aspect::Area, &bands.area)?;
        let harm = rung(Aspect::Harm, &bands.harm)?;

        let severity = |answer: &Option<(Code, Severity)>| answer.as_ref().map(|(_, rung)| *rung);
        let sustainability = severity(&users)
            .max(severity(&duration))
            .max(severity(&area));
        let safety = severity(&harm);
        let overall = sustainability.max(safety);
        let working: Vec<Step> = [
            (Aspect::Users, users),
            (Aspect::Duration, duration),
            (Aspect::Area, area),
            (Aspect::Harm, harm),
        ]
        .into_iter()
        .map(|(aspect, answer)| Step {
            aspect,
            weight: if answer.is_some() && severity(&answer) == overall {
                Weight::Decides
            } else {
                Weight::Follows
            },
            answer,
        })
        .collect();
        let is_open = working.iter().any(|step| step.answer.is_none());
        let bound = if is_open && overall != Some(Severity::HIGHEST) {
            Bound::AtLeast
        } else {
            Bound::Exact
        };
        Ok(Assessment {
            sustainability,
            safety,
            overall,
            bound,
            working,
        })
    }
}

#[cfg(test)]
mod tests;
