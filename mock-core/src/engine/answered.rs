use super::ticket::Ticket;
use crate::error::ProviderError;
use crate::finish::{FinishReason, Usage};
use crate::message::Part;
use crate::report;
use crate::response::Response;
use crate::scenario::{Action, Arguments, ScriptedCall, Text, Turn};
use serde_json::{Map, Value};

/// What a closure of the scenario answered, as a turn that can be played.
pub(super) struct Answered {
    /// The turn of the script, with what the closure says in place of the closure.
    pub(super) turn: Turn,
    /// The failure, where the closure answers with one.
    pub(super) error: Option<ProviderError>,
    /// The answer's id and model; empty where the mock is to fill them in.
    pub(super) id: String,
    pub(super) model: String,
    /// The ids of the tool calls, in order; empty where the mock is to fill them in.
    pub(super) call_ids: Vec<String>,
    pub(super) metadata: Map<String, Value>,
    /// Of the message: what it has besides its parts.
    pub(super) name: Option<String>,
    pub(super) extra: Map<String, Value>,
    pub(super) finish: Option<FinishReason>,
    pub(super) usage: Option<Usage>,
}

impl Answered {
    pub(super) fn of(
        turn: &Turn,
        answer: Result<Response, ProviderError>,
        ticket: &Ticket,
    ) -> Self {
        let answer = answer.and_then(|response| {
            match response.message.parts.iter().find(|part| !is_sayable(part)) {
                None => Ok(response),
                Some(part) => Err(ticket.unsupported(report::unsayable(part))),
            }
        });
        let (response, error) = match answer {
            Ok(response) => (response, None),
            Err(error) => {
                let problem = error.problem().map(report::unsendable);
                let error = problem.map_or(error, |problem| ticket.unsupported(problem));
                (Response::new("", ""), Some(error))
            }
        };
        let mut call_ids = Vec::new();
        let mut said = Vec::new();
        for part in response.message.parts {
            match part {
                Part::Text(text) => said.push(Action::Reply(verbatim(text))),
                Part::Refusal(text) => said.push(Action::Refusal(verbatim(text))),
                Part::Reasoning(reasoning) => {
                    said.push(Action::Reasoning(verbatim(reasoning.text)));
                    said.extend(reasoning.signature.map(verbatim).map(Action::Signature));
                }
                Part::ToolCall(call) => {
                    call_ids.push(call.id);
                    said.push(Action::Call(ScriptedCall {
                        tool: call.name.into(),
                        arguments: Arguments::Raw(call.arguments.into()),
                    }));
                }
                // What cannot be said has been refused above; what is extra belongs to a wire.
                _ => {}
            }
        }
        let actions = turn.actions.iter().flat_map(|action| match action {
            // What fails stays, and fails in its turn.
            Action::Respond(_) if error.is_none() => std::mem::take(&mut said),
            other => vec![other.clone()],
        });
        Answered {
            turn: Turn {
                actions: actions.collect::<Vec<_>>().into(),
                ..turn.clone()
            },
            error,
            id: response.id,
            model: response.model,
            call_ids,
            metadata: response.metadata,
            name: response.message.name,
            extra: response.message.extra,
            finish: response.finish_reason,
            usage: response.usage,
        }
    }
}

/// Whether a mock can say a part of an answer.
fn is_sayable(part: &Part) -> bool {
    match part {
        Part::Text(_) | Part::Reasoning(_) | Part::Refusal(_) | Part::ToolCall(_) => true,
        Part::Extra(_) => true,
        Part::ToolResult(_) | Part::Image(_) | Part::RedactedReasoning(_) | Part::Other(_) => false,
    }
}

fn verbatim(text: String) -> Text {
    Text::Verbatim(text.into())
}
