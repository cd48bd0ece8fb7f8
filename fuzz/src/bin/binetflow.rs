//! Target: tables of Argus.

#![no_main]

use flow::text::binetflow::BinetflowReader;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let mut reader = BinetflowReader::new();
    fuzz::lines(octets, |line, columns| {
        let _fault = reader.line(line, columns);
    });
});
