//! Chooses the lane of a request, or the script without lanes. The choice depends only on the scenario and the request.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::conversation_hash::ConversationHash;
use super::incoming_request::IncomingRequest;
use super::match_context::MatchContext;
use crate::journal::calls::Call;
use crate::journal::verdict::NoScript;
use crate::scenario::{Matcher, Per, Scenario, Str};

/// The script of a request, for a mock with lanes or instances.
pub(super) struct ScriptAssignment {
    /// The lane, of a mock with lanes.
    pub(super) lane: Option<usize>,
    /// The key of its instance.
    pub(super) key: Key,
    /// The captures of the lane's pattern and of `per`.
    pub(super) captures: Vec<(Str, String)>,
    /// Its instance, once the progress of the mock is known.
    pub(super) slot: Slot,
    /// The message of a closure that panicked while the script was chosen.
    pub(super) panic: Option<Box<dyn Any + Send>>,
}

/// The instance of a request.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Slot {
    /// The instance has begun, and has this index.
    At(u32),
    /// The instance begins with this request.
    New,
    /// There is none, so no script is tried.
    Outside,
}

/// The key of an instance.
pub(super) enum Key {
    /// This text; an empty one if there is a single instance.
    Text(String),
    /// Its conversation.
    ConversationHash(ConversationHash),
    /// There is none.
    NoScript(NoScript),
}

impl ScriptAssignment {
    /// Chooses the script of a request. This may run closures, so it is not done under the lock.
    pub(super) fn new(scenario: &Scenario, incoming: IncomingRequest<'_>) -> Box<Self> {
        let mut captures = Vec::new();
        let context = MatchContext::without_script(scenario, incoming.request, incoming.head);
        let choose = || context.lane_and_key(incoming, &mut captures);
        let (lane, key, panic) = match catch_unwind(AssertUnwindSafe(choose)) {
            Ok((lane, key)) => (lane, key, None),
            Err(panic) => (None, Key::NoScript(NoScript::NoLane), Some(panic)),
        };
        Box::new(ScriptAssignment {
            lane,
            key,
            captures,
            slot: Slot::Outside,
            panic,
        })
    }

    /// Why no script is tried.
    pub(super) fn no_script(&self) -> Option<NoScript> {
        match self.key {
            Key::NoScript(no_script) => Some(no_script),
            _ => None,
        }
    }
}

/// Returns the captures of the matcher of `per`.
pub(crate) fn captured_of_instance(scenario: &Scenario, call: &Call) -> Vec<(Str, String)> {
    let mut captures = Vec::new();
    if let Some(Per::Matcher(matcher)) = &scenario.per {
        let context = MatchContext::without_script(scenario, call.request(), call.head.as_deref());
        context.hold(std::slice::from_ref(matcher), &mut captures);
    }
    captures
}

impl MatchContext<'_> {
    fn lane_and_key(
        &self,
        incoming: IncomingRequest<'_>,
        captures: &mut Vec<(Str, String)>,
    ) -> (Option<usize>, Key) {
        let lane = self.lane(incoming, captures);
        let key = match (lane, &self.scenario.per) {
            (None, _) if !self.scenario.lanes.is_empty() => Key::NoScript(NoScript::NoLane),
            (_, Some(Per::Conversation)) if incoming.embedding.is_some() => {
                Key::NoScript(NoScript::Embedding)
            }
            (lane, _) => self.key(lane, captures),
        };
        (lane, key)
    }

    /// Returns the first lane that matches the request.
    #[cfg_attr(not(feature = "cassette"), expect(unused_variables))]
    fn lane(
        &self,
        incoming: IncomingRequest<'_>,
        captures: &mut Vec<(Str, String)>,
    ) -> Option<usize> {
        #[cfg(feature = "cassette")]
        if let Some(recorded) = &self.scenario.recorded {
            let is_embedding = incoming.embedding.is_some();
            return recorded.lane(self.head, self.request, is_embedding, incoming.streamed);
        }
        for (index, lane) in self.scenario.lanes.iter().enumerate() {
            captures.clear();
            if self.may_answer(lane.names_paths()) && self.hold(&lane.matchers, captures) {
                return Some(index);
            }
        }
        None
    }

    fn key(&self, lane: Option<usize>, captures: &mut Vec<(Str, String)>) -> Key {
        match &self.scenario.per {
            None => Key::Text(String::new()),
            // A request for another endpoint has neither messages nor a model.
            Some(Per::Conversation | Per::Model) if !self.asks_model() => Key::Text(String::new()),
            Some(Per::Conversation) => {
                Key::ConversationHash(ConversationHash::new(&self.request.messages, lane))
            }
            Some(Per::Model) => Key::Text(self.request.model.clone()),
            Some(Per::Header(name)) => {
                let value = self.head.and_then(|head| head.values(name).next());
                match value {
                    Some(value) => Key::Text(value.to_owned()),
                    None => Key::NoScript(NoScript::NoInstance),
                }
            }
            Some(Per::Matcher(matcher)) => {
                let of_lane = captures.len();
                let holds = self.hold(std::slice::from_ref(matcher), captures);
                match captures.get(of_lane..) {
                    Some(of_per @ [_, ..]) if holds => Key::Text(captured(of_per)),
                    _ => Key::NoScript(NoScript::NoInstance),
                }
            }
        }
    }

    /// Returns whether all of these hold. A matcher that is for the request but cannot answer it does not hold.
    pub(super) fn hold(&self, matchers: &[Matcher], captures: &mut Vec<(Str, String)>) -> bool {
        for matcher in matchers {
            if !matches!(self.matches(matcher, captures), Ok(true)) {
                return false;
            }
        }
        true
    }
}

/// Joins captures into one text. It includes their lengths, so that different captures never give the same text.
fn captured(captures: &[(Str, String)]) -> String {
    match captures {
        [(_, only)] => only.clone(),
        several => {
            let mut key = String::new();
            for (name, value) in several {
                key.push_str(&format!("{name}{}:{value}", value.len()));
            }
            key
        }
    }
}
