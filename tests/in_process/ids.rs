//! S41: the ids of answers and of tool calls in process.

use mock_core::builder::*;
use mock_core::scenario::{Profile, Scenario};
use mock_core::{MockProvider, Response, StreamEvent, provider_test};

use crate::helpers::{ask, panic_of, streamed};

fn ids(response: &Response) -> Vec<&str> {
    response.tool_calls().map(|call| &*call.id).collect()
}

#[provider_test]
async fn s41_a_call_has_the_id_that_it_is_given() {
    let turns = [
        on(user("{city}"))
            .call("a", ())
            .id("first")
            .call("b", ())
            .call("c", ())
            .id("{city}_{call}"),
        call("a", [("x", 1)]).id("call_{call}").pieces(2).times(2),
    ];
    let llm = MockProvider::script(turns);
    let answer = llm.answer(ask("Rome")).await.expect("calls");
    assert_eq!(ids(&answer), ["first", "call_1_2", "Rome_1"]);
    let (whole, events) = streamed(&llm, "Rome").await;
    assert_eq!(ids(&whole), ["call_2"]);
    let id = "call_2".to_owned();
    let start = StreamEvent::ToolCallStart {
        index: 0,
        id,
        name: "a".into(),
        extra: None,
    };
    assert_eq!(events[0], start);
    assert_eq!(
        ids(&llm.answer(ask("Rome")).await.expect("a call")),
        ["call_3"]
    );
}

#[provider_test]
async fn s41_a_computed_id_is_not_a_template() {
    let llm = MockProvider::script([call("a", ()).id(String::from("{call}"))]);
    assert_eq!(
        ids(&llm.answer(ask("a")).await.expect("a call")),
        ["{call}"]
    );
}

#[provider_test]
async fn s41_ids_that_the_mock_makes_count_in_process() {
    for (profile, answer_id, call_id) in [
        (Profile::Plain, "resp_2", "call_2_1"),
        (Profile::Openai, "chatcmpl-2", "call_2_1"),
        (Profile::OpenaiResponses, "resp_2", "call_2_1"),
        (Profile::Anthropic, "msg_2", "toolu_2_1"),
        (Profile::Gemini, "resp_2", "call_2_1"),
        (Profile::Ollama, "resp_2", "call_2_1"),
    ] {
        let script = script([reply("a"), call("a", ())]).profile(profile);
        let llm = MockProvider::new(script);
        llm.answer(ask("a")).await.expect("a text");
        let answer = llm.answer(ask("a")).await.expect("a call");
        assert_eq!(
            (&*answer.id, ids(&answer)),
            (answer_id, vec![call_id]),
            "{profile:?}"
        );
    }
}

#[test]
fn s41_no_two_calls_have_the_same_id() {
    let again = "it may answer more than once, each time with the call id \"x\"; write the number of the call into the id";
    let one = || call("a", ()).id("x");
    for (scenario, problem) in [
        (script([one().times(2)]), again),
        (script([one().times(1..)]), again),
        (script([one()]).otherwise(cycle()), again),
        (script([reply("a"), one()]).otherwise(repeat_last()), again),
        (
            script([]).rules([on(user("a")).call("a", ()).id("x")]),
            again,
        ),
        (script([]).otherwise(one()), again),
        (
            script([on(user("{x}")).call("a", ()).id("{x}").forever()]),
            "each time with the call id \"{x}\"",
        ),
        (
            script([one(), reply("a"), one()]),
            "its tool call has the id \"x\", as one of an earlier turn; give each an id of its own",
        ),
        (
            script([one().call("a", ()).id("x")]),
            "two of its tool calls have the id \"x\"",
        ),
        (
            script([call("a", ())
                .id("{call}")
                .call("a", ())
                .id("{call}")
                .times(2)]),
            "two of its tool calls have the id \"{call}\"",
        ),
        (
            script([call("a", ()).id("")]),
            "the id of its tool call is empty; write one, or remove `.id(..)`",
        ),
    ] {
        let error = scenario.check().expect_err(problem).to_string();
        assert!(error.contains(problem), "{problem:?} is not in {error:?}");
        assert_eq!(panic_of(|| drop(MockProvider::new(scenario))), Some(error));
    }
    let distinct: [Scenario; 3] = [
        script([one().times(0..=1), call("a", ()).id("y")]).otherwise(call("a", ())),
        script([reply("a"), one(), reply("b")]).otherwise(repeat_last()),
        script([
            call("a", ())
                .id("{call}a")
                .call("a", ())
                .id("{call}b")
                .times(2),
            call("a", ()).id("{call}a"),
        ]),
    ];
    for scenario in distinct {
        assert_eq!(scenario.check(), Ok(()));
    }
}

#[test]
fn s41_an_id_comes_right_after_its_call() {
    for (turn, says) in [
        (
            panic_of(|| drop(reply("a").id("x"))),
            "no call is right before `.id(..)`",
        ),
        (
            panic_of(|| drop(call("a", ()).reply("a").id("x"))),
            "no call is right before `.id(..)`",
        ),
        (
            panic_of(|| drop(call("a", ()).id("x").id("y"))),
            "has an id already",
        ),
        (
            panic_of(|| drop(call("a", ()).id("{"))),
            "`{` is not closed",
        ),
    ] {
        assert!(
            turn.as_ref().is_some_and(|panic| panic.contains(says)),
            "{says}: {turn:?}"
        );
    }
}
