//! Tests of typed tools.

use super::*;

#[test]
fn tools_of_a_type() {
    wrong(
        "tools = [t(«5»), u(«city»), v(A, «B»), «a::b»(C), w(A).«nmed»(\"x\"), x(A).named(\"y\").«named»(\"z\"), y(«A::<B>()»)]",
        &[
            (
                "expected a type of your own",
                "write arguments in braces, as in `t { city: string }`",
            ),
            (
                "expected a type of your own",
                "write arguments in braces, as in `u { city: string }`",
            ),
            (
                "a tool takes one type of arguments",
                "remove this, or write them out: `v { name: string }`",
            ),
            (
                "expected the name of a tool",
                "write one word, as in `get_weather`",
            ),
            ("a tool has no `nmed`", "did you mean `named`?"),
            ("`named` is given twice", "remove one of the two `named`"),
            (
                "expected a type of your own",
                "write arguments in braces, as in `y { city: string }`",
            ),
        ],
    );
}

#[test]
fn texts_in_typed_arguments_are_templates() {
    let unbound = "template variable `b` is not bound by a matcher of this turn or an earlier one";
    wrong(
        "tools = [t(A)], call(t { a: «\"{b}\"», c: [Some(«\"{b}\"»)], d: B { e: «\"{\"» }, f: f(\"{b}\"), g: «verbatim()» }), call(t { h: «\"{u.x}\"» })",
        &[
            (
                unbound,
                "variables: `user`, `model`, `call`; for a variable of Rust, write `format!(\"{b}\")`",
            ),
            (
                unbound,
                "variables: `user`, `model`, `call`; for a variable of Rust, write `format!(\"{b}\")`",
            ),
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            ("`verbatim` takes one text", "write `verbatim(\"..\")`"),
            ("no tool `u` is declared in this mock", "did you mean `t`?"),
        ],
    );
}

/// The compiler checks the arguments, so it must see the user's own tokens, and the type where the tool stands.
#[test]
fn typed_arguments_keep_the_tokens_of_the_user() {
    let source = "tools = [t(module::A)], script = [call(t { a: \"x {{}} {user}\", b: [1, two()], c: Some(\"y\"), d: None, e: B { f: \"z\" }, ..rest })]";
    let expansion = expand(source.parse().expect("tokens")).to_string();
    for part in [
        "module :: A { a : __mock_core :: from_rendered (& __mock_core_texts [0usize])",
        "b : __mock_core :: from_items ([1 , two ()])",
        "c : Some (__mock_core :: from_literal (\"y\"))",
        "d : None , e : B { f : __mock_core :: from_literal (\"z\") } , .. rest }",
        "__mock_core :: make (move | __mock_core_texts | __mock_core :: arguments (& module :: A",
    ] {
        assert!(expansion.contains(part), "{part}\n{expansion}");
    }
}

#[test]
fn names_on_the_wire() {
    let wire = (
        "a name on the wire must be a string literal",
        "write it in quotes, as in `.named(\"get-weather\")`",
    );
    wrong(
        "tools = [t.named(«X»), u { a: string.named(«5»), b: optional(string.«named»(\"x\")) }, v.named(\"w\"), «w» {}.returns(«5»), x.«named»(), y.named(\"z\"), «z» {}]",
        &[
            wire,
            wire,
            (
                "a type has no `named`",
                "write `.named(\"..\")` after the type of an argument or a field",
            ),
            (
                "tool `v` is also named `w`",
                "write another name here or in line 1",
            ),
            (
                "expected a type",
                "types: `string`, `integer`, `number`, `boolean`, `json`, `list`, `optional`, `one_of`, `object`",
            ),
            ("`named` needs a text", "write `named(\"..\")`"),
            (
                "tool `y` is also named `z`",
                "write another name here or in line 1",
            ),
        ],
    );
}

#[test]
fn results_have_the_fields_that_are_declared() {
    wrong(
        "tools = [t.returns(object { temp: number, wind: optional(object { from: list(string) }), any: json }), u], script = [reply(«\"{t.tmp} {t.temp} {t.wind.from.0}\"»), reply(«\"{t.wind.form}\"»), reply(«\"{t.temp.x}\"»), reply(\"{t.any.thing.0} {u.x}\")]",
        &[
            ("tool `t` returns no `tmp`", "did you mean `temp`?"),
            ("tool `t` returns no `form`", "did you mean `from`?"),
            (
                "tool `t` returns no `x`",
                "write `{t.temp}`, which is not an object",
            ),
        ],
    );
}
