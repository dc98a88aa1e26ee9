//! The reader of OpenAI's requests on any bytes: no panic, and what it reads can be written and read again to the same.
//!
//! ```text
//! cd mock-core && mkdir -p fuzz/corpus/openai_request && cargo +nightly fuzz run openai_request fuzz/corpus/openai_request fuzz/seeds/openai_request
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use mock_core::scenario::Profile;
use mock_core::wire::{openai as wire, read_json};

fuzz_target!(|body: &[u8]| {
    let Ok(body) = read_json(body) else { return };
    if wire::check(&body, Profile::Openai).is_err() {
        return;
    }
    let request = wire::read_request(body).expect("what is not rejected can be read");
    // What cannot be written is an error, and what can is the same request.
    if let Ok(written) = wire::write_request(&request) {
        let again = wire::read_request(written).expect("it was written");
        assert_eq!(again, request);
    }
});
