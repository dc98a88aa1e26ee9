//! Computes the answer of a call that has ended again, from what the journal keeps of it.

use std::sync::{Arc, OnceLock};

use tokio::time::Instant;

use super::tool_calls::TypedCalls;
use super::{Playback, Step};
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::Usage;
use crate::chat::message::ToolCall;
use crate::chat::raw_answer_reader::RawAnswers;
use crate::chat::response::Response;
use crate::engine::closure_response::ClosureResponse;
use crate::engine::running_call::CallGuard;
use crate::engine::template_values::Values;
use crate::engine::{ClaimedTurn, Engine, Ids, ScenarioSummary, WaitPoint};
use crate::journal::calls::{Call, End, Journal, Outcome};
use crate::journal::event_times::EventTimes;
use crate::journal::script_id::ScriptId;
use crate::scenario::{Action, TurnIndex};
use crate::search::Search;
use crate::shuttle_locks::AtomicUsize;

/// The data that the answer of a call depends on, apart from its request and the scenario.
struct Kept {
    values: Values,
    closure_response: Option<Arc<ClosureResponse>>,
    pushed: Vec<Option<StreamEvent>>,
    typed: TypedCalls,
    ids: Option<Ids>,
    raw_answers: Option<&'static dyn RawAnswers>,
}

impl Playback {
    /// Leaves what the answer depends on in the journal. Most answers depend on the scenario alone, and leave nothing.
    #[inline]
    pub(in crate::engine) fn keep_in_journal(&mut self) {
        if !self.chosen.values.is_empty()
            || self.chosen.closure_response.is_some()
            || self.ids.is_some()
            || self.frames.get().is_some()
            || self.typed.is_some()
            || !self.pushed.is_empty()
        {
            self.keep_all();
        }
    }

    /// Moves it there: nothing is played after the end of an answer.
    #[cold]
    fn keep_all(&mut self) {
        // A call ends once, so its data is kept once.
        if self.guard.call().kept.get().is_some() {
            return;
        }
        let kept = Kept {
            values: std::mem::take(&mut self.chosen.values),
            closure_response: self.chosen.closure_response.clone(),
            pushed: std::mem::take(&mut self.pushed),
            typed: self.typed.take().map(|typed| *typed).unwrap_or_default(),
            ids: self.ids,
            raw_answers: self.engine().raw_answers,
        };
        self.guard.call().kept.get_or_init(|| Box::new(kept));
    }
}

impl Call {
    /// Returns what the mock answered: texts with their variables filled in, tool calls, and usage. Of a stream that broke off or was
    /// dropped, it returns what the caller received.
    ///
    /// It returns `None` while the call is in flight, if the caller received nothing but an error, and for embeddings. A raw answer is read
    /// as a client of the mock's provider would read it.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([on(user("weather in {city}")).reply("It is 18 °C in {city}.")]);
    ///
    /// llm.answer(Request::new("gpt-4o").user("What is the weather in Paris?")).await?;
    /// let answer = llm.calls()[0].response().expect("it has answered");
    /// assert_eq!(answer.text(), "It is 18 °C in Paris.");
    /// assert_eq!(answer.usage.map(|usage| usage.completion_tokens), Some(5));
    /// # Ok(()) }
    /// ```
    pub fn response(&self) -> Option<Response> {
        let (mut response, events) = self.events_of_answer()?;
        for event in events {
            response.push(event);
        }
        Some(response)
    }

    /// The head of what the mock answered, and the events of the rest.
    pub(crate) fn events_of_answer(&self) -> Option<(Response, Vec<StreamEvent>)> {
        let turn = self.answered_by()?;
        let outcome = self.outcome()?;
        let is_whole = matches!(outcome, Outcome::Completed | Outcome::Truncated);
        if self.is_embedding() || !(is_whole || self.is_streamed() && self.events() > 0) {
            return None;
        }
        replay(self, turn, outcome)
    }

    /// The vectors of a whole answer to a request for embeddings.
    #[cfg(feature = "cassette")]
    pub(crate) fn vectors_of_answer(&self) -> Option<Vec<Vec<f32>>> {
        let request = self.embedding()?;
        let is_whole = matches!(self.outcome()?, Outcome::Completed);
        let turn = self.answered_by()?;
        is_whole.then(|| begin(self, turn).vectors(request))
    }

    /// Returns the first call of this tool in what the mock [answered](Call::response); `None` if there is none.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let llm = MockProvider::script([on(user("weather in {city}")).call("get_weather", [("city", "{city}")])]);
    ///
    /// llm.answer(Request::new("gpt-4o").user("weather in Paris?")).await?;
    /// let call = llm.calls()[0].tool_call("get_weather").expect("it was called");
    /// assert_eq!(call.json::<serde_json::Value>()?["city"], "Paris");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn tool_call(&self, tool: &str) -> Option<ToolCall> {
        let answer = self.response()?;
        let call = answer.tool_calls().find(|call| call.name == tool);
        call.cloned()
    }
}

