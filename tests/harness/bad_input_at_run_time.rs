//! Bad input that is known only when a test runs: each has a report that says what to do. What the compiler finds is in
//! `tests/compile_errors/unknown_options.rs` and `tests/compile_errors/wrong_seeds_and_sweeps.rs`.

use std::env;

use mock_core::builder::{expect, reply, script};
use mock_core::{MockProvider, ProviderError, Test, provider_test};

use crate::helpers::ask;
use crate::helpers::run_alone;

#[provider_test]
#[ignore = "run by the test below"]
async fn plain(#[mock(reply("Hi."))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
}

#[provider_test(seeds = 0..5)]
#[ignore = "run by the test below"]
async fn seeded(#[mock(reply("Hi."))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
}

#[provider_test(sweep = faults)]
#[ignore = "run by the test below"]
async fn swept(#[mock(reply("Hi."))] llm: MockProvider) -> Result<(), ProviderError> {
    llm.answer(ask()).await.map(drop)
}

#[provider_test(sweep = faults)]
#[ignore = "run by the test below"]
async fn swept_without_turns(#[mock()] _llm: MockProvider) -> Result<(), ProviderError> {
    Ok(())
}

#[provider_test(sweep = faults)]
#[ignore = "run by the test below"]
async fn swept_without_mocks() -> Result<(), ProviderError> {
    Ok(())
}

#[provider_test(sweep = keepalive)]
#[ignore = "run by the test below"]
async fn swept_for_what_cannot_be(
    #[mock(reply("Hi."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    llm.answer(ask()).await.map(drop)
}

struct Built;

impl mock_core::FromTest for Built {
    fn from_test(test: &mut Test) -> Self {
        let never = [
            expect::order("a", "b"),
            expect::order("b", "c"),
            expect::order("c", "a"),
        ];
        test.mock(script([reply("Hi.")]).expect(never));
        Built
    }
}

#[provider_test]
#[ignore = "run by the test below"]
async fn expects_what_never_holds(_built: Built) {}

#[test]
fn each_bad_input_has_a_report_that_says_what_to_do() {
    let this = env::current_exe().expect("this test has a path");
    let within_a_file = this.join("within");
    let within_a_file = within_a_file.to_str().expect("a path in UTF-8");
    let unset = "or unset it";
    for (test, variable, parts) in [
        (
            "plain",
            ("MOCK_CORE_SEED", "forty-two"),
            [
                "`MOCK_CORE_SEED` is `forty-two`, which is not a seed: set it to a whole number",
                unset,
            ],
        ),
        (
            "seeded",
            ("MOCK_CORE_SEED", "0..5"),
            [
                "`MOCK_CORE_SEED` is `0..5`, which is not a seed: set it to a whole number",
                unset,
            ],
        ),
        (
            "plain",
            ("MOCK_CORE_GUARD", "soon"),
            ["`MOCK_CORE_GUARD` is `soon`, which is not a time", unset],
        ),
        (
            "plain",
            ("MOCK_CORE_PICTURES", within_a_file),
            ["a folder that can be written", "set it to another one"],
        ),
        (
            "swept",
            ("MOCK_CORE_SWEEP", "first"),
            ["`MOCK_CORE_SWEEP` is `first`, which is not", unset],
        ),
        (
            "swept",
            ("MOCK_CORE_SWEEP", "1000"),
            ["set it to a number up to 3", unset],
        ),
        (
            "swept_without_turns",
            ("", ""),
            [
                "no mock of the test has a turn; write one",
                "or remove `sweep`",
            ],
        ),
        (
            "swept_without_mocks",
            ("", ""),
            ["the test has no mock; give it one", "or remove `sweep`"],
        ),
        (
            "swept_for_what_cannot_be",
            ("", ""),
            [
                "can go wrong in the ways that `sweep` names",
                "write `sweep = faults`",
            ],
        ),
        (
            "expects_what_never_holds",
            ("", ""),
            ["`a` comes before `c`", "remove one of them"],
        ),
    ] {
        let set = [variable];
        let variables = match variable.0 {
            "" => &[][..],
            _ => &set,
        };
        let (passed, printed) = run_alone(&format!("bad_input_at_run_time::{test}"), variables);
        assert!(!passed, "{test}: {printed}");
        for part in parts {
            assert!(printed.contains(part), "{test}: no {part} in {printed}");
        }
    }
}
