//! Assertions on what was sent: `assert_conversation`, `assert_message`, `assert_tools`, `assert_sent`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mock_core::builder::*;
use mock_core::{
    Image, Message, MockProvider, Part, Reasoning, Request, Role, ToolCall, ToolDefinition,
    ToolResult,
};
use serde_json::json;

use crate::helpers::{after_tool, ask};

/// Why an assertion does not hold, if it does not.
fn complaint(assertion: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).err()?;
    Some(panic.downcast_ref::<String>().expect("a text").clone())
}

fn base64(data: &str) -> Part {
    Part::Image(Image::Base64 {
        media_type: "image/png".into(),
        data: data.into(),
    })
}

fn text(text: &str) -> Part {
    Part::Text(text.into())
}

fn called(name: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall::new("c", name, arguments))
}

fn returned(result: ToolResult) -> Part {
    Part::ToolResult(result)
}

/// Contents of a message, of which no two are the same. A report shows many of them with the same text.
fn contents() -> Vec<Vec<Part>> {
    const KEYS: [&str; 2] = [
        "sk-proj-4f9a8b7c6d5e4f3a2b1c",
        "sk-proj-0a1b2c3d4e5f6a7b8c9d",
    ];
    let reasoning = |text: &str| Part::Reasoning(Reasoning::new(text));
    let result = |content: &str| ToolResult::new("c", content);
    let mut contents = vec![
        vec![],
        vec![text("a b")],
        vec![text("a"), text("b")],
        vec![text("a  b")],
        vec![text("a"), text("")],
        vec![text("(refusal: x)")],
        vec![Part::Refusal("x".into())],
        vec![text("(reasoning: x)")],
        vec![reasoning("x")],
        vec![base64("AAAA")],
        vec![base64("AAAB")],
        vec![Part::Image(Image::File("file-1".into()))],
        vec![Part::Image(Image::File("file-2".into()))],
        vec![text("(image by its file)")],
        vec![Part::RedactedReasoning("one".into())],
        vec![Part::RedactedReasoning("two".into())],
        vec![called("look", "{}")],
        vec![text("calls look {}")],
        vec![called("look", "{\"a\":1}")],
        vec![called("look", "{\"a\":1")],
        vec![called("look", "{\"a\": 1")],
        vec![returned(result("18"))],
        vec![returned(result("18").with_is_error(true))],
        vec![returned(result("18").with(text("20")))],
        vec![returned(result("18 20"))],
        vec![returned(result("18").with(base64("AAAA")))],
        vec![returned(result("18").with(base64("AAAB")))],
        vec![Part::Other(json!({"type": "audio", "data": "a"}))],
    ];
    for key in KEYS {
        contents.extend([
            vec![text(key)],
            vec![Part::Refusal(key.into())],
            vec![reasoning(key)],
            vec![Part::Image(Image::Url(format!(
                "https://example.com/?api_key={key}"
            )))],
            vec![called(key, "{}")],
            vec![called("look", &json!({ "key": key }).to_string())],
            vec![called("look", key)],
            vec![returned(result(key))],
            vec![Part::Other(json!({ "api_key": key }))],
        ]);
    }
    contents
}

#[test]
fn messages_are_the_same_only_if_all_their_parts_are() {
    let contents = contents();
    for (at, expected) in contents.iter().enumerate() {
        for (index, content) in contents.iter().enumerate().skip(at) {
            let message = |parts: &Vec<Part>| Message::new(Role::Assistant, parts.clone());
            let request = Request::new("m").with_message(message(content));
            let expected = message(expected);
            let whole = complaint(|| request.assert_conversation(std::slice::from_ref(&expected)));
            let one = complaint(|| request.assert_message(&expected));
            assert_eq!(whole.is_none(), at == index, "{expected:?}\n{content:?}");
            assert_eq!(one.is_none(), at == index, "{expected:?}\n{content:?}");
            for text in whole.into_iter().chain(one) {
                assert!(!text.contains("sk-proj"), "{text}");
            }
        }
    }
}

