//! The table of dialects: one row for each provider.

use serde_json::{Map, Value, json};

use super::azure_content_filter;
use super::{Dialect, ErrorForm, Nulls, ReasoningPlace, RoleFrames, UsageFrame};
use crate::scenario::Profile;
use crate::wire::openai::{self, PROVIDER_FIELDS};
use crate::wire::provider_ids;
use crate::wire::write::{constant, field, fields};

pub(super) static ALL: &[&Dialect] = &[
    &OPENAI,
    &AZURE,
    &OPENROUTER,
    &DEEPSEEK,
    &MISTRAL,
    &GROQ,
    &XAI,
    &LLAMACPP,
];

/// What all dialects have that say nothing else.
const BASE: Dialect = Dialect {
    profile: Profile::Openai,
    reasoning: ReasoningPlace::Field("reasoning_content"),
    role: RoleFrames::First,
    usage: UsageFrame::Own,
    whole_calls: false,
    reasoning_apart: false,
    usage_unasked: false,
    nulls: ALL_NULLS,
    chunk_nulls: ALL_NULLS,
    error: ErrorForm::Openai,
    request_id_header: openai::REQUEST_ID,
    fingerprint: None,
    native_finish_reason: false,
    keepalive: openai::KEEPALIVE,
    response_id: openai::response_id,
    call_id: openai::call_id,
    answer_fields: Map::new,
    chunk_fields: Map::new,
    message_fields: |_| Map::new(),
    delta_fields: |_, _| Map::new(),
    call_index: false,
    usage_fields: |_| Map::new(),
    rare_details: &[],
    choice_fields: |_| Map::new(),
    prologue: || None,
};

pub(super) static OPENAI: Dialect = Dialect {
    answer_fields: || fields(constant(&format!("{{{}}}", PROVIDER_FIELDS))),
    chunk_fields: || fields(constant(&format!("{{{}}}", PROVIDER_FIELDS))),
    message_fields: |_| field("annotations", json!([])),
    usage_fields: |_| {
        fields(constant(
            r#"{
                "prompt_tokens_details": {"audio_tokens": 0},
                "completion_tokens_details":
                    {"audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}
            }"#,
        ))
    },
    ..BASE
};

/// As the streams and answers of Azure OpenAI look that are published, and as its documentation of content filters says:
/// <https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter>. A frame with the results for the prompt comes first. A
/// choice without text has no results.
static AZURE: Dialect = Dialect {
    profile: Profile::Azure,
    error: ErrorForm::Azure,
    fingerprint: Some("fp_ee1d74bde0"),
    answer_fields: || {
        fields(json!({ "prompt_filter_results": azure_content_filter::prompt_filter_results() }))
    },
    choice_fields: |has_text| {
        let results = match has_text {
            true => azure_content_filter::passed_all_filters(),
            false => json!({}),
        };
        fields(json!({ "content_filter_results": results }))
    },
    prologue: || {
        Some(fields(json!({
            "id": "", "object": "", "created": 0, "model": "", "choices": [],
            "prompt_filter_results": azure_content_filter::prompt_filter_results(),
        })))
    },
    ..BASE
};

static OPENROUTER: Dialect = Dialect {
    profile: Profile::Openrouter,
    reasoning: ReasoningPlace::Field("reasoning"),
    role: RoleFrames::Each,
    usage: UsageFrame::Repeated,
    usage_unasked: true,
    nulls: Nulls {
        usage: false,
        ..ALL_NULLS
    },
    chunk_nulls: Nulls {
        content: true,
        ..NONE
    },
    error: ErrorForm::Status,
    native_finish_reason: true,
    keepalive: ": OPENROUTER PROCESSING\n\n",
    response_id: |seed, number| provider_ids::response(Profile::Openrouter, seed, number),
    answer_fields: || {
        fields(constant(
            r#"{"provider": "Mock", "service_tier": null, "system_fingerprint": null}"#,
        ))
    },
    chunk_fields: || field("provider", "Mock".into()),
    message_fields: |message| {
        let mut more = field("reasoning", Value::Null);
        more.extend(reasoning_details(message));
        more
    },
    delta_fields: |delta, _| {
        let content = match delta["tool_calls"].is_array() {
            true => Value::Null,
            false => "".into(),
        };
        let mut more = field("content", content);
        more.extend(reasoning_details(delta));
        more
    },
    call_index: true,
    usage_fields: |_| {
        fields(constant(
            r#"{
                "cost": 0, "is_byok": false,
                "cost_details": {
                    "upstream_inference_cost": 0, "upstream_inference_prompt_cost": 0,
                    "upstream_inference_completions_cost": 0
                },
                "prompt_tokens_details": {"audio_tokens": 0, "video_tokens": 0, "cache_write_tokens": 0},
                "completion_tokens_details": {"audio_tokens": 0, "image_tokens": 0}
            }"#,
        ))
    },
    ..BASE
};

