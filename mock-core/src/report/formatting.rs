//! Words in lines: quoting, shortening, wrapping, times.

use std::fmt;
use std::time::Duration;

use crate::hide_secrets;
pub(crate) use crate::plural::count;
use crate::scenario::SourceLocation;

/// The command that runs one test alone, with a variable of the environment. What a test is called begins with the name of its crate.
pub(super) fn command(variable: &str, value: impl fmt::Display, test: &str) -> String {
    let name = test.split_once("::").map_or(test, |(_, name)| name);
    format!("{variable}={value} cargo test -- --exact {name}")
}

/// A text in quotes: on one line, without secrets, at most so many characters of it.
pub(super) fn quote(text: &str, width: usize) -> String {
    format!("\"{}\"", shorten(&one_line(text), width))
}

/// A text in quotes, without secrets and at most this long. Each character is visible, white space too.
pub(super) fn exact(text: &str, width: usize) -> String {
    format!("{:?}", shorten(&hide_secrets::hide(text), width))
}

/// A text as a literal in a source file.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in hide_secrets::hide(text).chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text on one line: runs of white space are one space, invisible characters are escaped, secrets are hidden.
pub(crate) fn one_line(text: &str) -> String {
    let words = spaced_once(&hide_secrets::hide(text));
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match is_invisible(c) {
            true => out.extend(c.escape_unicode()),
            false => out.push(c),
        }
    }
    out
}

/// Whether a character is a control, or takes no room. Parts of emoji are left alone.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}'
        )
}

/// The maximum number of characters to repeat of an unknown name in a message.
pub(crate) const MAX_QUOTED: usize = 100;

/// At most so many characters, an ellipsis in place of what is left out.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => {
            let cut = text.char_indices().nth(width.saturating_sub(1));
            let kept = &text[..cut.map_or(0, |(at, _)| at)];
            format!("{}…", kept.trim_end())
        }
    }
}

/// At most so many characters, the last ones, an ellipsis in place of what is left out.
pub(super) fn shorten_left(text: &str, width: usize) -> String {
    let length = text.chars().count();
    match length > width {
        false => text.to_owned(),
        true => {
            let cut = text.char_indices().nth(length + 1 - width);
            format!("…{}", &text[cut.map_or(text.len(), |(at, _)| at)..])
        }
    }
}

/// The most characters of a place.
pub(super) const PLACE: usize = 48;

/// The end of a place.
pub(super) fn short_place(place: SourceLocation) -> String {
    shorten_left(&place.to_string(), PLACE)
}

