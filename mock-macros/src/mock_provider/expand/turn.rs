//! Turns.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::super::parse::{
    Count, Finish, Float, Keepalive, ModifierValue, Pace, Replayed, Split, Turn, Usage, word,
};
use super::parts::{Held, Table, place};
use super::value::{Fields, Value, float, of_primitive, of_type, part, time};

impl Table<'_> {
    pub(super) fn turn(&self, turn: &Turn) -> Value {
        let mut fields = Fields::default();
        fields.put("place", place(turn.span));
        if let Some(name) = &turn.name {
            fields.put_some("name", Value::str(&word(name)));
        }
        if !turn.matchers.is_empty() {
            fields.put("matchers", self.matchers(&turn.matchers));
        }
        if let Some((_, replayed)) = turn.replay()
            && self.mock.replays()
        {
            fields.put_tokens("replay", &replay(replayed));
        }
        let actions = self.list(&turn.actions, &|action| self.action(&action.kind));
        fields.put("actions", actions);
        if let Some(count) = self.count(&turn.count) {
            fields.put("count", count);
        }
        self.modifiers(turn, &mut fields);
        let turn = fields.record_with("__Turn", "__TURN");
        match self.held {
            // The time to compile one body grows with the square of its length, so long turns become constants of their own. A short turn
            // compiles faster in place.
            Held::Static if self.is_long() => Value::block(quote! {
                const __MOCK_CORE_TURN: __Turn = #turn;
                __MOCK_CORE_TURN
            }),
            Held::Static | Held::Owned => turn,
        }
    }

    fn modifiers(&self, turn: &Turn, fields: &mut Fields) {
        if let Some(fault) = &turn.fault {
            fields.put_some("fault", self.fault(fault));
        }
        for modifier in &turn.modifiers {
            let name = modifier.known.word;
            match &modifier.value {
                ModifierValue::Time(time) => fields.put_tokens(name, time),
                ModifierValue::Pace(pace) => fields.put("pace", self::pace(pace)),
                ModifierValue::Split(split) => {
                    if let Some(split) = self::split(split) {
                        fields.put(name, split);
                    }
                }
                ModifierValue::Number(number) => fields.put_tokens(name, number),
                ModifierValue::Finish(finish) => fields.put(name, self.finish(finish)),
                ModifierValue::Usage(usage) => fields.put(name, usage_of(usage)),
                ModifierValue::Keepalive(keepalive) => {
                    fields.put_some(name, self.keepalive(keepalive));
                }
                ModifierValue::Flush(word) => {
                    fields.put(name, Value::unit(&part("Flush", word)));
                }
                ModifierValue::Status(status) => fields.put_some(name, self.status(status)),
                ModifierValue::Headers(headers) => fields.put(name, self.headers(headers)),
            }
        }
    }

    fn count(&self, count: &Count) -> Option<Value> {
        let (min, max) = match count {
            Count::Exactly(1) => return None,
            Count::Exactly(times) => (times.to_token_stream(), times.to_token_stream()),
            Count::Range(min, max) => {
                let max = max.unwrap_or(u32::MAX);
                (min.to_token_stream(), max.to_token_stream())
            }
            Count::Between(min, Some(max)) => (min.to_token_stream(), max.to_token_stream()),
            Count::Between(min, None) => (min.to_token_stream(), u32::MAX.to_token_stream()),
            Count::Expr(expr) => {
                let at = expr.span().resolved_at(Span::call_site());
                return Some(Value::block(match self.held {
                    // An expression other than a number is checked by rustc where it is written.
                    Held::Static => {
                        let number = quote_spanned!(at=> __mock_core::core::primitive::u32);
                        quote! {
                            let __mock_core_times: #number = #expr;
                            __Count { min: __mock_core_times, max: __mock_core_times }
                        }
                    }
                    Held::Owned => {
                        quote_spanned!(at=> __mock_core::IntoCount::into_count(#expr))
                    }
                }));
            }
        };
        let mut fields = Fields::default();
        fields.put_tokens("min", &min);
        fields.put_tokens("max", &max);
        Some(fields.record("__Count"))
    }

    fn finish(&self, finish: &Finish) -> Value {
        let reason = match finish {
            Finish::Known(reason) => Value::unit(&part("FinishReason", reason)),
            Finish::Other(name) => Value::call("__FinishReasonOther", self.borrowed(name)),
            Finish::None => return Value::unit("__SettingNone"),
        };
        Value::call("__SettingValue", reason)
    }

    fn keepalive(&self, keepalive: &Keepalive) -> Value {
        let mut fields = Fields::default();
        fields.put_tokens("every", &keepalive.every);
        let text = keepalive.text.as_ref();
        fields.put_option("text", text.map(|text| self.borrowed(text)));
        fields.record("__Keepalive")
    }
}

pub(super) fn usage_of(usage: &Usage) -> Value {
    match usage {
        Usage::Tokens(prompt, completion) => {
            let prompt = of_primitive("u64", prompt);
            let completion = of_primitive("u64", completion);
            let usage = quote!(__mock_core::Usage::new(#prompt, #completion));
            Value::tuple("__SettingValue", usage)
        }
        Usage::Expr(expr) => {
            Value::tuple("__SettingValue", of_type(&quote!(__mock_core::Usage), expr))
        }
        Usage::None => Value::unit("__SettingNone"),
    }
}

fn pace(pace: &Pace) -> Value {
    match pace {
        Pace::Every(time) => Value::tuple("__PaceEvery", self::time(time)),
        Pace::TokensPerSecond(tokens) => Value::tuple("__PaceTokensPerSecond", float(tokens)),
    }
}

fn split(split: &Split) -> Option<Value> {
    Some(match split {
        Split::Words => return None,
        Split::Chars(number) => Value::tuple("__SplitChars", of_primitive("u32", number)),
        Split::Random(least, most) => {
            let (least, most) = (of_primitive("u32", least), of_primitive("u32", most));
            Value::tuple("__SplitRandom", quote!(#least, #most))
        }
        Split::Whole => Value::unit("__SplitWhole"),
    })
}

impl ToTokens for Float {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Float::Literal(number) => number.to_tokens(tokens),
            Float::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

fn replay(replayed: &Replayed) -> TokenStream {
    match replayed {
        Replayed::Next(_, count) => quote!(__mock_core::Replay::Next(#count)),
        Replayed::Rest => quote!(__mock_core::Replay::Rest),
    }
}
