//! Tests of stored answers: resets, deletions and items.

use serde_json::json;

use super::*;
use crate::server::served_wires::anthropic::ANTHROPIC;
use crate::server::served_wires::openai::OPENAI;

fn stored(id: &str, wire: Wire) -> Stored {
    let items = json!({ "output": [{ "id": format!("msg_{id}"), "of": id }, { "of": "nothing" }] });
    Stored {
        id: id.to_owned(),
        wire,
        request: Box::default(),
        answer: items.to_string().into_bytes(),
        previous: None,
        at: Duration::ZERO,
        continuation: Mutex::default(),
    }
}

const WIRE: Wire = RESPONSES;

#[test]
fn a_request_from_before_a_reset_neither_sees_nor_changes_later_answers() {
    let answers = StoredAnswers::default();
    answers.insert(0, stored("a", WIRE));
    assert!(answers.get(0, WIRE, "a").is_some());
    answers.insert(1, stored("b", WIRE));
    assert!(answers.get(1, WIRE, "a").is_none());
    // Requests that came before the reset are still answered.
    answers.insert(0, stored("c", WIRE));
    for id in ["a", "b", "c"] {
        assert!(answers.get(0, WIRE, id).is_none(), "{id}");
        assert!(!answers.remove(0, WIRE, id), "{id}");
        assert!(answers.item(0, &format!("msg_{id}")).is_none(), "{id}");
    }
    assert!(answers.get(1, WIRE, "b").is_some());
    assert!(answers.get(1, WIRE, "c").is_none());
}

#[test]
fn an_item_is_found_while_its_answer_is_stored() {
    let answers = StoredAnswers::default();
    answers.insert(0, stored("a", WIRE));
    answers.insert(0, stored("i", OPENAI));
    let of = |id: &str| answers.item(0, id).map(|item| item["of"].clone());
    assert_eq!(of("msg_a"), Some("a".into()));
    assert_eq!((of("msg_i"), of("msg_b")), (None, None));
    answers.insert(0, stored("b", WIRE));
    assert_eq!(of("msg_b"), Some("b".into()));
    assert!(answers.remove(0, WIRE, "a"));
    assert_eq!((of("msg_a"), of("msg_b")), (None, Some("b".into())));
    answers.insert(0, stored("a", WIRE));
    assert_eq!(of("msg_a"), Some("a".into()));
}

/// Minutes go by where each stored answer is read for each item.
#[test]
fn items_of_many_answers_are_found() {
    let answers = StoredAnswers::default();
    for n in 0..5_000 {
        answers.insert(0, stored(&n.to_string(), WIRE));
    }
    for n in 0..5_000 {
        assert!(answers.item(0, &format!("msg_{n}")).is_some(), "{n}");
    }
}

#[test]
fn only_one_of_many_requests_at_once_continues_an_answer_of_a_thread() {
    for _ in 0..200 {
        let (request, answer) = (Request::default(), Arc::new(stored("a", ANTHROPIC)));
        let begun = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| {
                scope.spawn(|| {
                    ContinuedAnswer::begin(&request, Arc::clone(&answer), Duration::ZERO, false)
                })
            });
            threads.map(|thread| thread.join().expect("it does not panic"))
        });
        assert_eq!(begun.iter().filter(|begun| begun.is_ok()).count(), 1);
    }
}

#[test]
fn an_answer_can_be_continued_again_if_no_answer_to_the_request_was_stored() {
    let (request, answer) = (Request::default(), Arc::new(stored("a", ANTHROPIC)));
    let begin = |is_lenient| {
        ContinuedAnswer::begin(&request, Arc::clone(&answer), Duration::ZERO, is_lenient)
    };
    drop(begin(false).expect("it is not continued"));
    begin(false).expect("it is not continued any more").stored();
    begin(false).expect_err("it has been continued");
    // A lenient server continues it twice, and does not forget that it was continued before.
    drop(begin(true).expect("it is lenient"));
    begin(false).expect_err("it has been continued");
}
