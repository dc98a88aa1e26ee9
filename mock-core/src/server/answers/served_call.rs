//! The call of a request, which a server plays step by step. It has a number even if no turn answers.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::chat::embedding::EmbeddingResponse;
use crate::chat::error::ProviderError;
use crate::chat::finish_and_usage::Usage;
use crate::chat::message::Part;
use crate::chat::request::Request;
use crate::chat::response::{ItemPlace, NotedItem, Response};
use crate::engine::pending_call::claim_telling;
use crate::engine::player::Player;
use crate::engine::{EventStream, Mode, Origin};
#[cfg(feature = "record")]
use crate::journal::calls::Outcome;
use crate::scenario::request_head::RequestHead;
use crate::scenario::{Action, After, Fault, FaultKind, Flush, Keepalive, Str, Turn};
use crate::search::Search;
use crate::server::served_request::ServedRequest;

/// A call that is in the journal.
pub(in crate::server) struct ServedCall {
    number: usize,
    player: Result<Box<Player>, ProviderError>,
}

/// A raw answer.
pub(in crate::server) struct RawAnswer {
    pub(super) status: u16,
    /// Whether it consists of frames.
    pub(super) is_framed: bool,
}

impl ServedCall {
    /// Claims a turn for a request. The answer has the provider's ids. The exchange has the number of the call before a closure of the
    /// scenario runs.
    pub(in crate::server) fn new(
        served: &ServedRequest,
        request: Request,
        mode: Mode,
        encrypted_reasoning: bool,
        head: Option<Box<RequestHead>>,
    ) -> Self {
        let mut number = 0;
        let mut note = |claimed_number| {
            number = claimed_number;
            served.exchange.set_call(claimed_number);
        };
        let engine = Arc::clone(&served.connection.server.engine);
        let claimed = claim_telling(engine, request, mode, Origin::Wire(head), Some(&mut note));
        let player = claimed.map(|claimed| {
            let mut player = claimed.play_boxed();
            player.set_ids(served.wire.ids(served.dialect(), encrypted_reasoning));
            player
        });
        ServedCall { number, player }
    }

    /// Returns the number of the call among the mock's calls, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Returns when it started; the start of the test if no turn answers.
    pub(super) fn started_at(&self) -> Duration {
        let player = self.player.as_ref();
        player.map_or(Duration::ZERO, |player| player.started_at())
    }

    /// Returns what plays the answer, or why no turn answers.
    fn player(&mut self) -> Result<&mut Player, ProviderError> {
        self.player.as_deref_mut().map_err(|error| error.clone())
    }

    fn turn(&self) -> Option<&Turn> {
        Some(self.player.as_ref().ok()?.turn())
    }

    /// Whether the turn makes several tool calls.
    pub(super) fn has_parallel_calls(&self) -> bool {
        let mut calls = 0;
        if let Some(turn) = self.turn() {
            for action in turn.actions.iter() {
                calls += usize::from(matches!(action, Action::Call(_)));
            }
        }
        calls > 1
    }

    /// Returns the fault of the turn, if it has one.
    pub(super) fn fault(&self) -> Option<&FaultKind> {
        Some(&self.fault_of_turn()?.kind)
    }

    fn fault_of_turn(&self) -> Option<&Fault> {
        self.turn()?.fault.as_ref()
    }

    /// Returns whether the whole answer is sent before the fault.
    pub(super) fn breaks_behind_the_finish(&self) -> bool {
        self.fault_of_turn()
            .is_some_and(|fault| fault.after.is_behind_the_finish())
    }

    /// Returns whether the answer breaks off before its first content.
    pub(super) fn breaks_off_first(&self) -> bool {
        let fault = self.fault_of_turn();
        fault.is_some_and(|fault| fault.after == After::Deltas(0))
    }

    /// Returns whether the answer is a stream. `streamed` is whether the request asks for one.
    pub(super) fn is_stream(&self, streamed: bool) -> bool {
        self.raw_answer().map_or(streamed, |raw| raw.is_framed)
    }

    /// Returns the answer up to an error that the turn's fault puts within it; `None` if it has no such fault.
    pub(super) fn take_failed(&mut self) -> Option<Response> {
        let fault = self.fault_of_turn()?;
        let is_within =
            matches!(fault.kind, FaultKind::Error(_)) && !fault.after.is_behind_the_finish();
        let player = self.player.as_mut().ok()?;
        is_within.then(|| player.take_received())
    }

    /// Returns whether a stream sends the end mark after its finish.
    pub(super) fn has_end_mark(&self) -> bool {
        self.fault_of_turn()
            .is_none_or(|fault| fault.after != After::Finish)
    }

    /// Returns the keep-alives of a stream, if it has them.
    pub(super) fn keepalive(&self) -> Option<&Keepalive> {
        self.turn()?.keepalive.as_ref()
    }

    /// Returns how events that are due at the same time are written.
    pub(super) fn flush(&self) -> Flush {
        self.turn().map(|turn| turn.flush).unwrap_or_default()
    }

    /// Returns whether the turn answers with JSON.
    pub(super) fn is_json(&self) -> bool {
        let is_json = |action: &Action| matches!(action, Action::Json(_));
        self.turn().is_some_and(|turn| turn.actions.any(&is_json))
    }

    /// Returns the turn's raw answer, if it has one.
    pub(in crate::server) fn raw_answer(&self) -> Option<RawAnswer> {
        let turn = self.turn()?;
        let kind = turn.actions.iter().find_map(|action| match action {
            Action::Raw(_) => Some(false),
            Action::Frames(_) => Some(true),
            _ => None,
        })?;
        Some(RawAnswer {
            status: turn.status.unwrap_or(200),
            is_framed: kind,
        })
    }

