//! How often a turn answers.

use syn::{Expr, ExprRange, LitInt, RangeLimits};

use super::Reader;
use super::number::{COUNTS, is_literal, not_a_count, number_meant};
use crate::diagnostics::written;
use crate::lint::Lint;
use crate::syntax::{ends, integer};

pub(crate) enum Count {
    Exactly(u32),
    /// From, and up to where there is an end.
    Range(u32, Option<u32>),
    /// The same, where an end is not a literal.
    Between(Expr, Option<Expr>),
    Expr(Expr),
}

impl Count {
    /// How often a rule answers: as often as it is asked.
    pub(crate) const ALWAYS: Count = Count::Range(0, None);

    /// How often the turn answers at least; `None` if that is not known.
    pub(crate) fn min(&self) -> Option<u32> {
        match self {
            Count::Exactly(times) => Some(*times),
            Count::Range(min, _) => Some(*min),
            Count::Between(..) | Count::Expr(_) => None,
        }
    }

    /// How often the turn answers at most; `None` if that is without end, or not known.
    pub(crate) fn max(&self) -> Option<u32> {
        match self {
            Count::Exactly(times) => Some(*times),
            Count::Range(_, max) => *max,
            Count::Between(..) | Count::Expr(_) => None,
        }
    }
}

const NUMBER: &str = "write a whole number, as in `3`";

impl Reader<'_> {
    pub(super) fn count(&self, expr: &Expr) -> Count {
        if let Some(int) = integer(expr) {
            return Count::Exactly(self.times(int));
        }
        match expr {
            Expr::Range(range) => self.range(expr, range),
            literal if is_literal(literal) => {
                let other = "write a number or a range, as in `.times(3)` or `.times(1..=3)`";
                self.not_times(literal, other);
                Count::Exactly(1)
            }
            other => Count::Expr(self.own(other)),
        }
    }

    fn range(&self, expr: &Expr, range: &ExprRange) -> Count {
        let Some(min) = &range.start else {
            let help = match (&range.limits, &range.end) {
                (RangeLimits::Closed(_), Some(end)) => {
                    format!("write it, as in `0..={}`", written(end))
                }
                _ => "write it, as in `0..=3` or `1..`".to_owned(),
            };
            self.error_at(Lint::InvalidRange, expr, "the range has no beginning", help);
            return Count::Exactly(1);
        };
        for &end in &ends(range) {
            if is_literal(end) && integer(end).is_none() {
                self.not_times(end, "write whole numbers, as in `1..=3`");
                return Count::Exactly(1);
            }
        }
        let bound = |expr: &Expr| integer(expr).map(|int| self.times(int));
        let (low, high) = (bound(min), range.end.as_deref().and_then(bound));
        let is_half_open = matches!(range.limits, RangeLimits::HalfOpen(_));
        // The last number of the range.
        let last = high.map(|high| i64::from(high).saturating_sub(is_half_open.into()));
        if let (Some(low), Some(last)) = (low, last)
            && last < i64::from(low)
        {
            self.error_at(
                Lint::InvalidRange,
                expr,
                "the range of times is empty",
                "write the smaller number first, and the last one after `..=`, as in `1..=3`",
            );
            return Count::Exactly(1);
        }
        if let (true, Some(end)) = (is_half_open, &range.end) {
            let meant = match last {
                Some(last) if low == u32::try_from(last).ok() => last.to_string(),
                Some(last) => format!("{}..={last}", written(min)),
                None => format!("{}..={} - 1", written(min), written(end)),
            };
            self.error_at(
                Lint::InvalidRange,
                expr,
                "a range of times includes its end",
                format_args!("write `{meant}`"),
            );
            return Count::Exactly(1);
        }
        match (low, &range.end, high) {
            (Some(low), None, _) => Count::Range(low, None),
            (Some(low), Some(_), Some(high)) => Count::Range(low, Some(high)),
            _ => Count::Between(self.own(min), range.end.as_ref().map(|end| self.own(end))),
        }
    }

    /// Reports a literal that is not a number of times.
    fn not_times(&self, expr: &Expr, other: &str) {
        let (message, help) = match expr {
            Expr::Unary(_) => (
                format!("`{}` is not a number of times", written(expr)),
                NUMBER.to_owned(),
            ),
            _ => (
                "expected a number of times".to_owned(),
                number_meant(expr, COUNTS, other),
            ),
        };
        self.error_at(Lint::InvalidNumber, expr, message, help);
    }

    fn times(&self, int: &LitInt) -> u32 {
        if matches!(int.suffix(), "" | "u32")
            && let Ok(times) = int.base10_parse()
        {
            return times;
        }
        let (message, help) = not_a_count(int, "times", u32::MAX.into()).unwrap_or_else(|| {
            (
                format!("`{int}` is not a number of times"),
                NUMBER.to_owned(),
            )
        });
        self.error(Lint::InvalidNumber, int.span(), message, help);
        1
    }
}
