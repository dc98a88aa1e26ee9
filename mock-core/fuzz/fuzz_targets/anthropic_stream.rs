//! The reader of streamed answers of Anthropic's Messages on any lines: no panic, and no panic of the writer on what it reads.
//!
//! ```text
//! cd mock-core && mkdir -p fuzz/corpus/anthropic_stream && cargo +nightly fuzz run anthropic_stream fuzz/corpus/anthropic_stream fuzz/seeds/anthropic_stream
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use mock_core::wire::anthropic as wire;

fuzz_target!(|body: &[u8]| {
    let Ok(body) = std::str::from_utf8(body) else {
        return;
    };
    // Each line is the data of one event. An error ends the stream.
    let mut reader = wire::StreamReader::new();
    let read = body.lines().map_while(|data| reader.read(data).ok());
    let mut events: Vec<_> = read.flatten().collect();
    events.extend(reader.end());
    let mut writer = wire::StreamWriter::new(reader.head(), 0);
    for event in &events {
        if writer.write(event).is_err() {
            return;
        }
    }
    writer.end();
});
