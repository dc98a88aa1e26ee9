//! S38: custom headers of answers and errors.

use mock_core::builder::{
    connection, fail, hang, ms, on, overloaded, reply, respond_with, script, timeout, user,
};
use mock_core::{ErrorKind, MockProvider, ProviderError, Response, provider_test};

use crate::helpers::{ask, streamed};
use crate::raw_answers::{named, told};

#[provider_test]
async fn s38_headers_are_on_an_answer_and_on_its_stream() {
    let turn = reply("Hi.").headers([("x-request-id", "r1"), ("x-note", "a"), ("x-note", "b")]);
    let llm = MockProvider::script([turn.times(2)]);
    let expected = named(&[("x-request-id", "r1"), ("x-note", "a"), ("x-note", "b")]);

    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(told(&answer.headers), expected);

    let stream = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert_eq!(told(&stream.headers()), expected);
    assert_eq!(told(&stream.empty_response().headers), expected);
    drop(stream);
}

#[provider_test]
async fn s38_an_answer_without_headers_has_none() {
    let llm = MockProvider::script([reply("Hi.").times(2)]);
    let (response, _) = streamed(&llm, "hello").await;
    assert_eq!(told(&response.headers), []);
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(told(&answer.headers), []);
}

#[provider_test]
async fn s38_headers_are_on_the_error_that_is_the_answer() {
    let failing = fail(overloaded().header("X-A", "nearer"));
    let turns = [
        failing.headers([("x-a", "of the turn"), ("x-b", "1")]),
        reply("Hi.")
            .error_after(0, overloaded())
            .headers([("x-b", "2")]),
        respond_with(|_| -> Result<Response, ProviderError> {
            Err(ProviderError::new(ErrorKind::Overloaded))
        })
        .headers([("x-b", "3")]),
        reply("Hi.")
            .error_after(1, overloaded())
            .headers([("x-b", "4")]),
    ];
    let llm = MockProvider::script(turns);
    for expected in [
        vec![("x-b", "1"), ("X-A", "nearer")],
        vec![("x-b", "2")],
        vec![("x-b", "3")],
        // The answer has begun, and had its headers then.
        vec![],
    ] {
        let error = llm.answer(ask("hello")).await.expect_err("it fails");
        let headers = error.raw.map(|raw| raw.headers).unwrap_or_default();
        assert_eq!(told(&headers), named(&expected));
    }
}

#[test]
fn s38_headers_that_http_cannot_carry_are_rejected() {
    for (turn, says) in [
        (
            reply("Hi.").headers([("x id", "a")]),
            "`x id` is not a header name",
        ),
        (
            reply("Hi.").headers([("Content-Length", "5")]),
            "the server writes its header `Content-Length` itself",
        ),
        (
            on(user("a")).reply("Hi.").headers([("x-a", "b\nc")]),
            "its header `x-a` is more than a line",
        ),
        (
            fail(timeout()).headers([("x-a", "b")]),
            "it has headers, and sends no answer",
        ),
        (
            fail(connection()).headers([("x-a", "b")]),
            "it has headers, and sends no answer",
        ),
        (
            hang().headers([("x-a", "b")]),
            "it has headers, and sends no answer",
        ),
    ] {
        let error = script([turn]).check().expect_err("it cannot be sent");
        assert!(error.to_string().contains(says), "{error}");
    }
    for turn in [
        fail(timeout().status(504)).headers([("x-a", "b")]),
        reply("Hi.").hang().headers([("x-a", "b")]),
        reply("Hi.").stall_after(ms(5)).headers([("x-a", "b")]),
    ] {
        assert_eq!(script([turn]).check(), Ok(()));
    }
}
