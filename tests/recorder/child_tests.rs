//! The tests that the other files run in child processes.

use std::env;
use std::time::{Duration, Instant};

use mock_core::{MockServer, RecordError, Recorder, TestClock, provider_test};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn upstream() -> String {
    env::var("CHILD_UPSTREAM").expect("it is set")
}

fn child() -> String {
    env::var("CHILD").unwrap_or_default()
}

/// Asks for the weather, and returns the body of the answer.
async fn ask(server: &MockServer, key: &str, city: &str) -> std::io::Result<String> {
    let question = json!({"role": "user", "content": format!("weather in {city}")});
    let body = json!({"model": "gpt-4o", "messages": [question]}).to_string();
    let mut client = TcpStream::connect(server.addr()).await?;
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: there\r\nauthorization: Bearer {key}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(format!("{head}{body}").as_bytes()).await?;
    let mut answer = String::new();
    client.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    Ok(body.to_owned())
}

#[provider_test(foreign = ignore)]
#[ignore = "run by others"]
async fn asks(recorder: Recorder, clock: TestClock) -> Result<(), RecordError> {
    let began = Instant::now();
    let server = recorder.serve(&upstream())?;
    let key = recorder.key("CHILD_KEY")?;
    println!("key: {key}");
    if child() == "is silent" {
        return Ok(());
    }
    for city in ["Paris", "Lyon"] {
        // On a paused clock, this would expire while the provider is asked.
        let answer = tokio::time::timeout(Duration::from_secs(60), ask(&server, &key, city)).await;
        println!("answer: {}", answer.expect("in time").expect("an answer"));
    }
    println!("calls: {:?}", server.calls()[1].request().messages);
    println!("waited: {}", began.elapsed() >= Duration::from_millis(300));
    assert!(clock.elapsed() < Duration::from_secs(30));
    match child().as_str() {
        "panics" => panic!("the test fails"),
        "aborts" => std::process::abort(),
        _ => Ok(()),
    }
}

#[provider_test]
#[ignore = "run by others"]
async fn asks_too(recorder: Recorder) -> Result<(), RecordError> {
    let server = recorder.serve(&upstream())?;
    ask(&server, "key", "Rome").await.expect("an answer");
    Ok(())
}

#[provider_test]
#[ignore = "run by others"]
async fn asks_twice(one: Recorder, two: Recorder) -> Result<(), RecordError> {
    let (one, two) = (one.serve(&upstream())?, two.serve(&upstream())?);
    let answers = tokio::join!(ask(&one, "key", "Bern"), ask(&two, "key", "Oslo"));
    assert!(answers.0.expect("an answer").contains("Bern"));
    Ok(())
}

#[provider_test]
#[ignore = "run by others"]
async fn swallows(recorder: Recorder) -> Result<(), RecordError> {
    let server = recorder.serve(&upstream())?;
    let city = match child().as_str() {
        "asks something else" => "Madrid",
        _ => "Paris",
    };
    let _ = ask(&server, "key", city).await;
    Ok(())
}

#[provider_test(sweep = faults)]
#[ignore = "run by others"]
async fn sweeps(
    recorder: Recorder,
    #[mock(reply("Hi."))] llm: mock_core::MockProvider,
) -> Result<(), RecordError> {
    let _ = llm.answer(mock_core::Request::default()).await;
    recorder.serve(&upstream()).map(drop)
}

#[provider_test(seeds = 0..2)]
#[ignore = "run by others"]
async fn has_seeds(recorder: Recorder) -> Result<(), RecordError> {
    recorder.serve(&upstream()).map(drop)
}
