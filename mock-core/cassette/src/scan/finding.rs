//! A secret that was found, where it is, and how much of it is shown: [`Finding`].

use std::fmt;
use std::path::Path;

use crate::Interaction;
use crate::detect::{Hit, SecretKind, Site};
use crate::error::Mark;
use crate::path_pattern::PathPattern;

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
    fn new(place: String, path: String, hit: &Hit, at: Mark) -> Self {
        Finding {
            file: None,
            at,
            place,
            path,
            kind: hit.kind,
            what: hit.what,
            excerpt: excerpt(&hit.secret),
        }
    }

    /// A secret in a text of any kind.
    pub(super) fn in_text(hit: &Hit, at: Mark) -> Self {
        Finding::new("the text".to_owned(), String::new(), hit, at)
    }

    /// A secret in an exchange.
    pub(super) fn in_exchange(interaction: &Interaction, site: Site, hit: &Hit, at: Mark) -> Self {
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
        Finding::new(place, hit.path.clone(), hit, at)
    }

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
