//! The options `sweep`, `seeds` and `chaos`, with which a test runs several times.

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::tests::assert_mistakes;
use crate::words::{CHAOS, SWEEPS};

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("tokens")
}

fn expand(options: TokenStream, item: &str) -> TokenStream {
    super::super::expand(options, tokens(item), &Diagnostics::default())
}

const FALLIBLE: &str = "async fn a() -> Result<(), String> {}";

/// Asserts the mistakes of these options of a test.
#[track_caller]
fn wrong(item: &str, options: &str, expected: &[(&str, &str)]) {
    assert_mistakes(options, |options| expand(options, item), expected);
}

/// What the expansion of a test with these options runs.
fn call(options: &str) -> String {
    let expansion = expand(tokens(options), FALLIBLE).to_string();
    assert!(!expansion.contains("compile_error"), "{expansion}");
    let (_, call) = expansion
        .rsplit_once("private_0_1_0 :: run")
        .expect("a call");
    call.replace(":: mock_core :: __private_0_1_0 :: ", "")
}

#[test]
fn a_test_without_these_options_pays_nothing() {
    assert_eq!(call("timeout = 5s"), " (& __MOCK_CORE_SPEC) ; }");
}

#[test]
fn a_sweep_names_each_fault_once_and_in_one_order() {
    let all = "SweepFault :: Fail , SweepFault :: Cut , SweepFault :: End , SweepFault :: Stall , SweepFault :: Error , \
        SweepFault :: Malformed , SweepFault :: Finish , SweepFault :: Keepalive , SweepFault :: Arguments , SweepFault :: Pieces";
    for (options, faults, runs) in [
        ("sweep = faults", all, "None"),
        ("sweep = [faults]", all, "None"),
        ("sweep = cut", "SweepFault :: Cut", "None"),
        (
            "sweep = [stall, cut], sweep_runs = 20",
            "SweepFault :: Cut , SweepFault :: Stall",
            "Some (20)",
        ),
    ] {
        let call = call(options);
        assert!(
            call.starts_with("_sweep (& __MOCK_CORE_SPEC , Sweep {"),
            "{call}"
        );
        assert!(call.contains(&format!("faults : & [{faults}] ,")), "{call}");
        assert!(call.contains(&format!("Option :: {runs} ,")), "{call}");
    }
}

#[test]
fn every_example_of_a_fault_is_right() {
    for word in SWEEPS.own {
        call(word.example);
    }
    for word in CHAOS.own {
        call(&format!("seeds = 0..2, {}", word.example));
    }
}

#[test]
fn a_test_runs_with_the_seeds_of_its_range_and_the_faults_of_its_list() {
    for (options, expected) in [
        (
            "seeds = 0..100",
            "first : 0u64 , last : 99u64 , chaos : & [] ,",
        ),
        (
            "seeds = 7..=7",
            "first : 7u64 , last : 7u64 , chaos : & [] ,",
        ),
        (
            "seeds = 0..=18446744073709551615, chaos = [rate_limit(0.1), cut(1), slow(0.5)]",
            "first : 0u64 , last : 18446744073709551615u64 , chaos : & [\
             Chaos { fault : ChaosFault :: Fail (ErrorKind :: RateLimit) , probability : 0.1f64 , } , \
             Chaos { fault : ChaosFault :: Cut , probability : 1f64 , } , \
             Chaos { fault : ChaosFault :: Slow , probability : 0.5f64 , }] ,",
        ),
    ] {
        let call = call(options);
        assert!(
            call.starts_with("_seeds (& __MOCK_CORE_SPEC , Seeds {"),
            "{call}"
        );
        assert!(call.contains(expected), "{call}");
    }
}

#[test]
fn values_that_are_not_a_range_of_seeds() {
    let help = "write a range of whole numbers, as in `seeds = 0..100`";
    for (options, message) in [
        ("seeds = «100»", "expected a range of seeds"),
        ("seeds = «[1, 2]»", "expected a range of seeds"),
        ("seeds = «0..»", "this range has no beginning or no end"),
        ("seeds = «..5»", "this range has no beginning or no end"),
        ("seeds = «5..5»", "there are no seeds in this range"),
        ("seeds = «0..0»", "there are no seeds in this range"),
        ("seeds = «6..=5»", "there are no seeds in this range"),
        ("seeds = «\"a\"»..5", "`\"a\"` is not a seed"),
        ("seeds = «-1»..5", "`-1` is not a seed"),
        ("seeds = 0..«N»", "`N` is not a seed"),
        ("seeds = 0..«1.5»", "`1.5` is not a seed"),
        (
            "seeds = 0..«18446744073709551616»",
            "`18446744073709551616` is not a seed",
        ),
    ] {
        wrong(FALLIBLE, options, &[(message, help)]);
    }
}

