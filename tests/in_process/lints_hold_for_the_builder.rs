//! Each mistake that `mock_provider!` reports is also reported by `Scenario::check`, except for mistakes in tokens.

use std::collections::BTreeSet;

use mock_core::builder::*;
use mock_core::cassette::{Cassette, Interaction};
use mock_core::scenario::{After, Otherwise, Scenario, Turn};
use mock_core::{Capabilities, FinishReason, Message, Response};
use serde_json::json;

/// The rules of the macro, in its order.
const OF_MACRO: &str = include_str!("../../mock-macros/src/mock_provider/check/mod.rs");

/// Rules that no scenario of the builder can break.
const OF_TOKENS: [&str; 9] = [
    // A tool of the builder has one name, which is the one on the wire.
    "tools_are_named_once",
    // The builder takes any value.
    "json_of_a_declared_mock_is_known",
    // A scenario of the builder is not an item.
    "only_a_declared_mock_has_attributes",
    "names_are_free",
    // The macro reads the file. A program that reads one has its exchanges, and `assert_no_secrets`.
    "cassettes_are_of_the_wire",
    "cassettes_have_no_secrets",
    "recorded_calls_fit_the_tools",
    // `Scenario::replaying` panics at once.
    "fixtures_in_an_order_have_no_script",
    "scripts_replay_the_cassette",
];

fn of_macro() -> BTreeSet<&'static str> {
    let (_, list) = OF_MACRO
        .split_once("CHECKS: &[Check] = &[")
        .expect("a list");
    let (list, _) = list.split_once("];").expect("its end");
    let rules = list
        .split(',')
        .map(str::trim)
        .filter(|rule| !rule.is_empty());
    rules
        .map(|rule| rule.rsplit("::").next().unwrap_or(rule))
        .collect()
}

/// A second turn that breaks a rule.
fn turn(turn: Turn) -> Scenario {
    script([reply("Hi."), turn])
}

fn closure() -> Turn {
    respond_with(|_| Response::from(Message::assistant("a")))
}

/// Scenarios that break a rule of names, and what their error says.
fn of_names() -> Vec<(&'static str, Scenario, &'static str)> {
    let weather =
        || tool("get_weather").returns(object([("days", list(object([("temp", number())])))]));
    vec![
        ("variables_are_bound", turn(reply("{city}")), "turn 2 at"),
        (
            "variables_are_bound",
            turn(reply("{city}")),
            "its `{city}` is not captured by a matcher of it, of an earlier turn or of a rule; capture it",
        ),
        (
            "variables_are_bound",
            script([]).rules([
                on(not(user("in {city}"))).reply("a"),
                on(user("b")).reply("{city}"),
            ]),
            "rule 2 at",
        ),
        (
            "variables_are_bound",
            lanes([
                lane(system("for {name}"), [reply("{name}")]),
                lane([], [call("f", json!({ "of": "{name}" }))]),
            ]),
            "turn 1 of lane 2 at",
        ),
        (
            "variables_are_bound",
            turn(on(not(user("in {city}"))).fail(auth().message("{city}"))),
            "its `{city}` is not captured",
        ),
        (
            "variables_are_bound",
            script([on(tool_result("get_weather")).reply("{get_weather}")]),
            "write a field of the tool's result",
        ),
        (
            "tools_of_fields_are_declared",
            turn(reply("{get_time.now}")).tools([weather()]),
            "it names the tool `get_time`, which is not declared",
        ),
        (
            "texts_have_no_fields",
            turn(on(user("in {city}")).reply("{city.name}")),
            "its `{city.name}` is a field of a text, which has none",
        ),
        (
            "texts_have_no_fields",
            turn(reply("{user.name}")),
            "is a field of a text",
        ),
        (
            "fields_are_returned",
            turn(reply("{get_weather.days.0.temperature}")).tools([weather()]),
            "`get_weather` returns no `temperature`",
        ),
        (
            "fields_are_returned",
            turn(reply("{get_weather.days.first}")).tools([weather()]),
            "`get_weather` returns no `first`",
        ),
        (
            "tools_are_declared",
            turn(call("get_time", ())).tools([weather()]),
            "it names the tool `get_time`, which is not declared",
        ),
        (
            "tools_are_declared",
            lanes([lane(has_tool("get_time"), [reply("a")])]).tools([weather()]),
            "lane 1 at",
        ),
        (
            "tools_are_declared",
            script([])
                .tools([weather()])
                .expect([expect::never_sent(tool_result("get_time"))]),
            "it names the tool `get_time`, which is not declared",
        ),
        (
            "tools_are_declared_once",
            script([]).tools([weather(), weather()]),
            "the tool `get_weather` is declared twice",
        ),
        (
            "arguments_are_named_apart",
            script([]).tools([tool("find").arg("id", string()).arg("id", string())]),
            "the tool `find` declares `id` twice",
        ),
        (
            "rules_have_no_count",
            script([]).otherwise(reply("b").forever()),
            "it answers any number of times",
        ),
        (
            "turns_have_names_of_their_own",
            script([reply("a").named("x"), reply("b").named("x")]),
            "another turn is called `x` too",
        ),
        (
            "arguments_fit_the_tool",
            turn(call("get_weather", json!({ "city": "Paris" }))).tools([weather()]),
            "there is no `city`",
        ),
        (
            "calls_have_ids_of_their_own",
            script([call("f", ()).id("call_1"), call("f", ()).id("call_1")]),
            "as one of an earlier turn",
        ),
        (
            "calls_are_capabilities",
            turn(call("f", ())).capabilities(Capabilities::NONE),
            "rejects requests that offer tools",
        ),
        (
            "the_own_model_is_one_of_the_models",
            script([]).model("a").models(["b"]),
            "its own model `a` is not one of its `models`",
        ),
    ]
}

