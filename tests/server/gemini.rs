//! Gemini over the wire.

use mock_core::builder::{reply, respond_with};
use mock_core::{
    Ending, FinishReason, Message, MockProvider, MockServer, Part, Response, Role, ToolCall, Usage,
    mock_provider, provider_test,
};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, chat, drain, ended, message, ms};

pub(crate) const GENERATE: &str = "/v1beta/models/gemini-2.5-flash:generateContent";
const STREAM: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
const ARRAY: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";

/// What a client asks.
pub(crate) fn ask(text: &str) -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": text }] }] })
}

/// The frames of a stream of server-sent events.
fn frames(text: &str) -> Vec<Value> {
    let frames = text.split_terminator("\r\n\r\n");
    let frames = frames.map(|frame| {
        let data = frame.strip_prefix("data: ").expect("it is data");
        serde_json::from_str(data).expect("it is JSON")
    });
    frames.collect()
}

pub(crate) fn text_of(frame: &Value) -> &str {
    let text = &frame["candidates"][0]["content"]["parts"][0]["text"];
    text.as_str().unwrap_or_default()
}

mock_provider!(
    Weather = gemini("gemini-2.5-flash"),
    rules = match request {
        user("weather") => call(get_weather { city: "Paris" }),
        _ => reasoning("Hm.")
            .reply("Hi.")
            .usage(Usage::new(11, 9).reasoning(8)),
    },
);

