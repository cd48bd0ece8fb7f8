//! A clerk writes down what a member tells by phone, and keeps no more than was agreed.

use std::collections::BTreeSet;

use domain::actor::{Actor, Assurance};
use domain::count::{Counts, Period, PeriodKind};
use domain::id::{CommunityId, OrganizationId};
use domain::organization::{Clearance, CommunityKind, OrganizationKind, Role, Tier};
use domain::report::near_miss::{NearMiss, Scope};
use domain::report::{Channel, Custody};
use domain::text::BoundedText;
use hub::count::CountError;
use hub::phone::{Heard, Untold, desk, enter_count, enter_near_miss, enter_report};
use hub::set_up::{
    Authority, Installer, LoginName, NewOrganization, NewPerson, NewPlace, SetUpError, communities,
    enroll, enter_organization, join_community,
};
use hub::submit::{FormKey, SentForm, SubmitError};
use hub::{Call, Random, ReadError};

use crate::scene::{Scene, incident};

fn near_miss(scope: Scope) -> NearMiss {
    NearMiss {
        kind: "slip".parse().unwrap(),
        occurred_at: None,
        places: BTreeSet::new(),
        no_harm_reason: None,
        line: BoundedText::parse_optional("保守端末に私物のUSBを挿した").unwrap(),
        scope,
    }
}

fn form(number: u8) -> SentForm {
    FormKey::draw(&mut Random::from_seed([number; 32])).sent([number])
}

fn member(scene: &Scene, name: &'static str) -> domain::id::OrganizationId {
    scene.actor(name, Role::Staff).organization
}

