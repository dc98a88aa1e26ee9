//! The requests that were recorded: [`Recorded`].

use std::collections::BTreeMap;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

#[cfg(feature = "record")]
use super::{Action, Count, Otherwise, Respond, Responder, Turn};
use super::{Place, Profile, RecordCommands, Scenario};
use crate::cassette::Comparison;
use crate::chat::message::Part;
use crate::chat::request::Request;
use crate::journal::head::RequestHead;
use crate::journal::sent::{Sent, SentBody};

/// The requests of a scenario with recorded exchanges. If it has no script of its own, each lane has the responses to equal requests, in
/// order.
#[derive(Debug, Default)]
pub struct Recorded {
    /// What each lane is for: the first of its exchanges.
    pub(crate) lanes: Vec<Arc<RecordedExchange>>,
    /// Where each of them was recorded.
    pub(crate) places: Vec<Place>,
    on_wire: BTreeMap<WireKey, usize>,
    in_process: BTreeMap<String, Vec<usize>>,
    /// What lanes are compared by that have something redacted.
    holes_on_wire: Vec<(WireKey, usize)>,
    holes_in_process: Vec<(String, usize)>,
    /// The fields of bodies that are not compared.
    pub(crate) ignored: Vec<String>,
    /// How requests are compared after the redaction.
    pub(crate) comparison: Arc<Comparison>,
    /// The commands that record it, if they are known.
    pub(crate) commands: Option<RecordCommands>,
}

/// A recorded exchange, but for what is replayed of it.
#[derive(Debug)]
pub struct RecordedExchange {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The rest of the request, as it is compared.
    pub(crate) sent: Sent,
    /// The request, if it is one to a model on a known wire.
    pub(crate) request: Option<Request>,
    /// Who reads the response in process; `None` if no reader does.
    pub(crate) profile: Option<Profile>,
    /// The body of the response, if it is not a text.
    pub(crate) binary: Option<Vec<u8>>,
    /// How requests are compared with it.
    pub(crate) comparison: Arc<Comparison>,
}

impl Recorded {
    pub(crate) fn new(ignored: Vec<String>, comparison: Arc<Comparison>) -> Self {
        Recorded {
            ignored,
            comparison,
            ..Recorded::default()
        }
    }

    /// The lane of this recorded request, if there is one.
    pub(crate) fn find(&self, method: &str, path: &str, sent: &Sent) -> Option<usize> {
        let key = key(&self.comparison, method, path, sent);
        self.on_wire.get(&key).copied()
    }

    /// The lane of a request over the wire. One without a redacted text is preferred, and then the one with the longest text.
    fn lane_on_wire(&self, head: &RequestHead) -> Option<usize> {
        let key = key(
            &self.comparison,
            &head.method,
            &head.path,
            head.sent.as_deref()?,
        );
        let exact = self.on_wire.get(&key).copied();
        exact.or_else(|| {
            let holes = self.holes_on_wire.iter().rev();
            let fitting = holes.filter(|(recorded, _)| recorded.fits(&key));
            let lane =
                fitting.max_by_key(|(recorded, _)| recorded.path.len() + recorded.sent.len());
            lane.map(|(_, lane)| *lane)
        })
    }

    /// The lanes of a request in process, in the same order.
    fn lanes_in_process(&self, request: &Request) -> Vec<usize> {
        let asked = asked(&self.comparison, request);
        let exact = self.in_process.get(&asked);
        exact.cloned().unwrap_or_else(|| {
            let holes = self.holes_in_process.iter();
            let mut fitting: Vec<_> = holes
                .filter(|(recorded, _)| Comparison::fits(recorded, &asked))
                .collect();
            fitting.sort_by_key(|(recorded, _)| std::cmp::Reverse(recorded.len()));
            fitting.into_iter().map(|(_, lane)| *lane).collect()
        })
    }

    /// The lane of a request.
    /// In process, `streamed` is whether a stream is asked for.
    pub(crate) fn lane(
        &self,
        head: Option<&RequestHead>,
        request: &Request,
        streamed: bool,
    ) -> Option<usize> {
        if let Some(head) = head {
            return self.lane_on_wire(head);
        }
        let lanes = self.lanes_in_process(request);
        let streams = |lane: &&usize| {
            let recorded = self.lanes[**lane].request.as_ref();
            let streams = |request: &Request| request.stream == Some(true);
            recorded.is_some_and(streams) == (streamed || streams(request))
        };
        lanes.iter().find(streams).or(lanes.first()).copied()
    }

