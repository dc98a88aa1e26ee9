//! Tests of matchers.

use super::*;

#[test]
fn captures_have_names_of_their_own() {
    wrong(
        "on(user(«\"I am {user}\"»)).reply(\"Hi {user}\")",
        &[(
            "`{user}` already has a meaning in templates",
            "use another name, as in `{the_user}`",
        )],
    );
}

#[test]
fn matchers() {
    wrong(
        "on(«5»).reply(\"x\"), on(«\"hello\"»).reply(\"x\"), on(«a::b(1)»).reply(\"x\")",
        &[
            ("expected a matcher", &known_matchers()),
            ("expected a matcher", "write `user(\"hello\")`"),
            ("expected a matcher", &known_matchers()),
        ],
    );
    wrong(
        "on(«user», «tool_result»(), «when»).reply(\"x\")",
        &[
            ("`user` has no argument", "write `user(\"hello\")`"),
            (
                "`tool_result` has no argument",
                "write `tool_result(get_weather)`",
            ),
            ("`when` has no argument", "write `when(|request| ..)`"),
        ],
    );
    wrong(
        "on(user(«2»)).reply(\"x\"), on(user(\"a\", «\"b\"»)).reply(\"x\"), on(tool_result(«\"t\"»)).reply(\"x\"), on(when(«is_long»)).reply(\"x\")",
        &[
            (
                "the pattern of `user` must be a string literal",
                "write it in quotes: `\"2\"`",
            ),
            (
                "`user` takes one argument",
                "write `all_of(user(\"a\"), user(\"b\"))` in place of `user(..)`, or `any_of(..)`",
            ),
            ("expected the name of a tool", "write `tool_result(t)`"),
            (
                "`when` needs a closure",
                "write `when(|request| is_long(request))`",
            ),
        ],
    );
}

#[test]
fn a_text_beside_a_tool_is_one_of_its_result() {
    wrong(
        "on(tool_result(look, «\"no city\"»)).reply(\"x\"), on(tool_result(look, «find»)).reply(\"x\"), on(has_tool(look, «\"a\"»)).reply(\"x\")",
        &[
            (
                "`tool_result` takes one argument",
                "write `all_of(tool_result(look), when(|request| request.tool_results(\"look\").any(|result| result.text().contains(\"no city\"))))` to look at the result's text",
            ),
            (
                "`tool_result` takes one argument",
                "write `all_of(tool_result(look), tool_result(find))` in place of `tool_result(..)`, or `any_of(..)`",
            ),
            (
                "`has_tool` takes one argument",
                "remove it: `has_tool` takes only the name of a tool",
            ),
        ],
    );
}

#[test]
fn templates_and_patterns() {
    wrong(
        "reply(«\"{\\\"b\\\": 1}\"»), reply(«\"a { b\"»), reply(«\"a } b\"»), reply(«\"{}\"»), fail(auth { message: «\"{a b}\"» })",
        &[
            (
                "the braces in this JSON text would be read as template variables",
                "write `json(object { .. })` for an answer, or `verbatim(..)` for the text as it is",
            ),
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            (
                "`}` was not opened",
                "write `}}` for a brace, or `verbatim(..)` for the whole text",
            ),
            ("`{}` is not a template variable", BRACES),
            ("`{a b}` is not a template variable", BRACES),
        ],
    );
    wrong(
        "on(user(«\"in {city\"»)).reply(\"{town}\"), on(user(«\"{a:line}\"»)).reply(\"{a}\"), on(user(«\"{1}\"»)).reply(\"{b}\"), on(user(«\"}\"»)).reply(\"\")",
        &[
            ("`{` is not closed", "write `{{` for a brace"),
            (
                "unknown kind of capture `line`",
                "write `{a}`, `{a:word}` or `{a:rest}`",
            ),
            (
                "`{1}` does not name a capture",
                "write a name, as in `{city}`, or `{{` and `}}` for braces",
            ),
            ("`}` was not opened", "write `}}` for a brace"),
        ],
    );
    wrong(
        "reply(«5»), stream([\"a\", «true»]), reply(«verbatim()»), reply(«verbatim(a, b)»), fail(auth { message: «'x'» })",
        &[
            ("expected a text", "write it in quotes: `\"5\"`"),
            ("expected a text", "write it in quotes: `\"true\"`"),
            ("`verbatim` takes one text", "write `verbatim(\"..\")`"),
            ("`verbatim` takes one text", "write `verbatim(\"..\")`"),
            ("expected a text", "write it in quotes: `\"x\"`"),
        ],
    );
}

