//! The keys of a mock, and its profile.

use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, Visibility};

use super::super::split_into_entries::{Items, Value};
use super::super::words::{self, SyntaxKind, Word, Words};
use super::json::Texts;
use super::number::{COUNTS, is_literal, number_meant, word_meant};
use super::{JsonKind, JsonValue, Mock, Profile, Reader, Setting, SettingValue, path_word};
use crate::chaos;
use crate::crate_path::CratePath;
use crate::diagnostics::written;
use crate::duration::range_of_times;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{
    bare, called_word, ends_with, integer, literal, push_some, word_and_arguments,
};

impl Reader<'_> {
    pub(super) fn entry(&self, mock: &mut Mock, key: &Ident, value: Value) {
        let Some(known) = words::KEYS.find_ident(key) else {
            return self.unknown_key(key);
        };
        let has_scripts = matches!(known.takes, SyntaxKind::Beginning | SyntaxKind::Lanes);
        mock.lacks_a_script |= has_scripts && matches!(value, Value::Bad | Value::Expr(_));
        match (known.takes, value) {
            (_, Value::Bad) => {}
            (SyntaxKind::CratePath, Value::Path(path)) => mock.crate_path = CratePath(Some(path)),
            (SyntaxKind::Visibility, Value::Visibility(visibility)) => {
                self.visibility(mock, key, visibility);
            }
            (SyntaxKind::Tool, Value::List(items)) => self.tools(mock, &items),
            (SyntaxKind::Beginning, Value::List(items)) => self.script(mock, key, &items),
            (SyntaxKind::Rules, Value::Match(rules)) => mock.rules = self.rules(&rules),
            (SyntaxKind::Lanes, Value::Match(lanes)) => mock.lanes = self.lanes(&lanes),
            (SyntaxKind::Per, Value::Expr(expr)) => mock.per = self.per(&expr),
            (SyntaxKind::Cassette, Value::Expr(expr)) => mock.cassette = self.cassette(key, &expr),
            (SyntaxKind::Otherwise, Value::Expr(expr)) => mock.otherwise = self.otherwise(&expr),
            (SyntaxKind::Allowance, Value::List(items)) => {
                let value = SettingValue::Words(self.allowances(&items, &mut mock.allowed_secrets));
                mock.settings.push(Setting { known, value });
            }
            (_, value) => {
                let setting = self.setting(key, known, &value);
                let setting = setting.map(|value| Setting { known, value });
                push_some(&mut mock.settings, setting);
            }
        }
    }

    /// The value of a key that is a field of the scenario; `None` if it was not understood, and that has been reported.
    fn setting(&self, key: &Ident, known: &Word, value: &Value) -> Option<SettingValue> {
        match (known.takes, value) {
            (SyntaxKind::Name, Value::Expr(expr)) => {
                let name = self.plain_text(expr, "the name of a provider")?;
                let help = "write it as in `name = \"my-provider\"`, or remove `name`";
                self.not_blank(&name, "the name of a provider cannot be empty", help)?;
                Some(SettingValue::Text(name))
            }
            (SyntaxKind::Latency, Value::Expr(expr)) => {
                self.latency(expr).map(SettingValue::Latency)
            }
            (SyntaxKind::Usage, Value::Expr(expr)) => self.usage(expr).map(SettingValue::Usage),
            (SyntaxKind::Seed, Value::Expr(expr)) => self.seed(expr).map(SettingValue::Number),
            (SyntaxKind::Number, Value::Expr(expr)) => {
                let reported = self.diagnostics.count();
                let number = self.number(expr, "calls");
                if self.diagnostics.count() > reported {
                    return None;
                }
                Some(SettingValue::Number(number))
            }
            (SyntaxKind::Metadata, Value::Expr(expr)) => {
                self.metadata(expr).map(SettingValue::Object)
            }
            (SyntaxKind::Model, Value::List(items)) => {
                Some(SettingValue::Texts(self.models(key, items)))
            }
            (SyntaxKind::Chaos, Value::List(items)) => {
                let faults = chaos::faults(items.iter().flatten(), self.diagnostics);
                Some(SettingValue::Chaos(faults))
            }
            (SyntaxKind::Expectation, Value::List(items)) => {
                Some(SettingValue::Expectations(self.expectations(key, items)))
            }
            (SyntaxKind::Capability, Value::List(items)) => {
                let words = self.words(items, "capability", &words::CAPABILITIES);
                Some(SettingValue::Words(words))
            }
            _ => {
                self.wrong_value(key, known, value);
                None
            }
        }
    }

    fn visibility(&self, mock: &mut Mock, key: &Ident, visibility: Visibility) {
        match mock.visibility {
            None => mock.visibility = Some(visibility),
            Some(_) => self.error(
                Lint::GivenTwice,
                key.span(),
                "the visibility is given twice",
                "remove `vis` or the visibility before the name",
            ),
        }
    }

    fn tools(&self, mock: &mut Mock, items: &Items) {
        let mut tools = Vec::new();
        for item in items.iter().flatten() {
            push_some(&mut tools, self.tool(item));
        }
        mock.lacks_a_tool = tools.len() < items.len();
        mock.tools = Some(tools);
    }

    fn script(&self, mock: &mut Mock, key: &Ident, items: &Items) {
        if self.has_turns {
            self.error(
                Lint::TwoScripts,
                key.span(),
                "turns go in `script = [..]` or in the list itself, not in both",
                "move them all into `script = [..]`",
            );
        }
        mock.turns.append(&mut self.turns(items));
    }

    fn unknown_key(&self, key: &Ident) {
        let word = key.to_string();
        let help = words::foreign_key(&word)
            .map(str::to_owned)
            .or_else(|| words::misplaced_key(&word))
            .unwrap_or_else(|| words::KEYS.did_you_mean(&word));
        let message = format!("unknown key `{word}`");
        self.error(Lint::UnknownKey, key.span(), message, help);
    }

    /// Reports a key that takes something else.
    fn wrong_value(&self, key: &Ident, known: &Word, value: &Value) {
        let word = known.word;
        let (message, help) = match known.takes {
            _ if words::is_list(word) => (
                format!("`{word}` is a list"),
                match value {
                    Value::Expr(items) => format!("write `[{}]`", items_meant(items)),
                    _ => format!("write `{word} = [..]`"),
                },
            ),
            SyntaxKind::Rules | SyntaxKind::Lanes => (
                format!("`{word}` are a `match`"),
                format!("write `{}`", known.example),
            ),
            SyntaxKind::Latency => (
                format!("`{word}` is a time or a range of times"),
                match value {
                    Value::List(ends) => range_meant(word, ends),
                    _ => None,
                }
                .unwrap_or_else(|| format!("write `{word} = 120ms` or `{word} = 80ms..120ms`")),
            ),
            _ => (
                format!("`{word}` is not a list"),
                format!("write `{}`", known.example),
            ),
        };
        match value {
            Value::Expr(expr) => self.error_at(Lint::WrongValue, expr, message, help),
            Value::List(items) => {
                let first = items.iter().flatten().next();
                let span = first.map_or(key.span(), |item| item.span());
                self.error(Lint::WrongValue, span, message, help);
            }
            _ => self.error(Lint::WrongValue, key.span(), message, help),
        }
    }

    /// A list of known words, each once.
    pub(super) fn words(&self, items: &Items, what: &str, known: &Words) -> Vec<Ident> {
        let mut words: Vec<Ident> = Vec::new();
        for item in items.iter().flatten() {
            let (lint, message, help) = match path_word(item) {
                Some(word) if words.contains(word) => (
                    Lint::GivenTwice,
                    format!("`{word}` is given twice"),
                    format!("remove one of the two `{word}`"),
                ),
                Some(word) if known.has_ident(word) => {
                    words.push(word.clone());
                    continue;
                }
                word => {
                    let help = match word {
                        Some(word) => known.did_you_mean(&word.to_string()),
                        None => word_meant(item, known),
                    };
                    let message = match word {
                        Some(word) => format!("unknown {what} `{word}`"),
                        None => format!("expected a word for the {what}"),
                    };
                    (Lint::UnknownSetting, message, help)
                }
            };
            self.error_at(lint, item, message, help);
        }
        words
    }

    /// The names of models, each once.
    fn models(&self, key: &Ident, items: &Items) -> Vec<Expr> {
        if items.is_empty() {
            self.error(
                Lint::WrongValue,
                key.span(),
                "`models` is empty",
                "name a model, as in `models = [\"gpt-4o\"]`, or remove `models`",
            );
        }
        let mut models: Vec<Expr> = Vec::new();
        for item in items.iter().flatten() {
            let Some(model) = self.plain_text(item, "the name of a model") else {
                continue;
            };
            let name = literal(&model).map(|name| name.value());
            let is_known = |known: &Expr| literal(known).map(|known| known.value()) == name;
            match &name {
                Some(_)
                    if !literal(&model).is_some_and(|model| self.is_model_name(model, NAME)) => {}
                Some(name) if models.any(&is_known) => self.error_at(
                    Lint::GivenTwice,
                    &model,
                    format_args!("the model `{name}` is given twice"),
                    format_args!("remove one of the two `\"{name}\"`"),
                ),
                _ => models.push(model),
            }
        }
        models
    }

    fn seed(&self, expr: &Expr) -> Option<Expr> {
        let expr = bare(expr);
        let is_seed = match integer(expr) {
            Some(int) => matches!(int.suffix(), "" | "u64") && int.base10_parse::<u64>().is_ok(),
            None => !is_literal(expr),
        };
        if !is_seed {
            self.error_at(
                Lint::WrongValue,
                expr,
                "a seed is a whole number, at most 64 bits long",
                number_meant(expr, COUNTS, "write it as in `seed = 7`"),
            );
        }
        is_seed.then(|| self.own(expr))
    }

    fn metadata(&self, expr: &Expr) -> Option<JsonValue> {
        let metadata = self.json_value(expr, Texts::Verbatim);
        if let JsonValue::Json(json) = &metadata
            && !matches!(json.kind, JsonKind::Object(_))
        {
            return self.reject(
                Lint::WrongValue,
                expr,
                &"metadata is an object",
                &"write `metadata = object { request_id: \"abc\" }`",
            );
        }
        Some(metadata)
    }

    pub(super) fn profile(&self, expr: &Expr) -> Profile {
        let expr = bare(expr);
        let (word, arguments) = word_and_arguments(expr);
        let known = word.and_then(|word| words::PROFILES.find_ident(word));
        match word {
            Some(word) if known.is_none() => self.error(
                Lint::UnknownProfile,
                word.span(),
                format_args!("`{word}` is not a profile"),
                match words::foreign_profile(&word.to_string()) {
                    Some(profile) => format!("write `{profile}`"),
                    None => words::PROFILES.did_you_mean(&word.to_string()),
                },
            ),
            Some(_) => {}
            None => self.error_at(
                Lint::UnknownProfile,
                expr,
                "this is not a profile",
                "write a profile, as in `openai(\"gpt-4o\")`",
            ),
        }
        if let Some(second) = arguments.get(1) {
            self.error_at(
                Lint::UnknownProfile,
                second,
                "a profile takes one model",
                "remove this",
            );
        }
        Profile {
            known,
            model: arguments
                .first()
                .and_then(|model| self.model_of_profile(model)),
        }
    }

    fn model_of_profile(&self, model: &Expr) -> Option<Expr> {
        match bare(model) {
            Expr::Assign(named) => self.reject(
                Lint::UnknownProfile,
                &named.left,
                &"the model of a profile has no key",
                &format_args!("write its name alone: `{}`", written(&named.right)),
            ),
            Expr::Binary(words) if matches!(words.op, BinOp::Sub(_)) => self.reject(
                Lint::ExpectedText,
                words,
                &"the name of a model is a text",
                &format_args!("write it in quotes: `\"{}\"`", written(words)),
            ),
            _ => {
                let help = "write it as in `openai(\"gpt-4o\")`, or remove it";
                let is_name = literal(model).is_none_or(|name| self.is_model_name(name, help));
                is_name.then(|| self.own(model))
            }
        }
    }
}

/// The help for an empty name in the list of models.
const NAME: &str = "write the name that requests have, as in `\"gpt-4o\"`";

pub(super) fn is_profile(expr: &Expr) -> bool {
    called_word(expr).is_some_and(words::is_like_a_profile)
}

/// The range that is meant by a list of its ends.
fn range_meant(word: &str, ends: &Items) -> Option<String> {
    match ends.as_slice() {
        [Some(one), Some(other)] => {
            let range = range_of_times(one, other)
                .unwrap_or_else(|| format!("{}..{}", written(one), written(other)));
            Some(format!("write `{word} = {range}`"))
        }
        _ => None,
    }
}

/// The items of the list that is meant by a list of Rust, as `vec![..]` or `&[..]`, by a tuple, or by an item alone.
pub(super) fn items_meant(expr: &Expr) -> String {
    match bare(expr) {
        Expr::Array(items) => written(&items.elems),
        Expr::Tuple(items) => written(&items.elems),
        Expr::Reference(borrowed) => items_meant(&borrowed.expr),
        Expr::Macro(list) if ends_with(&list.mac.path, "vec") => written(&list.mac.tokens),
        item => written(item),
    }
}