/// The lines of a text, each at most `width` characters, broken between words where it can be; at most `most` of them.
pub(super) fn wrap(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    while let Some((end, _)) = rest.char_indices().nth(width) {
        if lines.len() + 1 == most {
            break;
        }
        // A break after less than half a line is worse than a broken word.
        let spaces = rest[..end].rmatch_indices(' ');
        let mut space = None;
        for (at, _) in spaces.take_while(|(at, _)| at * 2 > end) {
            // Text in backticks must stay whole, so that it can be copied.
            if rest[..at].matches('`').count().is_multiple_of(2) {
                space = Some(at);
                break;
            }
            space = space.or(Some(at));
        }
        let (line, after) = rest.split_at(space.unwrap_or(end));
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    lines.push(shorten(rest, width));
    lines
}

/// Returns at most this many lines: the first ones, the number of those that are left out, and the first lines of the help.
pub(super) fn capped(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() <= most {
        return lines;
    }
    let at_help = |line: &String| line.trim_start().starts_with("help:");
    let mut help = match lines.iter().position(at_help) {
        Some(at) if at > most - 3 => lines[at..].to_vec(),
        _ => Vec::new(),
    };
    help.truncate(2);
    let more = lines.len() + 1 - most;
    lines.truncate(most - 1 - help.len());
    lines.push(format!("  … {}", count(more, "more line")));
    lines.append(&mut help);
    lines
}

/// Up to four words, each in backticks, and how many more there are.
pub(super) fn list<S: AsRef<str>>(words: &[S]) -> String {
    const MOST: usize = 4;
    let shown = &words[..words.len().min(MOST)];
    let list = joined(shown, ", ", |word| format!("`{}`", word.as_ref()));
    match words.len() - shown.len() {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

/// Joins the texts of several items with a separator.
pub(super) fn joined<T>(items: &[T], separator: &str, say: fn(&T) -> String) -> String {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        texts.push(say(item));
    }
    texts.join(separator)
}

/// The whole milliseconds of a time: on a real clock, the rest is noise.
pub(crate) fn moment(at: Duration) -> String {
    time(Duration::from_millis(at.as_millis() as u64))
}

/// A time to the millisecond, or, if it is shorter, to the microsecond.
pub(crate) fn time(time: Duration) -> String {
    match (time.as_micros(), time.subsec_millis()) {
        (micros @ 1..1_000, _) => format!("{micros}us"),
        (0..1_000_000, millis) => format!("{millis}ms"),
        (_, 0) => format!("{}s", time.as_secs()),
        (_, millis) => {
            let seconds = format!("{}.{millis:03}", time.as_secs());
            format!("{}s", seconds.trim_end_matches('0'))
        }
    }
}

/// Whether a text holds another one, which may be wrapped into lines, or escaped by `Debug`.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    plain_words(text).contains(&plain_words(part))
}

/// The words of a text, with one space between them: a backslash is dropped, and with it the letter of an escaped line break or tab.
fn plain_words(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut is_escaped = false;
    for c in text.chars() {
        match c {
            '\\' => is_escaped = true,
            'n' | 'r' | 't' if std::mem::take(&mut is_escaped) => plain.push(' '),
            c => {
                is_escaped = false;
                plain.push(c);
            }
        }
    }
    spaced_once(&plain)
}

/// The words of a text, with one space between them.
pub(super) fn spaced_once(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_on_one_line() {
        assert_eq!(quote("a\n  b\tc", 40), "\"a b c\"");
        assert_eq!(quote("say \"hi\"", 40), "\"say \"hi\"\"");
        assert_eq!(quote("a\u{1b}[31mb", 40), "\"a\\u{1b}[31mb\"");
        assert_eq!(quote("a\u{200b} \"b\"", 40), "\"a\\u{200b} \"b\"\"");
    }

    #[test]
    fn exact_texts_differ_wherever_the_originals_do() {
        let texts = [
            "a b",
            "a  b",
            " a b",
            "a b ",
            "a b\n",
            "a\u{a0}b",
            "a\u{200b} b",
        ];
        let shown = texts.map(|text| exact(text, 40));
        let expected = [
            r#""a b""#,
            r#""a  b""#,
            r#"" a b""#,
            r#""a b ""#,
            r#""a b\n""#,
            r#""a\u{a0}b""#,
            r#""a\u{200b} b""#,
        ];
        assert_eq!(shown, expected);
        assert_eq!(exact("key sk-abcdefgh", 40), "\"key [redacted]\"");
        assert_eq!(exact("gpt-4o", 5), "\"gpt-…\"");
    }

    #[test]
    fn a_quote_is_shortened_by_characters() {
        assert_eq!(quote("äöüäöü", 6), "\"äöüäöü\"");
        assert_eq!(quote("äöüäöüä", 6), "\"äöüäö…\"");
        assert_eq!(quote("one two", 5), "\"one…\"");
    }

    #[test]
    fn no_part_of_a_secret_is_left_where_a_quote_is_shortened() {
        assert_eq!(quote("key sk-abcdefgh", 10), "\"key [reda…\"");
    }

    #[test]
    fn a_literal_reads_as_in_a_source_file() {
        assert_eq!(literal("a \"b\"\n\\"), r#""a \"b\"\n\\""#);
    }

    #[test]
    fn a_path_loses_its_beginning() {
        assert_eq!(shorten_left("a/long/way/to.rs:3", 10), "…y/to.rs:3");
        assert_eq!(shorten_left("to.rs:3", 10), "to.rs:3");
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("one two three", 8, 3), ["one two", "three"]);
        assert_eq!(
            wrap("please write `a = 1`", 17, 3),
            ["please write", "`a = 1`"]
        );
        assert_eq!(wrap("abcdefghij", 4, 3), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("abcdefghijklmn", 4, 2), ["abcd", "efg…"]);
        assert_eq!(wrap("", 4, 2), [""]);
    }

    #[test]
    fn a_long_list_is_cut_short() {
        assert_eq!(list(&["a", "b"]), "`a`, `b`");
        assert_eq!(
            list(&["a", "b", "c", "d", "e"]),
            "`a`, `b`, `c`, `d` and 1 more"
        );
    }

    #[test]
    fn times_are_short() {
        let times = [0, 400, 1_000, 999_999, 2_000_000, 2_060_000, 61_005_000];
        let shown = times.map(|micros| time(Duration::from_micros(micros)));
        assert_eq!(
            shown,
            ["0ms", "400us", "1ms", "999ms", "2s", "2.06s", "61.005s"]
        );
    }
}
