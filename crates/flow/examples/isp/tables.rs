//! What was found, as tables and as lines of JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flow::engine::THRESHOLDS;
use flow::evaluate::{Judged, Ranking};

use crate::bots::Command;
use crate::draw::{ratio, short, whole};
use crate::gauge::Costs;
use crate::watch::{Seen, Watched};

/// False alarms in a day of a million servers that are allowed.
const ALARMS: f64 = 10.0;

/// A server that was not seen at all stands behind all others.
const UNSEEN: f64 = -1e6;

/// Ways of judging, in the order of the scores of [`Judged`].
const AT_END: usize = 0;
const ANY_HOUR: usize = 1;
const FLOWS: usize = 2;
const RITA: usize = 3;

/// What a run was.
pub(crate) struct Run<'r> {
    pub(crate) name: &'r str,
    pub(crate) sampling: u32,
    pub(crate) subscribers: u32,
    pub(crate) servers: u32,
    pub(crate) hours: u32,
    pub(crate) commands: &'r [Command],
}

/// Prints everything.
pub(crate) fn print(run: &Run<'_>, watched: &Watched) {
    let harmless: Vec<Judged> = watched
        .harmless
        .values()
        .map(|seen| judged(None, Some(seen)))
        .collect();
    let allowed = ALARMS * f64::from(run.servers) / 1e6 * f64::from(run.hours) / 24.0;
    println!(
        "\n## {}: 1:{}, {} subscribers, {} servers, {} h; {} harmless servers seen, {} false alarms allowed",
        run.name,
        run.sampling,
        run.subscribers,
        run.servers,
        run.hours,
        harmless.len(),
        allowed
    );
    println!(
        "| bots | n | seen | 10 a day, any hour | 10 a day, at end | 0.1 % | 1 % | AP | \
         flows 10 a day | flows 0.1 % | flows 1 % | RITA 0.1 % | RITA 1 % | hours to detect |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    let mut sizes: Vec<u32> = run.commands.iter().map(|command| command.bots).collect();
    sizes.dedup();
    for bots in sizes {
        let cell = Cell::new(run, watched, &harmless, bots, allowed);
        println!("{}", cell.row());
        eprintln!("{}", cell.json(run));
    }
    families(run, watched, &harmless, allowed);
    loudest(watched);
}

fn judged(family: Option<&str>, seen: Option<&Seen>) -> Judged {
    let scores = seen.map_or([UNSEEN; 4], |seen| {
        [
            f64::from(seen.score),
            f64::from(seen.highest),
            ratio(seen.flows),
            f64::from(seen.rita),
        ]
    });
    Judged {
        family: family.map(str::to_owned),
        scores: scores.to_vec(),
        weights: Vec::new(),
    }
}

fn way(way: usize) -> impl Fn(&Judged) -> f64 {
    move |judged| judged.scores.get(way).copied().unwrap_or(UNSEEN)
}

/// The score that is exceeded by `allowed` harmless servers.
fn threshold(harmless: &[Judged], of: usize, allowed: f64) -> f64 {
    let mut scores: Vec<f64> = harmless.iter().map(way(of)).collect();
    scores.sort_by(|one, other| other.total_cmp(one));
    let place = usize::try_from(whole(allowed)).unwrap_or(0);
    scores.get(place).copied().unwrap_or(UNSEEN)
}

/// Servers of one number of bots.
struct Cell {
    bots: u32,
    count: usize,
    seen: usize,
    /// Recall: at 10 a day any hour and at the end, 0.1 %, 1 %; counting flows the same three;
    /// RITA two, which are no numbers where it did not run.
    recall: Vec<f64>,
    precision: f64,
    hours: Option<(u32, u32)>,
}

impl Cell {
    fn new(run: &Run<'_>, watched: &Watched, harmless: &[Judged], bots: u32, allowed: f64) -> Self {
        let of_cell = || {
            (0..)
                .zip(run.commands)
                .filter(|(_, command)| command.bots == bots)
        };
        let commanding: Vec<Judged> = of_cell()
            .map(|(place, command)| judged(Some(&command.family), watched.commanding.get(&place)))
            .collect();
        let ranking = |of: usize| {
            let all = harmless.iter().chain(&commanding);
            Ranking::of(all, way(of))
        };
        let all = ratio(harmless.len().max(1) as u64);
        let listed = f64::from(run.servers);
        let share = |allowed: f64| (allowed + 0.5) / all;
        let (any, end, flows) = (ranking(ANY_HOUR), ranking(AT_END), ranking(FLOWS));
        // The other rule looked at a part of the harmless servers: so many alarms of these.
        let part: Vec<&Judged> = harmless
            .iter()
            .filter(|judged| way(RITA)(judged) >= 0.0)
            .collect();
        let rita = Ranking::of(part.iter().copied().chain(&commanding), way(RITA));
        let rita_recall = |budget: f64| {
            if part.is_empty() {
                f64::NAN
            } else {
                rita.recall(budget)
            }
        };
        let of_part = |share: f64| {
            share * listed / f64::from(crate::watch::RITA_OF) / ratio(part.len().max(1) as u64)
        };
        let line = threshold(harmless, ANY_HOUR, allowed);
        let mut hours: Vec<u32> = of_cell()
            .filter_map(|(place, _)| watched.commanding.get(&place)?.reached(line))
            .collect();
        hours.sort_unstable();
        let at = |tenths: usize| hours.get(hours.len() * tenths / 10).copied();
        Self {
            bots,
            count: commanding.len(),
            seen: commanding
                .iter()
                .filter(|judged| way(FLOWS)(judged) > 0.0)
                .count(),
            recall: vec![
                any.recall(share(allowed)),
                end.recall(share(allowed)),
                end.recall(share(listed * 0.001)),
                end.recall(share(listed * 0.01)),
                flows.recall(share(allowed)),
                flows.recall(share(listed * 0.001)),
                flows.recall(share(listed * 0.01)),
                rita_recall(of_part(0.001)),
                rita_recall(of_part(0.01)),
            ],
            precision: end.precision(),
            hours: at(5).zip(at(9)),
        }
    }

    fn row(&self) -> String {
        let of = |place: usize| {
            let recall = self.recall.get(place).copied().unwrap_or(0.0);
            if recall.is_nan() {
                return "–".to_owned();
            }
            let (low, high) = interval(recall, ratio(self.count as u64));
            format!("{recall:.2} [{low:.2}–{high:.2}]")
        };
        let hours = self
            .hours
            .map_or("–".to_owned(), |(half, most)| format!("{half} / {most}"));
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.3} | {} | {} | {} | {} | {} | {hours} |",
            self.bots,
            self.count,
            self.seen,
            of(0),
            of(1),
            of(2),
            of(3),
            self.precision,
            of(4),
            of(5),
            of(6),
            of(7),
            of(8)
        )
    }

    fn json(&self, run: &Run<'_>) -> String {
        let (half, most) = self.hours.unzip();
        serde_json::json!({
            "run": run.name, "sampling": run.sampling, "subscribers": run.subscribers,
            "servers": run.servers, "hours": run.hours, "bots": self.bots, "n": self.count,
            "seen": self.seen, "recall": self.recall, "ap": self.precision,
            "hours_half": half, "hours_most": most,
        })
        .to_string()
    }
}

