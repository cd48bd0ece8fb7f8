//! Kept profiles of servers as Parquet: what may be looked back on when the talks are gone.
//!
//! A file holds the profiles of one hour, one shard and one key of tokens, a row for each server and
//! hour, in groups of rows that are each sorted by server. Its columns:
//!
//! | column | what |
//! |---|---|
//! | `server`, `server_port`, `protocol` | as in talks; `::`, port 0 and protocol 0 stand for all servers together |
//! | `hour` | beginning of the hour in which the records came |
//! | `first`, `last` | beginning of the hour of the first and last call |
//! | `calls`, `answers`, `octets`, `octets_back` | sums, as exported |
//! | `clients` | at least so many, in steps (5, 10, 20, 50 …); 0 below five |
//! | `horizon` | number of the key of the tokens, [`Linking`], drawn with it |
//! | `state` | the whole profile: [`KeptProfile::to_bytes`] |
//!
//! Whoever joins rows joins their `state`: sums of `clients` would count people once an hour.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::properties::{EnabledStatistics, ReaderProperties, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedRowGroupReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::read::{Columns, is_whole, low, may_hold, metadata};
use super::write::{blocks, column_of, sorted_by};
use super::{ArchiveError, foot};
use crate::column::Address;
use crate::finding::{CLIENTS_MIN_DEFAULT, Server};
use crate::profile::{KeptProfile, Linking};

/// Rows that are sorted and written together: some 10 MB.
const PROFILES_MAX: usize = 1 << 15;

/// The version that this code writes and reads.
const VERSION: &str = "1";

/// What a file of profiles is called.
const KIND: &str = "profiles of servers";

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// The columns, in the order in which they are written and read.
const SCHEMA: &str = "message profiles {
    required fixed_len_byte_array(16) server;
    required int32 server_port (INTEGER(16,false));
    required int32 protocol (INTEGER(8,false));
    required int64 hour (TIMESTAMP(MILLIS,true));
    required int64 first (TIMESTAMP(MILLIS,true));
    required int64 last (TIMESTAMP(MILLIS,true));
    required int64 calls (INTEGER(64,false));
    required int64 answers (INTEGER(64,false));
    required int64 octets (INTEGER(64,false));
    required int64 octets_back (INTEGER(64,false));
    required int32 clients (INTEGER(32,false));
    required int64 horizon (INTEGER(64,false));
    required byte_array state;
}";

/// Stands in the place of a server for all of them together: what is usual.
pub const EVERYTHING: Server = Server {
    address: Address::v6(0),
    port: 0,
    protocol: 0,
};

/// A row: a server in an hour.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Which server; [`EVERYTHING`] is all of them.
    pub server: Server,
    /// Hour of Unix time in which the records came.
    pub hour: i64,
    /// What was seen.
    pub profile: KeptProfile,
}

impl Row {
    /// That the server was seen; `None` of all of them together.
    pub fn seen(&self) -> Option<Seen> {
        let first = self.profile.first_ms()?.div_euclid(MILLIS_PER_HOUR);
        (self.server != EVERYTHING).then_some(Seen {
            server: self.server,
            hour: self.hour,
            first,
        })
    }
}

/// A server and an hour in which it was seen, without the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Which server.
    pub server: Server,
    /// Hour of Unix time in which the records came.
    pub hour: i64,
    /// Hour of Unix time of the first call.
    pub first: i64,
}

/// Writes one file of profiles.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    linking: Linking,
    waiting: Vec<Line>,
}

/// A row as it is written.
struct Line {
    server: Server,
    hour_ms: i64,
    first_ms: i64,
    last_ms: i64,
    calls: u64,
    answers: u64,
    octets: u64,
    octets_back: u64,
    clients: u32,
    state: ByteArray,
}

