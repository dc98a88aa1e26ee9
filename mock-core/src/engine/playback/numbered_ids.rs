//! The ids of answers and of tool calls.

use super::Playback;

impl Playback {
    #[inline]
    pub(super) fn response_id(&self, number: usize) -> String {
        if let Some(ids) = self.ids {
            return (ids.response)(self.engine().seed, number as u64);
        }
        numbered(self.guard.scenario().profile.response_prefix(), number)
    }

    /// Returns the id of the tool call with this index.
    #[inline]
    pub(super) fn call_id(&self, index: usize) -> String {
        let number = self.guard.call().number();
        if let Some(ids) = self.ids {
            return (ids.call)(self.engine().seed, self.number_of(index));
        }
        let mut id = numbered(self.guard.scenario().profile.call_prefix(), number);
        id.push('_');
        push_number(&mut id, index + 1);
        id
    }
}

impl Playback {
    /// Returns a unique number for each index of each call.
    pub(super) fn number_of(&self, index: usize) -> u64 {
        ((self.guard.call().number() as u64) << 20) + index as u64
    }
}

/// Returns the id with this number. It reserves room for any number, because growing the text would take longer than writing it.
pub(super) fn numbered(prefix: &str, number: usize) -> String {
    let mut id = String::with_capacity(prefix.len() + DIGITS);
    id.push_str(prefix);
    push_number(&mut id, number);
    id
}

/// The maximum number of digits of a number.
const DIGITS: usize = usize::MAX.ilog10() as usize + 1;

fn push_number(text: &mut String, number: usize) {
    text.push_str(itoa::Buffer::new().format(number));
}
