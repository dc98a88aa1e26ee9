use proc_macro2::TokenStream;

use super::expand;
use crate::tests::{Mutants, assert_mistakes, mistakes};

/// Asserts the mistakes of a mock, each at its mark, and that what is left of it can still be used.
#[track_caller]
fn wrong(marked: &str, expected: &[(&str, &str)]) {
    let expansion = assert_mistakes(marked, expand, expected);
    assert_parses(&expansion, marked);
}

/// Asserts the mistakes of a declared mock, whose struct and `new` are there all the same.
#[track_caller]
fn wrong_items(marked: &str, expected: &[(&str, &str)]) {
    let expansion = assert_mistakes(marked, expand, expected);
    assert_declares(&expansion, marked);
}

#[track_caller]
fn assert_declares(expansion: &TokenStream, source: &str) {
    let file: syn::File = syn::parse2(expansion.clone()).expect(source);
    let structs = file
        .items
        .iter()
        .filter(|item| matches!(item, syn::Item::Struct(_)));
    assert_eq!(structs.count(), 1, "the struct of {source}");
    let text = expansion.to_string();
    assert!(text.contains("fn new ()"), "`new` of {source}");
}

/// An expression is in braces, or begins with the path of `MockProvider`.
#[track_caller]
fn assert_parses(expansion: &TokenStream, source: &str) {
    let text = || format!("the expansion of `{source}` does not parse: {expansion}");
    let error = match syn::parse2::<syn::Block>(expansion.clone()) {
        Ok(_) => None,
        Err(_) => syn::parse2::<syn::File>(expansion.clone()).err(),
    };
    assert!(error.is_none(), "{}", text());
}

const ENTRY: &str = "an entry is an expression: `key = value`, or a turn such as `reply(\"Hi.\")`";
const KEYS: &str = "keys: `crate`, `latency`, `script`, `tools`, `vis`";
const BEGINNINGS: &str =
    "a turn begins with: `on`, `reply`, `stream`, `call`, `reasoning`, `refusal`, `fail`";
const MATCHERS: &str = "matchers: `user`, `tool_result`, `when`";
const BRACES: &str = "write `{{` and `}}` for braces, or `verbatim(..)` for the whole text";

#[test]
fn a_word_that_no_one_knows() {
    wrong_items(
        "Weather = «opnai»(\"gpt-4o\"), «lateny» = 80ms..120ms, «sript» = [reply(\"x\")], «speed» = 5",
        &[
            ("`opnai` is no profile", "did you mean `openai`?"),
            ("unknown key `lateny`", "did you mean `latency`?"),
            ("unknown key `sript`", "did you mean `script`?"),
            ("unknown key `speed`", KEYS),
        ],
    );
    wrong(
        "on(«usr»(\"x\")).«replay»(\"x\"), «repl»(\"x\"), «jump»(), «openai»(\"x\")",
        &[
            ("unknown matcher `usr`", "did you mean `user`?"),
            (
                "unknown action or modifier `replay`",
                "did you mean `reply`?",
            ),
            ("no turn begins with `repl`", "did you mean `reply`?"),
            ("no turn begins with `jump`", BEGINNINGS),
            (
                "no turn begins with `openai`",
                "the profile comes before all else: `openai(..)`, or `Name = openai(..)`",
            ),
        ],
    );
    wrong_items(
        "Weather, tools = [t { a: «strng», b: «String», c: «bool», d: «Vec»(string), e: «f64», f: «Option»(string), g: «Value» }]",
        &[
            ("unknown type `strng`", "did you mean `string`?"),
            ("unknown type `String`", "write `string`"),
            ("unknown type `bool`", "write `boolean`"),
            ("unknown type `Vec`", "write `list(..)`"),
            ("unknown type `f64`", "write `number`"),
            ("unknown type `Option`", "write `optional(..)`"),
            ("unknown type `Value`", "write `json`"),
        ],
    );
    wrong(
        "fail(«rate_limt»), fail(«a::b»), fail(rate_limit { «retryafter»: 2s, «reason»: \"x\" })",
        &[
            (
                "unknown kind of failure `rate_limt`",
                "did you mean `rate_limit`?",
            ),
            (
                "expected a kind of failure",
                "kinds: `timeout`, `rate_limit`, `auth`, `connection`, `invalid_response`, `generic`, `overloaded`, `server_error`, `bad_request`, `context_length`, `content_filter`, `permission`, `not_found`, `quota`",
            ),
            (
                "a failure has no field `retryafter`",
                "did you mean `retry_after`?",
            ),
            (
                "a failure has no field `reason`",
                "fields: `message`, `retry_after`, `status`",
            ),
        ],
    );
}

