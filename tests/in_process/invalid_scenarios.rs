//! A scenario that cannot be played is rejected when the mock is made, with a message that says what is wrong.

use std::borrow::Cow;

use mock_core::MockProvider;
use mock_core::builder::*;
use mock_core::scenario::{After, Count, Latency, Matcher, Otherwise, Scenario, Split, Tool, Turn};
use mock_core::{Capabilities, FinishReason, Message, Response, Usage};
use serde_json::json;
use tests::private::{Action, Delay, Parameters};

use crate::helpers::panic_of;

#[track_caller]
fn assert_rejected(scenario: Scenario, says: &str) {
    let error = scenario.check().expect_err(says).to_string();
    assert!(error.contains(says), "{says:?} is not in {error:?}");
    let panic = panic_of(|| drop(MockProvider::new(scenario)));
    assert_eq!(panic, Some(error), "making a mock of it panics with that");
}

#[track_caller]
fn assert_turn_rejected(turn: Turn, says: &str) {
    assert_rejected(script([reply("Hi."), turn]), says);
}

#[test]
fn a_rejected_scenario_names_the_mistake_its_place_and_the_remedy() {
    let line = line!() + 1;
    let scenario = script([reply("Hi."), reply("Bye.").times(0)]);
    let error = scenario.check().expect_err("it never answers").to_string();
    let place = format!("{}:{line}", file!());
    let expected = format!(
        "turn 2 at {place} cannot be played: it never answers; write `.times(1)`, or `.times(0..=1)` for an optional turn"
    );
    assert_eq!(error, expected);
}

#[test]
fn a_count_has_something_to_count() {
    assert_turn_rejected(reply("a").times(0), "it never answers");
    assert_turn_rejected(reply("a").times(0..=0), "it never answers");
    let upside_down = Turn {
        count: Count { min: 3, max: 2 },
        ..reply("a")
    };
    assert_turn_rejected(upside_down, "at least 3 and at most 2 times");
}

#[test]
fn a_signature_is_that_of_reasoning() {
    let says =
        "a signature follows no reasoning; write `.signature(..)` right after `.reasoning(..)`";
    assert_turn_rejected(reply("a").signature("s"), says);
    assert_turn_rejected(reasoning("a").reply("b").signature("s"), says);
    assert_turn_rejected(reasoning("a").signature("s").signature("t"), says);
    for turn in [
        reasoning("a").signature("s").reply("b"),
        reasoning("a").gate("g").signature("s"),
        driven("d").signature("s"),
    ] {
        assert!(script([turn]).check().is_ok());
    }
}

#[test]
fn a_turn_answers_with_something() {
    assert_turn_rejected(on(user("hello")), "it answers with nothing");
    assert_turn_rejected(gate("door"), "it answers with nothing");
    assert_turn_rejected(stream([""; 0]), "its stream has no pieces");
    assert_turn_rejected(reply("a").stream([""; 0]), "its stream has no pieces");
}

#[test]
fn nothing_comes_after_an_end() {
    assert_turn_rejected(reply("a").fail(auth()), "it fails, and has other actions");
    assert_turn_rejected(fail(auth()).reply("a"), "it fails, and has other actions");
    assert_turn_rejected(fail(auth()).fail(auth()), "it fails, and has other actions");
    assert_turn_rejected(hang().reply("a"), "where nothing more comes");
    assert_turn_rejected(hang().gate("door"), "where nothing more comes");
    assert_turn_rejected(fail(auth()).gate("door"), "where nothing more comes");
    assert_turn_rejected(fail(auth()).cut_after(1), "has no answer to break off");
    assert_turn_rejected(fail(auth()).ttft(ms(1)), "has no first token");
    for paced in [
        fail(auth()).every(ms(1)),
        fail(auth()).tokens_per_second(50.0),
    ] {
        assert_turn_rejected(paced, "it fails, and streams nothing");
    }
    assert_turn_rejected(hang().finish(FinishReason::Stop), "it has no end");
    assert_turn_rejected(fail(auth()).usage(Usage::new(1, 1)), "it has no end");
}

