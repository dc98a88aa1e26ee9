//! What is written in the notation of something else.

use super::*;

#[test]
fn bare_braces_are_an_object_without_its_word() {
    for (source, object) in [
        ("json(«{» city: \"Paris\" })", "object { city: \"Paris\" }"),
        ("json(«{» at: -1 })", "object { at: -1 }"),
        ("call(find { a: «{» b: 1 } })", "object { b: 1 }"),
        ("metadata = «{» a: 1 }, reply(\"x\")", "object { a: 1 }"),
        (
            "rules = match request { _ => json(«{» a: 1 }) }",
            "object { a: 1 }",
        ),
        (
            "tools = [find { a: «{» b: string } }]",
            "object { b: string }",
        ),
        (
            "tools = [find { a: string }.returns(«{» x: number })]",
            "object { x: number }",
        ),
        ("json(«{» a: { b: 1 } })", "object { name: value }"),
        (
            "tools = [find { a: «{» b: { c: string } } }]",
            "object { name: string }",
        ),
    ] {
        let help = format!("write `{object}`");
        wrong(source, &[("a JSON object begins with `object`", &help)]);
    }
    for (source, object) in [
        (
            "json(«{» \"city\": \"Paris\" })",
            "object { city: \"Paris\" }",
        ),
        (
            "json(«{» \"a\": {\"b\": [1, null,]} })",
            "object { a: object { b: [1, null] } }",
        ),
        ("json(«{» \"a-b\": 1 })", "object { name: value }"),
    ] {
        let message = "a JSON object begins with `object`, and its names have no quotes";
        wrong(source, &[(message, &format!("write `{object}`"))]);
    }
    // A closure may have a body of its own, and a macro any.
    right("json(json!({ a: 1 })), respond_with(|_| { a::b() })");
}

#[test]
fn headers_in_braces_are_a_list_of_pairs() {
    for (object, list) in [
        ("a: \"b\" }", "[(\"a\", \"b\")]"),
        (
            "\"x-a\": \"b\", c: 5, }",
            "[(\"x-a\", \"b\"), (\"c\", \"5\")]",
        ),
        ("a: b(), c: \"d\" }", "[(\"name\", \"value\")]"),
    ] {
        for (before, after) in [
            ("reply(\"x\").headers(", ")"),
            ("fail(auth { headers: ", " })"),
        ] {
            let source = format!("{before}«{{» {object}{after}");
            let help = format!("write `{list}`");
            wrong(
                &source,
                &[("headers are a list of names and values", &help)],
            );
        }
    }
    right("reply(\"x\").headers([(\"a\", \"b\")]), fail(auth { headers: [(\"a\", \"b\")] })");
}

#[test]
fn keywords_are_named() {
    let keyword = |help| [("`match` is a keyword of Rust", help)];
    wrong(
        "tools = [«match» { a: string }]",
        &keyword("write `r#match`, which is `match` on the wire"),
    );
    wrong(
        "on(tool_result(«match»)).reply(\"x\")",
        &keyword("write `r#match`, which is `match` on the wire"),
    );
    wrong(
        "reply(\"x\").named(«match»)",
        &keyword("write another name, as in `.named(first_answer)`"),
    );
}

#[test]
fn types_of_rust_have_other_words_here() {
    for (ty, message, help) in [
        (
            "«Vec»<String>",
            "unknown type `Vec`",
            "write `list(string)`",
        ),
        (
            "«Option»<string>",
            "unknown type `Option`",
            "write `optional(string)`",
        ),
        (
            "«Option»<Vec<i64>>",
            "unknown type `Option`",
            "write `optional(list(integer))`",
        ),
        (
            "list(«Vec»<f32>)",
            "unknown type `Vec`",
            "write `list(number)`",
        ),
        (
            "«HashMap»<String, u8>",
            "unknown type `HashMap`",
            "types: `string`, `integer`, `number`, `boolean`, `json`, `list`, `optional`, `one_of`, `object`",
        ),
    ] {
        wrong(&format!("tools = [find {{ a: {ty} }}]"), &[(message, help)]);
    }
    wrong(
        "tools = [find(«Vec»<Args>)]",
        &[(
            "expected the name of a type of your own",
            "write a struct, as in `find(Args)`, or arguments in braces, as in `find { city: string }`",
        )],
    );
}

#[test]
fn a_time_is_one_word() {
    let time = ("`5` has no unit", "write `5ms`, without the space");
    wrong("reply(\"x\").every(«5» ms)", &[time]);
    wrong("latency = «5» ms, reply(\"x\")", &[time]);
    wrong(
        "latency = «1.5» seconds",
        &[("`1.5` has no unit", "write `1.5s`, without the space")],
    );
}

