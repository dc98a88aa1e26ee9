//! Reads and writes whole answers.

use serde_json::Value;

use super::PROVIDER_FIELDS;
use super::WIRE;
use super::answer_message::{ANNOTATIONS, write_answer};
use super::dialect::Dialect;
use super::extra_fields::{ExtraFields, PLACE};
use super::finish_and_usage::{read_finish, read_usage, write_counts, write_usage};
use super::message::read_message;
use crate::chat::finish_and_usage::FinishReason;
use crate::chat::message::Role;
use crate::chat::response::Response;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields};

/// Writes the body of an answer. `created` is its time, in seconds since 1970.
///
/// The answer's metadata become extra fields, at any depth. Texts are joined, because the wire has only one.
///
/// # Errors
/// If the answer has a part that this wire has no field for, such as an image, a tool result, a signature or fields of a text; or if the
/// metadata contradict a field of the answer.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::openai::write_response};
/// use serde_json::json;
///
/// let mut response = Response::new("chatcmpl-1", "gpt-4o");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Stop);
/// response.usage = Some(Usage::new(11, 1));
///
/// let body = write_response(&response, 1_700_000_000)?;
/// assert_eq!(body["choices"][0]["message"], json!({"role": "assistant", "content": "Hi", "refusal": null}));
/// assert_eq!(body["usage"]["total_tokens"], 12);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, created: u64) -> Result<Value, WriteError> {
    let own = write_own(response, created, false)?;
    with_extra_fields(own, response)
}

/// The same as bytes, with so many answers in `choices`, in a dialect. All are the same, but for those in the answer's metadata.
pub(crate) fn write_response_bytes(
    response: &Response,
    created: u64,
    answers: usize,
    dialect: &Dialect,
) -> Result<Vec<u8>, WriteError> {
    let is_all =
        response.metadata.is_empty() && response.message.extra.is_empty() && dialect.is_openai();
    let is_plain = response.message.role == Role::Assistant && response.message.name.is_none();
    if is_all && is_plain && answers == 1 {
        return Ok(write_own(response, created, true)?.into_bytes());
    }
    let own = write_own(response, created, false)?;
    let mut body = with_extra_fields(own, response)?;
    if let Some(choices) = body["choices"].as_array_mut() {
        for index in choices.len()..answers {
            let mut choice = choices[0].clone();
            choice["index"] = index.into();
            choices.push(choice);
        }
    }
    dialect.adapt_answer(&mut body);
    Ok(body.to_string().into_bytes())
}

impl Dialect {
    /// Writes the body of an answer as [`write_response`] does, in this dialect.
    ///
    /// # Errors
    /// As [`write_response`].
    ///
    /// ```
    /// use mock_core::{FinishReason, Response, scenario::Profile, wire::openai::Dialect};
    ///
    /// let mut response = Response::new("gen-1", "openai/gpt-4.1-mini");
    /// response.finish_reason = Some(FinishReason::Stop);
    ///
    /// let body = Dialect::from_profile(Profile::Openrouter).write_response(&response, 0)?;
    /// assert_eq!(body["choices"][0]["native_finish_reason"], "stop");
    /// # Ok::<(), mock_core::wire::WriteError>(())
    /// ```
    pub fn write_response(&self, response: &Response, created: u64) -> Result<Value, WriteError> {
        let mut body = write_response(response, created)?;
        self.adapt_answer(&mut body);
        Ok(body)
    }
}

/// The body of an answer, without extra fields. `completed` says whether it has the fields that OpenAI adds to each answer.
fn write_own(response: &Response, created: u64, completed: bool) -> Result<Json, WriteError> {
    let json = Json::new()
        .raw("{\"id\":")
        .text(&response.id)
        .raw(",\"object\":\"chat.completion\",\"created\":")
        .number(created)
        .raw(",\"model\":")
        .text(&response.model)
        .raw(",\"choices\":[{\"index\":0,\"message\":");
    let reason = response.finish_reason.as_ref().map(FinishReason::as_str);
    let annotations = if completed { ANNOTATIONS } else { "" };
    let json = write_answer(json, &response.message, annotations)?
        .raw(",\"logprobs\":null,\"finish_reason\":")
        .text_or_null(reason)
        .raw("}]")
        .when(response.usage, |json, usage| {
            write_counts(json.raw(",\"usage\":"), usage, completed)
        });
    let json = match completed {
        true => json.raw(",").raw(PROVIDER_FIELDS),
        false => json,
    };
    Ok(json.raw("}"))
}

