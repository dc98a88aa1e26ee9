//! S38, S39: raw bodies and raw frames, read in process as a client reads them.

use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::{frames, gate, ms, overloaded, raw, reply, script, secs, usage};
use mock_core::scenario::{After, Profile, Split, Turn};
use mock_core::{
    Allow, ErrorKind, FinishReason, MockProvider, Outcome, StreamEvent, TestClock, provider_test,
};

use crate::helpers::{ask, streamed};

/// A mock of OpenAI that plays these turns.
fn openai(turns: impl IntoIterator<Item = Turn>) -> MockProvider {
    MockProvider::new(script(turns).profile(Profile::Openai))
}

const HI: &str =
    r#"{"id":"x","model":"m","choices":[{"message":{"content":"Hi."},"finish_reason":"length"}]}"#;

#[provider_test]
async fn s38_a_raw_body_is_read_in_process_as_a_client_reads_it() {
    let llm = openai([raw(HI).status(201).headers([("x-a", "b")]).times(2)]);
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(
        (&*answer.id, &*answer.model, &*answer.text()),
        ("x", "m", "Hi.")
    );
    assert_eq!(
        (answer.finish_reason, answer.usage),
        (Some(FinishReason::Length), None)
    );
    assert_eq!(told(&answer.headers), named(&[("x-a", "b")]));
    let (response, events) = streamed(&llm, "hello").await;
    assert_eq!((&*response.id, events.len()), ("x", 2));
    assert!(
        llm.calls()
            .iter()
            .all(|call| call.outcome() == Some(&Outcome::Completed))
    );
}

