//! The mail that the program would send, opened before it leaves.
//!
//! What is due is taken from the real queue and written by the program's own mailer; only the relay
//! is missing. Each letter is noted as sent, so that the pages say so.

use std::sync::{Mutex, PoisonError};

use hub::deliver::{sent, take_due};
use hub::invite::{letter_sent, take_letters};
use noroshi::config::{Mail, MailProtection};
use noroshi::mail::{Mailer, Written};
use view::layout::HubLine;

use crate::country::Who;
use crate::world::World;

/// How a planted leak changes the text of a letter.
pub(crate) type Forging = Box<dyn Fn(String) -> String + Send + Sync>;

/// A letter on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The address.
    pub to: String,
    /// Subject and text.
    pub text: String,
}

/// The letters so far.
#[derive(Default)]
pub struct PostOffice {
    letters: Mutex<Vec<Sending>>,
    pub(crate) forging: Option<Forging>,
}

impl PostOffice {
    fn take(&self, to: &str, written: Written) {
        let text = format!("{}\n{}", written.subject, written.text);
        let text = match &self.forging {
            Some(forging) => forging(text),
            None => text,
        };
        let to = to.to_owned();
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push(Sending { to, text });
    }
}

impl World {
    /// Sends everything that is due.
    pub fn deliver(&self) -> anyhow::Result<()> {
        let mailer = mailer()?;
        let random = self.chance("deliver");
        for turn in 0_u32.. {
            let random = random.derive(&turn.to_string());
            let batch = take_due(&self.hub, self.now(), random.derive("take"))?;
            if batch.is_empty() {
                break;
            }
            for dispatch in batch {
                let written = mailer.written(&dispatch);
                self.post_office.take(dispatch.address.content(), written);
                let label = random.derive(&dispatch.id.to_string());
                sent(&self.hub, dispatch.id, self.now(), label)?;
            }
        }
        for dispatch in take_letters(&self.hub, self.now(), random.derive("letters"))? {
            let written = mailer.written_invitation(&dispatch);
            self.post_office.take(dispatch.address.content(), written);
            let label = random.derive(&dispatch.id.to_string());
            letter_sent(&self.hub, dispatch.id, self.now(), label)?;
        }
        Ok(())
    }

    /// The letters that were sent to `who`.
    pub fn letters(&self, who: Who) -> Vec<Sending> {
        let address = format!("{}@{}.example", who.1.word(), who.0);
        let letters = self.post_office.letters.lock();
        let letters = letters.unwrap_or_else(PoisonError::into_inner);
        letters
            .iter()
            .filter(|letter| letter.to == address)
            .cloned()
            .collect()
    }
}

/// The program's mailer; its relay is never spoken to.
fn mailer() -> anyhow::Result<Mailer> {
    let mail = Mail {
        host: "relay.sim".to_owned(),
        port: 25,
        from: "hub@hub.sim".to_owned(),
        protection: MailProtection::Plain,
        account: None,
        password_file: None,
    };
    let hub_line = HubLine {
        name: "狼煙".to_owned(),
        checkpoint: None,
        phone: None,
    };
    Mailer::new(&mail, "http://hub.sim", hub_line)
}
