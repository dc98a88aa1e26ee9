//! Recorded traffic of real providers, in the folder that `MOCK_CORE_RECORDINGS` names.

mod helpers;

mod accepted;
mod read_and_written;
mod replayed;
