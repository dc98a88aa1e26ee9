//! Bodies that are compressed: they are searched as they are after decoding.

use std::borrow::Cow;

use crate::Interaction;
use crate::RecordedFrame;

/// The exchange with bodies that can be searched.
pub(crate) fn decoded(interaction: &Interaction) -> Cow<'_, Interaction> {
    let request = decode(&interaction.request_body, &interaction.request_headers);
    let response = decode(&interaction.body, &interaction.headers);
    if request.is_none() && response.is_none() {
        return Cow::Borrowed(interaction);
    }
    let mut decoded = interaction.clone();
    if let Some(body) = request {
        decoded.request_body = body;
        drop_encoding(&mut decoded.request_headers);
    }
    if let Some(body) = response {
        let gap = decoded.frames.iter().map(|frame| frame.gap).sum();
        decoded.frames = match decoded.frames.is_empty() {
            true => Vec::new(),
            // Where the frames of the bytes end in the text is not known.
            false => vec![RecordedFrame::new(body.len(), gap)],
        };
        decoded.body = body;
        drop_encoding(&mut decoded.headers);
    }
    Cow::Owned(decoded)
}

/// Whether a body is compressed in a way that is not read.
pub(crate) fn is_closed(interaction: &Interaction) -> bool {
    let is_closed = |body: &[u8], headers: &[(String, String)]| {
        encoding(headers).is_some() && !body.is_empty() && decode(body, headers).is_none()
    };
    is_closed(&interaction.request_body, &interaction.request_headers)
        || is_closed(&interaction.body, &interaction.headers)
}

fn encoding(headers: &[(String, String)]) -> Option<&str> {
    let mut encodings = headers.iter();
    let (_, encoding) =
        encodings.find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))?;
    let encoding = encoding.trim();
    (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
}

fn drop_encoding(headers: &mut Vec<(String, String)>) {
    headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-encoding"));
}

#[cfg(feature = "compression")]
fn decode(body: &[u8], headers: &[(String, String)]) -> Option<Vec<u8>> {
    use std::io::Read as _;

    use flate2::read::{MultiGzDecoder, ZlibDecoder};

    let mut decoded = Vec::new();
    // A few bytes can stand for gigabytes.
    let most = crate::MAX_BYTES as u64;
    match encoding(headers)?.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => MultiGzDecoder::new(body)
            .take(most)
            .read_to_end(&mut decoded),
        "deflate" => ZlibDecoder::new(body).take(most).read_to_end(&mut decoded),
        _ => return None,
    }
    .ok()?;
    Some(decoded)
}

#[cfg(not(feature = "compression"))]
fn decode(_: &[u8], _: &[(String, String)]) -> Option<Vec<u8>> {
    None
}
