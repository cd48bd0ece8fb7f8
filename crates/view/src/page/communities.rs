//! Communities: which there are, who is in one, leaving one, founding one.

use askama::Template;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::members::say;
use crate::part::Pager;
use crate::words::Words;

/// The communities that concern the reader.
#[derive(Debug, Template)]
#[template(path = "communities/list.html")]
pub struct Communities {
    /// Around the page.
    pub frame: Frame,
    /// Whether the reader sees all of them or those of his organization.
    pub extent: Extent,
    /// The communities by regime.
    pub groups: Vec<RegimeGroup>,
    /// What can be founded: page and label.
    pub foundable: Vec<(String, String)>,
}

/// The communities of one regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegimeGroup {
    /// The regime, in words.
    pub regime: String,
    /// Its rules in words.
    pub rules: String,
    /// The communities, by name.
    pub rows: Vec<CommunityRow>,
}

/// How many communities a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of the hub.
    Hub,
    /// Those that concern one organization.
    Organization,
}

/// A community in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its regime, in words.
    pub regime: String,
    /// What it is to the reader: word and tone.
    pub marks: Vec<(String, &'static str)>,
    /// Organizations in it; `None` when the reader may not see who.
    pub member_count: Option<usize>,
}

/// One community. Forms: `/communities/join` (`community`, `organization`), and a search by `find`.
#[derive(Debug, Template)]
#[template(path = "communities/community.html")]
pub struct CommunityPage {
    /// Around the page.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// What the list says of it.
    pub row: CommunityRow,
    /// The rules in words.
    pub rules: String,
    /// What a reader must know about the rules' limits; empty when nothing.
    pub note: String,
    /// Its secretariat; empty when it has none.
    pub secretariat: String,
    /// A page of its members; `None` when the reader may not see who.
    pub members: Option<Vec<MemberRow>>,
    /// Where the members go on.
    pub pager: Pager,
    /// Page on which the reader's own organization leaves; `None` when it cannot.
    pub leave_href: Option<String>,
    /// What the reader can put in; `None` when nothing.
    pub entry: Option<EntryBox>,
}

/// A member in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub kind: String,
    /// Page on which it is taken out; `None` when the reader cannot.
    pub leave_href: Option<String>,
}

/// What can be put into a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBox {
    /// The search.
    pub form: Form,
    /// Who can be put in, in one sentence.
    pub hint: String,
    /// Organizations: id, name, kind in words.
    pub candidates: Vec<(String, String, String)>,
    /// How many more were found.
    pub more_count: usize,
}

/// What leaving means, before it happens. Form: `/communities/leave` (`community`, `organization`).
#[derive(Debug, Template)]
#[template(path = "communities/leave.html")]
pub struct LeavePage {
    /// Around the page.
    pub frame: Frame,
    /// The community's id.
    pub community: String,
    /// The organization's id.
    pub organization: String,
    /// Heading: who leaves what.
    pub title: String,
    /// What ends, one sentence each.
    pub ends: Vec<String>,
    /// What goes on, one sentence each.
    pub stays: Vec<String>,
    /// How it would come back.
    pub again: String,
    /// Label of the button.
    pub press: String,
}

/// Founding a community. Form: `/communities` (`kind`, `name_ja`, `name_en`, `secretariat`).
#[derive(Debug, Template)]
#[template(path = "communities/found.html")]
pub struct FoundPage {
    /// Around the page.
    pub frame: Frame,
    /// What is to be founded; `None` when nothing can be.
    pub founding: Option<FoundingBox>,
}

/// What is to be founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundingBox {
    /// What was typed, with what is wrong with it.
    pub form: Form,
    /// Word of the kind.
    pub kind: String,
    /// The regime, in words.
    pub regime: String,
    /// Its rules, in words.
    pub rules: String,
    /// Who would be in it, in one sentence.
    pub members: String,
    /// Who can be its secretariat; empty when it has none.
    pub secretariats: Vec<Choice>,
    /// Whether it needs a secretariat.
    pub office: Office,
}

/// Whether a regime has a secretariat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// It needs one.
    Needed,
    /// It has none.
    None,
}

impl Communities {
    /// Whether all communities of the hub are listed.
    pub fn is_hub(&self) -> bool {
        self.extent == Extent::Hub
    }

    /// All of a hub, one's own, none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |extent, rows: Vec<CommunityRow>, foundable| Self {
            frame: sample::officer(words, "/communities"),
            extent,
            groups: rows
                .into_iter()
                .map(|row| RegimeGroup {
                    regime: row.regime.clone(),
                    rules: rules(words),
                    rows: vec![row],
                })
                .collect(),
            foundable,
        };
        let council = (
            "/communities/new?kind=council".to_owned(),
            words.tn(
                "communities-found",
                &[("regime", regime_name(words).into())],
            ),
        );
        vec![
            (
                "hub",
                page(Extent::Hub, vec![row(words), served(words)], vec![council]),
            ),
            ("own", page(Extent::Organization, vec![row(words)], vec![])),
            ("none", page(Extent::Organization, vec![], vec![])),
        ]
    }
}

