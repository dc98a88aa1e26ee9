//! Which turn answers: S1, S2, S4, S22.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::scenario::Matcher;
use mock_core::{
    Allow, ErrorKind, Message, MockProvider, Part, ProviderError, Request, Role, ToolCall,
    mock_provider, provider_test,
};

use crate::{after_tool, ask, assert_says, llm, outcome, report, say};

#[provider_test]
async fn s02_a_mock_with_an_empty_script_need_not_be_called(#[mock()] llm: MockProvider) {
    assert!(llm.calls().is_empty());
}

#[provider_test]
async fn s01_the_head_of_the_script_answers(
    #[mock(reply("first"), reply("second"))] llm: MockProvider,
) {
    assert_eq!(say(&llm, "anything").await, "first");
    assert_eq!(say(&llm, "anything").await, "second");
}

#[test]
fn s01_a_head_that_still_has_to_answer_is_not_passed_over() {
    let report = report(|test| {
        let llm = llm(test, [on(user("a")).reply("A"), on(user("b")).reply("B")]);
        test.drive(pin!(async {
            let error = llm.answer(ask("b")).await.expect_err("the head is for `a`");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert_eq!(llm.calls()[0].turn(), None);
        }));
    });
    assert_says(&report, &["call 1 does not fit turn 1", "turns.rs"]);
}

