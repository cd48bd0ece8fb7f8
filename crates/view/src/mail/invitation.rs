//! Letters with a link to a place on the hub, or to new ways in.

use domain::time::Timestamp;

use super::{Block, Letter};
use crate::clock;
use crate::layout::{Banner, HubLine};
use crate::words::Words;

/// What a letter with a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What the link leads to.
    pub errand: Errand,
    /// The organization that invites, in the person's language.
    pub organization: String,
    /// Until when the link is good.
    pub expires_at: Timestamp,
    /// The link.
    pub url: String,
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// A place.
    Join,
    /// New ways in.
    Reset,
}

/// The letter that carries it.
pub fn letter<'a>(
    asked: &Asked,
    words: Words,
    hub: &'a HubLine,
    banners: &'a [Banner],
) -> Letter<'a> {
    let organization = [("organization", (&asked.organization).into())];
    let (title, why) = match asked.errand {
        Errand::Join => (
            words.tn("mail-invitation-title-join", &organization),
            words.tn("mail-invitation-why-join", &organization),
        ),
        Errand::Reset => (
            words.t("mail-invitation-title-reset").into_owned(),
            words.tn("mail-invitation-why-reset", &organization),
        ),
    };
    let until = (
        words.t("mail-invitation-until").into_owned(),
        clock::jst(asked.expires_at, words),
    );
    Letter {
        words,
        hub,
        banners,
        tlp: None,
        title,
        blocks: vec![
            Block::Paragraph(why),
            Block::Facts(vec![until]),
            Block::Link {
                label: words.t("mail-invitation-link").into_owned(),
                url: asked.url.clone(),
            },
            Block::Paragraph(words.t("mail-invitation-own").into_owned()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn both_errands_have_their_letter_in_both_languages() {
        let hub = HubLine {
            name: "hub".to_owned(),
            checkpoint: None,
            phone: None,
        };
        for language in Language::ALL {
            for errand in [Errand::Join, Errand::Reset] {
                let asked = Asked {
                    errand,
                    organization: "Kitahama".to_owned(),
                    expires_at: Timestamp::from_seconds(1_795_198_320),
                    url: "https://hub.example/join/nrs_inv_x".to_owned(),
                };
                let letter = letter(&asked, Words::new(language), &hub, &[]);
                let (subject, text) = (letter.subject(), letter.text());
                assert!(!subject.contains("TLP") && !text.contains("TLP"), "{text}");
                assert!(text.contains("https://hub.example/join/nrs_inv_x\n"));
                assert!(
                    text.contains("Kitahama") && text.contains("03:12 JST"),
                    "{text}"
                );
                assert!(!text.contains("[mail-"), "{text}");
            }
        }
    }
}
