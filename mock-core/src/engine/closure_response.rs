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
#[derive(Clone)]
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
            response: Response::new("", ""),
            calls: Vec::new(),
        }
    }

    pub(super) fn new(
        turn: &Turn,
        answer: Result<Response, ProviderError>,
        guard: &CallGuard,
    ) -> Self {
        let sendable = match &answer {
            Ok(response) => response.check(),
            Err(error) => error.check(),
        };
        let (mut response, error) = match (sendable, answer) {
            (Ok(()), Ok(response)) => (response, None),
            (Ok(()), Err(error)) => (Response::new("", ""), Some(error)),
            (Err(problem), _) => {
                let error = guard.unsupported(report::unsendable(problem));
                (Response::new("", ""), Some(error))
            }
        };
        // As events, so that further fields of a tool call are merged into it, and are sent when it begins.
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
        let mut said = actions(parts);
        let mut actions = Vec::new();
        for action in turn.actions.iter() {
            match action {
                // A failure stays, and fails in its turn.
                Action::Respond(_) | Action::Raw(_) if error.is_none() => actions.append(&mut said),
                other => actions.push(other.clone()),
            }
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

    /// The same with these vectors, which answer a request for embeddings.
    pub(super) fn with_vectors(mut self, vectors: Vec<Vec<f32>>) -> Self {
        if !vectors.is_empty() {
            let mut actions = self.turn.actions.to_vec();
            for vector in vectors {
                actions.push(Action::EmbedVector(vector.into()));
            }
            self.turn.actions = actions.into();
        }
        self
    }
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
        let mut vectors = Vec::new();
        let answer = turn.actions.iter().find_map(|action| match action {
            Action::Respond(respond) => {
                let responder = &respond.responder;
                guard.ask(|| responder.respond(guard.call().request()))
            }
            Action::Raw(body) if !is_served => {
                let answer = match guard.call().is_embedding() {
                    true => self.read_raw_embeddings(index, body, &mut vectors),
                    false => self.read_raw(index, body),
                };
                Some(answer.unwrap_or_else(|| {
                    let profile = self.scenario.profile_of(index);
                    Err(guard.unsupported(report::unread_raw_answer(profile)))
                }))
            }
            _ => None,
        })?;
        Some(Arc::new(
            ClosureResponse::new(turn, answer, guard).with_vectors(vectors),
        ))
    }
}
