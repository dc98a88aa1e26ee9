//! Recorded traffic of real providers, in the folder that `MOCK_CORE_RECORDINGS` names.

mod helpers;

mod accepted;
mod fields_of_answers;
mod read_and_written;
mod replayed;
