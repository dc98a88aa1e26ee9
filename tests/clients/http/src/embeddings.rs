//! What a program asks a client for when it embeds texts, and what it gets.

use futures::future::BoxFuture;
use mock_core::MockServer;

use crate::{Failure, genai, openai, rig};

/// The model that clients ask for.
pub const MODEL: &str = "text-embedding-3-small";

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
    /// The tokens of the texts.
    pub tokens: u64,
}

/// A client, its name, and how it is set up.
pub struct EmbedderSetup {
    /// The crate and its version.
    pub name: &'static str,
    /// Points it at a server.
    pub connect: fn(&MockServer, reqwest::Client) -> Box<dyn Embedder>,
}

/// All clients of embeddings, with the retries that they come with.
pub const EMBEDDERS: [EmbedderSetup; 3] = [
    EmbedderSetup {
        name: "async-openai 0.43.0",
        connect: |server, http| Box::new(openai::AsyncOpenai::new(server, http)),
    },
    EmbedderSetup {
        name: "genai 0.7.2",
        connect: |server, http| Box::new(genai::Genai::embeddings(server, http)),
    },
    EmbedderSetup {
        name: "rig-core 0.44.0",
        connect: |server, http| Box::new(rig::RigEmbeddings::new(server, http)),
    },
];
