//! Differences that are easy to overlook: case, white space, look-alike characters, punctuation.

use std::borrow::Cow;
use std::ops::Range;

use super::formatting::{exact, is_invisible, joined, quote, spaced_once};
use crate::scenario::{Pattern, PatternSegment};
use crate::search::{ALPHANUMERIC, Search};

/// A set of differences, as bits.
type Kinds = u8;

const CASE: Kinds = 1;
const WHITE_SPACE: Kinds = 2;
const LOOK_ALIKES: Kinds = 4;
const PUNCTUATION: Kinds = 8;

const NAMES: [(Kinds, &str); 4] = [
    (CASE, "case"),
    (WHITE_SPACE, "white space"),
    (LOOK_ALIKES, "look-alike characters"),
    (PUNCTUATION, "punctuation"),
];

/// A pattern that would match a text, were it not for differences of a few kinds.
pub(super) struct NearMiss {
    kinds: Kinds,
    /// The part of the text that would match, in bytes.
    found: Range<usize>,
    /// The look-alike characters that make the difference.
    characters: Vec<LookAlike>,
}

struct LookAlike {
    is_in_text: bool,
    character: char,
}

impl NearMiss {
    /// Finds the fewest differences without which the pattern matches; `None` if there are others. `is_whole` tells whether the
    /// pattern must match all of the text.
    pub(super) fn find(pattern: &Pattern, text: &str, is_whole: bool) -> Option<NearMiss> {
        let folding = |kinds| Folding { kinds, kept: None };
        // Return early if no set of differences helps. Try the largest set also without white space, because a captured word may end
        // elsewhere without it.
        let all: Kinds = (1 << NAMES.len()) - 1;
        let matches = |kinds| folding(kinds).matches(pattern, text, is_whole);
        if pattern.words().is_some() && !matches(all) && !matches(all & !WHITE_SPACE) {
            return None;
        }
        // Find the smallest set of differences, and the first of equal size.
        let mut least: Option<Kinds> = None;
        for kinds in 1..=all {
            let is_less = least.is_none_or(|least| kinds.count_ones() < least.count_ones());
            if is_less && matches(kinds) {
                least = Some(kinds);
            }
        }
        let kinds = least?;
        let found = match is_whole {
            true => 0..text.len(),
            false => folding(kinds).locate(pattern, text),
        };
        let mut near = NearMiss {
            kinds,
            found,
            characters: Vec::new(),
        };
        if kinds & LOOK_ALIKES != 0 {
            near.find_characters(pattern, text, is_whole);
        }
        Some(near)
    }

    /// The kinds of differences between two names, as `differs only in case`; `None` if they differ in more.
    pub(super) fn differences_of_names(name: &str, other: &str) -> Option<String> {
        let pattern = Pattern::Words(vec![PatternSegment::Text(name.to_owned().into())].into());
        Some(NearMiss::find(&pattern, other, true)?.kinds())
    }

    fn find_characters(&mut self, pattern: &Pattern, text: &str, is_whole: bool) {
        let mut note = |is_in_text, character| {
            let is_known = |known: &LookAlike| known.character == character;
            if look_alike_of(character).is_none() || self.characters.any(&is_known) {
                return;
            }
            let folding = Folding {
                kinds: self.kinds,
                kept: Some(character),
            };
            if !folding.matches(pattern, text, is_whole) {
                self.characters.push(LookAlike {
                    is_in_text,
                    character,
                });
            }
        };
        for character in text[self.found.clone()].chars() {
            note(true, character);
        }
        for character in literals(pattern).chars() {
            note(false, character);
        }
    }

