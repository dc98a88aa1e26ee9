//! rig's own agent, of rig-agent 0.44.0, on mocks.

use std::fmt;
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::stream;
use mock_core::{Message, MockProvider, Role, mock_provider, provider_test};
use rig_agent::agent::MultiTurnStreamItem;
use rig_agent::completion::PromptError;
use rig_agent::streaming::{Item, StreamEvent};
use rig_agent::tool::{Tool, ToolContext};
use rig_agent::{Agent, AgentBuilder};
use rig_core::completion::{CompletionRequest, FinishReason, Usage};
use rig_core::driver::DynModel;
use rig_core::error::{ErrorKind, ErrorReport};
use rig_core::message::ToolChoice;
use rig_core::operation::Completion;
use rig_on_mocks::MockModel;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

struct GetWeather;

#[derive(Deserialize)]
struct Place {
    city: String,
}

#[derive(Serialize)]
struct Weather {
    city: String,
    temp: i32,
}

impl Tool for GetWeather {
    const NAME: &'static str = "get_weather";
    type Args = Place;
    type Output = Weather;
    type Error = fmt::Error;

    fn description(&self) -> String {
        "The weather in a city, now.".to_owned()
    }

    fn parameters(&self) -> Value {
        json!({
            "type": "object",
            "properties": { "city": { "type": "string" } },
            "required": ["city"],
        })
    }

    async fn call(&self, _: &mut ToolContext, place: Place) -> Result<Weather, fmt::Error> {
        match place.city.as_str() {
            "Atlantis" => Err(fmt::Error),
            city => Ok(Weather {
                city: city.to_owned(),
                temp: city.len() as i32,
            }),
        }
    }
}

fn agent(llm: &MockModel) -> Agent {
    AgentBuilder::new(llm.clone())
        .tool(GetWeather)
        .default_max_turns(2)
        .build()
}

mock_provider!(
    Forecast = openai("gpt-4o"),
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}"))
            .reply("Let me see.")
            .call(get_weather { city: "{city}" }),
        on(tool_result(get_weather)).stream(["It is ", "{get_weather.temp}", " °C in {city}."]),
    ],
);