#[test]
fn fields_have_no_attributes() {
    let attribute = ("an entry has no attributes", "remove this");
    for source in [
        "json(object { «#[cfg(windows)]» a: 1, b: 2 })",
        "tools = [t { «#[cfg(windows)]» a: string }]",
        "call(t { «#[cfg(windows)]» a: 1 })",
        "fail(auth { «#[cfg(windows)]» status: 403 })",
    ] {
        wrong(source, &[attribute]);
    }
    wrong(
        "tools = [t { «/// The city.»\n a: string }]",
        &[(
            "an entry has no attributes",
            "remove this, or write `//` for a comment",
        )],
    );
}

#[test]
fn parts_of_an_entry_have_no_attributes() {
    let attribute = ("an entry has no attributes", "remove this");
    for source in [
        "reply(«#[cfg(windows)]» \"a\")",
        "stream([«#[cfg(windows)]» \"a\", \"b\"])",
        "on(«#[cfg(windows)]» user(\"a\")).reply(\"b\")",
        "on(any_of(«#[cfg(windows)]» user(\"a\"), any_user_message(\"b\"))).reply(\"b\")",
        "call(«#[cfg(windows)]» t { a: 1 })",
        "call(t { a: «#[cfg(windows)]» 1 })",
        "reply(\"a\").times(«#[cfg(windows)]» 2)",
        "fail(«#[cfg(windows)]» auth)",
        "latency = «#[cfg(windows)]» 3s",
        "latency = 1s..«#[cfg(windows)]» 3s",
        "otherwise = «#[cfg(windows)]» reply(\"y\"), script = [reply(\"x\")]",
        "seed = «#[cfg(windows)]» 1",
        "usage = usage(«#[cfg(windows)]» 1, 2), reply(\"a\")",
        "rules = match request { user(\"a\") => «#[cfg(windows)]» reply(\"b\") }",
    ] {
        wrong(source, &[attribute]);
    }
    wrong_items("A = openai(«#[cfg(windows)]» \"x\")", &[attribute]);
    right("respond_with(|_| { #[cfg(windows)] let _ = 1; answer() })");
    right("reply(text(#[cfg(windows)] 1)).ttft(Duration::from_millis(#[cfg(unix)] 5))");
    right("call(t { a: \"x\".repeat(#[allow(unused)] 2), b: f(#[cfg(windows)] 7, 8) })");
}

#[test]
fn a_key_is_followed_by_an_equals_sign() {
    wrong_items(
        "A, latency «5ms», script «[»reply(\"x\")], name «=»= \"a\", seed «+»= 7",
        &[
            ("expected `=` after `latency`", "write `latency = ..`"),
            ("expected `=` after `script`", "write `script = ..`"),
            ("expected `=` after `name`, found `==`", "write `name = ..`"),
            ("expected `=` after `seed`, found `+=`", "write `seed = ..`"),
        ],
    );
    wrong_items(
        "A, «\"latency\"» = 5ms, script = [reply(\"x\")]",
        &[("a key is one word, without quotes", "write `latency = ..`")],
    );
    wrong(
        "«a.b» = 5",
        &[("a key is one word, without quotes", &keys())],
    );
}

#[test]
fn a_comma_too_many_is_that_alone() {
    let comma = ("there is nothing before this `,`", "remove it");
    wrong_items(
        "A,«,» script = [reply(\"x\"),«,» reply(\"y\")]",
        &[comma, comma],
    );
    wrong_items("«,» A, script = [reply(\"x\")]", &[comma]);
}

#[test]
fn raw_replaces_all_arguments() {
    let tools = "tools = [find { a: string }], script";
    wrong(
        &format!("{tools} = [call(find.raw(«5»))]"),
        &[(
            "the argument of `raw` is a text",
            "write it in quotes: `\"5\"`",
        )],
    );
    wrong(
        &format!("{tools} = [call(find.«raw»())]"),
        &[("`raw` needs a text", "write `raw(\"..\")`")],
    );
    for answer in ["call(find.raw(«{»\"a\": \"x\"}))", "raw(«{»\"a\": \"x\"})"] {
        wrong(
            &format!("tools = [find], script = [{answer}]"),
            &[(
                "the argument of `raw` is a text",
                "write it in quotes: `r#\"{ \"a\": \"x\" }\"#`",
            )],
        );
    }
}

#[test]
fn a_name_that_is_written_in_another_way_is_found() {
    wrong_items(
        "«let» W = openai, script = [reply(\"x\")]",
        &[("expected the name of the mock", "remove `let`")],
    );
    for follows in [", script = [reply(\"x\")]", " = openai, reply(\"x\")"] {
        wrong_items(
            &format!("«\"W\"»{follows}"),
            &[("the name of a mock is not a text", "write `W`")],
        );
    }
    let message = "the name has no parentheses and no braces";
    wrong_items(
        "W «{» script: [reply(\"x\")] }",
        &[(message, "write `W, script = [..]`")],
    );
    wrong_items(
        "W«(»openai), reply(\"x\")",
        &[(message, "write `W = openai`")],
    );
}

