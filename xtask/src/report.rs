//! Running steps one after the other and saying at the end what each took.

use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use crate::tally::Tally;

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    outcome: Outcome,
    seconds: f64,
}

#[derive(Debug)]
enum Outcome {
    Ran(Tally),
    /// The machine lacks something that this step may do without, with the reason.
    Skipped(String),
}

impl Report {
    /// Runs one step. An error inside it is printed and counts as one failure; the steps after it
    /// still run, so that one run shows everything there is to mend.
    pub(crate) fn step(&mut self, name: &str, run: impl FnOnce() -> Result<Tally>) {
        println!("== {name}");
        let start = Instant::now();
        let tally = run().unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Tally::of_check(false)
        });
        let seconds = start.elapsed().as_secs_f64();
        println!("== {name}: {tally}, {seconds:.0} s");
        self.steps.push(Step {
            name: name.to_owned(),
            outcome: Outcome::Ran(tally),
            seconds,
        });
    }

    /// Runs `command` as a step that passes when the command ends well.
    pub(crate) fn command(&mut self, name: &str, command: &mut Command) {
        self.step(name, || Ok(Tally::of_check(command.status()?.success())));
    }

    /// Notes a step that could not run here, with the reason.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) {
        println!("skipped: {reason}");
        let outcome = Outcome::Skipped(reason.to_owned());
        self.steps.push(Step {
            name: name.to_owned(),
            outcome,
            seconds: 0.0,
        });
    }

    /// Prints the table of steps, what failed in them, and the sum as the last line. Returns the
    /// sum.
    pub(crate) fn close(&self) -> Tally {
        let mut sum = Tally::default();
        println!();
        for step in &self.steps {
            match &step.outcome {
                Outcome::Ran(tally) => {
                    sum.add(tally.clone());
                    println!("{:>6.0} s  {:<18} {tally}", step.seconds, step.name);
                }
                Outcome::Skipped(reason) => {
                    println!("{:>8}  {:<18} skipped: {reason}", "-", step.name);
                }
            }
        }
        for (step, name) in self.failures() {
            println!("failed in {step}: {name}");
        }
        println!("{sum}");
        sum
    }

    /// What failed, with the step that it failed in: the tests that a step named, and the step
    /// itself where it named none.
    fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.steps.iter().flat_map(|step| {
            let names: Vec<&str> = match &step.outcome {
                Outcome::Ran(tally) if tally.failed > 0 && tally.names.is_empty() => {
                    vec!["see what it printed above"]
                }
                Outcome::Ran(tally) => tally.names.iter().map(String::as_str).collect(),
                Outcome::Skipped(_) => Vec::new(),
            };
            names.into_iter().map(|name| (step.name.as_str(), name))
        })
    }
}