#[test]
fn variables_are_bound() {
    let unbound =
        "template variable `ctiy` is not bound by a matcher of this turn or an earlier one";
    let near = "did you mean `city`?";
    wrong(
        "reply(«\"{city}\"»), on(user(\"in {city}\")).reply(«\"{ctiy} {ctiy} {city}\"»), call(t { a: [«\"{ctiy}\"»], b: object { c: «\"{ctiy}\"» } }), stream([«\"{ctiy}\"»]), fail(auth { message: «\"{ctiy}\"» })",
        &[
            (
                "template variable `city` is not bound by a matcher of this turn or an earlier one",
                "variables: `user`, `model`, `call`; for a variable of Rust, write `format!(\"{city}\")`",
            ),
            (unbound, near),
            (unbound, near),
            (unbound, near),
            (unbound, near),
            (unbound, near),
        ],
    );
}

#[test]
fn matchers_of_all_kinds() {
    wrong(
        "on(«any_user_message», «system»(), «model», «has_tool», «any_of»(), «all_of»(), «not»()).reply(\"x\"), on(any_user_message(«5»), model(«NAME»), has_tool(«\"t\"»), not(user(\"a\"), «user(\"b\")»), any_of(«usr»(\"c\"), not(«\"d\"»))).reply(\"x\"), on(«user(\"e\") | user(\"f\")»).reply(\"x\")",
        &[
            (
                "`any_user_message` has no argument",
                "write `any_user_message(\"hello\")`",
            ),
            ("`system` has no argument", "write `system(\"hello\")`"),
            ("`model` has no argument", "write `model(\"gpt-4*\")`"),
            (
                "`has_tool` has no argument",
                "write `has_tool(get_weather)`",
            ),
            (
                "`any_of` has no argument",
                "write `any_of(user(\"hello\"), user(\"hi\"))`",
            ),
            (
                "`all_of` has no argument",
                "write `all_of(user(\"hello\"), model(\"gpt-4*\"))`",
            ),
            ("`not` has no argument", "write `not(user(\"hello\"))`"),
            (
                "the pattern of `any_user_message` must be a string literal",
                "write it in quotes: `\"5\"`",
            ),
            (
                "the pattern of `model` must be a string literal",
                "write the text in quotes, or use `when(|request| ..)`",
            ),
            ("expected the name of a tool", "write `has_tool(t)`"),
            (
                "`not` takes one argument",
                "write `not(any_of(..))` if none may hold, or `not(all_of(..))`",
            ),
            ("unknown matcher `usr`", "did you mean `user`?"),
            ("expected a matcher", "write `user(\"d\")`"),
            (
                "expected a matcher",
                "write `any_of(user(\"e\"), user(\"f\"))`",
            ),
        ],
    );
}

#[test]
fn the_name_of_a_model_has_no_white_space_at_its_ends() {
    let spaces = "the name of a model cannot begin or end with white space";
    wrong(
        "on(model(«\"gpt-4o \"»), model(\"gpt-4o\")).reply(\"x\"), on(any_of(model(«r\" gpt-*\"»), not(model(«\"\\tb\\\"\\n\"»)))).reply(\"x\")",
        &[
            (spaces, "write `\"gpt-4o\"`"),
            (spaces, "write `\"gpt-*\"`"),
            (spaces, "write `\"b\\\"\"`"),
        ],
    );
    wrong(
        "rules = match request { model(«\"gpt-4o \"») => reply(\"x\") }",
        &[(spaces, "write `\"gpt-4o\"`")],
    );
    wrong(
        "on(model(«\"{ \"»)).reply(\"x\")",
        &[("`{` is not closed", "write `{{` for a brace")],
    );
    right("on(model(\"my model\"), user(\" hi \")).reply(\"x\")");
}

#[test]
fn matchers_that_must_all_hold_keep_all_captures() {
    right(
        "on(all_of(any_user_message(\"{a}\"), any_of(model(\"{b}\"), user(\"x\")))).reply(\"{a}{b}\")",
    );
    right("rules = match request { all_of(user(\"in {a}\"), has_tool(t)) => reply(\"{a}\") }");
    wrong(
        "rules = match request { all_of(user(\"in {a}\"), «usr»(\"x\"), not(any_user_message(«5»))) => reply(\"x\") }",
        &[
            ("unknown matcher `usr`", "did you mean `user`?"),
            (
                "the pattern of `any_user_message` must be a string literal",
                "write it in quotes: `\"5\"`",
            ),
        ],
    );
}

