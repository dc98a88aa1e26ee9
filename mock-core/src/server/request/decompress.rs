//! Reads a body that a client has compressed.

use std::fmt;

use bytes::Bytes;
use hyper::header::{CONTENT_ENCODING, HeaderMap, HeaderName, TRANSFER_ENCODING};

use crate::report::{MAX_QUOTED, shorten, turn_on};

/// Why a body cannot be decoded.
#[allow(
    dead_code,
    reason = "the feature `compression` decides which of them occur"
)]
pub(in crate::server) enum DecodeError {
    /// The encoding is unknown.
    Unknown(String),
    /// The feature that reads this encoding is off.
    Unread(&'static str),
    /// The body is not of this encoding.
    Broken(&'static str),
    /// The decoded body is longer than this many bytes.
    TooLong(usize),
    /// A transfer coding other than `chunked`.
    TransferCoding(String),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Unknown(encoding) => write!(
                f,
                "the body has `content-encoding: {encoding}`, which the mock server does not know: use gzip, deflate, br or zstd, or turn off the compression of requests in the client"
            ),
            DecodeError::Unread(encoding) => write!(
                f,
                "the body has `content-encoding: {encoding}`, which needs the feature `compression` of mock-core: {}, or turn off the compression of requests in the client",
                turn_on(&["compression"])
            ),
            DecodeError::Broken(encoding) => write!(
                f,
                "the body has `content-encoding: {encoding}`, and cannot be decoded as that: send it so encoded, or without the header"
            ),
            DecodeError::TooLong(limit) => write!(
                f,
                "the body is longer than {limit} bytes once it is decoded: send less"
            ),
            DecodeError::TransferCoding(coding) => write!(
                f,
                "the body has `transfer-encoding: {coding}` within its chunks, which the mock server does not read: send `transfer-encoding: chunked` alone, and name a compression in `content-encoding`"
            ),
        }
    }
}

impl DecodeError {
    pub(in crate::server) fn status(&self) -> u16 {
        match self {
            DecodeError::Unknown(_) | DecodeError::Unread(_) => 415,
            DecodeError::Broken(_) => 400,
            DecodeError::TooLong(_) => 413,
            // RFC 9112, 6.1.
            DecodeError::TransferCoding(_) => 501,
        }
    }
}

#[derive(Clone, Copy)]
enum Encoding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Encoding {
    fn from_name(name: &str) -> Option<Self> {
        let known = [
            ("gzip", Encoding::Gzip),
            ("x-gzip", Encoding::Gzip),
            ("deflate", Encoding::Deflate),
            ("br", Encoding::Brotli),
            ("zstd", Encoding::Zstd),
        ];
        let mut known = known.into_iter();
        known.find_map(|(word, encoding)| word.eq_ignore_ascii_case(name).then_some(encoding))
    }

    fn name(self) -> &'static str {
        match self {
            Encoding::Gzip => "gzip",
            Encoding::Deflate => "deflate",
            Encoding::Brotli => "br",
            Encoding::Zstd => "zstd",
        }
    }
}

/// The body as it was before the client compressed it, of at most `limit` bytes.
pub(in crate::server) fn decode(
    headers: &HeaderMap,
    body: Bytes,
    limit: usize,
) -> Result<Bytes, DecodeError> {
    let mut body = body;
    // The encodings are listed in the order in which they were applied.
    for encoding in encodings(headers)?.into_iter().rev() {
        body = decode_one(encoding, &body, limit)?;
    }
    Ok(body)
}

/// Checks that the body is transferred in no other coding than `chunked`.
pub(in crate::server) fn check_transfer_coding(headers: &HeaderMap) -> Result<(), DecodeError> {
    // The last one is `chunked`: hyper rejects others, and decodes it.
    match listed(headers, &TRANSFER_ENCODING).split_last() {
        Some((_, [coding, ..])) => Err(DecodeError::TransferCoding(shorten(coding, MAX_QUOTED))),
        _ => Ok(()),
    }
}

fn encodings(headers: &HeaderMap) -> Result<Vec<Encoding>, DecodeError> {
    let mut all = Vec::new();
    for name in listed(headers, &CONTENT_ENCODING) {
        if !name.eq_ignore_ascii_case("identity") {
            let known = Encoding::from_name(&name);
            all.push(known.ok_or_else(|| DecodeError::Unknown(shorten(&name, MAX_QUOTED)))?);
        }
    }
    Ok(all)
}

/// Returns the names that a header lists.
fn listed(headers: &HeaderMap, header: &HeaderName) -> Vec<String> {
    let mut names = Vec::new();
    for value in headers.get_all(header) {
        let value = String::from_utf8_lossy(value.as_bytes());
        let all = value.split(',').map(str::trim);
        names.extend(all.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

#[cfg(not(feature = "compression"))]
fn decode_one(encoding: Encoding, _: &Bytes, _: usize) -> Result<Bytes, DecodeError> {
    Err(DecodeError::Unread(encoding.name()))
}

#[cfg(feature = "compression")]
fn decode_one(encoding: Encoding, body: &Bytes, limit: usize) -> Result<Bytes, DecodeError> {
    use std::io::Read;

    let broken = DecodeError::Broken(encoding.name());
    let reader: Box<dyn Read + '_> = match encoding {
        Encoding::Gzip => Box::new(flate2::read::MultiGzDecoder::new(&body[..])),
        // The standard requires the zlib format, but some clients send raw deflate data.
        Encoding::Deflate if is_zlib(body) => Box::new(flate2::read::ZlibDecoder::new(&body[..])),
        Encoding::Deflate => Box::new(flate2::read::DeflateDecoder::new(&body[..])),
        Encoding::Brotli => Box::new(brotli_decompressor::Decompressor::new(&body[..], 4096)),
        Encoding::Zstd => match ruzstd::decoding::StreamingDecoder::new(&body[..]) {
            Ok(reader) => Box::new(reader),
            Err(_) => return Err(broken),
        },
    };
    let mut decoded = Vec::new();
    // Read one byte more than the limit, to notice a body that is too long.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    match reader.take(most).read_to_end(&mut decoded) {
        Err(_) => Err(broken),
        Ok(_) if decoded.len() > limit => Err(DecodeError::TooLong(limit)),
        Ok(_) => Ok(decoded.into()),
    }
}

/// Whether the first two bytes are those of zlib.
#[cfg(feature = "compression")]
fn is_zlib(body: &[u8]) -> bool {
    match body {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
        }
        _ => false,
    }
}
