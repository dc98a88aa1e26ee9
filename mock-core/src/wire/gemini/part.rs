//! Reads and writes the parts of a content. A `functionResponse` may hold parts itself.

use serde_json::{Map, Value, json};

use super::{SIGNATURE, WIRE};
use crate::chat::message::{Image, Part, Reasoning, ToolCall, ToolResult};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{Content, push_extra};
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, describe, fields, has_type};

const PLACE: &str = "a tool's result";

/// Fields that hold the result of a function if they are the only field of an object.
const OUTPUTS: [&str; 2] = ["output", "result"];

/// The field that holds the result beside the function's name, as in the provider's first examples.
const CONTENT: &str = "content";

/// The field that holds the error of a function if it is the only field of an object.
const ERROR: &str = "error";

/// A part that has been read.
pub(super) struct ReadPart {
    pub(super) part: Part,
    /// Its extra fields; empty for a call, which has a field for them.
    pub(super) extra: Map<String, Value>,
    /// The name of the function, if the part is the result of one.
    pub(super) function: Option<String>,
}

impl ReadPart {
    /// Adds the part, and a part with its extra fields.
    pub(super) fn push_to(self, parts: &mut Vec<Part>) {
        parts.push(self.part);
        push_extra(self.extra, parts);
    }
}

/// Reads the parts of a content that holds no function responses: they are kept as they are.
pub(super) fn read_content_parts(
    list: Vec<BorrowedValue<'_>>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    for (index, part) in list.into_iter().enumerate() {
        read_content_part(part, &path.index(index))?.push_to(parts);
    }
    Ok(())
}

/// Reads a part of an answer.
pub(super) fn read_content_part(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<ReadPart, ReadError> {
    match tree.field("functionResponse") {
        Some(_) => Ok(whole(Part::Other(tree.into()))),
        None => read_part(tree, path),
    }
}

/// Reads a part with its extra fields. A part of an unknown kind is kept unchanged.
pub(super) fn read_part(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<ReadPart, ReadError> {
    let kind = Kind::from_part(&tree);
    if matches!(tree, BorrowedValue::Object(_)) && kind == Kind::Other {
        return Ok(whole(Part::Other(tree.into())));
    }
    let mut fields = Fields::new(tree, path)?;
    let mut function = None;
    let part = match kind {
        Kind::Text => Part::Text(fields.required_text("text")?),
        Kind::Thought => {
            fields.take("thought");
            Part::Reasoning(Reasoning {
                text: fields.required_text("text")?,
                signature: fields.text(SIGNATURE)?,
            })
        }
        Kind::InlineImage => Part::Image(read_inline(&mut fields)?),
        Kind::FileImage => Part::Image(read_file(&mut fields)?),
        Kind::Call => return read_call(fields).map(|call| whole(Part::ToolCall(call))),
        Kind::Result => {
            let (name, result) = read_result(&mut fields)?;
            function = Some(name);
            Part::ToolResult(result)
        }
        // Other values than objects have been rejected before.
        Kind::Other => Part::Other(Value::Null),
    };
    Ok(ReadPart {
        part,
        extra: fields.rest(),
        function,
    })
}

fn whole(part: Part) -> ReadPart {
    ReadPart {
        part,
        extra: Map::new(),
        function: None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Thought,
    InlineImage,
    FileImage,
    Call,
    Result,
    Other,
}

impl Kind {
    fn from_part(part: &BorrowedValue<'_>) -> Kind {
        let is_image = |data: &BorrowedValue<'_>| {
            let kind = data.field("mimeType");
            kind.is_none_or(|kind| {
                kind.as_text()
                    .is_some_and(|kind| kind.starts_with("image/"))
            })
        };
        if part.has("functionCall") {
            return Kind::Call;
        }
        if part.has("functionResponse") {
            return Kind::Result;
        }
        if let Some(data) = part.field("inlineData") {
            return match data.has("mimeType") && is_image(data) {
                true => Kind::InlineImage,
                false => Kind::Other,
            };
        }
        if let Some(data) = part.field("fileData") {
            return match is_image(data) {
                true => Kind::FileImage,
                false => Kind::Other,
            };
        }
        match (part.has("text"), part.is_set("thought")) {
            (true, true) => Kind::Thought,
            (true, false) => Kind::Text,
            (false, _) => Kind::Other,
        }
    }
}

fn read_inline(fields: &mut Fields<'_, '_>) -> Result<Image, ReadError> {
    let outer = fields.path;
    let path = outer.key("inlineData");
    let mut data = fields.within("inlineData", &path)?;
    let image = Image::Base64 {
        media_type: data.required_text("mimeType")?,
        data: data.required_text("data")?,
    };
    fields.keep("inlineData", data.rest());
    Ok(image)
}

/// Reads an image that is given by a URI. A URI that is not a URL is the id of a file.
fn read_file(fields: &mut Fields<'_, '_>) -> Result<Image, ReadError> {
    let outer = fields.path;
    let path = outer.key("fileData");
    let mut data = fields.within("fileData", &path)?;
    let uri = data.required_text("fileUri")?;
    fields.keep("fileData", data.rest());
    Ok(match uri.contains("://") {
        true => Image::Url(uri),
        false => Image::File(uri),
    })
}

fn read_call(mut fields: Fields<'_, '_>) -> Result<ToolCall, ReadError> {
    let outer = fields.path;
    let path = outer.key("functionCall");
    let mut call = fields.within("functionCall", &path)?;
    let arguments = match call.take("args") {
        None => "{}".to_owned(),
        // Serializing a tree cannot fail.
        Some(args @ BorrowedValue::Object(_)) => serde_json::to_string(&args).unwrap_or_default(),
        Some(other) => return Err(path.key("args").unlike(&other, "an object")),
    };
    let id = call.text("id")?.unwrap_or_default();
    let name = call.required_text("name")?;
    fields.keep("functionCall", call.rest());
    let mut read = ToolCall::new(id, name, arguments);
    read.extra = fields.take_rest();
    Ok(read)
}

/// Writes parts. `place` says where they are, for errors; `function` is the name of the function that returned the results among them.
pub(super) fn write_parts(
    parts: &[Part],
    function: Option<&str>,
    place: &'static str,
) -> Result<Vec<Value>, WriteError> {
    let mut written: Vec<Value> = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Part::Extra(extra) => {
                let Some(Value::Object(last)) = written.last_mut() else {
                    return Err(WIRE.no_place("extra fields of no part", place));
                };
                *last = with_extra(std::mem::take(last), extra, place)?;
            }
            Part::ToolResult(result) => written.push(write_result(result, function, place)?),
            part => written.push(write_part(part, place)?),
        }
    }
    Ok(written)
}

