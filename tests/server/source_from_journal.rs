//! The source code that is printed for the calls of a test compiles, and plays the same.

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Profile;
use mock_core::{
    Allow, EmbeddingRequest, MockProvider, MockServer, Outcome, Request, mock_provider,
};
use serde_json::json;

use super::raw_client::Client;
use super::source_from_each_wire::{answer_stream, answers, compared, compared_error};

const FILE: &str = "server/generated/journal.rs";

include!("generated/journal.rs");

/// The names of the printed mocks, and their profiles.
const PROFILES: [(&str, Profile); 6] = [
    ("CallsOfOpenai", Profile::Openai),
    ("CallsOfResponses", Profile::OpenaiResponses),
    ("CallsOfAnthropic", Profile::Anthropic),
    ("CallsOfGemini", Profile::Gemini),
    ("CallsOfOllama", Profile::Ollama),
    ("CallsOfMistral", Profile::Mistral),
];

fn printed() -> [MockProvider; 6] {
    [
        (*CallsOfOpenai::new()).clone(),
        (*CallsOfResponses::new()).clone(),
        (*CallsOfAnthropic::new()).clone(),
        (*CallsOfGemini::new()).clone(),
        (*CallsOfOllama::new()).clone(),
        (*CallsOfMistral::new()).clone(),
    ]
}

fn hello() -> Request {
    Request::new("model-1").user("hello")
}

/// A mock whose turns have answered, each whole and each streamed.
async fn asked(profile: Profile) -> MockProvider {
    let turns = answers().into_iter().map(|turn| turn.times(2));
    let mock = MockProvider::new(script(turns).profile(profile).seed(7));
    ask_all(&mock).await;
    mock
}

async fn ask_all(mock: &MockProvider) -> Vec<String> {
    let mut said = Vec::new();
    for _ in 0..answers().len() {
        let whole = mock.answer(hello()).await;
        said.push(format!("{:?}", whole.map(compared).map_err(compared_error)));
        said.push(format!("{:?}", answer_stream(mock, &hello()).await));
    }
    said
}

/// `UPDATE_REPORTS=1` writes it anew.
#[tokio::test(start_paused = true)]
async fn the_printed_sources_of_calls_are_those_that_are_compiled_here() {
    let mut sources = Vec::new();
    for (name, profile) in PROFILES {
        sources.push(asked(profile).await.calls().to_script(name));
    }
    sources.push(other_calls().await.calls().to_script("OtherCalls"));
    sources.push(served_calls().await.calls().to_script("ServedCalls"));
    let sources = sources.join("\n");
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        std::fs::write(FILE, &sources).expect("it can be written");
    }
    assert_eq!(sources, include_str!("generated/journal.rs"));
}

#[tokio::test(start_paused = true)]
async fn the_printed_scripts_of_calls_answer_as_the_calls_were_answered() {
    for ((name, profile), scripted) in PROFILES.into_iter().zip(printed()) {
        let mock = asked(profile).await;
        mock.reset();
        let expected = ask_all(&mock).await;
        let said = ask_all(&scripted).await;
        for (said, expected) in said.iter().zip(&expected) {
            assert_eq!(said, expected, "{name}");
        }
        scripted.verify().expect("all of it was asked for");
    }
}

/// Answers of rules, closures and drivers, embeddings, and calls that were dropped.
async fn other_calls() -> MockProvider {
    let mock = other_mock();
    push(&mock);
    other_asked(&mock).await;
    mock
}

fn push(mock: &MockProvider) {
    mock.driver("live").text("Pushed.");
    mock.driver("live").finish();
}

fn other_mock() -> MockProvider {
    let scenario = script([driven("live"), stream(["One ", "two."]), hang()])
        .rules([
            on(user("weather in {city}")).reply("It rains in {city}."),
            on(user("closure")).respond_with(|request| {
                mock_core::Response::from(mock_core::Message::assistant(request.model.clone()))
            }),
            on(user("embed")).embed(),
            on(user("vector")).embed_with([0.5_f32, -0.25]),
            on(user("raw")).raw("{\"choices\":[]}").status(201),
        ])
        .profile(Profile::Openai)
        .allow(Allow::NONE.with_broken_conversations());
    MockProvider::new(scenario)
}

/// What is asked of it, and what comes of that.
async fn other_asked(mock: &MockProvider) -> Vec<String> {
    let mut came = vec![format!("{:?}", answer_stream(mock, &hello()).await)];
    let mut stream = mock.answer_stream(hello()).await.expect("it begins");
    came.push(format!("{:?}", stream.next().await));
    drop(stream);
    let hangs = tokio::time::timeout(secs(1), mock.answer(hello())).await;
    came.push(format!("{}", hangs.is_err()));
    for text in ["What is the weather in Paris?", "closure", "raw"] {
        let answer = mock.answer(Request::new("model-1").user(text)).await;
        came.push(format!(
            "{:?}",
            answer.map(compared).map_err(compared_error)
        ));
    }
    for text in ["embed", "vector"] {
        let request = EmbeddingRequest::new("model-1")
            .with_input(text)
            .with_dimensions(2);
        let answer = mock.answer_embedding(request).await.expect("it embeds");
        came.push(format!("{:?} {:?}", answer.embeddings, answer.usage));
    }
    came
}

#[tokio::test(start_paused = true)]
async fn answers_of_rules_closures_and_drivers_become_a_script() {
    let mock = other_calls().await;
    let calls = mock.calls();
    assert_eq!(calls[2].outcome(), Some(&Outcome::Cancelled));
    let scripted = (*OtherCalls::new()).clone();
    mock.reset();
    push(&mock);
    let expected = other_asked(&mock).await;
    assert_eq!(other_asked(&scripted).await, expected);
    scripted.verify().expect("all of it was asked for");
}

/// Calls over the wire: of a path that asks no model, and answers that are written as they are.
async fn served_calls() -> MockProvider {
    let mock = MockProvider::new(
        script([])
            .rules([
                on(path("GET /health")).raw("ok").headers([("content-type", "text/plain")]),
                on(user("odd")).raw("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"odd\"}]}}]}"),
                on(user("hello")).reply("Hi."),
            ])
            .profile(Profile::Openai),
    );
    served_asked(&mock).await;
    mock
}

async fn served_asked(mock: &MockProvider) -> Vec<(u16, String)> {
    let server = MockServer::new(mock.clone());
    let mut client = Client::new(&server).await;
    let mut came = Vec::new();
    for text in ["", "odd", "hello", ""] {
        let reply = match text {
            "" => client.get("/health").await,
            text => {
                let message = json!({ "role": "user", "content": text });
                let body = json!({ "model": "model-1", "messages": [message] });
                client.post("/v1/chat/completions", &body).await
            }
        };
        let text = match text {
            "" => reply.text,
            _ => reply.json()["choices"][0]["message"]["content"].to_string(),
        };
        came.push((reply.status, text));
    }
    came
}

#[tokio::test]
async fn answers_over_the_wire_become_a_script() {
    let mock = served_calls().await;
    mock.reset();
    let expected = served_asked(&mock).await;
    let scripted = (*ServedCalls::new()).clone();
    assert_eq!(served_asked(&scripted).await, expected);
    scripted.verify().expect("all of it was asked for");
}
