//! What a failed test prints, word for word, in `reports/*.txt`. `UPDATE_REPORTS=1` rewrites them.
//!
//! Each test runs itself again in a separate process, where it fails, and compares what that process prints.

mod helpers;

mod before_the_body;
mod broken_conversations;
mod cassettes;
mod mismatch;
mod panics_and_errors;
mod server;
mod sweeps_and_seeds;
mod time_limits;
mod unmet_expectations;
mod unused;
