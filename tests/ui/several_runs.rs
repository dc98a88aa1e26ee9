//! Tests that run several times, and what can never hold: bad values that the compiler finds.

use mock_core::{mock_provider, provider_test};

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

#[provider_test]
async fn no_calls(#[mock(script = [reply("Hi.")], expect = [calls(3..=2)])] llm: mock_core::MockProvider) {}

mock_provider!(
    Contradicts,
    tools = [a, b, c],
    script = [call(a {}), call(b {}), call(c {}), reply("Hi.")],
    expect = [order(a, b), order(b, c), order(c, a), calls(..=3), within(0s)],
);

mock_provider!(ExpectsNothing, script = [reply("Hi.")], expect = []);

mock_provider!(Misspells, script = [reply("Hi.")], expect = [calls: 1, CALLS(1)]);

fn main() {}
