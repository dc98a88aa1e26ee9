//! Tests of the arguments of tool calls: they fit the tool that the mock declares.

use super::*;

#[test]
fn arguments() {
    let tools = "t { s: string, i: integer, o: optional(boolean), u: one_of(\"c\", \"f\"), x: object { y: number, l: list(integer) } }";
    for (call, mistakes) in [
        (
            "«t»",
            &[(
                "tool `t` needs the arguments `s`, `i`, `u`, `x`",
                "write `t { s: \"..\", i: 1, u: \"c\", x: object { y: 1.5, l: [1] } }`",
            )][..],
        ),
        (
            "«t» { «ss»: \"x\", u: «\"k\"», x: object { y: 1.5, l: [] } }",
            &[
                (
                    "tool `t` needs the arguments `s`, `i`",
                    "write `s: \"..\", i: 1`",
                ),
                ("tool `t` has no argument `ss`", "did you mean `s`?"),
                ("`k` is not one of the values of `u`", "did you mean `c`?"),
            ],
        ),
        (
            "t { s: «5», i: «1.5», o: «\"x\"», u: «1», «x»: object { «z»: 5 } }",
            &[
                (
                    "`s` must be a string, found an integer",
                    "write `s: \"..\"`",
                ),
                ("`i` must be an integer, found a number", "write `i: 1`"),
                ("`o` must be a boolean, found a string", "write `o: true`"),
                ("`u` must be a string, found an integer", "write `u: \"c\"`"),
                (
                    "object `x` needs the fields `y`, `l`",
                    "write `y: 1.5, l: [1]`",
                ),
                ("object `x` has no field `z`", "did you mean `l`?"),
            ],
        ),
        (
            "t { s: «null», i: «true», o: null, u: \"{model}\", x: object { y: «[]», l: [1, «\"2\"»] } }",
            &[
                ("`s` must be a string, found null", "write `s: \"..\"`"),
                ("`i` must be an integer, found a boolean", "write `i: 1`"),
                ("`y` must be a number, found a list", "write `y: 1.5`"),
                ("`l` must be an integer, found a string", "write `l: 1`"),
            ],
        ),
        (
            "t { s: «object {}», i: «-1.0», u: «\"K\"», x: «\"x\"» }",
            &[
                ("`s` must be a string, found an object", "write `s: \"..\"`"),
                ("`i` must be an integer, found a number", "write `i: 1`"),
                ("`K` is not one of the values of `u`", "did you mean `c`?"),
                (
                    "`x` must be an object, found a string",
                    "write `x: object { y: 1.5, l: [1] }`",
                ),
            ],
        ),
        (
            "t { s: \"x\", i: «5ms», u: \"c\", x: object { y: «1.5f64», l: «5» } }",
            &[
                ("a JSON number has no suffix `ms`", "write `5`"),
                ("a JSON number has no suffix `f64`", "write `1.5`"),
                ("`l` must be a list, found an integer", "write `l: [1]`"),
            ],
        ),
    ] {
        wrong_items(
            &format!("Weather, tools = [{tools}], script = [call({call})]"),
            mistakes,
        );
    }
    wrong(
        "call(t { a: 1, «a»: 2, «0»: 3, «..»rest })",
        &[
            ("`a` is given twice", "remove one of the two `a`"),
            ("expected a name", "write `name: value`"),
            ("`..` has no meaning here", "write all fields"),
        ],
    );
    wrong(
        "call(t { a: 1, «..» }), fail(auth { «..» })",
        &[("`..` has no meaning here", "write all fields"); 2],
    );
}

#[test]
fn the_unit_of_rust_is_not_json() {
    for body in [
        "call(t { a: «{}», b: «()» })",
        "json(object { a: [«{}», «()»] })",
        "json(object { a: object { b: («{}»), c: «()» } })",
    ] {
        wrong(
            body,
            &[
                ("`{}` is not JSON", "write `object {}`"),
                ("`()` is not JSON", "write `null`"),
            ],
        );
    }
}

#[test]
fn one_unknown_argument_is_the_one_that_is_missing() {
    wrong_items(
        "Weather, tools = [t { city: string, unit: optional(string) }], script = [call(t { «town»: \"Paris\" })]",
        &[("tool `t` has no argument `town`", "did you mean `city`?")],
    );
}

#[test]
fn two_arguments_have_two_names_on_the_wire() {
    wrong_items(
        "Weather, tools = [t { a: string.named(\"x\"), b: string.named(«\"x\"»), «x»: string }.returns(object { c: object { d: string.named(\"e\"), «e»: string } })]",
        &[
            (
                "`a` is already named `x`",
                "write another name here or in line 1",
            ),
            (
                "`a` is already named `x`",
                "write another name here or in line 1",
            ),
            (
                "`d` is already named `e`",
                "write another name here or in line 1",
            ),
        ],
    );
    right(
        "tools = [t { a: string.named(\"b\"), b: string.named(\"a\") }], call(t { a: \"1\", b: \"2\" })",
    );
}

#[test]
fn a_value_is_one_of_those_named_by_the_text_that_is_sent() {
    wrong_items(
        "Weather, tools = [t { a: one_of(\"{x}\", \"\"), b: one_of(\"{{x}}\") }], script = [call(t { a: \"{{x}}\", b: «\"{{x}}\"» }), call(t { a: \"\", b: «\"\"» })]",
        &[
            (
                "`{{x}}` is not one of the values of `b`",
                "values: `{{{{x}}}}`",
            ),
            ("`` is not one of the values of `b`", "values: `{{{{x}}}}`"),
        ],
    );
}
