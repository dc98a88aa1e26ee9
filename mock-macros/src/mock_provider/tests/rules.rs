//! Tests of rules.

use super::*;

const ALWAYS: &str = "this already answers any number of times";

#[test]
fn rules_are_a_match_over_the_request() {
    let rules = (
        "`rules` are a `match`",
        "write `rules = match request { user(\"hi\") => reply(\"ho\") }`",
    );
    wrong("rules = [«user(\"a\")»]", &[rules]);
    wrong("rules = «reply(\"a\")»", &[rules]);
    wrong("«rules» = []", &[rules]);
    wrong(
        "rules = match «message» { _ => reply(\"a\") }",
        &[(
            "expected `match request` after `rules =`",
            "write `match request { .. }`",
        )],
    );
    wrong(
        "rules = match request «5»",
        &[(
            "expected curly braces",
            "write `rules = match request { user(\"hi\") => reply(\"ho\") }`",
        )],
    );
}

#[test]
fn a_bad_rule_does_not_take_the_rest_down() {
    let rule = "a rule is `pattern => action`, as in `user(\"hi\") => reply(\"ho\")`";
    wrong(
        "rules = match request { user(\"a\") «reply»(\"a\"), «+» => reply(\"b\"), user(\"c\") => «,» user(\"d\") => reply(\"d\") «reply»(\"e\"), «#[cfg(a)]» user(«2») => reply(\"f\") }, «seeed» = 1",
        &[
            ("expected `=>`", rule),
            ("expected a pattern", rule),
            ("expected an expression", rule),
            ("expected `,`", "write a comma between rules"),
            ("an entry has no attributes", "remove this"),
            (
                "the pattern of `user` must be a string literal",
                "write it in quotes: `\"2\"`",
            ),
            ("unknown key `seeed`", "did you mean `seed`?"),
        ],
    );
}

#[test]
fn patterns_are_matchers() {
    wrong(
        "rules = match request { «x» => reply(\"a\"), «\"hello\"» => reply(\"b\"), «usr»(\"c\") => reply(\"c\"), «user» => reply(\"d\"), user(«\"e\" | \"f\"») => reply(\"e\"), user(\"f\") | «_» => reply(\"f\"), not(«user(\"g\") | user(\"h\")») => reply(\"g\"), «[a, b]» => reply(\"i\"), has_tool(«\"t\"») => reply(\"j\") }",
        &[
            (
                "`x` would match every request",
                "write `_` for that, or a matcher, as in `user(\"hello\")`",
            ),
            ("expected a matcher", "write `user(\"hello\")`"),
            ("unknown matcher `usr`", "did you mean `user`?"),
            ("`user` has no argument", "write `user(\"hello\")`"),
            (
                "the pattern of `user` must be a string literal",
                "write `any_of(user(\"e\"), user(\"f\"))` in place of `user(..)`",
            ),
            ("`_` matches every request", "write it alone, or remove it"),
            (
                "expected a matcher",
                "write `any_of(user(\"g\"), user(\"h\"))`",
            ),
            ("expected a matcher", &known_matchers()),
            ("expected the name of a tool", "write `has_tool(t)`"),
        ],
    );
    let guard = (
        "a rule takes a guard in place of `when`",
        "write the test as a guard, as in `_ if request.messages.len() > 2 => ..`",
    );
    wrong(
        "rules = match request { «when»(|request| request.model == \"x\") => reply(\"a\"), not(«when»(|_| true)) if true => reply(\"b\"), _ => reply(\"c\") }",
        &[guard, guard],
    );
}

#[test]
fn what_a_rule_does_not_take() {
    wrong(
        "rules = match request { user(\"a\") => «on»(user(\"b\")).reply(\"a\"), user(\"b\") => reply(\"b\").«times»(2), user(\"c\") => reply(\"c\").«forever»(), user(\"d\") => «5» }",
        &[
            (
                "the matchers of a rule go in its pattern",
                "write them before `=>`, as in `user(\"hi\") => reply(\"ho\")`",
            ),
            (
                ALWAYS,
                "remove `.times(..)`, or write the turn into `script = [..]`",
            ),
            (
                ALWAYS,
                "remove `.forever()`, or write the turn into `script = [..]`",
            ),
            (
                "expected a turn",
                "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
            ),
        ],
    );
    wrong(
        "otherwise = «on»(user(\"b\")).reply(\"a\").«times»(2)",
        &[
            (
                "`otherwise` answers every other request",
                "remove `on(..)`, or write a rule: `rules = match request { .. }`",
            ),
            (
                ALWAYS,
                "remove `.times(..)`, or write the turn into `script = [..]`",
            ),
        ],
    );
}

