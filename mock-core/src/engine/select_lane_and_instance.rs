//! Chooses the lane of a request, or the script without lanes. The choice depends only on the scenario and the request.

use super::conversation_hash::ConversationHash;
use super::match_context::MatchContext;
use crate::chat::request::Request;
use crate::journal::calls::Call;
use crate::journal::verdict::{NoScript, Reason};
use crate::scenario::request_head::RequestHead;
use crate::scenario::{Matcher, Per, Scenario, Str};

/// The script that a request is for.
pub(super) struct Located {
    /// The lane, of a mock with lanes.
    pub(super) lane: Option<usize>,
    /// The key of its instance.
    pub(super) key: Key,
    /// The captures of the lane's pattern and of `per`.
    pub(super) captures: Vec<(Str, String)>,
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

impl Located {
    /// Returns the script of a request for which a closure panicked.
    pub(super) fn nowhere() -> Located {
        Located {
            lane: None,
            key: Key::NoScript(NoScript::NoLane),
            captures: Vec::new(),
        }
    }

    pub(super) fn new(
        scenario: &Scenario,
        request: &Request,
        head: Option<&RequestHead>,
        is_embedding: bool,
        streamed: bool,
    ) -> Located {
        let context = MatchContext::without_script(scenario, request, head);
        let mut captures = Vec::new();
        let lane = context.lane(is_embedding, streamed, &mut captures);
        let key = match lane {
            None if !scenario.lanes.is_empty() => Key::NoScript(NoScript::NoLane),
            _ if is_embedding && matches!(scenario.per, Some(Per::Conversation)) => {
                Key::NoScript(NoScript::Embedding)
            }
            lane => context.key(lane, &mut captures),
        };
        Located {
            lane,
            key,
            captures,
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
    /// Returns the first lane that matches the request.
    fn lane(
        &self,
        is_embedding: bool,
        streamed: bool,
        captures: &mut Vec<(Str, String)>,
    ) -> Option<usize> {
        #[cfg(feature = "cassette")]
        if let Some(recorded) = &self.scenario.recorded {
            return recorded.lane(self.head, self.request, is_embedding, streamed);
        }
        let _ = (is_embedding, streamed);
        self.scenario.lanes.iter().position(|lane| {
            captures.clear();
            self.may_answer(lane.names_paths()) && self.hold(&lane.matchers, captures)
        })
    }

    fn key(&self, lane: Option<usize>, captures: &mut Vec<(Str, String)>) -> Key {
        match &self.scenario.per {
            None => Key::Text(String::new()),
            // It has neither messages nor a model.
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
        let mut matchers = matchers.iter();
        matchers.all(|matcher| self.matches(matcher, captures).unwrap_or_else(never))
    }
}

/// A matcher in a lane's pattern, or in `per`, never claims a request that it cannot answer.
fn never(_: Reason) -> bool {
    false
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
