//! The contents of a request, and parts in the format of another API.

use super::model::is_from_3;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{OF_URLS, Rule, RuleScope, Violation, broken, illegal_byte};

/// Fields that only describe a part. A part needs another field beside them, such as a text or a signature.
const DETAILS: [&str; 2] = ["partMetadata", "thought"];

/// The fields of a part that hold its data: it has one of them.
const DATA: [&str; 7] = [
    "text",
    "inlineData",
    "functionCall",
    "functionResponse",
    "fileData",
    "executableCode",
    "codeExecutionResult",
];

/// Fields of parts of other APIs.
const OF_OTHER_APIS: [&str; 2] = ["type", "role"];

/// The first part of which `mistake` tells one, and where.
fn first_part<'t>(
    body: &'t BorrowedValue<'_>,
    mistake: &dyn Fn(&'t BorrowedValue<'t>) -> Option<String>,
) -> Option<Violation> {
    let in_parts = |parts: &'t [BorrowedValue<'t>], place: &str| {
        let mut parts = parts.iter().enumerate();
        parts.find_map(|(at, part)| {
            let found = mistake(part)?;
            Some(Violation::new(format!("{place}.parts[{at}]"), found))
        })
    };
    let system = body.field("systemInstruction");
    system
        .and_then(|system| in_parts(system.list("parts"), "system_instruction"))
        .or_else(|| {
            let mut contents = body.list("contents").iter().enumerate();
            contents.find_map(|(at, content)| {
                in_parts(content.list("parts"), &format!("contents[{at}]"))
            })
        })
}

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
fn misplaced_call(body: &BorrowedValue<'_>) -> Option<usize> {
    let contents = body.list("contents");
    let is_model = |content: &BorrowedValue<'_>| content.str("role") == Some("model");
    (0..contents.len()).find(|&at| {
        let before = at.checked_sub(1).and_then(|before| contents.get(before));
        let may_follow = before.is_some_and(|before| !is_model(before) || has_call(before));
        is_model(&contents[at]) && has_call(&contents[at]) && !may_follow
    })
}

/// The first call of the current turn that needs a signature and has none: its place among the contents, and its name. The turn begins with the
/// last message of the user that is not a list of results. Of the calls that the model makes at once, the first is signed.
fn unsigned_call<'t>(body: &'t BorrowedValue<'_>) -> Option<(usize, &'t str)> {
    let contents = body.list("contents");
    let is_model = |content: &BorrowedValue<'_>| content.str("role") == Some("model");
    let begins_turn = |content: &BorrowedValue<'_>| {
        let parts = content.list("parts");
        !is_model(content) && parts.any(&|part| !part.has("functionResponse"))
    };
    let turn = contents.iter().rposition(begins_turn)?;
    let mut has_called = false;
    for (at, content) in contents.iter().enumerate().skip(turn) {
        if !is_model(content) {
            has_called = false;
            continue;
        }
        let mut parts = content.list("parts").iter();
        let Some(call) = parts.find(|part| part.has("functionCall")) else {
            continue;
        };
        let is_signed = call
            .str("thoughtSignature")
            .is_some_and(|text| !text.is_empty());
        if !has_called && !is_signed {
            let name = call.field("functionCall").and_then(|call| call.str("name"));
            return Some((at, name.unwrap_or_default()));
        }
        has_called = true;
    }
    None
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "contents_missing",
        scope: RuleScope::Everywhere,
        sources: &["langchain-ai/langchain-google#1393", "vercel/ai#3775"],
        words: "* GenerateContentRequest.contents: contents is not specified",
        help: "send at least one content",
        rejected: r#"{"contents": []}"#,
        accepted: r#"{"contents": [{"parts": [{"text": "hi"}]}]}"#,
        check: |body| broken(body.list("contents").is_empty(), "contents"),
    },
    Rule {
        id: "parts_empty",
        scope: RuleScope::Provider,
        sources: &["vercel/ai#3775", "langchain-ai/langchain-google#691"],
        words: "* GenerateContentRequest.{at}: contents.parts must not be empty.",
        help: "leave the content out",
        rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": []}, {"role": "user", "parts": [{"text": "go on"}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"text": "yes?"}]}, {"role": "user", "parts": [{"text": "go on"}]}]}"#,
        check: |body| {
            let mut contents = body.list("contents").iter();
            let at = contents.position(|content| content.list("parts").is_empty())?;
            Some(Violation::new(format!("contents[{at}].parts"), ""))
        },
    },
    Rule {
        id: "part_without_data",
        scope: RuleScope::Provider,
        sources: &["genkit-ai/genkit#3816", "router-for-me/CLIProxyAPI#1293"],
        words: "* GenerateContentRequest.{at}: required oneof field 'data' must have one initialized field",
        help: "leave the part out",
        rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}, {}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}, {"text": ""}]}]}"#,
        check: |body| {
            let contents = body.list("contents").iter().enumerate();
            let mut of_contents = contents.filter_map(|(at, content)| {
                part_without_data(content.list("parts"), &format!("contents[{at}]"))
            });
            let system = body.field("systemInstruction");
            let of_system = system
                .and_then(|system| part_without_data(system.list("parts"), "system_instruction"));
            of_system.or_else(|| of_contents.next())
        },
    },
    Rule {
        id: "part_with_two_data",
        scope: RuleScope::Provider,
        sources: &["symfony/ai#1980"],
        words: "Invalid value at '{at}' (oneof), oneof field 'data' is already set. Cannot set '{}'",
        help: "send each in a part of its own",
        rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi", "inlineData": {"mimeType": "image/png", "data": "QUJD"}}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}, {"inlineData": {"mimeType": "image/png", "data": "QUJD"}}]}]}"#,
        check: |body| {
            first_part(body, &|part| {
                let held = part
                    .entries()
                    .filter(|(name, value)| !value.is_null() && DATA.contains(name));
                held.map(|(name, _)| name.to_owned()).nth(1)
            })
        },
    },
    Rule {
        id: "unknown_field_of_part",
        scope: RuleScope::Provider,
        sources: &["gera2ld/ai.nvim#13"],
        words: "Invalid JSON payload received. Unknown name \"{}\" at '{at}': Cannot find field.",
        help: "this is a field of another API",
        rejected: r#"{"contents": [{"role": "user", "parts": [{"type": "text", "text": "hi"}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"a_field_of_the_future": 1, "text": "hi"}]}]}"#,
        check: |body| {
            first_part(body, &|part| {
                let mut foreign = OF_OTHER_APIS.iter();
                foreign
                    .find(|name| part.has(name))
                    .map(|name| (*name).to_owned())
            })
        },
    },
];

