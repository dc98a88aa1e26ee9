//! Clients of providers, as they come from the registry, asked over a socket: what a [`MockServer`] says is put to a program as
//! each of them puts it. What they make of every fault, and of all that is in requests and answers, is in the tables of
//! `docs/clients.md`, which this crate's tests write.
//!
//! Each client is set up in a file of its own, which is what a project copies: a base URL, any key, and the HTTP client.
//!
//! | | |
//! | --- | --- |
//! | `openai.rs` | async-openai on Chat Completions and on embeddings, at `server.openai_url()`; with its retries and without |
//! | `openai_responses.rs` | async-openai on Responses, at `server.openai_url()` |
//! | `genai.rs` | genai, on embeddings too, which adds the last part of the path: OpenAI and Anthropic at `server.openai_url()`, Gemini at `server.gemini_url()` and `v1beta`, Ollama at `server.ollama_url()`, each with a `/` at its end |
//! | `ollama.rs` | ollama-rs, on embeddings too, at `server.ollama_url()` |
//! | `rig.rs` | rig-core over HTTP, on embeddings too: OpenAI at `server.openai_url()`, Anthropic at `server.anthropic_url()`, Gemini at `server.gemini_url()`, Ollama at `server.ollama_url()` |

pub mod embeddings;
pub mod genai;
pub mod ollama;
pub mod openai;
pub mod openai_responses;
pub mod rig;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use mock_core::{MockServer, ToolCall, Usage};
use serde_json::{Value, json};

/// The model that clients of OpenAI ask for.
pub const GPT: &str = "gpt-4o";
/// The model that clients of Anthropic ask for.
pub const CLAUDE: &str = "claude-sonnet-4-5";
/// The model that clients of Gemini ask for.
pub const GEMINI: &str = "gemini-2.5-flash";
/// The model that clients of Ollama ask for.
pub const LLAMA: &str = "llama3.2";

/// How long a client waits for an answer to end.
pub const TIME_OUT: Duration = Duration::from_secs(10);

/// A client, as a program uses it.
pub trait Client {
    /// Asks for the whole answer at once.
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c>;

    /// Asks for the answer as a stream, and takes all that comes of it.
    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c>;

    /// Asks for the names of the models.
    fn models(&self) -> BoxFuture<'_, Result<Vec<String>, Failure>>;
}

/// What comes of a request.
pub type Asked<'c> = BoxFuture<'c, Result<Answer, Failure>>;

/// A client, its name, and how it is set up.
pub struct Setup {
    /// The crate, its version, and the provider.
    pub name: &'static str,
    /// The wire that it speaks.
    pub wire: Wire,
    /// Points it at a server.
    pub connect: fn(&MockServer, reqwest::Client) -> Box<dyn Client>,
}

/// A provider's wire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wire {
    /// OpenAI's Chat Completions.
    OpenAI,
    /// OpenAI's Responses.
    Responses,
    /// Anthropic's Messages.
    Anthropic,
    /// Gemini's `generateContent`.
    Gemini,
    /// Ollama's `/api/chat`.
    Ollama,
}

/// All clients, with the retries that they come with.
pub const CLIENTS: [Setup; 13] = [
    Setup {
        name: "async-openai 0.43.0",
        wire: Wire::OpenAI,
        connect: |server, http| Box::new(openai::AsyncOpenai::new(server, http)),
    },
    Setup {
        name: "async-openai 0.43.0, Responses",
        wire: Wire::Responses,
        connect: |server, http| {
            let client = openai_responses::AsyncOpenaiResponses::new(server, http);
            Box::new(client)
        },
    },
    Setup {
        name: "genai 0.7.2, OpenAI",
        wire: Wire::OpenAI,
        connect: |server, http| Box::new(genai::Genai::openai(server, http)),
    },
    Setup {
        name: "genai 0.7.2, Responses",
        wire: Wire::Responses,
        connect: |server, http| Box::new(genai::Genai::responses(server, http)),
    },
    Setup {
        name: "genai 0.7.2, Anthropic",
        wire: Wire::Anthropic,
        connect: |server, http| Box::new(genai::Genai::anthropic(server, http)),
    },
    Setup {
        name: "genai 0.7.2, Gemini",
        wire: Wire::Gemini,
        connect: |server, http| Box::new(genai::Genai::gemini(server, http)),
    },
    Setup {
        name: "genai 0.7.2, Ollama",
        wire: Wire::Ollama,
        connect: |server, http| Box::new(genai::Genai::ollama(server, http)),
    },
    Setup {
        name: "rig-core 0.44.0, OpenAI",
        wire: Wire::OpenAI,
        connect: |server, http| Box::new(rig::Rig::openai(server, http)),
    },
    Setup {
        name: "rig-core 0.44.0, Responses",
        wire: Wire::Responses,
        connect: |server, http| Box::new(rig::Rig::responses(server, http)),
    },
    Setup {
        name: "rig-core 0.44.0, Anthropic",
        wire: Wire::Anthropic,
        connect: |server, http| Box::new(rig::Rig::anthropic(server, http)),
    },
    Setup {
        name: "rig-core 0.44.0, Gemini",
        wire: Wire::Gemini,
        connect: |server, http| Box::new(rig::Rig::gemini(server, http)),
    },
    Setup {
        name: "rig-core 0.44.0, Ollama",
        wire: Wire::Ollama,
        connect: |server, http| Box::new(rig::Rig::ollama(server, http)),
    },
    Setup {
        name: "ollama-rs 0.3.6",
        wire: Wire::Ollama,
        connect: |server, _| Box::new(ollama::OllamaRs::new(server)),
    },
];

