//! What the tests need: recordings as they are read, and what a wire makes of them.

pub(crate) mod gemini_streams;
pub(crate) mod recording;
pub(crate) mod what_a_stream_says;
pub(crate) mod wire;
