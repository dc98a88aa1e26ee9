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
            // The decoded text does not show where the frames of the compressed bytes ended.
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

/// The body before it was compressed; `None` if it is not compressed, or in a way that is not read.
#[cfg(feature = "compression")]
fn decode(body: &[u8], headers: &[(String, String)]) -> Option<Vec<u8>> {
    let mut decoded = body.to_vec();
    // The encodings are listed in the order of their application, so decode the last one first.
    for encoding in encoding(headers)?.rsplit(',').map(str::trim) {
        decoded = decode_one(&decoded, &encoding.to_ascii_lowercase())?;
    }
    Some(decoded)
}

#[cfg(feature = "compression")]
fn decode_one(body: &[u8], encoding: &str) -> Option<Vec<u8>> {
    use std::io::Read;

    use flate2::read::{MultiGzDecoder, ZlibDecoder};

    let reader: Box<dyn Read + '_> = match encoding {
        "identity" | "" => return Some(body.to_vec()),
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(body)),
        "deflate" => Box::new(ZlibDecoder::new(body)),
        "br" => Box::new(brotli_decompressor::Decompressor::new(body, 4096)),
        "zstd" => Box::new(ruzstd::decoding::StreamingDecoder::new(body).ok()?),
        _ => return None,
    };
    let mut decoded = Vec::new();
    // Limit the length: a few bytes can decode to gigabytes.
    let most = crate::MAX_BYTES as u64;
    reader.take(most).read_to_end(&mut decoded).ok()?;
    Some(decoded)
}

#[cfg(not(feature = "compression"))]
fn decode(_: &[u8], _: &[(String, String)]) -> Option<Vec<u8>> {
    None
}
