//! What the parser of Rust does not read: the error is at the token that was not expected, and its help is for the word around it.

use super::*;

#[test]
fn numbers_that_rust_does_not_read() {
    let digit = "a number begins with a digit";
    for (source, help) in [
        ("reply(\"x\").ttft(«.5s»)", "write `0.5s`"),
        ("latency = «.5s», reply(\"x\")", "write `0.5s`"),
        ("latency = «.5s»..2s, reply(\"x\")", "write `0.5s`"),
        (
            "latency = growing(100ms, «.5»), reply(\"x\")",
            "write `0.5`",
        ),
        ("chaos = [cut(«.1»)], reply(\"x\")", "write `0.1`"),
        ("embed([1.0, -«.2»])", "write `0.2`"),
        ("call(get { x: «.5» })", "write `0.5`"),
        (
            "rules = match request { user(\"x\") => reply(\"y\").ttft(«.5s») }",
            "write `0.5s`",
        ),
    ] {
        wrong(source, &[(digit, help)]);
    }
    for (source, number, help) in [
        (
            "reply(\"x\").ttft(«1.5.2s»)",
            "1.5.2s",
            "write one, as in `1.5s`",
        ),
        (
            "latency = «1.5.2s», reply(\"x\")",
            "1.5.2s",
            "write one, as in `1.5s`",
        ),
    ] {
        wrong(source, &[(&format!("`{number}` has two points"), help)]);
    }
    for source in [
        "embed([-1, «+»2])",
        "reply(\"x\").ttft(«+»5ms)",
        "call(get { x: «+»1 })",
    ] {
        wrong(source, &[("a number has no `+`", "remove the `+`")]);
    }
    for source in [
        "chaos = [cut(«10%»)], reply(\"x\")",
        "latency = growing(100ms, «10%»), reply(\"x\")",
    ] {
        wrong(source, &[("`10%` is not a number", "write `0.1`")]);
    }
    for (percent, fraction) in [
        ("0.7%", "0.007"),
        ("0.1%", "0.001"),
        ("12.5%", "0.125"),
        ("29%", "0.29"),
        ("100%", "1.0"),
        ("0%", "0.0"),
    ] {
        wrong(
            &format!("latency = growing(100ms, «{percent}»), reply(\"x\")"),
            &[(
                &format!("`{percent}` is not a number"),
                &format!("write `{fraction}`"),
            )],
        );
    }
    wrong(
        "reply(\"x\").ttft(«1. 5s»)",
        &[("`1.` has no decimals", "write `1.5s`, without the space")],
    );
    wrong(
        "reply(\"x\").ttft(«1h 30m»)",
        &[("expected one time", "write `90m`")],
    );
    wrong(
        "reply(\"x\").ttft(5ms «6ms»)",
        &[("expected `,`", "write it as in `ttft(300ms)`")],
    );
    // Fields of tuples, and a range from an expression.
    right("reply(\"x\").times(pair.0.1).ttft(times.0)");
}

#[test]
fn ranges_that_rust_does_not_read() {
    let end = "the range has no end";
    for (source, help) in [
        (
            "latency = 1ms«..=», reply(\"x\")",
            "write the end, as in `1ms..=2ms`",
        ),
        // If the start is not a time, the help has an example in its place.
        (
            "latency = 0x10ms«..=», reply(\"x\")",
            "write the end, as in `80ms..=160ms`",
        ),
        (
            "latency = 1e3ms«..=», reply(\"x\")",
            "write the end, as in `80ms..=160ms`",
        ),
        (
            "latency = LEAST«..=», reply(\"x\")",
            "write the end, as in `80ms..=160ms`",
        ),
        (
            "reply(\"x\").split(random(1«..=»))",
            "write the end, as in `1..=2`",
        ),
        (
            "reply(\"x\").times(1«..=»)",
            "write `1..` for no end, or an end, as in `1..=2`",
        ),
        (
            "expect = [calls(2«..=»)], reply(\"x\")",
            "write `2..` for no end, or an end, as in `2..=4`",
        ),
    ] {
        wrong(source, &[(end, help)]);
    }
    for source in [
        "latency = 5ms«...»8ms, reply(\"x\")",
        "reply(\"x\").times(1«...»3)",
    ] {
        wrong(source, &[("a range has no third `.`", "write `..=`")]);
    }
    let expected = "unexpected end of input, expected an expression";
    wrong(
        "replay(1..=«)»",
        &[(expected, "write it as in `replay(1)`")],
    );
    wrong(
        "fail(rate_limit { retry_after: 1..=«}»)",
        &[(
            expected,
            "write it as in `fail(rate_limit { retry_after: 2s })`",
        )],
    );
}

