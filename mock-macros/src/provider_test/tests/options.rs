//! The options of a test, `#[provider_test(..)]`: unknown ones, wrong values, and what contradicts.

use super::{expand, tokens};
use crate::diagnostics::written;
use crate::tests::{assert_mistakes, edits, mistakes};

#[track_caller]
fn wrong_options(marked: &str, expected: &[(&str, &str)]) {
    assert_mistakes(
        marked,
        |options| expand(options, tokens("async fn a() {}")),
        expected,
    );
}

#[test]
fn the_usual_guard_is_the_one_of_the_runtime() {
    let runtime = mock_core::__private_0_1_0::TestSpec::EMPTY.guard;
    assert_eq!(crate::provider_test::options::GUARD, runtime);
}

#[test]
fn a_keyword_among_the_options_is_one_mistake() {
    for keyword in [
        "pub", "type", "self", "crate", "Self", "match", "_", "async",
    ] {
        let options = format!("{keyword} = 5, guard = 5s");
        let expansion = expand(tokens(&options), tokens("async fn a() {}"));
        let text = expansion.to_string();
        assert!(syn::parse2::<syn::File>(expansion).is_ok(), "{text}");
        assert_eq!(text.matches("compile_error").count(), 1, "{text}");
    }
}

#[test]
fn an_unknown_option_is_corrected_or_all_are_named() {
    wrong_options(
        "«pace»(\"x\"), «a::b»",
        &[
            (
                "unknown option `pace`",
                "options: `chaos`, `clock`, `crate`, `flavor`, `foreign`, `guard`, `network`, `seeds`, `sweep`, `sweep_runs`, `task_panics`, `timeout`, `worker_threads`",
            ),
            (
                "unknown option `a :: b`",
                "options: `chaos`, `clock`, `crate`, `flavor`, `foreign`, `guard`, `network`, `seeds`, `sweep`, `sweep_runs`, `task_panics`, `timeout`, `worker_threads`",
            ),
        ],
    );
    wrong_options(
        "«paused» = true, «multi_thread», «mock»(reply(\"x\"))",
        &[
            (
                "unknown option `paused`",
                "remove it: the clock is paused by default",
            ),
            (
                "unknown option `multi_thread`",
                "write `flavor = \"multi_thread\", clock = \"real\"`",
            ),
            (
                "unknown option `mock`",
                "write the mock before an argument, as in `#[mock(reply(\"Hi.\"))] llm: MockLlm`",
            ),
        ],
    );
    wrong_options(
        "«crat» = x",
        &[("unknown option `crat`", "did you mean `crate`?")],
    );
    wrong_options(
        "«seed» = 5",
        &[(
            "unknown option `seed`",
            "write `seed = 5` in the mock, set `MOCK_CORE_SEED=5` for one run, or write `seeds = 0..100` for a run with each seed",
        )],
    );
}

#[test]
fn wrong_values_of_options() {
    let only = "write `option = value`, as in `timeout = 5s`";
    wrong_options(
        "crate = «\"x\"»",
        &[("expected a path", "write it as in `crate = ::my_mocks`")],
    );
    wrong_options("«5»", &[("expected an option", only)]);
    wrong_options(
        "«start_paused» = true, clock = «\"rael\"», guard = «5», timeout = «\"5s\"», «timeout» = 5s, «clock» = \"real\"",
        &[
            (
                "unknown option `start_paused`",
                "remove it: the clock is paused unless you write `clock = \"real\"`",
            ),
            ("unknown value `rael`", "did you mean `real`?"),
            ("`5` has no unit", "add the unit, as in `5s`"),
            ("a time is not a string", "remove the quotes: `5s`"),
            (
                "`timeout` is given twice",
                "remove one of the two `timeout`",
            ),
            ("`clock` is given twice", "remove one of the two `clock`"),
        ],
    );
}

#[test]
fn whether_a_test_may_connect_to_other_machines() {
    wrong_options(
        "network = «\"dney\"»",
        &[("unknown value `dney`", "did you mean `deny`?")],
    );
    wrong_options(
        "network = «deny»",
        &[("expected a text", "write `\"deny\"`")],
    );
    for (options, field) in [
        ("network = \"deny\"", "Network :: Deny"),
        ("network = \"allow\", clock = \"real\"", "Network :: Allow"),
    ] {
        let expansion = expand(tokens(options), tokens("async fn a() {}"));
        assert!(expansion.to_string().contains(field), "{expansion}");
    }
}