#[test]
fn a_key_that_other_libraries_have() {
    wrong(
        "«delay» = 20ms",
        &[(
            "unknown key `delay`",
            "write `latency = 120ms` for the time before an answer, or `.every(20ms)` after a stream for the time between its chunks",
        )],
    );
}

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
            "this is no profile",
            "write a profile, as in `openai(\"gpt-4o\")`",
        )],
    );
    wrong_items(
        "Weather = openai(\"x\", «\"y\"»)",
        &[("a profile takes one model", "remove this")],
    );
    wrong_items(
        "Weather = openai(\"x\" «\"y\"»), reply(\"x\")",
        &[("expected `,`", "write `,` before it, or `:` after a name")],
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
    let name = (
        "expected the name of the mock",
        "write it first, as in `Weather = openai(\"gpt-4o\")`",
    );
    wrong("pub «=» plain, reply(\"x\")", &[name]);
    wrong("pub «\"Weather\"» = plain, reply(\"x\")", &[name]);
    wrong("«Self» = plain, reply(\"x\")", &[name]);
    wrong("pub(crate) «fn», reply(\"x\")", &[name]);
    wrong("«Self», reply(\"x\")", &[name]);
    wrong_items(
        "pub(in «5») Weather, reply(\"x\")",
        &[("expected identifier", "write `pub` or `pub(crate)`")],
    );
}

#[test]
fn what_only_a_declared_mock_has() {
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
            "remove `vis` or what stands before the name",
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
            ("`latency` has no value", "write `latency = ..`"),
            ("`tools` is a list", "write `tools = [..]`"),
            ("`script` is a list", "write `script = [..]`"),
            ("expected a path", "write it as in `crate = crate::mocks`"),
            (
                "expected a visibility",
                "write `pub`, `pub(crate)`, or `pub(self)` for this module only",
            ),
        ],
    );
    wrong_items(
        "Weather, «script» =",
        &[("`script` has no value", "write `script = ..`")],
    );
    let latency = (
        "`latency` is a time or a range of times",
        "write `latency = 120ms` or `latency = 80ms..120ms`",
    );
    wrong_items("Weather, latency = [«80ms», 120ms]", &[latency]);
    wrong_items("Weather, «latency» = []", &[latency]);
}

#[test]
fn what_begins_like_an_item_is_a_declaration() {
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
    wrong_items(
        "Weather«<»T> = openai(\"x\")",
        &[("a mock has no generics", "remove them")],
    );
}

#[test]
fn turns_stand_in_one_place() {
    wrong(
        "reply(\"a\"), «script» = [reply(\"b\")]",
        &[(
            "turns stand in `script = [..]` or in the list itself, not in both",
            "move them all into `script = [..]`",
        )],
    );
}

#[test]
fn captures_have_names_of_their_own() {
    wrong(
        "on(user(«\"I am {user}\"»)).reply(\"Hi {user}\")",
        &[(
            "`{user}` has a meaning of its own in templates",
            "use another name, as in `{the_user}`",
        )],
    );
}

