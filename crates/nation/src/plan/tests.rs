use std::collections::BTreeSet;

use domain::reference::ReferenceData;

use super::*;

fn plan() -> Plan {
    Nation::plan(1, Variant::Published)
}

fn reference() -> ReferenceData {
    exchange::reference::shipped().unwrap()
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_another() {
    assert_eq!(plan(), plan());
    assert_ne!(plan(), Nation::plan(2, Variant::Published));
}

#[test]
fn the_cast_is_the_same_for_every_seed() {
    let cast = |seed| -> Vec<(&'static str, String)> {
        let plan = Nation::plan(seed, Variant::Published);
        plan.roles
            .iter()
            .map(|(role, person)| {
                let at = plan.people[*person].place.organization;
                (*role, plan.organizations[at].name_ja.clone())
            })
            .collect()
    };
    assert_eq!(cast(1), cast(99));
    let names = cast(1);
    let of = |role| &names.iter().find(|(name, _)| *name == role).unwrap().1;
    assert_eq!(names.len(), 28);
    assert_eq!(of("operator_duty"), "北浜電力株式会社");
    assert_eq!(of("rival_duty"), "汐凪電力株式会社");
    assert_eq!(of("small_firm"), "凪浦運送株式会社");
    assert_eq!(of("ceptoar_officer"), "電力CEPTOAR事務局（模擬）");
}

#[test]
fn every_role_may_do_what_its_name_promises() {
    use domain::policy::{Action, Verdict, verdict};
    let plan = plan();
    for (role, action) in [
        ("operator_duty", Action::Submit),
        ("operator_ciso", Action::Acknowledge),
        ("operator_executive", Action::Acknowledge),
        ("operator_ot", Action::Acknowledge),
        ("operator_system", Action::Acknowledge),
        ("operator_administrator", Action::ManageMembers),
        ("rival_duty", Action::Submit),
        ("small_firm", Action::Submit),
        ("supplier", Action::Submit),
        ("ceptoar_analyst", Action::ReviewBorder),
        ("ceptoar_officer", Action::ApproveRelease),
        ("ceptoar_second_officer", Action::ApproveRelease),
        ("ceptoar_administrator", Action::AppointCustodian),
        ("ceptoar_custodian", Action::ApproveOpening),
        ("other_ceptoar_officer", Action::ApproveRelease),
        ("ministry_analyst", Action::Triage),
        ("ministry_officer", Action::IssueAdvisory),
        ("center_analyst", Action::ComposeAdvisory),
        ("center_officer", Action::IssueAdvisory),
        ("center_second_officer", Action::IssueAdvisory),
        ("coordinator", Action::Triage),
        ("police", Action::Triage),
        ("help_desk", Action::EnterForMember),
        ("carrier_analyst", Action::SubmitFindings),
        ("second_carrier_analyst", Action::SubmitFindings),
        ("auditor", Action::AuditLog),
        ("administrator", Action::ManageHub),
    ] {
        let (_, person) = plan.roles.iter().find(|(name, _)| *name == role).unwrap();
        let place = &plan.people[*person].place;
        let kind = plan.organizations[place.organization].kind;
        assert_eq!(verdict(kind, place.role, action), Verdict::Allow, "{role}");
    }
}

#[test]
fn sectors_ceptoars_services_and_prefectures_are_those_of_the_reference_data() {
    let (plan, reference) = (plan(), reference());
    let day = "2026-11-01".parse().unwrap();
    let sectors: BTreeSet<&str> = plan
        .operators()
        .filter_map(|at| plan.organizations[at].sector.as_deref())
        .collect();
    let current = reference.sector_codes(day);
    let known: BTreeSet<&str> = current.iter().map(domain::word::Code::as_str).collect();
    assert_eq!(sectors, known);
    let mut ceptoars = BTreeSet::new();
    for organization in &plan.organizations {
        let Some(code) = organization.ceptoar.as_deref() else {
            continue;
        };
        ceptoars.insert(code);
        let row = reference.ceptoars.selectable(code, day).unwrap();
        if organization.kind == OrganizationKind::Operator {
            assert_eq!(
                organization.sector.as_deref(),
                Some(row.body.sector.as_str()),
                "{code}"
            );
        } else {
            let ministry = plan.organizations[organization.reports_to.unwrap()]
                .domain
                .as_str();
            let expected = reference
                .ministry_of(row.body.sector.as_str(), day)
                .unwrap();
            assert_eq!(ministry, format!("{}-go.example", expected.code), "{code}");
        }
        for service in &organization.services {
            assert!(reference.services.knows(service), "{service}");
        }
        if let Some(prefecture) = &organization.prefecture {
            assert!(reference.prefectures.knows(prefecture), "{prefecture}");
        }
    }
    assert_eq!((known.len(), ceptoars.len()), (15, 21));
    assert_eq!(plan.operators().count(), 308);
}

#[test]
fn names_domains_and_numbers_are_unique_and_nobodys() {
    let plan = plan();
    let mut names = BTreeSet::new();
    for organization in &plan.organizations {
        assert!(
            names.insert(organization.name_ja.clone()),
            "{}",
            organization.name_ja
        );
        assert!(
            names.insert(organization.domain.clone()),
            "{}",
            organization.domain
        );
        assert!(organization.domain.ends_with(".example"));
    }
    for person in &plan.people {
        assert!(person.login.ends_with(".example"), "{}", person.login);
        assert!(names.insert(person.login.clone()), "{}", person.login);
        let mut groups = person.phone.split('-');
        let (area, exchange) = (groups.next().unwrap(), groups.next().unwrap());
        assert_eq!(
            (area.len() + exchange.len(), exchange.starts_with('0')),
            (6, true)
        );
    }
}

#[test]
fn everyone_reports_to_somebody_who_relays_it() {
    let plan = plan();
    for (at, organization) in plan.organizations.iter().enumerate() {
        let superior = organization
            .reports_to
            .map(|to| plan.organizations[to].kind);
        match organization.kind {
            OrganizationKind::Operator | OrganizationKind::Supplier => {
                assert!(superior.is_some_and(OrganizationKind::is_relay));
            }
            OrganizationKind::Ceptoar | OrganizationKind::Isac => {
                assert_eq!(superior, Some(OrganizationKind::Ministry));
            }
            _ => assert_eq!(superior, None),
        }
        if organization.kind == OrganizationKind::Operator {
            let joined = plan
                .communities
                .iter()
                .filter(|one| one.members.contains(&at));
            let kinds: BTreeSet<&str> = joined.map(|one| one.kind.word()).collect();
            assert!(kinds.contains("action-plan") && kinds.contains("ceptoar-members"));
        }
    }
}

#[test]
fn the_years_are_shaped_like_the_published_ones() {
    for seed in 1..6 {
        let plan = Nation::plan(seed, Variant::Published);
        for (year, total) in [(0, 302_usize), (1, 272)] {
            let of_year: Vec<&PlannedReport> = plan
                .reports
                .iter()
                .filter(|one| usize::from(one.accepted.days_back < quota::YEAR_DAYS) == year)
                .collect();
            assert!(
                of_year.len().abs_diff(total) * 100 <= total * 10,
                "{}",
                of_year.len()
            );
            for (event_type, published) in quota::PUBLISHED {
                let count = of_year
                    .iter()
                    .filter(|one| one.event_type == event_type)
                    .count();
                let most = published[year] * quota::TOLERANCE_PERCENT / 100;
                assert!(
                    count.abs_diff(published[year]) <= most,
                    "{event_type}: {count}"
                );
            }
            let near = of_year
                .iter()
                .filter(|one| one.event_type == "precursor-near-miss")
                .count();
            let permille = near * 1_000 / of_year.len();
            assert!((40..=99).contains(&permille), "{permille}");
        }
    }
}

#[test]
fn the_rich_variant_has_three_thousand_near_misses_a_year_more() {
    let count = |variant| {
        let plan = Nation::plan(1, variant);
        plan.reports
            .iter()
            .filter(|one| one.kind == ReportKind::NearMiss)
            .count()
    };
    let more = count(Variant::NearMissRich) - count(Variant::Published);
    // Some of the drawn narratives are precursors.
    assert!((4_500..=6_000).contains(&more), "{more}");
}

#[test]
fn the_wave_reaches_several_sectors_within_days() {
    let plan = plan();
    let wave: Vec<&PlannedReport> = plan
        .reports
        .iter()
        .filter(|one| one.story == Some(Story::Wave))
        .collect();
    let organization =
        |one: &PlannedReport| &plan.organizations[plan.people[one.reporter].place.organization];
    let sectors: BTreeSet<_> = wave
        .iter()
        .filter_map(|one| organization(one).sector.clone())
        .collect();
    assert!(sectors.len() >= 6 && wave.len() >= 12, "{sectors:?}");
    let days: Vec<i64> = wave.iter().map(|one| one.accepted.days_back).collect();
    assert!(days.iter().max().unwrap() - days.iter().min().unwrap() <= 4);
    assert!(
        wave.iter()
            .any(|one| organization(one).domain == "minamo-ops.example")
    );
    let cascade = plan
        .reports
        .iter()
        .filter(|one| one.story == Some(Story::Cascade));
    let hit: BTreeSet<_> = cascade
        .filter_map(|one| organization(one).sector.clone())
        .collect();
    assert_eq!(hit.len(), 4);
    let floods = plan
        .reports
        .iter()
        .filter(|one| one.story == Some(Story::Flood));
    assert!(floods.count() >= 18);
}

#[test]
fn texts_fit_their_fields_and_hold_no_open_slot() {
    use domain::part::field::{Shape, Value};
    for report in &plan().reports {
        for (field, answer) in &report.answers {
            match answer {
                PlannedAnswer::Text(text) => {
                    assert!(
                        Value::text(*field, text).is_ok(),
                        "{}: {text}",
                        report.narrative
                    );
                    assert!(!text.contains('{'), "{text}");
                }
                PlannedAnswer::Moment(moment, _) => {
                    assert_eq!(field.shape(), Shape::Moment);
                    assert!((0..86_400).contains(&moment.second) && moment.days_back >= 0);
                }
                _ => {}
            }
        }
        assert!(Value::text(Field::Headline, &report.out_headline).is_ok());
        assert!(!report.purposes.is_empty());
    }
}

#[test]
fn codes_of_reports_are_those_of_the_reference_data() {
    let reference = reference();
    let day = "2026-11-01".parse().unwrap();
    for report in &plan().reports {
        for (field, answer) in &report.answers {
            let PlannedAnswer::Codes(codes) = answer else {
                continue;
            };
            for code in codes {
                let known = match field {
                    Field::NearMissKind => {
                        reference.near_miss_kinds.selectable(code, day).is_some()
                    }
                    Field::EventTypes => reference.event_types.selectable(code, day).is_some(),
                    Field::Causes => reference.causes.selectable(code, day).is_some(),
                    Field::Place => reference.places.selectable(code, day).is_some(),
                    Field::NoHarmReason => {
                        reference.no_harm_reasons.selectable(code, day).is_some()
                    }
                    Field::Services => reference.services.selectable(code, day).is_some(),
                    Field::Sector => reference.sectors.selectable(code, day).is_some(),
                    Field::Prefecture => reference.prefectures.selectable(code, day).is_some(),
                    _ => false,
                };
                assert!(known, "{field:?} {code}");
            }
        }
        for purpose in &report.purposes {
            assert!(
                reference.purposes.selectable(purpose, day).is_some(),
                "{purpose}"
            );
        }
    }
}

#[test]
fn there_are_enough_narratives_and_every_ordinary_one_is_told() {
    use crate::narrative::NARRATIVES;
    let japanese = NARRATIVES
        .iter()
        .filter(|one| one.language() == Language::Japanese);
    assert!(japanese.count() >= 40);
    let keys: BTreeSet<&str> = NARRATIVES.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys.len(), NARRATIVES.len());
    let told: BTreeSet<String> = Nation::plan(1, Variant::NearMissRich)
        .reports
        .into_iter()
        .map(|one| one.narrative)
        .collect();
    let untold: Vec<&&str> = keys.iter().filter(|key| !told.contains(**key)).collect();
    assert!(untold.len() <= 3, "{untold:?}");
}

