//! S46 to S48: an instance of a script or a lane for each conversation. A conversation is recognized by its messages.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::scenario::Turn;
use mock_core::{Call, Message, MockProvider, Request, ToolCall, provider_test};

use crate::helpers::{after_tool, ask, assert_says, report};

/// A mock with an instance of these turns for each conversation.
fn mock(turns: impl IntoIterator<Item = Turn>) -> MockProvider {
    MockProvider::new(script(turns).per(Per::Conversation))
}

/// Asks, and returns the conversation with the answer in it.
pub(crate) async fn go_on(llm: &MockProvider, request: Request) -> Request {
    let answer = llm.answer(request.clone()).await.expect("a turn replies");
    request.with_message(answer.message)
}

fn instances(llm: &MockProvider) -> Vec<usize> {
    llm.calls().iter().filter_map(Call::instance).collect()
}

#[provider_test]
async fn s46_each_conversation_has_its_own_script() {
    let llm = mock([
        on(user("I am {name:word}")).reply("Hello {name}."),
        on(user("who")).reply("You are {name}."),
    ]);
    let (ada, bob) = tokio::join!(go_on(&llm, ask("I am Ada")), go_on(&llm, ask("I am Bob")));
    let bob = go_on(&llm, bob.user("who am I?")).await;
    let ada = go_on(&llm, ada.user("who am I?")).await;
    let last = |request: &Request| request.messages[3].text().into_owned();
    assert_eq!(
        (last(&ada), last(&bob)),
        ("You are Ada.".into(), "You are Bob.".into())
    );
    assert_eq!(instances(&llm), [1, 2, 2, 1]);
}

#[provider_test]
async fn s46_instructions_reasoning_and_ids_may_change() {
    let llm = mock([call("look", ()), on(tool_result("look")).reply("done")]);
    go_on(&llm, ask("a").system("It is noon.")).await;
    go_on(&llm, ask("b")).await;
    let mut request = after_tool(ask("b"), "an_id_of_its_own", "look", "seen");
    request
        .messages
        .insert(0, Message::system("It is five past."));
    go_on(&llm, request).await;
    go_on(&llm, after_tool(ask("a"), "x", "look", "seen")).await;
    assert_eq!(instances(&llm), [1, 2, 2, 1]);
}

#[provider_test]
async fn s46_conversations_with_the_same_texts_are_kept_apart() {
    let llm = mock((1..=5).map(|turn| reply(turn.to_string())));
    let mut conversations = vec![ask("hi"); 20];
    for turn in 1..=5 {
        for conversation in &mut conversations {
            let answered = go_on(&llm, conversation.clone()).await;
            let last = answered.last_message().expect("the answer");
            assert_eq!(last.text(), turn.to_string());
            *conversation = answered.user("and?");
        }
    }
    let expected = (0..5).flat_map(|_| 1..=20);
    assert!(instances(&llm).into_iter().eq(expected));
}

#[provider_test]
async fn s46_the_longest_history_is_gone_on_with() {
    let llm = mock([reply("a"), reply("b").times(0..=1), reply("c").times(0..=1)]);
    let first = go_on(&llm, ask("hi")).await;
    let second = go_on(&llm, first.user("on")).await;
    // Another that is alike up to its first answer.
    go_on(&llm, ask("hi")).await;
    let third = go_on(&llm, second.user("on")).await;
    assert_eq!(third.messages[5].text(), "c");
    assert_eq!(instances(&llm), [1, 1, 2, 1]);
}

#[provider_test]
async fn s46_an_equal_request_is_a_retry_only_after_an_answer_that_did_not_end_well() {
    // Failed, faulted, given up; and an answer to the end.
    let llm = mock([
        fail(overloaded()),
        reply("cut here").cut_after(1),
        reply("half").end_after(1),
        hang(),
        reply("whole"),
    ]);
    let request = || ask("hi");
    llm.answer(request()).await.expect_err("it is overloaded");
    llm.answer(request()).await.expect_err("it is cut");
    llm.answer(request()).await.expect("it is half of one");
    let given_up = tokio::time::timeout(secs(1), llm.answer(request())).await;
    given_up.expect_err("it hangs");
    assert_eq!(llm.answer(request()).await.expect("whole").text(), "whole");
    assert_eq!(instances(&llm), [1; 5]);
    // The last answer was complete, so the same request begins another conversation.
    llm.answer(request()).await.expect_err("it is overloaded");
    assert_eq!(llm.calls()[5].instance(), Some(2));
    for _ in 0..2 {
        let _ = llm.answer(request()).await;
    }
    let _ = tokio::time::timeout(secs(1), llm.answer(request())).await;
    llm.answer(request()).await.expect("whole");
}

#[provider_test]
async fn s46_an_equal_request_while_one_is_in_flight_begins_another_conversation() {
    let llm = mock([reply("slow").ttft(secs(1))]);
    let (one, other) = tokio::join!(llm.answer(ask("hi")), llm.answer(ask("hi")));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(instances(&llm), [1, 2]);
}

#[provider_test]
async fn s46_of_equal_conversations_the_one_that_waits_longest_goes_on() {
    let llm = mock([reply("{call}").ttft(secs(1)), reply("next")]);
    let _ = tokio::join!(llm.answer(ask("hi")), async {
        tokio::time::sleep(ms(500)).await;
        llm.answer(ask("hi")).await
    });
    // The second is in flight no more, and both wait.
    for _ in 0..2 {
        let request = ask("hi").with_message(Message::assistant("1")).user("on");
        llm.answer(request).await.expect("next");
    }
    assert_eq!(instances(&llm), [1, 2, 1, 2]);
}

