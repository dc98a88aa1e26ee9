//! The content blocks of messages, and of `system`.

use super::API;
use crate::search::{Search, consists_of};
use crate::wire::request_rules::{Rule, RuleScope, Violation, broken, found_if, illegal_byte};
use crate::wire::tool_names::OF_NAME;

/// The types of images.
const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// How the base64 of an image begins, and the image's type.
const MAGIC: [(&str, &str); 4] = [
    ("/9j/", "image/jpeg"),
    ("iVBORw0KGgo", "image/png"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp"),
];

/// Types of parts of other APIs.
const FOREIGN: [&str; 9] = [
    "audio",
    "file",
    "image_url",
    "input_audio",
    "input_file",
    "input_image",
    "input_text",
    "output_text",
    "refusal",
];

fn is_id(id: &str) -> bool {
    !id.is_empty() && consists_of(id, OF_NAME)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "block_type",
        scope: RuleScope::Provider,
        sources: &["AstrBotDevs/AstrBot#4444"],
        words: "{at}: Input tag '{}' found using 'type' does not match any of the expected tags",
        help: "this is a part of another API",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}]}]}"#,
        check: |part| found_if(Some(part.kind), |kind| FOREIGN.contains(kind), ""),
    },
    Rule {
        id: "cache_control_on_empty_text",
        scope: RuleScope::Provider,
        sources: &[
            "NousResearch/hermes-agent#1216",
            "anthropics/claude-code#55302",
        ],
        words: "{at}: cache_control cannot be set for empty text blocks",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "text", "text": "", "cache_control": {"type": "ephemeral"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}]}]}"#,
        check: |part| {
            let is_empty = part.kind == "text" && part.str("text") == Some("");
            broken(is_empty && part.has("cache_control"), "text")
        },
    },
    Rule {
        id: "text_empty",
        scope: RuleScope::Provider,
        sources: &["LibreChat-AI/agents#124", "anthropics/claude-code#59812"],
        words: "{}: text content blocks must be non-empty",
        help: "leave the block out",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "text", "text": ""}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "text", "text": "x"}]}]}"#,
        check: |part| {
            let is_empty = part.kind == "text" && part.str("text") == Some("");
            let list = match part.role {
                "system" => "system",
                _ => "messages",
            };
            is_empty.then(|| Violation::new("", list))
        },
    },
    Rule {
        id: "cache_control_on_thinking",
        scope: RuleScope::Provider,
        sources: &["LeenHawk/gproxy#67", "Wei-Shaw/sub2api#225"],
        words: "{at}: Extra inputs are not permitted",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "c2VhbA==", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "c2VhbA=="}, {"type": "text", "text": "yes?", "cache_control": {"type": "ephemeral"}}]}, {"role": "user", "content": "go on"}]}"#,
        check: |part| {
            let is_thinking = matches!(part.kind, "thinking" | "redacted_thinking");
            broken(
                is_thinking && part.has("cache_control"),
                "thinking.cache_control",
            )
        },
    },
    Rule {
        id: "thinking_signature_missing",
        scope: RuleScope::Provider,
        sources: &["bigduu/Bamboo-agent#529", "0xPlaygrounds/rig#1391"],
        words: "{at}: Field required",
        help: "send back the signature that came with the thinking",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "c2VhbA=="}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        check: |part| {
            let is_unsigned = part.kind == "thinking" && !part.has("signature");
            broken(is_unsigned, "thinking.signature")
        },
    },
    Rule {
        id: "thinking_signature_empty",
        scope: RuleScope::Provider,
        sources: &["kaitranntt/ccs#415", "code-yeongyu/oh-my-openagent#2775"],
        words: "{at}: Invalid `signature` in `thinking` block",
        help: "send back the signature that came with the thinking",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": ""}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "c2VhbA=="}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        check: |part| {
            let is_unsigned = part.kind == "thinking" && part.str("signature") == Some("");
            broken(is_unsigned, "")
        },
    },
    Rule {
        id: "image_media_type",
        scope: RuleScope::Provider,
        sources: &[
            "anthropics/claude-code#8184",
            "NousResearch/hermes-agent#55432",
        ],
        words: "{at}: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/jpg", "data": "QUJD"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "QUJD"}}]}]}"#,
        check: |part| {
            let source = part.field("source").filter(|_| part.kind == "image")?;
            let kind = source.str("media_type");
            broken(
                kind.is_some_and(|kind| !IMAGES.contains(&kind)),
                "image.source.base64.media_type",
            )
        },
    },
    Rule {
        id: "image_source_type_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Field required",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"media_type": "image/png", "data": "QUJD"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}}]}]}"#,
        check: |part| {
            let source = part.field("source").filter(|_| part.kind == "image")?;
            broken(!source.has("type"), "image.source.type")
        },
    },
    Rule {
        id: "image_base64",
        scope: RuleScope::Provider,
        sources: &[
            "felixarntz/ai-services#19",
            "livekit/agents#3867",
            "Yeachan-Heo/gajae-code#2813",
        ],
        words: "{at}: invalid base64 data",
        help: "send plain base64: without `data:image/…;base64,`, and no address",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "data:image/png;base64,QUJD"}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}}]}]}"#,
        check: |part| {
            let source = part.field("source").filter(|_| part.kind == "image")?;
            let data = source.str("data")?;
            let is_base64 = source.str("type") == Some("base64");
            let is_illegal = is_base64 && illegal_byte(data, &[]).is_some();
            broken(
                is_illegal || data.starts_with("data:"),
                "image.source.base64",
            )
        },
    },
    Rule {
        id: "image_of_other_type",
        scope: RuleScope::Provider,
        sources: &["home-assistant/core#167208", "anthropics/claude-code#13131"],
        words: "{at}: The image was specified using the {}",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "/9j/4AAQSkZJRgABAQ=="}}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "/9j/4AAQSkZJRgABAQ=="}}]}]}"#,
        check: |part| {
            let source = part.field("source").filter(|_| part.kind == "image")?;
            let (given, data) = (source.str("media_type")?, source.str("data")?);
            let (_, actual) = MAGIC.find(&|(start, _)| data.starts_with(start))?;
            let found = format!("{given} media type, but the image appears to be a {actual} image");
            (given != *actual).then(|| Violation::new("image.source.base64", found))
        },
    },
    Rule {
        id: "error_result_text",
        scope: RuleScope::Provider,
        sources: &["vellum-ai/vellum-assistant#18387"],
        words: "{at}: all content must be type \"text\" if \"is_error\" is true",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}}]}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": [{"type": "text", "text": "x"}]}]}]}"#,
        check: |part| {
            let is_error = part.kind == "tool_result" && part.is_set("is_error");
            let mut content = part.list("content").iter();
            let has_other = content.any(|block| block.str("type") != Some("text"));
            broken(is_error && has_other, "tool_result")
        },
    },
    Rule {
        id: "tool_use_id_pattern",
        scope: RuleScope::Provider,
        sources: &["HKUDS/nanobot#4356"],
        words: "{at}: String should match pattern '^[a-zA-Z0-9_-]+$'",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "look:1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "look:1", "content": "x"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "look_1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "look_1", "content": "x"}]}]}"#,
        check: |part| {
            let (field, at) = match part.kind {
                "tool_use" => ("id", "tool_use.id"),
                "tool_result" => ("tool_use_id", "tool_result.tool_use_id"),
                _ => return None,
            };
            broken(part.str(field).is_some_and(|id| !is_id(id)), at)
        },
    },
    Rule {
        id: "tool_use_input",
        scope: RuleScope::Provider,
        sources: &[
            "anthropics/claude-code#6695",
            "anthropics/anthropic-sdk-typescript#648",
        ],
        words: "{at}: Input should be a valid dictionary",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": "{}"}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        check: |part| {
            use crate::wire::borrowed_value::BorrowedValue;
            let is_call = part.kind == "tool_use";
            let is_object = matches!(part.field("input"), Some(BorrowedValue::Object(_)));
            broken(is_call && part.has("input") && !is_object, "tool_use.input")
        },
    },
    Rule {
        id: "tool_use_input_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Field required",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look"}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        check: |part| {
            broken(
                part.kind == "tool_use" && !part.has("input"),
                "tool_use.input",
            )
        },
    },
    Rule {
        id: "tool_result_of_assistant",
        scope: RuleScope::Provider,
        sources: &["tghamm/Anthropic.SDK#128"],
        words: "{at}: `tool_result` blocks can only be in `user` messages",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "assistant", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        check: |part| {
            let role = Some(part.role).filter(|_| part.kind == "tool_result");
            found_if(role, |role| *role == "assistant", "")
        },
    },
];
