//! The error codes with which OpenAI rejects requests.

/// The code of a rejection: a part of OpenAI's message, the code, and the source of both.
type Code = (&'static str, &'static str, &'static str);

const CODES: [Code; 14] = [
    (
        "Missing required parameter",
        MISSING,
        "stanfordnlp/dspy#9943",
    ),
    (
        "Unknown parameter",
        "unknown_parameter",
        "openai/codex#10834",
    ),
    (
        "Unsupported parameter",
        "unsupported_parameter",
        "tailcallhq/forgecode#1081",
    ),
    (
        "Unsupported value",
        "unsupported_value",
        "microsoft/vscode#253673",
    ),
    (
        "Invalid type for",
        "invalid_type",
        "argilla-io/distilabel#1048",
    ),
    (
        "Invalid schema for function",
        "invalid_function_parameters",
        "openai/codex#531",
    ),
    (
        "string does not match pattern",
        "invalid_value",
        "xinnan-tech/xiaozhi-esp32-server#1466",
    ),
    ("Supported values are", "invalid_value", RECORDED),
    (
        "integer below minimum value",
        "integer_below_min_value",
        "vectorize-io/hindsight#58",
    ),
    ("is too large", "invalid_value", "tailcallhq/forgecode#1185"),
    (
        "array too long",
        "array_above_max_length",
        "openai/openai-dotnet#317",
    ),
    ("empty array", "empty_array", "home-assistant/core#118577"),
    (
        "string too long",
        "string_above_max_length",
        "AnswerDotAI/fastllm#45",
    ),
    (
        "Unsupported content type",
        "unsupported_content_type",
        "openai/openai-openapi#502",
    ),
];

/// A source that is no issue.
const RECORDED: &str = "recorded exchanges";

/// The code of a request that lacks a field.
pub(in crate::wire) const MISSING: &str = "missing_required_parameter";

/// Returns the error codes of OpenAI's rejections: a part of the provider's message, the code, and the source of both, such as a public
/// issue, `owner/repository#number`. A rejection with another message has no code.
///
/// ```
/// use mock_core::wire::openai::rejection_codes;
///
/// let code = rejection_codes().find(|(words, ..)| *words == "Missing required parameter");
/// assert_eq!(code.map(|(_, code, _)| code), Some("missing_required_parameter"));
/// ```
pub fn rejection_codes() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CODES.into_iter()
}

/// The code of a rejection with these words.
pub(in crate::wire) fn rejection_code(words: &str) -> Option<&'static str> {
    let entry = CODES.iter().find(|(entry, ..)| words.contains(entry));
    entry.map(|(_, code, _)| *code)
}