#[test]
fn signs_in_the_place_of_a_comma_or_a_colon() {
    for (source, wanted, found) in [
        ("reply(\"x\"«;»)", ",", ";"),
        ("on(user(\"x\")«;» user(\"y\")).reply(\"x\")", ",", ";"),
        ("on(header(\"x\" «=>» \"y\")).reply(\"x\")", ",", "=>"),
        ("reply(\"x\").headers([(\"a\" «=>» \"b\")])", ",", "=>"),
        ("call(get { x: 1«;» y: 2 })", ",", ";"),
        ("call(get { x «=» 1 })", ":", "="),
        ("json(object { x «=>» 1 })", ":", "=>"),
        ("tools = [get { x «=» string }], reply(\"x\")", ":", "="),
        ("fail(rate_limit { retry_after «=» 2s })", ":", "="),
    ] {
        let message = format!("expected `{wanted}`, found `{found}`");
        wrong(
            source,
            &[(&message, &format!("write `{wanted}` in its place"))],
        );
    }
    for source in [
        "reply(«,» \"x\")",
        "reply(\"x\").times(«,»)",
        "json([1, «,» 2])",
        "stream([\"a\", «,» \"b\"])",
        "call(get { x: 1, «,» y: 2 })",
        "tools = [get { x: list(«,») }], reply(\"x\")",
        "rules = match request { user(«,» \"x\") => reply(\"y\") }",
    ] {
        wrong(source, &[("there is nothing before this `,`", "remove it")]);
    }
    wrong(
        "call(get { «x 1» })",
        &[("expected `:` after `x`", "write `x: 1`")],
    );
}

#[test]
fn values_that_are_missing() {
    for (source, help) in [
        ("call(get { «x»: })", "write one, as in `x: 1`"),
        ("call(get { a: 1, «x»: , b: 2 })", "write one, as in `x: 1`"),
        ("json(object { «x»: })", "write one, as in `x: 1`"),
        (
            "tools = [get { «x»: }], reply(\"x\")",
            "write its type, as in `x: string`",
        ),
    ] {
        wrong(source, &[("`x` has no value", help)]);
    }
    wrong(
        "fail(rate_limit { «retry_after»: })",
        &[(
            "`retry_after` has no value",
            "write it as in `fail(rate_limit { retry_after: 2s })`",
        )],
    );
    wrong(
        "respond_with(«|request|»)",
        &[(
            "the closure has no body",
            "write it as in `respond_with(|request| ..)`",
        )],
    );
}

#[test]
fn parentheses_are_round() {
    for (source, word, help) in [
        ("reply«{»\"a\"}", "reply", "write `reply(\"a\")`"),
        (
            "on«{»user(\"x\")}.reply(\"x\")",
            "on",
            "write `on(user(\"x\"))`",
        ),
    ] {
        wrong(
            source,
            &[(
                &format!("the arguments of `{word}` go in parentheses"),
                help,
            )],
        );
    }
}

#[test]
fn texts_beside_each_other_are_one() {
    for (source, help) in [
        ("reply(«\"a\" \"b\"»)", "write `\"ab\"`"),
        (
            "reply(«\"a\" \"b {user}\" \"c\"»)",
            "write `\"ab {user}c\"`",
        ),
        ("on(user(«\"a\" \"b\"»)).reply(\"x\")", "write `\"ab\"`"),
        (
            "rules = match request { user(\"x\") => reply(«\"y\" \"z\"») }",
            "write `\"yz\"`",
        ),
    ] {
        wrong(source, &[("expected one text", help)]);
    }
}

