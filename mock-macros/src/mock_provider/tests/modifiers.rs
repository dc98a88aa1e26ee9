//! Tests of modifiers.

use super::*;

#[test]
fn words_that_say_the_same() {
    wrong(
        "reply(\"x\").every(5ms).«tokens_per_second»(5), reply(\"x\").usage(1, 2).«usage»(1, 2), reply(\"x\").split(whole).«split»(words), call(t).pieces(2).«pieces»(3), reply(\"x\").finish(stop).«finish»(stop), reply(\"x\").named(a).«named»(b)",
        &[
            (
                "`every` already sets the pace",
                "remove `every` or `tokens_per_second`",
            ),
            ("`usage` is given twice", "remove one of the two `usage`"),
            ("`split` is given twice", "remove one of the two `split`"),
            ("`pieces` is given twice", "remove one of the two `pieces`"),
            ("`finish` is given twice", "remove one of the two `finish`"),
            ("`named` is given twice", "remove one of the two `named`"),
        ],
    );
}

#[test]
fn tokens_per_second() {
    let more = (
        "at 0 tokens a second the answer never begins",
        "write more, as in `.tokens_per_second(50)`, or `.stall_after(0)` for nothing",
    );
    let number = (
        "expected a number, 0 or more",
        "write it as in `tokens_per_second(50)`",
    );
    wrong(
        "reply(\"x\").tokens_per_second(«0»), reply(\"x\").tokens_per_second(«0.0»), reply(\"x\").tokens_per_second(«-5»), reply(\"x\").tokens_per_second(«\"50\"»), reply(\"x\").tokens_per_second(«5ms»), reply(\"x\").«tokens_per_second»()",
        &[
            more,
            more,
            number,
            (number.0, "remove the quotes: `50`"),
            number,
            (
                "`tokens_per_second` needs a number of tokens",
                "write `tokens_per_second(50)`",
            ),
        ],
    );
}

#[test]
fn splits() {
    let splits = "splits: `words`, `chars`, `random`, `whole`";
    let least = "write a whole number, 1 or more";
    wrong(
        "reply(\"x\").split(«5»), reply(\"x\").split(«wrds»), reply(\"x\").split(«lines»), reply(\"x\").split(«chars»), reply(\"x\").split(«random»()), reply(\"x\").split(chars(«0»)), reply(\"x\").split(chars(«1.5»)), reply(\"x\").split(chars(1, «2»)), reply(\"x\").split(words(«2»)), reply(\"x\").split(chars(«-1»))",
        &[
            (
                "expected a way to split the text",
                "write `.split(chars(5))`",
            ),
            ("unknown split `wrds`", "did you mean `words`?"),
            ("unknown split `lines`", splits),
            (
                "`chars` needs a number of characters",
                "write `.split(chars(4))`",
            ),
            (
                "`random` needs a range of numbers of characters",
                "write `.split(random(1..=12))`",
            ),
            ("the number of characters is 0", least),
            ("expected a number of characters", least),
            ("`chars` takes no more", "remove this"),
            ("`words` takes no more", "remove this"),
            ("expected a number of characters", least),
        ],
    );
    wrong(
        "reply(\"x\").split(random(«5»)), reply(\"x\").split(random(«1..»)), reply(\"x\").split(random(1«..»5)), reply(\"x\").split(random(«0»..=3)), reply(\"x\").split(random(«5..=2»))",
        &[
            ("expected a range", "write it as in `random(1..=12)`"),
            (
                "the range needs both ends",
                "write them, as in `random(1..=12)`",
            ),
            (
                "a range of numbers includes its end",
                "write `..=` and the greatest number",
            ),
            ("the number of characters is 0", least),
            (
                "the range is empty",
                "write the smaller number first: `2..=5`",
            ),
        ],
    );
    wrong(
        "stream([\"a\"]).«split»(whole), call(t).«split»(whole), reply(\"x\").«pieces»(2), call(t).pieces(«0»)",
        &[
            (
                "there is no text to split",
                "remove it: `stream([..])` lists its own pieces",
            ),
            (
                "there is no text to split",
                "remove it, or answer with a text, as in `reply(\"..\")`",
            ),
            (
                "there are no arguments to cut into pieces",
                "remove it, or call a tool; a text is split by `.split(..)`",
            ),
            ("the number of pieces is 0", least),
        ],
    );
}

