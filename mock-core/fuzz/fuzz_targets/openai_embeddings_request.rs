//! The reader of requests for embeddings on any bytes: no panic, and what it reads can be written and read again to the same.
//!
//! ```text
//! cd mock-core && mkdir -p fuzz/corpus/openai_embeddings_request && cargo +nightly fuzz run openai_embeddings_request fuzz/corpus/openai_embeddings_request fuzz/seeds/openai_embeddings_request
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use mock_core::scenario::Profile;
use mock_core::wire::{openai::embeddings as wire, read_json};

fuzz_target!(|body: &[u8]| {
    let Ok(body) = read_json(body) else { return };
    if wire::check(&body, Profile::Openai).is_err() {
        return;
    }
    let request = wire::read_request(body).expect("what is not rejected can be read");
    let again = wire::read_request(wire::write_request(&request)).expect("it was written");
    assert_eq!(again, request);
});