#[test]
fn faults_that_are_not_random() {
    let list =
        "write faults with their probabilities, as in `chaos = [rate_limit(0.1), cut(0.05)]`";
    let number = "write one number above 0, up to 1, as in `cut(0.1)`";
    for (chaos, message, help) in [
        ("«cut(0.1)»", "expected a list of faults", list),
        ("«[]»", "there is no fault in this list", list),
        ("[«5»]", "expected a fault", list),
        (
            "[«cuts»(0.1)]",
            "unknown fault `cuts`",
            "did you mean `cut`?",
        ),
        ("[«cut»]", "`cut` has no probability", "write `cut(0.1)`"),
        ("[«cut()»]", "`cut` takes one probability", number),
        ("[«cut(0.1, 0.2)»]", "`cut` takes one probability", number),
        ("[cut(«1.5»)]", "`1.5` is not a probability", number),
        ("[cut(«-0.1»)]", "`-0.1` is not a probability", number),
        (
            "[cut(«0.0»)]",
            "a fault with the probability `0.0` never happens",
            "write `cut(0.1)`, or remove the fault",
        ),
        (
            "[cut(0.1), slow(«0»)]",
            "a fault with the probability `0` never happens",
            "write `slow(0.1)`, or remove the fault",
        ),
        ("[cut(«P»)]", "`P` is not a probability", number),
        (
            "[cut(0.1), end(0.2), «cut»(0.2)]",
            "`cut` is given twice",
            "remove one of the two `cut`",
        ),
    ] {
        let options = format!("seeds = 0..5, chaos = {chaos}");
        wrong(FALLIBLE, &options, &[(message, help)]);
    }
    let seeds = "add `seeds = 0..100`, or remove `chaos`";
    let message = "`chaos` needs `seeds`";
    wrong(FALLIBLE, "«chaos» = [cut(0.1)]", &[(message, seeds)]);
}

#[test]
fn a_test_with_seeds_has_a_paused_clock_and_no_sweep() {
    wrong(
        "async fn a() {}",
        "«seeds» = 0..5, clock = \"real\"",
        &[(
            "`seeds` needs the paused clock",
            "remove `clock = \"real\"`",
        )],
    );
    wrong(
        "#[should_panic] async fn a() {}",
        "«seeds» = 0..5",
        &[(
            "a test that should panic cannot have `seeds`",
            "remove `#[should_panic]` or `seeds`",
        )],
    );
    let help = "remove one of them, or write a second test";
    wrong(
        FALLIBLE,
        "sweep = cut, «seeds» = 0..5",
        &[("a test cannot have both `seeds` and a `sweep`", help)],
    );
}

#[test]
fn values_that_are_not_faults() {
    let help = "write `sweep = faults`, or some of them, as in `sweep = [cut, stall]`";
    for (options, message, help) in [
        (
            "sweep = «cuts»",
            "unknown fault `cuts`",
            "did you mean `cut`?",
        ),
        (
            "sweep = [cut, «other»]",
            "unknown fault `other`",
            "faults: `faults`, `fail`, `cut`, `end`, `stall`, `error`, `malformed`, `finish`, `keepalive`, `arguments`, `pieces`",
        ),
        ("sweep = «all»", "unknown fault `all`", help),
        ("sweep = [«everything»]", "unknown fault `everything`", help),
        ("sweep = «5»", "expected a fault", help),
        ("sweep = [cut, «x()»]", "expected a fault", help),
        ("sweep = «[]»", "this sweep has no faults", help),
        (
            "sweep = «\"cut\"»",
            "this word has no quotes",
            "write `cut`",
        ),
        ("sweep = «\"all\"»", "expected a fault", help),
        (
            "«sweep»",
            "`sweep` has no value",
            "write it as in `sweep = faults`",
        ),
        (
            "sweep«(»cut), timeout = 5s",
            "expected `=` after `sweep`",
            "write it as in `sweep = faults`",
        ),
        (
            "sweep = [«rate_limit»]",
            "unknown fault `rate_limit`",
            "write `fail`, which tries each kind of failure",
        ),
        (
            "sweep = [cut, «faults»]",
            "`faults` are all of them",
            "write `sweep = faults`, or remove `faults` from the list",
        ),
        (
            "sweep = [cut, stall, «cut»]",
            "`cut` is given twice",
            "remove one of the two `cut`",
        ),
    ] {
        wrong(FALLIBLE, options, &[(message, help)]);
    }
}

#[test]
fn a_number_of_runs_is_above_zero() {
    for runs in ["0", "\"20\"", "1.5", "-1", "N", "1..5"] {
        let options = format!("sweep = faults, sweep_runs = «{runs}»");
        let message = format!("`{runs}` is not a number of runs");
        let help = "write a whole number above zero, as in `sweep_runs = 100`";
        wrong(FALLIBLE, &options, &[(&message, help)]);
    }
    let help = "add `sweep = faults`, or remove `sweep_runs`";
    wrong(
        FALLIBLE,
        "«sweep_runs» = 20",
        &[("`sweep_runs` needs `sweep`", help)],
    );
}

#[test]
fn a_test_with_a_sweep_returns_a_result_on_a_paused_clock() {
    let nothing = (
        "a test with `sweep` must return a `Result`",
        "write `-> Result<(), Box<dyn std::error::Error>>`, and `?` where an answer may fail",
    );
    wrong("async fn a() {}", "«sweep» = faults", &[nothing]);
    wrong("async fn a() -> () {}", "«sweep» = faults", &[nothing]);
    wrong(
        FALLIBLE,
        "«sweep» = faults, clock = \"real\"",
        &[(
            "`sweep` needs the paused clock",
            "remove `clock = \"real\"`",
        )],
    );
    wrong(
        "#[should_panic] async fn a() -> Result<(), String> {}",
        "«sweep» = faults",
        &[(
            "a test that should panic cannot have `sweep`",
            "remove `#[should_panic]` or `sweep`",
        )],
    );
}

/// A run with a fault may panic for another reason than the case as it is written.
#[test]
fn a_case_that_should_panic_has_no_sweep_and_no_seeds() {
    let item = "#[case::a(1)] #[should_panic] #[case::b(2)] async fn a(#[case] n: u32) -> Result<(), String> {}";
    for (word, options) in [("sweep", "«sweep» = faults"), ("seeds", "«seeds» = 0..5")] {
        let message = format!("a test that should panic cannot have `{word}`");
        let help = format!("remove `#[should_panic]` or `{word}`");
        wrong(item, options, &[(&message, &help)]);
    }
}