#[test]
fn faults_know_how_an_answer_is_split() {
    let beyond = |after: u32, deltas: u32| {
        (
            format!(
                "the answer breaks off after {}, but has only {deltas}",
                crate::diagnostics::count(after as usize, "delta")
            ),
            format!("write a number up to {deltas}, or `all`"),
        )
    };
    let expected = [
        beyond(2, 1),
        beyond(3, 2),
        beyond(4, 3),
        beyond(8, 7),
        beyond(9, 8),
        beyond(3, 2),
        beyond(1, 0),
        beyond(3, 2),
    ];
    let expected: Vec<_> = expected.iter().map(|(m, h)| (&**m, &**h)).collect();
    wrong(
        "reply(\"a b c\").split(whole).cut_after(«2»), reply(\"a b c\").split(chars(4)).cut_after(«3»), call(t { a: 1 }).pieces(3).end_after(«4»), call(t { a: 1 }).pieces(99).end_after(«8»), call(t.raw(\"12345678\")).pieces(99).end_after(«9»), json(\"a b\").cut_after(«3»), gate(\"a\").hang().cut_after(«1»), reasoning(\"a\").signature(\"x y\").reply(\"b\").cut_after(«3»), reply(\"a b\").split(random(1..=2)).cut_after(9), call(t { a: \"{user}\" }).pieces(9).cut_after(9), respond_with(|_| x).cut_after(9)",
        &expected,
    );
}

#[test]
fn how_an_answer_ends() {
    let reasons =
        "reasons: `stop`, `length`, `tool_calls`, `content_filter`, `other(\"..\")`, `none`";
    wrong(
        "reply(\"x\").«finish»(), reply(\"x\").finish(«\"stop\"»), reply(\"x\").finish(«lenght»), reply(\"x\").finish(«max»), reply(\"x\").finish(stop(«5»)), reply(\"x\").finish(«other»), reply(\"x\").finish(other(«5»)), fail(auth).«finish»(stop).«usage»(1, 2), hang().«finish»(stop)",
        &[
            ("`finish` needs a reason", "write `finish(length)`"),
            ("expected a finish reason", "remove the quotes: `stop`"),
            ("unknown finish reason `lenght`", "did you mean `length`?"),
            ("unknown finish reason `max`", reasons),
            ("`stop` takes nothing", "write `.finish(stop)`"),
            (
                "`other` needs the name of the reason",
                "write it as the provider does, as in `.finish(other(\"pause_turn\"))`",
            ),
            ("a reason is a text", "write it in quotes: `\"5\"`"),
            (
                "a turn with `fail` never ends, so it has no finish reason and no usage",
                "remove `.finish(..)`",
            ),
            (
                "a turn with `fail` never ends, so it has no finish reason and no usage",
                "remove `.usage(..)`",
            ),
            (
                "a turn with `hang` never ends, so it has no finish reason and no usage",
                "remove `.finish(..)`",
            ),
        ],
    );
}

#[test]
fn usage() {
    let number = (
        "expected a number of tokens",
        "write a whole number, as in `11`",
    );
    let two = (
        "`usage` needs two numbers of tokens",
        "write the request's and the answer's, as in `usage(11, 7)`",
    );
    wrong(
        "usage = «usage»(1), reply(\"x\").«usage»(), reply(\"x\").usage(«5»), reply(\"x\").usage(«-1», «1.5»), reply(\"x\").usage(1, 2, «3»), reply(\"x\").usage(«estimate»)",
        &[
            two,
            two,
            (
                "usage is two numbers of tokens, or a value of the type `Usage`",
                "write the request's and the answer's, as in `.usage(11, 7)`",
            ),
            number,
            number,
            (
                "`usage` takes two numbers of tokens",
                "write a value of the type `Usage` for more",
            ),
            (
                "`estimate` is for the whole mock",
                "remove it, or write the key `usage = estimate`",
            ),
        ],
    );
}

