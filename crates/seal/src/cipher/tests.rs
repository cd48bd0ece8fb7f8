use data_encoding::HEXLOWER;

use super::{OVERHEAD_BYTES, decrypt, encrypt};

// "The Galois/Counter Mode of Operation" (McGrew and Viega), test case 16: AES-256 with
// associated data.
#[test]
fn the_published_vector_comes_out() {
    let key = hex::<32>("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    let nonce = hex::<12>("cafebabefacedbaddecaf888");
    let associated = hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let plaintext = hex::<60>(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24\
         49a6b525b16aedf5aa0de657ba637b39",
    );
    let sealed = encrypt(&key, nonce, &associated, &plaintext);
    assert_eq!(
        HEXLOWER.encode(&sealed),
        "01cafebabefacedbaddecaf888\
         522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10\
         56828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
    );
    assert_eq!(*decrypt(&key, &associated, &sealed).unwrap(), plaintext);
    assert_eq!(sealed.len(), plaintext.len() + OVERHEAD_BYTES);
}

#[test]
fn every_changed_byte_is_refused() {
    let sealed = encrypt(&[1; 32], [2; 12], b"associated", b"plaintext");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(
            decrypt(&[1; 32], b"associated", &changed).is_none(),
            "byte {at}"
        );
    }
    for length in 0..sealed.len() {
        assert!(
            decrypt(&[1; 32], b"associated", &sealed[..length]).is_none(),
            "length {length}"
        );
    }
    assert!(decrypt(&[1; 32], b"other", &sealed).is_none());
    assert!(decrypt(&[2; 32], b"associated", &sealed).is_none());
}

fn hex<const N: usize>(text: &str) -> [u8; N] {
    HEXLOWER
        .decode(text.as_bytes())
        .unwrap()
        .try_into()
        .unwrap()
}
