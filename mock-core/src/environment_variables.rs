//! Environment variables: `MOCK_CORE_SEED`, `MOCK_CORE_GUARD`, `MOCK_CORE_SWEEP`, `MOCK_CORE_DENY_NETWORK`, `MOCK_CORE_PICTURES` and
//! `MOCK_CORE_RECORD`.

use crate::search::{CharTest, Search};
use std::borrow::Cow;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

/// Sets the random seed of every test.
pub(crate) const SEED: &str = "MOCK_CORE_SEED";

/// A variable has a value that cannot be read.
#[derive(Debug, PartialEq)]
pub(crate) struct EnvironmentError {
    variable: &'static str,
    value: String,
    /// The mistake, and a valid value.
    problem: Cow<'static, str>,
}

impl EnvironmentError {
    pub(crate) fn new(
        variable: &'static str,
        value: &OsStr,
        problem: impl Into<Cow<'static, str>>,
    ) -> Self {
        EnvironmentError {
            variable,
            value: value.to_string_lossy().into_owned(),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EnvironmentError {
            variable,
            value,
            problem,
        } = self;
        write!(
            f,
            "the environment variable `{variable}` is `{value}`, which is not {problem}, or unset it"
        )
    }
}

/// The value of a variable. An empty one counts as unset, as CI systems leave it for an input that nobody gives.
pub(crate) fn value(variable: &str) -> Option<OsString> {
    set(env::var_os(variable))
}

fn set(value: Option<OsString>) -> Option<OsString> {
    value.filter(|value| !value.is_empty())
}

/// The variables that tests read.
const KNOWN: [&str; 6] = [SEED, GUARD, SWEEP, DENY_NETWORK, PICTURES, RECORD];

/// The message about a variable whose name is misspelt, if there is one. The environment is read once.
pub(crate) fn misspelt() -> Option<&'static str> {
    static MISSPELT: OnceLock<Option<String>> = OnceLock::new();
    let find = || {
        for (name, value) in env::vars_os() {
            let name = name.to_str().filter(|_| !value.is_empty());
            if let Some(message) = name.and_then(misspelt_name) {
                return Some(message);
            }
        }
        None
    };
    MISSPELT.get_or_init(find).as_deref()
}

fn misspelt_name(name: &str) -> Option<String> {
    let meant = KNOWN.find(&|known| is_one_edit(name, known))?;
    Some(format!(
        "the environment variable `{name}` is unknown: did you mean `{meant}`? Rename it, or unset it"
    ))
}

/// Whether one letter is left out, added or changed, or two neighbours are swapped.
fn is_one_edit(written: &str, known: &str) -> bool {
    let (written, known) = (written.as_bytes(), known.as_bytes());
    let mut begin = 0;
    while begin < written.len() && written.get(begin) == known.get(begin) {
        begin += 1;
    }
    let (written, known) = (&written[begin..], &known[begin..]);
    match (written, known) {
        ([], []) => false,
        ([first, second, rest @ ..], [other, next, end @ ..])
            if (first, second) == (next, other) && rest == end =>
        {
            true
        }
        ([_, rest @ ..], [_, end @ ..]) if rest == end => true,
        ([_, rest @ ..], known) if rest == known => true,
        (written, [_, end @ ..]) => written == end,
        _ => false,
    }
}

/// The seed that the environment sets, if it sets one.
pub(crate) fn seed() -> Result<Option<u64>, EnvironmentError> {
    value(SEED).map(parse).transpose()
}

fn parse(value: OsString) -> Result<u64, EnvironmentError> {
    let seed = value.to_str().and_then(|value| value.parse().ok());
    const NOT_A_SEED: &str = "a seed: set it to a whole number up to 18446744073709551615";
    seed.ok_or_else(|| EnvironmentError::new(SEED, &value, NOT_A_SEED))
}

/// Sets the guard of every test.
pub(crate) const GUARD: &str = "MOCK_CORE_GUARD";

const NOT_A_TIME: &str =
    "a time: set it to a number with a unit, as in `60s` or `2m`, or to `0` for no guard";

/// The guard that the environment sets, if it sets one. Zero is none.
pub(crate) fn guard() -> Result<Option<Duration>, EnvironmentError> {
    value(GUARD).map(parse_guard).transpose()
}

fn parse_guard(value: OsString) -> Result<Duration, EnvironmentError> {
    let time = value.to_str().and_then(parse_time);
    time.ok_or_else(|| EnvironmentError::new(GUARD, &value, NOT_A_TIME))
}

