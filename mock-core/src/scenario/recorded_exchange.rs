//! An exchange that was recorded, and where another request differs from it: [`RecordedExchange`].

use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Profile;
use super::request_head::RequestHead;
use super::sent::{Sent, SentBody};
use crate::cassette::Comparison;
use crate::chat::message::Part;
use crate::chat::request::Request;

/// A recorded exchange, but for what is replayed of it.
#[derive(Debug)]
pub struct RecordedExchange {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The rest of the request, as it is compared.
    pub(crate) sent: Sent,
    /// The request, if it is one to a model on a known wire.
    pub(crate) request: Option<RecordedRequest>,
    /// How a request in process is changed before it is compared, if it is.
    pub(crate) in_process: Option<InProcess>,
    /// Who reads the response in process; `None` if no reader does.
    pub(crate) profile: Option<Profile>,
    /// The body of the response, if it is not a text.
    pub(crate) binary: Option<Vec<u8>>,
    /// How requests are compared with it.
    pub(crate) comparison: Arc<Comparison>,
}

/// Changes a request in process as a redaction changes the fields of its body over the wire.
#[derive(Clone)]
pub(crate) struct InProcess(pub(crate) Arc<dyn Fn(&Request) -> Request + Send + Sync>);

impl InProcess {
    /// The request as it is compared.
    pub(super) fn change(change: Option<&InProcess>, request: &Request) -> Request {
        match change {
            Some(InProcess(change)) => change(request),
            None => request.clone(),
        }
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

/// A recorded request to a model, as a caller in process makes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecordedRequest {
    /// One for embeddings has each input as a message of the user.
    pub(crate) request: Request,
    pub(crate) is_embedding: bool,
}

/// A place in which two requests differ.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    /// Such as `messages[0].content`; `method`, `path` and `query.alt` are of the head, and `body` is the whole body.
    pub(crate) place: String,
    pub(crate) recorded: Option<Value>,
    pub(crate) sent: Option<Value>,
}

impl RecordedExchange {
    /// Whether it was recorded for this request.
    pub(crate) fn is_for(
        &self,
        head: Option<&RequestHead>,
        request: &Request,
        is_embedding: bool,
    ) -> bool {
        let comparison = &*self.comparison;
        let key = |sent: &Sent, method: &str, path: &str| key(comparison, method, path, sent);
        match (head, &self.request) {
            (Some(head), _) => head.sent.as_deref().is_some_and(|sent| {
                let recorded = key(&self.sent, &self.method, &self.path);
                recorded.fits(&key(sent, &head.method, &head.path))
            }),
            (None, Some(recorded)) => {
                let RecordedRequest {
                    request: recorded,
                    is_embedding: embeds,
                } = recorded;
                let request = InProcess::change(self.in_process.as_ref(), request);
                Comparison::fits(
                    &asked(comparison, recorded, *embeds),
                    &asked(comparison, &request, is_embedding),
                )
            }
            (None, None) => false,
        }
    }

    /// Where a request differs from the recorded one.
    pub(crate) fn differences(
        &self,
        head: Option<&RequestHead>,
        request: &Request,
    ) -> Vec<Difference> {
        if let Some(head) = head {
            return self.differences_of_head(head);
        }
        let mut differences = Vec::new();
        let recorded = self.request.as_ref();
        let recorded = recorded.map(|recorded| outline(&recorded.request));
        let request = outline(&InProcess::change(self.in_process.as_ref(), request));
        differ(recorded.as_ref(), Some(&request), "", &mut differences);
        differences
    }

    fn differences_of_head(&self, head: &RequestHead) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut text = |place: &str, recorded: &str, sent: &str| {
            let [recorded, sent] = [recorded, sent].map(Value::from);
            differ(Some(&recorded), Some(&sent), place, &mut differences);
        };
        text("method", &self.method, &head.method);
        text("path", &self.path, &head.path);
        let Some(sent) = &head.sent else {
            return differences;
        };
        let query = |query: &[(String, String)]| {
            let pairs = query.iter();
            let pairs = pairs.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
            Value::Object(pairs.collect())
        };
        let (recorded, asked) = (query(&self.sent.query), query(&sent.query));
        differ(Some(&recorded), Some(&asked), "query", &mut differences);
        let (recorded, place, asked) = match (&self.sent.body, &sent.body) {
            (SentBody::Json(recorded), SentBody::Json(sent)) => {
                (recorded.clone(), "", sent.clone())
            }
            (recorded, sent) => (recorded.to_value(), "body", sent.to_value()),
        };
        differ(Some(&recorded), Some(&asked), place, &mut differences);
        differences
    }
}

impl SentBody {
    fn to_value(&self) -> Value {
        match self {
            SentBody::Json(value) => value.clone(),
            SentBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        }
    }
}

/// The parts of a request that are compared in process.
fn outline(request: &Request) -> Value {
    let messages = request.messages.iter().map(|message| {
        let mut outline = json!({ "role": message.role.as_str(), "text": message.text() });
        let parts = message.parts.iter();
        let parts: Vec<_> = parts
            .filter(|part| !matches!(part, Part::Text(_)))
            .map(|part| Value::from(format!("{part:?}")))
            .collect();
        if !parts.is_empty() {
            outline["parts"] = parts.into();
        }
        outline
    });
    let messages: Vec<_> = messages.collect();
    let tools: Vec<_> = request
        .tools
        .iter()
        .map(|tool| tool.name.as_str())
        .collect();
    json!({
        "model": request.model,
        "messages": messages,
        "tools": tools,
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
    })
}

/// Adds the places in which two values differ.
fn differ(
    recorded: Option<&Value>,
    sent: Option<&Value>,
    place: &str,
    differences: &mut Vec<Difference>,
) {
    match (recorded, sent) {
        (recorded, sent) if recorded == sent => {}
        (Some(Value::String(recorded)), Some(Value::String(sent)))
            if Comparison::fits(recorded, sent) => {}
        (Some(Value::Object(recorded)), Some(Value::Object(sent))) => {
            let more = sent.keys().filter(|name| !recorded.contains_key(*name));
            for name in recorded.keys().chain(more) {
                let place = match place {
                    "" => name.clone(),
                    place => format!("{place}.{name}"),
                };
                differ(recorded.get(name), sent.get(name), &place, differences);
            }
        }
        (Some(Value::Array(recorded)), Some(Value::Array(sent))) => {
            for index in 0..recorded.len().max(sent.len()) {
                let place = format!("{place}[{index}]");
                differ(recorded.get(index), sent.get(index), &place, differences);
            }
        }
        (recorded, sent) => differences.push(Difference {
            place: match place {
                "" => "body".to_owned(),
                place => place.to_owned(),
            },
            recorded: recorded.cloned(),
            sent: sent.cloned(),
        }),
    }
}

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
pub(super) fn key(comparison: &Comparison, method: &str, path: &str, sent: &Sent) -> WireKey {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let (path, ..) = comparison.request(&path, &[], &[]);
    WireKey {
        method: method.to_owned(),
        path,
        sent: sent.key(),
    }
}

/// What a request in process is compared by: not by how its answer is sent, nor by the fields of one wire.
pub(super) fn asked(comparison: &Comparison, request: &Request, is_embedding: bool) -> String {
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
