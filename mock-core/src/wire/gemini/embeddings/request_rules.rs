//! The rules by which Gemini rejects requests for embeddings. `docs/rejected-requests.md` lists them.

use serde_json::Value;

use super::Form;
use super::request::{read, read_many, read_one};
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::error::ProviderError;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::gemini::field_names::in_camel_case;
use crate::wire::gemini::request_rules::{is_gemini, with_model};
use crate::wire::read::read_borrowed;
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, broken, foreign_body, found_if,
};

/// The reference of the API.
const API: &str = "https://ai.google.dev/api/embeddings";

/// A test value, repeated.
macro_rules! ten_times {
    ($text:expr) => {
        concat!(
            $text, $text, $text, $text, $text, $text, $text, $text, $text, $text
        )
    };
}

/// How many requests a batch may have.
const MOST_REQUESTS: usize = 100;

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[Rule {
    id: "foreign_body",
    scope: RuleScope::Everywhere,
    sources: &[API],
    words: "* EmbedContentRequest.{at}: contents is not specified",
    help: "this is a request in the format of {}, sent to the path of Gemini's embeddings",
    rejected: r#"{"content": null, "input": "hi"}"#,
    accepted: r#"{"a_field_of_the_future": 1}"#,
    check: |body| match body.has("requests") {
        true => None,
        false => foreign_body(body, "content"),
    },
}];

/// All requests of a body.
fn requests<'t>(body: &'t BorrowedValue<'t>) -> &'t [BorrowedValue<'t>] {
    match body.has("requests") {
        true => body.list("requests"),
        false => std::slice::from_ref(body),
    }
}

const OF_BODY: &[Rule] = &[
    Rule {
        id: "content_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "* EmbedContentRequest.{at}: contents is not specified",
        help: "send a content with a text",
        rejected: r#"{"content": {"parts": []}}"#,
        accepted: r#"{"content": {"parts": [{"text": ""}]}}"#,
        check: |body| {
            let is_missing = |request: &BorrowedValue<'_>| match request.field("content") {
                Some(BorrowedValue::Object(_)) => request
                    .get("content")
                    .is_some_and(|content| content.list("parts").is_empty()),
                Some(_) => false,
                None => true,
            };
            broken(requests(body).any(&is_missing), "content")
        },
    },
    Rule {
        id: "requests_empty",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "* BatchEmbedContentsRequest.requests: at least one request is required",
        help: "",
        rejected: r#"{"requests": []}"#,
        accepted: r#"{"requests": [{"content": {"parts": [{"text": "a cat"}]}}]}"#,
        check: |body| broken(body.is_empty_list("requests"), "requests"),
    },
    Rule {
        id: "requests_most",
        scope: RuleScope::Provider,
        sources: &["langchain-ai/langchainjs#4491", "weaviate/weaviate#11277"],
        words: "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch",
        help: "this batch has {}",
        rejected: concat!(
            r#"{"requests": ["#,
            ten_times!(ten_times!(r#"{"content": {"parts": [{"text": "a"}]}}, "#)),
            r#"{"content": {"parts": [{"text": "a"}]}}]}"#
        ),
        accepted: r#"{"requests": [{"content": {"parts": [{"text": "a"}]}}, {"content": {"parts": [{"text": "a"}]}}]}"#,
        check: |body| {
            let requests = Some(body.list("requests").len());
            found_if(requests, |requests| *requests > MOST_REQUESTS, "requests")
        },
    },
    Rule {
        id: "dimensions_minimum",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "* EmbedContentRequest.output_dimensionality: outputDimensionality must be positive, but is {}.",
        help: "",
        rejected: r#"{"outputDimensionality": 0}"#,
        accepted: r#"{"outputDimensionality": 1}"#,
        check: |body| {
            let dimensions = requests(body).iter();
            let mut dimensions =
                dimensions.filter_map(|request| request.number("outputDimensionality"));
            found_if(
                dimensions.find(|number| *number < 1.0),
                |_| true,
                "output_dimensionality",
            )
        },
    },
];

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[OF_BODY],
    ..Rules::new(Profile::Gemini, is_gemini)
};

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::gemini::embeddings::rules;
///
/// assert!(rules().any(|rule| rule.id == "requests_most"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`]. `profile` is that of the mock, as in
/// [`gemini::check`](crate::wire::gemini::check).
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong, in the provider's words, where, and what to do. A body that
/// cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::gemini::embeddings::check};
/// use serde_json::json;
///
/// assert!(check(&json!({"content": {"parts": [{"text": "a cat"}]}}), Profile::Gemini).is_ok());
/// assert!(check(&json!({"requests": []}), Profile::Gemini).is_err());
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    let body = in_camel_case(body.clone().into());
    let read = RULES.read(body, Some(profile), read);
    read.map(drop).map_err(|rejected| *rejected.error)
}

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one. The path names the `model` and
/// the `form`.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
    model: Option<&str>,
    form: Form,
) -> Result<EmbeddingRequest, RejectedRequest> {
    let body = read_borrowed(body)
        .map_err(|error| RejectedRequest::unreadable(&error, Profile::Gemini))?;
    let read = match form {
        Form::Single => read_one,
        Form::Batch => read_many,
    };
    RULES.read(with_model(in_camel_case(body), model), profile, read)
}
