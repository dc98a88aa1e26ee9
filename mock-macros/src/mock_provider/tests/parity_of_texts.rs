//! The macro and the builder read one language: what one takes, the other takes for the same.

use mock_core::__private_0_1_0 as scenario;

use super::super::patterns::{self, PatternPiece, Until};
use super::super::templates::{self, Piece, Variable};
use super::*;
use crate::tests::tries;

/// What texts are made of, by chance: mostly what means something in one.
const PIECES: &[&str] = &[
    "{",
    "}",
    "{{",
    "}}",
    "*",
    "**",
    ":",
    ":word",
    ":rest",
    ":line",
    ".",
    "-",
    "_",
    "a",
    "b1",
    "ü",
    "日",
    "1",
    " ",
    "\n",
    "\"",
    "\\",
    "user",
    "model",
    "call",
    "{a}",
    "{b}",
    "{_}",
    "{a:word}",
    "{b:rest}",
    "{user}",
    "{t.a.0}",
    "{t[0].a}",
    "[",
    "]",
    "{get-time.time-zone}",
];

const COUNT: usize = 100_000;

fn by_chance() -> impl Iterator<Item = String> {
    let mut state = 7_u64;
    // SplitMix64.
    let mut below = move |end: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    };
    std::iter::repeat_with(move || {
        let count = below(9);
        (0..count).map(|_| PIECES[below(PIECES.len())]).collect()
    })
    .take(tries(COUNT))
}

/// What the macro makes of a template, as the builder would say it.
fn template(source: &str) -> Option<scenario::Text> {
    let (pieces, mistakes) =
        templates::template(&syn::LitStr::new(source, proc_macro2::Span::call_site()));
    if !mistakes.is_empty() {
        return None;
    }
    let variable = |variable| match variable {
        Variable::Capture(name) => scenario::Variable::Capture(name.into()),
        Variable::User => scenario::Variable::User,
        Variable::Model => scenario::Variable::Model,
        Variable::Call => scenario::Variable::Call,
        Variable::Field { tool, index, path } => scenario::Variable::Field {
            tool: tool.into(),
            index,
            path: path.into(),
        },
    };
    let piece = |piece| match piece {
        Piece::Text(text) => scenario::TemplateSegment::Text(text.into()),
        Piece::Variable(it) => scenario::TemplateSegment::Variable(variable(it)),
    };
    Some(match pieces.as_slice() {
        [] => scenario::Text::Verbatim("".into()),
        [Piece::Text(text)] => scenario::Text::Verbatim(text.clone().into()),
        _ => scenario::Text::Template(scenario::Template {
            pieces: pieces.into_iter().map(piece).collect::<Vec<_>>().into(),
        }),
    })
}

fn pattern(source: &str) -> Option<scenario::Pattern> {
    let (pieces, mistakes) =
        patterns::pattern(&syn::LitStr::new(source, proc_macro2::Span::call_site()));
    let until = |until| match until {
        Until::Next => scenario::Until::Next,
        Until::Word => scenario::Until::Word,
        Until::Rest => scenario::Until::Rest,
    };
    let piece = |piece| match piece {
        PatternPiece::Text(text) => scenario::PatternSegment::Text(text.into()),
        PatternPiece::Any => scenario::PatternSegment::Any,
        PatternPiece::Capture { name, until: end } => scenario::PatternSegment::Capture {
            name: name.into(),
            until: until(end),
        },
    };
    let pieces = pieces.into_iter().map(piece).collect::<Vec<_>>();
    mistakes
        .is_empty()
        .then(|| scenario::Pattern::Words(pieces.into()))
}

#[test]
fn the_macro_and_the_builder_read_the_same_templates() {
    let mut right = 0;
    for source in by_chance() {
        let macros = template(&source);
        right += usize::from(macros.is_some());
        assert_eq!(macros, scenario::Text::parse(&source).ok(), "{source:?}");
    }
    let count = tries(COUNT);
    assert!(
        (count / 10..count * 9 / 10).contains(&right),
        "{right} are right"
    );
}

#[test]
fn the_macro_and_the_builder_read_the_same_patterns() {
    let mut right = 0;
    for source in by_chance() {
        let macros = pattern(&source);
        right += usize::from(macros.is_some());
        assert_eq!(macros, scenario::Pattern::parse(&source).ok(), "{source:?}");
    }
    let count = tries(COUNT);
    assert!(
        (count / 10..count * 9 / 10).contains(&right),
        "{right} are right"
    );
}

