//! The key `cassette`, and turns of the macro that replay.

use std::time::Duration;

use mock_core::testkit::collect;
use mock_core::{ErrorKind, MockProvider, MockServer, Request, mock_provider, provider_test};

use crate::cassette_helpers::ask;

mock_provider!(
    Weather = openai("gpt-4o"),
    cassette = "tests/cassettes/weather.yaml",
    tools = [get_weather { city: string }],
);

mock_provider!(
    Interrupted,
    cassette = "tests/cassettes/weather.yaml",
    script = [
        replay(1),
        fail(rate_limit { retry_after: 2s }),
        replay(1).ttft(80ms).cut_after(2),
        replay(..),
    ],
);

mock_provider!(
    Limited = openai("gpt-4o"),
    cassette = "tests/cassettes/limited.yaml",
    expect = [waited_retry_after],
);

#[provider_test]
async fn s92_a_recorded_rate_limit_is_waited_for(#[mocks(Limited)] server: MockServer) {
    let line = "POST /v1/chat/completions";
    ask(
        &server,
        line,
        crate::cassette_helpers::question("Hello.").to_string(),
    )
    .await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    ask(
        &server,
        line,
        crate::cassette_helpers::question("Hello.").to_string(),
    )
    .await;
    let rejected = server.calls()[0].error().cloned();
    assert_eq!(rejected.map(|error| error.kind), Some(ErrorKind::RateLimit));
    server.assert_waited_retry_after();
}

fn paris() -> Request {
    Request::new("gpt-4o").user("Weather in Paris?")
}

fn rome() -> Request {
    Request::new("gpt-4o").user("And in Rome?")
}

#[provider_test]
async fn s90_a_declared_mock_replays_its_cassette(
    llm: Weather,
) -> Result<(), mock_core::ProviderError> {
    let stream = collect(llm.answer_stream(rome()).await?).await;
    assert_eq!(stream.pieces(), ["It is ", "24 °C."]);
    let answer = llm.answer(paris()).await?;
    let call = answer.tool_calls().next().expect("it calls a tool");
    assert_eq!(
        (&*call.name, &*call.arguments),
        ("get_weather", r#"{"city":"Paris"}"#)
    );
    let recorded_at = llm.calls()[0].recorded_at();
    assert_eq!(
        recorded_at.as_deref(),
        Some("tests/cassettes/weather.yaml:17")
    );
    assert_eq!(llm.calls()[0].duration(), Some(Duration::from_millis(455)));
    Ok(())
}

#[provider_test]
async fn s94_a_script_of_the_macro_lays_turns_over_its_cassette(
    llm: Interrupted,
) -> Result<(), mock_core::ProviderError> {
    llm.answer(paris()).await?;
    let error = llm.answer(rome()).await.expect_err("it fails");
    assert_eq!(error.retry_after, Some(Duration::from_secs(2)));
    let broken = collect(llm.answer_stream(rome()).await?).await;
    assert_eq!(broken.response.text(), "It is 24 °C.");
    assert_eq!(
        broken.error().map(|error| error.kind),
        Some(ErrorKind::Connection)
    );
    let whole = collect(llm.answer_stream(rome()).await?).await;
    assert_eq!(whole.response.text(), "It is 24 °C.");
    Ok(())
}

#[provider_test]
async fn s94_an_anonymous_mock_replays_over_the_wire(
    #[mock(cassette = "tests/cassettes/weather.yaml", script = [replay(1)], seed = 1 + 2)]
    llm: MockProvider,
) {
    let server = MockServer::new(llm);
    let body = r#"{"messages":[{"role":"user","content":"Weather in Paris?"}],"model":"gpt-4o"}"#;
    let (head, body) = ask(&server, "POST /v1/chat/completions", body).await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(String::from_utf8_lossy(&body).contains("get_weather"));
}

/// Asks again after an error, up to three times.
async fn ask_again(llm: &MockProvider, request: fn() -> Request) -> String {
    for _ in 0..3 {
        if let Ok(stream) = llm.answer_stream(request()).await {
            let answer = collect(stream).await;
            if answer.error().is_none() {
                return answer.response.text().into_owned();
            }
        }
    }
    String::new()
}

#[provider_test(sweep = [fail, cut])]
async fn s95_a_sweep_breaks_recorded_answers_off(
    #[mock(cassette = "tests/cassettes/weather.yaml")] llm: MockProvider,
) -> Result<(), String> {
    for request in [paris, rome] {
        if ask_again(&llm, request).await.is_empty() && llm.calls().len() > 3 {
            return Err("it was asked three times".to_owned());
        }
    }
    Ok(())
}

#[provider_test(seeds = 0..20, chaos = [rate_limit(0.3), cut(0.3), slow(0.2)])]
async fn s95_chaos_breaks_recorded_answers_off(
    #[mock(cassette = "tests/cassettes/weather.yaml", script = [replay(..)])] llm: MockProvider,
) {
    ask_again(&llm, paris).await;
    let mut broken = 0;
    for _ in 0..5 {
        let Ok(stream) = llm.answer_stream(rome()).await else {
            continue;
        };
        match collect(stream).await.error() {
            None => return,
            Some(error) => {
                assert_eq!(error.kind, ErrorKind::Connection);
                broken += 1;
            }
        }
    }
    assert!(broken <= 5);
}
