//! Whether a request is equal to a recorded one: the keys by which the two are compared.

use percent_encoding::percent_decode_str;

use super::sent_request::SentRequest;
use crate::cassette::Comparison;
use crate::chat::request::Request;

/// The data by which a request over the wire is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WireKey {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) sent: String,
}

impl WireKey {
    pub(super) fn has_hole(&self) -> bool {
        Comparison::has_hole(&self.path) || Comparison::has_hole(&self.sent)
    }

    /// Whether a request with this key is equal to the recorded one.
    pub(super) fn fits(&self, sent: &WireKey) -> bool {
        self.method == sent.method
            && Comparison::fits(&self.path, &sent.path)
            && Comparison::fits(&self.sent, &sent.sent)
    }
}

/// Clients differ in which characters of a path they write as `%3A`.
pub(super) fn wire_key(
    comparison: &Comparison,
    method: &str,
    path: &str,
    sent: &SentRequest,
) -> WireKey {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let (path, ..) = comparison.request(&path, &[], &[]);
    WireKey {
        method: method.to_owned(),
        path,
        sent: sent.key(),
    }
}

/// Returns the key by which a request in process is compared. It leaves out how the answer is sent and the fields of a single wire.
pub(super) fn in_process_key(
    comparison: &Comparison,
    request: &Request,
    is_embedding: bool,
) -> String {
    let mut asked = Request {
        stream: None,
        extra: serde_json::Map::new(),
        ..request.clone()
    };
    if let (true, Some(dimensions)) = (is_embedding, request.extra.get("dimensions")) {
        asked = asked.with_extra("dimensions", dimensions.clone());
    }
    let kind = if is_embedding { "embeddings of " } else { "" };
    comparison.text(&format!("{kind}{asked:?}"))
}
