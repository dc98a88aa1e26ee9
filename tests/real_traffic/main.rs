//! Recorded traffic of real providers, in the folder that `MOCK_CORE_RECORDINGS` names.

mod gemini;
mod recording;
mod what_a_stream_says;
mod wire;

mod read_and_written;
mod replayed;
