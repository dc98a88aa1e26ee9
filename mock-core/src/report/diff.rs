//! Where a text differs from a pattern, word by word.

use super::formatting::{one_line, quote};
use crate::scenario::{Pattern, PatternSegment};
use crate::search::{ALPHANUMERIC, Search, WHITE_SPACE};
use crate::similar_words::is_similar;

/// More comparisons than this are not worth it.
const MOST: usize = 1_000_000;

/// The nearest that a text comes to a pattern.
pub(super) struct Diff {
    changes: Vec<Change>,
    /// Whether a word of the pattern is in the text, or a similar one.
    pub(super) has_words: bool,
    pattern: Line,
    text: Line,
}

/// A word of the pattern, and the one that the text has instead. The text may not have it, or have another between words of the pattern.
type Change = (Option<String>, Option<String>);

impl Diff {
    /// Compares the two; `None` if they have nothing in common.
    pub(super) fn new(pattern: &Pattern, text: &str) -> Option<Diff> {
        let mut pattern = pattern_line(pattern);
        let text_line = one_line(text);
        let mut text = Line::default();
        text.add(&text_line);
        let (words, text_words) = (pattern.words.len(), text.words.len());
        if words == 0 || (words + 1) * (text_words + 1) > MOST {
            return None;
        }
        let mut changes = Vec::new();
        let mut alike = 0;
        for &(word, other) in &steps(&pattern.words, &text.words) {
            let of_pattern = word.map(|word| &mut pattern.words[word]);
            let of_text = other.map(|other| &mut text.words[other]);
            match (&of_pattern, &of_text) {
                (Some(word), Some(_)) if word.wild.is_some() => continue,
                (Some(word), Some(other)) if word.text == other.text => {
                    alike += 1;
                    continue;
                }
                (Some(word), Some(other)) => {
                    alike += usize::from(is_similar(&word.text, &other.text))
                }
                _ => {}
            }
            changes.push((of_pattern.map(Word::mark), of_text.map(Word::mark)));
        }
        let mut literals = 0;
        for word in &pattern.words {
            literals += usize::from(word.wild.is_none());
        }
        let are_words = words == 1 && text_words == 1;
        let is_near = are_words || alike > 0 && changes.len() * 2 <= literals + 1;
        (is_near && !changes.is_empty()).then_some(Diff {
            changes,
            has_words: alike > 0,
            pattern,
            text,
        })
    }

    /// How many words differ.
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    /// The first difference, and how many more there are: `it says "Greet", not "Welcome"`.
    pub(super) fn summary(&self) -> String {
        match &self.changes[0] {
            (Some(word), None) => self.and_more(format!("it does not say {}", quote(word, 24))),
            _ => format!("it says {}", self.first()),
        }
    }

    /// The first difference without a verb, and how many more there are: `"Greet", not "Welcome"`.
    pub(super) fn first(&self) -> String {
        let (word, other) = &self.changes[0];
        let quoted = quote(other.as_deref().unwrap_or_default(), 24);
        self.and_more(match (word, other) {
            (Some(word), Some(_)) => format!("{quoted}, not {}", quote(word, 24)),
            (Some(word), None) => format!("no {}", quote(word, 24)),
            (None, _) => format!("{quoted} in between"),
        })
    }

    fn and_more(&self, first: String) -> String {
        match self.changes.len() - 1 {
            0 => first,
            more => format!("{first}, and {more} more"),
        }
    }

    /// The two texts, each with marks below what differs.
    pub(super) fn sides(&self, width: usize) -> [Vec<String>; 2] {
        [self.pattern.marked("", width), self.text.marked("", width)]
    }

    /// The pattern and the text, each with marks below what differs.
    pub(super) fn lines(&self, width: usize) -> Vec<String> {
        let mut lines = self.pattern.marked("pattern ", width);
        lines.extend(self.text.marked("text    ", width));
        lines
    }
}

/// A text on one line, and its words.
#[derive(Default)]
struct Line {
    text: Vec<char>,
    words: Vec<Word>,
}

