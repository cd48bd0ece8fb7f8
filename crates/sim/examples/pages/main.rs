//! Counts the instructions that a page costs, and keeps what was drawn.
//!
//! `cargo run --release -p sim --example pages -- DIRECTORY [NAME]`
//!
//! Needs valgrind. The first run builds the synthetic nation into DIRECTORY; it stays there, so that
//! a later run of another commit draws the same. Each page of [`PAGES`], or only the one called
//! NAME, is drawn through the router a few times and then a few times more, and the difference is
//! what one of them costs: instructions do not depend on what else the machine does, as seconds do.
//! valgrind has no SHA extensions, so that hashes count more here than on most machines.
//!
//! Clock and randomness are fixed: the first page drawn lies in DIRECTORY/drawn, to be compared with
//! the one of another commit, and DIRECTORY/profiles has what `callgrind_annotate` reads.

mod nation_store;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, header};
use hub::{Hub, Random};
use seal::secret::password::Cost;
use tower::ServiceExt as _;
use web::{AppState, Facts, World};

use nation_store::{REPORTER, Readers, now};

/// First argument of the process whose instructions are counted.
const WORD: &str = "draw";
/// Drawings that both counts have, so that what is made once is made.
const BEFORE: u32 = 3;
/// Drawings that are counted.
const COUNTED: u32 = 10;
/// Longest page that is read.
const PAGE_BYTES_MAX: usize = 4 << 20;

/// A page, or a report that is handed in.
struct Page {
    /// Names it in the table and among the files.
    name: &'static str,
    /// Role of the demo that asks.
    role: &'static str,
    path: &'static str,
    ask: Ask,
}

/// How it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// With GET, and the answer as it is.
    Plain,
    /// With GET, and the answer packed.
    Packed,
    /// With POST: a near miss of the API.
    NearMiss,
}

/// What is drawn: the lists, the search, the pages beside them, and a report.
#[rustfmt::skip]
const PAGES: &[Page] = &[
    Page { name: "intake", role: "ceptoar_analyst", path: "/intake", ask: Ask::Plain },
    Page { name: "intake-packed", role: "ceptoar_analyst", path: "/intake", ask: Ask::Packed },
    Page { name: "triage", role: "center_analyst", path: "/triage", ask: Ask::Plain },
    Page { name: "search", role: "ceptoar_analyst", path: "/search?q=%E7%AB%AF%E6%9C%AB", ask: Ask::Plain },
    Page { name: "search-above", role: "center_analyst", path: "/search?q=%E7%AB%AF%E6%9C%AB", ask: Ask::Plain },
    Page { name: "advisories", role: "operator_duty", path: "/advisories", ask: Ask::Plain },
    Page { name: "duty", role: "operator_duty", path: "/duty", ask: Ask::Plain },
    Page { name: "near-miss", role: "operator_duty", path: "/near-miss", ask: Ask::Plain },
    Page { name: "sign-in", role: "", path: "/sign-in", ask: Ask::Plain },
    Page { name: "report", role: REPORTER, path: "/api/v1/near-misses", ask: Ask::NearMiss },
];

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().context("name a directory to work in")?;
    if first == WORD {
        let rest: Vec<String> = arguments.collect();
        let [directory, name, count] = rest.as_slice() else {
            anyhow::bail!("a directory, a name and a number are needed");
        };
        return draw(Path::new(directory), page(name)?, count.parse()?);
    }
    let directory = Path::new(&first);
    if !nation_store::is_built(directory) {
        nation_store::build(directory)?;
    }
    for folder in ["drawn", "profiles"] {
        fs::create_dir_all(directory.join(folder))?;
    }
    let only = arguments.next();
    if let Some(name) = &only {
        page(name)?;
    }
    println!("| page | bytes | million instructions |");
    println!("|---|-----:|-----:|");
    for page in PAGES {
        if only.as_deref().is_some_and(|name| name != page.name) {
            continue;
        }
        let begun = instructions(directory, page, BEFORE)?;
        let ended = instructions(directory, page, BEFORE + COUNTED)?;
        let each = (ended - begun) / u64::from(COUNTED);
        let bytes = fs::metadata(directory.join("drawn").join(page.name))?.len();
        let tenths = each / 100_000;
        println!(
            "| {} | {bytes} | {}.{} |",
            page.name,
            tenths / 10,
            tenths % 10
        );
    }
    Ok(())
}

