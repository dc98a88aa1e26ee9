//! What is wrong with expectations, and what to write instead.

use super::{right, wrong};

const HEAD: &str =
    "tools = [a, b, c], script = [fail(rate_limit).times(0..=1), reply(\"x\").times(0..)]";

/// The text between the first backticks of a help.
fn text_to_type(help: &str) -> &str {
    help.split('`').nth(1).expect(help)
}

#[track_caller]
fn wrong_expectations(expected: &str, message: &str, help: &str) {
    wrong(
        &format!("{HEAD}, expect = [{expected}]"),
        &[(message, help)],
    );
}

#[test]
fn an_expectation_in_the_words_of_rust_is_shown_in_those_of_the_grammar() {
    for (written, help) in [
        ("!sent(user(\"x\"))", "write `never_sent(user(\"x\"))`"),
        ("!never_sent(user(\"x\"))", "write `sent(user(\"x\"))`"),
        ("calls = 3", "write `calls(3)`"),
        ("calls == n", "write `calls(n)`"),
        ("calls >= 3", "write `calls(3..)`"),
        ("calls <= n", "write `calls(..=n)`"),
        ("calls > 3", "write `calls(4..)`"),
        ("tokens < 4_000", "write `tokens(..=3999)`"),
    ] {
        wrong_expectations(&format!("«{written}»"), "expected an expectation", help);
        right(&format!("{HEAD}, expect = [{}]", text_to_type(help)));
    }
    for (written, help) in [
        (
            "«not»(sent(user(\"x\")))",
            "write `never_sent(user(\"x\"))`",
        ),
        ("«not»(user(\"x\"))", "write `sent(not(user(\"x\")))`"),
        ("«user»(\"x\")", "write `sent(user(\"x\"))`"),
    ] {
        let word = if written.contains("not") {
            "not"
        } else {
            "user"
        };
        wrong_expectations(written, &format!("unknown expectation `{word}`"), help);
        right(&format!("{HEAD}, expect = [{}]", text_to_type(help)));
    }
}

#[test]
fn too_many_arguments_are_several_expectations() {
    for (written, help) in [
        ("order(a, b, «c»)", "write `order(a, b), order(b, c)`"),
        ("offered(a, «b»)", "write `offered(a), offered(b)`"),
        (
            "sent(user(\"x\"), «system(\"y\")»)",
            "write `sent(user(\"x\")), sent(system(\"y\"))`",
        ),
        ("calls(2, «4»)", "write `calls(2..=4)`"),
        ("within(1s, «2s»)", "write `within(30s)`"),
    ] {
        let message = match written.starts_with("order") {
            true => "`order` takes two arguments".to_owned(),
            false => format!(
                "`{}` takes one argument",
                written.split('(').next().expect("a word")
            ),
        };
        wrong_expectations(written, &message, help);
        right(&format!("{HEAD}, expect = [{}]", text_to_type(help)));
    }
}

#[test]
fn a_range_of_numbers_has_one_mistake() {
    let empty = "the range is empty";
    let open = "a range of numbers includes its end";
    for (written, message, help) in [
        (
            "calls(«3..1»)",
            empty,
            "write the smaller number first: `1..=3`",
        ),
        (
            "calls(«3..=1»)",
            empty,
            "write the smaller number first: `1..=3`",
        ),
        ("calls(«3..3»)", open, "write `3`"),
        ("tokens(«1..5»)", open, "write `1..=4`"),
        ("calls(«3..4»)", open, "write `3`"),
        ("tokens(«..5»)", open, "write `..=4`"),
        ("calls(«a..n»)", open, "write `a..=n - 1`"),
        ("tokens(«..n»)", open, "write `..=n - 1`"),
        (
            "calls(«0..»)",
            "any number is in this range",
            "write an end, as in `calls(1..)`, or remove `calls`",
        ),
        (
            "tokens(«4k»)",
            "expected a number of tokens",
            "write a number or a range, as in `tokens(..=4_000)`",
        ),
        (
            "calls(«-1»)",
            "expected a number of calls",
            "write a number or a range, as in `calls(2..=4)`",
        ),
    ] {
        wrong_expectations(written, message, help);
    }
}

#[test]
fn expectations_that_need_a_call_contradict_no_calls() {
    for needs in [
        "sent(user(\"x\"))",
        "offered(a)",
        "result(a, 1)",
        "order(a, b)",
        "waited_retry_after",
        "nothing_after_cancel",
        "tokens(1..)",
    ] {
        let word = needs.split('(').next().expect("a word");
        let rest = &needs[word.len()..];
        wrong_expectations(
            &format!("calls(0), «{word}»{rest}"),
            &format!("this `{word}` and the `calls` before it can never both hold"),
            &format!("remove `calls` or `{word}`"),
        );
        wrong_expectations(
            &format!("{needs}, «calls»(..=0)"),
            &format!("this `calls` and the `{word}` before it can never both hold"),
            &format!("remove `{word}` or `calls`"),
        );
    }
    // The script requires a call as well: that is the same mistake.
    wrong(
        "tools = [a], script = [call(a)], expect = [offered(a), «calls»(0)]",
        &[(
            "this `calls` and the `offered` before it can never both hold",
            "remove `offered` or `calls`",
        )],
    );
    right(&format!(
        "{HEAD}, expect = [calls(0), never_sent(user(\"x\")), tokens(..=5), every_call_answered]"
    ));
}

