//! Latency.

use syn::Expr;

use super::{Latency, Reader};
use crate::syntax::bare;
use crate::time::Time;

impl Reader<'_> {
    /// A length of time. A literal needs its unit.
    pub(super) fn time(&self, expr: &Expr) -> Time {
        Time::read(expr, self.diagnostics)
    }

    pub(super) fn latency(&self, expr: Expr) -> Latency {
        let Expr::Range(range) = bare(&expr) else {
            return Latency::Fixed(self.time(&expr));
        };
        let (Some(least), Some(most)) = (&range.start, &range.end) else {
            self.diagnostics.error_at(
                &expr,
                "a range of times has two ends",
                "write both, as in `80ms..120ms`",
            );
            return Latency::None;
        };
        let (least, most) = (self.time(least), self.time(most));
        if let (Time::Literal(a), Time::Literal(b)) = (&least, &most)
            && a >= b
        {
            self.diagnostics.error_at(
                &expr,
                "the range of times is empty",
                "write the shorter time first, as in `80ms..120ms`",
            );
        }
        Latency::Uniform(least, most)
    }
}
