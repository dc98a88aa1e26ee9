//! The source of a mock that answers as the calls of a test were answered: [`Calls::to_script`].

use std::time::Duration;

use super::layout::{Source, turn_origin};
use super::literal::literal;
use super::turn_words::{Speaker, TimedEvent, Written, pairs, vectors};
use crate::chat::event::StreamEvent;
use crate::journal::calls::{Call, Calls, Outcome};
use crate::runtime::is_clock_paused::is_paused;
use crate::scenario::{Action, Profile, Turn};

impl Calls {
    /// Returns the source of a `mock_provider!` of this name, which answers as these calls were answered, in their order. Use it to turn
    /// answers of rules, closures or drivers into a plain script.
    ///
    /// The turns have the texts, tool calls, vectors, failures, finish reasons and usage that the caller received, and the same pieces of a
    /// stream. On a paused clock they have the pauses of a stream, too. They have no matchers and names. Comments list everything that a
    /// turn cannot express. Feature `cassette`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([]).rules([on(user("weather in {city}")).reply("It rains in {city}.")]));
    /// llm.answer(Request::new("gpt-4o").user("What is the weather in Paris?")).await?;
    ///
    /// let source = llm.calls().to_script("Rainy");
    /// assert!(source.contains("reply(\"It rains in Paris.\")"), "{source}");
    /// # Ok(()) }
    /// ```
    pub fn to_script(&self, name: &str) -> String {
        let first = self.first();
        let profile = first.map_or(Profile::Plain, |call| call.scenario.profile);
        let mut models = self.iter().map(|call| &call.request().model);
        let model = models.find(|model| !model.is_empty()).cloned();
        let mut source = Source::new(profile, model);
        let allows = |call: &Call| call.scenario.allow.broken_conversations;
        source.allow_broken_conversations(self.iter().any(allows));
        let mut speaker = Speaker::new(profile);
        for call in self {
            let written = answer_of_call(call, &mut speaker);
            let head = call.head.as_deref().filter(|head| !head.asks_model);
            let path = head.map(|head| head.line());
            let place = format!("call {}", call.number());
            let place = match &path {
                Some(path) => format!("{place}: {path}"),
                None => turn_origin(&place, Some(call.request())),
            };
            source.add(&place, path.as_deref(), &written);
        }
        source.finish(name)
    }
}

/// Writes the answer of a call as a turn.
fn answer_of_call(call: &Call, speaker: &mut Speaker) -> Written {
    let mut written = match call.outcome() {
        None => {
            let mut written = Written::word("hang()".to_owned());
            written.notes.push("The call was in flight".to_owned());
            written
        }
        Some(Outcome::Panicked(_)) => {
            return Written::nothing("Not in the script: a closure panicked");
        }
        Some(_) if call.answered_by().is_none() => {
            return Written::nothing("Not in the script: no turn answered the call");
        }
        Some(outcome) => answer(call, outcome, speaker),
    };
    let turn = call.answered_by().map(|turn| call.scenario.turn(turn));
    if let Some(lost) = written.lost.take() {
        match turn.and_then(as_written) {
            Some(raw) => {
                written.chain = raw;
                written.notes.push(format!(
                    "The bytes of the scenario, because a turn cannot express {lost}"
                ));
            }
            None => written.notes.push(format!("Left out: {lost}")),
        }
    }
    written
}

fn answer(call: &Call, outcome: &Outcome, speaker: &mut Speaker) -> Written {
    if call.is_embedding() {
        return match (outcome, call.vectors_of_answer()) {
            (Outcome::Failed(error), _) => speaker.failure(error),
            (_, Some(all)) => vectors(&all, call.usage().as_ref()),
            _ => dropped(Written::word("hang()".to_owned())),
        };
    }
    let events = call.events_of_answer();
    let events = events.map(|(head, events)| (head, timed(call, events)));
    let failure = match outcome {
        Outcome::Failed(error) => Some(error),
        _ => None,
    };
    match (events, outcome) {
        (Some((head, events)), Outcome::Completed) if !call.is_streamed() => {
            let mut response = head;
            events
                .into_iter()
                .for_each(|timed| response.push(timed.event));
            speaker.whole(&response)
        }
        (Some((_, events)), Outcome::DroppedAfter(_) | Outcome::Cancelled) => {
            let mut written = speaker.streamed(events, None, Duration::ZERO);
            let fault = written
                .chain
                .iter_mut()
                .rfind(|word| *word == "end_after(all)");
            if let Some(fault) = fault {
                *fault = "stall_after(all)".to_owned();
            }
            dropped(written)
        }
        (Some((_, events)), _) => speaker.streamed(events, failure, Duration::ZERO),
        (None, Outcome::Failed(error)) => speaker.failure(error),
        (None, Outcome::Completed | Outcome::Truncated) => Written::unread(),
        (None, _) => dropped(Written::word("hang()".to_owned())),
    }
}

/// The events of an answer, with their times on a paused clock. On a real one, the times would be those of the machine.
fn timed(call: &Call, events: Vec<StreamEvent>) -> Vec<TimedEvent> {
    let mut times = call.event_times();
    times.extend(call.ended_at());
    let is_finish = |event: &StreamEvent| matches!(event, StreamEvent::Finish { .. });
    let expected = events.len() + usize::from(!events.last().is_some_and(is_finish));
    let is_known = call.is_streamed() && times.len() == expected && is_paused();
    let mut before = call.started_at();
    let times = times.into_iter().map(Some).filter(|_| is_known);
    let times = times.chain(std::iter::repeat(None));
    let timed = events.into_iter().zip(times).map(|(event, time)| {
        let gap = time.map_or(Duration::ZERO, |time| time.saturating_sub(before));
        before = time.unwrap_or(before);
        TimedEvent { gap, event }
    });
    timed.collect()
}

fn dropped(mut written: Written) -> Written {
    written
        .notes
        .push("The caller dropped the call here".to_owned());
    written
}

/// The words of a turn with a body or frames of its own.
fn as_written(turn: &Turn) -> Option<Vec<String>> {
    let mut chain = Vec::new();
    for action in turn.actions.iter() {
        match action {
            Action::Raw(body) => chain.push(format!("raw({})", literal(body))),
            Action::Frames(frames) => {
                let frames = frames.iter().map(|frame| literal(frame));
                let frames = frames.collect::<Vec<_>>().join(", ");
                chain.push(format!("frames([{frames}])"));
            }
            wait if wait.is_wait() => {}
            _ => return None,
        }
    }
    if let Some(status) = turn.status.filter(|status| *status != 200) {
        chain.push(format!("status({status})"));
    }
    if !turn.headers.is_empty() {
        chain.push(format!("headers({})", pairs(&turn.headers)));
    }
    Some(chain).filter(|chain| !chain.is_empty())
}