#[provider_test]
async fn an_answer_has_the_form_of_gemini() {
    let server = MockServer::new(Weather::new().handle());
    let mut client = Client::new(&server).await;
    for path in [GENERATE, "/v1/models/gemini-2.5-flash:generateContent"] {
        let reply = client.post(path, &ask("hello")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let mut body = reply.json();
        let id = body["responseId"].take();
        assert_eq!(id.as_str().map(str::len), Some(22));
        assert_eq!(
            body,
            json!({
                "candidates": [{
                    "content": { "parts": [{ "text": "Hm.", "thought": true }, { "text": "Hi." }], "role": "model" },
                    "finishReason": "STOP", "index": 0,
                }],
                "usageMetadata": {
                    "promptTokenCount": 11, "candidatesTokenCount": 1, "thoughtsTokenCount": 8, "totalTokenCount": 20,
                    "promptTokensDetails": [{ "modality": "TEXT", "tokenCount": 11 }], "serviceTier": "standard",
                },
                "modelVersion": "gemini-2.5-flash", "responseId": null,
            })
        );
    }
    let reply = client.post(GENERATE, &ask("weather")).await;
    let mut candidate = reply.json()["candidates"][0].take();
    let call = &mut candidate["content"]["parts"][0]["functionCall"];
    assert!(call["id"].take().is_string());
    assert_eq!(
        *call,
        json!({ "id": null, "name": "get_weather", "args": { "city": "Paris" } })
    );
    assert_eq!(candidate["finishReason"], "STOP");
}

#[provider_test]
async fn the_path_names_the_model_and_says_whether_it_is_streamed(
    #[mock(reply("a"), reply("b"))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    client
        .post("/v1beta/models/tuned%2Fa:generateContent", &ask("hi"))
        .await;
    client.post(STREAM, &ask("hi")).await;
    let calls = server.calls();
    assert_eq!(calls[0].request().model, "tuned/a");
    assert_eq!(calls[1].request().model, "gemini-2.5-flash");
    assert_eq!(
        calls
            .iter()
            .map(|call| call.is_streamed())
            .collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(calls[1].request().messages[0].role, Role::User);
}

#[provider_test]
async fn a_stream_has_a_frame_for_each_piece_and_no_end_mark(
    #[mock(stream(["Hel", "lo"]).usage(Usage::new(2, 1)))] server: MockServer,
) {
    let reply = Client::new(&server).await.post(STREAM, &ask("hi")).await;
    assert_eq!(
        reply.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    let frames = frames(&reply.text);
    assert_eq!(
        frames.iter().map(text_of).collect::<Vec<_>>(),
        ["Hel", "lo", ""]
    );
    assert!(frames[0]["candidates"][0]["finishReason"].is_null());
    assert_eq!(frames[2]["candidates"][0]["finishReason"], "STOP");
    assert_eq!(frames[2]["usageMetadata"]["totalTokenCount"], 3);
    assert!(
        frames
            .iter()
            .all(|frame| frame["responseId"] == frames[0]["responseId"])
    );
    assert_eq!(ended(&server).await, Ending::Completed);
}

#[provider_test]
async fn a_stream_without_alt_sse_is_one_json_array(
    #[mock(
        stream(["Hel", "lo"]),
        stream(["Hel", "lo"]).error_after(1, overloaded),
        stream(["Hel", "lo"]).end_after(1),
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let reply = client.post(ARRAY, &ask("hi")).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let whole = reply.json();
    let texts = whole
        .as_array()
        .expect("it is an array")
        .iter()
        .map(text_of);
    assert_eq!(texts.collect::<Vec<_>>(), ["Hel", "lo", ""]);

    let reply = client.post(ARRAY, &ask("hi")).await;
    assert_eq!(reply.json()[1]["error"]["status"], "UNAVAILABLE");

    let reply = client.post(ARRAY, &ask("hi")).await;
    assert!(
        reply.text.starts_with("[{") && !reply.text.ends_with(']'),
        "{}",
        reply.text
    );
    assert_eq!(server.exchanges()[2].ending(), Some(Ending::Truncated));
}

#[provider_test]
async fn a_call_comes_whole_in_a_stream(
    #[mock(call(get_weather { city: "Paris" }).pieces(4))] server: MockServer,
) {
    let reply = Client::new(&server).await.post(STREAM, &ask("hi")).await;
    let frames = frames(&reply.text);
    let call = &frames[0]["candidates"][0]["content"]["parts"][0]["functionCall"];
    assert_eq!(call["args"], json!({ "city": "Paris" }));
    assert_eq!(frames.len(), 2);
}

#[provider_test]
async fn each_fault_has_its_meaning(
    #[mock(
        stream(["a", "b"]).error_after(1, rate_limit { retry_after: 2s }),
        stream(["a", "b"]).malformed_after(1),
        stream(["a", "b"]).end_after(1),
        stream(["a", "b"]).end_after(finish),
        stream(["a", "b"]).cut_after(1),
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let reply = client.post(STREAM, &ask("hi")).await;
    let error = &frames(&reply.text)[1]["error"];
    assert_eq!(
        (&error["code"], &error["status"]),
        (&json!(429), &json!("RESOURCE_EXHAUSTED"))
    );
    let delay = &error["details"][1];
    assert_eq!(delay["retryDelay"], "2s");

    let reply = client.post(STREAM, &ask("hi")).await;
    let (first, second) = reply.text.split_once("\r\n\r\n").expect("two frames");
    assert!(first.contains("\"a\""), "{first}");
    let broken = second.trim().strip_prefix("data: ").expect("it is data");
    assert!(serde_json::from_str::<Value>(broken).is_err(), "{broken}");

    let reply = client.post(STREAM, &ask("hi")).await;
    assert_eq!(
        frames(&reply.text).iter().map(text_of).collect::<Vec<_>>(),
        ["a"]
    );
    let reply = client.post(STREAM, &ask("hi")).await;
    assert_eq!(frames(&reply.text).len(), 3, "the finish is the end");

    let (_, body) = client
        .send("POST", STREAM, ask("hi").to_string())
        .await
        .expect("an answer")
        .into_parts();
    let (text, error) = drain(body).await;
    assert!(text.contains("\"a\"") && error.is_some(), "{text}");
    server.wait_for_exchanges(5).await;
    let endings: Vec<_> = server
        .exchanges()
        .iter()
        .filter_map(|exchange| exchange.ending())
        .collect();
    let expected = [
        Ending::Completed,
        Ending::Malformed,
        Ending::Truncated,
        Ending::Completed,
        Ending::Cut,
    ];
    assert_eq!(endings, expected);
}

#[provider_test]
async fn a_wire_without_signs_of_life_is_silent(
    #[mock(reply("Hi.").ttft(35s).keepalive(10s))] server: MockServer,
) {
    let start = tokio::time::Instant::now();
    let reply = Client::new(&server).await.post(STREAM, &ask("hi")).await;
    assert_eq!(start.elapsed(), ms(35_000));
    assert!(reply.text.starts_with("data: {"), "{}", reply.text);
}

#[provider_test]
async fn errors_have_googles_form(
    #[mock(
        fail(rate_limit { retry_after: 1500ms }),
        fail(overloaded),
        fail(auth),
        fail(quota),
        fail(not_found),
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (status, code, reason) in [
        (429, "RESOURCE_EXHAUSTED", "1.5s"),
        (503, "UNAVAILABLE", "overloaded"),
        (400, "INVALID_ARGUMENT", "API_KEY_INVALID"),
        (429, "RESOURCE_EXHAUSTED", "PerDay"),
        (404, "NOT_FOUND", "model"),
    ] {
        let reply = client.post(STREAM, &ask("hi")).await;
        assert_eq!(reply.status, status, "{}", reply.text);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("retry-after"), None);
        let error = &reply.json()["error"];
        assert_eq!(
            (&error["code"], &error["status"]),
            (&json!(status), &json!(code))
        );
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[provider_test]
async fn results_of_functions_have_no_ids_and_are_matched_by_name(
    #[mock(
        on(user("weather")).call(get_weather { city: "Paris" }),
        on(tool_result(get_weather)).reply("It is {get_weather.temp} °C."),
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let reply = client.post(GENERATE, &ask("weather")).await;
    let said = reply.json()["candidates"][0]["content"].take();
    let mut request = ask("weather");
    let contents = request["contents"].as_array_mut().expect("a list");
    contents.push(said);
    contents.push(json!({ "role": "user", "parts": [
        { "functionResponse": { "name": "get_weather", "response": { "temp": 21 } } },
    ] }));
    let reply = client.post(GENERATE, &request).await;
    assert_eq!(text_of(&reply.json()), "It is 21 °C.", "{}", reply.text);
}

#[provider_test]
async fn gemini_rejects_requests_in_its_format(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let mut of_anthropic = message("a");
    of_anthropic["system"] = json!("Be brief.");
    for (body, problem) in [
        (json!({}), "contents is not specified"),
        (
            of_anthropic,
            "the format of Anthropic Messages, sent to the path of Gemini",
        ),
        (
            chat("a"),
            "the format of OpenAI Chat Completions, sent to the path of Gemini",
        ),
        (
            json!({ "contents": [{ "role": "system", "parts": [] }] }),
            "`system`",
        ),
        (
            json!({ "contents": [{ "role": "user", "parts": [{ "text": "a" }] }], "generationConfig": { "temperature": 3 } }),
            "[0.0, 2.0]",
        ),
    ] {
        let reply = client.post(GENERATE, &body).await;
        let error = reply.json()["error"].take();
        assert_eq!(reply.status, 400);
        assert_eq!(
            (&error["code"], &error["status"]),
            (&json!(400), &json!("INVALID_ARGUMENT"))
        );
        assert!(error["message"].to_string().contains(problem), "{error}");
    }
    let reply = client.post(CHAT, &ask("a")).await;
    assert!(
        reply
            .text
            .contains("the format of Gemini, sent to the path of OpenAI"),
        "{}",
        reply.text
    );
    let reply = client.ask("POST", GENERATE, "{").await.expect("an answer");
    assert!(reply.text.contains("not JSON"), "{}", reply.text);
    let reply = client.get(GENERATE).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
    let reply = client.post("/v1beta/models/m:predict", &json!({})).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["status"]),
        (404, &json!("NOT_FOUND"))
    );
    let reply = client.get("/v1beta/files").await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["status"]),
        (404, &json!("NOT_FOUND"))
    );
    assert!(server.calls().is_empty());
    client.post(GENERATE, &ask("a")).await;
}

