//! The instances of a mock's scripts. Each has its own head, counts and captures, and a mismatch freezes it alone.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher};
use std::sync::Arc;

use super::captures::Captures;
use super::conversation_hash::ConversationHash;
use super::select_lane_and_instance::{Key, ScriptAssignment, Slot};
use super::select_turn::Cursor;
use crate::journal::calls::Outcome;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::Mismatch;

/// The progress of one instance.
#[derive(Default)]
pub(super) struct Instance {
    pub(super) cursor: Cursor,
    pub(super) captures: Captures,
    /// The mismatch that froze it.
    pub(super) mismatch: Option<Arc<Mismatch>>,
    /// Its lane.
    lane: Option<u32>,
    /// The state of its last call, if it belongs to a conversation.
    last: Option<LastCall>,
}

impl Instance {
    pub(super) fn lane(&self) -> Option<usize> {
        self.lane.map(|lane| lane as usize)
    }
}

/// The last call of a conversation.
#[derive(Clone, Copy)]
struct LastCall {
    /// The hash of its messages.
    history: u64,
    number: u32,
    state: CallState,
}

/// The state of a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CallState {
    /// The call failed, had a fault or was dropped, so the same request is a retry.
    Broken,
    /// The call was answered completely.
    Answered,
    InFlight,
}

/// All instances that have begun.
#[derive(Default)]
pub(super) struct Instances {
    all: Vec<Instance>,
    /// The number of instances before the script was rewound. Their numbers are not used again.
    earlier: usize,
    /// By lane and key.
    keys: Vec<Keys>,
    /// Instances of conversations, by the hash of the messages of their last call.
    histories: HashMap<u64, Waiting, BuildHasherDefault<IdentityHasher>>,
}

/// Keys with the indices of their instances, sorted.
type Keys = Vec<(Box<str>, u32)>;

/// Instances with the same history, sorted by the state of the last call, its number, and the index of the instance. The first has waited
/// longest.
type Waiting = Vec<(CallState, u32, u32)>;

impl Instances {
    /// Returns the instance of a request.
    pub(super) fn find(&self, assignment: &ScriptAssignment) -> Slot {
        let found = match &assignment.key {
            Key::NoScript(_) => return Slot::Outside,
            Key::Text(key) => {
                let keys = self.keys.get(assignment.lane.unwrap_or_default());
                keys.and_then(|keys| Some(keys[find_key(keys, key).ok()?].1))
            }
            Key::ConversationHash(history) => self.find_conversation(history),
        };
        found.map_or(Slot::New, Slot::At)
    }

