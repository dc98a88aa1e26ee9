//! Every message that a test sees, and every message in the goldens of `tests/compile_errors`, is listed in `docs/diagnostics.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::lint::Lint;

/// What the parser of Rust, `syn`, expects in its own words.
const EXPECTED_BY_THE_PARSER: [&str; 17] = [
    "`_`",
    "an expression",
    "curly braces",
    "delimiter",
    "identifier",
    "integer",
    "integer literal",
    "lifetime",
    "literal",
    "parentheses",
    "path segment after `_`",
    "range upper bound",
    "square brackets",
    "string literal",
    "token tree",
    "underscore",
    "unsuffixed integer",
];

/// What the compiler says itself of the tests in `tests/compile_errors/tests`.
const OF_THE_COMPILER: [&str; 5] = [
    "async functions cannot be used for tests",
    "expected one of `_`, or `_`, found `_`: expected one of `_`, or `_`",
    "expected parameter name, found `_`: expected parameter name",
    "expected type, found `_`: expected type",
    "missing parameters for function definition",
];

/// An entry of the index.
struct Entry {
    id: String,
    /// Its messages, with placeholders.
    messages: BTreeSet<String>,
    /// Its explanation, which may quote a message that no example of one macro has.
    explanation: String,
}

impl Entry {
    fn lists(&self, message: &str) -> bool {
        self.messages
            .contains(&with_placeholders(&self.id, message))
            || self.explanation.contains(&format!("\"{message}\""))
    }
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let index = read(&repository().join("docs/diagnostics.md"));
    let entries = index.split("\n### ").skip(1);
    let entries = entries.map(|entry| {
        let (id, rest) = entry.split_once("\n\n```text\n").expect("messages");
        let (messages, rest) = rest.split_once("```").expect("their end");
        let (explanation, _) = rest.split_once("```").expect("an example");
        Entry {
            id: id.to_owned(),
            messages: messages
                .lines()
                .map(|message| with_placeholders(id, message))
                .collect(),
            explanation: explanation.replace('\n', " "),
        }
    });
    entries.collect()
});

/// Fails if the entry of the lint does not list the message. Each error that a test causes comes here.
pub(crate) fn assert_listed(lint: Lint, message: &str) {
    let id = lint.id();
    let is_listed = ENTRIES
        .iter()
        .any(|entry| entry.id == id && entry.lists(message));
    assert!(
        is_listed || is_of_the_parser(message),
        "the entry `{id}` of docs/diagnostics.md does not list {message:?}"
    );
}

fn is_of_the_parser(message: &str) -> bool {
    let of_end = message.strip_prefix("unexpected end of input, ");
    let of_token = message.strip_prefix("unexpected token, ");
    let message = of_end.or(of_token).unwrap_or(message);
    let general = with_placeholders("", message);
    match general.strip_prefix("expected ") {
        Some(expected) => {
            let mut words = expected.split(" or ");
            expected.starts_with("one of: ")
                || expected == "identifier, found keyword `_`"
                || words.all(|word| EXPECTED_BY_THE_PARSER.contains(&word))
        }
        None => [
            "comparison operators cannot be chained",
            "unexpected end of input",
            "unexpected method receiver",
            "unexpected second method receiver",
            "unexpected token",
        ]
        .contains(&message),
    }
}

/// A message with placeholders for what differs from mistake to mistake: names, texts, numbers, paths, and the words of a library.
fn with_placeholders(id: &str, message: &str) -> String {
    let mut general = String::new();
    let mut is_after_number = false;
    for word in without_quotes(message).split(' ') {
        if !general.is_empty() {
            general.push(' ');
        }
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        let end = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        general.push_str(&match word {
            word if word.contains('/') => {
                format!("_{}", &word[word.trim_end_matches([':', ',']).len()..])
            }
            _ if is_number => format!("0{end}"),
            word if is_after_number => word.replacen("s,", ",", 1).trim_end_matches('s').to_owned(),
            word => word.to_owned(),
        });
        is_after_number = is_number;
    }
    while general.contains("`_`, `_`") {
        general = general.replace("`_`, `_`", "`_`");
    }
    let up_to = |end: &str| match general.split_once(end) {
        Some((before, _)) => format!("{before}{end} .."),
        None => general.clone(),
    };
    match id {
        "needs_argument" => up_to("needs"),
        "extra_argument" => up_to("takes only"),
        "argument_type" => up_to("must be"),
        "invalid_number" => up_to("a number of"),
        // Messages about a file or a regular expression come from its parser.
        "cassette_format" => up_to("_"),
        "cassette_call" => up_to("does not fit:"),
        "cassette_file" => up_to("cannot be read:"),
        "invalid_regex" => up_to("is not a regular expression:"),
        _ => general,
    }
}

