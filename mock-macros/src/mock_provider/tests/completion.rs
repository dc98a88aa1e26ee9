//! Tests of what editors see.

use std::collections::BTreeMap;

use proc_macro2::{Group, TokenTree};
use syn::{Item, ItemMod};

use super::corpus::RIGHT;
use super::*;
use crate::mock_provider::{completion, words};

/// A name or a literal, and where it stands.
type Told = (usize, usize, String);

/// An expansion as editors have it: they expand what is passed on to a macro of theirs, too.
fn expanded(source: &str) -> TokenStream {
    expansions(expand(source.parse().expect("tokens")))
}

fn expansions(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut expanded = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let inner = Group::new(group.delimiter(), expansions(group.stream()));
                expanded.push(inner.into());
            }
            TokenTree::Ident(ident)
                if ident == "editor"
                    && tokens.next_if(|next| next.to_string() == "!").is_some() =>
            {
                let Some(TokenTree::Group(passed_on)) = tokens.next() else {
                    panic!("tokens");
                };
                // The path to it: `::mock_core::__private_0_1_0::`.
                expanded.truncate(expanded.len() - 8);
                expanded.extend(completion::statements(passed_on.stream()));
            }
            token => expanded.push(token),
        }
    }
    expanded.into_iter().collect()
}

/// The names and literals of tokens: with what only editors read, or without.
fn told(tokens: TokenStream, with_editor: bool) -> Vec<Told> {
    let mut all = Vec::new();
    let mut is_for_editors = false;
    for token in tokens {
        let start = token.span().start();
        match token {
            TokenTree::Group(group) => {
                if with_editor || !is_for_editors {
                    all.extend(told(group.stream(), with_editor));
                }
                is_for_editors = false;
            }
            TokenTree::Punct(_) => {}
            token => {
                is_for_editors = token.to_string() == "editor_only";
                all.push((start.line, start.column, token.to_string()));
            }
        }
    }
    all
}

fn counts(tokens: TokenStream, with_editor: bool) -> BTreeMap<Told, usize> {
    let mut counts = BTreeMap::new();
    for told in told(tokens, with_editor) {
        *counts.entry(told).or_default() += 1;
    }
    counts
}

/// The entries of a mock, without what its name says.
fn entries(source: &str) -> TokenStream {
    let tokens: TokenStream = source.parse().expect("tokens");
    let name = |token: &TokenTree| {
        ["Weather", "r#Weather", "Self_"].contains(&&*token.to_string())
            || token.to_string() == "pub"
    };
    let has_name = tokens.clone().into_iter().any(|token| name(&token));
    let is_comma = |token: &TokenTree| token.to_string() == ",";
    let entries = tokens.into_iter();
    match has_name {
        true => entries.skip_while(|token| !is_comma(token)).collect(),
        false => entries.collect(),
    }
}

/// What is of no one entry: the path to the crate, the visibility, and the request of the rules.
const MANY_TIMES: &[&str] = &["crate", "renamed", "pub", "request"];

#[test]
fn each_written_word_is_once_in_the_code() {
    for source in RIGHT {
        let code = counts(expand(source.parse().expect("tokens")), false);
        for told in self::told(entries(source), true) {
            let times = code.get(&told).copied().unwrap_or(0);
            let (_, column, text) = told;
            let may_be = MANY_TIMES.contains(&&*text);
            assert!(
                times <= 1 || may_be,
                "{times} of {text} at {column} in {source}"
            );
        }
    }
}

/// What has no item: words of Rust and of JSON.
const NO_ITEMS: &[&str] = &[
    "_", "crate", "false", "if", "match", "None", "null", "object", "request", "true",
];

/// The names in tokens, but for those in objects.
fn names(tokens: TokenStream) -> Vec<Told> {
    let mut names = Vec::new();
    let mut is_object = false;
    for token in tokens {
        let start = token.span().start();
        let text = token.to_string();
        match token {
            TokenTree::Group(group) if !is_object => names.extend(self::names(group.stream())),
            TokenTree::Ident(_) if !NO_ITEMS.contains(&&*text) => {
                names.push((start.line, start.column, text.clone()));
            }
            _ => {}
        }
        is_object = text == "object";
    }
    names
}

