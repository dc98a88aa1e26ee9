//! The contents of a request, and parts in the format of another API.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{
    Body, BodyChecks, OF_URLS, Rule, RuleScope, Violation, broken, illegal_byte,
};

/// Fields that only describe a part. A part needs another field beside them, such as a text or a signature.
const DETAILS: [&str; 2] = ["partMetadata", "thought"];

/// The first part that holds nothing, and where.
fn part_without_data(parts: &[BorrowedValue<'_>], place: &str) -> Option<Violation> {
    let holds_nothing = |part: &BorrowedValue<'_>| {
        let mut fields = part.entries().filter(|(_, value)| !value.is_null());
        matches!(part, BorrowedValue::Object(_)) && fields.all(|(name, _)| DETAILS.contains(&name))
    };
    let at = parts.position(&holds_nothing)?;
    Some(Violation::new(format!("{place}.parts[{at}].data"), ""))
}

fn has_call(content: &BorrowedValue<'_>) -> bool {
    let mut parts = content.list("parts").iter();
    parts.any(|part| part.has("functionCall"))
}

/// The first call that follows neither a message of the user nor a result, nor another call.
fn misplaced_call(body: &Body<'_>) -> Option<usize> {
    let contents = body.list("contents");
    let is_model = |content: &BorrowedValue<'_>| content.str("role") == Some("model");
    (0..contents.len()).find(|&at| {
        let before = at.checked_sub(1).and_then(|before| contents.get(before));
        let may_follow = before.is_some_and(|before| !is_model(before) || has_call(before));
        is_model(&contents[at]) && has_call(&contents[at]) && !may_follow
    })
}

pub(super) const RULES: BodyChecks = &[
    (
        Rule {
            id: "contents_missing",
            scope: RuleScope::Everywhere,
            sources: &["langchain-ai/langchain-google#1393", "vercel/ai#3775"],
            words: "* GenerateContentRequest.contents: contents is not specified",
            help: "send at least one content",
            rejected: r#"{"contents": []}"#,
            accepted: r#"{"contents": [{"parts": [{"text": "hi"}]}]}"#,
        },
        |body| broken(body.list("contents").is_empty(), "contents"),
    ),
    (
        Rule {
            id: "parts_empty",
            scope: RuleScope::Provider,
            sources: &["vercel/ai#3775", "langchain-ai/langchain-google#691"],
            words: "* GenerateContentRequest.{at}: contents.parts must not be empty.",
            help: "leave the content out",
            rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": []}, {"role": "user", "parts": [{"text": "go on"}]}]}"#,
            accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"text": "yes?"}]}, {"role": "user", "parts": [{"text": "go on"}]}]}"#,
        },
        |body| {
            let mut contents = body.list("contents").iter();
            let at = contents.position(|content| content.list("parts").is_empty())?;
            Some(Violation::new(format!("contents[{at}].parts"), ""))
        },
    ),
    (
        Rule {
            id: "part_without_data",
            scope: RuleScope::Provider,
            sources: &["genkit-ai/genkit#3816", "router-for-me/CLIProxyAPI#1293"],
            words: "* GenerateContentRequest.{at}: required oneof field 'data' must have one initialized field",
            help: "leave the part out",
            rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}, {}]}]}"#,
            accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}, {"text": ""}]}]}"#,
        },
        |body| {
            let contents = body.list("contents").iter().enumerate();
            let mut of_contents = contents.filter_map(|(at, content)| {
                part_without_data(content.list("parts"), &format!("contents[{at}]"))
            });
            let system = body.field("systemInstruction");
            let of_system = system
                .and_then(|system| part_without_data(system.list("parts"), "system_instruction"));
            of_system.or_else(|| of_contents.next())
        },
    ),
    (
        Rule {
            id: "call_after_model",
            scope: RuleScope::Provider,
            sources: &["google-gemini/gemini-cli#11814", "lobehub/lobehub#10049"],
            words: "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
            help: "`contents[{}]` has the call: put what the user said before it",
            rejected: r#"{"contents": [{"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
            accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        },
        |body| {
            let at = misplaced_call(body)?;
            Some(Violation::new(format!("contents[{at}]"), at.to_string()))
        },
    ),
    (
        Rule {
            id: "inline_data_base64",
            scope: RuleScope::Provider,
            sources: &["danny-avila/LibreChat#6593"],
            words: "Invalid value at '{at}' (TYPE_BYTES), Base64 decoding failed for \"{}\"",
            help: "send the data as plain base64, and its type in `mimeType`",
            rejected: r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "data:image/png;base64,QUJD"}}]}]}"#,
            accepted: r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "QUJD-_=="}}]}]}"#,
        },
        |body| {
            for (content, parts) in body.list("contents").iter().enumerate() {
                for (at, part) in parts.list("parts").iter().enumerate() {
                    let data = part.field("inlineData").and_then(|data| data.str("data"));
                    if let Some(data) = data.filter(|data| illegal_byte(data, OF_URLS).is_some()) {
                        let at = format!("contents[{content}].parts[{at}].inline_data.data");
                        let shown: String = data.chars().take(SHOWN).collect();
                        return Some(Violation::new(at, shown));
                    }
                }
            }
            None
        },
    ),
];

/// How much of data is shown that is not base64, in characters.
const SHOWN: usize = 60;
