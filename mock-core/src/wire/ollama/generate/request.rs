//! Reads and writes requests of `/api/generate`.

use serde_json::Value;

use super::super::image::{read_images, write_image};
use super::super::options::{read_options, write_options};
use crate::chat::message::{Message, Part, Role};
use crate::chat::request::Request;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::ollama::WIRE;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, describe};

/// Reads the body of a request of `/api/generate`: `system` as a message of the system, `prompt` and `images` as one of the user.
///
/// Fields that the neutral type does not have stay in [`Request::extra`]: `suffix`, `template`, `context`, `raw`, `format`, … A request
/// without `stream` asks for a stream, and has `None`.
///
/// # Errors
/// If a field has the wrong type.
///
/// ```
/// use mock_core::wire::ollama::generate::read_request;
/// use serde_json::json;
///
/// let request = read_request(json!({"model": "llama3.2", "prompt": "Hello", "suffix": "!"}))?;
/// assert_eq!(request.user_text().as_deref(), Some("Hello"));
/// assert_eq!(request.extra["suffix"], "!");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = Request::new(fields.text("model")?.unwrap_or_default());
    let system = fields.text_with_words("system")?;
    request.messages.extend(system.map(Message::system));
    let prompt = fields.text("prompt")?.filter(|prompt| !prompt.is_empty());
    let mut parts: Vec<_> = prompt.map(Part::Text).into_iter().collect();
    let images = fields.list_with_items("images")?;
    read_images(images, &Path::Body.key("images"), &mut parts)?;
    request.messages.push(Message::new(Role::User, parts));
    request.stream = fields.flag("stream")?;
    read_options(&mut fields, &mut request)?;
    request.extra = fields.rest();
    Ok(request)
}

/// Writes the body of a request of `/api/generate`, as a client would send it.
///
/// # Errors
/// If the request holds more than instructions of the system and then one message of the user, or what these have no place for here; and if it
/// offers tools.
///
/// ```
/// use mock_core::{Request, wire::ollama::generate::{read_request, write_request}};
///
/// let request = Request::new("llama3.2").system("Be brief.").user("Hello");
/// let body = write_request(&request)?;
/// assert_eq!((&body["system"], &body["prompt"]), (&"Be brief.".into(), &"Hello".into()));
/// assert_eq!(read_request(body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_request(request: &Request) -> Result<Value, WriteError> {
    const PLACE: &str = "a request of /api/generate";
    let (system, user) = match &request.messages[..] {
        [user] if user.role == Role::User => (None, user),
        [system, user] if system.role == Role::System && user.role == Role::User => {
            (Some(system), user)
        }
        _ => {
            let what = "messages other than one of the system and one of the user";
            return Err(WIRE.no_place(what, PLACE));
        }
    };
    if !request.tools.is_empty() {
        return Err(WIRE.no_place("a tool", PLACE));
    }
    let messages = system.into_iter().chain([user]);
    for message in messages {
        if message.name.is_some() || !message.extra.is_empty() {
            return Err(WIRE.no_place("a name, or extra fields of a message,", PLACE));
        }
    }
    let mut body = request.extra.clone();
    body.insert("model".into(), request.model.as_str().into());
    if let Some(system) = system {
        body.insert("system".into(), write_texts(&system.parts)?.into());
    }
    let is_image = |part: &&Part| matches!(part, Part::Image(_));
    let (images, texts): (Vec<_>, Vec<_>) = user.parts.iter().partition(is_image);
    body.insert("prompt".into(), write_texts(texts)?.into());
    let images = images.into_iter().filter_map(|part| match part {
        Part::Image(image) => Some(write_image(image, PLACE)),
        _ => None,
    });
    let images = images.collect::<Result<Vec<_>, _>>()?;
    if !images.is_empty() {
        body.insert("images".into(), images.into());
    }
    if let Some(stream) = request.stream {
        body.insert("stream".into(), stream.into());
    }
    write_options(request, &mut body)?;
    Ok(body.into())
}

/// The texts of a message, joined.
fn write_texts<'p>(parts: impl IntoIterator<Item = &'p Part>) -> Result<String, WriteError> {
    let texts = parts.into_iter().map(|part| match part {
        Part::Text(text) => Ok(text.as_str()),
        part => Err(WIRE.no_place(&describe(part), "a prompt")),
    });
    texts.collect()
}
