//! The signatures of reasoning and of the first tool call, if the provider signs them and the scenario sets none.

use serde_json::{Map, Value};

use super::Playback;
use crate::chat::message::Part;
use crate::engine::CallSignature;
use crate::scenario::Action;
use crate::search::Search;

impl Playback {
    /// Keeps the text of reasoning until its block ends, if the provider signs it.
    pub(super) fn keep_unsigned(&mut self, text: &str) {
        if self.ids.is_some_and(|ids| ids.signature.is_some()) {
            self.unsigned.get_or_insert_default().push_str(text);
        }
    }

    /// Returns the signature to send before the next action, if one is missing.
    #[inline]
    pub(super) fn missing_signature(&mut self) -> Option<String> {
        let sign = self.ids?.signature?;
        if self.unsigned.is_none() || self.is_verbatim() || !self.ends_reasoning() {
            return None;
        }
        let text = self.unsigned.take()?;
        let number = self.number_of(self.action);
        Some(sign(self.engine().seed, number, &text))
    }

    /// Signs the call with this index in its fields `extra`, if it is the first of the answer and has no signature. If the scenario signs the
    /// reasoning before the call, the call has this signature too.
    pub(super) fn sign_call(&self, index: usize, extra: &mut Option<Box<Map<String, Value>>>) {
        let Some(CallSignature { field, sign }) = self.ids.and_then(|ids| ids.call_signature)
        else {
            return;
        };
        let has_one = extra
            .as_deref()
            .is_some_and(|extra| extra.contains_key(field));
        if index > 0 || has_one || self.is_verbatim() {
            return;
        }
        let (earlier, _) = self.turn().actions.split_at(self.action);
        let of_reasoning = earlier.iter().rev().find_map(|action| match action {
            Action::Signature(text) => Some(self.render(text)),
            _ => None,
        });
        let signature =
            of_reasoning.unwrap_or_else(|| sign(self.engine().seed, self.number_of(index)));
        extra
            .get_or_insert_default()
            .insert(field.to_owned(), signature.into());
    }

    /// Returns whether a block of reasoning ends before the next action. After a gate it may continue, and a driver pushes its own
    /// signature.
    fn ends_reasoning(&self) -> bool {
        let (earlier, next) = self.turn().actions.split_at(self.action);
        let goes_on = next.find(&|action| !action.is_wait());
        let is_reasoning = |action: &Action| {
            action.is_reasoning() || matches!(action, Action::Part(Part::Reasoning(_)))
        };
        earlier.last().is_some_and(is_reasoning)
            && !goes_on.is_some_and(|action| {
                action.is_reasoning() || matches!(action, Action::Signature(_) | Action::Driven(_))
            })
    }
}
