//! Reads and writes whole answers.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::finish_and_usage::{
    USAGE, complete_usage, read_finish, read_refusal, read_usage, write_finish, write_usage,
};
use super::part::{read_content_parts, write_parts};
use crate::chat::finish_and_usage::FinishReason;
use crate::chat::message::{Message, Part};
use crate::chat::response::Response;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::split_refusal;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, fields};

pub(super) const PLACE: &str = "an answer";

/// Writes the body of an answer.
///
/// The answer's metadata come with it as extra fields, at each depth: what is in `candidates` comes with the candidate. An answer that says
/// nothing, and whose metadata have a `promptFeedback` with a `blockReason`, has no candidate, as that to a blocked prompt. No time of creation
/// is on this wire.
///
/// # Errors
/// If the answer has a part that this wire has none for, as a tool result; if arguments of a tool call are not a JSON object; or if the metadata
/// give a field another value than the answer itself.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::gemini::write_response};
///
/// let mut response = Response::new("r1", "gemini-2.5-flash");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Length);
/// response.usage = Some(Usage::new(11, 9).reasoning(8));
///
/// let body = write_response(&response, 0)?;
/// assert_eq!(body["candidates"][0]["finishReason"], "MAX_TOKENS");
/// assert_eq!(body["usageMetadata"]["candidatesTokenCount"], 1, "without the thoughts");
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, _created: u64) -> Result<Value, WriteError> {
    let written = WrittenMessage::from_message(&response.message)?;
    let mut extra_fields = ExtraFields::new(response)?;
    let reason = response.finish_reason.as_ref();
    let reason = write_finish(reason, written.refusal.as_deref(), PLACE)?;
    let mut body = extra_fields.head(response)?;
    if !extra_fields.is_blocked(reason, written.parts.is_empty()) {
        let mut candidate = fields(json!({ "index": 0 }));
        let blocks = reason == Some("SAFETY");
        let content = match written.parts.is_empty() {
            true if blocks => None,
            true => Some(json!({ "role": "model" })),
            false => Some(json!({ "parts": written.parts, "role": "model" })),
        };
        candidate.extend(content.map(|content| ("content".to_owned(), content)));
        candidate.extend(reason.map(|reason| ("finishReason".to_owned(), reason.into())));
        let refusal = written.refusal.map(Value::from);
        candidate.extend(refusal.map(|refusal| ("finishMessage".to_owned(), refusal)));
        let candidates = extra_fields.candidates(candidate)?;
        body.insert("candidates".into(), candidates.into());
    }
    if let Some(usage) = response.usage {
        extra_fields.add_usage(write_usage(usage, body.get(USAGE))?, &mut body)?;
    }
    Ok(body.into())
}

/// Writes the answer as bytes, with the fields of the usage that the provider sends.
pub(crate) fn write_response_bytes(response: &Response) -> Result<Vec<u8>, WriteError> {
    let mut body = fields(write_response(response, 0)?);
    complete_usage(&mut body, None);
    // Serializing a value cannot fail.
    Ok(serde_json::to_vec(&body).unwrap_or_default())
}

/// The parts of an answer, and the refusal, which is written elsewhere.
struct WrittenMessage {
    parts: Vec<Value>,
    refusal: Option<String>,
}

impl WrittenMessage {
    fn from_message(message: &Message) -> Result<Self, WriteError> {
        let has_no_place = |part: &Part| matches!(part, Part::ToolResult(_));
        let (parts, refusal) = split_refusal(message, WIRE, has_no_place)?;
        let parts = write_parts(&parts, None, PLACE)?;
        Ok(WrittenMessage { parts, refusal })
    }
}

/// The extra fields of an answer's metadata and message.
#[derive(Debug, Clone)]
pub(super) struct ExtraFields {
    fields: Map<String, Value>,
    /// The extra fields of the first candidate, and the other candidates.
    candidate: Map<String, Value>,
    others: Vec<Value>,
}

impl ExtraFields {
    /// # Errors
    /// If the answer is not the model's, or if its message has a name.
    pub(super) fn new(response: &Response) -> Result<Self, WriteError> {
        let message = &response.message;
        WIRE.check_answer(message)?;
        let mut extra_fields = response.metadata.clone();
        WIRE.join(&mut extra_fields, message.extra.clone(), PLACE)?;
        let (candidate, others) = match extra_fields.remove("candidates") {
            None | Some(Value::Null) => (Map::new(), Vec::new()),
            Some(Value::Array(mut candidates)) if candidates.all(&Value::is_object) => {
                let others = candidates.split_off(candidates.len().min(1));
                (candidates.pop().map(fields).unwrap_or_default(), others)
            }
            Some(_) => return Err(WIRE.duplicate_value("candidates", PLACE)),
        };
        Ok(ExtraFields {
            fields: extra_fields,
            candidate,
            others,
        })
    }

    /// Whether the answer has only the feedback on a blocked prompt, and no candidate with content.
    pub(super) fn is_blocked(&self, reason: Option<&str>, says_nothing: bool) -> bool {
        let feedback = self.fields.get("promptFeedback");
        let is_blocked = feedback.is_some_and(|feedback| feedback["blockReason"].is_string());
        is_blocked && says_nothing && matches!(reason, None | Some("SAFETY"))
    }

    pub(super) fn has_other_candidates(&self) -> bool {
        !self.others.is_empty()
    }

    /// The fields of the body without the candidates, with the id and the model.
    pub(super) fn head(&self, response: &Response) -> Result<Map<String, Value>, WriteError> {
        let own = json!({ "modelVersion": response.model, "responseId": response.id });
        let mut head = self.fields.clone();
        WIRE.join(&mut head, fields(own), PLACE)?;
        Ok(head)
    }

