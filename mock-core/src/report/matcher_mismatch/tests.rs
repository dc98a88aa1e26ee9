//! For every matcher, and for every reason why a turn does not answer: the report shows what the request has instead.

use futures::FutureExt as _;
use serde_json::json;

use crate::builder::*;
use crate::chat::message::{Image, Message, Part, Role, ToolCall, ToolResult};
use crate::chat::request::{Request, ToolDefinition};
use crate::journal::verdict::{Reason, ToolChoiceViolation};
use crate::scenario::{Matcher, OtherArguments, Scenario, Variable};
use crate::{Allow, MockProvider, Report};

/// A matcher, a request for which it does not hold, and what the report says.
type Row = (Matcher, Request, &'static [&'static str]);

fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

fn after_tool(tool: &str) -> Request {
    let calls = [ToolCall::new("call_1", tool, "{}")];
    ask("What now?")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool("call_1", "{\"now\":\"12:00\"}"))
}

fn report(scenario: Scenario, request: Request) -> Report {
    let mock = MockProvider::new(scenario);
    let answer = mock.answer(request).now_or_never();
    answer
        .expect("it takes no time")
        .expect_err("no turn answers");
    mock.verify().expect_err("the test fails")
}

/// The rows of this kind of matcher, and one of the next kind. A new kind of matcher needs an arm here, and the arm before it must
/// lead there.
fn rows(matcher: &Matcher) -> (Vec<Row>, Option<Matcher>) {
    match matcher {
        Matcher::User(_) => (
            vec![
                (
                    user("weather"),
                    ask("A joke!"),
                    &["does not contain \"weather\"", "A joke!"],
                ),
                (user("weather"), ask(""), &["the user's message is empty"]),
                (
                    user("weather"),
                    after_tool("time"),
                    &["time returned", "12:00"],
                ),
                (user("weather"), Request::new("m"), &["no user message"]),
                (
                    user("weather"),
                    ask("WEATHER"),
                    &["differs only in case: \"WEATHER\", not \"weather\""],
                ),
                (
                    user("a b"),
                    ask("ab"),
                    &["differs only in white space: \"ab\", not \"a b\""],
                ),
                (
                    user("ab\n"),
                    ask("ab"),
                    &[
                        "differs only in white space",
                        "pattern \"ab\\n\"",
                        "text    \"ab\"",
                    ],
                ),
                (
                    user("don't"),
                    ask("don’t"),
                    &["look-alike characters: the text has ’ (U+2019) for '"],
                ),
                (user("a, b"), ask("a b"), &["differs only in punctuation"]),
                (
                    user("a {x} b"),
                    ask("a  b"),
                    &[
                        "turn 1",
                        ": the capture `{x}` has no text",
                        "pattern \"a {x} b\"",
                    ],
                ),
                (
                    user("weather in {city} on {day}"),
                    ask("The weather in  on Monday"),
                    &["the capture `{city}` has no text"],
                ),
                (
                    user("weather in {city}"),
                    ask("the weather in"),
                    &["the capture `{city}` has no text"],
                ),
                (
                    user("{a} and {b}"),
                    ask("and"),
                    &["the captures `{a}` and `{b}` have no text"],
                ),
                (
                    user("order {n:word}!"),
                    ask("an order !"),
                    &["the capture `{n:word}` has no text"],
                ),
            ],
            Some(any_user_message("")),
        ),
        Matcher::AnyUserMessage(_) => (
            vec![
                (
                    any_user_message("tea"),
                    ask("coffee").user("milk"),
                    &[
                        "no user message contains \"tea\"",
                        "user    \"milk\"",
                        "user    \"coffee\"",
                    ],
                ),
                (
                    any_user_message("tea"),
                    Request::new("m").system("tea"),
                    &["no user message"],
                ),
                (
                    any_user_message("tea"),
                    ask("Tea?").user("milk"),
                    &[
                        "a user message differs only in case: \"Tea\", not \"tea\"",
                        "Tea?",
                    ],
                ),
            ],
            Some(system("")),
        ),
        Matcher::System(_) => (
            vec![
                (
                    system("terse"),
                    ask("hi").system("Be kind."),
                    &["no instruction contains \"terse\"", "system  \"Be kind.\""],
                ),
                (
                    system("terse"),
                    ask("terse"),
                    &["no system or developer message"],
                ),
                (
                    system("terse"),
                    ask("hi").system("Be Terse."),
                    &[
                        "an instruction differs only in case: \"Terse\", not \"terse\"",
                        "Be Terse.",
                    ],
                ),
                (
                    system("Be terse"),
                    ask("hi").system("Be kind").system("Be brief"),
                    &["no instruction", "Be"],
                ),
            ],
            Some(model("")),
        ),
        Matcher::Model(_) => (
            vec![
                (
                    model("claude-*"),
                    ask("hi"),
                    &["it asks for the model \"gpt-4o\", not for \"claude-*\""],
                ),
                (
                    model("claude-*"),
                    Request::default().user("hi"),
                    &["it names no model"],
                ),
                (
                    model("GPT-4o"),
                    ask("hi"),
                    &["the model differs only in case: \"gpt-4o\", not \"GPT-4o\""],
                ),
                (
                    model("gpt_4o"),
                    ask("hi"),
                    &["the model differs only in punctuation"],
                ),
            ],
            Some(tool_result("")),
        ),
        Matcher::ToolResult(_) => (
            vec![
                (
                    tool_result("date"),
                    after_tool("time"),
                    &["its result is of `time`, not of `date`", "12:00"],
                ),
                (
                    tool_result("Time"),
                    after_tool("time"),
                    &["`time`, which differs only in case"],
                ),
                (
                    tool_result("date"),
                    ask("hi"),
                    &["no result of `date`", "user \"hi\""],
                ),
                (
                    tool_result("time"),
                    after_tool("time")
                        .with_message(Message::assistant("Noon."))
                        .user("Thanks."),
                    &["message 3 of 5", "user \"Thanks.\""],
                ),
                (
                    tool_result("time"),
                    ask("hi").with_message(Message::tool("x", "5")),
                    &[
                        "the id that the result names",
                        "an unknown tool returned \"5\"",
                    ],
                ),
            ],
            Some(has_tool("")),
        ),
        Matcher::HasTool(_) => (
            vec![
                (
                    has_tool("time"),
                    ask("hi"),
                    &["does not offer `time`", "offers no tools"],
                ),
                (
                    has_tool("time"),
                    ask("hi").with_tool(ToolDefinition::new("date")),
                    &["offers only `date`"],
                ),
                (
                    has_tool("time"),
                    ask("hi").with_tool(ToolDefinition::new("Time")),
                    &["`Time`, which differs only in case"],
                ),
                (
                    has_tool("get_time"),
                    ask("hi")
                        .with_tool(ToolDefinition::new("get_time_"))
                        .with_tool(ToolDefinition::new("date")),
                    &["`get_time_`", "`date`"],
                ),
            ],
            Some(any_of([user("")])),
        ),
        Matcher::AnyOf(_) => (
            vec![
                (
                    any_of([user("tea"), has_tool("time"), model("claude-*")]),
                    ask("Tea?"),
                    &[
                        "differs only in case: \"Tea\", not \"tea\"",
                        "it does not offer `time`",
                        "it asks for the model \"gpt-4o\"",
                        "user \"Tea?\"",
                    ],
                ),
                (
                    any_of([not(user("tea")), any_user_message("milk")]),
                    ask("tea"),
                    &[
                        "`not(user(\"tea\"))` excludes it",
                        "a user message says \"tea\", not \"milk\"",
                    ],
                ),
            ],
            Some(all_of([user("")])),
        ),
        Matcher::AllOf(_) => (
            vec![
                (
                    all_of([user("Tea"), has_tool("time"), model("claude-*")]),
                    ask("Tea?"),
                    &["it does not offer `time`"],
                ),
                (
                    all_of([
                        any_user_message("tea"),
                        all_of([not(user("tea")), when(|_| true)]),
                    ]),
                    ask("tea"),
                    &["`not(user(\"tea\"))` excludes it"],
                ),
                (
                    all_of([user("tea"), when(|_| false)]),
                    ask("tea"),
                    &["returned false for user \"tea\""],
                ),
                (
                    not(all_of([user("tea"), model("gpt-*")])),
                    ask("tea"),
                    &[
                        "`not(all_of(user(\"tea\"), model(\"gpt-*\")))` excludes it",
                        "the user's message is \"tea\", and it asks for the model \"gpt-4o\"",
                    ],
                ),
            ],
            Some(not(user(""))),
        ),
        Matcher::Not(_) => (
            vec![
                (
                    not(user("tea")),
                    ask("More tea."),
                    &["`not(user(\"tea\"))` excludes it", "\"More tea.\""],
                ),
                (
                    not(any_user_message("tea")),
                    ask("Tea, tea.").user("milk"),
                    &["excludes it", "the user said \"Tea, tea.\""],
                ),
                (
                    not(system("terse")),
                    ask("hi").system("Be terse."),
                    &["excludes it", "an instruction is \"Be terse.\""],
                ),
                (
                    not(model("gpt-*")),
                    ask("hi"),
                    &["excludes it", "the model \"gpt-4o\""],
                ),
                (
                    not(tool_result("time")),
                    after_tool("time"),
                    &["excludes it", "time returned", "12:00"],
                ),
                (
                    not(has_tool("time")),
                    ask("hi").with_tool(ToolDefinition::new("time")),
                    &["excludes it", "offers `time`"],
                ),
                (
                    not(any_of([user("tea"), has_tool("time")])),
                    ask("hi").with_tool(ToolDefinition::new("time")),
                    &["excludes it", "offers `time`"],
                ),
                (
                    not(when(|_| true)),
                    ask("hi"),
                    &["excludes it", "returned true", "user \"hi\""],
                ),
                (
                    not(not(user("tea"))),
                    ask("hi"),
                    &["excludes it", "user \"hi\""],
                ),
            ],
            Some(when(|_| true)),
        ),
        Matcher::When(_) => (
            vec![(
                when(|_| false),
                ask("hi")
                    .with_tool(ToolDefinition::new("time"))
                    .with_temperature(0.7)
                    .with_max_tokens(9),
                &[
                    "returned false for user \"hi\"",
                    "1 message",
                    "model \"gpt-4o\"",
                    "tools `time`",
                    "temperature 0.7",
                    "max_tokens 9",
                ],
            )],
            Some(header("x-a", "")),
        ),
        Matcher::Header(..) => (
            vec![(
                header("x-a", "b"),
                ask("A joke!"),
                &["in process there are no headers"],
            )],
            Some(path("*")),
        ),
        Matcher::Path { .. } => (
            vec![(
                path("GET /health"),
                ask("A joke!"),
                &["in process there is no path"],
            )],
            None,
        ),
    }
}