/// What the help says can be typed, and is right.
#[test]
fn literals_are_put_in_quotes() {
    for (literal, help) in [
        ("b\"x\"", "remove the `b`: `\"x\"`"),
        ("c\"x\"", "remove the `c`: `\"x\"`"),
        ("br\"x\"", "remove the `b`: `r\"x\"`"),
        ("'\"'", "write it in quotes: `\"\\\"\"`"),
        ("b'x'", "write it in quotes: `\"x\"`"),
        ("-5", "write it in quotes: `\"-5\"`"),
        ("4.50", "write it in quotes: `\"4.50\"`"),
    ] {
        wrong(&format!("reply(«{literal}»)"), &[("expected a text", help)]);
        let name = ("the name of a provider is a text", help);
        wrong(&format!("name = «{literal}»"), &[name]);
    }
    wrong(
        "«reply([\"a\", \"b\"])»",
        &[(
            "`reply` takes one text",
            "write `stream([\"a\", \"b\"])` for a text in pieces",
        )],
    );
    wrong(
        "openai(«gpt-4o»), reply(\"x\")",
        &[(
            "the name of a model is a text",
            "write it in quotes: `\"gpt-4o\"`",
        )],
    );
    wrong(
        "fail(auth { body: «object» { error: \"x\" } })",
        &[(
            "a body is a text",
            "write the JSON as a text, as in `r#\"{\"error\": \"..\"}\"#`",
        )],
    );
}

#[test]
fn unambiguous_words_are_corrected() {
    let verbatim = |word: &str| (format!("unknown word `{word}`"), "did you mean `verbatim`?");
    for word in ["verbatm", "verbtaim", "verbatin"] {
        let (message, help) = verbatim(word);
        wrong(&format!("reply(«{word}»(\"x\"))"), &[(&message, help)]);
    }
    wrong(
        "usage = «usge»(11, 7), reply(\"x\")",
        &[("unknown word `usge`", "did you mean `usage`?")],
    );
    wrong(
        "usage = «(11, 7)», reply(\"x\")",
        &[(
            "usage is two numbers of tokens, or a value of the type `Usage`",
            "write the request's and the answer's, as in `usage = usage(11, 7)`",
        )],
    );
    // These may be the user's.
    right(
        "reply(verbatim_of(\"x\")), reply(verb(\"x\")), reply(user(\"x\")), gate(ready).reply(\"x\")",
    );
    right("rules = match request { _ if let Some(5) = request.max_tokens && a => reply(\"x\") }");
    right("usage = usages(11, 7), reply(\"x\")");
    right("usage = usge(a, b), reply(\"x\").cut_after(al)");
    right("openai(MODEL), reply(\"x\")");
}

#[test]
fn braces_around_what_is_nearly_a_variable() {
    let or_braces = "or `{{` and `}}` for braces";
    for (text, message) in [
        ("{x:?}", "`{x:?}` is not a template variable"),
        ("{ x }", "`{ x }` is not a template variable"),
        ("{x:word}", "`{x:word}` is not a template variable"),
    ] {
        wrong(
            &format!("on(user(\"{{x}}\")).reply(«\"{text}\"»)"),
            &[(message, &format!("write `{{x}}`, {or_braces}"))],
        );
    }
    wrong(
        "on(user(«\"in { city }\"»)).reply(\"x\")",
        &[(
            "`{ city }` does not name a capture",
            &format!("write `{{city}}`, {or_braces}"),
        )],
    );
    wrong(
        "on(user(«\"{\\\"a\\\": 1}\"»)).reply(\"x\")",
        &[(
            "`{\"a\": 1}` does not name a capture",
            "write a name, as in `{city}`, or `{{` and `}}` for braces",
        )],
    );
}

#[test]
fn numbers_are_not_negative_and_not_in_quotes() {
    for times in ["times(«-1»)", "times(«-1»..=3)", "times(-5)"] {
        let marked = times.replace("(-5)", "(«-5»)");
        let number = if times.contains("-5") { "-5" } else { "-1" };
        wrong(
            &format!("reply(\"x\").{marked}"),
            &[(
                &format!("`{number}` is not a number of times"),
                "write a whole number, as in `3`",
            )],
        );
    }
    wrong(
        "reply(\"x\").cut_after(«-1»)",
        &[(
            "`-1` is not a number of deltas",
            "write a whole number, as in `1`",
        )],
    );
    wrong(
        "reply(\"x\").stall_after(«-1s»)",
        &[("a time is not negative", "remove the `-`")],
    );
    wrong(
        "reply(\"x\").cut_after(«\"1\"»)",
        &[(
            "a number of deltas is not a string",
            "remove the quotes: `1`",
        )],
    );
    wrong(
        "reply(\"x\").cut_after(«\"all\"»)",
        &[(
            "a number of deltas is not a string",
            "remove the quotes: `all`",
        )],
    );
    wrong(
        "fail(auth { status: «-1» })",
        &[(
            "`-1` is not the status of an answer",
            "write one from 200 to 999, as in `status: 429`",
        )],
    );
}

