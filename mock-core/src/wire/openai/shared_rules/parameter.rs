//! The parameters of a request.

use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, Violation, broken, found_if};

const CHAT: &str = "https://platform.openai.com/docs/api-reference/chat/create";
const RESPONSES: &str = "https://platform.openai.com/docs/api-reference/responses/create";

/// The number of a field, if that is there and out of the range.
pub(in crate::wire) fn outside(
    body: &BorrowedValue<'_>,
    field: &str,
    least: f64,
    most: f64,
) -> Option<Violation> {
    let number = body.number(field);
    found_if(number, |number| !(least..=most).contains(number), field)
}

/// OpenAI's words for an identifier that is too long.
pub(in crate::wire) const TOO_LONG: &str = "Invalid '{at}': string too long. Expected a string with maximum length 64, but got a string with length {} instead.";

/// The length of a text, if it is longer than this many characters.
pub(in crate::wire) fn too_long(text: Option<&str>, most: usize, at: &str) -> Option<Violation> {
    let length = text?.chars().count();
    found_if(Some(length), |length| *length > most, at)
}

pub(in crate::wire) const RULES: &[Rule] = &[
    Rule {
        id: "temperature_range",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES],
        words: "Invalid 'temperature': decimal out of range. Expected a value from 0 to 2, but got {} instead.",
        help: "",
        rejected: r#"{"temperature": 2.1}"#,
        accepted: r#"{"temperature": 2.0}"#,
        check: |body| outside(body, "temperature", 0.0, 2.0),
    },
    Rule {
        id: "top_p_range",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES],
        words: "Invalid 'top_p': decimal out of range. Expected a value from 0 to 1, but got {} instead.",
        help: "",
        rejected: r#"{"top_p": 1.1}"#,
        accepted: r#"{"top_p": 1.0}"#,
        check: |body| outside(body, "top_p", 0.0, 1.0),
    },
    Rule {
        id: "top_logprobs_range",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES],
        words: "Invalid 'top_logprobs': integer out of range. Expected a value from 0 to 20, but got {} instead.",
        help: "",
        rejected: r#"{"top_logprobs": 21}"#,
        accepted: "{}",
        check: |body| outside(body, "top_logprobs", 0.0, 20.0),
    },
    Rule {
        id: "stream_options_without_stream",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES, "BerriAI/litellm#5803"],
        words: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        help: "",
        rejected: r#"{"stream_options": {"include_obfuscation": false}}"#,
        accepted: r#"{"stream_options": {"include_obfuscation": false}, "stream": true}"#,
        check: |body| {
            broken(
                body.has("stream_options") && !body.is_set("stream"),
                "stream_options",
            )
        },
    },
    Rule {
        id: "metadata_count",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES],
        words: "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with {} properties instead.",
        help: "",
        rejected: r#"{"store": true, "metadata": {"a": "", "b": "", "c": "", "d": "", "e": "", "f": "", "g": "", "h": "", "i": "", "j": "", "k": "", "l": "", "m": "", "n": "", "o": "", "p": "", "q": ""}}"#,
        accepted: r#"{"store": true, "metadata": {"a": "", "b": "", "c": "", "d": "", "e": "", "f": "", "g": "", "h": "", "i": "", "j": "", "k": "", "l": "", "m": "", "n": "", "o": "", "p": ""}}"#,
        check: |body| {
            let pairs = body.field("metadata")?.entries().count();
            found_if(Some(pairs), |pairs| *pairs > 16, "metadata")
        },
    },
    Rule {
        id: "metadata_key_length",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES],
        words: "Invalid 'metadata': a key is too long. Expected keys with maximum length 64.",
        help: "",
        rejected: r#"{"store": true, "metadata": {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+": ""}}"#,
        accepted: r#"{"store": true, "metadata": {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef": ""}}"#,
        check: |body| {
            let mut pairs = body.field("metadata")?.entries();
            broken(pairs.any(|(key, _)| key.chars().count() > 64), "metadata")
        },
    },
    Rule {
        id: "metadata_value_length",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES, "spiceai/spiceai#5357"],
        words: "Invalid '{at}': string too long. Expected a string with maximum length 512, but got a string with length {} instead.",
        help: "",
        rejected: r#"{"store": true, "metadata": {"a": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+"}}"#,
        accepted: r#"{"store": true, "metadata": {"a": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}"#,
        check: |body| {
            for (key, value) in body.field("metadata")?.entries() {
                let too_long = too_long(value.as_text(), 512, &format!("metadata.{key}"));
                if too_long.is_some() {
                    return too_long;
                }
            }
            None
        },
    },
    Rule {
        id: "identifier_length",
        scope: RuleScope::Provider,
        sources: &[
            CHAT,
            RESPONSES,
            "vybestack/llxprt-code#2135",
            "maximhq/bifrost#1000",
        ],
        words: TOO_LONG,
        help: "",
        rejected: r#"{"prompt_cache_key": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+"}"#,
        accepted: r#"{"prompt_cache_key": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "safety_identifier": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}"#,
        check: |body| {
            let fields = ["prompt_cache_key", "safety_identifier", "user"];
            let mut fields = fields.iter();
            fields.find_map(|field| too_long(body.str(field), 64, field))
        },
    },
    Rule {
        id: "service_tier_value",
        scope: RuleScope::Provider,
        sources: &[CHAT, RESPONSES],
        words: "Invalid value: '{}'. Supported values are: 'auto', 'default', 'flex', and 'priority'.",
        help: "",
        rejected: r#"{"service_tier": "cheap"}"#,
        accepted: r#"{"service_tier": "flex"}"#,
        check: |body| {
            let known = [
                "auto",
                "default",
                "fast",
                "flex",
                "priority",
                "scale",
                "ultrafast",
            ];
            let tier = body.str("service_tier");
            found_if(tier, |tier| !known.contains(tier), "service_tier")
        },
    },
];
