//! Octets that were changed, cut or made up: a decoder answers with a fault, and with nothing else.

use super::*;

/// Changed copies of each datagram.
const COPIES: usize = 300;

#[test]
fn changed_datagrams_of_real_exporters_are_survived() {
    let mut random = Random::from_seed([33; 32]);
    let mut files: Vec<PathBuf> = std::fs::read_dir(fixture(""))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "dat"))
        .collect();
    files.sort();
    assert!(files.len() > 90, "{}", files.len());
    let mut decoder = Decoder::new();
    let mut columns = Columns::default();
    let mut faults = 0;
    for path in files {
        let whole = std::fs::read(path).unwrap();
        for _ in 0..COPIES {
            let mut copy = whole.clone();
            for _ in 0..=below(&mut random, 8) {
                let place = below(&mut random, copy.len());
                let [octet] = random.bytes();
                copy[place] = octet;
            }
            copy.truncate(below(&mut random, copy.len() * 2));
            let read = decoder.datagram(EXPORTER, &copy, &mut columns);
            faults += usize::from(read.is_err());
            // Nothing is made up: no record is shorter than an octet.
            assert!(columns.len() <= 2 * copy.len());
            columns.clear();
        }
    }
    assert!(faults > 1_000, "{faults}");
}
