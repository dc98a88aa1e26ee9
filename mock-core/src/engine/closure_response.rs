//! Calls the closure of a turn, and makes a turn of its response.

use std::mem::{discriminant, take};
use std::sync::Arc;

use super::Engine;
use super::running_call::CallGuard;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::chat::response::Response;
use crate::report;
use crate::scenario::{Action, Arguments, ScriptedCall, Text, Turn, TurnIndex};

/// The answer of a closure, as a turn that can be played.
pub(super) struct ClosureResponse {
    /// The turn of the script, with the parts of the answer in place of the closure.
    pub(super) turn: Turn,
    /// The failure, if the closure returned one.
    pub(super) error: Option<ProviderError>,
    /// The answer without its parts.
    pub(super) response: Response,
    /// The tool calls, in order, without their arguments.
    pub(super) calls: Vec<ToolCall>,
}

impl ClosureResponse {
    /// The answer of a turn without a closure.
    pub(super) fn from_turn(turn: Turn) -> Self {
        ClosureResponse {
            turn,
            error: None,
            response: Response::empty(),
            calls: Vec::new(),
        }
    }

    pub(super) fn new(
        turn: &Turn,
        answer: Result<AnswerWithVectors, ProviderError>,
        guard: &CallGuard,
    ) -> Self {
        let sendable = match &answer {
            Ok((response, _)) => response.check(),
            Err(error) => error.check(),
        };
        let answer = match sendable {
            Ok(()) => answer,
            Err(problem) => Err(guard.unsupported(report::unsendable(problem))),
        };
        let ((mut response, vectors), error) = match answer {
            Ok(answer) => (answer, None),
            Err(error) => (chat_only(Response::empty()), Some(error)),
        };
        // Push the parts as events. This merges further fields into their tool call, so that they are sent when it begins.
        for part in take(&mut response.message.parts) {
            response.push(StreamEvent::Part(Box::new(part)));
        }
        let parts = take(&mut response.message.parts);
        let mut calls = Vec::new();
        for part in &parts {
            if let Part::ToolCall(call) = part {
                calls.push(ToolCall {
                    id: call.id.clone(),
                    extra: call.extra.clone(),
                    ..ToolCall::new("", "", "")
                });
            }
        }
        let mut answered = actions(parts);
        let mut actions = Vec::new();
        for action in turn.actions.iter() {
            match action {
                // A failed closure leaves its action, which fails when it is played.
                Action::Respond(_) | Action::Raw(_) if error.is_none() => {
                    actions.append(&mut answered)
                }
                other => actions.push(other.clone()),
            }
        }
        for vector in vectors {
            actions.push(Action::EmbedVector(vector.into()));
        }
        ClosureResponse {
            turn: Turn {
                actions: actions.into(),
                ..turn.clone()
            },
            error,
            response,
            calls,
        }
    }
}

/// An answer, and its vectors if it is one to a request for embeddings.
pub(super) type AnswerWithVectors = (Response, Vec<Vec<f32>>);

/// An answer to a request for chat.
pub(super) fn chat_only(response: Response) -> AnswerWithVectors {
    (response, Vec::new())
}

/// Returns the actions for these parts. A response that is built from their events has the same parts.
fn actions(parts: Vec<Part>) -> Vec<Action> {
    let mut actions = Vec::with_capacity(parts.len());
    // The kind of the part that deltas would continue.
    let mut open = None;
    for part in parts {
        let kind = Some(discriminant(&part));
        let empty = match part {
            Part::Text(_) => Some(Part::Text(String::new())),
            Part::Refusal(_) => Some(Part::Refusal(String::new())),
            Part::Reasoning(_) => Some(Part::Reasoning(Reasoning::new(""))),
            _ => None,
        };
        if let Some(empty) = empty
            && (part == empty || open == kind)
        {
            actions.push(Action::Part(empty));
        }
        open = kind;
        match part {
            Part::Text(text) => actions.push(Action::Reply(verbatim(text))),
            Part::Refusal(text) => actions.push(Action::Refusal(verbatim(text))),
            Part::Reasoning(reasoning) => {
                actions.push(Action::Reasoning(verbatim(reasoning.text)));
                if let Some(signature) = reasoning.signature {
                    actions.push(Action::Signature(verbatim(signature)));
                    open = None;
                }
            }
            Part::ToolCall(call) => actions.push(Action::Call(ScriptedCall {
                tool: call.name.into(),
                arguments: Arguments::Raw(call.arguments.into()),
                id: None,
            })),
            part => actions.push(Action::Part(part)),
        }
    }
    actions
}

fn verbatim(text: String) -> Text {
    Text::Verbatim(text.into())
}

impl Engine {
    /// Runs the turn's closure, if it has one, or reads the raw body in process.
    pub(super) fn respond(
        &self,
        guard: &CallGuard,
        index: TurnIndex,
        is_served: bool,
    ) -> Option<Arc<ClosureResponse>> {
        let turn = self.scenario.turn(index);
        let call = guard.call();
        for action in turn.actions.iter() {
            let answer = match action {
                Action::Respond(respond) => {
                    match guard.ask(|| respond.responder.respond(call.request())) {
                        Some(answer) => answer.map(chat_only),
                        // An async closure runs when the answer begins.
                        None => continue,
                    }
                }
                Action::Raw(body) if !is_served => {
                    match self.read_raw(index, body, call.is_embedding()) {
                        Some(answer) => answer,
                        None => {
                            let profile = self.scenario.profile_of(index);
                            Err(guard.unsupported(report::unread_raw_answer(profile)))
                        }
                    }
                }
                _ => continue,
            };
            return Some(Arc::new(ClosureResponse::new(turn, answer, guard)));
        }
        None
    }
}
