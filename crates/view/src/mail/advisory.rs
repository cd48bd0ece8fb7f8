//! Letters about advisories: that one is there, its number, by when, and where to read it.
//!
//! INVARIANT: no word of an advisory's text stands in a letter, whatever its label: mail is read by
//! machines on its way.

use domain::advisory::AdvisoryKind;
use domain::advisory::delivery::Occasion;
use domain::handling::Tlp;
use domain::organization::Tier;
use domain::time::Timestamp;

use super::{Block, Letter};
use crate::clock;
use crate::layout::{Banner, HubLine};
use crate::page::duty::{kind_name, tier_name};
use crate::words::Words;

/// What a letter says of an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Why it is sent.
    pub occasion: Occasion,
    /// Number of the advisory.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Who issued it, in the addressee's language.
    pub issuer: String,
    /// The tier that has to act.
    pub tier: Tier,
    /// By when; `None` when there is nothing to do any more.
    pub due_at: Option<Timestamp>,
    /// Address of the advisory's page.
    pub url: String,
}

/// The letter that tells it.
pub fn letter<'a>(
    told: &Told,
    words: Words,
    hub: &'a HubLine,
    banners: &'a [Banner],
) -> Letter<'a> {
    let kind = kind_name(told.kind, words);
    let occasion = told.occasion.word();
    let title = words.tn(
        &format!("mail-advisory-title-{occasion}"),
        &[
            ("kind", kind.as_str().into()),
            ("number", (&told.number).into()),
        ],
    );
    let mut facts = vec![
        (
            words.t("mail-advisory-number").into_owned(),
            told.number.clone(),
        ),
        (words.t("mail-advisory-kind").into_owned(), kind),
        (
            words.t("advisory-issued-by").into_owned(),
            told.issuer.clone(),
        ),
        (
            words.t("mail-advisory-tier").into_owned(),
            tier_name(told.tier, words),
        ),
    ];
    if let Some(due_at) = told.due_at {
        facts.push((
            words.t("advisory-due").into_owned(),
            clock::jst(due_at, words),
        ));
    }
    let (link, last) = match told.occasion {
        Occasion::Answered => ("mail-advisory-link-answered", None),
        _ => ("mail-advisory-link", Some("mail-advisory-open")),
    };
    let mut letter = Letter {
        words,
        hub,
        banners,
        tlp: Some(Tlp::Green),
        title,
        blocks: vec![
            Block::Paragraph(
                words
                    .t(&format!("mail-advisory-why-{occasion}"))
                    .into_owned(),
            ),
            Block::Facts(facts),
            Block::Link {
                label: words.t(link).into_owned(),
                url: told.url.clone(),
            },
        ],
    };
    let last = last.map(|key| Block::Paragraph(words.t(key).into_owned()));
    letter.blocks.extend(last);
    letter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn every_occasion_has_its_letter_in_both_languages() {
        let hub = HubLine {
            name: "hub".to_owned(),
            checkpoint: None,
            phone: None,
        };
        for language in Language::ALL {
            for occasion in Occasion::ALL {
                let told = Told {
                    occasion: *occasion,
                    number: "A-7KQ2XM".to_owned(),
                    kind: AdvisoryKind::Alert,
                    issuer: "center".to_owned(),
                    tier: Tier::OtStaff,
                    due_at: Some(Timestamp::from_seconds(1_795_198_320)),
                    url: "https://hub.example/advisories/adv_1".to_owned(),
                };
                let letter = letter(&told, Words::new(language), &hub, &[]);
                let (subject, text) = (letter.subject(), letter.text());
                assert!(subject.contains("A-7KQ2XM") && subject.contains("TLP:GREEN"));
                assert!(text.contains("https://hub.example/advisories/adv_1\n"));
                assert!(text.contains("03:12 JST"), "{text}");
                assert!(!text.contains("[mail-"), "{text}");
            }
        }
    }
}
