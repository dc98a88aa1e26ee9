//! The claim: the first poll of a call atomically assigns its number, its turn, the captures and the random seed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use tokio::time::Instant;

use super::call_without_turn::NoTurn;
use super::captures::{Captures, NO_CAPTURES};
use super::closure_response::ClosureResponse;
use super::incoming_request::IncomingRequest;
use super::match_context::MatchContext;
use super::running_call::CallGuard;
use super::select_lane_and_instance::{ScriptAssignment, Slot};
use super::select_turn::{Cursor, Selection, select};
use super::template_values::Values;
use super::{Engine, EngineState, Mode, Origin};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::journal::calls::{Call, End};
use crate::journal::event_times::EventTimes;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::NoScript;
use crate::scenario::{Turn, TurnIndex};
use crate::shuttle_locks::{AtomicUsize, MutexGuard};

/// The answer that a claimed call plays.
pub(super) struct ClaimedTurn {
    pub(super) turn: TurnIndex,
    pub(super) values: Values,
    /// The answer of the turn's closure, if it has one.
    pub(super) closure_response: Option<Arc<ClosureResponse>>,
}

/// The progress that a decision depends on.
#[derive(PartialEq)]
struct Progress {
    /// The number of the call.
    number: usize,
    slot: Option<Slot>,
    cursor: Cursor,
    captures: Captures,
}

impl EngineState {
    /// Returns the progress of a request's script.
    pub(super) fn progress(&self, assignment: Option<&ScriptAssignment>) -> (Cursor, &Captures) {
        let Some(assignment) = assignment else {
            return (self.cursor, &self.captures);
        };
        match (self.instances.get(assignment.slot), assignment.slot) {
            (Some(instance), _) => (instance.cursor, &instance.captures),
            (None, Slot::Outside) => (Cursor::default(), &self.captures),
            (None, _) => (Cursor::default(), &NO_CAPTURES),
        }
    }

    /// Records the next call in its instance, which may begin with it.
    fn enter(
        &mut self,
        assignment: &mut ScriptAssignment,
        selection: &Result<Selection, NoTurn>,
        call: usize,
        is_per: bool,
    ) -> ScriptId {
        let mismatch = match selection {
            Ok(_) => None,
            Err(NoTurn::Mismatch(mismatch)) if mismatch.call == call => Some(mismatch),
            // The call claims no turn, so it begins no instance.
            Err(_) if assignment.slot == Slot::New => {
                return ScriptId::new(assignment.lane, None);
            }
            Err(_) => return self.instances.script_id(assignment, is_per),
        };
        let instance = self.instances.enter(assignment, call);
        if let (Some(instance), Some(mismatch)) = (instance, mismatch) {
            instance.mismatch = Some(mismatch.clone());
        }
        self.instances.script_id(assignment, is_per)
    }

    /// Moves the script to its position after this decision.
    fn advance(
        &mut self,
        assignment: Option<&ScriptAssignment>,
        selection: Selection,
    ) -> ClaimedTurn {
        let instance = assignment.and_then(|assignment| self.instances.get_mut(assignment.slot));
        let (cursor, captures) = match instance {
            Some(instance) => (&mut instance.cursor, &mut instance.captures),
            None => (&mut self.cursor, &mut self.captures),
        };
        *cursor = selection.cursor;
        if !selection.captures.is_empty() {
            captures.extend(selection.captures);
        }
        ClaimedTurn {
            turn: selection.turn,
            values: selection.values,
            closure_response: None,
        }
    }
}

impl Engine {
    /// Draws the fault of the next call, if this run has random faults. A faulty answer leaves the cursor where it is, so that the turn answers
    /// the retry.
    #[inline]
    fn draw_fault(
        &self,
        state: &EngineState,
        selection: &mut Result<Selection, NoTurn>,
        assignment: Option<&ScriptAssignment>,
        is_streamed: bool,
    ) -> Option<Box<Turn>> {
        let chaos = self.chaos.as_ref()?;
        let selection = selection.as_mut().ok()?;
        let turn = self.scenario.turn(selection.turn);
        let faulty = chaos.answer(state.journal.len() + 1, turn, is_streamed)?;
        selection.cursor = state.progress(assignment).0;
        Some(faulty)
    }

