//! The calls of each script: which call comes before another of its script, and which after its end.

use std::collections::HashMap;

use crate::journal::calls::{Call, Calls};
use crate::journal::script_id::ScriptId;

/// Calls by their scripts. Whoever asks about many calls makes it once, because each search through all calls would take longer the more
/// there are.
pub(crate) struct CallsByScript<'c> {
    of_script: HashMap<ScriptId, Vec<&'c Call>>,
    /// By the script of the lane without an instance.
    of_lane: HashMap<ScriptId, Vec<&'c Call>>,
}

impl<'c> CallsByScript<'c> {
    pub(crate) fn new(calls: &'c Calls) -> Self {
        let (mut of_script, mut of_lane) = (HashMap::new(), HashMap::new());
        for call in calls {
            let script = of_script.entry(call.script).or_insert_with(Vec::new);
            script.push(call);
            let lane = ScriptId::new(call.lane(), None);
            let lane = of_lane.entry(lane).or_insert_with(Vec::new);
            lane.push(call);
        }
        CallsByScript { of_script, of_lane }
    }

    /// Returns the call before this one of the same script, if it failed and this one repeats its request.
    pub(crate) fn retried_by(&self, call: &Call) -> Option<&'c Call> {
        let calls = self.of_script.get(&call.script)?;
        let at = calls.partition_point(|before| before.number() < call.number());
        let before = calls[at.checked_sub(1)?];
        (before.error().is_some() && before.request() == call.request()).then_some(before)
    }

    /// Returns the first call that began after the end of this one and may be of the same script.
    pub(crate) fn next_after(&self, ended: &Call) -> Option<&'c Call> {
        let begun = ended.begun_at_end()?;
        let first = |calls: Option<&Vec<&'c Call>>| {
            let calls = calls?;
            let at = calls.partition_point(|call| call.number() <= begun);
            calls.get(at).copied()
        };
        let of_any = ScriptId::new(ended.lane(), None);
        // A call that began no instance may be of any.
        if ended.instance().is_none() {
            return first(self.of_lane.get(&of_any));
        }
        let same = first(self.of_script.get(&ended.script));
        let of_any = first(self.of_script.get(&of_any));
        match (same, of_any) {
            (Some(same), Some(of_any)) if of_any.number() < same.number() => Some(of_any),
            (same, of_any) => same.or(of_any),
        }
    }
}

impl Calls {
    /// Returns the call before this one of the same script, if it failed and this one repeats its request.
    pub(crate) fn retried_by(&self, call: &Call) -> Option<&Call> {
        CallsByScript::new(self).retried_by(call)
    }
}

#[cfg(all(test, feature = "sweep"))]
mod tests;