#[test]
fn an_answer_that_certainly_breaks_off_has_no_end() {
    for after in [After::Deltas(1), After::All] {
        let ended = reply("a").finish(FinishReason::Length).cut_after(after);
        assert_turn_rejected(ended, "it breaks off, and has no end to tell a reason of");
        let hung = reply("a").hang().end_after(after);
        assert_turn_rejected(hung, "it breaks off before it hangs");
    }
}

#[test]
fn a_closure_says_all() {
    let closure = || respond_with(|_| Response::from(Message::assistant("a")));
    assert_turn_rejected(closure().reply("a"), "gives the whole answer");
    assert_turn_rejected(closure().hang(), "gives the whole answer");
    assert_turn_rejected(
        driven("live").respond_with(|_| Response::new("", "")),
        "gives the whole answer",
    );
}

#[test]
fn pieces_are_not_empty() {
    assert_turn_rejected(reply("a").split(chars(0)), "after 0 characters");
    assert_turn_rejected(reply("a").split(random(0..=3)), "after 0 characters");
    let upside_down = Split::Random(5, 3);
    assert_turn_rejected(reply("a").split(upside_down), "after 5 to 3 characters");
    assert_turn_rejected(call("f", ()).pieces(0), "in 0 pieces");
    assert_turn_rejected(stream(["a"]).split(chars(1)), "no text to split");
    assert_turn_rejected(reply("a").pieces(2), "no arguments to cut into pieces");
}

#[test]
fn tokens_come_at_some_rate() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_turn_rejected(reply("a").tokens_per_second(rate), "tokens a second");
    }
}

#[test]
fn a_matcher_is_of_something() {
    for empty in [
        any_of([]),
        Matcher::Not(Cow::Borrowed(&[])),
        not(any_of([])),
        all_of([]),
        any_of([user("x"), all_of([])]),
    ] {
        assert_turn_rejected(on(empty).reply("a"), "a matcher of none");
    }
}

#[test]
fn names_are_not_given_twice() {
    let twice = script([reply("a").named("x"), reply("b").named("x")]);
    assert_rejected(twice, "another turn is called `x` too");
    let twice = script([reply("a").named("x")]).otherwise(reply("b").named("x"));
    assert_rejected(twice, "`otherwise` at");
    let twice = script([]).tools([tool("f"), tool("g"), tool("f")]);
    assert_rejected(twice, "the tool `f` is declared twice");
    let within = |fields| script([]).tools([tool("f").returns(list(object(fields)))]);
    let twice = within([("a", string()), ("a", number())]);
    assert_rejected(twice, "the tool `f` declares `a` twice");
    let twice = script([]).tools([tool("f").arg("a", string()).arg("a", string())]);
    assert_rejected(twice, "the tool `f` declares `a` twice");
    let twice = panic_of(|| drop(call("f", [("a", 1), ("a", 2)])));
    assert_eq!(
        twice.as_deref(),
        Some("the argument `a` is given twice: remove one of the two")
    );
}

#[test]
fn rules_and_otherwise_have_no_counts() {
    let rules = |rule| script([reply("a")]).rules([rule]);
    assert_rejected(rules(on(user("a")).reply("b").times(2)), "rule 1 at");
    assert_rejected(rules(on(user("a"))), "it answers with nothing");
    let otherwise = |turn: Turn| script([reply("a")]).otherwise(turn);
    assert_rejected(otherwise(reply("b").forever()), "any number of times");
    assert_rejected(
        otherwise(on(user("a")).reply("b")),
        "it answers every request",
    );
    for repeats in [Otherwise::RepeatLast, Otherwise::Cycle] {
        assert_rejected(script([]).otherwise(repeats), "no script to repeat");
    }
}

