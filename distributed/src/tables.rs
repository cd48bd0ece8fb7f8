//! Folders of Parquet as tables: what collectors keep, hour by hour.
//!
//! A collector's folder has `talks/` and `profiles/`, each with a folder an hour and in it one a shard
//! of servers (`hour=2027-01-15T08/shard=03/`). These two are columns of the table, and a plan that asks
//! for some hours opens no other folder. Many collectors are many folders of one table.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::prelude::{DataFrame, SessionContext};
use flow::archive::profiles::{Row, Writer};
use flow::archive::shard;
use flow::finding::Server;
use flow::profile::{KeptProfile, Linking};
use jiff::Timestamp;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Sealed talks with servers.
    Talks,
    /// Profiles of servers, an hour each.
    Profiles,
}

impl Kept {
    /// The folder of a collector in which it lies.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Talks => "talks",
            Self::Profiles => "profiles",
        }
    }

    /// The columns that plans use, of those that `flow::archive` writes. The hour of a profile is that of
    /// its folder.
    fn columns(self) -> Schema {
        let moment = || DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
        let of_both = [
            ("server", DataType::FixedSizeBinary(16)),
            ("server_port", DataType::UInt16),
            ("protocol", DataType::UInt8),
        ];
        let of_one = match self {
            Self::Talks => vec![
                ("subscriber", DataType::FixedSizeBinary(16)),
                ("way", DataType::UInt8),
                ("opened", DataType::UInt8),
                ("packets", DataType::UInt64),
                ("bytes", DataType::UInt64),
                ("start", moment()),
            ],
            Self::Profiles => vec![
                ("first", moment()),
                ("last", moment()),
                ("calls", DataType::UInt64),
                ("answers", DataType::UInt64),
                ("octets", DataType::UInt64),
                ("octets_back", DataType::UInt64),
                ("clients", DataType::UInt32),
                ("state", DataType::Binary),
            ],
        };
        let columns = of_both.into_iter().chain(of_one);
        let fields: Vec<Field> = columns
            .map(|(name, kind)| Field::new(name, kind, false))
            .collect();
        Schema::new(fields)
    }
}

/// What all these collectors kept, as one table.
///
/// The folders must be reachable by the same path for whoever plans and whoever runs pieces: on a
/// cluster that is a file system that all machines share.
///
/// # Errors
/// When a collector has no such folder.
pub fn open(
    context: &SessionContext,
    kept: Kept,
    collectors: &[PathBuf],
) -> anyhow::Result<DataFrame> {
    let folders: Vec<ListingTableUrl> = collectors
        .iter()
        .map(|collector| folder(kept, collector))
        .collect::<Result<_, _>>()?;
    let partitions = ["hour", "shard"].map(|name| (name.to_owned(), DataType::Utf8));
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
        .with_file_extension(".parquet")
        .with_table_partition_cols(partitions.to_vec());
    let config = ListingTableConfig::new_with_multi_paths(folders)
        .with_listing_options(options)
        .with_schema(Arc::new(kept.columns()));
    let table = ListingTable::try_new(config)?;
    Ok(context.read_table(Arc::new(table))?)
}

fn folder(kept: Kept, collector: &Path) -> anyhow::Result<ListingTableUrl> {
    let shown = collector.display();
    let folder = collector.join(kept.folder());
    ensure!(
        folder.is_dir(),
        "`{shown}` is no collector's folder: there is no `{}` in it",
        kept.folder()
    );
    let folder = folder.canonicalize()?;
    let folder = folder.to_str().context("a folder's name is not UTF-8")?;
    // Without the last stroke it would be a file.
    Ok(ListingTableUrl::parse(format!("{folder}/"))?)
}

/// Keeps merged profiles in a new folder `into`, in the order in which collectors do, under the hour of the
/// first call: it can be asked, and merged, like theirs.
///
/// # Errors
/// When there is such a folder, or it cannot be written.
pub fn keep(into: &Path, merged: Vec<(Server, KeptProfile)>) -> anyhow::Result<()> {
    let shown = into.display();
    ensure!(!into.exists(), "`{shown}` is there; name a new folder");
    let first = merged.iter().filter_map(|(_, profile)| profile.first_ms());
    let first_ms = first.min().context("there is nothing to keep")?;
    let hour = Timestamp::from_millisecond(first_ms)?.to_string();
    // What stands before the minutes.
    let hour = hour.split(':').next().unwrap_or_default();
    let folder = into
        .join(Kept::Profiles.folder())
        .join(format!("hour={hour}"));
    let mut shards: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for (server, profile) in merged {
        let row = Row {
            server,
            hour: first_ms.div_euclid(MILLIS_PER_HOUR),
            profile,
        };
        shards.entry(shard(server.address)).or_default().push(row);
    }
    for (shard, rows) in shards {
        let folder = folder.join(format!("shard={shard:02}"));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make `{shown}`"))?;
        let file = File::create_new(folder.join("merged.parquet"))?;
        let mut writer = Writer::new(file, MANY)?;
        for row in &rows {
            writer.row(row)?;
        }
        writer.finish()?.sync_all()?;
    }
    Ok(())
}

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// In place of the key of a file's tokens, where the profiles are of many keys.
const MANY: Linking = Linking(0);
