//! The examples of `docs/scenarios.md` that need no file of their own, and its table of what the wire shows.

use std::path::PathBuf;
use std::{env, fs};

use mock_core::{
    ErrorKind, Message, MockProvider, MockServer, Request, mock_provider, provider_test,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::helpers::{read, root};

async fn say(llm: &MockProvider, text: &str) -> Result<String, ErrorKind> {
    let answer = llm.answer(Request::new("gpt-4o").user(text)).await;
    match answer {
        Ok(answer) => Ok(answer.text().into_owned()),
        Err(error) => Err(error.kind),
    }
}

#[provider_test]
async fn turns_answer_in_order(
    #[mock(
        reply("Hello."),
        fail(rate_limit).times(2),
        reply("Here I am again."),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "Hi.").await.unwrap(), "Hello.");
    assert_eq!(say(&llm, "Still there?").await, Err(ErrorKind::RateLimit));
    assert_eq!(say(&llm, "Still there?").await, Err(ErrorKind::RateLimit));
    let answer = say(&llm, "Still there?").await;
    assert_eq!(answer.unwrap(), "Here I am again.");
}

#[provider_test]
async fn a_pattern_captures_what_the_reply_says(
    #[mock(
        on(user("my name is {name:word}"), system("terse")).reply("Hello, {name}."),
        on(user("weather in {city}")).reply("It is 18 °C in {city}, {name}."),
    )]
    llm: MockProvider,
) {
    let ask = |text: &str| Request::new("gpt-4o").system("Be terse.").user(text);

    let answer = llm.answer(ask("Hi, my name is Ada.")).await.unwrap();
    assert_eq!(answer.text(), "Hello, Ada.");

    let answer = llm.answer(ask("And the weather in New York?")).await;
    assert_eq!(answer.unwrap().text(), "It is 18 °C in New York, Ada.");
}

#[provider_test]
async fn two_tools_are_called_at_once(
    #[mock(
        tools = [get_weather { city: string }, get_time],
        script = [
            call(get_weather { city: "Paris" }).call(get_time),
            on(tool_result(get_weather), tool_result(get_time))
                .reply("{get_weather.temp} °C at {get_time.now}."),
        ],
    )]
    llm: MockProvider,
) {
    let request = Request::new("gpt-4o")
        .user("How is Paris?")
        .with_tools(llm.tool_definitions());

    let answer = llm.answer(request.clone()).await.unwrap();
    let ids: Vec<_> = answer.tool_calls().map(|call| call.id.clone()).collect();
    let request = request
        .with_message(answer.message.clone())
        .with_message(Message::tool(&ids[0], r#"{"temp": 18}"#))
        .with_message(Message::tool(&ids[1], r#"{"now": "12:00"}"#));

    let answer = llm.answer(request).await.unwrap();
    assert_eq!(answer.text(), "18 °C at 12:00.");
}

#[provider_test]
async fn a_broken_stream_is_a_broken_answer(
    #[mock(
        stream(["It is ", "18 °C."]).every(20ms).cut_after(1),
        fail(overloaded { retry_after: 2s }),
        reply("It is 18 °C.").ttft(300ms),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "How warm?").await, Err(ErrorKind::Connection));
    assert_eq!(say(&llm, "How warm?").await, Err(ErrorKind::Overloaded));
    assert_eq!(say(&llm, "How warm?").await.unwrap(), "It is 18 °C.");
}

/// What a row of the table says in its first cell, and the mock that plays it.
macro_rules! rows {
    ($($text:literal: [$($mock:tt)*])*) => {
        vec![$(($text, mock_provider!(openai, allow = [unoffered_tools], script = [$($mock)*]))),*]
    };
}

fn rows() -> Vec<(&'static str, MockProvider)> {
    rows! {
        r#"reply("Hi there.")"#: [reply("Hi there.")]
        r#"stream(["Hi ", "there."])"#: [stream(["Hi ", "there."])]
        r#"reply("Hi there.").split(chars(4))"#: [reply("Hi there.").split(chars(4))]
        r#"reasoning("Hm.").reply("Hi.")"#: [reasoning("Hm.").reply("Hi.")]
        r#"refusal("No.")"#: [refusal("No.")]
        r#"json(object { ok: true })"#: [json(object { ok: true })]
        r#"call(get_time { zone: "CET" })"#: [call(get_time { zone: "CET" })]
        r#"call(get_time { zone: "CET" }).pieces(2)"#: [call(get_time { zone: "CET" }).pieces(2)]
        r#"reply("Hi.").finish(length)"#: [reply("Hi.").finish(length)]
        r#"fail(rate_limit { retry_after: 2s })"#: [fail(rate_limit { retry_after: 2s })]
        r#"fail(overloaded)"#: [fail(overloaded)]
        r#"fail(generic { status: 418, code: "teapot" })"#: [fail(generic { status: 418, code: "teapot" })]
        r#"fail(connection)"#: [fail(connection)]
        r#"reply("Hi there.").cut_after(1)"#: [reply("Hi there.").cut_after(1)]
        r#"reply("Hi there.").end_after(1)"#: [reply("Hi there.").end_after(1)]
        r#"reply("Hi there.").end_after(finish)"#: [reply("Hi there.").end_after(finish)]
        r#"reply("Hi there.").error_after(1, overloaded)"#: [reply("Hi there.").error_after(1, overloaded)]
        r#"reply("Hi there.").malformed_after(1)"#: [reply("Hi there.").malformed_after(1)]
    }
}

/// Sends a streamed request of Chat Completions, and returns all that came.
async fn exchange(server: &MockServer) -> String {
    let url = server.openai_url();
    let host = url.trim_start_matches("http://").trim_end_matches("/v1");
    let body = json!({
        "model": "gpt-4o",
        "stream": true,
        "messages": [{ "role": "user", "content": "Hi." }],
    });
    let body = body.to_string();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.expect("the server listens");
    let sent = format!("{head}{body}");
    stream.write_all(sent.as_bytes()).await.expect("it is sent");
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).expect("a text");
    match end {
        Ok(_) => answer,
        Err(_) => answer + "reset",
    }
}

/// What a client sees, in the words of the table.
fn shown(answer: &str) -> String {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return "the connection is reset".to_owned();
    };
    let status = head.split(' ').nth(1).expect("a status");
    if status != "200" {
        return failure(status, head, body);
    }
    let mut frames = Vec::new();
    for frame in body.lines().filter_map(|line| line.strip_prefix("data: ")) {
        frames.push(match serde_json::from_str::<Value>(frame) {
            Ok(frame) => of_frame(&frame),
            Err(_) if frame == "[DONE]" => "`[DONE]`".to_owned(),
            Err(_) => "a frame that is not JSON".to_owned(),
        });
    }
    frames.retain(|frame| !frame.is_empty());
    if !body.ends_with("\r\n0\r\n\r\n") {
        frames.push("the connection closes".to_owned());
    } else if frames.last().is_none_or(|last| last != "`[DONE]`") {
        frames.push("the body ends".to_owned());
    }
    frames.join(", ")
}

