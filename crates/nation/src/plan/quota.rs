//! How many reports of each type a year has.
//!
//! The two years are shaped like fiscal 2022 and 2023 of the published statistics (サイバーセキュリティ2024,
//! annex 5): 302 and 272 reports, near misses 9 and 4 % of them.

use crate::draw::Draw;

/// Days of a year of the history.
pub(crate) const YEAR_DAYS: i64 = 365;

/// A type of the yearly statistics with its published counts, the older year first.
pub(crate) const PUBLISHED: [(&str, [usize; 2]); 8] = [
    ("precursor-near-miss", [28, 12]),
    ("leak", [17, 20]),
    ("destruction", [15, 18]),
    ("unavailability", [145, 148]),
    ("malware-infection", [38, 20]),
    ("code-execution", [1, 3]),
    ("intrusion", [22, 13]),
    ("other", [36, 38]),
];

/// How far a drawn count may lie from the published one, in percent.
pub(crate) const TOLERANCE_PERCENT: usize = 8;

/// Near misses that a year of the rich variant has beside the published ones.
pub(crate) const RICH_NEAR_MISSES: usize = 3_000;

/// The counts of one year, 0 for the older: each type with its drawn count.
pub(super) fn year(draw: &mut Draw, year: usize) -> Vec<(&'static str, usize)> {
    PUBLISHED
        .iter()
        .map(|(event_type, counts)| {
            let published = counts.get(year).copied().unwrap_or_default();
            let most = published * TOLERANCE_PERCENT / 100;
            // Near misses only upwards: few as they are, fewer would leave the published share.
            let least = if *event_type == "precursor-near-miss" {
                0
            } else {
                most
            };
            (
                *event_type,
                published + draw.below(most + least + 1) - least,
            )
        })
        .collect()
}
