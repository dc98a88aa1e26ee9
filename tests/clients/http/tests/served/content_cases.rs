//! What is in requests and answers, as cases for all clients: an image, reasoning, a refusal, …

use http_on_mocks::{Answer, Image, Talk, Wire};
use mock_core::{Message, MockProvider, Part, StreamEvent, Usage, mock_provider};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cases::{Case, QUESTION, case};
use crate::run::{Mode, Seen};

/// A scenario, and what is looked at.
pub(crate) struct Content {
    pub(crate) case: Case,
    /// Whether a wire has it.
    pub(crate) is_on: fn(Wire, Mode) -> bool,
    /// What the client told of it, or what the mock was told.
    pub(crate) shows: fn(&Seen, &Answer) -> Option<String>,
}

const fn content(case: Case, shows: fn(&Seen, &Answer) -> Option<String>) -> Content {
    Content {
        case,
        is_on: |_, _| true,
        shows,
    }
}

pub(crate) const ADDRESS: &str = "https://example.com/sky.png";
/// What the scenario says as a seal.
pub(crate) const SEAL: &str = "c2VhbA==";
/// The first bytes of every PNG.
pub(crate) const DATA: &str = "iVBORw0KGgo=";

pub(crate) const IMAGE_BY_ADDRESS: Content = content(
    Case {
        talk: || Talk {
            image: Some(Image::Url(ADDRESS)),
            ..Talk::new("What is in the image?")
        },
        ..case(
            "an image by its address: what the mock receives",
            "The sky.",
            || mock_provider!(reply("The sky.")),
        )
    },
    |seen, _| parts(seen, image),
);

pub(crate) const IMAGE_AS_DATA: Content = content(
    Case {
        talk: || Talk {
            image: Some(Image::Base64(DATA)),
            ..Talk::new("What is in the image?")
        },
        ..case(
            "an image as data: what the mock receives",
            "The sky.",
            || {
                mock_provider!(
                    on(when(|request| request.messages.iter().any(has_image))).reply("The sky.")
                )
            },
        )
    },
    |seen, _| parts(seen, image),
);

fn has_image(message: &Message) -> bool {
    message.parts.iter().any(|part| image(part).is_some())
}

pub(crate) const TEXT_SENT_BACK: Content = content(
    case(
        "`reply(\"I look.\").call(..)`: what the client sends back with the tool's result",
        "5 °C.",
        || {
            mock_provider!(
                reply("I look.").call(get_weather { city: "Paris" }),
                reply("5 °C."),
            )
        },
    ),
    |seen, _| parts(seen, said),
);

const NO_JSON: Content = Content {
    // Arguments that come at once are an object at Anthropic. Those of Gemini and Ollama always come at once.
    is_on: |wire, mode| match wire {
        Wire::OpenAI | Wire::Responses => true,
        Wire::Anthropic => mode == Mode::Streamed,
        Wire::Gemini | Wire::Ollama => false,
    },
    ..content(
        case(
            "`call(get_weather.raw(\"{\\\"city\\\": \\\"Par\"))`: its arguments",
            "Hi.",
            || {
                mock_provider!(
                    allow = [unused_turns],
                    script = [call(get_weather.raw("{\"city\": \"Par")), reply("Hi.")],
                )
            },
        ),
        |seen, _| {
            let call = seen.talk.rounds.first()?.answer.calls.first()?;
            Some(format!("`{}`", call.arguments))
        },
    )
};

pub(crate) const REASONING: Content = content(
    case(
        "`reasoning(\"It is autumn.\").reply(\"5 °C.\")`",
        "5 °C.",
        || mock_provider!(reasoning("It is autumn.").reply("5 °C.")),
    ),
    |_, answer| words(&answer.reasoning),
);

pub(crate) const REASONING_SENT_BACK: Content = content(
    case(
        "`reasoning(\"I look.\").call(..)`: what the client sends back with the tool's result",
        "5 °C.",
        || {
            mock_provider!(
                reasoning("I look.").call(get_weather { city: "Paris" }),
                reply("5 °C."),
            )
        },
    ),
    |seen, _| parts(seen, reasoning),
);

pub(crate) const SIGNATURE: Content = Content {
    is_on: |wire, _| !matches!(wire, Wire::OpenAI | Wire::Ollama),
    ..content(
        case(
            "`reasoning(\"It is autumn.\").signature(\"c2VhbA==\")`",
            "5 °C.",
            || mock_provider!(reasoning("It is autumn.").signature(SEAL).reply("5 °C.")),
        ),
        |_, answer| answer.signature.as_ref().map(|seal| format!("`{seal}`")),
    )
};

pub(crate) const SIGNATURE_SENT_BACK: Content = Content {
    is_on: |wire, _| !matches!(wire, Wire::OpenAI | Wire::Ollama),
    ..content(
        case(
            "`reasoning(\"I look.\").signature(\"c2VhbA==\").call(..)`: what the client sends back with the tool's result",
            "5 °C.",
            || {
                mock_provider!(
                    reasoning("I look.")
                        .signature(SEAL)
                        .call(get_weather { city: "Paris" }),
                    reply("5 °C."),
                )
            },
        ),
        |seen, _| parts(seen, reasoning),
    )
};

