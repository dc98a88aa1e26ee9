//! No part of an answer is lost: in process, in the whole answer of each wire, in its stream. A part without a place is an error.

use futures::{FutureExt as _, StreamExt as _};

use super::any_answer::{self, alike, as_read, without_place};
use super::generator::{Generator, Wire};
use crate::builder::{chars, respond_with};
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, ToolCall};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::mock::MockProvider;
use crate::scenario::Profile;
use crate::test_effort::tries;
use crate::wire::{
    WriteError, anthropic, gemini, gemini_interactions, ollama, openai, openai_responses,
};

const ROUNDS: u64 = 1_000;

/// A mock that answers with this response twice, in pieces of so many characters.
fn mock(response: &Response, characters: u32) -> MockProvider {
    let response = response.clone();
    let turn = respond_with(move |_| response.clone());
    MockProvider::script([turn.times(1..=2).split(chars(characters)).pieces(2)])
}

fn whole(mock: &MockProvider) -> Response {
    let answer = mock.answer(Request::new("gpt-4o")).now_or_never();
    answer.expect("it takes no time").expect("an answer")
}

/// The head of the mock's stream, and its events.
fn stream(mock: &MockProvider) -> (Response, Vec<StreamEvent>) {
    let events = async {
        let stream = mock.answer_stream(Request::new("gpt-4o")).await;
        let stream = stream.expect("a stream");
        let head = stream.empty_response();
        let events = stream.map(|event| event.expect("no failure is in it"));
        (head, events.collect().await)
    };
    events.now_or_never().expect("it takes no time")
}

fn collect(mut head: Response, events: Vec<StreamEvent>) -> Response {
    events.into_iter().for_each(|event| head.push(event));
    head
}

#[test]
fn in_process_a_verbatim_answer_is_what_was_given_and_so_is_its_stream() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let given = any_answer::response(&mut generator).verbatim();
        let mock = mock(&given, 1 + generator.below(5) as u32);
        assert_eq!(whole(&mock), given, "{seed}");
        let (head, events) = stream(&mock);
        assert_eq!(collect(head, events), given, "{seed}");
    }
}

#[test]
fn in_process_a_mock_fills_in_blank_fields_and_changes_nothing_else() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let given = any_answer::response(&mut generator);
        let mock = mock(&given, 1 + generator.below(5) as u32);
        let answer = whole(&mock);
        let (head, events) = stream(&mock);
        for answer in [answer, collect(head, events)] {
            let mut filled = given.clone();
            for (blank, ours) in [
                (&mut filled.id, &answer.id),
                (&mut filled.model, &answer.model),
            ] {
                if blank.is_empty() {
                    assert!(!ours.is_empty(), "{seed}");
                    blank.clone_from(ours);
                }
            }
            let calls = answer.tool_calls().map(|call| call.id.clone());
            let blanks = filled
                .message
                .parts
                .iter_mut()
                .filter_map(|part| match part {
                    Part::ToolCall(call) => Some(&mut call.id),
                    _ => None,
                });
            for (blank, id) in blanks.zip(calls.collect::<Vec<_>>()) {
                if blank.is_empty() {
                    assert!(!id.is_empty(), "{seed}");
                    *blank = id;
                }
            }
            let reason = answer.finish_reason.clone().expect("a mock says why");
            filled.finish_reason.get_or_insert(reason);
            filled
                .usage
                .get_or_insert(answer.usage.expect("a mock counts"));
            assert_eq!(answer, filled, "{seed}");
        }
    }
}