#[test]
fn a_named_near_miss_is_the_members_own_and_says_that_it_came_by_phone() {
    let scene = Scene::new();
    let clerk = scene.actor("denryoku", Role::DutyOfficer);
    let kitahama = member(&scene, "kitahama");
    let receipt = enter_near_miss(
        &scene.hub,
        &scene.call(&clerk),
        Some(kitahama),
        Heard::Phone,
        near_miss(Scope::Named),
        &form(1),
    )
    .unwrap();
    assert_eq!(receipt.custody, Custody::Named);
    assert!(receipt.mailbox_code.is_none());
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let sent = hub::receipts::sent(&scene.hub, &scene.call(&source)).unwrap();
    assert_eq!(sent[0].id, receipt.report);
    let own = hub::update::read(&scene.hub, &scene.call(&source), receipt.report).unwrap();
    let written = own.written_by.unwrap();
    assert_eq!(own.channel, Channel::Phone);
    assert_eq!(written.0, "denryoku");
    // The same form again is the same report.
    let again = enter_near_miss(
        &scene.hub,
        &scene.call(&clerk),
        Some(kitahama),
        Heard::Phone,
        near_miss(Scope::Named),
        &form(1),
    )
    .unwrap();
    assert_eq!(again.report, receipt.report);
    assert_eq!(
        hub::receipts::sent(&scene.hub, &scene.call(&source))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_clerk_enters_for_his_own_members_alone() {
    let scene = Scene::new();
    let clerk = scene.actor("denryoku", Role::Analyst);
    let names: Vec<String> = desk(&scene.hub, &scene.call(&clerk))
        .unwrap()
        .members
        .into_iter()
        .map(|member| member.names.0)
        .collect();
    assert_eq!(names, ["kitahama", "minamino"]);
    let enter = |call: &Call<'_>, name| {
        let member = Some(member(&scene, name));
        let told = near_miss(Scope::Named);
        enter_near_miss(&scene.hub, call, member, Heard::Fax, told, &form(2)).err()
    };
    // Another relay's member, the ministry, and the relay itself.
    for other in ["aokawa", "ministry", "denryoku"] {
        let refused = enter(&scene.call(&clerk), other);
        assert!(
            matches!(refused, Some(SubmitError::NotPermitted)),
            "{other}"
        );
    }
    for (name, role) in [
        ("kitahama", Role::DutyOfficer),
        ("ministry", Role::Officer),
        ("denryoku", Role::Staff),
        ("denryoku", Role::Administrator),
    ] {
        let actor = scene.actor(name, role);
        let refused = enter(&scene.call(&actor), "kitahama");
        assert!(matches!(refused, Some(SubmitError::NotPermitted)), "{name}");
        let shut = desk(&scene.hub, &scene.call(&actor));
        assert!(matches!(shut, Err(ReadError::NotFound)), "{name}");
        let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
        let call = scene.call(&actor);
        let member = member(&scene, "kitahama");
        let count = enter_count(&scene.hub, &call, member, week, Counts::new());
        assert!(matches!(count, Err(CountError::NotFound)), "{name}");
    }
}

/// A help desk with its clerk and the community of those it serves.
fn help_desk(scene: &Scene) -> (Actor, OrganizationId, CommunityId) {
    let installer = Installer::local_console();
    let console = Authority::Console(&installer);
    let new = NewOrganization {
        kind: OrganizationKind::HelpDesk,
        name_ja: BoundedText::parse("お助け隊").unwrap(),
        name_en: BoundedText::parse("Help Desk").unwrap(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: None,
        known_names: vec![],
    };
    let desk = enter_organization(&scene.hub, &scene.set_up(console), new).unwrap();
    let clerk = NewPerson {
        name: BoundedText::parse("当番").unwrap(),
        login: LoginName::parse("clerk@desk.example").unwrap(),
        mail: None,
        phone: None,
        places: vec![NewPlace {
            organization: desk,
            role: Role::DutyOfficer,
            tier: Tier::SystemStaff,
            clearance: Clearance::default(),
            call_order: None,
        }],
    };
    let enrolled = enroll(&scene.hub, &scene.set_up(console), vec![clerk]).unwrap();
    let clerk = hub::sign_in::actor_of(
        &scene.hub,
        enrolled[0].memberships[0],
        "defense".parse().unwrap(),
        Assurance::Passkey,
        scene.now.get(),
    )
    .unwrap();
    let served: Vec<_> = communities(&scene.hub, &scene.set_up(console))
        .unwrap()
        .into_iter()
        .filter(|one| one.kind == CommunityKind::Served)
        .collect();
    assert_eq!(served.len(), 1, "a help desk is founded with its community");
    assert!(served[0].members.is_empty());
    (clerk, desk, served[0].id)
}

#[test]
fn a_help_desk_enters_for_those_it_serves_and_for_nobody_else() {
    let scene = Scene::new();
    let (clerk, desk_id, served) = help_desk(&scene);
    let (kitahama, aokawa) = (member(&scene, "kitahama"), member(&scene, "aokawa"));
    let enter = |name: OrganizationId, number| {
        let told = near_miss(Scope::Named);
        let call = scene.call(&clerk);
        enter_near_miss(
            &scene.hub,
            &call,
            Some(name),
            Heard::Phone,
            told,
            &form(number),
        )
    };
    assert!(matches!(
        enter(kitahama, 20),
        Err(SubmitError::NotPermitted)
    ));
    let installer = Installer::local_console();
    let console = Authority::Console(&installer);
    let joined = join_community(&scene.hub, &scene.set_up(console), served, vec![kitahama]);
    assert_eq!(joined.unwrap(), 1);

    let offered = desk(&scene.hub, &scene.call(&clerk)).unwrap();
    let ids: Vec<OrganizationId> = offered.members.iter().map(|one| one.id).collect();
    assert_eq!((ids, offered.untold), (vec![kitahama], Untold::NoRelay));
    let receipt = enter(kitahama, 21).unwrap();
    // The report is the firm's and lies at the firm's own relay; the desk cannot read it again.
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let own = hub::update::read(&scene.hub, &scene.call(&source), receipt.report).unwrap();
    assert_eq!(own.written_by.unwrap().0, "お助け隊");
    let relay = scene.actor("denryoku", Role::Analyst);
    hub::intake::open(&scene.hub, &scene.call(&relay), receipt.report).unwrap();
    let again = hub::intake::open(&scene.hub, &scene.call(&clerk), receipt.report);
    assert!(matches!(again, Err(ReadError::NotFound)));

    for other in [aokawa, desk_id] {
        assert!(matches!(enter(other, 22), Err(SubmitError::NotPermitted)));
        let shut = hub::phone::member_desk(&scene.hub, &scene.call(&clerk), Some(other));
        assert!(matches!(shut, Err(ReadError::NotFound)));
        let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
        let count = enter_count(&scene.hub, &scene.call(&clerk), other, week, Counts::new());
        assert!(matches!(count, Err(CountError::NotFound)));
    }
    let untold = hub::phone::member_desk(&scene.hub, &scene.call(&clerk), None);
    assert!(matches!(untold, Err(ReadError::NotFound)));
}

#[test]
fn the_relay_sees_who_wrote_a_report_down_unless_that_narrows_down_who_is_unnamed() {
    let scene = Scene::new();
    let (helper, _, served) = help_desk(&scene);
    let kitahama = member(&scene, "kitahama");
    let installer = Installer::local_console();
    let console = Authority::Console(&installer);
    join_community(&scene.hub, &scene.set_up(console), served, vec![kitahama]).unwrap();
    let own = scene.actor("denryoku", Role::DutyOfficer);
    let analyst = scene.actor("denryoku", Role::Analyst);
    for (number, clerk, scope, told) in [
        (30, &helper, Scope::Named, Some("お助け隊")),
        (31, &helper, Scope::Unnamed, None),
        (32, &own, Scope::Named, Some("denryoku")),
        (33, &own, Scope::Unnamed, Some("denryoku")),
    ] {
        let call = scene.call(clerk);
        let fax = Heard::Fax;
        let form = form(number);
        let receipt = enter_near_miss(
            &scene.hub,
            &call,
            Some(kitahama),
            fax,
            near_miss(scope),
            &form,
        );
        let report = receipt.unwrap().report;
        let opened = hub::intake::open(&scene.hub, &scene.call(&analyst), report).unwrap();
        let written = opened.written_down;
        assert!(written.iter().all(|down| down.channel == Channel::Fax));
        assert_eq!(
            written.map(|down| down.names.0).as_deref(),
            told,
            "{number}"
        );
    }
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Named, "自分で送った話");
    let sent = hub::submit::submit(&scene.hub, &scene.call(&source), filing).unwrap();
    let opened = hub::intake::open(&scene.hub, &scene.call(&analyst), sent.report).unwrap();
    assert!(opened.written_down.is_none());
}

#[test]
fn joining_a_community_is_the_hubs_own_business_and_stands_in_the_log() {
    let scene = Scene::new();
    let (clerk, desk_id, served) = help_desk(&scene);
    let kitahama = member(&scene, "kitahama");
    let installer = Installer::local_console();
    let console = Authority::Console(&installer);
    let join = |authority, community, members| {
        join_community(&scene.hub, &scene.set_up(authority), community, members)
    };
    let refused = join(Authority::Member(&clerk), served, vec![kitahama]);
    assert!(matches!(refused, Err(SetUpError::NotPermitted)));
    let nowhere = CommunityId::from_random([7; 16]);
    let refused = join(console, nowhere, vec![kitahama]);
    assert!(matches!(refused, Err(SetUpError::NoCommunity(id)) if id == nowhere));
    let nobody = OrganizationId::from_random([7; 16]);
    let refused = join(console, served, vec![kitahama, nobody]);
    assert!(matches!(refused, Err(SetUpError::NoOrganization(id)) if id == nobody));
    let refused = join(console, served, vec![desk_id]);
    assert!(matches!(refused, Err(SetUpError::Unsuited { .. })));
    // A list is entered whole or not at all, and once.
    assert_eq!(join(console, served, vec![kitahama, kitahama]).unwrap(), 1);
    assert_eq!(join(console, served, vec![kitahama]).unwrap(), 0);
    let owners = scene
        .store
        .read(move |reader| {
            let entries = store::log::about(reader, store::log::View::All, &served.to_string())?;
            Ok::<_, store::StoreError>(
                entries
                    .into_iter()
                    .filter_map(|entry| entry.owner)
                    .collect::<Vec<_>>(),
            )
        })
        .unwrap();
    assert_eq!(owners, [kitahama]);
}

#[test]
fn who_stays_unnamed_is_in_no_row_and_no_entry() {
    let scene = Scene::new();
    let clerk = scene.actor("denryoku", Role::DutyOfficer);
    let kitahama = member(&scene, "kitahama");
    for (scope, seal) in [(Scope::Unnamed, true), (Scope::Stripped, false)] {
        let receipt = enter_near_miss(
            &scene.hub,
            &scene.call(&clerk),
            Some(kitahama),
            Heard::Phone,
            near_miss(scope),
            &form(if seal { 3 } else { 4 }),
        )
        .unwrap();
        assert!(receipt.mailbox_code.is_some());
        let id = receipt.report;
        let source = scene.actor("kitahama", Role::DutyOfficer);
        assert!(
            hub::receipts::sent(&scene.hub, &scene.call(&source))
                .unwrap()
                .is_empty()
        );
        // With its code the member opens the mailbox from its own place.
        let code = receipt.mailbox_code.unwrap();
        let pass = hub::mailbox::open(&scene.hub, &scene.call(&source), &code).unwrap();
        assert_eq!(pass.report(), id);
        let (sealed, told) = scene
            .store
            .read(move |reader| {
                let entries = store::log::about(reader, store::log::View::All, &id.to_string())?;
                let mut told = String::new();
                for entry in &entries {
                    assert!(entry.owner.is_none());
                    if let Some(opening) = entry.opening(reader)? {
                        told += &opening.payload;
                    }
                }
                assert!(store::report::source(reader, id)?.is_none());
                let sealed = store::custody::sealed(reader, id)?;
                Ok::<_, store::StoreError>((sealed, told))
            })
            .unwrap();
        assert_eq!(sealed.is_some(), seal);
        assert!(
            told.contains("channel=phone") && told.contains("clerk="),
            "{told}"
        );
        assert!(!told.contains(&kitahama.to_string()), "{told}");
    }
}

#[test]
fn whoever_does_not_say_for_whom_leaves_nothing_to_keep() {
    let scene = Scene::new();
    let clerk = scene.actor("denryoku", Role::DutyOfficer);
    assert_eq!(
        desk(&scene.hub, &scene.call(&clerk)).unwrap().untold,
        Untold::Accepted
    );
    for scope in [Scope::Named, Scope::Unnamed] {
        let call = scene.call(&clerk);
        let told = near_miss(scope);
        let refused = enter_near_miss(&scene.hub, &call, None, Heard::Phone, told, &form(5));
        assert!(matches!(refused, Err(SubmitError::Untold)), "{scope}");
    }
    let call = scene.call(&clerk);
    let told = near_miss(Scope::Stripped);
    let receipt = enter_near_miss(&scene.hub, &call, None, Heard::Phone, told, &form(6)).unwrap();
    let opened = hub::intake::open(&scene.hub, &scene.call(&clerk), receipt.report).unwrap();
    assert!(!opened.parts.is_empty());
}

#[test]
fn first_reports_and_counts_come_by_phone_too() {
    let scene = Scene::new();
    let clerk = scene.actor("denryoku", Role::DutyOfficer);
    let kitahama = member(&scene, "kitahama");
    let filing = incident(Custody::Named, "電話で聞いた話");
    let call = scene.call(&clerk);
    let receipt = enter_report(
        &scene.hub,
        &call,
        Some(kitahama),
        Heard::Fax,
        filing,
        &form(7),
    )
    .unwrap();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let own = hub::update::read(&scene.hub, &scene.call(&source), receipt.report).unwrap();
    assert_eq!(own.channel, Channel::Fax);

    let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
    let counts = Counts::from([("slip".parse().unwrap(), 2)]);
    enter_count(&scene.hub, &scene.call(&clerk), kitahama, week, counts).unwrap();
    let board = hub::count::board(&scene.hub, &scene.call(&source), week).unwrap();
    assert_eq!(board.counted.unwrap().values().sum::<u32>(), 2);
}

#[test]
fn what_a_program_sends_is_noted_as_such_and_accepted_once() {
    let scene = Scene::new();
    let mut source = scene.actor("kitahama", Role::DutyOfficer);
    source.scope = Some([domain::policy::Action::Submit].into());
    let submit = |narrative: &str, content: u8| {
        let filing = incident(Custody::Named, narrative);
        let key = FormKey::draw(&mut Random::from_seed([9; 32]));
        let call = scene.call(&source);
        hub::submit::submit_once(&scene.hub, &call, filing, &key.sent([content]))
    };
    let first = submit("不審な通信", 1).unwrap();
    assert_eq!(submit("不審な通信", 1).unwrap().report, first.report);
    let other = submit("別の話", 2);
    assert!(matches!(other, Err(SubmitError::AlreadyAccepted)));
    let id = first.report;
    let provenance = scene
        .store
        .read(move |reader| store::report::provenance(reader, id))
        .unwrap()
        .unwrap();
    assert_eq!(provenance.channel, Channel::Api);
    assert!(provenance.clerk.is_none());
}
