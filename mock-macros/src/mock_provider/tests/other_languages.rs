//! Mistakes of people who come from another language or from the JSON of a provider: each is one error, whose help is what to type.

use super::*;

const TURN: &str = "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`";
const ARROW: &str = "write `on(user(\"hi\")).reply(\"ho\")`, or `rules = match request { user(\"hi\") => reply(\"ho\") }`";

#[test]
fn the_json_of_a_provider_is_not_a_turn_a_tool_or_a_call() {
    for (source, message, help) in [
        (
            "«{» \"role\": \"assistant\", \"content\": \"Hi.\" }",
            "expected a turn",
            "write `reply(\"Hi.\")`",
        ),
        (
            "script = [«{» role: \"assistant\", content: \"Hi.\" }]",
            "expected a turn",
            "write `reply(\"Hi.\")`",
        ),
        ("script = [«{» tool_calls: [] }]", "expected a turn", TURN),
        (
            "tools = [«{» \"name\": \"t\" }], reply(\"x\")",
            "expected a tool",
            "write it as in `get_weather { city: string }`",
        ),
        (
            "call(«{» name: \"t\" })",
            "expected a tool and its arguments",
            "write them as in `call(get_weather { city: \"Paris\" })`",
        ),
        (
            "json(«{»\"a\": 1})",
            "a JSON object begins with `object`, and its names have no quotes",
            "write `object { a: 1 }`",
        ),
        (
            "call(t { a: «{» b: 1 } })",
            "a JSON object begins with `object`",
            "write `object { b: 1 }`",
        ),
        (
            "json(«object»(a = 1, b = \"x\"))",
            "the fields of an `object` go in braces",
            "write `object { a: 1, b: \"x\" }`",
        ),
        (
            "call(«get_weather, get_time { zone: \"UTC\" }»)",
            "expected a tool and its arguments",
            "write `call(get_weather).call(get_time { zone: \"UTC\" })`",
        ),
        (
            "reply(\"x\").call(«[a, b]»)",
            "expected a tool and its arguments",
            "write `call(a).call(b)`",
        ),
        (
            "«tool_calls»([t])",
            "no turn begins with `tool_calls`",
            "write `call(get_weather { city: \"Paris\" })`",
        ),
        (
            "reply(\"x\").«stop_reason»(\"end_turn\")",
            "unknown action or modifier `stop_reason`",
            "write `.finish(length)`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn types_of_other_languages() {
    for (ty, help) in [
        ("«string[]»", "write `list(string)`"),
        ("«string | null»", "write `optional(string)`"),
        ("«None | integer»", "write `optional(integer)`"),
        ("«Optional[str]»", "write `optional(string)`"),
        ("«List[float]»", "write `list(number)`"),
        ("«list[string]»", "write `list(string)`"),
    ] {
        let source = format!("tools = [t {{ a: {ty} }}], reply(\"x\")");
        let message = match ty {
            "«list[string]»" => "the arguments of `list` go in parentheses",
            _ => "expected a type",
        };
        wrong(&source, &[(message, help)]);
    }
    for (ty, word, help) in [
        ("«List»<String>", "List", "write `list(string)`"),
        ("«Array»<number>", "Array", "write `list(number)`"),
        (
            "«Optional»<Vec<i64>>",
            "Optional",
            "write `optional(list(integer))`",
        ),
        ("«Long»", "Long", "write `integer`"),
        ("«double»", "double", "write `number`"),
        ("«dict»", "dict", "write `json`"),
    ] {
        let source = format!("tools = [t {{ a: {ty} }}], reply(\"x\")");
        wrong(&source, &[(&format!("unknown type `{word}`"), help)]);
    }
}

#[test]
fn arrows_colons_and_lambdas() {
    for (source, message, help) in [
        (
            "user(\"x\") «->» reply(\"y\")",
            "`->` is only for `rules` and `lanes`",
            ARROW,
        ),
        (
            "«reply»: \"Hi.\"",
            "unknown key `reply`",
            "an action is a turn of its own: `reply(..)`",
        ),
        (
            "«user»: \"hello\"",
            "unknown key `user`",
            "a matcher goes in a turn: `on(user(\"hello\")).reply(\"Hi.\")`",
        ),
        (
            "script«:» [reply(\"x\")]",
            "expected `=` after `script`, found `:`",
            "write `script = ..`",
        ),
        (
            "on(when(r «=>» true)).reply(\"x\")",
            "`when` needs a closure",
            "write `when(|r| true)`",
        ),
        (
            "on(when((r) «=>» r.model == \"m\")).reply(\"x\")",
            "`when` needs a closure",
            "write `when(|r| r.model == \"m\")`",
        ),
        (
            "respond_with(r «=>» answer(r))",
            "`respond_with` needs a closure",
            "write `respond_with(|r| answer(r))`",
        ),
        (
            "on(when(«request.messages.len() > 1»)).reply(\"x\")",
            "`when` needs a closure",
            "write `when(|request| request.messages.len() > 1)`",
        ),
        (
            "on(user(«eq(\"hello\")»)).reply(\"x\")",
            "the pattern of `user` must be a string literal",
            "write `user(\"hello\")`",
        ),
        (
            "reply(\"x\", «latency» = 5ms)",
            "an argument in parentheses has no name",
            "write `reply(\"x\")`",
        ),
        (
            "reply(«text» = \"x\")",
            "an argument in parentheses has no name",
            "write `reply(\"x\")`",
        ),
        (
            "reply(\"x\").usage(«input» = 11, output = 7)",
            "an argument in parentheses has no name",
            "write `usage(11, 7)`",
        ),
        (
            "fail(«500», \"oops\")",
            "expected a kind of failure",
            "write `fail(server_error { status: 500, message: \"oops\" })`",
        ),
        (
            "fail(«rate-limit»)",
            "expected a kind of failure",
            "write `rate_limit`",
        ),
        (
            "fail(rate_limit { «retry-after»: 2s })",
            "`retry-after` is not a Rust name",
            "write `retry_after`",
        ),
        (
            "«Ok»(\"x\")",
            "no turn begins with `Ok`",
            "write `reply(\"..\")`",
        ),
        (
            "«Err»(Timeout)",
            "no turn begins with `Err`",
            "write `fail(server_error)`",
        ),
        (
            "reply(\"x\").«name»(first)",
            "unknown action or modifier `name`",
            "write `.named(first_answer)`",
        ),
        (
            "«OpenAI»(\"gpt-4o\"), reply(\"x\")",
            "no turn begins with `OpenAI`",
            "the profile comes first: `openai(..)`, or `Name = openai(..)`",
        ),
        (
            "«gpt»(\"gpt-4o\"), reply(\"x\")",
            "no turn begins with `gpt`",
            "the profile comes first: `openai(..)`, or `Name = openai(..)`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn statements_and_keywords_are_not_turns() {
    let rules = "write `rules = match request { user(\"hi\") => reply(\"ho\") }`";
    let times = "write `reply(\"Hi.\").times(3)` for several answers";
    for (source, help) in [
        ("«[reply(\"x\"); 3]»", "write `reply(\"x\").times(3)`"),
        ("«return reply(\"x\")»", "write `reply(\"x\")`"),
        ("«&reply(\"x\")»", "write `reply(\"x\")`"),
        ("«reply(\"x\") as Turn»", "write `reply(\"x\")`"),
        ("«match request { user(\"a\") => reply(\"b\") }»", rules),
        ("«switch» request { user(\"a\") => reply(\"b\") }", rules),
        ("«for i in 0..3 { reply(\"x\") }»", times),
        (
            "«if cold { reply(\"x\") }»",
            "write `on(when(|request| ..)).reply(\"Hi.\")`",
        ),
        ("«throw» new Error(\"x\")", "write `fail(server_error)`"),
        ("«throw» Error(\"x\")", "write `fail(server_error)`"),
        ("«raise» RateLimit()", "write `fail(server_error)`"),
        ("«panic!(\"x\")»", "write `fail(server_error)`"),
    ] {
        wrong(source, &[("expected a turn", help)]);
    }
    for (source, word, help) in [
        (
            "«switch» (request) { user(\"a\") => reply(\"b\") }",
            "switch",
            rules,
        ),
        ("«Some»(\"x\")", "Some", "write `reply(\"..\")`"),
    ] {
        wrong(source, &[(&format!("no turn begins with `{word}`"), help)]);
    }
    wrong(
        "script = [reply(\"x\")«; 3»]",
        &[("expected `,`, found `;`", "write `.times(3)` in its place")],
    );
}

#[test]
fn an_action_in_braces_follows_a_dot() {
    for (source, help) in [
        (
            "on(user(\"x\")) «{» reply(\"y\") }",
            "write `.reply(\"y\")`",
        ),
        (
            "script = [on(user(\"x\")) «{» fail(timeout).times(2) }]",
            "write `.fail(timeout).times(2)`",
        ),
    ] {
        wrong(source, &[("expected `.`, found `{`", help)]);
    }
}

#[test]
fn texts_have_no_prefix_and_no_suffix() {
    wrong(
        "reply(«f\"Hi {user}\"»)",
        &[("expected one text", "write `\"Hi {user}\"`")],
    );
    for (source, help) in [
        ("reply(«\"x\"s»)", "write `\"x\"`"),
        ("on(user(«r#\"x\"#s»)).reply(\"y\")", "write `r#\"x\"#`"),
        (
            "tools = [a { b: one_of(«\"x\"s») }], reply(\"y\")",
            "write `\"x\"`",
        ),
    ] {
        wrong(source, &[("a text has no suffix `s`", help)]);
    }
}
