//! One opening as a caller stands to it, and what agreements to it are checked against.

use domain::actor::Actor;
use domain::id::OpeningId;
use domain::opening::{OpeningStage, OpeningStep};
use domain::policy::{Action, permits};
use domain::release::sealed::{OpeningParties, reason};
use domain::report::Report;
use domain::time::Timestamp;
use seal::envelope::SecretKey;
use seal::identity::{Asked, OpeningRequest, SealedIdentity};
use store::custody::opening::{self, Opening};
use store::{Reader, StoreError, custody, report};

use super::{CustodianLine, OpeningError, Standing};

/// An opening with its report, as this caller stands to it.
pub(super) struct Case {
    pub(super) opening: Opening,
    pub(super) report: Report,
    pub(super) standing: Standing,
}

/// What an agreement is checked against.
pub(super) struct Papers {
    pub(super) sealed: SealedIdentity,
    pub(super) request: OpeningRequest,
    pub(super) secret: SecretKey,
}

impl Case {
    pub(super) fn of(
        reader: &Reader<'_>,
        actor: &Actor,
        id: OpeningId,
    ) -> Result<Self, OpeningError> {
        let opening = opening::find(reader, id)?.ok_or(OpeningError::NotFound)?;
        let report = report::find(reader, opening.report)?.ok_or(OpeningError::NotFound)?;
        let asks =
            actor.organization == opening.organization && permits(actor, Action::RequestOpening);
        let keeps = actor.organization == report.relay && permits(actor, Action::ApproveOpening);
        let standing = match (asks, keeps) {
            (true, _) if actor.person == opening.asked_by => Standing::Asker,
            (true, _) => Standing::Colleague,
            (false, true) => Standing::Keeper,
            (false, false) => return Err(OpeningError::NotFound),
        };
        Ok(Self {
            opening,
            report,
            standing,
        })
    }

    pub(super) fn parties(&self) -> OpeningParties {
        OpeningParties {
            asked_by: self.opening.asked_by,
            organization: self.opening.organization,
            relay: self.report.relay,
        }
    }

    /// The sealed identity; `None` when the report was erased.
    pub(super) fn sealed(&self, reader: &Reader<'_>) -> Result<Option<SealedIdentity>, StoreError> {
        let Some(text) = custody::sealed(reader, self.report.id)? else {
            return Ok(None);
        };
        SealedIdentity::from_json(&text)
            .map(Some)
            .map_err(|_| StoreError::Corrupt {
                table: "sealed_identity",
                column: "body",
            })
    }

    /// The request as it was written, letter for letter, and the key that opens the answers.
    pub(super) fn papers(
        &self,
        reader: &Reader<'_>,
        actor: &Actor,
    ) -> Result<Papers, OpeningError> {
        let sealed = self.sealed(reader)?.ok_or(OpeningError::NotFound)?;
        let ask = opening::ask(reader, &self.opening)?.ok_or(OpeningError::NotFound)?;
        let ask = reason(actor, &self.parties(), ask).map_err(|_| OpeningError::NotFound)?;
        let (secret, public) =
            opening::recipient(reader, &self.opening)?.ok_or(OpeningError::NotFound)?;
        let asked = ask.content();
        let asked = Asked {
            by: asked.by.clone(),
            purpose: asked.purpose.clone(),
            reason: asked.reason.clone(),
            at: asked.at.clone(),
        };
        Ok(Papers {
            request: OpeningRequest::new(&sealed, public, asked),
            sealed,
            secret,
        })
    }
}

/// The stage by the clock: an opening whose time has run out has ended, whether or not the job loop
/// has come by.
pub(crate) fn in_force(opening: &Opening, now: Timestamp) -> OpeningStage {
    if opening.expires_at > now {
        return opening.stage;
    }
    opening
        .stage
        .after(OpeningStep::Lapse)
        .unwrap_or(opening.stage)
}

/// The holders of the shares, by the names of their posts.
pub(super) fn custodian_lines(
    reader: &Reader<'_>,
    case: &Case,
    sealed: &SealedIdentity,
) -> Result<Vec<CustodianLine>, StoreError> {
    let offices = custody::offices(reader, case.report.relay)?;
    let agreements = opening::agreements(reader, case.opening.id)?;
    let mut lines = Vec::new();
    for fingerprint in sealed.custodians() {
        let mut held = None;
        for office in &offices {
            if office.custodian.fingerprint()? == fingerprint {
                held = Some(&office.custodian);
            }
        }
        let agreed_at = held.and_then(|custodian| {
            let agreement = agreements
                .iter()
                .find(|agreement| agreement.custodian == custodian.id)?;
            Some(agreement.at)
        });
        lines.push(CustodianLine {
            name: held.map_or(String::new(), |custodian| custodian.name.clone()),
            fingerprint: fingerprint.to_string(),
            agreed_at,
        });
    }
    Ok(lines)
}
