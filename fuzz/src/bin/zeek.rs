//! Target: Zeek's connection log, as a table and as JSON.

#![no_main]

use flow::text::zeek::ZeekReader;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let mut reader = ZeekReader::new();
    fuzz::lines(octets, |line, columns| {
        let _fault = reader.line(line, columns);
    });
});
