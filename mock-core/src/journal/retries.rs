//! Which calls repeat a request that failed.

use crate::journal::calls::{Call, Calls};

impl Calls {
    /// Returns the call before this one of the same script, if it failed and this one repeats its request.
    pub(crate) fn retried_by(&self, call: &Call) -> Option<&Call> {
        let mut before = self.iter().rev();
        let before = before
            .find(|before| before.number() < call.number() && before.script == call.script)?;
        (before.error().is_some() && before.request() == call.request()).then_some(before)
    }
}
