//! Shrinks the faults of a failing seed to the fewest with which the test still fails.

use super::{Run, Runs};
use crate::engine::draw_chaos::InjectedFault;
use crate::report::Repeat;

impl Runs {
    /// Runs a seed that fails once more, and looks for the fewest faults with which it still fails.
    pub(super) fn shrink(&self, seed: u64, first: &Run) -> Repeat {
        let key = |run: &Run| run.failure.as_ref().map(|failure| failure.key.clone());
        // Another run would hang as long as the first one.
        if first.is_stuck {
            return Repeat::Untried;
        }
        let again = self.run(seed, None, true);
        if key(&again) != key(first) || again.journal != first.journal {
            return Repeat::Differs;
        }
        let mut fewest = first.happened.clone();
        let fails_with = |faults: &[InjectedFault]| {
            let ids = faults.iter().map(|fault| fault.id).collect();
            let run = self.run(seed, Some(ids), true);
            (key(&run) == key(first)).then_some(run.happened)
        };
        if let Some(happened) = fails_with(&[]) {
            return Repeat::Fewest(event_lines(&happened));
        }
        let mut at = 0;
        while at < fewest.len() {
            let mut fewer = fewest.clone();
            fewer.remove(at);
            match fails_with(&fewer) {
                // Without this fault, the run may have drawn other faults after it.
                Some(happened) if happened.len() < fewest.len() => fewest = happened,
                _ => at += 1,
            }
        }
        Repeat::Fewest(event_lines(&fewest))
    }
}

/// The faults in words.
fn event_lines(happened: &[InjectedFault]) -> Vec<String> {
    let lines = happened.iter().map(|fault| fault.what.clone());
    lines.collect()
}
