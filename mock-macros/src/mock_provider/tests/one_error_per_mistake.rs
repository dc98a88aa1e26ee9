//! One mistake makes one error, at its place, and what is right makes none.

use super::*;

#[test]
fn a_profile_that_is_misspelt_is_not_a_name() {
    for source in [
        "«antropic», reply(\"x\")",
        "«antropic»(\"claude\"), reply(\"x\")",
    ] {
        wrong(
            source,
            &[("`antropic` is not a profile", "did you mean `anthropic`?")],
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
fn a_word_in_the_wrong_place_is_reported_once() {
    let after_hang = "a turn that fails cannot have another action";
    wrong(
        "hang().«fail»(timeout)",
        &[(after_hang, "write `,` in place of the dot before it")],
    );
    wrong(
        "hang().«signature»(\"x\")",
        &[(
            "nothing can follow `hang`",
            "move `hang` to the end, or remove `signature`",
        )],
    );
    wrong(
        "«respond_with»(|_| Ok(answer())).signature(\"x\")",
        &[(
            "a closure is the whole answer of its turn",
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
fn a_count_in_a_rule_is_reported_once() {
    let rule = "this already answers any number of times";
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
                "`forever` already sets how often the turn answers",
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
fn bytes_are_not_a_text_even_if_it_may_be_missing() {
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

#[test]
fn braces_for_the_parentheses_of_a_step_are_one_mistake() {
    for (source, help, word) in [
        ("reply(\"x\").«times» { 3 }", "write `times(3)`", "times"),
        ("reply(\"x\").«forever» {}", "write `forever()`", "forever"),
        (
            "reply(\"x\").«usage» { prompt: 4, completion: 5 }",
            "write `usage(..)`",
            "usage",
        ),
    ] {
        wrong(source, &[(&format!("`{word}` has no parentheses"), help)]);
    }
}

#[test]
fn a_key_that_is_called_is_not_a_turn_beside_the_script() {
    wrong(
        "«usage»(4, 5), script = [reply(\"x\")]",
        &[(
            "`usage` follows an action",
            "write it after the action, as in `reply(\"Hi.\").usage(..)`",
        )],
    );
    for (source, key) in [
        ("«latency»(5ms), script = [reply(\"x\")]", "latency"),
        ("«allow»(unused_turns), script = [reply(\"x\")]", "allow"),
    ] {
        wrong(
            source,
            &[(
                &format!("no turn begins with `{key}`"),
                &format!("`{key}` is a key of the mock: `{key} = ..`"),
            )],
        );
    }
}

#[test]
fn a_time_that_is_none_is_in_no_order() {
    wrong(
        "latency = 1s..«18446744073709551615s», reply(\"x\")",
        &[(
            "`18446744073709551615s` is not a time",
            "write a shorter time, as in `120ms`",
        )],
    );
}

#[test]
fn the_arguments_of_growing_have_an_order() {
    wrong(
        "latency = growing(«0.1», 100ms), reply(\"x\")",
        &[("the time comes first", "write `growing(100ms, 0.1)`")],
    );
}

#[test]
fn a_text_is_not_negative() {
    let minus = ("only a number has a `-`", "remove it");
    wrong("json(«-»\"a\")", &[minus]);
    wrong_items("A, script = [json(«-»\"a\")]", &[minus]);
    wrong_items(
        "A, script = [json(object { a: [«-»'c', «-»true] })]",
        &[minus, minus],
    );
}

#[test]
fn a_type_that_is_not_written_out_may_be_left_out_all_the_same() {
    wrong(
        "tools = [a { city: «optional» }], script = [call(a)]",
        &[("`optional` needs a type", "write `optional(string)`")],
    );
}

#[test]
fn texts_beside_each_other_are_one_mistake() {
    wrong(
        "«stream(\"x\", \"y\")»",
        &[(
            "`stream` takes a list of texts",
            "write `stream([\"x\", \"y\"])`",
        )],
    );
    for action in ["reply", "reasoning"] {
        let message = format!("`{action}` takes only a text");
        wrong(
            &format!("{action}(\"a {{}}\", «5»)"),
            &[(&message, "write `format!(\"a {}\", 5)`")],
        );
        wrong_items(
            &format!("A, script = [{action}(\"a {{}}\", «5»)]"),
            &[(&message, "remove this, and write it into the text")],
        );
    }
}
