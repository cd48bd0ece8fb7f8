//! The public status page: is the hub up, is its log signed, can its backups be read?

use askama::Template;

use crate::layout::{Frame, sample};
use crate::words::Words;
use domain::time::Timestamp;

/// The page. What has not happened yet is said, not left out.
#[derive(Debug, Template)]
#[template(path = "status/status.html")]
pub struct Status {
    /// Around the page; the newest checkpoint is read from its hub line.
    pub frame: Frame,
    /// The last backup that was restored as a test; `None` if none ever was.
    pub backup_tested_at: Option<Timestamp>,
    /// When this process began to answer.
    pub up_since: Timestamp,
    /// Version of the program.
    pub version: String,
}

impl Status {
    /// A hub in use, and one on its first day.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let before =
            |hours: i64| Timestamp::from_micros(sample::NOW.micros() - hours * 3_600_000_000);
        let used = Self {
            frame: sample::public(words, "/status"),
            backup_tested_at: Some(before(72)),
            up_since: before(700),
            version: "0.1.0".to_owned(),
        };
        let mut fresh = Self {
            frame: sample::public(words, "/status"),
            backup_tested_at: None,
            up_since: before(0),
            version: "0.1.0".to_owned(),
        };
        fresh.frame.hub.checkpoint = None;
        vec![("used", used), ("fresh", fresh)]
    }
}
