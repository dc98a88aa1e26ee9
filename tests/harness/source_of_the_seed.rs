//! S26: where the seed comes from: the key `seed` of a mock, else `MOCK_CORE_SEED`, else the path of the test.

use mock_core::builder::{ms, reply, script};
use mock_core::{MockProvider, TestSeed, provider_test};
use tests::this_binary;

use crate::helpers::{ask, run_alone};

#[provider_test]
async fn s26_the_seed_comes_from_the_path_of_the_test(seed: TestSeed, again: TestSeed) {
    assert_eq!(seed, again);
    assert_ne!(seed.0, 0);
}

#[provider_test]
#[ignore = "run by the test below, with the variable set"]
async fn s26_child_whose_seed_is_42(seed: TestSeed) {
    assert_eq!(seed, TestSeed(42));
}

#[test]
fn s26_the_environment_sets_the_seed_of_all_tests() {
    let run = |seed| {
        run_alone(
            "source_of_the_seed::s26_child_whose_seed_is_42",
            &[("MOCK_CORE_SEED", seed)],
        )
    };
    let (passed, printed) = run("42");
    assert!(passed, "{printed}");
    let (passed, _) = run("43");
    assert!(!passed);
}

/// Prints how long two calls take whose latency is random.
async fn print_latencies(seed: Option<u64>) {
    let mut scenario = script([reply("Hi.").times(2)]).latency(ms(80)..ms(120));
    if let Some(seed) = seed {
        scenario = scenario.seed(seed);
    }
    let llm = MockProvider::new(scenario);
    for _ in 0..2 {
        llm.answer(ask()).await.expect("an answer");
    }
    let took: Vec<_> = llm.calls().iter().map(|call| call.duration()).collect();
    println!("took {took:?}");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn s26_child_whose_mock_has_a_seed() {
    print_latencies(Some(42)).await;
}

#[provider_test]
#[ignore = "run by the test below"]
async fn s26_child_whose_mock_has_no_seed() {
    print_latencies(None).await;
}

/// What another process of this test prints where the environment says this.
fn child(name: &str, seed: &str) -> String {
    let output = this_binary()
        .args(["--exact", "--ignored", "--nocapture"])
        .arg(format!("source_of_the_seed::{name}"))
        .env("MOCK_CORE_SEED", seed)
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let printed = printed.lines().find(|line| line.starts_with("took"));
    let printed = printed.map(str::to_owned);
    printed.unwrap_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn s26_the_environment_does_not_change_what_a_seed_of_the_mock_draws() {
    let pinned = |seed| child("s26_child_whose_mock_has_a_seed", seed);
    assert!(pinned("1").starts_with("took"), "{}", pinned("1"));
    assert_eq!(pinned("1"), pinned("2"));
    let free = |seed| child("s26_child_whose_mock_has_no_seed", seed);
    assert_ne!(free("1"), free("2"));
    assert_eq!(free("1"), free("1"));
    for printed in [pinned("late"), free("late")] {
        assert!(printed.contains("`MOCK_CORE_SEED` is `late`"), "{printed}");
    }
}
