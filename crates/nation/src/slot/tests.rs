use super::*;
use crate::narrative::NARRATIVES;
use crate::plan::{Nation, Variant};

fn slots(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap())
        .collect()
}

#[test]
fn narratives_use_known_slots_and_let_nothing_out() {
    for one in NARRATIVES.iter() {
        for text in [
            Some(&one.headline),
            Some(&one.text),
            one.technique.as_ref(),
            one.effect.as_ref(),
            one.response.as_ref(),
        ]
        .into_iter()
        .flatten()
        {
            for slot in slots(text) {
                assert!(SLOTS.contains(&slot), "{}: {slot}", one.key);
            }
        }
        for text in [&one.out_headline, &one.out_text] {
            assert!(
                slots(text).is_empty(),
                "{}: the outgoing text has a slot",
                one.key
            );
        }
        // What crosses may not carry what names the source.
        for text in [one.technique.as_ref(), one.indicators.as_ref()]
            .into_iter()
            .flatten()
        {
            assert!(
                slots(text).iter().all(|slot| naming_label(slot).is_none()),
                "{}",
                one.key
            );
        }
    }
}

#[test]
fn spans_hold_what_their_label_says() {
    let plan = Nation::plan(1, Variant::Published);
    let operator = &plan.organizations[plan.operators().next().unwrap()];
    let mut teller = Teller::new(
        operator,
        &plan.organizations[12],
        Language::Japanese,
        Draw::new(1, "t"),
    );
    let rendered = teller.render("{org}の{host}から{aip}へ。{org_short}の{phone}、再び{host}。");
    let texts: Vec<(&str, Label)> = rendered
        .spans
        .iter()
        .map(|(range, label)| (rendered.text.get(range.clone()).unwrap(), *label))
        .collect();
    assert_eq!(texts.len(), 5);
    assert_eq!(texts[0], (operator.name_ja.as_str(), Label::Organization));
    assert_eq!(texts[1], texts[4]);
    assert!(!rendered.text.contains('{'));
}

#[test]
fn drawn_addresses_and_numbers_are_nobodys() {
    let plan = Nation::plan(1, Variant::Published);
    for seed in 0..300 {
        let mut draw = Draw::new(seed, "addresses");
        let outside = machine::attacker_address(&mut draw);
        assert!(
            ["198.51.100.", "192.0.2.", "2001:db8:"]
                .iter()
                .any(|range| outside.starts_with(range))
        );
        let inside = machine::inside_address(&mut draw);
        assert!(
            ["10.", "172.", "192.168.", "fd"]
                .iter()
                .any(|range| inside.starts_with(range))
        );
        assert!(machine::attacker_domain(&mut draw).ends_with(".example"));
        let operator = &plan.organizations[plan
            .operators()
            .nth(usize::try_from(seed).unwrap())
            .unwrap()];
        assert!(machine::public_host(&mut draw, operator).ends_with(".example"));
        assert!(machine::abbreviation(operator).len() >= 2);
    }
}

#[test]
fn outgoing_texts_neither_copy_nor_identify() {
    use domain::release::detector::Detector;
    let plan = Nation::plan(1, Variant::Published);
    let names: Vec<String> = plan
        .organizations
        .iter()
        .flat_map(PlannedOrganization::known_names)
        .collect();
    let detector = Detector::new(names.iter().map(String::as_str));
    let mut found = Vec::new();
    for one in NARRATIVES.iter() {
        for text in [&one.out_headline, &one.out_text] {
            for hit in detector.hits(text) {
                found.push(format!(
                    "{}: {:?} `{}`",
                    one.key,
                    hit.label,
                    text.get(hit.span).unwrap()
                ));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
