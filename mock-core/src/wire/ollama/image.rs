//! Reads and writes images: base64 without a media type.

use serde_json::Value;

use super::WIRE;
use crate::chat::message::{Image, Part};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Path, ReadError};
use crate::wire::write::WriteError;

/// How the base64 of an image of each type begins.
const BEGINNINGS: [(&str, &str); 4] = [
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp"),
];

/// The media type of an image whose first bytes are unknown.
const UNKNOWN: &str = "application/octet-stream";

pub(super) fn read_images(
    images: Vec<BorrowedValue<'_>>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    for (index, image) in images.into_iter().enumerate() {
        let BorrowedValue::Text(data) = image else {
            return Err(path.index(index).unlike(&image, "a text in base64"));
        };
        let known = BEGINNINGS.find(&|(begin, _)| data.starts_with(begin));
        let media_type = known.map_or(UNKNOWN, |(_, media_type)| media_type);
        parts.push(Part::Image(Image::Base64 {
            media_type: media_type.to_owned(),
            data: data.into_owned(),
        }));
    }
    Ok(())
}

/// # Errors
/// If it is not given as base64.
pub(super) fn write_image(image: &Image, place: &'static str) -> Result<Value, WriteError> {
    match image {
        Image::Base64 { data, .. } => Ok(data.as_str().into()),
        Image::Url(_) => Err(WIRE.no_place("an image by its URL", place)),
        Image::File(_) => Err(WIRE.no_place("an image by its file's id", place)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_of_an_image_tell_its_media_type() {
        for (data, expected) in BEGINNINGS.into_iter().chain([("QUJD", UNKNOWN)]) {
            let mut parts = Vec::new();
            let images = vec![BorrowedValue::Text(data.into())];
            read_images(images, &Path::Body, &mut parts).expect("it can be read");
            let [Part::Image(Image::Base64 { media_type, .. })] = &parts[..] else {
                panic!("{parts:?}");
            };
            assert_eq!(media_type, expected);
        }
    }
}