/// Scenarios that break a rule of what is asked.
fn of_reach() -> Vec<(&'static str, Scenario, &'static str)> {
    vec![
        (
            "turns_are_used",
            turn(reply("a").times(0)),
            "it never answers",
        ),
        (
            "matchers_may_hold",
            turn(on([user("x"), not(user("x"))]).reply("a")),
            "its matchers never hold together",
        ),
        (
            "matchers_may_hold",
            turn(on(any_of([user("x"), all_of([model("a"), model("b")])])).reply("a")),
            "its matchers never hold together",
        ),
        (
            "matchers_may_hold",
            lanes([lane([model("a"), model("b")], [reply("a")])]),
            "its matchers never hold together",
        ),
        (
            "turns_can_be_reached",
            script([reply("a").forever(), reply("b")]),
            "it is never reached, because turn 1",
        ),
        (
            "rules_can_be_reached",
            script([]).rules([
                on(user("x")).reply("a"),
                on([user("x"), model("m")]).reply("b"),
            ]),
            "it is never reached, because rule 1",
        ),
        (
            "paths_stand_in_rules",
            turn(on(path("GET /health")).raw("ok")),
            "its `path(..)` is in the script",
        ),
        (
            "otherwise_can_be_reached",
            script([]).rules([reply("a")]).otherwise(reply("b")),
            "it is never reached, because rule 1",
        ),
        (
            "repeat_last_has_a_script",
            script([]).otherwise(Otherwise::Cycle),
            "it has no script to repeat",
        ),
        (
            "lanes_are_all_the_scripts",
            Scenario {
                turns: vec![reply("a")].into(),
                ..lanes([lane([], [reply("b")])])
            },
            "there are lanes and a script",
        ),
        ("lanes_have_turns", lanes([lane([], [])]), "it has no turns"),
        (
            "patterns_hold_throughout",
            lanes([lane(user("x"), [reply("a")])]),
            "holds for some requests of a conversation only",
        ),
        (
            "lanes_can_be_reached",
            lanes([lane([], [reply("a")]), lane(system("x"), [reply("b")])]),
            "it is never asked, because lane 1",
        ),
        (
            "instances_have_values",
            script([reply("a")]).per(system("session")),
            "captures nothing to tell an instance by",
        ),
        (
            "expected_calls_are_enough",
            script([reply("a"), reply("b")]).expect([expect::calls(..=1)]),
            "the script requires 2",
        ),
        (
            "required_calls_are_within_the_limit",
            script([reply("a"), reply("b")]).max_calls(1),
            "the script requires 2",
        ),
        (
            "required_requests_may_be_sent",
            lanes([lane(system("x"), [reply("a")])]).expect([expect::never_sent(system("x"))]),
            "a turn requires such a request",
        ),
        (
            "waited_failures_may_happen",
            script([reply("a")]).expect([expect::waited_retry_after()]),
            "there is nothing to wait for",
        ),
        (
            "expectations_go_together",
            script([]).expect([expect::sent(user("x")), expect::never_sent(user("x"))]),
            "it contradicts the one in line",
        ),
        (
            "expectations_go_together",
            script([]).expect([expect::calls(0), expect::sent(user("x"))]),
            "it contradicts the one in line",
        ),
        (
            "expectations_go_together",
            script([]).expect([expect::tokens(1..), expect::calls(0)]),
            "it contradicts the one in line",
        ),
        (
            "expectations_go_together",
            script([]).expect([expect::never_sent(has_tool("f")), expect::offered("f")]),
            "it contradicts the one in line",
        ),
        (
            "expectations_go_together",
            script([]).expect([expect::within(secs(1)), expect::within(secs(2))]),
            "it is there already in line",
        ),
    ]
}

