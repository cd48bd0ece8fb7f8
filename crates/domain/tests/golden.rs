//! The tables of this room as files, so that a change to any cell shows up in review.
//!
//! `cargo xtask gen` writes them (`NOROSHI_BLESS=1`); without it a difference fails.

use std::fmt::Write as _;
use std::path::Path;

use domain::actor::Keeping;
use domain::advisory::{AdvisoryStage, AdvisoryStep, Progress};
use domain::handling::{Circle, Consent, Tlp};
use domain::organization::{OrganizationKind, Role};
use domain::policy::{Action, Reach, Verdict, grant_verdict, special_purposes, verdict};
use domain::report::stage::{Stage, Step};

#[test]
fn golden_policy() {
    let mut text = String::from("# Which role may do what, by kind of organization. o: may.\n");
    for kind in OrganizationKind::ALL {
        let heads = Role::ALL.iter().map(|role| role.word());
        text += &table(kind.word(), heads, Action::ALL, |action| {
            let may = |role: &Role| verdict(*kind, *role, *action) == Verdict::Allow;
            (
                action.word(),
                Role::ALL.iter().map(|role| mark(may(role))).collect(),
            )
        });
    }
    text += "\n# Which places an administrator gives. o: gives.\n";
    for (reach, name) in [(Reach::Own, "own"), (Reach::Other, "other")] {
        let heads = Role::ALL.iter().map(|role| role.word());
        text += &table(name, heads, Keeping::ALL, |keeping| {
            let gives = |given: &Role| grant_verdict(*keeping, reach, *given) == Verdict::Allow;
            let cells = Role::ALL.iter().map(|given| mark(gives(given)));
            (keeping.word(), cells.collect())
        });
    }
    text += "\n# Purposes that a role may choose beyond those that are preset.\n\n";
    for kind in OrganizationKind::ALL {
        for role in Role::ALL {
            let purposes = special_purposes(*kind, *role).join(" ");
            if !purposes.is_empty() {
                let (kind, role) = (kind.word(), role.word());
                let _ = writeln!(text, "{kind:21}{role:14}{purposes}");
            }
        }
    }
    compare("policy.txt", &text);
}

#[test]
fn golden_tlp() {
    let mut text = String::from("# Which circle a label lets a part reach at all. o: reaches.\n");
    let heads = Circle::ALL.iter().map(|circle| circle.word());
    text += &table("label", heads, Tlp::ALL, |tlp| {
        let cells = Circle::ALL.iter().map(|circle| mark(tlp.reaches(*circle)));
        (tlp.label(), cells.collect())
    });
    text += "\n# The consent that a meet of two consents leaves.\n";
    let heads = Consent::ALL.iter().map(|consent| consent.word());
    text += &table("consent", heads, Consent::ALL, |consent| {
        let cells = Consent::ALL
            .iter()
            .map(|other| consent.min(other).word().to_owned());
        (consent.word(), cells.collect())
    });
    compare("tlp.txt", &text);
}

#[test]
fn golden_transitions() {
    let mut text = String::from("# What follows what. -: not allowed.\n");
    let heads = Step::ALL.iter().map(|step| format!("{step:?}"));
    text += &table("report", heads, Stage::ALL, |stage| {
        let after = |step: &Step| stage.after(*step).map_or("-", Stage::word).to_owned();
        (stage.word(), Step::ALL.iter().map(after).collect())
    });
    let heads = AdvisoryStep::ALL.iter().map(|step| step.word());
    text += &table("advisory", heads, AdvisoryStage::ALL, |stage| {
        let after = |step: &AdvisoryStep| {
            stage
                .after(*step)
                .map_or("-", AdvisoryStage::word)
                .to_owned()
        };
        (stage.word(), AdvisoryStep::ALL.iter().map(after).collect())
    });
    let heads = Progress::ALL.iter().map(|next| next.word());
    text += &table("addressee", heads, Progress::ALL, |progress| {
        let after = |next: &Progress| progress.after(*next).word().to_owned();
        (progress.word(), Progress::ALL.iter().map(after).collect())
    });
    compare("transitions.txt", &text);
}

fn mark(yes: bool) -> String {
    if yes { "o" } else { "-" }.to_owned()
}

/// A table with aligned columns: a corner, the column heads, and one row per item.
fn table<T>(
    corner: &str,
    heads: impl Iterator<Item = impl Into<String>>,
    items: &[T],
    row: impl Fn(&T) -> (&'static str, Vec<String>),
) -> String {
    let mut rows = vec![(
        corner.to_owned(),
        heads.map(Into::into).collect::<Vec<String>>(),
    )];
    rows.extend(items.iter().map(|item| {
        let (name, cells) = row(item);
        (name.to_owned(), cells)
    }));
    let names = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let cells = rows.iter().flat_map(|(_, cells)| cells);
    let width = cells.map(String::len).max().unwrap_or(0);
    let mut text = String::from("\n");
    for (name, cells) in &rows {
        let mut line = format!("{name:names$}");
        for cell in cells {
            let _ = write!(line, "  {cell:width$}");
        }
        text += line.trim_end();
        text += "\n";
    }
    text
}

/// Compares `text` with the golden file `name`, or writes it when `NOROSHI_BLESS` is set.
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("NOROSHI_BLESS").is_some() {
        assert!(
            std::fs::write(&path, text).is_ok(),
            "cannot write {}",
            path.display()
        );
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        golden, text,
        "{name} differs; run `cargo xtask gen` and review the change"
    );
}