/// What a client reads from a wire, whole or streamed; or why that cannot be written.
fn through(wire: Wire, response: &Response, streamed: bool) -> Result<Response, WriteError> {
    let mock = mock(response, 3);
    if !streamed {
        let answer = whole(&mock);
        return Ok(match wire {
            Wire::Openai => openai::read_response(openai::write_response(&answer, 1)?),
            Wire::Responses => {
                openai_responses::read_response(openai_responses::write_response(&answer, 1)?)
            }
            Wire::Anthropic => anthropic::read_response(anthropic::write_response(&answer, 0)?),
            Wire::Gemini => gemini::read_response(gemini::write_response(&answer, 0)?),
            Wire::Interactions => {
                let body = gemini_interactions::write_response(&answer, 0)?;
                gemini_interactions::read_response(body)
            }
            Wire::Ollama => ollama::read_response(ollama::write_response(&answer, 0)?),
        }
        .expect("what is written can be read"));
    }
    let (mut head, events) = stream(&mock);
    // The usage at the beginning may differ from that at the end.
    head.usage = response
        .usage
        .map(|usage| Usage::new(usage.prompt_tokens, 1));
    match wire {
        Wire::Openai => {
            let mut writer = openai::StreamWriter::new(&head, 1).include_usage(true);
            let mut reader = openai::StreamReader::new();
            let mut read = Vec::new();
            for event in &events {
                let mut frames = writer.write(event)?;
                if matches!(event, StreamEvent::Finish { .. }) {
                    frames.extend(writer.end());
                }
                for frame in frames {
                    let data = frame.strip_prefix("data: ").expect("it is data");
                    read.extend(reader.read(data).expect("what is written can be read"));
                }
            }
            Ok(collect(reader.head().clone(), read))
        }
        Wire::Responses => {
            let mut writer = openai_responses::StreamWriter::new(&head, 1);
            let mut reader = openai_responses::StreamReader::new();
            let mut read = Vec::new();
            for event in &events {
                for frame in writer.write(event)? {
                    let (_, data) = frame.split_once("data: ").expect("it is data");
                    read.extend(reader.read(data).expect("what is written can be read"));
                }
            }
            Ok(collect(reader.head().clone(), read))
        }
        Wire::Gemini => {
            let mut writer = gemini::StreamWriter::new(&head, 0);
            let mut reader = gemini::StreamReader::new();
            let mut read = Vec::new();
            for event in &events {
                for frame in writer.write(event)? {
                    let data = frame.strip_prefix("data: ").expect("it is data");
                    read.extend(reader.read(data).expect("what is written can be read"));
                }
            }
            read.extend(reader.end());
            Ok(collect(reader.head().clone(), read))
        }
        Wire::Interactions => {
            let mut writer = gemini_interactions::StreamWriter::new(&head, 0);
            let mut reader = gemini_interactions::StreamReader::new();
            let mut read = Vec::new();
            for event in &events {
                for frame in writer.write(event)? {
                    let (_, data) = frame.split_once("data: ").expect("it is data");
                    read.extend(reader.read(data).expect("what is written can be read"));
                }
            }
            Ok(collect(reader.head().clone(), read))
        }
        Wire::Ollama => {
            let mut writer = ollama::StreamWriter::new(&head, 0);
            let mut reader = ollama::StreamReader::new();
            let mut read = Vec::new();
            for event in &events {
                for line in writer.write(event)? {
                    read.extend(reader.read(&line).expect("what is written can be read"));
                }
            }
            Ok(collect(reader.head().clone(), read))
        }
        Wire::Anthropic => {
            let mut writer = anthropic::StreamWriter::new(&head, 0);
            let mut reader = anthropic::StreamReader::new();
            let mut read = Vec::new();
            for event in &events {
                let mut frames = writer.write(event)?;
                if matches!(event, StreamEvent::Finish { .. }) {
                    frames.extend(writer.end());
                }
                for frame in frames {
                    let (_, data) = frame.split_once("data: ").expect("it is data");
                    read.extend(reader.read(data).expect("what is written can be read"));
                }
            }
            Ok(collect(reader.head().clone(), read))
        }
    }
}

#[test]
fn on_each_wire_all_of_an_answer_is_whole_and_streamed_or_an_error_names_the_missing_part() {
    for wire in [
        Wire::Openai,
        Wire::Responses,
        Wire::Anthropic,
        Wire::Gemini,
        Wire::Interactions,
        Wire::Ollama,
    ] {
        for streamed in [false, true] {
            let mut written = 0;
            for seed in 0..tries(ROUNDS) {
                let mut given = any_answer::response(&mut Generator::new(seed)).verbatim();
                // Nearly all write to a cache, which has no place there.
                if matches!(wire, Wire::Gemini | Wire::Interactions) && seed % 4 != 0 {
                    given.usage = given.usage.map(|usage| usage.cache_write(0));
                }
                if wire == Wire::Ollama && seed % 4 != 0 {
                    let plain =
                        |usage: Usage| Usage::new(usage.prompt_tokens, usage.completion_tokens);
                    given.usage = given.usage.map(plain);
                }
                if wire == Wire::Interactions && seed % 4 != 0 {
                    let is_status =
                        |reason: &FinishReason| !matches!(reason, FinishReason::Other(_));
                    given.finish_reason = given.finish_reason.filter(is_status);
                }
                let words = without_place(&given, wire, streamed);
                let read = through(wire, &given, streamed);
                match read {
                    Ok(read) => {
                        assert_eq!(words, [""; 0], "{seed}: {given:#?}");
                        let expected = as_read(given, wire);
                        assert_eq!(alike(read, wire), alike(expected, wire), "{seed}");
                        written += 1;
                    }
                    Err(problem) => {
                        let problem = problem.to_string();
                        let is_named = words.iter().any(|word| problem.contains(word));
                        assert!(is_named, "{seed}: {words:?} are not in: {problem}");
                    }
                }
            }
            assert!(
                written > tries(ROUNDS) / 4,
                "too few have a place: {written}"
            );
        }
    }
}

