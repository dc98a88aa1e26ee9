//! A recorded exchange compared with a request that is not equal to its own: which one is nearest, and how they differ.

use serde_json::Value;

use super::detail::Detail;
use super::formatting::{count, exact, short_place, shorten};
use super::mismatch_reason::MismatchReason;
use super::recorded_exchange::{numbered, question};
use super::{INDENT, WIDTH};
use crate::hide_secrets;
use crate::journal::calls::Call;
use crate::scenario::recorded::difference_for_reports::Difference;
use crate::scenario::recorded::exchange::RecordedExchange;
use crate::scenario::{SourceLocation, Turn};

/// The most differences that are listed.
const LISTED: usize = 6;

/// The longest that a value is.
const VALUE: usize = 22;

/// An exchange, its place, and how the request differs from the recorded one.
pub(super) struct ComparedExchange<'s> {
    pub(super) exchange: &'s RecordedExchange,
    pub(super) place: SourceLocation,
    pub(super) differences: Vec<Difference>,
}

impl<'s> ComparedExchange<'s> {
    /// The exchange whose request is nearest.
    pub(super) fn nearest(call: &'s Call) -> Option<Self> {
        let recorded = call.scenario.recorded.as_ref()?;
        let nearest =
            recorded.nearest(call.head.as_deref(), call.request(), call.is_embedding())?;
        Some(ComparedExchange {
            exchange: &recorded.lanes[nearest.lane],
            place: recorded.places[nearest.lane],
            differences: nearest.differences,
        })
    }

    /// The exchange that a turn replays, if it replays one.
    pub(super) fn of_turn(turn: &'s Turn, call: &Call) -> Option<Self> {
        let exchange = turn.replay.exchange()?;
        Some(ComparedExchange {
            exchange,
            place: turn.place,
            differences: exchange.differences(
                call.head.as_deref(),
                call.request(),
                call.is_embedding(),
            ),
        })
    }

    /// Why the exchange does not answer the request.
    pub(super) fn why(&self) -> MismatchReason {
        let lines = difference_lines(&self.differences);
        let first = lines.first().map(String::as_str);
        MismatchReason {
            brief: first.unwrap_or("it is a different request").to_owned(),
            lines,
        }
    }
}

/// Adds the nearest recorded request, and field by field where the other differs from it.
pub(super) fn expected(call: &Call, detail: &mut Detail) {
    let Some(nearest) = ComparedExchange::nearest(call) else {
        detail.text("expected:", format_args!("no call at all"));
        return;
    };
    let (exchange, place) = (nearest.exchange, short_place(nearest.place));
    let nearest_is = [
        format!("{} at {place}", numbered(exchange)),
        question(exchange),
    ];
    detail.block("nearest:", &nearest_is);
    detail.block("but:", &difference_lines(&nearest.differences));
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
fn difference_lines(all: &[Difference]) -> Vec<String> {
    const ROOM: usize = WIDTH - INDENT;
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
        let place = shorten(&difference.place, ROOM - 2 * VALUE - 14);
        let line = match (sent, recorded) {
            (Some(sent), Some(recorded)) => format!("{place} is {sent}, not {recorded}"),
            (Some(sent), None) => format!("{place} is {sent}, and was not recorded"),
            (None, recorded) => {
                format!(
                    "{place} is missing; {} was recorded",
                    recorded.unwrap_or_default()
                )
            }
        };
        differences.push(shorten(&line, ROOM));
    }
    if let Some(more @ 1..) = all.len().checked_sub(LISTED) {
        differences.push(format!("and {}", count(more, "more difference")));
    }
    differences
}
