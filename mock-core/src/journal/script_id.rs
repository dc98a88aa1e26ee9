//! [`ScriptId`]: the script of a call.

use std::fmt;

/// The lane and the instance of a call, each from 1, or 0 if there is none. Each has four bytes, because every call has one.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ScriptId {
    lane: u32,
    instance: u32,
}

impl ScriptId {
    /// The script of a mock without lanes and instances.
    pub(crate) const SCRIPT: ScriptId = ScriptId {
        lane: 0,
        instance: 0,
    };

    /// Creates the id for the lane with this index and the instance with this number.
    pub(crate) fn new(lane: Option<usize>, instance: Option<usize>) -> ScriptId {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        ScriptId {
            lane: lane.map_or(0, |lane| number(lane + 1)),
            instance: instance.map_or(0, number),
        }
    }

    /// The index of the lane, from 0.
    pub(crate) fn lane(self) -> Option<usize> {
        (self.lane as usize).checked_sub(1)
    }

    /// Whether a call of this script and one of the other may be of one script. A call that began no instance may be of any.
    pub(crate) fn may_be(self, other: ScriptId) -> bool {
        let is_known = self.instance > 0 && other.instance > 0;
        self.lane == other.lane && (self.instance == other.instance || !is_known)
    }

    /// The number of the instance, from 1.
    pub(crate) fn instance(self) -> Option<usize> {
        (self.instance > 0).then_some(self.instance as usize)
    }
}

impl fmt::Debug for ScriptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptId")
            .field("lane", &self.lane())
            .field("instance", &self.instance())
            .finish()
    }
}