#[test]
fn entries_and_what_joins_them() {
    wrong_items(
        "Weather = openai(\"gpt-4o\") «latency» = 5ms, tools = [get {}], script = [reply(\"{city}\" «\"y\"»), reply(\"{city}\") «reply»(\"z\")]",
        &[
            ("expected `,`", "write a comma between entries"),
            ("expected `,`", "write `,` before it, or `:` after a name"),
            ("expected `,`", "write a comma between entries"),
        ],
    );
    wrong(
        "reply(\"x\") «;» reply(\"y\"), latency = «5» «ms», reply =«>» x, reply(\"z\")",
        &[
            ("expected `,`", "write a comma between entries"),
            ("`5` has no unit", "add the unit, as in `5ms`"),
            ("expected `,`", "write a comma between entries"),
            ("expected an expression", ENTRY),
        ],
    );
    wrong(
        "reply(\"x\"), «#[cfg(a)]» reply(\"y\"), «script» = [«#[cfg(a)]» reply(\"z\")]",
        &[
            ("an entry has no attributes", "remove this"),
            (
                "turns stand in `script = [..]` or in the list itself, not in both",
                "move them all into `script = [..]`",
            ),
            ("an entry has no attributes", "remove this"),
        ],
    );
    wrong_items(
        "Weather, latency = «=» 5ms",
        &[("expected an expression", ENTRY)],
    );
}

#[test]
fn turns() {
    let turn = (
        "expected a turn",
        "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
    );
    wrong(
        "latency = 1ms, «5», «a::b()».reply(\"x\"), «Some::<u8>(1)», «x».times(2)",
        &[turn; 4],
    );
    wrong(
        "«on»().reply(\"x\"), on(user(\"a\")).reply(\"x\").«on»(user(\"{b}\")), «on»(user(\"c\")), «times»(2), «user»(\"x\").reply(\"y\")",
        &[
            (
                "`on()` says nothing",
                "write a matcher, as in `on(user(\"hello\"))`, or begin with the action",
            ),
            (
                "`on(..)` comes first",
                "move it to the beginning of the turn, and all matchers into one `on(..)`",
            ),
            (
                "this turn answers with nothing",
                "add an action, as in `on(..).reply(\"Hi.\")`",
            ),
            (
                "`times` follows an action",
                "write it after the action, as in `reply(\"Hi.\").times(..)`",
            ),
            (
                "no turn begins with `user`",
                "matchers stand in `on(..)`: `on(user(..))`",
            ),
        ],
    );
    wrong(
        "«reply»(), reply(\"x\", «\"y\"»), «stream»(), stream(«\"x\"»), «call»(), «fail»()",
        &[
            (
                "`reply` needs a text",
                "write it in the parentheses of `reply(..)`",
            ),
            ("`reply` takes only a text", "remove this"),
            (
                "`stream` needs a list of texts",
                "write it in the parentheses of `stream(..)`",
            ),
            (
                "`stream` takes a list of texts",
                "write `stream([\"Hel\", \"lo\"])`",
            ),
            (
                "`call` needs a tool",
                "write it in the parentheses of `call(..)`",
            ),
            (
                "`fail` needs a kind of failure",
                "write it in the parentheses of `fail(..)`",
            ),
        ],
    );
    wrong(
        "reply(\"x\").«times»().«every»().«ttft»(), reply(\"x\").forever(«3»), reply(\"x\")",
        &[
            (
                "`times` needs a number or a range",
                "write it in the parentheses of `times(..)`",
            ),
            (
                "`every` needs a time",
                "write it in the parentheses of `every(..)`",
            ),
            (
                "`ttft` needs a time",
                "write it in the parentheses of `ttft(..)`",
            ),
            (
                "`forever` takes nothing",
                "write `.forever()`, or `.times(..)` with a number",
            ),
        ],
    );
}

#[test]
fn words_of_a_turn_that_are_said_twice() {
    wrong(
        "reply(\"x\").times(2).«times»(3), reply(\"x\").times(2).«forever»(), reply(\"x\").every(1ms).«every»(2ms), reply(\"x\").ttft(1ms).«ttft»(2ms)",
        &[
            ("`times` is given twice", "remove one of the two `times`"),
            (
                "`times` says how often already",
                "remove `times` or `forever`",
            ),
            ("`every` is given twice", "remove one of the two `every`"),
            ("`ttft` is given twice", "remove one of the two `ttft`"),
        ],
    );
}

