//! Reads a body that a client has compressed.

use std::fmt;

use bytes::Bytes;
use hyper::header::{CONTENT_ENCODING, HeaderMap};

use crate::report::shorten;

/// How much of an encoding is said again, in characters.
const TOLD: usize = 100;

/// Why a body cannot be decoded.
#[derive(Debug, PartialEq)]
pub(super) enum DecodeError {
    /// Nobody knows this encoding.
    Unknown(String),
    /// The feature that reads this encoding is off.
    #[cfg(not(feature = "compression"))]
    Unread(&'static str),
    /// The body is not of this encoding.
    #[cfg(feature = "compression")]
    Broken(&'static str),
    /// It is longer than this many bytes, once it is decoded.
    #[cfg(feature = "compression")]
    TooLong(usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Unknown(encoding) => write!(
                f,
                "the body has `content-encoding: {encoding}`, which the mock server does not know: use gzip, deflate, br or zstd, or turn off the compression of requests in the client"
            ),
            #[cfg(not(feature = "compression"))]
            DecodeError::Unread(encoding) => write!(
                f,
                "the body has `content-encoding: {encoding}`, which the mock server reads with the feature `compression` of mock-core: turn it on, or turn off the compression of requests in the client"
            ),
            #[cfg(feature = "compression")]
            DecodeError::Broken(encoding) => write!(
                f,
                "the body has `content-encoding: {encoding}`, and cannot be decoded as that"
            ),
            #[cfg(feature = "compression")]
            DecodeError::TooLong(limit) => write!(
                f,
                "the body is longer than {limit} bytes once it is decoded: send less"
            ),
        }
    }
}

impl DecodeError {
    pub(super) fn status(&self) -> u16 {
        match self {
            DecodeError::Unknown(_) => 415,
            #[cfg(not(feature = "compression"))]
            DecodeError::Unread(_) => 415,
            #[cfg(feature = "compression")]
            DecodeError::Broken(_) => 400,
            #[cfg(feature = "compression")]
            DecodeError::TooLong(_) => 413,
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
pub(super) fn decode(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, DecodeError> {
    let mut body = body;
    // What was applied last comes last.
    for encoding in encodings(headers)?.into_iter().rev() {
        body = decode_one(encoding, &body, limit)?;
    }
    Ok(body)
}

fn encodings(headers: &HeaderMap) -> Result<Vec<Encoding>, DecodeError> {
    let mut all = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let value = String::from_utf8_lossy(value.as_bytes());
        for name in value.split(',').map(str::trim) {
            if name.is_empty() || name.eq_ignore_ascii_case("identity") {
                continue;
            }
            let known = Encoding::from_name(name);
            all.push(known.ok_or_else(|| DecodeError::Unknown(shorten(name, TOLD)))?);
        }
    }
    Ok(all)
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
        // Some clients leave out the frame that the standard asks for.
        Encoding::Deflate if is_zlib(body) => Box::new(flate2::read::ZlibDecoder::new(&body[..])),
        Encoding::Deflate => Box::new(flate2::read::DeflateDecoder::new(&body[..])),
        Encoding::Brotli => Box::new(brotli_decompressor::Decompressor::new(&body[..], 4096)),
        Encoding::Zstd => match ruzstd::decoding::StreamingDecoder::new(&body[..]) {
            Ok(reader) => Box::new(reader),
            Err(_) => return Err(broken),
        },
    };
    let mut decoded = Vec::new();
    // One byte more than there may be.
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

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn decoded(encoding: &'static str, body: &'static [u8]) -> Result<Bytes, DecodeError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        decode(&headers, Bytes::from_static(body), 1_000)
    }

    #[test]
    fn an_encoding_that_nobody_knows_is_named() {
        let error = decoded("snappy", b"x").expect_err("nobody knows it");
        assert_eq!(error.status(), 415);
        assert!(error.to_string().contains("`content-encoding: snappy`"));
    }

    #[test]
    fn a_body_that_is_not_compressed_stays_as_it_is() {
        for encoding in ["", "identity", "identity, identity", " "] {
            assert_eq!(decoded(encoding, b"x"), Ok(Bytes::from_static(b"x")));
        }
    }

    #[cfg(not(feature = "compression"))]
    #[test]
    fn without_the_feature_each_encoding_is_named_with_the_feature() {
        for encoding in ["gzip", "deflate", "br", "zstd", "identity, GZIP"] {
            let error = decoded(encoding, b"x").expect_err("it is not read");
            let name = encoding.rsplit(' ').next().unwrap_or_default();
            let name = name.to_ascii_lowercase();
            assert_eq!(error.status(), 415, "{encoding}");
            let message = error.to_string();
            assert!(
                message.contains(&name) && message.contains("`compression`"),
                "{message}"
            );
        }
    }

    #[cfg(feature = "compression")]
    #[test]
    fn each_encoding_is_decoded() {
        let zlib = &[120, 156, 203, 72, 205, 201, 201, 7, 0, 6, 44, 2, 21];
        let raw_deflate = &[203, 72, 205, 201, 201, 7, 0];
        let gzip = &[
            31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5,
            0, 0, 0,
        ];
        let brotli = b"\x0b\x02\x80hello\x03";
        let zstd = b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello";
        for (encoding, body) in [
            ("gzip", &gzip[..]),
            ("X-Gzip", &gzip[..]),
            ("deflate", &zlib[..]),
            ("deflate", &raw_deflate[..]),
            ("br", &brotli[..]),
            ("zstd", &zstd[..]),
        ] {
            let body = decoded(encoding, body);
            assert_eq!(body, Ok(Bytes::from_static(b"hello")), "{encoding}");
        }
    }

    #[cfg(feature = "compression")]
    #[test]
    fn what_is_not_of_its_encoding_is_an_error() {
        for encoding in ["gzip", "deflate", "br", "zstd"] {
            for body in [&b""[..], b"hello", &[31, 139, 8]] {
                let error = decoded(encoding, body).expect_err(encoding);
                assert_eq!(error.status(), 400, "{encoding}");
                assert!(error.to_string().contains(encoding), "{error}");
            }
        }
    }

    #[cfg(feature = "compression")]
    #[test]
    fn a_body_is_at_most_as_long_as_the_limit_once_it_is_decoded() {
        // 2,000 zeros.
        let bomb = &[
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 24, 5, 163, 96, 20, 140, 130, 81, 48, 10, 70,
            193, 80, 7, 0, 68, 244, 201, 2, 208, 7, 0, 0,
        ];
        assert_eq!(decoded("gzip", bomb), Err(DecodeError::TooLong(1_000)));
    }
}
