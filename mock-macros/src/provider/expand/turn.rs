//! Turns.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::super::model::{
    Count, Finish, Float, Keepalive, Number, Pace, Split, Turn, Usage, word,
};
use super::table::{Held, Table, line};
use super::value::Value;

impl Table<'_> {
    pub(super) fn turn(&self, turn: &Turn) -> Value {
        let line = line(turn.span);
        let name = turn.name.iter().map(word);
        let matchers = (!turn.matchers.is_empty()).then(|| self.matchers(&turn.matchers));
        let matchers = matchers.iter();
        let actions = self.list(turn.actions.iter().map(|action| self.action(&action.kind)));
        let count = self.count(&turn.count);
        let ttft = turn.ttft.iter().map(|(_, time)| time);
        let pace = turn.pace.iter().map(|(_, how)| pace(how));
        let split = turn.split.iter();
        let split = split.filter_map(|(_, split)| self::split(split));
        let pieces = turn.pieces.iter().map(|(_, pieces)| pieces);
        let fault = turn.fault.iter().map(|fault| self.fault(fault));
        let finish = turn.finish.iter().map(|(_, finish)| self.finish(finish));
        let usage = turn.usage.iter().map(|(_, usage)| self.usage(usage));
        let keepalive = turn.keepalive.iter();
        let keepalive = keepalive.map(|(_, keepalive)| self.keepalive(keepalive));
        let flush = turn.flush.iter();
        let flush = flush.map(|_| quote!(__mock_core::Flush::Each));
        let status = turn.status.iter();
        let status = status.map(|(_, status)| self.status(status));
        let headers = turn.headers.iter();
        let headers = headers.map(|(_, headers)| self.headers(headers));
        let fields = quote! {
            place: __place(#line),
            #(name: __Some(__Borrowed(#name)),)*
            #(matchers: #matchers,)*
            actions: #actions,
            #count
            #(ttft: #ttft,)*
            #(pace: #pace,)*
            #(split: #split,)*
            #(pieces: #pieces,)*
            #(fault: __Some(#fault),)*
            #(finish: #finish,)*
            #(usage: #usage,)*
            #(keepalive: __Some(#keepalive),)*
            #(flush: #flush,)*
            #(status: __Some(#status),)*
            #(headers: #headers,)*
            ..__TURN
        };
        let turn = Value::record("__Turn", fields);
        match self.held {
            // The compiler takes time by the square of what stands in one body; a constant takes some too.
            Held::Static if self.is_long() => Value::block(quote! {
                const __MOCK_CORE_TURN: __Turn = #turn;
                __MOCK_CORE_TURN
            }),
            Held::Static | Held::Owned => turn,
        }
    }

    fn count(&self, count: &Count) -> Option<TokenStream> {
        let (min, max) = match count {
            Count::Exactly(1) => return None,
            Count::Exactly(times) => (quote!(#times), quote!(#times)),
            Count::Range(min, max) => {
                let max = max.unwrap_or(u32::MAX);
                (quote!(#min), quote!(#max))
            }
            Count::Between(min, max) => {
                let endless = u32::MAX;
                let max = match max {
                    Some(max) => quote!(#max),
                    None => quote!(#endless),
                };
                (quote!(#min), max)
            }
            Count::Expr(expr) => {
                return Some(match self.held {
                    Held::Static => {
                        // An expression other than a number is checked by rustc where it is written.
                        let at = expr.span().resolved_at(Span::call_site());
                        let number = quote_spanned!(at=> __mock_core::core::primitive::u32);
                        quote! {
                            count: {
                                let __mock_core_times: #number = #expr;
                                __mock_core::Count { min: __mock_core_times, max: __mock_core_times }
                            },
                        }
                    }
                    Held::Owned => {
                        let at = expr.span().resolved_at(Span::call_site());
                        let count = quote_spanned!(at=> __mock_core::IntoCount::into_count(#expr));
                        quote!(count: #count,)
                    }
                });
            }
        };
        Some(quote!(count: __mock_core::Count { min: #min, max: #max },))
    }

    fn finish(&self, finish: &Finish) -> TokenStream {
        match finish {
            Finish::Known(reason) => {
                let variant = Ident::new(&reason.variant(), Span::call_site());
                quote!(__mock_core::Setting::Value(__mock_core::FinishReason::#variant))
            }
            Finish::Other(name) => {
                let name = self.borrowed(name);
                quote!(__mock_core::Setting::Value(__mock_core::FinishReason::Other(#name)))
            }
            Finish::None => quote!(__mock_core::Setting::None),
        }
    }

    pub(super) fn usage(&self, usage: &Usage) -> TokenStream {
        match usage {
            Usage::Tokens(prompt, completion) => {
                quote!(__mock_core::Setting::Value(__mock_core::Usage::new(#prompt, #completion)))
            }
            Usage::Expr(expr) => quote!(__mock_core::Setting::Value(#expr)),
            Usage::None => quote!(__mock_core::Setting::None),
        }
    }

    fn keepalive(&self, keepalive: &Keepalive) -> TokenStream {
        let every = &keepalive.every;
        let text = match &keepalive.text {
            Some(text) => {
                let text = self.borrowed(text);
                quote!(__Some(#text))
            }
            None => quote!(__mock_core::core::option::Option::None),
        };
        quote!(__mock_core::Keepalive { every: #every, text: #text })
    }
}

fn pace(pace: &Pace) -> Value {
    match pace {
        Pace::Every(time) => Value::tuple("__PaceEvery", quote!(#time)),
        Pace::TokensPerSecond(tokens) => Value::tuple("__PaceTokensPerSecond", quote!(#tokens)),
    }
}

fn split(split: &Split) -> Option<Value> {
    Some(match split {
        Split::Words => return None,
        Split::Chars(number) => Value::tuple("__SplitChars", quote!(#number)),
        Split::Random(least, most) => Value::tuple("__SplitRandom", quote!(#least, #most)),
        Split::Whole => Value::unit("__SplitWhole"),
    })
}

impl ToTokens for Number {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Number::Literal(number) => number.to_tokens(tokens),
            Number::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

impl ToTokens for Float {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Float::Literal(number) => number.to_tokens(tokens),
            Float::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}