struct Word {
    text: String,
    /// The index of its first character.
    at: usize,
    /// Whether it stands for any text (`Some(true)`: or for none).
    wild: Option<bool>,
    marked: bool,
}

impl Line {
    fn add(&mut self, text: &str) {
        let mut in_word = false;
        for c in text.chars() {
            let is_word = c.is_alphanumeric() || matches!(c, '_' | '-' | '\'');
            match self.words.last_mut().filter(|_| in_word && is_word) {
                Some(word) => word.text.push(c),
                None if !c.is_whitespace() => self.begin(c.to_string(), None),
                None => {}
            }
            in_word = is_word;
            self.text.push(c);
        }
    }

    fn begin(&mut self, text: String, wild: Option<bool>) {
        self.words.push(Word {
            text,
            at: self.text.len(),
            wild,
            marked: false,
        });
    }

    /// The part of the line around its first mark, and the marks below it, if there are any.
    fn marked(&self, label: &str, width: usize) -> Vec<String> {
        let room = width - label.len() - 4; // two quotes, two ellipses
        let mut is_marked = vec![false; self.text.len()];
        for word in &self.words {
            let end = word.at + word.text.chars().count();
            is_marked[word.at..end].fill(word.marked);
        }
        let first = is_marked.position(&|is_marked| *is_marked);
        let first = first.unwrap_or_default();
        let most = self.text.len().saturating_sub(room);
        let start = match first < room * 2 / 3 {
            true => 0,
            false => (first - room / 3).min(most),
        };
        let end = (start + room).min(self.text.len());
        let mut shown: String = self.text[start..end].iter().collect();
        let mut indent = label.len() + 1;
        if start > 0 {
            shown.insert(0, '…');
            indent += 1;
        }
        if end < self.text.len() {
            shown.push('…');
        }
        let mut below = String::new();
        for is_marked in &is_marked[start..end] {
            below.push(if *is_marked { '^' } else { ' ' });
        }
        let mut lines = vec![format!("{label}\"{shown}\"")];
        if !below.trim().is_empty() {
            lines.push(format!("{:indent$}{}", "", below.trim_end()));
        }
        lines
    }
}

fn pattern_line(pattern: &Pattern) -> Line {
    let mut line = Line::default();
    for piece in pattern.words().unwrap_or_default() {
        if let PatternSegment::Text(text) = piece {
            let space = |is_there: bool| if is_there { " " } else { "" };
            let words = one_line(text);
            line.add(space(text.starts_with(WHITE_SPACE)));
            line.add(&words);
            line.add(space(!words.is_empty() && text.ends_with(WHITE_SPACE)));
            continue;
        }
        let source = Pattern::Words(vec![piece.clone()].into());
        let source = source.to_string();
        line.begin(source.clone(), Some(matches!(piece, PatternSegment::Any)));
        line.text.extend(source.chars());
    }
    line
}

/// A word of the pattern, and the corresponding word of the text. One of them may not be there.
type Step = (Option<usize>, Option<usize>);