#[test]
fn a_report_says_which_part_differs_if_its_texts_are_the_same() {
    let reasoning = |signature: Option<&str>| {
        let reasoning = Reasoning::new("Hm.");
        Part::Reasoning(match signature {
            Some(signature) => reasoning.with_signature(signature),
            None => reasoning,
        })
    };
    let result = |content: Part| returned(ToolResult::new("c", "18").with(content));
    for (expected, had, how) in [
        (
            vec![text("Look:"), base64("AAAA")],
            vec![text("Look:"), base64("AAAB")],
            "part 2 is another image",
        ),
        (
            vec![text("a b")],
            vec![text("a"), text("b")],
            "part 1 is another text",
        ),
        (
            vec![text("(refusal: x)")],
            vec![Part::Refusal("x".into())],
            "part 1 is a refusal, not a text",
        ),
        (
            vec![text("a"), text("")],
            vec![text("a"), text(""), text("")],
            "it has 3 parts, not 2",
        ),
        (
            vec![result(base64("AAAA"))],
            vec![result(base64("AAAB"))],
            "part 1 has another content: part 2 is another image",
        ),
        (
            vec![reasoning(Some("a"))],
            vec![reasoning(Some("b"))],
            "part 1 has another signature",
        ),
        (
            vec![reasoning(Some("a"))],
            vec![reasoning(None)],
            "part 1 has no signature",
        ),
    ] {
        let message = |parts: &[Part]| Message::new(Role::Assistant, parts.to_vec());
        let request = Request::new("m").with_message(message(&had));
        let expected = [message(&expected)];
        for (text, headline) in [
            (
                complaint(|| request.assert_conversation(&expected)),
                "message 1 of the conversation differs",
            ),
            (
                complaint(|| request.assert_message(&expected[0])),
                "the conversation does not have this message",
            ),
        ] {
            let text = text.expect(how);
            assert!(text.contains(headline), "{headline}: {text}");
            assert!(text.contains(how), "{how}: {text}");
        }
    }
}

#[test]
fn fields_that_only_the_provider_has_are_not_compared() {
    let signed = Reasoning::new("Hm.").with_signature("made up");
    let extra = json!({"cache_control": {}})
        .as_object()
        .cloned()
        .expect("an object");
    let parts = vec![Part::Reasoning(signed), Part::Extra(extra), text("a")];
    let request = Request::new("m").with_message(Message::new(Role::Assistant, parts));
    let plain = vec![Part::Reasoning(Reasoning::new("Hm.")), text("a")];
    let plain = Message::new(Role::Assistant, plain);
    request.assert_conversation(std::slice::from_ref(&plain));
    request.assert_message(&plain);
}

#[test]
fn names_and_the_tools_of_results_are_compared() {
    let named = |name: &str, message: Message| message.with_name(name);
    let call =
        |tool: &str| Message::assistant("").with_tool_calls([ToolCall::new("c", tool, "{}")]);
    let request = Request::new("m").with_messages([
        named("ada", Message::user("hello")),
        call("look"),
        Message::tool("c", "18"),
    ]);
    for (message, holds) in [
        (Message::user("hello"), false),
        (named("bob", Message::user("hello")), false),
        (named("ada", Message::user("hello")), true),
        (call("find"), false),
        (call("look"), true),
        (Message::tool("other", "18"), true),
        (Message::tool_named("look", "18"), true),
        (Message::tool_named("find", "18"), false),
    ] {
        let text = complaint(|| request.assert_message(&message));
        assert_eq!(text.is_none(), holds, "{message:?}: {text:?}");
    }
}

