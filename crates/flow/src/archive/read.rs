//! Talks out of Parquet.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{DataType, FixedLenByteArrayType, Int32Type, Int64Type};
use parquet::file::metadata::{
    PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::{ChunkReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedRowGroupReader;
use parquet::schema::parser::parse_message_type;
use seal::subscriber::SubscriberToken;

use super::{ArchiveError, GROUP_ROWS, Other, SCHEMA, foot};
use crate::column::Ending;
use crate::sealed::{Opened, SealedPort, Talk, Way};

/// Reads all talks of a file.
///
/// # Errors
/// [`ArchiveError`] when it cannot be read or is another file.
pub fn read<S: Other>(file: impl ChunkReader + 'static) -> Result<Vec<Talk<S>>, ArchiveError> {
    let kept = Kept::<S, _>::open(file)?;
    let mut talks = Vec::new();
    for group in 0..kept.groups() {
        kept.group(group, &mut talks)?;
    }
    Ok(talks)
}

/// A file of talks that is read group by group.
pub struct Kept<S, R: ChunkReader + 'static> {
    file: Arc<R>,
    metadata: ParquetMetaData,
    horizon: u64,
    of: PhantomData<S>,
}

impl<S: Other, R: ChunkReader + 'static> Kept<S, R> {
    /// Opens a file, and looks whether it is one of these.
    ///
    /// # Errors
    /// [`ArchiveError`] when it cannot be read or is another file.
    pub fn open(file: R) -> Result<Self, ArchiveError> {
        let metadata = metadata(&file)?;
        let about = metadata.file_metadata();
        let said = |key: &str| foot::said(about, key);
        if said(foot::KIND) == Some(S::KIND) && said(foot::VERSION) == Some(foot::VERSION_OLD) {
            return Err(ArchiveError::Old(S::KIND));
        }
        let ours = said(foot::KIND) == Some(S::KIND)
            && said(foot::VERSION) == Some(foot::VERSION_NOW)
            && *about.schema() == parse_message_type(SCHEMA)?
            && is_whole(&metadata, file.len());
        let horizon = said(foot::HORIZON).and_then(|text| text.parse().ok());
        match horizon {
            Some(horizon) if ours => Ok(Self {
                file: Arc::new(file),
                metadata,
                horizon,
                of: PhantomData,
            }),
            _ => Err(ArchiveError::Foreign(S::KIND)),
        }
    }

    /// Number of the horizon whose key made the tokens.
    pub fn horizon(&self) -> u64 {
        self.horizon
    }

    /// How many groups of rows there are.
    pub fn groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// How many rows there are in that group; 0 where there is no such group.
    pub fn rows(&self, group: usize) -> usize {
        self.metadata
            .row_groups()
            .get(group)
            .map_or(0, |group| usize::try_from(group.num_rows()).unwrap_or(0))
    }

    /// Whether talks with this server may stand in that group, by the first and last server of it.
    pub fn may_hold(&self, group: usize, server: S) -> bool {
        may_hold(&self.metadata, group, server.written())
    }

    /// Adds the talks of a group to `into`.
    ///
    /// # Errors
    /// [`ArchiveError`] when it cannot be read.
    pub fn group(&self, group: usize, into: &mut Vec<Talk<S>>) -> Result<(), ArchiveError> {
        let rows = self.rows(group);
        let Some(about) = self.metadata.row_groups().get(group) else {
            return Ok(());
        };
        let properties = Arc::new(ReaderProperties::builder().build());
        let group = SerializedRowGroupReader::new(Arc::clone(&self.file), about, None, properties)?;
        let mut columns = Columns::new(&group, rows);
        let servers = columns.blocks()?;
        let server_ports = columns.of::<Int32Type>()?;
        let protocols = columns.of::<Int32Type>()?;
        let subscribers = columns.blocks()?;
        let households = columns.of::<Int64Type>()?;
        let marks = columns.of::<Int32Type>()?;
        let port_flags = columns.of::<Int32Type>()?;
        let ways = columns.of::<Int32Type>()?;
        let openers = columns.of::<Int32Type>()?;
        let flags = columns.of::<Int32Type>()?;
        let endings = columns.of::<Int32Type>()?;
        let packets = columns.of::<Int64Type>()?;
        let bytes = columns.of::<Int64Type>()?;
        let starts = columns.of::<Int64Type>()?;
        let durations = columns.of::<Int64Type>()?;
        let samplings = columns.of::<Int32Type>()?;
        into.extend((0..rows).map_while(|row| {
            let start_ms = *starts.get(row)?;
            Some(Talk {
                server: S::read(*servers.get(row)?),
                server_port: low(*server_ports.get(row)?),
                subscriber: SubscriberToken::from_bits(*subscribers.get(row)?),
                household: households.get(row)?.cast_unsigned(),
                subscriber_port: SealedPort::kept(
                    marks.get(row)?.cast_unsigned(),
                    low(*port_flags.get(row)?).to_le_bytes()[0],
                ),
                protocol: low(*protocols.get(row)?).to_le_bytes()[0],
                flags: low(*flags.get(row)?).to_le_bytes()[0],
                way: if *ways.get(row)? == 1 {
                    Way::Back
                } else {
                    Way::Forth
                },
                packets: packets.get(row)?.cast_unsigned(),
                bytes: bytes.get(row)?.cast_unsigned(),
                start_ms,
                end_ms: start_ms.saturating_add(*durations.get(row)?),
                sampling: samplings.get(row)?.cast_unsigned(),
                ending: ending(*endings.get(row)?),
                opened: match *openers.get(row)? {
                    1 => Opened::Inside,
                    2 => Opened::Outside,
                    _ => Opened::Unsaid,
                },
            })
        }));
        Ok(())
    }

    pub(super) fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }

    pub(super) fn file(&self) -> &R {
        &self.file
    }
}

