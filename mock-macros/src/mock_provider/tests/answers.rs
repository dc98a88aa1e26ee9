//! Tests of what turns answer with.

use super::*;

#[test]
fn what_actions_take() {
    wrong(
        "hang(«5»), «gate»().reply(\"x\"), gate(«5»).reply(\"x\"), driven(\"a\", «\"b\"»), «json»(), respond_with(«answer()»), respond_with(async |_| x), respond_with(a::answer), «stream»([]), signature(«5»), on(when(«async» |_| true)).reply(\"x\")",
        &[
            (
                "`hang` takes nothing",
                "write `hang()`, or `.stall_after(300ms)` for a time",
            ),
            ("`gate` needs a name", "write `gate(\"ready\")`"),
            ("a name is a text", "write it in quotes: `\"5\"`"),
            ("`driven` takes only a name", "remove this"),
            (
                "`json` needs a value",
                "write `json(object { city: \"Paris\" })`",
            ),
            (
                "`respond_with` needs a closure",
                "write `respond_with(|request| ..)`",
            ),
            (
                "`stream` has no pieces",
                "write them, as in `stream([\"Hel\", \"lo\"])`, or `reply(\"\")` for an empty answer",
            ),
            ("expected a text", "write it in quotes: `\"5\"`"),
            (
                "the closure of `when` is not async",
                "remove `async`; only `respond_with(async |request| ..)` can await",
            ),
        ],
    );
}

#[test]
fn json() {
    wrong(
        "on(user(\"{city}\")).json(object { a: «\"{ctiy}\"», b: [«\"{\"»], «c»: 1, «c»: 2, d: «5ms», e: «objct» { f: 1 } })"
            .replace("«c»: 1", "c: 1")
            .as_str(),
        &[
            (
                "template variable `ctiy` is not bound by a matcher of this turn or an earlier one",
                "did you mean `city`?",
            ),
            (
                "`{` is not closed",
                "write `{{` for a brace, or `verbatim(..)` for the whole text",
            ),
            ("`c` is given twice", "remove one of the two `c`"),
            ("a JSON number has no suffix `ms`", "write `5`"),
            ("a JSON object begins with `object`", "write `object { .. }`"),
        ],
    );
    let known = (
        "a value in the JSON of a declared mock is a literal",
        "write it out, as in `object { city: \"Paris\" }`, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression",
    );
    wrong_items(
        "Weather, metadata = object { a: «ID» }, script = [json(«VALUE»), json([1, «2 + 3»]), json(object { b: «Place { lat: 1 }» })], otherwise = json(«f()»)",
        &[known; 5],
    );
}

#[test]
fn actions_that_cannot_stand_together() {
    wrong(
        "«gate»(\"a\"), hang().«reply»(\"x\"), driven(\"a\").gate(\"b\").reply(\"x\"), fail(auth).«gate»(\"b\"), «respond_with»(|_| x).reply(\"x\"), gate(\"a\").respond_with(|_| x), gate(\"a\").fail(auth), reply(\"x\").hang()",
        &[
            (
                "this turn has no action",
                "add an action, as in `on(..).reply(\"Hi.\")`",
            ),
            (
                "nothing can follow `hang`",
                "move `hang` to the end, or remove `reply`",
            ),
            (
                "nothing can follow `fail`",
                "move `fail` to the end, or remove `gate`",
            ),
            (
                "a closure is the whole answer of its turn",
                "put the rest into its response, or into a turn of its own",
            ),
        ],
    );
}

