//! Whether the code under test waited as long as a failure told it to.

use crate::journal::calls::Calls;
use crate::journal::calls_by_script::CallsByScript;
use crate::journal::verdict::Shortfall;

/// Finds a call that came before the `retry_after` of an earlier call had passed, or that no call had a `retry_after`.
pub(crate) fn too_early(calls: &Calls) -> Option<Shortfall> {
    let by_script = CallsByScript::new(calls);
    let mut rejected = 0;
    for call in calls {
        let (Some(wait), Some(ended_at), Some(next)) = (
            call.seen_wait(),
            call.ended_at(),
            by_script.next_after(call),
        ) else {
            continue;
        };
        rejected += 1;
        let waited = next.started_at().saturating_sub(ended_at);
        if waited < wait {
            return Some(Shortfall::TooEarly {
                rejected: call.number,
                next: next.number,
                waited,
                wait,
            });
        }
    }
    (rejected == 0).then_some(Shortfall::NothingToWaitFor)
}
