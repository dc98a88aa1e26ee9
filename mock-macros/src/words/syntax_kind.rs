//! The kinds of syntax in the grammar, and the words of each.

use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::ext::IdentExt as _;

use super::{
    ALLOWANCES, BEGINNINGS, CAPABILITIES, CHAOS, COSTS, ENTRIES, EXPECTATIONS, FAULTS, FIELDS,
    FINISHES, FLUSHES, KEYS, KINDS, LATENCIES, LINKS, MATCHERS, OTHERWISE, PER, PLACES, PROFILES,
    SPLITS, STEPS, SWEEPS, TEXTS, TYPES, USAGES, Word, Words,
};
use crate::syntax::{begins_with, is_punct};

/// The kind of the tokens between two commas.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum SyntaxKind {
    /// The body of a mock.
    Body,
    /// An entry that is not `key = value`.
    Entry,
    Profile,
    Beginning,
    Otherwise,
    Rules,
    Lanes,
    Per,
    Matcher,
    /// One matcher or more.
    Matchers,
    /// In a matcher.
    Pattern,
    /// The name of a header, and a pattern.
    HeaderPattern,
    /// The pattern of a path, with or without a method.
    PathPattern,
    /// A closure that tests a request.
    Predicate,
    Regex,
    Text,
    /// The pieces of a text.
    Pieces,
    TextOrPieces,
    /// A text that is not content.
    Signature,
    /// JSON.
    Value,
    /// Of a value.
    Member,
    Tool,
    Called,
    /// The name of a tool.
    ToolName,
    Type,
    /// A type that takes nothing.
    Scalar,
    /// The type of any JSON.
    Anything,
    /// The texts that a value may be.
    Values,
    /// A field of a type.
    TypeMember,
    /// A text that is not a template.
    Verbatim,
    /// The frames of a raw answer.
    Frames,
    /// The path of a file of recorded exchanges.
    Cassette,
    /// How many recorded exchanges.
    Replayed,
    /// A field of a recorded body.
    Secret,
    /// The name of a gate.
    Gate,
    /// The name of a driver.
    Driver,
    /// A closure that answers.
    Responder,
    /// The vector of an embedding.
    Vector,
    Time,
    /// The time between one delta and the next.
    TimeBetween,
    /// Tokens in a second.
    Rate,
    /// A number of what the word says.
    Number,
    /// How often a turn answers.
    Count,
    /// The parentheses of `forever`, which hold nothing.
    Forever,
    /// A time, and what is sent then.
    Keepalive,
    /// The status of a raw answer.
    Status,
    /// Names and values of headers.
    Headers,
    /// The name of a turn.
    Turn,
    Failure,
    /// Of a failure.
    Field,
    /// In `error_after(..)`.
    ErrorAfter,
    Latency,
    Usage,
    /// In `usage(..)` of a turn.
    Cost,
    /// The name of the provider.
    Name,
    /// Data that comes with each answer.
    Metadata,
    Seed,
    CratePath,
    Visibility,
    Capability,
    Allowance,
    /// What is expected of all calls.
    Expectation,
    /// A number or a range of numbers.
    Bounds,
    /// The name of a tool, and JSON.
    Result,
    /// The name of a model.
    Model,
    Fault,
    Split,
    Finish,
    Flush,
    /// What a sweep tries.
    Sweep,
    /// Random faults and delays.
    Chaos,
    /// Code of the user's, or nothing that has words.
    Nothing,
}

impl SyntaxKind {
    /// The kind of the value of a key.
    pub(crate) fn from_key(key: &str) -> SyntaxKind {
        KEYS.find(key).map_or(SyntaxKind::Nothing, |key| key.takes)
    }

    pub(crate) fn is_tool(self) -> bool {
        matches!(self, SyntaxKind::Tool | SyntaxKind::Called)
    }

    /// Whether neither a word of the grammar nor a name of the scenario stands there.
    pub(crate) fn has_no_words(self) -> bool {
        matches!(
            self,
            SyntaxKind::Nothing
                | SyntaxKind::Anything
                | SyntaxKind::Bounds
                | SyntaxKind::Cassette
                | SyntaxKind::Count
                | SyntaxKind::CratePath
                | SyntaxKind::Forever
                | SyntaxKind::Frames
                | SyntaxKind::Headers
                | SyntaxKind::Keepalive
                | SyntaxKind::Metadata
                | SyntaxKind::Name
                | SyntaxKind::Number
                | SyntaxKind::Predicate
                | SyntaxKind::Rate
                | SyntaxKind::Replayed
                | SyntaxKind::Responder
                | SyntaxKind::Scalar
                | SyntaxKind::Secret
                | SyntaxKind::Seed
                | SyntaxKind::Status
                | SyntaxKind::Values
                | SyntaxKind::Vector
                | SyntaxKind::Visibility
        )
    }

    /// Whether an expression of the user's may stand there, in which words are what they are.
    pub(crate) fn takes_code(self) -> bool {
        self.is_text()
            || matches!(
                self,
                SyntaxKind::Value
                    | SyntaxKind::Latency
                    | SyntaxKind::Usage
                    | SyntaxKind::Cost
                    | SyntaxKind::Fault
            )
    }

