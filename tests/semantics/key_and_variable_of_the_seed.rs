//! S26: the same seed draws the same: the key `seed`, and the variable `MOCK_CORE_SEED` where there is no key.

use mock_core::builder::*;
use mock_core::provider_test;
use tests::this_binary;

use crate::helpers::{any_calls, took};

#[provider_test]
async fn s26_the_key_pins_the_seed_whatever_the_test_is() {
    let scenario = || any_calls().latency(ms(80)..ms(120));
    let pinned = took(scenario().seed(42), 3).await;
    assert_eq!(pinned, took(scenario().seed(42).named("other"), 3).await);
    assert_ne!(pinned, took(scenario(), 3).await);
}

/// What another process of this test prints where the environment says this.
fn child(name: &str, seed: &str) -> String {
    let output = this_binary()
        .args(["--exact", "--ignored", "--nocapture", name])
        .env("MOCK_CORE_SEED", seed)
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let printed = printed.lines().find(|line| line.starts_with("took"));
    let printed = printed.map(str::to_owned);
    printed.unwrap_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[provider_test]
#[ignore = "the test below runs it"]
async fn s26_child_with_a_seed_of_its_own() {
    let scenario = || any_calls().latency(ms(80)..ms(120));
    println!("took {:?}", took(scenario().seed(42), 3).await);
}

#[provider_test]
#[ignore = "the test below runs it"]
async fn s26_child_without_a_seed() {
    println!(
        "took {:?}",
        took(any_calls().latency(ms(80)..ms(120)), 3).await
    );
}

#[test]
fn s26_the_environment_does_not_move_what_the_key_pins() {
    let pinned = |seed| {
        child(
            "key_and_variable_of_the_seed::s26_child_with_a_seed_of_its_own",
            seed,
        )
    };
    assert!(pinned("1").starts_with("took"), "{}", pinned("1"));
    assert_eq!(pinned("1"), pinned("2"));
    let free = |seed| {
        child(
            "key_and_variable_of_the_seed::s26_child_without_a_seed",
            seed,
        )
    };
    assert_ne!(free("1"), free("2"));
    assert_eq!(free("1"), free("1"));
    for printed in [pinned("late"), free("late")] {
        assert!(printed.contains("`MOCK_CORE_SEED` is `late`"), "{printed}");
    }
}
