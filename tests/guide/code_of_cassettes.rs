//! The code of `docs/cassettes.md`. Its files are in `tests/cassettes`.

use std::ops::Deref;

use async_trait::async_trait;
use mock_core::builder::{fail, rate_limit, replay, script, secs, string, tool};
use mock_core::cassette::{Cassette, CassetteError, Redaction, SecretKind};
use mock_core::scenario::Profile;
use mock_core::{
    BoxEventStream, MockProvider, MockServer, Provider, ProviderError, RecordError, Recorder,
    Request, Response, mock_provider, provider_test,
};
use tests::Played;

/// A client of OpenAI.
struct Sdk {
    base_url: String,
}

impl Sdk {
    fn new(base_url: String, key: String) -> Self {
        assert!(!key.is_empty());
        Sdk { base_url }
    }
}

#[async_trait]
trait Llm {
    async fn complete(&self, prompt: &str) -> anyhow::Result<String>;
}

#[async_trait]
impl Llm for Sdk {
    async fn complete(&self, prompt: &str) -> anyhow::Result<String> {
        let answer = crate::code_of_server::chat(&self.base_url, prompt).await;
        answer.map_err(anyhow::Error::msg)
    }
}

struct MockLlm(MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

impl Deref for MockLlm {
    type Target = MockProvider;

    fn deref(&self) -> &MockProvider {
        &self.0
    }
}

#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, prompt: &str) -> anyhow::Result<String> {
        let request = Request::new("gpt-4o").user(prompt);
        Ok(self.answer(request).await?.text().into_owned())
    }
}

struct Agent<L>(L);

impl<L: Llm> Agent<L> {
    fn new(llm: L) -> Self {
        Agent(llm)
    }

    async fn ask(&self, prompt: &str) -> anyhow::Result<String> {
        self.0.complete(prompt).await
    }
}

/// A provider that is recorded in process. A replay never asks it.
struct OpenAi;

impl OpenAi {
    fn new(_: String) -> Self {
        OpenAi
    }
}

#[async_trait]
impl Provider for OpenAi {
    async fn chat(&self, _: Request) -> Result<Response, ProviderError> {
        unreachable!("a replay asks nobody")
    }

    async fn stream(&self, _: Request) -> Result<BoxEventStream, ProviderError> {
        unreachable!("a replay asks nobody")
    }

    fn name(&self) -> &str {
        "openai"
    }
}

#[provider_test]
async fn the_agent_asks_for_the_weather(recorder: Recorder) -> anyhow::Result<()> {
    let server = recorder.serve("https://api.openai.com")?;
    let client = Sdk::new(server.openai_url(), recorder.key("OPENAI_API_KEY")?);

    let answer = Agent::new(client)
        .ask("What is the weather in Paris?")
        .await?;
    assert!(answer.contains("°C"));
    Ok(())
}

#[provider_test]
async fn the_agent_greets(recorder: Recorder) -> anyhow::Result<()> {
    let key = recorder.key("OPENAI_API_KEY")?;
    let llm = MockLlm::from(recorder.wrap(OpenAi::new(key))?);

    assert!(Agent::new(llm).ask("Greet Ada.").await?.contains("Ada"));
    Ok(())
}

#[tokio::test]
async fn the_client_gets_the_recorded_answer() {
    let cassette = Cassette::load("tests/cassettes/greeting.yaml").unwrap();
    let server = MockServer::new(MockProvider::cassette(cassette));

    let client = Sdk::new(server.openai_url(), "any key".to_owned());
    assert_eq!(client.complete("Greet Ada.").await.unwrap(), "Hello, Ada.");

    server.verify().unwrap();
}

#[provider_test]
async fn a_recorder_has_the_settings_of_a_cassette() -> Result<(), RecordError> {
    let recorder = Recorder::new("tests/cassettes/greeting.yaml")?;
    let recorder = recorder.ignore("seed").scale_gaps(0.0);
    let server = recorder.serve("https://api.openai.com")?;
    let answer = crate::code_of_server::chat(&server.openai_url(), "Greet Ada.").await;
    assert_eq!(answer.as_deref(), Ok("Hello, Ada."));
    Ok(())
}

mock_provider!(
    Weather = openai("gpt-4o"),
    cassette = "tests/cassettes/weather.yaml",
    tools = [get_weather { city: string }],
    script = [
        replay(1),
        fail(rate_limit { retry_after: 2s }),
        replay(1).cut_after(2),
        replay(..),
    ],
);

#[test]
fn the_builder_replays_too() -> Result<(), CassetteError> {
    let turns = [
        replay(1),
        fail(rate_limit().retry_after(secs(2))),
        replay(1).cut_after(2),
        replay(..),
    ];
    let built = script(turns)
        .named("Weather")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .tools([tool("get_weather").arg("city", string())])
        .replaying(Cassette::load("tests/cassettes/weather.yaml")?);
    assert_eq!(Played::by(Weather::new().handle()), built);
    Ok(())
}

#[test]
fn a_field_that_differs_in_each_run_can_be_left_out() -> Result<(), CassetteError> {
    let cassette = Cassette::load("tests/cassettes/weather.yaml")?
        .ignore("seed")
        .ignore("messages.*.id");
    assert_eq!(cassette.ignored(), ["seed", "messages.*.id"]);
    Ok(())
}

#[tokio::test]
async fn a_recorded_response_may_be_left_over() -> Result<(), CassetteError> {
    let cassette = Cassette::load("tests/cassettes/weather.yaml")?;
    use mock_core::scenario::Scenario;
    use mock_core::{Allow, MockProvider};

    let scenario = Scenario::cassette(cassette).allow(Allow::NONE.with_unused_turns());
    let mock = MockProvider::new(scenario);
    assert!(mock.verify().is_ok());
    Ok(())
}

#[test]
fn the_cassettes_have_no_secrets() {
    mock_core::cassette::assert_no_secrets("tests/cassettes");
}

#[test]
fn a_redaction_can_have_further_rules() -> Result<(), CassetteError> {
    let cassette = Cassette::load("tests/cassettes/weather.yaml")?;
    let redaction = Redaction::default()
        .header("x-team")
        .json("messages.*.name", "somebody")
        .pattern("cust_*", "cust_1")
        .text(|text| text.replace("Acme", "Example"))
        .keep(SecretKind::Email);
    let cassette = redaction.apply(cassette);
    assert_eq!(cassette.interactions().len(), 2);
    Ok(())
}
