//! The number of deltas that an answer has, as far as its texts tell.

use super::{Action, Arguments, ScriptedCall, Split, Text, Turn};

impl Turn {
    /// Returns the smallest number of content deltas that the turn's answer has when it is streamed, whatever the values of its variables.
    pub(crate) fn least_deltas(&self) -> u32 {
        let mut least: usize = 0;
        for action in self.actions.iter() {
            least += match action {
                Action::Reply(text)
                | Action::Reasoning(text)
                | Action::Refusal(text)
                | Action::Json(text) => pieces(&without_values(text), longest(self.split)),
                Action::Call(call) => match self.pieces {
                    1 => 1,
                    pieces => least_length(call).min(pieces as usize),
                },
                other => fixed_deltas(other).unwrap_or(0),
            };
        }
        u32::try_from(least).unwrap_or(u32::MAX)
    }

    /// Returns the largest number of content deltas that the turn's answer may have; `None` if it is known only when the turn answers.
    pub(crate) fn most_deltas(&self) -> Option<u32> {
        let mut most: usize = 0;
        for action in self.actions.iter() {
            most += match action {
                Action::Reply(text)
                | Action::Reasoning(text)
                | Action::Refusal(text)
                | Action::Json(text) => match text {
                    Text::Verbatim(text) => pieces(text, shortest(self.split)),
                    Text::Template(_) => return None,
                },
                Action::Call(call) => match (self.pieces, &call.arguments) {
                    (1, _) => 1,
                    (pieces, Arguments::Text(Text::Verbatim(_)) | Arguments::Raw(_)) => {
                        least_length(call).min(pieces as usize)
                    }
                    (pieces, _) => pieces as usize,
                },
                other => fixed_deltas(other)?,
            };
        }
        u32::try_from(most).ok()
    }
}

/// The number of deltas of an action that is never split; `None` if it is known only when the turn answers.
fn fixed_deltas(action: &Action) -> Option<usize> {
    match action {
        Action::Stream(pieces)
        | Action::ReasoningStream(pieces)
        | Action::RefusalStream(pieces) => Some(pieces.len()),
        Action::Raw(_) => Some(1),
        Action::Frames(frames) => Some(frames.len()),
        Action::Respond(_) | Action::Driven(_) => None,
        _ => Some(0),
    }
}

/// The smallest number of characters that the arguments of a call have.
fn least_length(call: &ScriptedCall) -> usize {
    match &call.arguments {
        Arguments::Text(text) => without_values(text).chars().count(),
        Arguments::Raw(text) => text.chars().count(),
        Arguments::Typed(_) => 1,
    }
}

/// The text with empty values: with any others it is at least as long, and has at least as many words.
fn without_values(text: &Text) -> String {
    text.render(&|_| "".into())
}

/// Returns the split with its longest pieces.
fn longest(split: Split) -> Split {
    match split {
        Split::Random(_, most) => Split::Chars(most),
        other => other,
    }
}

/// Returns the split with its shortest pieces.
fn shortest(split: Split) -> Split {
    match split {
        Split::Random(least, _) => Split::Chars(least),
        other => other,
    }
}

fn pieces(text: &str, split: Split) -> usize {
    let characters = text.chars().count();
    match split {
        _ if characters == 0 => 0,
        Split::Whole => 1,
        Split::Words => text.split_whitespace().count().max(1),
        Split::Chars(length) | Split::Random(length, _) => {
            characters.div_ceil(length.max(1) as usize)
        }
    }
}
