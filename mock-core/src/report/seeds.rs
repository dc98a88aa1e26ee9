//! The report of a test that runs with several seeds.

use super::formatting::{capped, command, count, wrap};
use super::{LINES, WIDTH, painted};
use crate::environment_variables::SEED;

/// The seeds with which a test fails, and why with the first of them.
pub(crate) struct FailedSeed<'a> {
    pub(crate) seeds: &'a [u64],
    /// The number of seeds that were tried.
    pub(crate) count: usize,
    /// Why it fails.
    pub(crate) lines: Vec<String>,
    /// The number of faults that happened.
    pub(crate) happened: usize,
    pub(crate) repeat: Repeat,
}

/// The result of more runs with the same seed.
pub(crate) enum Repeat {
    /// The run repeats, and these faults suffice to make it fail.
    Fewest(Vec<String>),
    /// Another journal, or another failure.
    Differs,
    /// There was no second run.
    Untried,
}

/// The most seeds that are listed.
const SEEDS: usize = 10;

/// The most lines about the failure, and about its faults.
const MOST: usize = 8;

/// Returns the report of a test that fails with some of its seeds.
pub(crate) fn seeds(failed: &FailedSeed<'_>, test: &str) -> String {
    let first = failed.seeds.first().copied().unwrap_or_default();
    let mut listed: Vec<_> = failed
        .seeds
        .iter()
        .take(SEEDS)
        .map(u64::to_string)
        .collect();
    if let Some(more @ 1..) = failed.seeds.len().checked_sub(SEEDS) {
        listed.push(format!("and {more} more"));
    }
    let head = format!(
        "the test fails with {} of {}: {}",
        failed.seeds.len(),
        count(failed.count, "seed"),
        listed.join(", ")
    );
    let mut lines = wrap(&head, WIDTH, 3);
    lines.extend([String::new(), format!("with the seed {first}:")]);
    let mut about = Vec::new();
    for line in failed.lines.iter().filter(|line| !line.is_empty()) {
        about.extend(wrap(line, WIDTH, 2));
    }
    lines.extend(capped(about, MOST));
    lines.extend(repeated(failed));
    lines.push(String::new());
    lines.push(format!("`{}` repeats it", command(SEED, first, test)));
    lines.truncate(LINES);
    painted(&lines)
}

/// The result of more runs with the same seed, in lines.
fn repeated(failed: &FailedSeed<'_>) -> Vec<String> {
    let all = count(failed.happened, "fault");
    match &failed.repeat {
        Repeat::Untried => Vec::new(),
        Repeat::Differs => wrap(
            "the seed does not repeat this: a second run with it went otherwise. The code draws a chance of its own: \
             `select!` without `biased`, the order of a `HashMap`, threads, foreign I/O, the clock of the standard library, \
             or clients that ask a server at the same time",
            WIDTH,
            usize::MAX,
        ),
        Repeat::Fewest(_) if failed.happened == 0 => Vec::new(),
        Repeat::Fewest(fewest) if fewest.is_empty() => {
            vec![format!("it fails without any of its {all}")]
        }
        Repeat::Fewest(fewest) => {
            let mut lines = vec![format!("of its {all}, these suffice:")];
            let faults = fewest.iter().map(|fault| format!("  {fault}"));
            lines.extend(capped(faults.collect(), MOST));
            lines
        }
    }
}

/// A fault by chance, with the call that it happened to.
pub(crate) fn happened(mock: &str, call: usize, what: &str) -> String {
    format!("call {call} of `{}`: {what}", super::turn::label(mock))
}