#[test]
fn matchers() {
    wrong(
        "on(«5»).reply(\"x\"), on(«\"hello\"»).reply(\"x\"), on(«a::b(1)»).reply(\"x\")",
        &[
            ("expected a matcher", MATCHERS),
            ("expected a matcher", "write `user(\"hello\")`"),
            ("expected a matcher", MATCHERS),
        ],
    );
    wrong(
        "on(«user», «tool_result»(), «when»).reply(\"x\")",
        &[
            ("`user` says nothing yet", "write `user(\"hello\")`"),
            (
                "`tool_result` says nothing yet",
                "write `tool_result(get_weather)`",
            ),
            ("`when` says nothing yet", "write `when(|request| ..)`"),
        ],
    );
    wrong(
        "on(user(«2»)).reply(\"x\"), on(user(\"a\", «\"b\"»)).reply(\"x\"), on(tool_result(«\"t\"»)).reply(\"x\"), on(when(«is_long»)).reply(\"x\")",
        &[
            (
                "the pattern of `user` is a string literal",
                "write the text in quotes, or use `when(|request| ..)`",
            ),
            (
                "`user` takes only one thing",
                "write another matcher after this one: `on(user(..), user(..))`",
            ),
            (
                "expected the name of a tool",
                "write it without quotes, as in `tool_result(get_weather)`",
            ),
            ("`when` needs a closure", "write `when(|request| ..)`"),
        ],
    );
}

