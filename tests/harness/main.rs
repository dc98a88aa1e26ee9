//! What `#[provider_test]` does around a test: runtimes, the clock, time limits, seeds, sweeps, and the arguments of tests.

mod helpers;
mod seed_helpers;

mod bad_input_at_run_time;
mod cases_with_several_runs;
mod chaos;
#[cfg(target_os = "linux")]
mod clock_and_foreign_io;
#[cfg(target_os = "linux")]
mod clock_and_sockets_of_the_test;
mod clock_of_the_standard_library;
#[cfg(target_os = "linux")]
mod denied_network;
mod multi_threaded_runtime;
mod order_of_answers;
mod parallel_tests;
mod pictures;
mod proxies;
mod seeds;
mod shrinking;
mod source_of_the_seed;
mod sweep;
mod sweep_of_the_agent;
mod test_arguments;
mod test_clock;
mod test_dir;
mod test_journal;
mod time_limits;
mod waits_that_cannot_end;