#[provider_test]
async fn s38_a_raw_body_that_a_client_cannot_read_is_an_error_in_process() {
    let anthropic = r#"{"type":"error","error":{"type":"overloaded_error","message":"Later."}}"#;
    let llm = openai([
        raw("<h1>Hi.</h1>"),
        raw(r#"{"choices":[]}"#),
        raw(r#"{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}"#)
            .status(429)
            .headers([("retry-after", "2")]),
        raw("").status(204),
    ]);
    for (kind, status, says) in [
        (ErrorKind::InvalidResponse, None, "not JSON"),
        (ErrorKind::InvalidResponse, None, "choices"),
        (ErrorKind::RateLimit, Some(429), "Slow down."),
        (ErrorKind::InvalidResponse, None, "not JSON"),
    ] {
        let error = llm.answer(ask("hello")).await.expect_err("it is none");
        assert_eq!((error.kind, error.status), (kind, status), "{error}");
        assert!(error.message.contains(says), "{error}");
    }
    assert_eq!(
        llm.calls()[2].error().and_then(|error| error.retry_after),
        Some(secs(2))
    );
    let scenario = script([raw(anthropic).status(529)]).profile(Profile::Anthropic);
    let error = MockProvider::new(scenario).answer(ask("hello")).await;
    assert_eq!(error.expect_err("an error").kind, ErrorKind::Overloaded);
}

/// A chunk of OpenAI with this text.
fn chunk(text: &str) -> String {
    format!(
        "data: {{\"id\":\"x\",\"model\":\"m\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
    )
}

const DONE: &str = "data: [DONE]\n\n";

#[provider_test]
async fn s39_frames_are_read_in_process_each_when_it_is_due(clock: TestClock) {
    let both = format!("{}{}", chunk("c"), chunk("d"));
    let all = [
        chunk("a"),
        ": a comment\n\n".to_owned(),
        chunk("b"),
        both,
        DONE.to_owned(),
    ];
    let llm = openai([frames(all).every(secs(1)).ttft(secs(2)).times(2)]);
    let mut stream = llm.answer_stream(ask("hello")).await.expect("a stream");
    let head = stream.empty_response();
    assert_eq!((&*head.id, &*head.model), ("x", "m"));
    let mut heard = Vec::new();
    while let Some(event) = stream.next().await {
        heard.push((event.expect("no error"), clock.elapsed().as_secs()));
    }
    let text = |text: &str| StreamEvent::Text(text.to_owned());
    let finish = StreamEvent::Finish {
        reason: None,
        usage: None,
    };
    assert_eq!(
        heard,
        [
            (text("a"), 2),
            (text("b"), 4),
            (text("c"), 5),
            (text("d"), 5),
            (finish, 6)
        ]
    );
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!((&*answer.id, &*answer.text()), ("x", "abcd"));
    assert_eq!(clock.elapsed(), secs(12));
    assert!(
        llm.calls()
            .iter()
            .all(|call| call.outcome() == Some(&Outcome::Completed))
    );
}

#[provider_test]
async fn s39_a_frame_may_end_anywhere() {
    let whole = format!("{}{DONE}", chunk("é1"));
    let pieces: Vec<_> = whole.chars().map(String::from).collect();
    let llm = openai([frames(pieces)]);
    let (response, events) = streamed(&llm, "hello").await;
    assert_eq!((&*response.text(), events.len()), ("é1", 2));
}

#[provider_test]
async fn s39_frames_that_end_without_their_finish_end_the_answer_so() {
    let llm = openai([frames([chunk("a")]).times(2)]);
    let (response, events) = streamed(&llm, "hello").await;
    assert_eq!((&*response.text(), events.len()), ("a", 1));
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!((&*answer.text(), &answer.finish_reason), ("a", &None));
    assert!(
        llm.calls()
            .iter()
            .all(|call| call.outcome() == Some(&Outcome::Truncated))
    );
}

#[provider_test]
async fn s39_frames_with_a_finish_reason_and_no_end_mark_finish_the_answer() {
    let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n";
    let turn = frames([chunk("a"), stop.to_owned()]).times(2);
    let whole =
        raw(format!("{}{stop}", chunk("a"))).headers([("content-type", "text/event-stream")]);
    let llm = openai([turn, whole]);
    let (response, events) = streamed(&llm, "hello").await;
    assert_eq!((&*response.text(), events.len()), ("a", 2));
    assert_eq!(response.finish_reason, Some(FinishReason::Length));
    for _ in 0..2 {
        let answer = llm.answer(ask("hello")).await.expect("an answer");
        assert_eq!(answer.finish_reason, Some(FinishReason::Length));
    }
    let outcomes = llm.calls();
    let mut outcomes = outcomes.iter().map(|call| call.outcome());
    assert!(outcomes.all(|outcome| outcome == Some(&Outcome::Completed)));
}

#[provider_test]
async fn s39_a_text_that_is_not_a_frame_is_an_error_in_process() {
    let bad = ["data: {\"choices\n\n", "data: {\"choices\":7}\n\n"];
    let llm = openai(bad.map(|bad| frames([chunk("a"), bad.to_owned(), chunk("b")])));
    for says in ["not JSON", "choices"] {
        let mut stream = llm.answer_stream(ask("hello")).await.expect("a stream");
        assert!(matches!(stream.next().await, Some(Ok(_))));
        let error = stream.next().await.expect("an item").expect_err("an error");
        assert_eq!(error.kind, ErrorKind::InvalidResponse);
        assert!(error.message.contains(says), "{error}");
        assert!(stream.next().await.is_none());
    }
    let llm = openai([frames([
        chunk("a"),
        "data: {\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}}\n\n".to_owned(),
    ])]);
    let error = llm.answer(ask("hello")).await.expect_err("an error");
    assert_eq!((error.kind, &*error.message), (ErrorKind::RateLimit, "x"));
}

#[provider_test]
async fn s39_frames_break_off_as_any_answer(clock: TestClock) {
    let all = || [chunk("a"), chunk("b"), DONE.to_owned()];
    let llm = openai([
        frames(all()).cut_after(1),
        frames(all()).cut_after(After::All),
        frames(all()).end_after(2),
        frames(all()).error_after(2, overloaded()),
        frames(all()).every(secs(1)).cut_after(ms(500)),
    ]);
    for (events, kind) in [
        (1, Some(ErrorKind::Connection)),
        (3, Some(ErrorKind::Connection)),
        (2, None),
        (2, Some(ErrorKind::Overloaded)),
        (1, Some(ErrorKind::Connection)),
    ] {
        let mut stream = llm.answer_stream(ask("hello")).await.expect("a stream");
        let mut heard = (0, None);
        while let Some(event) = stream.next().await {
            match event {
                Ok(_) => heard.0 += 1,
                Err(error) => heard.1 = Some(error.kind),
            }
        }
        assert_eq!(heard, (events, kind));
    }
    assert_eq!(clock.elapsed(), ms(500));
}

#[provider_test]
async fn s39_frames_stall_and_wait_at_gates() {
    let llm = openai([
        frames([chunk("a")])
            .gate("go")
            .frames([chunk("b"), DONE.to_owned()]),
        frames([chunk("a"), DONE.to_owned()]).stall_after(After::All),
        frames([chunk("a")]).hang(),
    ]);
    let mut stream = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert!(matches!(stream.next().await, Some(Ok(_))));
    assert!(stream.next().now_or_never().is_none());
    llm.gate("go").open();
    let rest: Vec<_> = stream.collect().await;
    assert_eq!(rest.len(), 2);
    for events in [2, 1] {
        let mut stream = llm.answer_stream(ask("hello")).await.expect("a stream");
        for _ in 0..events {
            assert!(matches!(stream.next().await, Some(Ok(_))));
        }
        assert!(stream.next().now_or_never().is_none());
    }
}

#[provider_test]
async fn s38_a_raw_answer_without_a_wire_is_unsupported_in_process() {
    let turns = script([raw(HI), frames([DONE])]);
    let llm = MockProvider::new(turns.allow(Allow::NONE.with_unused_turns()));
    for _ in 0..2 {
        let error = llm
            .answer(ask("hello"))
            .await
            .expect_err("plain has no wire");
        assert_eq!(error.kind, ErrorKind::Unsupported);
        assert!(error.message.contains("the profile `plain`"), "{error}");
    }
    assert!(llm.verify().is_err());
    llm.reset();
}

#[test]
fn s38_modifiers_that_do_not_fit_a_raw_answer_are_rejected() {
    for (turn, says) in [
        (reply("a").status(201), "it has a status, and no raw answer"),
        (raw("a").status(199), "its status 199 cannot be sent"),
        (raw("a").status(204), "its status 204 has no body"),
        (frames(["a"]).status(304), "its status 304 has no body"),
        (raw("a").reply("b"), "its raw answer is all that it says"),
        (raw("a").raw("b"), "its raw answer is all that it says"),
        (raw("a").frames(["b"]), "its raw answer is all that it says"),
        (
            reply("a").frames(["b"]),
            "its raw answer is all that it says",
        ),
        (frames(Vec::<String>::new()), "it has no frames"),
        (
            raw("a").finish(FinishReason::Stop),
            "its raw answer has an end of its own",
        ),
        (
            frames(["a"]).usage(usage(1, 1)),
            "its raw answer has an end of its own",
        ),
        (raw("a").every(ms(1)), "its body comes whole"),
        (
            raw("a").end_after(1),
            "a raw body breaks off only by a cut or a stall",
        ),
        (
            frames(["a"]).stall_after(After::Done),
            "its end is in the raw answer",
        ),
        (
            frames(["a"]).split(Split::Chars(2)),
            "there is no text to split",
        ),
        (frames(["a"]).pieces(2), "there are no arguments"),
    ] {
        let error = script([turn]).check().expect_err("it cannot be meant");
        assert!(error.to_string().contains(says), "{error}");
    }
    for turn in [
        gate("go").raw("a").status(500),
        raw("").status(204),
        raw("a").cut_after(1),
        raw("a").stall_after(ms(1)),
        frames(["a"]).gate("go").frames(["b"]).hang(),
        frames(["a"]).status(400).every(ms(1)),
    ] {
        assert_eq!(script([turn]).check(), Ok(()));
    }
}

/// A server-sent event of Gemini's Interactions.
fn interaction(kind: &str, fields: &str) -> String {
    format!("event: {kind}\ndata: {{\"event_type\":\"{kind}\"{fields}}}\n\n")
}

#[provider_test]
async fn s38_a_raw_answer_of_gemini_is_read_by_what_it_is() {
    let candidate = r#"{"candidates":[{"content":{"parts":[{"text":"Hi."}],"role":"model"},"finishReason":"STOP"}]}"#;
    let interaction = r#"{"id":"v1_a","object":"interaction","status":"completed","steps":[
        {"type":"model_output","content":[{"type":"text","text":"Hi."}]}]}"#;
    let failed = r#"{"error":{"message":"Wait.","code":"rate_limit_exceeded"}}"#;
    let turns = [raw(candidate), raw(interaction), raw(failed).status(429)];
    let llm = MockProvider::new(script(turns).profile(Profile::Gemini));
    for _ in 0..2 {
        let answer = llm.answer(ask("hello")).await.expect("an answer");
        assert_eq!(answer.text(), "Hi.");
        assert_eq!(answer.finish_reason, Some(FinishReason::Stop));
    }
    let error = llm.answer(ask("hello")).await.expect_err("an error");
    assert_eq!(
        (error.kind, &*error.message),
        (ErrorKind::RateLimit, "Wait.")
    );
}