#[test]
fn every_name_that_is_written_is_there_for_editors() {
    for source in RIGHT.iter().chain(&[
        "lat, on(us), reply(\"x\").tim, fail(over), call(g { ci: 1 }).wi(), latency.x = 5",
        "Weather = opn, tools = [t { a: strin, b: string.nam, c: optional(str) }.ret], allow = [un], otherwise = rep",
        "Weather, tools = [t { a: string }], script = [call(t { b }), call(u), on(tool_result(v)).reply(\"x\").finish(le).split(w)]",
        "Weather, rules = match request { us(\"a\") | sai if request.x => rep(\"b\").tim, }",
        "reply(\"a\") stream([\"b\"]), script lat = 5ms",
    ]) {
        let seen = counts(expanded(source), true);
        for name in names(entries(source)) {
            let is_seen = seen.contains_key(&name);
            let (_, column, text) = name;
            assert!(is_seen, "`{text}` at {column} in {source}");
        }
    }
}

/// What stands in the code for editors, without spaces.
fn seen(source: &str) -> String {
    let expansion = expanded(source).to_string();
    let (_, seen) = expansion.split_once("editor_only !").expect("it is there");
    seen.replace(' ', "")
}

#[track_caller]
fn assert_seen(source: &str, expected: &[&str]) {
    let seen = seen(source);
    for expected in expected {
        assert!(
            seen.contains(expected),
            "no {expected} for {source}: {seen}"
        );
    }
}

#[test]
fn where_a_word_is_to_come_its_module_stands() {
    assert_seen("reply(\"x\").", &["words::steps;"]);
    assert_seen("reply(\"x\").ti", &["words::steps::ti;"]);
    assert_seen(
        "reply(\"x\")..every(5ms)",
        &["words::steps;words::steps::every;"],
    );
    assert_seen("on().reply(\"x\")", &["words::matchers;"]);
    for rules in ["", "user(\"x\") => reply(\"x\"),"] {
        let rules = format!("rules = match request {{ {rules} }}");
        assert_seen(&rules, &["words::matchers;"]);
    }
    assert_seen("latency = 5ms,", &["words::entries;"]);
    assert_seen("fail(auth { })", &["words::fields;"]);
    assert_seen("tools = [t { a: }]", &["words::types;"]);
    assert_seen("latency = (80ms..120ms).ti", &["words::latencies::ti;"]);
    assert_seen("reply(\"x\").cut_after()", &["{usewords::places::*;}"]);
    let tools = "tools=[t{a:string,b:string},u],script=";
    let names = "modnames{pubconstt:()=();pubconstu:()=();}";
    assert_seen(&format!("{tools}[call()]"), &[names, "names;"]);
    assert_seen(
        &format!("{tools}[on(tool_result(x)).reply(\"x\")]"),
        &[names, "names::x;"],
    );
    let arguments = "modarguments{pubconstb:()=();}";
    assert_seen(
        &format!("{tools}[call(t {{ a: 1, }})]"),
        &[arguments, "arguments;"],
    );
    assert_seen(
        &format!("{tools}[call(t {{ a: 1, x }})]"),
        &[arguments, "arguments::x;"],
    );
}

#[test]
fn tools_turns_and_captures_are_items() {
    assert_seen(
        "tools = [t { a: string, b: list(integer) }, u(Args)], script = [on(user(\"{x}\")).call(t { b: [1], a: \"{x}\" }).call(u { c: 1 }).named(first)]",
        &[
            "enumtools{t{a:string,b:list<integer>,},u(Args),}",
            "tools::t{b:loop{},a:loop{},..tool};",
            "tools::u;",
            "enumturns{first,}",
            "usewords::variables::*;usetools::*;staticx:&str=\"{x}\";::core::format_args!(\"{x}\");::core::format_args!(\"{x}\");",
        ],
    );
    assert_seen(
        "on(tool_result(t)).reply(\"{t.a.b} {{t.a}}\")",
        &[
            "enumtools{t{},}",
            "usetools::*;::core::format_args!(\"{t:}{{t.a}}\");",
        ],
    );
    // Where none are declared, a call is what a tool is.
    assert_seen(
        "on(tool_result(t)).call(t { a: 1 }).call(t { b: 1 })",
        &[
            "enumtools{t{a:(),b:(),},}",
            "tools::t{b:loop{},..tool};",
            "tools::t;",
        ],
    );
}

#[test]
fn a_capture_has_the_place_of_its_pattern() {
    let source = "on(user(\"in {city:word}\")).reply(\"{city}\")";
    let expansion = counts(expanded(source), true);
    let cities = expansion.keys().filter(|(_, _, text)| text == "city");
    let columns: Vec<_> = cities.map(|(_, column, _)| *column).collect();
    assert_eq!(columns, [source.find('"').expect("a pattern")]);
}

