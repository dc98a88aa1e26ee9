//! [`ScriptId`]: the script of a call.

use std::fmt;

/// The lane and the instance of a call, each from 1, or 0 if there is none. Each has four bytes, because every call has one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
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

    /// A number of its own for each script.
    pub(crate) fn key(self) -> u64 {
        u64::from(self.lane) << u32::BITS | u64::from(self.instance)
    }

    /// The index of the lane, from 0.
    pub(crate) fn lane(self) -> Option<usize> {
        (self.lane as usize).checked_sub(1)
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
