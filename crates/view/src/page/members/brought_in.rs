//! Which organizations of a list were entered, with the links of their first administrators that do
//! not go by mail: shown once.

use askama::Template;
use domain::time::Timestamp;

use super::say;
use crate::layout::{Frame, sample};
use crate::words::Words;

/// The organizations that were entered.
#[derive(Debug, Template)]
#[template(path = "members/brought_in.html")]
pub struct BroughtInPage {
    /// Around the page.
    pub frame: Frame,
    /// One per organization, in the order of the rows.
    pub rows: Vec<BroughtInRow>,
}

/// An organization that was entered.
#[derive(Clone, PartialEq, Eq)]
pub struct BroughtInRow {
    /// Page of its members.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its first administrator; `None` when nobody was named.
    pub administrator: Option<FirstAdministrator>,
}

/// The first administrator of an organization.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstAdministrator {
    /// Name as typed.
    pub name: String,
    /// The link; `None` when it goes by mail.
    pub url: Option<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for BroughtInRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("BroughtInRow(..)")
    }
}

impl BroughtInPage {
    /// Whether there is a link to be handed over.
    pub fn has_links(&self) -> bool {
        let people = self
            .rows
            .iter()
            .filter_map(|row| row.administrator.as_ref());
        people.into_iter().any(|one| one.url.is_some())
    }

    /// By hand, by mail, nobody named; and nothing new.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let row = |administrator| BroughtInRow {
            href: "/members?organization=org_1".to_owned(),
            name: say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
            administrator,
        };
        let administrator = |url: Option<&str>| FirstAdministrator {
            name: "山田 太郎".to_owned(),
            url: url.map(str::to_owned),
            expires_at: sample::NOW.plus_seconds(1_209_600),
        };
        let page = |rows| Self {
            frame: sample::officer(words, "/members/organizations/import"),
            rows,
        };
        let link = "https://hub.example/join/nrs_inv_0000";
        let some = vec![
            row(Some(administrator(Some(link)))),
            row(Some(administrator(None))),
            row(None),
        ];
        vec![("some", page(some)), ("nothing", page(vec![]))]
    }
}
