//! The table of dialects: one row for each provider.

use serde_json::{Map, Value, json};

use super::azure_content_filter;
use super::{Dialect, ErrorForm, Nulls, ReasoningPlace, RoleFrames, UsageFrame};
use crate::scenario::Profile;
use crate::wire::write::{constant, fields};
use crate::wire::{openai, provider_ids};

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

pub(super) static OPENAI: Dialect = Dialect {
    profile: Profile::Openai,
    reasoning: ReasoningPlace::Field("reasoning_content"),
    role: RoleFrames::First,
    usage: UsageFrame::Own,
    reasoning_apart: false,
    usage_unasked: false,
    nulls: Nulls {
        refusal: true,
        logprobs: true,
        usage: true,
        finish_reason: true,
    },
    error: ErrorForm::Openai,
    request_id_header: openai::REQUEST_ID,
    fingerprint: None,
    native_finish_reason: false,
    keepalive: openai::KEEPALIVE,
    response_id: openai::response_id,
    call_id: openai::call_id,
    answer_fields: Map::new,
    chunk_fields: Map::new,
    usage_fields: |_| Map::new(),
    choice_fields: |_| Map::new(),
    prologue: || None,
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
    ..OPENAI
};

static OPENROUTER: Dialect = Dialect {
    profile: Profile::Openrouter,
    reasoning: ReasoningPlace::Field("reasoning"),
    role: RoleFrames::Each,
    usage: UsageFrame::Repeated,
    usage_unasked: true,
    nulls: Nulls {
        refusal: true,
        logprobs: true,
        usage: false,
        finish_reason: true,
    },
    error: ErrorForm::Status,
    native_finish_reason: true,
    keepalive: ": OPENROUTER PROCESSING\n\n",
    response_id: |seed, number| provider_ids::response(Profile::Openrouter, seed, number),
    answer_fields: provider,
    chunk_fields: provider,
    usage_fields: |_| fields(constant(r#"{"cost": 0, "is_byok": false}"#)),
    ..OPENAI
};

static DEEPSEEK: Dialect = Dialect {
    profile: Profile::Deepseek,
    role: RoleFrames::Alone,
    usage: UsageFrame::Finish,
    usage_unasked: true,
    nulls: Nulls {
        refusal: false,
        logprobs: true,
        usage: true,
        finish_reason: true,
    },
    error: ErrorForm::TypeTwice,
    fingerprint: Some("fp_8802369eaa_prod0425fp8"),
    response_id: |seed, number| provider_ids::response(Profile::Deepseek, seed, number),
    call_id: |seed, number| provider_ids::call(Profile::Deepseek, seed, number),
    usage_fields: |usage| {
        let read = usage.cache_read_tokens;
        let missed = usage.prompt_tokens.saturating_sub(read);
        fields(json!({ "prompt_cache_hit_tokens": read, "prompt_cache_miss_tokens": missed }))
    },
    ..OPENAI
};

static MISTRAL: Dialect = Dialect {
    profile: Profile::Mistral,
    reasoning: ReasoningPlace::ThinkingPart,
    role: RoleFrames::Alone,
    usage: UsageFrame::Finish,
    usage_unasked: true,
    nulls: NONE,
    error: ErrorForm::Flat,
    request_id_header: "mistral-correlation-id",
    response_id: |seed, number| provider_ids::response(Profile::Mistral, seed, number),
    call_id: |seed, number| provider_ids::call(Profile::Mistral, seed, number),
    ..OPENAI
};

static GROQ: Dialect = Dialect {
    profile: Profile::Groq,
    reasoning: ReasoningPlace::Field("reasoning"),
    role: RoleFrames::Alone,
    usage: UsageFrame::Groq,
    usage_unasked: true,
    nulls: Nulls {
        refusal: false,
        logprobs: true,
        usage: false,
        finish_reason: true,
    },
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
    ..OPENAI
};

/// As the streams look that the AI SDK has recorded (`packages/xai/src/__fixtures__` of <https://github.com/vercel/ai>), with the errors of
/// xAI's documentation: <https://docs.x.ai>. The role comes with the first piece, and `null`s are left out.
static XAI: Dialect = Dialect {
    profile: Profile::Xai,
    role: RoleFrames::WithContent,
    reasoning_apart: true,
    usage_unasked: true,
    nulls: Nulls {
        finish_reason: false,
        ..NONE
    },
    error: ErrorForm::Text,
    fingerprint: Some("fp_2a885414fb"),
    response_id: |seed, number| provider_ids::response(Profile::Xai, seed, number),
    usage_fields: |_| {
        fields(constant(
            r#"{"num_sources_used": 0, "cost_in_usd_ticks": 0}"#,
        ))
    },
    ..OPENAI
};

static LLAMACPP: Dialect = Dialect {
    profile: Profile::Llamacpp,
    role: RoleFrames::Alone,
    nulls: NONE,
    error: ErrorForm::StatusAndType,
    fingerprint: Some("b6500-e92734d5"),
    response_id: |seed, number| provider_ids::response(Profile::Llamacpp, seed, number),
    call_id: |seed, number| provider_ids::call(Profile::Llamacpp, seed, number),
    ..OPENAI
};

const NONE: Nulls = Nulls {
    refusal: false,
    logprobs: false,
    usage: false,
    finish_reason: true,
};

/// Who answers behind OpenRouter.
fn provider() -> Map<String, Value> {
    fields(constant(r#"{"provider": "Mock"}"#))
}
