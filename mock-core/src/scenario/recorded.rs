//! The recorded exchanges of a scenario, and the lane of each request among them: [`Recorded`].

pub(crate) mod compared_request;
pub(crate) mod difference_for_reports;
pub(crate) mod exchange;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::request_head::RequestHead;
#[cfg(feature = "record")]
use super::{Action, Count, Otherwise, Respond, Responder, Turn};
use super::{RecordCommands, Scenario, SourceLocation};
use crate::chat::request::Request;
use crate::search::Search;
use compared_request::SentRequest;
use compared_request::{WireKey, in_process_request, wire_key};
use exchange::{InProcess, RecordedExchange};
use mock_cassette::{Comparison, UnreadKey};

/// The requests of a scenario with recorded exchanges. If it has no script of its own, each lane has the responses to equal requests, in
/// order.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The first exchange of each lane, which says for which requests it is.
    pub(crate) lanes: Vec<Arc<RecordedExchange>>,
    /// The location of each in its file.
    pub(crate) places: Vec<SourceLocation>,
    on_wire: BTreeMap<WireKey, usize>,
    in_process: BTreeMap<String, Vec<usize>>,
    /// The keys of the lanes with redacted texts.
    holes_on_wire: Vec<(WireKey, usize)>,
    holes_in_process: Vec<(String, usize)>,
    /// Whether fields of a request in process are replaced before it is compared.
    has_changes: bool,
    /// The fields of bodies that are not compared.
    pub(crate) ignored: Vec<String>,
    /// The ignored fields that no recorded request has.
    pub(crate) ignored_in_vain: Vec<String>,
    /// How requests are compared after the redaction.
    pub(crate) comparison: Arc<Comparison>,
    /// The commands that record it, if they are known.
    pub(crate) commands: Option<RecordCommands>,
}

/// The keys of a cassette that a replay does not use.
#[derive(Debug)]
pub struct UnreadKeys {
    pub(crate) file: Option<&'static str>,
    pub(crate) keys: Vec<UnreadKey>,
}

impl Recorded {
    pub(crate) fn new(ignored: Vec<String>, comparison: Arc<Comparison>) -> Self {
        Recorded {
            ignored_in_vain: ignored.clone(),
            ignored,
            comparison,
            ..Recorded::default()
        }
    }

    /// The lane of this recorded request, if there is one.
    pub(crate) fn find(&self, method: &str, path: &str, sent: &SentRequest) -> Option<usize> {
        let key = wire_key(&self.comparison, method, path, sent);
        self.on_wire.get(&key).copied()
    }

    /// The lane of a request over the wire. One without a redacted text is preferred, and then the one with the longest text.
    fn lane_on_wire(&self, head: &RequestHead) -> Option<usize> {
        let key = wire_key(
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
    fn lanes_in_process(&self, request: &Request, is_embedding: bool) -> Vec<usize> {
        let mut lanes = Vec::new();
        for change in self.changes() {
            let request = InProcess::change(change, request);
            let compared = in_process_request(&self.comparison, &request, is_embedding);
            lanes.extend(self.lanes_of_request(&compared.to_string()));
        }
        lanes
    }

    /// The ways in which requests in process are changed before they are compared: one, unless rules name fields of several wires.
    fn changes(&self) -> Vec<Option<&InProcess>> {
        let mut changes: Vec<Option<&InProcess>> = Vec::new();
        if self.has_changes {
            for lane in &self.lanes {
                let change = lane.in_process.as_ref();
                let is_same = |known: &Option<&InProcess>| match (known, change) {
                    (Some(InProcess(known)), Some(InProcess(change))) => Arc::ptr_eq(known, change),
                    (known, change) => known.is_none() && change.is_none(),
                };
                if !changes.any(&is_same) {
                    changes.push(change);
                }
            }
        }
        if changes.is_empty() {
            changes.push(None);
        }
        changes
    }

    fn lanes_of_request(&self, compared: &str) -> Vec<usize> {
        let exact = self.in_process.get(compared);
        exact.cloned().unwrap_or_else(|| {
            let holes = self.holes_in_process.iter();
            let mut fitting: Vec<_> = holes
                .filter(|(recorded, _)| Comparison::fits(recorded, compared))
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
        is_embedding: bool,
        streamed: bool,
    ) -> Option<usize> {
        if let Some(head) = head {
            return self.lane_on_wire(head);
        }
        let lanes = self.lanes_in_process(request, is_embedding);
        let streams = |lane: &usize| {
            let recorded = self.lanes[*lane].request.as_ref();
            let streams = |request: &Request| request.stream == Some(true);
            recorded.is_some_and(|recorded| streams(&recorded.request))
                == (streamed || streams(request))
        };
        lanes.find(&streams).or(lanes.first()).copied()
    }

    /// Adds a lane for requests that no lane is for yet, and returns its index.
    pub(crate) fn add(&mut self, lane: Arc<RecordedExchange>, place: SourceLocation) -> usize {
        let index = self.lanes.len();
        let key = wire_key(&self.comparison, &lane.method, &lane.path, &lane.sent);
        if key.has_hole() {
            self.holes_on_wire.push((key.clone(), index));
        }
        self.on_wire.insert(key, index);
        if let Some(request) = &lane.compared {
            let compared =
                in_process_request(&self.comparison, &request.request, request.is_embedding);
            let compared = compared.to_string();
            if Comparison::has_hole(&compared) {
                self.holes_in_process.push((compared.clone(), index));
            }
            self.in_process.entry(compared).or_default().push(index);
        }
        self.has_changes |= lane.in_process.is_some();
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

    /// Lets a provider answer requests that are not recorded. Recorded turns may stay unused.
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
