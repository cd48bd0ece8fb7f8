//! Sending the mail that the hub queued, through the configured relay.
//!
//! Only codes of what went wrong reach the hub; what a foreign server wrote stays in the program's
//! log, since it may hold addresses.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;
use domain::advisory::delivery::Failure;
use hub::Hub;
use hub::deliver::{Dispatch, failed, sent, take_due};
use hub::invite::{LetterDispatch, OpenedAim, WrittenIn, letter_failed, letter_sent, take_letters};
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, Message, SmtpTransport, Transport as _};
use seal::random::Random;
use view::layout::{Banner, HubLine};
use view::mail::Letter;
use view::mail::advisory::{Told, letter};
use view::mail::invitation::{Asked, Errand};
use view::words::{Language, Words};

use crate::ambient;
use crate::config::{Mail, MailProtection};

/// How long the relay may be silent, in seconds.
const RELAY_SECONDS_MAX: u64 = 20;

/// How long a connection to the relay is kept for the next letter, in seconds: greeting, TLS and
/// sign-in cost more than a letter, but a relay that nobody writes to is let go.
const RELAY_IDLE_SECONDS_MAX: u64 = 15;

/// The sender: the relay, and what stands around each letter.
pub struct Mailer {
    relay: SmtpTransport,
    from: Mailbox,
    /// How browsers reach the hub, without a slash at the end.
    base: String,
    hub_line: HubLine,
    banners: Vec<Banner>,
}

impl Mailer {
    /// A sender through the relay of `mail`.
    ///
    /// # Errors
    /// When the sender's address is none or the password file cannot be read.
    pub fn new(mail: &Mail, base: &str, hub_line: HubLine) -> anyhow::Result<Self> {
        let from = mail
            .from
            .parse()
            .with_context(|| format!("`from` in `mail` is no mail address: `{}`", mail.from))?;
        let tls = || TlsParameters::new(mail.host.clone());
        let tls = match mail.protection {
            MailProtection::Tls => Tls::Wrapper(tls()?),
            MailProtection::StartTls => Tls::Required(tls()?),
            MailProtection::Plain => Tls::None,
        };
        // Letters go one after the other: one connection carries them all.
        let pool = PoolConfig::new()
            .max_size(1)
            .idle_timeout(Duration::from_secs(RELAY_IDLE_SECONDS_MAX));
        let mut relay = SmtpTransport::builder_dangerous(&mail.host)
            .port(mail.port)
            .tls(tls)
            .pool_config(pool)
            .timeout(Some(Duration::from_secs(RELAY_SECONDS_MAX)));
        if let (Some(account), Some(file)) = (&mail.account, &mail.password_file) {
            let password = fs::read_to_string(file)
                .with_context(|| format!("cannot read the password file `{}`", file.display()))?;
            let password = password.trim_end().to_owned();
            relay = relay.credentials(Credentials::new(account.clone(), password));
        }
        Ok(Self {
            relay: relay.build(),
            from,
            base: base.to_owned(),
            hub_line,
            banners: Vec::new(),
        })
    }

    /// Sends what is due, until nothing is.
    ///
    /// # Errors
    /// When the store fails; what was taken is taken again after its lease.
    pub fn run(&self, hub: &Hub, random: &Random) -> anyhow::Result<()> {
        for turn in 0_u32.. {
            let random = random.derive(&turn.to_string());
            let batch = take_due(hub, ambient::now(), random.derive("take"))?;
            if batch.is_empty() {
                break;
            }
            for dispatch in batch {
                let label = random.derive(&dispatch.id.to_string());
                let id = dispatch.id.to_string();
                let handed = self.hand_over(&id, dispatch.address.content(), |to| {
                    self.packed(self.written(&dispatch), &id, to)
                });
                match handed {
                    Ok(()) => sent(hub, dispatch.id, ambient::now(), label)?,
                    Err(failure) => failed(hub, dispatch.id, failure, ambient::now(), label)?,
                }
            }
        }
        self.run_letters(hub, random)
    }