static DEEPSEEK: Dialect = Dialect {
    profile: Profile::Deepseek,
    role: RoleFrames::Alone,
    usage: UsageFrame::Finish,
    usage_unasked: true,
    nulls: OF_DEEPSEEK,
    chunk_nulls: OF_DEEPSEEK,
    error: ErrorForm::TypeTwice,
    fingerprint: Some("fp_8802369eaa_prod0425fp8"),
    response_id: |seed, number| provider_ids::response(Profile::Deepseek, seed, number),
    call_id: |seed, number| provider_ids::call(Profile::Deepseek, seed, number),
    delta_fields: |delta, ends| match (ends, delta.get("reasoning_content")) {
        (true, _) => field("content", "".into()),
        (false, Some(_)) => field("content", Value::Null),
        (false, None) => Map::new(),
    },
    call_index: true,
    rare_details: &["completion_tokens_details"],
    usage_fields: |usage| {
        let read = usage.cache_read_tokens;
        let missed = usage.prompt_tokens.saturating_sub(read);
        fields(json!({ "prompt_cache_hit_tokens": read, "prompt_cache_miss_tokens": missed }))
    },
    ..BASE
};

static MISTRAL: Dialect = Dialect {
    profile: Profile::Mistral,
    reasoning: ReasoningPlace::ThinkingPart,
    role: RoleFrames::Alone,
    usage: UsageFrame::Finish,
    whole_calls: true,
    usage_unasked: true,
    nulls: NONE,
    chunk_nulls: NONE,
    error: ErrorForm::Flat,
    request_id_header: "mistral-correlation-id",
    response_id: |seed, number| provider_ids::response(Profile::Mistral, seed, number),
    call_id: |seed, number| provider_ids::call(Profile::Mistral, seed, number),
    message_fields: |_| field("tool_calls", Value::Null),
    delta_fields: |delta, ends| match ends && delta["tool_calls"].is_null() {
        true => field("content", "".into()),
        false => Map::new(),
    },
    call_index: true,
    rare_details: &["completion_tokens_details"],
    ..BASE
};

static GROQ: Dialect = Dialect {
    profile: Profile::Groq,
    reasoning: ReasoningPlace::Field("reasoning"),
    role: RoleFrames::Alone,
    usage: UsageFrame::Groq,
    usage_unasked: true,
    nulls: OF_GROQ,
    chunk_nulls: OF_GROQ,
    error: ErrorForm::Short,
    fingerprint: Some("fp_f757f4b0bf"),
    answer_fields: || {
        fields(constant(
            r#"{"service_tier": "on_demand", "usage_breakdown": null, "x_groq": {"id": "req_mock", "seed": 0}}"#,
        ))
    },
    usage_fields: |_| {
        fields(json!({
            "queue_time": 0.0, "prompt_time": 0.0, "completion_time": 0.0, "total_time": 0.0,
        }))
    },
    rare_details: &["prompt_tokens_details", "completion_tokens_details"],
    ..BASE
};

/// As the streams look that the AI SDK has recorded (`packages/xai/src/__fixtures__` of <https://github.com/vercel/ai>), with the errors of
/// xAI's documentation: <https://docs.x.ai>. The role comes with the first piece, and `null`s are left out.
static XAI: Dialect = Dialect {
    profile: Profile::Xai,
    role: RoleFrames::WithContent,
    reasoning_apart: true,
    usage_unasked: true,
    nulls: OF_XAI,
    chunk_nulls: OF_XAI,
    error: ErrorForm::Text,
    fingerprint: Some("fp_2a885414fb"),
    response_id: |seed, number| provider_ids::response(Profile::Xai, seed, number),
    usage_fields: |_| {
        fields(constant(
            r#"{"num_sources_used": 0, "cost_in_usd_ticks": 0}"#,
        ))
    },
    ..BASE
};

static LLAMACPP: Dialect = Dialect {
    profile: Profile::Llamacpp,
    role: RoleFrames::Alone,
    nulls: NONE,
    chunk_nulls: NONE,
    error: ErrorForm::StatusAndType,
    fingerprint: Some("b6500-e92734d5"),
    response_id: |seed, number| provider_ids::response(Profile::Llamacpp, seed, number),
    call_id: |seed, number| provider_ids::call(Profile::Llamacpp, seed, number),
    ..BASE
};

const ALL_NULLS: Nulls = Nulls {
    refusal: true,
    content: true,
    logprobs: true,
    usage: true,
    finish_reason: true,
};

const NONE: Nulls = Nulls {
    refusal: false,
    content: true,
    logprobs: false,
    usage: false,
    finish_reason: true,
};

const OF_DEEPSEEK: Nulls = Nulls {
    refusal: false,
    ..ALL_NULLS
};

const OF_GROQ: Nulls = Nulls {
    content: false,
    logprobs: true,
    ..NONE
};

const OF_XAI: Nulls = Nulls {
    finish_reason: false,
    ..NONE
};

/// The text of reasoning as OpenRouter repeats it.
fn reasoning_details(message: &Value) -> Map<String, Value> {
    match message["reasoning"].as_str() {
        None => Map::new(),
        Some(text) => {
            let kind = "reasoning.text";
            let detail = json!({ "type": kind, "text": text, "format": "unknown", "index": 0 });
            field("reasoning_details", json!([detail]))
        }
    }
}
