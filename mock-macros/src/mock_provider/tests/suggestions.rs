//! A word that a help suggests can stand where it suggests it.

use std::collections::BTreeSet;

use super::*;
use crate::tests::tries_all;
use crate::words;

/// Places for a word, each as `_`, and what follows the word.
fn places() -> Vec<String> {
    let mut places: Vec<String> = [
        "_ = 5",
        "Weather = _(\"x\"), reply(\"x\")",
        "_(\"x\")",
        "on(user(\"x\"))._(\"x\")",
        "on(_(\"x\")).reply(\"x\")",
        "on(any_of(_(\"x\"), any_user_message(\"y\"))).reply(\"x\")",
        "on(not(_(t))).reply(\"x\")",
        "rules = match request { _(\"x\") => reply(\"x\") }",
        "rules = match request { user(\"x\") => _(\"x\") }",
        "lanes = match request { _(\"x\") => [reply(\"x\")] }",
        "lanes = match request { system(\"x\") => [_(\"x\")] }",
        "otherwise = _(\"x\")",
        "otherwise = _",
        "per = _(\"{x}\"), reply(\"x\")",
        "per = _, reply(\"x\")",
        "latency = _(1s, 0.5), reply(\"x\")",
        "latency = (1s..2s)._(1s), reply(\"x\")",
        "usage = _(1, 2), reply(\"x\")",
        "usage = _, reply(\"x\")",
        "capabilities = [_], reply(\"x\")",
        "allow = [_], reply(\"x\")",
        "allow = [_(\"x\")], reply(\"x\")",
        "expect = [_(1..)], reply(\"x\")",
        "expect = [_], fail(rate_limit)",
        "expect = [_(t)], call(t)",
        "expect = [sent(_(\"x\"))], reply(\"x\")",
        "expect = [never_sent(_(\"x\"))], reply(\"x\")",
        "chaos = [_(0.1)], reply(\"x\")",
        "tools = [t { a: _ }], call(t { a: \"x\" })",
        "tools = [t { a: _(string) }], call(t { a: \"x\" })",
        "tools = [t._(\"x\")], call(t)",
        "tools = [t { a: string._(\"x\") }], call(t { a: \"x\" })",
        "call(t._(\"x\"))",
        "reply(\"x y\").split(_)",
        "reply(\"x y\").split(_(4))",
        "reply(\"x y\").flush(_)",
        "reply(\"x y\").finish(_)",
        "reply(\"x y\").usage(_)",
        "reply(_(\"x\"))",
        "on(user(_(\"x\"))).reply(\"x\")",
        "reply(\"{_}\")",
        "on(user(\"{city}\")).reply(\"{_}\")",
    ]
    .map(str::to_owned)
    .into();
    for fault in ["cut", "end", "stall", "malformed"] {
        places.push(format!("reply(\"x y\").{fault}_after(_)"));
    }
    for kind in words::KINDS.names() {
        places.push(format!("fail({kind} {{ _: \"x\" }})"));
        places.push(format!("fail({kind} {{ _: 2s, status: 500 }})"));
        places.push(format!(
            "reply(\"x y\").error_after(1, {kind} {{ _: \"x\" }})"
        ));
    }
    for kind in [
        "fail(_)",
        "fail(_ { status: 500 })",
        "reply(\"x y\").error_after(1, _)",
    ] {
        places.push(kind.to_owned());
    }
    for action in words::ACTIONS.all() {
        places.push(format!("{}._(\"x\")", action.call()));
        places.push(format!(
            "rules = match request {{ user(\"x\") => {}._(\"x\") }}",
            action.call()
        ));
        places.push(format!("otherwise = {}._(\"x\")", action.call()));
    }
    places
}

/// Words that are nearly this one.
fn misspelt(word: &str) -> [String; 4] {
    let (first, last) = (&word[..1], &word[word.len() - 1..]);
    let shorter = &word[..word.len() - 1];
    [
        format!("{word}{last}"),
        shorter.to_owned(),
        format!("{first}{word}"),
        word.to_uppercase(),
    ]
}

/// The mistakes at a place.
fn mistakes_at(source: &str, place: (usize, usize)) -> Vec<String> {
    let found = mistakes_of(source, source.parse().expect(source)).into_iter();
    let found = found.filter(|mistake| mistake.place == place);
    found.map(|mistake| mistake.text).collect()
}