#[test]
fn the_number_of_error_after_comes_first_and_the_kind_alone() {
    wrong(
        "reply(\"x\").error_after(«overloaded», 1)",
        &[(
            "the number of deltas comes first",
            "write `.error_after(1, overloaded)`",
        )],
    );
    wrong(
        "reply(\"x\").error_after(0, «fail(auth)»)",
        &[(
            "expected a kind of failure, without `fail`",
            "write `.error_after(0, auth)`",
        )],
    );
    wrong(
        "reply(\"x\").error_after(0, «\"auth\"»)",
        &[(
            "expected a kind of failure",
            "write it as in `.error_after(1, rate_limit { retry_after: 2s })`",
        )],
    );
    right("reply(\"x y\").error_after(timeout, auth)");
}

#[test]
fn kinds_of_failures_by_other_names() {
    for (word, kind) in [
        ("server", "server_error"),
        ("unauthorized", "auth"),
        ("network", "connection"),
    ] {
        wrong(
            &format!("fail(«{word}»)"),
            &[(
                &format!("unknown kind of failure `{word}`"),
                &format!("did you mean `{kind}`?"),
            )],
        );
    }
}

#[test]
fn steps_have_parentheses() {
    for (turn, message, help) in [
        (
            "reply(\"x\").«forever»",
            "`forever` has no parentheses",
            "write `.forever()`",
        ),
        (
            "reply(\"x\").«times»",
            "`times` has no parentheses",
            "write `.times(3)`",
        ),
        (
            "reply(\"x\").«cut_after».times(2)",
            "`cut_after` has no parentheses",
            "write `.cut_after(1)`",
        ),
        ("«hang»", "`hang` has no parentheses", "write `hang()`"),
        (
            "reply(\"x\").«forver»",
            "unknown action or modifier `forver`",
            "did you mean `forever`?",
        ),
    ] {
        wrong(turn, &[(message, help)]);
    }
}

#[test]
fn matchers_are_joined_by_words() {
    for (matchers, help) in [
        (
            "user(\"x\") || user(\"y\")",
            "write `any_of(user(\"x\"), user(\"y\"))`",
        ),
        (
            "user(\"x\") && model(\"y\")",
            "write `all_of(user(\"x\"), model(\"y\"))`",
        ),
        ("!user(\"y\")", "write `not(user(\"y\"))`"),
    ] {
        wrong(
            &format!("on(«{matchers}»).reply(\"z\")"),
            &[("expected a matcher", help)],
        );
    }
}

#[test]
fn what_an_argument_can_be() {
    let tools = "tools = [find { a: integer, b: string }], script";
    wrong(
        &format!("{tools} = [on(user(\"{{n}}\")).call(find {{ a: «\"{{n}}\"», b: «b\"c\"» }})]"),
        &[
            (
                "`a` must be an integer, found a string",
                "a text with variables is a string: declare `a: string`, or write `a: 1`",
            ),
            ("`b` must be a string, found bytes", "write `b: \"..\"`"),
        ],
    );
    wrong(
        "tools = [t { a: one_of(«x», «y») }]",
        &[
            ("expected a string literal", "write a text in quotes"),
            ("expected a string literal", "write a text in quotes"),
        ],
    );
    wrong(
        "tools = [find.returns(object { xs: list(object { n: number }) })], script = [on(tool_result(find)).reply(«\"{find.xs.n}\"»)]",
        &[(
            "tool `find` returns no `n`",
            "this is a list: write the number of an item, as in `{find.xs.0}`",
        )],
    );
}