    /// The part of the text that the pattern means; `None` if marks of punctuation at its ends may belong to it.
    pub(super) fn corrected<'t>(&self, text: &'t str) -> Option<&'t str> {
        (self.kinds & PUNCTUATION == 0).then(|| &text[self.found.clone()])
    }

    /// How many kinds of differences there are.
    pub(super) fn count(&self) -> u32 {
        self.kinds.count_ones()
    }

    /// Whether the words themselves show the difference.
    pub(super) fn is_visible(&self) -> bool {
        self.kinds & (WHITE_SPACE | LOOK_ALIKES) == 0
    }

    /// `case and punctuation`
    pub(super) fn kinds(&self) -> String {
        let mut kinds = Vec::new();
        for (kind, name) in &NAMES {
            if self.kinds & kind != 0 {
                kinds.push((*name).to_owned());
            }
        }
        kinds.join(" and ")
    }

    /// Which look-alike characters there are, or what the text has in place of the pattern.
    pub(super) fn describe(&self, pattern: &Pattern, text: &str) -> String {
        let characters = &self.characters[..self.characters.len().min(2)];
        match characters.is_empty() {
            false => joined(characters, ", ", LookAlike::describe),
            true => {
                let found = &text[self.found.clone()];
                let pattern = pattern.to_string();
                match self.is_visible() {
                    true => format!("{}, not {}", quote(found, 24), quote(&pattern, 24)),
                    false => format!("{}, not {}", exact(found, 24), exact(&pattern, 24)),
                }
            }
        }
    }

    /// The pattern and the part of the text, with different white space made visible.
    pub(super) fn lines(
        &self,
        pattern: &Pattern,
        label: &str,
        text: &str,
        width: usize,
    ) -> Vec<String> {
        let room = width - 14; // the label, two quotes, two ellipses
        let before = text[..self.found.start].chars().count();
        let length = text.chars().count();
        let start = match length <= room {
            true => 0,
            false => before.saturating_sub(room / 4).min(length - room),
        };
        let (left, right) = (start > 0, start + room < length);
        let mut shown = String::new();
        for (at, character) in text.chars().enumerate() {
            if (start..start + room).contains(&at) {
                shown.push(character);
            }
        }
        let mut shown = exact(&shown, room);
        if left {
            shown.insert(0, '…');
        }
        if right {
            shown.push('…');
        }
        vec![
            format!("{:8}{}", "pattern", exact(&pattern.to_string(), room)),
            format!("{label:8}{shown}"),
        ]
    }
}

impl LookAlike {
    /// `the text has "’" (U+2019) for "'"`
    fn describe(&self) -> String {
        let owner = if self.is_in_text { "text" } else { "pattern" };
        let code = |c: char| format!("U+{:04X}", u32::from(c));
        let character = self.character;
        let instead = look_alike_of(character).unwrap_or_default();
        let (what, instead) = match &*instead {
            "" => ("an invisible character".to_owned(), String::new()),
            " " => ("another space".to_owned(), String::new()),
            "-" | "'" | "\"" => (character.to_string(), format!(" for {instead}")),
            instead if instead.is_ascii() => (character.to_string(), format!(" for \"{instead}\"")),
            instead => {
                let mut codes = " for".to_owned();
                for character in instead.chars() {
                    codes.push(' ');
                    codes.push_str(&code(character));
                }
                (character.to_string(), codes)
            }
        };
        format!("the {owner} has {what} ({}){instead}", code(character))
    }
}

/// The differences that are removed before a pattern is searched for.
#[derive(Clone, Copy)]
struct Folding {
    kinds: Kinds,
    /// A look-alike character that stays as it is.
    kept: Option<char>,
}

impl Folding {
    fn matches(self, pattern: &Pattern, text: &str, is_whole: bool) -> bool {
        let Some(pattern) = self.pattern(pattern) else {
            return false;
        };
        let text = match pattern.words() {
            Some(_) => self.text(text),
            None => self.text_for_regex(text),
        };
        match is_whole {
            true => pattern.find_whole(&text).is_some(),
            false => pattern.find(&text).is_some(),
        }
    }

    /// The part of the text in which the folded pattern is found last.
    fn locate(self, pattern: &Pattern, text: &str) -> Range<usize> {
        let Some(folded) = self
            .pattern(pattern)
            .filter(|folded| folded.words().is_some())
        else {
            return 0..text.len();
        };
        let places = self.folded(text);
        let matches = |range: Range<usize>| folded.find(&string(&places[range])).is_some();
        // A longer range contains all that a shorter one does. So a binary search works.
        let (mut start, mut after) = (0, places.len() + 1);
        while after - start > 1 {
            let middle = start.midpoint(after);
            match matches(middle..places.len()) {
                true => start = middle,
                false => after = middle,
            }
        }
        let (mut before, mut end) = (start, places.len());
        while end - before > 1 {
            let middle = before.midpoint(end);
            match matches(start..middle) {
                true => end = middle,
                false => before = middle,
            }
        }
        let at = |place: usize| places.get(place).map_or(text.len(), |(_, at)| at.start);
        let last = places[start..end].last();
        at(start)..last.map_or(at(start), |(_, at)| at.end)
    }

    fn text(self, text: &str) -> String {
        string(&self.folded(text))
    }

