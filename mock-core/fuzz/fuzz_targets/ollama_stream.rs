//! The reader of streamed answers of Ollama on any lines: no panic, and no panic of the writer on what it reads.
//!
//! ```text
//! cd mock-core && mkdir -p fuzz/corpus/ollama_stream && cargo +nightly fuzz run ollama_stream fuzz/corpus/ollama_stream fuzz/seeds/ollama_stream
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use mock_core::wire::ollama as wire;

fuzz_target!(|body: &[u8]| {
    let Ok(body) = std::str::from_utf8(body) else {
        return;
    };
    // Each line is the data of one event. An error ends the stream.
    let mut reader = wire::StreamReader::new();
    let read = body.lines().map_while(|data| reader.read(data).ok());
    let events: Vec<_> = read.flatten().collect();
    let mut writer = wire::StreamWriter::new(reader.head(), 0);
    for event in &events {
        if writer.write(event).is_err() {
            return;
        }
    }
});
