//! The options of the original's mocks, and what it kept of calls and answers.

use breaker::{Breaker, Limits, State};
use futures::TryStreamExt as _;
use mock_core::builder::{
    call, cycle, fail, ms, on, repeat_last, reply, script, secs, stream, timeout, user,
};
use mock_core::scenario::{Scenario, Split};
use mock_core::testkit::{assert_valid_response, assert_valid_stream, collect, failing_mock};
use mock_core::{
    Capabilities, ErrorKind, FinishReason, Message, MockProvider, Outcome, Provider, ProviderError,
    Request, Response, Role, StreamEvent, ToolCall, ToolDefinition, Usage, provider_test,
};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::request;

/// What is said to a request, whole and streamed.
async fn ask_both(scenario: Scenario) -> Result<[Response; 2], ProviderError> {
    let llm = MockProvider::new(scenario);
    let whole = llm.answer(request()).await?;
    let streamed = collect(llm.answer_stream(request()).await?).await;
    Ok([whole, streamed.response])
}

/// The pieces in which an answer is streamed.
async fn pieces(scenario: Scenario) -> Result<Vec<String>, ProviderError> {
    let llm = MockProvider::new(scenario);
    let answer = collect(llm.answer_stream(request()).await?).await;
    Ok(answer.pieces().into_iter().map(str::to_owned).collect())
}

#[test]
fn messages() {
    let call = ToolCall::new("call_1", "search", "{}");
    let asked = Message::assistant("Let me see.").with_tool_calls([call.clone()]);
    assert_eq!(asked.role, Role::Assistant);
    assert_eq!(asked.text(), "Let me see.");
    assert!(asked.tool_calls().eq([&call]));

    let result = Message::tool("call_1", "nothing");
    assert_eq!(result.role, Role::Tool);
    let results: Vec<_> = result.tool_results().collect();
    assert_eq!(
        (&*results[0].call_id, &*results[0].text()),
        ("call_1", "nothing")
    );

    let mut named = Message::user("Hi.");
    named.name = Some("ada".to_owned());
    assert_eq!(serde_json::to_value(&named).expect("JSON")["name"], "ada");
}

#[provider_test]
async fn tool_definitions(
    #[mock(tools = [search { query: string }], script = [])] llm: MockProvider,
) {
    let schema = json!({
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
        "additionalProperties": false,
    });
    let declared = ToolDefinition::new("search").with_parameters(schema);
    assert_eq!(llm.tool_definitions(), [declared]);
}

/// The trait that the original's mocks implemented: every mock does.
#[provider_test]
async fn interface() -> Result<(), ProviderError> {
    let llm = MockProvider::script([reply("Hello world").times(2)]);
    let provider: &dyn Provider = &llm;

    assert_eq!(provider.name(), "mock");
    assert_eq!(provider.capabilities(), Capabilities::ALL);
    let response = provider.chat(request()).await?;
    assert_eq!(response.text(), "Hello world");
    let events: Vec<_> = provider.stream(request()).await?.try_collect().await?;
    assert_eq!(events.len(), 3);
    assert_eq!(llm.calls().len(), 2);
    Ok(())
}

#[provider_test]
async fn name() {
    let llm = MockProvider::new(script([fail(timeout())]).provider("mock_base"));
    assert_eq!(llm.name(), "mock_base");
    let error = llm.answer(request()).await.expect_err("it fails");
    assert_eq!(error.provider.as_deref(), Some("mock_base"));
}

#[provider_test]
async fn capabilities() {
    let all = MockProvider::new(script([]));
    assert_eq!(all.capabilities(), Capabilities::ALL);
    let streaming = Capabilities::NONE.with_streaming();
    let llm = MockProvider::new(script([]).capabilities(streaming));
    assert_eq!(llm.capabilities(), streaming);
}

#[provider_test]
async fn streams_of_a_mock_that_has_none() -> Result<(), ProviderError> {
    let capabilities = Capabilities::NONE.with_tools();
    let llm = MockProvider::new(script([reply("Hi.")]).capabilities(capabilities));

    let error = llm.answer_stream(request()).await.expect_err("none");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(!error.is_retryable());
    assert_eq!(llm.calls()[0].turn(), None);
    let offer = request().with_tool(ToolDefinition::new("search"));
    assert_eq!(llm.answer(offer).await?.text(), "Hi.");
    Ok(())
}

