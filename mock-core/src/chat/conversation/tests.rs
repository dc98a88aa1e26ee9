//! Tests of the checks of a conversation's tool calls.

use super::mistake::{self};
use super::results::results_since;
use super::*;
use crate::chat::message::{Message, Part, Role, ToolCall};
use crate::scenario::Profile;
use crate::test_effort::tries;

fn mistake(messages: &[Message]) -> Option<Mistake> {
    mistake::mistake(messages, ResultPlace::RightAfterCall)
        .map(|mistake| without_neighbours(*mistake))
}

/// A mistake without what is beside it, which a test of its own looks at.
fn without_neighbours(mut mistake: Mistake) -> Mistake {
    match &mut mistake {
        Mistake::Unasked { before, .. } => *before = Before::Other,
        Mistake::Unanswered { next, .. } => *next = None,
        Mistake::AnsweredTwice { .. } => {}
    }
    mistake
}

#[test]
fn messages_beside_a_mistake_are_noted() {
    let mistake = |messages: &[Message]| {
        let mistake = mistake::mistake(messages, ResultPlace::RightAfterCall);
        *mistake.expect("a mistake")
    };
    let before = |messages: &[Message]| match mistake(messages) {
        Mistake::Unasked { before, .. } => before,
        other => panic!("{other:?}"),
    };
    let next = |messages: &[Message]| match mistake(messages) {
        Mistake::Unanswered { next, .. } => next,
        other => panic!("{other:?}"),
    };
    let result = |id: &str| Message::tool(id, "");
    let lost = Message::assistant("");
    assert_eq!(before(&[result("a")]), Before::Other);
    assert_eq!(before(&[Message::user("?"), result("a")]), Before::Other);
    let without_calls = [Message::user("?"), lost, result("a"), result("b")];
    assert_eq!(before(&without_calls), Before::Assistant(1));
    let with_others = [calls(&["a", "b"]), result("a"), result("")];
    let others = vec![named("a"), named("b")];
    assert_eq!(before(&with_others), Before::Calls(others));
    assert_eq!(next(&[calls(&["a"])]), None);
    let as_user = [calls(&["a"]), Message::user("{}")];
    assert_eq!(next(&as_user), Some(Role::User));
    assert_eq!(next(&[calls(&["a", "b"]), result("a")]), None);
}

fn named(id: &str) -> Named {
    Named {
        id: id.to_owned(),
        tool: "get_time".to_owned(),
    }
}

fn unanswered(message: usize, calls: &[&str]) -> Option<Mistake> {
    late(message, calls, None)
}

fn late(message: usize, calls: &[&str], late: Option<usize>) -> Option<Mistake> {
    Some(Mistake::Unanswered {
        message,
        calls: calls.iter().map(|id| named(id)).collect(),
        place: ResultPlace::RightAfterCall,
        late,
        next: None,
    })
}

fn unasked(message: usize, id: &str, tool: &str) -> Option<Mistake> {
    let (id, tool) = (id.to_owned(), tool.to_owned());
    let result = Named { id, tool };
    Some(Mistake::Unasked {
        message,
        result,
        place: ResultPlace::RightAfterCall,
        before: Before::Other,
    })
}

fn answered_twice(message: usize, id: &str) -> Option<Mistake> {
    let call = named(id);
    Some(Mistake::AnsweredTwice { message, call })
}

fn calls(ids: &[&str]) -> Message {
    let calls = ids.iter().map(|id| ToolCall::new(*id, "get_time", "{}"));
    Message::assistant("").with_tool_calls(calls)
}

#[test]
fn each_call_has_its_result_right_after() {
    let good = [
        Message::user("?"),
        calls(&["a", "b"]),
        Message::tool("b", ""),
        Message::tool("a", ""),
        calls(&["c"]),
        Message::tool("c", ""),
        Message::user("!"),
    ];
    assert_eq!(mistake(&good), None);
    assert_eq!(mistake(&[]), None);
    assert_eq!(mistake(&good[..3]), unanswered(1, &["a"]));
    assert_eq!(mistake(&good[..5]), unanswered(4, &["c"]));
    for between in [
        Message::user("?"),
        Message::system("!"),
        Message::assistant(""),
    ] {
        let conversation = [calls(&["a"]), between, Message::tool("a", "")];
        assert_eq!(mistake(&conversation), late(0, &["a"], Some(2)));
    }
}

