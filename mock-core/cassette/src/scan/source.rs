//! Where a text is in a file: [`Source`].

use std::collections::HashMap;

use crate::error::Mark;

/// The text of a file, in which the place of a secret is searched for.
pub(super) struct Source<'t> {
    text: &'t str,
    /// The offset of each line.
    lines: Vec<usize>,
    /// The part of the text that the exchange is in.
    start: usize,
    end: usize,
    /// Up to where each text was found before.
    found: HashMap<String, usize>,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Source {
            text,
            lines: std::iter::once(0).chain(ends).collect(),
            start: 0,
            end: text.len(),
            found: HashMap::new(),
        }
    }

    /// Goes to an exchange that begins at this line, and ends before the next one.
    pub(super) fn enter(&mut self, line: usize, next: Option<usize>) {
        let start = |line: usize| self.lines.get(line.saturating_sub(1)).copied();
        self.start = start(line).unwrap_or_default();
        let end = next.and_then(start).unwrap_or(self.text.len());
        self.end = end.max(self.start);
        self.found.clear();
    }

    /// The place of a text in the exchange; the beginning of the exchange, if it is written otherwise there.
    pub(super) fn locate(&mut self, secret: &str) -> Mark {
        let word = secret.split(|c: char| !c.is_ascii_alphanumeric());
        let longest = word.max_by_key(|word| word.len()).unwrap_or_default();
        for part in [secret, longest] {
            if part.len() < 4 && part != secret || part.is_empty() {
                continue;
            }
            let from = self.found.get(part).copied().unwrap_or(self.start);
            if let Some(at) = self.text[from..self.end].find(part) {
                self.found.insert(part.to_owned(), from + at + part.len());
                return self.mark(from + at);
            }
        }
        self.mark(self.start)
    }

    pub(super) fn mark(&self, at: usize) -> Mark {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines[line - 1];
        Mark::new(line, self.text[start..at].chars().count() + 1)
    }
}