#[test]
fn a_matcher_that_does_not_hold_captures_nothing() {
    wrong(
        "on(not(user(\"{a}\")), any_of(any_user_message(\"{b}\"), model(\"{c}\"))).reply(«\"{a}{b}{c}\"»)",
        &[(
            "template variable `a` is not bound by a matcher of this turn or an earlier one",
            "did you mean `b`?",
        )],
    );
}

#[test]
#[cfg(not(feature = "regex"))]
fn regular_expressions_are_a_feature() {
    wrong(
        "on(user(«regex»(\"x\"))).reply(\"{anything}\")",
        &[(
            "`regex` needs the feature `regex` of mock-core",
            "write `mock-core = { version = \"..\", features = [\"regex\"] }` in Cargo.toml",
        )],
    );
}

#[test]
fn a_model_has_a_name() {
    let mistake = (
        "the name of a model cannot be empty",
        "write its name, as in `model(\"gpt-4*\")`, or `when(|request| request.model.is_empty())`",
    );
    wrong(
        "on(model(«\"\"»)).reply(\"a\"), on(not(model(«\" \"»))).reply(\"a\")",
        &[mistake; 2],
    );
    right("on(model(\"*\")).reply(\"a\")");
}

#[test]
fn what_follows_a_capture_can_come() {
    let keeps = |capture: &str, kept: &str| {
        format!("`{{{capture}}}` captures {kept}, so nothing can follow it")
    };
    for (pattern, capture, kept) in [
        ("{a:rest} tail", "a:rest", "the rest of the text"),
        ("order {a:word}s", "a:word", "the rest of the word"),
    ] {
        let source = format!("on(user(«\"{pattern}\"»)).reply(\"x\")");
        let help = "write `{a}`, or end the pattern there";
        wrong(&source, &[(&keeps(capture, kept), help)]);
    }
    for (pattern, capture, kept) in [
        ("{a:word}{b:word}", "a:word", "the rest of the word"),
        ("{a:rest}{b}", "a:rest", "the rest of the text"),
    ] {
        let source = format!("on(user(«\"{pattern}\"»)).reply(\"x\")");
        let help = "write `{a} ` with a space, or end the pattern there";
        wrong(&source, &[(&keeps(capture, kept), help)]);
    }
    for (both, apart) in [
        ("{a}{b}", "{a} {b}"),
        ("{a}{b:word}", "{a} {b:word}"),
        ("{a}{b:rest}", "{a} {b:rest}"),
    ] {
        wrong(
            &format!("on(user(«\"in {both}\"»)).reply(\"x\")"),
            &[(
                &format!("`{both}` has no text between the captures"),
                &format!("write one, as in `{apart}`"),
            )],
        );
    }
    right("on(user(\"{a} {b}, {c}*\")).reply(\"x\")");
    right("on(user(\"in {a:rest}\")).reply(\"x\")");
    right("on(user(\"{a:rest}*\")).reply(\"x\")");
    right("on(user(\"{a:word}, {b:word}{c:rest}\")).reply(\"x\")");
    right("on(user(\"{a:word}{b}\")).reply(\"x\")");
}

#[test]
fn several_matchers_or_patterns_in_one() {
    let several = "on(«user(\"a\") | user(\"b\") | any_user_message(\"c\")»).reply(\"x\")";
    for (sign, word) in [
        ("|", "any_of"),
        ("||", "any_of"),
        ("&", "all_of"),
        ("&&", "all_of"),
    ] {
        let help = format!("write `{word}(user(\"a\"), user(\"b\"), any_user_message(\"c\"))`");
        wrong(
            &several.replace("|", sign),
            &[("expected a matcher", &help)],
        );
    }
    let help = "write `any_of(user(\"a\"), user(\"b\"), user(\"c\"))` in place of `user(..)`";
    for patterns in ["\"a\" | \"b\" | \"c\"", "[\"a\", \"b\", \"c\"]"] {
        wrong(
            &format!("on(user(«{patterns}»)).reply(\"x\")"),
            &[("the pattern of `user` must be a string literal", help)],
        );
    }
    wrong(
        "on(«[user(\"a\"), any_user_message(\"b\")]»).reply(\"x\")",
        &[(
            "expected a matcher",
            "write `all_of(user(\"a\"), any_user_message(\"b\"))`",
        )],
    );
    wrong(
        "on(any_of(«[user(\"a\"), any_user_message(\"b\")]»)).reply(\"x\")",
        &[(
            "the matchers of `any_of` are not in a list",
            "write `user(\"a\"), any_user_message(\"b\")`",
        )],
    );
}
