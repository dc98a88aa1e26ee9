//! Whether each request of a conversation begins with the text of the one before it.

use super::history::History;
use super::server::Prompt;
use crate::chat::message::Role;
use crate::journal::calls::{Call, Calls};
use crate::journal::verdict::PrefixBreak;

/// The prompts of requests over the wire, with the numbers of their calls, in order.
pub(crate) type Prompts = Vec<(usize, Prompt)>;

/// A request in its conversation.
struct CallPrompt<'a> {
    call: &'a Call,
    prompt: &'a Prompt,
    history: History,
}

/// Returns the first place where a request leaves the text of the request that it continues.
pub(super) fn first_break(calls: &Calls, prompts: &Prompts) -> Option<PrefixBreak> {
    let mut earlier: Vec<CallPrompt<'_>> = Vec::new();
    for (number, prompt) in prompts {
        let Some(call) = calls.iter().find(|call| call.number == *number) else {
            continue;
        };
        let next = CallPrompt {
            call,
            prompt,
            history: History::new(&call.request.messages, call.lane()),
        };
        if let Some(before) = next.continues(&earlier)
            && let Some(broken) = next.leaves(before)
        {
            return Some(broken);
        }
        earlier.push(next);
    }
    None
}

impl CallPrompt<'_> {
    /// The request that this one continues: the newest whose conversation is the beginning of this one's. A retry continues none. If the
    /// client changed the history, it is the newest of the same script.
    fn continues<'t>(&self, earlier: &'t [CallPrompt<'t>]) -> Option<&'t CallPrompt<'t>> {
        let of_script = || {
            earlier
                .iter()
                .rev()
                .filter(|before| before.call.script == self.call.script)
        };
        if of_script().any(|before| before.history.whole() == self.history.whole()) {
            return None;
        }
        let beginnings: Vec<_> = self.history.beginnings().collect();
        for beginning in beginnings {
            if let Some(before) = of_script().find(|before| before.history.whole() == beginning) {
                return Some(before);
            }
        }
        let mut messages = self.call.request.messages.iter();
        match messages.any(|message| message.role == Role::Assistant) {
            true => of_script().next(),
            false => None,
        }
    }

    /// The first part of an earlier request that this one has not, or has with another text.
    fn leaves(&self, before: &CallPrompt<'_>) -> Option<PrefixBreak> {
        let mut parts = self.prompt.parts.iter();
        for (kind, was) in &before.prompt.parts {
            let is = parts.next().map_or(&[][..], |(_, text)| text);
            if was == is {
                continue;
            }
            let same = was.iter().zip(is).take_while(|(one, other)| one == other);
            let offset = same.count();
            return Some(PrefixBreak {
                before: before.call.number,
                call: self.call.number,
                part: kind.to_string(),
                offset,
                was: excerpt(was, offset),
                is: excerpt(is, offset),
            });
        }
        None
    }
}

/// The text from a little before this place on.
fn excerpt(text: &[u8], offset: usize) -> String {
    const BEFORE: usize = 24;
    const AFTER: usize = 40;
    let begin = offset.saturating_sub(BEFORE);
    let end = text.len().min(offset.saturating_add(AFTER));
    let shown = text.get(begin..end).unwrap_or_default();
    // A cut within a character leaves a mark at the end.
    let shown = String::from_utf8_lossy(shown);
    let shown = shown.trim_matches(char::REPLACEMENT_CHARACTER);
    match begin {
        0 => shown.to_owned(),
        _ => format!("…{shown}"),
    }
}
