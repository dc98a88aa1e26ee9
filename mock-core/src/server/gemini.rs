//! The methods of Gemini's models, which are in the paths.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::StatusCode;
use percent_encoding::percent_decode_str;

use super::count_tokens::estimate;
use super::served_request::{Reply, ServedRequest};
use super::wire::{Framing, Wire};
use crate::wire::gemini::{self, embeddings::Form};

/// Where the endpoints of Gemini begin.
const BASES: [&str; 2] = ["/v1/models/", "/v1beta/models/"];

/// The method in a path.
#[derive(Debug, PartialEq)]
pub(super) struct ModelMethod<'p> {
    pub(super) model: Cow<'p, str>,
    pub(super) method: Method,
}

/// A method of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Method {
    Generate,
    Stream,
    CountTokens,
    Embed(Form),
}

impl Method {
    /// Whether the model answers.
    pub(super) fn asks_model(self) -> bool {
        !matches!(self, Method::CountTokens)
    }
}

/// The method in a path, and its wire; `None` if the path has no method of a model.
pub(super) fn model_method<'p>(
    path: &'p str,
    query: Option<&str>,
) -> Option<(Wire, ModelMethod<'p>)> {
    let path = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    let (model, method) = path.rsplit_once(':')?;
    let method = match method {
        "generateContent" => Method::Generate,
        "streamGenerateContent" => Method::Stream,
        "countTokens" => Method::CountTokens,
        "embedContent" => Method::Embed(Form::Single),
        "batchEmbedContents" => Method::Embed(Form::Batch),
        _ => return None,
    };
    if model.is_empty() {
        return None;
    }
    let framing = match method == Method::Stream && parameter(query, "alt") != Some("sse") {
        true => Framing::Array,
        false => Framing::Events,
    };
    let model = percent_decode_str(model).decode_utf8_lossy();
    Some((Wire::Gemini(framing), ModelMethod { model, method }))
}

/// The value of a parameter in a query.
pub(super) fn parameter<'q>(query: Option<&'q str>, name: &str) -> Option<&'q str> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .next_back()
}

impl ServedRequest {
    /// Answers how many tokens a request has.
    pub(super) fn token_count(self, body: &Bytes) -> Reply {
        let model = self.target.model.as_deref();
        if let Some(error) = model.and_then(|model| self.unknown_model(model)) {
            return self.refuse(error);
        }
        match gemini::read_counted(body) {
            Ok(request) => {
                let count = gemini::write_token_count(estimate(&request));
                self.json(StatusCode::OK, &count)
            }
            Err(refused) => self.refuse(*refused.error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_the_model_and_the_method() {
        let asked = |path: &str| {
            let (wire, of) = model_method(path, None)?;
            Some((wire, of.model.into_owned(), of.method))
        };
        let events = Wire::Gemini(Framing::Events);
        for base in BASES {
            let generate = (events, "gemini-2.5-flash".to_owned(), Method::Generate);
            let path = format!("{base}gemini-2.5-flash:generateContent");
            assert_eq!(asked(&path), Some(generate));
            let count = (events, "a:b".to_owned(), Method::CountTokens);
            assert_eq!(asked(&format!("{base}a%3Ab:countTokens")), Some(count));
        }
        for other in [
            "/v1/models/a",
            "/v1/models/a:free",
            "/v1/models/:generateContent",
            "/v2/models/a:generateContent",
        ] {
            assert_eq!(asked(other), None, "{other}");
        }
    }

    #[test]
    fn a_stream_is_an_array_unless_the_query_asks_for_events() {
        let framing = |query| {
            let path = "/v1beta/models/m:streamGenerateContent";
            model_method(path, query).map(|(wire, _)| wire)
        };
        let array = Some(Wire::Gemini(Framing::Array));
        assert_eq!(framing(None), array);
        assert_eq!(framing(Some("key=k&alt=json")), array);
        let events = Some(Wire::Gemini(Framing::Events));
        assert_eq!(framing(Some("alt=sse&key=k")), events);
    }
}
