//! The calls of each script: which call comes before another of its script, and which after its end.

use crate::journal::calls::{Call, Calls};
use crate::journal::script_id::ScriptId;
use crate::sort_and_group::Groups;

/// Calls by their scripts. Whoever asks about many calls makes it once, because each search through all calls would take longer the more
/// there are.
pub(crate) struct CallsByScript<'c> {
    calls: &'c Calls,
    /// The numbers of the calls of each script.
    of_script: Groups,
    /// The calls of each lane, by its script without an instance.
    of_lane: Groups,
}

impl<'c> CallsByScript<'c> {
    pub(crate) fn new(calls: &'c Calls) -> Self {
        let (mut of_script, mut of_lane) = (Vec::new(), Vec::new());
        for call in calls {
            of_script.push((call.script.key(), call.number()));
            of_lane.push((lane_of(call), call.number()));
        }
        CallsByScript {
            calls,
            of_script: Groups::new(of_script),
            of_lane: Groups::new(of_lane),
        }
    }

    /// Returns the call before this one of the same script, if it failed and this one repeats its request.
    pub(crate) fn retried_by(&self, call: &Call) -> Option<&'c Call> {
        let before = self.of_script.last_before(call.script.key(), call.number());
        let before = self.calls.with_number(before?)?;
        (before.error().is_some() && before.request() == call.request()).then_some(before)
    }

    /// Returns the first call that began after the end of this one and may be of the same script.
    pub(crate) fn next_after(&self, ended: &Call) -> Option<&'c Call> {
        let next = ended.begun_at_end()? + 1;
        let next = match ended.instance() {
            // A call without an instance may belong to any instance of the lane.
            None => self.of_lane.first_from(lane_of(ended), next),
            Some(_) => {
                let same = self.of_script.first_from(ended.script.key(), next);
                let of_any = self.of_script.first_from(lane_of(ended), next);
                match (same, of_any) {
                    (Some(same), Some(of_any)) => Some(same.min(of_any)),
                    (same, of_any) => same.or(of_any),
                }
            }
        };
        self.calls.with_number(next?)
    }
}

/// The key of the script of a call's lane without an instance.
fn lane_of(call: &Call) -> u64 {
    ScriptId::new(call.lane(), None).key()
}

impl Calls {
    /// Returns the call before this one of the same script, if it failed and this one repeats its request.
    pub(crate) fn retried_by(&self, call: &Call) -> Option<&Call> {
        CallsByScript::new(self).retried_by(call)
    }
}

#[cfg(all(test, feature = "sweep"))]
mod tests;