    /// Whether the turn answers with a recorded response.
    #[cfg(feature = "cassette")]
    pub(super) fn is_replayed(&self) -> bool {
        self.turn().is_some_and(Turn::is_replayed)
    }

    /// Returns the recorded body of the turn, if it is not a text.
    #[cfg(feature = "cassette")]
    pub(super) fn recorded_bytes(&self) -> Option<Vec<u8>> {
        self.player.as_ref().ok()?.recorded_bytes()
    }

    /// Whether `otherwise` answers.
    #[cfg(feature = "record")]
    pub(super) fn is_otherwise(&self) -> bool {
        self.player
            .as_ref()
            .is_ok_and(|player| player.is_otherwise())
    }

    /// Returns why no turn answers, if none does.
    #[cfg(feature = "record")]
    pub(in crate::server) fn failure(&self) -> Option<&ProviderError> {
        self.player.as_ref().err()
    }

    /// Records that the client gets a part of an answer that is made elsewhere.
    #[cfg(feature = "record")]
    pub(in crate::server) fn deliver_from_elsewhere(&mut self) {
        if let Ok(player) = &mut self.player {
            player.deliver_from_elsewhere();
        }
    }

    /// Records the end of an answer that was made elsewhere, and what it says, if that can be read.
    #[cfg(feature = "record")]
    pub(in crate::server) fn end_elsewhere(&mut self, answer: Option<Response>, outcome: Outcome) {
        if let Ok(player) = &mut self.player {
            player.end_elsewhere(answer, outcome);
        }
    }

    /// Returns the next frame of a raw answer as soon as it is due.
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Str, ProviderError>>> {
        self.player()?.poll_frame(cx)
    }

    /// Returns whether the turn sends nothing at all.
    pub(super) fn hangs(&self) -> bool {
        let speaks = |action: &Action| !action.is_wait();
        let first = self.turn().and_then(|turn| turn.actions.find(&speaks));
        matches!(first, Some(Action::Hang))
    }

    /// Waits until the answer begins. It fails if no turn answers, or if the turn fails before its first event.
    pub(in crate::server) fn poll_beginning(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), ProviderError>> {
        self.player()?.poll_beginning(cx)
    }

    /// Returns whether it waits for a timer.
    pub(super) fn waits_for_time(&self) -> bool {
        self.player
            .as_ref()
            .is_ok_and(|player| player.waits_for_time())
    }

    /// Returns an empty answer with the id and the model of this one, and the usage that is known beforehand.
    pub(super) fn head(&self) -> Response {
        let Ok(player) = &self.player else {
            return Response::empty();
        };
        let mut head = player.response();
        head.usage = player.usage().map(|usage| Usage {
            completion_tokens: usage.completion_tokens.min(1),
            reasoning_tokens: 0,
            ..usage
        });
        head
    }

    /// Notes the further fields of the parts of a closure's answer, for wires that begin a block with all of its fields.
    pub(super) fn note_fields_of_blocks(&self, head: &mut Response) {
        let actions = self.turn().map(|turn| &turn.actions[..]);
        for (block, mut fields) in fields_of_blocks(actions.unwrap_or_default()) {
            // Citations are sent one by one.
            if let Some(Value::Array(citations)) = fields.get_mut("citations") {
                citations.clear();
            }
            head.note_item(NotedItem {
                id: block.to_string(),
                place: ItemPlace::Added,
                fields,
            });
        }
    }

    /// Returns the headers that the turn or its closure sets.
    pub(super) fn headers(&self) -> Vec<(Str, Str)> {
        let player = self.player.as_ref();
        player.map_or_else(|_| Vec::new(), |player| player.headers())
    }

    /// Returns the whole answer as soon as all of it is due.
    pub(super) fn poll_answer(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, ProviderError>> {
        self.player()?.poll_answer(cx)
    }

    /// Returns the whole answer as soon as it has its finish, whatever comes after that.
    pub(super) fn poll_answer_to_finish(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, ProviderError>> {
        self.player()?.poll_answer_to_finish(cx)
    }

    /// The vectors, as soon as they are due.
    pub(super) fn poll_embedding(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<EmbeddingResponse, ProviderError>> {
        self.player()?.poll_embedding(cx)
    }

    /// Returns the events of the answer.
    pub(super) fn into_events(self) -> Result<EventStream, ProviderError> {
        self.player.map(EventStream::new)
    }
}

/// Returns the further fields of each block, by its index, in the answer of a closure. Each part is a block, but for a refusal.
fn fields_of_blocks(actions: &[Action]) -> Vec<(usize, Map<String, Value>)> {
    let mut fields: Vec<(usize, Map<String, Value>)> = Vec::new();
    let mut blocks: usize = 0;
    // Whether an empty part has begun a block that the next action continues.
    let mut has_begun = false;
    for action in actions.iter().filter(|action| !action.is_wait()) {
        match action {
            Action::Part(Part::Extra(extra)) => {
                let block = blocks.saturating_sub(1);
                match fields.last_mut() {
                    Some((last, known)) if *last == block => known.extend(extra.clone()),
                    _ => fields.push((block, extra.clone())),
                }
            }
            Action::Part(Part::Text(_) | Part::Reasoning(_)) => {
                blocks += 1;
                has_begun = true;
                continue;
            }
            Action::Part(Part::Refusal(_)) | Action::Refusal(_) | Action::Signature(_) => {}
            _ if has_begun => {}
            _ => blocks += 1,
        }
        has_begun = false;
    }
    fields
}
