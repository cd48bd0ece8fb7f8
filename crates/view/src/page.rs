//! Pages: one askama struct per page, in a folder per area.
//!
//! A page has a field `frame: Frame`, a template under `templates/AREA/`, words in
//! `locales/{ja,en}/AREA.ftl`, and `samples(words)`: the page as it looks when empty, full and
//! wrong. An area adds one line to [`samples`], so that the gallery and the tests see its pages.

use askama::Template;

use crate::words::Words;

pub mod advisory;
pub mod border;
pub mod case;
pub mod close;
pub mod communities;
pub mod components;
pub mod compose;
pub mod count;
pub mod custodian;
pub mod dialogue;
pub mod duty;
pub mod error;
pub mod feedback;
pub mod finding;
pub mod first_run;
pub mod help;
pub mod incident;
pub mod intake;
pub mod join;
pub mod members;
pub mod near_miss;
pub mod opening;
pub mod phone;
pub mod question;
pub mod reach;
pub mod report;
pub mod roster;
pub mod search;
pub mod sent;
pub mod settings;
pub mod sheet;
pub mod sign_in;
pub mod situation;
pub mod status;
pub mod terms;
pub mod trust;
pub mod update;
pub mod withdrawal;

/// A page rendered with made-up content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Page and case: `sign-in-wrong`.
    pub name: String,
    /// The whole document.
    pub html: String,
}

/// Every sample of every page in one language.
pub fn samples(words: Words) -> Vec<Sample> {
    let mut all = Vec::new();
    render(
        &mut all,
        "components",
        components::Components::samples(words),
    );
    render(&mut all, "advisory", advisory::AdvisoryPage::samples(words));
    render(&mut all, "compose", compose::Compose::samples(words));
    render(&mut all, "compose-check", compose::Check::samples(words));
    render(&mut all, "written", compose::Written::samples(words));
    render(&mut all, "duty", duty::Duty::samples(words));
    render(&mut all, "received", duty::Received::samples(words));
    render(&mut all, "count", count::CountPage::samples(words));
    render(&mut all, "border", border::Border::samples(words));
    render(&mut all, "question", border::Question::samples(words));
    render(&mut all, "dry-run", border::DryRun::samples(words));
    render(&mut all, "case", case::Case::samples(words));
    render(&mut all, "passage", dialogue::Passage::samples(words));
    incident_samples(&mut all, words);
    render(&mut all, "intake", intake::Intake::samples(words));
    render(&mut all, "error", error::ErrorPage::samples(words));
    let near_miss = near_miss::NearMissPage::samples(words);
    render(&mut all, "near-miss", near_miss);
    let questions = near_miss::NearMissQuestions::samples(words);
    render(&mut all, "near-miss-questions", questions);
    let receipt = near_miss::ReceiptPage::samples(words);
    render(&mut all, "near-miss-receipt", receipt);
    let repeated = near_miss::RepeatedPage::samples(words);
    render(&mut all, "near-miss-repeated", repeated);
    let receipts = near_miss::batch::BatchReceipts::samples(words);
    render(&mut all, "near-miss-batch", receipts);
    render(&mut all, "roster", roster::RosterPage::samples(words));
    let brought_in = members::brought_in::BroughtInPage::samples(words);
    render(&mut all, "organizations-entered", brought_in);
    let invited = members::import::InvitedPage::samples(words);
    render(&mut all, "members-invited", invited);
    render(&mut all, "sheet-upload", sheet::Upload::samples(words));
    render(&mut all, "sheet-check", sheet::Check::samples(words));
    render(&mut all, "sent", sent::SentList::samples(words));
    render(&mut all, "sent-report", sent::SentReport::samples(words));
    render(&mut all, "sent-mailbox", sent::MailboxPage::samples(words));
    report_samples(&mut all, words);
    withdrawal_samples(&mut all, words);
    reach_samples(&mut all, words);
    member_samples(&mut all, words);
    settings_samples(&mut all, words);
    render(&mut all, "help", help::Help::samples(words));
    render(&mut all, "openings", opening::OpeningList::samples(words));
    render(&mut all, "opening-new", opening::OpeningNew::samples(words));
    render(&mut all, "opening", opening::OpeningPage::samples(words));
    render(&mut all, "identity", opening::IdentityPage::samples(words));
    custodian_samples(&mut all, words);
    phone_samples(&mut all, words);
    render(&mut all, "sign-in", sign_in::SignIn::samples(words));
    render(&mut all, "status", status::Status::samples(words));
    render(&mut all, "trust", trust::Trust::samples(words));
    all
}

fn settings_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "settings", settings::Settings::samples(words));
    let ways_in = settings::ways_in::WaysIn::samples(words);
    render(all, "ways-in", ways_in);
    let recovery = settings::ways_in::RecoveryCodes::samples(words);
    render(all, "recovery", recovery);
    let networks = settings::networks::Networks::samples(words);
    render(all, "networks", networks);
    render(all, "tokens", settings::tokens::Tokens::samples(words));
}