    /// Adds a lane for requests that no lane is for yet, and returns its index.
    pub(crate) fn add(&mut self, lane: Arc<RecordedExchange>, place: Place) -> usize {
        let index = self.lanes.len();
        let key = key(&self.comparison, &lane.method, &lane.path, &lane.sent);
        if key.has_hole() {
            self.holes_on_wire.push((key.clone(), index));
        }
        self.on_wire.insert(key, index);
        if let Some(request) = &lane.request {
            let asked = asked(&self.comparison, request);
            if Comparison::has_hole(&asked) {
                self.holes_in_process.push((asked.clone(), index));
            }
            self.in_process.entry(asked).or_default().push(index);
        }
        self.lanes.push(lane);
        self.places.push(place);
        index
    }
}

impl Scenario {
    /// Sets the commands that record it.
    pub(crate) fn set_record_commands(&mut self, commands: RecordCommands) {
        let recorded = self.recorded.as_mut().and_then(Arc::get_mut);
        if let Some(recorded) = recorded {
            recorded.commands = Some(commands);
        }
    }

    /// The same, with requests that are not recorded answered by a provider. What is recorded already need not be asked for.
    #[cfg(feature = "record")]
    pub(crate) fn live(self, responder: Responder) -> Scenario {
        let respond = Action::Respond(Respond {
            responder,
            source: "the provider that is recorded".into(),
        });
        let turn = Turn {
            place: self.place,
            actions: vec![respond].into(),
            count: Count::ALWAYS,
            ..Turn::EMPTY
        };
        let allow = self.allow.with_unused_turns();
        Scenario {
            otherwise: Otherwise::Turn(turn),
            allow,
            ..self
        }
    }
}

/// What a request over the wire is compared by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct WireKey {
    method: String,
    path: String,
    sent: String,
}

impl WireKey {
    fn has_hole(&self) -> bool {
        Comparison::has_hole(&self.path) || Comparison::has_hole(&self.sent)
    }

    /// Whether a request with this key is equal to the recorded one.
    fn fits(&self, sent: &WireKey) -> bool {
        self.method == sent.method
            && Comparison::fits(&self.path, &sent.path)
            && Comparison::fits(&self.sent, &sent.sent)
    }
}

/// Clients differ in which characters of a path they write as `%3A`.
fn key(comparison: &Comparison, method: &str, path: &str, sent: &Sent) -> WireKey {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let (path, ..) = comparison.request(&path, &[], &[]);
    WireKey {
        method: method.to_owned(),
        path,
        sent: sent.key(),
    }
}

/// What a request in process is compared by: not by how its answer is sent, nor by the fields of one wire.
fn asked(comparison: &Comparison, request: &Request) -> String {
    let asked = Request {
        stream: None,
        extra: serde_json::Map::new(),
        ..request.clone()
    };
    comparison.text(&format!("{asked:?}"))
}

/// Removes the fields of a body that the path names; `*` is each item of a list.
pub(crate) fn remove(value: &mut Value, path: &str) {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    match (value, rest) {
        (Value::Object(fields), None) => drop(fields.remove(name)),
        (Value::Object(fields), Some(rest)) => {
            if let Some(field) = fields.get_mut(name) {
                remove(field, rest);
            }
        }
        (Value::Array(items), Some(rest)) if name == "*" => {
            items.iter_mut().for_each(|item| remove(item, rest));
        }
        _ => {}
    }
}

/// The recorded request that is nearest to another one.
pub(crate) struct Nearest {
    pub(crate) lane: usize,
    pub(crate) differences: Vec<Difference>,
}

/// A place in which two requests differ.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    /// Such as `messages[0].content`; `method`, `path` and `query.alt` are of the head, and `body` is the whole body.
    pub(crate) place: String,
    pub(crate) recorded: Option<Value>,
    pub(crate) sent: Option<Value>,
}

/// The most recorded requests that are compared with one that was not recorded.
const COMPARED: usize = 1_000;

impl Recorded {
    /// The recorded request that differs from this one in the fewest places. One of the same method and path is always nearer.
    pub(crate) fn nearest(&self, head: Option<&RequestHead>, request: &Request) -> Option<Nearest> {
        let compare = |lane: &RecordedExchange| lane.differences(head, request);
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

impl RecordedExchange {
    /// Whether it was recorded for this request.
    pub(crate) fn is_for(&self, head: Option<&RequestHead>, request: &Request) -> bool {
        let comparison = &*self.comparison;
        let key = |sent: &Sent, method: &str, path: &str| key(comparison, method, path, sent);
        match (head, &self.request) {
            (Some(head), _) => head.sent.as_deref().is_some_and(|sent| {
                let recorded = key(&self.sent, &self.method, &self.path);
                recorded.fits(&key(sent, &head.method, &head.path))
            }),
            (None, Some(recorded)) => {
                Comparison::fits(&asked(comparison, recorded), &asked(comparison, request))
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
        let recorded = self.request.as_ref().map(outline);
        let request = outline(request);
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

/// What is compared of a request in process.
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
