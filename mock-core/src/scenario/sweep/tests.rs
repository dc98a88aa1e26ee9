//! Tests of the variations of a sweep.

use super::*;
use crate::builder::*;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Message;
use crate::chat::response::Response;
use crate::report::turn_text;

const STREAMED: PlainRunCalls = PlainRunCalls {
    calls: 1,
    is_streamed: true,
    is_served: false,
};

const SERVED: PlainRunCalls = PlainRunCalls {
    calls: 1,
    is_streamed: true,
    is_served: true,
};

const WHOLE: PlainRunCalls = PlainRunCalls {
    calls: 1,
    is_streamed: false,
    is_served: false,
};

/// The turns of these changes as they are written, without what all of them have in common.
fn texts(scenario: &Scenario, faults: &[SweepFault], plain_run: PlainRunCalls) -> Vec<String> {
    let changes = scenario.changes(faults, &|_| Some(plain_run));
    let texts = changes.iter().map(|change| {
        let text = turn_text(&change.turns[0]);
        text.replace(".times(0..=1)", "")
    });
    texts.collect()
}

fn variations_of_turn(turn: Turn, faults: &[SweepFault], plain_run: PlainRunCalls) -> Vec<String> {
    texts(&script([turn]), faults, plain_run)
}

#[test]
fn each_kind_of_failure_comes_before_a_turn() {
    let failures = variations_of_turn(on(user("hi")).reply("Hi."), &[SweepFault::Fail], WHOLE);
    assert_eq!(failures.len(), 15);
    assert_eq!(failures[0], "on(user(\"hi\")).fail(timeout)");
    assert_eq!(
        failures[14],
        "on(user(\"hi\")).fail(rate_limit { retry_after: 2s })"
    );
    for failure in &failures {
        assert!(!failure.contains("uns"), "{failure}");
    }
}

#[test]
fn an_answer_breaks_off_at_each_place_that_it_has_for_certain() {
    let cuts = |turn, plain_run| {
        let cuts = variations_of_turn(turn, &[SweepFault::Cut], plain_run);
        let places = cuts.iter().map(|cut| {
            let (_, place) = cut.rsplit_once(".cut_after(").expect("a cut");
            let (place, _) = place.split_once(')').expect("its end");
            place.to_owned()
        });
        places.collect::<Vec<_>>().join(" ")
    };
    for (turn, expected) in [
        (reply("One two three."), "0 1 2 all finish"),
        (reply(""), "0 all finish"),
        (reply("ab").split(chars(1)), "0 1 all finish"),
        (reply("abcd").split(random(1..=3)), "0 1 all finish"),
        (reply("One two.").split(whole()), "0 all finish"),
        (stream(["a", "", "b"]), "0 1 2 all finish"),
        (reasoning("a b").reply("c"), "0 1 2 all finish"),
        (call("tool", [("a", "b")]), "0 all finish"),
        // {"a":"b"}
        (call("tool", [("a", "b")]).pieces(4), "0 1 2 3 all finish"),
        (
            call("tool", [("a", "b")]).pieces(100),
            "0 1 2 3 4 5 6 7 8 all finish",
        ),
        // The value of the variable is not known.
        (reply("You are {user}, I think."), "0 1 2 3 4 all finish"),
        (on(user("{a}")).reply("{a}"), "0 all finish"),
        (
            respond_with(|_| Response::from(Message::assistant("a b c"))),
            "0 all finish",
        ),
        (driven("live"), "0"),
        (reply("Hi.").finish(FinishReason::Length), "0 all finish"),
        // Turns that cannot break off.
        (fail(overloaded()), ""),
        (reply("a").hang(), ""),
        (embed(), ""),
        (reply("One two.").stall_after(1), ""),
        (raw("abc"), "0 all"),
        (frames(["a", "b"]), "0 1 all"),
    ] {
        let text = turn_text(&turn);
        assert_eq!(cuts(turn, STREAMED), expected, "{text}");
    }
    assert_eq!(cuts(reply("One two three."), WHOLE), "all finish");
}

