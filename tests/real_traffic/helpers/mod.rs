//! What the tests need: recordings as they are read, and what a wire makes of them.

pub(crate) mod gemini_streams;
pub(crate) mod recording;
pub(crate) mod stream_fields;
pub(crate) mod wire;