#[test]
fn calls_have_ids_of_their_own() {
    let again = "this turn may answer more than once, so its calls would have the same id";
    let help = "write the number of the call into it, as in `.id(\"a_{call}\")`";
    for source in [
        "call(t.id(«\"a\"»)).times(2)",
        "call(t.id(«\"a\"»)).times(0..)",
        "call(t.id(«\"a\"»)).forever()",
        "script = [call(t.id(«\"a\"»)), reply(\"x\")], otherwise = cycle",
        "script = [reply(\"x\"), call(t.id(«\"a\"»))], otherwise = repeat_last",
        "script = [reply(\"x\")], otherwise = call(t.id(«\"a\"»))",
        "rules = match request { user(\"x\") => call(t { n: 1 }.id(«\"a\"»)) }",
    ] {
        wrong(source, &[(again, help)]);
    }
    wrong(
        "on(user(\"{x}\")).call(t.id(«\"{x}\"»)).times(2)",
        &[(
            again,
            "write the number of the call into it, as in `.id(\"{x}_{call}\")`",
        )],
    );
    let other = (
        "another call has this id (line 1)",
        "give each call an id of its own",
    );
    wrong(
        "call(t.id(\"a\")).call(u.id(«\"a\"»)), reply(\"x\"), call(t.id(«\"a\"»))",
        &[other; 2],
    );
    wrong(
        "call(t.id(\"{call}\")).call(u.id(«\"{call}\"»)).times(2)",
        &[other],
    );
    right(
        "call(t.id(\"a\")).call(u.id(\"b\")).times(0..=1), call(t.id(\"{call}\")).times(2), call(t.id(\"{call}\"))",
    );
    right("script = [call(t.id(\"a\")), reply(\"x\")], otherwise = repeat_last");
    right("call(t.id(ID)).times(N)");
}

#[test]
fn calls() {
    wrong(
        "call(t { «a: 1» }.raw(\"{\")), call(t.raw(«5»)), call(t.named(«5»)), call(t.named(«\"\"»)), call(t.«rwa»(\"x\")), call(t {}.named(\"a\")), call(t.named(«\"b\"»)), call(t.«raw»()), call(t.«id»()), call(t.id(«5»)).call(u.id(«\"\"»))",
        &[
            ("`raw` replaces the arguments", "remove them: `t.raw(..)`"),
            (
                "the argument of `raw` is a text",
                "write it in quotes: `\"5\"`",
            ),
            (
                "a name on the wire must be a string literal",
                "write it in quotes, as in `.named(\"get-weather\")`",
            ),
            (
                "a name on the wire cannot be empty",
                "write it in quotes, as in `.named(\"get-weather\")`",
            ),
            ("a tool that is called has no `rwa`", "did you mean `raw`?"),
            (
                "`t` is already named `a`",
                "write the same name as in line 1, or another word for another tool",
            ),
            ("`raw` needs a text", "write `raw(\"..\")`"),
            ("`id` needs a text", "write `id(\"call_7\")`"),
            ("expected a text", "write it in quotes: `\"5\"`"),
            (
                "the id of a call is empty",
                "write one, as in `.id(\"call_7\")`, or remove `.id(..)`",
            ),
        ],
    );
    wrong(
        "tools = [t], call(t.named(«\"a\"»))",
        &[(
            "a tool's name on the wire goes in `tools`",
            "write `.named(\"a\")` after `t` there, and remove it here",
        )],
    );
}

#[test]
fn a_mock_that_rejects_tools_calls_none() {
    wrong(
        "capabilities = [streaming], call(«t» {}), otherwise = call(«u»)",
        &[(
            "this mock rejects requests that offer tools, but a turn calls one",
            "add `tools` to `capabilities = [..]`, or remove the call",
        ); 2],
    );
}

#[test]
fn a_signature_is_that_of_the_reasoning_before_it() {
    let mistake = (
        "`signature` follows `reasoning`",
        "write it right after that, with a dot, as in `reasoning(\"..\").signature(\"..\")`",
    );
    wrong(
        "reasoning(\"x\"), «signature»(\"y\"), reasoning(\"x\").reply(\"z\").«signature»(\"y\"), reasoning(\"x\").signature(\"y\").«signature»(\"z\")",
        &[mistake; 3],
    );
    right(
        "reasoning(\"x\").gate(\"g\").signature(\"y\"), driven(\"d\").signature(\"y\"), reasoning(\"\").signature(\"y\").reply(\"z\").reasoning(\"x\").signature(\"y\")",
    );
}

