//! Tests of turns.

use super::*;
use crate::tests::tries;

#[test]
fn turns() {
    let turn = (
        "expected a turn",
        "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
    );
    wrong(
        "latency = 1ms, «5», «a::b()».reply(\"x\"), «Some::<u8>(1)», «x».times(2)",
        &[turn; 4],
    );
    wrong(
        "«on»().reply(\"x\"), on(user(\"a\")).reply(\"x\").«on»(user(\"{b}\")), «on»(user(\"c\")), «times»(2), «user»(\"x\").reply(\"y\")",
        &[
            (
                "`on()` has no matcher",
                "write a matcher, as in `on(user(\"hello\"))`, or begin with the action",
            ),
            (
                "`on(..)` comes first",
                "move it to the beginning of the turn, and all matchers into one `on(..)`",
            ),
            (
                "this turn has no action",
                "add an action, as in `on(..).reply(\"Hi.\")`",
            ),
            (
                "`times` follows an action",
                "write it after the action, as in `reply(\"Hi.\").times(..)`",
            ),
            (
                "no turn begins with `user`",
                "matchers go in `on(..)`: `on(user(..))`",
            ),
        ],
    );
    wrong(
        "«reply»(), reply(\"x\", «\"y\"»), «stream»(), «stream(\"x\")», «call»(), «fail»()",
        &[
            ("`reply` needs a text", "write `reply(\"..\")`"),
            ("`reply` takes only a text", "remove this"),
            (
                "`stream` needs a list of texts",
                "write `stream([\"Hel\", \"lo\"])`",
            ),
            ("`stream` takes a list of texts", "write `stream([\"x\"])`"),
            (
                "`call` needs a tool",
                "write `call(get_weather { city: \"Paris\" })`",
            ),
            ("`fail` needs a kind of failure", "write `fail(rate_limit)`"),
        ],
    );
    wrong(
        "reply(\"x\").«times»().«every»().«ttft»(), reply(\"x\").forever(«3»), reply(\"x\")",
        &[
            ("`times` needs a number or a range", "write `times(3)`"),
            ("`every` needs a time", "write `every(20ms)`"),
            ("`ttft` needs a time", "write `ttft(300ms)`"),
            (
                "`forever` takes nothing",
                "write `.forever()`, or `.times(..)` with a number",
            ),
        ],
    );
}

#[test]
fn words_of_a_turn_that_are_said_twice() {
    wrong(
        "reply(\"x\").times(2).«times»(3), reply(\"x\").times(2).«forever»(), reply(\"x\").every(1ms).«every»(2ms), reply(\"x\").ttft(1ms).«ttft»(2ms)",
        &[
            ("`times` is given twice", "remove one of the two `times`"),
            (
                "`times` already sets how often the turn answers",
                "remove `times` or `forever`",
            ),
            ("`every` is given twice", "remove one of the two `every`"),
            ("`ttft` is given twice", "remove one of the two `ttft`"),
        ],
    );
}

#[test]
fn counts() {
    let empty = (
        "the range of times is empty",
        "write the smaller number first, and the last one after `..=`, as in `1..=3`",
    );
    wrong(
        "reply(\"x\").times(«\"2\"»), reply(\"x\").times(«2ms»), reply(\"x\").times(«1..3»), reply(\"x\").times(«..=3»), reply(\"x\").times(«3..=1»), reply(\"x\").times(«1..1»), reply(\"x\").times(«0..0»), reply(\"x\").times(«1..N»), reply(\"x\").times(«99999999999»), reply(\"x\").times(2, «3»)",
        &[
            ("expected a number of times", "write `2`"),
            (
                "`2ms` is not a number of times",
                "write a whole number, as in `3`",
            ),
            ("a range of times includes its end", "write `1..=2`"),
            ("the range has no beginning", "write it, as in `0..=3`"),
            empty,
            empty,
            empty,
            ("a range of times includes its end", "write `1..=N - 1`"),
            (
                "`99999999999` is too large for a number of times",
                "write at most 4294967295",
            ),
            (
                "`times` takes only a number or a range",
                "write `times(2..=3)`",
            ),
        ],
    );
    let never = (
        "this turn never answers",
        "remove it, or write `.times(1)`; `.times(0..=1)` makes a turn optional",
    );
    wrong(
        "reply(\"x\").times(«0»), on(user(\"x\")).reply(\"x\").times(«0..=0»)",
        &[never, never],
    );
    let unreachable = (
        "this turn can never be reached: an earlier one (line 1) answers every request, any number of times",
        "move it before that one, or limit that one, as in `.times(2)`",
    );
    wrong(
        "reply(\"x\").forever(), «on»(user(\"x\")).reply(\"x\"), reply(\"y\")",
        &[unreachable],
    );
    wrong("reply(\"x\").times(3..), «reply»(\"x\")", &[unreachable]);
}