#[test]
fn patterns_that_no_request_can_match() {
    let never = (
        "the matchers of this turn can never all hold",
        "remove one of them, or write `any_of(..)` where either is enough",
    );
    wrong("on(user(\"x\"), «not»(user(\"x\"))).reply(\"y\")", &[never]);
    wrong("on(not(user(\"x\")), «user»(\"x\")).reply(\"y\")", &[never]);
    wrong("on(model(\"a\"), «model»(\"b\")).reply(\"y\")", &[never]);
    wrong(
        "on(model(\"a\"), user(\"x\"), («model»(\"b\")), model(\"c\")).reply(\"y\")",
        &[never],
    );
    wrong("on(model(\"a b\"), «model»(\"ab\")).reply(\"y\")", &[never]);
    wrong(
        "on(user(\"x\"), all_of(any_user_message(\"z\"), «not»(user(\"x\")))).reply(\"y\")",
        &[never],
    );
    let of_all = (
        "the matchers of this `all_of(..)` can never all hold",
        never.1,
    );
    wrong(
        "on(any_of(user(\"x\"), all_of(model(\"a\"), «model»(\"b\")))).reply(\"y\")",
        &[of_all],
    );
    wrong(
        "rules = match request { not(all_of(user(\"x\"), «not»(user(\"x\")))) => reply(\"y\") }",
        &[of_all],
    );
    right("on(model(\"a b\"), model(\"a  b\")).reply(\"y\")");
    right(
        "on(model(\"a*\"), model(\"ab\")).reply(\"y\"), on(user(\"a\"), user(\"b\")).reply(\"y\")",
    );
    right("on(any_of(model(\"a\"), model(\"b\")), not(user(\"x {a}\"))).reply(\"y\")");
    wrong(
        "on(user(«\"{a}l{a}\"»)).reply(\"y\")",
        &[(
            "two captures are named `{a}`",
            "use another name for one of the two, as in `{other_a}`, or `*` for any text",
        )],
    );
    right("on(user(\"{_} and {_}\"), any_user_message(\"{a}\"), system(\"{a}\")).reply(\"{a}\")");
    wrong(
        "script = [on(user(\"a\")).reply(\"x\").forever()], rules = match request { user(\"b\") => reply(\"y\"), «user»(\"a\") => reply(\"z\") }",
        &[(
            "this rule can never be reached: the turn of the script (line 1) answers all of its requests, any number of times",
            "write another pattern here, or limit that turn, as in `.times(2)`",
        )],
    );
    right(
        "script = [on(user(\"a\")).reply(\"{t.x}\").forever()], rules = match request { user(\"a\") => reply(\"z\") }",
    );
    right(
        "script = [on(user(\"a\")).reply(\"x\").forever(), reply(\"y\")], rules = match request { user(\"a\") => reply(\"z\") }",
    );
    wrong(
        "reply(verbatim(\"a {b} c\")).cut_after(«4»)",
        &[(
            "the answer breaks off after 4 deltas, but has only 3",
            "write a number up to 3, or `all`",
        )],
    );
}

#[test]
fn metadata_is_read_again() {
    wrong(
        "metadata = object { id: \"a\", r: «1e400» }, reply(\"x\")",
        &[(
            "`1e400` is too large for metadata",
            "write at most `1.7976931348623157e308`",
        )],
    );
    right("metadata = object { r: 1.7976931348623157e308 }, reply(\"x\")");
}

#[test]
fn lists_of_rust_are_lists_here() {
    for (source, key, list) in [
        (
            "script = «vec![reply(\"a\"), reply(\"b\")]»",
            "script",
            "[reply(\"a\"), reply(\"b\")]",
        ),
        ("script = «&[reply(\"a\")]»", "script", "[reply(\"a\")]"),
        (
            "models = «(\"a\", \"b\")», reply(\"x\")",
            "models",
            "[\"a\", \"b\"]",
        ),
    ] {
        let message = format!("`{key}` is a list");
        wrong(source, &[(&message, &format!("write `{list}`"))]);
    }
    wrong(
        "latency = [«80ms», 120ms], reply(\"x\")",
        &[(
            "`latency` is a time or a range of times",
            "write `latency = 80ms..120ms`",
        )],
    );
}

#[test]
fn the_argument_of_a_step_is_not_assigned() {
    for (source, word, help) in [
        ("script = [«reply = \"x\"»]", "reply", "reply(\"x\")"),
        ("script = [reply(\"x\").«ttft = 5ms»]", "ttft", ".ttft(5ms)"),
    ] {
        let message = format!("the arguments of `{word}` go in parentheses");
        wrong(source, &[(&message, &format!("write `{help}`"))]);
    }
}

#[test]
fn tools_and_their_arguments_in_other_notations() {
    for (source, call) in [
        ("call(«\"get_time\"»)", "get_time"),
        ("call(«get_time()»)", "get_time"),
        (
            "call(«find(city = \"x\", days = 2)»)",
            "find { city: \"x\", days: 2 }",
        ),
    ] {
        let help = format!("write `call({call})`");
        wrong(source, &[("expected a tool and its arguments", &help)]);
    }
    let help = "write them as in `call(get_weather { city: \"Paris\" })`";
    for source in ["call(«\"get-time\"»)", "call(«find(\"x\")»)"] {
        wrong(source, &[("expected a tool and its arguments", help)]);
    }
    wrong(
        "call(find«,» city: \"x\", days: 2)",
        &[(
            "unexpected `,` between a tool and its arguments",
            "write `call(find { city: \"x\", days: 2 })`",
        )],
    );
    wrong(
        "tools = [«\"get_time\"»], reply(\"x\")",
        &[(
            "expected a tool",
            "write `get_time`, with its arguments if it has any: `get_time { city: string }`",
        )],
    );
}