#[test]
fn a_latency_is_a_time() {
    let latency = |delay: Delay| script([]).latency(Latency::new(delay));
    assert_rejected(
        latency(Delay::Uniform(ms(2), ms(1))),
        "from 2ms to 1ms is empty",
    );
    assert_rejected(
        latency(Delay::Uniform(ms(1), ms(1))),
        "from 1ms to 1ms is empty",
    );
    for by in [f64::NAN, f64::INFINITY, -0.5] {
        assert_rejected(latency(Delay::Growing(ms(1), by)), "its latency grows by");
    }
}

#[test]
fn metadata_is_an_object() {
    for metadata in ["[1]", "", "{"] {
        let scenario = Scenario {
            metadata: Some(metadata.into()),
            ..script([])
        };
        assert_rejected(scenario.named("Clerk"), "the mock `Clerk` at");
    }
    let panic = panic_of(|| drop(script([]).metadata(serde_json::json!([1]))));
    assert!(panic.is_some_and(|panic| panic.contains("a JSON object")));
}

#[test]
fn a_mock_that_takes_no_tools_calls_none() {
    let scenario = script([call("f", ())]).capabilities(Capabilities::NONE);
    assert_rejected(scenario, "rejects requests that offer tools");
}

#[test]
fn where_tools_are_declared_there_are_no_others() {
    for turn in [
        call("get_tme", ()),
        reply("a").call("get_time", ()).call("get_tme", ()),
        on(tool_result("get_tme")).reply("a"),
        on(not(any_of([user("a"), has_tool("get_tme")]))).reply("a"),
        on(all_of([user("a"), has_tool("get_tme")])).reply("a"),
        reply("It is {get_tme.now}."),
        fail(auth().message("{get_tme.now}")),
    ] {
        let scenario = || script([turn.clone()]);
        assert_eq!(scenario().check(), Ok(()));
        assert_rejected(
            scenario().tools([tool("get_time"), tool("get_date")]),
            "it names the tool `get_tme`, which is not declared: `get_time`, `get_date` are; declare it",
        );
        let others = script([]).tools([tool("get_time")]);
        assert_rejected(others.rules([turn.clone()]), "rule 1 at");
    }
}

#[test]
fn a_turn_after_one_that_answers_all_of_it_without_end_is_rejected() {
    for turns in [
        [reply("a").forever(), reply("b")],
        [reply("a").times(2..), on(user("x")).reply("b")],
        [
            on(user("x")).reply("a").times(0..),
            on([model("m"), user("x")]).reply("b"),
        ],
        [
            on(user("in {city}")).reply("{city}").forever(),
            on(user("in {city}")).reply("b"),
        ],
        [
            on(any_of([user("x"), any_user_message("y")]))
                .reply("a")
                .forever(),
            on(any_of([user("x"), any_user_message("y")])).reply("b"),
        ],
        [
            on(all_of([user("x"), any_user_message("y")]))
                .reply("a")
                .forever(),
            on([model("m"), any_user_message("y"), user("x")]).reply("b"),
        ],
        [
            on([user("{x}"), model("m")]).reply("{x}").forever(),
            on(all_of([
                model("m"),
                all_of([user("{x}"), any_user_message("y")]),
            ]))
            .reply("b"),
        ],
    ] {
        let scenario = script(turns);
        let places: Vec<_> = scenario
            .turns
            .iter()
            .map(|turn| turn.place.to_string())
            .collect();
        let says = format!(
            "turn 2 at {} cannot be played: it is never reached, because turn 1 at {} answers all that it would, any number of times; move it before that turn, or limit that one, as in `.times(2)`",
            places[1], places[0],
        );
        assert_rejected(scenario, &says);
    }
    let first = script([reply("a"), reply("b").forever(), reply("c").named("c")]);
    assert_rejected(first, "because turn 2 at");
    for turns in [
        // Each may be reached.
        [on(user("x")).reply("a").forever(), reply("b")],
        [on(user("x")).reply("a").forever(), on(user("y")).reply("b")],
        [reply("a").times(0..=9), reply("b")],
        [
            on(when(|_| false)).reply("a").forever(),
            on(when(|_| true)).reply("b"),
        ],
        [reply("{user}").forever(), reply("b")],
        [reply("{t.a}").forever(), reply("b")],
        [
            on(any_of([user("in {city}"), user("x")]))
                .reply("{city}")
                .forever(),
            on(any_of([user("in {city}"), user("x")])).reply("b"),
        ],
        [reply("b"), reply("a").forever()],
    ] {
        assert_eq!(script(turns).check(), Ok(()));
    }
    // A tool that is not offered, or with other arguments, is not called.
    let offered = || on(has_tool("t"));
    for first in [call("t", ()), offered().call("t", ())] {
        let scenario = script([first.forever(), offered().reply("b")]);
        assert_eq!(scenario.tools([tool("t")]).check(), Ok(()));
    }
    let raw = offered().call("t", verbatim("{}")).forever();
    let scenario = script([raw, offered().reply("b")]).tools([tool("t")]);
    assert_rejected(scenario, "because turn 1 at");
}