    /// Adds a call to the journal and claims the turn that answers it. The number, the turn and the captures change together. `tell` gets
    /// the number.
    // One long function, under one lock: moving a part into a function of its own makes every call slower.
    #[inline]
    pub(super) fn claim(
        self: Arc<Self>,
        request: Request,
        mode: Mode,
        origin: Origin,
        tell: Option<&mut dyn FnMut(usize)>,
    ) -> Result<(CallGuard, ClaimedTurn), ProviderError> {
        let start = Instant::now();
        let (is_served, mut head) = match origin {
            Origin::InProcess => (false, None),
            Origin::Wire(head) => (true, head),
        };
        let (streamed, mut embedding) = match mode {
            Mode::Whole => (false, None),
            Mode::Streamed => (true, None),
            Mode::Embedding(embedding) => (false, Some(embedding)),
        };
        let incoming = IncomingRequest {
            request: &request,
            head: head.as_deref(),
            is_served,
            streamed,
            embedding: embedding.as_deref(),
        };
        let mut assignment = match self.summary.has_instances {
            true => Some(ScriptAssignment::new(&self.scenario, incoming)),
            false => None,
        };
        let (mut state, mut selection) = self.choose(incoming, assignment.as_deref_mut());
        if let Err(NoTurn::TooMany(error)) = selection {
            return Err(*error);
        }
        let faulty = self.draw_fault(&state, &mut selection, assignment.as_deref(), streamed);
        let journal = Arc::clone(&state.journal);
        let index = journal.len();
        if let Some(tell) = tell {
            tell(index + 1);
        }
        let script = match &mut assignment {
            Some(assignment) => state.enter(
                assignment,
                &selection,
                index + 1,
                self.scenario.per.is_some(),
            ),
            None => ScriptId::SCRIPT,
        };
        state.messages += request.messages.len().max(1);
        // Build the call in its place in the journal: moving it there would take 3 % of a call.
        let mut request = Some(request);
        let entry = journal.push(|| Call {
            number: index + 1,
            request: request.take().unwrap_or_default(),
            embedding: embedding.take(),
            head: head.take(),
            streamed,
            answered_by: selection.as_ref().ok().map(|selection| selection.turn),
            has_drawn_fault: faulty.is_some(),
            script,
            started_at: start.saturating_duration_since(self.epoch),
            events: AtomicUsize::new(0),
            event_times: EventTimes::default(),
            end: End::default(),
            scenario: self.scenario.clone(),
            seed: self.seed,
            kept: OnceLock::new(),
        });
        let chosen = selection.map(|selection| state.advance(assignment.as_deref(), selection));
        let watched = state.watched;
        drop(state);
        self.in_flight.begin();
        if watched {
            // Most mocks are not watched: skipping the list of waiters saves 1.5 % of a call.
            self.called.notify_waiters();
        }
        let guard = CallGuard::new(self, journal, entry, start);
        #[cfg(feature = "tracing")]
        let guard = guard.traced();
        match chosen {
            Ok(mut chosen) => {
                if let Some(faulty) = faulty {
                    let faulty = ClosureResponse::from_turn(*faulty);
                    chosen.closure_response = Some(Arc::new(faulty));
                } else if guard.engine.summary.responds {
                    chosen.closure_response = guard.engine.respond(&guard, chosen.turn, is_served);
                }
                Ok((guard, chosen))
            }
            Err(no_turn) => Err(Arc::clone(&guard.engine).no_turn_answers(guard, no_turn)),
        }
    }