/// Turns that break a rule of an answer.
fn of_answers() -> Vec<(&'static str, Turn, &'static str)> {
    vec![
        ("turns_answer", on(user("a")), "it answers with nothing"),
        (
            "failures_stand_alone",
            reply("a").fail(auth()),
            "it fails, and has other actions",
        ),
        (
            "closures_stand_alone",
            closure().reply("a"),
            "its closure gives the whole answer",
        ),
        (
            "signatures_follow_reasoning",
            reply("a").signature("s"),
            "follows no reasoning",
        ),
        (
            "nothing_follows_an_end",
            hang().reply("a"),
            "where nothing more comes",
        ),
        (
            "splits_have_something_to_split",
            stream(["a"]).split(chars(1)),
            "there is no text to split",
        ),
        (
            "splits_have_something_to_split",
            reply("a").pieces(2),
            "there are no arguments to cut",
        ),
        (
            "what_never_ends_has_no_end",
            hang().finish(FinishReason::Stop),
            "it has no end",
        ),
        (
            "what_never_ends_has_no_end",
            fail(auth()).ttft(ms(1)),
            "has no first token",
        ),
        (
            "embeddings_stand_alone",
            embed().reply("a"),
            "it has embeddings and other actions",
        ),
        (
            "embeddings_come_whole",
            embed().every(ms(1)),
            "embeddings are not streamed",
        ),
        (
            "vectors_go_together",
            embed_with([1.0]).embed_with([1.0, 2.0]),
            "have 1 and 2 dimensions",
        ),
        (
            "faults_come_before_the_end",
            fail(auth()).cut_after(1),
            "has no answer to break off",
        ),
        (
            "faults_come_before_the_end",
            stream(["a"]).cut_after(5),
            "it breaks off after 5 deltas, and has only 1; write a smaller number, or `all` (`After::All` in the builder)",
        ),
        (
            "faults_come_before_the_end",
            reply("one two three").split(random(2..=9)).end_after(8),
            "and has only 7",
        ),
        (
            "faults_come_before_the_end",
            call("f", json!({ "of": "{user}" }))
                .pieces(3)
                .stall_after(4),
            "and has only 3",
        ),
        (
            "faults_come_before_the_end",
            raw("{}").cut_after(2),
            "and has only 1",
        ),
        (
            "faults_come_before_the_end",
            reply("a").hang().cut_after(1),
            "before it hangs",
        ),
        (
            "what_breaks_off_has_no_end",
            reply("a").finish(FinishReason::Length).cut_after(1),
            "it breaks off, and has no end",
        ),
        (
            "only_some_failures_say_when_to_retry",
            fail(auth().retry_after(secs(1))),
            "its `auth` says when to try again",
        ),
        (
            "what_is_no_answer_has_no_headers",
            fail(timeout().header("a", "b")),
            "its `timeout` has headers or a body",
        ),
        (
            "a_status_without_a_body_has_none",
            fail(generic().status(204).body("a")),
            "its status 204 has no body",
        ),
        (
            "headers_can_be_sent",
            fail(auth().header("x id", "a")),
            "is not a header name",
        ),
        (
            "raw_answers_stand_alone",
            raw("{}").reply("a"),
            "its raw answer is all that it says",
        ),
        (
            "modifiers_go_with_a_raw_answer",
            raw("{}").finish(FinishReason::Stop),
            "its raw answer has an end of its own",
        ),
        (
            "faults_of_frames_know_their_place",
            frames(["a"]).stall_after(After::Done),
            "its end is in the raw answer",
        ),
        (
            "headers_go_with_an_answer",
            hang().headers([("a", "b")]),
            "it has headers, and sends no answer",
        ),
    ]
}