impl CommunityPage {
    /// For the keeper of the hub, for a member, for a client that sees no others.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let member = |leave_href: Option<&str>| MemberRow {
            name: say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
            kind: words.t("members-kind-operator").into_owned(),
            leave_href: leave_href.map(str::to_owned),
        };
        let page = |row, members, leave_href: Option<&str>, entry| Self {
            frame: sample::officer(words, "/communities/cmt_1"),
            id: "cmt_1".to_owned(),
            row,
            rules: rules(words),
            note: String::new(),
            secretariat: say(words, "電力セプター（架空）", "Power CEPTOAR (fictional)"),
            members,
            pager: Pager {
                first_href: None,
                next_href: Some("/communities/cmt_1?page=1".to_owned()),
            },
            leave_href: leave_href.map(str::to_owned),
            entry,
        };
        let leave = Some("/communities/cmt_1/leave?organization=org_1");
        let entry = EntryBox {
            form: Form::new("/communities/cmt_1"),
            hint: words.t("communities-enter-keeper").into_owned(),
            candidates: vec![(
                "org_2".to_owned(),
                say(words, "南野ガス（架空）", "Minamino Gas (fictional)"),
                words.t("members-kind-operator").into_owned(),
            )],
            more_count: 12,
        };
        let mut nobody = entry.clone();
        (nobody.candidates, nobody.more_count) = (vec![], 0);
        let mut client = page(served(words), None, leave, None);
        client.pager.next_href = None;
        vec![
            (
                "keeper",
                page(row(words), Some(vec![member(leave)]), None, Some(entry)),
            ),
            (
                "member",
                page(row(words), Some(vec![member(None)]), leave, None),
            ),
            ("empty", page(row(words), Some(vec![]), None, Some(nobody))),
            ("client", client),
        ]
    }
}

impl LeavePage {
    /// Page of the community.
    pub fn back(&self) -> String {
        format!("/communities/{}", self.community)
    }

    /// One's own organization.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let said = |keys: &[&str]| keys.iter().map(|key| words.t(key).into_owned()).collect();
        let community = say(words, "電力セプター（架空）", "Power CEPTOAR (fictional)");
        let page = Self {
            frame: sample::officer(words, "/communities/cmt_1/leave"),
            community: "cmt_1".to_owned(),
            organization: "org_1".to_owned(),
            title: words.tn(
                "communities-leave-own-title",
                &[("community", community.into())],
            ),
            ends: said(&["communities-ends-members", "communities-ends-clerk"]),
            stays: said(&["communities-stays-advisories"]),
            again: words.t("communities-leave-again").into_owned(),
            press: words.t("communities-leave-own-press").into_owned(),
        };
        vec![("own", page)]
    }
}

impl FoundPage {
    /// Heading: what is founded.
    pub fn title(&self) -> String {
        match &self.founding {
            Some(one) => self.frame.tn(
                "communities-found",
                &[("regime", one.regime.as_str().into())],
            ),
            None => self.frame.t("communities-found-title").into_owned(),
        }
    }

    /// The council, refused, and nothing to found.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |founding| Self {
            frame: sample::officer(words, "/communities/new"),
            founding,
        };
        let name = say(words, "電力セプター（架空）", "Power CEPTOAR (fictional)");
        let founding = |form| FoundingBox {
            form,
            kind: "council".to_owned(),
            regime: regime_name(words),
            rules: rules(words),
            members: words.tn("communities-found-members", &[("count", 21.into())]),
            secretariats: vec![Choice::new("org_1", name.clone())],
            office: Office::Needed,
        };
        let mut wrong = Form::new("/communities");
        wrong.reject("secretariat", words.t("communities-secretariat-missing"));
        vec![
            ("council", page(Some(founding(Form::new("/communities"))))),
            ("wrong", page(Some(founding(wrong)))),
            ("nothing", page(None)),
        ]
    }
}

impl FoundingBox {
    /// Whether a secretariat is asked for.
    pub fn asks_secretariat(&self) -> bool {
        self.office == Office::Needed
    }
}

fn regime_name(words: Words) -> String {
    say(words, "セプターカウンシル", "CEPTOAR Council")
}

fn rules(words: Words) -> String {
    say(
        words,
        "すべてのセプターが入ります。",
        "All CEPTOARs are in it.",
    )
}

fn row(words: Words) -> CommunityRow {
    CommunityRow {
        href: "/communities/cmt_1".to_owned(),
        name: say(words, "電力セプター（架空）", "Power CEPTOAR (fictional)"),
        regime: say(words, "セプターの構成員", "Members of a CEPTOAR"),
        marks: vec![(words.t("communities-own").into_owned(), "done")],
        member_count: Some(12),
    }
}

fn served(words: Words) -> CommunityRow {
    CommunityRow {
        name: say(words, "お助け隊（架空）", "Help desk (fictional)"),
        regime: say(words, "お助け隊の支援先", "Clients of a help desk"),
        member_count: None,
        ..row(words)
    }
}