    /// Returns the decision about a request, and the lock under which it holds.
    #[inline]
    fn choose(
        &self,
        incoming: IncomingRequest<'_>,
        mut assignment: Option<&mut ScriptAssignment>,
    ) -> (MutexGuard<'_, EngineState>, Result<Selection, NoTurn>) {
        let mistake = match incoming.is_served {
            true => None,
            false => self.mistake(incoming.request, self.scenario.profile),
        };
        let mut state = self.lock();
        if let Some(error) = self.rejects_over_limit(&mut state) {
            return (state, Err(NoTurn::TooMany(error)));
        }
        if let Some(mistake) = mistake {
            let no_turn = self.broken(&mut state, *mistake);
            return (state, Err(no_turn));
        }
        if self.summary.has_closures {
            return self.choose_with_closures(state, incoming, assignment);
        }
        if let Some(no_turn) = self.find_or_no_turn(&state, &mut assignment, incoming) {
            return (state, Err(no_turn));
        }
        let assignment = assignment.as_deref();
        let (cursor, captures) = state.progress(assignment);
        let context = self.match_context(assignment, captures, incoming, state.journal.len() + 1);
        let selection = select(&context, cursor);
        let selection = selection.map_err(|misses| self.freeze(&mut state, assignment, misses));
        (state, selection)
    }

    /// Like `choose`, but for matchers that are closures, which run without the lock. The progress may have changed by then, so the choice is made
    /// again until nothing has.
    fn choose_with_closures<'e>(
        &'e self,
        mut state: MutexGuard<'e, EngineState>,
        incoming: IncomingRequest<'_>,
        mut assignment: Option<&mut ScriptAssignment>,
    ) -> (MutexGuard<'e, EngineState>, Result<Selection, NoTurn>) {
        let mut decided = None;
        loop {
            if let Some(no_turn) = self.find_or_no_turn(&state, &mut assignment, incoming) {
                return (state, Err(no_turn));
            }
            let assignment = assignment.as_deref();
            let (cursor, captures) = state.progress(assignment);
            let seen = Progress {
                number: state.journal.len() + 1,
                slot: assignment.map(|assignment| assignment.slot),
                cursor,
                captures: captures.clone(),
            };
            if let Some((progress, selection)) = decided.take()
                && progress == seen
            {
                let selection = Result::map_err(selection, |misses| {
                    self.freeze(&mut state, assignment, misses)
                });
                return (state, selection);
            }
            drop(state);
            let context = self.match_context(assignment, &seen.captures, incoming, seen.number);
            let selection = catch_unwind(AssertUnwindSafe(|| select(&context, cursor)));
            state = self.lock();
            match selection {
                Ok(selection) => decided = Some((seen, selection)),
                Err(panic) => return (state, Err(NoTurn::Panicked(panic))),
            }
        }
    }

    /// Finds the instance of a request, or decides about the request before any turn is tried.
    #[inline]
    fn find_or_no_turn(
        &self,
        state: &EngineState,
        assignment: &mut Option<&mut ScriptAssignment>,
        incoming: IncomingRequest<'_>,
    ) -> Option<NoTurn> {
        if let Some(assignment) = assignment {
            assignment.slot = state.instances.find(assignment);
        }
        if let Some(no_turn) = self.no_turn_before_matching(state, assignment.as_deref(), incoming)
        {
            return Some(no_turn);
        }
        let panic = assignment.as_mut()?.panic.take()?;
        Some(NoTurn::Panicked(panic))
    }

    /// The values that a request is matched against.
    pub(super) fn match_context<'a>(
        &'a self,
        assignment: Option<&'a ScriptAssignment>,
        captures: &'a Captures,
        incoming: IncomingRequest<'a>,
        call: usize,
    ) -> MatchContext<'a> {
        let no_script = assignment.and_then(ScriptAssignment::no_script);
        let lane = assignment.and_then(|assignment| assignment.lane);
        MatchContext {
            lane,
            turns: match no_script {
                None => self.scenario.turns_of(lane),
                Some(_) => &[],
            },
            are_turns_optional: self.are_turns_optional(),
            located: assignment.map_or(&[], |assignment| &assignment.captures),
            may_use_otherwise: no_script != Some(NoScript::NoInstance),
            captures,
            embedding: incoming.embedding,
            has_embedding_turns: self.summary.has_embedding_turns || incoming.embedding.is_some(),
            call,
            has_templates: self.summary.has_templates,
            ..MatchContext::without_script(&self.scenario, incoming.request, incoming.head)
        }
    }
}
