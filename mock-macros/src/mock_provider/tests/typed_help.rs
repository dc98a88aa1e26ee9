//! The text that a help proposes is accepted where it is proposed: `wrong` types each help that it asserts.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenTree};

use super::*;
use crate::tests::diagnostics_doc::{mocks_of_compiler_tests, wrong_mocks};
use crate::tests::{offset, tries_all};

type Place = (usize, usize);

/// The beginnings of helps that are not one text at one place, and why.
const NOT_TYPED: &[(&str, &str)] = &[
    (
        "write `.named(\"a\")` after `t` there, and remove",
        "two places",
    ),
    ("write `Weather = openai(\"gpt-4o\")` at the", "two places"),
    (
        "write `json(object { .. })` for an answer",
        "the JSON is the user's",
    ),
    (
        "write `mock-core = { version = \"..\"",
        "a line of `Cargo.toml`",
    ),
];

/// Asserts that each text that the helps of a source propose ends its mistake and makes no new one.
#[track_caller]
pub(super) fn assert_accepted(source: &str) {
    for mistake in found(source).expect("tokens") {
        let help = help(&mistake);
        let is_typed = !NOT_TYPED.iter().any(|(start, _)| help.starts_with(start));
        if let Some(text) = proposed(help).filter(|_| is_typed) {
            assert!(
                is_accepted(source, &mistake, &text, 2),
                "`{text}` is not accepted in `{source}`, or loses a text: {}",
                mistake.text
            );
        }
    }
}

/// Asserts this of one mock in five; of each one if tests try all of their inputs.
#[track_caller]
fn assert_all_accepted(mocks: &[String]) {
    assert!(mocks.len() > 150, "only {}", mocks.len());
    let step = if tries_all() { 1 } else { 5 };
    mocks
        .iter()
        .step_by(step)
        .for_each(|mock| assert_accepted(mock));
}

#[test]
fn help_texts_of_the_index_are_accepted() {
    assert_all_accepted(&wrong_mocks());
}

#[test]
fn help_texts_of_the_compiler_tests_are_accepted() {
    assert_all_accepted(&mocks_of_compiler_tests());
}

/// The first text that a help says to type: none for what is to be removed. `None` if it only describes the remedy.
fn proposed(help: &str) -> Option<String> {
    if help.starts_with("remove ") {
        return Some(String::new());
    }
    let typed = ["write ", "as in ", "did you mean "];
    let start = typed.iter().filter_map(|word| help.find(word)).min()?;
    help[start..].split('`').nth(1).map(str::to_owned)
}

/// Whether the mistake ends where `text` is typed, and the text has no other but those that `rounds - 1` further helps end.
fn is_accepted(source: &str, mistake: &Mistake, text: &str, rounds: usize) -> bool {
    let before = found(source).unwrap_or_default();
    let count = |mistakes: &[Mistake]| {
        let same = mistakes
            .iter()
            .filter(|other| message(other) == message(mistake));
        same.count()
    };
    // A help that removes code loses its texts.
    let kept = match text.is_empty() {
        true => Vec::new(),
        false => texts(source),
    };
    let mut nearly = Vec::new();
    let mut ends_it = |source: String, typed: Place| {
        if !keeps(&source, &kept) {
            return false;
        }
        let Some(mut after) = found(&source).filter(|after| count(after) < count(&before)) else {
            return false;
        };
        let is_about_it = |new: &Mistake| new.place.0 < typed.1 && typed.0 < new.place.1;
        after.retain(|new| is_about_it(new) && before.iter().all(|old| old.text != new.text));
        match after.pop() {
            None => return true,
            Some(new) if after.is_empty() && nearly.len() < 8 => nearly.push((source, new)),
            Some(_) => {}
        }
        false
    };
    if any_place(source, mistake, text, &mut ends_it) {
        return true;
    }
    rounds > 1
        && nearly.iter().any(|(source, new)| {
            proposed(help(new)).is_some_and(|text| is_accepted(source, new, &text, rounds - 1))
        })
}

/// What is in quotes in a source, without what a help may double in it.
fn texts(source: &str) -> Vec<String> {
    fn collect(tokens: TokenStream, texts: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => collect(group.stream(), texts),
                TokenTree::Literal(literal) => {
                    if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                        texts.push(text.value().replace(['{', '}'], ""));
                    }
                }
                _ => {}
            }
        }
    }
    let mut texts = Vec::new();
    collect(source.parse().unwrap_or_default(), &mut texts);
    texts
}

/// Whether a source still has each of these texts. A help may turn a text into a word.
fn keeps(source: &str, wanted: &[String]) -> bool {
    let mut missing = wanted.iter().filter(|text| !source.contains(&***text));
    let Some(first) = missing.next() else {
        return true;
    };
    // The text may be written with escapes.
    let all = texts(source).join("");
    all.contains(&**first) && missing.all(|text| all.contains(&**text))
}

/// The mistakes of a source, if it is one of tokens.
fn found(source: &str) -> Option<Vec<Mistake>> {
    Some(mistakes_of(source, source.parse().ok()?))
}

fn help(mistake: &Mistake) -> &str {
    let (_, help) = mistake.text.split_once("\nhelp: ").expect("a help");
    help
}

fn message(mistake: &Mistake) -> &str {
    mistake.text.lines().next().expect("a message")
}

