//! A file of recorded exchanges, read while a test compiles.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use mock_cassette::{Cassette, CassetteError, Finding, Interaction, MAX_BYTES, Mark, find_secrets};
use proc_macro2::Span;
use syn::LitStr;

use crate::diagnostics::Diagnostics;
use crate::did_you_mean::{edits, is_near};
use crate::lint::Lint;
use crate::search::Search as _;

/// How many files are looked at for one that may be meant.
const LOOKED_AT: usize = 2_000;

/// The file extensions of cassettes.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// A cassette, and the secrets in it.
pub(crate) struct Recording {
    /// Its path, as it is written.
    pub(crate) path: String,
    pub(crate) span: Span,
    pub(crate) cassette: Cassette,
    pub(crate) secrets: Vec<Finding>,
}

impl Recording {
    /// Reads the file of this path; `None` if it cannot be read, and that has been reported.
    pub(crate) fn read(path: &LitStr, diagnostics: &Diagnostics) -> Option<Recording> {
        let name = path.value();
        let file_error = |message: String, help: String| {
            diagnostics.error(Lint::CassetteFile, path.span(), message, help);
            None
        };
        let Some(folder) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
            return file_error(
                "the folder of the package is not known".to_owned(),
                "compile with cargo, which sets `CARGO_MANIFEST_DIR`".to_owned(),
            );
        };
        if name.is_empty() || Path::new(&name).is_absolute() {
            return file_error(
                "the path of a cassette is relative to the folder of the package".to_owned(),
                "write it as in `cassette = \"tests/cassettes/weather.yaml\"`".to_owned(),
            );
        }
        let bytes = match read(&folder.join(&name)) {
            Ok(bytes) => bytes,
            Err(problem) => {
                let problem = format!("`{name}` cannot be read: {problem}");
                return file_error(problem, existing(&folder, &name));
            }
        };
        let report = |error: &CassetteError| {
            let at = error.at().map(|at| format!(":{at}")).unwrap_or_default();
            let message = format!("{name}{at}: {}", error.message());
            diagnostics.error(Lint::CassetteFormat, path.span(), message, error.remedy());
        };
        let cassette = Cassette::parse_bytes(&bytes)
            .map_err(|error| report(&error))
            .ok()?;
        // The file was parsed, so it is UTF-8.
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        Some(Recording {
            secrets: find_secrets(text).unwrap_or_default(),
            span: path.span(),
            path: name,
            cassette,
        })
    }

    /// The file and the line of an exchange.
    pub(crate) fn place(&self, interaction: &Interaction) -> String {
        format!("{}:{}", self.path, interaction.line)
    }

    /// A place in the file.
    pub(crate) fn place_of(&self, at: Option<Mark>, interaction: &Interaction) -> String {
        match at {
            Some(at) => format!("{}:{at}", self.path),
            None => self.place(interaction),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| describe_io_error(&error))?;
    if !metadata.is_file() {
        return Err("it is not a file".to_owned());
    }
    if metadata.len() > MAX_BYTES as u64 {
        return Err(format!("it has more than {MAX_BYTES} bytes"));
    }
    fs::read(path).map_err(|error| describe_io_error(&error))
}

/// An error without the number of the system.
fn describe_io_error(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    }
}

/// The help for a path that is not that of a file: the files that may be meant.
fn existing(folder: &Path, name: &str) -> String {
    let files = cassettes(folder);
    let within = format!("{}/", name.trim_end_matches(&['/', '\\'][..]));
    let mut inside = files.clone();
    inside.retain(|file| file.starts_with(&within));
    let near = nearest(&files, name);
    match (inside.as_slice(), near) {
        ([], Some(near)) => format!("did you mean `{near}`?"),
        ([], None) => {
            "write the path from the folder of the package, or record the file".to_owned()
        }
        ([only], _) => format!("write `{only}`"),
        ([first, ..], _) => format!("write the path of a file in it, as in `{first}`"),
    }
}

/// The files in a folder, and in those in it, that may be cassettes, in order.
fn cassettes(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    let mut looked_at: usize = 0;
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            looked_at = looked_at.saturating_add(1);
            if looked_at > LOOKED_AT {
                break;
            }
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type();
            if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
                continue;
            }
            let extension = path.extension().unwrap_or_default();
            if let Ok(relative) = path.strip_prefix(folder)
                && EXTENSIONS.any(&|known| extension == *known)
            {
                files.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

/// The file whose path is most like this one, if their names are alike.
fn nearest(files: &[String], path: &str) -> Option<String> {
    let name = |path: &str| match path.rsplit_once('/') {
        Some((_, name)) => name.to_owned(),
        None => path.to_owned(),
    };
    let stem = |path: &str| {
        let name = name(path);
        name.split('.').next().unwrap_or_default().to_owned()
    };
    let mut near: Option<(usize, &String)> = None;
    for file in files {
        let found = (edits(path, file), file);
        let is_alike = file != path && !stem(path).is_empty() && is_near(&stem(path), &stem(file));
        if is_alike && near.is_none_or(|near| found < near) {
            near = Some(found);
        }
    }
    near.map(|(_, file)| file.clone())
}
