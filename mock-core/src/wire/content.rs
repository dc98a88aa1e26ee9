//! What the contents of messages have in common: lists of parts, and images by their address.

use super::read::{Path, ReadError};
use super::tree::Tree;
use crate::chat::message::{Image, Part};

/// Reads a content: a text, or a list whose items `read_part` reads. `expected` is what it is, for the error.
pub(super) fn read_content(
    tree: Tree<'_>,
    path: &Path<'_>,
    expected: &'static str,
    read_part: impl Fn(Tree<'_>, &Path<'_>, &mut Vec<Part>) -> Result<(), ReadError>,
) -> Result<Vec<Part>, ReadError> {
    let list = match tree {
        Tree::Text(text) => return Ok(vec![Part::Text(text.into())]),
        Tree::List(list) => list,
        other => return Err(path.unlike(&other, expected)),
    };
    let mut parts = Vec::with_capacity(list.len());
    for (index, part) in list.into_iter().enumerate() {
        read_part(part, &path.index(index), &mut parts)?;
    }
    Ok(parts)
}

/// The image at an address, which may contain its data.
pub(super) fn read_image(url: String) -> Image {
    let data = url.strip_prefix("data:");
    match data.and_then(|data| data.split_once(";base64,")) {
        Some((media_type, data)) => Image::Base64 {
            media_type: media_type.to_owned(),
            data: data.to_owned(),
        },
        None => Image::Url(url),
    }
}

/// An address that contains the data of an image.
pub(super) fn data_url(media_type: &str, data: &str) -> String {
    format!("data:{media_type};base64,{data}")
}