    /// Returns the conversation that the request continues. A request that is equal to the last one of a conversation is a retry if that
    /// call failed. Otherwise it continues a shorter conversation that waits. A conversation with a call in flight is continued only if no
    /// other can be.
    fn find_conversation(&self, history: &ConversationHash) -> Option<u32> {
        let equal = self.histories.get(&history.whole());
        let retried = equal.and_then(|waiting| first(waiting, CallState::Broken));
        if let Some((_, index)) = retried {
            return Some(index);
        }
        let mut in_flight = None;
        for beginning in history.beginnings() {
            let Some(waiting) = self.histories.get(&beginning) else {
                continue;
            };
            let broken = first(waiting, CallState::Broken);
            let answered = first(waiting, CallState::Answered);
            let longest = match (broken, answered) {
                (Some(broken), Some(answered)) => Some(broken.min(answered)),
                (broken, answered) => broken.or(answered),
            };
            if let Some((_, index)) = longest {
                return Some(index);
            }
            in_flight = in_flight.or_else(|| first(waiting, CallState::InFlight));
        }
        match equal {
            // Another conversation has the same messages so far.
            Some(_) => None,
            None => in_flight.map(|(_, index)| index),
        }
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Instance> {
        match slot {
            Slot::At(index) => self.all.get(index as usize),
            _ => None,
        }
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Instance> {
        match slot {
            Slot::At(index) => self.all.get_mut(index as usize),
            _ => None,
        }
    }

    /// Returns the script of a request. `is_per` is whether instances have numbers.
    pub(super) fn script_id(&self, assignment: &ScriptAssignment, is_per: bool) -> ScriptId {
        let index = match assignment.slot {
            Slot::At(index) if is_per => Some(index as usize),
            Slot::New if is_per => Some(self.all.len()),
            _ => None,
        };
        ScriptId::new(assignment.lane, index.map(|index| self.earlier + index + 1))
    }

    /// Records the next call of an instance, which may begin with it. Returns the instance.
    pub(super) fn enter(
        &mut self,
        assignment: &mut ScriptAssignment,
        call: usize,
    ) -> Option<&mut Instance> {
        if assignment.slot == Slot::New {
            assignment.slot = Slot::At(self.begin(assignment));
        }
        let Slot::At(index) = assignment.slot else {
            return None;
        };
        if let Key::ConversationHash(history) = &assignment.key {
            let last = LastCall {
                history: history.whole(),
                number: u32::try_from(call).unwrap_or(u32::MAX),
                state: CallState::InFlight,
            };
            self.set_last(index, last);
        }
        self.all.get_mut(index as usize)
    }

    fn begin(&mut self, assignment: &ScriptAssignment) -> u32 {
        let index = self.all.len() as u32;
        let lane = assignment.lane.unwrap_or_default();
        if let Key::Text(key) = &assignment.key {
            while self.keys.len() <= lane {
                self.keys.push(Keys::default());
            }
            let keys = &mut self.keys[lane];
            if let Err(at) = find_key(keys, key) {
                keys.insert(at, (key.as_str().into(), index));
            }
        }
        self.all.push(Instance {
            lane: assignment.lane.map(|lane| lane as u32),
            ..Instance::default()
        });
        index
    }

    /// Records that a call of a conversation has ended. `is_faulted` is whether its turn has a fault.
    pub(super) fn note_end(
        &mut self,
        script: ScriptId,
        call: usize,
        outcome: &Outcome,
        is_faulted: bool,
    ) {
        let number = script.instance().unwrap_or_default();
        let Some(index) = number.checked_sub(self.earlier + 1) else {
            return;
        };
        let last = self.all.get(index).and_then(|instance| instance.last);
        let Some(last) = last.filter(|last| last.number as usize == call) else {
            return;
        };
        let state = match outcome {
            Outcome::Completed if !is_faulted => CallState::Answered,
            _ => CallState::Broken,
        };
        self.set_last(index as u32, LastCall { state, ..last });
    }

    fn set_last(&mut self, index: u32, last: LastCall) {
        let entry = |last: &LastCall| (last.state, last.number, index);
        let before = self.all[index as usize].last.replace(last);
        if let Some(before) = before {
            let waiting = self.histories.get_mut(&before.history);
            let is_empty = waiting.is_some_and(|waiting| {
                if let Ok(at) = waiting.binary_search(&entry(&before)) {
                    waiting.remove(at);
                }
                waiting.is_empty() && before.history != last.history
            });
            if is_empty {
                self.histories.remove(&before.history);
            }
        }
        let waiting = self.histories.entry(last.history).or_default();
        if let Err(at) = waiting.binary_search(&entry(&last)) {
            waiting.insert(at, entry(&last));
        }
    }

    /// Iterates over the instances with their numbers, in the order in which they began.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Instance)> {
        let numbered = self.all.iter().enumerate();
        numbered.map(|(index, instance)| (self.earlier + index + 1, instance))
    }

    /// Forgets all instances; `forget` is whether their numbers are used again.
    #[inline]
    pub(super) fn clear(&mut self, forget: bool) {
        let earlier = match forget {
            true => 0,
            false => self.earlier + self.all.len(),
        };
        *self = Instances {
            earlier,
            ..Instances::default()
        };
    }
}

/// Returns the place of a key, or the place where it belongs.
fn find_key(keys: &Keys, key: &str) -> Result<usize, usize> {
    keys.binary_search_by(|(known, _)| (**known).cmp(key))
}

/// Returns the instance whose last call has this state and that has waited longest: the number of that call and the index.
fn first(waiting: &Waiting, state: CallState) -> Option<(u32, u32)> {
    let at = match waiting.binary_search(&(state, 0, 0)) {
        Ok(at) | Err(at) => at,
    };
    let (of, number, index) = waiting.get(at)?;
    (*of == state).then_some((*number, *index))
}

/// A hasher for keys that are hashes already.
#[derive(Default)]
struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = BuildHasherDefault::<DefaultHasher>::default().hash_one(bytes);
    }
}
