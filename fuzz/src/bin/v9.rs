//! Target: NetFlow v9.

#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| fuzz::datagrams(&[0, 9], octets));