#[test]
fn a_part_of_the_usage_is_at_most_the_whole() {
    let help = "write no more than 11";
    wrong(
        "usage = Usage::new(11, 7).cache_read(«12»), reply(\"a\").usage(mock_core::Usage::new(11, n).cache_read(5).reasoning(9).cache_write(«7»)), reply(\"b\").usage(Usage::new(11, 7).reasoning(«8»))",
        &[
            (
                "12 tokens are part of the request, but it has only 11",
                help,
            ),
            (
                "12 tokens are part of the request, but it has only 11",
                help,
            ),
            (
                "8 tokens are part of the answer, but it has only 7",
                "write no more than 7",
            ),
        ],
    );
    right(
        "usage = Usage::new(11, 7).cache_read(6).cache_write(5).reasoning(7), reply(\"a\").usage(Usage::new(N, 7).cache_read(9)), reply(\"b\").usage(Cost::of(1).cache_read(9))",
    );
}

#[test]
fn an_answer_that_breaks_off_does_not_come_to_its_end() {
    let help = "remove `.finish(..)`, or write it in a turn that ends";
    wrong(
        "reply(\"a b\").«finish»(length).cut_after(1), reply(\"a b\").end_after(all).«finish»(stop)",
        &[
            (
                "an answer with `cut_after` ends before its finish reason",
                help,
            ),
            (
                "an answer with `end_after` ends before its finish reason",
                help,
            ),
        ],
    );
    // After so long it may have ended.
    right(
        "reply(\"a b\").finish(length).cut_after(5ms), reply(\"a b\").finish(length).cut_after(n)",
    );
}

#[test]
fn modifiers_come_after_actions() {
    let follows = |word: &str, how: &str| {
        (
            format!("`{word}` follows an action"),
            format!("write it after the action, as in `reply(\"Hi.\").{word}({how})`"),
        )
    };
    let (forever, named, ttft) = (
        follows("forever", ""),
        follows("named", ".."),
        follows("ttft", ".."),
    );
    wrong(
        "on(user(\"a\")).«forever»().reply(\"b\"), on(user(\"b\")).«named»(x).«ttft»(5ms).call(t).every(5ms).reply(\"c\")",
        &[
            (&forever.0, &forever.1),
            (&named.0, &named.1),
            (&ttft.0, &ttft.1),
        ],
    );
    right("gate(\"a\").ttft(5ms).reply(\"b\").every(5ms).call(t)");
}

#[test]
fn where_an_answer_ends() {
    let finish = (
        "the stream is over after `done`, so nothing can break off",
        "write `finish`; `done` goes with `.stall_after(done)`",
    );
    let hangs = |word: &str| {
        (
            "the answer hangs before it finishes",
            format!("remove `hang()` or `.{word}(..)`, or write a time, as in `.{word}(5s)`"),
        )
    };
    let (end, stall) = (hangs("end_after"), hangs("stall_after"));
    wrong(
        "reply(\"x\").cut_after(«done»), reply(\"x\").end_after(«done»), reply(\"x\").error_after(«done», auth), reply(\"x\").malformed_after(«done»), hang().end_after(«finish»), reply(\"x\").hang().stall_after(«done»), reply(\"x\").end_after(finish).«stall_after»(done), reply(\"x\").end_after(«\"finish\"»), reply(\"x\").«end_after»()",
        &[
            finish,
            finish,
            finish,
            finish,
            (end.0, &end.1),
            (stall.0, &stall.1),
            (
                "`end_after` already breaks off the answer",
                "remove one of the two",
            ),
            (
                "a number of deltas is not a string",
                "remove the quotes: `finish`",
            ),
            (
                "`end_after` needs a number of deltas, `all`, `finish`, or a time",
                "write `.end_after(1)`",
            ),
        ],
    );
    right(
        "reply(\"x\").end_after(finish).finish(none), reply(\"x\").cut_after(finish).finish(length), reply(\"x\").error_after(finish, auth), reply(\"x\").malformed_after(finish), reply(\"x\").stall_after(finish), reply(\"x\").stall_after(done).usage(none)",
    );
    right("usage = none, reply(\"x\").usage(1, 2)");
}