/// An editor looks a word that is being completed up where, in the expansion without it, it would be.
#[test]
fn words_stand_in_their_order_and_look_alike_whether_right_or_wrong() {
    for (right, wrong) in [
        ("latency", "laten"),
        ("reply", "repl"),
        ("times", "tim"),
        ("rate_limit", "rate_"),
        ("message", "mess"),
        ("growing", "grow"),
        ("all", "al"),
        ("string", "str"),
    ] {
        let source = |word: &str| {
            "latency = growing, tools = [t { a: string, b: list(string) }], on(user(\"x\")).reply(\"x\").times(2).cut_after(all), fail(rate_limit { message: \"x\" })"
                .replacen(right, word, 1)
        };
        let before = |word: &str| {
            let seen = seen(&source(word));
            let (before, _) = seen.split_once(&format!("{word};")).expect(word);
            before.to_owned()
        };
        assert_eq!(before(right), before(wrong), "{right}");
    }
}

#[test]
fn before_an_entry_there_may_come_any_other() {
    for entry in ["seed = 7", "reply(\"x\")", "lat = 5ms", "otherwise = cycle"] {
        assert_seen(
            entry,
            &["{use::mock_core::__private_0_1_0::words;words::entries::"],
        );
    }
}

/// What a user's constant is called is theirs: alone it may become a word, and stands in a scope of its own, where all names are.
#[test]
fn code_is_not_taken_for_words() {
    let seen = seen(
        "latency = base.max(LEAST), usage = cost(), script = [reply(TEXT).cut_after(N), json(value), json(null)]",
    );
    let (words, _) = seen.split_once("}}").expect("it ends");
    for word in ["base", "max", "LEAST", "cost", "null"] {
        assert!(!words.contains(word), "{word} in {words}");
    }
    for (module, name) in [("texts", "TEXT"), ("places", "N"), ("texts", "value")] {
        let alone = format!("{{usewords::{module}::*;{name};}}");
        assert_eq!(words.matches(name).count(), 1, "{name} in {words}");
        assert!(words.contains(&alone), "no {alone} in {words}");
    }
}

#[test]
fn every_word_is_a_documented_item() {
    let items = words::items();
    let items: syn::File = syn::parse2(items).expect("items");
    let modules = items.items.into_iter().map(|item| match item {
        Item::Mod(ItemMod { ident, content, .. }) => {
            let items = content.into_iter().flat_map(|(_, items)| items);
            let names = items.filter_map(|item| match item {
                Item::Use(_) => None,
                Item::Const(word) => Some((word.ident, word.attrs)),
                Item::Struct(word) => Some((word.ident, word.attrs)),
                _ => panic!("neither a word nor code"),
            });
            let names = names.map(|(name, attributes)| {
                assert_eq!(attributes.len(), 1, "`{name}` has no sentence");
                name.to_string()
            });
            (ident.to_string(), names.collect())
        }
        _ => panic!("a module"),
    });
    let modules: BTreeMap<String, Vec<String>> = modules.collect();
    for words in words::ALL {
        let names = words.own.iter().map(|word| word.word);
        // A keyword cannot be the name of an item.
        let names: Vec<_> = names.filter(|word| *word != "crate").collect();
        assert_eq!(modules[words.module], names, "{}", words.module);
    }
    assert_eq!(modules.len(), words::ALL.len());
}

#[test]
fn every_example_of_a_word_is_right() {
    for words in words::ALL {
        for word in words.own {
            if ["attributes", "options", "sweeps", "chaos", "types"].contains(&words.module) {
                continue;
            }
            if word.word == "regex" && cfg!(not(feature = "regex")) {
                continue;
            }
            if word.word == "cassette" && cfg!(not(feature = "cassette")) {
                continue;
            }
            let source = match words.module {
                _ if word.word == "replay" && cfg!(not(feature = "cassette")) => continue,
                _ if word.word == "replay" => {
                    "cassette = \"tests/cassettes/weather.yaml\", replay(2)".to_owned()
                }
                "keys" => format!("Weather, {}", word.example),
                "otherwise" => format!("{}, script = [reply(\"x\")]", word.example),
                _ => word.example.to_owned(),
            };
            let expansion = expand(source.parse().expect("tokens"));
            assert_eq!(mistakes(&source, &expansion), [], "{source}");
        }
    }
}
