//! What is in requests and answers: the rules behind the table, which no new table changes.

use http_on_mocks::{Answer, CLIENTS, Setup, Wire};
use mock_core::{Image, MockServer, Part, Reasoning, mock_provider, provider_test};

use crate::cases::AUTH;
use crate::content_cases::{
    ADDRESS, ALL_USAGE, CACHED_TOKENS, CACHED_USAGE, CALLED, CONTENT_FILTER, Content, DATA,
    IMAGE_AS_DATA, IMAGE_BY_ADDRESS, LENGTH, REASONING, REASONING_SENT_BACK, REASONING_TOKENS,
    REASONING_USAGE, REDACTED_SENT_BACK, REFUSAL, SEAL, SIGNATURE, SIGNATURE_SENT_BACK, STOP,
    STRUCTURED, TEXT_SENT_BACK, TOKENS, asked_schema, schema,
};
use crate::failures::{refusal, tells};
use crate::run::{MODES, Mode, Seen, run};

/// Asks each client whose wire has it, whole and streamed.
async fn each(content: &Content, check: impl Fn(&Setup, Mode, &Seen, &Answer, &str)) {
    for client in &CLIENTS {
        let is_on = |mode: &Mode| (content.is_on)(client.wire, *mode);
        for mode in MODES.into_iter().filter(is_on) {
            let seen = run(client, &content.case, mode).await;
            let told = format!("{}, {mode:?}, {}", client.name, content.case.name);
            let answer = seen.result.as_ref().expect(&told);
            check(client, mode, &seen, answer, &told);
        }
    }
}

/// All that the last request says, in order, but for what a client adds to it, as the detail of an image.
fn parts(seen: &Seen) -> Vec<Part> {
    let calls = seen.server.calls();
    let request = calls.last().expect("a call").request();
    let parts = request.messages.iter().flat_map(|message| &message.parts);
    let said = parts.filter(|part| !matches!(part, Part::Extra(_)));
    said.cloned().collect()
}

/// async-openai has no field for it on Chat Completions.
fn knows_reasoning(client: &Setup) -> bool {
    !(client.name.starts_with("async-openai") && client.wire == Wire::OpenAI)
}

/// On Responses a request asks for encrypted reasoning, and rig-core does not.
fn asks_for_seals(client: &Setup) -> bool {
    match client.wire {
        Wire::OpenAI => false,
        Wire::Responses => !client.name.starts_with("rig-core"),
        Wire::Anthropic | Wire::Gemini => true,
        Wire::Ollama => false,
    }
}

/// The client that sends back of an item of reasoning on Responses what is encrypted alone.
fn sends_seals_alone(client: &Setup) -> bool {
    client.name == "genai 0.7.2, Responses"
}

/// The client that sends back the seal of Gemini with the call, and no reasoning.
fn sends_seals_with_calls(client: &Setup) -> bool {
    client.name == "genai 0.7.2, Gemini"
}

fn sends_reasoning_back(client: &Setup) -> bool {
    let sends_less = client.name == "genai 0.7.2, Ollama"
        || sends_seals_alone(client)
        || sends_seals_with_calls(client);
    knows_reasoning(client) && !sends_less
}

/// The client that does not send Anthropic an image by its address. Ollama takes none.
fn leaves_addresses_out(client: &Setup) -> bool {
    match client.wire {
        Wire::Anthropic => client.name.starts_with("genai"),
        Wire::Ollama => true,
        _ => false,
    }
}

/// The client that tells that there is an end, and no more.
fn is_ollama_rs(client: &Setup) -> bool {
    client.name.starts_with("ollama-rs")
}

#[provider_test]
async fn the_mock_gets_the_image_that_a_client_sends() {
    let question = || Part::Text("What is in the image?".into());
    each(&IMAGE_BY_ADDRESS, |client, _, seen, answer, told| {
        let image = Part::Image(Image::Url(ADDRESS.into()));
        let expected = match leaves_addresses_out(client) {
            true if client.name == "rig-core 0.44.0, Ollama" => {
                let note = "(image omitted: the provider cannot receive it in this form)";
                vec![Part::Text(format!("What is in the image?\n{note}"))]
            }
            true => vec![question()],
            false => vec![question(), image],
        };
        assert_eq!(parts(seen), expected, "{told}");
        assert_eq!(answer.text, "The sky.", "{told}");
    })
    .await;
    each(&IMAGE_AS_DATA, |_, _, seen, answer, told| {
        let [text, Part::Image(Image::Base64 { media_type, data })] = &parts(seen)[..] else {
            panic!("{told}: {:?}", parts(seen));
        };
        assert_eq!(*text, question(), "{told}");
        assert_eq!((&**media_type, &**data), ("image/png", DATA), "{told}");
        assert_eq!(answer.text, "The sky.", "{told}");
    })
    .await;
}

