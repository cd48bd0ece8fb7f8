//! Japanese eras. A new era is one more row, newest first.

use jiff::civil::Date;

/// An era and its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era {
    /// Name in Japanese: `令和`.
    pub ja: &'static str,
    /// Name in English: `Reiwa`.
    pub en: &'static str,
    /// Letter that forms use for it: `R`.
    pub letter: char,
    first_day: (i16, i8, i8),
}

/// Newest first. First days by the Era Name Act's cabinet orders and, before it, by the imperial
/// edicts; Meiji by the Gregorian date of its edict.
const ERAS: [Era; 5] = [
    Era {
        ja: "令和",
        en: "Reiwa",
        letter: 'R',
        first_day: (2019, 5, 1),
    },
    Era {
        ja: "平成",
        en: "Heisei",
        letter: 'H',
        first_day: (1989, 1, 8),
    },
    Era {
        ja: "昭和",
        en: "Showa",
        letter: 'S',
        first_day: (1926, 12, 25),
    },
    Era {
        ja: "大正",
        en: "Taisho",
        letter: 'T',
        first_day: (1912, 7, 30),
    },
    Era {
        ja: "明治",
        en: "Meiji",
        letter: 'M',
        first_day: (1868, 10, 23),
    },
];

impl Era {
    /// The era of `date` and the year in it, from 1; `None` before Meiji.
    pub fn of(date: Date) -> Option<(Self, i16)> {
        let day = (date.year(), date.month(), date.day());
        let era = ERAS.into_iter().find(|era| era.first_day <= day)?;
        Some((era, date.year() - era.first_day.0 + 1))
    }
}
