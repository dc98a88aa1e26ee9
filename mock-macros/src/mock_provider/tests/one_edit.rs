//! One token too few, or one too many, makes one error: whoever types sees what is wrong, and not what follows from it.

use std::collections::BTreeSet;

use super::*;
use crate::diagnostics::written;
use crate::search::Search as _;
use crate::tests::{edits, tries_all};

/// Scenarios of all parts of the grammar.
const TYPED: &[&str] = &[
    "Weather = openai(\"gpt-4o\"), tools = [get_weather { city: string, unit: optional(one_of(\"celsius\", \"fahrenheit\")) }], script = [on(user(\"weather in {city}\")).call(get_weather { city: \"{city}\", unit: \"celsius\" }), fail(rate_limit { retry_after: 2s }).times(2), on(tool_result(get_weather)).stream([\"It is \", \"{get_weather.temp}\", \" in {city}.\"]).every(20ms)]",
    "reply(\"Hi.\").times(2), fail(timeout), stream([\"a\", \"b\"]).every(5ms).cut_after(1)",
    "Weather, latency = growing(100ms, 0.10).timeout_over(1s), models = [\"a\", \"b\"], capabilities = [streaming, tools], usage = usage(11, 7), allow = [unused_turns], seed = 7, script = [reply(\"x\")], otherwise = repeat_last",
    "Weather, script = [on(user(\"{a}\")).reply(\"{a}\")], rules = match request { user(\"a {x}\") | any_user_message(\"b\") if request.model == \"x\" => reply(\"{x}\"), not(any_of(system(\"s\"), model(\"gpt-4*\"))) => stream([\"a\"]).every(5ms), _ => refusal(\"no\"), }",
    "Weather, tools = [a, b], script = [fail(rate_limit)], expect = [calls(2..=4), sent(all_of(system(\"s\"), not(any_user_message(\"x {y}\")))), offered(a), result(a, object { temp: 18, list: [null, -1.5] }), order(a, b), within(30s), every_call_answered]",
    "Weather, tools = [t { a: string.named(\"a-a\"), b: object { c: optional(list(integer)) } }.returns(object { temp: number }).named(\"t-t\"), u(module::Args)], script = [call(t { a: \"x\", b: object { c: [1] } }), on(tool_result(t)).call(u { a: \"{t.temp}\", b: [\"x\"] })]",
    "pub Weather = anthropic(\"claude\"), lanes = match request { system(\"You plan\") => [reply(\"ho\"), fail(timeout)], model(\"a\") => [reply(\"b\")] }",
    "on(when(|request| request.messages.len() > 2)).respond_with(|request| answer(request)), json(object { a: [1, \"{user}\"] }).finish(other(\"pause\")), gate(\"a\").reply(\"a b\").split(chars(4)).error_after(1, overloaded)",
    "chaos = [cut(0.1), timeout(0.2)], per = header(\"x-agent\"), max_calls = 9, metadata = object { id: \"a\" }, script = [raw(\"<html>\").status(503).headers([(\"a\", \"b\")]), embed([0.1, -0.2]), reasoning(\"Hm.\").signature(\"s\").reply(\"x\").usage(11, 7).named(first)]",
    "#[doc = \"Ours.\"] pub Weather, latency = 80ms..120ms, name = \"a\", script = [reply(\"x\")], otherwise = reply(\"y\")",
    "hang(), pause(2s).reply(\"x\").ttft(300ms).tokens_per_second(50), driven(\"d\"), reply(\"x\").keepalive(5s).stall_after(done), call(t.raw(\"{\")).pieces(3).end_after(1), on(has_tool(t), header(\"x-a\", \"b\")).reply(verbatim(\"{\")).forever()",
];

#[test]
fn an_edit_of_one_token_makes_at_most_one_error_at_a_token() {
    let mut seen = BTreeSet::new();
    let mut several = Vec::new();
    for source in TYPED {
        right(source);
        let tokens: Vec<_> = source
            .parse::<TokenStream>()
            .expect("tokens")
            .into_iter()
            .collect();
        for (index, edit) in edits(&tokens).iter().enumerate() {
            let edited = written(&edit.tokens);
            if !tries_all() && index % 10 > 0 || !seen.insert(edited.clone()) {
                continue;
            }
            let Ok(tokens) = edited.parse::<TokenStream>() else {
                continue;
            };
            let expansion = expand(tokens);
            assert_parses(&expansion, &edited);
            let found = mistakes(&edited, &expansion);
            // The end of a mock has no place, and would be shown at the whole macro.
            let has_place = found.all(&|mistake| mistake.place.0 < mistake.place.1);
            if found.len() > 1 || !has_place {
                several.push(format!("{edited}\n{found:#?}"));
            }
        }
    }
    assert!(
        several.is_empty(),
        "{}: {}",
        several.len(),
        several.join("\n")
    );
}
