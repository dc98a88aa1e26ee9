//! What a program asks a client for when it embeds texts, and what it gets.

use futures::future::BoxFuture;
use mock_core::MockServer;

use crate::{Failure, Wire, genai, ollama, openai, rig};

/// The model that clients of OpenAI ask for.
pub const EMBEDDER_OF_OPENAI: &str = "text-embedding-3-small";
/// The model that clients of Gemini ask for.
pub const EMBEDDER_OF_GEMINI: &str = "gemini-embedding-001";
/// The model that clients of Ollama ask for.
pub const EMBEDDER_OF_OLLAMA: &str = "nomic-embed-text";

/// A client of embeddings, as a program uses it.
pub trait Embedder {
    /// Asks for the vectors of texts.
    fn embed<'c>(&'c self, request: &'c Texts) -> BoxFuture<'c, Result<Vectors, Failure>>;
}

/// The texts to embed, and how.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// They go in one request.
    pub texts: Vec<String>,
    /// The length of the vectors; the model's own by default.
    pub dimensions: Option<u32>,
    /// Whether the vectors are to come as base64.
    pub base64: bool,
}

impl Texts {
    /// Texts whose vectors come as the client asks for them by default.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Texts {
            texts: texts.into_iter().map(str::to_owned).collect(),
            ..Texts::default()
        }
    }
}

/// The vectors, as a client returns them.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    /// In the client's order.
    pub vectors: Vec<Vec<f32>>,
    /// The tokens of the texts, where the client tells them.
    pub tokens: Option<u64>,
}

/// A client, its name, and how it is set up.
pub struct EmbedderSetup {
    /// The crate, its version, and the provider.
    pub name: &'static str,
    /// The wire that it speaks.
    pub wire: Wire,
    /// Points it at a server.
    pub connect: fn(&MockServer, reqwest::Client) -> Box<dyn Embedder>,
}

impl EmbedderSetup {
    /// The model that it asks for.
    pub fn model(&self) -> &'static str {
        match self.wire {
            Wire::Gemini => EMBEDDER_OF_GEMINI,
            Wire::Ollama => EMBEDDER_OF_OLLAMA,
            _ => EMBEDDER_OF_OPENAI,
        }
    }
}

/// All clients of embeddings, with the retries that they come with.
pub const EMBEDDERS: [EmbedderSetup; 8] = [
    EmbedderSetup {
        name: "async-openai 0.43.0",
        wire: Wire::OpenAI,
        connect: |server, http| Box::new(openai::AsyncOpenai::new(server, http)),
    },
    EmbedderSetup {
        name: "genai 0.7.2, OpenAI",
        wire: Wire::OpenAI,
        connect: |server, http| Box::new(genai::Genai::openai_embeddings(server, http)),
    },
    EmbedderSetup {
        name: "genai 0.7.2, Gemini",
        wire: Wire::Gemini,
        connect: |server, http| Box::new(genai::Genai::gemini_embeddings(server, http)),
    },
    EmbedderSetup {
        name: "genai 0.7.2, Ollama",
        wire: Wire::Ollama,
        connect: |server, http| Box::new(genai::Genai::ollama_embeddings(server, http)),
    },
    EmbedderSetup {
        name: "rig-core 0.44.0, OpenAI",
        wire: Wire::OpenAI,
        connect: |server, http| Box::new(rig::RigEmbeddings::openai(server, http)),
    },
    EmbedderSetup {
        name: "rig-core 0.44.0, Gemini",
        wire: Wire::Gemini,
        connect: |server, http| Box::new(rig::RigEmbeddings::gemini(server, http)),
    },
    EmbedderSetup {
        name: "rig-core 0.44.0, Ollama",
        wire: Wire::Ollama,
        connect: |server, http| Box::new(rig::RigEmbeddings::ollama(server, http)),
    },
    EmbedderSetup {
        name: "ollama-rs 0.3.6",
        wire: Wire::Ollama,
        connect: |server, _| Box::new(ollama::OllamaRs::new(server)),
    },
];
