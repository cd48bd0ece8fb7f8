//! Target: events of Suricata.

#![no_main]

use flow::text::eve::EveReader;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let mut reader = EveReader::new();
    fuzz::lines(octets, |line, columns| {
        let _fault = reader.line(line, columns);
    });
});