#[provider_test]
async fn a_text_before_a_call_comes_back_with_its_result() {
    each(&TEXT_SENT_BACK, |_, _, seen, answer, told| {
        let parts = parts(seen);
        let [
            _,
            Part::Text(said),
            Part::ToolCall(call),
            Part::ToolResult(_),
        ] = &parts[..]
        else {
            panic!("{told}: {parts:?}");
        };
        assert_eq!((&**said, &*call.name), ("I look.", "get_weather"), "{told}");
        assert_eq!(answer.text, "5 °C.", "{told}");
    })
    .await;
}

#[provider_test]
async fn each_client_that_knows_reasoning_reports_it_and_its_seal() {
    each(&REASONING, |client, _, _, answer, told| {
        let expected = match knows_reasoning(client) {
            true => "It is autumn.",
            false => "",
        };
        assert_eq!(answer.reasoning, expected, "{told}");
        assert_eq!(answer.text, "5 °C.", "{told}");
    })
    .await;
    each(&SIGNATURE, |client, _, _, answer, told| {
        assert_eq!(answer.reasoning, "It is autumn.", "{told}");
        let seal = asks_for_seals(client).then_some(SEAL);
        assert_eq!(answer.signature.as_deref(), seal, "{told}");
    })
    .await;
}

/// The reasoning that a client sends back.
type SentBack = fn(&Setup) -> Part;

#[provider_test]
async fn sealed_reasoning_comes_back_before_its_call_with_the_result() {
    let sealed = |client: &Setup| match (sends_seals_alone(client), asks_for_seals(client)) {
        (true, _) => Part::RedactedReasoning(SEAL.into()),
        (false, true) => Part::Reasoning(Reasoning::new("I look.").with_signature(SEAL)),
        (false, false) => Part::Reasoning(Reasoning::new("I look.")),
    };
    let redacted = |_: &Setup| Part::RedactedReasoning("c2VjcmV0".into());
    let cases: [(_, SentBack); 2] = [
        (SIGNATURE_SENT_BACK, sealed),
        (REDACTED_SENT_BACK, redacted),
    ];
    for (content, expected) in cases {
        each(&content, |client, _, seen, answer, told| {
            let parts = parts(seen);
            if sends_seals_with_calls(client) {
                let [_, Part::ToolCall(call), Part::ToolResult(_)] = &parts[..] else {
                    panic!("{told}: {parts:?}");
                };
                assert_eq!(call.extra["thoughtSignature"], SEAL, "{told}");
                return;
            }
            let [_, reasoning, Part::ToolCall(_), Part::ToolResult(_)] = &parts[..] else {
                panic!("{told}: {parts:?}");
            };
            assert_eq!(*reasoning, expected(client), "{told}");
            assert_eq!(answer.text, "5 °C.", "{told}");
        })
        .await;
    }
}

#[provider_test]
async fn reasoning_comes_back_where_the_client_knows_it_though_the_scenario_says_no_seal() {
    each(&REASONING_SENT_BACK, |client, _, seen, _, told| {
        let parts = parts(seen);
        let reasoning = parts.iter().find_map(|part| match part {
            Part::Reasoning(reasoning) => Some(reasoning),
            _ => None,
        });
        if !sends_reasoning_back(client) {
            return assert_eq!(reasoning, None, "{told}");
        }
        let reasoning = reasoning.expect(told);
        assert_eq!(reasoning.text, "I look.", "{told}");
        let is_sealed = reasoning.signature.is_some();
        // Without a seal in the scenario, that of Gemini is left out.
        let is_asked = asks_for_seals(client) && client.wire != Wire::Gemini;
        assert_eq!(is_sealed, is_asked, "{told}");
    })
    .await;
}

