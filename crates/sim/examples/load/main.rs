//! Measures a hub under load beside what the same machine does without one, in one run.
//!
//! `cargo run --release -p sim --example load -- DIRECTORY [ADDRESSEES]`
//!
//! The hub runs in a process of its own, on the disk of DIRECTORY, with its pages, its log and its
//! jobs; this process is the people. Printed as Markdown tables: a report until it is acknowledged,
//! alone and while people read; pages under rising load until they are late; an advisory to
//! ADDRESSEES operators (10,000 unless told) until the last of them has opened it; memory.
//!
//! `… --example load -- DIRECTORY beside PROGRAM [ARGUMENT…]` measures reports alone and then beside PROGRAM
//! as long as it runs, and nothing else. Beside a collector under a million flows a second:
//!
//! ```text
//! cargo build --release -p sim --example load && cargo build --release -p noroshi --example collect_load
//! target/release/examples/load DIRECTORY beside target/release/examples/collect_load 1000000 60 2
//! ```
//!
//! Waiting is counted from the moment at which a request was due, not from when it could be sent, so
//! that a stalled hub cannot hide the requests that waited behind it.

#![expect(
    clippy::disallowed_methods,
    reason = "what is measured here is the real clock"
)]

mod beside;
mod client;
mod hub_process;
mod measure;
mod scene;

use std::ffi::OsString;
use std::path::Path;

use anyhow::Context as _;
use measure::{Load, Waits};

use client::Ask;
use hub_process::{HubProcess, Scene};
use scene::{LIST, SEARCH};

/// Addressees of the advisory unless told otherwise; the limit of one advisory is twice as much.
const ADDRESSEES: usize = 10_000;
/// Second argument that asks for reports beside another program alone.
const BESIDE: &str = "beside";
/// Addressees in the hub then: nobody is told anything.
const ADDRESSEES_BESIDE: usize = 100;
/// Reports handed in one after the other.
const REPORTS: usize = 500;
/// Reports a second that go on while people read.
const REPORTS_A_SECOND: f64 = 5.0;
/// Seconds of each step of the load.
const STEP_SECONDS: f64 = 10.0;
/// Seconds between two pages of one reader.
const READER_SECONDS: f64 = 10.0;
/// Milliseconds that a page and a report may take at the 95th percentile.
const PAGE_MS_MAX: f64 = 100.0;
const REPORT_MS_MAX: f64 = 500.0;
/// First step of pages a second; each further step doubles it.
const PAGES_A_SECOND: f64 = 25.0;
/// Most pages a second that are tried.
const PAGES_A_SECOND_MAX: f64 = 3_200.0;

fn main() -> anyhow::Result<()> {
    let program: Vec<OsString> = std::env::args_os().skip(3).collect();
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().context("name a directory to work in")?;
    let addressees = |text: Option<String>| -> anyhow::Result<usize> {
        text.map_or(Ok(ADDRESSEES), |text| Ok(text.parse()?))
    };
    if first == hub_process::WORD {
        let directory = arguments.next().context("no directory")?;
        return scene::serve(Path::new(&directory), addressees(arguments.next())?);
    }
    let second = arguments.next();
    let is_beside = second.as_deref() == Some(BESIDE);
    let addressees = if is_beside {
        ADDRESSEES_BESIDE
    } else {
        addressees(second)?
    };
    let directory = tempfile::Builder::new()
        .prefix("load-")
        .tempdir_in(&first)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let mut hub = HubProcess::start(directory.path(), addressees)?;
    runtime.block_on(async {
        limits(&hub).await?;
        if is_beside {
            return beside::measure(&hub, &near_misses(&hub.scene), &program).await;
        }
        let reports = reports_alone(&hub).await?;
        readers(&hub, &reports).await?;
        advisory(&mut hub).await
    })
}

/// What the machine does without a hub.
async fn limits(hub: &HubProcess) -> anyhow::Result<()> {
    let scene = &hub.scene;
    println!("| limit of this machine | |");
    println!("|---|---|");
    println!(
        "| flushes of 4 KiB a second, one after the other | {:.0} |",
        scene.flushes_a_second
    );
    println!(
        "| indexed SELECT of one row, in the hub | {} |",
        scene.bare_select
    );
    let empty = Ask::get(&scene.empty, "/", None);
    let waits = measure::one_by_one(std::slice::from_ref(&empty), REPORTS).await?;
    println!("| empty handler, one after the other | {} |", waits.line());
    println!(
        "| organizations and people in the hub | {} |",
        scene.people_count
    );
    println!(
        "| resident memory of the hub, idle | {} MiB |",
        hub.resident_mib()?
    );
    println!();
    Ok(())
}

