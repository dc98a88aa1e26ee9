//! What `#[provider_test]` does around a test: runtimes, the clock, time limits, seeds, sweeps, and the arguments of tests.

mod helpers;
mod helpers_of_seeds;

mod arguments;
mod bad_options;
mod cases_with_several_runs;
mod chaos;
mod clock;
mod clock_of_the_standard_library;
mod deadlock;
mod flavors;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod outside_io;
mod pictures;
mod proxies;
mod seed_of_the_test;
mod seeds;
mod shrinking;
mod sweep;
mod sweep_of_the_agent;
mod test_folder;
mod time_limit;
