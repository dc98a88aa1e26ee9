//! The number of deltas that an answer has for certain, whatever the values of its variables are.

use crate::scenario::{Action, Arguments, Split, Text, Turn};

impl Turn {
    /// Returns the smallest number of content deltas that the turn's answer has when it is streamed.
    pub(crate) fn least_deltas(&self) -> u32 {
        let mut least: usize = 0;
        for action in self.actions.iter() {
            least += match action {
                Action::Reply(text)
                | Action::Reasoning(text)
                | Action::Refusal(text)
                | Action::Json(text) => pieces(&without_values(text), self.split),
                Action::Stream(pieces)
                | Action::ReasoningStream(pieces)
                | Action::RefusalStream(pieces) => pieces.len(),
                Action::Call(call) => {
                    let length = match &call.arguments {
                        Arguments::Text(text) => without_values(text).chars().count(),
                        Arguments::Raw(text) => text.chars().count(),
                        Arguments::Typed(_) => 1,
                    };
                    match self.pieces {
                        1 => 1,
                        pieces => length.min(pieces as usize),
                    }
                }
                Action::Raw(_) => 1,
                Action::Frames(frames) => frames.len(),
                _ => 0,
            };
        }
        u32::try_from(least).unwrap_or(u32::MAX)
    }
}

/// The text with empty values: with any others it is at least as long, and has at least as many words.
fn without_values(text: &Text) -> String {
    text.render(&|_| "".into())
}

fn pieces(text: &str, split: Split) -> usize {
    let characters = text.chars().count();
    match split {
        _ if characters == 0 => 0,
        Split::Whole => 1,
        Split::Words => text.split_whitespace().count().max(1),
        Split::Chars(most) | Split::Random(_, most) => characters.div_ceil(most.max(1) as usize),
    }
}