    /// Sends the invitations that are due.
    fn run_letters(&self, hub: &Hub, random: &Random) -> anyhow::Result<()> {
        for turn in 0_u32.. {
            let random = random.derive(&format!("letters {turn}"));
            let batch = take_letters(hub, ambient::now(), random.derive("take"))?;
            if batch.is_empty() {
                break;
            }
            for dispatch in batch {
                let label = random.derive(&dispatch.id.to_string());
                let id = dispatch.id.to_string();
                let handed = self.hand_over(&id, dispatch.address.content(), |to| {
                    self.packed(self.written_invitation(&dispatch), &id, to)
                });
                match handed {
                    Ok(()) => letter_sent(hub, dispatch.id, ambient::now(), label)?,
                    Err(failure) => {
                        letter_failed(hub, dispatch.id, failure, ambient::now(), label)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Hands one letter to the relay; `id` names it in the log.
    fn hand_over(
        &self,
        id: &str,
        address: &str,
        message: impl FnOnce(Address) -> Result<Message, Failure>,
    ) -> Result<(), Failure> {
        let to: Address = address.parse().map_err(|_| Failure::BadAddress)?;
        let message = message(to.clone())?;
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to])
            .map_err(|_| Failure::BadAddress)?;
        match self.relay.send_raw(&envelope, &message.formatted()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let failure = if error.is_permanent() {
                    Failure::Refused
                } else if error.is_transient() {
                    Failure::RefusedForNow
                } else {
                    Failure::Unreachable
                };
                tracing::warn!(
                    delivery.id = id,
                    delivery.failure = failure.word(),
                    smtp.status = error.status().map(|code| code.to_string()),
                    "a delivery failed"
                );
                Err(failure)
            }
        }
    }

    /// The letter about `dispatch`, as it is before it is packed for the way.
    pub fn written(&self, dispatch: &Dispatch) -> Written {
        let language = Language::from_tag(&dispatch.language).unwrap_or(Language::Ja);
        let issuer = match language {
            Language::Ja => &dispatch.issuer.name_ja,
            Language::En => &dispatch.issuer.name_en,
        };
        let told = Told {
            occasion: dispatch.occasion,
            number: dispatch.number.clone(),
            kind: dispatch.kind,
            issuer: issuer.clone(),
            tier: dispatch.tier,
            due_at: dispatch.due_at,
            url: format!("{}/advisories/{}", self.base, dispatch.advisory),
        };
        let words = Words::new(language);
        Written::of(&letter(&told, words, &self.hub_line, &self.banners))
    }

    /// The invitation of `dispatch`, as it is before it is packed for the way.
    pub fn written_invitation(&self, dispatch: &LetterDispatch) -> Written {
        let (language, organization) = match dispatch.language {
            WrittenIn::Japanese => (Language::Ja, &dispatch.organization.name_ja),
            WrittenIn::English => (Language::En, &dispatch.organization.name_en),
        };
        let asked = Asked {
            errand: match dispatch.aim {
                OpenedAim::Reset => Errand::Reset,
                _ => Errand::Join,
            },
            organization: organization.clone(),
            expires_at: dispatch.expires_at,
            url: format!("{}/join/{}", self.base, dispatch.secret.content()),
        };
        let words = Words::new(language);
        let (hub_line, banners) = (&self.hub_line, &self.banners);
        Written::of(&view::mail::invitation::letter(
            &asked, words, hub_line, banners,
        ))
    }

    fn packed(&self, letter: Written, id: &str, to: Address) -> Result<Message, Failure> {
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            // The same id for the same delivery: a try that only seemed to fail is not a second letter.
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)
            .map_err(|_| Failure::BadAddress)
    }
}

/// A letter's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject line.
    pub subject: String,
    /// The text, lines ending in `\n`.
    pub text: String,
}

impl Written {
    fn of(letter: &Letter<'_>) -> Self {
        Self {
            subject: letter.subject(),
            text: letter.text(),
        }
    }
}

#[cfg(test)]
mod tests;
