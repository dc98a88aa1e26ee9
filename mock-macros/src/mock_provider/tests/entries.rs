//! Tests of entries and their mistakes.

use super::*;

#[test]
fn the_head_of_a_declaration() {
    wrong_items(
        "Weather «=», reply(\"x\")",
        &[(
            "expected a profile",
            "write one, as in `= openai(\"gpt-4o\")`",
        )],
    );
    wrong_items(
        "Weather = «5», reply(\"x\")",
        &[(
            "this is not a profile",
            "write a profile, as in `openai(\"gpt-4o\")`",
        )],
    );
    wrong_items(
        "Weather = openai(\"x\", «\"y\"»)",
        &[("a profile takes one model", "remove this")],
    );
    wrong_items(
        "Weather = openai(\"x\" «\"y\"»), reply(\"x\")",
        &[("expected `,`", "write `,` before it")],
    );
    wrong_items(
        "«weather» = openai(\"x\"), reply(\"x\")",
        &[(
            "the name of a mock begins with an upper-case letter",
            "write `Weather`",
        )],
    );
    wrong_items(
        "pub «struct» Weather = plain, reply(\"x\")",
        &[("expected the name of the mock", "remove `struct`")],
    );
    for (source, meant) in [
        (
            "«weather_service» = openai(\"x\"), reply(\"x\")",
            "WeatherService",
        ),
        (
            "pub «weather_service» = openai(\"x\"), reply(\"x\")",
            "WeatherService",
        ),
        ("pub «weather», reply(\"x\")", "Weather"),
    ] {
        let mistake = "the name of a mock begins with an upper-case letter";
        let help = format!("write `{meant}`");
        let expansion = assert_mistakes(source, expand, &[(mistake, &help)]);
        assert_declares(&expansion, source);
        assert!(expansion.to_string().contains(&format!("struct {meant}")));
    }
    let source = "«let» weather = openai(\"x\"), reply(\"x\")";
    let help = "write `Weather` in place of `let weather`";
    let expansion = assert_mistakes(source, expand, &[("expected the name of the mock", help)]);
    assert!(expansion.to_string().contains("struct Weather"));
    let name = (
        "expected the name of the mock",
        "write it first, as in `Weather = openai(\"gpt-4o\")`",
    );
    wrong("pub «=» plain, reply(\"x\")", &[name]);
    wrong(
        "pub «\"Weather\"» = plain, reply(\"x\")",
        &[("the name of a mock is not a text", "write `Weather`")],
    );
    wrong("«Self» = plain, reply(\"x\")", &[name]);
    wrong("pub(crate) «fn», reply(\"x\")", &[name]);
    wrong("«Self», reply(\"x\")", &[name]);
    wrong_items(
        "pub(in «5») Weather, reply(\"x\")",
        &[("expected identifier", "write `pub` or `pub(crate)`")],
    );
}

#[test]
fn names_that_all_of_rust_knows() {
    wrong_items(
        "«Result» = openai(\"x\"), reply(\"x\")",
        &[(
            "`Result` is already a name in Rust's prelude",
            "write another, as in `ResultMock`",
        )],
    );
}

#[test]
fn parts_that_only_a_declared_mock_has() {
    let help = "remove it, or give the mock a name: `Weather = ..`";
    wrong(
        "«#[derive(Clone)]» #[doc = \"x\"] openai(\"x\"), vis = «pub», reply(\"x\")",
        &[
            ("a mock without a name has no attributes", help),
            ("a mock without a name has no visibility", help),
        ],
    );
    wrong_items(
        "pub Weather, «vis» = pub(crate), reply(\"x\")",
        &[(
            "the visibility is given twice",
            "remove `vis` or the visibility before the name",
        )],
    );
}

#[test]
fn keys_and_their_values() {
    wrong_items(
        "Weather, latency«:» 120ms, «latency» = 5ms",
        &[
            (
                "expected `=` after `latency`, found `:`",
                "write `latency = ..`",
            ),
            (
                "`latency` is given twice",
                "remove one of the two `latency`",
            ),
        ],
    );
    wrong_items(
        "Weather, «latency» =, tools = «5», script = «reply(\"x\")», crate = «\"x\"», vis = «private»",
        &[
            ("`latency` has no value", "write `latency = 120ms`"),
            ("`tools` is a list", "write `[5]`"),
            ("`script` is a list", "write `[reply(\"x\")]`"),
            ("expected a path", "write it as in `crate = crate::mocks`"),
            (
                "expected a visibility",
                "write `pub`, `pub(crate)`, or `pub(self)` for this module only",
            ),
        ],
    );
    wrong_items(
        "Weather, «script» =",
        &[("`script` has no value", "write `script = [reply(\"Hi.\")]`")],
    );
    let latency = (
        "`latency` is a time or a range of times",
        "write `latency = 120ms` or `latency = 80ms..120ms`",
    );
    wrong_items("Weather, latency = [«80ms»]", &[latency]);
    wrong_items("Weather, «latency» = []", &[latency]);
}