fn failure(status: &str, head: &str, body: &str) -> String {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let retry = head
        .lines()
        .find(|line| line.starts_with("retry-after:"))
        .map_or(String::new(), |line| format!(", `{line}`"));
    format!("status {status}{retry}, {}", of_error(&body["error"]))
}

fn of_frame(frame: &Value) -> String {
    if let Some(error) = frame.get("error") {
        return format!("`error` with the {}", of_error(error));
    }
    let choice = &frame["choices"][0];
    if let Some(reason) = choice["finish_reason"].as_str() {
        return format!("`finish_reason` {}", code(&json!(reason)));
    }
    let fields = choice["delta"].as_object().into_iter().flatten();
    let fields = fields.filter(|(name, value)| *name != "role" && !value.is_null() && *value != "");
    let texts = fields.map(|(name, value)| match &value[0]["function"] {
        Value::Null => format!("`{name}` {}", code(value)),
        function => {
            let name = function
                .get("name")
                .map(|name| format!("`tool_calls` {}, ", code(name)));
            format!(
                "{}`arguments` {}",
                name.unwrap_or_default(),
                code(&function["arguments"])
            )
        }
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// The code of an error, or its type if it has none.
fn of_error(error: &Value) -> String {
    match &error["code"] {
        Value::Null => format!("type {}", code(&error["type"])),
        given => format!("code {}", code(given)),
    }
}

/// JSON in a cell of a table.
fn code(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text:?}`"),
        value => format!("`{value}`"),
    }
}

fn page() -> PathBuf {
    root().join("docs/scenarios.md")
}

/// `UPDATE_BOOK=1` writes the table anew.
#[tokio::test(start_paused = true)]
async fn the_table_shows_the_frames_on_the_wire() {
    let mut table = "| in the scenario | what a streaming client of Chat Completions receives |\n| --- | --- |\n".to_owned();
    for (text, mock) in rows() {
        let server = MockServer::new(mock);
        table += &format!("| `{text}` | {} |\n", shown(&exchange(&server).await));
        server.verify().expect("the turn was used");
    }
    let document = read(&page());
    let (before, rest) = document
        .split_once("<!-- the table of the wire -->\n\n")
        .expect("the place of the table");
    let (shown, after) = rest.split_once("\n\n").expect("the end of the table");
    if env::var_os("UPDATE_BOOK").is_some() {
        let new = format!(
            "{before}<!-- the table of the wire -->\n\n{}\n\n{after}",
            table.trim_end()
        );
        fs::write(page(), new).expect("the page can be written");
        return;
    }
    assert_eq!(shown, table.trim_end(), "run this test with UPDATE_BOOK=1");
}
