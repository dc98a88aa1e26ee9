//! Tests that run several times: bad values of `seeds` and `sweep`, and a case without a name.

use mock_core::provider_test;

#[provider_test]
#[case(1)]
async fn a_case_without_a_name(#[case] number: u32) {}

#[provider_test(seeds = 0..many)]
async fn a_seed_that_is_not_a_number() {}

#[provider_test(seeds = 5..5)]
async fn no_seeds() {}

#[provider_test(sweep = [])]
async fn no_faults() -> Result<(), String> {
    Ok(())
}

#[provider_test(sweep = faults)]
async fn nothing_to_return(#[mock(reply("Hi."))] llm: mock_core::MockProvider) {}

#[provider_test(sweep = faults, sweep_runs = 0)]
async fn no_runs() -> Result<(), String> {
    Ok(())
}

fn main() {}