/// Writes a part that is neither a result nor a field of one.
pub(super) fn write_part(part: &Part, place: &'static str) -> Result<Value, WriteError> {
    Ok(match part {
        Part::Text(text) => json!({ "text": text }),
        Part::Reasoning(Reasoning { text, signature }) => {
            let mut thought = json!({ "text": text, "thought": true });
            if let Some(seal) = signature {
                thought[SIGNATURE] = seal.as_str().into();
            }
            thought
        }
        Part::Image(Image::Base64 { media_type, data }) => {
            json!({ "inlineData": { "mimeType": media_type, "data": data } })
        }
        Part::Image(Image::Url(uri) | Image::File(uri)) => {
            json!({ "fileData": { "fileUri": uri } })
        }
        Part::ToolCall(call) => write_call(call, place)?,
        Part::Other(other) if other.is_object() && !has_type(other) => other.clone(),
        part => return Err(WIRE.no_place(&describe(part), place)),
    })
}

fn write_call(call: &ToolCall, place: &'static str) -> Result<Value, WriteError> {
    let mut written = fields(json!({ "name": call.name, "args": write_args(call, place)? }));
    if !call.id.is_empty() {
        written.insert("id".into(), call.id.as_str().into());
    }
    let part = fields(json!({ "functionCall": written }));
    with_extra(part, &call.extra, place).map(Value::from)
}

fn write_args(call: &ToolCall, place: &'static str) -> Result<Value, WriteError> {
    if call.arguments.is_empty() {
        return Ok(json!({}));
    }
    match call.json::<Value>() {
        Ok(arguments @ Value::Object(_)) => Ok(arguments),
        _ => {
            let what = format!(
                "arguments of the tool call `{}` that are not a JSON object",
                call.id
            );
            Err(WIRE.no_place(&what, place))
        }
    }
}

/// A part with extra fields. What a function returned is theirs to say, where it is not written as it came.
pub(super) fn with_extra(
    mut part: Map<String, Value>,
    extra: &Map<String, Value>,
    place: &'static str,
) -> Result<Map<String, Value>, WriteError> {
    let mut extra_fields = extra.clone();
    if let (Some(returned), Some(Value::Object(own))) = (
        extra.get("functionResponse"),
        part.get_mut("functionResponse"),
    ) && !returned["response"].is_null()
    {
        own.remove("response");
    }
    WIRE.join(&mut extra_fields, part, place)?;
    Ok(extra_fields)
}