async fn reports_alone(hub: &HubProcess) -> anyhow::Result<Vec<Ask>> {
    let scene = &hub.scene;
    let reports = near_misses(scene);
    let waits = measure::one_by_one(&reports, REPORTS).await?;
    println!("| near miss until acknowledged | |");
    println!("|---|---|");
    println!("| alone, one after the other | {} |", waits.line());
    println!();
    Ok(reports)
}

fn near_misses(scene: &Scene) -> Vec<Ask> {
    let one = |number: usize| {
        let token = scene.tokens.get(number % scene.tokens.len().max(1));
        Ask::near_miss(&scene.base, token.map_or("", String::as_str), number)
    };
    (0..REPORTS).map(one).collect()
}

/// Raises the load until pages or reports are late. A quarter of the pages are a desk's list and a
/// quarter its search.
async fn readers(hub: &HubProcess, reports: &[Ask]) -> anyhow::Result<()> {
    let (lists, searches, pages) = pages(&hub.scene);
    println!(
        "| pages/s | readers at a page every {READER_SECONDS:.0} s | list wait | search wait | other pages' wait | report wait at {REPORTS_A_SECOND:.0}/s | hub MiB |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut rate = PAGES_A_SECOND;
    while rate <= PAGES_A_SECOND_MAX {
        let quarter = Load::of(rate / 4.0, STEP_SECONDS);
        let (listed, found, seen, handed_in) = tokio::try_join!(
            measure::paced(&lists, quarter),
            measure::paced(&searches, quarter),
            measure::paced(&pages, Load::of(rate / 2.0, STEP_SECONDS)),
            measure::paced(reports, Load::of(REPORTS_A_SECOND, STEP_SECONDS)),
        )?;
        println!(
            "| {rate:.0} | {:.0} | {} | {} | {} | {} | {} |",
            rate * READER_SECONDS,
            listed.line(),
            found.line(),
            seen.line(),
            handed_in.line(),
            hub.resident_mib()?
        );
        let is_late = [&listed, &found, &seen]
            .iter()
            .any(|waits| late(waits, PAGE_MS_MAX));
        if is_late || late(&handed_in, REPORT_MS_MAX) {
            println!();
            println!(
                "The last line is late: a page may take {PAGE_MS_MAX:.0} ms and a report {REPORT_MS_MAX:.0} ms at p95."
            );
            break;
        }
        rate *= 2.0;
    }
    println!();
    Ok(())
}

/// The lists, the searches and the other pages that are read.
fn pages(scene: &Scene) -> (Vec<Ask>, Vec<Ask>, Vec<Ask>) {
    let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<Ask> {
        let readers = scene.readers.iter().filter(|(path, _)| wanted(path));
        readers
            .map(|(path, cookie)| Ask::get(&scene.base, path, Some(cookie)))
            .collect()
    };
    (
        of(&|path| path == LIST),
        of(&|path| path == SEARCH),
        of(&|path| path != LIST && path != SEARCH),
    )
}

fn late(waits: &Waits, limit_ms: f64) -> bool {
    waits.percentile_ms(95) > limit_ms
}

/// One advisory to everybody, and everybody opens it at once.
async fn advisory(hub: &mut HubProcess) -> anyhow::Result<()> {
    let issued = hub.issue()?;
    let scene = &hub.scene;
    let path = format!("/advisories/{}", issued.advisory);
    let views: Vec<Ask> = scene
        .addressees
        .iter()
        .map(|cookie| Ask::get(&scene.base, &path, Some(cookie)))
        .collect();
    let (waits, seconds) = measure::all_at_once(&views).await?;
    println!("| advisory to {} addressees | |", views.len());
    println!("|---|---|");
    println!(
        "| from the second approval to the last of {} delivery rows | {:.2} s |",
        issued.deliveries, issued.seconds
    );
    println!("| to the last page view, all asking at once | {seconds:.2} s more |");
    println!("| page views a second | {:.0} |", waits.count() / seconds);
    println!(
        "| resident memory of the hub afterwards | {} MiB |",
        hub.resident_mib()?
    );
    Ok(())
}
