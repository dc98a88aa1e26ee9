//! Providers that are recorded in process.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;

use super::*;
use crate::chat::provider::{BoxEventStream, Provider};
use crate::{
    EmbeddingRequest, EmbeddingResponse, FinishReason, Message, ProviderError, Request, Response,
    StreamEvent, ToolDefinition, Usage,
};

/// A provider that answers each question in a way of its own.
#[derive(Clone)]
struct Theirs {
    /// How many answers it may give.
    asked: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    name: &'static str,
}

impl Theirs {
    fn new(name: &'static str) -> Self {
        Theirs {
            asked: std::sync::Arc::default(),
            name,
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn answers() -> Vec<Vec<StreamEvent>> {
    let text = |text: &str| StreamEvent::Text(text.into());
    let finish = |reason| StreamEvent::Finish {
        reason: Some(reason),
        usage: Some(Usage::new(11, 7)),
    };
    let call = |index: usize, id: &str| StreamEvent::ToolCallStart {
        index,
        id: id.into(),
        name: "get_weather".into(),
        extra: None,
    };
    let arguments = |index: usize, arguments: &str| StreamEvent::ToolCallDelta {
        index,
        arguments: arguments.into(),
    };
    vec![
        vec![
            text("It is "),
            text("18 °C"),
            text(".\n\n"),
            finish(FinishReason::Stop),
        ],
        vec![
            call(0, "call_a"),
            arguments(0, "{\"city\":"),
            arguments(0, "\"Paris\"}"),
            call(1, "call_b"),
            arguments(1, "{}"),
            finish(FinishReason::ToolCalls),
        ],
        vec![
            StreamEvent::Reasoning("Let me ".into()),
            StreamEvent::Reasoning("see.".into()),
            StreamEvent::ReasoningSignature("c2lnbmVk".into()),
            text("Yes."),
            finish(FinishReason::Stop),
        ],
        vec![finish(FinishReason::Length)],
    ]
}

fn limited() -> ProviderError {
    let mut error = ProviderError::new(crate::ErrorKind::RateLimit);
    error.status = Some(429);
    error.message = "slow down".into();
    error.retry_after = Some(Duration::from_secs(2));
    error
}

fn answer(request: &Request) -> Result<Vec<StreamEvent>, ProviderError> {
    let user = request
        .messages
        .iter()
        .find(|message| message.role == crate::Role::User);
    let asked = user.expect("a question").text();
    match asked.parse::<usize>() {
        Ok(index) => Ok(answers()[index].clone()),
        Err(_) => Err(limited()),
    }
}

#[async_trait::async_trait]
impl Provider for Theirs {
    async fn chat(&self, request: Request) -> Result<Response, ProviderError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut response = Response::new("resp_1", "their-model");
        answer(&request)?
            .into_iter()
            .for_each(|event| response.push(event));
        Ok(response)
    }

    async fn stream(&self, request: Request) -> Result<BoxEventStream, ProviderError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Box::pin(stream::iter(answer(&request)?).map(Ok)))
    }

    async fn embed(&self, request: EmbeddingRequest) -> Result<EmbeddingResponse, ProviderError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if request.inputs.len() > 2 {
            return Err(limited());
        }
        let vectors = request
            .inputs
            .iter()
            .map(|input| vec![0.1, input.text().len() as f32]);
        let mut response = EmbeddingResponse::new(request.model.clone());
        response.embeddings = vectors.collect();
        Ok(response.with_usage(Usage::new(2, 0)))
    }

    fn name(&self) -> &str {
        self.name
    }
}

fn question(text: &str) -> Request {
    Request::new("their-model").system("Be brief.").user(text)
}

/// Asks a mock whole and streamed, and returns what it says.
async fn told(mock: &MockProvider, asked: &str) -> Vec<String> {
    let mut told = Vec::new();
    let failed = |error: ProviderError| {
        let ProviderError {
            kind,
            message,
            status,
            retry_after,
            ..
        } = error;
        format!("{kind:?} {message} {status:?} {retry_after:?}")
    };
    told.push(match mock.answer(question(asked)).await {
        Ok(response) => format!("{:?} {:?}", response.message, response.usage),
        Err(error) => failed(error),
    });
    match mock.answer_stream(question(asked)).await {
        Ok(events) => {
            let events: Vec<_> = events.collect().await;
            told.push(format!("{events:?}"));
        }
        Err(error) => told.push(failed(error)),
    }
    told
}

