//! A help that is typed as it stands ends the mistake: it names no word that is rejected there, and none that means the opposite.

use super::*;

fn repeated(message: &str, cases: &[(&str, &str)]) {
    for (source, help) in cases {
        wrong(source, &[(message, help)]);
    }
}

#[test]
fn the_result_of_a_tool_is_an_object_in_braces() {
    repeated(
        "the fields of an `object` go in braces",
        &[
            (
                "tools = [a { x: string }.returns«(»t: number)]",
                "write `returns(object { t: number })`",
            ),
            (
                "tools = [a(Args).returns«(»t: number, u: string)]",
                "write `returns(object { t: number, u: string })`",
            ),
        ],
    );
}

#[test]
fn a_text_is_a_template_as_it_is() {
    repeated(
        "`template` is a word of the builder",
        &[
            (
                "reply(«template»(\"Hello, {user}!\"))",
                "a text is a template as it is: write `\"Hello, {user}!\"`",
            ),
            (
                "stream([«template»(include_str!(\"answer.txt\"))])",
                "a text is a template as it is: write `include_str!(\"answer.txt\")`",
            ),
        ],
    );
    // The word may be a function of the user.
    right("reply(template(name))");
}

#[test]
fn a_keyword_after_a_tool_is_not_a_name() {
    wrong(
        "tools = [a { x: string }.«return»(string)]",
        &[("a tool has no `return`", "did you mean `returns`?")],
    );
}

#[test]
fn the_arguments_of_a_tool_come_after_its_name() {
    repeated(
        "the arguments of a tool come right after its name",
        &[
            (
                "call(a.named(\"x-y\") «{» x: 1 })",
                "write `a { x: 1 }.named(\"x-y\")`",
            ),
            (
                "tools = [b, a.named(\"x-y\") «{» x: string }]",
                "write `a { x: string }.named(\"x-y\")`",
            ),
        ],
    );
}

#[test]
fn steps_that_are_called_otherwise_here() {
    for (source, word, help) in [
        (
            "reply(\"x\").«fail_after»(4, timeout)",
            "fail_after",
            "write `.error_after(4, timeout)`",
        ),
        (
            "reply(\"x\").«fail_after»(4)",
            "fail_after",
            "write `.error_after(4, server_error)`",
        ),
        (
            "reply(\"x\").«never»()",
            "never",
            "remove the turn, or write `.times(0..)` to make it optional",
        ),
    ] {
        let message = format!("unknown action or modifier `{word}`");
        wrong(source, &[(&message, help)]);
    }
}

#[test]
fn a_word_of_four_letters_with_two_others_is_another_word() {
    wrong(
        "fail(server_error { «busy»: \"x\" })",
        &[(
            "a failure has no field `busy`",
            "fields: `message`, `retry_after`, `status`, `code`, `headers`, `body`",
        )],
    );
    wrong(
        "fail(server_error { «bdoy»: \"x\" })",
        &[("a failure has no field `bdoy`", "did you mean `body`?")],
    );
}

#[test]
fn a_kind_of_failure_is_not_an_action() {
    for (source, kind) in [
        ("script = [«timeout»()]", "timeout"),
        ("script = [«rate_limit»(), reply(\"x\")]", "rate_limit"),
        ("«overloaded»().times(2)", "overloaded"),
    ] {
        wrong(
            source,
            &[(
                &format!("no turn begins with `{kind}`"),
                &format!("write `fail({kind})`"),
            )],
        );
    }
    wrong(
        "on(user(\"x\")).«rate_limit»()",
        &[(
            "unknown action or modifier `rate_limit`",
            "write `fail(rate_limit)`",
        )],
    );
    repeated(
        "expected a turn",
        &[
            ("script = [«timeout»]", "write `fail(timeout)`"),
            (
                "script = [«rate_limit { retry_after: 2s }»]",
                "write `fail(rate_limit { retry_after: 2s })`",
            ),
        ],
    );
}

