//! The reader of Anthropic's requests on any bytes: no panic, and what it reads can be written and read again to the same.
//!
//! ```text
//! cd mock-core && mkdir -p fuzz/corpus/anthropic_request && cargo +nightly fuzz run anthropic_request fuzz/corpus/anthropic_request fuzz/seeds/anthropic_request
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use mock_core::scenario::Profile;
use mock_core::wire::{anthropic as wire, read_json};

fuzz_target!(|body: &[u8]| {
    let Ok(body) = read_json(body) else { return };
    if wire::check(&body, Profile::Anthropic).is_err() {
        return;
    }
    let request = wire::read_request(body).expect("what is not rejected can be read");
    // What cannot be written is an error, and what can is the same request.
    if let Ok(written) = wire::write_request(&request) {
        let again = wire::read_request(written).expect("it was written");
        assert_eq!(again, request);
    }
});
