//! Talks into Parquet, a sorted group of rows at a time.

use std::io::Write;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{
    ByteArray, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::file::metadata::{KeyValue, ParquetMetaData, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::read::Kept;
use super::{ArchiveError, GROUP_ROWS, Other, SCHEMA, foot};
use crate::sealed::{Opened, Talk, Way};

/// Writes one file of talks.
pub struct Writer<S, W: Write + Send> {
    file: SerializedFileWriter<W>,
    of: PhantomData<S>,
}

/// Writes all talks of `files` to `out`, in as few groups of rows as their order allows. Full groups
/// are copied as they stand; `horizon` is that of all of them.
///
/// # Errors
/// [`ArchiveError`] when a file is not what it should be, or `out` cannot be written.
pub fn merge<S: Other, R: ChunkReader + 'static, W: Write + Send>(
    files: impl IntoIterator<Item = R>,
    out: W,
    horizon: u64,
) -> Result<W, ArchiveError> {
    let mut writer = Writer::<S, W>::new(out, horizon)?;
    let mut small: Vec<Talk<S>> = Vec::new();
    for file in files {
        let kept = Kept::<S, _>::open(file)?;
        for group in 0..kept.groups() {
            if kept.rows(group) >= GROUP_ROWS / 2 {
                writer.copy(kept.file(), kept.metadata(), group)?;
                continue;
            }
            kept.group(group, &mut small)?;
            while small.len() >= GROUP_ROWS {
                let rest = small.split_off(GROUP_ROWS);
                writer.group(&mut small)?;
                small = rest;
            }
        }
    }
    writer.group(&mut small)?;
    writer.finish()
}

impl<S: Other, W: Write + Send> Writer<S, W> {
    /// Begins a file of talks whose tokens are of that horizon.
    ///
    /// # Errors
    /// [`ArchiveError`] when `out` cannot be written.
    pub fn new(out: W, horizon: u64) -> Result<Self, ArchiveError> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties()?))?;
        for (key, value) in [
            (foot::KIND, S::KIND.to_owned()),
            (foot::HORIZON, horizon.to_string()),
            (foot::VERSION, foot::VERSION_NOW.to_owned()),
        ] {
            file.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        }
        Ok(Self {
            file,
            of: PhantomData,
        })
    }

    /// Writes talks as a group of rows, of [`GROUP_ROWS`] at most each, and takes them out of `talks`; their order is not kept.
    ///
    /// # Errors
    /// [`ArchiveError`] when the file cannot be written.
    pub fn group(&mut self, talks: &mut Vec<Talk<S>>) -> Result<(), ArchiveError> {
        for rows in talks.chunks(GROUP_ROWS) {
            self.rows(&sorted(rows))?;
        }
        talks.clear();
        Ok(())
    }

    fn rows(&mut self, rows: &[&Talk<S>]) -> Result<(), ArchiveError> {
        let mut group = self.file.next_row_group()?;
        let numbers = |group: &mut _, of: fn(&Talk<S>) -> i32| {
            let column = rows.iter().map(|talk| of(talk)).collect();
            column_of::<Int32Type, W>(group, column)
        };
        let longs = |group: &mut _, of: fn(&Talk<S>) -> i64| {
            let column = rows.iter().map(|talk| of(talk)).collect();
            column_of::<Int64Type, W>(group, column)
        };
        blocks(&mut group, rows.iter().map(|talk| talk.server.written()))?;
        numbers(&mut group, |talk| i32::from(talk.server_port))?;
        numbers(&mut group, |talk| i32::from(talk.protocol))?;
        blocks(&mut group, rows.iter().map(|talk| talk.subscriber.bits()))?;
        longs(&mut group, |talk| talk.household.cast_signed())?;
        numbers(&mut group, |talk| talk.subscriber_port.mark().cast_signed())?;
        numbers(&mut group, |talk| i32::from(talk.subscriber_port.flags()))?;
        numbers(&mut group, |talk| i32::from(talk.way == Way::Back))?;
        numbers(&mut group, |talk| opened_code(talk.opened))?;
        numbers(&mut group, |talk| i32::from(talk.flags))?;
        numbers(&mut group, |talk| talk.ending as i32)?;
        longs(&mut group, |talk| talk.packets.cast_signed())?;
        longs(&mut group, |talk| talk.bytes.cast_signed())?;
        longs(&mut group, |talk| talk.start_ms)?;
        longs(&mut group, |talk| talk.end_ms.saturating_sub(talk.start_ms))?;
        numbers(&mut group, |talk| talk.sampling.cast_signed())?;
        group.close()?;
        Ok(())
    }

    /// Ends the file and gives back where it was written to.
    ///
    /// # Errors
    /// [`ArchiveError`] when the file cannot be written.
    pub fn finish(self) -> Result<W, ArchiveError> {
        Ok(self.file.into_inner()?)
    }

    /// Copies a group of rows of another file as it stands.
    fn copy<R: ChunkReader>(
        &mut self,
        from: &R,
        metadata: &ParquetMetaData,
        number: usize,
    ) -> Result<(), ArchiveError> {
        let rows = metadata.row_group(number);
        let columns = metadata.column_index().and_then(|all| all.get(number));
        let offsets = metadata.offset_index().and_then(|all| all.get(number));
        let mut group = self.file.next_row_group()?;
        for (place, column) in rows.columns().iter().enumerate() {
            let close = ColumnCloseResult {
                bytes_written: column.compressed_size().unsigned_abs(),
                rows_written: rows.num_rows().unsigned_abs(),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: columns.and_then(|of| of.get(place)).cloned(),
                offset_index: offsets.and_then(|of| of.get(place)).cloned(),
            };
            group.append_column(from, close)?;
        }
        group.close()?;
        Ok(())
    }
}