/// The rules for the turns of a conversation.
pub(super) const TURNS: &[Rule] = &[
    Rule {
        id: "call_after_model",
        scope: RuleScope::Provider,
        sources: &["google-gemini/gemini-cli#11814", "lobehub/lobehub#10049"],
        words: "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
        help: "`contents[{}]` has the call: put what the user said before it",
        rejected: r#"{"contents": [{"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        check: |body| {
            let at = misplaced_call(body)?;
            Some(Violation::new(format!("contents[{at}]"), at.to_string()))
        },
    },
    Rule {
        id: "thought_signature_missing",
        scope: RuleScope::Models {
            names: "`gemini-3` and later",
            includes: is_from_3,
        },
        sources: &[
            "https://ai.google.dev/gemini-api/docs/thought-signatures",
            "nearai/ironclaw#1510",
            "thClaws/thClaws#65",
        ],
        words: "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call {}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
        help: "send back the `thoughtSignature` that the answer has beside `functionCall`",
        rejected: r#"{"model": "models/gemini-3-flash-preview", "contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        accepted: r#"{"model": "models/gemini-3-flash-preview", "contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}, {"role": "model", "parts": [{"text": "yes?"}]}, {"role": "user", "parts": [{"text": "look twice"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}, "thoughtSignature": "c2VhbA=="}, {"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}, {"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        check: |body| {
            let (at, name) = unsigned_call(body)?;
            let found = format!("`default_api:{name}` , position {}", at + 1);
            Some(Violation::new(format!("contents[{at}]"), found))
        },
    },
    Rule {
        id: "inline_data_base64",
        scope: RuleScope::Provider,
        sources: &["danny-avila/LibreChat#6593"],
        words: "Invalid value at '{at}' (TYPE_BYTES), Base64 decoding failed for \"{}\"",
        help: "send the data as plain base64, and its type in `mimeType`",
        rejected: r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "data:image/png;base64,QUJD"}}]}]}"#,
        accepted: r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "QUJD-_=="}}]}]}"#,
        check: |body| {
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
    },
];

/// How much of data is shown that is not base64, in characters.
const SHOWN: usize = 60;
