//! Settings of a mock: the keys that are each a field of the scenario.

use proc_macro2::Ident;
use syn::Expr;

use super::super::words::Word;

use super::{Expectation, JsonValue, Latency, Mock, Usage};
use crate::chaos::ChaosFault;
use crate::search::Search as _;

/// A key and its value.
pub(crate) struct Setting {
    pub(crate) known: &'static Word,
    pub(crate) value: SettingValue,
}

pub(crate) enum SettingValue {
    Text(Expr),
    Texts(Vec<Expr>),
    Number(Expr),
    Latency(Latency),
    Usage(Usage),
    Object(JsonValue),
    /// Words of a list.
    Words(Vec<Ident>),
    Expectations(Vec<Expectation>),
    Chaos(Vec<ChaosFault>),
}

impl Mock {
    fn setting(&self, key: &str) -> Option<&SettingValue> {
        let setting = self.settings.find(&|setting| setting.known.word == key);
        setting.map(|setting| &setting.value)
    }

    pub(crate) fn models(&self) -> Option<&[Expr]> {
        match self.setting("models")? {
            SettingValue::Texts(models) => Some(models),
            _ => None,
        }
    }

    /// The number of calls that the mock gets at most, if it is given.
    pub(crate) fn max_calls(&self) -> Option<&Expr> {
        match self.setting("max_calls")? {
            SettingValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What is expected of all calls.
    pub(crate) fn expectations(&self) -> &[Expectation] {
        match self.setting("expect") {
            Some(SettingValue::Expectations(expectations)) => expectations,
            _ => &[],
        }
    }

    pub(crate) fn metadata(&self) -> Option<&JsonValue> {
        match self.setting("metadata")? {
            SettingValue::Object(metadata) => Some(metadata),
            _ => None,
        }
    }

    /// Whether a list of words is given, and lacks this one.
    pub(crate) fn lacks(&self, key: &str, word: &str) -> bool {
        match self.setting(key) {
            Some(SettingValue::Words(words)) => words.all(&|known| known != word),
            _ => false,
        }
    }

    /// Whether a list of words is given, and has this one.
    pub(crate) fn lists(&self, key: &str, word: &str) -> bool {
        match self.setting(key) {
            Some(SettingValue::Words(words)) => words.any(&|known| known == word),
            _ => false,
        }
    }
}