#[tokio::test]
async fn s100_the_answers_of_a_provider_in_process_are_replayed_in_process() {
    for name in ["openai", "anthropic", "gemini", "ollama", "theirs"] {
        let theirs = Theirs::new(name);
        let file = new_file(&format!("in_process_{name}"));
        let mut said = Vec::new();
        for mode in [RecordMode::Record, RecordMode::Replay] {
            let recorder = recorder(&file, mode);
            let mock = recorder.wrap(theirs.clone()).expect("it is recorded");
            let mut all = Vec::new();
            for asked in ["0", "1", "2", "3", "too much"] {
                all.push(told(&mock, asked).await);
            }
            let calls = mock.calls();
            let completed =
                |call: &crate::Call| matches!(call.outcome(), Some(crate::Outcome::Completed));
            all.push(
                calls
                    .iter()
                    .map(|call| completed(call).to_string())
                    .collect(),
            );
            let answers = calls
                .iter()
                .map(|call| call.response().map(|answer| answer.message));
            all.push(answers.map(|answer| format!("{answer:?}")).collect());
            recorder.finish().await.expect("it is written");
            mock.verify().expect("nothing is wrong");
            said.push(all);
        }
        let [recorded, replayed] = &said[..] else {
            unreachable!("there are two modes")
        };
        for (recorded, replayed) in recorded.iter().zip(replayed) {
            assert_eq!(recorded, replayed, "{name}");
        }
        assert_eq!(theirs.asked(), 10, "a replay asks nobody");
        let paths = Cassette::load(&file).expect("it is written");
        let first = &paths.interactions()[0].path;
        let own = match name {
            "anthropic" => "/v1/messages",
            "gemini" => "/v1beta/models/their-model:generateContent",
            // Ollama has no place for the id of an answer.
            _ => "/v1/chat/completions",
        };
        assert_eq!(first, own);
    }
}

#[tokio::test]
async fn s100_embeddings_of_a_provider_in_process_are_replayed_in_process() {
    for (name, path) in [
        ("openai", "/v1/embeddings"),
        ("gemini", "/v1beta/models/their-model:batchEmbedContents"),
        ("ollama", "/api/embed"),
        ("theirs", "/v1/embeddings"),
    ] {
        let theirs = Theirs::new(name);
        let file = new_file(&format!("embeddings_{name}"));
        let mut said = Vec::new();
        for mode in [RecordMode::Record, RecordMode::Replay, RecordMode::Missing] {
            let recorder = recorder(&file, mode);
            let mock = recorder.wrap(theirs.clone()).expect("it is recorded");
            let mut all = Vec::new();
            for inputs in [&["a cat", "a dog"][..], &["a"], &["a", "b", "c"]] {
                let inputs = inputs.iter().copied();
                let request = EmbeddingRequest::new("their-model").with_inputs(inputs);
                let answer = mock.answer_embedding(request).await;
                all.push(match answer {
                    Ok(answer) => format!("{:?} {:?}", answer.embeddings, answer.usage),
                    Err(error) => format!("{:?} {} {:?}", error.kind, error.message, error.status),
                });
            }
            // A chat with the same text is another request.
            all.push(format!("{:?}", told(&mock, "0").await));
            recorder.finish().await.expect("it is written");
            mock.verify().expect("nothing is wrong");
            said.push(all);
        }
        assert_eq!(said[0], said[1], "{name}");
        assert_eq!(said[0], said[2], "{name}");
        assert_eq!(theirs.asked(), 5, "a replay asks nobody");
        let cassette = Cassette::load(&file).expect("it is written");
        assert_eq!(cassette.interactions()[0].path, path);
    }
}

#[tokio::test]
async fn s102_an_answer_in_process_is_recorded_even_if_the_caller_drops_it() {
    let file = new_file("in_process_gone");
    let recorder = recorder(&file, RecordMode::Record);
    let theirs = Theirs::new("openai");
    let mock = recorder.wrap(theirs.clone()).expect("it records");
    let mut events = mock.answer_stream(question("0")).await.expect("a stream");
    events.next().await.expect("an event").expect("a text");
    drop(events);
    recorder.finish().await.expect("it is written");
    let cassette = Cassette::load(&file).expect("it is written");
    let body = String::from_utf8_lossy(&cassette.interactions()[0].body).into_owned();
    assert!(body.contains("18 °C") && body.contains("[DONE]"), "{body}");
    assert_eq!(cassette.interactions()[0].frames.len(), 4);
}

/// A provider that goes wrong in a way that no HTTP answer has.
struct Broken;

#[async_trait::async_trait]
impl Provider for Broken {
    async fn chat(&self, _: Request) -> Result<Response, ProviderError> {
        Err(ProviderError::new(crate::ErrorKind::Connection))
    }

