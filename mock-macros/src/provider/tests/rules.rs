use super::*;

const ALWAYS: &str = "this answers as often as it is asked";

#[test]
fn rules_are_a_match_over_the_request() {
    let rules = (
        "`rules` are a `match`",
        "write `rules = match request { user(\"hi\") => reply(\"ho\"), .. }`",
    );
    wrong("rules = [«user(\"a\")»]", &[rules]);
    wrong("rules = «reply(\"a\")»", &[rules]);
    wrong("«rules» = []", &[rules]);
    wrong(
        "rules = match «message» { _ => reply(\"a\") }",
        &[("rules match the request", "write `match request { .. }`")],
    );
    wrong(
        "rules = match request «5»",
        &[(
            "expected curly braces",
            "write `rules = match request { pattern => action }`",
        )],
    );
}

#[test]
fn a_bad_rule_does_not_take_the_rest_down() {
    let rule = "a rule is `pattern => action`, as in `user(\"hi\") => reply(\"ho\")`";
    wrong(
        "rules = match request { user(\"a\") «reply»(\"a\"), «+» => reply(\"b\"), user(\"c\") => «,» user(\"d\") => reply(\"d\") «reply»(\"e\"), «#[cfg(a)]» user(«2») => reply(\"f\") }, «speeed» = 1",
        &[
            ("expected `=>`", rule),
            ("expected a pattern", rule),
            ("expected an expression", rule),
            ("expected `,`", "write a comma between rules"),
            ("an entry has no attributes", "remove this"),
            (
                "the pattern of `user` is a string literal",
                "write the text in quotes, or use `when(|request| ..)`",
            ),
            ("unknown key `speeed`", "did you mean `seed`?"),
        ],
    );
}

#[test]
fn patterns_are_matchers() {
    wrong(
        "rules = match request { «x» => reply(\"a\"), «\"hello\"» => reply(\"b\"), «usr»(\"c\") => reply(\"c\"), «user» => reply(\"d\"), user(«\"e\" | \"f\"») => reply(\"e\"), user(\"f\") | «_» => reply(\"f\"), not(«user(\"g\") | user(\"h\")») => reply(\"g\"), «[a, b]» => reply(\"i\"), has_tool(«\"t\"») => reply(\"j\") }",
        &[
            (
                "`x` would hold for every request",
                "write `_` for that, or a matcher, as in `user(\"hello\")`",
            ),
            ("expected a matcher", "write `user(\"hello\")`"),
            ("unknown matcher `usr`", "did you mean `user`?"),
            ("`user` says nothing yet", "write `user(\"hello\")`"),
            (
                "the pattern of `user` is a string literal",
                "write the text in quotes, or use `when(|request| ..)`",
            ),
            (
                "`_` holds for every request",
                "write it alone, or remove it",
            ),
            ("expected a matcher", "write `any_of(user(\"g\"), ..)`"),
            ("expected a matcher", MATCHERS),
            (
                "expected the name of a tool",
                "write it without quotes, as in `has_tool(get_weather)`",
            ),
        ],
    );
    let guard = (
        "a rule asks for more with `if`",
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
                "the matchers of a rule are its pattern",
                "write them before `=>`, as in `user(\"hi\") => reply(\"ho\")`",
            ),
            (
                ALWAYS,
                "remove `.times(..)`, or write the turn into `script = [..]`",
            ),
            (
                ALWAYS,
                "remove `.forever(..)`, or write the turn into `script = [..]`",
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
                "`otherwise` answers whatever is asked",
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
        &[(
            "unknown word `hang`",
            "write what it answers with, as in `hang(..)`",
        )],
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
fn what_can_never_be_reached() {
    wrong(
        "rules = match request { _ if request.messages.is_empty() => reply(\"a\"), _ => reply(\"b\"), «user»(\"c\") => reply(\"c\"), has_tool(t) => reply(\"d\") }, otherwise = «reply»(\"e\")",
        &[
            (
                "this rule can never be reached: one before it (line 1) answers every request",
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
                "no rule can ever be reached: a turn of the script answers every request, without end",
                "give that turn an end, as in `.times(2)`, or make it the last rule: `_ => ..`",
            ),
            (
                "this can never be reached: a turn of the script answers every request",
                "remove it, or give that turn an end, as in `.times(2)`",
            ),
        ],
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
        "script = [on(user(\"{a}\")).reply(\"{a}\")], rules = match request { user(\"{b}\") | said(\"{c}\") => reply(\"{a}{b}{c}\"), system(\"{d}\") => reply(«\"{b}\"»), not(model(\"{e}*\")) => reply(«\"{e}\"») }, otherwise = reply(«\"{a}{d}\"»)",
        &[
            (&unbound("b"), "did you mean `a`?"),
            (&unbound("e"), "did you mean `a`?"),
            (&unbound("d"), "did you mean `a`?"),
        ],
    );
}
