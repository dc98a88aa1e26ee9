//! Finds secrets within one text: a value of JSON, of a header, or a body of plain text.

use std::ops::Range;

use super::json::{self, Step};
use super::placeholder::is_placeholder;
use super::{
    Detector, Found, IdShape, Ids, SecretKind, api_key_shapes, generated_ids, personal_data,
    secret_names_in_recordings,
};

/// Returns the findings in the value of a field. The value may be JSON.
pub(super) fn value(text: &str, name: Option<&str>, detector: Detector<'_>) -> Vec<Found> {
    if json::is_document(text) {
        return in_document(text, detector);
    }
    if let Some(found) = whole(text, name, detector) {
        return vec![found];
    }
    scan(text, detector)
}

/// A value that is a secret as a whole, because of the name of its field.
fn whole(text: &str, name: Option<&str>, detector: Detector<'_>) -> Option<Found> {
    let name = name?;
    let range = 0..text.len();
    if secret_names_in_recordings::is_credential_field(name) && is_credential(text) {
        let start = after_scheme(text);
        return Some(Found::new(
            start..text.len(),
            SecretKind::Credential,
            "a credential",
        ));
    }
    if secret_names_in_recordings::is_organization_field(name) && is_organization(text) {
        return Some(Found::new(range, SecretKind::Organization, "an account"));
    }
    let is_named = secret_names_in_recordings::is_id_field(name);
    if detector.ids != Ids::None && (is_named || name.eq_ignore_ascii_case("id")) {
        let shape = generated_ids::id_whole(text, is_named)?;
        return is_wanted(text, detector).then(|| Found::id(range, shape));
    }
    None
}

/// Whether a value may be a credential: one word, and not a placeholder.
fn is_credential(text: &str) -> bool {
    let word = &text[after_scheme(text)..];
    word.len() >= 6 && !word.contains(char::is_whitespace) && !is_placeholder(word)
}

fn is_organization(text: &str) -> bool {
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_word = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    text.len() >= 8 && has_digit && is_word && !is_placeholder(text)
}

/// Returns the start of the credential after a scheme such as `Bearer` or `Basic`.
fn after_scheme(text: &str) -> usize {
    const SCHEMES: [&str; 7] = [
        "Bearer",
        "Basic",
        "Token",
        "ApiKey",
        "Digest",
        "Negotiate",
        "AWS4-HMAC-SHA256",
    ];
    match text.split_once(' ') {
        Some((scheme, rest))
            if SCHEMES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(scheme)) =>
        {
            text.len() - rest.len()
        }
        _ => 0,
    }
}

/// Whether an id is one of those that are looked for.
fn is_wanted(id: &str, detector: Detector<'_>) -> bool {
    match detector.ids {
        Ids::None => false,
        Ids::Generated => !generated_ids::is_placeholder_id(id),
        Ids::All => true,
    }
}

fn in_document(text: &str, detector: Detector<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    json::scalars(text, |path, scalar| {
        if !scalar.is_text {
            return;
        }
        let decoded = json::decode(&text[scalar.range.clone()]);
        for mut found in value(&decoded.text, name_of(path), detector) {
            let place = decoded.place(&found.range);
            found.range = scalar.range.start + place.start..scalar.range.start + place.end;
            found.path = join(&json::shown(path), &found.path);
            all.push(found);
        }
    });
    all
}

/// The name of the field that a value is in; that of the list, for an item of a list.
pub(super) fn name_of<'t>(path: &[Step<'t>]) -> Option<&'t str> {
    path.iter().rev().find_map(|step| match step {
        Step::Field(name) => Some(*name),
        Step::Item(_) => None,
    })
}

/// A path within what another path leads to.
pub(super) fn join(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        (outer, "") => outer.to_owned(),
        ("", inner) => inner.to_owned(),
        (outer, inner) if inner.starts_with('[') => format!("{outer}{inner}"),
        (outer, inner) => format!("{outer}.{inner}"),
    }
}

/// Returns the findings in the value of a header.
pub(super) fn header(name: &str, value: &str, detector: Detector<'_>) -> Vec<Found> {
    let credential = |range| vec![Found::new(range, SecretKind::Credential, "a credential")];
    if secret_names_in_recordings::is_credential_header(name) {
        if is_placeholder(&value[after_scheme(value)..]) {
            return Vec::new();
        }
        if name.eq_ignore_ascii_case("set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            let start = pair.find('=').map_or(0, |at| at + 1);
            return match is_placeholder(&value[start..pair.len()]) {
                true => Vec::new(),
                false => credential(start..pair.len()),
            };
        }
        return credential(after_scheme(value)..value.len());
    }
    if secret_names_in_recordings::is_organization_header(name) {
        return match is_placeholder(value) {
            true => Vec::new(),
            false => vec![Found::new(
                0..value.len(),
                SecretKind::Organization,
                "an organization or a project",
            )],
        };
    }
    let is_id = detector.ids != Ids::None
        && secret_names_in_recordings::is_id_header(name)
        && is_word(value);
    if is_id && is_wanted(value, detector) {
        let shape = generated_ids::id_whole(value, true).unwrap_or(IdShape::Other);
        return vec![Found::id(0..value.len(), shape)];
    }
    self::value(value, None, detector)
}

fn is_word(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_:/;=".contains(c);
    text.len() >= 8 && text.chars().all(is_word)
}

