//! Requests.

use super::*;

fn conversation() -> Value {
    json!({
        "model": "gpt-4o",
        "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "developer", "content": [{ "type": "text", "text": "Be kind." }, { "type": "text", "text": "Please." }] },
            { "role": "user", "name": "ada", "content": [
                { "type": "text", "text": "What is this?" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,aGk=", "detail": "low" } },
                { "type": "image_url", "image_url": { "url": "https://example.com/a.png" } },
                { "type": "input_audio", "input_audio": { "data": "aGk=", "format": "wav" } },
            ] },
            { "role": "assistant", "content": null, "tool_calls": [
                { "id": "call_1", "type": "function", "function": { "name": "look", "arguments": "{\"x\":" } },
                { "id": "call_2", "type": "function", "function": { "name": "listen", "arguments": "{}" } },
            ] },
            { "role": "tool", "tool_call_id": "call_1", "content": "a cat" },
            { "role": "tool", "tool_call_id": "call_2", "content": [
                { "type": "text", "text": "a " }, { "type": "text", "text": "meow" },
            ] },
            { "role": "assistant", "content": "A cat.", "reasoning_content": "Hm." },
            { "role": "assistant", "content": [], "refusal": "No." },
        ],
        "tools": [
            { "type": "function", "function": {
                "name": "look", "description": "Looks.", "parameters": { "type": "object" }, "strict": true,
            } },
            { "type": "custom", "custom": { "name": "shell" } },
        ],
        "tool_choice": "auto",
        "parallel_tool_calls": false,
        "response_format": { "type": "json_schema", "json_schema": { "name": "x", "schema": {}, "strict": true } },
        "max_completion_tokens": 100,
        "temperature": 0.5,
        "stream": true,
        "stream_options": { "include_usage": true },
        "user": null,
    })
}

#[test]
fn a_request_is_read_whole() {
    let request = read_request(conversation()).expect("it can be read");
    let roles: Vec<_> = request
        .messages
        .iter()
        .map(|message| message.role.as_str())
        .collect();
    let expected = [
        "system",
        "developer",
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
        "assistant",
    ];
    assert_eq!(roles, expected);
    let user = &request.messages[2];
    assert_eq!(user.name.as_deref(), Some("ada"));
    assert_eq!(user.text(), "What is this?");
    let image = Image::Base64 {
        media_type: "image/png".into(),
        data: "aGk=".into(),
    };
    assert_eq!(user.parts[1], Part::Image(image));
    let detail = json!({ "image_url": { "detail": "low" } });
    assert_eq!(
        user.parts[2],
        Part::Extra(detail.as_object().cloned().expect("it is an object"))
    );
    assert_eq!(
        user.parts[3],
        Part::Image(Image::Url("https://example.com/a.png".into()))
    );
    assert!(matches!(&user.parts[4], Part::Other(audio) if audio["type"] == "input_audio"));
    let calls: Vec<_> = request.messages[3].tool_calls().collect();
    assert_eq!(calls[0], &ToolCall::new("call_1", "look", "{\"x\":"));
    assert_eq!(request.tool_of_call("call_2"), Some("listen"));
    let result = request.messages[5]
        .tool_results()
        .next()
        .expect("it has a result");
    assert_eq!((&*result.call_id, &*result.text()), ("call_2", "a meow"));
    let reasoning = Reasoning {
        text: "Hm.".into(),
        signature: None,
    };
    assert_eq!(
        request.messages[6].parts,
        [Part::Reasoning(reasoning), Part::Text("A cat.".into())]
    );
    assert_eq!(request.messages[7].parts, [Part::Refusal("No.".into())]);
    assert_eq!(
        (&*request.tools[0].name, &*request.tools[0].description),
        ("look", "Looks.")
    );
    assert_eq!(
        request.tools[0].extra["function"],
        json!({ "strict": true })
    );
    assert_eq!(request.tools[1].name, "shell");
    assert_eq!(
        (request.temperature, request.max_tokens),
        (Some(0.5), Some(100))
    );
    assert!(includes_usage(&request) && request.stream == Some(true));
    assert_eq!(request.extra["tool_choice"], "auto");
    assert_eq!(request.extra["response_format"]["type"], "json_schema");
}

