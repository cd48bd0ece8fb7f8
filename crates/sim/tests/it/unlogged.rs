//! Secrets are never logged (promise S8): passwords, codes, tokens, links and texts are sent through
//! the doors with everything being logged that anybody in the process would log, and the log is
//! searched for them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use domain::organization::Role;
use sim::history::Op;
use sim::sweep::paths;
use sim::trace::Trace;
use sim::world::{Sent, World, encoded};

use crate::reference;

/// Everything that was logged in this process.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Logs at the finest level, of every crate, from now on.
fn kept() -> Kept {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // Once a process: no other test of this binary sets one.
    tracing_subscriber::util::SubscriberInitExt::try_init(subscriber).unwrap();
    kept
}

/// Sends the secrets in and gives back their list.
fn secrets(world: &mut World, trace: &mut Trace) -> Vec<String> {
    let mut secrets = Vec::new();
    for line in [
        "submit 1 unnamed 81",
        "submit 0 named 82",
        "release 1 83",
        "advise 0 1 84",
    ] {
        let op: Op = line.parse().unwrap();
        op.play(world, trace).unwrap();
    }
    secrets.extend(trace.canaries.iter().map(|canary| canary.text.clone()));
    let duty = ("kitahama", Role::DutyOfficer);
    let typed = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let wrong_password = "canary-password-4471".to_owned();
    let sign_in = [
        typed("account", "duty-officer@kitahama.example"),
        typed("password", &wrong_password),
        typed("code", "447144"),
    ];
    let posted = encoded("canary-token-4471", &sign_in);
    for (path, body, header) in [
        ("/sign-in", posted.as_str(), None),
        ("/sign-in/link/canary-link-4471", "", None),
        (
            "/api/v1/me",
            "",
            Some(("authorization", "Bearer canary-bearer-4471")),
        ),
        (
            "/near-miss",
            "line=canary-line-4471",
            Some(("cookie", "noroshi=canary-cookie-4471")),
        ),
    ] {
        let method = if body.is_empty() { "GET" } else { "POST" };
        world
            .send(&Sent {
                who: None,
                method,
                path,
                body,
                header,
            })
            .unwrap();
    }
    for path in ["/mailbox", "/drafts/resume"] {
        world
            .post(duty, path, &[typed("code", "4471 4471 4471 4471")])
            .unwrap();
    }
    world
        .post(duty, "/near-miss", &[typed("line", "canary-line-4471")])
        .unwrap();
    world
        .post(
            duty,
            "/settings/sign-in/password",
            &[
                typed("password", &wrong_password),
                typed("again", &wrong_password),
            ],
        )
        .unwrap();
    secrets.push(world.token(duty).unwrap());
    secrets.push(wrong_password);
    for text in ["token", "link", "bearer", "line", "cookie"] {
        secrets.push(format!("canary-{text}-4471"));
    }
    secrets.push("4471 4471 4471 4471".to_owned());
    secrets.push("4471447144714471".to_owned());
    secrets.push("447144".to_owned());
    secrets
}

#[test]
fn no_secret_is_ever_logged() {
    let kept = kept();
    tracing_subscriber_is_heard(&kept);
    let mut world = World::new(17, &reference()).unwrap();
    let mut trace = Trace::default();
    let secrets = secrets(&mut world, &mut trace);
    for who in [("denryoku", Role::Officer), ("center", Role::Officer)] {
        for path in paths(&trace) {
            world.get(who, &path).unwrap();
        }
    }
    let log = String::from_utf8_lossy(&kept.0.lock().unwrap()).into_owned();
    assert!(secrets.len() > 15);
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "`{secret}` was logged");
    }
    println!("{} bytes of log, {} secrets", log.len(), secrets.len());
}

/// The log is kept at all: a failure is logged on purpose.
fn tracing_subscriber_is_heard(kept: &Kept) {
    tracing::trace!(heard = "heard-4471", "the log is kept");
    let log = String::from_utf8_lossy(&kept.0.lock().unwrap()).into_owned();
    assert!(log.contains("heard-4471"));
}
