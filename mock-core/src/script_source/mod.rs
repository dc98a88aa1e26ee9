//! Answers as the source of a `mock_provider!`: those of a recording, and those of the calls of a test.

mod layout;
mod literal;
mod of_calls;
pub(crate) mod of_cassette;
mod turn_words;