#[test]
fn advisories_name_their_source_and_address_only_tiers_with_an_action() {
    use domain::organization::Tier;
    use domain::part::field::Value;
    let (plan, reference) = (plan(), reference());
    let day = "2026-11-01".parse().unwrap();
    let last: Vec<&PlannedAdvisory> = plan
        .advisories
        .iter()
        .filter(|one| one.issued.days_back < quota::YEAR_DAYS)
        .collect();
    assert!(last.len().abs_diff(127) <= 3, "{}", last.len());
    let public: BTreeSet<&str> = plan
        .advisories
        .iter()
        .filter(|one| one.template.starts_with("ICS"))
        .map(|one| one.template.as_str())
        .collect();
    assert_eq!(public.len(), 12);
    for one in &plan.advisories {
        assert!(
            reference
                .downward_grades
                .selectable(one.grade, day)
                .is_some()
        );
        assert!(
            !one.communities.is_empty() && !one.tiers.is_empty(),
            "{}",
            one.template
        );
        let has = |field: Field| one.texts.iter().any(|(other, _)| *other == field);
        for tier in Tier::ALL {
            let addressed = one.tiers.iter().any(|(other, _)| other == tier);
            assert_eq!(has(Field::action_of(*tier)), addressed, "{}", one.template);
        }
        for (field, text) in &one.texts {
            assert!(
                Value::text(*field, text).is_ok() && !text.contains('{'),
                "{text}"
            );
        }
        if public.contains(one.template.as_str()) {
            let named = one
                .texts
                .iter()
                .any(|(field, text)| *field == Field::References && text.contains(&one.template));
            assert!(named, "{}", one.template);
        }
    }
    let stories: BTreeSet<_> = plan.advisories.iter().filter_map(|one| one.story).collect();
    assert_eq!(stories.len(), 3);
}