#[test]
fn where_a_provider_joins_messages_of_the_assistant_their_results_come_after_the_last() {
    let after_turn = |messages: &[Message]| {
        mistake::mistake(messages, ResultPlace::RightAfterTurn)
            .map(|mistake| without_neighbours(*mistake))
    };
    let result = |id| Message::tool(id, "");
    let joined = [
        Message::user("?"),
        calls(&["a"]),
        Message::assistant("wait"),
        calls(&["b"]),
        result("b"),
        result("a"),
        calls(&["a"]),
        result("a"),
    ];
    assert_eq!(after_turn(&joined), None);
    assert_eq!(mistake(&joined), late(1, &["a"], Some(5)));
    let place = ResultPlace::RightAfterTurn;
    let missing = |message, ids: &[&str], late| {
        let calls = ids.iter().map(|id| named(id)).collect();
        let next = None;
        Some(Mistake::Unanswered {
            message,
            calls,
            place,
            late,
            next,
        })
    };
    assert_eq!(after_turn(&joined[..5]), missing(1, &["a"], None));
    assert_eq!(after_turn(&joined[..4]), missing(1, &["a", "b"], None));
    for between in [Message::user("?"), Message::system("!"), result("b")] {
        let parted = [calls(&["a", "b"]), between, calls(&["c"]), result("a")];
        let found = after_turn(&parted);
        let Some(Mistake::Unanswered { calls, .. }) = found else {
            panic!("{parted:?}: {found:?}");
        };
        assert_eq!(calls[0], named("a"));
    }
}

#[test]
fn an_index_counts_the_calls_of_all_messages_of_the_assistant_before_the_results() {
    let messages = [
        calls(&["a"]),
        calls(&["b"]),
        Message::tool("b", "second"),
        Message::tool("a", "first"),
    ];
    let of = |index| result_of(&messages, "get_time", Some(index)).map(|result| result.text());
    assert_eq!(of(0).as_deref(), Some("first"));
    assert_eq!(of(1).as_deref(), Some("second"));
    assert_eq!(of(2), None);
}

#[test]
fn each_result_has_its_call_right_before() {
    let alone = [Message::user("?"), Message::tool("a", "")];
    assert_eq!(mistake(&alone), unasked(1, "a", ""));
    let twice = [
        calls(&["a"]),
        Message::tool("a", ""),
        Message::tool("a", ""),
    ];
    assert_eq!(mistake(&twice), answered_twice(2, "a"));
}

#[test]
fn where_a_result_may_stand_anywhere_it_pairs_by_its_id_alone() {
    let anywhere = |messages: &[Message]| {
        mistake::mistake(messages, ResultPlace::Anywhere)
            .map(|mistake| without_neighbours(*mistake))
    };
    let result = |id| Message::tool(id, "");
    let later = [
        calls(&["a", "b"]),
        result("b"),
        Message::user("?"),
        Message::system("!"),
        calls(&["c"]),
        result("a"),
        result("c"),
        calls(&["a"]),
        Message::user("?"),
        result("a"),
    ];
    assert_eq!(anywhere(&later), None);
    let place = ResultPlace::Anywhere;
    let (message, late) = (7, None);
    let calls_without = vec![named("a")];
    let unanswered = Mistake::Unanswered {
        message,
        calls: calls_without,
        place,
        late,
        next: None,
    };
    assert_eq!(anywhere(&later[..9]), Some(unanswered));
    let twice = [&later[..], &[result("c")]].concat();
    assert_eq!(anywhere(&twice), answered_twice(10, "c"));
    let lost = [&later[..], &[result("x")]].concat();
    let (id, tool) = ("x".to_owned(), String::new());
    let unasked = Mistake::Unasked {
        message: 10,
        result: Named { id, tool },
        place,
        before: Before::Other,
    };
    assert_eq!(anywhere(&lost), Some(unasked));
}