#[provider_test]
async fn tools_of_a_mock_that_has_none() -> Result<(), ProviderError> {
    let capabilities = Capabilities::NONE.with_streaming();
    let llm = MockProvider::new(script([reply("Hi.")]).capabilities(capabilities));

    let offer = request().with_tool(ToolDefinition::new("search"));
    let error = llm.answer(offer).await.expect_err("none");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert_eq!(llm.calls()[0].turn(), None);
    let answer = collect(llm.answer_stream(request()).await?).await;
    assert_eq!(answer.response.text(), "Hi.");
    Ok(())
}

#[provider_test]
async fn token_usage() -> Result<(), ProviderError> {
    let usage = Usage::new(100, 50).cache_read(25).cache_write(10);
    for response in ask_both(script([reply("Hi.").times(2)]).usage(usage)).await? {
        assert_eq!(response.usage, Some(usage));
    }
    let json = serde_json::to_value(usage).expect("JSON");
    assert_eq!(
        json,
        json!({
            "prompt_tokens": 100,
            "completion_tokens": 50,
            "cache_read_tokens": 25,
            "cache_write_tokens": 10,
            "reasoning_tokens": 0,
        })
    );
    assert_eq!(usage.total_tokens(), 150);
    Ok(())
}

#[provider_test]
async fn token_usage_of_a_turn() -> Result<(), ProviderError> {
    let turn = reply("Hi.").usage(Usage::new(11, 7)).times(2);
    for response in ask_both(script([turn]).usage(Usage::new(100, 50))).await? {
        assert_eq!(response.usage, Some(Usage::new(11, 7)));
    }
    Ok(())
}

#[provider_test]
async fn metadata() -> Result<(), ProviderError> {
    let metadata = json!({"region": "eu"});
    let turns = [reply("Hi.").times(2)];
    for response in ask_both(script(turns.clone()).metadata(metadata.clone())).await? {
        assert_eq!(Value::Object(response.metadata), metadata);
    }
    for response in ask_both(script(turns)).await? {
        assert!(response.metadata.is_empty());
    }
    Ok(())
}

#[provider_test]
async fn stop_reason() -> Result<(), ProviderError> {
    let stopped = reply("Hi.").finish(FinishReason::Length).times(2);
    for response in ask_both(script([stopped])).await? {
        assert_eq!(response.finish_reason, Some(FinishReason::Length));
    }
    let calls = call("search", ()).finish(FinishReason::Stop).times(2);
    for response in ask_both(script([calls])).await? {
        assert_eq!(response.finish_reason, Some(FinishReason::Stop));
        assert_eq!(response.tool_calls().count(), 1);
    }
    Ok(())
}

#[provider_test]
async fn chunks_of_characters() -> Result<(), ProviderError> {
    let turn = reply("Wörter: zwölf").split(Split::Chars(4));
    assert_eq!(pieces(script([turn])).await?, ["Wört", "er: ", "zwöl", "f"]);
    let turn = reply("Hello world").split(Split::Whole);
    assert_eq!(pieces(script([turn])).await?, ["Hello world"]);
    Ok(())
}

#[provider_test]
async fn chunks_by_chance() -> Result<(), ProviderError> {
    const TEXT: &str = "So many words that no two seeds are likely to cut them up alike.";
    let cut = |seed| pieces(script([reply(TEXT).split(Split::Random(1, 12))]).seed(seed));
    let (one, same, other) = (cut(7).await?, cut(7).await?, cut(8).await?);

    assert_eq!(one.concat(), TEXT);
    assert!(
        one.iter().all(|piece| (1..=12).contains(&piece.len())),
        "{one:?}"
    );
    assert_eq!(one, same);
    assert_ne!(one, other);
    Ok(())
}

