//! The events of a turn's answer, each with its time from the answer's beginning.

mod default_finish_and_usage;
mod driver_events;
mod due_times;
mod fault;
mod numbered_ids;
mod play_actions;
mod raw_answer;
mod replay_of_ended_call;
mod signatures;
pub(super) mod single_text;
mod split;
mod tool_calls;

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use play_actions::Spoken;
use raw_answer::FramesInProcess;
use tool_calls::TypedCalls;

use super::rng::CallRng;
use super::running_call::CallGuard;
use super::{ClaimedTurn, Engine, WaitPoint};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::{Action, After, Failure, Pace, Scenario, Split, Str, Text, Turn, Variable};
use crate::search::Search;

/// The answer of one turn to one call, computed as it is read.
pub(super) struct Playback {
    pub(super) guard: CallGuard,
    /// How ids are made, where it is not by counting.
    pub(super) ids: Option<super::Ids>,
    /// The text of the reasoning that the provider has yet to sign.
    unsigned: Option<String>,
    pub(super) chosen: ClaimedTurn,
    /// The events that the test pushed through drivers, if any; `None` is the end of a driver's part.
    pushed: Vec<Option<StreamEvent>>,
    /// The arguments of typed calls.
    typed: Option<Box<TypedCalls>>,
    /// Whether the answer of an async closure is still awaited.
    pub(super) awaits: bool,
    streamed: bool,
    /// How texts are split.
    split: Split,
    /// In how many pieces arguments are handed out.
    pieces: u32,
    rng: CallRng,
    /// The turn's pace. It is asked after each delta, and looking up the turn takes 3.5 % of a chunk.
    pace: Pace,
    /// Whether the turn has a fault. This is checked before each event; to look it up in the turn would take 2.5 % of the time of a chunk.
    faulty: bool,
    /// Whether the head of the answer has more than its id and its model. To look it up in the turn would take as long.
    is_given: bool,
    /// Whether the call may fail before its first event. To look it up in the turn would take 1 % of the time of a call.
    pub(super) may_fail_first: bool,
    /// The action that speaks next.
    action: usize,
    /// How far into that action the answer is: a piece of a stream, a byte of a reply, a step of a call.
    position: usize,
    /// The text that is being spoken.
    text: String,
    /// How many content deltas there have been.
    deltas: u32,
    /// How many tool calls there have been.
    calls: usize,
    /// How many characters of text there have been.
    characters: u64,
    /// How many characters of content there have been, arguments too.
    content: u64,
    /// When the first delta is due, after the answer's beginning: later by as much as the test has held the answer back.
    first: Duration,
    /// When the last delta was due, and when the next one is, after the answer's beginning.
    due: (Duration, Duration),
    /// The raw frames as they are read in process, once anything of them is needed.
    frames: OnceLock<Option<Box<FramesInProcess>>>,
    finished: bool,
    /// Whether the finish event has been sent and a fault follows it.
    breaks_behind: bool,
    /// The time of what was said last, counted from the answer's beginning.
    at: Duration,
}

/// The next step of an answer.
pub(super) enum Step {
    Event(StreamEvent),
    Error(Box<ProviderError>),
    /// A raw frame, over the wire.
    Frame(Str),
    /// All raw frames have been sent.
    Sent,
    /// The answer ends without its finish event.
    End,
    /// Nothing more comes.
    Stall,
    /// The test holds the answer back.
    WaitAt(WaitPoint),
}

impl Step {
    pub(super) fn error(error: ProviderError) -> Step {
        Step::Error(Box::new(error))
    }
}

/// Moves a model that the metadata name to the field of the answer.
#[cold]
fn take_model(response: &mut Response) {
    match response.metadata.remove("model") {
        Some(Value::String(model)) => response.model = model,
        Some(other) => drop(response.metadata.insert("model".to_owned(), other)),
        None => {}
    }
}

