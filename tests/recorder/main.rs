//! Tests that record themselves, as a user runs them: with an environment variable, in a process of their own.

mod child_tests;
mod helpers;

mod environment_variables;
mod failed_recordings;
mod missing_recordings;
mod parallel_recorders;
mod recording_file;
mod sweeps_and_seeds_not_recorded;
mod tls;