#[test]
fn a_call_cannot_be_dropped_where_every_call_is_answered() {
    for (first, second) in [
        ("every_call_answered", "nothing_after_cancel"),
        ("nothing_after_cancel", "every_call_answered"),
    ] {
        wrong_expectations(
            &format!("{first}, «{second}»"),
            &format!("this `{second}` and the `{first}` before it can never both hold"),
            &format!("remove `{first}` or `{second}`"),
        );
    }
}

#[test]
fn a_tool_cannot_be_offered_and_never_offered() {
    let both = |first: &str, second: &str| {
        format!("this `{second}` and the `{first}` before it can never both hold")
    };
    wrong_expectations(
        "offered(a), «never_sent»(has_tool(a))",
        &both("offered", "never_sent"),
        "remove `offered` or `never_sent`",
    );
    wrong_expectations(
        "never_sent(has_tool(a)), «offered»(a)",
        &both("never_sent", "offered"),
        "remove `never_sent` or `offered`",
    );
    right(&format!(
        "{HEAD}, expect = [offered(a), never_sent(has_tool(b)), never_sent(tool_result(a))]"
    ));
}

#[test]
fn one_call_of_the_script_is_more_than_none() {
    wrong(
        "reply(\"x\"), expect = [«calls»(0)]",
        &[(
            "the script requires a call, and none is expected",
            "write `calls(1..)`, or `.times(0..=1)` for a turn that may be unused",
        )],
    );
}

#[test]
fn orders_that_come_round_contradict_each_other() {
    for (orders, last) in [
        ("order(a, b), order(b, c), «order»(c, a)", ("a", "c")),
        ("order(b, c), order(a, b), «order»(c, a)", ("a", "c")),
        (
            "order(a, b), calls(1..), order(b, c), order(a, c), «order»(c, a)",
            ("a", "c"),
        ),
    ] {
        let (first, second) = last;
        let is_pair = orders.contains("order(a, c)");
        let (message, help) = match is_pair {
            true => (
                "this `order` and the `order` before it can never both hold".to_owned(),
                "remove one of the two `order`".to_owned(),
            ),
            false => (
                format!("the `order`s before it put `{first}` before `{second}`"),
                format!("write `order({first}, {second})`, or remove one of them"),
            ),
        };
        wrong_expectations(orders, &message, &help);
    }
    right(&format!(
        "{HEAD}, expect = [order(a, b), order(b, c), order(a, c)]"
    ));
}

#[test]
fn no_expectation_is_a_mistake() {
    wrong(
        &format!("{HEAD}, «expect» = []"),
        &[(
            "`expect` is empty",
            "write an expectation, as in `expect = [calls(2..=4)]`, or remove `expect`",
        )],
    );
}

#[test]
fn an_argument_without_parentheses_is_one_mistake() {
    let colon = "takes its argument in parentheses";
    for (written, message, help) in [
        ("«calls»: 3", colon, "write `calls(3)`"),
        ("«calls»: 2..=4", colon, "write `calls(2..=4)`"),
        ("«sent»: user(\"x\")", colon, "write `sent(user(\"x\"))`"),
        ("«within» 30s", "has no parentheses", "write `within(30s)`"),
        ("«calls» 3", "has no parentheses", "write `calls(3)`"),
    ] {
        let word = written.trim_start_matches('«').split('»').next();
        let message = format!("`{}` {message}", word.expect("a word"));
        wrong_expectations(written, &message, help);
        wrong_expectations(&format!("{written}, tokens(..=5)"), &message, help);
    }
}

#[test]
fn capital_letters_are_one_slip() {
    for (written, help) in [
        ("«CALLS»(2)", "did you mean `calls`?"),
        ("«Calls»(2)", "did you mean `calls`?"),
        ("«neverSent»(user(\"x\"))", "did you mean `never_sent`?"),
    ] {
        let word = written.trim_start_matches('«').split('»').next();
        let message = format!("unknown expectation `{}`", word.expect("a word"));
        wrong_expectations(written, &message, help);
    }
}

#[test]
fn an_expectation_cannot_exclude_what_a_turn_requires() {
    let message = "the turn in line 1 requires such a request";
    let help = "remove `never_sent`, or write `.times(0..=1)` for a turn that may be unused";
    for script in [
        "script = [on(user(\"x\"), model(\"m\")).reply(\"a\")]",
        "lanes = match request { model(\"m\") => [on(user(\"x\")).reply(\"a\").times(0..=1), reply(\"b\")] }",
    ] {
        wrong(
            &format!("{script}, expect = [sent(system(\"y\")), «never_sent»(model(\"m\"))]"),
            &[(message, help)],
        );
    }
    for allowed in [
        "script = [on(user(\"x\")).reply(\"a\").times(0..=1)]",
        "script = [on(user(\"xy\")).reply(\"a\")]",
        "script = [on(user(\"x\")).reply(\"a\")], allow = [unused_turns]",
        "script = [on(any_of(user(\"x\"), user(\"y\"))).reply(\"a\")]",
        "rules = match request { user(\"x\") => reply(\"a\") }",
    ] {
        right(&format!("{allowed}, expect = [never_sent(user(\"x\"))]"));
    }
}

#[test]
fn a_limit_of_calls_that_is_not_a_number_is_one_mistake() {
    let help = "write a whole number, 1 or more";
    for limit in ["2.5", "1..3", "\"three\""] {
        wrong(
            &format!("max_calls = «{limit}», script = [reply(\"a\"), reply(\"b\")]"),
            &[("expected a number of calls", help)],
        );
    }
}