#[test]
fn the_help_is_an_example_of_the_word_around_it() {
    for (source, message, help) in [
        (
            "reply(\"a\" «~» \"b\")",
            "expected `,`",
            "write it as in `reply(\"..\")`",
        ),
        (
            "reply(\"a\" +«+» \"b\")",
            "expected an expression",
            "write it as in `reply(\"..\")`",
        ),
        (
            "reply(\"a\").times(3 «4»)",
            "expected `,`",
            "write it as in `times(3)`",
        ),
        (
            "on(user(«/»x/)).reply(\"x\")",
            "expected an expression",
            "write it as in `user(\"hello\")`",
        ),
        (
            "expect = [calls(«@»)], reply(\"x\")",
            "expected an expression",
            "write it as in `calls(2..=4)`",
        ),
        (
            "respond_with(«fn»(r) {})",
            "expected an expression",
            "write it as in `respond_with(|request| ..)`",
        ),
        (
            "call(get { «\"x\"» })",
            "expected identifier or integer",
            "write it as in `call(get_weather { city: \"Paris\" })`",
        ),
        (
            "script = [reply(\"x\"), «@»]",
            "expected an expression",
            ENTRY,
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn a_comma_that_is_missing_between_fields() {
    for source in [
        "tools = [look { at: string «n»: integer }]",
        "tools = [look { at: object { a: optional(string) «n»: integer } }]",
        "tools = [look { a: string }.returns(object { b: string «c»: string })]",
        "json(object { a: 1 «b»: 2 })",
        "call(look { at: \"y\" «n»: 2 })",
        "fail(rate_limit { status: 429 «message»: \"x\" })",
    ] {
        wrong(source, &[("expected `,`", "write `,` before it")]);
    }
    wrong(
        "tools = [look { at «->» string }]",
        &[("expected `:`, found `->`", "write `:` in its place")],
    );
}

#[test]
fn words_of_a_type_beside_each_other() {
    for (ty, meant) in [
        ("optional string", "optional(string)"),
        ("string optional", "optional(string)"),
        ("list of integer", "list(integer)"),
        ("optional list string", "optional(list(string))"),
        (
            "optional list of object { a: string }",
            "optional(list(object { a: string }))",
        ),
        ("one_of \"a\" \"b\"", "one_of(\"a\", \"b\")"),
    ] {
        let help = format!("write `{meant}`");
        let one = [("expected a type", &*help)];
        wrong(&format!("tools = [look {{ at: «{ty}» }}]"), &one);
        wrong(
            &format!("tools = [look {{ at: «{ty}», n: integer }}]"),
            &one,
        );
    }
}

#[test]
fn a_word_within_parentheses_that_has_none_itself() {
    wrong(
        "on(«user \"a\"», any_user_message(\"b\")).reply(\"x\")",
        &[("`user` has no parentheses", "write `user(\"a\")`")],
    );
    wrong(
        "fail(«rate_limit retry_after: 2s»)",
        &[(
            "the fields of a failure go in braces",
            "write `rate_limit { retry_after: 2s }`",
        )],
    );
}

#[test]
fn a_word_without_parentheses() {
    for (source, word, meant) in [
        ("«on user(\"a\")».reply(\"x\")", "on", "on(user(\"a\"))"),
        (
            "«on any_of(user(\"a\"), any_user_message(\"b\"))».reply(\"x\").times(2)",
            "on",
            "on(any_of(user(\"a\"), any_user_message(\"b\")))",
        ),
        ("«reply \"x\"».times(2)", "reply", "reply(\"x\")"),
        ("«fail rate_limit».times(2)", "fail", "fail(rate_limit)"),
        (
            "«fail rate_limit { retry_after: 2s }»",
            "fail",
            "fail(rate_limit { retry_after: 2s })",
        ),
        (
            "«call look { at: \"y\" }»",
            "call",
            "call(look { at: \"y\" })",
        ),
    ] {
        let message = format!("`{word}` has no parentheses");
        wrong(source, &[(&message, &format!("write `{meant}`"))]);
    }
    wrong_items(
        "A = «openai \"gpt-4o\"», script = [reply(\"x\")]",
        &[("`openai` has no parentheses", "write `openai(\"gpt-4o\")`")],
    );
}