fn assert_says(report: &Report, expected: &[&str]) {
    let text = report.to_string();
    // A long line is broken between words.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in expected {
        let is_there = text.contains(expected) || words.contains(expected);
        assert!(is_there, "no {expected} in:\n{text}");
    }
}

#[test]
fn for_each_matcher_the_report_shows_what_was_there() {
    let mut kind = Some(user(""));
    while let Some(matcher) = kind {
        let (rows, next) = rows(&matcher);
        assert!(!rows.is_empty(), "{matcher:?}");
        for (matcher, request, expected) in rows {
            // One row of the table has a result without its call.
            let allowed = Allow::NONE.with_broken_conversations();
            // `path` is allowed in rules only.
            let mock = |turn| match matcher {
                Matcher::Path { .. } => script([]).rules([turn]).allow(allowed),
                _ => script([turn]).allow(allowed),
            };
            let turn = on(matcher.clone()).reply("yes");
            assert_says(&report(mock(turn), request.clone()), expected);
            let other = on(any_of([matcher.clone()])).reply("yes");
            let report = report(mock(other), request);
            assert_says(&report, &["no matcher of `any_of(..)` holds"]);
        }
        kind = next;
    }
}

#[test]
fn for_each_other_reason_the_report_shows_what_was_there() {
    let first = Reason::NotOffered("".into());
    let mut reason = Some(first);
    while let Some(kind) = reason {
        let (scenario, request, expected, next): (_, _, &[&str], _) = match kind {
            Reason::NotOffered(_) => (
                script([call("time", ())]).tools([tool("time")]),
                ask("hi").with_tool(ToolDefinition::new("date")),
                &[
                    "the turn calls `time`",
                    "offers only `date`",
                    "`allow = [unoffered_tools]`",
                ],
                Some(Reason::OtherArguments {
                    tool: "".into(),
                    why: OtherArguments::Missing("".into()),
                }),
            ),
            Reason::OtherArguments { tool, why } => {
                let is_missing = matches!(why, OtherArguments::Missing(_));
                let (properties, required) = match is_missing {
                    true => (json!({ "place": {} }), json!([])),
                    false => (json!({ "zone": {}, "at": {} }), json!(["at"])),
                };
                let schema = json!({ "properties": properties, "required": required });
                let says: &[&str] = match is_missing {
                    true => &["`time` with `zone`", "with `place`", "without `zone`"],
                    false => &[
                        "the required argument `at`",
                        "declare and call `time` with `at`",
                    ],
                };
                let next = match is_missing {
                    true => Reason::OtherArguments {
                        tool,
                        why: OtherArguments::Required(String::new()),
                    },
                    false => Reason::ToolChoice {
                        field: "tool_choice",
                        violation: ToolChoiceViolation::NoCall,
                    },
                };
                (
                    script([call("time", [("zone", "CET")])])
                        .tools([crate::builder::tool("time").arg("zone", string())]),
                    ask("hi").with_tool(ToolDefinition::new("time").with_parameters(schema)),
                    says,
                    Some(next),
                )
            }
            Reason::ToolChoice { .. } => (
                script([reply("noon")]),
                ask("hi")
                    .with_tool(ToolDefinition::new("time"))
                    .with_extra("tool_choice", "required"),
                &[
                    "the turn calls no tool",
                    "`tool_choice` demands a call",
                    "`allow = [unoffered_tools]`",
                ],
                Some(Reason::NoValue(Variable::Call)),
            ),
            Reason::NoValue(_) => (
                script([on(tool_result("time")).reply("{time.then}")]),
                after_tool("time"),
                &[
                    "`{time.then}` has no value",
                    "the result of `time` has `now`",
                ],
                Some(Reason::ResultMisfit {
                    tool: "".into(),
                    misfit: String::new(),
                }),
            ),
            Reason::ResultMisfit { .. } => (
                script([on(tool_result("time")).reply("yes")])
                    .tools([tool("time").returns(object([("now", number())]))]),
                after_tool("time"),
                &[
                    "the result of `time` is not what the tool returns",
                    "`now` is not a number",
                    "12:00",
                ],
                Some(Reason::OtherKind),
            ),
            Reason::OtherKind => (
                script([embed()]),
                ask("hi"),
                &[
                    "the request asks for a chat answer, and the turn answers requests for embeddings",
                    "`_ => embed()`",
                ],
                Some(Reason::Dimensions {
                    scripted: 0,
                    requested: 0,
                }),
            ),
            // A request for embeddings is of another type: `tests/in_process` has these.
            Reason::Dimensions { .. } | Reason::Inputs { .. } => (
                script([embed_with([0.5])]),
                ask("hi"),
                &["it asks for a chat answer"],
                Some(Reason::Unmatched(0)),
            ),
            // `tests/server` has cassettes.
            #[cfg(feature = "cassette")]
            Reason::NotRecorded => unreachable!("it is not next to any"),
            // The test above has all matchers.
            Reason::Unmatched(_) => (
                script([on([model("gpt-4o"), user("tea")]).reply("yes")]),
                ask("milk"),
                &["it says \"milk\", not \"tea\""],
                None,
            ),
        };
        assert_says(&report(scenario, request), expected);
        reason = next;
    }
}

