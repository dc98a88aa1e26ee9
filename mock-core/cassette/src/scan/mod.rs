//! The search for secrets in recorded exchanges: [`find_secrets`] and [`Finding`].

mod files;
mod source;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use crate::detect::{self, Detector, Hit, SecretKind, Site, compressed_bodies};
use crate::error::{CassetteError, Mark};
use crate::{Cassette, Interaction};

pub use files::{Scan, assert_no_secrets, scan};

use source::Source;

/// A secret that was found in a cassette. `Display` writes the file, the line, the column, the place and a short beginning of the secret.
///
/// ```
/// use mock_core::cassette::{SecretKind, find_secrets};
///
/// let text = "when: {path: /, header: [{name: x-api-key, value: sk-ant-api03-Zb3kQ9vX2mLp7Rt5}]}\nthen: {status: 204}";
/// let findings = find_secrets(text)?;
/// assert_eq!(findings[0].kind(), SecretKind::Credential);
/// assert_eq!(findings[0].place(), "when.header[x-api-key]");
/// assert_eq!((findings[0].at().line, findings[0].at().column), (1, 51));
/// assert!(!findings[0].to_string().contains("Zb3kQ9vX2mLp7Rt5"));
/// # Ok::<(), mock_core::cassette::CassetteError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    file: Option<String>,
    at: Mark,
    place: String,
    path: String,
    kind: SecretKind,
    what: &'static str,
    excerpt: String,
}

impl Finding {
    /// Returns the file; `None` if the cassette is not in one.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Returns the place in the file.
    pub fn at(&self) -> Mark {
        self.at
    }

    /// Returns the part of the exchange, such as `when.header[authorization]` or `then.body.choices[0].message.content`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns what the secret is, in words.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// Returns the kind of the secret.
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// Returns the beginning of the secret. It is never the whole secret.
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }

    /// Whether the secret is in this field of a JSON body: its name, behind those of the objects that it is within. `*` stands for each
    /// item of a list or each field.
    ///
    /// ```
    /// use mock_core::cassette::find_secrets;
    ///
    /// let text = r#"
    /// when: {path: /, body: '{"messages": [{"content": "Write to bob@acme.io"}]}'}
    /// then: {status: 204}
    /// "#;
    /// let finding = &find_secrets(text)?[0];
    /// assert!(finding.is_at("messages.*.content"));
    /// assert!(finding.is_at("messages"));
    /// assert!(!finding.is_at("tools"));
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn is_at(&self, path: &str) -> bool {
        let path = PathPattern::new(path);
        path.matches(&self.path) || path.matches(&self.place)
    }

    pub(crate) fn in_file(mut self, file: &Path) -> Self {
        self.file = Some(file.display().to_string());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("the cassette");
        let Finding {
            at,
            place,
            what,
            excerpt,
            ..
        } = self;
        write!(f, "{file}:{at}: {place} has {what}: {excerpt}")
    }
}

/// A path of field names that `*` may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathPattern(Vec<String>);

impl PathPattern {
    pub(crate) fn new(path: &str) -> Self {
        PathPattern(steps(path).map(str::to_owned).collect())
    }

    /// Whether a path, or the beginning of it, is meant.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut steps = steps(path);
        let is_step = |step: &String| {
            let given = steps.next();
            given.is_some_and(|given| step == "*" || step == given)
        };
        !self.0.is_empty() && self.0.iter().all(is_step)
    }
}

/// The steps of `messages[0].content` or `messages.0.content`.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty())
}

impl Cassette {
    /// Returns the secrets of the exchanges, in their order. They are at the line of their exchange; [`find_secrets`] returns the exact
    /// places.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction};
    ///
    /// let mut interaction = Interaction::new("GET", "/v1/models");
    /// interaction.request_headers = vec![("authorization".into(), "Bearer hunter2".into())];
    /// let findings = Cassette::new([interaction]).secrets();
    /// assert_eq!(findings[0].place(), "when.header[authorization]");
    /// ```
    pub fn secrets(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for interaction in self.interactions() {
            let interaction = &*compressed_bodies::decoded(interaction);
            let at = Mark::new(interaction.line.max(1) as usize, 1);
            each_secret(interaction, |site, hit, _| {
                findings.push(finding(interaction, site, hit, at));
            });
        }
        match self.file() {
            Some(file) => in_file(findings, Path::new(file)),
            None => findings,
        }
    }
}

