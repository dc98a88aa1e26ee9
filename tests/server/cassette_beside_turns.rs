//! S94 to S96: scripts that place turns before or after recorded exchanges.

use mock_core::builder::*;
use mock_core::cassette::{Cassette, Interaction};
use mock_core::scenario::{Profile, Scenario, Turn};
use mock_core::testkit::collect;
use mock_core::{ErrorKind, MockProvider, MockServer, Provider as _, Request};
use serde_json::{Value, json};

use crate::cassette_helpers::{CHAT, answer, ask, chat, interaction, question};

fn streamed(request: &str, pieces: &[&str]) -> Interaction {
    let mut body = String::new();
    for piece in pieces {
        let choice = json!({"index": 0, "delta": {"content": piece}, "finish_reason": null});
        body.push_str(&format!("data: {}\n\n", json!({"choices": [choice]})));
    }
    let end = json!({"index": 0, "delta": {}, "finish_reason": "stop"});
    body.push_str(&format!("data: {}\n\n", json!({"choices": [end]})));
    body.push_str("data: [DONE]\n\n");
    let mut question = question(request);
    question["stream"] = true.into();
    let mut recorded = interaction("POST", CHAT, &question.to_string(), 200, &body);
    recorded.headers = vec![("content-type".into(), "text/event-stream".into())];
    recorded
}

fn over<const N: usize>(turns: [Turn; N], cassette: &Cassette) -> Scenario {
    script(turns).replaying(cassette.clone())
}