    /// Whether a template stands there, or several.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            SyntaxKind::Text
                | SyntaxKind::Pieces
                | SyntaxKind::TextOrPieces
                | SyntaxKind::Signature
        )
    }

    /// Whether a pattern stands there.
    pub(crate) fn is_pattern(self) -> bool {
        matches!(
            self,
            SyntaxKind::Pattern | SyntaxKind::HeaderPattern | SyntaxKind::PathPattern
        )
    }

    /// The words that the first word is one of.
    pub(crate) fn beginnings(self) -> Option<&'static Words> {
        Some(match self {
            SyntaxKind::Body | SyntaxKind::Entry => &ENTRIES,
            SyntaxKind::Profile => &PROFILES,
            SyntaxKind::Beginning => &BEGINNINGS,
            SyntaxKind::Otherwise => &OTHERWISE,
            SyntaxKind::Matcher | SyntaxKind::Matchers => &MATCHERS,
            SyntaxKind::Per => &PER,
            SyntaxKind::Value => &TEXTS,
            text if text.is_text() || text.is_pattern() => &TEXTS,
            SyntaxKind::Field => &FIELDS,
            SyntaxKind::Failure => &KINDS,
            SyntaxKind::Latency => &LATENCIES,
            SyntaxKind::Usage => &USAGES,
            SyntaxKind::Cost => &COSTS,
            SyntaxKind::Capability => &CAPABILITIES,
            SyntaxKind::Allowance => &ALLOWANCES,
            SyntaxKind::Expectation => &EXPECTATIONS,
            SyntaxKind::ErrorAfter => &FAULTS,
            SyntaxKind::Type => &TYPES,
            SyntaxKind::Fault => &PLACES,
            SyntaxKind::Split => &SPLITS,
            SyntaxKind::Finish => &FINISHES,
            SyntaxKind::Flush => &FLUSHES,
            SyntaxKind::Sweep => &SWEEPS,
            SyntaxKind::Chaos => &CHAOS,
            _ => return None,
        })
    }

    /// The words that may follow a dot.
    pub(crate) fn links(self) -> Option<&'static Words> {
        Some(match self {
            SyntaxKind::Entry | SyntaxKind::Beginning | SyntaxKind::Otherwise => &STEPS,
            SyntaxKind::Tool | SyntaxKind::Called | SyntaxKind::Type => &LINKS,
            SyntaxKind::Latency => &LATENCIES,
            _ => return None,
        })
    }

    /// The kind of the content of the parentheses or braces after a word of `words`.
    pub(crate) fn in_word(
        self,
        words: Option<&'static Words>,
        word: &Ident,
        delimiter: Delimiter,
    ) -> SyntaxKind {
        let name = word.unraw().to_string();
        match self {
            SyntaxKind::Value if delimiter == Delimiter::Brace => SyntaxKind::Member,
            SyntaxKind::Value if begins_with(&name, char::is_uppercase) => SyntaxKind::Value,
            // The kind may be misspelt, but its braces still contain fields.
            SyntaxKind::Failure | SyntaxKind::ErrorAfter => SyntaxKind::Field,
            _ => {
                let word = words.and_then(|words| words.find(&name));
                word.map_or(SyntaxKind::Nothing, |word| word.takes)
            }
        }
    }

    /// The kind of an item, and its tokens; of a field, the kind of its value, and that.
    pub(crate) fn of_value(self, item: &[TokenTree]) -> (SyntaxKind, &[TokenTree]) {
        match (self, item) {
            (kind, [TokenTree::Ident(name), colon, value @ ..]) if is_punct(colon, ':') => {
                let kind = match kind {
                    SyntaxKind::TypeMember => SyntaxKind::Type,
                    SyntaxKind::Member => SyntaxKind::Value,
                    SyntaxKind::Field if name == "message" => SyntaxKind::Text,
                    SyntaxKind::Field => SyntaxKind::Nothing,
                    other => return (other, item),
                };
                (kind, value)
            }
            (kind, item) => (kind, item),
        }
    }

    /// The word before a group, the same as a word of the grammar if it is one, and the kind of what is in the group.
    pub(crate) fn before_group(
        self,
        before: &[TokenTree],
        delimiter: Delimiter,
    ) -> (Option<&Ident>, Option<&'static Word>, SyntaxKind) {
        let (words, word) = match before {
            [.., dot, TokenTree::Ident(word)] if is_punct(dot, '.') => (self.links(), word),
            [.., TokenTree::Ident(word)] => (self.beginnings(), word),
            _ => return (None, None, self),
        };
        let known = match self {
            SyntaxKind::Value if word == "object" => TYPES.find("object"),
            _ => words.and_then(|words| words.find_ident(word)),
        };
        let inner = match self {
            SyntaxKind::Tool if before.len() == 1 => SyntaxKind::TypeMember,
            SyntaxKind::Called if before.len() == 1 => SyntaxKind::Member,
            kind => kind.in_word(words, word, delimiter),
        };
        (Some(word), known, inner)
    }
}
