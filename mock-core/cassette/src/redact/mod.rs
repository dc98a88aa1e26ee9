//! Replaces secrets and generated ids in recorded exchanges: [`Redaction`].

mod body_and_frame_lengths;
pub(crate) mod custom_rule;
mod edits;
pub(crate) mod replace_secrets;
mod secret_environment_variables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::detect::{Detector, Ids, SecretKind, compressed_bodies};
use crate::{Cassette, Fixture, Interaction};

use body_and_frame_lengths::correct_content_length;
use custom_rule::CustomRule;
use replace_secrets::Redactor;
use secret_environment_variables::is_secret_variable;

/// Rules for what is replaced when exchanges are written.
///
/// The default replaces credentials, ids of organizations, e-mail addresses, names of users in local paths, and generated ids. A generated
/// id gets the same replacement everywhere in the file, so the id of a tool call still pairs up with that of its result.
///
/// ```
/// use mock_core::cassette::{Cassette, Interaction, Redaction};
///
/// let mut interaction = Interaction::new("POST", "/v1/chat/completions");
/// interaction.request_headers = vec![("authorization".into(), "Bearer sk-proj-Zb3kQ9vX2mLp7Rt5".into())];
/// interaction.request_body = br#"{"user": "u-17", "messages": []}"#.to_vec();
///
/// let redaction = Redaction::default().json("user", "somebody");
/// let cassette = redaction.apply(Cassette::new([interaction]));
///
/// let redacted = &cassette.interactions()[0];
/// assert_eq!(redacted.request_headers[0].1, "Bearer [REDACTED]");
/// assert_eq!(redacted.request_body, br#"{"user": "somebody", "messages": []}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Redaction {
    kept: Vec<SecretKind>,
    environment: Vec<(String, String)>,
    pub(crate) custom_rules: Vec<CustomRule>,
}

impl Redaction {
    /// Keeps secrets of this kind.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction, SecretKind};
    ///
    /// let interaction = Interaction::new("GET", "/v1/users/bob@acme.io");
    /// let redaction = Redaction::default().keep(SecretKind::Email);
    /// let cassette = redaction.apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].path, "/v1/users/bob@acme.io");
    /// ```
    pub fn keep(mut self, kind: SecretKind) -> Self {
        self.kept.push(kind);
        self
    }

