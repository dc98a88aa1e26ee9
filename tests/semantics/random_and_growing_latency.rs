//! S7, S9, S26: latency drawn from a range or set by the number of the call, and calls that fail because of it.

use std::time::Duration;

use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{MockProvider, provider_test};
use tests::this_binary;
use tokio::time::Instant;

use crate::helpers::ask;

/// How long each of so many calls takes: `None` for one that times out.
async fn took(scenario: Scenario, calls: usize) -> Vec<Option<Duration>> {
    let llm = MockProvider::new(scenario);
    let mut took = Vec::new();
    for _ in 0..calls {
        let start = Instant::now();
        let answer = llm.answer(ask("hello")).await;
        took.push(answer.is_ok().then(|| start.elapsed()));
    }
    took
}

fn any() -> Scenario {
    script([reply("Hi.").times(0..)])
}

#[provider_test]
async fn s09_a_growing_latency_grows_by_a_share_of_the_first() {
    let took = took(any().latency(growing(ms(100), 0.10)), 4).await;
    assert_eq!(took, [100, 110, 120, 130].map(|millis| Some(ms(millis))));
}

#[provider_test]
async fn s26_which_calls_time_out_by_chance_depends_on_the_seed_and_the_number() {
    let scenario = |seed, limit| {
        let latency = mock_core::scenario::Latency::from(ms(80)..ms(120));
        any().seed(seed).latency(latency.timeout_over(ms(limit)))
    };
    let all = took(scenario(7, 120), 40).await;
    let some = took(scenario(7, 100), 40).await;
    let expected: Vec<_> = all
        .iter()
        .map(|took| took.filter(|took| *took <= ms(100)))
        .collect();
    assert_eq!(some, expected);
    assert!(some.contains(&None) && some.iter().any(Option::is_some));
    assert_ne!(all, took(scenario(8, 120), 40).await);
}

#[provider_test]
async fn s26_the_key_pins_the_seed_whatever_the_test_is() {
    let scenario = || any().latency(ms(80)..ms(120));
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
    let scenario = || any().latency(ms(80)..ms(120));
    println!("took {:?}", took(scenario().seed(42), 3).await);
}

#[provider_test]
#[ignore = "the test below runs it"]
async fn s26_child_without_a_seed() {
    println!("took {:?}", took(any().latency(ms(80)..ms(120)), 3).await);
}

#[test]
fn s26_the_environment_does_not_move_what_the_key_pins() {
    let pinned = |seed| {
        child(
            "random_and_growing_latency::s26_child_with_a_seed_of_its_own",
            seed,
        )
    };
    assert!(pinned("1").starts_with("took"), "{}", pinned("1"));
    assert_eq!(pinned("1"), pinned("2"));
    let free = |seed| child("random_and_growing_latency::s26_child_without_a_seed", seed);
    assert_ne!(free("1"), free("2"));
    assert_eq!(free("1"), free("1"));
    for printed in [pinned("late"), free("late")] {
        assert!(printed.contains("`MOCK_CORE_SEED` is `late`"), "{printed}");
    }
}