#[test]
fn the_words_of_otherwise() {
    wrong(
        "reply(\"a\"), otherwise = «repeat_lst»",
        &[("unknown word `repeat_lst`", "did you mean `repeat_last`?")],
    );
    wrong(
        "reply(\"a\"), otherwise = «hang»",
        &[("`hang` has no parentheses", "write `hang()`")],
    );
    let script = "write `script = [..]`, or what answers, as in `otherwise = reply(\"..\")`";
    wrong(
        "otherwise = «cycle»",
        &[("there is no script to `cycle`", script)],
    );
    wrong(
        "script = [], otherwise = «repeat_last»",
        &[("there is no script to `repeat_last`", script)],
    );
}

#[test]
fn rules_that_can_never_be_reached() {
    wrong(
        "rules = match request { _ if request.messages.is_empty() => reply(\"a\"), _ => reply(\"b\"), «user»(\"c\") => reply(\"c\"), has_tool(t) => reply(\"d\") }, otherwise = «reply»(\"e\")",
        &[
            (
                "this rule can never be reached: an earlier one (line 1) answers every request",
                "move it before that one, or give that one a guard, as in `_ if request.temperature.is_some() => ..`",
            ),
            (
                "this can never be reached: the rule `_` answers every request",
                "remove one of the two",
            ),
        ],
    );
    wrong(
        "script = [reply(\"a\").forever()], rules = match request { «user»(\"b\") => reply(\"b\") }, otherwise = «cycle»",
        &[
            (
                "no rule can ever be reached: a turn of the script answers every request, any number of times",
                "limit that turn, as in `.times(2)`, or make it the last rule: `_ => ..`",
            ),
            (
                "this can never be reached: a turn of the script answers every request",
                "remove it, or limit that turn, as in `.times(2)`",
            ),
        ],
    );
}

/// Only equal matchers and additional ones are found: nothing compares patterns, or looks into `any_of(..)`.
#[test]
fn a_turn_after_wider_matchers_is_found_if_they_are_equal() {
    for (wider, narrower, is_found) in [
        ("system(\"a\")", "system(\"a\")", true),
        ("system(\"a b\")", "system(\"a  b\")", false),
        ("system(\"a\")", "all_of(model(\"m\"), system(\"a\"))", true),
        (
            "all_of(any_user_message(\"b\"), model(\"m\"))",
            "all_of(model(\"m\"), any_user_message(\"b\"))",
            true,
        ),
        (
            "any_of(any_user_message(\"a\"), any_user_message(\"b\"))",
            "any_of(any_user_message(\"a\"), any_user_message(\"b\"))",
            true,
        ),
        ("system(\"order\")", "system(\"my order\")", false),
        ("system(\"{a}\")", "system(\"{b}\")", false),
        ("model(\"gpt-*\")", "model(\"gpt-4o\")", false),
        (
            "any_of(any_user_message(\"a\"), any_user_message(\"b\"))",
            "any_user_message(\"b\")",
            false,
        ),
        (
            "any_of(any_user_message(\"a\"), any_user_message(\"b\"))",
            "any_of(any_user_message(\"b\"), any_user_message(\"a\"))",
            false,
        ),
        (
            "not(any_user_message(\"a b\"))",
            "not(any_user_message(\"a\"))",
            false,
        ),
        (
            "all_of(system(\"a\"), model(\"m\"))",
            "system(\"a\")",
            false,
        ),
    ] {
        for source in [
            format!(
                "rules = match request {{ {wider} => reply(\"a\"), {narrower} => reply(\"b\") }}"
            ),
            format!("on({wider}).reply(\"a\").forever(), on({narrower}).reply(\"b\")"),
            format!(
                "lanes = match request {{ {wider} => [reply(\"a\")], {narrower} => [reply(\"b\")] }}"
            ),
        ] {
            let found = mistakes(&source, &expand(source.parse().expect("tokens")));
            assert_eq!(found.len(), usize::from(is_found), "{source}");
        }
    }
    right(
        "rules = match request { _ if request.tools.is_empty() => reply(\"a\"), _ if request.tools.is_empty() => reply(\"b\") }",
    );
    // A turn between the two makes the last one the next.
    right(
        "on(user(\"a\")).reply(\"a\").forever(), on(user(\"b\")).reply(\"b\"), on(user(\"a\")).reply(\"c\")",
    );
}

