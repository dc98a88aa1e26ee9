//! The code of `docs/suites.md` about cases and values.

use mock_core::builder::{ms, reply, script, stream};
use mock_core::scenario::Profile;
use mock_core::{MockProvider, Request, mock_provider, provider_test};
use tests::Played;

fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

#[provider_test]
#[case::celsius("°C", 18)]
#[case::fahrenheit("°F", 64)]
async fn the_answer_names_the_unit(
    #[case] unit: &str,
    #[case] temp: i32,
    #[mock(reply(format!("It is {temp} {unit}.")))] llm: MockProvider,
) {
    let answer = llm.answer(ask("the weather?")).await.expect("an answer");
    assert!(answer.text().ends_with(&format!("{temp} {unit}.")));
}

#[provider_test]
#[case::paris("Paris", "Sunny.")]
#[case::oslo("Oslo", "Snow.")]
async fn the_question_names_the_city(
    #[case] city: &'static str,
    #[case] weather: &str,
    #[mock(on(when(move |request| request.user_text().unwrap_or_default().contains(city))).reply(weather))]
    llm: MockProvider,
) {
    let question = format!("What is the weather in {city}?");
    let answer = llm.answer(ask(&question)).await.expect("an answer");
    assert_eq!(answer.text(), weather);
}

mock_provider!(
    Plain = anthropic("claude-sonnet-4-5"),
    script = [reply("Done.").times(1..)],
);
mock_provider!(
    Streamed = openai("gpt-4o"),
    script = [stream(["Do", "ne."]).every(20ms).times(1..)],
);

#[provider_test]
async fn each_answer_is_whole(
    #[mocks(Plain, Streamed)] llm: MockProvider,
    #[values(1, 3)] times: u32,
) {
    for _ in 0..times {
        let answer = llm.answer(ask("go on")).await.expect("an answer");
        assert_eq!(answer.text(), "Done.");
    }
}

#[provider_test]
#[case::some(1)]
#[should_panic(expected = "no tokens")]
#[case::none(0)]
async fn a_limit_is_more_than_zero(#[case] limit: u32) {
    assert!(limit > 0, "no tokens");
}

#[test]
fn the_mocks_are_built_without_the_macro_too() {
    let plain = script([reply("Done.").times(1..)])
        .named("Plain")
        .profile(Profile::Anthropic)
        .model("claude-sonnet-4-5");
    assert_eq!(Played::by(Plain::new().handle()), plain);
    let turn = stream(["Do", "ne."]).every(ms(20)).times(1..);
    let streamed = script([turn]).named("Streamed").profile(Profile::Openai);
    assert_eq!(
        Played::by(Streamed::new().handle()),
        streamed.model("gpt-4o")
    );
}