impl Line {
    fn of(row: &Row) -> Self {
        let hour_ms = row.hour.saturating_mul(MILLIS_PER_HOUR);
        let profile = &row.profile;
        Self {
            server: row.server,
            hour_ms,
            first_ms: profile.first_ms().unwrap_or(hour_ms),
            last_ms: profile.last_ms().unwrap_or(hour_ms),
            calls: profile.calls(),
            answers: profile.answers(),
            octets: profile.octets(),
            octets_back: profile.octets_back(),
            clients: profile.clients_told(CLIENTS_MIN_DEFAULT).unwrap_or(0),
            state: ByteArray::from(profile.to_bytes()),
        }
    }
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file of profiles whose tokens are of one key.
    ///
    /// # Errors
    /// [`ArchiveError`] when `out` cannot be written.
    pub fn new(out: W, linking: Linking) -> Result<Self, ArchiveError> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties()?))?;
        for (key, value) in [
            (foot::KIND, KIND.to_owned()),
            (foot::HORIZON, linking.0.to_string()),
            (foot::VERSION, VERSION.to_owned()),
        ] {
            file.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        }
        Ok(Self {
            file,
            linking,
            waiting: Vec::new(),
        })
    }

    /// Writes a row. In the order of servers, a search for one skips most of the file.
    ///
    /// # Errors
    /// [`ArchiveError`] when the file cannot be written.
    pub fn row(&mut self, row: &Row) -> Result<(), ArchiveError> {
        self.waiting.push(Line::of(row));
        if self.waiting.len() >= PROFILES_MAX {
            self.group()?;
        }
        Ok(())
    }

    /// Ends the file and gives back where it was written to.
    ///
    /// # Errors
    /// [`ArchiveError`] when the file cannot be written.
    pub fn finish(mut self) -> Result<W, ArchiveError> {
        self.group()?;
        Ok(self.file.into_inner()?)
    }

    fn group(&mut self) -> Result<(), ArchiveError> {
        let mut lines = std::mem::take(&mut self.waiting);
        if lines.is_empty() {
            return Ok(());
        }
        lines.sort_by_key(|line| (line.server, line.hour_ms));
        let linking = self.linking.0.cast_signed();
        let mut group = self.file.next_row_group()?;
        let numbers = |group: &mut _, of: fn(&Line) -> i32| {
            column_of::<Int32Type, W>(group, lines.iter().map(of).collect())
        };
        let longs = |group: &mut _, of: fn(&Line) -> i64| {
            column_of::<Int64Type, W>(group, lines.iter().map(of).collect())
        };
        blocks(
            &mut group,
            lines.iter().map(|line| line.server.address.bits()),
        )?;
        numbers(&mut group, |line| i32::from(line.server.port))?;
        numbers(&mut group, |line| i32::from(line.server.protocol))?;
        longs(&mut group, |line| line.hour_ms)?;
        longs(&mut group, |line| line.first_ms)?;
        longs(&mut group, |line| line.last_ms)?;
        longs(&mut group, |line| line.calls.cast_signed())?;
        longs(&mut group, |line| line.answers.cast_signed())?;
        longs(&mut group, |line| line.octets.cast_signed())?;
        longs(&mut group, |line| line.octets_back.cast_signed())?;
        numbers(&mut group, |line| line.clients.cast_signed())?;
        column_of::<Int64Type, W>(&mut group, vec![linking; lines.len()])?;
        let states = lines.into_iter().map(|line| line.state);
        column_of::<ByteArrayType, W>(&mut group, states.collect())?;
        group.close()?;
        Ok(())
    }
}

/// A file of profiles that is read group by group.
pub struct Profiles<R: ChunkReader + 'static> {
    file: Arc<R>,
    metadata: ParquetMetaData,
    linking: Linking,
}

