//! All versions of a subject's parts, for the source's own history.

use domain::part::{Part, Side, Subject};
use rusqlite::named_params;

use super::sealed_part;
use crate::error::StoreError;
use crate::row::collect;
use crate::transaction::Reader;

/// Every version of each kind of part of `subject`, oldest first, for the hub's own work. Erased
/// versions are left out.
pub fn versions_for_work(
    reader: &Reader<'_>,
    subject: Subject,
    side: Side,
) -> Result<Vec<Part>, StoreError> {
    const VERSIONS: &str = "-- part.versions_for_work
        SELECT * FROM part
        WHERE subject_id = :subject AND side = :side AND kind <> 'message'
        ORDER BY written_at, version, kind";
    let sealed = collect(
        reader.data(),
        "part.versions_for_work",
        "part",
        VERSIONS,
        named_params! {":subject": subject.to_string(), ":side": side.word()},
        sealed_part,
    )?;
    sealed
        .into_iter()
        .filter_map(|part| part.open(reader).transpose())
        .collect()
}
