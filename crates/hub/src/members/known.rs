//! Who of a list is a member already, or invited: so that a list read in twice invites nobody twice.

use domain::organization::Post;
use domain::text::fold;

use super::list;
use crate::call::{Call, Hub, ReadError};
use crate::invite::NewInvitation;

/// For each of `new`, in order, whether somebody with that mail address or of that name holds each
/// of its posts there, or is invited to them.
///
/// # Errors
/// [`ReadError::NotFound`] when the members of one organization are not the caller's to run.
pub fn known(hub: &Hub, call: &Call<'_>, new: &[NewInvitation]) -> Result<Vec<bool>, ReadError> {
    let Some(organization) = new.first().map(|one| one.organization) else {
        return Ok(Vec::new());
    };
    let members = list(hub, call, Some(organization))?;
    let same = |one: &str, other: &str| !one.is_empty() && plain(one) == plain(other);
    let is_known = |one: &NewInvitation| {
        if one.organization != organization {
            return Err(ReadError::NotFound);
        }
        let mail = one.mail.as_ref().map_or("", |mail| mail.as_str());
        let is_member = members.people.iter().any(|person| {
            let card = person.card.content();
            let is_he = same(&card.mail, mail) || same(&card.name, one.name.as_str());
            let holds = |post: &Post| person.places.iter().any(|place| place.post == *post);
            is_he && one.posts.iter().all(holds)
        });
        let is_invited = members.waiting.iter().any(|waiting| {
            let is_he = same(waiting.name.content(), one.name.as_str());
            is_he && one.posts.iter().all(|post| waiting.posts.contains(post))
        });
        Ok(is_member || is_invited)
    };
    new.iter().map(is_known).collect()
}

/// A spelling for comparison: width, case and blanks do not count.
fn plain(text: &str) -> String {
    fold(text).split_whitespace().collect()
}
