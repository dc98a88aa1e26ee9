//! The tool calls of a turn.

use super::Playback;
use super::play_actions::Spoken;
use crate::chat::event::StreamEvent;
use crate::report;
use crate::scenario::{Arguments, ScriptedCall, TypedArguments};
use crate::search::Search;

impl Playback {
    /// Returns the start of a tool call and its arguments.
    pub(super) fn begin_call(&self, call: &ScriptedCall) -> BegunCall {
        let index = self.calls;
        let arguments = match &call.arguments {
            Arguments::Text(text) => Ok(self.render_json(text)),
            Arguments::Raw(text) => Ok(text.to_string()),
            Arguments::Typed(typed) => self.typed_arguments(&call.tool, typed),
        };
        let given = self.chosen.closure_response.as_ref();
        let given = given.and_then(|closure_response| closure_response.calls.get(index));
        let given_id = given.map(|call| &call.id);
        let given_id = given_id.filter(|id| !id.is_empty() || self.is_verbatim());
        let id = match (&call.id, given_id) {
            (Some(id), _) => self.render(id),
            (None, Some(id)) => id.clone(),
            (None, None) => self.call_id(index),
        };
        let extra = given.map(|call| &call.extra);
        let extra = extra.filter(|extra| !extra.is_empty());
        let mut extra = extra.cloned().map(Box::new);
        self.sign_call(index, &mut extra);
        let start = StreamEvent::ToolCallStart {
            index,
            id,
            name: call.tool.to_string(),
            extra,
        };
        BegunCall {
            start,
            arguments,
            is_typed: matches!(call.arguments, Arguments::Typed(_)),
        }
    }

    /// Builds typed arguments, which runs the user's code. An answer that is read again has those that were built then.
    #[cold]
    fn typed_arguments(&self, tool: &str, typed: &TypedArguments) -> Result<String, String> {
        if let Some(calls) = &self.typed
            && calls.is_over
        {
            return calls.arguments(self.calls);
        }
        let mut texts = Vec::new();
        for text in typed.texts.iter() {
            texts.push(self.render(text));
        }
        let made = self.guard.ask(|| typed.make.make(&texts));
        made.map_err(|error| report::no_json(tool, &error))
    }

    pub(super) fn begun(&mut self, call: BegunCall) -> Spoken {
        if call.is_typed {
            let typed = self.typed.get_or_insert_default();
            if !typed.is_over {
                typed.made.push((self.calls, call.arguments.clone()));
            }
        }
        match call.arguments {
            Ok(arguments) => {
                self.text = arguments;
                self.calls += 1;
                self.position = 1;
                Spoken::event(call.start)
            }
            Err(message) => {
                let error = self.guard.unsupported(message);
                self.fail(error)
            }
        }
    }

    /// Returns the next piece of the current call's arguments. The position counts the pieces.
    pub(super) fn speak_arguments(&mut self) -> Spoken {
        let index = self.calls - 1;
        let arguments = match self.pieces {
            0 | 1 if self.position == 1 => std::mem::take(&mut self.text),
            0 | 1 => return self.end_action(),
            pieces => {
                let left = (pieces as usize + 1).saturating_sub(self.position);
                if left == 0 || self.text.is_empty() {
                    return self.end_action();
                }
                // Divide the rest evenly among the remaining pieces.
                let share = self.text.chars().count().div_ceil(left);
                let end = self.text.char_indices().nth(share);
                let rest = self
                    .text
                    .split_off(end.map_or(self.text.len(), |(end, _)| end));
                std::mem::replace(&mut self.text, rest)
            }
        };
        self.position += 1;
        Spoken::event(StreamEvent::ToolCallDelta { index, arguments })
    }
}

/// A tool call that begins.
pub(super) struct BegunCall {
    start: StreamEvent,
    /// The arguments, or the reason why there are none.
    arguments: Result<String, String>,
    is_typed: bool,
}

/// The arguments of the typed calls of an answer.
#[derive(Clone, Default)]
pub(super) struct TypedCalls {
    /// The index of each call and its arguments, or the reason why there are none, in order.
    made: Vec<(usize, Result<String, String>)>,
    /// Whether the answer has ended, so that no more calls are built.
    is_over: bool,
}

impl TypedCalls {
    /// Returns the same calls for an answer that is read again.
    pub(super) fn into_ended(self) -> Box<Self> {
        let is_over = true;
        Box::new(TypedCalls { is_over, ..self })
    }

    /// Returns the arguments of the call with this index. A call that the answer did not come to has none.
    fn arguments(&self, call: usize) -> Result<String, String> {
        match self.made.find(&|(index, _)| *index == call) {
            Some((_, arguments)) => arguments.clone(),
            None => Err(String::new()),
        }
    }
}
