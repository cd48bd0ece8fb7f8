//! What detection says of every server, hour by hour.

use std::collections::BTreeMap;

use flow::engine::Engine;
use flow::evaluate::Rita;
use flow::finding::{Finding, Server};
use flow::knowledge::Knowledge;

use crate::poll::CLASSES;
use crate::world::{self, COMMAND, POLLERS};

/// The rule that is compared with looks at one harmless server of so many, for want of memory.
pub(crate) const RITA_OF: u32 = 8;

/// A server, as it was judged.
pub(crate) struct Seen {
    pub(crate) class: &'static str,
    /// At the end.
    pub(crate) score: f32,
    /// The highest of any hour.
    pub(crate) highest: f32,
    pub(crate) flows: u64,
    /// Score of RITA's rule; negative where it did not look.
    pub(crate) rita: f32,
    /// Highest score up to each hour; of commanding servers only.
    by_hour: Vec<(u32, f32)>,
    /// What was said when the score was highest; of those with some score only.
    pub(crate) story: String,
}

/// All that were seen.
#[derive(Default)]
pub(crate) struct Watched {
    pub(crate) harmless: BTreeMap<Server, Seen>,
    pub(crate) commanding: BTreeMap<u32, Seen>,
}

impl Seen {
    /// The first hour at whose end the score was above `line`.
    pub(crate) fn reached(&self, line: f64) -> Option<u32> {
        let above = |(_, score): &&(u32, f32)| f64::from(*score) > line;
        self.by_hour.iter().find(above).map(|(hour, _)| *hour)
    }
}

impl Watched {
    /// Judges everything at the end of an hour.
    pub(crate) fn judge(&mut self, engine: &Engine, knowledge: &Knowledge, hour: u32) {
        for finding in engine.findings(knowledge) {
            let (class, index) = world::class_of(finding.server.address.ip());
            if class == COMMAND {
                let seen = self.commanding.entry(index).or_insert_with(|| new(class));
                seen.note(&finding);
                seen.by_hour.push((hour, seen.score));
            } else {
                let seen = self
                    .harmless
                    .entry(finding.server)
                    .or_insert_with(|| new(class));
                seen.note(&finding);
            }
        }
    }

    /// Adds what the rule of RITA says.
    pub(crate) fn rita(&mut self, rita: &Rita) {
        let scores = rita.scores();
        for (server, seen) in &mut self.harmless {
            if is_in_part(server) {
                seen.rita = 0.0;
            }
        }
        for seen in self.commanding.values_mut() {
            seen.rita = 0.0;
        }
        for (server, score) in scores {
            let (class, index) = world::class_of(server.address.ip());
            let seen = if class == COMMAND {
                self.commanding.get_mut(&index)
            } else {
                self.harmless.get_mut(&server)
            };
            if let Some(seen) = seen {
                seen.rita = score_of(score);
            }
        }
    }
}

/// Whether the rule that is compared with looks at a server.
pub(crate) fn is_in_part(server: &Server) -> bool {
    let (class, index) = world::class_of(server.address.ip());
    let mixed = crate::draw::spread(u64::from(index) << 16 | u64::from(server.port));
    class == COMMAND || mixed.is_multiple_of(u64::from(RITA_OF))
}

impl Seen {
    fn note(&mut self, finding: &Finding) {
        self.score = score_of(finding.score);
        self.flows = finding.flows;
        if self.score > self.highest {
            self.highest = self.score;
            if self.score > 12.0 || self.class == "command" {
                self.story = story(finding);
            }
        }
    }
}

fn new(class: u8) -> Seen {
    Seen {
        class: name(class),
        score: -1e6,
        highest: -1e6,
        flows: 0,
        rita: -1.0,
        by_hour: Vec::new(),
        story: String::new(),
    }
}

fn story(finding: &Finding) -> String {
    let evidence: Vec<String> = finding
        .evidence
        .iter()
        .map(|evidence| {
            let (word, value) = (evidence.code.word(), evidence.value);
            format!("{word} {value:.2} {:+.1}", evidence.weight)
        })
        .collect();
    format!(
        "port {}/{}, score {:.1}, {} flows, {} clients: {}",
        finding.server.port,
        finding.server.protocol,
        finding.score,
        finding.flows,
        finding.clients,
        evidence.join(", ")
    )
}

fn name(class: u8) -> &'static str {
    match class {
        world::WEB => "web",
        world::RESOLVER => "resolver",
        world::GAME => "game",
        world::PEER => "peer",
        world::SEARCHED => "searched",
        world::SEARCHER => "searcher",
        COMMAND => "command",
        _ => {
            let place = usize::from(class.saturating_sub(POLLERS));
            CLASSES.get(place).map_or("?", |class| class.name)
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "decibans to six digits")]
fn score_of(score: f64) -> f32 {
    score as f32
}