impl<R: ChunkReader + 'static> Profiles<R> {
    /// Opens a file, and looks whether it is one of these.
    ///
    /// # Errors
    /// [`ArchiveError`] when it cannot be read or is another file.
    pub fn open(file: R) -> Result<Self, ArchiveError> {
        let metadata = metadata(&file)?;
        let about = metadata.file_metadata();
        let ours = foot::said(about, foot::KIND) == Some(KIND)
            && foot::said(about, foot::VERSION) == Some(VERSION)
            && *about.schema() == parse_message_type(SCHEMA)?
            && is_whole(&metadata, file.len());
        let linking = foot::said(about, foot::HORIZON).and_then(|text| text.parse().ok());
        match linking {
            Some(linking) if ours => Ok(Self {
                file: Arc::new(file),
                metadata,
                linking: Linking(linking),
            }),
            _ => Err(ArchiveError::Foreign(KIND)),
        }
    }

    /// Key under which the clients were counted.
    pub fn linking(&self) -> Linking {
        self.linking
    }

    /// How many groups of rows there are.
    pub fn groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Whether this server may stand in that group, by the first and last server of it.
    pub fn may_hold(&self, group: usize, server: Address) -> bool {
        may_hold(&self.metadata, group, server.bits())
    }

    /// Tells `tell` the rows of a group, those of the servers alone that `wanted` names.
    ///
    /// # Errors
    /// [`ArchiveError`] when it cannot be read, or a profile in it is none.
    pub fn group(
        &self,
        group: usize,
        wanted: impl Fn(&Server) -> bool,
        mut tell: impl FnMut(Row),
    ) -> Result<(), ArchiveError> {
        let Some((reader, rows)) = self.reader(group)? else {
            return Ok(());
        };
        let mut columns = Columns::new(&reader, rows);
        let servers = servers(&mut columns)?;
        if !servers.iter().any(&wanted) {
            return Ok(());
        }
        let hours = columns.of::<Int64Type>()?;
        columns.pass(8);
        let states = columns.of::<ByteArrayType>()?;
        for ((server, ms), state) in servers.into_iter().zip(hours).zip(states) {
            if wanted(&server) {
                tell(Row {
                    server,
                    hour: ms.div_euclid(MILLIS_PER_HOUR),
                    profile: KeptProfile::from_bytes(state.data())?,
                });
            }
        }
        Ok(())
    }

    /// Tells `tell` which servers were seen, and since when: a small part of the file is read.
    ///
    /// # Errors
    /// [`ArchiveError`] when it cannot be read.
    pub fn seen(&self, mut tell: impl FnMut(Seen)) -> Result<(), ArchiveError> {
        for group in 0..self.groups() {
            let Some((reader, rows)) = self.reader(group)? else {
                continue;
            };
            let mut columns = Columns::new(&reader, rows);
            let servers = servers(&mut columns)?;
            let hours = columns.of::<Int64Type>()?;
            let firsts = columns.of::<Int64Type>()?;
            for ((server, hour), first) in servers.into_iter().zip(hours).zip(firsts) {
                if server != EVERYTHING {
                    tell(Seen {
                        server,
                        hour: hour.div_euclid(MILLIS_PER_HOUR),
                        first: first.div_euclid(MILLIS_PER_HOUR),
                    });
                }
            }
        }
        Ok(())
    }

    fn reader(
        &self,
        group: usize,
    ) -> Result<Option<(SerializedRowGroupReader<'_, R>, usize)>, ArchiveError> {
        let Some(about) = self.metadata.row_groups().get(group) else {
            return Ok(None);
        };
        let rows = usize::try_from(about.num_rows()).unwrap_or(0);
        let properties = Arc::new(ReaderProperties::builder().build());
        let file = Arc::clone(&self.file);
        let reader = SerializedRowGroupReader::new(file, about, None, properties)?;
        Ok(Some((reader, rows)))
    }
}