#[test]
fn results_are_compared_as_json_and_as_text_if_they_are_not_json() {
    let with_result = |text: &str| {
        let call = ToolCall::new("call_1", "look", "{}");
        [
            Message::assistant("").with_tool_calls([call]),
            Message::tool("call_1", text),
        ]
    };
    let cases = [
        (r#"{"a":1,"b":[2]}"#, r#"{ "b": [2], "a": 1 }"#, true),
        (r#"{"a":1}"#, r#"{"a":2}"#, false),
        ("[1, 2]", "[2, 1]", false),
        ("18", " 18 ", true),
        ("rain", "rain", true),
        ("rain", "rain ", false),
        ("rain", r#""rain""#, false),
    ];
    for (sent, expected, is_same) in cases {
        let request = Request::new("m").with_messages(with_result(sent));
        let expected = with_result(expected);
        let whole = complaint(|| request.assert_conversation(&expected));
        let one = complaint(|| request.assert_message(&expected[1]));
        assert_eq!(whole.is_none(), is_same, "{sent}: {whole:?}");
        assert_eq!(one.is_none(), is_same, "{sent}: {one:?}");
    }
}

#[test]
fn an_assertion_on_a_conversation_shows_the_first_message_that_differs() {
    let calls = |id: &str, arguments: &str| {
        Message::assistant("").with_tool_calls([ToolCall::new(id, "look", arguments)])
    };
    let request = Request::new("m")
        .user("the weather in Paris")
        .with_messages([calls("x1", r#"{"a":1,"b":2}"#), Message::tool("x1", "18")]);
    let same = [
        Message::user("the weather in Paris"),
        calls("1", r#"{ "b": 2, "a": 1 }"#),
        Message::tool("1", "18"),
    ];
    assert_eq!(complaint(|| request.assert_conversation(&same)), None);
    let user = |text: &str| [Message::user(text), same[1].clone(), same[2].clone()];
    let crossed = [same[0].clone(), same[1].clone(), Message::tool("2", "18")];
    for (expected, lines) in [
        (
            &user("the weather in Rome")[..],
            &[
                "message 1 of the conversation differs: it says \"Paris\", not \"Rome\"",
                "\n  expected: \"user: the weather in Rome\"\n                                  ^^^^",
                "\n  but:      \"user: the weather in Paris\"\n",
            ][..],
        ),
        (
            &same[..2],
            &[
                "the conversation has 3 messages, not 2: message 3 is one too many",
                "look returned 18 #1",
            ],
        ),
        (
            &[&same[..], &same[..1]].concat(),
            &["the conversation has 3 messages, not 4: message 4 is missing"],
        ),
        (&crossed, &["message 3 of the conversation differs"]),
        (
            &[same[0].clone(), calls("1", r#"{"city":"Rome","days":[3]}"#)][..],
            &[
                "message 2 of the conversation differs, and there are 3 messages, not 2: part 1 calls `look` with other arguments",
            ],
        ),
        (
            &[
                Message::system("Be terse."),
                same[0].clone(),
                same[1].clone(),
            ][..],
            &["message 1 of the conversation differs: it is the user's, not the system's"],
        ),
    ] {
        let text = complaint(|| request.assert_conversation(expected)).expect("it differs");
        for line in lines {
            assert!(text.contains(line), "{line:?} in\n{text}");
        }
    }
}

#[test]
fn an_assertion_on_a_message_shows_the_nearest_one() {
    let request = after_tool(
        ask("one two three").user("the weather in Paris"),
        "7",
        "look",
        "18",
    );
    for message in [
        Message::user("the weather in Paris"),
        Message::tool("7", "18"),
        Message::assistant("").with_tool_calls([ToolCall::new("", "look", "{}")]),
    ] {
        let holds = complaint(|| request.assert_message(&message));
        assert_eq!(holds, None, "{message:?}");
    }
    let text = complaint(|| request.assert_message(&Message::user("the weather in Rome")));
    let text = text.expect("there is no such message");
    assert!(text.contains("it says \"Paris\", not \"Rome\""), "{text}");
    let text = complaint(|| request.assert_message(&Message::system("Be brief.")));
    let text = text.expect("there is no such message");
    assert!(text.contains("it has no message of the system"), "{text}");
}

#[test]
fn an_assertion_on_tools_shows_where_a_schema_differs() {
    let tool = |name: &str, of: &str| {
        ToolDefinition::new(name)
            .with_parameters(json!({"type": "object", "properties": {"city": {"type": of}}}))
    };
    let (a, b) = (
        tool("a", "string").with_description("says a"),
        tool("b", "number"),
    );
    let request = ask("hello").with_tools([a.clone(), b.clone()]);
    assert_eq!(
        complaint(|| request.assert_tools(&[tool("a", "string"), b.clone()])),
        None
    );
    for (expected, line) in [
        (vec![], "the request offers other tools"),
        (
            vec![b.clone(), a.clone()],
            "the request offers its tools in another order",
        ),
        (
            vec![a.clone(), tool("b", "string")],
            "the tool `b` has another schema at `properties.city.type`",
        ),
        (
            vec![a.clone().with_description("says b"), b.clone()],
            "the tool `a` has another description: it says \"a\", not \"b\"",
        ),
    ] {
        let text = complaint(|| request.assert_tools(&expected)).expect(line);
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[tokio::test]
async fn an_assertion_on_a_call_says_why_its_matcher_does_not_hold() {
    let llm = MockProvider::script([reply("Hi.")]);
    llm.answer(ask("The Weather in Paris?"))
        .await
        .expect("an answer");
    let calls = llm.calls();
    calls[0].assert_sent(user("in {city}"));
    let text = complaint(|| calls[0].assert_sent(user("weather in {city}")));
    let text = text.expect("it is in another case");
    assert!(
        text.contains("call 1 did not send `user(\"weather in {city}\")`"),
        "{text}"
    );
    assert!(text.contains("Weather"), "{text}");
    let text = complaint(|| calls.assert(expect::prompt_prefix_stable())).expect("it is too late");
    assert!(text.contains("give it to the scenario"), "{text}");
}

/// A conversation with the results of two tools, and with a message of each.
fn two_results() -> Request {
    after_tool(
        after_tool(ask("Go on"), "1", "search", "three pages on rust"),
        "2",
        "fetch",
        "the first page of them all",
    )
}

#[test]
fn a_missing_result_is_compared_with_those_of_its_tool() {
    let expected = Message::tool_named("fetch", "three pages on rust");
    let text = complaint(|| two_results().assert_message(&expected)).expect("it is not there");
    assert!(
        text.contains("but:      \"tool: fetch returned the first page of"),
        "{text}"
    );

    let expected = Message::tool_named("look", "three pages on rust");
    let text = complaint(|| two_results().assert_message(&expected)).expect("it is not there");
    assert!(text.contains("it says \"search\", not \"look\""), "{text}");
}

#[test]
fn the_tool_of_a_result_is_not_said_where_it_is_not_compared() {
    let expected = Message::tool("1", "four pages on rust");
    let text = complaint(|| two_results().assert_message(&expected)).expect("it is not there");
    assert!(text.contains("it says \"three\", not \"four\""), "{text}");
    assert!(!text.contains("unknown tool"), "{text}");
}