#[test]
fn failures() {
    let alone = (
        "a turn that fails cannot have another action",
        "write `,` in place of the dot before it",
    );
    wrong(
        "fail(auth).«reply»(\"x\"), reply(\"x\").«fail»(quota), fail(timeout).«fail»(auth), fail(«5»), fail(«rate_limit(2s)»), fail(auth { status: «\"401\"» }), fail(auth { «retry_after»: 2s, «0»: 5, message: \"a\", «message»: \"b\" })",
        &[
            alone,
            alone,
            alone,
            (
                "expected a kind of failure",
                "write it as in `fail(rate_limit { retry_after: 2s })`",
            ),
            (
                "expected a kind of failure",
                "write `rate_limit { retry_after: 2s }`",
            ),
            ("a status is a number", "write `401`"),
            (
                "`auth` has no `retry_after`",
                "remove it; it goes with `rate_limit`, `overloaded`, `server_error`",
            ),
            ("expected a name", "write `name: value`"),
            (
                "`message` is given twice",
                "remove one of the two `message`",
            ),
        ],
    );
}

#[test]
fn the_status_headers_and_body_of_a_failure() {
    let written = "write it as in `headers: [(\"x-request-id\", \"abc\")]`";
    let letters = "write letters, digits and `-`, as in `\"x-request-id\"`";
    wrong(
        "fail(auth { code: «5» }), fail(auth { code: «\"\"» }), fail(auth { headers: «\"a: b\"», body: «5» }), fail(auth { headers: [«\"a\"», («5», \"b\")] }), fail(auth { headers: [(«\"x id\"», «\"a\\nb\"»), («\"\"», \"\"), («\"Content-Length\"», \"5\"), (\"x-ok\", \"ü\\t\")] }), fail(timeout { «headers»: [], «body»: \"\" }), reply(\"a\").error_after(1, overloaded { «headers»: [], body: \"\" })",
        &[
            ("a code is a text", "write it in quotes: `\"5\"`"),
            (
                "the code of a failure is empty",
                "write it as in `code: \"session_expired\"`, or remove it",
            ),
            ("headers are a list of names and values", written),
            ("a body is a text", "write it in quotes: `\"5\"`"),
            ("a header is a name and a value", written),
            (
                "the name of a header is a text",
                "write it in quotes: `\"5\"`",
            ),
            ("\"x id\" is not a header name", letters),
            (
                "the value of a header is one line",
                "remove the control characters",
            ),
            ("\"\" is not a header name", letters),
            ("the server writes `content-length` itself", "remove it"),
            (
                "`timeout` is not an answer, so it has no `headers`",
                "give it a status, as in `status: 200`",
            ),
            (
                "`timeout` is not an answer, so it has no `body`",
                "give it a status, as in `status: 200`",
            ),
            (
                "an error in the middle of an answer has no `headers`",
                "remove it, or write `fail(overloaded { .. })`",
            ),
        ],
    );
}

#[test]
fn what_http_can_carry() {
    let digits = "write one from 200 to 999, as in `status: 429`";
    let body = "remove it, or write another status";
    wrong(
        "fail(auth { status: «42» }), fail(auth { status: «199» }), fail(auth { status: «1000» }), fail(auth { status: «70000» }), fail(auth { status: 200, body: \"\" }), fail(auth { status: 999 }), fail(auth { status: 204, headers: [], «body»: \"\" }), fail(auth { «body»: B, status: 304 }), fail(auth { status: 304 })",
        &[
            ("`42` is not the status of an answer", digits),
            ("`199` is not the status of an answer", digits),
            ("`1000` is not the status of an answer", digits),
            ("`70000` is not the status of an answer", digits),
            ("an answer with the status 204 has no body", body),
            ("an answer with the status 304 has no body", body),
        ],
    );
}

#[test]
fn a_closure_is_shown_as_it_is_written() {
    let source = "on(when(|request| request.messages.len()   >= 2\n && { [1 , 2] == *x::<u8>('a', &\"b\") } )).reply(\"x\")";
    let expansion = expand(source.parse().expect("tokens")).to_string();
    let written =
        r#""|request| request.messages.len() >= 2 && { [1 , 2] == *x::<u8>('a', &\"b\") }""#;
    assert!(expansion.contains(written), "{expansion}");
}

#[test]
fn a_turn_after_one_that_answers_all_it_would() {
    let help = "write another matcher here, or limit that one, as in `.times(2)`";
    wrong(
        "on(user(\"a {b}\")).reply(\"x\").forever(), «on»(model(\"m\"), user(\"a {b}\")).reply(\"y\"),\n«on»(user(\"a {b}\")).reply(\"w\"), on(user(\"b {c}\")).reply(\"z\"), on(user(\"a {b}\")).reply(\"v\")",
        &[
            (
                "this turn can never be reached: an earlier one (line 1) answers all of its requests, any number of times",
                help,
            ),
            (
                "this turn can never be reached: an earlier one (line 1) answers all of its requests, any number of times",
                help,
            ),
        ],
    );
    // The result of a closure is unknown, and a turn with a maximum lets the next one answer.
    wrong(
        "on(when(|_| true)).reply(\"x\").forever(), on(when(|_| true)).reply(\"y\"), on(user(\"a\")).reply(\"x\").times(1..=9), on(user(\"a\")).reply(\"y\")",
        &[],
    );
}

