//! What reports wait while another program works on the same machine: a collector of flow records under
//! load, for instance.

use std::ffi::OsString;
use std::process::{Child, Command};

use anyhow::Context as _;

use crate::client::Ask;
use crate::hub_process::HubProcess;
use crate::measure::{self, Load, Waits};

/// Reports a second: in a minute enough for a 99th percentile to mean something.
const REPORTS_A_SECOND: f64 = 20.0;

/// Seconds of reports before the other program begins, and between two looks whether it still runs.
const ALONE_SECONDS: f64 = 20.0;
const LOOK_SECONDS: f64 = 1.0;

/// Hands in reports alone, then beside `program` from its start to its end, and prints both as one table.
///
/// # Errors
/// When the program does not start or fails, or the hub refuses a report.
pub(crate) async fn measure(
    hub: &HubProcess,
    reports: &[Ask],
    program: &[OsString],
) -> anyhow::Result<()> {
    let alone = measure::paced(reports, Load::of(REPORTS_A_SECOND, ALONE_SECONDS)).await?;
    let (name, arguments) = program.split_first().context("name a program")?;
    let child = Command::new(name)
        .args(arguments)
        .spawn()
        .with_context(|| format!("cannot start `{}`", name.display()))?;
    let beside = until_end(child, reports).await?;
    println!();
    println!("| near miss until acknowledged, {REPORTS_A_SECOND:.0} a second | |");
    println!("|---|---|");
    println!("| alone | {} |", alone.line());
    println!("| beside `{}` | {} |", spelled(program), beside.line());
    println!(
        "| resident memory of the hub afterwards | {} MiB |",
        hub.resident_mib()?
    );
    Ok(())
}

async fn until_end(mut child: Child, reports: &[Ask]) -> anyhow::Result<Waits> {
    let mut waits = Waits::default();
    loop {
        let load = Load::of(REPORTS_A_SECOND, LOOK_SECONDS);
        let some = match measure::paced(reports, load).await {
            Ok(some) => some,
            Err(error) => {
                // Nobody else would end it.
                let _ended = child.kill();
                return Err(error);
            }
        };
        waits = waits.with(some);
        if let Some(status) = child.try_wait()? {
            anyhow::ensure!(status.success(), "the other program failed: {status}");
            return Ok(waits);
        }
    }
}

fn spelled(program: &[OsString]) -> String {
    let words: Vec<_> = program.iter().map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