    /// The characters of the folded text, and where each comes from.
    fn folded(self, text: &str) -> Vec<(char, Range<usize>)> {
        let mut folded = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            let range = at..at + c.len_utf8();
            let mut push = |c: char| {
                if !self.leaves_out(c) {
                    match self.kinds & CASE != 0 {
                        true => {
                            for c in c.to_lowercase() {
                                folded.push((c, range.clone()));
                            }
                        }
                        false => folded.push((c, range.clone())),
                    }
                }
            };
            match self.kinds & LOOK_ALIKES != 0 && self.kept != Some(c) {
                true => match look_alike_of(c) {
                    Some(alike) => alike.chars().for_each(push),
                    None => push(c),
                },
                false => push(c),
            }
        }
        folded
    }

    fn leaves_out(self, c: char) -> bool {
        self.kinds & WHITE_SPACE != 0 && c.is_whitespace()
            || self.kinds & PUNCTUATION != 0 && is_punctuation(c)
    }

    /// A regular expression says itself where white space is.
    fn text_for_regex(self, text: &str) -> String {
        let folding = Folding {
            kinds: self.kinds & LOOK_ALIKES,
            ..self
        };
        let text = folding.text(text);
        match self.kinds & WHITE_SPACE != 0 {
            true => spaced_once(&text),
            false => text,
        }
    }

    /// The pattern with folded literals; `None` if nothing would be left of them.
    fn pattern(self, pattern: &Pattern) -> Option<Pattern> {
        #[cfg(feature = "regex")]
        if let Pattern::Regex(regex) = pattern {
            return self.regex(regex);
        }
        let mut folded = Vec::new();
        for piece in pattern.words()? {
            match piece {
                PatternSegment::Text(text) => {
                    let text = self.text(text);
                    if !text.is_empty() {
                        folded.push(PatternSegment::Text(text.into()));
                    }
                }
                other => folded.push(other.clone()),
            }
        }
        let folded = Pattern::Words(folded.into());
        let has_words = literals(&folded).contains(ALPHANUMERIC);
        has_words.then_some(folded)
    }

    #[cfg(feature = "regex")]
    fn regex(self, regex: &crate::scenario::Regex) -> Option<Pattern> {
        if self.kinds & PUNCTUATION != 0 {
            return None;
        }
        let mut builder = regex::RegexBuilder::new(regex.as_str());
        builder.case_insensitive(self.kinds & CASE != 0);
        let regex = builder.build().ok()?;
        Some(Pattern::Regex(crate::scenario::Regex::Compiled(regex)))
    }
}

/// Folded characters as a text.
fn string(characters: &[(char, Range<usize>)]) -> String {
    let mut string = String::new();
    for (character, _) in characters {
        string.push(*character);
    }
    string
}

fn literals(pattern: &Pattern) -> String {
    let mut literals = String::new();
    for piece in pattern.words().unwrap_or_default() {
        if let PatternSegment::Text(text) = piece {
            literals.push_str(text);
        }
    }
    literals
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '¡' | '¿' | '·' | '«' | '»' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}')
        || matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{301f}' | '！' | '（' | '）' | '，' | '：' | '；' | '？')
}

/// Letters of other alphabets, and the Latin letters that they look like.
const LETTERS: [(&str, &str); 2] = [
    ("аеорсухіјѕһԁАВЕКМНОРСТХІЈЅ", "aeopcyxijshdABEKMHOPCTXIJS"),
    ("οανΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavABEZHIKMNOPTYX"),
];

/// Combining marks, letters that have them, and the same letters without.
const MARKED: [(char, &str, &str); 7] = [
    ('\u{300}', "àèìòùÀÈÌÒÙ", "aeiouAEIOU"),
    ('\u{301}', "áéíóúýÁÉÍÓÚÝćńśźĆŃŚŹ", "aeiouyAEIOUYcnszCNSZ"),
    ('\u{302}', "âêîôûÂÊÎÔÛ", "aeiouAEIOU"),
    ('\u{303}', "ãñõÃÑÕ", "anoANO"),
    ('\u{308}', "äëïöüÿÄËÏÖÜ", "aeiouyAEIOU"),
    ('\u{30c}', "čěňřšťžČĚŇŘŠŤŽ", "cenrstzCENRSTZ"),
    ('\u{327}', "çÇ", "cC"),
];

/// The characters that a character looks like, or consists of; `None` if there are no others.
fn look_alike_of(c: char) -> Option<Cow<'static, str>> {
    if c.is_ascii() {
        return None;
    }
    let alike = match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{200d}' | '\u{fe0f}' => "",
        c if is_invisible(c) => "",
        '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʹ' | '′' | '´' | '＇' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '−' | '﹣' => "-",
        '…' => "...",
        '×' => "x",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬀ' => "ff",
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = char::from_u32(u32::from(c) - 0xfee0)?;
            return Some(ascii.to_string().into());
        }
        _ => return letter(c).map(Cow::Owned),
    };
    Some(alike.into())
}