/// What has no value for a variable, or calls a tool that is not offered, is passed over.
#[test]
fn a_turn_after_one_that_may_not_answer_can_be_reached() {
    for source in [
        "A, rules = match request { _ => reply(\"{find.temp}\") }, otherwise = reply(\"none\")",
        "A, tools = [find], rules = match request { user(\"a\") => call(find), user(\"a\") => reply(\"no tools offered\") }",
        "A, script = [reply(\"{find.temp}\").forever(), reply(\"no result\")]",
        "A, tools = [find], script = [on(user(\"a\")).call(find).forever(), on(user(\"a\")).reply(\"no tools offered\")]",
        "A, tools = [find], rules = match request { has_tool(find) => call(find), has_tool(find) => reply(\"other arguments\") }",
        "A, tools = [find { x: string }], script = [on(has_tool(find)).call(find { x: \"y\" }).forever(), on(has_tool(find)).reply(\"other arguments\")]",
        "A, script = [on(user(\"I am {name}\")).reply(\"x\")], rules = match request { _ => reply(\"{name}\") }, otherwise = reply(\"who?\")",
        "A, script = [reply(\"{find.temp}\").forever()], rules = match request { user(\"b\") => reply(\"b\") }",
        "A, tools = [find.returns(object { x: number })], rules = match request { tool_result(find) => reply(\"{find.x}\"), tool_result(find) => reply(\"b\") }",
        "A, rules = match request { _ => reply(\"{user}\") }, otherwise = reply(\"nobody\")",
        "A, rules = match request { user(\"{a}\") | any_user_message(\"b\") => reply(\"{a}\"), user(\"{a}\") | any_user_message(\"b\") => reply(\"b\") }",
        "A, rules = match request { _ => reply(\"x\").error_after(1, overloaded { message: \"{find.temp}\" }) }, otherwise = reply(\"none\")",
        "A, script = [on(user(\"{a}\")).reply(\"x\").times(0..=1), on(model(\"m\")).reply(\"{a}\").forever(), on(model(\"m\")).reply(\"no a\")]",
    ] {
        right(source);
    }
    let every = "this rule can never be reached: an earlier one (line 1) answers every request";
    let all = "this rule can never be reached: an earlier one (line 1) answers all of its requests";
    let guard = "give that one a guard, as in `_ if request.temperature.is_some() => ..`";
    let (every_help, all_help) = (
        format!("move it before that one, or {guard}"),
        format!("write another pattern here, or {guard}"),
    );
    for (source, message, help) in [
        (
            "A, rules = match request { _ => reply(\"{model} {call}\"), «user»(\"a\") => reply(\"b\") }",
            every,
            &every_help,
        ),
        (
            "A, rules = match request { user(\"{a}\") => reply(\"{a} {user}\"), «user»(\"{a}\") => reply(\"b\") }",
            all,
            &all_help,
        ),
        (
            "A, tools = [find], rules = match request { has_tool(find) => call(find.raw(\"{}\")), «has_tool»(find) => reply(\"b\") }",
            all,
            &all_help,
        ),
        (
            "A, tools = [find(Find)], rules = match request { has_tool(find) => call(find), «has_tool»(find) => reply(\"b\") }",
            all,
            &all_help,
        ),
        (
            "A, tools = [find], allow = [unoffered_tools], rules = match request { has_tool(find) => call(find), «has_tool»(find) => reply(\"b\") }",
            all,
            &all_help,
        ),
        (
            "A, tools = [find], allow = [unoffered_tools], rules = match request { _ => call(find), «_» => reply(\"b\") }",
            every,
            &every_help,
        ),
        (
            "A, rules = match request { _ => call(find), «_» => reply(\"b\") }",
            every,
            &every_help,
        ),
    ] {
        wrong_items(source, &[(message, help)]);
    }
    wrong(
        "on(user(\"{a}\")).reply(\"x\"), reply(\"{a}\").forever(), «reply»(\"y\")",
        &[(
            "this turn can never be reached: an earlier one (line 1) answers every request, any number of times",
            "move it before that one, or limit that one, as in `.times(2)`",
        )],
    );
}

