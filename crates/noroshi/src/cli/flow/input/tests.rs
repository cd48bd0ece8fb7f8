use std::io::Write;

use super::*;

/// More than two blocks of lines.
fn lines() -> Vec<u8> {
    (0..80_000_u32)
        .flat_map(|number| format!("line {number}\n").into_bytes())
        .collect()
}

fn gz(octets: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(octets).unwrap();
    packer.finish().unwrap()
}

fn zst(octets: &[u8]) -> Vec<u8> {
    zstd::encode_all(octets, 1).unwrap()
}

/// What a file with these octets gives, and how far it was read of how many.
fn read(octets: &[u8]) -> (io::Result<Vec<u8>>, u64, Option<u64>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), octets).unwrap();
    let mut input = Input::open(file.path()).unwrap();
    let mut found = Vec::new();
    let read = loop {
        match input.read_block() {
            Ok(Some(block)) => {
                assert!(block.len() <= BLOCK_OCTETS_MAX);
                found.extend_from_slice(block);
            }
            Ok(None) => break Ok(found),
            Err(error) => break Err(error),
        }
    };
    (read, input.position(), input.length())
}

#[test]
fn what_is_packed_is_seen_by_its_octets_and_read_to_its_end() {
    let plain = lines();
    let (half, rest) = plain.split_at(plain.len() / 2);
    let files = [
        plain.clone(),
        gz(&plain),
        zst(&plain),
        [gz(half), gz(rest)].concat(),
        [zst(half), zst(rest)].concat(),
    ];
    for file in files {
        let (found, position, length) = read(&file);
        assert!(found.unwrap() == plain);
        let octets = u64::try_from(file.len()).unwrap();
        assert_eq!((position, length), (octets, Some(octets)));
    }
}

#[test]
fn short_files_are_what_they_are() {
    for octets in [&b""[..], b"\x1f", b"abc", b"\x28\xb5\x2f"] {
        let (found, ..) = read(octets);
        assert_eq!(found.unwrap(), octets);
    }
}

#[test]
fn what_is_packed_and_cut_is_an_error_and_no_end() {
    let plain = lines();
    for packed in [gz(&plain), zst(&plain)] {
        let (found, ..) = read(&packed[..packed.len() / 2]);
        assert!(found.is_err());
        let mut damaged = packed;
        let middle = damaged.len() / 2;
        damaged[middle..middle + 64].fill(0xff);
        let (found, ..) = read(&damaged);
        assert!(found.is_err() || found.unwrap() != plain);
    }
}

#[test]
fn what_cannot_be_opened_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let absent = directory.path().join("absent.log");
    for path in [absent.as_path(), directory.path()] {
        let error = Input::open(path).err().unwrap().to_string();
        assert!(error.contains(&path.display().to_string()), "{error}");
    }
}
