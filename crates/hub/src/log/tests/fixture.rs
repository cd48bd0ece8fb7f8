//! A hub with nothing but a log, its clock and its people.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use domain::actor::{Actor, Assurance, Keeping};
use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::reference::ReferenceData;
use domain::time::Timestamp;
use seal::object::MasterKey;
use seal::random::Random;
use seal::secret::password::Cost;
use seal::tlog::note::NoteVerifier;
use store::keyring::Keyring;
use store::log::tree::Batch;
use store::log::{Entry, record};
use store::{Location, Stamp, Store, StoreError};

use super::{
    Fault, LogRow, LogSettings, Proof, Published, audit, checkpoint, entries, plan, proofs,
    publish, take_turn, verifier_key,
};
use crate::call::{Call, Hub};
use crate::log::publish::Turn;

pub(super) struct Log {
    pub(super) hub: Hub,
    now: Cell<Timestamp>,
    calls: Cell<u64>,
}

/// A minute of cadence, and batches of that size.
pub(super) fn settings(batch_size: u32) -> LogSettings {
    LogSettings::new(batch_size, 60).unwrap()
}

pub(super) fn member() -> Actor {
    actor(1, OrganizationKind::Operator, Role::DutyOfficer)
}

pub(super) fn auditor() -> Actor {
    actor(9, OrganizationKind::NationalCenter, Role::Auditor)
}

/// A person of the organization with that number.
pub(super) fn actor(organization: u8, kind: OrganizationKind, role: Role) -> Actor {
    Actor {
        person: PersonId::from_random([organization; 16]),
        membership: MembershipId::from_random([organization; 16]),
        organization: OrganizationId::from_random([organization; 16]),
        kind,
        keeping: Keeping::Member,
        role,
        tier: Tier::Ciso,
        clearance: Clearance::default(),
        purpose: "defense".parse().unwrap(),
        communities: vec![],
        assurance: Assurance::Passkey,
        scope: None,
    }
}

impl Log {
    pub(super) fn new() -> Self {
        Self::at(&Location::Memory)
    }

    pub(super) fn on_disk(directory: &Path) -> Self {
        Self::at(&Location::Directory(directory.to_owned()))
    }

    fn at(location: &Location) -> Self {
        let master = MasterKey::generate(&mut Random::from_seed([21; 32]));
        let store = Store::open(location, Keyring::new("hub.test", master)).unwrap();
        Self {
            hub: Hub::new(store, Arc::new(ReferenceData::default()), Cost::Test),
            now: Cell::new(Timestamp::from_seconds(1_790_812_800)),
            calls: Cell::new(0),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now.get()
    }

    /// Moves on to the next turn.
    pub(super) fn tick(&self) {
        self.move_clock(60);
    }

    pub(super) fn move_clock(&self, seconds: i64) {
        self.now.set(self.now.get().plus_seconds(seconds));
    }

    pub(super) fn random(&self) -> Random {
        self.calls.set(self.calls.get() + 1);
        let call = format!("{} {}", self.calls.get(), self.now.get().micros());
        Random::from_seed([22; 32]).derive(&call)
    }

    pub(super) fn stamp(&self, name: &'static str) -> Stamp {
        Stamp {
            name,
            now: self.now.get(),
            random: self.random(),
        }
    }

    pub(super) fn call<'a>(&self, actor: &'a Actor) -> Call<'a> {
        Call {
            actor,
            now: self.now.get(),
            random: self.random(),
        }
    }

    /// Writes `count` commitments about `object`, owned by the member.
    pub(super) fn record(&self, object: &str, count: u32) {
        self.record_for(&member(), object, count);
    }

    pub(super) fn record_for(&self, owner: &Actor, object: &str, count: u32) {
        let (owner, object) = (owner.organization, object.to_owned());
        self.hub
            .store
            .write::<_, StoreError>(self.stamp("test.record"), move |tx| {
                for number in 0..count {
                    let entry = Entry {
                        event: "part-read",
                        object: object.clone(),
                        owner: Some(owner),
                        facts: vec![("number", number.to_string())],
                    };
                    record(tx, &entry)?;
                }
                Ok(())
            })
            .unwrap();
    }

    /// Moves on to the next turn and publishes.
    pub(super) fn publish(&self, batch_size: u32) -> Published {
        self.tick();
        self.publish_now(batch_size)
    }

    pub(super) fn publish_now(&self, batch_size: u32) -> Published {
        publish(
            &self.hub,
            settings(batch_size),
            self.now.get(),
            self.random(),
        )
        .unwrap()
    }

    pub(super) fn turn(&self, batch_size: u32) -> Option<Turn> {
        self.move_clock(1);
        take_turn(
            &self.hub,
            settings(batch_size),
            self.now.get(),
            &self.random(),
        )
        .unwrap()
    }

    pub(super) fn plan(&self, batch_size: u32) -> Batch {
        plan(&self.hub, settings(batch_size), self.random()).unwrap()
    }

    pub(super) fn size(&self) -> u64 {
        let head = self.hub.store.read(store::log::tree::head);
        head.unwrap().map_or(0, |head| head.size)
    }

    pub(super) fn checkpoint(&self) -> Vec<u8> {
        checkpoint(&self.hub, &self.call(&auditor())).unwrap()
    }

    pub(super) fn key(&self) -> NoteVerifier {
        NoteVerifier::parse(&verifier_key(&self.hub).unwrap().unwrap()).unwrap()
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        audit(&self.hub).unwrap()
    }

    /// All rows the actor sees.
    pub(super) fn rows(&self, actor: &Actor) -> Vec<LogRow> {
        let mut rows = Vec::new();
        let mut after = None;
        loop {
            let page = entries(&self.hub, &self.call(actor), after).unwrap();
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() {
                return rows;
            }
        }
    }

    /// The first proof about `object`.
    pub(super) fn proof(&self, actor: &Actor, object: &str) -> Proof {
        proofs(&self.hub, &self.call(actor), object)
            .unwrap()
            .remove(0)
    }
}