/// Returns the secrets in the text of a file of recorded exchanges, with their lines and columns.
///
/// # Errors
/// If it is not of recorded exchanges.
pub fn find_secrets(text: &str) -> Result<Vec<Finding>, CassetteError> {
    let cassette = Cassette::parse(text)?;
    let mut source = Source::new(text);
    let mut findings = Vec::new();
    let interactions = cassette.interactions();
    for (index, interaction) in interactions.iter().enumerate() {
        let next = interactions.get(index + 1).map(|next| next.line as usize);
        source.enter(interaction.line as usize, next);
        let interaction = &*compressed_bodies::decoded(interaction);
        each_secret(interaction, |site, hit, raw| {
            let at = source.locate(raw);
            findings.push(finding(interaction, site, hit, at));
        });
    }
    match interactions.is_empty() {
        // Fixtures have texts in other places.
        true => findings = in_text(text),
        false => findings.extend(in_rest(text, &findings)),
    }
    Ok(findings)
}

/// Searches the text outside of exchanges, such as comments and keys that are not read: they may hold secrets, too.
fn in_rest(text: &str, known: &[Finding]) -> Vec<Finding> {
    let mut findings = in_text(text);
    findings.retain(|finding| {
        finding.kind == SecretKind::Credential && known.iter().all(|known| known.at != finding.at)
    });
    findings
}

/// The secrets of a text of any kind.
fn in_text(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let source = Source::new(text);
    for hit in detect::in_path(text, Detector::default()) {
        let at = source.mark(hit.ranges[0].start);
        findings.push(Finding {
            file: None,
            at,
            place: "the text".to_owned(),
            path: String::new(),
            kind: hit.kind,
            what: hit.what,
            excerpt: excerpt(&hit.secret),
        });
    }
    findings
}

/// Gives each secret of an exchange, with the text that is in the file, as far as it is known.
fn each_secret(interaction: &Interaction, mut take: impl FnMut(Site, &Hit, &str)) {
    for (site, hits) in detect::hits(interaction, Detector::default()) {
        for hit in &hits {
            let range = hit.ranges.first().cloned().unwrap_or_default();
            let body = match site {
                Site::RequestBody => &*interaction.request_body,
                Site::Body => &*interaction.body,
                _ => hit.secret.as_bytes(),
            };
            let raw = match site {
                Site::RequestBody | Site::Body => body.get(range).unwrap_or_default(),
                _ => body,
            };
            take(site, hit, std::str::from_utf8(raw).unwrap_or_default());
        }
    }
}

fn finding(interaction: &Interaction, site: Site, hit: &Hit, at: Mark) -> Finding {
    let name = |pairs: &[(String, String)], index: usize| pairs[index].0.to_ascii_lowercase();
    let place = match site {
        Site::Path => "when.path".to_owned(),
        Site::Extra(index) => interaction.extra[index].0.clone(),
        Site::Query(index) => format!("when.query_param[{}]", name(&interaction.query, index)),
        Site::RequestHeader(index) => {
            format!("when.header[{}]", name(&interaction.request_headers, index))
        }
        Site::Header(index) => format!("then.header[{}]", name(&interaction.headers, index)),
        Site::RequestBody => format!("when.{}", body_place(&hit.path)),
        Site::Body => format!("then.{}", body_place(&hit.path)),
    };
    Finding {
        file: None,
        at,
        place,
        path: hit.path.clone(),
        kind: hit.kind,
        what: hit.what,
        excerpt: excerpt(&hit.secret),
    }
}

fn body_place(path: &str) -> String {
    match path {
        "" => "body".to_owned(),
        path if path.starts_with('[') => format!("body{path}"),
        path => format!("body.{path}"),
    }
}

/// The beginning of a secret: a third of it at most.
fn excerpt(secret: &str) -> String {
    let length = secret.chars().count();
    let start: String = secret
        .chars()
        .take((length / 3).min(8))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("{start}… ({length} characters)")
}

fn in_file(findings: Vec<Finding>, file: &Path) -> Vec<Finding> {
    let findings = findings.into_iter();
    findings.map(|finding| finding.in_file(file)).collect()
}