#[provider_test]
async fn a_call_without_its_result_fails_the_test(#[mock(reply("Hi."))] server: MockServer) {
    let body = json!({ "contents": [
        { "role": "user", "parts": [{ "text": "a" }] },
        { "role": "model", "parts": [{ "functionCall": { "name": "look", "args": {} } }] },
        { "role": "user", "parts": [{ "text": "b" }] },
    ] });
    let reply = Client::new(&server).await.post(GENERATE, &body).await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.text.contains("number of function response parts"),
        "{}",
        reply.text
    );
    let report = server.verify().expect_err("the conversation is broken");
    assert!(report.to_string().contains("look"), "{report}");
    server.reset();
    Client::new(&server).await.post(GENERATE, &ask("a")).await;
}

#[provider_test]
async fn a_key_is_looked_for_where_clients_of_gemini_put_it(
    #[mock(reply("Hi.").times(3))] server: MockServer,
) {
    server.require_key("right");
    let key = |name, value| {
        let server = server.clone();
        async move {
            let client = Client::new(&server).await;
            client.header(name, value).post(GENERATE, &ask("a")).await
        }
    };
    assert_eq!(key("x-goog-api-key", "right").await.status, 200);
    assert_eq!(key("authorization", "Bearer right").await.status, 200);
    let wrong = key("x-api-key", "right").await;
    let reason = &wrong.json()["error"]["details"][0]["reason"];
    assert_eq!((wrong.status, reason), (400, &json!("API_KEY_INVALID")));
    let mut client = Client::new(&server).await;
    let path = format!("{GENERATE}?key=right");
    assert_eq!(client.post(&path, &ask("a")).await.status, 200);
    let path = format!("{GENERATE}?key=wrong");
    assert_eq!(client.post(&path, &ask("a")).await.status, 400);
    let last = server.exchanges().pop().expect("an exchange");
    assert!(!last.path().contains("wrong"), "{}", last.path());
}