/// As in the macro: equal matchers and additional ones are found. Nothing compares patterns, or looks into `any_of(..)`.
#[test]
fn a_turn_after_wider_matchers_is_rejected_if_they_are_equal() {
    let either = || any_of([any_user_message("a"), any_user_message("b")]);
    for (wider, narrower, is_rejected) in [
        (system("a"), system("a"), true),
        (system("a b"), system("a  b"), false),
        (system("a"), all_of([model("m"), system("a")]), true),
        (
            all_of([any_user_message("b"), model("m")]),
            all_of([model("m"), any_user_message("b")]),
            true,
        ),
        (either(), either(), true),
        (system("order"), system("my order"), false),
        (system("{a}"), system("{b}"), false),
        (model("gpt-*"), model("gpt-4o"), false),
        (either(), any_user_message("b"), false),
        (
            either(),
            any_of([any_user_message("b"), any_user_message("a")]),
            false,
        ),
        (
            not(any_user_message("a b")),
            not(any_user_message("a")),
            false,
        ),
        (when(|_| true), when(|_| true), false),
        (all_of([system("a"), model("m")]), system("a"), false),
    ] {
        let (first, second) = (|| wider.clone(), || narrower.clone());
        for scenario in [
            script([]).rules([on(first()).reply("a"), on(second()).reply("b")]),
            script([on(first()).reply("a").forever(), on(second()).reply("b")]),
            lanes([lane(first(), [reply("a")]), lane(second(), [reply("b")])]),
        ] {
            let error = scenario.check().err();
            assert_eq!(error.is_some(), is_rejected, "{error:?}: {scenario:?}");
        }
    }
}

#[test]
fn a_rule_after_one_that_answers_all_of_it_is_rejected() {
    let rules = |rules: [Turn; 2]| script([reply("Hi.")]).rules(rules);
    for twice in [
        [on(user("x")).reply("a"), on(user("x")).reply("b")],
        [
            on(user("x")).reply("a"),
            on([user("x"), model("m")]).reply("b"),
        ],
    ] {
        assert_rejected(rules(twice), "because rule 1 at");
    }
    for once in [
        [on(user("x")).reply("a"), on(user("y")).reply("b")],
        [
            on([user("x"), model("m")]).reply("a"),
            on(user("x")).reply("b"),
        ],
        [on(user("x")).reply("{t.a}"), on(user("x")).reply("b")],
        [on(when(|_| true)).reply("a"), on(when(|_| true)).reply("b")],
    ] {
        assert_eq!(rules(once).check(), Ok(()));
    }
    let alone = script([on(user("x")).reply("a").forever()]);
    let rule = || [on([user("x"), model("m")]).reply("b")];
    assert_rejected(alone.clone().rules(rule()), "because turn 1 at");
    assert_rejected(
        script([reply("Hi.")])
            .rules([reply("a")])
            .otherwise(reply("b")),
        "because rule 1 at",
    );
    let allowed = alone
        .rules(rule())
        .allow(mock_core::Allow::NONE.with_unused_turns());
    assert_eq!(allowed.check(), Ok(()));
    let behind = script([reply("a").forever()]).rules([on(user("x")).reply("b")]);
    assert_rejected(behind, "rule 1 at");
    let behind = script([reply("a").forever()]).otherwise(reply("b"));
    assert_rejected(behind, "because turn 1 at");
    let before = script([on(user("x")).reply("a"), reply("b").forever()]).otherwise(reply("c"));
    assert_eq!(before.check(), Ok(()));
}