#[test]
fn of_calls_with_the_same_id_each_needs_a_result() {
    let results = |count| vec![Message::tool("a", ""); count];
    let conversation = |count| [vec![calls(&["a", "b", "a"])], results(count)].concat();
    let missing = |calls| unanswered(0, calls);
    assert_eq!(mistake(&conversation(0)), missing(&["a", "b", "a"]));
    assert_eq!(mistake(&conversation(1)), missing(&["b", "a"]));
    assert_eq!(mistake(&conversation(2)), missing(&["b"]));
    assert_eq!(mistake(&conversation(3)), answered_twice(3, "a"));
}

/// Minutes go by where each result is compared with each call.
#[test]
fn a_great_many_calls_may_have_their_results_in_any_order() {
    let ids: Vec<_> = (0..tries(100_000)).map(|n| format!("call_{n}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let results = ids.iter().rev().map(|id| Message::tool(*id, ""));
    let conversation: Vec<_> = [calls(&ids)].into_iter().chain(results).collect();
    assert_eq!(mistake(&conversation), None);
    let last = conversation.len() - 1;
    assert_eq!(mistake(&conversation[..last]), unanswered(0, &["call_0"]));
}

/// Minutes go by where the call of each result is searched for.
#[test]
fn a_great_many_results_have_their_tools_in_any_order_and_place() {
    let half = tries(20_000) as usize;
    let name = |n: usize| format!("tool_{}", n % 3);
    let calls = |since: usize| {
        let calls = (since..since + half).map(|n| ToolCall::new(format!("call_{n}"), name(n), ""));
        Message::assistant("").with_tool_calls(calls)
    };
    let results =
        |since: usize| (since..since + half).map(|n| Message::tool(format!("call_{n}"), name(n)));
    let orders: [Vec<Message>; 3] = [
        results(0).chain(results(half)).collect(),
        results(0).rev().chain(results(half).rev()).collect(),
        results(half).chain(results(0).rev()).collect(),
    ];
    for order in orders {
        let conversation = [vec![calls(0), calls(half)], order].concat();
        let tools = ToolNames::new(&conversation);
        for message in &conversation[2..] {
            for result in message.tool_results() {
                assert_eq!(tools.tool_of(result), Some(&*result.text()));
            }
        }
        assert_eq!(latest_results(&conversation).len(), 2 * half);
        let of_one = results_of(&conversation, "tool_1").len();
        assert_eq!(of_one, (0..2 * half).filter(|n| n % 3 == 1).count());
        let newest = result_of(&conversation, "tool_1", None);
        assert_eq!(newest.map(|result| result.text()), Some("tool_1".into()));
    }
}

/// Results of each kind, with the tools that they are of.
#[test]
fn the_tool_of_a_result_is_that_of_its_call_or_of_the_nearest_earlier_one_of_its_id() {
    let call = |id: &str, tool: &str| ToolCall::new(id, tool, "{}");
    let assistant = |calls: Vec<ToolCall>| Message::assistant("").with_tool_calls(calls);
    let named = |id: &str, name: &str| {
        let mut message = Message::tool(id, "");
        message.name = Some(name.to_owned());
        message
    };
    let table: [(Vec<Message>, &[Option<&str>]); 9] = [
        // Ids come again: the nearest call counts.
        (
            vec![
                assistant(vec![call("a", "look")]),
                Message::tool("a", ""),
                assistant(vec![call("a", "read")]),
                Message::tool("a", ""),
            ],
            &[Some("look"), Some("read")],
        ),
        // A result after something else, and one before its call.
        (
            vec![
                Message::tool("a", ""),
                assistant(vec![call("a", "look")]),
                Message::user("wait"),
                Message::tool("a", ""),
            ],
            &[None, Some("look")],
        ),
        // A second result of one call.
        (
            vec![
                assistant(vec![call("a", "look"), call("b", "read")]),
                Message::tool("a", ""),
                Message::tool("a", ""),
            ],
            &[Some("look"), Some("look")],
        ),
        // In another order.
        (
            vec![
                assistant(vec![call("a", "look"), call("b", "read")]),
                Message::tool("b", ""),
                Message::tool("a", ""),
            ],
            &[Some("read"), Some("look")],
        ),
        // An unknown id goes by the name of the message, and the name of a known one does not count.
        (
            vec![
                assistant(vec![call("a", "look")]),
                named("x", "listen"),
                named("a", "listen"),
                Message::tool("x", ""),
            ],
            &[Some("listen"), Some("look"), None],
        ),
        // Only a name.
        (
            vec![assistant(vec![call("a", "look")]), named("", "listen")],
            &[Some("listen")],
        ),
        // Neither: the calls without ids that are left, in order.
        (
            vec![
                assistant(vec![call("", "look"), call("", "read")]),
                named("", "look"),
                Message::tool("", ""),
                Message::tool("", ""),
            ],
            &[Some("look"), Some("read"), None],
        ),
        // Calls without ids go by their names.
        (
            vec![
                assistant(vec![call("", "look"), call("", "read")]),
                Message::tool("read", ""),
                Message::tool("look", ""),
            ],
            &[Some("read"), Some("look")],
        ),
        // Results in messages of the user.
        (
            vec![
                assistant(vec![call("a", "look"), call("b", "read")]),
                Message::new(
                    Role::User,
                    vec![result("b"), Part::Text("?".into()), result("a")],
                ),
            ],
            &[Some("read"), Some("look")],
        ),
    ];
    for (conversation, expected) in table {
        let names = ToolNames::new(&conversation);
        let results = conversation.iter().flat_map(Message::tool_results);
        let tools: Vec<_> = results.map(|result| names.tool_of(result)).collect();
        assert_eq!(tools, expected, "{conversation:?}");
        // The results since the last message of the model have the same tools.
        let latest = latest_results(&conversation).into_iter();
        for (tool, result) in latest {
            assert_eq!(tool, names.tool_of(result), "{conversation:?}");
        }
    }
}

/// Calls without ids, of these tools.
fn unnumbered(tools: &[&str]) -> Message {
    let calls = tools.iter().map(|tool| ToolCall::new("", *tool, "{}"));
    Message::assistant("").with_tool_calls(calls)
}

fn with_results(calls: &Message, results: &[Message]) -> Vec<Message> {
    [std::slice::from_ref(calls), results].concat()
}

#[test]
fn without_ids_a_result_pairs_by_the_name_of_its_tool() {
    let (look, read) = (
        Message::tool_named("look", ""),
        Message::tool_named("read", ""),
    );
    for assistant in [
        unnumbered(&["look", "read", "look"]),
        Message::assistant("").with_tool_calls([
            ToolCall::new("call_1", "look", "{}"),
            ToolCall::new("call_2", "read", "{}"),
            ToolCall::new("call_3", "look", "{}"),
        ]),
    ] {
        let results = [read.clone(), look.clone(), look.clone()];
        assert_eq!(mistake(&with_results(&assistant, &results)), None);
        let other = [look.clone(), read.clone(), read.clone()];
        let twice = mistake(&with_results(&assistant, &other));
        assert!(matches!(
            twice,
            Some(Mistake::AnsweredTwice { message: 3, .. })
        ));
        let open = mistake(&with_results(&assistant, &results[..2]));
        assert!(matches!(open, Some(Mistake::Unanswered { calls, .. }) if calls.len() == 1));
        let unknown = [look.clone(), Message::tool_named("listen", "")];
        assert_eq!(
            mistake(&with_results(&assistant, &unknown)),
            unasked(2, "", "listen")
        );
    }
}

#[test]
fn calls_without_ids_go_by_the_names_of_their_tools() {
    let assistant = unnumbered(&["look", "read"]);
    let results = [Message::tool("read", ""), Message::tool("look", "")];
    assert_eq!(mistake(&with_results(&assistant, &results)), None);
}

#[test]
fn results_with_neither_id_nor_name_pair_with_calls_without_ids_in_order() {
    let assistant = unnumbered(&["look", "read"]);
    let results = vec![Message::tool("", "1"), Message::tool("", "2")];
    let conversation = with_results(&assistant, &results);
    assert_eq!(mistake(&conversation), None);
    let tools: Vec<_> = latest_results(&conversation)
        .into_iter()
        .map(|(tool, _)| tool)
        .collect();
    assert_eq!(tools, [Some("look"), Some("read")]);
    assert!(mistake(&conversation[..2]).is_some());
    let lost = with_results(&calls(&["a"]), &[Message::tool("", "")]);
    assert_eq!(mistake(&lost), unasked(1, "", ""));
}

#[test]
fn a_result_with_an_id_takes_its_call_before_one_that_has_only_a_name() {
    let assistant = calls(&["a", "b"]);
    let results = [Message::tool_named("get_time", ""), Message::tool("a", "")];
    assert_eq!(mistake(&with_results(&assistant, &results)), None);
}

fn result(id: &str) -> Part {
    let Message { mut parts, .. } = Message::tool(id, "18");
    parts.remove(0)
}

#[test]
fn results_within_a_message_of_the_user_come_before_the_rest() {
    let text = || Part::Text("and?".into());
    let assistant = |parts| {
        [
            calls(&["a", "b"]),
            Message::new(Role::User, parts),
            calls(&["c"]),
            Message::tool("c", ""),
        ]
    };
    let cached = || Part::Extra(serde_json::Map::new());
    for parts in [
        vec![result("a"), result("b")],
        vec![result("b"), cached(), result("a"), text(), text()],
    ] {
        assert_eq!(mistake(&assistant(parts)), None);
    }
    let missing = late(0, &["a", "b"], Some(1));
    assert_eq!(
        mistake(&assistant(vec![text(), result("a"), result("b")])),
        missing
    );
    assert_eq!(
        mistake(&assistant(vec![result("a"), text()])),
        unanswered(0, &["b"])
    );
    let parts = vec![result("a"), result("a"), result("b")];
    assert_eq!(mistake(&assistant(parts)), answered_twice(1, "a"));
    // As other clients send it: in a message of their own, or in several.
    let split = [
        calls(&["a", "b"]),
        Message::new(Role::User, vec![result("a")]),
        Message::tool("b", ""),
        Message::user("and?"),
    ];
    assert_eq!(mistake(&split), None);
}

#[test]
fn an_id_may_come_again_in_a_later_turn() {
    let again = |tool, content| {
        [
            Message::assistant("").with_tool_calls([ToolCall::new("call_0", tool, "{}")]),
            Message::tool("call_0", content),
        ]
    };
    let conversation = [again("look", "1"), again("read", "2")].concat();
    assert_eq!(mistake(&conversation), None);
    let results: Vec<_> = results_since(&conversation, 0)
        .into_iter()
        .map(|(tool, result)| (tool, result.text().into_owned()))
        .collect();
    let expected = [
        (Some("look"), "1".to_owned()),
        (Some("read"), "2".to_owned()),
    ];
    assert_eq!(results, expected);
}

#[test]
fn a_result_without_its_call_names_trimming_as_a_cause() {
    let trimmed = mistake(&[Message::tool("call_1", "")]).expect("a mistake");
    for profile in [Profile::Openai, Profile::Anthropic, Profile::Plain] {
        let error = trimmed.error(profile);
        assert_eq!((error.status, error.is_retryable()), (Some(400), false));
        assert!(error.message.contains("`call_1`") && error.message.contains("trimmed"));
    }
}

#[test]
fn each_provider_lists_the_calls_without_results_in_its_own_way() {
    let missing = mistake(&[calls(&["a", "b"])]).expect("a mistake");
    for (profile, ids) in [
        (Profile::Openai, "response messages: a, b ["),
        (Profile::OpenaiResponses, "function call a, b. ["),
        (Profile::Anthropic, "immediately after: `a`, `b`. "),
    ] {
        let message = missing.error(profile).message;
        assert!(message.contains(ids), "{message}");
        assert!(message.ends_with("for each of: `a`, `b`]"), "{message}");
    }
}

#[test]
fn a_result_in_a_message_of_the_model_or_the_system_has_its_call_right_before() {
    for role in [Role::Assistant, Role::System, Role::Developer] {
        let message = Message::new(role, vec![result("a")]);
        let orphan = [Message::user("?"), message.clone()];
        assert_eq!(mistake(&orphan), unasked(1, "a", ""), "{role:?}");
        assert_eq!(mistake(&[calls(&["a"]), message]), None, "{role:?}");
    }
}