#[test]
fn a_pattern_or_a_template_is_shown_as_it_is_read() {
    for source in by_chance() {
        if let Some(pattern) = pattern(&source) {
            let shown = pattern.to_string();
            assert_eq!(
                self::pattern(&shown),
                Some(pattern),
                "{source:?} as {shown:?}"
            );
        }
        if let Some(template) = template(&source) {
            let shown = template.to_string();
            assert_eq!(
                self::template(&shown),
                Some(template),
                "{source:?} as {shown:?}"
            );
        }
    }
}

#[test]
fn names_of_the_wire_have_dashes() {
    right("reply(\"{get_time.time-zone} {get-time.zone.a-b.0}\")");
    wrong(
        "tools = [get_time.named(\"get-time\")], script = [on(tool_result(get_time)).reply(«\"{get-time.zone}\"»)]",
        &[(
            "no tool `get-time` is declared in this mock",
            "did you mean `get_time`?",
        )],
    );
}

#[test]
fn no_operator_joins_texts() {
    let message = "`+` does not join texts";
    for (source, help) in [
        ("reply(\"a\" «+» \"b\")", "write one text: `\"ab\"`"),
        (
            "reply(\"a \" + \"{user} \" «+» \"b\")",
            "write one text: `\"a {user} b\"`",
        ),
        (
            "stream([\"a\", \"b\" «+» \"c\"])",
            "write one text: `\"bc\"`",
        ),
        ("raw(\"a\" «+» \"b\")", "write one text: `\"ab\"`"),
        (
            "gate(\"a\" «+» \"b\").reply(\"x\")",
            "write one text: `\"ab\"`",
        ),
        (
            "json(object { x: \"a\" «+» \"b\" })",
            "write one text: `\"ab\"`",
        ),
        (
            "call(get { x: [\"a\" «+» \"b\"] })",
            "write one text: `\"ab\"`",
        ),
        (
            "fail(auth { message: \"a\" «+» \"b\" })",
            "write one text: `\"ab\"`",
        ),
        ("reply(\"a\" «+» name)", "write `format!(\"a{}\", name)`"),
        (
            "reply(\"a {b}\" «+» &name)",
            "write `format!(\"a {{b}}{}\", &name)`",
        ),
        (
            "reply(\"a\" + name «+» \"b\")",
            "write it with `format!(\"..\", ..)`",
        ),
    ] {
        wrong(source, &[(message, help)]);
    }
    wrong(
        "reply(\"a\" «&» \"b\")",
        &[("`&` does not join texts", "write one text: `\"ab\"`")],
    );
    let is_static = "write it out, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression";
    wrong_items("A, script = [reply(\"a\" «+» B)]", &[(message, is_static)]);
    wrong_items(
        "A, script = [reply(\"a\" «+» \"b\")]",
        &[(message, "write one text: `\"ab\"`")],
    );
    wrong_items(
        "A, script = [reply(«\"a\".to_owned() + \"b\"»)]",
        &[(
            "a text of a declared mock is a literal or a constant",
            is_static,
        )],
    );
    // Texts of Rust.
    right("reply(\"a\".to_owned() + \"b\"), reply(name + \"b\"), reply(concat!(\"a\", \"b\"))");
    right("A, script = [reply(concat!(\"a\", \"b\"))]");
}

#[test]
fn a_pattern_is_written_as_one_text() {
    for (pattern, help) in [
        ("\"a\" + \"b\"", "write one text: `\"ab\"`"),
        ("&\"a\"", "write `\"a\"`"),
        ("'a'", "write it in quotes: `\"a\"`"),
        ("5", "write it in quotes: `\"5\"`"),
        ("b\"a\"", "remove the `b`: `\"a\"`"),
        (
            "NAME",
            "write the text in quotes, or use `when(|request| ..)`",
        ),
    ] {
        for word in ["user", "any_user_message", "system", "model"] {
            wrong(
                &format!("on({word}(«{pattern}»)).reply(\"x\")"),
                &[(
                    &format!("the pattern of `{word}` must be a string literal"),
                    help,
                )],
            );
        }
    }
}

#[test]
fn a_text_has_no_minus() {
    wrong(
        "reply(«-\"a\"»)",
        &[("expected a text", "remove the `-`: `\"a\"`")],
    );
}
