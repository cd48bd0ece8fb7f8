//! Labeled texts, to measure what a detector of identifying strings finds.

use std::ops::Range;

use domain::organization::OrganizationKind;

use crate::draw::Draw;
use crate::narrative::{Language, NARRATIVES, Narrative};
use crate::plan::{Nation, Plan, PlannedOrganization, Variant};
use crate::slot::{Label, Teller};

/// A text as a source would write it, with the stretches that give somebody away.
///
/// Decoys stand in it unlabeled: attackers' addresses and domains, numbers, times, hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabeledText {
    /// The text.
    pub text: String,
    /// Byte ranges of `text`, in order and apart from each other.
    pub spans: Vec<(Range<usize>, Label)>,
    /// Names and domains that the register knows the source by.
    pub known_names: Vec<String>,
    /// The language of the text.
    pub language: Language,
}

/// `count` labeled texts; equal for equal seeds.
pub fn corpus(seed: u64, count: usize) -> Vec<LabeledText> {
    let plan = Nation::cast(seed, Variant::Published);
    let sources: Vec<&PlannedOrganization> = plan
        .organizations
        .iter()
        .filter(|one| {
            matches!(
                one.kind,
                OrganizationKind::Operator | OrganizationKind::Supplier
            )
        })
        .collect();
    (0..count)
        .map(|number| {
            let mut draw = Draw::new(seed, &format!("corpus/{number}"));
            let source = *draw.pick(&sources);
            let narrative = draw.pick(&NARRATIVES);
            labeled(&plan, source, narrative, draw)
        })
        .collect()
}

fn labeled(
    plan: &Plan,
    source: &PlannedOrganization,
    narrative: &Narrative,
    mut draw: Draw,
) -> LabeledText {
    let occurred = draw.between(0, 20) * 3_600 + draw.between(0, 3_599);
    let detected = occurred + draw.between(60, 3 * 3_600);
    let mut teller = Teller::new(source, plan.shared_supplier(), narrative.language(), draw);
    (teller.occurred, teller.detected) = (occurred, detected);
    let parts = [
        Some(&narrative.headline),
        Some(&narrative.text),
        narrative.effect.as_ref(),
        narrative.response.as_ref(),
    ];
    let template: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let rendered = teller.render(&template.join("\n"));
    LabeledText {
        text: rendered.text,
        spans: rendered.spans,
        known_names: source.known_names(),
        language: narrative.language(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn spans_lie_in_the_text_in_order_and_every_label_occurs() {
        let texts = corpus(7, 400);
        let mut labels = BTreeSet::new();
        for one in &texts {
            let mut end = 0;
            for (range, label) in &one.spans {
                assert!(
                    range.start >= end
                        && one
                            .text
                            .get(range.clone())
                            .is_some_and(|text| !text.is_empty())
                );
                end = range.end;
                labels.insert(*label);
            }
        }
        assert_eq!(labels.len(), Label::ALL.len());
        assert_eq!(texts, corpus(7, 400));
        assert_ne!(texts, corpus(8, 400));
    }

    #[test]
    fn no_source_is_named_outside_a_span() {
        for one in corpus(3, 300) {
            let mut unlabeled = one.text.clone();
            for (range, _) in one.spans.iter().rev() {
                unlabeled.replace_range(range.clone(), "■");
            }
            for name in &one.known_names {
                assert!(!unlabeled.contains(name), "{name} in {unlabeled}");
            }
        }
    }
}