/// The word may still need an argument, or another place in its turn.
#[test]
fn a_word_that_is_suggested_is_not_to_be_removed_again() {
    let mut written: BTreeSet<String> = BTreeSet::new();
    for word in words::ALL.iter().flat_map(|words| words.names()) {
        written.insert(word.to_owned());
        written.extend(misspelt(word));
    }
    written.retain(|word| syn::parse_str::<syn::Ident>(word).is_ok());
    let places = places();
    let pairs = places
        .iter()
        .flat_map(|place| written.iter().map(move |word| (place, word)));
    let some = if tries_all() { 5 } else { 127 };
    let mut suggested = 0;
    for (place, word) in pairs.step_by(some) {
        let start = place.find('_').expect("a place");
        let typed = |word: &str| format!("{}{word}{}", &place[..start], &place[start + 1..]);
        let end = start + word.len();
        let mistakes = mistakes_at(&typed(word), (start, end));
        let help = |text: &String| text.split_once("\nhelp: ").unwrap().1.to_owned();
        let meant = mistakes.iter().map(help).find_map(|help| {
            let meant = help.strip_prefix("did you mean `")?.strip_suffix("`?")?;
            Some(meant.to_owned())
        });
        let Some(meant) = meant else { continue };
        suggested += 1;
        let source = typed(&meant);
        for mistake in mistakes_at(&source, (start, start + meant.len())) {
            let is_known = !mistake.contains("unknown") && !mistake.contains("did you mean");
            assert!(
                is_known && !help(&mistake).starts_with("remove it"),
                "{} becomes {source}: {mistake}",
                typed(word)
            );
        }
    }
    assert!(suggested > 8_000 / some, "only {suggested}");
}

#[test]
fn fields_that_a_failure_cannot_have_are_not_suggested() {
    let all = "fields: `message`, `retry_after`, `status`, `code`, `headers`, `body`";
    for (failure, help) in [
        (
            "fail(timeout { «after»: 2s })",
            "fields: `message`, `status`, `code`",
        ),
        (
            "fail(timeout { status: 504, «heders»: [] })",
            "did you mean `headers`?",
        ),
        (
            "fail(connection { «bdy»: \"x\" })",
            "fields: `message`, `status`, `code`",
        ),
        (
            "fail(auth { «retry»: 2s })",
            "fields: `message`, `status`, `code`, `headers`, `body`",
        ),
        (
            "fail(rate_limit { «after»: 2s })",
            "did you mean `retry_after`?",
        ),
        ("fail(rate_limit { «reason»: \"x\" })", all),
        (
            "reply(\"x\").error_after(1, auth { «header»: [] })",
            "fields: `message`, `status`, `code`, `body`",
        ),
    ] {
        let message = failure.split(['«', '»']).nth(1).unwrap();
        wrong(
            failure,
            &[(&format!("a failure has no field `{message}`"), help)],
        );
    }
}

#[test]
fn a_word_that_would_be_rejected_there_is_not_suggested() {
    for (source, word, help) in [
        (
            "rules = match request { user(\"a\") => reply(\"a\").«tims»(2) }",
            "tims",
            "remove it: `times` cannot stand there",
        ),
        (
            "script = [reply(\"x\")], otherwise = reply(\"y\").«forevr»()",
            "forevr",
            "remove it: `forever` cannot stand there",
        ),
        (
            "reply(\"x\").times(2).«forevr»()",
            "forevr",
            "remove it: `forever` cannot stand there",
        ),
        (
            "reply(\"x\").every(2ms).«token_per_second»(2)",
            "token_per_second",
            "remove it: `tokens_per_second` cannot stand there",
        ),
        (
            "reply(\"x\").ttft(2ms).«tims»(2)",
            "tims",
            "did you mean `times`?",
        ),
    ] {
        let message = format!("unknown action or modifier `{word}`");
        wrong(source, &[(&message, help)]);
    }
    // The answer is the recorded one.
    for (step, help) in [
        ("evry", "remove it: `every` cannot stand there"),
        ("usge", "remove it: `usage` cannot stand there"),
        ("cut_aftr", "did you mean `cut_after`?"),
        ("tims", "did you mean `times`?"),
    ] {
        let replay = (
            "`replay` needs a cassette",
            "add the key `cassette = \"tests/cassettes/weather.yaml\"`",
        );
        let message = format!("unknown action or modifier `{step}`");
        let source = format!("script = [«replay»(1).«{step}»(5)]");
        wrong(&source, &[replay, (&message, help)]);
    }
}