/// The first three columns.
fn servers(columns: &mut Columns<'_>) -> Result<Vec<Server>, ArchiveError> {
    let addresses = columns.blocks()?;
    let ports = columns.of::<Int32Type>()?;
    let protocols = columns.of::<Int32Type>()?;
    let rows = addresses.into_iter().zip(ports).zip(protocols);
    Ok(rows
        .map(|((address, port), protocol)| Server {
            address: Address::v6(address),
            port: low(port),
            protocol: low(protocol).to_le_bytes()[0],
        })
        .collect())
}

/// Everything is packed by zstd alone where it has no dictionary: readers of the other encodings take
/// lengths from a damaged file for true.
fn properties() -> Result<WriterProperties, ArchiveError> {
    let path = |name: &str| ColumnPath::from(name);
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_statistics_enabled(path("state"), EnabledStatistics::None)
        .set_sorting_columns(Some(sorted_by::<4>()))
        .set_created_by("noroshi".to_owned());
    for name in ["calls", "answers", "octets", "octets_back", "state"] {
        properties = properties
            .set_column_dictionary_enabled(path(name), false)
            .set_column_encoding(path(name), Encoding::PLAIN);
    }
    Ok(properties.build())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::draw::draws;
    use crate::profile::tests::drawn;

    fn rows(count: u64) -> Vec<Row> {
        let mut draw = draws(11);
        (0..count)
            .map(|number| Row {
                server: Server {
                    address: Address::v4(0xcb00_7100 + u32::try_from(number % 200).unwrap()),
                    port: u16::try_from(number / 200).unwrap(),
                    protocol: 6,
                },
                hour: 500_000 + (number % 3).cast_signed(),
                profile: drawn(&mut draw),
            })
            .collect()
    }

    fn file(rows: &[Row], linking: u64) -> Bytes {
        let mut writer = Writer::new(Vec::new(), Linking(linking)).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        writer.finish().unwrap().into()
    }

    #[test]
    fn rows_come_back_as_they_were_and_those_of_one_server_alone() {
        let mut rows = rows(3_000);
        let kept = Profiles::open(file(&rows, u64::MAX)).unwrap();
        assert_eq!((kept.linking(), kept.groups()), (Linking(u64::MAX), 1));
        let mut read = Vec::new();
        kept.group(0, |_| true, |row| read.push(row)).unwrap();
        rows.sort_unstable_by_key(|row| (row.server, row.hour));
        assert!(read == rows);
        let wanted = Address::v4(0xcb00_7107);
        assert!(kept.may_hold(0, wanted) && !kept.may_hold(0, Address::v4(1)));
        read.clear();
        kept.group(0, |server| server.address == wanted, |row| read.push(row))
            .unwrap();
        assert_eq!(read.len(), 15);
        let mut seen = Vec::new();
        kept.seen(|server| seen.push(server)).unwrap();
        assert_eq!(seen.len(), 3_000);
        assert!(seen[9].server == rows[9].server && seen[9].hour == rows[9].hour);
        assert_eq!(seen[9].first, rows[9].profile.first);
    }

    #[test]
    fn another_file_and_a_torn_one_are_refused() {
        let talks = crate::archive::Writer::<Address, _>::new(Vec::new(), 1).unwrap();
        let talks: Bytes = talks.finish().unwrap().into();
        assert!(matches!(
            Profiles::open(talks),
            Err(ArchiveError::Foreign(KIND))
        ));
        let file = file(&rows(300), 1);
        assert!(Profiles::open(file.slice(..file.len() / 2)).is_err());
        // Damaged in the middle, it is an error or a row of other numbers, and no panic.
        let about = file.len() - file.len().min(4_000);
        for place in (0..about).step_by(29).chain(about..file.len()) {
            // The last makes a number longer than it was.
            for damage in [0x55, 0x80] {
                let mut damaged = file.to_vec();
                damaged[place] ^= damage;
                if let Ok(kept) = Profiles::open(Bytes::from(damaged)) {
                    let _read = kept.group(0, |_| true, drop);
                }
            }
        }
    }
}
