//! Mocks that replay a cassette.

use std::pin::pin;

use mock_core::MockProvider;
use mock_core::builder::*;
use mock_core::cassette::Cassette;
use mock_core::scenario::Scenario;
use tests::private::Test;

use crate::helpers::{ask, fails, mock, say};

const FILE: &str = "tests/cassettes/of_the_agent/for_long_questions.yaml";

/// A recorded exchange with this question.
fn exchange(question: &str) -> String {
    format!(
        "when:\n  path: /v1/chat/completions\n  body: '{{\"model\": \"gpt-4o\", \"messages\": [{{\"role\": \"user\", \"content\": \"{question}\"}}]}}'\n\
         then:\n  status: 200\n  body: '{{\"choices\": [{{\"message\": {{\"role\": \"assistant\", \"content\": \"Hi.\"}}, \"finish_reason\": \"stop\"}}]}}'\n...\n"
    )
}

fn named(yaml: &str) -> Cassette {
    let cassette = Cassette::parse(yaml).expect("they are exchanges");
    cassette.named(FILE)
}

fn replaying(test: &mut Test, yaml: &str) -> MockProvider {
    mock(test, "llm", Scenario::cassette(named(yaml)))
}

const LONG: &str = "What is the weather in Paris, and what will it be like next week?";

/// The folders of the file are cut before the question, and the question that was never asked is there.
#[test]
fn exchange_that_was_never_used() {
    fails("exchange_that_was_never_used", |test| {
        let all = [LONG, "And in Rome?", "And in Rome?", "And in Oslo?"].map(exchange);
        let llm = replaying(test, &all.concat());
        test.drive(pin!(async {
            say(&llm, ask(LONG)).await;
        }));
    });
}

#[test]
fn exchange_that_was_never_used_of_another_kind() {
    fails("exchange_that_was_never_used_of_another_kind", |test| {
        let yaml = "when: {path: /v1/files, query_param: [{name: limit, value: 2}], body: '{\"purpose\": \"batch\"}'}\nthen: {status: 204}\n";
        let scenario = script([replay(1).times(2)]).replaying(named(yaml));
        mock(test, "llm", scenario);
        test.drive(pin!(async {}));
    });
}

#[test]
fn request_that_was_recorded_once() {
    fails("request_that_was_recorded_once", |test| {
        let llm = replaying(test, &["a", "b", "b"].map(exchange).concat());
        test.drive(pin!(async {
            for text in ["a", "b", "b", "b", "b"] {
                say(&llm, ask(text)).await;
            }
        }));
    });
}

#[test]
fn request_that_was_not_recorded() {
    fails("request_that_was_not_recorded", |test| {
        let llm = replaying(test, &["a", "Weather in Paris?"].map(exchange).concat());
        test.drive(pin!(async {
            say(&llm, ask("Weather in Rome?")).await;
        }));
    });
}

#[test]
fn request_in_another_order() {
    fails("request_in_another_order", |test| {
        let cassette = named(&["a", "b"].map(exchange).concat());
        let llm = mock(test, "llm", script([replay(..)]).replaying(cassette));
        test.drive(pin!(async {
            say(&llm, ask("b")).await;
        }));
    });
}

/// A typing error in the file is not the cause of each failure, but it may be.
#[test]
fn keys_that_no_replay_uses() {
    fails("keys_that_no_replay_uses", |test| {
        let other = exchange("b").replace("  body: '{\"model", "  json_body: '{\"model");
        let other = other.replace(
            "when:",
            "when:\n  host: example.com\n  port: 80\n  scheme: http",
        );
        let llm = replaying(test, &[exchange("a"), other].concat());
        test.drive(pin!(async {
            say(&llm, ask("b")).await;
        }));
    });
}

#[test]
fn recorded_body_that_is_not_json() {
    fails("recorded_body_that_is_not_json", |test| {
        let broken = exchange("b").replace("}]}'\nthen", "]}'\nthen");
        let llm = replaying(test, &[exchange("a"), broken].concat());
        test.drive(pin!(async {
            say(&llm, ask("b")).await;
        }));
    });
}

#[test]
fn fixture_with_a_misspelt_key() {
    fails("fixture_with_a_misspelt_key", |test| {
        let yaml = r#"{"fixtures": [
            {"match": {"model": "gpt-4o", "userMesage": "b"}, "response": {"content": "Hi."}},
            {"match": {"userMesage": "c", "model": "gpt-4"}, "response": {"content": "Hi."}}
        ]}"#;
        let llm = replaying(
            test,
            &yaml.replace("\"model\": \"gpt-4o\"", "\"model\": \"gpt-5\""),
        );
        test.drive(pin!(async {
            say(&llm, ask("b")).await;
        }));
    });
}
