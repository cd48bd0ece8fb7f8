//! `NetFlow` v9 and IPFIX: sets of templates, of options templates and of records.

use super::exporter::{Domain, Exporter, Protocol};
use super::record::{Clock, Record};
use super::template::{FIELDS_MAX, Field, Kind, Scope, Template};
use super::{Counts, Fault};
use crate::column::Columns;

const V9_HEADER_OCTETS: usize = 20;
const IPFIX_HEADER_OCTETS: usize = 16;
const SET_HEADER_OCTETS: usize = 4;

/// The lowest id of a set of records, and of a template.
const RECORDS_MIN: u16 = 256;

/// This bit of an element says that an enterprise number follows (RFC 7011, section 3.2).
const ENTERPRISE_BIT: u16 = 0x8000;

/// Reads a datagram of `NetFlow` v9.
pub(super) fn read_v9(
    exporter: &mut Exporter,
    datagram: &[u8],
    into: &mut Columns,
) -> Result<(), Fault> {
    let short = Fault::Header {
        version: 9,
        octets: datagram.len(),
    };
    let mut header = Cursor(datagram);
    let (Some(_count), Some(uptime), Some(seconds), Some(sequence), Some(source)) = (
        header.skip(2).and_then(|()| header.short()),
        header.long(),
        header.long(),
        header.long(),
        header.long(),
    ) else {
        return Err(short);
    };
    let (counts, domain) = exporter.domain(Protocol::V9, source);
    domain.follow(counts, sequence, 1);
    let clock = Clock {
        export_ms: i64::from(seconds) * 1_000,
        uptime_ms: Some(uptime),
        boot_ms: None,
    };
    let body = datagram.get(V9_HEADER_OCTETS..).unwrap_or_default();
    let mut reading = Reading::new(Protocol::V9, counts, domain, clock);
    reading.sets(body, into)
}

/// Reads a message of IPFIX.
pub(super) fn read_ipfix(
    exporter: &mut Exporter,
    datagram: &[u8],
    into: &mut Columns,
) -> Result<(), Fault> {
    let short = Fault::Header {
        version: 10,
        octets: datagram.len(),
    };
    let mut header = Cursor(datagram);
    let (Some(length), Some(seconds), Some(sequence), Some(domain)) = (
        header.skip(2).and_then(|()| header.short()),
        header.long(),
        header.long(),
        header.long(),
    ) else {
        return Err(short);
    };
    let said = usize::from(length);
    let body = datagram.get(IPFIX_HEADER_OCTETS..said.min(datagram.len()));
    let body = body.ok_or(short)?;
    let (counts, domain) = exporter.domain(Protocol::Ipfix, domain);
    let clock = Clock {
        export_ms: i64::from(seconds) * 1_000,
        uptime_ms: None,
        boot_ms: domain.boot_ms,
    };
    let (before, unknown) = (records(counts), counts.unknown_sets);
    let mut reading = Reading::new(Protocol::Ipfix, counts, domain, clock);
    let mut read = reading.sets(body, into);
    if read.is_ok() && said > datagram.len() {
        read = Err(Fault::Cut {
            said,
            held: datagram.len(),
        });
    }
    let held = u32::try_from(records(counts) - before).unwrap_or(u32::MAX);
    domain.follow(counts, sequence, held);
    if read.is_err() || counts.unknown_sets != unknown {
        domain.lose_count();
    }
    read
}

/// Everything that the sequence of IPFIX counts.
fn records(counts: &Counts) -> u64 {
    counts.flows + counts.options + counts.others
}

/// A datagram while it is read.
struct Reading<'d> {
    protocol: Protocol,
    counts: &'d mut Counts,
    domain: &'d mut Domain,
    clock: Clock,
    record: Record,
}

impl<'d> Reading<'d> {
    fn new(
        protocol: Protocol,
        counts: &'d mut Counts,
        domain: &'d mut Domain,
        clock: Clock,
    ) -> Self {
        Self {
            protocol,
            counts,
            domain,
            clock,
            record: Record::new(),
        }
    }

    /// Reads the sets one by one; zeros behind the last are padding.
    fn sets(&mut self, mut body: &[u8], into: &mut Columns) -> Result<(), Fault> {
        loop {
            let mut header = Cursor(body);
            let (Some(id), Some(length)) = (header.short(), header.short()) else {
                return Ok(());
            };
            let length = usize::from(length);
            if id == 0 && length == 0 {
                return Ok(());
            }
            if length < SET_HEADER_OCTETS || length > body.len() {
                return Err(Fault::Cut {
                    said: length,
                    held: body.len(),
                });
            }
            let (set, rest) = body.split_at(length);
            self.set(id, set.get(SET_HEADER_OCTETS..).unwrap_or_default(), into)?;
            body = rest;
        }
    }

    fn set(&mut self, id: u16, set: &[u8], into: &mut Columns) -> Result<(), Fault> {
        match (self.protocol, id) {
            (Protocol::V9, 0) | (Protocol::Ipfix, 2) => self.templates(set),
            (Protocol::V9, 1) => self.options_of_v9(set),
            (Protocol::Ipfix, 3) => self.options_of_ipfix(set),
            (_, id) if id >= RECORDS_MIN => {
                self.records(id, set, into);
                Ok(())
            }
            // Reserved, and nothing that anybody sends.
            _ => Ok(()),
        }
    }