#[test]
fn the_arguments_of_a_call_are_those_of_its_tool() {
    let tools = || {
        let place = object([("city", string()), ("zip", optional(integer()))]);
        [
            tool("get_time"),
            tool("find")
                .arg("what", one_of(["bar", "pub"]))
                .arg("near", optional(list(place))),
        ]
    };
    for (arguments, says) in [
        (json!({}), "`what` is missing"),
        (json!({ "what": "bar", "when": 1 }), "there is no `when`"),
        (
            json!({ "what": "inn" }),
            "`what` is not one of \"bar\", \"pub\"",
        ),
        (json!({ "what": 5 }), "`what` is not one of"),
        (
            json!({ "what": "bar", "near": "{city}" }),
            "`near` is not a list",
        ),
        (
            json!({ "what": "bar", "near": [{ "city": "x" }, { "city": 1 }] }),
            "`near.1.city` is not a string",
        ),
        (
            json!({ "what": "bar", "near": [{ "city": "x", "town": "y" }] }),
            "there is no `near.0.town`",
        ),
        (json!(["bar"]), "`[\"bar\"]` is not an object"),
        (
            json!({}),
            "write values that fit, or all arguments as one text: `tool.raw(..)` in the macro, `call(\"tool\", verbatim(..))` in the builder",
        ),
    ] {
        let scenario = script([call("get_time", ()).call("find", arguments)]);
        assert_rejected(scenario.tools(tools()), says);
    }
    for turn in [
        call("find", json!({ "what": "{user}" })),
        call(
            "find",
            json!({ "what": "bar", "near": [{ "city": "{user}", "zip": null }] }),
        ),
        call("find", json!({ "what": "bar", "near": null })),
        call("find", verbatim("{\"wht\": ")),
        call("find", verbatim("{\"wht\": 1}")),
        call("find", typed(&["bar"])),
    ] {
        assert_eq!(script([turn]).tools(tools()).check(), Ok(()));
    }
}

#[test]
fn only_some_failures_say_when_to_try_again() {
    for failure in [rate_limit(), overloaded(), server_error()] {
        let failure = failure.retry_after(secs(2));
        let turns = [fail(failure.clone()), reply("a").error_after(1, failure)];
        assert_eq!(script(turns).check(), Ok(()));
    }
    for failure in [auth(), timeout(), connection(), quota()] {
        let says = format!("its `{}` says when to try again", failure.kind);
        let failure = failure.retry_after(secs(2));
        assert_turn_rejected(fail(failure.clone()), &says);
        assert_turn_rejected(reply("a").error_after(1, failure), &says);
    }
}