/// The head of the script waits for its request, and rules answer meanwhile; a script goes on before they are asked.
#[test]
fn a_script_that_waits_leaves_others_to_the_rules() {
    right(
        "script = [on(user(\"a\")).reply(\"x\"), reply(\"y\").forever()], rules = match request { user(\"b\") => reply(\"b\") }, otherwise = reply(\"c\")",
    );
    right(
        "script = [on(user(\"a\")).reply(\"x\").times(LEAST..=3), reply(\"y\").forever()], otherwise = reply(\"c\")",
    );
    for word in ["cycle", "repeat_last"] {
        right(&format!(
            "script = [reply(\"x\")], rules = match request {{ _ => reply(\"b\") }}, otherwise = {word}"
        ));
    }
    let never = (
        "no rule can ever be reached: a turn of the script answers every request, any number of times",
        "limit that turn, as in `.times(2)`, or make it the last rule: `_ => ..`",
    );
    wrong(
        "script = [on(user(\"a\")).reply(\"x\").times(0..=1), reply(\"z\"), reply(\"y\").forever()], rules = match request { «user»(\"b\") => reply(\"b\") }",
        &[never],
    );
}

#[test]
fn captures_of_rules() {
    let unbound = |name: &str| {
        format!(
            "template variable `{name}` is not bound by a matcher of this turn or an earlier one"
        )
    };
    wrong(
        "script = [on(user(\"{a}\")).reply(\"{a}\")], rules = match request { user(\"{b}\") | any_user_message(\"{c}\") => reply(\"{a}{b}{c}\"), system(\"{d}\") => reply(«\"{b}\"»), not(model(\"{e}*\")) => reply(«\"{e}\"») }, otherwise = reply(«\"{a}{d}\"»)",
        &[
            (&unbound("b"), "did you mean `a`?"),
            (&unbound("e"), "did you mean `a`?"),
            (&unbound("d"), "did you mean `a`?"),
        ],
    );
}

#[test]
fn rules_in_a_list_are_a_mistake() {
    wrong(
        "rules = «[user(\"a\") => reply(\"b\")]»",
        &[(
            "`rules` are a `match`",
            "write `match request { user(\"a\") => reply(\"b\") }`",
        )],
    );
    wrong(
        "lanes = «(any_user_message(\"a\") => [reply(\"b\"), reply(\"c\")])»",
        &[(
            "`lanes` are a `match`",
            "write `match request { any_user_message(\"a\") => [reply(\"b\"), reply(\"c\")] }`",
        )],
    );
    for (key, answer) in [("rules", "reply(\"b\")"), ("lanes", "[reply(\"b\")]")] {
        wrong(
            &format!("{key} = «{{» any_user_message(\"a\") => {answer} }}"),
            &[(
                &format!("expected `match request` after `{key} =`"),
                "write `match request` before it",
            )],
        );
    }
}

#[test]
fn a_rule_has_one_action() {
    wrong(
        "rules = match request { user(\"a\") => { reply(\"x\")«;» } user(\"b\") => { reply(\"x\")«,» } }",
        &[
            ("expected `}`, found `;`", "remove it"),
            ("expected `}`, found `,`", "remove it"),
        ],
    );
    let several = (
        "a rule has one action",
        "remove this, or write a lane: `lanes = match request { user(\"hi\") => [reply(\"a\"), reply(\"b\")] }`",
    );
    wrong(
        "rules = match request { user(\"a\") => { reply(\"x\"), «reply(\"y\")» } user(\"b\") => [reply(\"x\"), «reply(\"y\")»], _ => reply(\"z\") }",
        &[several, several],
    );
}