#[provider_test]
async fn models_are_listed_in_three_forms_by_the_headers() {
    let server = MockServer::new(Weather::new().handle());
    let list = |path: &'static str, name, value| {
        let server = server.clone();
        async move {
            let mut client = Client::new(&server).await.header(name, value);
            client.get(path).await.json()
        }
    };
    let gemini = list("/v1/models", "x-goog-api-key", "k").await;
    assert_eq!(gemini["models"][0]["name"], "models/gemini-2.5-flash");
    assert_eq!(list("/v1beta/models", "x-none", "").await, gemini);
    assert_eq!(list("/v1/models?key=k", "x-none", "").await, gemini);
    let openai = list("/v1/models", "authorization", "Bearer k").await;
    assert_eq!(
        (&openai["object"], &openai["data"][0]["id"]),
        (&json!("list"), &json!("gemini-2.5-flash"))
    );
    let anthropic = list("/v1/models", "anthropic-version", "2023-06-01").await;
    assert_eq!(anthropic["data"][0]["type"], "model");
    let one = list("/v1beta/models/gemini-2.5-flash", "x-none", "").await;
    assert_eq!(one, gemini["models"][0]);
}

#[provider_test]
async fn a_model_that_the_mock_does_not_have_is_not_found(
    #[mock(models = ["gemini-2.5-flash"], reply("Hi."))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for path in [
        "/v1beta/models/other:generateContent",
        "/v1/models/other:countTokens",
    ] {
        let reply = client.post(path, &ask("a")).await;
        let error = reply.json()["error"].take();
        assert_eq!((reply.status, &error["status"]), (404, &json!("NOT_FOUND")));
        assert!(
            error["message"]
                .to_string()
                .contains("models/other is not found"),
            "{error}"
        );
    }
    let reply = client.get("/v1beta/models/other").await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (404, &json!(404))
    );
    assert_eq!(client.post(GENERATE, &ask("a")).await.status, 200);
}

#[provider_test]
async fn tokens_are_counted_without_a_call(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let path = "/v1beta/models/gemini-2.5-flash:countTokens";
    let body = ask("a text of some 40 characters, or so......");
    let count = client.post(path, &body).await.json();
    assert_eq!(count["totalTokens"], 10);
    let wrapped = json!({ "generateContentRequest": body });
    assert_eq!(client.post(path, &wrapped).await.json(), count);
    assert!(server.calls().is_empty());
    client.post(GENERATE, &ask("a")).await;
}