/// The interval of a share of `count`, 95 % (Wilson 1927).
fn interval(share: f64, count: f64) -> (f64, f64) {
    const Z: f64 = 1.96;
    if count < 1.0 {
        return (0.0, 1.0);
    }
    let middle = (share + Z * Z / (2.0 * count)) / (1.0 + Z * Z / count);
    let half = Z / (1.0 + Z * Z / count)
        * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// How many servers of each family were found at 10 alarms a day, and what the missed ones had.
fn families(run: &Run<'_>, watched: &Watched, harmless: &[Judged], allowed: f64) {
    let line = threshold(harmless, ANY_HOUR, allowed);
    println!(
        "\nFound of each family at 10 a day (score above {line:.1}); in brackets the median score:"
    );
    let mut found: BTreeMap<(&str, u32), Vec<f64>> = BTreeMap::new();
    for (place, command) in (0..).zip(run.commands) {
        let score = watched
            .commanding
            .get(&place)
            .map_or(UNSEEN, |seen| f64::from(seen.highest));
        found
            .entry((&command.family, command.bots))
            .or_default()
            .push(score);
    }
    let mut names: Vec<&str> = found.keys().map(|(name, _)| *name).collect();
    names.dedup();
    for name in names {
        let mut row = format!("| {name} |");
        for ((_, bots), scores) in found.range((name, 0)..=(name, u32::MAX)) {
            let mut scores = scores.clone();
            scores.sort_by(f64::total_cmp);
            let above = scores.iter().filter(|score| **score > line).count();
            let median = scores.get(scores.len() / 2).copied().unwrap_or(UNSEEN);
            let _ = write!(row, " {bots}: {above}/{} ({median:.0}) |", scores.len());
        }
        println!("{row}");
    }
    println!("\nMissed (best score of a day below that), some of each family:");
    let mut told: BTreeMap<&str, u32> = BTreeMap::new();
    for (place, command) in (0..).zip(run.commands) {
        let Some(seen) = watched.commanding.get(&place) else {
            continue;
        };
        let times = told.entry(&command.family).or_default();
        if f64::from(seen.highest) <= line && command.bots >= 10 && *times < 3 {
            *times += 1;
            println!(
                "- {} with {} bots: {}",
                command.family, command.bots, seen.story
            );
        }
    }
}

/// Harmless servers of the highest scores.
fn loudest(watched: &Watched) {
    let mut loud: Vec<&Seen> = watched.harmless.values().collect();
    loud.sort_by(|one, other| other.highest.total_cmp(&one.highest));
    let tiers = [
        ("watch", THRESHOLDS.watch),
        ("review", THRESHOLDS.review),
        ("share", THRESHOLDS.share),
    ];
    for (word, line) in tiers {
        let of = |seen: &&&Seen| f64::from(seen.score) >= line;
        let commanding = watched.commanding.values().filter(|seen| of(&seen)).count();
        println!(
            "{word} (score {line} at the end, whatever the tier): {} harmless, {commanding} commanding",
            loud.iter().filter(of).count()
        );
    }
    for most in [20, 200, 2_000] {
        let mut classes: BTreeMap<&str, u32> = BTreeMap::new();
        for seen in loud.iter().take(most) {
            *classes.entry(seen.class).or_default() += 1;
        }
        let mut classes: Vec<(&str, u32)> = classes.into_iter().collect();
        classes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        println!("classes of the {most} loudest harmless servers: {classes:?}");
    }
    for seen in loud.iter().take(16) {
        println!("- {} {:.1}: {}", seen.class, seen.highest, seen.story);
    }
}

/// What it cost.
pub(crate) fn costs(costs: &Costs, records: u64, kept: (usize, usize), memory: [f64; 2]) {
    let rate = |seconds: f64| ratio(records) / seconds.max(1e-3) / 1e6;
    println!(
        "\n{records} records; of one core, M records/s: decode {:.1}, seal {:.1}, engine {:.2}, \
         all three {:.2}; judging {:.1} s in all, making {:.0} s",
        rate(costs.decode),
        rate(costs.seal),
        rate(costs.take),
        rate(costs.decode + costs.seal + costs.take),
        costs.judge,
        costs.make
    );
    let [before, after] = memory;
    println!(
        "{} servers and {} pairs kept; the process grew by {:.0} MB from {before:.0} MB, which is {} octets a server",
        kept.0,
        kept.1,
        after - before,
        short((after - before) * 1_048_576.0 / ratio(kept.0.max(1) as u64))
    );
}
