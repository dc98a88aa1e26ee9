//! Arguments of tool calls that are values of a Rust type: when they are serialized, and what happens if that fails.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::*;
use mock_core::scenario::{Text, Turn};
use mock_core::{Call, ErrorKind, MockProvider, Outcome, StreamEvent, provider_test};
use tests::private::{Action, Arguments, Make, ScriptedCall, TypedArguments};

use crate::helpers::{ask, assert_says, report, streamed};

/// A turn that calls a tool with arguments of a type of the user's own.
fn typed_call(make: fn(&[String]) -> Result<String, String>) -> Turn {
    let mut turn = on(user("in {city}")).reply("So.");
    turn.actions = vec![Action::Call(ScriptedCall {
        tool: "get_weather".into(),
        arguments: Arguments::Typed(TypedArguments {
            texts: vec![Text::parse("{city}").expect("a template")].into(),
            make: Make::Fn(make),
        }),
        ..ScriptedCall::EMPTY
    })]
    .into();
    turn
}

#[provider_test]
async fn typed_arguments_are_made_from_texts_that_are_not_escaped() {
    let make = |texts: &[String]| Ok(serde_json::json!({"city": texts[0]}).to_string());
    let llm = MockProvider::script([typed_call(make).pieces(3).times(2)]);
    let asked = r#"in "Paris""#;
    let answer = llm.answer(ask(asked)).await.expect("an answer");
    let expected = serde_json::json!({"city": "\"Paris\""}).to_string();
    assert_eq!(
        answer.tool_calls().next().expect("a call").arguments,
        expected
    );
    let (answer, _) = streamed(&llm, asked).await;
    assert_eq!(
        answer.tool_calls().next().expect("a call").arguments,
        expected
    );
}

/// Which answers to a stream are told: the number of events that the caller takes of it, or all.
const TAKEN: [usize; 7] = [0, 1, 2, 3, 4, 5, usize::MAX];

#[provider_test]
async fn typed_arguments_are_made_once_for_each_call_and_told_as_they_were_sent() {
    let made = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&made);
    let make = move |_: &[String]| Ok(counts.fetch_add(1, Ordering::Relaxed).to_string());
    let typed = || {
        Action::Call(ScriptedCall {
            tool: "count".into(),
            arguments: Arguments::Typed(TypedArguments {
                texts: Vec::new().into(),
                make: Make::Shared(Arc::new(make.clone())),
            }),
            ..ScriptedCall::EMPTY
        })
    };
    let mut turn = reply("So.").times(0..);
    turn.actions = vec![turn.actions[0].clone(), typed(), typed()].into();
    let llm = MockProvider::script([turn]);
    let mut answers = vec![llm.answer(ask("plain")).await.ok()];
    for taken in TAKEN {
        let mut stream = llm.answer_stream(ask("streamed")).await.expect("a stream");
        let mut answer = stream.empty_response();
        let mut events = 0;
        while events < taken
            && let Some(event) = stream.next().await
        {
            answer.push(event.expect("no failure is in it"));
            events += 1;
        }
        drop(stream);
        answers.push((events > 0).then_some(answer));
    }
    let sent = made.load(Ordering::Relaxed);
    for _ in 0..2 {
        let told: Vec<_> = llm.calls().iter().map(Call::response).collect();
        assert_eq!(told, answers);
        llm.calls().transcript();
        let _ = llm.verify();
    }
    assert_eq!(made.load(Ordering::Relaxed), sent, "nothing is made again");
}

#[provider_test]
async fn an_answer_is_reported_as_far_as_it_came_before_typed_arguments_panicked() {
    let with_text = typed_call(|_| panic!("not serializable"));
    let mut without = with_text.clone();
    without.matchers = Vec::new().into();
    if let Some(Action::Call(call)) = with_text.actions.first() {
        let mut call = call.clone();
        if let Arguments::Typed(typed) = &mut call.arguments {
            typed.texts = Vec::new().into();
        }
        without.actions = vec![Action::Call(call)].into();
    }
    for mut turn in [with_text, without] {
        let said = reply("So.").actions[0].clone();
        turn.actions = vec![said, turn.actions[0].clone()].into();
        let llm = MockProvider::script([turn.times(0..)]);
        let mut stream = llm.answer_stream(ask("in Rome")).await.expect("a stream");
        let first = stream.next().await.expect("an event");
        assert_eq!(first, Ok(StreamEvent::Text("So.".to_owned())));
        let panics = AssertUnwindSafe(stream.next()).catch_unwind().await;
        assert!(panics.is_err(), "it unwinds into the caller");
        drop(stream);
        let answer = llm.calls()[0].response().expect("one event");
        assert_eq!(answer.text(), "So.");
        llm.reset();
    }
}

#[test]
fn typed_arguments_that_cannot_be_written_fail_the_test() {
    let llm = MockProvider::script([typed_call(|_| Err("a key is not a string".to_owned()))]);
    let error = llm.answer(ask("in Rome")).now_or_never().expect("no time");
    let error = error.expect_err("they cannot be written");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert_says(&error.message, &["get_weather", "a key is not a string"]);
    assert!(llm.verify().is_err());
}

#[test]
fn s16_typed_arguments_whose_making_panics_fail_the_test() {
    let report = report(|test| {
        let llm = crate::helpers::llm(test, [typed_call(|_| panic!("not serializable"))]);
        test.drive(pin!(async {
            let answer = AssertUnwindSafe(llm.answer(ask("in Rome")))
                .catch_unwind()
                .await;
            assert!(answer.is_err(), "it unwinds into the caller");
            let outcome = Outcome::Panicked("not serializable".to_owned());
            assert_eq!(llm.calls()[0].outcome(), Some(&outcome));
        }));
    });
    assert_says(
        &report,
        &["a closure panicked in call 1", "not serializable"],
    );
}
