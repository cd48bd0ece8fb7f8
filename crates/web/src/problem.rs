//! What goes wrong, as status and page: one exhaustive list.
//!
//! A handler returns a [`Problem`]; the guard turns it into a page in the reader's language or, for
//! the API, into a problem document (RFC 9457). What is hidden is "not found". A failure of the hub
//! shows a reference number and nothing of its cause, which is logged once, here.

mod advisory;

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hub::ReadError;
use hub::close::CloseError;
use hub::custodians::CustodianError;
use hub::dialogue::DialogueError;
use hub::draft::DraftError;
use hub::finding::{ArriveError, CampaignError, JudgeError};
use hub::log::LogError;
use hub::networks::NetworksError;
use hub::open_seal::OpeningError;
use hub::release::ReviewError;
use hub::set_up::SetUpError;
use hub::submit::SubmitError;
use hub::triage::RateError;
use hub::update::UpdateError;
use view::page::error::ErrorKind;

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Not there, or not there for this reader.
    NotFound,
    /// Nobody is signed in: sign in and come back.
    SignIn,
    /// Too long since the person was recognized: sign in once more and come back.
    SignInAgain,
    /// Somebody came by an invitation: he makes a way in first.
    FirstWayIn,
    /// The form was not made for this session, or came from elsewhere.
    Forged,
    /// The body is larger than the form can be.
    TooLarge,
    /// The body is not what a form of this page sends.
    Malformed,
    /// Somebody else was quicker: the item has changed since the page was made.
    Changed,
    /// Too many tries; seconds to wait.
    TooMany(u32),
    /// The hub failed; the number stands in its log.
    Trouble(String),
}

/// The status of a form that comes back with what is wrong with it: 422.
pub(crate) const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

impl Problem {
    /// A failure of the hub, logged once under a number that the reader is shown.
    pub(crate) fn trouble(cause: &dyn Error) -> Self {
        let number = trouble_number(cause);
        let mut chain = Vec::new();
        let mut next = cause.source();
        while let Some(source) = next {
            chain.push(source.to_string());
            next = source.source();
        }
        tracing::error!(trouble.number = %number, error = %cause, cause = %chain.join(": "), "a request failed");
        Self::Trouble(number)
    }

    /// The status it is answered with.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::FirstWayIn => StatusCode::NOT_FOUND,
            Self::SignIn | Self::SignInAgain => StatusCode::UNAUTHORIZED,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Changed => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Trouble(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The kind of error page it is shown as.
    pub(crate) const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound | Self::SignIn | Self::SignInAgain | Self::FirstWayIn => {
                ErrorKind::NotFound
            }
            Self::Forged => ErrorKind::StaleForm,
            Self::TooLarge => ErrorKind::TooLarge,
            Self::Malformed => ErrorKind::BadRequest,
            Self::Changed => ErrorKind::Conflict,
            Self::TooMany(_) => ErrorKind::TooMany,
            Self::Trouble(_) => ErrorKind::Internal,
        }
    }
}

/// A number made of the failure's place in memory and text: enough to find the line in the log,
/// and telling nothing.
fn trouble_number(cause: &dyn Error) -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let number = RandomState::new().hash_one(cause.to_string());
    format!("err-{number:016x}")
}

impl IntoResponse for Problem {
    /// The bare status; the guard puts the page around it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::NotFound,
            ReadError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotFound => Self::NotFound,
            // The desk explains these where they can be met; elsewhere the page is simply old.
            ReviewError::Changed
            | ReviewError::WrongStage
            | ReviewError::Faulty
            | ReviewError::AuthorAsked
            | ReviewError::SecondPerson => Self::Changed,
            ReviewError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<RateError> for Problem {
    fn from(error: RateError) -> Self {
        match error {
            RateError::NotFound => Self::NotFound,
            RateError::NothingKnown => Self::Malformed,
            RateError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<ArriveError> for Problem {
    fn from(error: ArriveError) -> Self {
        match error {
            ArriveError::NotPermitted => Self::NotFound,
            ArriveError::NoRelay
            | ArriveError::Nothing
            | ArriveError::Many
            | ArriveError::Wrong(_)
            | ArriveError::Terms => Self::Malformed,
            ArriveError::Store(error) => Self::trouble(&error),
        }
    }
}

impl From<NetworksError> for Problem {
    fn from(error: NetworksError) -> Self {
        match error {
            NetworksError::NotFound => Self::NotFound,
            NetworksError::Changed => Self::Changed,
            NetworksError::Store(error) => Self::trouble(&error),
        }
    }
}

impl From<CampaignError> for Problem {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::NotFound => Self::NotFound,
            CampaignError::Changed => Self::Changed,
            CampaignError::Store(error) => Self::trouble(&error),
        }
    }
}

impl From<JudgeError> for Problem {
    fn from(error: JudgeError) -> Self {
        match error {
            JudgeError::NotFound => Self::NotFound,
            JudgeError::Days | JudgeError::Future | JudgeError::Early | JudgeError::Step => {
                Self::Malformed
            }
            JudgeError::Store(error) => Self::trouble(&error),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::NotPermitted => Self::NotFound,
            other => Self::trouble(&other),
        }
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            // An entry that waits has no proof yet; the page offers none.
            LogError::NotFound | LogError::Waiting => Self::NotFound,
            other => Self::trouble(&other),
        }
    }
}

impl From<UpdateError> for Problem {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::NotFound => Self::NotFound,
            UpdateError::Changed
            | UpdateError::Withdrawn
            | UpdateError::Nothing
            | UpdateError::Apart => Self::Changed,
            UpdateError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<CloseError> for Problem {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::NotFound => Self::NotFound,
            CloseError::Store(source) => Self::trouble(&source),
            CloseError::WrongStage(_) | CloseError::WrongAdvisoryStage(_) => Self::Changed,
        }
    }
}

impl From<DialogueError> for Problem {
    fn from(error: DialogueError) -> Self {
        match error {
            DialogueError::NotFound => Self::NotFound,
            DialogueError::Store(source) => Self::trouble(&source),
            // The pages explain these where they can be met; elsewhere the page is simply old.
            DialogueError::Ended
            | DialogueError::Full
            | DialogueError::Changed
            | DialogueError::Faulty
            | DialogueError::OutOfTerms
            | DialogueError::SecondPerson
            | DialogueError::Approver => Self::Changed,
        }
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound | DraftError::NoSuchCode => Self::NotFound,
            DraftError::Full(_) => Self::TooLarge,
            DraftError::Code(_) | DraftError::TooMany => Self::Malformed,
            DraftError::TooManyCodes(wait) => Self::TooMany(wait.wait_seconds),
            DraftError::Submit(source) => source.into(),
            other => Self::trouble(&other),
        }
    }
}

impl From<OpeningError> for Problem {
    fn from(error: OpeningError) -> Self {
        match error {
            OpeningError::NotFound => Self::NotFound,
            OpeningError::Store(source) => Self::trouble(&source),
            // The pages explain these where they can be met; elsewhere the page is simply old.
            _ => Self::Changed,
        }
    }
}

impl From<SetUpError> for Problem {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::NotPermitted => Self::NotFound,
            SetUpError::Store(source) => Self::trouble(&source),
            _ => Self::Malformed,
        }
    }
}

impl From<CustodianError> for Problem {
    fn from(error: CustodianError) -> Self {
        match error {
            CustodianError::NotFound => Self::NotFound,
            CustodianError::Store(source) => Self::trouble(&source),
            // The pages explain these where they can be met; elsewhere the page is simply old.
            _ => Self::Changed,
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::trouble(&error)
    }
}
