//! The calls of a mock as a sequence diagram.

use std::fmt::Write as _;

use crate::journal::calls::{Call, Calls, Outcome};
use crate::report;
use crate::search::Search;
use crate::transcript::{self, Ids};

/// The longest text at an arrow.
const LONGEST: usize = 80;

impl Calls {
    /// Returns the calls as a sequence diagram for [Mermaid](https://mermaid.js.org): an arrow for each request and each answer, in order. Each
    /// model is a participant. With a paused clock, the diagram is the same in every run.
    ///
    /// It needs the feature `pictures`. Keys, tokens and passwords are redacted.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([fail(rate_limit()), reply("Yes.").ttft(ms(300))]);
    /// let ask = || llm.answer(Request::new("gpt-4o").user("Is it raining?"));
    /// assert!(ask().await.is_err());
    /// ask().await?;
    ///
    /// assert_eq!(llm.calls().to_mermaid(), "\
    /// sequenceDiagram
    ///     participant C as code under test
    ///     participant M1 as gpt-4o
    ///     C->>M1: call 1 at 0ms: user: Is it raining?
    ///     M1--xC: call 1 at 0ms: rate_limit: status 429
    ///     C->>M1: call 2 at 0ms: user: Is it raining?
    ///     M1-->>C: call 2 at 300ms: Yes.
    /// ");
    /// # Ok(()) }
    /// ```
    pub fn to_mermaid(&self) -> String {
        let mut diagram = "sequenceDiagram\n    participant C as code under test\n".to_owned();
        let mut models: Vec<&str> = Vec::new();
        for call in self {
            let model = &*call.request().model;
            if !models.contains(&model) {
                models.push(model);
                let _ = writeln!(
                    diagram,
                    "    participant M{} as {}",
                    models.len(),
                    label(if model.is_empty() { "no model" } else { model })
                );
            }
        }
        let mut ids = Ids::numbered();
        for (call, arrow) in arrows(self) {
            let known = models.position(&|model| *model == call.request().model);
            let model = known.unwrap_or_default() + 1;
            let line = match arrow {
                Arrow::Request => request(call, model, &mut ids),
                Arrow::Answer => answer(call, model, &mut ids),
            };
            let _ = writeln!(diagram, "    {line}");
        }
        diagram
    }
}

enum Arrow {
    Request,
    Answer,
}

/// The requests and the answers in the order in which they happened.
fn arrows(calls: &Calls) -> Vec<(&Call, Arrow)> {
    let mut arrows = Vec::new();
    let mut open = Vec::new();
    for call in calls {
        end_before(call.number(), &mut open, &mut arrows);
        arrows.push((call, Arrow::Request));
        open.push(call);
    }
    end_before(usize::MAX, &mut open, &mut arrows);
    // The remaining calls are in flight.
    arrows.extend(open.into_iter().map(|call| (call, Arrow::Answer)));
    arrows
}

/// Moves the calls that ended before the call with this number began from the open ones to the arrows.
fn end_before<'c>(number: usize, open: &mut Vec<&'c Call>, arrows: &mut Vec<(&'c Call, Arrow)>) {
    let has_ended = |call: &&Call| call.begun_at_end().is_some_and(|begun| begun < number);
    let mut ended: Vec<_> = open.iter().copied().filter(has_ended).collect();
    open.retain(|call| !has_ended(call));
    ended.sort_by_key(|call| call.ended_at());
    arrows.extend(ended.into_iter().map(|call| (call, Arrow::Answer)));
}

fn request(call: &Call, model: usize, ids: &mut Ids) -> String {
    let lines = transcript::lines(&call.request().messages, ids);
    let last = lines.last().map_or("no messages", String::as_str);
    let at = report::moment(call.started_at());
    format!(
        "C->>M{model}: call {} at {at}: {}",
        call.number(),
        label(last)
    )
}

fn answer(call: &Call, model: usize, ids: &mut Ids) -> String {
    let number = call.number();
    let (Some(outcome), Some(at)) = (call.outcome(), call.ended_at()) else {
        return format!("Note over M{model}: call {number} is in flight");
    };
    let answer = label(&transcript::answer(call, ids).join(" "));
    let arrow = match outcome {
        Outcome::Completed => format!("M{model}-->>C"),
        Outcome::Cancelled | Outcome::DroppedAfter(_) => format!("C-xM{model}"),
        Outcome::Truncated | Outcome::Failed(_) | Outcome::Panicked(_) => format!("M{model}--xC"),
    };
    let streamed = match call.is_streamed() {
        true => format!(", {}", report::count(call.events(), "event")),
        false => String::new(),
    };
    format!(
        "{arrow}: call {number} at {}{streamed}: {answer}",
        report::moment(at)
    )
}

/// A text in a diagram, on one line. Characters that mean something to Mermaid are written as their numbers.
fn label(text: &str) -> String {
    let mut label = String::new();
    for c in report::shorten(&report::one_line(text), LONGEST).chars() {
        match c {
            '#' | ';' | '%' | '<' | '>' | '&' | '\\' => {
                let _ = write!(label, "#{};", u32::from(c));
            }
            c => label.push(c),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_with_a_meaning_in_mermaid_are_escaped() {
        for (text, expected) in [
            ("a; b", "a#59; b"),
            ("%%{init: {}}%%", "#37;#37;{init: {}}#37;#37;"),
            ("<br/>", "#60;br/#62;"),
            ("a\n  b", "a b"),
            ("#quot;", "#35;quot#59;"),
        ] {
            assert_eq!(label(text), expected);
        }
    }
}
