//! The calls of a mock on the test's clock: streams as bars, their events as ticks, faults as crosses.

use std::fmt::Write as _;
use std::time::Duration;

use super::html::Text;
use crate::journal::calls::{Call, Outcome};
use crate::report;

/// A stretch of time as wide as the page.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    start: Duration,
    end: Duration,
}

impl Axis {
    /// The time from the start of the first of these calls to the end of the last.
    pub(super) fn new(calls: &[&Call]) -> Axis {
        let starts = calls.iter().map(|call| call.started_at());
        Axis {
            start: starts.min().unwrap_or_default(),
            end: calls
                .iter()
                .map(|call| last(call))
                .max()
                .unwrap_or_default(),
        }
    }

    fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// How far to the right a time is, in per cent.
    fn position(self, at: Duration) -> f64 {
        if self.is_empty() {
            return 0.0;
        }
        let whole = (self.end - self.start).as_secs_f64();
        let part = at.saturating_sub(self.start).as_secs_f64();
        (100.0 * part / whole).clamp(0.0, 100.0)
    }

    fn at(self, quarter: u32) -> Duration {
        self.start + self.end.saturating_sub(self.start) * quarter / 4
    }
}

/// The last time that is known of a call.
fn last(call: &Call) -> Duration {
    let event = call.event_times().last().copied();
    let known = [Some(call.started_at()), event, call.ended_at()];
    known.into_iter().flatten().max().unwrap_or_default()
}

/// Writes a line with a bar for each call, and the times below them.
pub(super) fn write(page: &mut String, mock: usize, calls: &[&Call], failing: Option<usize>) {
    let axis = Axis::new(calls);
    page.push_str("<div class=\"timeline\">\n");
    for call in calls {
        let number = call.number();
        let failed = match failing == Some(number) {
            true => " class=\"failed\"",
            false => "",
        };
        let _ = write!(
            page,
            "<div class=\"row\"><a{failed} href=\"#mock-{mock}-call-{number}\">call {number} <span class=\"faint\">{}</span></a>",
            Text(&caption(call)),
        );
        track(page, axis, call);
        page.push_str("</div>\n");
    }
    if axis.is_empty() {
        page.push_str("<p class=\"faint\">no time passed on the test's clock</p>\n");
    } else {
        page.push_str("<div class=\"row\"><span></span><div class=\"axis\">");
        for quarter in 0..=4 {
            let _ = write!(page, "<span>{}</span>", report::time(axis.at(quarter)));
        }
        page.push_str("</div></div>\n");
    }
    page.push_str("</div>\n");
}

/// Writes the bar of a call on an axis.
pub(super) fn track(page: &mut String, axis: Axis, call: &Call) {
    let from = axis.position(call.started_at());
    let (to, class) = match call.outcome() {
        None => (100.0, "open"),
        Some(outcome) => (axis.position(last(call)), class(outcome)),
    };
    let times = call.event_times();
    // The caller waits until the first event.
    let first = times.first().map_or(to, |first| axis.position(*first));
    page.push_str("<div class=\"track\">");
    let waits = from < first;
    if waits {
        bar(page, &format!("{class} wait"), from, first);
    }
    if !waits || !times.is_empty() {
        bar(page, class, first, to);
    }
    let mut shown = None;
    for at in times {
        let place = format!("{:.1}", axis.position(at));
        // Ticks at the same place are drawn once.
        if shown.as_ref() != Some(&place) {
            let _ = write!(page, "<i class=\"tick\" style=\"left:{place}%\"></i>");
            shown = Some(place);
        }
    }
    if !matches!(call.outcome(), None | Some(Outcome::Completed)) {
        let edge = match to {
            ..2.0 => " start",
            98.0.. => " end",
            _ => "",
        };
        let _ = write!(
            page,
            "<i class=\"fault{edge}\" style=\"left:{to:.2}%\" title=\"{}\">✕</i>",
            Text(&caption(call)),
        );
    }
    page.push_str("</div>");
}

fn bar(page: &mut String, class: &str, from: f64, to: f64) {
    let width = to - from;
    let _ = write!(
        page,
        "<div class=\"bar {class}\" style=\"left:{from:.2}%;width:{width:.2}%\"></div>"
    );
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "",
        Outcome::Cancelled | Outcome::DroppedAfter(_) => "dropped",
        Outcome::Truncated | Outcome::Failed(_) | Outcome::Panicked(_) => "bad",
    }
}

/// How long a call took, and how it ended: `340ms, 3 events`, `0ms, rate_limit`.
pub(super) fn caption(call: &Call) -> String {
    let mut caption = match call.duration() {
        Some(time) => report::time(time),
        None => "in flight".to_owned(),
    };
    if call.events() > 0 || (call.is_streamed() && call.error().is_none()) {
        caption.push_str(&format!(", {}", report::count(call.events(), "event")));
    }
    let ending = match call.outcome() {
        None | Some(Outcome::Completed) => return caption,
        Some(Outcome::Truncated) => "no finish".to_owned(),
        Some(Outcome::Failed(error)) => error.kind.to_string(),
        Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => "dropped".to_owned(),
        Some(Outcome::Panicked(_)) => "panicked".to_owned(),
    };
    caption + ", " + &ending
}