#[test]
fn a_request_that_is_read_is_written_as_it_was() {
    let request = read_request(conversation()).expect("it can be read");
    assert_eq!(write_request(&request), Ok(conversation()));
}

#[test]
fn the_older_limit_of_tokens_keeps_its_name() {
    let body = json!({ "model": "m", "messages": [], "max_tokens": 5 });
    let request = read_request(body.clone()).expect("it can be read");
    assert_eq!(request.max_tokens, Some(5));
    assert_eq!(write_request(&request), Ok(body));
    let body = write_request(&Request::new("m").with_max_tokens(5));
    assert_eq!(
        body,
        Ok(json!({ "model": "m", "messages": [], "max_completion_tokens": 5 }))
    );
}

#[test]
fn of_two_limits_of_tokens_the_newer_counts() {
    let body = json!({ "max_tokens": 1, "max_completion_tokens": 2 });
    let request = read_request(body).expect("it can be read");
    assert_eq!(request.max_tokens, Some(2));
}

#[test]
fn a_body_that_cannot_be_read_is_reported_with_its_place() {
    let error = |body| {
        read_request(body)
            .expect_err("it cannot be read")
            .to_string()
    };
    assert_eq!(error(json!([])), "`body` is a list: give it an object");
    assert_eq!(
        error(json!({ "messages": [{ "role": "owner", "content": "" }] })),
        "`messages[0].role` is `owner`, which is not known here: use `system`, `developer`, `user`, `assistant` or `tool`"
    );
    assert_eq!(
        error(json!({ "messages": [{ "role": "user" }] })),
        "`messages[0].content` is missing: give it a text or a list of parts"
    );
    assert_eq!(
        error(json!({ "messages": [{ "role": "user", "content": [{ "text": "?" }] }] })),
        "`messages[0].content[0].type` is missing: give it `text`, `image_url`, …"
    );
    assert_eq!(
        error(json!({ "messages": [{ "role": "user", "content": [{ "type": null }] }] })),
        "`messages[0].content[0].type` is missing: give it `text`, `image_url`, …"
    );
    assert_eq!(
        error(json!({ "tools": [{ "type": "function", "function": {} }] })),
        "`tools[0].function.name` is missing: give it a text"
    );
    assert_eq!(
        error(json!({ "max_tokens": 1.5 })),
        "`max_tokens` is a number: give it a whole number from 0 to 4294967295"
    );
    assert_eq!(
        error(json!({ "max_completion_tokens": 1_u64 << 32 })),
        "`max_completion_tokens` is a number: give it a whole number from 0 to 4294967295"
    );
    let call = json!({ "id": "c", "type": "custom", "custom": {} });
    let body = json!({ "messages": [{ "role": "assistant", "tool_calls": [call] }] });
    assert_eq!(
        error(body),
        "`messages[0].tool_calls[0].type` is `custom`, which is not known here: use `function`"
    );
    let long = read_request(json!({ "messages": [{ "role": "x".repeat(1_000) }] }));
    assert!(matches!(long, Err(ReadError::Unknown { found, .. }) if found.len() == 60));
}

