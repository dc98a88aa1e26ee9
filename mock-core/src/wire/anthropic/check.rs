use serde_json::Value;

use crate::conversation::mistake;
use crate::error::ProviderError;
use crate::kind::ErrorKind;
use crate::message::{Part, Role};
use crate::request::Request;
use crate::scenario::Profile;
use crate::wire::names::is_tool_name;

/// The longest name that a tool may have.
const LONGEST_TOOL_NAME: usize = 128;

/// Refuses a request as the provider would: without model, `max_tokens` or messages, with a tool call that has no result right after, or a
/// result that has no call right before, with an empty text block, with a tool's name that is not of letters, digits, `_` and `-`,
/// with a tool that takes no object, with a temperature out of 0 to 1, and with a `tool_choice` and no tools.
///
/// # Errors
/// A [`BadRequest`](ErrorKind::BadRequest) that says what to change, and where.
///
/// ```
/// use mock_core::{Request, wire::anthropic::check};
///
/// let request = Request::new("claude").user("What time is it?");
/// let error = check(&request).unwrap_err();
/// assert_eq!((error.status, error.param.as_deref()), (Some(400), Some("max_tokens")));
///
/// assert!(check(&request.max_tokens(100)).is_ok());
/// ```
pub fn check(request: &Request) -> Result<(), ProviderError> {
    check_fields(request)?;
    match mistake(&request.messages) {
        Some(mistake) => Err(mistake.error(Profile::Anthropic)),
        None => Ok(()),
    }
}

/// The same without the conversation: the server asks the mock for that, whose scenario may allow it.
pub(crate) fn check_fields(request: &Request) -> Result<(), ProviderError> {
    check_parameters(request)?;
    check_tools(request)?;
    check_texts(request)
}

fn check_parameters(request: &Request) -> Result<(), ProviderError> {
    if request.model.is_empty() {
        return refuse("model", "field required".into());
    }
    match request.max_tokens {
        None => return refuse("max_tokens", "field required".into()),
        Some(0) => return refuse("max_tokens", "it must be at least 1".into()),
        Some(_) => {}
    }
    let instructs = |role| matches!(role, Role::System | Role::Developer);
    if request
        .messages
        .iter()
        .all(|message| instructs(message.role))
    {
        return refuse("messages", "at least one message is required".into());
    }
    match request.temperature {
        Some(temperature) if !(0.0..=1.0).contains(&temperature) => refuse(
            "temperature",
            format!("it goes from 0 to 1, and is {temperature}"),
        ),
        _ => Ok(()),
    }
}

fn check_tools(request: &Request) -> Result<(), ProviderError> {
    for (index, tool) in request.tools.iter().enumerate() {
        if !is_tool_name(&tool.name, LONGEST_TOOL_NAME) {
            return refuse(
                &format!("tools.{index}.name"),
                format!(
                    "a tool's name is made of 1 to {LONGEST_TOOL_NAME} letters, digits, `_` and `-`; `{}` is not",
                    tool.name
                ),
            );
        }
        if !takes_an_object(&tool.parameters) {
            return refuse(
                &format!("tools.{index}.input_schema"),
                "a tool takes an object: its schema must be one of `\"type\": \"object\"`".into(),
            );
        }
    }
    let choice = request.extra.get("tool_choice");
    match choice.is_some_and(|choice| !choice.is_null()) && request.tools.is_empty() {
        true => refuse("tool_choice", "it needs `tools`".into()),
        false => Ok(()),
    }
}

/// The provider's own tools have no schema.
fn takes_an_object(schema: &Value) -> bool {
    match schema {
        Value::Null => true,
        Value::Object(schema) => schema.get("type").is_none_or(|kind| kind == "object"),
        _ => false,
    }
}

fn check_texts(request: &Request) -> Result<(), ProviderError> {
    let mut parts = request.messages.iter().flat_map(|message| &message.parts);
    match parts.any(|part| matches!(part, Part::Text(text) if text.is_empty())) {
        true => refuse("messages", "text content blocks must be non-empty".into()),
        false => Ok(()),
    }
}

/// The wire has no field for where it is: the message says it.
fn refuse(param: &str, message: String) -> Result<(), ProviderError> {
    let mut error = ProviderError::at(Profile::Anthropic, ErrorKind::BadRequest);
    error.message = format!("{param}: {message}");
    error.param = Some(param.into());
    Err(error)
}