#[provider_test]
async fn a_refusal_is_recognized_by_its_words_or_by_the_finish_reason() {
    each(&REFUSAL, |client, _, _, answer, told| {
        let is_gemini = client.wire == Wire::Gemini;
        let leaves_out = client.name.starts_with("genai") || is_gemini;
        let words = answer.refusal.as_deref().unwrap_or(&answer.text);
        let expected = if leaves_out { "" } else { "I cannot say." };
        assert_eq!(words, expected, "{told}");
        let reason = answer.finish_reason.as_deref().expect(told);
        let filtered = reason.starts_with("ContentFilter");
        let is_filter = is_gemini || client.wire == Wire::Anthropic;
        assert_eq!(filtered, is_filter, "{told}: {reason}");
    })
    .await;
}

#[provider_test]
async fn an_answer_to_a_schema_has_its_type_and_the_mock_gets_the_schema() {
    each(&STRUCTURED, |client, _, seen, answer, told| {
        assert_eq!(answer.text, r#"{"city":"Paris","temp":5}"#, "{told}");
        let leaves_out = client.name == "genai 0.7.2, Ollama";
        let told_schema = (!leaves_out).then(schema);
        assert_eq!(asked_schema(seen), told_schema, "{told}");
    })
    .await;
}

#[provider_test]
async fn each_client_reports_the_tokens_of_each_kind() {
    for (content, usage) in [
        (CACHED_TOKENS, CACHED_USAGE),
        (REASONING_TOKENS, REASONING_USAGE),
        (TOKENS, ALL_USAGE),
    ] {
        each(&content, |client, mode, _, answer, told| {
            // The client ignores the tokens of reasoning in a stream.
            let is_blind = client.name == "genai 0.7.2, Anthropic" && mode == Mode::Streamed;
            let expected = match is_blind {
                true => usage.reasoning(0),
                false if is_ollama_rs(client) => usage.cache_read(0),
                false => usage,
            };
            assert_eq!(answer.usage, Some(expected), "{told}");
        })
        .await;
    }
}

#[provider_test]
async fn each_client_distinguishes_the_finish_reasons() {
    let reasons: [(_, &[&str]); 4] = [
        (STOP, &["Stop", "Completed"]),
        (
            LENGTH,
            &["Length", "MaxTokens", "Incomplete(max_output_tokens)"],
        ),
        (
            CONTENT_FILTER,
            &[
                "ContentFilter",
                "Incomplete(content_filter)",
                "Other(\"content_filter\")",
            ],
        ),
        // A response that calls tools is completed.
        (CALLED, &["ToolCalls", "ToolCall(", "Completed"]),
    ];
    for (content, words) in reasons {
        each(&content, |client, _, seen, answer, told| {
            // The client ignores the reason of an incomplete response.
            let is_blind = client.name == "genai 0.7.2, Responses";
            if is_ollama_rs(client) {
                return;
            }
            let words = match is_blind && content.case.name == CONTENT_FILTER.case.name {
                true => &["MaxTokens"],
                false => words,
            };
            let rounds = &seen.talk.rounds;
            let first = rounds.first().map_or(answer, |round| &round.answer);
            let reason = first.finish_reason.as_deref().expect(told);
            assert!(
                words.iter().any(|word| reason.starts_with(word)),
                "{told}: {reason}"
            );
        })
        .await;
    }
}

#[provider_test]
async fn each_client_lists_the_model_of_the_scenario(
    #[mock(anthropic("claude-sonnet-4-5"), script = [])] one: MockServer,
    #[mock(script = [])] none: MockServer,
) {
    for client in &CLIENTS {
        let list = async |server: &MockServer| {
            let client = (client.connect)(server, reqwest::Client::new());
            client.models().await.map_err(|failure| failure.error)
        };
        assert_eq!(
            list(&one).await,
            Ok(vec!["claude-sonnet-4-5".to_owned()]),
            "{}",
            client.name
        );
        assert_eq!(list(&none).await, Ok(Vec::new()), "{}", client.name);

        let stranger = MockServer::new(mock_provider!(script = []));
        stranger.require_key("another key");
        let error = list(&stranger).await.expect_err(client.name);
        let expected = refusal(AUTH.name, client.wire);
        assert!(
            tells(client.name, &error, expected),
            "{}: {error}",
            client.name
        );
    }
}