#[test]
fn s01_a_head_in_the_middle_of_its_minimum_is_not_passed_over() {
    let report = report(|test| {
        let turns = [
            on(user("a")).reply("A").times(2..=3),
            on(user("b")).reply("B"),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            say(&llm, "a").await;
            let error = llm.answer(ask("b")).await.expect_err("`a` is due again");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 2 does not fit turn 1"]);
}

#[provider_test]
async fn s01_a_head_that_has_its_minimum_gives_way(
    #[mock(
        on(user("a")).reply("A").times(1..=3),
        on(user("b")).reply("B"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "a").await, "A");
    assert_eq!(say(&llm, "b").await, "B");
}

#[provider_test]
async fn s01_several_turns_give_way_to_one_request(
    #[mock(
        on(user("a")).reply("A").times(0..=1),
        on(user("b")).reply("B").times(0..=1),
        on(user("c")).reply("C"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "c").await, "C");
    assert_eq!(llm.calls()[0].turn(), Some(2));
}

#[test]
fn s01_a_turn_that_gave_way_does_not_come_back() {
    let report = report(|test| {
        let turns = [
            on(user("a")).reply("A").times(1..=3),
            on(user("b")).reply("B").times(1..=3),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            say(&llm, "a").await;
            say(&llm, "b").await;
            let error = llm.answer(ask("a")).await.expect_err("`a` is over");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 3 does not fit turn 2"]);
}

#[test]
fn s01_a_request_that_no_turn_answers_is_a_mismatch() {
    let report = report(|test| {
        let turns = [
            on(user("a")).reply("A").times(0..=1),
            on(user("b")).reply("B").times(0..=1),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            let error = llm.answer(ask("c")).await.expect_err("nothing is for `c`");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 1 does not fit"]);
}

#[provider_test]
async fn s01_all_the_matchers_of_a_turn_must_hold(
    #[mock(
        on(user("a"), user("b")).reply("both").times(0..=1),
        reply("not both"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "only a").await, "not both");
    assert_eq!(llm.calls()[0].turn(), Some(1));
}

#[provider_test]
async fn s02_a_turn_of_n_times_answers_n_times(
    #[mock(reply("twice").times(2), reply("then"))] llm: MockProvider,
) {
    for expected in ["twice", "twice", "then"] {
        assert_eq!(say(&llm, "go on").await, expected);
    }
}

#[test]
fn s02_a_turn_of_n_times_answers_no_more_than_that() {
    let report = report(|test| {
        let llm = llm(test, [reply("twice").times(2)]);
        test.drive(pin!(async {
            say(&llm, "1").await;
            say(&llm, "2").await;
            let error = llm.answer(ask("3")).await.expect_err("the turn is used up");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 3 is one too many"]);
}

#[provider_test]
async fn s02_a_turn_takes_all_it_may_while_it_matches(
    #[mock(reply("greedy").times(1..=3), reply("then"))] llm: MockProvider,
) {
    for expected in ["greedy", "greedy", "greedy", "then"] {
        assert_eq!(say(&llm, "go on").await, expected);
    }
}

#[provider_test]
async fn s02_a_turn_of_zero_times_or_once_may_be_left_out(
    #[mock(reply("perhaps").times(0..=1))] llm: MockProvider,
) {
    assert!(llm.verify().is_ok());
}

#[provider_test]
async fn s02_forever_has_no_end(#[mock(reply("again").forever())] llm: MockProvider) {
    for _ in 0..1_000 {
        assert_eq!(say(&llm, "go on").await, "again");
    }
}

#[test]
fn s02_forever_is_at_least_once() {
    let report = report(|test| {
        llm(test, [reply("again").forever()]);
        test.drive(pin!(async {}));
    });
    assert_says(&report, &["turn 1 was never used"]);
}

#[test]
fn s02_a_turn_used_less_than_its_minimum_is_unused() {
    let report = report(|test| {
        let llm = llm(test, [reply("again").times(3..=5)]);
        test.drive(pin!(async {
            say(&llm, "1").await;
            say(&llm, "2").await;
        }));
    });
    assert_says(&report, &["turn 1 was used 2 of 3 times"]);
}

#[provider_test]
async fn s02_a_turn_at_its_minimum_is_not_unused(
    #[mock(reply("again").times(2..=5))] llm: MockProvider,
) {
    say(&llm, "1").await;
    assert!(llm.verify().is_err());
    say(&llm, "2").await;
    assert!(llm.verify().is_ok());
}

/// Whether a turn with this matcher answers this request.
async fn holds(matcher: Matcher, request: Request) -> bool {
    let llm = MockProvider::script([
        on(matcher).reply("yes").times(0..=1),
        reply("no").times(0..=1),
    ]);
    let response = llm.answer(request).await.expect("one of the two answers");
    response.text() == "yes"
}

#[provider_test]
async fn s04_user_looks_for_its_text_anywhere_in_the_message() {
    assert!(holds(user("weather"), ask("What is the weather today?")).await);
    assert!(!holds(user("weather"), ask("What time is it?")).await);
}

#[provider_test]
async fn s04_user_is_case_sensitive() {
    assert!(!holds(user("Weather"), ask("the weather")).await);
    assert!(holds(user("Weather"), ask("the Weather")).await);
}

#[provider_test]
async fn s04_user_takes_all_runs_of_white_space_as_equal() {
    assert!(holds(user("the  weather"), ask("the\n\t weather")).await);
    assert!(!holds(user("the weather"), ask("theweather")).await);
}

#[provider_test]
async fn s04_user_takes_a_star_for_any_text() {
    assert!(holds(user("weather*Paris"), ask("the weather, please, of Paris")).await);
    assert!(holds(user("weather*Paris"), ask("weatherParis")).await);
    assert!(!holds(user("weather*Paris"), ask("Paris weather")).await);
}

#[provider_test]
async fn s04_user_asks_of_the_last_message_only() {
    let request = ask("first").with_message(Message::assistant("Yes?"));
    assert!(!holds(user("first"), request.clone()).await);
    assert!(!holds(user("first"), request.clone().user("second")).await);
    assert!(holds(user("second"), request.user("second")).await);
}

#[provider_test]
async fn s04_user_does_not_count_instructions_as_the_last_message() {
    let developer = Message::new(Role::Developer, vec![Part::Text("Be brief.".into())]);
    assert!(holds(user("hello"), ask("hello").system("Be kind.")).await);
    assert!(holds(user("hello"), ask("hello").with_message(developer)).await);
    assert!(!holds(user("kind"), ask("hello").system("Be kind.")).await);
}

#[provider_test]
async fn s04_a_tool_result_counts_with_a_text_of_the_user_behind_it() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}").user("In short.");
    assert!(holds(tool_result("get_weather"), request.clone()).await);
    assert!(holds(user("short"), request).await);
}

/// The same conversation as [`after_tool`], with the result in a message of the user, before these parts.
fn within_a_message_of_the_user(rest: impl IntoIterator<Item = Part>) -> Request {
    let mut request = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp": 18}"#);
    let mut last = request.messages.pop().expect("the result");
    last.role = Role::User;
    last.parts.extend(rest);
    request.with_message(last)
}

#[provider_test]
async fn s04_a_result_within_a_message_of_the_user_is_a_tools_and_the_rest_is_the_users() {
    let alone = within_a_message_of_the_user([]);
    assert!(holds(tool_result("get_weather"), alone.clone()).await);
    assert!(!holds(user(""), alone.clone()).await);
    assert!(holds(said("weather"), alone.clone()).await);
    let with_text = within_a_message_of_the_user([Part::Text("In short.".into())]);
    assert!(holds(tool_result("get_weather"), with_text.clone()).await);
    assert!(holds(user("short"), with_text.clone()).await);

    let turns = [
        reply("{user} {get_weather.temp}"),
        reply("{user} {get_weather.temp}"),
    ];
    let llm = MockProvider::script(turns);
    for (request, said) in [(alone, "weather 18"), (with_text, "In short. 18")] {
        let response = llm.answer(request.clone()).await.expect("an answer");
        assert_eq!(response.text(), said);
        let calls = llm.calls();
        let call = calls.last().expect("a call");
        assert_eq!(call.request(), &request, "the journal has what was sent");
    }
}

#[provider_test]
async fn s04_user_does_not_hold_after_a_tool_result() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}");
    assert!(!holds(user("weather"), request.clone()).await);
    assert!(!holds(user(""), request).await);
}

#[provider_test]
async fn s04_a_tool_result_is_known_by_the_id_of_its_call() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}");
    assert!(holds(tool_result("get_weather"), request.clone()).await);
    assert!(!holds(tool_result("get_time"), request).await);
    let stray = ask("weather").with_message(Message::tool("call_1", "{}"));
    let turns = [
        on(tool_result("get_weather")).reply("yes").times(0..=1),
        reply("no"),
    ];
    let allow = Allow::NOTHING.with_broken_conversations();
    let llm = MockProvider::new(script(turns).allow(allow));
    let response = llm.answer(stray).await.expect("an answer");
    assert_eq!(response.text(), "no");
}

#[provider_test]
async fn s04_a_tool_result_is_any_of_the_trailing_tool_messages() {
    let calls = [
        ToolCall::new("call_1", "get_weather", "{}"),
        ToolCall::new("call_2", "get_time", "{}"),
    ];
    let request = ask("weather and time")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool("call_2", "noon"))
        .with_message(Message::tool("call_1", "sunny"));
    assert!(holds(tool_result("get_weather"), request.clone()).await);
    assert!(holds(tool_result("get_time"), request).await);
}

#[provider_test]
async fn s04_a_tool_result_before_the_last_message_of_the_assistant_does_not_count() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}");
    let answered = request.clone().with_message(Message::assistant("Sunny."));
    assert!(!holds(tool_result("get_weather"), answered.user("Thanks.")).await);
    let later = after_tool(request, "call_2", "get_time", "noon");
    assert!(!holds(tool_result("get_weather"), later.clone()).await);
    assert!(holds(tool_result("get_time"), later).await);
}

mock_provider!(
    Weather,
    tools = [get_weather { city: string }],
    script = [call(get_weather { city: "Paris" })],
);

#[provider_test]
async fn s22_a_tool_that_the_request_offers_is_called(llm: Weather) -> Result<(), ProviderError> {
    let request = ask("weather").with_tools(llm.tool_definitions());
    let response = llm.answer(request).await?;
    let calls: Vec<_> = response.tool_calls().map(|call| &*call.name).collect();
    assert_eq!(calls, ["get_weather"]);
    Ok(())
}

#[test]
fn s22_a_call_of_a_declared_tool_that_is_not_offered_is_a_mismatch() {
    let report = report(|test| {
        let llm = test.inject::<Weather>("llm");
        test.drive(pin!(async {
            let error = llm
                .answer(ask("weather"))
                .await
                .expect_err("nothing is offered");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 1", "turn 1", "calls `get_weather`"]);
}

#[test]
fn s22_one_of_several_calls_that_is_not_offered_is_enough() {
    let report = report(|test| {
        let scenario = script([call("get_weather", ()).call("get_time", ())])
            .tools([tool("get_weather"), tool("get_time")]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let offered = llm.tool_definitions().into_iter().take(1);
            let error = llm.answer(ask("both").with_tools(offered)).await;
            let error = error.expect_err("the second tool is not offered");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["calls `get_time`", "only `get_weather`"]);
}

#[test]
fn s22_a_tool_that_is_not_declared_need_not_be_offered() {
    let passed = outcome(false, |test| {
        let llm = llm(test, [call("get_weather", [("city", "Paris")])]);
        test.drive(pin!(async {
            let response = llm
                .answer(ask("weather"))
                .await
                .expect("no tool is declared");
            assert_eq!(response.tool_calls().count(), 1);
        }));
    });
    assert_eq!(passed, Ok(()));
}