#[test]
fn finish_reasons_of_providers() {
    for (word, ours) in [
        ("end_turn", "stop"),
        ("\"STOP\"", "stop"),
        ("MAX_TOKENS", "length"),
        ("tool_use", "tool_calls"),
        ("\"safety\"", "content_filter"),
        ("null", "none"),
    ] {
        let message = match word.contains('"') {
            true => "expected a finish reason".to_owned(),
            false => format!("unknown finish reason `{word}`"),
        };
        let help = match ours {
            "stop" if word == "\"STOP\"" => "did you mean `stop`?".to_owned(),
            ours => format!("write `{ours}`"),
        };
        wrong(
            &format!("reply(\"x\").finish(«{word}»)"),
            &[(&message, &help)],
        );
    }
}

#[test]
fn code_in_the_place_of_a_matcher() {
    for (source, help) in [
        ("on(«user == \"x\"»).reply(\"y\")", "write `user(\"x\")`"),
        (
            "on(«request.model == \"x\"»).reply(\"y\")",
            "write `when(|request| request.model == \"x\")`",
        ),
        (
            "on(«_»).reply(\"y\")",
            "begin with the action: a turn without `on(..)` answers any request",
        ),
    ] {
        wrong(source, &[("expected a matcher", help)]);
    }
}

#[test]
fn failures_by_a_status_or_a_path() {
    for (source, kind) in [
        ("fail(«http(503)»)", "server_error { status: 503 }"),
        ("fail(«status(429)»)", "rate_limit { status: 429 }"),
        ("fail(«ProviderError::timeout()»)", "timeout"),
    ] {
        let help = format!("write `{kind}`");
        wrong(source, &[("expected a kind of failure", &help)]);
    }
}

#[test]
fn json_of_a_declared_mock_in_other_notations() {
    let message = "a value in the JSON of a declared mock is a literal";
    for (value, literal) in [
        ("True", "true"),
        ("nil", "null"),
        ("Some(5)", "5"),
        ("\"x\".to_owned()", "\"x\""),
        ("vec![1, 2]", "[1, 2]"),
        ("json!({ \"b\": 1 })", "object { b: 1 }"),
    ] {
        let source = format!("Weather, script = [json(object {{ a: [«{value}»] }})]");
        let help = format!("write `{literal}`");
        let expansion = assert_mistakes(&source, expand, &[(message, &help)]);
        // The compiler would say of an unknown word that it is none.
        let is_word = ["True", "nil"].contains(&value);
        let is_left_out = !expansion.to_string().contains(&format!("({value}"));
        assert!(is_left_out || !is_word, "{expansion}");
    }
    // This is another value than its text.
    let source = "Weather, script = [json(object { a: «\"x\".len()» })]";
    let help = "write it out, as in `object { city: \"Paris\" }`, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression";
    assert_mistakes(source, expand, &[(message, help)]);
}

#[test]
fn what_is_null_or_a_function_or_a_default_elsewhere() {
    wrong(
        "reply(«null»)",
        &[("expected a text", "write `\"\"` for an empty text")],
    );
    wrong(
        "on(when(«tests::is_short»)).reply(\"x\")",
        &[(
            "`when` needs a closure",
            "write `when(|request| tests::is_short(request))`",
        )],
    );
    wrong(
        "tools = [find { city: «string = \"x\"» }], reply(\"x\")",
        &[(
            "expected a type",
            "remove `= \"x\"`: an argument has no default value",
        )],
    );
}