/// Each may answer again when the one behind it does not.
#[test]
fn a_long_script_of_turns_without_end_is_soon_checked() {
    let turn = "on(user(\"a\"), any_user_message(\"b\")).reply(\"{t.x}\").forever(),";
    right(&turn.repeat(tries(2_000).max(300)));
}

#[test]
fn turns_with_one_wrong_token() {
    for (source, message, help) in [
        (
            "script = [reply(\"x\")«?»]",
            "a turn has no `?`",
            "remove the `?`",
        ),
        (
            "script = [reply(\"x\")«.await».times(2)]",
            "a turn is not awaited",
            "remove the `.await`",
        ),
        (
            "script = [reply«!»(\"x\")]",
            "`reply` is not a macro",
            "remove the `!`",
        ),
        (
            "script = [«reply[\"x\"]»]",
            "the arguments of `reply` go in parentheses",
            "write `reply(\"x\")`",
        ),
        (
            "script = [«on[user(\"x\")]».reply(\"y\")]",
            "the arguments of `on` go in parentheses",
            "write `on(user(\"x\"))`",
        ),
        (
            "script = [reply(\"x\").«times[3]»]",
            "the arguments of `times` go in parentheses",
            "write `times(3)`",
        ),
        (
            "script = [«reply { text: \"x\" }»]",
            "the arguments of `reply` go in parentheses",
            "write `reply(\"x\")`",
        ),
        (
            "script = [«json { text: \"x\", more: 2 }»]",
            "the arguments of `json` go in parentheses",
            "write `json(object { text: \"x\", more: 2 })`",
        ),
        (
            "script = [reply(\"x\")«..»times(3)]",
            "expected `.`, found `..`",
            "write `.` in its place",
        ),
        (
            "script = [reply(\"x\") «+» reply(\"y\")]",
            "expected `,`, found `+`",
            "write `,` in its place",
        ),
        (
            "script = [on(user(\"x\")).reply(\"x\") «|» reply(\"y\")]",
            "expected `,`, found `|`",
            "write `,` in its place",
        ),
        (
            "script = [«builder::reply»(\"x\").times(2)]",
            "a turn begins with a single word",
            "write `reply(..)`",
        ),
        (
            "script = [«mock_core::builder::on»(user(\"x\")).reply(\"y\")]",
            "a turn begins with a single word",
            "write `on(..)`",
        ),
        (
            "script = [«\"first answer\" = reply(\"x\")»]",
            "expected a turn",
            "write `reply(\"x\").named(first_answer)`",
        ),
        (
            "script = [«first = reply(\"x\")»]",
            "expected a turn",
            "write `reply(\"x\").named(first)`",
        ),
        (
            "script = [«[reply(\"x\"), reply(\"y\")]»]",
            "expected a turn",
            "remove the brackets: `reply(\"x\"), reply(\"y\")`",
        ),
        (
            "script = [«\"Hi.\"»]",
            "expected a turn",
            "write `reply(\"Hi.\")`",
        ),
        (
            "reply(\"x\").«times = 5»",
            "the arguments of `times` go in parentheses",
            "write `times(5)`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
    let begin = "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`";
    for expr in [
        "()",
        "_",
        "..",
        "1",
        "'x'",
        "|x| x",
        "if a { b }",
        "loop {}",
        "async {}",
        "a::b",
        "a::b(1)",
        "[1]",
        "x = 1",
        "a + b",
        "a[0]",
        "a!()",
        "[]",
        "&a",
        "-a",
        "a as b",
        "a..b",
        "a?",
        "unsafe { a }",
    ] {
        let message = match expr {
            "a?" => ("a turn has no `?`", "remove the `?`"),
            "if a { b }" => (
                "expected a turn",
                "write `on(when(|request| ..)).reply(\"Hi.\")`",
            ),
            _ => ("expected a turn", begin),
        };
        let marked = match expr {
            "a?" => "a«?»".to_owned(),
            expr => format!("«{expr}»"),
        };
        wrong(&format!("script = [{marked}, reply(\"x\")]"), &[message]);
    }
}

#[test]
fn a_comma_between_the_matchers_and_the_action_is_a_dot() {
    let help = "write `.` in place of the comma after it";
    for list in [
        "script = [{}]",
        "lanes = match request { system(\"a\") => [{}] }",
    ] {
        let turns =
            "reply(\"x\"), «on»(user(\"a\")), reply(\"b\").times(2), on(user(\"c\")).reply(\"d\")";
        wrong(
            &list.replace("{}", turns),
            &[("this turn has no action", help)],
        );
    }
    wrong(
        "script = [«on»(user(\"a\")), on(user(\"b\")).reply(\"c\")]",
        &[(
            "this turn has no action",
            "add an action, as in `on(..).reply(\"Hi.\")`",
        )],
    );
}
