//! The hour as files, for other programs to read the same flows: `tests/anchors/run.py`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;
use flow::archive::{GROUP_ROWS, Writer, read};
use flow::column::{Address, Columns};
use flow::decode::Decoder;
use flow::engine::{Engine, Settings};
use flow::sealed::{Sealed, Sealer};

use crate::made::Datagram;

/// Writes the datagrams, each behind four octets of its length, and the sealed talks as Parquet.
pub(crate) fn write(directory: &Path, hour: &[Datagram], sealer: &mut Sealer) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    let mut file = BufWriter::new(File::create(directory.join("datagrams"))?);
    let (mut decoder, mut columns) = (Decoder::new(), Columns::default());
    for (exporter, datagram) in hour {
        file.write_all(&u32::try_from(datagram.len())?.to_be_bytes())?;
        file.write_all(datagram)?;
        decoder.datagram(*exporter, datagram, &mut columns)?;
    }
    file.flush()?;
    let mut sealed = Sealed::default();
    sealer.seal(&mut columns, &mut sealed);
    let mut writer = Writer::<Address, _>::new(File::create(directory.join("talks.parquet"))?, 1)?;
    for group in sealed.talks.chunks(GROUP_ROWS) {
        writer.group(&mut group.to_vec())?;
    }
    writer.finish()?;
    Ok(())
}

/// Reads the talks back and fills an engine with them; how many there were.
pub(crate) fn profile(directory: &Path) -> Result<u64> {
    let talks = read::<Address>(File::open(directory.join("talks.parquet"))?)?;
    let mut engine = Engine::new(Settings::default());
    engine.take(&talks);
    Ok(engine.tally().talks)
}