/// The cheapest way from the pattern to some part of the text.
fn steps(pattern: &[Word], text: &[Word]) -> Vec<Step> {
    let columns = text.len() + 1;
    let at = |word: usize, other: usize| word * columns + other;
    let mut costs = vec![0; (pattern.len() + 1) * columns];
    // The pattern may begin anywhere in the text.
    let cost_of = |costs: &[usize], word: usize, other: usize| {
        let piece = &pattern[word - 1];
        let missing = match piece.wild {
            Some(true) => 0,
            _ => 3,
        };
        let mut best = (costs[at(word - 1, other)] + missing, 2);
        if other > 0 {
            let between = match piece.wild {
                Some(_) => 0,
                None if word < pattern.len() => 2,
                None => usize::MAX / 2,
            };
            let text_word = &text[other - 1];
            let pair = match piece.wild {
                Some(_) => 0,
                None if piece.text == text_word.text => 0,
                None if is_similar(&piece.text, &text_word.text) => 1,
                // After a wildcard, the wildcard takes the end of the text.
                None if word == pattern.len() && word > 1 && pattern[word - 2].wild.is_some() => 4,
                None if piece.is_mark() == text_word.is_mark() => 3,
                None => 4,
            };
            best = best.min((costs[at(word, other - 1)] + between, 1));
            best = best.min((costs[at(word - 1, other - 1)] + pair, 0));
        }
        best
    };
    for word in 1..=pattern.len() {
        for other in 0..columns {
            costs[at(word, other)] = cost_of(&costs, word, other).0;
        }
    }
    let mut word = pattern.len();
    // Among equal costs, choose the alignment in which a wildcard at the end takes the fewest words.
    let mut other = columns - 1;
    for before in (0..other).rev() {
        if costs[at(word, before)] < costs[at(word, other)] {
            other = before;
        }
    }
    let mut steps = Vec::new();
    while word > 0 {
        let is_wild = pattern[word - 1].wild.is_some();
        match cost_of(&costs, word, other).1 {
            0 => {
                steps.push((Some(word - 1), Some(other - 1)));
                (word, other) = (word - 1, other - 1);
            }
            1 => {
                other -= 1;
                if !is_wild {
                    steps.push((None, Some(other)));
                }
            }
            _ => {
                word -= 1;
                if pattern[word].wild != Some(true) {
                    steps.push((Some(word), None));
                }
            }
        }
    }
    steps.reverse();
    steps
}

impl Word {
    /// Marks it, and returns its text.
    fn mark(&mut self) -> String {
        self.marked = true;
        self.text.clone()
    }

    /// Whether it is a mark of punctuation.
    fn is_mark(&self) -> bool {
        !self.text.starts_with(ALPHANUMERIC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(pattern: &str, text: &str) -> Option<Diff> {
        Diff::new(&Pattern::parse(pattern).expect("a pattern"), text)
    }

    fn summary(pattern: &str, text: &str) -> Option<String> {
        Some(diff(pattern, text)?.summary())
    }

    #[test]
    fn the_first_difference_is_reported() {
        for (pattern, text, expected) in [
            (
                "Welcome {name}.",
                "Greet Ada.",
                r#"it says "Greet", not "Welcome""#,
            ),
            (
                "weather in {city}",
                "The Weather in Paris?",
                r#"it says "Weather", not "weather""#,
            ),
            (
                "the weather in {city}",
                "the wether in Paris",
                r#"it says "wether", not "weather""#,
            ),
            (
                "weather in {city} today",
                "the weather in New York",
                r#"it does not say "today""#,
            ),
            (
                "the weather in {city}",
                "the weather right in Paris",
                r#"it says "right" in between"#,
            ),
        ] {
            assert_eq!(summary(pattern, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn texts_that_have_nothing_in_common_are_not_compared() {
        assert_eq!(summary("the weather in {city}", "Tell me a joke!"), None);
        assert_eq!(summary("weather", "Tell me a joke!"), None);
        assert_eq!(summary("{all}", ""), None);
        assert_eq!(summary("weather", ""), None);
        assert_eq!(summary("yes", "no, never"), None);
        assert_eq!(
            summary("yes", "no").as_deref(),
            Some(r#"it says "no", not "yes""#)
        );
        assert_eq!(summary("", "weather"), None);
    }

    #[test]
    fn differences_are_marked() {
        let diff =
            diff("the weather in {city}", "So, the\nweather of Paris!").expect("they are near");
        assert_eq!(
            diff.lines(60),
            [
                r#"pattern "the weather in {city}""#,
                r#"                     ^^"#,
                r#"text    "So, the weather of Paris!""#,
                r#"                         ^^"#,
            ]
        );
    }

    #[test]
    fn of_a_long_text_the_part_with_the_difference_is_shown() {
        let long = "so ".repeat(40);
        let text = format!("{long}the wether in Paris, {long}");
        let diff = diff("the weather in Paris", &text).expect("they are near");
        assert_eq!(
            diff.lines(40)[2..],
            [
                r#"text    "…o so the wether in Paris, so…""#,
                r#"                   ^^^^^^"#,
            ]
        );
    }
}
