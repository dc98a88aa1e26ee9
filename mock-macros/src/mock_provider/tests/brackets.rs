//! Brackets in the place of parentheses, with all that is in them.

use super::*;

#[test]
fn words_of_turns() {
    for (source, word, help) in [
        ("«stream[\"a\", \"b\"]»", "stream", "stream([\"a\", \"b\"])"),
        ("«frames[\"a\", \"b\"]»", "frames", "frames([\"a\", \"b\"])"),
        (
            "«reasoning[\"a\"]».reply(\"c\")",
            "reasoning",
            "reasoning(\"a\")",
        ),
        (
            "«reasoning[\"a\", \"b\"]».reply(\"c\")",
            "reasoning",
            "reasoning([\"a\", \"b\"])",
        ),
        ("«json[1, 2]»", "json", "json([1, 2])"),
        ("«embed[0.5, -0.25]»", "embed", "embed([0.5, -0.25])"),
        (
            "«call[find { a: \"x\" }]»",
            "call",
            "call(find { a: \"x\" })",
        ),
        (
            "raw(\"x\").«headers[(\"a\", \"b\")]»",
            "headers",
            "headers([(\"a\", \"b\")])",
        ),
        ("reply(\"x\").«usage[1, 2]»", "usage", "usage(1, 2)"),
        ("reply(\"x\").«named[first]»", "named", "named(first)"),
        ("reply(«verbatim[\"x\"]»)", "verbatim", "verbatim(\"x\")"),
        (
            "«openai[\"gpt-4o\"]», reply(\"x\")",
            "openai",
            "openai(\"gpt-4o\")",
        ),
        (
            "latency = «growing[100ms, 0.1]», reply(\"x\")",
            "growing",
            "growing(100ms, 0.1)",
        ),
        (
            "usage = «usage[1, 2]», reply(\"x\")",
            "usage",
            "usage(1, 2)",
        ),
        ("expect = [«calls[1]»], reply(\"x\")", "calls", "calls(1)"),
    ] {
        let message = format!("the arguments of `{word}` go in parentheses");
        wrong(source, &[(&message, &format!("write `{help}`"))]);
    }
}

#[test]
fn matchers_and_rules() {
    for (source, word, help) in [
        (
            "«on[user(\"a\"), any_user_message(\"b\")]».reply(\"c\")",
            "on",
            "on(user(\"a\"), any_user_message(\"b\"))",
        ),
        ("on(«user[\"a\"]»).reply(\"c\")", "user", "user(\"a\")"),
        (
            "on(«any_of[user(\"a\"), any_user_message(\"b\")]»).reply(\"c\")",
            "any_of",
            "any_of(user(\"a\"), any_user_message(\"b\"))",
        ),
        (
            "rules = match request { «user[\"a\"]» => reply(\"c\") }",
            "user",
            "user(\"a\")",
        ),
        (
            "rules = match request { user(\"a\") => «stream[\"b\", \"c\"]», _ => reply(\"d\") }",
            "stream",
            "stream([\"b\", \"c\"])",
        ),
        (
            "per = «any_user_message[\"about {a}\"]», reply(\"c\")",
            "any_user_message",
            "any_user_message(\"about {a}\")",
        ),
    ] {
        let message = format!("the arguments of `{word}` go in parentheses");
        wrong(source, &[(&message, &format!("write `{help}`"))]);
    }
}

#[test]
fn types_of_arguments() {
    for (ty, word, help) in [
        ("list[string]", "list", "list(string)"),
        (
            "optional[list(string)]",
            "optional",
            "optional(list(string))",
        ),
        ("one_of[\"a\", \"b\"]", "one_of", "one_of(\"a\", \"b\")"),
    ] {
        wrong(
            &format!("tools = [find {{ a: «{ty}» }}]"),
            &[(
                &format!("the arguments of `{word}` go in parentheses"),
                &format!("write `{help}`"),
            )],
        );
    }
    wrong(
        "tools = [find { a: string }.«returns[object { b: string }]»]",
        &[(
            "the arguments of `returns` go in parentheses",
            "write `returns(object { b: string })`",
        )],
    );
}

#[test]
fn what_goes_in_braces() {
    let object = "the fields of an `object` go in braces";
    wrong(
        "tools = [find { a: «object[b: string, c: integer]» }]",
        &[(object, "write `object { b: string, c: integer }`")],
    );
    wrong(
        "json(«object[a: 1]»)",
        &[(object, "write `object { a: 1 }`")],
    );
    wrong(
        "fail(«auth[403, \"No.\"]»)",
        &[(
            "the fields of a failure go in braces",
            "write `auth { status: 403, message: \"No.\" }`",
        )],
    );
}

#[test]
fn tokens_that_the_parser_leaves_unread_are_reported() {
    wrong(
        "respond_with(|_| list[1«,» 2])",
        &[(
            "unexpected token in brackets",
            "remove it, and what follows in the brackets",
        )],
    );
    wrong(
        "json(list[1«,» 2])",
        &[(
            "unexpected token in brackets",
            "remove it, and what follows in the brackets",
        )],
    );
}

#[test]
fn brackets_of_the_users_own() {
    right(
        "reply(list[0]), json(user[0]), json(object { a: list[1] }), stream([texts[0], texts[1]])",
    );
    right("respond_with(|request| answers[request.messages.len()].clone())");
    right("A, models = [MODELS[0]], script = [reply(TEXTS[1]).ttft(TIMES[0]).usage(TOKENS[0], 1)]");
}
