//! Cases, values and mocks: a `#[test]` for each, and one body.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;
use std::sync::Arc;

use mock_core::{FromTest, Message, Test};

use crate::helpers::*;

mock_provider!(Terse, script = [reply("Hi.").forever()]);
mock_provider!(Slow, script = [reply("Hi.").ttft(60s).forever()]);

const ROME: &str = "Rome";

struct Name(&'static str);

impl FromTest for Name {
    fn from_test(test: &mut Test) -> Self {
        Name(test.name())
    }
}

#[provider_test]
#[case::paris("Paris", 18)]
#[case::rome(ROME, 20 + 5)]
async fn a_case_fills_the_arguments(
    #[case] city: &str,
    #[mock(on(user("weather in {city}")).reply("{city}"))] llm: MockProvider,
    name: Name,
    #[case] temp: i32,
) {
    let answer = ask(&llm, &format!("The weather in {city}?")).await;
    assert_eq!(answer.as_deref(), Ok(city));
    assert_eq!(temp, if city == "Paris" { 18 } else { 25 });
    let case = format!(
        "cases_and_values::a_case_fills_the_arguments::{}",
        city.to_lowercase()
    );
    assert!(name.0.ends_with(&case), "{}", name.0);
}

#[provider_test]
#[case::celsius("°C")]
async fn an_argument_has_the_name_of_the_test(
    #[case] an_argument_has_the_name_of_the_test: &str,
    #[mock(reply(an_argument_has_the_name_of_the_test.to_owned()))] llm: MockProvider,
) {
    let answer = ask(&llm, "hello").await;
    assert_eq!(answer.as_deref(), Ok("°C"));
    assert_eq!(an_argument_has_the_name_of_the_test, "°C");
}

#[provider_test]
#[deny(unused_variables)]
#[case::warm("It is warm.", "weather")]
async fn a_value_that_only_a_mock_uses_is_used(
    #[case] text: &'static str,
    #[case] topic: &'static str,
    #[values(1, 2)] times: u32,
    #[mock(on(when(move |request| request.user_text().unwrap_or_default().contains(topic)))
        .reply(format!("{text}"))
        .times(times..))]
    llm: MockProvider,
) {
    for _ in 0..2 {
        let answer = ask(&llm, "The weather?").await;
        assert_eq!(answer.as_deref(), Ok("It is warm."));
    }
}

#[provider_test]
#[case::hello("Hello.")]
#[case::goodbye("Goodbye.")]
async fn a_mock_in_place_sees_the_values(
    #[mock(reply(text).times(times), respond_with(move |_| Response::from(Message::assistant(text))))]
    llm: MockProvider,
    #[case] text: &'static str,
    #[values(1, 2)] times: u32,
) {
    for _ in 0..=times {
        assert_eq!(ask(&llm, "hello").await.as_deref(), Ok(text));
    }
}

#[provider_test]
async fn values_and_mocks_are_multiplied(
    #[values("°C", "°F", "", "a b", "a-b")] unit: &str,
    #[values(-1, 1, 0.5 as i32)] number: i32,
    #[mocks(Terse, self::Slow)] llm: Arc<MockProvider>,
    #[mocks(Slow)] other: &MockLlm,
) {
    assert!(number < 2, "{unit}");
    assert_eq!(ask(&other.0, "hello").await.as_deref(), Ok("Hi."));
    assert_eq!(ask(&llm, "hello").await.as_deref(), Ok("Hi."));
}

#[provider_test]
#[ignore = "of the first case alone"]
#[case::ignored(0)]
#[should_panic(expected = "one")]
#[case::panics(1)]
#[cfg_attr(all(), case::configured(2))]
#[cfg_attr(any(), case::not_configured(3))]
#[allow(clippy::panic)]
async fn an_attribute_before_a_case_is_of_this_case(#[case] number: u32) {
    assert_ne!(number, 0, "{number} is the ignored one");
    assert!(number != 1, "one");
    assert_eq!(number, 2);
}

#[ignore = "above, and so of all"]
#[provider_test]
#[case::one(1)]
#[case::two(2)]
async fn an_attribute_above_is_of_all_cases(#[case] _number: u32) {
    panic!("none of them runs");
}

