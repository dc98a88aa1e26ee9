//! Settings of a mock: the keys that are each a field of the scenario.

use proc_macro2::Ident;
use syn::Expr;

use super::super::words::Word;

use super::{Expectation, JsonValue, Latency, Mock, Usage};
use crate::chaos::ChaosFault;
use crate::search::Search as _;

/// A key and its value.
pub(in crate::mock_provider) struct Setting {
    pub(in crate::mock_provider) known: &'static Word,
    pub(in crate::mock_provider) value: SettingValue,
}

pub(in crate::mock_provider) enum SettingValue {
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

    pub(in crate::mock_provider) fn models(&self) -> Option<&[Expr]> {
        match self.setting("models")? {
            SettingValue::Texts(models) => Some(models),
            _ => None,
        }
    }

    /// The number of calls that the mock gets at most, if it is given.
    pub(in crate::mock_provider) fn max_calls(&self) -> Option<&Expr> {
        match self.setting("max_calls")? {
            SettingValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What is expected of all calls.
    pub(in crate::mock_provider) fn expectations(&self) -> &[Expectation] {
        match self.setting("expect") {
            Some(SettingValue::Expectations(expectations)) => expectations,
            _ => &[],
        }
    }

    pub(in crate::mock_provider) fn metadata(&self) -> Option<&JsonValue> {
        match self.setting("metadata")? {
            SettingValue::Object(metadata) => Some(metadata),
            _ => None,
        }
    }

    /// Whether a list of words is given, and lacks this one.
    pub(in crate::mock_provider) fn lacks(&self, key: &str, word: &str) -> bool {
        match self.setting(key) {
            Some(SettingValue::Words(words)) => words.all(&|known| known != word),
            _ => false,
        }
    }

    /// Whether a list of words is given, and has this one.
    pub(in crate::mock_provider) fn lists(&self, key: &str, word: &str) -> bool {
        match self.setting(key) {
            Some(SettingValue::Words(words)) => words.any(&|known| known == word),
            _ => false,
        }
    }
}