#[test]
fn input_that_begins_like_an_item_is_a_declaration() {
    wrong_items(
        "«weather», script = [reply(\"x\")]",
        &[(
            "the name of a mock begins with an upper-case letter",
            "write `Weather`",
        )],
    );
    wrong_items(
        "«struct» Weather = openai(\"x\")",
        &[("expected the name of the mock", "remove `struct`")],
    );
    for (source, help) in [
        ("«mock» Weather, reply(\"x\")", "remove `mock`"),
        ("«private» Weather = openai(\"x\")", "remove `private`"),
        ("«crate» Weather, script = [reply(\"x\")]", "remove `crate`"),
        (
            "«public» Weather, reply(\"x\")",
            "write `pub` in place of `public`",
        ),
    ] {
        wrong_items(source, &[("expected the name of the mock", help)]);
    }
    // If there are two names, the first is the mock's.
    let source: TokenStream = "Weather Clerk, script = [reply(\"x\")]"
        .parse()
        .expect("tokens");
    let expansion = expand(source);
    assert!(
        expansion.to_string().contains("struct Weather"),
        "{expansion}"
    );
    for source in [
        "«impl» Llm for Weather { reply(\"x\") }",
        "«trait» Llm { fn complete(&self); }, script = [reply(\"x\")]",
        "«fn» weather() { reply(\"x\") }",
        "«async» fn complete(&self) -> String",
    ] {
        let help = "write it first, as in `Weather = openai(\"gpt-4o\")`";
        wrong(source, &[("expected the name of the mock", help)]);
    }
    let help = "write `Weather`";
    for rest in [
        " = openai(\"x\"), reply(\"x\")",
        ", script = [reply(\"x\")]",
    ] {
        let source = format!("«mocks::Weather»{rest}");
        wrong_items(&source, &[("the name of a mock is one word", help)]);
    }
    wrong_items(
        "Weather«<»T> = openai(\"x\")",
        &[("a mock has no generics", "remove them")],
    );
}

#[test]
fn attributes_of_the_file_are_those_of_the_mock() {
    let message = "an attribute of a mock has no `!`";
    wrong_items(
        "#«!»[allow(dead_code)] #[doc = \"x\"] #«!»[doc = \"y\"] Weather, reply(\"x\")",
        &[
            (message, "write `#[allow(dead_code)]`"),
            (message, "write `///` for a comment on the mock"),
        ],
    );
    wrong(
        "script = [reply(\"x\"), «#![doc = \"y\"]» reply(\"z\")]",
        &[(
            "an entry has no attributes",
            "remove this, or write `//` for a comment",
        )],
    );
}

#[test]
fn turns_stand_in_one_place() {
    wrong(
        "reply(\"a\"), «script» = [reply(\"b\")]",
        &[(
            "turns go in `script = [..]` or in the list itself, not in both",
            "move them all into `script = [..]`",
        )],
    );
}

#[test]
fn entries_and_what_joins_them() {
    wrong_items(
        "Weather = openai(\"gpt-4o\") «latency» = 5ms, tools = [get {}], script = [stream([\"{city}\" «\"y\"»]), reply(\"{city}\") «reply»(\"z\")]",
        &[
            ("expected `,`", "write a comma between entries"),
            ("expected `,`", "write `,` before it"),
            ("expected `,`", "write a comma between entries"),
        ],
    );
    wrong(
        "reply(\"x\") «;» reply(\"y\"), latency = «5» ms, reply «=>» x, reply(\"z\")",
        &[
            ("expected `,`, found `;`", "write `,` in its place"),
            ("`5` has no unit", "write `5ms`, without the space"),
            (
                "`=>` is only for `rules` and `lanes`",
                "write `on(user(\"hi\")).reply(\"ho\")`, or `rules = match request { user(\"hi\") => reply(\"ho\") }`",
            ),
        ],
    );
    wrong(
        "reply(\"x\"), «#[cfg(a)]» reply(\"y\"), «script» = [«#[cfg(a)]» reply(\"z\")]",
        &[
            ("an entry has no attributes", "remove this"),
            (
                "turns go in `script = [..]` or in the list itself, not in both",
                "move them all into `script = [..]`",
            ),
            ("an entry has no attributes", "remove this"),
        ],
    );
    wrong_items(
        "Weather, latency = «=» 5ms",
        &[("there is already a `=` before this one", "remove it")],
    );
}

