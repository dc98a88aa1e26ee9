//! The calls of a test that fails by itself, while its mocks have no problem.

use super::formatting::{count, holds};
use super::listed_calls::{calls, noun};
use super::turn::label;
use super::{LINES, painted};
use crate::journal::verdict::Verdict;
use crate::search::Search;

/// The calls of the mocks that were called, at most as many lines as a report has, without those that the test's own failure shows.
/// `None` if there are none.
pub(crate) fn calls_without_problem(verdicts: &[Verdict], failure: &str) -> Option<String> {
    let mut lines = Vec::new();
    for verdict in verdicts {
        if verdict.calls.is_empty() {
            continue;
        }
        let (calls, earlier) = calls(verdict);
        if calls.any(&|call| holds(failure, call)) {
            continue;
        }
        lines.push(format!(
            "mock `{}` answered as scripted:",
            label(&verdict.mock)
        ));
        if earlier > 0 {
            let noun = format!("earlier {}", noun(verdict));
            lines.push(format!("  … {}", count(earlier, &noun)));
        }
        lines.extend(calls);
    }
    if lines.len() > LINES {
        lines.truncate(LINES - 1);
        lines.push("  …".to_owned());
    }
    (!lines.is_empty()).then(|| painted(&lines))
}
