//! The messages of a request, their parts and their calls.

use super::API;
use crate::search::{CharTest, Search, consists_of};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::function::has_wrong_name;
use crate::wire::openai::shared_rules::parameter::{TOO_LONG, too_long};
use crate::wire::openai::shared_rules::values::{
    DETAILS, IMAGES, INVALID_URL, UNKNOWN_DETAIL, UNSUPPORTED_IMAGE, is_unsupported_image, is_url,
    unknown,
};
use crate::wire::request_rules::{
    Piece, Rule, RuleScope, Violation, broken, found_if, repeated, texts_of,
};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "tool_calls_empty",
        scope: RuleScope::Provider,
        sources: &["openai/openai-node#1341", "0xPlaygrounds/rig#327"],
        words: "Invalid '{at}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        help: "leave it out",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?", "tool_calls": []}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": "go on"}]}"#,
        check: |message| broken(message.is_empty_list("tool_calls"), "tool_calls"),
    },
    Rule {
        id: "content_missing",
        scope: RuleScope::Provider,
        sources: &["run-llama/llama_index#17921", "docker/docker-agent#63"],
        words: "Invalid value for 'content': expected a string, got null.",
        help: "only a message that calls tools may have none",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": null}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": ""}, {"role": "user", "content": "go on"}]}"#,
        check: |message| {
            let others = ["content", "tool_calls", "function_call", "refusal", "audio"];
            let says_nothing = !others.any(&|field| message.has(field));
            broken(message.role == "assistant" && says_nothing, "content")
        },
    },
    Rule {
        id: "content_empty",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid '{at}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": []}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}"#,
        check: |message| broken(message.is_empty_list("content"), "content"),
    },
    Rule {
        id: "participant_name_pattern",
        scope: RuleScope::Provider,
        sources: &["jekalmin/extended_openai_conversation#251"],
        words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "name": "John Doe", "content": "hi"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "name": "John_Doe", "content": "hi"}]}"#,
        check: |message| {
            let fits: CharTest = |c| !c.is_whitespace() && !"<|\\/>".contains(c);
            let name = message.str("name");
            broken(
                name.is_some_and(|name| name.is_empty() || !consists_of(name, fits)),
                "name",
            )
        },
    },
    Rule {
        id: "tool_call_ids_unique",
        scope: RuleScope::Provider,
        sources: &["openclaw/openclaw#47136", "agno-agi/agno#5116"],
        words: "Invalid parameter: Duplicate value for 'tool_call_id' of '{}'.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}, {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}, {"id": "c2", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}, {"role": "tool", "tool_call_id": "c2", "content": "x"}]}"#,
        check: |message| {
            let id = repeated(texts_of("id", message.list("tool_calls")));
            id.map(|id| Violation::new("tool_calls", id))
        },
    },
];

/// Types of parts of other APIs.
const FOREIGN_PARTS: [&str; 11] = [
    "document",
    "image",
    "input_file",
    "input_image",
    "input_text",
    "output_text",
    "redacted_thinking",
    "search_result",
    "thinking",
    "tool_result",
    "tool_use",
];

/// The image, if a part is one.
fn image<'a, 't>(part: &'a Piece<'t>) -> Option<&'a BorrowedValue<'t>> {
    part.field("image_url").filter(|_| part.kind == "image_url")
}

fn image_url<'a>(part: &'a Piece<'_>) -> Option<&'a str> {
    image(part)?.str("url")
}

pub(super) const PARTS: &[Rule] = &[
    Rule {
        id: "part_type",
        scope: RuleScope::Provider,
        sources: &[API, "epam/ai-dial-adapter-openai#434"],
        words: "Invalid value: '{}'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'.",
        help: "this is a part of another API",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]}"#,
        check: |part| found_if(Some(part.kind), |kind| FOREIGN_PARTS.contains(kind), "type"),
    },
    Rule {
        id: "image_role",
        scope: RuleScope::Provider,
        sources: &["openai/openai-node#1030", "OpenHands/OpenHands#7700"],
        words: "Image URLs are only allowed for messages with role 'user', but this message with role '{}' contains an image URL.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "Draw a cat."}, {"role": "assistant", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}, {"role": "user", "content": "What is it?"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "Draw a cat."}, {"role": "assistant", "content": "Here."}, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]}"#,
        check: |part| {
            let role = Some(part.role).filter(|_| part.kind == "image_url");
            found_if(role, |role| *role != "user", "")
        },
    },
    Rule {
        id: "image_media_type",
        scope: RuleScope::Provider,
        sources: &[IMAGES],
        words: UNSUPPORTED_IMAGE,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,QUJD"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}]}]}"#,
        check: |part| broken(is_unsupported_image(image_url(part)?), "image_url.url"),
    },
    Rule {
        id: "image_url_type",
        scope: RuleScope::Provider,
        sources: &["dataprofessor/builder#3", "microsoft/promptflow#3946"],
        words: "Invalid type for '{at}': expected an object, but got a string instead.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "https://example.com/cat.png"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]}"#,
        check: |part| broken(image(part)?.as_text().is_some(), "image_url"),
    },
    Rule {
        id: "image_url",
        scope: RuleScope::Provider,
        sources: &[IMAGES],
        words: INVALID_URL,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "cat.png"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]}"#,
        check: |part| broken(!is_url(image_url(part)?), "image_url.url"),
    },
    Rule {
        id: "image_detail",
        scope: RuleScope::Provider,
        sources: &[API, IMAGES, "quarkiverse/quarkus-langchain4j#412"],
        words: UNKNOWN_DETAIL,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png", "detail": "tiny"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png", "detail": "low"}}]}]}"#,
        check: |part| unknown(image(part)?.str("detail"), &DETAILS, "image_url.detail"),
    },
];

pub(super) const CALLS: &[Rule] = &[
    Rule {
        id: "tool_call_id_length",
        scope: RuleScope::Provider,
        sources: &["openclaw/openclaw#875"],
        words: TOO_LONG,
        help: "some models take 40 characters at most",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "content": "x"}]}"#,
        check: |call| too_long(call.str("id"), 64, "id"),
    },
    Rule {
        id: "tool_call_type_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        check: |call| broken(!call.has("type"), "type"),
    },
    Rule {
        id: "tool_call_name_pattern",
        scope: RuleScope::Provider,
        sources: &["mcp-use/mcp-use#90", "continuedev/continue#11645"],
        words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
        help: "of at most 64 characters",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look up", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        check: |call| {
            let function = call.field("function")?;
            broken(has_wrong_name(function), "function.name")
        },
    },
    Rule {
        id: "tool_call_arguments_missing",
        scope: RuleScope::Provider,
        sources: &["mark3labs/mcphost#117", "neuron-core/neuron-ai#498"],
        words: "Missing required parameter: '{at}'.",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": ""}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        check: |call| {
            let function = call.field("function")?;
            broken(!function.has("arguments"), "function.arguments")
        },
    },
];
