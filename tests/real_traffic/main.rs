//! Recorded traffic of real providers, in the folder that `MOCK_CORE_RECORDINGS` names.

mod gemini_streams;
mod read_and_written;
mod recording;
mod replayed;
mod what_a_stream_says;
mod wire;