#[test]
fn signs_of_life() {
    let lines = "write a comment or the lines of one event, as in `\": keep-alive\"`";
    wrong(
        "reply(\"x\").«keepalive»(), reply(\"x\").keepalive(«0s»), reply(\"x\").keepalive(«5»), reply(\"x\").keepalive(5s, «\"busy\"»), reply(\"x\").keepalive(5s, «\"\"»), reply(\"x\").keepalive(5s, «\": a\\n\\n: b\"»), reply(\"x\").keepalive(5s, «\"date: now\"»), reply(\"x\").keepalive(5s, «7»), reply(\"x\").keepalive(5s, \":\", «2»), reply(\"x\").keepalive(5s).«keepalive»(6s), fail(auth).«keepalive»(5s).«flush»(each)",
        &[
            ("`keepalive` needs a time", "write `keepalive(10s)`"),
            (
                "this time is zero",
                "write a longer time, as in `300ms`, or remove `keepalive`",
            ),
            ("`5` has no unit", "add the unit, as in `5ms`"),
            (
                "\"busy\" is neither a comment nor a field of an event",
                "write a comment: `\": busy\"`",
            ),
            ("a keep-alive cannot be empty", lines),
            ("a keep-alive cannot contain an empty line", lines),
            (
                "\"date: now\" is neither a comment nor a field of an event",
                lines,
            ),
            ("a keep-alive is a text", "write it in quotes: `\"7\"`"),
            ("`keepalive` takes only a time and a text", "remove this"),
            (
                "`keepalive` is given twice",
                "remove one of the two `keepalive`",
            ),
            (
                "a turn that fails has no stream to keep alive",
                "remove `.keepalive(..)`",
            ),
            ("a turn that fails has no stream", "remove `.flush(..)`"),
        ],
    );
    right(
        "reply(\"x\").keepalive(5s, \": OPENROUTER PROCESSING\"), hang().keepalive(wait), reply(\"x\").keepalive(500ms, \"event: ping\\ndata: {}\\n\"), gate(\"g\").reply(\"x\").keepalive(5s, SIGN).stall_after(done)",
    );
}

#[test]
fn how_events_are_written() {
    wrong(
        "reply(\"x\").«flush»(), reply(\"x\").flush(«eahc»), reply(\"x\").flush(«together»), reply(\"x\").flush(«\"each\"»), reply(\"x\").flush(each, «2»), reply(\"x\").flush(each).«flush»(each)",
        &[
            ("`flush` needs a way to write events", "write `flush(each)`"),
            ("unknown flush `eahc`", "did you mean `each`?"),
            ("unknown flush `together`", "ways: `each`, `bytes`"),
            ("expected a way to write events", "write `.flush(each)`"),
            ("`flush` takes only a way to write events", "remove this"),
            ("`flush` is given twice", "remove one of the two `flush`"),
        ],
    );
    right(
        "reply(\"x\").flush(bytes), reply(\"x\").flush(each), stream([\"a\"]).flush(each).every(5ms)",
    );
}