/// Whether the source is right with the text at a place where it may be meant: within the literal, for the tokens at the
/// mistake or around them, between two tokens, or for a few tokens elsewhere.
fn any_place(
    source: &str,
    mistake: &Mistake,
    text: &str,
    is_right: &mut dyn FnMut(String, Place) -> bool,
) -> bool {
    let (start, end) = mistake.place;
    let mut is_right_with = |(start, end): Place, by: &str| {
        let typed = format!("{} {by} {}", &source[..start], &source[end..]);
        is_right(typed, (start, start + by.len() + 2))
    };
    let marked = &source[start..end];
    if marked.contains('"') {
        let quoted = mistake.text.split('`').nth(1).unwrap_or_default();
        let within = match text {
            "{{" | "}}" => marked.replace(&text[..1], text),
            _ => marked.replacen(&quoted.replace('"', "\\\""), text, 1),
        };
        let braces = marked.replace('{', "{{").replace('}', "}}");
        if is_right_with(mistake.place, &within)
            || text == "{{" && is_right_with(mistake.place, &braces)
        {
            return true;
        }
    }
    let leaves = leaves(source);
    // The entry of the mock in which the mistake is.
    let commas = leaves.iter().filter(|leaf| leaf.is_comma_of_entries);
    let commas: Vec<_> = commas.map(|leaf| leaf.place.0).collect();
    let from = commas.iter().rfind(|comma| **comma < start);
    let from = from.map_or(0, |comma| comma + 1);
    let to = commas.iter().find(|comma| **comma >= end);
    let to = *to.unwrap_or(&source.len());
    let starts = leaves.iter().map(|leaf| leaf.place.0).chain([start]);
    let starts: BTreeSet<_> = starts.filter(|at| (from..=start).contains(at)).collect();
    let ends = leaves.iter().map(|leaf| leaf.place.1).chain([end]);
    let ends: BTreeSet<_> = ends.filter(|at| (end..=to).contains(at)).collect();
    let around = starts
        .iter()
        .flat_map(|start| ends.iter().map(|end| (*start, *end)));
    let mut around: Vec<Place> = around.collect();
    around.sort_by_key(|(start, end)| end - start);
    let between = leaves.iter().flat_map(|leaf| [leaf.place.0, leaf.place.1]);
    let mut between: Vec<_> = between.map(|at| (at, at)).collect();
    between.sort_by_key(|(at, _)| at.abs_diff(start).min(at.abs_diff(end)));
    let few = (1..=5).flat_map(|count| leaves.windows(count));
    let few = few.map(|leaves| (leaves[0].place.0, leaves[leaves.len() - 1].place.1));
    let few: Vec<Place> = few.collect();
    let texts = filled(source, &leaves, text);
    let mut any = |places: &[Place], before: &str, after: &str| {
        texts.iter().any(|text| {
            let text = format!("{before}{text}{after}");
            places.iter().any(|place| is_right_with(*place, &text))
        })
    };
    any(&around, "", "")
        || any(&between, "", "")
        || any(&between, ", ", "")
        || any(&between, "", ",")
        || any(&few, "", "")
}

/// A text whose gaps, `(..)`, `[..]`, `{ .. }`, are filled with what is in delimiters in the source.
fn filled(source: &str, leaves: &[Leaf], text: &str) -> Vec<String> {
    let insides = leaves.iter().filter_map(|leaf| leaf.inside);
    let mut insides: Vec<_> = insides.map(|(start, end)| &source[start..end]).collect();
    insides.extend(
        leaves
            .iter()
            .map(|leaf| &source[leaf.place.0..leaf.place.1]),
    );
    insides.extend(["reply(\"x\")", ""]);
    let mut seen = BTreeSet::new();
    insides.retain(|inside| seen.insert(*inside));
    let mut texts = vec![text.to_owned()];
    for (gap, open, close) in [("(..)", '(', ')'), ("[..]", '[', ']'), ("{ .. }", '{', '}')] {
        while texts.first().is_some_and(|text| text.contains(gap)) {
            let filled = texts.iter().flat_map(|text| {
                insides
                    .iter()
                    .map(move |inside| text.replacen(gap, &format!("{open}{inside}{close}"), 1))
            });
            texts = filled.take(400).collect();
        }
    }
    texts
}

/// A token, or a delimiter.
struct Leaf {
    place: Place,
    is_comma_of_entries: bool,
    /// What an opening delimiter encloses.
    inside: Option<Place>,
}

fn leaves(source: &str) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    collect(source, source.parse().expect("tokens"), 0, &mut leaves);
    leaves
}

fn collect(source: &str, tokens: TokenStream, depth: usize, leaves: &mut Vec<Leaf>) {
    let place = |span: Span| (offset(source, span.start()), offset(source, span.end()));
    let leaf = |place, inside| Leaf {
        place,
        is_comma_of_entries: depth == 0 && &source[place.0..place.1] == ",",
        inside,
    };
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = (place(group.span_open()), place(group.span_close()));
                leaves.push(leaf(open, Some((open.1, close.0))));
                collect(source, group.stream(), depth + 1, leaves);
                leaves.push(leaf(close, None));
            }
            token => leaves.push(leaf(place(token.span()), None)),
        }
    }
}
