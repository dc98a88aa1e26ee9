//! Recorded exchanges, as `httpmock` writes them: YAML documents of a request (`when`) and a reply (`then`).

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// One request of a client, and what the provider answered.
pub(crate) struct Recording {
    /// The file, under the folder of all.
    pub(crate) file: String,
    pub(crate) path: String,
    /// The body of the request, where it is JSON.
    pub(crate) request: Option<Value>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

#[derive(Deserialize)]
struct Document {
    when: When,
    then: Then,
}

#[derive(Deserialize)]
struct When {
    path: String,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Then {
    status: u16,
    header: Option<Vec<Header>>,
    body: Option<String>,
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

    /// Whether it is of Gemini's embeddings.
    pub(crate) fn asks_for_embeddings(&self) -> bool {
        let methods = [":embedContent", ":batchEmbedContents"];
        self.status == 200 && methods.iter().any(|method| self.path.ends_with(method))
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
        let headers = then.header.unwrap_or_default().into_iter();
        Recording {
            file: name.clone(),
            path: when.path,
            request: when.body.and_then(|body| serde_json::from_str(&body).ok()),
            status: then.status,
            headers: headers.map(|header| (header.name, header.value)).collect(),
            body: then.body.unwrap_or_default(),
        }
    });
    recordings.collect()
}
