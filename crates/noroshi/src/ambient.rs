//! The real clock and the real randomness, handed to everybody else as arguments.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::time::Timestamp;
use seal::random::Random;
use view::words::Language;

/// The time now.
pub fn now() -> Timestamp {
    let micros = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros());
    Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// The language of the terminal; English, as the help texts are, where its locale names none that
/// we speak.
pub fn language() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Language::from_tag(value.split('.').next().unwrap_or_default()))
        .unwrap_or(Language::En)
}

/// A fresh stream of randomness from the operating system.
///
/// # Errors
/// When the operating system has no randomness to give; nothing can go on then.
pub fn random() -> anyhow::Result<Random> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| anyhow::anyhow!("the operating system gives no randomness: {error}"))?;
    Ok(Random::from_seed(seed))
}

/// A source of one stream per call, seeded once from the operating system and then by a counter, so
/// that a request never fails for want of randomness.
///
/// # Errors
/// As [`random`].
pub fn chance() -> anyhow::Result<impl Fn(&str) -> Random + Send + Sync + 'static> {
    let root = random()?;
    let calls = std::sync::atomic::AtomicU64::new(0);
    Ok(move |label: &str| {
        let call = calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        root.derive(&format!("{call} {label}"))
    })
}
