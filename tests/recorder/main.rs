//! Tests that record themselves, as a user runs them: with an environment variable, in a process of their own.

mod children;
mod helpers;

mod at_once;
mod environment;
mod failed_recordings;
mod file_of_a_test;
mod not_recorded;
mod several_runs;
mod tls;
