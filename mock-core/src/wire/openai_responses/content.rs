//! Reads and writes the content of messages of the user and the system.

use serde_json::{Value, json};

use super::WIRE;
use crate::chat::message::{ContentForm, Image, Part};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{self, Content};
use crate::wire::read::{Fields, Path, ReadError, kind_of};
use crate::wire::write::{WriteError, describe, merge, texts};

/// Reads a content: a text, or a list of parts.
pub(super) fn read_content(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Content, ReadError> {
    content::read_content(tree, path, "a text or a list of parts", read_part)
}

fn read_part(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let kind = kind_of(&tree, path, "`input_text`, `input_image`, …")?;
    if !matches!(kind, "input_text" | "input_image") {
        parts.push(Part::Other(tree.into()));
        return Ok(());
    }
    let mut fields = Fields::new(tree, path)?;
    parts.push(match fields.word("type")?.as_deref() {
        Some("input_text") => Part::Text(fields.required_text("text")?),
        _ => Part::Image(read_image(&mut fields)?),
    });
    content::push_extra(fields.rest(), parts);
    Ok(())
}

fn read_image(fields: &mut Fields<'_, '_>) -> Result<Image, ReadError> {
    // The id of a file counts only if there is no URL.
    let Some(url) = fields.text("image_url")? else {
        let file = fields.text("file_id")?;
        return file
            .map(Image::File)
            .ok_or_else(|| fields.missing("image_url", "a text, or give a `file_id`"));
    };
    Ok(content::read_image(url))
}

/// Writes a content: a text where one plain text is all there is and it was not read as a list, else a list.
pub(super) fn write_content(
    parts: &[Part],
    form: ContentForm,
    place: &'static str,
) -> Result<Value, WriteError> {
    let list = write_list(parts, place)?;
    Ok(content::write_content(list, "input_text", form))
}

/// Writes a content as a list of parts.
pub(super) fn write_list(parts: &[Part], place: &'static str) -> Result<Vec<Value>, WriteError> {
    let mut list: Vec<Value> = Vec::with_capacity(parts.len());
    for part in parts {
        list.push(match part {
            Part::Text(text) => texts(&[("type", "input_text"), ("text", text.as_str())]),
            Part::Image(Image::Url(url)) => {
                texts(&[("type", "input_image"), ("image_url", url.as_str())])
            }
            Part::Image(Image::Base64 { media_type, data }) => json!({
                "type": "input_image", "image_url": content::data_url(media_type, data),
            }),
            Part::Image(Image::File(id)) => texts(&[("type", "input_image"), ("file_id", id)]),
            Part::Other(other) => other.clone(),
            Part::Extra(extra) => match list.last_mut().and_then(Value::as_object_mut) {
                Some(last) => {
                    merge(last, extra.clone());
                    continue;
                }
                None => return Err(WIRE.no_place("extra fields of no part", place)),
            },
            part => return Err(WIRE.no_place(&describe(part), place)),
        });
    }
    Ok(list)
}