#[test]
fn a_number_of_another_type_is_written_as_a_whole_one() {
    for (literal, help) in [
        ("\"3\"", "write `3`"),
        ("3.0", "write `3`"),
        ("3e2", "write `300`"),
    ] {
        for (source, message) in [
            ("reply(\"x\").times(«N»)", "expected a number of times"),
            ("reply(\"x\").times(1..=«N»)", "expected a number of times"),
            (
                "reply(\"x\").split(chars(«N»))",
                "expected a number of characters",
            ),
            ("call(a).pieces(«N»)", "expected a number of pieces"),
            ("reply(\"x\").usage(«N», 7)", "expected a number of tokens"),
            (
                "expect = [calls(«N»)], reply(\"x\")",
                "expected a number of calls",
            ),
            (
                "seed = «N», reply(\"x\")",
                "a seed is a whole number, at most 64 bits long",
            ),
        ] {
            wrong(&source.replace('N', literal), &[(message, help)]);
        }
    }
    for (literal, help) in [
        ("\"0\"", "write a whole number, 1 or more"),
        ("\"three\"", "write a whole number, 1 or more"),
        ("1.5", "write a whole number, 1 or more"),
        ("true", "write a whole number, 1 or more"),
        ("b'3'", "write a whole number, 1 or more"),
    ] {
        wrong(
            &format!("call(a).pieces(«{literal}»)"),
            &[("expected a number of pieces", help)],
        );
    }
    for (literal, help) in [
        ("\"404\"", "write `404`"),
        ("404.0", "write `404`"),
        ("\"42\"", "write it as in `status: 429`"),
    ] {
        wrong(
            &format!("fail(auth {{ status: «{literal}» }})"),
            &[("a status is a number", help)],
        );
    }
    for (source, message, help) in [
        (
            "reply(\"x\").tokens_per_second(«\"50\"»)",
            "expected a number, 0 or more",
            "remove the quotes: `50`",
        ),
        (
            "latency = growing(100ms, «\"0.1\"»), reply(\"x\")",
            "expected a number, 0 or more",
            "remove the quotes: `0.1`",
        ),
        (
            "embed([1.0, «\"0.5\"»])",
            "expected a number",
            "remove the quotes: `0.5`",
        ),
        (
            "chaos = [cut(«\"0.1\"»)], reply(\"x\")",
            "`\"0.1\"` is not a probability",
            "remove the quotes: `0.1`",
        ),
        (
            "chaos = [cut(«\"5\"»)], reply(\"x\")",
            "`\"5\"` is not a probability",
            "write one number above 0, up to 1, as in `cut(0.1)`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn a_fault_comes_after_deltas_or_a_time() {
    let message = "expected a number of deltas, `all`, `finish`, or a time";
    for literal in ["\"one\"", "\"\"", "'a'", "true", "b\"2\"", "1.5"] {
        for word in ["cut_after", "end_after", "stall_after", "malformed_after"] {
            wrong(
                &format!("reply(\"x\").{word}(«{literal}»)"),
                &[(
                    message,
                    &format!("write `.{word}(1)`, or a time, as in `.{word}(300ms)`"),
                )],
            );
        }
        wrong(
            &format!("reply(\"x\").error_after(«{literal}», timeout)"),
            &[(
                message,
                "write `.error_after(1, server_error)`, or a time, as in `.error_after(300ms, server_error)`",
            )],
        );
    }
    wrong(
        "reply(\"a b c\").cut_after(«2.0»)",
        &[(message, "write `2`")],
    );
    for (literal, help) in [("\"2s\"", "`2s`"), ("\"2 seconds\"", "`2s`")] {
        wrong(
            &format!("reply(\"x\").cut_after(«{literal}»)"),
            &[(
                "a time is not a string",
                &format!("remove the quotes: {help}"),
            )],
        );
    }
}

#[test]
fn a_status_after_a_failure_keeps_its_fields() {
    wrong(
        "fail(rate_limit { retry_after: 2s }).«status»(430)",
        &[(
            "`status` is only for `raw` and `frames`",
            "write `fail(rate_limit { retry_after: 2s, status: 430 })`",
        )],
    );
}