fn finding_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "findings", finding::FindingList::samples(words));
    let candidate = finding::candidate::CandidatePage::samples(words);
    render(all, "finding", candidate);
    render(all, "finding-send", finding::send::SendPage::samples(words));
    render(
        all,
        "finding-check",
        finding::send::SendCheck::samples(words),
    );
}

fn phone_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "phone", phone::PhoneNearMiss::samples(words));
    render(all, "phone-report", phone::PhoneReport::samples(words));
    render(all, "phone-count", phone::PhoneCount::samples(words));
    render(all, "phone-receipt", phone::PhoneReceipt::samples(words));
    render(all, "terms", terms::TermsPage::samples(words));
    render(all, "narrowed", terms::NarrowedPage::samples(words));
    let pattern = situation::PatternPage::samples(words);
    render(all, "situation-pattern", pattern);
    let figures = situation::SituationPage::samples(words);
    render(all, "situation", figures);
}

fn custodian_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "custodians", custodian::Custodians::samples(words));
    let appoint = custodian::Appoint::samples(words);
    render(all, "custodian-appoint", appoint);
    let hand_over = custodian::HandOver::samples(words);
    render(all, "custodian-hand-over", hand_over);
    render(all, "custodian-delay", custodian::Delay::samples(words));
}

fn member_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "first-run", first_run::FirstRunPage::samples(words));
    render(all, "join", join::JoinPage::samples(words));
    render(all, "join-nowhere", join::NowherePage::samples(words));
    render(all, "members", members::MembersPage::samples(words));
    let list = communities::Communities::samples(words);
    render(all, "communities", list);
    let one = communities::CommunityPage::samples(words);
    render(all, "community", one);
    let leave = communities::LeavePage::samples(words);
    render(all, "community-leave", leave);
    let found = communities::FoundPage::samples(words);
    render(all, "community-found", found);
    let person = members::person::PersonPage::samples(words);
    render(all, "members-person", person);
    let invite = members::invite::InvitePage::samples(words);
    render(all, "members-invite", invite);
    render(
        all,
        "members-link",
        members::invite::LinkPage::samples(words),
    );
    let organizations = members::organizations::OrganizationsPage::samples(words);
    render(all, "members-organizations", organizations);
    let new = members::organizations::NewOrganizationPage::samples(words);
    render(all, "members-organization-new", new);
    let hand_over = members::hand_over::HandOverPage::samples(words);
    render(all, "members-hand-over", hand_over);
    let review = members::hand_over::ReviewPage::samples(words);
    render(all, "members-review", review);
}

fn withdrawal_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "tombstone", withdrawal::Tombstone::samples(words));
    render(all, "recall", withdrawal::Recall::samples(words));
    render(all, "close-report", close::CloseReport::samples(words));
    render(all, "close-advisory", close::CloseAdvisory::samples(words));
    render(all, "tighten", withdrawal::Tighten::samples(words));
    render(all, "holders", withdrawal::Holders::samples(words));
}

fn incident_samples(all: &mut Vec<Sample>, words: Words) {
    finding_samples(all, words);
    let list = incident::IncidentList::samples(words);
    render(all, "incidents", list);
    render(all, "incident", incident::IncidentPage::samples(words));
    render(all, "search", search::Search::samples(words));
}

fn report_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "report-start", report::Start::samples(words));
    render(all, "report-no-relay", report::NoRelay::samples(words));
    render(all, "report-code", report::CodeSlip::samples(words));
    render(all, "report-ask", report::Ask::samples(words));
    render(all, "report-check", report::Check::samples(words));
    render(all, "report-receipt", report::ReceiptPage::samples(words));
    render(all, "report-drafts", report::Drafts::samples(words));
    render(all, "report-resume", report::Resume::samples(words));
    let own = update::OwnReportPage::samples(words);
    render(all, "update-own", own);
    render(all, "update-write", update::UpdatePage::samples(words));
    render(all, "update-check", update::UpdateCheck::samples(words));
    render(all, "update-clash", update::UpdateClash::samples(words));
}

fn reach_samples(all: &mut Vec<Sample>, words: Words) {
    render(all, "reach", reach::Reach::samples(words));
    render(all, "phones", reach::phones::Phones::samples(words));
    let form = feedback::FeedbackPage::samples(words);
    render(all, "feedback", form);
    let effect = feedback::effect::EffectPage::samples(words);
    render(all, "effect", effect);
    let asked = question::QuestionPage::samples(words);
    render(all, "advisory-question", asked);
}

/// Adds the samples of one page.
pub fn render<P: Template>(all: &mut Vec<Sample>, page: &str, cases: Vec<(&str, P)>) {
    for (case, sample) in cases {
        let html = sample.render().unwrap_or_else(|error| error.to_string());
        all.push(Sample {
            name: format!("{page}-{case}"),
            html,
        });
    }
}

#[cfg(test)]
mod tests;
