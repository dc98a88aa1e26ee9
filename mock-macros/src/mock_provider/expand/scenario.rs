//! The scenario itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::super::parse::{Delay, Lane, Latency, Otherwise, Per, SettingValue, Turn};
use super::super::words::{self, SyntaxKind};
use super::parts::{Table, line, place};
use super::turn::usage_of;
use super::value::{Fields, Value, float, of_primitive, time};

use crate::search::Search as _;

impl Table<'_> {
    /// The table of the mock.
    pub(super) fn scenario(&self) -> Value {
        let mock = self.mock;
        let mut fields = Fields::default();
        if let Some(name) = &mock.name {
            fields.put_some("name", Value::str(&name.to_string()));
        }
        let line = line(mock.name.as_ref().map_or_else(Span::call_site, Ident::span));
        let place = quote!(__mock_core::SourceLocation { file: __Some(__mock_core::core::file!()), line: #line });
        fields.put_tokens("place", &place);
        let profile = Ident::new(&mock.profile.variant(), Span::call_site());
        fields.put_tokens("profile", &quote!(__mock_core::Profile::#profile));
        if let Some(model) = &mock.profile.model {
            fields.put_some("model", self.borrowed(model));
        }
        // Values move in the order in which they are written: first the keys, then the turns.
        self.keys(&mut fields);
        self.answers(&mut fields);
        fields.record_with("__Scenario", "__SCENARIO")
    }

    /// The keys that not every mock has.
    fn keys(&self, fields: &mut Fields) {
        let mock = self.mock;
        if let Some(tools) = &mock.tools {
            fields.put("tools", self.list(tools, &|tool| Some(self.tool(tool))));
        }
        if let Some(per) = &mock.per {
            fields.put_some("per", self.per(per));
        }
        for setting in &mock.settings {
            // `name` is already the name of the mock.
            let key = match setting.known.word {
                "name" => "provider",
                key => key,
            };
            match &setting.value {
                SettingValue::Text(text) => fields.put_some(key, self.borrowed(text)),
                SettingValue::Texts(texts) => fields.put_some(key, self.texts(texts)),
                SettingValue::Number(number) => {
                    let ty = match setting.known.takes {
                        SyntaxKind::Seed => "u64",
                        _ => "u32",
                    };
                    fields.put_some(key, Value::expression(&of_primitive(ty, number)));
                }
                SettingValue::Latency(latency) => fields.put_tokens(key, &self::latency(latency)),
                SettingValue::Usage(usage) => fields.put(key, usage_of(usage)),
                SettingValue::Object(object) => fields.put_some(key, self.metadata(object)),
                SettingValue::Chaos(faults) => {
                    let faults = faults
                        .iter()
                        .map(|fault| fault.expand(&quote!(__mock_core)));
                    fields.put_tokens(key, &quote!(__Some(__mock_core::Borrowed(&[#(#faults),*]))));
                }
                SettingValue::Expectations(expectations) => {
                    if !expectations.is_empty() {
                        fields.put(key, self.expectations(expectations));
                    }
                }
                SettingValue::Words(words) if setting.known.takes == SyntaxKind::Capability => {
                    if !are_all(words) {
                        let some = with_setters(quote!(__mock_core::Capabilities::NONE), words);
                        fields.put_tokens(key, &some);
                    }
                }
                SettingValue::Words(words) => {
                    let allow = with_setters(quote!(__mock_core::Allow::NONE), words);
                    fields.put_tokens(key, &allow);
                }
            }
        }
    }

    fn turns(&self, turns: &[Turn]) -> Value {
        self.list(turns, &|turn| Some(self.turn(turn)))
    }

    fn lane(&self, lane: &Lane) -> Value {
        let mut fields = Fields::default();
        fields.put("place", place(lane.span));
        fields.put("matchers", self.matchers(&lane.matchers));
        fields.put("turns", self.turns(&lane.turns));
        fields.record("__Lane")
    }

    fn per(&self, per: &Per) -> Value {
        match per {
            Per::Conversation => Value::unit("__PerConversation"),
            Per::Model => Value::unit("__PerModel"),
            Per::Header(name) => Value::call("__PerHeader", Value::call_tokens("__Borrowed", name)),
            Per::Matcher(matcher) => {
                let matcher = self.matcher(matcher);
                let matcher = matcher.unwrap_or_else(|| Value::block(quote!()));
                Value::call("__PerMatcher", matcher)
            }
        }
    }

    /// The script, and what answers where it does not.
    fn answers(&self, fields: &mut Fields) {
        let mock = self.mock;
        fields.put("turns", self.turns(&mock.turns));
        if !mock.lanes.is_empty() {
            fields.put(
                "lanes",
                self.list(&mock.lanes, &|lane| Some(self.lane(lane))),
            );
        }
        if !mock.rules.is_empty() {
            fields.put("rules", self.turns(&mock.rules));
        }
        if let Some(otherwise) = &mock.otherwise {
            let otherwise = match otherwise {
                Otherwise::Turn(turn) => Value::call("__OtherwiseTurn", self.turn(turn)),
                Otherwise::RepeatLast(_) => Value::unit("__OtherwiseRepeatLast"),
                Otherwise::Cycle(_) => Value::unit("__OtherwiseCycle"),
            };
            fields.put("otherwise", otherwise);
        }
    }
}

fn latency(latency: &Latency) -> TokenStream {
    let delay = match &latency.delay {
        Delay::Fixed(time) => Value::tuple("__DelayFixed", self::time(time)),
        Delay::Uniform(least, most) => {
            let (least, most) = (time(least), time(most));
            Value::tuple("__DelayUniform", quote!(#least, #most))
        }
        Delay::Growing(first, by) => {
            let (first, by) = (time(first), float(by));
            Value::tuple("__DelayGrowing", quote!(#first, #by))
        }
    };
    match &latency.timeout_over {
        None => quote!(__mock_core::Latency::new(#delay)),
        Some(longest) => {
            let longest = time(longest);
            quote!(__mock_core::Latency::new(#delay).timeout_over(#longest))
        }
    }
}

/// Whether these are all that may be asked.
fn are_all(capabilities: &[Ident]) -> bool {
    let names = words::CAPABILITIES.names();
    names.all(&|word| capabilities.any(&|known| known == word))
}

/// A value, and the setters of the fields that these words name.
fn with_setters(mut value: TokenStream, words: &[Ident]) -> TokenStream {
    for word in words {
        let setter = format_ident!("with_{word}");
        value.extend(quote!(.#setter()));
    }
    value
}
