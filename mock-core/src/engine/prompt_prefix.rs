//! Whether each request of a conversation begins with the text of the one before it.

use super::conversation_hash::ConversationHash;
use super::rng::mix;
use super::server_trait::{Prompt, Prompts};
use crate::chat::message::Role;
use crate::journal::calls::{Call, Calls};
use crate::journal::verdict::PrefixBreak;
use crate::sort_and_group::{Groups, sort_by};

/// A request in its conversation.
struct CallPrompt<'a> {
    call: &'a Call,
    prompt: &'a Prompt,
    history: ConversationHash,
}

/// All requests, and their indices by their scripts, and by their scripts and conversations.
struct CallPrompts<'a> {
    all: Vec<CallPrompt<'a>>,
    of_script: Groups,
    of_conversation: Groups,
}

/// Returns the first place where a request leaves the text of the request that it continues.
pub(crate) fn first_break(calls: &Calls, prompts: &Prompts) -> Option<PrefixBreak> {
    let mut all = Vec::new();
    let (mut of_script, mut of_conversation) = (Vec::new(), Vec::new());
    let mut in_order = Vec::from_iter(0..prompts.len());
    sort_by(&mut in_order, &|index| prompts[index].0 as u64);
    for &index in &in_order {
        let (number, prompt) = &prompts[index];
        let Some(call) = calls.with_number(*number) else {
            continue;
        };
        let history = ConversationHash::new(&call.request.messages, call.lane());
        of_script.push((call.script.key(), all.len()));
        of_conversation.push((conversation_key(call, history.whole()), all.len()));
        all.push(CallPrompt {
            call,
            prompt,
            history,
        });
    }
    let requests = CallPrompts {
        all,
        of_script: Groups::new(of_script),
        of_conversation: Groups::new(of_conversation),
    };
    for (index, next) in requests.all.iter().enumerate() {
        if let Some(before) = requests.continued_by(index)
            && let Some(broken) = next.leaves(before)
        {
            return Some(broken);
        }
    }
    None
}

/// The key of a conversation, by its hash, in the script of a call.
fn conversation_key(call: &Call, conversation: u64) -> u64 {
    mix(call.script.key()) ^ conversation
}

impl<'a> CallPrompts<'a> {
    /// Returns the request that the one at this index continues: the newest before it whose conversation is its beginning. A retry continues
    /// none. If the client changed the history, it is the newest of the same script.
    fn continued_by(&self, index: usize) -> Option<&CallPrompt<'a>> {
        let CallPrompt { call, history, .. } = &self.all[index];
        let newest = |conversation| {
            let key = conversation_key(call, conversation);
            self.of_conversation.last_before(key, index)
        };
        if newest(history.whole()).is_some() {
            return None;
        }
        for beginning in history.beginnings() {
            if let Some(before) = newest(beginning) {
                return Some(&self.all[before]);
            }
        }
        let mut messages = call.request.messages.iter();
        if !messages.any(|message| message.role == Role::Assistant) {
            return None;
        }
        let before = self.of_script.last_before(call.script.key(), index)?;
        Some(&self.all[before])
    }
}

impl CallPrompt<'_> {
    /// The first part of an earlier request that this one has not, or has with another text.
    fn leaves(&self, before: &CallPrompt<'_>) -> Option<PrefixBreak> {
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
    // Remove the replacement characters of a cut within a character.
    let shown = String::from_utf8_lossy(shown);
    let shown = shown.trim_matches(char::REPLACEMENT_CHARACTER);
    match begin {
        0 => shown.to_owned(),
        _ => format!("…{shown}"),
    }
}