#[test]
fn a_rule_has_no_pattern_that_binds() {
    for matcher in ["user", "any_user_message", "system", "model"] {
        wrong(
            &format!("rules = match request {{ {matcher}(«x») if cond => reply(\"y\") }}"),
            &[(
                &format!("the pattern of `{matcher}` must be a string literal"),
                "write a text in quotes, and write further tests in a guard, as in `_ if request.messages.len() > 2 => ..`",
            )],
        );
    }
}

#[test]
fn what_a_latency_may_not_be_twice() {
    wrong(
        "latency = 80ms.timeout_over(100ms).«timeout_over»(100ms), reply(\"x\")",
        &[(
            "`timeout_over` is given twice",
            "remove one of the two `timeout_over`",
        )],
    );
}

#[test]
fn a_list_is_in_brackets_after_an_equals_sign() {
    for (source, key) in [
        ("script «{» reply(\"x\") }", "script"),
        ("tools «{» a { x: string } }, reply(\"x\")", "tools"),
        ("allow «{» unused_turns }, reply(\"x\")", "allow"),
        ("script «{» reply(\"x\"); reply(\"y\") }", "script"),
    ] {
        wrong(
            source,
            &[(
                &format!("expected `=` after `{key}`"),
                &format!("write `{key} = [..]`"),
            )],
        );
    }
}

#[test]
fn the_arguments_of_a_typed_tool_are_values_of_rust() {
    wrong(
        "tools = [t(Args)], script = [call(t { x: «null» })]",
        &[("`null` is not a Rust value", "write `None`")],
    );
    wrong(
        "tools = [t(Args)], script = [call(t { a: [Some(«object» { y: 1 })] })]",
        &[(
            "`object` is not a Rust type",
            "write the name of the type, as in `Type { y: 1 }`",
        )],
    );
}

#[test]
fn a_template_names_fields_as_they_are() {
    wrong(
        "reply(«\"{match.r#type}\"»)",
        &[(
            "`{match.r#type}` is not a template variable",
            "write `{match.type}`, or `{{` and `}}` for braces",
        )],
    );
}

#[test]
fn the_index_of_a_result_is_a_number_and_has_a_field() {
    let braces = "write `{{` and `}}` for braces, or `verbatim(..)` for the whole text";
    for (variable, help) in [
        ("t[0]", "write a field of the result, as in `{t[0].field}`"),
        ("t[a].b", braces),
        ("t[].b", braces),
        ("t[-1].b", braces),
        ("t[0].b.", braces),
        ("a[0][1].b", braces),
    ] {
        let message = format!("`{{{variable}}}` is not a template variable");
        wrong(&format!("reply(«\"{{{variable}}}\"»)"), &[(&message, help)]);
    }
    right("on(tool_result(t)).reply(\"{t[0].a} {t[12].b.0}\")");
    wrong(
        "tools = [t.returns(object { temp: number })], script = [on(tool_result(t)).reply(«\"{t[1].heat}\"»)]",
        &[("tool `t` returns no `heat`", "fields: `temp`")],
    );
    wrong(
        "tools = [t], script = [reply(«\"{u[1].heat}\"»)]",
        &[("no tool `u` is declared in this mock", "did you mean `t`?")],
    );
}

#[test]
fn a_tool_is_not_a_variable_and_its_results_have_fields() {
    let message = "template variable `a` is not bound by a matcher of this turn or an earlier one";
    repeated(
        message,
        &[
            (
                "tools = [a { x: string }.returns(object { temp: number })], script = [on(tool_result(a)).reply(«\"{a}\"»)]",
                "`a` is a tool: write a field of its result, as in `{a.temp}`",
            ),
            (
                "tools = [a], script = [reply(«\"{a}\"»)]",
                "`a` is a tool: write a field of its result, as in `{a.field}`",
            ),
            (
                "call(a), on(tool_result(a)).reply(«\"{a}\"»)",
                "`a` is a tool: write a field of its result, as in `{a.field}`",
            ),
            (
                "tools = [a.returns(list(object { temp: number }))], script = [on(tool_result(a)).reply(«\"{a}\"»)]",
                "`a` is a tool: write a field of its result, as in `{a.0.temp}`",
            ),
        ],
    );
}