#[test]
fn a_result_is_shown_with_all_that_is_in_it() {
    let image = || Part::Image(Image::Url("https://a/cat.png".into()));
    for (result, shown) in [
        (
            ToolResult::new("a", "A cat.").with(image()),
            "look returned \"A cat.\" and an image",
        ),
        (
            ToolResult {
                content: vec![image()],
                ..ToolResult::new("a", "")
            },
            "look returned an image",
        ),
        (
            ToolResult {
                content: vec![],
                ..ToolResult::new("a", "")
            },
            "look returned \"\"",
        ),
    ] {
        let request = ask("hi")
            .with_message(
                Message::assistant("").with_tool_calls([ToolCall::new("a", "look", "{}")]),
            )
            .with_message(Message::new(Role::Tool, vec![Part::ToolResult(result)]));
        assert_says(
            &report(script([on(user("bye")).reply("Bye.")]), request),
            &[shown],
        );
    }
}

#[test]
fn for_the_index_of_a_result_the_report_shows_which_there_are() {
    let calls = ["a", "b"].map(|id| ToolCall::new(id, "time", "{}"));
    let two = ask("hi")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool("a", r#"{"now":"12:00"}"#))
        .with_message(Message::tool("b", "noon"));
    for (text, request, expected) in [
        (
            "{time[2].now}",
            two.clone(),
            "there are 2 results of `time` since the last message of the model, from `time[0]` to `time[1]`, so none is `time[2]`",
        ),
        (
            "{time[1].now}",
            two.clone(),
            "the result of `time[1]` is not JSON: \"noon\"",
        ),
        ("{time[0].then}", two, "the result of `time[0]` has `now`"),
        (
            "{time[1].now}",
            after_tool("time"),
            "there is 1 result of `time` since the last message of the model, which is `time[0]`, so none is `time[1]`",
        ),
        (
            "{time[0].now}",
            after_tool("time")
                .with_message(Message::assistant("Well."))
                .user("And?"),
            "there is no result of `time` since the last message of the model",
        ),
    ] {
        assert_says(
            &report(script([reply(template(text))]), request),
            &[expected],
        );
    }
}

#[test]
fn where_no_rule_fits_the_report_says_of_each_why() {
    let rules = [
        on(user("Tea")).reply("tea"),
        on([any_user_message("milk"), model("claude-*")]).reply("milk"),
        on(when(|_| false)).reply("no"),
    ];
    assert_says(
        &report(script([]).rules(rules), ask("tea")),
        &[
            "but it differs only in case: \"tea\", not \"Tea\"",
            "but a user message says \"tea\", not \"milk\"",
            "but its `when(..)` returned false",
        ],
    );
}

#[cfg(feature = "regex")]
#[test]
fn for_a_regular_expression_the_report_shows_what_was_there() {
    for (matcher, request, expected) in [
        (user(regex("^tea$")), ask("milk"), "text \"milk\""),
        (
            user(regex("^tea$")),
            ask("Tea"),
            "differs only in case: \"Tea\"",
        ),
        (
            user(regex("^tea$")),
            ask("tea\n"),
            "differs only in white space: \"tea\\n\"",
        ),
        (
            user(regex("^don't$")),
            ask("don’t"),
            "the text has ’ (U+2019) for '",
        ),
        (
            model(regex("^gpt-4$")),
            ask("hi"),
            "it asks for the model \"gpt-4o\"",
        ),
        (
            system(regex("terse")),
            ask("hi").system("kind"),
            "system \"kind\"",
        ),
        (any_user_message(regex("tea")), ask("milk"), "user \"milk\""),
        (
            not(user(regex("m.lk"))),
            ask("milk"),
            "the user's message is \"milk\"",
        ),
    ] {
        assert_says(
            &report(script([on(matcher).reply("yes")]), request),
            &[expected],
        );
    }
}

#[test]
fn each_matcher_that_does_not_hold_is_said() {
    let all = [
        system("terse"),
        user("weather"),
        model("gpt-4*"),
        has_tool("look"),
        not(any_user_message("hello")),
        when(|_| true),
    ];
    let request = Request::new("o3").system("Be terse.").user("hello");
    for matchers in [on(all.clone()), on(all_of(all))] {
        let text = report(script([matchers.reply("Hi.")]), request.clone()).to_string();
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        let of_model = "and `model(\"gpt-4*\")`: it asks for the model \"o3\"";
        let of_tool = "and `has_tool(look)`: it does not offer `look`";
        let of_not = "and `not(any_user_message(\"hello\"))` excludes it";
        for line in [of_model, of_tool, of_not] {
            assert!(lines.contains(&line), "{line}\n{text}");
        }
        assert!(text.contains("not \"weather\""), "{text}");
        assert!(!text.contains("and `system"), "{text}");
    }

    // In few words, if there are many.
    let many = ["a", "b", "c", "d", "e", "f"].map(|text| any_user_message(text));
    let text = report(script([on(many).reply("Hi.")]), request.clone()).to_string();
    assert!(text.contains("and 1 more matcher"), "{text}");
    assert_eq!(text.matches("and `any_user_message").count(), 3, "{text}");

    // A single matcher that does not hold has no `and` lines.
    let text = report(script([on(user("weather")).reply("Hi.")]), request).to_string();
    assert!(!text.contains("and `"), "{text}");
}

#[test]
fn results_that_changed_places_are_noticed() {
    let calls = ["look", "time"].map(|tool| ToolCall::new(tool, tool, "{}"));
    let conversation = |look: &str, time: &str| {
        ask("What now?")
            .with_message(Message::assistant("").with_tool_calls(calls.clone()))
            .with_message(Message::tool("look", look))
            .with_message(Message::tool("time", time))
    };
    let turn = || script([on(tool_result("look")).reply("{look.at.x} of {time.now}")]);
    let (seen, noon) = (r#"{"at":{"x":1}}"#, r#"{"now":"12:00"}"#);
    let help = "send each result with the id of its call: that of `time` has `at.x`";
    for look in [noon, "not JSON", "{}"] {
        assert_says(&report(turn(), conversation(look, seen)), &[help]);
    }
    let other = report(turn(), conversation(noon, noon)).to_string();
    assert!(!other.contains("send each result"), "{other}");
}
