//! The items of the input, and their parts.

use super::API;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::parameter::{TOO_LONG, too_long};
use crate::wire::openai::shared_rules::values::{
    DETAILS, IMAGES, INVALID_URL, UNKNOWN_DETAIL, UNSUPPORTED_IMAGE, is_unsupported_image, is_url,
    unknown,
};
use crate::wire::request_rules::{
    Rule, RuleScope, Violation, broken, found_if, repeated, texts_of,
};

/// Types of content parts of other APIs.
const FOREIGN_PARTS: [&str; 7] = [
    "document",
    "image",
    "image_url",
    "text",
    "thinking",
    "tool_result",
    "tool_use",
];

/// Types that are those of parts, or of items of other APIs.
const NO_ITEMS: [&str; 14] = [
    "document",
    "function",
    "image",
    "image_url",
    "input_file",
    "input_image",
    "input_text",
    "output_text",
    "refusal",
    "text",
    "thinking",
    "tool",
    "tool_result",
    "tool_use",
];

/// How the id of an item begins.
const PREFIXES: [(&str, &str); 4] = [
    ("custom_tool_call", "ctc"),
    ("function_call", "fc"),
    ("message", "msg"),
    ("reasoning", "rs"),
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "part_type",
        scope: RuleScope::Provider,
        sources: &["MervinPraison/PraisonAI#3934"],
        words: "Invalid value: '{}'. Supported values are: 'input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file', 'computer_screenshot', 'summary_text', and 'encrypted_content'.",
        help: "this is a part of another API",
        rejected: r#"{"input": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}"#,
        check: |body| {
            each_item(body, &|item, at| {
                for (index, part) in item.list("content").iter().enumerate() {
                    if let Some(kind) = part.str("type")
                        && FOREIGN_PARTS.contains(&kind)
                    {
                        return Some(Violation::new(format!("{at}.content[{index}].type"), kind));
                    }
                }
                None
            })
        },
    },
    Rule {
        id: "part_of_model",
        scope: RuleScope::Provider,
        sources: &[
            "jamesrochabrun/SwiftOpenAI#136",
            "jeremychone/rust-genai#119",
            "lobehub/lobehub#9501",
        ],
        words: "Invalid value: '{}'. Supported values are: 'output_text' and 'refusal'.",
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "input_text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "output_text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        check: |body| {
            each_part(body, &|item, part, at| {
                let is_of_model = item.str("role") == Some("assistant");
                let kind = part.str("type").filter(|_| is_of_model);
                found_if(kind, |kind| kind.starts_with("input_"), at)
            })
        },
    },
    Rule {
        id: "part_of_client",
        scope: RuleScope::Provider,
        sources: &["linanwx/nagobot#27"],
        words: "Invalid value: '{}'. Supported values are: 'input_text', 'input_image', 'input_file', and 'scoped_content'.",
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": [{"type": "output_text", "text": "hi"}]}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}"#,
        check: |body| {
            each_part(body, &|item, part, at| {
                let is_of_client = matches!(
                    (item.str("type"), item.str("role")),
                    (
                        Some("message") | None,
                        Some("user" | "system" | "developer")
                    ) | (Some("function_call_output"), _)
                );
                let kind = part.str("type").filter(|_| is_of_client);
                found_if(kind, |kind| matches!(*kind, "output_text" | "refusal"), at)
            })
        },
    },
    Rule {
        id: "item_type",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'message', 'function_call', 'function_call_output', 'reasoning', and the types of the other items.",
        help: "this is a part of another API, or of a message",
        rejected: r#"{"input": [{"type": "input_text", "text": "hi"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}"#,
        check: |body| {
            each_item(body, &|item, at| {
                let kind = item.str("type");
                found_if(kind, |kind| NO_ITEMS.contains(kind), &format!("{at}.type"))
            })
        },
    },
    Rule {
        id: "image_media_type",
        scope: RuleScope::Provider,
        sources: &[IMAGES],
        words: UNSUPPORTED_IMAGE,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/svg+xml;base64,QUJD"}]}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,QUJD"}]}]}"#,
        check: |body| {
            each_part(body, &|_, part, at| {
                let url = image_url(part)?;
                broken(is_unsupported_image(url), &format!("{at}.image_url"))
            })
        },
    },
    Rule {
        id: "image_url",
        scope: RuleScope::Provider,
        sources: &[IMAGES],
        words: INVALID_URL,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "cat.png"}]}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "https://example.com/cat.png"}]}]}"#,
        check: |body| {
            each_part(body, &|_, part, at| {
                broken(!is_url(image_url(part)?), &format!("{at}.image_url"))
            })
        },
    },
    Rule {
        id: "image_detail",
        scope: RuleScope::Provider,
        sources: &[API, IMAGES, "quarkiverse/quarkus-langchain4j#412"],
        words: UNKNOWN_DETAIL,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": [{"type": "input_image", "detail": "tiny", "image_url": "https://example.com/cat.png"}]}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_image", "detail": "low", "image_url": "https://example.com/cat.png"}]}]}"#,
        check: |body| {
            each_part(body, &|_, part, at| {
                let is_image = part.str("type") == Some("input_image");
                let detail = part.str("detail").filter(|_| is_image);
                unknown(detail, &DETAILS, &format!("{at}.detail"))
            })
        },
    },
    Rule {
        id: "id_prefix",
        scope: RuleScope::Provider,
        sources: &[
            "BigPizzaV3/CodexPlusPlus#1796",
            "jlcodes99/cockpit-tools#2090",
        ],
        words: "Invalid '{at}': {}.",
        help: "send the item as it came, or without its id",
        rejected: r#"{"input": [{"type": "function_call", "id": "call_1", "call_id": "call_1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "call_1", "output": "x"}]}"#,
        accepted: r#"{"input": [{"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "call_1", "output": "x"}]}"#,
        check: |body| {
            each_item(body, &|item, at| {
                let kind = item.str("type")?;
                let (_, prefix) = PREFIXES.find(&|(known, _)| *known == kind)?;
                let id = item.str("id").filter(|id| !id.starts_with(prefix))?;
                let found = format!("'{id}'. Expected an ID that begins with '{prefix}'");
                Some(Violation::new(format!("{at}.id"), found))
            })
        },
    },
    Rule {
        id: "item_repeated",
        scope: RuleScope::Provider,
        sources: &[
            "microsoft/vscode#321977",
            "OpenRouterTeam/ai-sdk-provider#254",
            "earendil-works/pi#5165",
        ],
        words: "Duplicate item found with id {}. Remove duplicate items from your input and try again.",
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "yes?"}]}, {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "yes?"}]}, {"type": "message", "id": "msg_2", "role": "assistant", "content": [{"type": "output_text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        check: |body| {
            let ids = texts_of("id", body.list("input"));
            repeated(ids).map(|id| Violation::new("input", id))
        },
    },
    Rule {
        id: "call_id_length",
        scope: RuleScope::Provider,
        sources: &["AnswerDotAI/fastllm#45", "orchidfiles/ungate#26"],
        words: TOO_LONG,
        help: "",
        rejected: r#"{"input": [{"type": "function_call", "call_id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+", "output": "x"}]}"#,
        accepted: r#"{"input": [{"type": "function_call", "call_id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "output": "x"}]}"#,
        check: |body| {
            each_item(body, &|item, at| {
                too_long(item.str("call_id"), 64, &format!("{at}.call_id"))
            })
        },
    },
    Rule {
        id: "reasoning_without_following",
        scope: RuleScope::Provider,
        sources: &["continuedev/continue#8933", "openai/openai-node#1567"],
        words: "Item '{}' of type 'reasoning' was provided without its required following item.",
        help: "send what the model said after it, a message with the id that it came with",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "reasoning", "id": "rs_1", "summary": []}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "reasoning", "id": "rs_1", "summary": []}, {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        check: |body| {
            let items = body.list("input");
            for (index, item) in items.iter().enumerate() {
                let is_followed = items.get(index + 1).is_some_and(may_follow_reasoning);
                if let Some(id) = item.str("id")
                    && is_reasoning(item)
                    && !is_followed
                {
                    return Some(Violation::new("input", id));
                }
            }
            None
        },
    },
];