#[test]
fn a_number_that_is_too_large_is_a_number() {
    for (source, number, what, most) in [
        (
            "reply(\"x\").times(«99999999999999999999999»)",
            "99999999999999999999999",
            "times",
            "4294967295",
        ),
        (
            "reply(\"x\").times(0..=«4294967296»)",
            "4294967296",
            "times",
            "4294967295",
        ),
        (
            "reply(\"x\").usage(«99999999999999999999999», 2)",
            "99999999999999999999999",
            "tokens",
            "18446744073709551615",
        ),
        (
            "reply(\"x\").split(chars(«4294967296»))",
            "4294967296",
            "characters",
            "4294967295",
        ),
        (
            "reply(\"x\").cut_after(«4294967296»)",
            "4294967296",
            "deltas",
            "4294967295",
        ),
    ] {
        wrong(
            source,
            &[(
                &format!("`{number}` is too large for a number of {what}"),
                &format!("write at most {most}"),
            )],
        );
    }
    for (source, what) in [
        ("reply(\"x\").times(«2u8»)", "times"),
        ("reply(\"x\").usage(«2u8», 2)", "tokens"),
        ("reply(\"x\").split(chars(«2u8»))", "characters"),
        ("reply(\"x\").cut_after(«2u8»)", "deltas"),
    ] {
        wrong(
            source,
            &[(
                &format!("a number of {what} has no suffix `u8`"),
                "write `2`",
            )],
        );
    }
}

#[test]
fn usage_is_estimated_by_the_word_for_it() {
    wrong_items(
        "A, usage = «estimated», script = [reply(\"x\")]",
        &[("unknown word `estimated`", "did you mean `estimate`?")],
    );
    wrong(
        "usage = «estimte», reply(\"x\")",
        &[("unknown word `estimte`", "did you mean `estimate`?")],
    );
    // Somebody's variable.
    right("usage = estimated, reply(\"x\")");
    right("usage = estimator, reply(\"x\")");
    right("A, usage = ESTIMATED, script = [reply(\"x\")]");
}

#[test]
fn a_visibility_that_is_none() {
    for source in [
        "pub«(»foo) W, reply(\"x\")",
        "W, vis = pub«(»foo), script = [reply(\"x\")]",
    ] {
        wrong_items(
            source,
            &[(
                "`pub(foo)` is not a visibility",
                "write `pub`, `pub(crate)` or `pub(in foo)`",
            )],
        );
    }
}

#[test]
fn the_text_of_a_help_is_accepted() {
    for source in [
        "tools = [a { x: string }.returns(object { t: number })], reply(\"x\")",
        "tools = [b, a { x: string }.named(\"x-y\")], reply(\"x\")",
        "call(a { x: 1 }.named(\"x-y\"))",
        "on(user(\"a\"), any_user_message(\"b\")).reply(\"x\")",
        "reply(\"a b c d\").error_after(4, timeout)",
        "reply(\"x\").times(0..)",
        "script = [fail(timeout), fail(overloaded).times(2)]",
        "rules = match request { _ if request.messages.len() > 2 => reply(\"y\") }",
        "tools = [t(Args)], script = [call(t { x: None, a: Type { y: 1 } })]",
        "call(a), on(tool_result(a)).reply(\"{a.field}\")",
        "tools = [a.returns(list(object { temp: number }))], script = [on(tool_result(a)).reply(\"{a.0.temp}\")]",
        "tools = [r#match.returns(object { r#type: string })], script = [on(tool_result(r#match)).reply(\"{match.type}\")]",
        "reply(\"x\").times(4294967295).usage(18446744073709551615, 2)",
        "latency = growing(100ms, 0.1), reply(\"x\")",
        "stream([\"x\", \"y\"]), reply(format!(\"a {}\", 5))",
        "pub(in foo) W, reply(\"x\")",
    ] {
        right(source);
    }
}