#[provider_test]
async fn an_agent_calls_a_tool_and_answers(#[mock(Forecast)] llm: MockModel) -> anyhow::Result<()> {
    let answer = agent(&llm).prompt("What is the weather in Paris?").await?;

    assert_eq!(answer.output(), "It is 5 °C in Paris.");
    assert_eq!(tokens(answer.usage()), (Some(22), Some(7), Some(29)));
    let reasons: Vec<_> = answer
        .completion_calls()
        .iter()
        .map(|call| call.finish_reason.clone())
        .collect();
    assert_eq!(
        reasons,
        [Some(FinishReason::ToolCalls), Some(FinishReason::Stop)]
    );
    let last = &llm.calls()[1];
    let turns = &last.request().messages;
    let called = turns.iter().flat_map(Message::tool_calls);
    let arguments: Vec<_> = called.map(|call| call.arguments.as_str()).collect();
    assert_eq!(arguments, [r#"{"city":"Paris"}"#]);
    let results: Vec<_> = last.request().trailing_tool_results().collect();
    assert_eq!(results[0].text(), r#"{"city":"Paris","temp":5}"#);
    assert!(!results[0].is_error);
    assert!(!last.is_streamed());
    Ok(())
}

#[provider_test]
async fn a_tool_that_fails_says_so_to_the_model(
    #[mock(
        call(get_weather { city: "Atlantis" }),
        on(tool_result(get_weather)).reply("It is lost."),
    )]
    llm: MockModel,
) -> anyhow::Result<()> {
    let answer = agent(&llm).prompt("How is Atlantis?").await?;

    assert_eq!(answer.output(), "It is lost.");
    let calls = llm.calls();
    let mut results = calls[1].request().trailing_tool_results();
    assert!(results.all(|result| result.is_error));
    Ok(())
}

#[provider_test]
async fn an_agent_streams_what_it_says_and_does(
    #[mock(Forecast)] llm: MockModel,
) -> anyhow::Result<()> {
    let mut run = agent(&llm).prompt("What is the weather in Paris?").stream();
    let mut pieces = Vec::new();
    let mut arguments = Vec::new();
    let mut usages = Vec::new();
    let mut answer = None;
    while let Some(item) = run.next().await {
        match item? {
            MultiTurnStreamItem::StreamAssistantItem(Item::Event(event)) => match event {
                StreamEvent::Text { text, .. } => pieces.push(text),
                StreamEvent::Arguments { json, .. } => arguments.push(json),
                _ => {}
            },
            MultiTurnStreamItem::CompletionCall(call) => usages.push(tokens(call.usage)),
            MultiTurnStreamItem::FinalResponse(response) => answer = Some(response),
            _ => {}
        }
    }

    let said = ["Let ", "me ", "see.", "It is ", "5", " °C in Paris."];
    assert_eq!(pieces, said);
    assert_eq!(arguments, [r#"{"city":"Paris"}"#]);
    let expected = [(Some(7), Some(2), Some(9)), (Some(15), Some(5), Some(20))];
    assert_eq!(usages, expected);
    let answer = answer.expect("a run that ends well ends with its response");
    assert_eq!(answer.output(), "It is 5 °C in Paris.");
    assert_eq!(tokens(answer.usage()), (Some(22), Some(7), Some(29)));
    assert!(llm.calls().iter().all(|call| call.is_streamed()));
    Ok(())
}

fn tokens(usage: Usage) -> (Option<u64>, Option<u64>, Option<u64>) {
    (usage.input_tokens, usage.output_tokens, usage.total_tokens)
}

#[provider_test]
async fn the_results_of_parallel_calls_come_back_together(
    #[mock(
        tools = [get_weather { city: string }],
        script = [
            call(get_weather { city: "Rome" }).call(get_weather { city: "Oslo" }),
            on(tool_result(get_weather)).reply("{get_weather.city} is last."),
            on(user("again")).call(get_weather { city: "Bonn" }).call(get_weather { city: "Cairo" }),
            on(tool_result(get_weather)).reply("{get_weather.city} is last."),
        ],
    )]
    llm: MockModel,
) -> anyhow::Result<()> {
    let agent = agent(&llm);
    assert_eq!(agent.prompt("Compare.").await?.output(), "Oslo is last.");

    let run: Vec<_> = agent.prompt("Compare again.").stream().collect().await;
    let Some(Ok(MultiTurnStreamItem::FinalResponse(answer))) = run.last() else {
        panic!("the run did not end well: {run:?}");
    };
    assert_eq!(answer.output(), "Cairo is last.");

    for call in [&llm.calls()[1], &llm.calls()[3]] {
        assert_eq!(call.request().trailing_tool_results().count(), 2);
    }
    Ok(())
}

#[provider_test]
async fn a_request_keeps_what_rig_puts_in_it(
    #[mock(
        anthropic("claude-sonnet-4-5"),
        script = [on(user("Who am I?")).reply("Ada.")],
    )]
    llm: MockModel,
) -> anyhow::Result<()> {
    let agent = AgentBuilder::new(llm.clone())
        .preamble("Be brief.")
        .context("The user is Ada.")
        .tool(GetWeather)
        .tool_choice(ToolChoice::Auto)
        .temperature(0.2)
        .max_tokens(100)
        .seed(7)
        .additional_params(json!({ "top_k": 40 }))
        .build();

    agent.prompt("Who am I?").await?;

    let calls = llm.calls();
    let request = calls[0].request();
    assert_eq!(request.model, "claude-sonnet-4-5");
    assert_eq!(request.temperature, Some(0.2));
    assert_eq!(request.max_tokens, Some(100));
    let extra = json!({ "top_k": 40, "seed": 7, "tool_choice": "auto" });
    assert_eq!(Value::Object(request.extra.clone()), extra);
    let [preamble, question] = &request.messages[..] else {
        panic!("more is said than that: {:#?}", request.messages);
    };
    assert_eq!(
        (preamble.role, &*preamble.text()),
        (Role::System, "Be brief.")
    );
    assert_eq!(question.role, Role::User);
    assert!(question.text().contains("The user is Ada."));
    assert!(question.text().ends_with("Who am I?"));
    let tool = &request.tools[0];
    assert_eq!(tool.name, "get_weather");
    assert_eq!(tool.description, "The weather in a city, now.");
    assert_eq!(tool.parameters["required"], json!(["city"]));
    Ok(())
}

#[provider_test]
async fn a_model_answers_without_an_agent(
    #[mock(openai("gpt-4o"), script = [reply("Hi.").times(2)])] llm: MockModel,
) -> anyhow::Result<()> {
    let model = DynModel::<Completion>::from(llm.clone());

    let whole = model.call("Hello!").await?;
    let streamed = model.stream("Hello!")?.finish().await?;

    for answer in [&whole, &streamed] {
        assert_eq!(answer.text(), "Hi.");
        assert_eq!(answer.finish_reason(), Some(FinishReason::Stop));
        assert_eq!(answer.provider(), "openai");
        assert_eq!(tokens(answer.usage), (Some(1), Some(1), Some(2)));
    }
    assert_eq!(whole.model(), Some("gpt-4o"));
    assert!(
        whole
            .response_id()
            .is_some_and(|id| id.starts_with("chatcmpl-"))
    );
    let asked: Vec<_> = llm.calls().iter().map(|call| call.is_streamed()).collect();
    assert_eq!(asked, [false, true]);
    Ok(())
}

/// What rig keeps of a refusal, and where a caller finds it.
fn retry_after(error: &PromptError) -> Option<Duration> {
    let header = error.provider_response_headers()?.get("retry-after")?;
    Some(Duration::from_secs(header.to_str().ok()?.parse().ok()?))
}

