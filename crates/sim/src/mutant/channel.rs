//! One planted leak for each way by which anything reaches a reader: what the leak checker does not
//! look into, it does not find there.

use std::io::{Cursor, Write as _};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use domain::id::OrganizationId;
use store::Store;
use zip::write::SimpleFileOptions;

use super::{bytes, everything, narrative, newest_message, with_comment};
use crate::world::World;

/// A way by which the original narrative of the newest named report reaches everybody who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// On a page.
    Page,
    /// In what the API answers.
    Api,
    /// In every letter.
    Mail,
    /// In a workbook, packed as workbooks are.
    Workbook,
    /// Among the sentences of a search.
    Excerpt,
    /// In a file of the log.
    LogFile,
    /// In an opened mailbox.
    Mailbox,
    /// In the proof of an entry.
    Proof,
    /// On a page, the newest message of a dialogue instead of the narrative.
    Message,
}

impl Channel {
    /// Every way.
    pub const ALL: [Self; 9] = [
        Self::Page,
        Self::Api,
        Self::Workbook,
        Self::Excerpt,
        Self::LogFile,
        Self::Mailbox,
        Self::Proof,
        Self::Message,
        // The letters stay where they are.
        Self::Mail,
    ];

    /// Plants the leak.
    pub fn plant(self, world: &mut World) {
        let store = world.store.clone();
        let organizations: Vec<OrganizationId> =
            world.country.organizations.values().copied().collect();
        if self == Self::Mail {
            world.post_office.forging = Some(Box::new(move |text| {
                text + &self.secret(&store, &organizations)
            }));
            return;
        }
        world.wrap(|pages: Router| {
            pages.layer(from_fn(move |request: Request, next: Next| {
                let (store, organizations) = (store.clone(), organizations.clone());
                async move {
                    let path = request.uri().path().to_owned();
                    let response = next.run(request).await;
                    if self.stands_on(&path) && response.status() == StatusCode::OK {
                        let secret = self.secret(&store, &organizations);
                        self.leaked(response, &secret).await
                    } else {
                        response
                    }
                }
            }))
        });
    }

    /// Whether it shows there.
    pub fn stands_on(self, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        match self {
            Self::Page | Self::Message => path == "/duty",
            Self::Api => path == "/api/v1/reports",
            Self::Mail => false,
            Self::Workbook => path.ends_with("/reach.xlsx"),
            Self::Excerpt => path == "/search",
            Self::LogFile => path.starts_with("/log/tile/"),
            // Whoever has none open is sent away from these.
            Self::Mailbox => path.starts_with("/mailbox/"),
            Self::Proof => path.starts_with("/trust/proof/"),
        }
    }

    fn secret(self, store: &Store, organizations: &[OrganizationId]) -> String {
        let text = match self {
            Self::Message => newest_message(store, organizations),
            // Whoever the letter goes to, one of them he may not have.
            Self::Mail => Some(
                everything(store, organizations)
                    .iter()
                    .filter_map(|report| narrative(store, report.id))
                    .collect(),
            ),
            _ => everything(store, organizations)
                .last()
                .and_then(|newest| narrative(store, newest.id)),
        };
        text.unwrap_or_default()
    }

    async fn leaked(self, response: Response, secret: &str) -> Response {
        match self {
            Self::Workbook => {
                let (parts, _) = response.into_parts();
                Response::from_parts(parts, Body::from(packed(secret).unwrap_or_default()))
            }
            Self::Api | Self::LogFile | Self::Proof => {
                let (parts, body) = response.into_parts();
                let mut bytes = bytes(body).await;
                bytes.extend(secret.as_bytes());
                Response::from_parts(parts, Body::from(bytes))
            }
            _ => with_comment(response, secret).await,
        }
    }
}

/// An archive with one file, in which `secret` stands among so much else that packing hides it.
fn packed(secret: &str) -> anyhow::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/sharedStrings.xml", SimpleFileOptions::default())?;
    for line in 0..100 {
        writeln!(archive, "<t>{line} {secret}</t>")?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Or the workbook would be no trial of unpacking.
    #[test]
    fn packing_hides_the_text() {
        let secret = "narrative-0123456789abcdef";
        let bytes = packed(secret).unwrap();
        let hidden = bytes
            .windows(secret.len())
            .all(|window| window != secret.as_bytes());
        assert!(hidden && bytes.starts_with(b"PK"));
    }
}
