//! What a failed test prints, word for word, in a folder for each file of tests: `reports/mismatch/near_miss.txt`. `UPDATE_REPORTS=1` rewrites them.
//!
//! Each test runs itself again in a separate process, where it fails, and compares what that process prints.

mod helpers;

mod assertions_in_the_body;
mod broken_conversations;
mod cassettes;
mod colours;
mod golden_files;
mod mismatch;
mod mocks_outside_of_tests;
mod panics_and_errors;
mod servers;
mod servers_that_do_not_start;
mod sweeps_and_seeds;
mod test_arguments;
mod time_limits;
mod unmet_expectations;
mod unused_turns;
