//! How many rows a second of a core: one machine, two executors on it, and DuckDB beside them, in one run.
//!
//!     cargo bench --bench figures
//!
//! With `--profile dev` it takes what the tests built, of which only what touches each row is optimized.
//! DuckDB is asked through `python3`, or the program that `PYTHON` names; it is left out where it lacks.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::DataFrame;
use distributed::cluster::{self, Scheduler};
use distributed::plan;
use distributed::tables::{self, Kept};

#[expect(dead_code, clippy::unwrap_used, reason = "shared with the tests")]
#[path = "../tests/it/machines.rs"]
mod machines;
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "shared with the tests"
)]
#[path = "../tests/it/made.rs"]
mod made;

use machines::Cluster;
use made::Size;

const SIZE: Size = Size {
    collectors: 2,
    hours: 24,
    servers: 30_000,
    talks_an_hour: 60_000,
};

/// Parts side by side: the cores of both executors.
const PARTS: usize = 2;

/// Runs of each, of which the one that took least is told: others may use the machine.
const RUNS: usize = 3;

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let collectors = made::collectors(folder.path(), SIZE);
    let cluster = Cluster::start(folder.path(), 2);
    let scheduler: Scheduler = cluster.address.to_string().parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(PARTS)
        .enable_all()
        .thread_stack_size(32 << 20)
        .build()?;
    let built = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    println!("profile {built}, {PARTS} parts, best of {RUNS}");
    println!(
        "{:<34} {:>10} {:>8} {:>8} {:>12}",
        "", "rows", "wall s", "CPU s", "rows/CPU s"
    );
    runtime.block_on(async {
        let embedded = cluster::embedded(PARTS)?;
        let connected = cluster::connected(&scheduler, PARTS).await?;
        for (name, context) in [("one machine", &embedded), ("two executors", &connected)] {
            let talks = || tables::open(context, Kept::Talks, &collectors);
            let rows = rows(talks()?).await?;
            told(
                &format!("sums of talks, {name}"),
                rows,
                || sums(talks()?),
                &cluster,
            )
            .await?;
        }
        duckdb(
            folder.path(),
            rows(tables::open(&embedded, Kept::Talks, &collectors)?).await?,
        )?;
        for (name, context) in [("one machine", &embedded), ("two executors", &connected)] {
            let profiles = || tables::open(context, Kept::Profiles, &collectors);
            let rows = rows(profiles()?).await?;
            let merge = || Ok(plan::merge(profiles()?)?);
            told(&format!("merge of profiles, {name}"), rows, merge, &cluster).await?;
        }
        Ok(())
    })
}

/// The plain sums that every engine has.
fn sums(talks: DataFrame) -> anyhow::Result<DataFrame> {
    let servers = vec![col("server"), col("server_port"), col("protocol")];
    Ok(talks.aggregate(servers, vec![count(lit(1)), sum(col("bytes"))])?)
}

async fn rows(table: DataFrame) -> anyhow::Result<usize> {
    Ok(table.count().await?)
}

/// Runs a plan and prints the best of its runs.
async fn told(
    name: &str,
    rows: usize,
    plan: impl Fn() -> anyhow::Result<DataFrame>,
    cluster: &Cluster,
) -> anyhow::Result<()> {
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..RUNS {
        let (begun, used) = (Instant::now(), cpu_seconds(cluster)?);
        plan()?.collect().await?;
        let run = (begun.elapsed().as_secs_f64(), cpu_seconds(cluster)? - used);
        if run.1 < best.1 {
            best = run;
        }
    }
    line(name, rows, best);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "rows, by seconds")]
fn line(name: &str, rows: usize, (wall, cpu): (f64, f64)) {
    let a_second = rows as f64 / cpu;
    println!("{name:<34} {rows:>10} {wall:>8.2} {cpu:>8.2} {a_second:>12.0}");
}

/// Of this program, the scheduler and the executors so far.
fn cpu_seconds(cluster: &Cluster) -> anyhow::Result<f64> {
    let programs = cluster.programs().into_iter().chain([std::process::id()]);
    programs.map(cpu_seconds_of).sum()
}

/// proc(5): user and system time are the 14th and 15th columns of `stat`, in hundredths.
fn cpu_seconds_of(program: u32) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{program}/stat"))?;
    let behind_name = stat.rsplit_once(')').context("/proc has another form")?.1;
    let columns = behind_name.split_whitespace().skip(11).take(2);
    let hundredths = columns.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(hundredths / 100.0)
}

const DUCKDB: &str = r#"
import sys, time, duckdb
folder, parts, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
base = duckdb.connect(config={"threads": parts})
best = None
for _ in range(runs):
    wall, cpu = time.monotonic(), time.process_time()
    base.execute(f"""CREATE OR REPLACE TABLE found AS
        SELECT server, server_port, protocol, count(*), sum(bytes)
        FROM read_parquet('{folder}/*/talks/*/*/*.parquet') GROUP BY ALL""")
    run = (time.process_time() - cpu, time.monotonic() - wall)
    best = min(best or run, run)
print(duckdb.__version__, *reversed(best))
"#;

/// The same sums by DuckDB, with as many threads.
fn duckdb(folder: &Path, rows: usize) -> anyhow::Result<()> {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let asked = Command::new(python)
        .args(["-c", DUCKDB])
        .arg(folder)
        .args([PARTS.to_string(), RUNS.to_string()])
        .output();
    let said = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let said = said.unwrap_or_default();
    let [version, wall, cpu] = said.split_whitespace().collect::<Vec<_>>()[..] else {
        println!("sums of talks, DuckDB: left out, python3 has no duckdb");
        return Ok(());
    };
    line(
        &format!("sums of talks, DuckDB {version}"),
        rows,
        (wall.parse()?, cpu.parse()?),
    );
    Ok(())
}
