//! A remedy that a report offers makes the test pass where it is written.

use futures::FutureExt as _;

use crate::MockProvider;
use crate::builder::*;
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::message::{Message, ToolCall};
use crate::chat::request::Request;

use crate::scenario::{Allow, Per, Scenario};

/// A request with the result of this tool.
fn after_result(tool: &str) -> Request {
    let call = Message::assistant("").with_tool_calls([ToolCall::new("call_1", tool, "{}")]);
    let result = Message::tool("call_1", r#"{"temp": 18}"#);
    Request::new("m")
        .user("hello")
        .with_message(call)
        .with_message(result)
}

/// Makes these calls, and returns the report; empty if there is none. One that begins with `!` names a tool, and has its result.
fn report(scenario: Scenario, asked: &[&str]) -> String {
    let mock = MockProvider::new(scenario);
    for asked in asked {
        let request = match asked.strip_prefix('!') {
            Some(tool) => after_result(tool),
            None => Request::new("m").user(*asked),
        };
        let answer = mock.answer(request).now_or_never();
        let _ = answer.expect("it takes no time");
    }
    let report = mock.verify().err();
    report.map_or(String::new(), |report| report.to_string())
}

#[track_caller]
fn assert_remedies(wrong: Scenario, asked: &[&str], remedies: Vec<(&str, Scenario)>) {
    let text = report(wrong, asked);
    let help = text_of(&text, "help:");
    for (remedy, right) in remedies {
        assert!(help.contains(remedy), "no {remedy} in:\n{text}");
        assert_eq!(report(right, asked), "", "{remedy}");
    }
}

fn unused_turns_allowed() -> Allow {
    let mut allow = Allow::NONE;
    allow.unused_turns = true;
    allow
}

#[test]
fn a_mock_that_is_rightly_never_called() {
    let turn = || reply("Hi.");
    assert_remedies(
        script([turn()]),
        &[],
        vec![
            ("`#[mock()]`", script([])),
            ("`.times(0..=1)`", script([turn().times(0..=1)])),
            (
                "`allow = [unused_turns]`",
                script([turn()]).allow(unused_turns_allowed()),
            ),
        ],
    );
}

#[test]
fn a_turn_that_is_used_once_of_three_times() {
    let turn = || reply("Hi.");
    assert_remedies(
        script([turn().times(3)]),
        &["hello"],
        vec![
            ("`.times(1)`", script([turn().times(1)])),
            ("`.times(1..=3)`", script([turn().times(1..=3)])),
        ],
    );
    assert_remedies(
        script([turn().times(3..)]),
        &["hello"],
        vec![
            ("`.times(1)`", script([turn().times(1)])),
            ("`.times(1..)`", script([turn().times(1..)])),
        ],
    );
}

#[test]
fn a_call_after_the_last_turn_that_it_fits() {
    let turn = || on(user("hello")).reply("Hi.");
    assert_remedies(
        script([turn().times(2)]),
        &["hello", "hello", "hello"],
        vec![
            ("`.times(3)`", script([turn().times(3)])),
            ("`.forever()`", script([turn().forever()])),
            (
                "`otherwise = repeat_last`",
                script([turn().times(2)]).otherwise(repeat_last()),
            ),
            (
                "`otherwise = reply(\"..\")`",
                script([turn().times(2)]).otherwise(reply("..")),
            ),
        ],
    );
}

#[test]
fn a_call_after_the_last_turn_that_it_does_not_fit() {
    let turn = || on(user("hello")).reply("Hi.");
    assert_remedies(
        script([turn()]),
        &["hello", "weather"],
        vec![
            (
                "add a turn for it",
                script([turn(), on(user("weather")).reply("..")]),
            ),
            (
                "`user(\"weather\") => reply(\"..\")`",
                script([turn()]).rules([on(user("weather")).reply("..")]),
            ),
            (
                "or answer all calls that no turn fits, earlier ones too: `otherwise = reply(\"..\")`",
                script([turn()]).otherwise(reply("..")),
            ),
        ],
    );
}

#[test]
fn a_call_without_a_script_or_a_rule() {
    assert_remedies(
        script([]),
        &["hello"],
        vec![
            ("`script = [reply(\"..\")]`", script([reply("..")])),
            (
                "`otherwise = reply(\"..\")`",
                script([]).otherwise(reply("..")),
            ),
        ],
    );
    let rule = || on(user("weather")).reply("Fine.");
    assert_remedies(
        script([]).rules([rule()]),
        &["hello"],
        vec![
            (
                "`user(\"hello\") => reply(\"..\")`",
                script([]).rules([rule(), on(user("hello")).reply("..")]),
            ),
            (
                "`otherwise = reply(\"..\")`",
                script([]).rules([rule()]).otherwise(reply("..")),
            ),
        ],
    );
}

#[test]
fn calls_in_another_order_than_the_turns() {
    let turn = |word: &'static str| on(user(word)).reply(word);
    assert_remedies(
        script([turn("one"), turn("two")]),
        &["two", "one"],
        vec![
            ("swap turns 1 and 2", script([turn("two"), turn("one")])),
            ("`rules`", script([]).rules([turn("one"), turn("two")])),
        ],
    );
    assert_remedies(
        script([turn("one"), turn("two")]),
        &["two"],
        vec![(
            "make turn 1 optional: `.times(0..=1)`",
            script([turn("one").times(0..=1), turn("two")]),
        )],
    );
}

#[test]
fn a_call_that_fits_a_turn_before_once_more() {
    let turn = |word: &'static str| on(user(word)).reply(word);
    assert_remedies(
        script([turn("one"), turn("two")]),
        &["one", "one", "two"],
        vec![
            ("`.times(2)`", script([turn("one").times(2), turn("two")])),
            ("`.forever()`", script([turn("one").forever(), turn("two")])),
            ("`rules`", script([]).rules([turn("one"), turn("two")])),
        ],
    );
}

/// The text beside a label of a report, in one line.
fn text_of(report: &str, label: &str) -> String {
    let begin = format!("\n  {label}");
    let (_, rest) = report.split_once(&begin).unwrap_or_default();
    let is_its = |line: &&str| line.starts_with("            ");
    let mut lines = rest.lines();
    let first = lines.next().unwrap_or_default();
    let more: Vec<_> = lines.take_while(is_its).collect();
    let words = format!("{first} {}", more.join(" "));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of a turn that was not used: the calls, why none reached it, and how one would.
#[test]
fn the_help_for_an_unused_turn_says_what_would_reach_it() {
    let weather = || on(user("weather"));
    let paris = || on(user("Paris"));
    let field = || {
        let turn = on(tool_result("get_weather"));
        turn.reply("{get_weather.temp}").forever()
    };
    let lanes = |first: &'static str| {
        Scenario::lanes([
            lane(any_user_message(first), [reply("a").times(0..)]),
            lane(any_user_message("Paris"), [reply("b")]),
        ])
    };
    for (scenario, asked, but, help) in [
        // Any call would.
        (
            script([reply("a"), reply("b")]),
            vec!["hello"],
            "no call came after call 1",
            "make one more call or",
        ),
        // A call that it fits.
        (
            script([reply("a"), paris().reply("b").times(2)]),
            vec!["hello"],
            "no call came after call 1",
            "make 2 more calls that fit `user(\"Paris\")` or",
        ),
        // A turn before it may still answer some of its calls, ..
        (
            script([reply("a").times(1..=3), reply("b")]),
            vec!["hello"],
            "no call came after call 1",
            "make 3 more calls: turn 1 answers the next 2 or limit turn 1, as in `.times(1)` or",
        ),
        (
            script([paris().reply("a").times(1..=2), paris().reply("b")]),
            vec!["Paris"],
            "no call came after call 1",
            "make 2 more calls that fit `user(\"Paris\")`: turn 1 answers the next one or limit turn 1, as in `.times(1)` or",
        ),
        // .. or all calls that it fits.
        (
            script([weather().reply("a").forever(), paris().reply("b")]),
            vec!["weather"],
            "no call after call 1 came that does not fit turn 1",
            "make one more call that fits `user(\"Paris\")`, and does not fit turn 1: `user(\"weather\")` or",
        ),
        (
            script([weather().reply("a").forever(), reply("b")]),
            vec!["weather", "weather"],
            "no call after call 2 came that does not fit turn 1",
            "make one more call that does not fit turn 1: `user(\"weather\")` or",
        ),
        // A call came that it fits, and that a turn before it answered.
        (
            script([weather().reply("a").forever(), paris().reply("b")]),
            vec!["weather", "the weather in Paris"],
            "call 2 fits it, but turn 1 answered that call: it comes first, and fits, too",
            "limit turn 1, as in `.times(1)`, or write another matcher there or",
        ),
        (
            script([weather().reply("a").times(0..), paris().reply("b")]),
            vec!["the weather in Paris"],
            "call 1 fits it, but turn 1 answered that call: it comes first, and fits, too",
            "write another matcher in turn 1 or",
        ),
        // No call can: a turn before it answers all of them.
        (
            script([field(), on(tool_result("get_weather")).reply("b")]),
            vec!["!get_weather"],
            "turn 1 answers all calls that it would, any number of times: call 1 was the last",
            "limit turn 1, as in `.times(1)` or move turn 2 before it or",
        ),
        (
            script([
                on(tool_result("get_weather"))
                    .reply("{get_weather.temp}")
                    .times(0..),
                on(tool_result("get_weather")).reply("b"),
            ]),
            vec!["!get_weather", "!get_weather"],
            "turn 1 answers all calls that it would, any number of times: call 2 was the last",
            "limit turn 1, as in `.times(2)` or move turn 2 before it or",
        ),
        // A rule answers what the turn does not fit.
        (
            script([paris().reply("a")]).rules([weather().reply("b")]),
            vec!["weather"],
            "no call came that fits it: a rule answered call 1",
            "make a call that fits `user(\"Paris\")` or",
        ),
        (
            script([paris().reply("a")]).otherwise(reply("b")),
            vec!["weather", "hello"],
            "no call came that fits it: `otherwise` answered call 2",
            "make a call that fits `user(\"Paris\")` or",
        ),
        // An instance of a conversation needs its call there.
        (
            script([paris().reply("a")])
                .rules([weather().reply("b")])
                .per(Per::Model),
            vec!["weather"],
            "no call came that fits it: a rule answered call 1",
            "make a call that fits `user(\"Paris\")` or",
        ),
        // A lane before it took the call, or there was none.
        (
            lanes("weather"),
            vec!["the weather in Paris"],
            "call 1 fits lane 2, too, but lane 1 comes first",
            "move lane 2 before lane 1, or write another pattern than `any_user_message(\"weather\")` there or",
        ),
        (
            lanes("weather"),
            vec!["weather"],
            "no call fits lane 2: any_user_message(\"Paris\")",
            "make a call that fits lane 2, or correct `any_user_message(\"Paris\")` or",
        ),
        (
            Scenario::lanes([
                lane(any_user_message("weather"), [reply("a")]),
                lane([], [reply("b")]),
            ]),
            vec!["weather"],
            "no call fits lane 2: _",
            "make a call that fits no lane before lane 2 or",
        ),
        (
            Scenario::lanes([lane(
                any_user_message("weather"),
                [paris().reply("a").forever(), reply("b")],
            )]),
            vec!["the weather in Paris"],
            "no call after call 1 came that does not fit turn 1 of lane 1",
            "make one more call that does not fit turn 1 of lane 1: `user(\"Paris\")` or",
        ),
        // Embeddings are asked for in another way.
        (
            script([reply("a"), embed()]),
            vec!["hello"],
            "no call came after call 1",
            "make one more call for embeddings or",
        ),
    ] {
        let report = report(scenario, &asked);
        assert_eq!(text_of(&report, "but:"), but, "{report}");
        let text = text_of(&report, "help:");
        assert!(text.starts_with(help), "{text}\ninstead of\n{help}");
    }
}

/// What a report says at `help:` about a mock that this is done with.
fn help_after(scenario: Scenario, act: impl FnOnce(&MockProvider)) -> String {
    let mock = MockProvider::new(scenario);
    act(&mock);
    let report = mock.verify().expect_err("a turn is unused");
    text_of(&report.to_string(), "help:")
}

fn ask(mock: &MockProvider, model: &str) {
    let answer = mock.answer(Request::new(model).user("hello"));
    let _ = answer.now_or_never().expect("it takes no time");
}

#[test]
fn a_call_that_no_turn_was_asked_for_is_the_cause_and_one_more_would_end_as_it_did() {
    let turn = || script([reply("a")]);
    assert_eq!(
        help_after(turn().models(["gpt-4"]), |mock| ask(mock, "gpt-4o")),
        "ask for a model of `models`, `gpt-4`, or add \"gpt-4o\" to it or drop the turn or make turns optional: \
         `.times(0..=1)` on a turn, `allow = [unused_turns]` for all"
    );
    let help = help_after(turn(), |mock| {
        let answer = mock.answer_embedding(EmbeddingRequest::new("e"));
        let _ = answer.now_or_never().expect("it takes no time");
    });
    assert!(help.starts_with("fix the request of call 1: "), "{help}");
    for failure in [overloaded(), auth()] {
        let help = help_after(turn(), |mock| {
            mock.outage(failure);
            ask(mock, "m");
        });
        assert!(
            help.starts_with("end the outage before the next call: `restore()` or"),
            "{help}"
        );
    }
    let help = help_after(turn(), |mock| {
        mock.outage(overloaded());
        ask(mock, "m");
        mock.restore();
    });
    assert!(help.starts_with("let the code retry call 1 or"), "{help}");
}

#[cfg(feature = "server")]
#[test]
fn a_server_that_refuses_connections_is_why_no_call_came() {
    let way = "accept connections before the next call: `accept_connections()`";
    let help = |accepts: bool| {
        help_after(script([reply("a")]), |mock| {
            let server = crate::MockServer::new(mock.clone());
            server.refuse_connections();
            if accepts {
                server.accept_connections();
            }
        })
    };
    assert!(help(false).starts_with(way), "{}", help(false));
    assert!(!help(true).contains(way), "{}", help(true));
}

#[test]
fn in_process_the_help_asks_for_nothing_that_only_http_has() {
    for scenario in [
        script([reply("a")]).per(Per::Header("x".into())),
        script([on(header("x", "a")).reply("a")]),
    ] {
        let report = report(scenario, &["hello"]);
        let help = text_of(&report, "help:");
        assert!(
            help.starts_with("take the mock as a `MockServer`, and ask it over HTTP"),
            "{report}"
        );
    }
}

#[test]
fn a_result_without_fields_is_not_asked_for_another_of_its_fields() {
    let call = Message::assistant("").with_tool_calls([ToolCall::new("call_1", "t", "{}")]);
    for text in ["18 degrees", "18"] {
        let mock = MockProvider::new(script([on(tool_result("t")).reply("{t.temp} °C")]));
        let result = Message::tool("call_1", text);
        let request = Request::new("m").user("hello").with_message(call.clone());
        let answer = mock.answer(request.with_message(result)).now_or_never();
        let _ = answer.expect("it takes no time");
        let report = mock.verify().expect_err("no turn answers").to_string();
        assert_eq!(
            text_of(&report, "help:"),
            "return JSON with `temp` from `t`, or leave the result out of the turn's text"
        );
    }
}

#[test]
fn as_many_calls_as_the_help_says_reach_an_unused_turn() {
    for (least, most) in [(1, 1), (1, 3), (2, 2), (2, 5), (0, 2)] {
        for asked in Ord::max(least, 1)..=most {
            let scenario = || script([reply("a").times(least..=most), reply("b").times(2)]);
            let text = report(scenario(), &vec!["hello"; asked as usize]);
            let help = text_of(&text, "help:");
            let more = help.split(' ').nth(1).expect("a number");
            let more = more.replace("one", "1").parse::<usize>().expect(&text);
            let report = |more| report(scenario(), &vec!["hello"; asked as usize + more]);
            assert_eq!(report(more), "", "{text}");
            assert_ne!(report(more - 1), "", "{text}");
        }
    }
}

#[test]
fn a_turn_before_it_that_answers_its_call() {
    let weather = || on(user("weather")).reply("a");
    let paris = || on(user("Paris")).reply("b");
    assert_remedies(
        script([weather().forever(), paris()]),
        &["weather", "the weather in Paris"],
        vec![("`.times(1)`", script([weather().times(1), paris()]))],
    );
    let field = || on(tool_result("get_weather")).reply("{get_weather.temp}");
    let plain = || on(tool_result("get_weather")).reply("b");
    assert_remedies(
        script([field().forever(), plain()]),
        &["!get_weather", "!get_weather"],
        vec![
            (
                "`.times(2)`",
                script([field().times(2), plain().times(0..)]),
            ),
            (
                "move turn 2 before it",
                script([plain(), field().forever()]),
            ),
        ],
    );
}

#[test]
fn a_matcher_that_does_not_hold() {
    let wrong = |matcher| script([on(matcher).reply("Hi.")]);
    let rule = |matcher| {
        let moved = on(user("Welcome")).reply("Hi.");
        script([]).rules([moved, on(matcher).reply("Hi.")])
    };
    assert_remedies(
        wrong(user("Welcome")),
        &["Greet Ada."],
        vec![
            (
                "write `user(\"Greet Ada.\")` in place of `user(\"Welcome\")`",
                wrong(user("Greet Ada.")),
            ),
            (
                "move turn 1 from `script` to `rules`, and add the rule `user(\"Greet Ada.\") => reply(\"..\")`",
                rule(user("Greet Ada.")),
            ),
        ],
    );
    assert_remedies(
        wrong(user("weather")),
        &["Good morning. How is the Weather?"],
        vec![(
            "write `user(\"Weather\")` in place of `user(\"weather\")`",
            wrong(user("Weather")),
        )],
    );
    assert_remedies(
        wrong(model("n")),
        &["hello"],
        vec![("write `model(\"m\")`", wrong(model("m")))],
    );
    assert_remedies(
        wrong(tool_result("get_weather")),
        &["!get_time"],
        vec![
            (
                "write `tool_result(get_time)`",
                wrong(tool_result("get_time")),
            ),
            (
                "add the rule `tool_result(get_time) => reply(\"..\")`",
                rule(tool_result("get_time")),
            ),
        ],
    );
    assert_remedies(
        script([on(user("weather in {city}")).reply("{city}")]),
        &["Paris?"],
        vec![(
            "correct the request, or change `user(\"weather in {city}\")`",
            script([on(user("{city}")).reply("{city}")]),
        )],
    );
    assert_remedies(
        wrong(not(any_user_message("sugar"))),
        &["sugar"],
        vec![(
            "correct the request, or change `not(any_user_message(\"sugar\"))`",
            wrong(any_user_message("sugar")),
        )],
    );
}

/// A part of a text would be a pattern that fits more than the old one.
#[test]
fn the_pattern_that_is_offered_is_all_of_the_text() {
    let long = "Charge 999 dollars to Ada, and then send her a receipt for all of it.";
    for (pattern, text, offered) in [
        (
            "Charge 100 dollars to Ada",
            "Charge 999 dollars to Ada",
            Some("Charge 999 dollars to Ada"),
        ),
        (
            "Line one. Line 1",
            "Line one. Line 2",
            Some("Line one. Line 2"),
        ),
        ("two spaces", "Two spaces between", Some("Two spaces")),
        ("other", "Two \n spaces between", Some("Two spaces between")),
        ("Is it so? Yes!", "is it so, yes?", Some("is it so, yes?")),
        ("Charge 100 dollars to Ada", long, None),
        ("Line one", "Line {1}", None),
        ("Line one", "key sk-abcdefghijklmnopqrstuvwx", None),
    ] {
        let shown = report(script([on(user(pattern)).reply("a")]), &[text]);
        let help = text_of(&shown, "help:");
        match offered {
            Some(offered) => {
                let way = format!("write `user(\"{offered}\")` in place of");
                assert!(help.contains(&way), "no {way} in:\n{shown}");
                let right = script([on(user(offered)).reply("a")]);
                assert_eq!(report(right, &[text]), "");
            }
            None => {
                assert!(!help.contains("in place of"), "{shown}");
            }
        }
    }
}

#[test]
fn the_rule_that_is_offered_compiles_and_answers() {
    let long = "Charge 999 dollars to Ada, and then send her a receipt for all of it.";
    for (text, offered) in [
        ("Charge 999 dollars", Some("Charge 999 dollars")),
        (long, Some("Charge 999 dollars to Ada, and then send")),
        ("Line  of {1}", Some("Line of")),
        ("{1}", None),
        ("", None),
        ("My key: sk-abcdefghijklmnopqrstuvwx", Some("My key:")),
        ("sk-abcdefghijklmnopqrstuvwx", None),
    ] {
        let shown = report(script([on(user("other")).reply("a")]), &[text]);
        let help = text_of(&shown, "help:");
        let rule = match offered {
            Some(offered) => format!("the rule `user(\"{offered}\") => reply(\"..\")`"),
            None => "the rule `_ => reply(\"..\")`".to_owned(),
        };
        assert!(help.contains(&rule), "no {rule} in:\n{shown}");
        if let Some(offered) = offered {
            let right = script([on(user(offered)).reply("a")]);
            assert_eq!(report(right, &[text]), "");
        }
    }
}

#[test]
fn a_template_without_a_value() {
    let turn = |text| script([on(tool_result("t")).reply(text)]);
    assert_remedies(
        turn("{t.heat} °C"),
        &["!t"],
        vec![(
            "return `heat` from `t`, or write a field that its result has",
            turn("{t.temp} °C"),
        )],
    );
    let missing = script([reply("{t.temp} °C")]);
    let text = report(missing, &["hello"]);
    let help = "send the result of `t`, or leave it out of the turn's text";
    assert!(text.contains(help), "{text}");
}

#[test]
fn a_result_that_is_not_what_its_tool_returns() {
    let with = |ty| {
        let tools = [tool("t").returns(object([("temp", ty)]))];
        script([on(tool_result("t")).reply("{t.temp} °C")]).tools(tools)
    };
    assert_remedies(
        with(string()),
        &["!t"],
        vec![(
            "return what `t` declares, or correct its `returns(..)`",
            with(number()),
        )],
    );
}
