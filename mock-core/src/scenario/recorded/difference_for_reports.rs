//! Where a request differs from a recorded one, and the recorded request that is nearest to it.

use mock_cassette::Comparison;
use serde_json::Value;

use super::Recorded;
use super::compared_request::{SentBody, in_process_request};
use super::exchange::{InProcess, RecordedExchange};
use crate::chat::request::Request;
use crate::scenario::request_head::RequestHead;

/// A place in which two requests differ.
pub(crate) struct Difference {
    /// Such as `messages[0].content`; `method`, `path` and `query.alt` are of the head, and `body` is the whole body.
    pub(crate) place: String,
    pub(crate) recorded: Option<Value>,
    pub(crate) sent: Option<Value>,
}

impl RecordedExchange {
    /// Returns the differences between a request and the recorded one.
    pub(crate) fn differences(
        &self,
        head: Option<&RequestHead>,
        request: &Request,
        is_embedding: bool,
    ) -> Vec<Difference> {
        if let Some(head) = head {
            return self.differences_of_head(head);
        }
        let mut differences = Vec::new();
        let recorded = self.compared.as_ref().map(|recorded| {
            in_process_request(&self.comparison, &recorded.request, recorded.is_embedding)
        });
        let request = InProcess::change(self.in_process.as_ref(), request);
        let request = in_process_request(&self.comparison, &request, is_embedding);
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
        let (recorded, sent_value) = (query(&self.sent.query), query(&sent.query));
        differ(
            Some(&recorded),
            Some(&sent_value),
            "query",
            &mut differences,
        );
        let (recorded, place, sent_value) = match (&self.sent.body, &sent.body) {
            (SentBody::Json(recorded), SentBody::Json(sent)) => {
                (recorded.clone(), "", sent.clone())
            }
            (recorded, sent) => (recorded.to_value(), "body", sent.to_value()),
        };
        differ(Some(&recorded), Some(&sent_value), place, &mut differences);
        differences
    }
}

/// The recorded request that is nearest to another one.
pub(crate) struct Nearest {
    pub(crate) lane: usize,
    pub(crate) differences: Vec<Difference>,
}

/// The most recorded requests that are compared with one that was not recorded.
const COMPARED: usize = 1_000;

impl Recorded {
    /// The recorded request that differs from this one in the fewest places. One of the same method and path is always nearer.
    pub(crate) fn nearest(
        &self,
        head: Option<&RequestHead>,
        request: &Request,
        is_embedding: bool,
    ) -> Option<Nearest> {
        let compare = |lane: &RecordedExchange| lane.differences(head, request, is_embedding);
        let compared = self.lanes.iter().take(COMPARED).enumerate();
        let nearest = compared.map(|(lane, recorded)| (lane, compare(recorded)));
        let nearest = nearest.min_by_key(|(lane, differences)| {
            let mut places = differences.iter().map(|difference| &*difference.place);
            let is_elsewhere = match head {
                Some(_) => places.any(|place| place == "path" || place == "method"),
                None => self.lanes[*lane].request.is_none(),
            };
            (is_elsewhere, differences.len())
        });
        nearest.map(|(lane, differences)| Nearest { lane, differences })
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
