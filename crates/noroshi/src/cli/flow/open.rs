//! `noroshi flow ask` and `noroshi flow open`: whose token it is, when two custodians agree.
//!
//! The collector seals the key of each horizon to custodians; two of them together open it, to one
//! desk, for one request that names purpose, reason and tokens (`noroshi custodian approve`). This
//! program opens the tokens of the request and no others, notes the opening before it does, and
//! forgets the key. Where carrier-grade translation shares an address between lines, it gives the address,
//! the port and the second, and the translator's own log tells the line. It binds the honest: a desk that keeps its secret key and writes another program
//! opens every token of that horizon with the same two approvals.

use std::fmt::Write as _;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use flow::column::Address;
use seal::envelope::{KeyPair, SecretKey};
use seal::identity::{Approval, Asked, OpeningRequest, SealedIdentity, combine};
use seal::subscriber::HorizonKey;
use serde::Serialize;

use super::super::custodian::file;
use super::collect::prefixes;
use super::openings::Openings;
use super::{Spoken, hunt, letters, words};
use crate::ambient;
use named::Named;

mod named;

/// Tokens that a request may name: custodians have to read it.
const TOKENS_MAX: usize = 1_000;

/// Writes a request to learn whose tokens these are, for two custodians to read and approve.
#[derive(Debug, Args)]
pub(in crate::cli) struct Ask {
    /// The sealed key of the horizon, as the collector wrote it.
    #[arg(long, value_name = "FILE")]
    sealed: PathBuf,
    /// Who asks: desk and person.
    #[arg(long, value_name = "TEXT")]
    by: String,
    /// What it is for.
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Why, in your own words.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// File for the secret key of this request. It must not exist.
    #[arg(long, value_name = "FILE")]
    desk_key: PathBuf,
    /// File for the request. It must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Directory of the collector, to ask for all who called the servers of --called. That is written to
    /// hunts.jsonl there first.
    #[arg(long = "in", value_name = "DIRECTORY", requires = "called")]
    directory: Option<PathBuf>,
    /// A server (`203.0.113.9:4444`), to ask for all who called it; with --in.
    #[arg(long, value_name = "INDICATOR", requires = "directory")]
    called: Vec<String>,
    /// The tokens, as 32 hexadecimal digits.
    #[arg(required_unless_present = "called", value_name = "TOKEN")]
    tokens: Vec<String>,
}

/// Opens the tokens of a request that two custodians have approved, and notes that it did.
#[derive(Debug, Args)]
pub(in crate::cli) struct Open {
    /// The sealed key of the horizon.
    #[arg(long, value_name = "FILE")]
    sealed: PathBuf,
    /// The request that was approved.
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// The secret key of the request. It is removed when the tokens have been opened.
    #[arg(long, value_name = "FILE")]
    desk_key: PathBuf,
    /// An approval; two different ones are needed.
    #[arg(long = "approval", required = true, value_name = "FILE")]
    approvals: Vec<PathBuf>,
    /// File of openings, to which this one is added first.
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// Directory for letters to the users: a file for your customer system, one with the texts, and a book that
    /// keeps numbers of letters and no address. Then no address is printed.
    #[arg(long, value_name = "DIRECTORY", requires = "contact")]
    letters: Option<PathBuf>,
    /// Where users can ask; stands in each letter.
    #[arg(long, value_name = "TEXT", requires = "letters")]
    contact: Option<String>,
    /// The server that was called (`203.0.113.9:4444`), for tokens that were asked for by themselves.
    #[arg(long, value_name = "SERVER", requires = "letters")]
    server: Option<SocketAddr>,
    /// Prefixes of your subscribers, as the collector has them: none of their addresses may stand for a server
    /// in the book.
    #[arg(long, value_name = "PREFIX,...", requires = "letters")]
    subscribers: Vec<String>,
    /// File with prefixes of your subscribers, separated by commas, spaces or lines.
    #[arg(long, value_name = "FILE", requires = "letters")]
    subscribers_file: Option<PathBuf>,
    /// Language of the headings; by default that of the terminal. The texts are in both.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

/// A line of the file of openings. It names tokens and never an address.
#[derive(Serialize)]
struct Line<'l> {
    at: String,
    horizon: &'l str,
    asked_by: &'l str,
    asked_at: &'l str,
    purpose: &'l str,
    reason: &'l str,
    approved_by: Vec<String>,
}