    /// Replaces the value of each header of this name by `[REDACTED]`, in requests and responses.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction};
    ///
    /// let mut interaction = Interaction::new("GET", "/v1/models");
    /// interaction.headers = vec![("X-Team".into(), "blue".into())];
    /// let cassette = Redaction::default().header("x-team").apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].headers[0].1, "[REDACTED]");
    /// ```
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.custom_rules.push(CustomRule::Header(name.into()));
        self
    }

    /// Replaces the value of each parameter of the query with this name by `[REDACTED]`.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction};
    ///
    /// let mut interaction = Interaction::new("GET", "/v1/models");
    /// interaction.query = vec![("team".into(), "blue".into())];
    /// let cassette = Redaction::default().query("team").apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].query[0].1, "[REDACTED]");
    /// ```
    pub fn query(mut self, name: impl Into<String>) -> Self {
        self.custom_rules.push(CustomRule::Query(name.into()));
        self
    }

    /// Replaces a field of JSON bodies, in requests, responses and the events of streams: its name, behind those of the objects that it is
    /// within. `*` stands for each item of a list. In an object, each value gets the replacement.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction};
    ///
    /// let mut interaction = Interaction::new("POST", "/v1/messages");
    /// interaction.request_body = br#"{"messages": [{"name": "Bob"}]}"#.to_vec();
    /// let redaction = Redaction::default().json("messages.*.name", "somebody");
    /// let cassette = redaction.apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].request_body, br#"{"messages": [{"name": "somebody"}]}"#);
    /// ```
    pub fn json(mut self, path: impl AsRef<str>, replacement: impl Into<String>) -> Self {
        self.custom_rules
            .push(CustomRule::json(path.as_ref(), replacement.into()));
        self
    }

    /// Replaces what a pattern matches, in each text. `*` stands for any number of letters, digits, `-` and `_`.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction};
    ///
    /// let interaction = Interaction::new("GET", "/v1/customers/cust_8Kq2");
    /// let redaction = Redaction::default().pattern("cust_*", "cust_1");
    /// let cassette = redaction.apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].path, "/v1/customers/cust_1");
    /// ```
    pub fn pattern(mut self, pattern: impl Into<String>, replacement: impl Into<String>) -> Self {
        self.custom_rules
            .push(CustomRule::Pattern(pattern.into(), replacement.into()));
        self
    }

    /// Replaces each text by what a function returns: the path, the values of headers and of the query, the texts in JSON bodies and in
    /// the events of streams, and bodies that are not JSON. A function that is given its own result must return it as it is.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction};
    ///
    /// let mut interaction = Interaction::new("POST", "/v1/messages");
    /// interaction.request_body = br#"{"text": "Dear Bob"}"#.to_vec();
    /// let redaction = Redaction::default().text(|text| text.replace("Bob", "somebody"));
    /// let cassette = redaction.apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].request_body, br#"{"text": "Dear somebody"}"#);
    /// ```
    pub fn text(mut self, rule: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.custom_rules
            .push(CustomRule::Text(TextRule(Arc::new(rule))));
        self
    }

    /// Replaces the values of those variables whose names end in `_KEY`, `_TOKEN`, `_SECRET` or `_PASSWORD`. Values of fewer than eight
    /// characters, and placeholders, are left out.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction, Redaction};
    ///
    /// let interaction = Interaction::new("GET", "/v1/tr0ub4dor/models");
    /// let redaction = Redaction::default().environment([("SERVICE_KEY", "tr0ub4dor"), ("HOME", "models")]);
    /// let cassette = redaction.apply(Cassette::new([interaction]));
    /// assert_eq!(cassette.interactions()[0].path, "/v1/[REDACTED]/models");
    /// ```
    pub fn environment<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        for (name, value) in variables {
            let (name, value) = (name.into(), value.into());
            if is_secret_variable(&name, &value) {
                self.environment.push((name, value));
            }
        }
        self
    }

    /// Replaces the values of the variables of this process, as [`environment`](Self::environment) does. A recording calls it.
    ///
    /// ```
    /// use mock_core::cassette::Redaction;
    ///
    /// let redaction = Redaction::default().process_environment();
    /// # let _ = redaction;
    /// ```
    pub fn process_environment(self) -> Self {
        let variables = std::env::vars_os();
        let texts = variables.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        self.environment(texts)
    }

    /// Returns the cassette without what is to be replaced. Frames keep their gaps, and their lengths follow the body. With the feature
    /// `compression`, a compressed body with something to replace is written without its compression. The result of a
    /// redacted cassette is the same cassette.
    pub fn apply(&self, cassette: Cassette) -> Cassette {
        let mut cassette = cassette;
        // Search the texts of fixtures like bodies: add each as an exchange at the end.
        let exchanges = cassette.interactions.len();
        for text in cassette.fixtures.iter_mut().flat_map(Fixture::texts) {
            let mut interaction = Interaction::new("", "");
            interaction.request_body = text.as_bytes().to_vec();
            cassette.interactions.push(interaction);
        }
        let lengths = |it: &Interaction| (it.request_body.len(), it.body.len());
        let before: Vec<_> = cassette.interactions.iter().map(lengths).collect();
        let mut compressed = Vec::new();
        for (index, interaction) in cassette.interactions.iter_mut().enumerate() {
            if let Cow::Owned(decoded) = compressed_bodies::decoded(interaction) {
                let before = std::mem::replace(interaction, decoded.clone());
                compressed.push((index, before, decoded));
            }
        }
        for interaction in &mut cassette.interactions {
            self.custom_rules
                .iter()
                .for_each(|rule| rule.apply(interaction));
        }
        let mut redactor = Redactor::new(self);
        redactor.number_after(&cassette.interactions);
        for interaction in &mut cassette.interactions {
            redactor.redact(interaction);
        }
        let redacted = cassette.interactions.split_off(exchanges);
        let texts = cassette.fixtures.iter_mut().flat_map(Fixture::texts);
        for (text, interaction) in texts.zip(redacted) {
            *text = String::from_utf8_lossy(&interaction.request_body).into_owned();
        }
        // A body without secrets stays compressed.
        for (index, before, decoded) in compressed {
            if cassette.interactions[index] == decoded {
                cassette.interactions[index] = before;
            }
        }
        for (interaction, (request, response)) in cassette.interactions.iter_mut().zip(before) {
            let headers = &mut interaction.request_headers;
            correct_content_length(headers, request, interaction.request_body.len());
            correct_content_length(&mut interaction.headers, response, interaction.body.len());
        }
        cassette
    }

    fn keeps(&self, kind: SecretKind) -> bool {
        self.kept.contains(&kind)
    }

    pub(crate) fn detector(&self, ids: Ids) -> Detector<'_> {
        Detector {
            environment: match self.keeps(SecretKind::Environment) {
                true => &[],
                false => &self.environment,
            },
            ids: match self.keeps(SecretKind::GeneratedId) {
                true => Ids::None,
                false => ids,
            },
        }
    }
}

/// A rule of the user's for texts.
#[derive(Clone)]
pub(crate) struct TextRule(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl fmt::Debug for TextRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextRule")
    }
}

impl PartialEq for TextRule {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