#[provider_test]
async fn s39_raw_frames_of_interactions_are_read_as_such() {
    let text = r#","index":0,"delta":{"type":"text","text":"Hi."}"#;
    let told = [
        interaction(
            "interaction.created",
            r#","interaction":{"id":"v1_a","status":"in_progress"}"#,
        ),
        interaction("step.start", r#","index":0,"step":{"type":"model_output"}"#),
        interaction("step.delta", text),
        interaction("step.stop", r#","index":0"#),
        interaction(
            "interaction.completed",
            r#","interaction":{"id":"v1_a","status":"completed"}"#,
        ),
    ];
    let llm = MockProvider::new(script([frames(told)]).profile(Profile::Gemini));
    let (head, events) = streamed(&llm, "hello").await;
    assert_eq!(head.id, "v1_a");
    assert_eq!(events.first(), Some(&StreamEvent::Text("Hi.".into())));
    assert!(matches!(events.last(), Some(StreamEvent::Finish { .. })));
}

/// Headers as they are in a response.
pub(crate) fn named(headers: &[(&'static str, &'static str)]) -> Vec<(String, String)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

pub(crate) fn told(
    headers: &[(
        std::borrow::Cow<'static, str>,
        std::borrow::Cow<'static, str>,
    )],
) -> Vec<(String, String)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}
