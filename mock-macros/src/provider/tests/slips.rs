//! What is written in the notation of something else.

use super::*;

#[test]
fn bare_braces_are_an_object_without_its_word() {
    for source in [
        "json(«{» city: \"Paris\" })",
        "json(«{» at: -1 })",
        "call(find { a: «{» b: 1 } })",
        "metadata = «{» a: 1 }, reply(\"x\")",
        "call(\"find\", «{» city: \"x\" })",
        "rules = match request { _ => json(«{» a: 1 }) }",
    ] {
        let help = "write `object { name: value }`";
        wrong(source, &[("a JSON object is called `object`", help)]);
    }
    for source in [
        "tools = [find { a: «{» b: string } }]",
        "tools = [find { a: string }.returns(«{» x: number })]",
    ] {
        let help = "write `object { name: string }`";
        wrong(source, &[("a JSON object is called `object`", help)]);
    }
    wrong(
        "json(«{» \"city\": \"Paris\" })",
        &[(
            "a JSON object is called `object`, and its names have no quotes",
            "write `object { name: value }`",
        )],
    );
    // A closure may have a body of its own, and a macro any.
    right("json(json!({ a: 1 })), respond_with(|_| { a::b() })");
}

#[test]
fn keywords_are_named() {
    let keyword = |help| [("`match` is a keyword of Rust", help)];
    wrong(
        "tools = [«match» { a: string }]",
        &keyword("write `r#match`, which is `match` on the wire"),
    );
    wrong(
        "on(tool_result(«match»)).reply(\"x\")",
        &keyword("write `r#match`, which is `match` on the wire"),
    );
    wrong(
        "reply(\"x\").named(«match»)",
        &keyword("write another name, as in `.named(first_answer)`"),
    );
}

#[test]
fn types_of_rust_have_other_words_here() {
    for (ty, message, help) in [
        (
            "«Vec»<String>",
            "unknown type `Vec`",
            "write `list(string)`",
        ),
        (
            "«Option»<string>",
            "unknown type `Option`",
            "write `optional(string)`",
        ),
        (
            "«Option»<Vec<i64>>",
            "unknown type `Option`",
            "write `optional(list(integer))`",
        ),
        (
            "list(«Vec»<f32>)",
            "unknown type `Vec`",
            "write `list(number)`",
        ),
        (
            "«HashMap»<String, u8>",
            "unknown type `HashMap`",
            "types: `string`, `integer`, `number`, `boolean`, `json`, `list`, `optional`, `one_of`, `object`",
        ),
    ] {
        wrong(&format!("tools = [find {{ a: {ty} }}]"), &[(message, help)]);
    }
    wrong(
        "tools = [find(«Vec»<Args>)]",
        &[(
            "expected a type of your own, and its name alone",
            "write a struct, as in `find(Args)`, or arguments in braces, as in `find { city: string }`",
        )],
    );
}

#[test]
fn a_time_is_one_word() {
    let time = ("`5` has no unit", "write `5ms`, without the space");
    wrong("reply(\"x\").every(«5» ms)", &[time]);
    wrong("latency = «5» ms, reply(\"x\")", &[time]);
    wrong(
        "latency = «1.5» seconds",
        &[("`1.5` has no unit", "write `1.5s`, without the space")],
    );
}

#[test]
fn fields_have_no_attributes() {
    let attribute = ("an entry has no attributes", "remove this");
    for source in [
        "json(object { «#[cfg(windows)]» a: 1, b: 2 })",
        "tools = [t { «#[cfg(windows)]» a: string }]",
        "call(t { «#[cfg(windows)]» a: 1 })",
        "fail(auth { «#[cfg(windows)]» status: 403 })",
    ] {
        wrong(source, &[attribute]);
    }
    wrong(
        "tools = [t { «/// The city.»\n a: string }]",
        &[(
            "an entry has no attributes",
            "remove this, or write `//` for a comment",
        )],
    );
}

#[test]
fn a_key_is_followed_by_an_equals_sign() {
    wrong_items(
        "A, latency «5ms», script «[»reply(\"x\")], name «=»= \"a\", seed «+»= 7",
        &[
            ("expected `=` after `latency`", "write `latency = ..`"),
            ("expected `=` after `script`", "write `script = ..`"),
            ("expected `=` after `name`, found `==`", "write `name = ..`"),
            ("expected `=` after `seed`, found `+=`", "write `seed = ..`"),
        ],
    );
    wrong_items(
        "A, «\"latency\"» = 5ms, script = [reply(\"x\")]",
        &[("a key is one word, without quotes", "write `latency = ..`")],
    );
    wrong("«a.b» = 5", &[("a key is one word, without quotes", KEYS)]);
}

#[test]
fn a_comma_too_many_is_that_alone() {
    let comma = ("nothing stands before this `,`", "remove it");
    wrong_items(
        "A,«,» script = [reply(\"x\"),«,» reply(\"y\")]",
        &[comma, comma],
    );
    wrong_items("«,» A, script = [reply(\"x\")]", &[comma]);
}

#[test]
fn rules_in_a_list_are_no_rules() {
    wrong(
        "«rules» = [user(\"a\") => reply(\"b\")]",
        &[(
            "`rules` are a `match`",
            "write `rules = match request { user(\"hi\") => reply(\"ho\"), .. }`",
        )],
    );
}

#[test]
fn what_is_raw_takes_the_place_of_all_arguments() {
    let tools = "tools = [find { a: string }], script";
    wrong(
        &format!("{tools} = [call(find.raw(«5»))]"),
        &[("what is raw is a text", "write it in quotes: `\"5\"`")],
    );
    wrong(
        &format!("{tools} = [call(find.«raw»())]"),
        &[("`raw` needs a text", "write `raw(\"..\")`")],
    );
}

#[test]
fn a_name_that_is_written_in_another_way_is_found() {
    wrong_items(
        "«let» W = openai, script = [reply(\"x\")]",
        &[("expected the name of the mock", "remove `let`")],
    );
    for follows in [", script = [reply(\"x\")]", " = openai, reply(\"x\")"] {
        wrong_items(
            &format!("«\"W\"»{follows}"),
            &[("the name of a mock is no text", "write `W`")],
        );
    }
    let message = "no parentheses and no braces follow the name";
    wrong_items(
        "W «{» script: [reply(\"x\")] }",
        &[(message, "write `W, script = [..]`")],
    );
    wrong_items(
        "W«(»openai), reply(\"x\")",
        &[(message, "write `W = openai`")],
    );
}
