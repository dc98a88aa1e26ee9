//! The reader of recorded exchanges on any bytes: no panic; what it reads can be written and read again to the same; and what is redacted
//! has no secrets and stays as it is.
//!
//! ```text
//! cd mock-core && mkdir -p fuzz/corpus/cassette && cargo +nightly fuzz run cassette fuzz/corpus/cassette fuzz/seeds/cassette
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use mock_core::cassette::{Cassette, Redaction};

fuzz_target!(|bytes: &[u8]| {
    let Ok(cassette) = Cassette::parse_bytes(bytes) else {
        return;
    };
    let written = cassette.to_yaml();
    let again = Cassette::parse(&written).expect("it was written");
    assert_eq!(again.to_yaml(), written);
    let redacted = Redaction::default().apply(cassette);
    assert_eq!(redacted.secrets(), []);
    assert_eq!(Redaction::default().apply(redacted.clone()), redacted);
});
