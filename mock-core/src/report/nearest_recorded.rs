//! The recorded request that is nearest to one that was not recorded.

use serde_json::Value;

use super::formatting::{count, exact, short_place, shorten};
use super::matcher_input::MatcherInput;
use super::mismatch_reason::MismatchReason;
use super::problem::block;
use super::recorded_exchange::{numbered, question};
use super::{INDENT, WIDTH};
use crate::hide_secrets;
use crate::scenario::Scenario;
use crate::scenario::recorded::difference_for_reports::Difference;
use crate::scenario::recorded::exchange::RecordedExchange;

/// The most differences that are listed.
const LISTED: usize = 6;

/// The longest that a value is.
const VALUE: usize = 22;

/// The nearest recorded request, and field by field where the other differs from it.
pub(super) fn nearest(scenario: &Scenario, request: MatcherInput<'_>) -> Vec<String> {
    let recorded = scenario.recorded.as_ref();
    let nearest = recorded
        .and_then(|recorded| recorded.nearest(request.head, &request, request.is_embedding));
    let (Some(recorded), Some(nearest)) = (recorded, nearest) else {
        return block("expected:", vec!["no call at all".to_owned()]);
    };
    let exchange = &recorded.lanes[nearest.lane];
    let place = short_place(recorded.places[nearest.lane]);
    let nearest_is = vec![
        format!("{} at {place}", numbered(exchange)),
        question(exchange),
    ];
    let mut lines = block("nearest:", nearest_is);
    lines.extend(block(
        "but:",
        difference_lines(&nearest.differences, WIDTH - INDENT),
    ));
    lines
}

/// Why a turn that replays an exchange does not answer a request.
pub(super) fn why(
    exchange: &RecordedExchange,
    request: MatcherInput<'_>,
    width: usize,
) -> MismatchReason {
    let differences = exchange.differences(request.head, &request, request.is_embedding);
    let lines = difference_lines(&differences, width);
    MismatchReason {
        brief: lines
            .first()
            .cloned()
            .unwrap_or_else(|| "it is another request".to_owned()),
        lines,
    }
}

/// How many characters to leave out at the beginning of two texts, so that the first difference is visible.
fn equal_beginning(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    let equal = pairs.take_while(|(one, other)| one == other).count();
    match equal < VALUE - KEPT {
        true => 0,
        false => equal - KEPT,
    }
}

/// The number of equal characters before the first difference of two long texts.
const KEPT: usize = 6;

fn without_beginning(text: &str, skipped: usize) -> String {
    match skipped {
        0 => text.to_owned(),
        _ => format!("…{}", text.chars().skip(skipped).collect::<String>()),
    }
}

/// The differences, one line each.
fn difference_lines(all: &[Difference], width: usize) -> Vec<String> {
    let mut differences = Vec::new();
    for difference in all.iter().take(LISTED) {
        let name = difference.place.rsplit('.').next().unwrap_or_default();
        let [sent, recorded] = [&difference.sent, &difference.recorded]
            .map(|value| Some(hide_secrets::hide_value(name, value.as_ref()?)));
        let skipped = match (&sent, &recorded) {
            (Some(Value::String(sent)), Some(Value::String(recorded))) => {
                equal_beginning(sent, recorded)
            }
            _ => 0,
        };
        let [sent, recorded] = [sent, recorded].map(|value| {
            Some(match value? {
                Value::String(text) => exact(&without_beginning(&text, skipped), VALUE),
                other => shorten(&other.to_string(), VALUE),
            })
        });
        let place = shorten(
            &difference.place,
            width.saturating_sub(2 * VALUE + 14).max(VALUE),
        );
        let told = match (sent, recorded) {
            (Some(sent), Some(recorded)) => format!("{place} is {sent}, not {recorded}"),
            (Some(sent), None) => format!("{place} is {sent}, and was not recorded"),
            (None, recorded) => {
                format!(
                    "{place} is missing; {} was recorded",
                    recorded.unwrap_or_default()
                )
            }
        };
        differences.push(shorten(&told, width));
    }
    if let Some(more @ 1..) = all.len().checked_sub(LISTED) {
        differences.push(format!("and {}", count(more, "more difference")));
    }
    differences
}
