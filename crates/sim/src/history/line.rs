//! An operation as a line of text.

use std::fmt;
use std::str::FromStr;

use crate::history::{Far, Op};

impl fmt::Display for Op {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submit {
                operator,
                custody,
                canary,
                far,
            } => write!(out, "submit {operator} {custody} {canary} {far}"),
            Self::NearMiss {
                operator,
                scope,
                canary,
            } => write!(out, "near-miss {operator} {scope} {canary}"),
            Self::Release {
                report,
                canary,
                technique,
            } => write!(out, "release {report} {canary} {technique}"),
            Self::Advise {
                issuer,
                operator,
                canary,
            } => write!(out, "advise {issuer} {operator} {canary}"),
            Self::Answer { operator, advisory } => write!(out, "answer {operator} {advisory}"),
            Self::Count { operator, count } => write!(out, "count {operator} {count}"),
            Self::Open { person, report } => write!(out, "open {person} {report}"),
            Self::Ask { report, canary } => write!(out, "ask {report} {canary}"),
            Self::Unseal { report, canary } => write!(out, "unseal {report} {canary}"),
            Self::OnReport {
                step,
                report,
                canary,
            } => write!(out, "on-report {step} {report} {canary}"),
            Self::OnAdvisory {
                step,
                advisory,
                canary,
            } => write!(out, "on-advisory {step} {advisory} {canary}"),
            Self::At {
                step,
                operator,
                canary,
            } => write!(out, "at {step} {operator} {canary}"),
            Self::Knock { operator } => write!(out, "knock {operator}"),
            Self::Refrain => out.write_str("refrain"),
            Self::Silence => out.write_str("silence"),
            Self::Idle => out.write_str("idle"),
            Self::Wait { seconds } => write!(out, "wait {seconds}"),
        }
    }
}

impl FromStr for Op {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        Ok(match words.as_slice() {
            ["submit", operator, custody, canary, far @ ..] if far.len() < 2 => {
                submit([operator, custody, canary], far.first())?
            }
            ["near-miss", operator, scope, canary] => Self::NearMiss {
                operator: operator.parse()?,
                scope: scope.parse()?,
                canary: canary.parse()?,
            },
            ["release", report, canary, technique @ ..] if technique.len() < 2 => {
                release(report, canary, technique.first().unwrap_or(canary))?
            }
            ["advise", issuer, operator, canary] => Self::Advise {
                issuer: issuer.parse()?,
                operator: operator.parse()?,
                canary: canary.parse()?,
            },
            ["answer", operator, advisory] => Self::Answer {
                operator: operator.parse()?,
                advisory: advisory.parse()?,
            },
            ["count", operator, count] => Self::Count {
                operator: operator.parse()?,
                count: count.parse()?,
            },
            ["open", person, report] => Self::Open {
                person: person.parse()?,
                report: report.parse()?,
            },
            ["ask", report, canary] => Self::Ask {
                report: report.parse()?,
                canary: canary.parse()?,
            },
            ["unseal", report, canary] => Self::Unseal {
                report: report.parse()?,
                canary: canary.parse()?,
            },
            ["on-report", step, report, canary] => Self::OnReport {
                step: step.parse()?,
                report: report.parse()?,
                canary: canary.parse()?,
            },
            ["on-advisory", step, advisory, canary] => Self::OnAdvisory {
                step: step.parse()?,
                advisory: advisory.parse()?,
                canary: canary.parse()?,
            },
            ["at", step, operator, canary] => Self::At {
                step: step.parse()?,
                operator: operator.parse()?,
                canary: canary.parse()?,
            },
            ["knock", operator] => Self::Knock {
                operator: operator.parse()?,
            },
            ["refrain"] => Self::Refrain,
            ["silence"] => Self::Silence,
            ["idle"] => Self::Idle,
            ["wait", seconds] => Self::Wait {
                seconds: seconds.parse()?,
            },
            _ => anyhow::bail!("`{line}` is no operation"),
        })
    }
}

/// An incident goes to the authorities where nothing else is said.
fn submit([operator, custody, canary]: [&str; 3], far: Option<&&str>) -> anyhow::Result<Op> {
    Ok(Op::Submit {
        operator: operator.parse()?,
        custody: custody.parse()?,
        canary: canary.parse()?,
        far: far.map_or(Ok(Far::Authorities), |far| far.parse())?,
    })
}

/// The technique has the number of the summary where nothing else is said.
fn release(report: &str, canary: &str, technique: &str) -> anyhow::Result<Op> {
    Ok(Op::Release {
        report: report.parse()?,
        canary: canary.parse()?,
        technique: technique.parse()?,
    })
}
