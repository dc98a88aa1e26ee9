//! What is said of a slip is about that slip, and the text of its help can be typed.

use super::*;

#[test]
fn names_have_no_quotes() {
    for (source, help) in [
        ("call(find { «\"city\"»: \"x\" })", "write `city`"),
        ("json(object { a: 1, «\"b\"»: 1 })", "write `b`"),
        (
            "call(find { a: object { «\"type\"»: 1 } })",
            "write `r#type`",
        ),
        ("fail(auth { «\"message\"»: \"x\" })", "write `message`"),
        ("tools = [find { «\"city\"»: string }]", "write `city`"),
        (
            "tools = [find { «\"user-id\"»: string }]",
            "write `user_id`, with the type `string.named(\"user-id\")`",
        ),
    ] {
        wrong(source, &[("a name has no quotes", help)]);
    }
    for source in [
        "tools = [«\"find\"» { city: string }]",
        "call(«\"find\"» { city: \"x\" })",
    ] {
        wrong(
            source,
            &[("the name of a tool has no quotes", "write `find`")],
        );
    }
}

#[test]
fn names_are_words_of_rust() {
    wrong(
        "tools = [find { x: string, «user-id»: string }]",
        &[(
            "`user-id` is not a Rust name",
            "write `user_id`, with the type `string.named(\"user-id\")`",
        )],
    );
    let declared = "write `user_id`, and declare it with the type `string.named(\"user-id\")`";
    wrong(
        "call(find { «user-id»: \"x\" })",
        &[("`user-id` is not a Rust name", declared)],
    );
    wrong(
        "json(object { «a-b»: 1 })",
        &[(
            "`a-b` is not a Rust name",
            "write the JSON as a text, as in `reply(verbatim(\"{\\\"a-b\\\": 1}\"))`",
        )],
    );
    for (source, message, help) in [
        (
            "tools = [«get-weather» { city: string }]",
            "`get-weather` is not a Rust name",
            "write `get_weather { city: string }.named(\"get-weather\")`",
        ),
        (
            "tools = [«get-the-weather»]",
            "`get-the-weather` is not a Rust name",
            "write `get_the_weather.named(\"get-the-weather\")`",
        ),
        (
            "call(«get-weather» { city: \"x\" })",
            "`get-weather` is not a Rust name",
            "write `get_weather { city: \"x\" }.named(\"get-weather\")`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn the_steps_of_a_turn_have_a_dot_between_them() {
    for (source, message) in [
        (
            "script = [on(user(\"x\")) «reply»(\"y\")]",
            "expected `.` before `reply`",
        ),
        (
            "on(user(\"x\"))«::»reply(\"y\")",
            "expected `.` before `reply`, found `::`",
        ),
        (
            "on(user(\"x\")) «->» reply(\"y\")",
            "expected `.` before `reply`, found `->`",
        ),
        (
            "on(user(\"x\"))«;» reply(\"y\")",
            "expected `.` before `reply`, found `;`",
        ),
    ] {
        wrong(source, &[(message, "write `.reply(..)`")]);
    }
    wrong(
        "reply(\"x\") «times»(2), reply(\"y\")",
        &[("expected `.` before `times`", "write `.times(..)`")],
    );
    // A word that can begin a turn begins the next one.
    wrong(
        "reply(\"x\") «reply»(\"y\")",
        &[("expected `,`", "write a comma between entries")],
    );
}

#[test]
fn arguments_with_names_stand_in_braces() {
    let tool = "the arguments of a tool go in braces";
    wrong(
        "tools = [find«(»city: string)]",
        &[(tool, "write `find { city: string }`")],
    );
    wrong(
        "call(find«(»city: \"x\", days: 3))",
        &[(tool, "write `find { city: \"x\", days: 3 }`")],
    );
    wrong(
        "fail(rate_limit«(»retry_after: 2s))",
        &[(
            "the fields of a failure go in braces",
            "write `rate_limit { retry_after: 2s }`",
        )],
    );
    for (source, help) in [
        ("on(«user»: \"x\").reply(\"y\")", "write `user(\"x\")`"),
        (
            "on(not(«system»: \"x\")).reply(\"y\")",
            "write `system(\"x\")`",
        ),
        ("reply(«text»: \"x\")", "remove `text:`"),
        (
            "usage = usage(«prompt»: 11, completion: 7)",
            "remove `prompt:`",
        ),
    ] {
        let message = "an argument in parentheses has no name";
        wrong(source, &[(message, help)]);
    }
    wrong(
        "fail(auth { headers: [(\"a\"«:» \"b\")] })",
        &[("expected `,`, found `:`", "write `,` in its place")],
    );
}

#[test]
fn nothing_comes_before_braces() {
    for (source, help) in [
        ("tools = [find«:» { a: string }]", "write `find { .. }`"),
        ("call(find«:» { a: 1 })", "write `find { .. }`"),
        ("fail(auth«:» { status: 403 })", "write `auth { .. }`"),
    ] {
        wrong(source, &[("unexpected `:` before the braces", help)]);
    }
    let comma = "unexpected `,` between a tool and its arguments";
    for source in [
        "call(find«,» { city: \"x\" })",
        "call(\"find\"«,» { city: \"x\" })",
    ] {
        wrong(source, &[(comma, "write `call(find { city: \"x\" })`")]);
    }
}

#[test]
fn keys_are_keys_wherever_they_stand() {
    wrong(
        "«latency»(80ms), reply(\"x\")",
        &[(
            "no turn begins with `latency`",
            "`latency` is a key of the mock: `latency = ..`",
        )],
    );
    wrong_items(
        "A, «\"latency\"»: 80ms, script = [reply(\"x\")]",
        &[("a key is one word, without quotes", "write `latency = ..`")],
    );
    wrong_items(
        "A, latency «:»= 80ms, reply(\"x\")",
        &[(
            "expected `=` after `latency`, found `:=`",
            "write `latency = ..`",
        )],
    );
    wrong_items(
        "A, «script»",
        &[("`script` has no value", "write `script = [reply(\"Hi.\")]`")],
    );
}

#[test]
fn latencies_that_are_written_in_another_way() {
    for source in [
        "latency = «(80ms, 120ms)»",
        "latency = («(80ms, 120ms)»).timeout_over(1s)",
    ] {
        wrong(
            source,
            &[(
                "a range of times has `..` between its ends",
                "write `80ms..120ms`",
            )],
        );
    }
    for word in ["random", "uniform", "between"] {
        let message = format!("unknown latency `{word}`");
        for arguments in ["80ms..120ms", "80ms, 120ms"] {
            wrong(
                &format!("latency = «{word}»({arguments})"),
                &[(&message, "write `80ms..120ms`")],
            );
        }
    }
    // Anybody's function.
    right("latency = random(base..most), reply(\"x\")");
    right("latency = longest((base, most)), reply(\"x\")");
}

#[test]
fn the_items_of_a_list_have_commas() {
    for source in [
        "stream([\"a\" «\"b\"»])",
        "json([1 «2»])",
        "call(find { a: [1 «2»] })",
    ] {
        wrong(source, &[("expected `,`", "write `,` before it")]);
    }
}

#[test]
fn a_missing_token_is_named() {
    wrong(
        "reply(\"x\").«error_after»(overloaded)",
        &[(
            "`error_after` needs a number of deltas, `all`, `finish`, or a time",
            "write `.error_after(1, overloaded)`",
        )],
    );
    wrong(
        "reply(\"x\").«error_after»(rate_limit { retry_after: 2s })",
        &[(
            "`error_after` needs a number of deltas, `all`, `finish`, or a time",
            "write `.error_after(1, rate_limit { retry_after: 2s })`",
        )],
    );
    for step in ["", "on(user(\"x\"))."] {
        wrong(
            &format!("{step}«reply \"y\"»"),
            &[("`reply` has no parentheses", "write `reply(\"y\")`")],
        );
    }
}

#[test]
fn rules_are_a_match_of_the_request() {
    let request = (
        "expected `match request` after `rules =`",
        "write `match request { .. }`",
    );
    wrong(
        "rules = «request» { user(\"x\") => reply(\"y\"), user(\"z\") => json(object { a: 1 }) }",
        &[request],
    );
    wrong(
        "rules = «match» { user(\"x\") => reply(\"y\") }",
        &[request],
    );
    wrong(
        "rules = match request { «on»(user(\"x\")) => reply(\"y\") }",
        &[(
            "`on(..)` begins a turn, and is not a matcher",
            "write `user(\"x\")`",
        )],
    );
    wrong(
        "on(«on»(user(\"x\"))).reply(\"y\")",
        &[(
            "`on(..)` begins a turn, and is not a matcher",
            "write `user(\"x\")`",
        )],
    );
}

#[test]
fn words_that_take_nothing_have_no_parentheses() {
    for word in ["repeat_last", "cycle"] {
        wrong(
            &format!("reply(\"x\"), otherwise = {word}«()»"),
            &[(
                &format!("`{word}` takes nothing"),
                &format!("write `otherwise = {word}`"),
            )],
        );
    }
}

#[test]
fn a_keyword_among_matchers_is_not_a_name() {
    let matcher = |word: &str| format!("`{word}` is a keyword of Rust");
    wrong(
        "on(«use»).reply(\"x\")",
        &[(&matcher("use"), "did you mean `user`?")],
    );
    wrong(
        "on(not(«loop»)).reply(\"x\")",
        &[(&matcher("loop"), &known_matchers())],
    );
}

#[test]
fn the_values_of_one_of_stand_in_no_list() {
    wrong(
        "tools = [find { a: one_of(«[\"a\", \"b\"]») }]",
        &[(
            "the values of `one_of` are not in a list",
            "write `one_of(\"a\", \"b\")`",
        )],
    );
}

#[test]
fn after_the_name_comes_a_profile_with_an_equals_sign_or_an_entry_with_a_comma() {
    for (sign, marked) in [("=>", "«=>»"), ("==", "«==»"), ("->", "«->»"), (":", "«:»")] {
        wrong_items(
            &format!("A {marked} openai(\"gpt-4o\"), reply(\"a\")"),
            &[(
                &format!("expected `=` after `A`, found `{sign}`"),
                "write `A = ..`",
            )],
        );
    }
    for (sign, marked) in [("=>", "«=>»"), (":", "«:»"), (";", "«;»"), ("->", "«->»")] {
        wrong_items(
            &format!("A {marked} reply(\"a\")"),
            &[(
                &format!("expected `,` after `A`, found `{sign}`"),
                "write `A, ..`",
            )],
        );
    }
}

#[test]
fn a_closure_takes_the_request_alone() {
    for (source, word) in [
        ("respond_with(|a, «b»| answer(a, b))", "respond_with"),
        ("respond_with(«||» answer())", "respond_with"),
        ("respond_with(move «||» answer())", "respond_with"),
        ("on(when(|a, «b»| true)).reply(\"x\")", "when"),
    ] {
        wrong(
            source,
            &[(
                &format!("the closure of `{word}` takes only the request"),
                &format!("write `{word}(|request| ..)`"),
            )],
        );
    }
}

#[test]
fn a_rule_has_one_pattern_and_asks_for_more_in_all_of() {
    let all = "write `all_of(user(\"hi\"), system(\"b\"))`";
    for pattern in [
        "user(\"hi\") «&&» system(\"b\")",
        "«(user(\"hi\"), system(\"b\"))»",
        "user(\"hi\") «&&» system(\"b\") if request.stream",
    ] {
        wrong(
            &format!("rules = match request {{ {pattern} => reply(\"x\") }}"),
            &[("a rule has one pattern", all)],
        );
    }
    wrong(
        "rules = match request { «on»(user(\"hi\"), system(\"b\")) => reply(\"x\") }",
        &[("a rule has one pattern", all)],
    );
    wrong(
        "rules = match request { user(\"a && b\") «&&» has_tool(t) && not(model(\"c\")) => reply(\"x\") }",
        &[(
            "a rule has one pattern",
            "write `all_of(user(\"a && b\"), has_tool(t), not(model(\"c\")))`",
        )],
    );
    right("rules = match request { all_of(user(\"hi\"), system(\"b\")) => reply(\"x\") }");
    wrong(
        "rules = match request { user(\"a\") «||» user(\"b\") => reply(\"x\") }",
        &[("patterns have `|` between them", "write `user(\"a\") | ..`")],
    );
    wrong(
        "rules = match request { «!»user(\"a\") => reply(\"x\"), _ => reply(\"y\") }",
        &[("expected a pattern", "write `not(user(\"a\"))`")],
    );
    right("rules = match request { user(\"hi\") if request.model == \"gpt-4o\" => reply(\"x\") }");
}

#[test]
fn modifiers_that_belong_to_an_action_are_written_into_it() {
    wrong(
        "call(find).«raw»(\"{\")",
        &[(
            "`raw` is the whole answer of its turn",
            "write `call(find.raw(\"{\"))`, or a turn of its own",
        )],
    );
    for (source, help) in [
        (
            "fail(rate_limit).«retry_after»(2s)",
            "write `fail(rate_limit { retry_after: 2s })`",
        ),
        (
            "fail(auth).«message»(\"no\").named(a)",
            "write `fail(auth { message: \"no\" })`",
        ),
        ("call(find).«id»(\"a\")", "write `call(find.id(\"a\"))`"),
        (
            "call(find { a: \"x\" }.named(\"y\")).«id»(\"a\")",
            "write `call(find { a: \"x\" }.named(\"y\").id(\"a\"))`",
        ),
        (
            "fail(rate_limit { retry_after: 2s, code: \"b\" }).«code»(\"a\")",
            "write `fail(rate_limit { retry_after: 2s, code: \"a\" })`",
        ),
        (
            "fail(auth { status: 403 }).«message»(\"no\")",
            "write `fail(auth { status: 403, message: \"no\" })`",
        ),
        (
            "fail(auth).«code»(\"a\")",
            "write `fail(auth { code: \"a\" })`",
        ),
        (
            "reply(\"a\").«then»(reply(\"b\"))",
            "write a turn of its own after a comma, as in `reply(\"..\"), reply(\"..\")`",
        ),
        (
            "on(user(\"a\")).«then»(reply(\"b\"))",
            "write the action itself, as in `on(..).reply(\"..\")`",
        ),
    ] {
        let (_, rest) = source.split_once('«').expect("a mark");
        let (word, _) = rest.split_once('»').expect("a mark");
        let message = format!("unknown action or modifier `{word}`");
        wrong(source, &[(&message, help)]);
    }
    for (source, help) in [
        (
            "fail(auth, «\"no\"»)",
            "write `fail(auth { message: \"no\" })`",
        ),
        (
            "fail(server_error, «500»)",
            "write `fail(server_error { status: 500 })`",
        ),
        (
            "fail(rate_limit, «retry_after = 2s»)",
            "write `fail(rate_limit { retry_after: 2s })`",
        ),
    ] {
        wrong(source, &[("the fields of a failure go in braces", help)]);
    }
}

#[test]
fn words_of_other_libraries_among_matchers() {
    for (matcher, word, help) in [
        (
            "«any»(user(\"a\"), user(\"b\"))",
            "any",
            "write `any_of(..)`",
        ),
        (
            "«assistant»(\"a\")",
            "assistant",
            "write `when(|request| ..)`, or a guard in `rules`",
        ),
        ("«contains»(\"a\")", "contains", "write `user(\"..\")`"),
    ] {
        let message = format!("unknown matcher `{word}`");
        wrong(&format!("on({matcher}).reply(\"x\")"), &[(&message, help)]);
    }
    wrong(
        "on(«|r| true»).reply(\"x\")",
        &[("expected a matcher", "write `when(|r| true)`")],
    );
}

#[test]
fn types_of_other_languages() {
    for (ty, help) in [
        ("string?", "write `optional(string)`"),
        ("[string]", "write `list(string)`"),
    ] {
        wrong(
            &format!("tools = [find {{ a: «{ty}» }}]"),
            &[("expected a type", help)],
        );
    }
}

#[test]
fn the_profile_has_no_key() {
    let help = "the profile comes first, without a key: `openai(\"gpt-4o\")`, or `Name = openai(\"gpt-4o\")`";
    for key in ["profile", "provider"] {
        wrong(
            &format!("«{key}» = openai, reply(\"x\")"),
            &[(&format!("unknown key `{key}`"), help)],
        );
    }
}

#[test]
fn a_value_that_is_not_rust_is_reported_by_the_macro() {
    wrong(
        "openai(«model» = \"gpt-4o\"), reply(\"x\")",
        &[(
            "the model of a profile has no key",
            "write its name alone: `\"gpt-4o\"`",
        )],
    );
    wrong(
        "fail(auth { body: «json»(object { error: \"x\" }) })",
        &[(
            "a body is a text",
            "write the JSON as a text, as in `r#\"{\"error\": \"..\"}\"#`",
        )],
    );
    wrong(
        "rules = match request { _ if «system»(\"x\") => reply(\"y\") }",
        &[(
            "`system` is a matcher, and a guard is an expression of Rust",
            "write `system(\"x\") => ..`, without `if`",
        )],
    );
    right("rules = match request { _ if system(request) => reply(\"y\") }");
    wrong(
        "reply(\"x\").cut_after(«1..3»)",
        &[(
            "a range is not a number of deltas",
            "write a whole number, as in `1`",
        )],
    );
}

#[test]
fn a_text_of_a_declared_mock_is_known_when_it_compiles() {
    let write_out = "write it out, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression";
    let literal = "write `\"a\"`";
    for (text, help) in [
        ("String::from(\"a\")", literal),
        ("format!(\"{n}\")", write_out),
        ("format!(\"a\")", literal),
        ("n.to_string()", write_out),
        ("\"a\".to_owned()", literal),
    ] {
        for wrong_text in [
            format!("A, reply(«{text}»)"),
            format!("A, script = [stream([\"x\", «{text}»])]"),
            format!("A, script = [fail(auth {{ message: «{text}» }})]"),
            format!("A, name = «{text}», script = [reply(\"x\")]"),
        ] {
            wrong_items(
                &wrong_text,
                &[("a text of a declared mock is a literal or a constant", help)],
            );
        }
        right(&format!("reply({text})"));
    }
    right("A, reply(TEXT), reply(text()), stream([text::a(), concat!(\"a\", \"b\")])");
}
