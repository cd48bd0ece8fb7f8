//! Who of a list was invited, with the links that do not go by mail: shown once.

use askama::Template;
use domain::time::Timestamp;

use super::{House, Whose};
use crate::layout::{Frame, sample};
use crate::words::Words;

/// Those who were invited.
#[derive(Debug, Template)]
#[template(path = "members/invited.html")]
pub struct InvitedPage {
    /// Around the page.
    pub frame: Frame,
    /// The organization.
    pub house: House,
    /// One per invitation, in the order of the rows.
    pub invitees: Vec<Invitee>,
}

/// Somebody who was invited.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitee {
    /// Name as typed.
    pub name: String,
    /// The link; `None` when it goes by mail.
    pub url: Option<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Invitee {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Invitee(..)")
    }
}

impl InvitedPage {
    /// Whether there is a link to be handed over.
    pub fn has_links(&self) -> bool {
        self.invitees.iter().any(|invitee| invitee.url.is_some())
    }

    /// One by hand and one by mail; and nobody new.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let invitee = |url: Option<&str>| Invitee {
            name: "山田 太郎".to_owned(),
            url: url.map(str::to_owned),
            expires_at: sample::NOW.plus_seconds(1_209_600),
        };
        let page = |invitees| Self {
            frame: sample::officer(words, "/members/import"),
            house: House::sample(words, Whose::Own),
            invitees,
        };
        let link = "https://hub.example/join/nrs_inv_0000";
        vec![
            ("some", page(vec![invitee(Some(link)), invitee(None)])),
            ("nobody", page(vec![])),
        ]
    }
}