/// Rows of a group that are read: several times what a writer makes.
const ROWS_MAX: usize = 8 * GROUP_ROWS;

/// Whether every column lies inside the file, and no group claims more rows than one is made of:
/// readers take that for true.
pub(super) fn is_whole(metadata: &ParquetMetaData, octets: u64) -> bool {
    let columns = metadata
        .row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns);
    let groups = metadata.row_groups().iter();
    let mut rows = groups.map(|group| usize::try_from(group.num_rows()));
    // Room is made for so many rows before one is read.
    let has_room = rows.all(|rows| rows.is_ok_and(|rows| rows <= ROWS_MAX));
    has_room
        && columns.into_iter().all(|column| {
            let start = column
                .dictionary_page_offset()
                .unwrap_or(column.data_page_offset());
            let end = start.checked_add(column.compressed_size());
            let end = end.and_then(|end| u64::try_from(end).ok());
            start >= 0 && column.compressed_size() >= 0 && end.is_some_and(|end| end <= octets)
        })
}

/// Whether 128 bits may stand in the first column of that group, by the first and last there.
pub(super) fn may_hold(metadata: &ParquetMetaData, group: usize, bits: u128) -> bool {
    let statistics = metadata.row_groups().get(group).and_then(|group| {
        let servers = group.columns().first()?;
        servers.statistics()
    });
    let ends = statistics.and_then(|told| Some((told.min_bytes_opt()?, told.max_bytes_opt()?)));
    let bits = bits.to_be_bytes();
    ends.is_none_or(|(first, last)| first <= &bits[..] && &bits[..] <= last)
}

/// The columns of a group, one after the other.
pub(super) struct Columns<'g> {
    group: &'g dyn RowGroupReader,
    next: usize,
    rows: usize,
}

impl<'g> Columns<'g> {
    pub(super) fn new(group: &'g dyn RowGroupReader, rows: usize) -> Self {
        Self {
            group,
            next: 0,
            rows,
        }
    }

    /// Leaves out so many columns.
    pub(super) fn pass(&mut self, columns: usize) {
        self.next += columns;
    }

    pub(super) fn of<T: DataType>(&mut self) -> Result<Vec<T::T>, ArchiveError> {
        let (group, place, rows) = (self.group, self.next, self.rows);
        self.next += 1;
        unless_damaged(|| column::<T>(group, place, rows))
    }

    pub(super) fn blocks(&mut self) -> Result<Vec<u128>, ArchiveError> {
        let values = self.of::<FixedLenByteArrayType>()?;
        let bits = values.iter().map(|value| {
            let block = value.data().first_chunk::<16>()?;
            Some(u128::from_be_bytes(*block))
        });
        bits.collect::<Option<_>>()
            .ok_or(ArchiveError::Foreign("talks"))
    }
}

/// What `read` reads. The library panics on some files that the disk damaged; the file is the fault then.
pub(super) fn unless_damaged<T>(
    read: impl FnOnce() -> Result<T, ArchiveError>,
) -> Result<T, ArchiveError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(ArchiveError::Damaged))
}

fn column<T: DataType>(
    group: &dyn RowGroupReader,
    place: usize,
    rows: usize,
) -> Result<Vec<T::T>, ArchiveError> {
    let mut column = get_typed_column_reader::<T>(group.get_column_reader(place)?);
    let mut values = Vec::with_capacity(rows);
    while values.len() < rows {
        let (read, ..) = column.read_records(rows - values.len(), None, None, &mut values)?;
        if read == 0 {
            return Err(ArchiveError::Damaged);
        }
    }
    Ok(values)
}

/// The metadata of a file.
pub(super) fn metadata(file: &impl ChunkReader) -> Result<ParquetMetaData, ArchiveError> {
    let read = || {
        let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
        Ok(reader.parse_and_finish(file)?)
    };
    unless_damaged(read)
}

/// The ending of a kept talk. What exporters call 5 is kept as 4.
fn ending(code: i32) -> Ending {
    const SAMPLED: i32 = Ending::Sampled as i32;
    match code {
        SAMPLED => Ending::Sampled,
        other => Ending::from_code(u64::from(low(other))),
    }
}

/// The 16 bits that a port or a smaller number was written as.
pub(super) fn low(number: i32) -> u16 {
    let [.., high, low] = number.to_be_bytes();
    u16::from_be_bytes([high, low])
}