/// Fails every test that connects to another machine.
pub(crate) const DENY_NETWORK: &str = "MOCK_CORE_DENY_NETWORK";

/// Whether the environment denies tests the network.
pub(crate) fn deny_network() -> Result<bool, EnvironmentError> {
    let denied = value(DENY_NETWORK).map(parse_switch).transpose()?;
    Ok(denied.unwrap_or_default())
}

fn parse_switch(value: OsString) -> Result<bool, EnvironmentError> {
    match value.to_str() {
        Some("1") => Ok(true),
        Some("0") => Ok(false),
        _ => Err(EnvironmentError::new(
            DENY_NETWORK,
            &value,
            "a switch: set it to `1` to fail tests that connect to another machine, or to `0`",
        )),
    }
}

/// Names the folder for the pages of all tests.
pub(crate) const PICTURES: &str = "MOCK_CORE_PICTURES";

/// The folder that the environment names, if it names one.
pub(crate) fn pictures() -> Option<OsString> {
    value(PICTURES)
}

/// Sets whether recorders replay or record.
pub(crate) const RECORD: &str = "MOCK_CORE_RECORD";

/// Parses a time with the syntax of the macros: `120ms`, `1.5s`. `0` needs no unit.
fn parse_time(text: &str) -> Option<Duration> {
    let is_of_unit: CharTest = |char| !char.is_ascii_digit() && char != '.';
    let unit = text.find(is_of_unit);
    let Some(unit) = unit else {
        return (text == "0").then_some(Duration::ZERO);
    };
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    let first = number.as_bytes().first();
    let starts_with_a_digit = first.is_some_and(u8::is_ascii_digit);
    let number: f64 = number.parse().ok().filter(|_| starts_with_a_digit)?;
    Duration::try_from_secs_f64(number * seconds).ok()
}

/// Sets which run of a sweep is made, and no other.
pub(crate) const SWEEP: &str = "MOCK_CORE_SWEEP";

/// The number of the only run of a sweep, from 1, if the environment sets one.
pub(crate) fn sweep() -> Result<Option<usize>, EnvironmentError> {
    value(SWEEP).map(parse_run).transpose()
}

fn parse_run(value: OsString) -> Result<usize, EnvironmentError> {
    let run = value.to_str().and_then(|value| value.parse().ok());
    let run = run.filter(|run| *run > 0);
    run.ok_or_else(|| {
        EnvironmentError::new(SWEEP, &value, "a run: set it to a whole number from 1")
    })
}

