//! `noroshi custodian`: what a custodian of sealed identities does, offline, on files.
//!
//! These commands open no store and no connection. The secret key never leaves the machine they run
//! on; what does leave is in the file that each command writes.
//!
//! INVARIANT: no file is written over, and every file that is written can be read by its owner only.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use seal::envelope::{KeyPair, PublicKey, SecretKey};
use seal::identity::{Approval, Handover, OpeningRequest, approve_share};
use view::words::{Language, Words};

use crate::ambient;

pub(super) mod file;

/// What a custodian of sealed identities does: offline, on files, away from the hub.
#[derive(Debug, Args)]
pub(super) struct Custodian {
    /// Language of what is said; by default that of the terminal.
    #[arg(long, value_enum, global = true)]
    language: Option<Spoken>,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Draw a key pair. The secret half goes to a file, the public half is printed.
    Keygen {
        /// File for the secret key. It must not exist.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Read what is asked and, if you agree, give your share to this one request.
    Approve {
        /// Your secret key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The request, as the hub wrote it.
        #[arg(long, value_name = "FILE")]
        request: PathBuf,
        /// File for your approval. It must not exist.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Agree without being asked.
        #[arg(long)]
        yes: bool,
    },
    /// Move your shares to your successor's key, when the post changes hands.
    Rewrap {
        /// Your secret key, the leaving custodian's.
        #[arg(long, value_name = "FILE")]
        old_key: PathBuf,
        /// Public key of your successor: the line that begins with noroshi-pk.
        #[arg(long, value_name = "TEXT")]
        new_public: String,
        /// The hand-over, as the hub wrote it.
        #[arg(long, value_name = "FILE")]
        sealed: PathBuf,
        /// File for the hand-over with the shares moved. It must not exist.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Look whether your key opens every share of a hand-over: before you take over, and yearly.
    Verify {
        /// Your secret key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The hand-over.
        #[arg(long, value_name = "FILE")]
        sealed: PathBuf,
    },
}

/// A language, as the command line spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Spoken {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Custodian {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = Words::new(match self.language {
            Some(Spoken::Ja) => Language::Ja,
            Some(Spoken::En) => Language::En,
            None => ambient::language(),
        });
        match self.act {
            Act::Keygen { out } => keygen(words, &out),
            Act::Approve {
                key,
                request,
                out,
                yes,
            } => approve(
                words,
                &key,
                &request,
                &out,
                if yes { Consent::Given } else { Consent::Asked },
            ),
            Act::Rewrap {
                old_key,
                new_public,
                sealed,
                out,
            } => rewrap(words, &old_key, &new_public, &sealed, &out),
            Act::Verify { key, sealed } => verify(words, &key, &sealed),
        }
    }
}

/// Whether the custodian agreed on the command line or has to be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Consent {
    Given,
    Asked,
}

fn keygen(words: Words, out: &Path) -> anyhow::Result<ExitCode> {
    let pair = KeyPair::generate(&mut ambient::random()?);
    let mut text = pair.secret.expose_text();
    text.push('\n');
    file::write_new(out, text.as_bytes())?;
    let out = out.display().to_string();
    println!(
        "{}",
        words.tn("custodian-cli-drawn", &[("file", (&out).into())])
    );
    println!("{}", words.t("custodian-cli-give-public"));
    println!("\n{}\n", pair.public);
    println!("{}", words.t("custodian-cli-read-fingerprint"));
    println!("\n{}", pair.public.fingerprint());
    Ok(ExitCode::SUCCESS)
}

fn approve(
    words: Words,
    key: &Path,
    request: &Path,
    out: &Path,
    consent: Consent,
) -> anyhow::Result<ExitCode> {
    file::refuse_existing(out)?;
    let secret = secret_key(key)?;
    let text = file::read(request)?;
    let request = OpeningRequest::from_json(&text)
        .with_context(|| format!("`{}` is no request", request.display()))?;
    // Before anything is asked: a key that holds no share of this report has nothing to agree to.
    let approval = approve_share(&secret, &request, &mut ambient::random()?)?;
    show_request(words, &request, &secret);
    if consent == Consent::Asked && !file::agreed(&words.t("custodian-cli-type-yes"))? {
        println!("{}", words.t("custodian-cli-not-agreed"));
        return Ok(ExitCode::FAILURE);
    }
    file::write_new(out, Approval::to_json(&approval).as_bytes())?;
    let out = out.display().to_string();
    println!(
        "{}",
        words.tn("custodian-cli-approved", &[("file", (&out).into())])
    );
    Ok(ExitCode::SUCCESS)
}

/// Everything the approval is bound to, in plain words. The file comes from elsewhere: what could
/// move the cursor or turn the direction of the text is spelled out.
fn show_request(words: Words, request: &OpeningRequest, secret: &SecretKey) {
    println!("{}\n", words.t("custodian-cli-asked"));
    let custodians = request.custodians().count().to_string();
    let needed = words.tn(
        "custodian-cli-of",
        &[
            ("needed", request.threshold().to_string().into()),
            ("all", custodians.into()),
        ],
    );
    let fingerprint = secret.public_key().fingerprint().to_string();
    for (label, value) in [
        ("custodian-cli-hub", request.hub()),
        ("custodian-cli-report", request.report_id()),
        ("custodian-cli-by", request.asked_by()),
        ("custodian-cli-purpose", request.purpose()),
        ("custodian-cli-reason", request.reason()),
        ("custodian-cli-at", request.requested_at()),
        ("custodian-cli-needed", &needed),
        ("custodian-cli-own-key", &fingerprint),
    ] {
        println!("  {}", words.t(label));
        for line in file::shown(value).lines() {
            println!("      {line}");
        }
    }
    println!("\n{}", words.t("custodian-cli-what-agreeing-means"));
}

fn rewrap(
    words: Words,
    old_key: &Path,
    new_public: &str,
    sealed: &Path,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    file::refuse_existing(out)?;
    let old = secret_key(old_key)?;
    let new = PublicKey::parse(new_public)?;
    let given = handover(sealed)?;
    let moved = given.rewrap(&old, &new, &mut ambient::random()?)?;
    file::write_new(out, moved.to_json().as_bytes())?;
    let out = out.display().to_string();
    let arguments = [
        ("count", moved.sealed().len().into()),
        ("successor", new.fingerprint().to_string().into()),
        ("file", out.into()),
    ];
    println!("{}", words.tn("custodian-cli-moved", &arguments));
    Ok(ExitCode::SUCCESS)
}

fn verify(words: Words, key: &Path, sealed: &Path) -> anyhow::Result<ExitCode> {
    let secret = secret_key(key)?;
    let handover = handover(sealed)?;
    let faults = handover.verify(&secret);
    for (report, fault) in &faults {
        println!("  {}: {fault}", file::shown(report));
    }
    let opened = handover.sealed().len() - faults.len();
    let arguments = [
        ("opened", opened.into()),
        ("all", handover.sealed().len().into()),
    ];
    println!("{}", words.tn("custodian-cli-verified", &arguments));
    if faults.is_empty() {
        Ok(ExitCode::SUCCESS)
    } else {
        println!("{}", words.t("custodian-cli-do-not-take-over"));
        Ok(ExitCode::FAILURE)
    }
}

fn secret_key(path: &Path) -> anyhow::Result<SecretKey> {
    let text = file::read_private(path)?;
    SecretKey::parse(&text).with_context(|| format!("in `{}`", path.display()))
}

fn handover(path: &Path) -> anyhow::Result<Handover> {
    Handover::from_json(&file::read(path)?)
        .with_context(|| format!("`{}` is no hand-over", path.display()))
}
