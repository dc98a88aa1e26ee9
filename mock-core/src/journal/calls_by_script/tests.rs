//! The index of calls against a search through all of them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::*;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::engine::pick;
use crate::journal::calls::{End, Journal, Outcome};
use crate::journal::event_times::EventTimes;
use crate::scenario::{Scenario, SharedScenario};
use crate::shuttle_locks::AtomicUsize;
use crate::test_effort::tries;

fn call(number: usize, script: ScriptId, text: &str) -> Call {
    Call {
        number,
        request: Request::new("gpt-4o").user(text),
        embedding: None,
        head: None,
        streamed: false,
        answered_by: None,
        has_drawn_fault: false,
        script,
        events: AtomicUsize::new(0),
        event_times: EventTimes::default(),
        started_at: Duration::ZERO,
        end: End::default(),
        scenario: SharedScenario::Declared(&Scenario::EMPTY),
        seed: 0,
        kept: OnceLock::new(),
    }
}

/// One of so many, drawn.
fn drawn(seed: u64, of: usize) -> usize {
    pick(seed, of, 1)[0]
}

/// Calls of two lanes and three instances, of which some have no instance, some failed, and some have not ended.
fn calls(seed: u64) -> Calls {
    let journal = Arc::new(Journal::default());
    let lanes = drawn(seed, 3);
    for number in 1..=30 {
        let seed = seed * 1_000 + number as u64;
        let lane = (lanes > 0).then(|| drawn(seed, lanes));
        let instance = Some(drawn(!seed, 4)).filter(|instance| *instance > 0);
        let text = ["a", "b"][drawn(seed << 8, 2)];
        let script = ScriptId::new(lane, instance);
        let entry = journal.push(|| call(number, script, text));
        let outcome = match drawn(seed << 16, 4) {
            0 => continue,
            1 => Outcome::Completed,
            2 => Outcome::Cancelled,
            _ => Outcome::Failed(ProviderError::new(ErrorKind::Overloaded)),
        };
        let begun = number + drawn(seed << 24, 5);
        entry.call().end.set(Duration::ZERO, outcome, begun);
    }
    Calls::new(journal)
}

fn retried_by<'c>(calls: &'c Calls, call: &Call) -> Option<&'c Call> {
    let mut before = calls.iter().rev();
    let before =
        before.find(|before| before.number < call.number && before.script == call.script)?;
    (before.error().is_some() && before.request == call.request).then_some(before)
}

fn next_after<'c>(calls: &'c Calls, ended: &Call) -> Option<&'c Call> {
    let begun = ended.begun_at_end()?;
    let may_be = |other: &&Call| {
        let is_known = other.instance().is_some() && ended.instance().is_some();
        other.lane() == ended.lane() && (other.script == ended.script || !is_known)
    };
    let mut later = calls.iter().filter(|call| call.number > begun);
    later.find(may_be)
}

#[test]
fn the_index_finds_what_a_search_finds() {
    let number = |call: Option<&Call>| call.map(Call::number);
    let mut found = [0, 0];
    for seed in 0..200 {
        let all = calls(seed);
        let some = all.pick(|call| drawn(seed + call.number as u64, 3) > 0);
        for calls in [all, some] {
            let index = CallsByScript::new(&calls);
            for call in &calls {
                let retried = number(retried_by(&calls, call));
                assert_eq!(number(index.retried_by(call)), retried, "{seed} {call:?}");
                let next = number(next_after(&calls, call));
                assert_eq!(number(index.next_after(call)), next, "{seed} {call:?}");
                found[0] += retried.iter().len();
                found[1] += next.iter().len();
                assert_eq!(number(calls.with_number(call.number)), Some(call.number));
            }
            assert!(calls.with_number(0).is_none() && calls.with_number(31).is_none());
        }
    }
    assert!(found.iter().all(|found| *found > 500), "{found:?}");
}

/// Minutes go by where all calls are searched for each.
#[test]
fn a_great_many_calls_of_as_many_instances_are_indexed() {
    let half = tries(25_000) as usize;
    let journal = Arc::new(Journal::default());
    for number in 1..=2 * half {
        let script = ScriptId::new(None, Some(number % half + 1));
        let entry = journal.push(|| call(number, script, "a"));
        let error = Outcome::Failed(ProviderError::new(ErrorKind::Overloaded));
        entry.call().end.set(Duration::ZERO, error, number);
    }
    let calls = Calls::new(journal);
    let index = CallsByScript::new(&calls);
    let retried = calls.iter().filter_map(|call| index.retried_by(call));
    assert_eq!(retried.count(), half);
    let next = calls.iter().filter_map(|call| index.next_after(call));
    assert_eq!(next.count(), half);
    let timings = calls.timings();
    let timings = timings.calls().iter();
    let retries = timings.filter(|call| call.retries().is_some());
    assert_eq!(retries.count(), half);
}
