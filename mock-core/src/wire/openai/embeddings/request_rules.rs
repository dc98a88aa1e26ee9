//! The rules by which OpenAI rejects requests for embeddings. `docs/rejected-requests.md` lists them.

use serde_json::Value;

use super::request::read;
use crate::chat::embedding::{EMPTY_INPUT, EmbeddingRequest};
use crate::chat::error::ProviderError;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::is_openai;
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, broken, foreign_body, foreign_field, found, found_if,
};

/// The reference of the API.
const API: &str = "https://platform.openai.com/docs/api-reference/embeddings/create";

/// The provider's message for an input that it rejects.
const INVALID: &str = "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.";

/// How many inputs a request may have.
const MOST_INPUTS: usize = 2_048;

/// A text, and what comes after it, many times.
macro_rules! eight_times {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text)
    };
}
macro_rules! two_thousand_times {
    ($text:literal) => {
        eight_times!(eight_times!(eight_times!(concat!(
            $text, $text, $text, $text
        ))))
    };
}

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "this is a request in the format of {}, sent to the path of OpenAI Embeddings",
        rejected: r#"{"input": null, "messages": [{"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"a_field_of_the_future": 1}"#,
        check: |body| foreign_body(body, "input"),
    },
    Rule {
        id: "foreign_parameter",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Unrecognized request argument supplied: {at}",
        help: "this is a request in the format of {}, sent to the path of OpenAI Embeddings",
        rejected: r#"{"previous_response_id": "resp_1"}"#,
        accepted: r#"{"encoding_format": "float"}"#,
        check: |body| foreign_field(body, "OpenAI Embeddings"),
    },
];

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[OF_BODY],
    ..Rules::new(Profile::Openai, is_openai)
};

const OF_BODY: &[Rule] = &[
    Rule {
        id: "model_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "you must provide a model parameter",
        help: "name a model in `model`",
        rejected: r#"{"model": null}"#,
        accepted: r#"{"model": "text-embedding-3-large"}"#,
        check: |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
    },
    Rule {
        id: "input_empty",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: INVALID,
        help: EMPTY_INPUT,
        rejected: r#"{"input": []}"#,
        accepted: r#"{"input": ["a cat"]}"#,
        check: |body| broken(body.is_empty_list("input"), "input"),
    },
    Rule {
        id: "input_empty_text",
        scope: RuleScope::Provider,
        sources: &["openai/openai-python#576", "aryn-ai/sycamore#943"],
        words: INVALID,
        help: "a text in the list is empty, or a list of tokens: leave it out",
        rejected: r#"{"input": ["a cat", ""]}"#,
        accepted: r#"{"input": ""}"#,
        check: |body| {
            let is_empty = |input: &BorrowedValue<'_>| match input {
                BorrowedValue::Text(text) => text.is_empty(),
                BorrowedValue::List(tokens) => tokens.is_empty(),
                _ => false,
            };
            broken(body.list("input").any(&is_empty), "input")
        },
    },
    Rule {
        id: "inputs_most",
        scope: RuleScope::Provider,
        sources: &[API, "MicrosoftDocs/azure-docs#121545"],
        words: INVALID,
        help: "`input` has {} items: send at most 2048",
        rejected: concat!(r#"{"input": ["#, two_thousand_times!("\"a\", "), r#""a"]}"#),
        accepted: r#"{"input": ["a", "a"]}"#,
        check: |body| {
            let inputs = body.list("input");
            let are_inputs = !matches!(inputs.first(), Some(BorrowedValue::Number(_)));
            let inputs = are_inputs.then_some(inputs.len());
            found_if(inputs, |inputs| *inputs > MOST_INPUTS, "input")
        },
    },
    Rule {
        id: "dimensions_minimum",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Invalid 'dimensions': integer below minimum value. Expected a value >= 1, but got {} instead.",
        help: "",
        rejected: r#"{"dimensions": 0}"#,
        accepted: r#"{"dimensions": 1}"#,
        check: |body| {
            found_if(
                body.number("dimensions"),
                |number| *number < 1.0,
                "dimensions",
            )
        },
    },
    Rule {
        id: "dimensions_not_supported",
        scope: RuleScope::Models {
            names: "text-embedding-ada-002",
            includes: |model| model == ADA,
        },
        sources: &["SciPhi-AI/R2R#768", "0xPlaygrounds/rig#965"],
        words: "This model does not support specifying dimensions.",
        help: "remove `dimensions`, or ask for `text-embedding-3-small`",
        rejected: r#"{"model": "text-embedding-ada-002", "dimensions": 1536}"#,
        accepted: r#"{"model": "text-embedding-ada-002"}"#,
        check: |body| broken(body.has("dimensions"), "dimensions"),
    },
    Rule {
        id: "dimensions_maximum",
        scope: RuleScope::Models {
            names: "text-embedding-3-small, text-embedding-3-large",
            includes: |model| most_dimensions(model).is_some(),
        },
        sources: &[API],
        words: "Invalid value for 'dimensions': {}.",
        help: "`text-embedding-3-small` has at most 1536 dimensions, `text-embedding-3-large` 3072",
        rejected: r#"{"dimensions": 1537}"#,
        accepted: r#"{"dimensions": 1536}"#,
        check: |body| {
            let most = most_dimensions(body.str("model").unwrap_or_default())?;
            found(
                body.number("dimensions").filter(|number| *number > most),
                "dimensions",
            )
        },
    },
];

const ADA: &str = "text-embedding-ada-002";

fn most_dimensions(model: &str) -> Option<f64> {
    match model {
        "text-embedding-3-small" => Some(1_536.0),
        "text-embedding-3-large" => Some(3_072.0),
        _ => None,
    }
}

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::openai::embeddings::rules;
///
/// assert!(rules().any(|rule| rule.id == "input_empty"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`]. `profile` is that of the mock, as in
/// [`openai::check`](crate::wire::openai::check).
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong, in the provider's words, where, and what to do. A body that
/// cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::openai::embeddings::check};
/// use serde_json::json;
///
/// let mut body = json!({"model": "text-embedding-3-small", "input": "a cat"});
/// assert!(check(&body, Profile::Openai).is_ok());
///
/// body["dimensions"] = json!(0);
/// assert_eq!(check(&body, Profile::Openai).unwrap_err().param.as_deref(), Some("dimensions"));
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    let read = RULES.read(body.clone().into(), Some(profile), read);
    read.map(drop).map_err(|rejected| *rejected.error)
}

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
) -> Result<EmbeddingRequest, RejectedRequest> {
    RULES.read_bytes(body, profile, read)
}
