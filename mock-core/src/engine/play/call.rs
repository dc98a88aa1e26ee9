//! The tool calls of a turn.

use super::Playback;
use super::speak::Spoken;
use crate::chat::event::StreamEvent;
use crate::report;
use crate::scenario::{Arguments, ScriptedCall, TypedArguments};

impl Playback {
    /// The start of a tool call and its arguments, or the reason why there are none.
    pub(super) fn begin_call(&self, call: &ScriptedCall) -> Begun {
        let index = self.calls;
        let arguments = match &call.arguments {
            Arguments::Text(text) => Ok(self.render_json(text)),
            Arguments::Raw(text) => Ok(text.to_string()),
            Arguments::Typed(typed) => self.make(&call.tool, typed),
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
        let start = StreamEvent::ToolCallStart {
            index,
            id,
            name: call.tool.to_string(),
            extra: extra.cloned().map(Box::new),
        };
        arguments.map(|arguments| (start, arguments))
    }

    /// Builds typed arguments. They run the user's code and are rare, so this is a separate function that costs other answers nothing.
    #[cold]
    fn make(&self, tool: &str, typed: &TypedArguments) -> Result<String, String> {
        let texts: Vec<_> = typed.texts.iter().map(|text| self.render(text)).collect();
        let made = self.guard.ask(|| typed.make.make(&texts));
        made.map_err(|error| report::no_json(tool, &error))
    }

    pub(super) fn begun(&mut self, begun: Begun) -> Spoken {
        match begun {
            Ok((start, arguments)) => {
                self.text = arguments;
                self.calls += 1;
                self.position = 1;
                Spoken::Event(start)
            }
            Err(message) => Spoken::Failure(Box::new(self.guard.unsupported(message))),
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
                // The rest is divided evenly among the remaining pieces.
                let share = self.text.chars().count().div_ceil(left);
                let end = self.text.char_indices().nth(share);
                let rest = self
                    .text
                    .split_off(end.map_or(self.text.len(), |(end, _)| end));
                std::mem::replace(&mut self.text, rest)
            }
        };
        self.position += 1;
        Spoken::Event(StreamEvent::ToolCallDelta { index, arguments })
    }
}

/// The start of a tool call and its arguments, or the reason why there are none.
pub(super) type Begun = Result<(StreamEvent, String), String>;
