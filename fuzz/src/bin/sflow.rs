//! Target: sFlow v5.

#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| fuzz::datagrams(&[0, 0, 0, 5], octets));