#[test]
fn templates_and_patterns() {
    wrong(
        "reply(«\"{\\\"b\\\": 1}\"»), reply(«\"a { b\"»), reply(«\"a } b\"»), reply(«\"{}\"»), fail(auth { message: «\"{a b}\"» })",
        &[
            ("`{\"b\": 1}` is no template variable", BRACES),
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            (
                "`}` was not opened",
                "write `}}` for a brace, or `verbatim(..)` for the whole text",
            ),
            ("`{}` is no template variable", BRACES),
            ("`{a b}` is no template variable", BRACES),
        ],
    );
    wrong(
        "on(user(«\"in {city\"»)).reply(\"{town}\"), on(user(«\"{a:line}\"»)).reply(\"{a}\"), on(user(«\"{1}\"»)).reply(\"{b}\"), on(user(«\"}\"»)).reply(\"\")",
        &[
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            (
                "unknown kind of capture `line`",
                "write `{a}`, `{a:word}` or `{a:rest}`",
            ),
            (
                "`{1}` holds no name",
                "write a name, as in `{city}`, or `{{` and `}}` for braces",
            ),
            (
                "`}` was not opened",
                "write `}}` for a brace, or `verbatim(..)` for the whole text",
            ),
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
                "variables: `user`, `model`, `call`",
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
fn what_was_not_understood_binds_anything_and_says_nothing_twice() {
    let turn = (
        "expected a turn",
        "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
    );
    wrong("«on!(a)».reply(\"{a}\"), reply(\"{b}\")", &[turn]);
    wrong(
        "on(user(\"{a}\" «\"{b}\"»)).reply(\"{a}\"), reply(\"{b}\")",
        &[("expected `,`", "write `,` before it, or `:` after a name")],
    );
    wrong(
        "«On»(user(\"{a}\")).reply(\"{a}\"), reply(\"{b}\")",
        &[("no turn begins with `On`", "did you mean `on`?")],
    );
    wrong_items(
        "Weather, tools = [get_weather(city «:» string), «5»], script = [call(get_weather { city: 5 }), on(tool_result(get_weather)).reply(\"{get_weather.temp}\")]",
        &[
            ("expected `,`", "write `,` before it, or `:` after a name"),
            (
                "expected a tool",
                "write its name and its arguments, as in `get_weather { city: string }`",
            ),
        ],
    );
}

#[test]
fn tools() {
    wrong_items(
        "Weather, tools = [«a::b» {}, «get()», get, «get» { x: string }, t { «x», y: string, «y»: string, «0»: string, ..«rest» }]",
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
                "the fields of an `object` stand in braces",
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
    let tools = "did you mean `get_weather`?";
    wrong_items(
        "Weather, tools = [get_weather], script = [call(«get_wether» {}), on(tool_result(«get_wether»)).reply(«\"{get_wether.a} {get_wether.b}\"»), call(«a::b»), call(«\"get_weather\"»)]",
        &[
            ("no tool `get_wether` is declared in this mock", tools),
            ("no tool `get_wether` is declared in this mock", tools),
            ("no tool `get_wether` is declared in this mock", tools),
            (
                "expected the name of a tool",
                "write one word, as in `get_weather`",
            ),
            (
                "expected a tool and its arguments",
                "write them as in `call(get_weather { city: \"Paris\" })`",
            ),
        ],
    );
    wrong(
        "tools = [], call(«x»)",
        &[("no tool `x` is declared in this mock", "there are no tools")],
    );
}

#[test]
fn arguments() {
    wrong_items(
        "Weather, tools = [t { s: string, i: integer, o: optional(boolean), u: one_of(\"c\", \"f\"), x: object { y: number, l: list(integer) } }],
        script = [
            call(«t»),
            call(«t» { «ss»: \"x\", u: «\"k\"», x: object { y: 1.5, l: [] } }),
            call(t { s: «5», i: «1.5», o: «\"x\"», u: «1», «x»: object { «z»: 5 } }),
            call(t { s: «null», i: «true», o: null, u: \"{model}\", x: object { y: «[]», l: [1, «\"2\"»] } }),
            call(t { s: «object {}», i: «-1.0», u: «\"K\"», x: «\"x\"» }),
            call(t { s: \"x\", i: «5ms», u: \"c\", x: object { y: «1.5f64», l: «5» } }),
        ]",
        &[
            ("tool `t` needs the arguments `s`, `i`, `u`, `x`", "write `s: \"..\", i: 1, u: \"c\", x: object { y: 1.5, l: [1] }`"),
            ("tool `t` needs the arguments `s`, `i`", "write `s: \"..\", i: 1`"),
            ("tool `t` has no argument `ss`", "did you mean `s`?"),
            ("`k` is not one of the values of `u`", "did you mean `c`?"),
            ("`s` must be a string, found an integer", "write `s: \"..\"`"),
            ("`i` must be an integer, found a number", "write `i: 1`"),
            ("`o` must be a boolean, found a string", "write `o: true`"),
            ("`u` must be a string, found an integer", "write `u: \"c\"`"),
            ("object `x` needs the fields `y`, `l`", "write `y: 1.5, l: [1]`"),
            ("object `x` has no field `z`", "did you mean `l`?"),
            ("`s` must be a string, found null", "write `s: \"..\"`"),
            ("`i` must be an integer, found a boolean", "write `i: 1`"),
            ("`y` must be a number, found a list", "write `y: 1.5`"),
            ("`l` must be an integer, found a string", "write `l: 1`"),
            ("`s` must be a string, found an object", "write `s: \"..\"`"),
            ("`i` must be an integer, found a number", "write `i: 1`"),
            ("`K` is not one of the values of `u`", "did you mean `c`?"),
            ("`x` must be an object, found a string", "write `x: object { y: 1.5, l: [1] }`"),
            ("a JSON number has no suffix `ms`", "write `5`"),
            ("a JSON number has no suffix `f64`", "write `1.5`"),
            ("`l` must be a list, found an integer", "write `l: [1]`"),
        ],
    );
    wrong(
        "call(t { a: 1, «a»: 2, «0»: 3, ..«rest» })",
        &[
            ("`a` is given twice", "remove one of the two `a`"),
            ("expected a name", "write `name: value`"),
            ("`..` has no meaning here", "write all fields"),
        ],
    );
    let known = (
        "an argument in a declared mock is a literal",
        "write it out, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression",
    );
    wrong_items(
        "Weather, script = [call(t { a: «CITY», b: [1, «2 + 3»], c: object { d: «f()» } })]",
        &[known; 3],
    );
}

#[test]
fn times() {
    wrong(
        "latency = «120», reply(\"x\").ttft(«\"20ms\"»).every(«20sec»), reply(\"x\").ttft(«\"soon\"»).every(«true»), fail(rate_limit { retry_after: «2» }), reply(\"x\").every(«-5ms»).ttft(«1.5»)",
        &[
            ("`120` has no unit", "add the unit, as in `120ms`"),
            ("a time is not a string", "remove the quotes: `20ms`"),
            (
                "`20sec` is not a time",
                "units are `us`, `ms`, `s`, `m` and `h`, as in `20ms`",
            ),
            (
                "a time is not a string",
                "write a number and its unit, as in `120ms`",
            ),
            (
                "expected a time",
                "write a number and its unit, as in `120ms`",
            ),
            ("`2` has no unit", "add the unit, as in `2ms`"),
            ("a time is not negative", "remove the `-`"),
            ("`1.5` has no unit", "add the unit, as in `1.5ms`"),
        ],
    );
    let both = (
        "a range of times has two ends",
        "write both, as in `80ms..120ms`",
    );
    wrong("latency = «80ms..»", &[both]);
    wrong("latency = «..80ms»", &[both]);
    let empty = (
        "the range of times is empty",
        "write the shorter time first, as in `80ms..120ms`",
    );
    wrong("latency = «120ms..80ms»", &[empty]);
    wrong("latency = «80ms..80ms»", &[empty]);
}

#[test]
fn counts() {
    let empty = (
        "the range of times is empty",
        "write the smaller number first, and the last one after `..=`, as in `1..=3`",
    );
    wrong(
        "reply(\"x\").times(«\"2\"»), reply(\"x\").times(«2ms»), reply(\"x\").times(1«..»3), reply(\"x\").times(«..=3»), reply(\"x\").times(«3..=1»), reply(\"x\").times(«1..1»), reply(\"x\").times(«0..0»), reply(\"x\").times(1«..»N), reply(\"x\").times(«99999999999»), reply(\"x\").times(2, «3»)",
        &[
            (
                "expected a number of times",
                "write a number or a range, as in `.times(3)` or `.times(1..=3)`",
            ),
            (
                "`2ms` is not a number of times",
                "write a whole number, as in `3`",
            ),
            ("a range of times includes its end", "write `..=2`"),
            (
                "the range has no beginning",
                "write it, as in `0..=3` or `1..`",
            ),
            empty,
            empty,
            empty,
            ("a range of times includes its end", "write `..=N - 1`"),
            (
                "`99999999999` is not a number of times",
                "write a whole number, as in `3`",
            ),
            ("`times` takes only a number or a range", "remove this"),
        ],
    );
    let never = (
        "this turn never answers",
        "remove it, or write `.times(1)`; `.times(0..=1)` is a turn that may be left out",
    );
    wrong(
        "«reply»(\"x\").times(0), «on»(user(\"x\")).reply(\"x\").times(0..=0)",
        &[never, never],
    );
    let unreachable = (
        "this turn can never be reached: the one before it answers every request, without end",
        "move it before that one, or give that one an end, as in `.times(2)`",
    );
    wrong(
        "reply(\"x\").forever(), «on»(user(\"x\")).reply(\"x\"), reply(\"y\")",
        &[unreachable],
    );
    wrong("reply(\"x\").times(3..), «reply»(\"x\")", &[unreachable]);
}

#[test]
fn failures() {
    let alone = |kind: &'static str| ("a turn that fails does nothing else", kind);
    wrong(
        "fail(«auth»).reply(\"x\"), reply(\"x\").fail(«quota»), fail(«timeout»).fail(auth), fail(«5»), fail(«rate_limit(2s)»), fail(auth { status: «\"401\"» }), fail(auth { «retry_after»: 2s, «0»: 5, message: \"a\", «message»: \"b\" })",
        &[
            alone("write a turn of its own: `fail(auth)`"),
            alone("write a turn of its own: `fail(quota)`"),
            alone("write a turn of its own: `fail(timeout)`"),
            (
                "expected a kind of failure",
                "write it as in `fail(rate_limit { retry_after: 2s })`",
            ),
            (
                "expected a kind of failure",
                "write it as in `fail(rate_limit { retry_after: 2s })`",
            ),
            ("a status is a number", "write it as in `status: 429`"),
            (
                "`auth` has no `retry_after`",
                "remove it; it goes with `rate_limit`, `overloaded`, `server_error`",
            ),
            ("expected a name", "write `name: value`"),
            (
                "`message` is given twice",
                "remove one of the two `message`",
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
            «reply»(\"never\").times(0),
            reply(«\"{\"»).«evry»(1ms),
        ],
        tools = [get_weather { city: optional(«strng») }],
        latency = «5»",
        &[
            ("`opnai` is no profile", "did you mean `openai`?"),
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
                "remove it, or write `.times(1)`; `.times(0..=1)` is a turn that may be left out",
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

/// Scenarios without a mistake.
const RIGHT: &[&str] = &[
    "",
    "Weather",
    "Weather,",
    "Weather = plain",
    "Weather = openai(\"gpt-4o\")",
    "pub Weather = anthropic(\"claude\"), reply(\"x\")",
    "pub(crate) weather = gemini",
    "pub(in crate::a) r#Weather = ollama(\"x\"),",
    "#[doc = \"Ours.\"] #[derive(Clone, Debug)] #[cfg_attr(all(), allow(unused))] pub(super) Weather = openai_responses(\"x\"), script = []",
    "Weather = openai(MODEL), vis = pub, crate = crate::renamed, latency = SLOW, script = [reply(GREETING), fail(auth { message: REFUSED, status: STATUS }).times(TWICE), reply(\"x\").times(ONCE..=TWICE), reply(\"x\").times(ONCE..).every(SLOW)]",
    "Weather = openai(\"gpt-4o\"), latency = 80ms..120ms, tools = [get_weather { city: string, unit: optional(one_of(\"celsius\", \"fahrenheit\")) }], script = [on(user(\"weather in {city}\")).reply(\"Let me look that up.\").call(get_weather { city: \"{city}\", unit: \"celsius\" }).every(40ms), fail(rate_limit { retry_after: 1s }).times(2), on(tool_result(get_weather)).stream([\"It is \", \"{get_weather.temp}\", \" °C in {city}.\"]).every(60ms)]",
    "Weather, tools = [all { a: string, b: integer, c: number, d: boolean, e: json, f: list(list(string)), g: optional(one_of(\"x\", \"y\")), h: object { i: object { j: boolean } }, r#type: string }, none, empty {}], script = [call(all { a: \"\", b: -1, c: 2, d: true, e: object { any: [null, 1.5, \"{model}\"] }, f: [[\"a\"], []], g: \"x\", h: object { i: object { j: false } }, r#type: \"t\" }), call(all { r#type: \"{user}\", h: object { i: object { j: true } }, g: null, f: [], e: None, d: false, c: -1.5e3, b: 0x1f, a: \"{{}}\" }), call(none).call(empty), call(none {}).call(empty {}), on(tool_result(none)).reply(\"{none.a.0}\")]",
    "fail(timeout), fail(rate_limit), fail(auth), fail(connection), fail(invalid_response), fail(generic), fail(overloaded), fail(server_error), fail(bad_request), fail(context_length), fail(content_filter), fail(permission), fail(not_found), fail(quota)",
    "fail(rate_limit { retry_after: 2s, message: \"slow {user} down\", status: 429 }), fail(overloaded { retry_after: 1.5m }), fail(server_error { retry_after: 1h }), fail(generic {})",
    "reply(\"a\").times(1), reply(\"b\").times(0..=1), reply(\"c\").times(1..=3), reply(\"d\").times(2..=2), on(user(\"e\")).reply(\"e\").times(2..), on(user(\"f\")).reply(\"f\").forever(), reply(\"g\").times(3u32), reply(\"h\").forever()",
    "openai(\"gpt-4o\"), reply(\"Hi.\")",
    "openai, latency = 5us, reply(\"Hi.\").ttft(300ms)",
    "latency = 120ms, script = [reply(\"Hi.\")]",
    "latency = 0.5s..1.5s",
    "latency = base * 2, reply(format!(\"{}\", 5)).times(n + 1), reply(text.clone()).times(1..=n)",
    "on(user(\"{a} and {b:word} * {{x}} ** {c:rest}\")).reply(\"{a}{b}{c} {user} {model} {call} {{}}\")",
    "on(user(\"a\"), user(\"b\"), when(|request| request.messages.len() > limit)).reply(\"x\")",
    "Weather, script = [on(when(|request| request.model == \"x\")).reply(\"x\"), on(when(move |_: &Request| { true })).reply(verbatim(\"{\\\"a\\\": 1}\"))]",
    "call(get { city: city, list: [city.len(), 2 + 3], option: Some(\"x\"), json: json!({ \"a\": [1] }), shorthand })",
    "call(free { anything: \"goes\" }), on(tool_result(free)).reply(\"{free.field}\")",
    "stream([]), stream([\"\"]), stream([\"a\", B, verbatim(\"{\")]).every(20ms)",
    "(reply)((\"x\")), (on(user((\"x {y}\")))).reply((\"{y}\")).times((2)).every((5ms)), fail((auth)), call((t { a: (1) }))",
    "script = [reply(\"a\"),], tools = [t,], latency = 5ms,",
    "Self_ = plain, reply(r#\"raw \"quotes\"\"#)",
];

#[test]
fn what_is_right_has_no_mistake_and_expands() {
    for source in RIGHT {
        let expansion = expand(source.parse().expect("tokens"));
        assert_eq!(mistakes(source, &expansion), [], "{source}");
        let is_declaration = source.contains("eather") || source.contains("Self_");
        match is_declaration {
            true => assert_declares(&expansion, source),
            false => drop(syn::parse2::<syn::Expr>(expansion).expect(source)),
        }
    }
}

#[test]
fn an_argument_takes_the_same_scenarios() {
    for source in RIGHT
        .iter()
        .filter(|source| !source.contains("eather") && !source.contains("Self_"))
    {
        let diagnostics = crate::diagnostics::Diagnostics::default();
        let scenario = super::scenario(
            source.parse().expect("tokens"),
            &Default::default(),
            &diagnostics,
        );
        assert_eq!(diagnostics.count(), 0, "{source}");
        syn::parse2::<syn::Expr>(scenario).expect(source);
    }
}

#[test]
fn whatever_is_written_the_expansion_parses() {
    let mut variants = 0;
    for (seed, source) in RIGHT.iter().enumerate() {
        // The longest take the longest.
        let times = (20_000 / (source.len() + 1)).clamp(90, 400);
        for mutant in Mutants::of(source, seed as u64).take(times) {
            let text = mutant.to_string();
            assert_parses(&expand(mutant), &text);
            variants += 1;
        }
    }
    assert!(variants >= 6_000, "only {variants}");
}

/// What `macro_rules!` passes on comes in invisible groups.
#[test]
fn invisible_groups_are_looked_through() {
    use proc_macro2::{Delimiter, Group, TokenTree};
    fn grouped(tokens: TokenStream) -> TokenStream {
        let tokens = tokens.into_iter().map(|token| match token {
            TokenTree::Literal(literal) => TokenTree::Group(Group::new(
                Delimiter::None,
                TokenTree::Literal(literal).into(),
            )),
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), grouped(group.stream())))
            }
            other => other,
        });
        tokens.collect()
    }
    let source = "Weather = openai(\"x\"), latency = 5ms..6ms, tools = [t { a: one_of(\"x\"), b: integer }], script = [on(user(\"{a}\")).call(t { a: \"x\", b: 5 }).times(1..=2), stream([\"{a}\"]).every(5ms)]";
    let tokens: TokenStream = source.parse().expect("tokens");
    let expansion = expand(grouped(tokens.clone()));
    assert_eq!(expansion.to_string(), expand(tokens).to_string());
}

#[test]
fn one_unknown_argument_is_the_one_that_is_missing() {
    wrong_items(
        "Weather, tools = [t { city: string, unit: optional(string) }], script = [call(t { «town»: \"Paris\" })]",
        &[("tool `t` has no argument `town`", "did you mean `city`?")],
    );
}

#[test]
fn a_closure_is_shown_as_it_is_written() {
    let source = "on(when(|request| request.messages.len()   >= 2\n && { [1 , 2] == *x::<u8>('a', &\"b\") } )).reply(\"x\")";
    let expansion = expand(source.parse().expect("tokens")).to_string();
    let written =
        r#""|request| request.messages.len() >= 2 && { [1 , 2] == *x::<u8>('a', &\"b\") }""#;
    assert!(expansion.contains(written), "{expansion}");
}