#[test]
fn an_answer_without_content_has_a_finish_reason_that_says_so() {
    let empty = |turn: Turn| variations_of_turn(turn, &[SweepFault::Finish], STREAMED);
    let both = [
        "reply(\"\").finish(length)",
        "reply(\"\").finish(content_filter)",
    ];
    for turn in [
        reply("One two."),
        stream(["a", "b"]),
        reasoning("a").reply("b"),
        refusal("No."),
        call("tool", [("a", "b")]),
        respond_with(|_| Response::from(Message::assistant("a"))),
        reply("a").finish(FinishReason::Stop),
    ] {
        let text = turn_text(&turn);
        assert_eq!(empty(turn), both, "{text}");
    }
    let waits = empty(
        on(user("hi"))
            .pause(ms(5))
            .gate("g")
            .reply("a")
            .usage(Usage::new(1, 2)),
    );
    assert_eq!(
        waits[0],
        "on(user(\"hi\")).pause(5ms).gate(\"g\").reply(\"\").finish(length).usage(1, 2)"
    );
    for turn in [
        fail(overloaded()),
        reply("a").hang(),
        driven("live"),
        raw("{}"),
        frames(["a"]),
        embed(),
        reply("a").cut_after(0),
    ] {
        let text = turn_text(&turn);
        assert_eq!(empty(turn), [] as [&str; 0], "{text}");
    }
}

#[test]
fn each_fault_is_accepted_where_it_is_allowed() {
    let turn = || reply("One two.").finish(FinishReason::Length);
    for (fault, expected) in [
        (
            SweepFault::End,
            [
                "end_after(0)",
                "end_after(1)",
                "end_after(all)",
                "finish(length).end_after(finish)",
            ]
            .as_slice(),
        ),
        (
            SweepFault::Stall,
            &[
                "stall_after(0)",
                "stall_after(1)",
                "stall_after(all)",
                "stall_after(finish)",
                "stall_after(done)",
            ],
        ),
        (
            SweepFault::Malformed,
            &[
                "malformed_after(0)",
                "malformed_after(1)",
                "malformed_after(all)",
                "malformed_after(finish)",
            ],
        ),
        (
            SweepFault::Error,
            &[
                "error_after(0, server_error)",
                "error_after(1, server_error)",
                "error_after(all, server_error)",
                "error_after(finish, server_error)",
                "error_after(0, content_filter)",
                "error_after(1, content_filter)",
                "error_after(all, content_filter)",
                "error_after(finish, content_filter)",
            ],
        ),
    ] {
        let texts = variations_of_turn(turn(), &[fault], STREAMED);
        assert_eq!(texts.len(), expected.len(), "{texts:?}");
        for (text, expected) in texts.iter().zip(expected) {
            let place = expected.trim_start_matches("finish(length).");
            assert!(text.contains(place), "{text}: {expected}");
            let is_behind = place.contains("finish") || place.contains("done");
            assert_eq!(text.contains("finish(length)"), is_behind, "{text}");
        }
    }
}

#[test]
fn keepalives_go_on_over_the_wire_only() {
    let silences = |plain_run| {
        variations_of_turn(
            reply("One two three four."),
            &[SweepFault::Keepalive],
            plain_run,
        )
    };
    assert_eq!(silences(STREAMED), [""; 0]);
    let expected = [0.to_string(), 2.to_string(), "all".to_owned()]
        .map(|place| format!("reply(\"One two three four.\").stall_after({place}).keepalive(5s)"));
    assert_eq!(silences(SERVED), expected);
}

#[test]
fn a_call_comes_with_empty_arguments_and_without() {
    let calls = |turn| variations_of_turn(turn, &[SweepFault::Arguments], WHOLE);
    assert_eq!(
        calls(call("find", [("city", "Paris")])),
        ["call(find.raw(\"\"))", "call(find.raw(\"{}\"))"]
    );
    assert_eq!(calls(call("now", [("", ""); 0])), ["call(now.raw(\"\"))"]);
    assert_eq!(calls(reply("Hi.")), [""; 0]);
}