/// Adds the fields of the answer's metadata, and the extra fields of its message.
///
/// # Errors
/// If a extra field has another value than the answer, or if a call has fields that are nested too deep to be read again.
fn with_extra_fields(own: Json, response: &Response) -> Result<Value, WriteError> {
    let own = own.deep_tree();
    let own = own.ok_or_else(|| WIRE.no_place("JSON that is nested so deep", "an answer"))?;
    let mut own = fields(own);
    own.remove("usage");
    let mut choice = fields(own["choices"][0].take());
    own.remove("choices");
    let mut extra_fields = ExtraFields::from_response(response)?;
    let message = fields(choice.remove("message").unwrap_or_default());

    WIRE.join_at(
        &mut extra_fields.message,
        message,
        "choices[0].message.",
        PLACE,
    )?;
    WIRE.join_at(&mut extra_fields.choice, choice, "choices[0].", PLACE)?;
    extra_fields
        .choice
        .insert("message".into(), extra_fields.message.into());
    let mut body = extra_fields.body;
    WIRE.join(&mut body, own, PLACE)?;
    let mut choices = vec![Value::Object(extra_fields.choice)];
    choices.append(&mut extra_fields.choices);
    body.insert("choices".into(), Value::Array(choices));
    let usage = write_usage(response.usage, extra_fields.usage)?;
    if let Some(usage) = usage {
        body.insert("usage".to_owned(), usage);
    }
    Ok(body.into())
}

/// Reads the body of an answer.
///
/// The first choice is the answer. Fields that [`Response`] does not have are in [`Response::metadata`], at the same place: `service_tier`,
/// further tokens in `usage`, the log probabilities and further answers in `choices`. Fields that are `null` are left out, and so is
/// `created`, which the writer sets.
///
/// # Errors
/// If there is no choice, or a field has the wrong type.
///
/// ```
/// use mock_core::{FinishReason, wire::openai::read_response};
/// use serde_json::json;
///
/// let response = read_response(json!({
///     "id": "chatcmpl-1",
///     "object": "chat.completion",
///     "created": 1_700_000_000,
///     "model": "gpt-4o",
///     "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
///     "service_tier": "default",
/// }))?;
/// assert_eq!((&*response.text(), &response.finish_reason), ("Hi", &Some(FinishReason::Stop)));
/// assert_eq!(response.metadata["service_tier"], "default");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<Response, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let id = fields.text("id")?.unwrap_or_default();
    let model = fields.text("model")?.unwrap_or_default();
    let mut response = Response::new(id, model);
    for &constant in &["object", "created"] {
        fields.take(constant);
    }
    let path = Path::Body.key("choices");
    let first = path.index(0);
    let mut choices = fields.list("choices")?.into_iter();
    let choice = choices.next().ok_or_else(|| first.missing("an answer"))?;
    let mut choice = Fields::new(choice, &first)?;
    // Read the first choice, whatever its `index` is.
    choice.take("index");
    let message_path = first.key("message");
    let message = choice.take("message");
    let message = message.ok_or_else(|| message_path.missing("a message"))?;
    response.message = read_message(message, &message_path, Some(Role::Assistant))?;
    response.finish_reason = choice.text("finish_reason")?.map(read_finish);
    let usage = fields.take("usage");

    response.metadata = fields.rest_but_nulls();
    let choice = choice.rest_but_nulls();
    if choices.len() > 0 || !choice.is_empty() {
        let choices = choices.map(Value::from);
        let kept: Vec<_> = [Value::from(choice)].into_iter().chain(choices).collect();
        response.metadata.insert("choices".into(), kept.into());
    }
    if let Some(usage) = usage {
        response.usage = Some(read_usage(usage, &mut response.metadata)?);
    }
    Ok(response)
}
