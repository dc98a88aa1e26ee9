//! Recorded exchanges, as `httpmock` writes them: YAML documents of a request (`when`) and a reply (`then`).

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mock_core::wire::gemini::embeddings::Form;
use serde::Deserialize;
use serde_json::Value;

use crate::helpers::wire::EmbeddingsApi;

/// One request of a client, and what the provider answered.
pub(crate) struct Recording {
    /// The file, under the folder of all.
    pub(crate) file: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// The body of the request, as it was sent.
    pub(crate) sent: String,
    /// The body of the request, where it is JSON.
    pub(crate) request: Option<Value>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The body as it was sent, text or not.
    pub(crate) bytes: Vec<u8>,
}

#[derive(Deserialize)]
struct Document {
    when: When,
    then: Then,
}

#[derive(Deserialize)]
struct When {
    path: String,
    method: String,
    query_param: Option<Vec<Header>>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Then {
    status: u16,
    header: Option<Vec<Header>>,
    body: Option<String>,
    body_encoding: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl Recording {
    /// The provider: the folder that the file is in.
    pub(crate) fn provider(&self) -> &str {
        self.file.split('/').next().unwrap_or_default()
    }

    pub(crate) fn is_stream(&self) -> bool {
        let body = self.body.trim();
        let is_of_lines = body.starts_with('{') && body.lines().count() > 1;
        let mut starts = ["data:", "event:", ":"].iter();
        is_of_lines || starts.any(|start| body.starts_with(start))
    }

    /// The API for embeddings that it is of, if it is of one.
    pub(crate) fn embeddings_api(&self) -> Option<EmbeddingsApi> {
        match &*self.path {
            path if path.ends_with(":embedContent") => Some(EmbeddingsApi::Gemini(Form::Single)),
            path if path.ends_with(":batchEmbedContents") => {
                Some(EmbeddingsApi::Gemini(Form::Batch))
            }
            path if path.ends_with("/embeddings") => Some(EmbeddingsApi::Openai),
            _ => None,
        }
    }

    /// The path of an API that is not read, without the names in it.
    pub(crate) fn other_api(&self) -> String {
        let words = self.path.split('/').take(4).collect::<Vec<_>>();
        format!("{} {}", self.provider(), words.join("/"))
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }
}

/// All recordings in a folder, in the order of their names.
pub(crate) fn read_all(folder: &Path) -> Vec<Recording> {
    let mut files = Vec::new();
    find(folder, &mut files);
    files.sort();
    files.iter().flat_map(|file| read(folder, file)).collect()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of a folder can be read").path();
        if path.is_dir() {
            find(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
}

fn read(folder: &Path, file: &Path) -> Vec<Recording> {
    let text = fs::read_to_string(file).expect("a recording can be read");
    let name = file
        .strip_prefix(folder)
        .unwrap_or(file)
        .display()
        .to_string();
    let documents = serde_norway::Deserializer::from_str(&text);
    let recordings = documents.map(|document| {
        let Document { when, then } =
            Document::deserialize(document).unwrap_or_else(|error| panic!("{name}: {error}"));
        let pairs = |pairs: Option<Vec<Header>>| {
            let pairs = pairs.unwrap_or_default().into_iter();
            pairs.map(|pair| (pair.name, pair.value)).collect()
        };
        let sent = when.body.unwrap_or_default();
        let body = then.body.unwrap_or_default();
        let bytes = match then.body_encoding.as_deref() {
            Some("base64") => STANDARD.decode(&body).expect("it is base64"),
            _ => body.clone().into_bytes(),
        };
        Recording {
            file: name.clone(),
            method: when.method,
            path: when.path,
            query: pairs(when.query_param),
            request: serde_json::from_str(&sent).ok(),
            sent,
            status: then.status,
            headers: pairs(then.header),
            body,
            bytes,
        }
    });
    recordings.collect()
}
