//! Telling the users of infected devices: numbers that a carrier keeps of its own users.

use std::collections::BTreeMap;

use crate::id::OrganizationId;
use crate::statistic::{Figure, check};

/// Users whose devices called a server, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Campaign {
    concerned: u32,
    told: u32,
    cured: u32,
    uncured: u32,
}

/// Numbers that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no more can be told than are concerned, and no more be cured or not than were told")]
pub struct WrongNumbers;

impl Campaign {
    /// The numbers: users concerned, of these those told, of these those cured and those not.
    ///
    /// # Errors
    /// [`WrongNumbers`] when a part is more than its whole.
    pub fn new(concerned: u32, told: u32, cured: u32, uncured: u32) -> Result<Self, WrongNumbers> {
        let settled = cured.checked_add(uncured).ok_or(WrongNumbers)?;
        if told > concerned || settled > told {
            return Err(WrongNumbers);
        }
        Ok(Self {
            concerned,
            told,
            cured,
            uncured,
        })
    }

    /// Users whose devices called the server.
    pub const fn concerned(&self) -> u32 {
        self.concerned
    }

    /// Of these, those who were told.
    pub const fn told(&self) -> u32 {
        self.told
    }

    /// Of those told, whose device is clean again.
    pub const fn cured(&self) -> u32 {
        self.cured
    }

    /// Of those told, whose device is not.
    pub const fn uncured(&self) -> u32 {
        self.uncured
    }

    /// Of those told, of whom nothing is known yet.
    pub const fn open(&self) -> u32 {
        self.told - self.cured - self.uncured
    }
}

/// The share of cured among users of whom it is known, in tenths of all (0 to 10), over all carriers;
/// withheld while fewer carriers than the release checker asks for stand behind either number, or one
/// of them stands out. Tenths, so that one more answer rarely moves it.
pub fn cured_tenths(campaigns: &[(OrganizationId, Campaign)]) -> Figure {
    let mut by_carrier: BTreeMap<OrganizationId, (u64, u64)> = BTreeMap::new();
    for (carrier, numbers) in campaigns {
        let (cured, uncured) = by_carrier.entry(*carrier).or_default();
        *cured += u64::from(numbers.cured);
        *uncured += u64::from(numbers.uncured);
    }
    let cured: Vec<u64> = by_carrier.values().map(|(cured, _)| *cured).collect();
    let uncured: Vec<u64> = by_carrier.values().map(|(_, uncured)| *uncured).collect();
    let figures = check(&[cured, uncured]);
    match (figures.cells.as_slice(), figures.total) {
        ([Figure::Shown(cured), Figure::Shown(_)], Figure::Shown(total)) if total > 0 => {
            Figure::Shown((cured * 20 + total) / (total * 2))
        }
        _ => Figure::Withheld,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrier(number: u8) -> OrganizationId {
        OrganizationId::from_random([number; 16])
    }

    #[test]
    fn a_part_is_never_more_than_its_whole() {
        assert!(Campaign::new(10, 10, 6, 4).is_ok());
        for (told, cured, uncured) in [(11, 0, 0), (5, 3, 3), (5, u32::MAX, 1)] {
            assert!(Campaign::new(10, told, cured, uncured).is_err());
        }
        assert_eq!(
            Campaign::new(10, 9, 4, 2).map(|numbers| numbers.open()),
            Ok(3)
        );
    }

    #[test]
    fn four_carriers_are_too_few_and_one_does_not_stand_out() {
        let of = |numbers: &[u32]| -> Vec<(OrganizationId, Campaign)> {
            let each = numbers.iter().zip(1_u8..);
            each.map(|(cured, number)| {
                (
                    carrier(number),
                    Campaign::new(500, 500, *cured, 10).unwrap(),
                )
            })
            .collect()
        };
        assert_eq!(cured_tenths(&of(&[20, 20, 20, 20])), Figure::Withheld);
        assert_eq!(cured_tenths(&of(&[20, 20, 20, 20, 20])), Figure::Shown(7));
        assert_eq!(cured_tenths(&of(&[400, 20, 20, 20, 20])), Figure::Withheld);
        assert_eq!(cured_tenths(&[]), Figure::Withheld);
    }
}
