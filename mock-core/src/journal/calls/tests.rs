//! Tests of the list of calls.

use std::time::Duration;

use super::*;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::message::{Message, ToolCall};
use crate::chat::request::Request;
use crate::journal::event_times::EventTimes;
use crate::journal::script_id::ScriptId;
use crate::scenario::{Scenario, SharedScenario, TurnIndex};

fn call(number: usize) -> Call {
    Call {
        number,
        request: Request::default(),
        embedding: None,
        head: None,
        streamed: false,
        answered_by: None,
        has_drawn_fault: false,
        script: ScriptId::SCRIPT,
        events: AtomicUsize::new(0),
        event_times: EventTimes::default(),
        started_at: Duration::ZERO,
        end: End::default(),
        scenario: SharedScenario::Declared(&Scenario::EMPTY),
        seed: 0,
        kept: OnceLock::new(),
    }
}

#[test]
fn calls_stay_in_order_over_all_segments() {
    let journal = Arc::new(Journal::default());
    for number in 1..=1_000 {
        journal.push(|| call(number));
    }
    let calls = Calls::new(journal);
    assert_eq!(calls.len(), 1_000);
    assert!(calls.iter().map(Call::number).eq(1..=1_000));
    assert_eq!(calls[999].number(), 1_000);
}

#[test]
fn a_drawn_fault_uses_no_turn() {
    let mut call = call(1);
    call.answered_by = Some(TurnIndex::scripted(None, 2));
    assert_eq!((call.turn(), call.used_turn()), (Some(2), Some(2)));
    call.has_drawn_fault = true;
    assert_eq!((call.turn(), call.used_turn()), (Some(2), None));
}

#[test]
fn a_snapshot_does_not_see_later_calls() {
    let journal = Arc::new(Journal::default());
    journal.push(|| call(1));
    let calls = Calls::new(Arc::clone(&journal));
    journal.push(|| call(2));
    assert_eq!((calls.len(), calls.get(1).is_none()), (1, true));
    assert_eq!(calls.last().map(Call::number), Some(1));
}

#[test]
fn calls_are_iterated_from_both_ends_and_counted() {
    let journal = Arc::new(Journal::default());
    for number in 1..=3 {
        journal.push(|| call(number));
    }
    let calls = Calls::new(journal);
    let mut numbers = Vec::new();
    for call in &calls {
        numbers.push(call.number());
    }
    assert_eq!(numbers, [1, 2, 3]);
    let mut iter = calls.iter();
    assert_eq!(iter.len(), 3);
    assert_eq!(iter.next_back().map(Call::number), Some(3));
    assert_eq!(iter.next().map(Call::number), Some(1));
    assert_eq!(iter.len(), 1);
}

#[test]
fn the_debug_of_calls_hides_what_reports_hide() {
    let arguments = r#"{"city":"Paris","password":"hunter2"}"#;
    let request = Request::new("gpt-4o")
        .user("my key is sk-proj-abcdef")
        .with_message(Message::assistant("").with_tool_calls([ToolCall::new("c", "t", arguments)]))
        .with_message(Message::tool("c", "Bearer abcdef123"))
        .with_temperature(0.5)
        .with_max_tokens(40)
        .with_extra("api_key", "BODYSECRET")
        .with_extra("top_k", 40);
    let mut error = ProviderError::new(ErrorKind::Auth);
    error.message = "no such key: sk-proj-ghijkl".to_owned();
    let end = End::default();
    end.set(Duration::ZERO, Outcome::Failed(error), 1);
    let journal = Arc::new(Journal::default());
    journal.push(|| Call {
        request: request.clone(),
        end,
        ..call(1)
    });
    let calls = Calls::new(journal);
    for told in [
        format!("{calls:?}"),
        format!("{calls:#?}"),
        format!("{:?}", calls[0]),
    ] {
        for secret in ["sk-", "hunter2", "abcdef", "BODYSECRET", "ghijkl"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
        for known in [
            "my key is [redacted]",
            "Paris",
            "no such key",
            "top_k",
            "max_tokens: Some",
        ] {
            assert!(told.contains(known), "no {known} in {told}");
        }
    }
    assert_eq!(calls[0].request(), &request);
}

#[test]
#[should_panic(expected = "the mock was called 0 times")]
fn an_index_beyond_the_end_says_how_many_there_are() {
    let calls = Calls::new(Arc::new(Journal::default()));
    let _ = &calls[0];
}