/// Scripts over a cassette that break a rule.
fn of_replays() -> Vec<(&'static str, Scenario, &'static str)> {
    let over = |scenario: Scenario| {
        let exchange = Interaction::new("GET", "/health");
        scenario.replaying(Cassette::new([exchange]))
    };
    vec![
        (
            "replays_have_a_cassette",
            script([replay(1)]),
            "is not in a script with a cassette",
        ),
        (
            "replays_stand_in_the_script",
            over(script([replay(1)]).rules([replay(1)])),
            "is not in a script with a cassette",
        ),
        (
            "replayed_answers_are_as_recorded",
            over(script([on(user("a")).replay(1)])),
            "and has matchers",
        ),
        (
            "turns_replay_what_is_recorded",
            over(script([replay(3)])),
            "it replays 3 exchanges, and the cassette has 1",
        ),
    ]
}

#[test]
fn each_rule_of_the_macro_holds_for_the_builder() {
    let answers = of_answers()
        .into_iter()
        .map(|(rule, broken, says)| (rule, turn(broken), says));
    let mut checked = BTreeSet::from(OF_TOKENS);
    let others = of_names().into_iter().chain(of_reach()).chain(of_replays());
    for (rule, scenario, says) in others.chain(answers) {
        match scenario.check() {
            Ok(()) => panic!("{rule}: what breaks it is not rejected: {says}"),
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(says), "{rule}: {says:?} is not in {error:?}");
            }
        }
        checked.insert(rule);
    }
    assert_eq!(checked, of_macro());
}

#[test]
fn a_scenario_that_keeps_the_rules_is_not_rejected() {
    let bound = [
        on(any_of([user("in {city}"), any_user_message("for {name}")]))
            .reply("{city}, {name}, {model}"),
        reply("{city}").times(0..),
    ];
    for scenario in [
        script(bound.clone()).rules([on(user("x")).reply("{name}")]),
        script([reply("{city}")]).rules([on(user("in {city}")).reply("a")]),
        lanes([lane(all_of([system("for {name}")]), [reply("{name}")])]).otherwise(reply("{name}")),
        script([reply("{id}")]).per(system("session {id:word}")),
        // A tool that a closure or a driver calls may have any name.
        script([closure(), reply("{user.name}")]),
        script([driven("live"), reply("{user.name}")]),
        script([on(tool_result("user")).reply("{user.name}")]),
        turn(reply("{f.a.b}")).tools([tool("f").returns(object([("a", any_json())]))]),
        turn(stream(["", "a"]).cut_after(2)),
        turn(reply("{user}").cut_after(9)),
        turn(closure().cut_after(9)),
        turn(driven("live").cut_after(9)),
        turn(on([model("a"), model("a*")]).reply("a")),
        script([]).expect([expect::sent(user("x")), expect::sent(user("x"))]),
    ] {
        assert_eq!(scenario.check(), Ok(()));
    }
}