    fn templates(&mut self, set: &[u8]) -> Result<(), Fault> {
        let mut cursor = Cursor(set);
        while let (Some(id), Some(count)) = (cursor.short(), cursor.short()) {
            if count == 0 {
                self.withdraw(Kind::Flows, 2, id);
                continue;
            }
            if id < RECORDS_MIN {
                return Ok(());
            }
            let fields = self.fields(&mut cursor, id, count)?;
            self.compile(id, Kind::Flows, &fields)?;
        }
        Ok(())
    }

    /// Options of v9 come with the octets of their scopes and of their fields (RFC 3954, section 6.1).
    fn options_of_v9(&mut self, set: &[u8]) -> Result<(), Fault> {
        let mut cursor = Cursor(set);
        while let (Some(id), Some(scopes), Some(options)) =
            (cursor.short(), cursor.short(), cursor.short())
        {
            if id < RECORDS_MIN {
                return Ok(());
            }
            let mut fields = self.fields(&mut cursor, id, scopes / 4)?;
            for field in &mut fields {
                field.scope = Scope::Version9;
            }
            fields.extend(self.fields(&mut cursor, id, options / 4)?);
            self.compile(id, Kind::Options, &fields)?;
        }
        Ok(())
    }

    /// Options of IPFIX come with the number of their fields, of which the first are scopes (RFC 7011,
    /// section 3.4.2.2).
    fn options_of_ipfix(&mut self, set: &[u8]) -> Result<(), Fault> {
        let mut cursor = Cursor(set);
        while let (Some(id), Some(count)) = (cursor.short(), cursor.short()) {
            if count == 0 {
                self.withdraw(Kind::Options, 3, id);
                continue;
            }
            if id < RECORDS_MIN {
                return Ok(());
            }
            let Some(_scopes) = cursor.short() else {
                return Ok(());
            };
            let fields = self.fields(&mut cursor, id, count)?;
            self.compile(id, Kind::Options, &fields)?;
        }
        Ok(())
    }

    /// A template without fields withdraws one, or all of its kind when it has the id of the set
    /// (RFC 7011, section 8.1).
    fn withdraw(&mut self, kind: Kind, set: u16, id: u16) {
        if self.protocol == Protocol::Ipfix {
            self.domain.withdraw(kind, (id != set).then_some(id));
        }
    }

    fn fields(
        &self,
        cursor: &mut Cursor<'_>,
        template: u16,
        count: u16,
    ) -> Result<Vec<Field>, Fault> {
        let count = usize::from(count);
        if count > FIELDS_MAX {
            return Err(Fault::Template(template));
        }
        let mut fields = Vec::with_capacity(count);
        for _ in 0..count {
            let (Some(id), Some(length)) = (cursor.short(), cursor.short()) else {
                return Err(Fault::Template(template));
            };
            let by_enterprise = self.protocol == Protocol::Ipfix && id & ENTERPRISE_BIT != 0;
            let enterprise = if by_enterprise {
                cursor.long().ok_or(Fault::Template(template))?
            } else {
                0
            };
            fields.push(Field {
                enterprise,
                id: if by_enterprise {
                    id & !ENTERPRISE_BIT
                } else {
                    id
                },
                length,
                scope: Scope::Element,
            });
        }
        Ok(fields)
    }

    fn compile(&mut self, id: u16, kind: Kind, fields: &[Field]) -> Result<(), Fault> {
        let template = Template::compile(kind, fields).ok_or(Fault::Template(id))?;
        self.counts.templates += 1;
        self.domain.keep(id, template);
        Ok(())
    }

    fn records(&mut self, id: u16, set: &[u8], into: &mut Columns) {
        let Some(template) = self.domain.template(id) else {
            self.counts.unknown_sets += 1;
            return;
        };
        match template.kind {
            Kind::Flows => {
                let planned = template.plan();
                let planned =
                    planned.and_then(|plan| self.domain.read(plan, set, &self.clock, into));
                if let Some(count) = planned {
                    self.counts.flows += count;
                    return;
                }
                template.records(set, &mut self.record, |record| {
                    self.domain.add(record, &self.clock, self.counts, into);
                });
            }
            Kind::Options => {
                let mut told = Vec::new();
                template.records(set, &mut self.record, |record| {
                    told.push(record.clone());
                });
                self.counts.options += u64::try_from(told.len()).unwrap_or(u64::MAX);
                for record in &told {
                    self.domain.learn(record);
                }
            }
        }
    }
}

/// Numbers from the front of octets.
struct Cursor<'b>(&'b [u8]);

impl Cursor<'_> {
    fn skip(&mut self, octets: usize) -> Option<()> {
        self.0 = self.0.get(octets..)?;
        Some(())
    }

    fn short(&mut self) -> Option<u16> {
        let (two, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*two))
    }

    fn long(&mut self) -> Option<u32> {
        let (four, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*four))
    }
}