#[test]
fn a_failure_has_only_headers_and_a_body_that_http_can_carry() {
    for failure in [
        auth().header("X-Id", "é\tb").header("x-id", "c").body("{"),
        timeout().status(504).body(""),
        generic().header("server", "gateway"),
        generic().status(200).body(""),
        generic().status(999),
        generic().status(204).header("x-id", "a"),
    ] {
        assert_eq!(script([fail(failure)]).check(), Ok(()));
    }
    for (failure, says) in [
        (auth().header("x id", "a"), "`x id` is not a header name"),
        (auth().header("", "a"), "`` is not a header name"),
        (
            auth().header("Content-Length", "5"),
            "the server writes its header `Content-Length` itself",
        ),
        (
            auth().header("x-id", "a\r\nb: c"),
            "its header `x-id` is more than a line",
        ),
        (
            timeout().body("late"),
            "its `timeout` has headers or a body",
        ),
        (
            connection().header("a", "b"),
            "its `connection` has headers or a body",
        ),
        (
            invalid_response().body("{"),
            "its `invalid_response` has headers or a body",
        ),
        (generic().status(42), "its status 42 cannot be sent"),
        (generic().status(199), "its status 199 cannot be sent"),
        (generic().status(1000), "its status 1000 cannot be sent"),
        (generic().status(204).body(""), "its status 204 has no body"),
        (
            generic().status(304).body("a"),
            "its status 304 has no body",
        ),
    ] {
        assert_turn_rejected(fail(failure.clone()), says);
        let mock = MockProvider::script([reply("Hi.").times(0..)]);
        let panic = panic_of(|| mock.outage(failure)).expect("it cannot be sent");
        assert!(panic.contains(says), "{panic}");
    }
    let within = reply("a").error_after(1, overloaded().header("x-a", "b"));
    assert_turn_rejected(within, "its `overloaded` comes within an answer");
}

#[test]
fn a_tool_of_a_type_takes_no_further_argument() {
    let typed = Tool {
        name: "search".into(),
        parameters: Parameters::Typed {
            name: "SearchArgs".into(),
            schema: None,
        },
        ..Tool::EMPTY
    };
    let panic = panic_of(|| drop(typed.arg("query", string())));
    let panic = panic.expect("it would be lost");
    assert!(
        panic.contains("`SearchArgs`") && panic.contains("`query`"),
        "{panic}"
    );
}

#[test]
fn an_empty_text_is_neither_a_name_nor_a_text_to_look_for() {
    for blank in ["", " ", "\n"] {
        for matcher in [
            user(blank),
            any_user_message(blank),
            not(system(blank)),
            any_of([model("a"), any_user_message(blank)]),
        ] {
            let says = "every text contains its empty pattern; write the text to look for";
            assert_turn_rejected(on(matcher.clone()).reply("a"), says);
            let in_lane = lanes([lane(matcher, [reply("a")])]).check();
            let error = in_lane.expect_err("it holds always").to_string();
            assert!(error.contains(says), "{error}");
        }
        for turn in [gate(blank).reply("a"), driven(blank)] {
            assert_turn_rejected(turn, "the name of its gate or driver is empty");
        }
        for (scenario, says) in [
            (
                script([reply("a")]).provider(blank),
                "the name of its provider is empty",
            ),
            (
                script([reply("a")]).model(blank),
                "the name of its own model is empty",
            ),
            (
                script([reply("a")]).models([blank]),
                "the name of a model is empty",
            ),
        ] {
            let error = scenario.check().expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
    }
    let any = [
        on(user("*")).reply("a"),
        on(any_user_message("{text}")).reply("{text}"),
    ];
    assert_eq!(script(any).check(), Ok(()));
}

#[test]
fn a_scenario_that_can_be_played_is_not_rejected() {
    let turns = [
        gate("door").fail(auth()),
        pause(secs(1)).gate("door").fail(auth()),
        pause(secs(1)).respond_with(|_| Response::new("", "")),
        gate("door").hang().cut_after(secs(1)),
        reply("a").hang(),
        reply("a").finish(FinishReason::Length).cut_after(secs(1)),
        driven("live").reply("a"),
        gate("door")
            .respond_with(|_| Response::new("", ""))
            .split(chars(1))
            .pieces(2),
        stream(["", "a"]).times(0..=1),
        Turn {
            actions: vec![Action::Reply(verbatim(""))].into(),
            ..Turn::EMPTY
        },
    ];
    assert_eq!(script(turns).check(), Ok(()));
    assert_eq!(script([]).check(), Ok(()));
    static STATIC: Scenario = Scenario {
        turns: Cow::Borrowed(&[Turn::EMPTY]),
        allow: mock_core::Allow::NONE.with_unused_turns(),
        ..Scenario::EMPTY
    };
    assert!(STATIC.check().is_err());
    drop(MockProvider::new(&STATIC));
}