/// Reads the result of a function, and the function's name. A result that would be written differently stays among the fields.
fn read_result(fields: &mut Fields<'_, '_>) -> Result<(String, ToolResult), ReadError> {
    let outer = fields.path;
    let path = outer.key("functionResponse");
    let mut given = fields.within("functionResponse", &path)?;
    let call_id = given.text("id")?.unwrap_or_default();
    let name = given.required_text("name")?;
    let response = match given.take("response") {
        None => Map::new(),
        Some(BorrowedValue::Object(object)) => crate::wire::borrowed_value::map(object),
        Some(other) => return Err(path.key("response").unlike(&other, "an object")),
    };
    let (content, is_error) = read_output(&name, &response);
    let content = Content {
        parts: content.map(Part::Text).into_iter().collect(),
        ..Content::default()
    };
    let mut result = content.into_result(call_id).with_is_error(is_error);
    if write_output(&name, &result) != Value::Object(response.clone()) {
        given.keep("response", response);
    }
    let parts = given.list("parts")?;
    read_content_parts(parts, &path.key("parts"), &mut result.content)?;
    fields.keep("functionResponse", given.rest());
    Ok((name, result))
}

/// The text in an object, and whether the function failed.
fn read_output(name: &str, response: &Map<String, Value>) -> (Option<String>, bool) {
    match wrapped(name, response) {
        Some((ERROR, Value::Null)) => (None, true),
        Some((name, value)) => (Some(as_text(value)), name == ERROR),
        None if response.is_empty() => (None, false),
        None => (Some(Value::from(response.clone()).to_string()), false),
    }
}

/// The only field of an object, which holds the result of a function. The function's name may be beside it.
fn wrapped<'r>(name: &str, response: &'r Map<String, Value>) -> Option<(&'r str, &'r Value)> {
    let mut fields = response.iter();
    let (field, value) = fields.next()?;
    match fields.next() {
        None if OUTPUTS.contains(&&**field) || field == ERROR => Some((field, value)),
        Some(_) if response.len() == 2 && response.get("name")? == name => {
            Some((CONTENT, response.get(CONTENT)?))
        }
        _ => None,
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Writes the result of a function.
///
/// # Errors
/// If the function has no name, or if the result is not one text, followed by parts that are not texts.
fn write_result(
    result: &ToolResult,
    function: Option<&str>,
    place: &'static str,
) -> Result<Value, WriteError> {
    let function = function
        .ok_or_else(|| WIRE.no_place("the result of a tool without the name of the tool", place))?;
    let mut response =
        fields(json!({ "name": function, "response": write_output(function, result) }));
    if !result.call_id.is_empty() {
        response.insert("id".into(), result.call_id.as_str().into());
    }
    let media = media(result);
    let is_media = |part: &Part| matches!(part, Part::Image(_) | Part::Other(_) | Part::Extra(_));
    if let Some(part) = media.find(&|part| !is_media(part)) {
        return Err(WIRE.no_place(&extra_fields(part), PLACE));
    }
    let parts = write_parts(media, None, PLACE)?;
    if !parts.is_empty() {
        response.insert("parts".into(), parts.into());
    }
    Ok(json!({ "functionResponse": response }))
}

fn extra_fields(part: &Part) -> String {
    match part {
        Part::Text(_) => "a second text, or a text after a picture,".to_owned(),
        part => describe(part),
    }
}

/// The contents after the text of a result.
fn media(result: &ToolResult) -> &[Part] {
    match &result.content[..] {
        [Part::Text(_), media @ ..] => media,
        media => media,
    }
}

/// The object for the text of a result.
fn write_output(name: &str, result: &ToolResult) -> Value {
    let Some(Part::Text(text)) = result.content.first() else {
        return match result.is_error {
            true => json!({ ERROR: null }),
            false => json!({}),
        };
    };
    if result.is_error {
        return json!({ ERROR: text });
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) if is_plain(name, &object, text) => object.into(),
        _ => json!({ "output": text }),
    }
}

/// Whether the reader turns `object` into this text.
fn is_plain(name: &str, object: &Map<String, Value>, text: &str) -> bool {
    !object.is_empty()
        && wrapped(name, object).is_none()
        && serde_json::to_string(object).is_ok_and(|written| written == text)
}
