//! Whether each request of a conversation begins with the text of the one before it.

use std::collections::HashMap;

use super::conversation_hash::ConversationHash;
use super::server_trait::Prompt;
use crate::chat::message::Role;
use crate::journal::calls::{Call, Calls};
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::PrefixBreak;

/// The prompts of requests over the wire, with the numbers of their calls, in order.
pub(crate) type Prompts = Vec<(usize, Prompt)>;

/// A request in its conversation.
#[derive(Clone, Copy)]
struct CallPrompt<'a> {
    call: &'a Call,
    prompt: &'a Prompt,
}

/// The requests so far: the newest of each script, and the newest of each script with each conversation, by its hash.
#[derive(Default)]
struct Earlier<'a>(HashMap<(ScriptId, Option<u64>), CallPrompt<'a>>);

/// Returns the first place where a request leaves the text of the request that it continues.
pub(super) fn first_break(calls: &Calls, prompts: &Prompts) -> Option<PrefixBreak> {
    let mut earlier = Earlier::default();
    for (number, prompt) in prompts {
        let Some(call) = calls.with_number(*number) else {
            continue;
        };
        let next = CallPrompt { call, prompt };
        let history = ConversationHash::new(&call.request.messages, call.lane());
        if let Some(before) = earlier.continued_by(call, &history)
            && let Some(broken) = next.leaves(before)
        {
            return Some(broken);
        }
        for conversation in &[None, Some(history.whole())] {
            earlier.0.insert((call.script, *conversation), next);
        }
    }
    None
}

impl<'a> Earlier<'a> {
    /// Returns the request that a call continues: the newest whose conversation is the beginning of the call's. A retry continues none. If
    /// the client changed the history, it is the newest of the same script.
    fn continued_by(&self, call: &Call, history: &ConversationHash) -> Option<CallPrompt<'a>> {
        let newest = |conversation| self.0.get(&(call.script, conversation)).copied();
        if newest(Some(history.whole())).is_some() {
            return None;
        }
        for beginning in history.beginnings() {
            let with = newest(Some(beginning));
            if with.is_some() {
                return with;
            }
        }
        let mut messages = call.request.messages.iter();
        let is_answered = messages.any(|message| message.role == Role::Assistant);
        newest(None).filter(|_| is_answered)
    }
}

impl CallPrompt<'_> {
    /// The first part of an earlier request that this one has not, or has with another text.
    fn leaves(&self, before: CallPrompt<'_>) -> Option<PrefixBreak> {
        let mut parts = self.prompt.parts.iter();
        for (kind, was) in &before.prompt.parts {
            let is = parts.next().map_or(&[][..], |(_, text)| text);
            if was == is {
                continue;
            }
            let mut offset = 0;
            while was.get(offset).is_some() && was.get(offset) == is.get(offset) {
                offset += 1;
            }
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