#[test]
fn a_text_has_no_fields() {
    wrong(
        "on(user(\"in {city}\")).reply(««\"{city.name} {user.a.b}\"»»), call(t { a: «\"{model.x}\"» }), reply(«\"{call.y}\"»)",
        &[
            (
                "`{city}` is a text, so it has no field `name`",
                "write `{city}`, or the name of a tool before the field",
            ),
            (
                "`{user}` is a text, so it has no field `a.b`",
                "write `{user}`, or the name of a tool before the field",
            ),
            (
                "`{model}` is a text, so it has no field `x`",
                "write `{model}`, or the name of a tool before the field",
            ),
            (
                "`{call}` is a text, so it has no field `y`",
                "write `{call}`, or the name of a tool before the field",
            ),
        ],
    );
    right(
        "on(user(\"in {city}\")).call(city), on(tool_result(user)).reply(\"{city.name} {user.a} {other.b}\")",
    );
    right("on(user(\"in {city}\")).respond_with(|_| calls(\"city\")), reply(\"{city.name}\")");
    right("tools = [city], script = [on(user(\"in {city}\")).call(city), reply(\"{city.name}\")]");
}

#[test]
fn reasoning_and_a_refusal_take_a_text_or_its_pieces() {
    wrong(
        "«reasoning»([]).reply(\"x\"), refusal([«5»]), reply(\"x\").signature(«[\"a\"]»), refusal([\"a\", \"b\"]).«split»(whole)",
        &[
            (
                "`reasoning` has no pieces",
                "write them, as in `reasoning([\"Hel\", \"lo\"])`, or `reply(\"\")` for an empty answer",
            ),
            ("expected a text", "write it in quotes: `\"5\"`"),
            ("expected a text", "write one text: `\"a\"`"),
            (
                "there is no text to split",
                "remove it: `stream([..])` lists its own pieces",
            ),
        ],
    );
}

#[test]
fn json_in_quotes_is_not_an_object() {
    for (json, meant) in [
        ("\"{}\"", "object {}"),
        (
            "r#\"{\"a\": 1, \"b\": [true, null, -2.5]}\"#",
            "object { a: 1, b: [true, null, -2.5] }",
        ),
        ("\"[{\\\"a\\\": {}}]\"", "[object { a: object {} }]"),
        ("r#\"{\"a\": \"{user}\"}\"#", "object { a: \"{user}\" }"),
    ] {
        wrong(
            &format!("json(«{json}»)"),
            &[(
                "this JSON is in quotes, so it is a text, not an object",
                &format!("write `{meant}`, or `reply(verbatim(..))` for the text as it is"),
            )],
        );
    }
    right("json(\"{user}\"), json(\"a: {user}\"), json(\"{{}}\"), json(verbatim(\"{}\"))");
}

#[test]
fn one_text_or_a_list_of_texts() {
    for (source, help) in [
        ("«stream(\"a\")»", "write `stream([\"a\"])`"),
        (
            "«stream(&[\"a\", \"b\"])»",
            "write `stream([\"a\", \"b\"])`",
        ),
        (
            "«stream(vec![\"a\", \"b\"])»",
            "write `stream([\"a\", \"b\"])`",
        ),
        (
            "on(user(\"a\")).«stream(\"b\")».times(2)",
            "write `stream([\"b\"])`",
        ),
    ] {
        wrong(source, &[("`stream` takes a list of texts", help)]);
    }
    wrong(
        "«frames(\"a\", \"b\")»",
        &[(
            "`frames` takes a list of texts",
            "write `frames([\"a\", \"b\"])`",
        )],
    );
    wrong(
        "on(user(\"a\")).«reply([\"b\", \"c\"])»",
        &[(
            "`reply` takes one text",
            "write `stream([\"b\", \"c\"])` for a text in pieces",
        )],
    );
    let headers = "headers are a list of names and values";
    wrong(
        "reply(\"x\").«headers(\"a\", \"b\")»",
        &[(headers, "write `headers([(\"a\", \"b\")])`")],
    );
    wrong(
        "reply(\"x\").headers(«(\"a\", \"b\")»)",
        &[(headers, "write `[(\"a\", \"b\")]`")],
    );
}
