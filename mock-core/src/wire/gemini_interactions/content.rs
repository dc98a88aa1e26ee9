//! Reads and writes contents: of the user, and of the model's output.

use serde_json::{Map, Value, json};

use crate::chat::message::{Image, Part};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::push_extra;
use crate::wire::read::{Fields, Path, ReadError, kind_of};
use crate::wire::write::{fields, has_type};

/// The types of a content.
pub(super) const KINDS: &str = "`text`, `image`, …";

/// The types of contents. Any other type is one of a step.
const CONTENTS: [&str; 6] = ["audio", "document", "file", "image", "text", "video"];

/// Whether `kind` is a type of content.
pub(super) fn is_content(kind: &str) -> bool {
    CONTENTS.contains(&kind)
}

/// Reads a list of contents.
pub(super) fn read_contents(
    list: Vec<BorrowedValue<'_>>,
    path: &Path<'_>,
) -> Result<Vec<Part>, ReadError> {
    let mut parts = Vec::with_capacity(list.len());
    for (index, content) in list.into_iter().enumerate() {
        read_content(content, &path.index(index), &mut parts)?;
    }
    Ok(parts)
}

/// Reads a content with its extra fields. A content of an unknown kind is kept unchanged.
pub(super) fn read_content(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let kind = kind_of(&tree, path, KINDS)?;
    let is_text = kind == "text";
    let is_image =
        kind == "image" && (tree.has("uri") || tree.has("data") && tree.has("mime_type"));
    if !is_text && !is_image {
        parts.push(Part::Other(tree.into()));
        return Ok(());
    }
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    parts.push(match is_text {
        true => Part::Text(fields.required_text("text")?),
        false => Part::Image(read_image(&mut fields)?),
    });
    push_extra(fields.rest_but_nulls(), parts);
    Ok(())
}

/// Reads an image. An address that is not a URL is the name of a file.
fn read_image(fields: &mut Fields<'_, '_>) -> Result<Image, ReadError> {
    if let Some(uri) = fields.text("uri")? {
        return Ok(match uri.contains("://") {
            true => Image::Url(uri),
            false => Image::File(uri),
        });
    }
    Ok(Image::Base64 {
        media_type: fields.required_text("mime_type")?,
        data: fields.required_text("data")?,
    })
}

/// Writes a part as a content; `None` if it is not one.
pub(super) fn write_content(part: &Part) -> Option<Map<String, Value>> {
    Some(fields(match part {
        Part::Text(text) => json!({ "type": "text", "text": text }),
        Part::Image(Image::Base64 { media_type, data }) => {
            json!({ "type": "image", "mime_type": media_type, "data": data })
        }
        Part::Image(Image::Url(uri) | Image::File(uri)) => json!({ "type": "image", "uri": uri }),
        Part::Other(other) if has_type(other) => other.clone(),
        _ => return None,
    }))
}
