//! `noroshi admin erase-report` and `erase-person`: lawful erasure before the term.
//!
//! It cannot be taken back, so that both only say what they would do until the id is given twice.

use anyhow::Context as _;
use clap::Args;
use domain::id::{PersonId, ReportId};
use domain::retention::EraseReason;
use hub::erase::{Affected, Whom, erase_person, erase_report, look};
use hub::set_up::LoginName;

use super::{At, with_set_up};

/// A report to be erased.
#[derive(Debug, Args)]
pub(crate) struct EraseReport {
    #[command(flatten)]
    at: At,
    /// The report.
    #[arg(long, value_name = "ID")]
    report: ReportId,
    /// Why: on-request, ordered or mistaken.
    #[arg(long)]
    reason: EraseReason,
    /// The report once more; without it nothing is erased.
    #[arg(long, value_name = "ID")]
    confirm: Option<ReportId>,
}

/// A person to be erased.
#[derive(Debug, Args)]
pub(crate) struct ErasePerson {
    #[command(flatten)]
    at: At,
    /// The person's sign-in name, or the id as the log spells it.
    #[arg(long, value_name = "NAME|ID")]
    person: String,
    /// Why: on-request, ordered or mistaken.
    #[arg(long)]
    reason: EraseReason,
    /// The same once more; without it nothing is erased.
    #[arg(long, value_name = "NAME|ID")]
    confirm: Option<String>,
}

impl EraseReport {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (_, hub) = self.at.open(None)?;
        let Some(confirmed) = self.confirm else {
            let told = with_set_up(|set_up| Ok(look(&hub, set_up, self.report)?))?;
            println!(
                "nothing is erased yet; give --confirm {} to do it",
                self.report
            );
            show(&told);
            return Ok(());
        };
        anyhow::ensure!(
            confirmed == self.report,
            "--report and --confirm name two reports; nothing was erased"
        );
        let told = with_set_up(|set_up| Ok(erase_report(&hub, set_up, self.report, self.reason)?))?;
        println!("erased: {}", self.report);
        show(&told);
        show_copies();
        Ok(())
    }
}

impl ErasePerson {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (_, hub) = self.at.open(None)?;
        let whom = match self.person.parse::<PersonId>() {
            Ok(id) => Whom::Id(id),
            Err(_) => Whom::Login(LoginName::parse(&self.person).context("in --person")?),
        };
        let Some(confirmed) = self.confirm else {
            println!(
                "nothing is erased yet; give --confirm {} to do it",
                self.person
            );
            return Ok(());
        };
        anyhow::ensure!(
            confirmed == self.person,
            "--person and --confirm name two people; nobody was erased"
        );
        let id = with_set_up(|set_up| Ok(erase_person(&hub, set_up, whom, self.reason)?))?;
        println!("erased: {id}");
        show_copies();
        Ok(())
    }
}

fn show(told: &Affected) {
    println!("these were given a part of it; the hub cannot erase what they copied, tell them:");
    for one in &told.holders {
        println!("  {} {} / {}", one.id, one.name_ja, one.name_en);
    }
}

fn show_copies() {
    println!("copies of the data hold ciphertext without a key now; destroy old copies of `keys`,");
    println!("make a new one with `noroshi db backup`, and restore no older one.");
}
