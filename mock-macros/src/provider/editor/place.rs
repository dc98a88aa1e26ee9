//! What may stand where.

use proc_macro2::{Delimiter, Ident};
use syn::ext::IdentExt as _;

use super::super::words;

/// What the tokens between two commas are.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// What a mock consists of.
    Body,
    /// An entry that is not `key = value`.
    Entry,
    Profile,
    Beginning,
    Otherwise,
    Rules,
    Matcher,
    /// In a matcher.
    Pattern,
    Regex,
    Text,
    /// JSON.
    Value,
    /// Of a value.
    Member,
    Tool,
    Called,
    /// The name of a tool.
    Told,
    Type,
    /// A field of a type.
    TypeMember,
    /// The name of a turn.
    Turn,
    Failure,
    /// Of a failure.
    Field,
    /// In `error_after(..)`.
    ErrorAfter,
    Latency,
    Usage,
    Capability,
    Allowance,
    Fault,
    Split,
    Finish,
    /// Code of the user's, or what is no item.
    Nothing,
}

/// A module of documented words in `mock-core`.
#[derive(Clone, Copy)]
pub(super) struct Namespace {
    pub(super) module: &'static str,
    has: fn(&str) -> bool,
}

impl Namespace {
    pub(super) const ENTRIES: Namespace = Namespace {
        module: "entries",
        // No item is called `crate`.
        has: |word| {
            is_beginning(word) || is_profile(word) || words::KEYS.contains(&word) && word != "crate"
        },
    };
    pub(super) const FIELDS: Namespace = Namespace {
        module: "fields",
        has: |word| words::FAILURE_FIELDS.contains(&word),
    };
    pub(super) const LINKS: Namespace = Namespace {
        module: "links",
        has: |word| words::LINKS.contains(&word),
    };

    pub(super) fn has(&self, word: &Ident) -> bool {
        (self.has)(&word.to_string())
    }
}

const fn namespace(module: &'static str, has: fn(&str) -> bool) -> Option<Namespace> {
    Some(Namespace { module, has })
}

fn is_beginning(word: &str) -> bool {
    word == "on" || words::ACTIONS.contains(&word)
}

fn is_profile(word: &str) -> bool {
    words::PROFILES.iter().any(|(profile, _)| *profile == word)
}

impl Place {
    /// What the value of a key is.
    pub(super) fn of_key(key: &str) -> Place {
        match key {
            "tools" => Place::Tool,
            "script" => Place::Beginning,
            "rules" => Place::Rules,
            "otherwise" => Place::Otherwise,
            "latency" => Place::Latency,
            "usage" => Place::Usage,
            "capabilities" => Place::Capability,
            "allow" => Place::Allowance,
            _ => Place::Nothing,
        }
    }

    pub(super) fn is_tool(self) -> bool {
        matches!(self, Place::Tool | Place::Called)
    }

    /// Whether an expression of the user's may stand there, in which words are what they are.
    pub(super) fn takes_code(self) -> bool {
        matches!(
            self,
            Place::Text | Place::Value | Place::Latency | Place::Usage | Place::Fault
        )
    }

    /// What its first word is one of.
    pub(super) fn beginnings(self) -> Option<Namespace> {
        match self {
            Place::Body | Place::Entry => Some(Namespace::ENTRIES),
            Place::Profile => namespace("profiles", is_profile),
            Place::Beginning => namespace("beginnings", is_beginning),
            Place::Otherwise => namespace("otherwise", |word| {
                words::ACTIONS.contains(&word) || words::OTHERWISE.contains(&word)
            }),
            Place::Matcher => namespace("matchers", |word| words::MATCHERS.contains(&word)),
            Place::Pattern => namespace("texts", |word| word == "regex"),
            Place::Text | Place::Value => namespace("texts", |word| word == "verbatim"),
            Place::Field => Some(Namespace::FIELDS),
            Place::Failure => namespace("kinds", |word| {
                words::KINDS.iter().any(|kind| kind.word == word)
            }),
            Place::Latency => namespace("latencies", |word| words::LATENCIES.contains(&word)),
            Place::Usage => namespace("usages", |word| words::USAGES.contains(&word)),
            Place::Capability => {
                namespace("capabilities", |word| words::CAPABILITIES.contains(&word))
            }
            Place::Allowance => namespace("allowances", |word| words::ALLOWANCES.contains(&word)),
            Place::ErrorAfter => namespace("faults", |word| {
                word == "all" || words::KINDS.iter().any(|kind| kind.word == word)
            }),
            Place::Type => namespace("types", |word| words::TYPES.contains(&word)),
            Place::Fault => namespace("places", |word| word == "all"),
            Place::Split => namespace("splits", |word| words::SPLITS.contains(&word)),
            Place::Finish => namespace("finishes", |word| {
                word == "other" || words::FINISHES.iter().any(|(finish, _)| *finish == word)
            }),
            _ => None,
        }
    }

    /// What the words after a dot are of.
    pub(super) fn links(self) -> Option<Namespace> {
        match self {
            Place::Entry | Place::Beginning | Place::Otherwise => namespace("steps", |word| {
                words::ACTIONS.contains(&word) || words::MODIFIERS.contains(&word)
            }),
            Place::Tool | Place::Called | Place::Type => Some(Namespace::LINKS),
            Place::Latency => namespace("latencies", |word| words::LATENCIES.contains(&word)),
            _ => None,
        }
    }

    /// What the parentheses or braces after a word hold.
    pub(super) fn in_word(self, word: &Ident, delimiter: Delimiter) -> Place {
        let name = word.unraw().to_string();
        let is_constructor = name.starts_with(char::is_uppercase);
        match (self, name.as_str(), delimiter) {
            (Place::Value, _, Delimiter::Brace) => Place::Member,
            (Place::Value, _, _) if is_constructor => Place::Value,
            (Place::Matcher, "user" | "said" | "system" | "model", _) => Place::Pattern,
            (Place::Matcher, "tool_result" | "has_tool", _) => Place::Told,
            (Place::Matcher, "any_of" | "not", _) => Place::Matcher,
            (Place::Pattern, "regex", _) => Place::Regex,
            (Place::Failure | Place::ErrorAfter, ..) => Place::Field,
            (Place::Tool, "returns", _) | (Place::Type, "list" | "optional", _) => Place::Type,
            (Place::Type, "object", _) => Place::TypeMember,
            (Place::Entry | Place::Beginning | Place::Otherwise, word, _) => Place::of_step(word),
            _ => Place::Nothing,
        }
    }

    /// What the parentheses of a step of a turn hold.
    fn of_step(step: &str) -> Place {
        match step {
            "on" => Place::Matcher,
            "reply" | "stream" | "reasoning" | "signature" | "refusal" => Place::Text,
            "json" => Place::Value,
            "call" => Place::Called,
            "fail" => Place::Failure,
            "error_after" => Place::ErrorAfter,
            "split" => Place::Split,
            "finish" => Place::Finish,
            "named" => Place::Turn,
            fault if words::FAULTS.contains(&fault) => Place::Fault,
            _ => Place::Nothing,
        }
    }
}