/// Returns the findings in a text that is not JSON, from left to right.
pub(super) fn scan(text: &str, detector: Detector<'_>) -> Vec<Found> {
    let mut all = environment(text, detector);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let found = match text.is_char_boundary(at) {
            true => found_at(text, at, detector),
            false => None,
        };
        match found {
            Some(found) => {
                at = found.range.end.max(at + 1);
                all.push(found);
            }
            None => at += 1,
        }
    }
    without_overlaps(all)
}

/// Returns the finding that starts at this byte, if there is one.
fn found_at(text: &str, at: usize, detector: Detector<'_>) -> Option<Found> {
    use SecretKind::{Credential, Email, LocalPath, Organization};

    let new = |kind, what| move |range| Found::new(range, kind, what);
    match text.as_bytes()[at] {
        b'-' => api_key_shapes::private_key(text, at).map(new(Credential, "a private key")),
        b':' => {
            api_key_shapes::password_of_url(text, at).map(new(Credential, "a password in a URL"))
        }
        b'?' | b'&' => parameter(text, at).map(new(Credential, "a credential in a URL")),
        b'/' => path(text, at, detector).map(new(LocalPath, "a user's name in a path")),
        b'@' => personal_data::email(text, at)
            .or_else(|| (detector.ids == Ids::All).then(|| placeholder_email(text, at))?)
            .map(new(Email, "an e-mail address")),
        byte if byte.is_ascii_alphabetic() && begins(text, at) => {
            if let Some((range, what)) = api_key_shapes::key(text, at) {
                return Some(Found::new(range, Credential, what));
            }
            let found = match byte {
                b'b' | b'B' => {
                    api_key_shapes::bearer(text, at).map(new(Credential, "a credential"))
                }
                b'A' | b'S' => {
                    api_key_shapes::connection_string(text, at).map(new(Credential, "a credential"))
                }
                b'o' | b'p' | b'u' | b'a' => personal_data::organization(text, at)
                    .or_else(|| personal_data::project_of_path(text, at))
                    .map(new(Organization, "an organization or a project")),
                _ => None,
            };
            let is_drive = || text[at + 1..].starts_with(':');
            let found = found.or_else(|| {
                let range = is_drive().then(|| path(text, at, detector))?;
                range.map(new(LocalPath, "a user's name in a path"))
            });
            if found.is_some() {
                return found;
            }
            if detector.ids == Ids::None {
                return None;
            }
            let (range, shape) = generated_ids::id_within(text, at)?;
            is_wanted(&text[range.clone()], detector).then(|| Found::id(range, shape))
        }
        _ => None,
    }
}

/// The name in a local path; where requests are compared, the whole home folder.
fn path(text: &str, at: usize, detector: Detector<'_>) -> Option<Range<usize>> {
    match detector.ids {
        Ids::All => personal_data::home(text, at),
        _ => personal_data::user_of_path(text, at),
    }
}

/// Whether a word begins here. A line break may be written as an escape.
fn begins(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let is_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    !is_word
        || ["\\n", "\\r", "\\t"]
            .iter()
            .any(|escape| before.ends_with(escape))
}

/// The value of a parameter of a URL within a text, whose `?` or `&` is here.
fn parameter(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at + 1..];
    let ends = |c: char| c.is_whitespace() || "&#\"'\\<>)]}`".contains(c);
    let pair = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let (name, value) = pair.split_once('=')?;
    let is_secret = secret_names_in_recordings::is_credential_parameter(name)
        && value.len() >= 8
        && !is_placeholder(value);
    let end = at + 1 + pair.len();
    is_secret.then_some(end - value.len()..end)
}

/// How the placeholders of e-mail addresses begin.
const PLACEHOLDER_EMAIL: &str = "redacted-";

/// The placeholder of an e-mail address around this `@`.
fn placeholder_email(text: &str, at: usize) -> Option<Range<usize>> {
    let start = text[..at].rfind(PLACEHOLDER_EMAIL)?;
    let number = &text[start + PLACEHOLDER_EMAIL.len()..at];
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let end = at + "@example.com".len();
    (is_number && text[at..].starts_with("@example.com")).then_some(start..end)
}

/// The numbers of the placeholders of e-mail addresses in a text.
pub(crate) fn numbers_of_emails(text: &str) -> impl Iterator<Item = usize> {
    let rest = text.split(PLACEHOLDER_EMAIL).skip(1);
    rest.filter_map(|rest| rest.split_once("@example.com")?.0.parse().ok())
}

/// The values of environment variables.
fn environment(text: &str, detector: Detector<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for (_, value) in detector.environment {
        for (at, _) in text.match_indices(value.as_str()) {
            all.push(Found::new(
                at..at + value.len(),
                SecretKind::Environment,
                "the value of an environment variable",
            ));
        }
    }
    all
}

/// Joins what overlaps: the first counts.
fn without_overlaps(mut all: Vec<Found>) -> Vec<Found> {
    all.sort_by_key(|found| found.range.start);
    let mut kept: Vec<Found> = Vec::with_capacity(all.len());
    for found in all {
        match kept.last_mut() {
            Some(last) if found.range.start < last.range.end => {
                last.range.end = last.range.end.max(found.range.end);
            }
            _ => kept.push(found),
        }
    }
    kept
}
