use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::tests::assert_mistakes;
use crate::words::SWEEPS;

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
        SweepFault :: Malformed , SweepFault :: Keepalive , SweepFault :: Arguments , SweepFault :: Pieces";
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
}

#[test]
fn what_is_no_fault() {
    let help = "write `sweep = faults`, or some of them, as in `sweep = [cut, stall]`";
    for (options, message, help) in [
        (
            "sweep = «cuts»",
            "unknown fault `cuts`",
            "did you mean `cut`?",
        ),
        (
            "sweep = [cut, «everything»]",
            "unknown fault `everything`",
            "faults: `faults`, `fail`, `cut`, `end`, `stall`, `error`, `malformed`, `keepalive`, `arguments`, `pieces`",
        ),
        ("sweep = «5»", "expected a fault", help),
        ("sweep = [cut, «x()»]", "expected a fault", help),
        ("sweep = «[]»", "the sweep tries nothing", help),
        (
            "sweep = «\"cut\"»",
            "this word has no quotes",
            "write `cut`",
        ),
        ("sweep = «\"all\"»", "expected a fault", help),
        ("«sweep»", "`sweep` has no value", "write `sweep = ..`"),
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
        &[("there is no sweep", help)],
    );
}

#[test]
fn a_test_with_a_sweep_returns_a_result_on_a_paused_clock() {
    let nothing = (
        "the test returns no `Result`, and so cannot give up at a fault",
        "write `-> Result<(), Box<dyn std::error::Error>>`, and `?` where an answer may fail",
    );
    wrong("async fn a() {}", "«sweep» = faults", &[nothing]);
    wrong("async fn a() -> () {}", "«sweep» = faults", &[nothing]);
    wrong(
        FALLIBLE,
        "«sweep» = faults, clock = \"real\"",
        &[(
            "a sweep needs the paused clock",
            "remove `clock = \"real\"`",
        )],
    );
    wrong(
        "#[should_panic] async fn a() -> Result<(), String> {}",
        "«sweep» = faults",
        &[(
            "a test that should panic has no sweep",
            "remove `#[should_panic]` or `sweep`",
        )],
    );
}
