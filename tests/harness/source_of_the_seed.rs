//! The seed of a test: from its path, or from `MOCK_CORE_SEED`.

use mock_core::{TestSeed, provider_test};
use tests::this_binary;

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
    let run = |seed: &str| {
        let output = this_binary()
            .args([
                "--exact",
                "--ignored",
                "source_of_the_seed::s26_child_whose_seed_is_42",
            ])
            .env("MOCK_CORE_SEED", seed)
            .output()
            .expect("it runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), printed)
    };

    let (passed, printed) = run("42");
    assert!(passed && printed.contains("1 passed"), "{printed}");
    let (passed, _) = run("43");
    assert!(!passed);
}