#[provider_test]
async fn a_blocked_prompt_has_no_candidates_on_the_wire() {
    let blocked = respond_with(|_| {
        let mut response = Response::new("", "");
        response.finish_reason = Some(FinishReason::ContentFilter);
        let feedback = json!({ "blockReason": "SAFETY" });
        response.metadata.insert("promptFeedback".into(), feedback);
        response
    });
    let server = MockServer::new(MockProvider::script([blocked.times(2)]));
    let mut client = Client::new(&server).await;
    let body = client.post(GENERATE, &ask("a")).await.json();
    assert!(body.get("candidates").is_none(), "{body}");
    assert_eq!(body["promptFeedback"]["blockReason"], "SAFETY");
    let reply = client.post(STREAM, &ask("a")).await;
    let frames = frames(&reply.text);
    assert_eq!(frames.len(), 1, "{}", reply.text);
    assert!(frames[0].get("candidates").is_none());
}

#[provider_test]
async fn the_thought_signature_of_a_call_is_sent_and_comes_back() {
    let turn = respond_with(|_| {
        let call = ToolCall::new("c1", "look", "{}").with_extra("thoughtSignature", "c2VhbA==");
        Response::from(Message::new(Role::Assistant, vec![Part::ToolCall(call)]))
    });
    let mock = MockProvider::script([turn.times(2), reply("Done.")]);
    let server = MockServer::new(mock);
    let mut client = Client::new(&server).await;
    let whole = client.post(GENERATE, &ask("look")).await.json();
    let streamed = client.post(STREAM, &ask("look")).await;
    let frame = &frames(&streamed.text)[0];
    for answer in [&whole, frame] {
        let part = &answer["candidates"][0]["content"]["parts"][0];
        assert_eq!(part["thoughtSignature"], "c2VhbA==", "{answer}");
        assert_eq!(part["functionCall"]["name"], "look");
    }
    let mut next = ask("look");
    let contents = next["contents"].as_array_mut().expect("a list");
    contents.push(whole["candidates"][0]["content"].clone());
    let result = json!({ "id": "c1", "name": "look", "response": { "output": "x" } });
    contents.push(json!({ "role": "user", "parts": [{ "functionResponse": result }] }));
    client.post(GENERATE, &next).await;
    let calls = server.calls();
    let call = calls[2].request().messages[1].tool_calls().next();
    assert_eq!(call.expect("a call").extra["thoughtSignature"], "c2VhbA==");
}

#[provider_test]
async fn contents_are_checked_before_their_tokens_are_counted(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let path = "/v1beta/models/gemini-2.5-flash:countTokens";
    let contents = |parts: Value| json!({ "contents": [{ "role": "user", "parts": parts }] });
    let mut client = Client::new(&server).await;
    for (body, message) in [
        (
            json!({}),
            "* CountTokensRequest.contents: contents is not specified",
        ),
        (
            contents(json!([{}])),
            "* CountTokensRequest.contents[0].parts[0].data: required oneof field",
        ),
        (
            json!({ "generateContentRequest": contents(json!([{}])) }),
            "* GenerateContentRequest.contents[0].parts[0].data: required oneof field",
        ),
        (
            contents(json!([{ "type": "text", "text": "a" }])),
            "Unknown name \"type\" at 'contents[0].parts[0]': Cannot find field.",
        ),
        (
            contents(json!([{ "text": "a", "functionCall": { "name": "f" } }])),
            "oneof field 'data' is already set. Cannot set",
        ),
    ] {
        let reply = client.post(path, &body).await;
        let error = &reply.json()["error"];
        let (status, said) = (&error["status"], error["message"].as_str());
        assert_eq!((reply.status, status), (400, &json!("INVALID_ARGUMENT")));
        let said = said.unwrap_or_default();
        assert!(said.contains(message), "{said}");
    }
    server.lenient();
    let odd = contents(json!([{ "type": "text", "text": "a" }]));
    assert_eq!(client.post(path, &odd).await.status, 200);
    client.post(GENERATE, &ask("a")).await;
}
