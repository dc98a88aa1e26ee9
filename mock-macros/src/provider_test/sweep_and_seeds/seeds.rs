//! The value of `seeds`.

use syn::{Expr, ExprRange, RangeLimits};

use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::syntax::{bare, whole_number};

const SEEDS: &str = "write a range of whole numbers, as in `seeds = 0..100`";

/// The first and the last seed; `None` if the value is wrong, and that has been reported.
pub(super) fn range(value: &Expr, diagnostics: &Diagnostics) -> Option<(u64, u64)> {
    let Expr::Range(range) = bare(value) else {
        return diagnostics.reject(
            Lint::OptionValue,
            value,
            &"expected a range of seeds",
            &SEEDS,
        );
    };
    let ExprRange {
        start: Some(start),
        limits,
        end: Some(end),
        ..
    } = range
    else {
        let message = "this range has no beginning or no end";
        return diagnostics.reject(Lint::OptionValue, range, &message, &SEEDS);
    };
    let (first, end) = (seed(start, diagnostics), seed(end, diagnostics));
    let (first, end) = (first?, end?);
    let last = match limits {
        RangeLimits::HalfOpen(_) => end.checked_sub(1),
        RangeLimits::Closed(_) => Some(end),
    };
    if let Some(last) = last.filter(|last| *last >= first) {
        return Some((first, last));
    }
    diagnostics.reject(
        Lint::OptionValue,
        range,
        &"there are no seeds in this range",
        &SEEDS,
    )
}

fn seed(value: &Expr, diagnostics: &Diagnostics) -> Option<u64> {
    let number = whole_number(value);
    if number.is_none() {
        let message = format!("`{}` is not a seed", written(value));
        diagnostics.error_at(Lint::OptionValue, value, message, SEEDS);
    }
    number
}