fn page(name: &str) -> anyhow::Result<&'static Page> {
    let found = PAGES.iter().find(|page| page.name == name);
    found.with_context(|| format!("no page is called `{name}`"))
}

/// The instructions of a process that draws `page` that often.
fn instructions(directory: &Path, page: &Page, count: u32) -> anyhow::Result<u64> {
    let profile = directory.join("profiles").join(page.name);
    let ended = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(std::env::current_exe()?)
        .arg(WORD)
        .arg(directory)
        .args([page.name, &count.to_string()])
        .output()
        .context("valgrind does not start; install it")?;
    let said = String::from_utf8_lossy(&ended.stderr);
    anyhow::ensure!(ended.status.success(), "`{}`: {said}", page.name);
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .context("valgrind counted nothing")?;
    Ok(collected.1.trim().parse()?)
}

/// Draws `page` that often and keeps the first drawing. Works on a copy of the store: a report that
/// is handed in is not there in the next run.
fn draw(directory: &Path, page: &Page, count: u32) -> anyhow::Result<()> {
    let copy = nation_store::copy(directory)?;
    let readers = nation_store::readers(directory)?;
    let store = nation_store::open(copy.path())?;
    let hub = Hub::new(store, nation_store::reference()?, Cost::Test);
    let router = web::router(state(hub));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for drawing in 0..count {
        let answer = runtime.block_on(answer(&router, page, &readers, drawing))?;
        if drawing == 0 {
            fs::write(directory.join("drawn").join(page.name), &answer)?;
        }
    }
    Ok(())
}

async fn answer(
    router: &Router,
    page: &Page,
    readers: &Readers,
    drawing: u32,
) -> anyhow::Result<Bytes> {
    let mut request = Request::builder()
        .uri(page.path)
        .header(header::HOST, nation_store::HUB)
        .header(header::ACCEPT_LANGUAGE, "ja");
    if let Some(cookie) = readers.cookie(page.role) {
        request = request.header(header::COOKIE, cookie);
    }
    let body = match page.ask {
        Ask::Plain => Body::empty(),
        Ask::Packed => {
            request = request.header(header::ACCEPT_ENCODING, "gzip");
            Body::empty()
        }
        Ask::NearMiss => {
            request = request
                .method("POST")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, readers.bearer(page.role)?);
            Body::from(near_miss(drawing))
        }
    };
    let answer = router.clone().oneshot(request.body(body)?).await?;
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), PAGE_BYTES_MAX).await?;
    anyhow::ensure!(status.is_success(), "`{}` answered {status}", page.path);
    Ok(bytes)
}

fn near_miss(drawing: u32) -> String {
    serde_json::json!({
        "kind": "malware-found",
        "scope": "named",
        "line": format!("保守用の端末に見慣れないUSBメモリーが挿さっていた。{drawing}件目。"),
    })
    .to_string()
}

fn state(hub: Hub) -> AppState {
    let calls = AtomicU64::new(0);
    let root = Random::from_seed([7; 32]);
    AppState {
        hub,
        clock: Arc::new(now),
        chance: Arc::new(move |label: &str| {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            root.derive(&format!("{call} {label}"))
        }),
        facts: Arc::new(Facts {
            name: "狼煙".to_owned(),
            base: format!("http://{}", nation_store::HUB),
            phone: Some("03-0550-0100".to_owned()),
            world: World::Demo,
            up_since: now(),
        }),
    }
}