#[provider_test]
async fn tool_calls_in_chunks() -> Result<(), ProviderError> {
    let turn = call("search", [("query", "test")]).pieces(3);
    let llm = MockProvider::script([turn]);
    let answer = collect(llm.answer_stream(request()).await?).await;

    let events: Vec<_> = answer.items.into_iter().collect::<Result<_, _>>()?;
    assert!(matches!(events[0], StreamEvent::ToolCallStart { .. }));
    let deltas = events.iter().filter_map(|event| match event {
        StreamEvent::ToolCallDelta { arguments, .. } => Some(&**arguments),
        _ => None,
    });
    assert_eq!(
        deltas.collect::<Vec<_>>(),
        [r#"{"quer"#, r#"y":"t"#, r#"est"}"#]
    );
    assert_eq!(events.len(), 5);
    Ok(())
}

/// A turn says all that it answers: what it leaves out is not taken from elsewhere.
#[provider_test]
async fn entries_of_a_sequence() -> Result<(), ProviderError> {
    let turns = [
        reply("Let me see.").call("search", ()),
        reply("Nothing."),
        call("search", ()),
    ];
    let llm = MockProvider::script(turns);
    let mut answers = Vec::new();
    for _ in 0..3 {
        let response = llm.answer(request()).await?;
        answers.push((response.text().into_owned(), response.tool_calls().count()));
    }
    let expected = [("Let me see.", 1), ("Nothing.", 0), ("", 1)];
    assert_eq!(
        answers,
        expected.map(|(text, calls)| (text.to_owned(), calls))
    );
    Ok(())
}

/// What may come when the sequence is at its end; the turn that the original had is in `call_sequence`.
#[provider_test]
async fn ends_of_a_sequence() -> Result<(), ProviderError> {
    for (otherwise, expected) in [
        (repeat_last(), ["one", "two", "two", "two", "two"]),
        (cycle(), ["one", "two", "one", "two", "one"]),
    ] {
        let llm = MockProvider::new(script(["one", "two"].map(reply)).otherwise(otherwise));
        for text in expected {
            assert_eq!(llm.answer(request()).await?.text(), text);
        }
    }
    Ok(())
}

#[provider_test]
async fn error_message() {
    let failure = timeout().message("timed out after 60 s");
    let llm = MockProvider::script([fail(failure), fail(timeout())]);
    for message in ["timed out after 60 s", "the request timed out"] {
        let error = llm.answer(request()).await.expect_err("it fails");
        assert_eq!(error.to_string(), message);
    }
}

#[provider_test]
async fn recovery(
    #[mock(fail(timeout).times(2), reply("I am back."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    for _ in 0..2 {
        llm.answer(request()).await.expect_err("it fails");
    }
    llm.outage(timeout());
    let error = llm.answer(request()).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Timeout);
    llm.restore();
    assert_eq!(llm.answer(request()).await?.text(), "I am back.");
    Ok(())
}

#[provider_test]
async fn successes_before_failures() -> Result<(), ProviderError> {
    let llm = failing_mock(timeout(), 2);

    let response = llm.answer(request()).await?;
    assert_eq!(response.text(), "Success call 1");
    assert_valid_response(&response);
    let streamed = collect(llm.answer_stream(request()).await?).await;
    assert_eq!(streamed.response.text(), "Success call 2");
    assert_valid_stream(&streamed.items);
    Ok(())
}

#[provider_test]
async fn call_history() -> Result<(), ProviderError> {
    let turns = [
        on(user("one")).reply("Hi."),
        stream(["Hel", "lo"]).ttft(secs(1)).every(ms(10)),
        fail(timeout()),
    ];
    let llm = MockProvider::script(turns);
    let ask = |text: &str| Request::new("test").user(text).with_temperature(0.5);
    llm.answer(ask("one")).await?;
    collect(llm.answer_stream(ask("two")).await?).await;
    let error = llm.answer(ask("three")).await.expect_err("it fails");

    let calls = llm.calls();
    let asked = ["one", "two", "three"].map(ask);
    assert!(calls.iter().map(|call| call.request()).eq(&asked));
    assert_eq!(calls[0].outcome(), Some(&Outcome::Completed));
    assert_eq!(calls[1].duration(), Some(ms(1010)));
    let call = &calls[2];
    assert_eq!((call.number(), call.error()), (3, Some(&error)));
    assert_eq!(call.ended_at(), Some(ms(1010)));
    Ok(())
}

const LIMITS: Limits = Limits {
    failures: 1,
    ..Limits::DEFAULT
};

#[provider_test]
async fn breakers_share_nothing(
    #[mock(fail(timeout))] down: MockProvider,
    #[mock(reply("Hi."))] up: MockProvider,
) {
    let (one, other) = ["openai"; 2].map(|name| Breaker::new(name, LIMITS)).into();
    one.run(down.answer(request())).await.expect_err("it fails");
    assert!(one.is_open() && !other.is_open());
    other.run(up.answer(request())).await.expect("an answer");
}

#[provider_test]
async fn to_look_at_a_breaker_changes_nothing(#[mock(fail(timeout))] llm: MockProvider) {
    let breaker = Breaker::new("openai", LIMITS);
    breaker
        .run(llm.answer(request()))
        .await
        .expect_err("it fails");
    sleep(LIMITS.recovery).await;
    let before = breaker.stats();
    breaker.is_open();
    assert_eq!(breaker.stats(), before);
    assert_eq!(before.state, State::Open);
}