#[test]
fn a_part_without_a_place_is_not_left_out() {
    let place = |message: Message| {
        let error =
            write_request(&Request::new("m").with_message(message)).expect_err("it has none");
        error.to_string()
    };
    let sealed = Reasoning {
        text: "Hm.".into(),
        signature: Some("seal".into()),
    };
    assert_eq!(
        place(Message::new(Role::Assistant, vec![Part::Reasoning(sealed)])),
        "OpenAI Chat Completions has no place for a signature of reasoning in a message of the model: leave it out, or speak another wire"
    );
    let redacted = Part::RedactedReasoning("seal".into());
    assert!(place(Message::new(Role::Assistant, vec![redacted])).contains("redacted reasoning"));
    let file = Part::Image(Image::File("file_1".into()));
    assert!(place(Message::new(Role::User, vec![file])).contains("by its file's id"));
    let call = Part::ToolCall(ToolCall::new("a", "b", "{}"));
    assert!(place(Message::new(Role::User, vec![call])).contains("a tool call"));
    let mut failed = Message::tool("call_1", "no");
    if let Part::ToolResult(result) = &mut failed.parts[0] {
        result.is_error = true;
    }
    assert!(place(failed).contains("that a tool failed"));
    assert!(place(Message::new(Role::Tool, vec![])).contains("needs a tool's result"));

    let mut response = Response::new("", "");
    response
        .message
        .parts
        .push(Part::Image(Image::Url("x".into())));
    assert!(matches!(
        write_response(&response, 0),
        Err(WriteError::NoPlace { .. })
    ));
    let mut named = Response::new("", "");
    named.message.name = Some("ada".into());
    let error = write_response(&named, 0).expect_err("it has none");
    assert!(error.to_string().contains("a name in an answer"), "{error}");
}

#[test]
fn extra_fields_of_calls_and_results_stay_where_they_were() {
    let function = json!({ "name": "f", "arguments": "{}", "x": 1 });
    let call = json!({ "id": "call_1", "type": "function", "function": function, "y": 2 });
    let written = json!({ "model": "m", "messages": [
        { "role": "assistant", "content": null, "tool_calls": [call] },
        { "role": "tool", "tool_call_id": "call_1", "content": "noon", "z": 3 },
    ] });
    let request = read_request(written.clone()).expect("it can be read");
    assert_eq!(write_request(&request), Ok(written));

    let mut result = Message::tool("call_1", "noon");
    let extra = json!({ "z": 3 }).as_object().cloned().unwrap_or_default();
    result.parts.push(Part::Extra(extra));
    let body = write_request(&Request::new("m").with_message(result)).expect("it has a place");
    assert_eq!(body["messages"][0]["z"], 3);
}

#[test]
fn a_result_holds_all_that_its_tool_returned() {
    let body = |content: Value| {
        json!({ "model": "m", "messages": [
            { "role": "tool", "tool_call_id": "call_1", "content": content },
        ] })
    };
    let read = |body| {
        let request = read_request(body).expect("it can be read");
        let result = request.messages[0].tool_results().next();
        (result.expect("it is a result").clone(), request)
    };
    let written = body(json!([
        { "type": "text", "text": "A cat." },
        { "type": "image_url", "image_url": { "url": "https://a/cat.png", "detail": "low" } },
        { "type": "file", "file": { "file_id": "file_1" } },
    ]));
    let (result, request) = read(written.clone());
    let names: Vec<_> = result.content.iter().map(Part::name).collect();
    assert_eq!(names, ["text", "image", "extra", "other"]);
    assert_eq!(result.text(), "A cat.");
    assert_eq!(write_request(&request), Ok(written));

    let list = body(json!([{ "type": "text", "text": "noon" }]));
    let (result, request) = read(list.clone());
    assert_eq!(result, ToolResult::new("call_1", "noon"));
    assert_eq!(write_request(&request), Ok(list));
    let (result, request) = read(body(json!([])));
    assert_eq!(result.content, []);
    assert_eq!(write_request(&request), Ok(body(json!([]))));

    let thought = Part::Reasoning(Reasoning {
        text: "Hm.".into(),
        signature: None,
    });
    let result = ToolResult::new("call_1", "a").with(thought);
    let message = Message::new(Role::Tool, vec![Part::ToolResult(result)]);
    let error =
        write_request(&Request::new("m").with_message(message)).expect_err("it has no place");
    let text = error.to_string();
    assert!(
        text.starts_with("OpenAI Chat Completions has no place for reasoning in a tool's result"),
        "{text}"
    );
}