fn each_item(
    body: &BorrowedValue<'_>,
    check: &dyn Fn(&BorrowedValue<'_>, &str) -> Option<Violation>,
) -> Option<Violation> {
    for (index, item) in body.list("input").iter().enumerate() {
        let violation = check(item, &format!("input[{index}]"));
        if violation.is_some() {
            return violation;
        }
    }
    None
}

/// Checks the parts of each message, and of each result. `check` gets the item, the part and its path.
fn each_part(
    body: &BorrowedValue<'_>,
    check: &dyn Fn(&BorrowedValue<'_>, &BorrowedValue<'_>, &str) -> Option<Violation>,
) -> Option<Violation> {
    each_item(body, &|item, at| {
        for field in ["content", "output"] {
            for (index, part) in item.list(field).iter().enumerate() {
                let violation = check(item, part, &format!("{at}.{field}[{index}]"));
                if violation.is_some() {
                    return violation;
                }
            }
        }
        None
    })
}

/// The address of an image, if a part is one that has an address.
fn image_url<'t>(part: &'t BorrowedValue<'_>) -> Option<&'t str> {
    let is_image = part.str("type") == Some("input_image");
    part.str("image_url").filter(|_| is_image)
}

fn is_reasoning(item: &BorrowedValue<'_>) -> bool {
    item.str("type") == Some("reasoning")
}

/// Whether an item may be the one that the model produced after its reasoning. A message without an id is not known to be the model's.
fn may_follow_reasoning(item: &BorrowedValue<'_>) -> bool {
    match item.str("type") {
        None | Some("message") => item.str("role") == Some("assistant") && item.has("id"),
        Some(kind) => !kind.ends_with("_output"),
    }
}