#[provider_test]
async fn s46_a_conversation_whose_call_is_in_flight_is_passed_over_for_one_that_waits() {
    let llm = mock([
        on(user("hi")).reply("a").ttft(secs(1)).times(0..=1),
        reply("b"),
    ]);
    let slow = tokio::spawn(llm.answer(ask("hi")));
    llm.wait_for_calls(1).await;
    let given_up = tokio::time::timeout(ms(1), llm.answer(ask("hi"))).await;
    given_up.expect_err("it is slow too");
    let goes_on = ask("hi").with_message(Message::assistant("a")).user("on");
    llm.answer(goes_on.clone()).await.expect("the one given up");
    slow.await.expect("no panic").expect("it comes");
    llm.answer(goes_on).await.expect("the slow one");
    assert_eq!(instances(&llm), [1, 2, 2, 1]);
}

#[provider_test]
async fn s46_an_answer_that_the_request_begins_is_not_compared() {
    let llm = mock([reply("1, 2"), reply("3")]);
    let prefilled = ask("count").with_message(Message::assistant("Sure: "));
    llm.answer(prefilled).await.expect("it goes on");
    let next = ask("count")
        .with_message(Message::assistant("Sure: 1, 2"))
        .user("and?");
    llm.answer(next).await.expect("the same conversation");
    assert_eq!(instances(&llm), [1, 1]);
}

#[provider_test]
async fn s46_a_conversation_of_instructions_alone_is_not_the_beginning_of_all() {
    let llm = mock([reply("a"), reply("b").times(0..=1)]);
    let instructed = Request::new("m").system("Greet.");
    go_on(&llm, instructed.clone()).await;
    go_on(&llm, ask("hi")).await;
    let answered = instructed.with_message(Message::assistant("a")).user("hi");
    go_on(&llm, answered).await;
    assert_eq!(instances(&llm), [1, 2, 1]);
}

#[provider_test]
async fn s46_parallel_calls_in_another_order_of_fields_are_the_same() {
    let llm = mock([reply("a"), reply("b")]);
    go_on(&llm, ask("hi")).await;
    let calls = |arguments: &str| {
        let call = ToolCall::new("1", "look", arguments);
        Message::assistant("").with_tool_calls([call])
    };
    let told = |arguments: &str| {
        let request = ask("hi").with_message(calls(arguments));
        request.with_message(Message::tool("1", "x"))
    };
    go_on(&llm, told(r#"{"a":1,"b":2}"#)).await;
    assert_eq!(instances(&llm), [1, 1]);
}

#[provider_test]
async fn s46_a_thousand_conversations_of_ten_turns_have_the_right_captures() {
    let first = on(user("I am {name:word}")).reply("Hello {name}.");
    let more = (1..10).map(|turn| {
        let asked = format!("turn {turn}");
        on(user(asked)).reply(template(format!("{turn} for {{name}}")))
    });
    let llm = mock([first].into_iter().chain(more));
    let conversations: Vec<_> = (0..1_000)
        .map(|number| {
            let llm = llm.clone();
            tokio::spawn(async move {
                let mut request = ask(&format!("I am n{number}"));
                for turn in 1..=10 {
                    request = go_on(&llm, request).await;
                    tokio::task::yield_now().await;
                    let last = request.messages.last().expect("the answer");
                    let expected = match turn {
                        1 => format!("Hello n{number}."),
                        turn => format!("{} for n{number}", turn - 1),
                    };
                    assert_eq!(last.text(), expected);
                    request = request.user(format!("turn {turn}"));
                }
            })
        })
        .collect();
    for conversation in conversations {
        conversation.await.expect("it is answered");
    }
    assert_eq!(llm.calls().len(), 10_000);
}

#[test]
fn s47_every_instance_that_began_must_be_whole() {
    let report = report(|test| {
        let turns = [reply("1"), reply("2"), reply("3")];
        let scenario = script(turns).per(Per::Conversation);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let mut begun = Vec::new();
            for name in ["a", "b", "c"] {
                begun.push(go_on(&llm, ask(name)).await);
            }
            let b = go_on(&llm, begun[1].clone().user("on")).await;
            go_on(&llm, b.user("on")).await;
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: turn 2 was never used for conversation 1",
            "and 1 turn after it",
            "and turns of 1 other instance",
            "no call came after call 1 of conversation 1",
            "make one more call of conversation 1",
        ],
    );
}

#[test]
fn s48_a_conversation_that_begins_with_an_answer_is_reported() {
    let report = report(|test| {
        let turns = [on(user("hi")).reply("1"), on(user("on")).reply("2")];
        let scenario = script(turns).per(Per::Conversation);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            go_on(&llm, ask("hi")).await;
            // The client has cut off the beginning.
            let trimmed = ask("…").with_message(Message::assistant("1")).user("on");
            llm.answer(trimmed).await.expect_err("it is not known");
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 2 of conversation 2 does not fit turn 1",
            "call 2 goes on with no conversation that the mock knows, so it began conversation 2",
            "tell conversations by a key:",
            "`per = header(\"x-session\")`",
        ],
    );
}
