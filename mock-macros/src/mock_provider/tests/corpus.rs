//! Every mutation of a corpus of scenarios expands without a panic.

use super::*;
use crate::tests::{assert_allows_nothing, tries};

/// Scenarios without a mistake.
pub(super) const RIGHT: &[&str] = &[
    "",
    "Weather",
    "Weather,",
    "Weather = plain",
    "Weather = openai(\"gpt-4o\")",
    "pub Weather = anthropic(\"claude\"), reply(\"x\")",
    "pub(crate) Weather = gemini",
    "pub(in crate::a) r#Weather = ollama(\"x\"),",
    "#[doc = \"Ours.\"] #[derive(Clone, Debug)] #[cfg_attr(all(), allow(unused))] pub(super) Weather = openai_responses(\"x\"), script = []",
    "Weather = openai(MODEL), vis = pub, crate = crate::renamed, latency = SLOW, script = [reply(GREETING), fail(auth { message: REFUSED, status: STATUS }).times(TWICE), reply(\"x\").times(ONCE..=TWICE), reply(\"x\").times(ONCE..).every(SLOW)]",
    "Weather = openai(\"gpt-4o\"), latency = 80ms..120ms, tools = [get_weather { city: string, unit: optional(one_of(\"celsius\", \"fahrenheit\")) }], script = [on(user(\"weather in {city}\")).reply(\"Let me look that up.\").call(get_weather { city: \"{city}\", unit: \"celsius\" }).every(40ms), fail(rate_limit { retry_after: 1s }).times(2), on(tool_result(get_weather)).stream([\"It is \", \"{get_weather.temp}\", \" °C in {city}.\"]).every(60ms)]",
    "Weather, tools = [all { a: string, b: integer, c: number, d: boolean, e: json, f: list(list(string)), g: optional(one_of(\"x\", \"y\")), h: object { i: object { j: boolean } }, r#type: string }, none, empty {}], script = [call(all { a: \"\", b: -1, c: 2, d: true, e: object { any: [null, 1.5, \"{model}\"] }, f: [[\"a\"], []], g: \"x\", h: object { i: object { j: false } }, r#type: \"t\" }), call(all { r#type: \"{user}\", h: object { i: object { j: true } }, g: null, f: [], e: None, d: false, c: -1.5e3, b: 0x1f, a: \"{{}}\" }), call(none).call(empty), call(none {}).call(empty {}), on(tool_result(none)).reply(\"{none.a.0}\")]",
    "fail(timeout), fail(rate_limit), fail(auth), fail(connection), fail(invalid_response), fail(generic), fail(overloaded), fail(server_error), fail(bad_request), fail(context_length), fail(content_filter), fail(permission), fail(not_found), fail(quota)",
    "fail(rate_limit { retry_after: 2s, message: \"slow {user} down\", status: 429 }), fail(overloaded { retry_after: 1.5m }), fail(server_error { retry_after: 1h }), fail(generic {}), fail(timeout { status: 504, headers: [(\"x-a\", \"b\"), (NAME, value())], body: \"{}\" }), fail(auth { headers: [], code: CODE, body: BODY })",
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
    "stream([\"\"]), stream([\"a\", B, verbatim(\"{\")]).every(20ms)",
    "(reply)((\"x\")), (on(user((\"x {y}\")))).reply((\"{y}\")).times((2)).every((5ms)), fail((auth)), call((t { a: (1) }))",
    "script = [reply(\"a\"),], tools = [t,], latency = 5ms,",
    "Weather, name = \"mine\", latency = growing(100ms, 0.10).timeout_over(1s), models = [\"a\", \"b\"], capabilities = [streaming, tools], usage = usage(11, 7), allow = [unused_turns, unoffered_tools], seed = 7, max_calls = 5_000, metadata = object { request_id: \"{as it is}\", list: [1, null] }, script = [reply(\"x\")], otherwise = repeat_last",
    "Weather, latency = (LEAST..MOST).timeout_over(LIMIT), name = NAME, usage = Usage::new(1, 2), seed = SEED, max_calls = MOST, capabilities = [], otherwise = fail(auth)",
    "name = name(), latency = growing(first, by).timeout_over(limit), usage = usage(a, b), seed = seed, metadata = meta(), allow = [], capabilities = [tools]",
    "script = [on(user(\"{a}\")).reply(\"{a}\")], rules = match request { user(\"a {x}\") | any_user_message(\"b\") if request.model == \"x\" => reply(\"{x}{a}\").named(first), | not(any_of(system(\"s\"), all_of(model(\"gpt-4*\"), has_tool(t)))) => { reply(\"y\") } (has_tool(t)) => stream([\"a\"]).every(5ms), _ if let Some(_) = request.temperature => hang(), _ => refusal(\"no\"), }",
    "Weather, tools = [a, b], script = [fail(rate_limit)], expect = [calls(2..=4), sent(all_of(system(\"s\"), not(any_user_message(\"x {y}\")))), never_sent(when(|r| r.tools.is_empty())), offered(a), result(a, object { temp: 18, list: [null, -1.5] }), result(b, \"{as it is}\"), order(a, b), within(30s), tokens(..=4_000), waited_retry_after, every_call_answered, prompt_prefix_stable,]",
    "Weather, script = [reply(\"x\").ttft(60s)], expect = [nothing_after_cancel]",
    "expect = [calls(n..=most), calls(TWICE), tokens(1..), within(limit), result(a, value()), result(a, object { b: value() })], reply(\"x\").times(0..)",
    "Weather, rules = match request { tool_result(t) => call(t), }, otherwise = gate(\"g\").fail(auth)",
    "rules = match request { model(\"a\") => reply(\"b\") }, script = [reply(\"x\")], otherwise = cycle",
    "gate(\"a\").reply(\"a b\").split(chars(4)).cut_after(1), reply(\"x\").split(random(1..=12)).tokens_per_second(50), reply(\"x\").split(whole).tokens_per_second(0.5), reply(\"x\").split(words)",
    "reasoning(\"Hm.\").signature(\"s\").reply(\"x\").finish(length).usage(11, 7).named(a), json(object { a: [1, \"{user}\"] }).finish(other(\"pause\")), json(\"x\"), json([]).usage(cost()), respond_with(|request| answer(request)), respond_with(move |_| Ok::<_, E>(x)), driven(\"d\"), reply(\"x\").hang(), gate(name).hang()",
    "call(t.raw(\"{\")).pieces(3).end_after(1), call(t { a: \"b\" }.named(\"t-t\")).pieces(n), call(t.named(\"t-t\").raw(text).id(id())), call(t { a: 1 }.id(\"{call}_{user}\")), on(tool_result(t), has_tool(u)).reply(\"{t.a}\").split(chars(n))",
    "Weather, tools = [t { a: string.named(\"a-a\"), b: object { c: optional(list(integer)).named(\"c-c\") } }.returns(object { temp: number }).named(\"t-t\"), u(module::Args).named(\"u-u\").returns(list(string)), v(Args::<5>)], script = [call(t { a: \"x\", b: object { c: [1] } }), on(tool_result(t)).call(u { a: \"{t.temp}\", b: [\"x\", verbatim(\"{\")], c: Some(\"y\"), d: B { e: None }, ..rest() }).call(v), reply(\"{u.0}\")]",
    "tools = [u(Args)], call(u { a, b: \"{user}\", c: -1, d: if a { \"x\" } else { \"y\" } })",
    "Weather, script = [call(t { a: CONST, b: [1, 2 + 3], c: Place { d: 1 }, e: \"{user}\" })]",
    // Odd, and meant.
    "fail(server_error)",
    "reply(\"Hi.\"), fail(timeout)",
    "call(find { city: \"Paris\" })",
    "reply(\"Hi.\"), hang()",
    "hang()",
    "hang().ttft(5ms)",
    "openai(\"claude-sonnet-4\"), reply(\"Hi.\")",
    "anthropic(\"gpt-4o\"), reply(\"Hi.\")",
    "ollama, reply(\"\")",
    "plain(\"any model at all\"), stream([\"\", \" \", \"\\n\"])",
    "on(user(\"rain in {city}\")).reply(\"The sun shines.\")",
    "on(user(\"{city}\")).reply(\"{city}\"), on(user(\"{city}\")).reply(\"{city}\")",
    "on(user(\"a\")).reply(\"a\"), on(user(\"a\")).reply(\"a\")",
    "reply(\"same\"), reply(\"same\")",
    "reply(\"a b c\").cut_after(0), reply(\"a b c\").cut_after(3), reply(\"a b c\").cut_after(all)",
    "reply(\"a b\").stall_after(0ms), reply(\"a b\").cut_after(1h), reply(TEXT).cut_after(99), reply(\"{user}\").cut_after(99)",
    "reply(\"a\").times(0..=1), reply(\"b\").times(0..)",
    "on(user(\"a\")).reply(\"a\").forever(), reply(\"b\").forever()",
    "reply(\"a\").forever().named(only)",
    "reply(\"a\").every(20ms), reply(\"a\").tokens_per_second(0.1), reply(\"a\").usage(0, 0)",
    "fail(rate_limit { retry_after: 0s }), fail(rate_limit { retry_after: 48h }), fail(rate_limit)",
    "fail(server_error { status: 200 }), fail(auth { message: \"\" })",
    "on(not(user(\"a\"))).reply(\"b\"), on(not(not(user(\"a\")))).reply(\"b\"), on(any_of(user(\"a\"))).reply(\"c\")",
    "on(user(\"a\"), not(user(\"a b\"))).reply(\"c\")",
    "tools = [unused { city: string }], script = [reply(\"Hi.\")]",
    "tools = [], script = [reply(\"Hi.\")]",
    "tools = [t { a: json }], script = [call(t { a: object { any: [\"thing\", null] } }), call(t { a: thing() })]",
    "tools = [t { days: integer }], script = [call(t { days: days() }), call(t { days: if a { 1 } else { 2 } }), call(t.raw(\"not JSON\")), call(t.raw(\"{\\\"days\\\": \\\"three\\\"}\"))]",
    "call(t { city: \"{{}}\" }), call(t { city: verbatim(\"{city}\") }), on(tool_result(t)).reply(\"{t.0.city}\")",
    "on(tool_result(never_called)).reply(\"Hi.\"), on(has_tool(never_offered)).reply(\"Ho.\")",
    "reply(verbatim(\"{ not a variable }\")), reply(\"{{{user}}}\"), reply(\"°C, 東京, {user} 🌧\")",
    "capabilities = [], script = [reply(\"Hi.\")]",
    "capabilities = [streaming], script = [on(has_tool(t)).reply(\"Hi.\")]",
    "rules = match request { _ => fail(overloaded) }",
    "rules = match request { user(\"a\") if a(request) => reply(\"x\"), user(\"a\") => reply(\"y\"), user(\"ab\") => reply(\"z\") }",
    "script = [], otherwise = hang()",
    "script = [reply(\"a\").times(3)], otherwise = repeat_last",
    "latency = 1us, script = [reply(\"Hi.\").ttft(10h)]",
    "latency = 0ms..1ms, reply(\"Hi.\")",
    "latency = growing(100ms, 0), reply(\"Hi.\")",
    "seed = 0, reply(\"Hi.\").split(random(1..=1))",
    "gate(\"a\").fail(auth), gate(\"a\").gate(\"a\").hang(), gate(\"a\").reply(\"b\").gate(\"a\")",
    "refusal(\"no\").finish(content_filter), reasoning(\"only\"), call(t).finish(stop), reply(\"Hi.\").finish(tool_calls)",
    "json([]), json(null), json(5), json(true), json(object {})",
    "respond_with(|_| panic!(\"not now\")), respond_with(async |_| todo!()), respond_with(async move |Request { model, .. }| model), respond_with(a::b), respond_with(|request| { let reply = 5; respond(reply) })",
    "Self_ = plain, reply(r#\"raw \"quotes\"\"#)",
];

#[test]
fn a_correct_mock_has_no_mistake_and_expands() {
    assert!(RIGHT.len() >= 40, "only {}", RIGHT.len());
    for source in RIGHT {
        let expansion = expand(source.parse().expect("tokens"));
        assert_eq!(mistakes(source, &expansion), [], "{source}");
        if !source.contains("allow(unused)") {
            assert_allows_nothing(expansion.clone(), source);
        }
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
        let diagnostics = Diagnostics::default();
        let scenario = crate::mock_provider::scenario(
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
        let times = tries((20_000 / (source.len() + 1)).clamp(90, 400));
        for mutant in Mutants::new(source, seed as u64).take(times) {
            let text = mutant.to_string();
            assert_parses(&expand(mutant), &text);
            variants += 1;
        }
    }
    assert!(variants >= tries(6_000), "only {variants}");
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