#[test]
fn a_field_that_is_not_known_is_kept_at_each_level_and_a_known_one_that_is_null_is_not_there() {
    let function = json!({ "name": "f", "arguments": "{}", "u": null });
    let call = json!({ "id": "call_1", "type": "function", "function": function, "u": null });
    let image = json!({ "type": "image_url", "image_url": { "url": "u", "u": null }, "u": null });
    let text = json!({ "type": "text", "text": "a", "u": null });
    let tool = json!({ "name": "f", "u": null });
    let written = json!({ "model": "m", "u": null, "messages": [
        { "role": "user", "content": [text, image], "u": null },
        { "role": "assistant", "content": null, "tool_calls": [call], "u": null },
        { "role": "tool", "tool_call_id": "call_1", "content": "noon", "u": null },
    ], "tools": [
        { "type": "function", "function": tool, "u": null },
        { "type": "custom", "custom": { "name": "c", "u": null }, "u": null },
    ] });
    let mut sent = written.clone();
    for known in ["name", "refusal", "reasoning"] {
        sent["messages"][1][known] = Value::Null;
    }
    let request = read_request(sent).expect("it can be read");
    assert_eq!(write_request(&request), Ok(written));
    assert_eq!(
        Value::from(request.messages[1].extra.clone()),
        json!({ "u": null })
    );
}

#[test]
fn two_refusals_are_parts() {
    let refusal = |text: &str| Part::Refusal(text.into());
    let message = Message::new(Role::Assistant, vec![refusal("No."), refusal("Never.")]);
    let body = write_request(&Request::new("m").with_message(message)).expect("it has a place");
    let content = json!([
        { "type": "refusal", "refusal": "No." },
        { "type": "refusal", "refusal": "Never." },
    ]);
    let expected = json!([{ "role": "assistant", "content": content }]);
    assert_eq!(body["messages"], expected);
}

#[test]
fn a_request_is_rejected_as_the_provider_would() {
    let good = || Request::new("m").user("json?");
    let check = |request: &Request| {
        let body = write_request(request).expect("it can be written");
        check(&body, Profile::Openai)
    };
    let rejected = |request: Request| check(&request).expect_err("it is rejected").param;
    assert_eq!(check(&good()), Ok(()));
    assert_eq!(
        rejected(Request::new("").user("?")).as_deref(),
        Some("model")
    );
    assert_eq!(rejected(Request::new("m")).as_deref(), Some("messages"));
    assert_eq!(
        rejected(good().with_max_tokens(0)).as_deref(),
        Some("max_completion_tokens")
    );
    assert_eq!(
        rejected(good().with_temperature(2.1)).as_deref(),
        Some("temperature")
    );
    for most in [0.0, 2.0] {
        assert_eq!(check(&good().with_temperature(most)), Ok(()));
    }
    let longest = |length| good().with_tool(ToolDefinition::new("a".repeat(length)));
    assert_eq!(check(&longest(64)), Ok(()));
    assert!(check(&longest(65)).is_err());
    let dotted = ToolDefinition::new("a.b");
    assert_eq!(
        rejected(good().with_tool(dotted)).as_deref(),
        Some("tools[0].function.name")
    );
    assert_eq!(
        rejected(good().with_extra("tool_choice", "auto")).as_deref(),
        Some("tool_choice")
    );
    assert_eq!(
        check(&good().with_extra("tool_choice", Value::Null)),
        Ok(())
    );
    let lone = good().with_message(Message::tool("call_1", ""));
    assert_eq!(rejected(lone).as_deref(), Some("messages[1].tool_call_id"));
    let call = ToolCall::new("call_1", "f", "{}");
    let open = good().with_message(Message::assistant("").with_tool_calls([call]));
    let error = check(&open.user("?")).expect_err("the call is not answered");
    assert_eq!(error.param.as_deref(), Some("messages[1].tool_calls"));
    assert!(error.message.contains("`call_1`"), "{error}");
    let format = json!({ "type": "json_object" });
    assert_eq!(
        check(&good().with_extra("response_format", format.clone())),
        Ok(())
    );
    let loud = Request::new("m").user("JSON, please.");
    assert_eq!(
        check(&loud.with_extra("response_format", format.clone())),
        Ok(())
    );
    let silent = Request::new("m")
        .user("?")
        .with_extra("response_format", format);
    assert_eq!(rejected(silent).as_deref(), Some("messages"));
}