#[test]
fn words_of_mockall_wiremock_and_httpmock_say_what_to_write_here() {
    let on = "matchers go in `on(..)`, where the turn begins: `on(user(\"hi\")).reply(\"ho\")`";
    for (turn, help) in [
        ("«given»(user(\"x\"))", on),
        ("«expect_chat»()", on),
        ("reply(\"x\").«with»(eq(\"x\"))", on),
        (
            "reply(\"x\").«expect»(2)",
            "write `.times(2)`, or the key `expect = [calls(2)]`",
        ),
        ("reply(\"x\").«up_to_n_times»(2)", "write `.times(3)`"),
        ("reply(\"x\").«at_least»(2)", "write `.times(2..)`"),
        (
            "«set_body_json»(x)",
            "write `json(object { city: \"Paris\" })`",
        ),
        ("«call_tool»(find)", "did you mean `call`?"),
        ("reply(\"x\").«cut»()", "did you mean `cut_after`?"),
        ("«delay»(2s).reply(\"x\")", "write `pause(2s)`"),
        (
            "reply(\"x\").«header»(\"a\", \"b\")",
            "write `.headers([(\"x-request-id\", \"r1\")])`",
        ),
    ] {
        let word = turn
            .split('«')
            .nth(1)
            .and_then(|rest| rest.split('»').next());
        let word = word.expect("the marked word");
        let message = match turn.starts_with('«') {
            true => format!("no turn begins with `{word}`"),
            false => format!("unknown action or modifier `{word}`"),
        };
        wrong(&format!("script = [{turn}]"), &[(&message, help)]);
    }
    for (matcher, help) in [
        ("«method»(\"POST\")", "write `path(\"POST /v1/..\")`"),
        (
            "«body_contains»(\"x\")",
            "write `user(\"..\")` for what the user says last, or `when(|request| ..)`",
        ),
        (
            "«json_body»(x)",
            "write `when(|request| ..)`, or a guard in `rules`",
        ),
        (
            "«eq»(\"x\")",
            "write `user(\"..\")`, which looks for a part of the text, or `when(|request| ..)`",
        ),
        (
            "«user_message»(\"x\")",
            "write `user(\"..\")` for what the user says last, or `any_user_message(\"..\")`",
        ),
    ] {
        let word = matcher.split(['«', '»']).nth(1).expect("the marked word");
        let message = format!("unknown matcher `{word}`");
        wrong(
            &format!("script = [on({matcher}).reply(\"x\")]"),
            &[(&message, help)],
        );
    }
    wrong(
        "script = [on(«user = \"x\"»).reply(\"x\")]",
        &[("expected a matcher", "write `user(\"x\")`")],
    );
    wrong(
        "script = [respond_with(«\"x\"»)]",
        &[("`respond_with` needs a closure", "write `reply(\"x\")`")],
    );
    for (profile, ours) in [
        ("claude", "anthropic"),
        ("google", "gemini"),
        ("grok", "xai"),
    ] {
        wrong(
            &format!("A = «{profile}»(\"m\"), script = [reply(\"x\")]"),
            &[(
                &format!("`{profile}` is not a profile"),
                &format!("write `{ours}`"),
            )],
        );
    }
    for (expectation, help) in [
        ("«call_count»(2)", "write `calls(2)`"),
        ("«max_tokens»(2)", "write `tokens(..=4_000)`"),
        (
            "«never»(user(\"x\"))",
            "write `never_sent(any_user_message(\"..\"))`",
        ),
    ] {
        let word = expectation
            .split(['«', '»'])
            .nth(1)
            .expect("the marked word");
        wrong(
            &format!("script = [reply(\"x\")], expect = [{expectation}]"),
            &[(&format!("unknown expectation `{word}`"), help)],
        );
    }
    for (source, message, help) in [
        (
            "otherwise = «repeat»",
            "unknown word `repeat`",
            "did you mean `repeat_last`?",
        ),
        (
            "allow = [«unused»]",
            "unknown allowance `unused`",
            "did you mean `unused_turns`?",
        ),
        (
            "«allow_unused» = true",
            "unknown key `allow_unused`",
            "write `allow = [unused_turns]`",
        ),
    ] {
        wrong(
            &format!("script = [reply(\"x\")], {source}"),
            &[(message, help)],
        );
    }
}

#[test]
fn a_sign_in_place_of_the_arrow_of_an_arm_is_the_mistake() {
    for sign in ["->", "=", ":"] {
        wrong(
            &format!("rules = match request {{ user(\"a\") «{sign}» reply(\"b\") }}"),
            &[(
                &format!("expected `=>`, found `{sign}`"),
                "write `=>` in its place",
            )],
        );
        wrong(
            &format!("lanes = match request {{ system(\"a\") «{sign}» [reply(\"b\")] }}"),
            &[(
                &format!("expected `=>`, found `{sign}`"),
                "write `=>` in its place",
            )],
        );
    }
    wrong(
        "rules = match request { user(\"a\")«,» model(\"b\") => reply(\"c\") }",
        &[(
            "a rule has one pattern",
            "write `all_of(user(\"a\"), model(\"b\"))`, or `user(\"a\") | model(\"b\")`",
        )],
    );
    wrong(
        "rules = match request { on(user(\"a\"))«.»reply(\"b\").ttft(5ms), _ => reply(\"c\") }",
        &[(
            "expected `=>`, found `.`",
            "write `user(\"a\") => reply(\"b\").ttft(5ms)`",
        )],
    );
    wrong(
        "rules = match request { user(\"a\") => reply(\"b\"), «else» => reply(\"c\") }",
        &[("expected a pattern", "write `_`")],
    );
}

