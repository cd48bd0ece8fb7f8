//! An answer of the source that waits at the border: what the relay would pass on in its own words.

use std::collections::BTreeSet;

use super::copied::copied;
use super::fault::{Fault, prose};
use crate::confidential::Confidential;
use crate::part::field::{Field, Value};
use crate::part::{Part, PartBody};
use crate::release::detector::{Detector, Hit};
use crate::text::fold;

/// What the relay would pass on.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// The relay's own words.
    pub text: String,
    /// Strings that the detector found in them and the writer let stand, folded.
    pub confirmed: BTreeSet<String>,
}

/// Everything that stands between a passage and the organization that asked; empty when it may be
/// passed on. `originals` is all that the source wrote: no sentence of it crosses.
pub fn passage_faults(passage: &Passage, originals: &[Part], detector: &Detector) -> Vec<Fault> {
    let mut found = Vec::new();
    if Value::text(Field::Message, &passage.text).is_err() {
        found.push(Fault::Unfit(Field::Message));
    }
    let written: Vec<&str> = originals.iter().flat_map(prose).collect();
    if let Some(span) = copied(&passage.text, &written) {
        found.push(Fault::Copied {
            field: Field::Message,
            span,
        });
    }
    for hit in open_hits(passage, detector) {
        found.push(Fault::Identifying {
            field: Field::Message,
            hit,
        });
    }
    found
}

/// What the detector found and nobody let stand.
fn open_hits(passage: &Passage, detector: &Detector) -> Vec<Hit> {
    let mut hits = detector.hits(&passage.text);
    hits.retain(|hit| {
        let spelled = passage.text.get(hit.span.clone()).unwrap_or_default();
        !passage.confirmed.contains(&fold(spelled))
    });
    hits
}

/// The body of the message that a passage becomes; `None` when its text fits no message.
pub fn passage_text(passage: &Passage) -> Option<Confidential<PartBody>> {
    let text = Value::text(Field::Message, &passage.text).ok()?;
    Some(Confidential::new(PartBody::new(
        [(Field::Message, text)].into(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handling::{Consent, Handling, Tlp};
    use crate::id::{PartId, ReportId};
    use crate::part::{PartKind, Side, Subject};
    use crate::time::Timestamp;

    fn original(text: &str) -> Part {
        let value = Value::text(Field::Message, text).unwrap();
        Part {
            id: PartId::from_random([1; 16]),
            subject: Subject::Report(ReportId::from_random([2; 16])),
            kind: PartKind::Message,
            side: Side::Original,
            version: 1,
            body: Confidential::new(PartBody::new([(Field::Message, value)].into())),
            handling: Handling {
                tlp: Tlp::Amber,
                purposes: BTreeSet::new(),
                circles: BTreeSet::new(),
                expires_at: None,
                consent: Consent::Refused,
            },
            written_at: Timestamp::from_seconds(0),
        }
    }

    #[test]
    fn own_words_pass_and_names_and_copies_do_not() {
        let said = original("北浜電力の監視端末は昨夜のうちに三台とも切り離しました。");
        let detector = Detector::new(["北浜電力"]);
        let faults = |text: &str, confirmed: &[&str]| {
            let passage = Passage {
                text: text.to_owned(),
                confirmed: confirmed.iter().map(|text| fold(text)).collect(),
            };
            passage_faults(&passage, std::slice::from_ref(&said), &detector)
        };
        assert!(faults("監視用の端末は、もう網から外してあるとのこと。", &[]).is_empty());
        assert_eq!(faults("", &[]), [Fault::Unfit(Field::Message)]);
        let named = "北浜電力によれば外してある。";
        assert!(matches!(
            faults(named, &[])[..],
            [Fault::Identifying { .. }]
        ));
        assert!(faults(named, &["北浜電力"]).is_empty());
        let copied = faults("監視端末は昨夜のうちに三台とも切り離しました。", &[]);
        assert!(matches!(copied[..], [Fault::Copied { .. }]));
    }
}
