//! A word of the grammar in quotes, with the brackets of another kind, or in the notation of another language.

use super::*;

#[test]
fn a_word_has_no_quotes() {
    for (source, message, word) in [
        (
            "tools = [get { x: «\"string\"» }], reply(\"x\")",
            "expected a type",
            "string",
        ),
        (
            "reply(\"x\").finish(«\"stop\"»)",
            "expected a finish reason",
            "stop",
        ),
        (
            "reply(\"x\").split(«\"words\"»)",
            "expected a way to split the text",
            "words",
        ),
        (
            "expect = [«\"every_call_answered\"»], reply(\"x\")",
            "expected an expectation",
            "every_call_answered",
        ),
        (
            "allow = [«\"unused_turns\"»], reply(\"x\")",
            "expected a word for the allowance",
            "unused_turns",
        ),
        (
            "capabilities = [«\"streaming\"»], reply(\"x\")",
            "expected a word for the capability",
            "streaming",
        ),
        (
            "usage = «\"none\"», reply(\"x\")",
            "usage is two numbers of tokens, or a value of the type `Usage`",
            "none",
        ),
        (
            "reply(\"x\").usage(«\"none\"»)",
            "usage is two numbers of tokens, or a value of the type `Usage`",
            "none",
        ),
        (
            "per = «\"conversation\"», reply(\"x\")",
            "this word has no quotes",
            "conversation",
        ),
        (
            "reply(\"x\"), otherwise = «\"cycle\"»",
            "this word has no quotes",
            "cycle",
        ),
    ] {
        wrong(
            source,
            &[(message, &format!("remove the quotes: `{word}`"))],
        );
    }
    for (source, message, help) in [
        (
            "reply(\"x\").finish(«\"stpo\"»)",
            "expected a finish reason",
            "did you mean `stop`?",
        ),
        (
            "tools = [get { x: «\"strng\"» }], reply(\"x\")",
            "expected a type",
            "did you mean `string`?",
        ),
        (
            "allow = [«\"unused_turn\"»], reply(\"x\")",
            "expected a word for the allowance",
            "did you mean `unused_turns`?",
        ),
        (
            "reply(\"x\").named(«\"first\"»)",
            "the name of a turn is one word",
            "write `.named(first)`",
        ),
        (
            "reply(\"x\").named(«\"first turn\"»)",
            "the name of a turn is one word",
            "write `.named(first_turn)`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn a_kind_of_failure_in_another_notation() {
    for (kind, help) in [
        ("\"timeout\"", "write `timeout`"),
        ("timeout()", "write `timeout`"),
        ("rate_limit(2s)", "write `rate_limit { retry_after: 2s }`"),
        (
            "rate_limit(retry_after = 2s)",
            "write `rate_limit { retry_after: 2s }`",
        ),
        (
            "auth(message = \"No.\", status = 402)",
            "write `auth { message: \"No.\", status: 402 }`",
        ),
        ("auth(\"No.\")", "write `auth { message: \"No.\" }`"),
        (
            "auth(reason = \"No.\")",
            "write it as in `fail(rate_limit { retry_after: 2s })`",
        ),
        (
            "rate_limit().retry_after(2s)",
            "write `rate_limit { retry_after: 2s }`",
        ),
        (
            "auth.status(403).message(\"no\")",
            "write `auth { status: 403, message: \"no\" }`",
        ),
        (
            "600",
            "write it as in `fail(rate_limit { retry_after: 2s })`",
        ),
        ("500", "write `server_error { status: 500 }`"),
        ("429", "write `rate_limit { status: 429 }`"),
        ("server_error(500)", "write `server_error { status: 500 }`"),
        (
            "auth(403, \"No.\")",
            "write `auth { status: 403, message: \"No.\" }`",
        ),
        (
            "auth(2s)",
            "write it as in `fail(rate_limit { retry_after: 2s })`",
        ),
        ("ErrorKind::Timeout", "did you mean `timeout`?"),
        ("ErrorKind::RateLimit", "did you mean `rate_limit`?"),
    ] {
        wrong(
            &format!("fail(«{kind}»)"),
            &[("expected a kind of failure", help)],
        );
    }
}

#[test]
fn a_type_in_another_notation() {
    for (ty, help) in [
        ("&str", "write `string`"),
        ("[string]", "write `list(string)`"),
        ("string?", "write `optional(string)`"),
    ] {
        wrong(
            &format!("tools = [get {{ x: «{ty}» }}], reply(\"x\")"),
            &[("expected a type", help)],
        );
    }
    wrong(
        "tools = [get { x«?»: string }], reply(\"x\")",
        &[("expected `:` after `x`", "write `x: optional(string)`")],
    );
    for (ty, own) in [
        ("integer", "integer"),
        ("list(string)", "list(string)"),
        ("integer, y: string", "integer"),
    ] {
        wrong(
            &format!("tools = [get {{ x«?»: {ty} }}], reply(\"x\")"),
            &[(
                "expected `:` after `x`",
                &format!("write `x: optional({own})`"),
            )],
        );
    }
}

#[test]
fn an_answer_of_another_kind_is_not_a_text() {
    let json =
        "write the JSON as a text, `verbatim(r#\"{..}\"#)`, or answer with `json(object { .. })`";
    for (source, help) in [
        ("reply(«object» { a: 1 })", json),
        ("fail(auth { message: «object» { a: 1 } })", json),
        (
            "reply(«|request| answer»)",
            "write `respond_with(|request| answer)` for an answer",
        ),
        (
            "reply(«(\"a\", \"b\")»)",
            "write one text, as in `\"Hello\"`",
        ),
        ("reply(«()»)", "write one text, as in `\"Hello\"`"),
    ] {
        wrong(source, &[("expected a text", help)]);
    }
}