#[test]
fn a_tool_in_another_notation_is_written_out() {
    let tools = "tools = [find { city: string }]";
    for (turn, message, help) in [
        (
            "call(«\"find\", object { city: \"x\" }»)",
            "expected a tool and its arguments",
            "write `call(find { city: \"x\" })`",
        ),
        (
            "call(«find, object { city: \"x\" }»)",
            "expected a tool and its arguments",
            "write `call(find { city: \"x\" })`",
        ),
        (
            "«find { city: \"x\" }»",
            "expected a turn",
            "write `call(find { city: \"x\" })`",
        ),
        (
            "call(find { city: \"x\" }), on(tool_result(«\"find\"»)).reply(\"y\")",
            "expected the name of a tool",
            "write `tool_result(find)`",
        ),
        (
            "call(find { city: \"x\" }), on(tool_result(«find { temp: 18 }»)).reply(\"y\")",
            "expected the name of a tool",
            "write `tool_result(find)`, and look at what it returned in `when(|request| ..)`",
        ),
        (
            "call(find { city: \"x\" }), on(has_tool(«find { city: \"x\" }»)).reply(\"y\")",
            "expected the name of a tool",
            "write `has_tool(find)`",
        ),
    ] {
        wrong(&format!("{tools}, script = [{turn}]"), &[(message, help)]);
    }
    wrong(
        &format!(
            "{tools}, script = [call(find {{ city: \"x\" }})], expect = [offered(«\"find\"»)]"
        ),
        &[("expected the name of a tool", "write `offered(find)`")],
    );
}

#[test]
fn arguments_without_a_name_are_written_without_one() {
    for (step, plain) in [
        ("usage(«prompt» = 11, completion = 7)", "usage(11, 7)"),
        ("every(«wait» = 20ms)", "every(20ms)"),
        ("times(«n» = 3)", "times(3)"),
        ("split(«chars» = 4)", "split(chars(4))"),
    ] {
        wrong(
            &format!("script = [reply(\"x y\").{step}]"),
            &[(
                "an argument in parentheses has no name",
                &format!("write `{plain}`"),
            )],
        );
    }
    wrong(
        "script = [fail(«status = 429»)]",
        &[(
            "expected a kind of failure",
            "write `rate_limit { status: 429 }`",
        )],
    );
    let usage = "usage is two numbers of tokens, or a value of the type `Usage`";
    wrong(
        "usage = «{» prompt: 11, completion: 7 }, script = [reply(\"x\")]",
        &[(
            usage,
            "write the request's and the answer's, as in `usage(11, 7)`",
        )],
    );
}

#[test]
fn a_latency_between_two_times_is_a_range() {
    wrong(
        "latency = «80ms - 120ms», script = [reply(\"x\")]",
        &[(
            "a range of times has `..` between its ends",
            "write `80ms..120ms`",
        )],
    );
}

#[test]
fn the_future_of_a_closure_is_that_of_an_async_closure() {
    wrong(
        "script = [respond_with(|request| «async» move { answer(request) })]",
        &[(
            "the closure of `respond_with` returns a future",
            "write `async` before the closure, and not in it: `respond_with(async move |request| { answer(request) })`",
        )],
    );
    wrong(
        "script = [on(when(|request| «async» { true })).reply(\"x\")]",
        &[(
            "the closure of `when` is not async",
            "remove `async`; only `respond_with(async |request| ..)` can await",
        )],
    );
}

#[test]
fn a_text_that_is_made_of_a_literal_is_the_literal() {
    for text in [
        "\"x\".to_string()",
        "\"x\".to_owned()",
        "String::from(\"x\")",
        "format!(\"x\")",
    ] {
        wrong(
            &format!("A, script = [reply(«{text}»)]"),
            &[(
                "a text of a declared mock is a literal or a constant",
                "write `\"x\"`",
            )],
        );
    }
}

#[test]
fn a_name_may_not_have_the_entries_in_parentheses() {
    wrong(
        "A«(»script = [reply(\"x\")])",
        &[(
            "the name has no parentheses and no braces",
            "write `A, script = [..]`",
        )],
    );
}

#[test]
fn a_variable_of_rust_is_not_one_of_a_template() {
    let message =
        "template variable `name` is not bound by a matcher of this turn or an earlier one";
    wrong(
        "script = [reply(«\"Hi, {name}.\"»)]",
        &[(
            message,
            "variables: `user`, `model`, `call`; for a variable of Rust, write `format!(\"Hi, {name}.\")`",
        )],
    );
    wrong(
        "A, script = [reply(«\"Hi, {name}.\"»)]",
        &[(message, "variables: `user`, `model`, `call`")],
    );
}
