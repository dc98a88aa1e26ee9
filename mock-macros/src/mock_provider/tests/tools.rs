//! Tests of tools.

use super::*;

#[test]
fn tools() {
    wrong_items(
        "Weather, tools = [«a::b» {}, «get()», get, «get» { x: string }, t { «x», y: string, «y»: string, «0»: string, «..»rest }]",
        &[
            (
                "expected the name of a tool",
                "write one word, as in `get_weather`",
            ),
            (
                "expected a tool",
                "write its name and its arguments, as in `get_weather { city: string }`",
            ),
            (
                "tool `get` is declared twice",
                "remove one of the two `get`",
            ),
            ("`x` has no type", "write `x: string`"),
            ("`y` is given twice", "remove one of the two `y`"),
            ("expected a name", "write `name: value`"),
            ("`..` has no meaning here", "write all fields"),
        ],
    );
    wrong_items(
        "Weather, tools = [t { a: «5», b: «list», c: «optional»(), d: «one_of», e: one_of(«x»), f: «object», g: «string(5)», h: list(string, «string»), i: «one_of»(), j: «obj» { a: string } }]",
        &[
            (
                "expected a type",
                "types: `string`, `integer`, `number`, `boolean`, `json`, `list`, `optional`, `one_of`, `object`",
            ),
            ("`list` needs a type", "write `list(string)`"),
            ("`optional` needs a type", "write `optional(string)`"),
            ("`one_of` needs the values", "write `one_of(\"a\", \"b\")`"),
            ("expected a string literal", "write a text in quotes"),
            (
                "the fields of an `object` go in braces",
                "write `object { name: string }`",
            ),
            ("the type `string` takes nothing", "write `string`"),
            ("`list` takes only one type", "remove this"),
            ("`one_of` needs the values", "write `one_of(\"a\", \"b\")`"),
            (
                "unknown type `obj`",
                "types: `string`, `integer`, `number`, `boolean`, `json`, `list`, `optional`, `one_of`, `object`",
            ),
        ],
    );
}

#[test]
fn a_word_is_the_same_with_an_r_that_it_does_not_need() {
    wrong_items(
        "Weather, tools = [find { a: string, «r#a»: string, r#type: string }, «r#find»], script = [call(r#find { r#a: «5», r#type: \"\" }).named(b), on(tool_result(r#find)).reply(\"x\").named(«r#b»)]",
        &[
            ("`a` is given twice", "remove one of the two `a`"),
            (
                "tool `find` is declared twice",
                "remove one of the two `find`",
            ),
            (
                "`a` must be a string, found an integer",
                "write `a: \"..\"`",
            ),
            (
                "two turns are named `b`",
                "write another name here or in line 1",
            ),
        ],
    );
    right("tools = [find { r#type: string }], call(r#find { r#type: \"x\" })");
}

#[test]
fn the_type_of_a_result_after_an_arrow() {
    for (sign, ty) in [
        ("->", "object { a: string, b: integer }"),
        ("->", "string"),
        (":", "string"),
        ("returns", "list(string)"),
    ] {
        wrong(
            &format!("tools = [look {{ at: string }} «{sign} {ty}»], reply(\"x\")"),
            &[(
                "the type of a result goes in `returns`",
                &format!("write `.returns({ty})`"),
            )],
        );
    }
}

#[test]
fn the_fields_of_an_object_in_parentheses() {
    let message = "the fields of an `object` go in braces";
    wrong(
        "tools = [look { at: object«(»a: string, b: integer) }], reply(\"x\")",
        &[(message, "write `object { a: string, b: integer }`")],
    );
    wrong(
        "json(object«(»a: 1))",
        &[(message, "write `object { a: 1 }`")],
    );
}

#[test]
fn texts_in_the_place_of_a_type() {
    for ty in ["[\"a\", \"b\"]", "\"a\" | \"b\""] {
        wrong(
            &format!("tools = [look {{ at: «{ty}» }}], reply(\"x\")"),
            &[("expected a type", "write `one_of(\"a\", \"b\")`")],
        );
    }
}