impl Playback {
    #[inline]
    pub(super) fn new(guard: CallGuard, chosen: ClaimedTurn, streamed: bool) -> Self {
        let turn = turn(&guard, &chosen);
        // Split the answer only for a stream, a pace or a fault. Otherwise nobody sees the pieces.
        let in_pieces = streamed || turn.pace != Pace::NONE || turn.fault.is_some();
        let (split, pieces) = match in_pieces {
            true => (turn.split, turn.pieces),
            false => (Split::Whole, 1),
        };
        let awaits = guard.engine.summary.responds && turn.async_responder().is_some();
        Playback {
            split,
            pieces,
            rng: guard.rng(),
            first: turn.ttft,
            due: (turn.ttft, turn.ttft),
            pace: turn.pace,
            faulty: turn.fault.is_some(),
            is_given: matches!(
                turn.actions.first(),
                Some(Action::Frames(_) | Action::Gate(_))
            ) || chosen.closure_response.is_some()
                || !turn.headers.is_empty()
                || guard.scenario().metadata.is_some(),
            may_fail_first: turn.fault.is_some()
                || matches!(
                    turn.actions.first(),
                    Some(
                        Action::Fail(_)
                            | Action::Respond(_)
                            | Action::Raw(_)
                            | Action::Gate(_)
                            | Action::Pause(_)
                    )
                ),
            streamed,
            guard,
            ids: None,
            unsigned: None,
            pushed: Vec::new(),
            typed: None,
            awaits,
            chosen,
            action: 0,
            position: 0,
            text: String::new(),
            deltas: 0,
            calls: 0,
            characters: 0,
            content: 0,
            frames: OnceLock::new(),
            finished: false,
            breaks_behind: false,
            at: Duration::ZERO,
        }
    }

    /// Records that the caller received an event, if the call is streamed. `at` is when, if the answer takes time.
    pub(super) fn deliver(&self, at: Option<Instant>) {
        if self.streamed {
            self.guard.deliver(at);
        }
    }

    /// Records the same for a finish event before a fault.
    #[cold]
    pub(super) fn deliver_finish(&mut self) {
        if self.streamed {
            self.guard.deliver_finish();
        }
    }

    /// Whether the caller asked for a stream.
    #[cfg(feature = "record")]
    pub(super) fn is_streamed(&self) -> bool {
        self.streamed
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.guard.engine
    }

    pub(super) fn turn(&self) -> &Turn {
        turn(&self.guard, &self.chosen)
    }

    /// Returns the failure before any other event.
    pub(super) fn failure(&self) -> Option<ProviderError> {
        let turn = self.turn();
        match (turn.actions.first(), &turn.fault) {
            (_, Some(fault)) if fault.after == After::Deltas(0) => match self.break_off(fault) {
                Step::Error(error) => Some(self.with_headers(*error)),
                _ => None,
            },
            (Some(action), _) => self.failure_of(action),
            _ => None,
        }
    }

    /// Returns whether the turn fails before any other event, once its gates and pauses let it.
    pub(super) fn fails_after_waiting(&self) -> bool {
        let first = self.turn().actions.find(&|action| !action.is_wait());
        first.is_some_and(|action| self.failure_of(action).is_some())
    }

    /// Returns the failure of an action, if it is one.
    fn failure_of(&self, action: &Action) -> Option<ProviderError> {
        match action {
            Action::Fail(failure) => Some(self.with_headers(self.error(failure))),
            // The closure has already been called. This action is left only if it failed; otherwise its answer replaced it.
            Action::Respond(_) | Action::Raw(_) => {
                let error = self.chosen.closure_response.as_ref()?.error.clone();
                error.map(|error| self.with_headers(error))
            }
            _ => None,
        }
    }

    /// Returns the error with the turn's headers, if it has an HTTP response.
    pub(super) fn with_headers(&self, mut error: ProviderError) -> ProviderError {
        let headers = &self.turn().headers;
        if !headers.is_empty() && error.status.is_some() {
            let raw = error.raw.get_or_insert_default();
            raw.headers = joined(headers, &raw.headers);
        }
        error
    }

    /// Returns the headers that the turn or its closure sets.
    pub(super) fn headers(&self) -> Vec<(Str, Str)> {
        let given = self
            .closure_response()
            .map_or(&[][..], |given| &given.headers);
        joined(&self.turn().headers, given)
    }

    /// Returns an empty answer with the id and the model of this one.
    #[inline]
    pub(super) fn response(&self) -> Response {
        let scenario = self.guard.scenario();
        let call = self.guard.call();
        let id = self.response_id(call.number());
        let response = Response::new(id, model(scenario, call.request()));
        match self.is_given {
            true => self.with_what_is_given(response),
            false => response,
        }
    }

