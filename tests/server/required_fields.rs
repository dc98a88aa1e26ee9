//! The fields that all answers of a provider have, as its recorded answers show: the mock's have them too.

use mock_core::builder::{call, reasoning, reply, script};
use mock_core::scenario::Profile::{self, *};
use mock_core::scenario::Scenario;
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, RESPONSES, chat, message, streamed};

/// A kind of answer or of an event: whose it is, where it is asked for, which of the events it is, and its fields, as JSON pointers.
type Row = (Profile, Asked, Kind, &'static [&'static str]);

/// What the answer says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Text,
    Thought,
    Call,
}

/// A whole answer, or the events of a stream for which this is true.
#[derive(Clone, Copy)]
enum Kind {
    Whole,
    Each(fn(&Value) -> bool),
}

const ALL: Kind = Kind::Each(|_| true);
const WITH_USAGE: Kind = Kind::Each(|event| event["usage"].is_object());
const WITH_REASON: Kind = Kind::Each(|event| event["choices"][0]["finish_reason"].is_string());
const WITH_REASONING: Kind =
    Kind::Each(|event| event["choices"][0]["delta"]["reasoning"].is_string());
const WITH_THOUGHT: Kind =
    Kind::Each(|event| event["choices"][0]["delta"]["reasoning_content"].is_string());

const CHAT_COMPLETIONS: &[Row] = &[
    (
        Openai,
        Asked::Text,
        Kind::Whole,
        &[
            "/service_tier",
            "/system_fingerprint",
            "/choices/0/logprobs",
            "/choices/0/message/annotations",
            "/choices/0/message/refusal",
            "/usage/prompt_tokens_details/audio_tokens",
            "/usage/prompt_tokens_details/cached_tokens",
            "/usage/completion_tokens_details/accepted_prediction_tokens",
            "/usage/completion_tokens_details/audio_tokens",
            "/usage/completion_tokens_details/reasoning_tokens",
            "/usage/completion_tokens_details/rejected_prediction_tokens",
        ],
    ),
    (
        Openai,
        Asked::Call,
        ALL,
        &["/service_tier", "/system_fingerprint", "/usage"],
    ),
    (
        Openai,
        Asked::Text,
        WITH_USAGE,
        &[
            "/usage/prompt_tokens_details/audio_tokens",
            "/usage/completion_tokens_details/audio_tokens",
        ],
    ),
    (
        Deepseek,
        Asked::Call,
        Kind::Whole,
        &["/choices/0/message/tool_calls/0/index"],
    ),
    (
        Deepseek,
        Asked::Thought,
        WITH_THOUGHT,
        &["/choices/0/delta/content"],
    ),
    (
        Deepseek,
        Asked::Call,
        WITH_REASON,
        &["/choices/0/delta/content"],
    ),
    (
        Mistral,
        Asked::Text,
        Kind::Whole,
        &["/choices/0/message/tool_calls"],
    ),
    (
        Mistral,
        Asked::Call,
        Kind::Whole,
        &["/choices/0/message/tool_calls/0/index"],
    ),
    (
        Mistral,
        Asked::Text,
        WITH_REASON,
        &["/choices/0/delta/content"],
    ),
    (
        Groq,
        Asked::Text,
        Kind::Whole,
        &[
            "/service_tier",
            "/usage_breakdown",
            "/x_groq/id",
            "/usage/queue_time",
        ],
    ),
    (
        Openrouter,
        Asked::Thought,
        Kind::Whole,
        &[
            "/provider",
            "/service_tier",
            "/system_fingerprint",
            "/choices/0/native_finish_reason",
            "/choices/0/message/reasoning",
            "/choices/0/message/reasoning_details/0/text",
            "/usage/cost",
            "/usage/cost_details/upstream_inference_cost",
            "/usage/prompt_tokens_details/video_tokens",
            "/usage/completion_tokens_details/image_tokens",
        ],
    ),
    (
        Openrouter,
        Asked::Call,
        Kind::Whole,
        &[
            "/choices/0/message/reasoning",
            "/choices/0/message/tool_calls/0/index",
        ],
    ),
    (
        Openrouter,
        Asked::Call,
        ALL,
        &["/provider", "/choices/0/delta/content"],
    ),
    (
        Openrouter,
        Asked::Thought,
        WITH_REASONING,
        &[
            "/choices/0/delta/content",
            "/choices/0/delta/reasoning_details/0/text",
        ],
    ),
];