pub(crate) const REDACTED_SENT_BACK: Content = Content {
    is_on: |wire, _| wire == Wire::Anthropic,
    ..content(
        Case {
            prepare: |server| {
                let driver = server.driver("live");
                driver.event(StreamEvent::RedactedReasoning("c2VjcmV0".into()));
                driver.finish();
            },
            ..case(
                "the same, redacted: `driver.event(RedactedReasoning(\"c2VjcmV0\"))`",
                "5 °C.",
                || {
                    mock_provider!(
                        driven("live").call(get_weather { city: "Paris" }),
                        reply("5 °C."),
                    )
                },
            )
        },
        |seen, _| parts(seen, reasoning),
    )
};

pub(crate) const REFUSAL: Content = Content {
    is_on: |wire, _| wire != Wire::Ollama,
    ..content(
        case("`refusal(\"I cannot say.\")`", "", || {
            mock_provider!(refusal("I cannot say."))
        }),
        |_, answer| {
            let said = match &answer.refusal {
                Some(said) => words(said),
                None => words(&answer.text).map(|said| format!("{said} as text")),
            };
            let reason = finish(answer);
            match (said, reason) {
                (Some(said), Some(reason)) => Some(format!("{said}; {reason}")),
                (said, reason) => said.or(reason),
            }
        },
    )
};

/// The schema that a program asks for.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "properties": { "city": { "type": "string" }, "temp": { "type": "integer" } },
        "required": ["city", "temp"],
        "additionalProperties": false,
    })
}

/// What a program reads the answer into.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is shown")]
struct Weather {
    city: String,
    temp: i64,
}

pub(crate) const STRUCTURED: Content = content(
    Case {
        talk: || Talk {
            schema: Some(schema()),
            offers_tool: false,
            ..Talk::new(QUESTION)
        },
        ..case(
            "`json(object { city: \"Paris\", temp: 5 })`, requested with a schema",
            "",
            || {
                mock_provider!(json(object {
                    city: "Paris",
                    temp: 5
                }))
            },
        )
    },
    |seen, answer| {
        let value: Weather = serde_json::from_str(&answer.text).ok()?;
        let sent = match asked_schema(seen) == Some(schema()) {
            true => "sent",
            false => "not sent",
        };
        Some(format!("`{value:?}`, schema {sent}"))
    },
);

/// The models of Gemini before the third take no schema with a tool.
pub(crate) const STRUCTURED_WITH_TOOL: Content = Content {
    is_on: |wire, _| wire != Wire::Gemini,
    ..content(
        Case {
            name: "the same, and a tool is offered",
            talk: || Talk {
                schema: Some(schema()),
                ..Talk::new(QUESTION)
            },
            ..STRUCTURED.case
        },
        STRUCTURED.shows,
    )
};

pub(crate) const STRUCTURED_AFTER_CALL: Content = Content {
    is_on: STRUCTURED_WITH_TOOL.is_on,
    ..content(
        Case {
            talk: STRUCTURED_WITH_TOOL.case.talk,
            ..case("the same, after the tool was called", "", || {
                mock_provider!(
                    call(get_weather { city: "Paris" }),
                    json(object {
                        city: "Paris",
                        temp: 5
                    }),
                )
            })
        },
        STRUCTURED.shows,
    )
};

/// The schema as the mock was told of it.
pub(crate) fn asked_schema(seen: &Seen) -> Option<Value> {
    let calls = seen.server.calls();
    let asked = &calls.last()?.request().extra;
    let places = [
        "/response_format/json_schema/schema",
        "/text/format/schema",
        "/output_config/format/schema",
        "/generationConfig/responseJsonSchema",
        "/generationConfig/responseSchema",
        "/format",
    ];
    let asked = Value::Object(asked.clone());
    places
        .iter()
        .find_map(|place| asked.pointer(place))
        .cloned()
}

pub(crate) const CACHED_USAGE: Usage = Usage::new(100, 50).cache_read(60);
pub(crate) const REASONING_USAGE: Usage = CACHED_USAGE.reasoning(20);
pub(crate) const ALL_USAGE: Usage = REASONING_USAGE.cache_write(10);

/// A case that checks the usage.
const fn counting(name: &'static str, mock: fn() -> MockProvider) -> Content {
    content(case(name, "Hi.", mock), |_, answer| {
        let usage = answer.usage?;
        Some(format!(
            "{} ({} read, {} written) and {} ({} of reasoning)",
            usage.prompt_tokens,
            usage.cache_read_tokens,
            usage.cache_write_tokens,
            usage.completion_tokens,
            usage.reasoning_tokens,
        ))
    })
}

pub(crate) const CACHED_TOKENS: Content =
    counting("`.usage(Usage::new(100, 50).cache_read(60))`", || {
        mock_provider!(reply("Hi.").usage(CACHED_USAGE))
    });