/// Returns the variable that sends requests for `http://127.0.0.1` to a proxy, if there is one.
pub(crate) fn proxy_for_loopback(
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<&'static str> {
    let is_set = |name: &&str| variable(name).is_some_and(|value| !value.trim().is_empty());
    let first_set = |names: &[&'static str]| names.find(&|name| is_set(name)).copied();
    let proxy = first_set(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?;
    // If both are set, the lower-case variable counts.
    let exempt = first_set(&["no_proxy", "NO_PROXY"]).and_then(variable);
    let exempt = exempt.unwrap_or_default();
    let is_exempt = exempt.split(&[',', ' '][..]).any(covers_loopback);
    (!is_exempt).then_some(proxy)
}

/// Whether an entry of `no_proxy` covers 127.0.0.1: `*`, the address, with a port or without, or a network around it.
fn covers_loopback(entry: &str) -> bool {
    use std::net::Ipv4Addr;

    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, bits.parse::<u32>().ok()),
        None => (entry.split(':').next().unwrap_or_default(), Some(32)),
    };
    let (Ok(address), Some(bits @ 0..=32)) = (address.parse::<Ipv4Addr>(), bits) else {
        return entry == "*";
    };
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or_default();
    address.to_bits() & mask == Ipv4Addr::LOCALHOST.to_bits() & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_counts_as_unset() {
        assert_eq!(set(Some("".into())), None);
        assert_eq!(set(None), None);
        for value in [" ", "0", "x"] {
            assert_eq!(set(Some(value.into())), Some(value.into()));
        }
    }

    #[test]
    fn a_seed_is_a_whole_number() {
        assert_eq!(parse("42".into()), Ok(42));
        for value in ["", "-1", "0x2a", "forty-two", "18446744073709551616"] {
            let error = parse(value.into()).expect_err(value).to_string();
            assert!(error.contains(SEED) && error.contains(value), "{error}");
        }
    }

    #[test]
    fn a_run_of_a_sweep_is_a_whole_number_from_1() {
        assert_eq!(parse_run("12".into()), Ok(12));
        for value in ["", "0", "-1", "1.5", "first"] {
            let error = parse_run(value.into()).expect_err(value).to_string();
            assert!(error.contains(SWEEP) && error.contains(value), "{error}");
        }
    }

    #[test]
    fn a_misspelt_variable_says_which_is_meant() {
        for (written, meant) in [
            ("SEDE", Some("SEED")),
            ("SEEDS", Some("SEED")),
            ("SED", Some("SEED")),
            ("SEET", Some("SEED")),
            ("GAURD", Some("GUARD")),
            ("DENY_NETWORKS", Some("DENY_NETWORK")),
            ("PICTURE", Some("PICTURES")),
            ("RECORDS", Some("RECORD")),
            ("SEED", None),
            ("RECORD", None),
            ("RECORDINGS", None),
            ("DEES", None),
            ("", None),
        ] {
            let text = misspelt_name(&format!("MOCK_CORE_{written}"));
            assert_eq!(text.is_some(), meant.is_some(), "{written}: {text:?}");
            if let (Some(text), Some(meant)) = (text, meant) {
                assert!(
                    text.contains(&format!("did you mean `MOCK_CORE_{meant}`?")),
                    "{text}"
                );
            }
        }
        assert_eq!(misspelt_name("MOCK_SEDE"), None);
        let text = misspelt_name("MOCK_COER_SEED").expect("it is misspelt");
        assert!(text.contains("did you mean `MOCK_CORE_SEED`?"), "{text}");
    }

    #[test]
    fn the_network_is_denied_or_not() {
        assert_eq!(parse_switch("1".into()), Ok(true));
        assert_eq!(parse_switch("0".into()), Ok(false));
        for value in ["", "true", "yes", "2", " 1", "deny"] {
            let error = parse_switch(value.into()).expect_err(value).to_string();
            assert!(
                error.contains(DENY_NETWORK) && error.contains(value),
                "{error}"
            );
        }
    }

    #[test]
    fn a_guard_is_a_time_with_a_unit_or_zero() {
        let guard = |value: &str| parse_guard(value.into());
        for (value, time) in [
            ("60s", Duration::from_secs(60)),
            ("2m", Duration::from_secs(120)),
            ("1.5h", Duration::from_secs(5_400)),
            ("250ms", Duration::from_millis(250)),
            ("10us", Duration::from_micros(10)),
            ("0s", Duration::ZERO),
            ("0", Duration::ZERO),
        ] {
            assert_eq!(guard(value), Ok(time), "{value}");
        }
        for value in [
            "",
            "60",
            "s",
            ".5s",
            "1 s",
            "-1s",
            "1d",
            "1e3s",
            "1.2.3s",
            "soon",
            "9999999999999999999999h",
        ] {
            let error = guard(value).expect_err(value).to_string();
            assert!(error.contains(GUARD) && error.contains(value), "{error}");
        }
    }

    #[test]
    fn a_proxy_takes_loopback_requests_unless_they_are_exempt() {
        let proxy = |set: &[(&str, &str)]| {
            proxy_for_loopback(&|name| {
                let mut set = set.iter();
                set.find(|(set, _)| *set == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            assert_eq!(proxy(&[(name, "http://proxy:3128")]), Some(name));
            assert_eq!(proxy(&[(name, "")]), None, "{name}");
            for exempt in [
                "*",
                "127.0.0.1",
                "example.com, 127.0.0.1",
                "127.0.0.1:8080",
                "127.0.0.0/8",
                "0.0.0.0/0",
            ] {
                for no_proxy in ["no_proxy", "NO_PROXY"] {
                    let set = [(name, "http://proxy:3128"), (no_proxy, exempt)];
                    assert_eq!(proxy(&set), None, "{set:?}");
                }
            }
            for exempt in [
                "",
                "example.com",
                "localhost",
                "10.0.0.0/8",
                "127.0.0.2",
                "127.0.0.1/64",
            ] {
                let set = [(name, "http://proxy:3128"), ("no_proxy", exempt)];
                assert_eq!(proxy(&set), Some(name), "{set:?}");
            }
        }
        assert_eq!(proxy(&[("https_proxy", "http://proxy:3128")]), None);
    }
}