#[test]
fn how_long_a_paused_clock_waits() {
    let or_a_word = "write a time, as in `foreign = 10s`, or `wait` or `ignore`";
    for (options, message, help) in [
        (
            "foreign = «wiat»",
            "unknown value `wiat`",
            "did you mean `wait`?",
        ),
        ("foreign = «never»", "unknown value `never`", or_a_word),
        (
            "foreign = «\"ignore\"»",
            "this word has no quotes",
            "write `foreign = ignore`",
        ),
        (
            "foreign = «0s»",
            "this time is zero",
            "write a longer time, as in `10s`, or `foreign = ignore`",
        ),
        (
            "foreign = «10»",
            "`10` has no unit",
            "add the unit, as in `10s`",
        ),
        (
            "foreign = «10» s",
            "`10` has no unit",
            "write `10s`, without the space",
        ),
        (
            "foreign = «\"10s\"»",
            "a time is not a string",
            "remove the quotes: `10s`",
        ),
        (
            "«foreign»",
            "`foreign` has no value",
            "write it as in `foreign = 10s`",
        ),
        (
            "«timeout» =, guard = 5s",
            "`timeout` has no value",
            "write it as in `timeout = 5s`",
        ),
    ] {
        wrong_options(options, &[(message, help)]);
    }
    let clock = "only a paused clock waits for foreign I/O";
    let remove = "remove `foreign`: the real clock advances by itself";
    wrong_options("clock = \"real\", foreign = «wait»", &[(clock, remove)]);
    let several = "flavor = \"multi_thread\", clock = \"real\", foreign = «10s»";
    wrong_options(several, &[(clock, remove)]);
}

#[test]
fn options_that_contradict_each_other() {
    wrong_options(
        "flavor = «\"multi_thread\"»",
        &[(
            "a paused clock needs the current-thread runtime",
            "add `clock = \"real\"`, or remove `flavor`",
        )],
    );
    wrong_options(
        "worker_threads = «2»",
        &[(
            "the current-thread runtime has no worker threads",
            "add `flavor = \"multi_thread\"` and `clock = \"real\"`, or remove `worker_threads`",
        )],
    );
    wrong_options(
        "flavor = \"multi_thread\", clock = \"real\", worker_threads = «0»",
        &[(
            "`0` is not a number of threads",
            "write a whole number above zero, as in `worker_threads = 4`",
        )],
    );
}

#[test]
fn a_time_in_two_words_is_one_mistake() {
    for option in ["timeout", "guard"] {
        wrong_options(
            &format!("{option} = «5» s, clock = \"real\""),
            &[("`5` has no unit", "write `5s`, without the space")],
        );
    }
}

#[test]
fn options_that_rust_does_not_read() {
    for (options, message, help) in [
        (
            "timeout = «.5s»",
            "a number begins with a digit",
            "write `0.5s`",
        ),
        (
            "foreign = «.5s», guard = 5s",
            "a number begins with a digit",
            "write `0.5s`",
        ),
        (
            "guard = «1.5.2s»",
            "`1.5.2s` has two points",
            "write one, as in `1.5s`",
        ),
        ("timeout = «1h 30m»", "expected one time", "write `90m`"),
        (
            "timeout = «@»",
            "expected an expression",
            "write it as in `timeout = 5s`",
        ),
        (
            "timeout = 5s«;» guard = 5s",
            "expected `,`",
            "write a comma between options",
        ),
        (
            "timeout = 5s «guard» = 5s",
            "expected `,`",
            "write a comma between options",
        ),
        ("clock = «real»", "expected a text", "write `\"real\"`"),
        ("network = «deny»", "expected a text", "write `\"deny\"`"),
        (
            "network = «never»",
            "expected a text",
            "write `\"allow\"` or `\"deny\"`",
        ),
    ] {
        wrong_options(options, &[(message, help)]);
    }
}

#[cfg(feature = "sweep")]
#[test]
fn numbers_of_sweeps_and_seeds_that_rust_does_not_read() {
    for (options, message, help) in [
        (
            "seeds = 0«..=»",
            "the range has no end",
            "write the end, as in `0..=2`",
        ),
        ("seeds = 0«...»5", "a range has no third `.`", "write `..=`"),
        (
            "seeds = 0..5, chaos = [cut(«10%»)]",
            "`10%` is not a number",
            "write `0.1`",
        ),
        (
            "seeds = 0..5, chaos = [cut(«.1»)]",
            "a number begins with a digit",
            "write `0.1`",
        ),
    ] {
        wrong_options(options, &[(message, help)]);
    }
}

#[test]
fn an_edit_of_one_token_makes_at_most_one_error_at_a_token() {
    let mut wrong = Vec::new();
    for options in [
        "crate = mock_core, timeout = 5s, guard = 10s, task_panics = \"ignore\", network = \"deny\"",
        "clock = \"real\", flavor = \"multi_thread\", worker_threads = 4",
        "foreign = 10s, seeds = 0..100, chaos = [cut(0.1), timeout(0.2)]",
        "sweep = faults, sweep_runs = 20",
    ] {
        let all: Vec<_> = tokens(options).into_iter().collect();
        for edit in edits(&all) {
            let edited = written(&edit.tokens);
            let test = tokens("async fn a() -> Result<(), E> { Ok(()) }");
            let expansion = expand(tokens(&edited), test);
            let found = mistakes(&edited, &expansion);
            let have_places = found.iter().all(|found| found.place.0 < found.place.1);
            if found.len() > 1 || !have_places {
                wrong.push(format!("{edited}: {found:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