/// The same on the other wires, by their paths.
const OTHER_WIRES: &[(&str, Kind, &[&str])] = &[
    (
        RESPONSES,
        Kind::Whole,
        &[
            "/billing/payer",
            "/moderation",
            "/prompt_cache_retention",
            "/reasoning/context",
            "/tool_usage/web_search",
        ],
    ),
    (
        RESPONSES,
        Kind::Each(|event| event["response"].is_object()),
        &[
            "/response/moderation",
            "/response/prompt_cache_retention",
            "/response/tool_usage/image_gen",
        ],
    ),
    (
        MESSAGES,
        Kind::Whole,
        &[
            "/usage/cache_creation/ephemeral_5m_input_tokens",
            "/usage/cache_creation/ephemeral_1h_input_tokens",
        ],
    ),
    (
        MESSAGES,
        Kind::Each(|event| event["type"] == "message_start"),
        &["/message/usage/cache_creation/ephemeral_5m_input_tokens"],
    ),
    (
        GENERATE,
        Kind::Whole,
        &[
            "/usageMetadata/promptTokensDetails/0/modality",
            "/usageMetadata/serviceTier",
        ],
    ),
    (
        STREAM_GENERATE,
        ALL,
        &[
            "/usageMetadata/promptTokenCount",
            "/usageMetadata/promptTokensDetails/0/tokenCount",
            "/usageMetadata/serviceTier",
        ],
    ),
    (
        INTERACTIONS,
        Kind::Whole,
        &["/service_tier", "/usage/input_tokens_by_modality/0/tokens"],
    ),
    (
        INTERACTIONS,
        Kind::Each(|event| event["event_type"] == "interaction.completed"),
        &[
            "/interaction/service_tier",
            "/interaction/usage/input_tokens_by_modality/0/tokens",
        ],
    ),
];

const GENERATE: &str = "/v1beta/models/gemini-2.5-flash:generateContent";
const STREAM_GENERATE: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
const INTERACTIONS: &str = "/v1beta/interactions";

/// The fields that no answer of the provider has.
const NEVER: &[Row] = &[
    (
        Deepseek,
        Asked::Text,
        Kind::Whole,
        &["/usage/completion_tokens_details"],
    ),
    (
        Mistral,
        Asked::Text,
        Kind::Whole,
        &["/usage/completion_tokens_details"],
    ),
    (
        Groq,
        Asked::Call,
        Kind::Whole,
        &["/choices/0/message/content", "/usage/prompt_tokens_details"],
    ),
    (
        Openrouter,
        Asked::Text,
        ALL,
        &["/choices/0/logprobs", "/choices/0/delta/refusal"],
    ),
];

fn server(profile: Profile, asked: Asked) -> MockServer {
    let turn = match asked {
        Asked::Text => reply("Hi."),
        Asked::Thought => reasoning("Hm.").reply("Hi."),
        Asked::Call => call("look", json!({ "at": "it" })),
    };
    let scenario: Scenario = script([turn]);
    MockServer::new(MockProvider::new(scenario.profile(profile)))
}