pub(crate) const REASONING_TOKENS: Content = Content {
    is_on: |wire, _| wire != Wire::Ollama,
    ..counting("the same with `.reasoning(20)`", || {
        mock_provider!(reply("Hi.").usage(REASONING_USAGE))
    })
};

pub(crate) const TOKENS: Content = Content {
    is_on: |wire, _| !matches!(wire, Wire::Gemini | Wire::Ollama),
    ..counting("the same with `.cache_write(10)`", || {
        mock_provider!(reply("Hi.").usage(ALL_USAGE))
    })
};

/// A case that checks the finish reason.
const fn ending(name: &'static str, mock: fn() -> MockProvider) -> Content {
    content(case(name, "Hi.", mock), |_, answer| finish(answer))
}

pub(crate) const STOP: Content = ending("`.finish(stop)`", || {
    mock_provider!(reply("Hi.").finish(stop))
});

pub(crate) const LENGTH: Content = ending("`.finish(length)`", || {
    mock_provider!(reply("Hi.").finish(length))
});

pub(crate) const CONTENT_FILTER: Content = ending("`.finish(content_filter)`", || {
    mock_provider!(reply("Hi.").finish(content_filter))
});

pub(crate) const CALLED: Content = Content {
    shows: |seen, _| finish(&seen.talk.rounds.first()?.answer),
    ..ending("`.finish(tool_calls)`, as of a `call(..)`", || {
        mock_provider!(call(get_weather { city: "Paris" }), reply("Hi."))
    })
};

const STOP_SEQUENCE: Content = ending("`.finish(other(\"stop_sequence\"))`", || {
    mock_provider!(reply("Hi.").finish(other("stop_sequence")))
});

const PAUSED: Content = ending("`.finish(other(\"pause_turn\"))`", || {
    mock_provider!(reply("Hi.").finish(other("pause_turn")))
});

const FULL: Content = ending(
    "`.finish(other(\"model_context_window_exceeded\"))`",
    || mock_provider!(reply("Hi.").finish(other("model_context_window_exceeded"))),
);

const FUNCTION_CALL: Content = ending("`.finish(other(\"function_call\"))`", || {
    mock_provider!(reply("Hi.").finish(other("function_call")))
});

/// All of them, in the order of the table.
pub(crate) const CONTENTS: [Content; 24] = [
    IMAGE_BY_ADDRESS,
    IMAGE_AS_DATA,
    TEXT_SENT_BACK,
    NO_JSON,
    REASONING,
    REASONING_SENT_BACK,
    SIGNATURE,
    SIGNATURE_SENT_BACK,
    REDACTED_SENT_BACK,
    REFUSAL,
    STRUCTURED,
    STRUCTURED_WITH_TOOL,
    STRUCTURED_AFTER_CALL,
    CACHED_TOKENS,
    REASONING_TOKENS,
    TOKENS,
    STOP,
    LENGTH,
    CONTENT_FILTER,
    CALLED,
    STOP_SEQUENCE,
    PAUSED,
    FULL,
    FUNCTION_CALL,
];

/// Of the last request, the parts that are of a kind.
fn parts(seen: &Seen, show: fn(&Part) -> Option<String>) -> Option<String> {
    let calls = seen.server.calls();
    let messages = &calls.last()?.request().messages;
    let parts = messages.iter().flat_map(|message: &Message| &message.parts);
    let shown: Vec<_> = parts.filter_map(show).collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}

fn image(part: &Part) -> Option<String> {
    match part {
        Part::Image(mock_core::Image::Url(url)) => Some(format!("`{url}`")),
        Part::Image(mock_core::Image::Base64 { media_type, data }) => {
            Some(format!("`{media_type}`, `{data}`"))
        }
        _ => None,
    }
}

/// What the model said, and called.
fn said(part: &Part) -> Option<String> {
    match part {
        Part::Text(text) if text != QUESTION => Some(format!("{text:?}")),
        Part::ToolCall(call) => Some(format!("`{}`", call.arguments)),
        _ => None,
    }
}

fn reasoning(part: &Part) -> Option<String> {
    match part {
        Part::Reasoning(reasoning) => Some(match reasoning.signature.as_deref() {
            Some(SEAL) => format!("{:?}, `{SEAL}`", reasoning.text),
            Some(_) => format!("{:?}, with a signature that the wire adds", reasoning.text),
            None => format!("{:?}", reasoning.text),
        }),
        Part::RedactedReasoning(data) if data.starts_with("gAAAAAB") => {
            Some("only the encrypted reasoning that the wire adds".to_owned())
        }
        Part::RedactedReasoning(data) => Some(format!("`{data}`")),
        Part::ToolCall(call) => {
            let signature = call.extra.get("thoughtSignature")?.as_str()?;
            Some(match signature {
                SEAL => format!("`{SEAL}` with the call"),
                _ => "the call with a signature that the wire adds".to_owned(),
            })
        }
        _ => None,
    }
}

fn words(said: &str) -> Option<String> {
    (!said.is_empty()).then(|| format!("{said:?}"))
}

fn finish(answer: &Answer) -> Option<String> {
    answer
        .finish_reason
        .as_ref()
        .map(|reason| format!("`{reason}`"))
}