impl Call {
    /// The usage of the answer, if it has one; of embeddings too.
    pub(crate) fn usage(&self) -> Option<Usage> {
        if !self.is_embedding() {
            return self.response()?.usage;
        }
        let (turn, outcome) = (self.answered_by()?, self.outcome()?);
        let is_whole = matches!(outcome, Outcome::Completed);
        is_whole.then(|| begin(self, turn).usage_now()).flatten()
    }
}

/// Plays an answer without its times, in an engine of its own: nothing of it counts.
fn replay(call: &Call, turn: TurnIndex, outcome: &Outcome) -> Option<(Response, Vec<StreamEvent>)> {
    let kept = kept(call);
    let mut playback = begin(call, turn);
    let response = playback.response();
    let mut pushed = kept.map_or(&[][..], |kept| &kept.pushed).iter();
    let mut events = Vec::new();
    loop {
        // Stop where the caller dropped the call.
        if *outcome == Outcome::DroppedAfter(events.len()) {
            break;
        }
        let step = match playback.next() {
            Some(Step::WaitAt(WaitPoint::Gate(_))) => continue,
            Some(Step::WaitAt(WaitPoint::Driven(_))) => match pushed.next() {
                Some(Some(event)) => playback.driven(event.clone()),
                // Asking again gives the same driver, until its part has ended.
                Some(None) => {
                    playback.end_driven(false);
                    continue;
                }
                None => break,
            },
            Some(step) => step,
            None => break,
        };
        match step {
            Step::Event(event @ StreamEvent::Finish { .. }) => {
                // A fault may come after the finish.
                let is_received = match outcome {
                    Outcome::Completed => true,
                    _ => !playback.is_over(),
                };
                if is_received {
                    events.push(event);
                }
                break;
            }
            Step::Event(_) if call.is_streamed() && events.len() == call.events() => break,
            Step::Event(event) => events.push(event),
            Step::Error(_) if events.is_empty() => return None,
            _ => break,
        }
    }
    Some((response, events))
}

fn kept(call: &Call) -> Option<&Kept> {
    call.kept.get()?.downcast_ref()
}

/// The beginning of the answer of a call.
fn begin(call: &Call, turn: TurnIndex) -> Playback {
    let kept = kept(call);
    let guard = guard_of(call, kept.and_then(|kept| kept.raw_answers));
    let scripted = call.scenario.turn(turn);
    let mut chosen = ClaimedTurn {
        turn,
        values: kept.map(|kept| kept.values.clone()).unwrap_or_default(),
        closure_response: kept.and_then(|kept| kept.closure_response.clone()),
    };
    let is_raw = |action: &Action| matches!(action, Action::Raw(_) | Action::Frames(_));
    let is_raw = scripted.actions.any(&is_raw);
    if is_raw && chosen.closure_response.is_none() {
        chosen.closure_response = guard.engine.respond(&guard, turn, false);
    }
    let mut playback = Playback::new(guard, chosen, call.is_streamed());
    let typed = kept.map(|kept| kept.typed.clone()).unwrap_or_default();
    playback.typed = Some(typed.into_ended());
    // The frames of a raw answer are read as in process, where they set the ids.
    playback.ids = kept.and_then(|kept| kept.ids).filter(|_| !is_raw);
    playback
}

/// A guard on a copy of the call, in a journal and an engine that are its own.
fn guard_of(call: &Call, raw_answers: Option<&'static dyn RawAnswers>) -> CallGuard {
    let now = Instant::now();
    // The summary stays empty: computing it from many turns for each of many calls would take too long, and playing one turn does not need
    // it.
    let engine = Engine::with_traits(
        ScenarioSummary::default(),
        call.scenario.clone(),
        String::new(),
        call.seed,
        now,
        Arc::default(),
        raw_answers,
    );
    let journal = Arc::new(Journal::default());
    let entry = journal.push(|| Call {
        number: call.number,
        request: call.request.clone(),
        embedding: call.embedding.clone(),
        head: None,
        streamed: call.streamed,
        answered_by: call.answered_by,
        has_drawn_fault: call.has_drawn_fault,
        script: ScriptId::SCRIPT,
        started_at: call.started_at,
        events: AtomicUsize::new(0),
        event_times: EventTimes::default(),
        end: End::default(),
        scenario: call.scenario.clone(),
        seed: call.seed,
        kept: OnceLock::new(),
    });
    CallGuard::new(Arc::new(engine), journal, entry, now)
}

#[cfg(test)]
mod tests;
