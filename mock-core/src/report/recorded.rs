//! The recorded request that is nearest to one that was not recorded.

use serde_json::Value;

use super::asked::Asked;
use super::problem::block;
use super::text::{count, exact, shorten};
use super::turn::shown;
use super::{INDENT, WIDTH};
use crate::scenario::Scenario;
use crate::secret;

/// The most differences that are listed.
const LISTED: usize = 6;

/// The longest that a value is.
const VALUE: usize = 22;

/// The nearest recorded request, and field by field where the other differs from it.
pub(super) fn nearest(scenario: &Scenario, request: Asked<'_>) -> Vec<String> {
    let recorded = scenario.recorded.as_ref();
    let nearest = recorded.and_then(|recorded| recorded.nearest(request.head, &request));
    let (Some(recorded), Some(nearest)) = (recorded, nearest) else {
        return block("expected:", vec!["no call at all".to_owned()]);
    };
    let of = &recorded.lanes[nearest.lane];
    let place = shown(scenario.lanes[nearest.lane].place);
    let line = secret::hide(&format!("{} {}", of.method, of.path)).into_owned();
    let nearest_is = format!("{line}, recorded at {place}");
    let mut lines = block("nearest:", vec![shorten(&nearest_is, WIDTH - INDENT)]);
    let mut differences = Vec::new();
    for difference in nearest.differences.iter().take(LISTED) {
        let name = difference.place.rsplit('.').next().unwrap_or_default();
        let [sent, recorded] = [&difference.sent, &difference.recorded].map(|value| {
            let value = value.as_ref()?;
            Some(match secret::hide_value(name, value) {
                Value::String(text) => exact(&text, VALUE),
                other => shorten(&other.to_string(), VALUE),
            })
        });
        let place = shorten(&difference.place, WIDTH - INDENT - 2 * VALUE - 14);
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
        differences.push(shorten(&told, WIDTH - INDENT));
    }
    if let Some(more @ 1..) = nearest.differences.len().checked_sub(LISTED) {
        differences.push(format!("and {}", count(more, "more difference")));
    }
    lines.extend(block("but:", differences));
    lines
}