#[test]
fn a_whole_answer_comes_in_other_pieces() {
    let pieces = |turn, plain_run| variations_of_turn(turn, &[SweepFault::Pieces], plain_run);
    assert_eq!(
        pieces(reply("Hi."), STREAMED),
        [
            "reply(\"Hi.\").split(chars(1))",
            "reply(\"Hi.\").split(whole)",
            "stream([\"\", \"Hi.\", \"\"])"
        ]
    );
    assert_eq!(
        pieces(call("find", [("city", "Paris")]), SERVED),
        [2, 3, 1_000]
            .map(|pieces| format!("call(find {{ city: \"Paris\" }}).pieces({pieces})"))
            .into_iter()
            .chain(
                ["each", "bytes"]
                    .map(|flush| format!("call(find {{ city: \"Paris\" }}).flush({flush})"))
            )
            .collect::<Vec<_>>()
    );
    assert_eq!(
        pieces(stream(["a", "b"]), STREAMED),
        ["stream([\"\", \"a\", \"\", \"b\", \"\"])"]
    );
    assert_eq!(pieces(reply("Hi."), WHOLE), [""; 0]);
    assert_eq!(pieces(reply("Hi.").cut_after(1), STREAMED), [""; 0]);
}

#[test]
fn a_change_comes_before_its_turn_and_makes_all_turns_optional() {
    let turns = [reply("a"), on(user("b")).reply("b").named("second")];
    let scenario = script(turns).expect([expect::calls(2)]);
    let changes = scenario.changes(&[SweepFault::Fail], &|turn| {
        (turn == TurnIndex::Script(1)).then_some(WHOLE)
    });
    let changed = changes[0].applied(&scenario);
    let texts: Vec<_> = changed.turns.iter().map(turn_text).collect();
    assert_eq!(
        texts,
        [
            "reply(\"a\").times(0..=1)",
            "on(user(\"b\")).fail(timeout).times(0..=1)",
            "on(user(\"b\")).reply(\"b\").times(0..=1)"
        ]
    );
    assert!(changed.allow.unused_turns && changed.expect.is_empty());
}

#[test]
fn a_fault_comes_before_the_second_answer_of_a_turn_too() {
    let twice = PlainRunCalls { calls: 2, ..WHOLE };
    let changed = |scenario: &Scenario, at: TurnIndex| {
        let changes = scenario.changes(&[SweepFault::Cut], &|turn| (turn == at).then_some(twice));
        let scripts = changes.iter().map(|change| {
            let changed = change.applied(scenario);
            assert_eq!(changed.check(), Ok(()));
            let written = change.turns.iter().map(turn_text).collect::<Vec<_>>();
            (written, changed.turns.len())
        });
        scripts.collect::<Vec<_>>()
    };
    let text = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let first = "reply(\"a\")";
    let cut = |place| format!("reply(\"a\").cut_after({place}).times(0..=1)");
    for (turn, rest) in [
        (reply("a").times(2), "reply(\"a\")"),
        (reply("a").times(3), "reply(\"a\").times(2)"),
        (reply("a").times(1..=4), "reply(\"a\").times(0..=3)"),
        (reply("a").times(1..), "reply(\"a\").forever()"),
        (reply("a").times(0..), "reply(\"a\").forever()"),
    ] {
        let scenario = script([turn.named("turn"), reply("b")]);
        assert_eq!(
            changed(&scenario, TurnIndex::Script(0)),
            [
                (vec![cut("all")], 3),
                (text(&[first, &cut("all"), rest]), 4),
            ]
        );
    }
    let rules = Scenario::EMPTY.rules([reply("a").named("rule")]);
    let names = |faults, plain_run| {
        let changes = rules.changes(faults, &|_| Some(plain_run));
        let last = changes.last().expect("a change").applied(&rules);
        let turns = last.turns.iter().chain(last.rules.iter());
        turns.filter(|turn| turn.name.is_some()).count()
    };
    assert_eq!(names(&[SweepFault::Fail], twice), 1);
    assert_eq!(names(&[SweepFault::Pieces], STREAMED), 1);
    assert_eq!(
        changed(&rules, TurnIndex::Rule(0)),
        [
            (vec![cut("all")], 1),
            (vec![cut("finish")], 1),
            (text(&[first, &cut("all")]), 2),
            (text(&[first, &cut("finish")]), 2),
        ]
    );
}