/// The whole answer, or the events of this kind.
async fn answers((profile, asked, kind, _): Row) -> Vec<Value> {
    let mut request = chat("a");
    request["tools"] = json!([{ "type": "function", "function": { "name": "look" } }]);
    if let Kind::Each(_) = kind {
        request = streamed(request);
        request["stream_options"] = json!({ "include_usage": true });
    }
    let server = server(profile, asked);
    let reply = Client::new(&server).await.post(CHAT, &request).await;
    assert_eq!(reply.status, 200, "{profile:?}: {}", reply.text);
    match kind {
        Kind::Whole => vec![reply.json()],
        Kind::Each(is_meant) => {
            let events = reply.event_data().into_iter();
            let events = events.filter_map(|data| serde_json::from_str(&data).ok());
            events.filter(is_meant).collect()
        }
    }
}

#[provider_test]
async fn answers_have_the_fields_that_all_answers_of_the_provider_have() {
    for &row in CHAT_COMPLETIONS {
        let (profile, asked, _, fields) = row;
        let answers = answers(row).await;
        assert_ne!(answers, [] as [Value; 0], "{profile:?}, {asked:?}");
        for (answer, field) in answers
            .iter()
            .flat_map(|answer| fields.iter().map(move |field| (answer, field)))
        {
            assert!(
                answer.pointer(field).is_some(),
                "{profile:?}, {asked:?}: {field} in {answer}"
            );
        }
    }
}

#[provider_test]
async fn answers_have_no_fields_that_no_answer_of_the_provider_has() {
    for &row in NEVER {
        let (profile, asked, _, fields) = row;
        for answer in answers(row).await {
            for field in fields {
                assert_eq!(
                    answer.pointer(field),
                    None,
                    "{profile:?}, {asked:?}: {answer}"
                );
            }
        }
    }
}

#[provider_test]
async fn metadata_replace_what_the_provider_adds() {
    let metadata = json!({
        "service_tier": "flex",
        "usage": { "completion_tokens_details": { "audio_tokens": 7 } },
        "choices": [{ "message": { "annotations": [{ "type": "url_citation" }] } }],
    });
    for is_streamed in [false, true] {
        let turn = script([reply("Hi.")]).metadata(metadata.clone());
        let server = MockServer::new(MockProvider::new(turn));
        let mut request = chat("a");
        if is_streamed {
            request = streamed(request);
            request["stream_options"] = json!({ "include_usage": true });
        }
        let reply = Client::new(&server).await.post(CHAT, &request).await;
        for said in [
            r#""service_tier":"flex""#,
            r#""audio_tokens":7"#,
            "url_citation",
        ] {
            assert!(reply.text.contains(said), "{said}: {}", reply.text);
        }
        assert!(
            !reply.text.contains(r#""service_tier":"default""#),
            "{}",
            reply.text
        );
        assert!(
            !reply.text.contains(r#""annotations":[]"#),
            "{}",
            reply.text
        );
    }
}

#[provider_test]
async fn so_do_those_of_the_other_wires() {
    for &(path, kind, fields) in OTHER_WIRES {
        let mut request = match path {
            MESSAGES => message("a"),
            GENERATE | STREAM_GENERATE => {
                json!({ "contents": [{ "role": "user", "parts": [{ "text": "a" }] }] })
            }
            _ => json!({ "model": "model-1", "input": "a" }),
        };
        if let (Kind::Each(_), true) = (kind, path != STREAM_GENERATE) {
            request["stream"] = true.into();
        }
        let server = MockServer::new(MockProvider::script([reply("Hi.")]));
        let reply = Client::new(&server).await.post(path, &request).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let answers: Vec<Value> = match kind {
            Kind::Whole => vec![reply.json()],
            Kind::Each(is_meant) => {
                let events = reply.event_data().into_iter();
                let events = events.filter_map(|data| serde_json::from_str(&data).ok());
                events.filter(is_meant).collect()
            }
        };
        assert_ne!(answers, [] as [Value; 0], "{path}");
        for answer in &answers {
            for field in fields {
                assert!(
                    answer.pointer(field).is_some(),
                    "{path}: {field} in {answer}"
                );
            }
        }
    }
}
