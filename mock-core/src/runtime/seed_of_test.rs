//! The seed of a test, and of each mock: from the key `seed`, from the variable `MOCK_CORE_SEED`, or from the name.

use crate::engine::seed_of;
use crate::environment_variables;
use crate::scenario::Scenario;

/// Returns the seed of the test with this name.
///
/// # Panics
/// If the environment sets a seed that is not a number.
pub(super) fn test_seed(name: &str) -> u64 {
    from_environment().unwrap_or_else(|| seed_of(&[name]))
}

/// Returns the seed of a mock in a test that has this seed, unless the mock sets its own. `same` is the number of mocks with this label
/// before it.
pub(super) fn mock_seed(test: u64, label: &str, same: usize) -> u64 {
    seed_of(&[&test.to_string(), label, &same.to_string()])
}

/// Returns the seed of a mock outside of a test.
///
/// # Panics
/// If the environment sets a seed that is not a number.
pub(super) fn mock_seed_outside_test(scenario: &Scenario, label: &str) -> u64 {
    let from_environment = from_environment();
    let seed = scenario.seed.or(from_environment);
    seed.unwrap_or_else(|| seed_of(&[label]))
}

fn from_environment() -> Option<u64> {
    match environment_variables::seed() {
        Ok(seed) => seed,
        Err(error) => panic!("{error}"),
    }
}