fn letter(c: char) -> Option<String> {
    for (letters, latin) in &LETTERS {
        if let Some(latin) = in_place_of(c, letters, latin) {
            return Some(latin.to_string());
        }
    }
    for (mark, letters, latin) in &MARKED {
        if let Some(latin) = in_place_of(c, letters, latin) {
            return Some(format!("{latin}{mark}"));
        }
    }
    None
}

/// The character of `latin` at the place that this one has in `letters`.
fn in_place_of(c: char, letters: &str, latin: &str) -> Option<char> {
    for (letter, latin) in letters.chars().zip(latin.chars()) {
        if letter == c {
            return Some(latin);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(pattern: &str, text: &str) -> Option<(String, String)> {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        assert!(pattern.find(text).is_none(), "{pattern} is in {text}");
        let near = NearMiss::find(&pattern, text, false)?;
        Some((near.kinds(), near.describe(&pattern, text)))
    }

    #[test]
    fn each_kind_of_difference_has_a_name() {
        for (pattern, text, kinds, what) in [
            (
                "the weather",
                "So, The Weather?",
                "case",
                "\"The Weather\", not \"the weather\"",
            ),
            (
                "in {city} today",
                "in Paris Today",
                "case",
                "\"in Paris Today\", not \"in {city} today\"",
            ),
            (
                "hello world",
                "Oh, helloworld!",
                "white space",
                "\"helloworld\", not \"hello world\"",
            ),
            (
                "helloworld",
                "hello\nworld",
                "white space",
                "\"hello\\nworld\", not \"helloworld\"",
            ),
            (
                "hello\n",
                "hello",
                "white space",
                "\"hello\", not \"hello\\n\"",
            ),
            (
                "don't",
                "I don’t",
                "look-alike characters",
                "the text has ’ (U+2019) for '",
            ),
            (
                "don’t",
                "I don't",
                "look-alike characters",
                "the pattern has ’ (U+2019) for '",
            ),
            (
                "a b",
                "a\u{200b} b",
                "look-alike characters",
                "the text has an invisible character (U+200B)",
            ),
            (
                "5-6",
                "5–6",
                "look-alike characters",
                "the text has – (U+2013) for -",
            ),
            (
                "cafe",
                "c\u{430}fe",
                "look-alike characters",
                "the text has а (U+0430) for \"a\"",
            ),
            (
                "café",
                "cafe\u{301}",
                "look-alike characters",
                "the pattern has é (U+00E9) for U+0065 U+0301",
            ),
            (
                "Hello, world",
                "Hello world",
                "punctuation",
                "\"Hello world\", not \"Hello, world\"",
            ),
            (
                "Hello world",
                "hello, World!",
                "case and punctuation",
                "\"hello, World\", not \"Hello world\"",
            ),
        ] {
            let shown = near(pattern, text);
            assert_eq!(
                shown,
                Some((kinds.to_owned(), what.to_owned())),
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn texts_that_differ_in_their_words_are_not_near() {
        for (pattern, text) in [
            ("weather", "wether"),
            ("{name}!", "Hello."),
            ("?", "Hello."),
            ("weather", ""),
        ] {
            assert_eq!(near(pattern, text), None, "{pattern} {text}");
        }
    }

    #[test]
    fn names_that_differ_in_case_alone_are_near() {
        assert_eq!(
            NearMiss::differences_of_names("get_time", "Get_Time").as_deref(),
            Some("case")
        );
        assert_eq!(
            NearMiss::differences_of_names("get_time", "get-time").as_deref(),
            Some("punctuation")
        );
        assert_eq!(
            NearMiss::differences_of_names("get_time", "get_time_now"),
            None
        );
    }

    #[test]
    fn of_a_long_text_the_part_that_is_near_is_shown() {
        let pattern = Pattern::parse("the weather").expect("a pattern");
        let text = format!(
            "{}the\u{a0}\u{200b}weather{}",
            "so ".repeat(60),
            " so".repeat(60)
        );
        let near = NearMiss::find(&pattern, &text, false).expect("they are near");
        let lines = near.lines(&pattern, "text", &text, 60);
        assert!(lines[1].contains("the\\u{a0}\\u{200b}weather"), "{lines:?}");
        assert!(
            lines[1].starts_with("text    …") && lines[1].ends_with('…'),
            "{lines:?}"
        );
    }
}
