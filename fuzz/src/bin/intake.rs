//! Target: captures, and inputs of unknown kind.

#![no_main]

use flow::capture::CaptureReader;
use flow::column::Columns;
use flow::intake::Intake;

// Captures, and whatever else an input may begin as; in two pieces, which change nothing.
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let (first, second) = octets.split_at(octets.len() / 2);
    let mut reader = CaptureReader::new();
    let mut sent = 0;
    for piece in [first, second] {
        let _fault = reader.push(piece, &mut |captured| sent += captured.payload.len());
    }
    assert!(sent <= octets.len());
    let (mut intake, mut columns) = (Intake::new(), Columns::default());
    for piece in [first, second] {
        let _fault = intake.push(piece, &mut columns);
    }
    let _fault = intake.end(&mut columns);
    assert!(columns.len() <= 2 * octets.len());
});
