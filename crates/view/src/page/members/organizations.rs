//! All organizations of the hub, and entering another.

use askama::Template;

use super::{pager, say};
use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::part::Pager;
use crate::words::Words;

/// The list, for the administrator of the hub.
#[derive(Debug, Template)]
#[template(path = "members/organizations.html")]
pub struct OrganizationsPage {
    /// Around the page.
    pub frame: Frame,
    /// The organizations, in no order that tells anything.
    pub rows: Vec<OrganizationRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// An organization in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Page of its members.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub kind: String,
    /// People who hold a place.
    pub person_count: usize,
    /// Administrators who can sign in.
    pub administrator_count: usize,
}

impl OrganizationsPage {
    /// The list as paging makes it.
    pub fn new(
        frame: Frame,
        rows: Vec<OrganizationRow>,
        first: Option<String>,
        next: Option<String>,
    ) -> Self {
        Self {
            frame,
            rows,
            pager: pager(first, next),
        }
    }

    /// A page with an organization that nobody runs yet.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let row = |ja: &str, en: &str, kind: &str, administrator_count| OrganizationRow {
            href: "/members?organization=org_1".to_owned(),
            name: say(words, ja, en),
            kind: words.t(&format!("members-kind-{kind}")).into_owned(),
            person_count: 12,
            administrator_count,
        };
        let rows = vec![
            row("北浜電力（架空）", "Kitahama Electric", "operator", 2),
            row("電力セプター(架空)", "Power CEPTOAR", "ceptoar", 0),
        ];
        let next = Some("/members/organizations?after=org_1".to_owned());
        let page = Self::new(
            sample::officer(words, "/members/organizations"),
            rows,
            None,
            next,
        );
        vec![("some", page)]
    }
}

/// Entering an organization. Form: `/members/organizations` (`kind`, `name_ja`, `name_en`,
/// `sector`, `ceptoar`, `prefecture`, `reports_to`, `known_names`).
#[derive(Debug, Template)]
#[template(path = "members/organization_new.html")]
pub struct NewOrganizationPage {
    /// Around the page.
    pub frame: Frame,
    /// What was typed, with what is wrong with it.
    pub form: Form,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Sectors.
    pub sectors: Vec<Choice>,
    /// CEPTOARs.
    pub ceptoars: Vec<Choice>,
    /// Prefectures.
    pub prefectures: Vec<Choice>,
    /// Organizations that reports can go to.
    pub above: Vec<Choice>,
}

impl NewOrganizationPage {
    /// Empty, and rejected.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/members/organizations/new"),
            form,
            kinds: vec![Choice::new("operator", words.t("members-kind-operator"))],
            sectors: vec![Choice::new(
                "electricity",
                say(words, "電力", "Electricity"),
            )],
            ceptoars: vec![],
            prefectures: vec![],
            above: vec![],
        };
        let mut wrong = Form::new("/members/organizations");
        wrong.reject("name_ja", words.t("members-organization-name-missing"));
        vec![
            ("empty", page(Form::new("/members/organizations"))),
            ("wrong", page(wrong)),
        ]
    }
}
