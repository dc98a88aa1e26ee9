//! S37: matchers for the headers and the path of a request.

use mock_core::builder::{any_of, expect, header, not, on, path, reply, script, user};
use mock_core::scenario::Turn;
use mock_core::{Allow, MockProvider, MockServer, Request, provider_test};

use crate::raw_client::{CHAT, Client, chat, message, streamed, wires};

/// A server whose mock has these rules, and no script.
pub(crate) fn serve(rules: impl IntoIterator<Item = Turn>) -> MockServer {
    MockServer::new(MockProvider::new(script([]).rules(rules)))
}

#[provider_test]
async fn s37_a_header_is_matched_whole_and_captured() {
    let rules = [
        on(header("X-Session", "s-{id}")).reply("This is {id}."),
        on(header("x-session", "a*z")).reply("A to Z."),
        on(not(header("x-session", "*"))).reply("No session."),
        on(user("a")).reply("Another session."),
    ];
    let server = serve(rules);
    for (value, expected) in [
        (Some("s-7.1 b"), "This is 7.1 b."),
        (Some("abcz"), "A to Z."),
        (Some("abczd"), "Another session."),
        (None, "No session."),
    ] {
        for (path, request) in wires("a") {
            let mut client = Client::new(&server).await;
            if let Some(value) = value {
                client = client.header("x-session", value);
            }
            let reply = client.post(path, &request).await;
            assert!(reply.text.contains(expected), "{value:?}: {}", reply.text);
        }
    }
}

#[provider_test]
async fn s37_of_several_headers_of_a_name_one_is_enough() {
    let server = serve([on(header("x-a", "{v}2")).reply("It is {v}.")]);
    let client = Client::new(&server).await;
    let mut client = client.header("x-a", "11").header("x-a", "22");
    let reply = client.post(CHAT, &chat("a")).await;
    assert!(reply.text.contains("It is 2."), "{}", reply.text);
}

#[tokio::test]
async fn s71_expectations_see_headers_and_paths_that_no_turn_asks_for() {
    for (expectation, is_met_with, is_met_without) in [
        (expect::never_sent(header("x-a", "*")), false, true),
        (expect::sent(header("x-a", "1")), true, false),
        (expect::never_sent(not(header("x-a", "*"))), true, false),
        (expect::sent(path(CHAT)), true, true),
        (expect::never_sent(path(CHAT)), false, false),
    ] {
        for (has_header, is_met) in [(true, is_met_with), (false, is_met_without)] {
            let scenario = script([reply("Hi.").times(0..)]).expect([expectation.clone()]);
            let server = MockServer::new(MockProvider::new(scenario));
            let mut client = Client::new(&server).await;
            if has_header {
                client = client.header("x-a", "1");
            }
            assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
            assert_eq!(
                server.verify().is_ok(),
                is_met,
                "{expectation:?} {has_header}"
            );
        }
    }
}

#[provider_test]
async fn s37_neither_holds_in_process() {
    let rules = [
        on(header("x-a", "*")).reply("header"),
        on(path("*")).reply("path"),
        on(not(any_of([header("x-a", "*"), path("*")]))).reply("neither"),
    ];
    let llm = MockProvider::new(script([]).rules(rules));
    let answer = llm.answer(Request::new("gpt-4o").user("a")).await;
    assert_eq!(answer.expect("a rule answers").text(), "neither");
}

#[provider_test]
async fn s37_a_path_distinguishes_the_wires_too() {
    let rules = [
        on(path("POST /v1/messages")).reply("messages"),
        on(path("/v1/chat/*")).reply("chat"),
    ];
    let server = serve(rules);
    for (request, body, expected) in [
        ("/v1/messages?beta=true", message("a"), "messages"),
        (CHAT, chat("a"), "chat"),
        (CHAT, streamed(chat("a")), "chat"),
    ] {
        let reply = Client::new(&server).await.post(request, &body).await;
        assert!(reply.text.contains(expected), "{}", reply.text);
    }
}

#[test]
fn s37_impossible_headers_and_paths_are_rejected() {
    for (turn, says) in [
        (
            on(path("/health")).reply("ok"),
            "its `path(..)` is in the script, which answers in order; make it a rule, or a lane of its own for that path",
        ),
        (
            on(not(path("/health"))).reply("ok"),
            "its `path(..)` is in the script",
        ),
        (
            on(header("x session", "a")).reply("ok"),
            "its `header(..)` names none",
        ),
    ] {
        let error = script([turn]).check().expect_err("it cannot be meant");
        assert!(error.to_string().contains(says), "{error}");
    }
    for (pattern, says) in [
        ("health", "a path begins with `/`"),
        ("GET health", "a path begins with `/`"),
        ("get /health", "a method is in capital letters"),
        ("", "a path begins with `/`"),
        ("GET ", "a path begins with `/`"),
        ("/a b", "a method is in capital letters"),
    ] {
        let panic = std::panic::catch_unwind(|| path(pattern)).expect_err("it is none");
        let panic = panic.downcast_ref::<String>().expect("a message");
        assert!(panic.contains(says), "{pattern:?}: {panic}");
    }
    for pattern in [
        "*",
        "{all:rest}",
        "GET *",
        "GET {all}",
        "DELETE /v1/files/*",
    ] {
        let rule = on(path(pattern)).reply("ok");
        assert_eq!(script([]).rules([rule]).check(), Ok(()), "{pattern:?}");
    }
}

#[provider_test]
async fn s37_a_report_says_what_the_head_has_instead() {
    let scenario = || {
        let turn = on(header("x-session", "a")).reply("a");
        script([turn]).allow(Allow::NONE.with_unused_turns())
    };
    let server = MockServer::new(MockProvider::new(scenario()));
    let mut client = Client::new(&server).await.header("x-session", "b");
    let reply = client.post(CHAT, &chat("a")).await;
    assert!(
        reply.text.contains("its header `x-session` is \\\"b\\\""),
        "{}",
        reply.text
    );
    server.reset();
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert!(
        reply.text.contains("it has no header `x-session`"),
        "{}",
        reply.text
    );
    let report = server.verify().expect_err("it does not fit").to_string();
    assert!(
        report.contains("the request has no header `x-session`, but `host`"),
        "{report}"
    );
    server.reset();
    let llm = MockProvider::new(scenario());
    let error = llm
        .answer(Request::new("gpt-4o").user("a"))
        .await
        .expect_err("no header");
    assert!(
        error.message.contains("in process there are no headers"),
        "{error}"
    );
    server.reset();
    llm.reset();
}