    /// Returns the same, with the fields of the scenario or a closure.
    #[cold]
    fn with_what_is_given(&self, mut response: Response) -> Response {
        if self.ids.is_none()
            && let Some(head_of_frames_read) = self.head_of_frames()
        {
            response = head_of_frames_read;
        }
        if let Some(metadata) = &self.guard.scenario().metadata {
            // The text was written from an object, but may be nested too deeply to be read.
            response.metadata = serde_json::from_str(metadata).unwrap_or_else(|error| {
                panic!("the metadata of the mock cannot be read ({error}): write less deep objects and smaller numbers")
            });
            take_model(&mut response);
        }
        if let Some(closure_response) = &self.chosen.closure_response {
            let given = &closure_response.response;
            if given.is_verbatim() {
                response = Response::empty();
            }
            if !given.id.is_empty() {
                response.id.clone_from(&given.id);
            }
            response.metadata.extend(Map::clone(&given.metadata));
            if !given.model.is_empty() {
                response.model.clone_from(&given.model);
            } else if !given.is_verbatim() {
                take_model(&mut response);
            }
            response.message = given.message.clone();
        }
        response.headers = self.headers();
        response
    }

    /// Returns the next step, at the time in `at`; `None` after the last.
    ///
    /// The time is separate from the step, which is large: moving both together costs 3 % of a chunk.
    pub(super) fn next(&mut self) -> Option<Step> {
        if self.finished {
            return self.fault_behind_the_finish();
        }
        let step = loop {
            if let Some(step) = self.next_in_frame() {
                return Some(step);
            }
            // A fault may be due before the events after a pause or a frame.
            if let Some(due) = self.fault_due(false) {
                return Some(due);
            }
            match self.speak() {
                Spoken::Step(step) => break step,
                Spoken::Nothing => {}
                Spoken::All => match self.fault_due(true) {
                    Some(due) => return Some(due),
                    None => break self.end(),
                },
            }
        };
        match &step {
            Step::Event(event) => self.count(event),
            Step::Frame(frame) => self.count_frame(frame),
            _ => {}
        }
        self.at = self.due.0;
        Some(step)
    }

    /// Returns what comes when all has been said.
    fn end(&mut self) -> Step {
        if let Some(Action::Hang) = self.turn().actions.get(self.action) {
            return self.last(Step::Stall);
        }
        if let Some(end) = self.end_of_raw_answer() {
            return self.last(end);
        }
        let finish = self.finish();
        self.note_finish();
        Step::Event(finish)
    }

    fn last(&mut self, step: Step) -> Step {
        self.finished = true;
        step
    }

    fn error(&self, failure: &Failure) -> ProviderError {
        let scenario = self.guard.scenario();
        failure.error(scenario, &|variable| self.chosen.values.get(variable))
    }

    fn render(&self, text: &Text) -> String {
        text.render(&|variable| self.chosen.values.get(variable))
    }

    /// Renders the same with the values escaped for a JSON string.
    fn render_json(&self, text: &Text) -> String {
        text.render(&|variable: &Variable| self.chosen.values.get_escaped(variable))
    }

    /// Returns the closure's answer without its parts.
    fn closure_response(&self) -> Option<&Response> {
        let closure_response = self.chosen.closure_response.as_ref();
        closure_response.map(|closure_response| &closure_response.response)
    }

    /// Returns whether the closure's answer is played exactly as it is.
    pub(super) fn is_verbatim(&self) -> bool {
        self.closure_response().is_some_and(Response::is_verbatim)
    }
}

/// Returns the headers of a turn, replaced by more specific ones of the same names.
fn joined(headers: &[(Str, Str)], nearer: &[(Str, Str)]) -> Vec<(Str, Str)> {
    let mut joined = Vec::new();
    for header in headers {
        let is_replaced = nearer.any(&|(name, _)| name.eq_ignore_ascii_case(&header.0));
        if !is_replaced {
            joined.push(header.clone());
        }
    }
    joined.append(&mut nearer.to_vec());
    joined
}

/// Returns the turn that is played.
#[inline]
fn turn<'a>(guard: &'a CallGuard, chosen: &'a ClaimedTurn) -> &'a Turn {
    match &chosen.closure_response {
        Some(closure_response) => &closure_response.turn,
        None => guard.scenario().turn(chosen.turn),
    }
}

fn model(scenario: &Scenario, request: &Request) -> String {
    match (&scenario.model, request.model.is_empty()) {
        (Some(model), true) => model.to_string(),
        _ => request.model.clone(),
    }
}
