//! What goes wrong with advisories, as problems.

use hub::acknowledge::AnswerError;
use hub::amend::AmendError;
use hub::compose::ComposeError;
use hub::issue::IssueError;
use hub::question::QuestionError;
use hub::reach::NudgeError;
use hub::recall::RecallError;
use hub::tighten::TightenError;

use super::Problem;

impl From<ComposeError> for Problem {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::NotFound => Self::NotFound,
            ComposeError::Changed { .. }
            | ComposeError::Lacking(_)
            | ComposeError::WrongStage(_) => Self::Changed,
            ComposeError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::NotFound | IssueError::SamePerson => Self::NotFound,
            IssueError::Changed | IssueError::Lacking(_) | IssueError::WrongStage(_) => {
                Self::Changed
            }
            IssueError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<AmendError> for Problem {
    fn from(error: AmendError) -> Self {
        match error {
            AmendError::NotFound => Self::NotFound,
            AmendError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<TightenError> for Problem {
    fn from(error: TightenError) -> Self {
        match error {
            TightenError::NotFound => Self::NotFound,
            TightenError::Fault(_) => Self::Changed,
            TightenError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::NotFound => Self::NotFound,
            RecallError::WrongStage(_) => Self::Changed,
            RecallError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::NotFound => Self::NotFound,
            AnswerError::Ended => Self::Changed,
            AnswerError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<NudgeError> for Problem {
    fn from(error: NudgeError) -> Self {
        match error {
            NudgeError::NotFound => Self::NotFound,
            NudgeError::Ended => Self::Changed,
            NudgeError::Store(source) => Self::trouble(&source),
        }
    }
}

impl From<QuestionError> for Problem {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::NotFound | QuestionError::SamePerson => Self::NotFound,
            QuestionError::Store(source) => Self::trouble(&source),
            // The pages explain these where they can be met; elsewhere the page is simply old.
            QuestionError::Ended
            | QuestionError::Full
            | QuestionError::Answered
            | QuestionError::Changed
            | QuestionError::Tells(_) => Self::Changed,
        }
    }
}