/// A message with `_` in place of what stands between backticks or quotes.
fn without_quotes(message: &str) -> String {
    let mut text = String::new();
    let mut chars = message.chars();
    while let Some(c) = chars.next() {
        text.push(c);
        if !matches!(c, '`' | '"') {
            continue;
        }
        text.push('_');
        while let Some(within) = chars.next() {
            match within {
                '\\' if c == '"' => drop(chars.next()),
                end if end == c => {
                    text.push(c);
                    break;
                }
                _ => {}
            }
        }
    }
    text
}

/// The messages in the goldens, each with its file. Those of the compiler have a code, or no help in the message.
fn messages_of_goldens() -> Vec<(PathBuf, String)> {
    let mut folders = vec![repository().join("tests/compile_errors")];
    let mut messages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "stderr")
            {
                let golden = read(&path);
                messages.extend(messages_of(&golden).map(|message| (path.clone(), message)));
            }
        }
    }
    messages
}

fn messages_of(golden: &str) -> impl Iterator<Item = String> {
    let lines: Vec<_> = golden.lines().collect();
    let messages = lines.iter().enumerate().filter_map(|(index, line)| {
        let help = lines.get(index + 1).unwrap_or(&"");
        match line.strip_prefix("error: ") {
            Some(message) => help.starts_with("       help: ").then_some(message),
            // In the short form no help follows.
            None => line.split_once(": error: ").map(|(_, message)| message),
        }
    });
    messages.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn each_message_of_the_goldens_is_listed() {
    let mut missing = BTreeMap::new();
    for (path, message) in messages_of_goldens() {
        let is_of_the_compiler = OF_THE_COMPILER.contains(&&*with_placeholders("", &message));
        let is_listed = ENTRIES.iter().any(|entry| entry.lists(&message));
        if !is_listed && !is_of_the_parser(&message) && !is_of_the_compiler {
            missing.insert(message, path);
        }
    }
    assert!(
        missing.is_empty(),
        "docs/diagnostics.md does not list {missing:#?}"
    );
}

#[test]
fn messages_that_differ_in_names_and_numbers_alone_are_one_entry() {
    for (id, one, other) in [
        (
            "given_twice",
            "`latency` is given twice",
            "`times` is given twice",
        ),
        (
            "invalid_header",
            r#""x id" is not a header name"#,
            r#""x\"y" is not a header name"#,
        ),
        (
            "late_fault",
            "it breaks off after 3 deltas, but has only 2",
            "it breaks off after 1 delta, but has only 0",
        ),
        (
            "cassette_wire",
            "the first is `GET /a`, at tests/a.yaml:1",
            "the first is `GET /b`, at ../b.yaml:12",
        ),
        (
            "needs_argument",
            "`reply` needs a text",
            "`gate` needs a name",
        ),
        (
            "argument_type",
            "`a` must be a string, found null",
            "`b` must be an integer, found a list",
        ),
        (
            "missing_arguments",
            "tool `a` needs the arguments `b`, `c`",
            "tool `a` needs the arguments `b`, `c`, `d`",
        ),
    ] {
        assert_eq!(with_placeholders(id, one), with_placeholders(id, other));
    }
    for (id, one, other) in [
        ("wrong_value", "`expect` is empty", "`latency` has no value"),
        ("expected_text", "a body is a text", "a code is a text"),
        (
            "wrong_value",
            "tests/a.yaml:1 is empty",
            "tests/a.yaml:1 is missing",
        ),
    ] {
        assert_ne!(with_placeholders(id, one), with_placeholders(id, other));
    }
}