#[test]
fn a_change_of_a_lane_is_in_its_lane() {
    let scenario = crate::scenario::Scenario::lanes([
        lane(system("plan"), [reply("a")]),
        lane([], [reply("b")]),
    ]);
    let at = TurnIndex::Lane { lane: 1, turn: 0 };
    let changes = scenario.changes(&[SweepFault::Cut], &|turn| (turn == at).then_some(WHOLE));
    assert!(!changes.is_empty());
    for change in &changes {
        let changed = change.applied(&scenario);
        let lengths: Vec<_> = changed.lanes.iter().map(|lane| lane.turns.len()).collect();
        assert_eq!(lengths, [1, 2]);
    }
}

#[test]
fn before_a_rule_a_turn_of_a_script_answers_what_no_earlier_rule_does() {
    let scenario = Scenario::EMPTY
        .rules([on(user("a")).reply("a"), on(user("b")).reply("b")])
        .otherwise(reply("c"));
    let first = |scenario: &Scenario, at: TurnIndex| {
        let changes = scenario.changes(&[SweepFault::Cut], &|turn| (turn == at).then_some(WHOLE));
        changes.first().map(|change| turn_text(&change.turns[0]))
    };
    let expected = [
        (
            TurnIndex::Rule(0),
            "on(user(\"a\")).reply(\"a\").cut_after(all).times(0..=1)",
        ),
        (
            TurnIndex::Rule(1),
            "on(not(user(\"a\")), user(\"b\")).reply(\"b\").cut_after(all).times(0..=1)",
        ),
        (
            TurnIndex::Otherwise,
            "on(not(user(\"a\")), not(user(\"b\"))).reply(\"c\").cut_after(all).times(0..=1)",
        ),
    ];
    for (at, text) in expected {
        assert_eq!(first(&scenario, at).as_deref(), Some(text));
    }
    // With a script, rules are not varied.
    let scripted = Scenario {
        turns: vec![reply("d")].into(),
        ..scenario
    };
    for (at, _) in expected {
        assert_eq!(first(&scripted, at), None);
    }
}

#[test]
fn a_change_of_a_call_with_an_id_has_another_id() {
    let turn = || call("find", [("a", "b")]).id("call_7");
    let scenario = script([turn(), on(tool_result("find")).reply("c")]);
    let changes = scenario.changes(&[SweepFault::Cut], &|_| Some(STREAMED));
    assert!(
        changes
            .iter()
            .any(|change| change.at == TurnIndex::Script(0))
    );
    for change in changes {
        assert_eq!(change.applied(&scenario).check(), Ok(()));
    }
}

#[test]
fn every_change_of_every_sort_of_turn_can_be_played() {
    let turns = [
        reply("One two."),
        on(user("{city}"))
            .call("find", [("city", "{city}")])
            .pieces(3)
            .reply("Wait."),
        reasoning("Hm.")
            .signature("s")
            .reply("Yes.")
            .finish(FinishReason::Length)
            .usage(Usage::new(1, 2)),
        gate("door").reply("Come in.").ttft(ms(5)).every(ms(5)),
        reply("a").split(chars(1)).times(2..=4),
        fail(rate_limit()),
    ];
    let scenario = script(turns);
    let changes = scenario.changes(SweepFault::ALL, &|_| Some(SERVED));
    assert!(changes.len() > 150, "{}", changes.len());
    for change in changes {
        let text = turn_text(&change.turns[0]);
        assert_eq!(change.applied(&scenario).check(), Ok(()), "{text}");
    }
}
