//! The source of a mock, from its turns.

use super::literal::{one_line, quoted_short};
use super::turn_words::Written;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::search::Search;

/// The longest chain on one line, as rustfmt has it.
const CHAIN: usize = 60;

/// The longest line.
const WIDTH: usize = 100;

/// A mock that is being written.
pub(super) struct Source {
    profile: Profile,
    model: Option<String>,
    allows_broken_conversations: bool,
    /// The turns for requests to a model.
    turns: String,
    /// The turns for requests of each other path, in the order in which they came first.
    paths: Vec<(String, String)>,
}

impl Source {
    pub(super) fn new(profile: Profile, model: Option<String>) -> Self {
        Source {
            profile,
            model: model.filter(|model| !model.is_empty()),
            allows_broken_conversations: true,
            turns: String::new(),
            paths: Vec::new(),
        }
    }

    pub(super) fn allow_broken_conversations(&mut self, allows: bool) {
        self.allows_broken_conversations = allows;
    }

    /// Adds a turn. `path` is the method and the path of a request that is not one to a model.
    pub(super) fn add(&mut self, from: &str, path: Option<&str>, written: &Written) {
        let known = |paths: &[(String, String)], path| paths.position(&|(known, _)| *known == path);
        let turns = match path {
            // A lane without a turn answers nothing.
            Some(path) if !written.chain.is_empty() => {
                let index = known(&self.paths, path).unwrap_or_else(|| {
                    self.paths.push((path.to_owned(), String::new()));
                    self.paths.len() - 1
                });
                &mut self.paths[index].1
            }
            _ => &mut self.turns,
        };
        turns.push_str(&format!("// {}\n", one_line(from)));
        for note in &written.notes {
            turns.push_str(&format!("// {}.\n", one_line(note)));
        }
        if !written.chain.is_empty() {
            turns.push_str(&chain(&written.chain));
        }
    }

    /// The source of the mock of this name.
    pub(super) fn finish(self, name: &str) -> String {
        let model = self
            .model
            .map_or(String::new(), |model| format!("({model:?})"));
        let mut source = format!(
            "mock_provider!(\n    {name} = {}{model},\n",
            self.profile.word()
        );
        if self.allows_broken_conversations {
            source.push_str("    allow = [broken_conversations],\n");
        }
        if self.paths.is_empty() {
            source.push_str(&format!(
                "    script = [\n{}    ],\n",
                indented(&self.turns, 8)
            ));
        } else {
            source.push_str("    lanes = match request {\n");
            for (path, turns) in &self.paths {
                let pattern = path
                    .replace('{', "{{")
                    .replace('}', "}}")
                    .replace('*', "**");
                let turns = indented(turns, 12);
                source.push_str(&format!(
                    "        path({pattern:?}) => [\n{turns}        ],\n"
                ));
            }
            let turns = indented(&self.turns, 12);
            match self.turns.lines().all(|line| line.starts_with("//")) {
                true => source.push_str(&turns),
                false => source.push_str(&format!("        _ => [\n{turns}        ],\n")),
            }
            source.push_str("    },\n");
        }
        source + ");\n"
    }
}

/// Returns the comment above a turn: its origin, and the text of the user.
pub(super) fn turn_origin(place: &str, request: Option<&Request>) -> String {
    let text = request.and_then(|request| request.user_text().map(|text| text.into_owned()));
    match text {
        Some(text) => format!("{place}, user {}", quoted_short(&text)),
        None => place.to_owned(),
    }
}

/// A chain of words, in one line if it is short.
fn chain(words: &[String]) -> String {
    let line = words.join(".");
    if line.chars().count() <= CHAIN || words.len() == 1 && fits_in_line(&line) {
        return line + ",\n";
    }
    let mut lines = String::new();
    for (index, word) in words.iter().enumerate() {
        let link = match index {
            0 => word.clone(),
            _ => format!("    .{word}"),
        };
        lines.push_str(&link_lines(&link));
        let end = if index + 1 == words.len() {
            ",\n"
        } else {
            "\n"
        };
        lines.push_str(end);
    }
    lines
}

/// Whether a line of a turn is not too long.
fn fits_in_line(line: &str) -> bool {
    line.chars().count() + 12 <= WIDTH
}

/// A word with its list on several lines if it is long.
fn link_lines(link: &str) -> String {
    let list = link
        .split_once("([")
        .and_then(|(word, rest)| Some((word, rest.strip_suffix("])")?)));
    let Some((word, items)) = list.filter(|_| !fits_in_line(link)) else {
        return link.to_owned();
    };
    let indent = " ".repeat(word.len() - word.trim_start().len());
    let mut lines = format!("{word}([\n");
    let mut line = String::new();
    for item in split_items(items) {
        if !line.is_empty() && !fits_in_line(&format!("{indent}    {line} {item},")) {
            lines.push_str(&format!("{indent}    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(item);
        line.push(',');
    }
    lines.push_str(&format!("{indent}    {line}\n{indent}])"));
    lines
}

/// The items of a list of literals.
fn split_items(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let end = end_of_item(rest);
        let (item, behind) = rest.split_at(end);
        items.push(item);
        rest = behind.trim_start_matches(", ");
    }
    items
}

/// Returns the end of the first literal: a number, a text or a raw text.
fn end_of_item(list: &str) -> usize {
    let hashes = list
        .strip_prefix('r')
        .map(|raw| raw.len() - raw.trim_start_matches('#').len());
    let end = match (hashes, list.starts_with('"')) {
        (Some(hashes), _) => {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = hashes + 2;
            list[begin..].find(&end).map(|at| begin + at + end.len())
        }
        (None, true) => {
            let mut is_escaped = true; // the first quote does not end it
            let end = list.char_indices().find(|(_, c)| {
                let ends = *c == '"' && !is_escaped;
                is_escaped = *c == '\\' && !is_escaped;
                ends
            });
            end.map(|(at, _)| at + 1)
        }
        (None, false) => list.find(", "),
    };
    end.unwrap_or(list.len())
}

/// The lines behind this many spaces.
fn indented(lines: &str, spaces: usize) -> String {
    let indent = " ".repeat(spaces);
    lines
        .lines()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}
