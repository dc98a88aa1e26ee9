//! What the environment says: `MOCK_CORE_SEED`.

use std::env;
use std::ffi::OsString;

/// Sets the seed of all chance in every test.
pub(crate) const SEED: &str = "MOCK_CORE_SEED";

/// The variable holds no seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the environment variable `{SEED}` is `{value}`, which is no seed: set it to a whole number, or unset it"
)]
pub(crate) struct SeedError {
    value: String,
}

/// The seed that the environment sets, if it sets one.
pub(crate) fn seed() -> Result<Option<u64>, SeedError> {
    env::var_os(SEED).map(parse).transpose()
}

fn parse(value: OsString) -> Result<u64, SeedError> {
    let seed = value.to_str().and_then(|value| value.parse().ok());
    seed.ok_or_else(|| SeedError {
        value: value.to_string_lossy().into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_whole_number() {
        assert_eq!(parse("42".into()), Ok(42));
        for value in ["", "-1", "0x2a", "forty-two", "18446744073709551616"] {
            let error = parse(value.into()).expect_err(value).to_string();
            assert!(error.contains(SEED) && error.contains(value), "{error}");
        }
    }
}