#[provider_test]
async fn the_caller_sees_a_rate_limit_and_waits_it_out(
    #[mock(
        fail(rate_limit { retry_after: 2s }),
        fail(overloaded { message: "too busy", retry_after: 1500ms, status: 529 }),
        reply("At last."),
    )]
    llm: MockModel,
) -> anyhow::Result<()> {
    let agent = agent(&llm);
    let mut refusals: Vec<ErrorReport> = Vec::new();
    let answer = loop {
        match agent.prompt("Does it work?").await {
            Ok(answer) => break answer,
            Err(error) => {
                let wait = retry_after(&error).expect("the refusal says how long to wait");
                tokio::time::sleep(wait).await;
                let PromptError::Report(report) = error else {
                    panic!("an agent reports what a provider rejects: {error}");
                };
                refusals.push(report);
            }
        }
    };

    assert_eq!(answer.output(), "At last.");
    llm.assert_waited_retry_after();
    let statuses = refusals.iter().map(|report| report.http_status);
    assert!(statuses.eq([Some(429), Some(529)]));
    let codes = refusals.iter().map(|report| report.code.as_deref());
    assert!(codes.eq([Some("rate_limit"), Some("overloaded")]));
    assert!(refusals.iter().all(|report| report.retryable));
    assert_eq!(refusals[1].provider_response_body(), Some("too busy"));
    Ok(())
}

#[provider_test]
async fn each_kind_of_failure_is_one_of_rigs(
    #[mock(
        fail(timeout),
        fail(connection),
        fail(invalid_response),
        fail(generic),
        fail(auth),
        fail(server_error)
    )]
    llm: MockModel,
) {
    let model = DynModel::<Completion>::from(llm.clone());
    let mut seen = Vec::new();
    for _ in 0..6 {
        let error = model.call("Hello!").await.expect_err("each turn fails");
        seen.push((error.kind(), error.is_retryable()));
    }
    assert_eq!(
        seen,
        [
            (ErrorKind::Http, true),
            (ErrorKind::Http, true),
            (ErrorKind::Response, false),
            (ErrorKind::Provider, false),
            (ErrorKind::ProviderResponse, false),
            (ErrorKind::ProviderResponse, true),
        ]
    );
}

#[provider_test]
async fn a_rejected_stream_says_so_to_its_caller(
    #[mock(fail(rate_limit { retry_after: 2s }))] llm: MockModel,
) {
    let mut run = agent(&llm).prompt("Does it work?").stream();
    let Some(Err(error)) = run.next().await else {
        panic!("the run began well");
    };
    assert_eq!(retry_after(&error), Some(Duration::from_secs(2)));
    assert!(run.next().await.is_none());
}

#[provider_test]
async fn an_answer_that_breaks_off_is_an_error_after_what_it_said() {
    for (turn, kind) in [
        (stream(["a", "b"]).cut_after(1), ErrorKind::Http),
        (stream(["a", "b"]).end_after(1), ErrorKind::Response),
    ] {
        let llm = MockProvider::script([turn.times(2)]);
        let model = DynModel::<Completion>::from(MockModel::from(llm));

        let mut said = String::new();
        let mut failure = None;
        let mut streamed = model.stream("Hello!").expect("a stream");
        while let Some(item) = streamed.next().await {
            match item {
                Ok(Item::Event(StreamEvent::Text { text, .. })) => said.push_str(&text),
                Ok(_) => {}
                Err(error) => failure = Some((error.kind(), error.is_retryable())),
            }
        }
        assert_eq!((said.as_str(), failure), ("a", Some((kind, true))));

        let error = model.call("Hello!").await.expect_err("it breaks off");
        assert_eq!((error.kind(), error.is_retryable()), (kind, true));
    }
}

#[tokio::test]
async fn an_error_that_the_code_swallows_is_in_the_verdict() {
    let llm = MockModel::from(mock_provider!(on(user("Hello")).reply("Hi.")));

    let answer = agent(&llm).prompt("Good morning.").await;
    let answer = answer.map_or_else(|_| "Sorry.".to_owned(), |answer| answer.output());

    assert_eq!(answer, "Sorry.");
    let report = llm.verify().expect_err("the request is not scripted");
    let report = report.to_string();
    for told in ["call 1 does not fit turn 1", "\"Hello\"", "Good morning."] {
        assert!(report.contains(told), "{report}");
    }
}

#[tokio::test]
#[should_panic(expected = "call 1 does not fit turn 1")]
async fn an_error_that_the_code_swallows_fails_the_test() {
    let llm = MockModel::from(mock_provider!(on(user("Hello")).reply("Hi.")));

    let answer = agent(&llm).prompt("Good morning.").await;
    assert!(answer.is_err());
}

#[tokio::test]
async fn media_are_rejected_before_the_mock_is_asked() {
    let llm = MockModel::from(mock_provider!(script = []));
    let image = rig_core::message::UserContent::image_url("https://example.com/a.png", None, None);
    let message = rig_core::message::Message::User {
        content: vec![image],
    };

    let model = DynModel::<Completion>::from(llm.clone());
    let error = model.call(CompletionRequest::new(message)).await;

    let error = error.expect_err("a mock has no word for it");
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("media from the user"), "{error}");
    assert!(llm.calls().is_empty());
}