/// The talks, at most [`GROUP_ROWS`], by server, then subscriber, then time.
fn sorted<S: Other>(talks: &[Talk<S>]) -> Vec<&Talk<S>> {
    let earliest = talks.iter().map(|talk| talk.start_ms).min().unwrap_or(0);
    // Most servers have IPv4 addresses: what they are sorted by is one number, and comparing does not
    // go to the talks, which lie all over.
    let mut short = Vec::with_capacity(talks.len());
    let mut long = Vec::new();
    for (row, talk) in (0_u16..=u16::MAX).zip(talks) {
        let server = talk.server.written();
        let since = talk
            .start_ms
            .saturating_sub(earliest)
            .min(0xff_ffff)
            .unsigned_abs();
        let behind = u128::from(talk.server_port) << 80
            | u128::from(talk.protocol) << 72
            | (talk.subscriber.bits() >> 96) << 40
            | u128::from(since) << 16
            | u128::from(row);
        if server >> 32 == MAPPED {
            short.push(server << 96 | behind);
        } else {
            long.push((server, behind));
        }
    }
    short.sort_unstable();
    long.sort_unstable();
    // The few IPv6 addresses below the mapped ones stand before them.
    let below = long.partition_point(|(server, _)| *server >> 32 < MAPPED);
    let (below, above) = long.split_at(below);
    let row = |(_, behind): &(u128, u128)| *behind;
    let keys = below
        .iter()
        .map(row)
        .chain(short)
        .chain(above.iter().map(row));
    keys.filter_map(|key| talks.get((key & 0xffff) as usize))
        .collect()
}

/// What stands before the 32 bits of an IPv4-mapped address.
const MAPPED: u128 = 0xffff;

const fn opened_code(opened: Opened) -> i32 {
    match opened {
        Opened::Unsaid => 0,
        Opened::Inside => 1,
        Opened::Outside => 2,
    }
}

/// Writes a column of 16 octets each.
pub(super) fn blocks<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: impl Iterator<Item = u128>,
) -> Result<(), ArchiveError> {
    let octets: Vec<u8> = column.flat_map(u128::to_be_bytes).collect();
    // One allocation for the whole column; each value is a view into it.
    let octets = Bytes::from(octets);
    let column = (0..octets.len())
        .step_by(16)
        .map(|at| FixedLenByteArray::from(ByteArray::from(octets.slice(at..at + 16))))
        .collect();
    column_of::<FixedLenByteArrayType, W>(group, column)
}

pub(super) fn column_of<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: Vec<T::T>,
) -> Result<(), ArchiveError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ArchiveError::Foreign("talks"));
    };
    column.typed::<T>().write_batch(&values, None, None)?;
    column.close()?;
    Ok(())
}

/// That rows stand in the order of the first `COLUMNS` columns.
pub(super) fn sorted_by<const COLUMNS: i32>() -> Vec<SortingColumn> {
    let column = |column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    };
    (0..COLUMNS).map(column).collect()
}

/// How columns are written. What repeats has a dictionary; what hardly does is written as
/// differences, or as it is: a token looks like noise, and no dictionary helps.
fn properties() -> Result<WriterProperties, ArchiveError> {
    let path = |name: &str| ColumnPath::from(name);
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_statistics_enabled(path("server"), EnabledStatistics::Page)
        .set_column_statistics_enabled(path("subscriber"), EnabledStatistics::None)
        .set_sorting_columns(Some(sorted_by::<4>()))
        .set_created_by("noroshi".to_owned());
    for name in ["start", "duration_ms", "bytes"] {
        properties = properties
            .set_column_dictionary_enabled(path(name), false)
            .set_column_encoding(path(name), Encoding::DELTA_BINARY_PACKED);
    }
    properties = properties
        .set_column_dictionary_enabled(path("subscriber"), false)
        .set_column_encoding(path("subscriber"), Encoding::PLAIN);
    // The upper octets are mostly zero: by themselves they take no room.
    properties = properties
        .set_column_dictionary_enabled(path("port_mark"), false)
        .set_column_encoding(path("port_mark"), Encoding::BYTE_STREAM_SPLIT);
    Ok(properties.build())
}
