use crate::conversation::mistake;
use crate::error::ProviderError;
use crate::kind::ErrorKind;
use crate::request::Request;
use crate::scenario::Profile;
use crate::wire::names::is_tool_name;

/// The longest name that a tool may have.
const LONGEST_TOOL_NAME: usize = 64;

/// Refuses a request as the provider would: without model or messages, with a tool call that has no result right after, or a result that
/// has no call right before, with a tool's name that is not of letters, digits, `_` and `-`, with a limit of no tokens or a temperature
/// out of 0 to 2, with a `tool_choice` and no tools, with `n` answers that are not one, which a mock does not give, and with `json_object` for a format where no message says "json".
///
/// # Errors
/// A [`BadRequest`](ErrorKind::BadRequest) that says what to change, and where.
///
/// ```
/// use mock_core::{Message, Request, wire::openai::check};
///
/// let request = Request::new("gpt-4o").user("What time is it?");
/// assert!(check(&request).is_ok());
///
/// let error = check(&request.message(Message::tool("call_1", "noon"))).unwrap_err();
/// assert_eq!(error.param.as_deref(), Some("messages[1].tool_call_id"));
/// ```
pub fn check(request: &Request) -> Result<(), ProviderError> {
    check_fields(request)?;
    match mistake(&request.messages) {
        Some(mistake) => Err(mistake.error(Profile::Openai)),
        None => Ok(()),
    }
}

/// The same without the conversation: the server asks the mock for that, whose scenario may allow it.
pub(crate) fn check_fields(request: &Request) -> Result<(), ProviderError> {
    check_parameters(request)?;
    check_tools(request)
}

fn check_parameters(request: &Request) -> Result<(), ProviderError> {
    if request.model.is_empty() {
        return refuse("model", "name a model in `model`".into());
    }
    if request.messages.is_empty() {
        return refuse("messages", "`messages` is empty: send at least one".into());
    }
    if request.max_tokens == Some(0) {
        return refuse(
            "max_completion_tokens",
            "the limit of tokens must be at least 1".into(),
        );
    }
    match request.temperature {
        Some(temperature) if !(0.0..=2.0).contains(&temperature) => refuse(
            "temperature",
            format!("`temperature` is {temperature}: it goes from 0 to 2"),
        ),
        _ if asks_for_more(request) => refuse(
            "n",
            "the mock gives one answer: leave out `n`, or send 1".into(),
        ),
        _ if asks_for_json(request) && !says_json(request) => refuse(
            "messages",
            "a `response_format` of `json_object` needs the word \"json\" in a message".into(),
        ),
        _ => Ok(()),
    }
}

fn check_tools(request: &Request) -> Result<(), ProviderError> {
    for (index, tool) in request.tools.iter().enumerate() {
        if !is_tool_name(&tool.name, LONGEST_TOOL_NAME) {
            return refuse(
                &format!("tools[{index}].function.name"),
                format!(
                    "a tool's name is made of 1 to {LONGEST_TOOL_NAME} letters, digits, `_` and `-`; `{}` is not",
                    tool.name
                ),
            );
        }
    }
    let choice = request.extra.get("tool_choice");
    match choice.is_some_and(|choice| !choice.is_null()) && request.tools.is_empty() {
        true => refuse("tool_choice", "`tool_choice` needs `tools`".into()),
        false => Ok(()),
    }
}

/// Whether it asks for another number of answers than one.
fn asks_for_more(request: &Request) -> bool {
    let answers = request.extra.get("n");
    answers.is_some_and(|answers| !answers.is_null() && *answers != 1)
}

fn asks_for_json(request: &Request) -> bool {
    let format = request.extra.get("response_format");
    format.is_some_and(|format| format["type"] == "json_object")
}

fn says_json(request: &Request) -> bool {
    let mut messages = request.messages.iter();
    messages.any(|message| message.text().to_lowercase().contains("json"))
}

fn refuse(param: &str, message: String) -> Result<(), ProviderError> {
    let mut error = ProviderError::at(Profile::Openai, ErrorKind::BadRequest);
    error.message = message;
    error.param = Some(param.into());
    Err(error)
}