fn says(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

/// The status, and the body.
async fn post(server: &MockServer, text: &str) -> (String, String) {
    let line = format!("POST {CHAT}");
    let (head, body) = ask(server, &line, question(text).to_string()).await;
    let status = head.split(' ').nth(1).unwrap_or_default().to_owned();
    (status, String::from_utf8(body).expect("it is a text"))
}

#[tokio::test]
async fn s94_recorded_responses_come_in_their_order_between_other_turns() {
    let cassette = Cassette::new([chat("a", "1"), chat("b", "2"), chat("c", "3")]);
    let turns = || {
        [
            replay(2),
            fail(rate_limit().retry_after(secs(2))),
            reply("In between."),
            replay(..),
        ]
    };
    let asked = ["a", "b", "c", "x", "c"];

    let server = MockServer::new(MockProvider::new(over(turns(), &cassette)));
    let mut got = Vec::new();
    for text in asked {
        got.push(post(&server, text).await);
    }
    assert_eq!(got[0], ("200".into(), answer("1")));
    assert_eq!(got[1], ("200".into(), answer("2")));
    assert_eq!(got[2].0, "429");
    // The format is that of the provider, also where nothing was recorded.
    let error: Value = serde_json::from_str(&got[2].1).expect("it is JSON");
    assert!(error["error"]["message"].is_string(), "{error}");
    let reply: Value = serde_json::from_str(&got[3].1).expect("it is JSON");
    assert_eq!(reply["choices"][0]["message"]["content"], "In between.");
    assert_eq!(got[4], ("200".into(), answer("3")));
    server.verify().expect("all of it was asked for");

    let mock = MockProvider::new(over(turns(), &cassette));
    let mut got = Vec::new();
    for text in asked {
        let answer = mock.answer(says(text)).await;
        got.push(answer.map_or_else(|error| error.kind.to_string(), |it| it.text().into_owned()));
    }
    assert_eq!(got, ["1", "2", "rate_limit", "In between.", "3"]);
    mock.verify().expect("all of it was asked for");
}

#[tokio::test]
async fn s94_a_streamed_reply_between_recorded_responses_is_streamed() {
    let cassette = Cassette::new([chat("a", "1")]);
    let server = MockServer::new(MockProvider::new(over(
        [reply("One two."), replay(1)],
        &cassette,
    )));
    let mut asked = question("x");
    asked["stream"] = true.into();
    let (head, body) = ask(&server, &format!("POST {CHAT}"), asked.to_string()).await;
    let body = String::from_utf8(body).expect("it is a text");
    assert!(head.contains("text/event-stream"), "{head}");
    assert!(body.contains("\"two.\""), "{body}");
    post(&server, "a").await;
    server.verify().expect("all of it was asked for");
}

#[tokio::test]
async fn s94_another_request_than_the_next_recorded_one_fails_the_test() {
    let folder = std::env::temp_dir().join(format!("mock-core-scripts-{}", std::process::id()));
    let file = folder.join("order.yaml");
    let cassette = Cassette::new([chat("a", "1"), chat("b", "2")]);
    cassette.save(&file).expect("it can be written");
    let cassette = Cassette::load(&file).expect("it can be read");
    let line = cassette.interactions()[0].line;

    let mock = MockProvider::new(over([replay(..)], &cassette));
    mock.answer(says("b")).await.expect_err("it is the second");
    let report = mock.verify().expect_err("it is the second").to_string();
    for part in [
        "does not fit exchange 1",
        &format!("order.yaml:{line}"),
        "replay(POST /v1/chat/completions, user \"a\")",
        "messages[0].text is \"b\", not \"a\"",
        "or make the calls in the order of the recording",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }

    let mock = MockProvider::new(over([replay(..)], &cassette));
    mock.answer(says("a")).await.expect("it is recorded");
    let recorded_at = mock.calls()[0].recorded_at().expect("it is recorded");
    assert!(
        recorded_at.ends_with(&format!("order.yaml:{line}")),
        "{recorded_at}"
    );
    let report = mock.verify().expect_err("one is left").to_string();
    let line = cassette.interactions()[1].line;
    assert!(report.contains(&format!("order.yaml:{line}")), "{report}");
    assert!(report.contains("-> exchange 1 at "), "{report}");
    std::fs::remove_dir_all(folder).expect("it can be removed");
}

#[tokio::test]
async fn the_line_of_a_call_has_the_whole_place_of_its_exchange() {
    let asked = "What is the weather in Paris, and what will it be like next week?";
    let yaml = Cassette::new([chat(asked, "1"), chat("b", "2")]).to_yaml();
    let cassette = Cassette::parse(&yaml).expect("it is whole");
    let cassette = cassette.named("tests/cassettes/of_the_agent/for_long_questions.yaml");
    let server = MockServer::new(MockProvider::new(over([replay(..)], &cassette)));
    post(&server, asked).await;
    let report = server.verify().expect_err("one is left").to_string();
    let line = report.lines().find(|line| line.contains("call 1 at"));
    let line = line.expect("it is in the report");
    assert!(line.ends_with("/for_long_questions.yaml:1"), "{report}");
    assert!(line.chars().count() <= 100, "{report}");
}

#[tokio::test]
async fn s94_any_path_is_replayed_in_its_turn() {
    let models = interaction("GET", "/v1/models", "", 200, r#"{"data":[]}"#);
    let mut odd = interaction("PATCH", "/any", "\u{1}", 299, "");
    odd.body = vec![0xff, 0, 0xfe];
    let cassette = Cassette::new([models, chat("a", "1"), odd]);
    let server = MockServer::new(MockProvider::new(over([replay(..)], &cassette)));
    let (_, body) = ask(&server, "GET /v1/models", "").await;
    assert_eq!(body, br#"{"data":[]}"#);
    assert_eq!(post(&server, "a").await.1, answer("1"));
    let (head, body) = ask(&server, "PATCH /any", "\u{1}").await;
    assert!(head.starts_with("http/1.1 299"), "{head}");
    assert_eq!(body, [0xff, 0, 0xfe]);
    server.verify().expect("all of it was asked for");
}

#[tokio::test(start_paused = true)]
async fn s95_a_replayed_answer_that_breaks_off_does_not_use_up_its_exchange() {
    let cassette = Cassette::new([chat("a", "1"), streamed("b", &["One ", "two ", "three."])]);
    let turns = [
        replay(1),
        replay(1).ttft(ms(80)).cut_after(2),
        replay(1).error_after(1, overloaded()).times(2),
        replay(..),
    ];
    let mock = MockProvider::new(over(turns, &cassette));
    mock.answer(says("a")).await.expect("it is recorded");
    let mut got = Vec::new();
    for _ in 0..4 {
        let stream = mock.answer_stream(says("b")).await.expect("it begins");
        let answer = collect(stream).await;
        got.push((
            answer.pieces().concat(),
            answer.error().map(|error| error.kind),
        ));
    }
    assert_eq!(
        got,
        [
            ("One two ".to_owned(), Some(ErrorKind::Connection)),
            ("One ".to_owned(), Some(ErrorKind::Overloaded)),
            ("One ".to_owned(), Some(ErrorKind::Overloaded)),
            ("One two three.".to_owned(), None),
        ]
    );
    assert_eq!(mock.calls()[1].duration(), Some(ms(80)));
    mock.verify().expect("all of it was asked for");
}

#[tokio::test]
async fn s95_a_whole_response_breaks_off_over_the_wire() {
    let cassette = Cassette::new([chat("a", "1")]);
    let turns = [replay(1).cut_after(0), gate("ready").replay(1).times(2)];
    let server = MockServer::new(MockProvider::new(over(turns, &cassette)));
    server.gate("ready").open();
    let (head, body) = ask(&server, &format!("POST {CHAT}"), question("a").to_string()).await;
    assert!(body.len() < answer("1").len(), "{head}");
    for _ in 0..2 {
        assert_eq!(post(&server, "a").await.1, answer("1"));
    }
    server.verify().expect("all of it was asked for");
}

#[test]
fn s96_a_script_that_cannot_be_replayed_is_rejected() {
    let cassette = Cassette::new([chat("a", "1"), streamed("b", &["One ", "two."])]);
    let mut odd = interaction("POST", "/any", "", 200, "");
    odd.body = vec![0xff];
    let binary = Cassette::new([odd]);
    let wrong = |turns: Vec<Turn>, cassette: &Cassette| {
        let scenario = Scenario::script(turns).replaying(cassette.clone());
        scenario.check().expect_err("it is wrong").to_string()
    };
    for (turns, problem) in [
        (
            vec![replay(3)],
            "it replays 3 exchanges, and the cassette has 2",
        ),
        (
            vec![replay(1), replay(2)],
            "it replays 2 exchanges, and 1 of the 2 in the cassette is left",
        ),
        (
            vec![replay(..), replay(..)],
            "all 2 exchanges are replayed before it",
        ),
        (vec![replay(0)], "it replays nothing"),
        (vec![on(user("a")).replay(1)], "and has matchers"),
        (vec![reply("x").replay(1)], "and has another one"),
        (vec![replay(1).every(ms(5))], "its pace is the recorded one"),
        (
            vec![replay(1).finish(mock_core::FinishReason::Length)],
            "its answer is the recorded one",
        ),
        (
            vec![replay(1).status(500)],
            "its answer is the recorded one",
        ),
        (
            vec![replay(2).cut_after(1)],
            "it has parts that apply to one exchange only",
        ),
        (
            vec![replay(..).times(2)],
            "it has parts that apply to one exchange only",
        ),
        (
            vec![replay(1).end_after(0)],
            "a raw body breaks off only by a cut or a stall",
        ),
        (
            vec![replay(1), replay(1).cut_after(9)],
            "it breaks off after 9 deltas, and has only 4",
        ),
        (
            vec![
                replay(1),
                replay(1).cut_after(mock_core::scenario::After::Finish),
            ],
            "its end is in the raw answer",
        ),
    ] {
        let error = wrong(turns, &cassette);
        assert!(error.contains(problem), "{problem}\n{error}");
        assert!(error.contains("; "), "it has no remedy: {error}");
    }
    let error = wrong(vec![replay(1).cut_after(0)], &binary);
    assert!(error.contains("is not a text"), "{error}");
    let error = script([replay(1)])
        .check()
        .expect_err("there is no cassette");
    assert!(
        error
            .to_string()
            .contains("is not in a script with a cassette"),
        "{error}"
    );
}

#[test]
#[should_panic(expected = "cannot replay a cassette")]
fn s96_lanes_and_a_cassette_do_not_go_together() {
    let _ = lanes([lane([], [reply("Hi.")])]).replaying(Cassette::new([chat("a", "1")]));
}

#[test]
fn a_profile_of_the_scenario_stays() {
    let cassette = Cassette::new([chat("a", "1")]);
    let of = |scenario: Scenario| MockProvider::new(scenario).name().to_owned();
    let allow = mock_core::Allow::NONE.with_unused_turns();
    assert_eq!(of(over([replay(..)], &cassette).allow(allow)), "openai");
    let azure = script([replay(..)]).profile(Profile::Azure);
    assert_eq!(of(azure.replaying(cassette).allow(allow)), "azure");
}