#[test]
fn an_entry_with_a_mistake_may_capture_anything_and_is_reported_once() {
    let turn = (
        "expected a turn",
        "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
    );
    wrong("«on(a)()».reply(\"{a}\"), reply(\"{b}\")", &[turn]);
    wrong(
        "on(user(«\"{a}\" \"{b}\"»)).reply(\"{a}\"), reply(\"{b}\")",
        &[("expected one text", "write `\"{a}{b}\"`")],
    );
    wrong(
        "«On»(user(\"{a}\")).reply(\"{a}\"), reply(\"{b}\")",
        &[("no turn begins with `On`", "did you mean `on`?")],
    );
    wrong_items(
        "Weather, tools = [get_weather«(»city: string), «5»], script = [call(get_weather { city: 5 }), on(tool_result(get_weather)).reply(\"{get_weather.temp}\")]",
        &[
            (
                "the arguments of a tool go in braces",
                "write `get_weather { city: string }`",
            ),
            (
                "expected a tool",
                "write its name and its arguments, as in `get_weather { city: string }`",
            ),
        ],
    );
}

#[test]
fn all_mistakes_are_reported_in_the_order_of_the_source() {
    wrong_items(
        "Weather = «opnai»(\"gpt-4o\"),
        script = [
            on(user(\"in {city}\")).call(get_weather { «town»: «\"{ctiy}\"» }),
            reply(\"never\").times(«0»),
            reply(«\"{\"»).«evry»(1ms),
        ],
        tools = [get_weather { city: optional(«strng») }],
        latency = «5»",
        &[
            ("`opnai` is not a profile", "did you mean `openai`?"),
            (
                "tool `get_weather` has no argument `town`",
                "arguments: `city`",
            ),
            (
                "template variable `ctiy` is not bound by a matcher of this turn or an earlier one",
                "did you mean `city`?",
            ),
            (
                "this turn never answers",
                "remove it, or write `.times(1)`; `.times(0..=1)` makes a turn optional",
            ),
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            ("unknown action or modifier `evry`", "did you mean `every`?"),
            ("unknown type `strng`", "did you mean `string`?"),
            ("`5` has no unit", "add the unit, as in `5ms`"),
        ],
    );
}

#[test]
fn a_word_alone_is_reported_where_an_item_and_where_an_expression_is_expected() {
    wrong(
        "«rep»",
        &[(
            "the name of a mock begins with an upper-case letter",
            "write `Rep`, or begin with a turn, as in `reply(\"Hi.\")`",
        )],
    );
    // A single macro call is valid both as an item and as an expression.
    let expansion = expand("rep".parse().expect("tokens"));
    assert!(syn::parse2::<syn::ItemMacro>(expansion.clone()).is_ok());
    assert!(syn::parse2::<syn::ExprMacro>(expansion).is_ok());
}

#[test]
fn a_name_may_begin_with_a_letter_of_another_script() {
    for source in [
        "_Weather = openai, reply(\"x\")",
        "日本 = openai, reply(\"x\")",
    ] {
        let expansion = expand(source.parse().expect("tokens"));
        let items: syn::File = syn::parse2(expansion).expect("items");
        let is_struct = |item: &syn::Item| matches!(item, syn::Item::Struct(_));
        assert!(items.items.iter().any(is_struct), "{source}");
    }
}

#[test]
fn the_models_of_a_mock() {
    wrong(
        "«models» = [], reply(\"x\")",
        &[(
            "`models` is empty",
            "name a model, as in `models = [\"gpt-4o\"]`, or remove `models`",
        )],
    );
    wrong(
        "models = [\"a\", «\"a\"», «5», «\"\"»], reply(\"x\")",
        &[
            (
                "the model `a` is given twice",
                "remove one of the two `\"a\"`",
            ),
            (
                "the name of a model is a text",
                "write it in quotes: `\"5\"`",
            ),
            (
                "the name of a model cannot be empty",
                "write the name that requests have, as in `\"gpt-4o\"`",
            ),
        ],
    );
    wrong(
        "openai(«\"o3\"»), models = [\"gpt-4o\"], reply(\"x\")",
        &[(
            "`models` lacks the mock's own model `o3`",
            "add `\"o3\"` to `models`",
        )],
    );
    wrong(
        "models = «\"gpt-4o\"», reply(\"x\")",
        &[("`models` is a list", "write `[\"gpt-4o\"]`")],
    );
}

#[test]
fn a_list_in_braces() {
    wrong(
        "script = «{ reply(\"x\"), reply(\"y\") }»",
        &[("`script` is a list", "write `[reply(\"x\"), reply(\"y\")]`")],
    );
    wrong(
        "script = «(reply(\"x\"), reply(\"y\"))»",
        &[("`script` is a list", "write `[reply(\"x\"), reply(\"y\")]`")],
    );
    wrong(
        "reply(\"x\") «->» reply(\"y\")",
        &[("expected `,`, found `->`", "write `,` in its place")],
    );
}

#[test]
fn a_sign_after_the_last_entry_is_one_too_many() {
    let found = ("expected `,`, found `;`", "remove it");
    wrong("A, script = [reply(\"x\")]«;»", &[found]);
    wrong("reply(\"x\"), reply(\"y\")«;»", &[found]);
    wrong("script = [reply(\"x\"), reply(\"y\")«;»]", &[found]);
}