impl Ask {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        for text in [&self.by, &self.purpose, &self.reason] {
            anyhow::ensure!(!text.trim().is_empty(), "say who asks, what for, and why");
            anyhow::ensure!(!text.contains('\n'), "write it on one line");
        }
        let sealed = sealed(&self.sealed)?;
        let named = self.named(&sealed)?;
        anyhow::ensure!(
            named.len() <= TOKENS_MAX,
            "{} tokens, and custodians have to read what they approve: ask for {TOKENS_MAX} at most, \
             server by server or token by token",
            named.len()
        );
        let mut reason = self.reason.clone();
        for named in named {
            // To write into a text in memory does not fail.
            let _written = write!(reason, "\n{named}");
        }
        let pair = KeyPair::generate(&mut ambient::random()?);
        let asked = Asked {
            by: self.by,
            purpose: self.purpose,
            reason,
            at: ambient::now().to_jiff().to_string(),
        };
        let request = OpeningRequest::new(&sealed, pair.public, asked);
        file::refuse_existing(&self.out)?;
        file::write_new(&self.desk_key, pair.secret.expose_text().as_bytes())?;
        file::write_new(&self.out, request.to_json().as_bytes())?;
        println!(
            "give `{}` to two custodians, who answer with noroshi custodian approve",
            self.out.display()
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl Ask {
    /// What is asked for: the tokens that were given, and those of who called.
    fn named(&self, sealed: &SealedIdentity) -> anyhow::Result<Vec<Named>> {
        let one = |text: &String| {
            let token = named::token(text).with_context(|| format!("`{text}` is no token"))?;
            anyhow::Ok(Named::alone(token))
        };
        let mut all: Vec<Named> = self.tokens.iter().map(one).collect::<Result<_, _>>()?;
        if let Some(directory) = &self.directory {
            let servers = hunt::read(&self.called)?;
            let number = sealed.report_id().strip_prefix("horizon-");
            let horizon = number.and_then(|number| number.parse().ok());
            let horizon = horizon.context("this is no sealed key of a horizon")?;
            hunt::record(directory, &self.purpose, &self.called)?;
            let callers = named::callers(directory, horizon, &servers)?;
            anyhow::ensure!(
                !callers.is_empty(),
                "nobody called in the talks of that horizon; ask with the sealed key of another"
            );
            all.extend(callers);
        }
        Ok(all)
    }
}

impl Open {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let sealed = sealed(&self.sealed)?;
        let request = OpeningRequest::from_json(&file::read(&self.request)?)
            .with_context(|| format!("`{}` is no request", self.request.display()))?;
        let secret = SecretKey::parse(&file::read_private(&self.desk_key)?)
            .with_context(|| format!("in `{}`", self.desk_key.display()))?;
        // What the reason names, after its own words.
        let mut all: Vec<Named> = Vec::new();
        for named in request.reason().lines().skip(1).filter_map(Named::read) {
            if !all.contains(&named) {
                all.push(named);
            }
        }
        let contact = self.contact.as_deref().map(letters::contact).transpose()?;
        let is_unnamed = all.iter().any(|named| named.called.is_none());
        anyhow::ensure!(
            self.letters.is_none() || self.server.is_some() || !is_unnamed,
            "the request does not say which server was called; name it with --server"
        );
        if self.letters.is_some() {
            self.refuse_subscribers(&all)?;
        }
        let key = self.key(&sealed, &request, &secret)?;
        if let (Some(directory), Some(contact)) = (&self.letters, contact) {
            let lines = lines(&all, self.server, &key)?;
            let numbers = secret.stream("letters");
            let words = words(self.language);
            let written = letters::write(directory, words, &lines, contact, numbers)?;
            for (key, path) in [
                ("flow-cli-letters-customers", &written.customers),
                ("flow-cli-letters-texts", &written.texts),
            ] {
                println!("{} `{}`", words.t(key), path.display());
            }
        } else {
            for line in all.iter().flat_map(|named| named.opened(&key)) {
                println!("{line}");
            }
        }
        fs::remove_file(&self.desk_key)
            .with_context(|| format!("cannot remove `{}`", self.desk_key.display()))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses servers that are subscribers, before anything is opened: the book outlives the key.
    fn refuse_subscribers(&self, all: &[Named]) -> anyhow::Result<()> {
        let subscribers = prefixes(&self.subscribers, self.subscribers_file.as_deref())?;
        anyhow::ensure!(
            !subscribers.is_empty(),
            "name the prefixes of your subscribers with --subscribers or --subscribers-file, as for noroshi flow \
             collect: none of their addresses may stand for a server in the book"
        );
        let called = all.iter().filter_map(|named| named.called);
        let is_inside = |server: SocketAddr| {
            let mut spelled = spelled(server.ip());
            spelled.any(|address| subscribers.contains(Address::of(address)))
        };
        anyhow::ensure!(
            !called.chain(self.server).any(is_inside),
            "a server that is named in the request or with --server is in the prefixes of your subscribers; name \
             the server that they called. Nothing was opened"
        );
        Ok(())
    }

    /// The key of the horizon, by two approvals, once the opening is noted.
    fn key(
        &self,
        sealed: &SealedIdentity,
        request: &OpeningRequest,
        secret: &SecretKey,
    ) -> anyhow::Result<HorizonKey> {
        let approval = |path: &PathBuf| -> anyhow::Result<Approval> {
            Approval::from_json(&file::read(path)?)
                .with_context(|| format!("`{}` is no approval", path.display()))
        };
        let approvals: Vec<Approval> = self
            .approvals
            .iter()
            .map(approval)
            .collect::<Result<_, _>>()?;
        // A file that was changed is told before the shares are joined.
        Openings::read(&self.log)?;
        let opened = combine(secret, request, sealed, &approvals)?;
        let line = Line {
            at: ambient::now().to_jiff().to_string(),
            horizon: request.report_id(),
            asked_by: request.asked_by(),
            asked_at: request.requested_at(),
            purpose: request.purpose(),
            reason: request.reason(),
            approved_by: opened.approved_by.iter().map(ToString::to_string).collect(),
        };
        let checkpoint = Openings::note(&self.log, &line)?;
        let said = [("checkpoint", checkpoint.to_string().into())];
        eprintln!(
            "{}",
            words(self.language).tn("flow-cli-openings-noted", &said)
        );
        let key = opened.block.as_slice().try_into();
        Ok(HorizonKey::from_bytes(
            key.context("this is no key of a horizon")?,
        ))
    }
}

/// The lines that get letters. What stands for the server in a letter book must be no line of the carrier.
fn lines(
    all: &[Named],
    server: Option<SocketAddr>,
    key: &HorizonKey,
) -> anyhow::Result<Vec<letters::Line>> {
    let lines: Vec<IpAddr> = all.iter().map(|named| named.address(key)).collect();
    let is_line = |server: SocketAddr| spelled(server.ip()).any(|address| lines.contains(&address));
    let mut servers = all.iter().filter_map(|named| named.called).chain(server);
    anyhow::ensure!(
        !servers.any(is_line),
        "what the request or --server names as a server is the address of a line that was asked for; name the server that it called. No \
         letter was written"
    );
    let line = |named: &Named| {
        let server = named.called.or(server).context("no server")?;
        Ok(letters::Line {
            address: named.address(key).to_string(),
            ports: named.ports(key),
            server: SocketAddr::new(server.ip().to_canonical(), server.port()),
            at: named.at,
        })
    };
    all.iter().map(line).collect()
}

/// An address, and the IPv4 address that it may be another spelling of: mapped, compatible, translated, 6to4.
fn spelled(address: IpAddr) -> impl Iterator<Item = IpAddr> {
    let inner = match address.to_canonical() {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => match address.segments() {
            [0, 0, 0, 0, 0, 0, high, low]
            | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
            | [0x2002, high, low, ..] => {
                let bits = u32::from(high) << 16 | u32::from(low);
                Some(Ipv4Addr::from_bits(bits).into())
            }
            _ => None,
        },
    };
    [address.to_canonical()].into_iter().chain(inner)
}

fn sealed(path: &Path) -> anyhow::Result<SealedIdentity> {
    SealedIdentity::from_json(&file::read(path)?)
        .with_context(|| format!("`{}` is no sealed key", path.display()))
}