/// A conversation: a question, and the answers that called tools since.
#[derive(Debug, Clone)]
pub struct Talk {
    /// What the user asks.
    pub question: String,
    /// An image that comes with it.
    pub image: Option<Image>,
    /// Whether the tool [`get_weather`](TOOL) is offered.
    pub offers_tool: bool,
    /// The JSON schema that the answer is to have.
    pub schema: Option<Value>,
    /// Each answer that called tools, and what they returned.
    pub rounds: Vec<Round>,
}

impl Talk {
    /// A conversation that begins, and offers the tool.
    pub fn new(question: &str) -> Self {
        Talk {
            question: question.to_owned(),
            image: None,
            offers_tool: true,
            schema: None,
            rounds: Vec::new(),
        }
    }
}

/// An image, a PNG.
#[derive(Debug, Clone, Copy)]
pub enum Image {
    /// It is at this address.
    Url(&'static str),
    /// Its bytes in base64.
    Base64(&'static str),
}

/// The media type of the images.
pub const PNG: &str = "image/png";

/// An answer that called tools, and what they returned.
#[derive(Debug, Clone)]
pub struct Round {
    /// The answer.
    pub answer: Answer,
    /// A result for each of its calls.
    pub results: Vec<String>,
}

/// The name of the tool that is offered.
pub const TOOL: &str = "get_weather";
/// What it is for.
pub const TOOL_DESCRIPTION: &str = "The weather in a city, now.";

/// The JSON schema of its arguments.
pub fn tool_parameters() -> Value {
    json!({
        "type": "object",
        "properties": { "city": { "type": "string" } },
        "required": ["city"],
    })
}

/// An answer, as a client tells it.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// The reasoning before it.
    pub reasoning: String,
    /// The provider's seal on the reasoning.
    pub signature: Option<String>,
    /// The words in which the model declines, where the client tells them apart.
    pub refusal: Option<String>,
    /// The tools that it calls.
    pub calls: Vec<ToolCall>,
    /// The tokens, where the client tells them.
    pub usage: Option<Usage>,
    /// Why the answer ended, in the client's own words.
    pub finish_reason: Option<String>,
    /// What the client keeps of an answer that called tools: it goes back with their results.
    pub message: Option<Own>,
}

impl Answer {
    fn own<M: Any + Clone>(&self) -> M {
        let own = self
            .message
            .as_ref()
            .and_then(|Own(own)| own.downcast_ref::<M>());
        own.expect("it called tools, and is of the same client")
            .clone()
    }
}

/// A number of tokens; none where the client tells none.
fn count(tokens: Option<impl TryInto<u64>>) -> u64 {
    let tokens = tokens.and_then(|tokens| tokens.try_into().ok());
    tokens.unwrap_or_default()
}

/// A client's own message.
#[derive(Debug, Clone)]
pub struct Own(Arc<dyn Any + Send + Sync>);

impl Own {
    fn new(message: impl Any + Send + Sync) -> Self {
        Own(Arc::new(message))
    }
}

/// An error, as a client tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Its variant in the client's own words, and what is in it: `ApiError(429 rate_limit_exceeded)`.
    pub error: String,
    /// The header `retry-after`, where the error has it.
    pub retry_after: Option<String>,
    /// What was said before.
    pub said: String,
}

impl Failure {
    fn new(error: impl Into<String>) -> Self {
        Failure {
            error: error.into(),
            retry_after: None,
            said: String::new(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl std::error::Error for Failure {}

/// What kind of error of the HTTP client it is.
fn transport(error: &reqwest::Error) -> &'static str {
    match () {
        () if error.is_timeout() => "time-out",
        () if error.is_connect() => "connect",
        () if error.is_body() => "body",
        () if error.is_decode() => "decode",
        () => "request",
    }
}

/// The code, the status or the type in the body of an error of a provider, or in what is in that. Ollama has none: there it is the first
/// words of the message.
fn code(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let error = body.get("error").unwrap_or(&body);
    let words = ["code", "status", "type"].map(|field| error[field].as_str());
    let message = error
        .as_str()
        .and_then(|message| message.split([',', '(', '[']).next());
    let code = words.into_iter().flatten().next().or(message);
    code.unwrap_or_default().trim_end().replace('`', "")
}
