//! One mistake is told once, as what it is, and what is none is not told.

use super::*;

#[test]
fn a_profile_that_is_misspelt_is_no_name() {
    for source in [
        "«antropic», reply(\"x\")",
        "«antropic»(\"claude\"), reply(\"x\")",
    ] {
        wrong(
            source,
            &[("`antropic` is no profile", "did you mean `anthropic`?")],
        );
    }
}

#[test]
fn an_argument_that_is_misspelt_is_the_one_that_it_is_like() {
    wrong(
        "tools = [w { city: string, unit: optional(string) }], call(«w» { «unti»: \"c\" })",
        &[
            ("tool `w` needs the argument `city`", "write `city: \"..\"`"),
            ("tool `w` has no argument `unti`", "did you mean `unit`?"),
        ],
    );
}

#[test]
fn what_stands_at_the_wrong_place_is_told_once() {
    let after_hang = "a turn that fails does nothing else";
    wrong(
        "hang().fail(«timeout»)",
        &[(after_hang, "write a turn of its own: `fail(timeout)`")],
    );
    wrong(
        "hang().«signature»(\"x\")",
        &[(
            "nothing comes after `hang`",
            "move `hang` to the end, or remove `signature`",
        )],
    );
    wrong(
        "«respond_with»(|_| Ok(answer())).signature(\"x\")",
        &[(
            "a closure says all that its turn answers",
            "put the rest into its response, or into a turn of its own",
        )],
    );
    wrong(
        "on(user(\"a\")).«times»(2).«forever»().reply(\"b\").times(2)",
        &[
            (
                "`times` follows an action",
                "write it after the action, as in `reply(\"Hi.\").times(..)`",
            ),
            (
                "`forever` follows an action",
                "write it after the action, as in `reply(\"Hi.\").forever()`",
            ),
        ],
    );
    wrong(
        "tools = [a], call(«b».named(\"b-c\"))",
        &[("no tool `b` is declared in this mock", "did you mean `a`?")],
    );
}

#[test]
fn how_often_a_rule_answers_is_told_once() {
    let rule = "this answers as often as it is asked";
    wrong(
        "rules = match request { user(\"a\") => reply(\"b\").«times»(2).«times»(3), }",
        &[
            (
                rule,
                "remove `.times(..)`, or write the turn into `script = [..]`",
            ),
            ("`times` is given twice", "remove one of the two `times`"),
        ],
    );
    wrong(
        "rules = match request { user(\"a\") => reply(\"b\").«forever»().«times»(3), }",
        &[
            (
                rule,
                "remove `.forever()`, or write the turn into `script = [..]`",
            ),
            (
                "`forever` says how often already",
                "remove `forever` or `times`",
            ),
        ],
    );
}

#[test]
fn a_tool_in_quotes_whose_name_is_none_in_rust_is_renamed() {
    for source in [
        "call(«\"get-weather\"» { city: \"x\" })",
        "tools = [«\"get-weather\"» { city: string }]",
    ] {
        wrong(
            source,
            &[(
                "the name of a tool has no quotes",
                "write `get_weather { .. }.named(\"get-weather\")`",
            )],
        );
    }
}

#[test]
fn an_example_is_a_literal_whatever_is_in_it() {
    wrong(
        "tools = [a { x: one_of(\"a\\\"{b\") }], call(a { x: «1» })",
        &[(
            "`x` must be a string, found an integer",
            "write `x: \"a\\\"{{b\"`",
        )],
    );
}

#[test]
fn bytes_are_no_text_where_one_may_be_left_out_either() {
    wrong(
        "tools = [a { x: optional(string) }], call(a { x: «b\"q\"» })",
        &[("`x` must be a string, found bytes", "write `x: \"..\"`")],
    );
}

#[test]
fn a_tool_may_be_called_when() {
    right(
        "rules = match request { tool_result(when) => reply(\"x\"), _ => reply(\"y\") }, call(when)",
    );
}