    async fn stream(&self, _: Request) -> Result<BoxEventStream, ProviderError> {
        let events = [Ok(StreamEvent::Text("Hel".into()))];
        Ok(Box::pin(stream::iter(events)))
    }

    fn name(&self) -> &str {
        "broken"
    }
}

#[tokio::test]
async fn s103_an_answer_that_no_format_can_express_fails_the_recording() {
    let file = new_file("in_process_broken");
    let recorder = recorder(&file, RecordMode::Record);
    let mock = recorder.wrap(Broken).expect("it records");
    mock.answer(question("0")).await.expect_err("it is broken");
    let events = mock.answer_stream(question("0")).await.expect("a stream");
    let events: Vec<_> = events.collect().await;
    assert_eq!(events, [Ok(StreamEvent::Text("Hel".into()))]);
    let error = recorder.finish().await.expect_err("it is not whole");
    assert_eq!(error.problem(), RecordProblem::Broken);
    for words in [
        "request to broken: the provider failed without an HTTP answer",
        "request to broken: the stream ended without its finish event",
    ] {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(!file.exists());
}

#[tokio::test]
async fn s104_a_missing_answer_in_process_is_requested_and_added() {
    let file = new_file("in_process_missing");
    let theirs = Theirs::new("openai");
    for (asked, count) in [(vec!["0"], 1), (vec!["0", "1"], 2), (vec!["1", "0"], 2)] {
        let recorder = recorder(&file, RecordMode::Missing);
        let mock = recorder.wrap(theirs.clone()).expect("it records");
        for asked in asked {
            mock.answer(question(asked)).await.expect("an answer");
        }
        recorder.finish().await.expect("it is written");
        mock.verify().expect("nothing is wrong");
        assert_eq!(theirs.asked(), count);
    }
}

#[tokio::test]
async fn s104_a_key_is_asked_for_once_a_request_is_missing_in_process() {
    let recorder = recorder(&new_file("in_process_key"), RecordMode::Missing);
    let theirs = Theirs::new("openai");
    let mock = recorder.wrap(theirs.clone()).expect("it records");
    let name = "MOCK_CORE_TEST_KEY_THAT_NOBODY_SETS";
    assert_eq!(recorder.key(name).expect("none yet"), "replayed");
    let error = mock.answer(question("0")).await.expect_err("no key");
    assert!(error.message.contains(name), "{error}");
    mock.answer_stream(question("0")).await.expect_err("no key");
    let embeddings = EmbeddingRequest::new("their-model").with_inputs(["a"]);
    mock.answer_embedding(embeddings).await.expect_err("no key");
    assert_eq!(theirs.asked(), 0);
    let error = recorder.finish().await.expect_err("it needs the key");
    assert_eq!(error.problem(), RecordProblem::Key);
    assert!(error.to_string().contains("request to openai: "), "{error}");
}

#[tokio::test]
async fn s103_an_answer_that_no_format_holds_fails_the_recording() {
    let recorder = recorder(&new_file("in_process_no_format"), RecordMode::Record);
    let mock = recorder.wrap(Theirs::new("openai")).expect("it records");
    // The answer has a signature, as Anthropic's have, and the request a name, as OpenAI's have.
    let mut named = question("2");
    named.messages[1].name = Some("Ada".into());
    mock.answer(named).await.expect("an answer");
    let error = recorder.finish().await.expect_err("no format has both");
    assert_eq!(error.problem(), RecordProblem::Broken);
    assert!(error.to_string().contains("signature"), "{error}");
}

#[tokio::test]
async fn a_conversation_with_tools_is_recorded_in_process() {
    let file = new_file("in_process_tools");
    let theirs = Theirs::new("openai");
    let tool = ToolDefinition::new("get_weather");
    for mode in [RecordMode::Record, RecordMode::Replay] {
        let recorder = recorder(&file, mode);
        let mock = recorder.wrap(theirs.clone()).expect("it is recorded");
        let request = Request::new("their-model")
            .user("1")
            .with_tool(tool.clone());
        let answer = mock.answer(request.clone()).await.expect("a call");
        let ids: Vec<_> = answer.tool_calls().map(|call| call.id.clone()).collect();
        let mut next = request.with_message(answer.message.clone());
        for id in ids {
            next = next.with_message(Message::tool(&id, "18 °C"));
        }
        mock.answer(next).await.expect("an answer");
        recorder.finish().await.expect("it is written");
        mock.verify().expect("nothing is wrong");
    }
    assert_eq!(theirs.asked(), 2);
}