#[test]
fn several_matchers_that_must_all_hold_are_all_of() {
    for word in ["all", "and", "both"] {
        let message = format!("unknown matcher `{word}`");
        for source in [
            format!(
                "on(any_of(«{word}»(user(\"a\"), any_user_message(\"b\")), user(\"c\"))).reply(\"x\")"
            ),
            format!("on(not(«{word}»(user(\"a\"), any_user_message(\"b\")))).reply(\"x\")"),
            format!(
                "rules = match request {{ «{word}»(user(\"a\"), any_user_message(\"b\")) => reply(\"x\") }}"
            ),
        ] {
            wrong(&source, &[(&message, "write `all_of(..)`")]);
        }
    }
    right(
        "on(any_of(all_of(user(\"a\"), any_user_message(\"b\")), not(all_of(user(\"c\"))))).reply(\"x\")",
    );
    right("rules = match request { user(\"a\") if request.model == \"gpt-4o\" => reply(\"x\") }");
}

#[test]
fn a_list_in_place_of_one_text_becomes_one_text() {
    wrong(
        "fail(auth { message: «[\"Let me \", \"see.\"]» })",
        &[("expected a text", "write one text: `\"Let me see.\"`")],
    );
    wrong(
        "fail(auth { message: «[\"a\", x]» })",
        &[("expected a text", "write one text, as in `\"Hello\"`")],
    );
}

#[test]
fn a_name_that_comes_later_is_moved_to_the_front() {
    let message = "the name of a mock comes first";
    for (source, help) in [
        (
            "vis = pub, «Weather», script = [reply(\"x\")]",
            "move `Weather` to the beginning",
        ),
        (
            "vis = pub, «Weather» = openai(\"gpt-4o\"), script = [reply(\"x\")]",
            "move `Weather = openai(\"gpt-4o\")` to the beginning",
        ),
        (
            "latency = 5ms, reply(\"x\"), «Weather»",
            "move `Weather` to the beginning",
        ),
        (
            "openai(\"gpt-4o\"), «Weather», reply(\"x\")",
            "write `Weather = openai(\"gpt-4o\")` at the beginning",
        ),
    ] {
        wrong_items(source, &[(message, help)]);
    }
    wrong(
        "reply(\"x\"), «GREETING»",
        &[(
            "expected a turn",
            "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
        )],
    );
}

#[test]
fn an_empty_list_of_candidates_is_never_a_help() {
    wrong(
        "tools = [a], call(a { «x»: 1 })",
        &[(
            "tool `a` has no argument `x`",
            "remove it, or declare it, as in `a { x: string }`",
        )],
    );
    wrong(
        "tools = [], script = [reply(«\"{a.x}\"»)]",
        &[(
            "no tool `a` is declared in this mock",
            "declare it, as in `tools = [a]`",
        )],
    );
    wrong(
        "tools = [a.returns(object {})], script = [on(tool_result(a)).reply(«\"{a.x}\"»)]",
        &[(
            "tool `a` returns no `x`",
            "declare it, as in `returns(object { x: string })`",
        )],
    );
}

#[test]
fn a_number_without_a_unit_gets_the_usual_unit_of_its_place() {
    for source in [
        "latency = «2», reply(\"x\")",
        "latency = growing(«2», 0.1), reply(\"x\")",
        "reply(\"x\").ttft(«2»)",
        "reply(\"x\").every(«2»)",
    ] {
        wrong(source, &[("`2` has no unit", "add the unit, as in `2ms`")]);
    }
    for kind in ["rate_limit", "overloaded", "server_error"] {
        let source = format!("fail({kind} {{ retry_after: «2» }})");
        wrong(&source, &[("`2` has no unit", "add the unit, as in `2s`")]);
    }
    wrong(
        "fail(rate_limit { retry_after: «true» })",
        &[("expected a time", "write a number and its unit, as in `2s`")],
    );
}