#[provider_test]
#[case::one(1)]
#[case::two(2)]
#[should_panic(expected = "each")]
async fn an_attribute_below_is_of_all_cases(#[case] _number: u32) {
    panic!("each of them panics");
}

#[provider_test]
#[case::owned(vec![1], Box::new(|n| n + 1), (1, 2))]
#[case::r#type(Vec::new(), Box::new(|n| n), (2, 2))]
async fn a_value_is_any_expression(
    #[case] mut list: Vec<u32>,
    #[case] call: Box<dyn Fn(u32) -> u32>,
    #[case] (one, two): (u32, u32),
    #[values(&mut [1, 2], &mut [])] slice: &mut [u8],
) -> Result<(), String> {
    list.push(one);
    slice.fill(0);
    assert_eq!(call(one), two);
    list.pop().map(drop).ok_or_else(|| "empty".to_owned())
}

/// A case of the same name in another fn, and one with the name of its fn.
mod same_names {
    use super::*;

    #[provider_test]
    #[case::same_names(1)]
    #[case::ask(2)]
    async fn same_names(#[case] number: u32, #[mock(reply("Hi."))] llm: MockProvider) {
        assert!(number > 0);
        assert!(ask(&llm, "hello").await.is_ok());
    }
}

/// What the test binary lists under `cases::`.
fn listed(options: &[&str]) -> BTreeSet<String> {
    let this = env::current_exe().expect("the test binary");
    let list = Command::new(this)
        .args(["cases_and_values::", "--list"])
        .args(options)
        .output();
    let list = String::from_utf8(list.expect("a list").stdout).expect("a text");
    let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
    tests
        .filter_map(|test| test.strip_prefix("cases_and_values::"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_case_is_listed_by_its_name() {
    let all = listed(&[]);
    for test in [
        "a_case_fills_the_arguments::paris",
        "a_case_fills_the_arguments::rome",
        "a_mock_in_place_sees_the_values::hello::times_1",
        "a_mock_in_place_sees_the_values::goodbye::times_2",
        "values_and_mocks_are_multiplied::unit_C::number_minus_1::llm_Terse::other_Slow",
        "values_and_mocks_are_multiplied::unit_F::number_1::llm_Slow::other_Slow",
        "values_and_mocks_are_multiplied::unit_empty::number_0_5_as_i32::llm_Slow::other_Slow",
        "values_and_mocks_are_multiplied::unit_a_b::number_1::llm_Slow::other_Slow",
        "values_and_mocks_are_multiplied::unit_a_b_2::number_1::llm_Slow::other_Slow",
        "an_attribute_before_a_case_is_of_this_case::configured",
        "same_names::same_names::same_names",
    ] {
        assert!(all.contains(test), "{test} is not in {all:#?}");
    }
    let count = |name: &str| all.iter().filter(|test| test.starts_with(name)).count();
    assert_eq!(count("values_and_mocks_are_multiplied::"), 5 * 3 * 2);
    assert_eq!(count("an_attribute_before_a_case_is_of_this_case::"), 3);
    let ignored: Vec<_> = listed(&["--ignored"]).into_iter().collect();
    assert_eq!(
        ignored,
        [
            "an_attribute_above_is_of_all_cases::one",
            "an_attribute_above_is_of_all_cases::two",
            "an_attribute_before_a_case_is_of_this_case::ignored",
        ]
    );
}

#[test]
fn a_case_runs_alone_by_its_name_and_its_report_has_it() {
    let case = "cases_and_values::an_attribute_before_a_case_is_of_this_case::ignored";
    let this = env::current_exe().expect("the test binary");
    let run = Command::new(this)
        .args([case, "--exact", "--ignored"])
        .output();
    let printed = String::from_utf8_lossy(&run.expect("a run").stdout).into_owned();
    assert!(printed.contains("running 1 test"), "{printed}");
    assert!(printed.contains("0 is the ignored one"), "{printed}");
    assert!(printed.contains(&format!("{case}' ")), "{printed}");
}
