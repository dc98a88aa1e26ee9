//! Options of `#[provider_test(..)]` that are unknown, and values that an option does not take.

use mock_core::provider_test;

#[provider_test(paused = true)]
async fn an_option_that_no_one_knows() {}

#[provider_test(timout = 5s)]
async fn a_key_with_a_typo() {}

#[provider_test(clock = "rael")]
async fn a_value_with_a_typo() {}

#[provider_test(guard = 5)]
async fn a_time_without_a_unit() {}

#[provider_test(crate = "mock_core")]
async fn not_a_path() {}

fn main() {}