    /// The candidates. The first has these fields.
    pub(super) fn candidates(&mut self, own: Map<String, Value>) -> Result<Vec<Value>, WriteError> {
        let mut candidates = vec![self.candidate(own)?];
        candidates.append(&mut self.others);
        Ok(candidates)
    }

    /// The first candidate.
    pub(super) fn candidate(&mut self, own: Map<String, Value>) -> Result<Value, WriteError> {
        let mut candidate = std::mem::take(&mut self.candidate);
        WIRE.join_at(&mut candidate, own, "candidates[0].", PLACE)?;
        Ok(candidate.into())
    }

    pub(super) fn add_usage(
        &self,
        usage: Map<String, Value>,
        body: &mut Map<String, Value>,
    ) -> Result<(), WriteError> {
        let own = fields(json!({ USAGE: usage }));
        WIRE.join(body, own, PLACE)
    }
}

/// Reads the body of an answer: that of its first candidate.
///
/// Fields that the neutral type does not have are in [`Response::metadata`], at its place: `safetyRatings` in the first of `candidates`,
/// further candidates after it, the counts of each modality in `usageMetadata`. What is `null` there is left out.
///
/// # Errors
/// If there is neither a candidate, nor feedback to the prompt, nor a usage, or a field has the wrong type.
///
/// ```
/// use mock_core::{FinishReason, wire::gemini::read_response};
/// use serde_json::json;
///
/// let response = read_response(json!({
///     "candidates": [{"content": {"parts": [{"text": "Hi"}], "role": "model"}, "finishReason": "STOP", "index": 0}],
///     "usageMetadata": {"promptTokenCount": 2, "candidatesTokenCount": 1, "totalTokenCount": 3},
///     "modelVersion": "gemini-2.5-flash",
///     "responseId": "r1",
/// }))?;
/// assert_eq!((&*response.text(), &response.finish_reason), ("Hi", &Some(FinishReason::Stop)));
/// assert_eq!(response.usage.map(|usage| usage.total_tokens()), Some(3));
///
/// let blocked = read_response(json!({"promptFeedback": {"blockReason": "SAFETY"}}))?;
/// assert_eq!(blocked.finish_reason, Some(FinishReason::ContentFilter));
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<Response, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let known = ["candidates", "promptFeedback", USAGE];
    let path = Path::Body.key("candidates");
    if known.all(&|name| fields.peek(name).is_none()) {
        return Err(path.missing("a list of candidates"));
    }
    let mut response = read_head(&mut fields)?;
    let mut candidates = fields.list("candidates")?.into_iter();
    match candidates.next() {
        Some(candidate) => read_candidate(candidate, &path.index(0), &mut response)?,
        None if is_blocked(&fields) => {
            response.finish_reason = Some(FinishReason::ContentFilter);
        }
        None => {}
    }
    let others: Vec<Value> = candidates.map(Value::from).collect();
    if !others.is_empty() {
        let known = response.metadata.entry("candidates");
        let known = known.or_insert_with(|| json!([{}]));
        if let Value::Array(known) = known {
            known.extend(others);
        }
    }
    if let Some(usage) = fields.take(USAGE) {
        let path = Path::Body.key(USAGE);
        response.usage = Some(read_usage(usage, &path, &mut response.metadata)?);
    }
    response.metadata.extend(fields.rest_but_nulls());
    Ok(response)
}

/// An empty answer with the fields that each of its frames has.
pub(super) fn read_head(fields: &mut Fields<'_, '_>) -> Result<Response, ReadError> {
    let id = fields.text("responseId")?.unwrap_or_default();
    let model = fields.text("modelVersion")?.unwrap_or_default();
    Ok(Response::new(id, model))
}

/// Whether the body says that the prompt is blocked.
pub(super) fn is_blocked(fields: &Fields<'_, '_>) -> bool {
    let feedback = fields.peek("promptFeedback");
    feedback.is_some_and(|feedback| feedback.has("blockReason"))
}

fn read_candidate(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    response: &mut Response,
) -> Result<(), ReadError> {
    let mut candidate = Fields::new(tree, path)?;
    let content_path = path.key("content");
    let mut content = candidate.within("content", &content_path)?;
    let parts = content.list("parts")?;
    let parts_path = content_path.key("parts");
    read_content_parts(parts, &parts_path, &mut response.message.parts)?;
    take_model_role(&mut content)?;
    candidate.keep("content", content.rest_but_nulls());
    let refusal = read_refusal(&mut candidate)?;
    let reason = candidate.text("finishReason")?;
    let has_calls = response.tool_calls().next().is_some();
    response.finish_reason = reason.map(|reason| read_finish(reason, has_calls, refusal.is_some()));
    response.message.parts.extend(refusal.map(Part::Refusal));
    let rest = rest_of(candidate)?;
    if !rest.is_empty() {
        let candidates = json!([rest]);
        response.metadata.insert("candidates".into(), candidates);
    }
    Ok(())
}

/// Takes the role of a content. Another than `model` stays.
pub(super) fn take_model_role(content: &mut Fields<'_, '_>) -> Result<(), ReadError> {
    let role = content.text("role")?;
    if let Some(role) = role.filter(|role| role != "model") {
        content.keep("role", Value::from(role));
    }
    Ok(())
}

/// The other fields of a candidate. The index of the first is left out.
pub(super) fn rest_of(mut candidate: Fields<'_, '_>) -> Result<Map<String, Value>, ReadError> {
    candidate.count_above_zero("index")?;
    let mut rest = candidate.rest_but_nulls();
    if rest.get("index") == Some(&json!(0)) {
        rest.remove("index");
    }
    Ok(rest)
}