#[test]
fn bytes_and_a_tree_have_the_same_places() {
    for seed in 0..tries(ROUNDS) {
        let given = any_answer::response(&mut Generator::new(seed));
        let bytes = openai::write_response_bytes(
            &given,
            1,
            1,
            openai::Dialect::from_profile(Profile::Openai),
        );
        let tree = openai::write_response(&given, 1);
        assert_eq!(bytes.map(|_| ()), tree.map(|_| ()), "{seed}");
        let bytes = openai_responses::write_response_bytes(&given, 1, 1);
        let tree = openai_responses::write_response(&given, 1);
        assert_eq!(bytes.map(|_| ()), tree.map(|_| ()), "{seed}");
        let bytes = anthropic::write_response_bytes(&given);
        let tree = anthropic::write_response(&given, 0);
        assert_eq!(bytes.map(|_| ()), tree.map(|_| ()), "{seed}");
        let bytes = gemini::write_response_bytes(&given);
        let tree = gemini::write_response(&given, 0);
        assert_eq!(bytes.map(|_| ()), tree.map(|_| ()), "{seed}");
        let bytes = gemini_interactions::write_response_bytes(&given, 0, 0, false);
        let tree = gemini_interactions::write_response(&given, 0);
        assert_eq!(bytes.map(|_| ()), tree.map(|_| ()), "{seed}");
    }
}

#[test]
fn a_call_keeps_its_arguments_whatever_its_index() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let mut indexes: Vec<usize> = Vec::new();
        while indexes.len() < 1 + generator.below(5) as usize {
            let index = match generator.below(4) {
                0 => generator.next() as usize,
                _ => generator.below(8) as usize,
            };
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
        // The calls begin in this order, and their pieces come in any.
        let mut events: Vec<_> = indexes.iter().map(|index| start(*index)).collect();
        let mut expected: Vec<_> = indexes
            .iter()
            .map(|index| (*index, String::new()))
            .collect();
        for _ in 0..generator.below(20) {
            let at = generator.below(indexes.len() as u64) as usize;
            let piece = generator.text();
            expected[at].1 += &piece;
            events.push(delta(indexes[at], &piece));
        }
        let mut response = Response::new("", "");
        if generator.coin() {
            response.push(StreamEvent::Text("Hm.".into()));
        }
        events.into_iter().for_each(|event| response.push(event));
        let calls = expected
            .into_iter()
            .map(|(index, arguments)| ToolCall::new(format!("call_{index}"), "f", arguments));
        assert_eq!(
            response.tool_calls().cloned().collect::<Vec<_>>(),
            calls.collect::<Vec<_>>(),
            "{seed}"
        );
    }
}

fn start(index: usize) -> StreamEvent {
    StreamEvent::ToolCallStart {
        index,
        id: format!("call_{index}"),
        name: "f".into(),
        extra: None,
    }
}

fn delta(index: usize, arguments: &str) -> StreamEvent {
    let arguments = arguments.to_owned();
    StreamEvent::ToolCallDelta { index, arguments }
}

#[test]
fn arguments_of_a_call_that_has_not_begun_are_kept() {
    let mut response = Response::new("", "");
    response.push(delta(3, "{\"a\":"));
    response.push(delta(3, "1}"));
    let calls = |response: &Response| response.tool_calls().cloned().collect::<Vec<_>>();
    assert_eq!(calls(&response), [ToolCall::new("", "", "{\"a\":1}")]);
    response.push(start(3));
    assert_eq!(
        calls(&response),
        [ToolCall::new("call_3", "f", "{\"a\":1}")]
    );
}

#[test]
fn a_call_that_begins_with_a_known_index_is_a_new_one() {
    let mut response = Response::new("", "");
    for event in [start(0), delta(0, "1"), start(0), delta(0, "2")] {
        response.push(event);
    }
    let arguments = response.tool_calls().map(|call| &*call.arguments);
    assert_eq!(arguments.collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn an_event_is_not_larger_for_events_that_are_rare() {
    let finish = size_of::<(Option<FinishReason>, Option<Usage>)>();
    assert!(size_of::<StreamEvent>() <= finish.max(7 * size_of::<usize>()) + size_of::<usize>());
}
