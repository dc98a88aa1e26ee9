//! Turns.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::super::model::{Count, Finish, Float, Number, Pace, Split, Turn, Usage, word};
use super::table::{Held, Table, line};

impl Table<'_> {
    pub(super) fn turn(&self, turn: &Turn) -> TokenStream {
        let line = line(turn.span);
        let name = turn.name.as_ref().map(|name| {
            let name = word(name);
            quote!(name: __mock_core::Some(__mock_core::Borrowed(#name)),)
        });
        let matchers = (!turn.matchers.is_empty()).then(|| {
            let matchers = self.matchers(&turn.matchers);
            quote!(matchers: #matchers,)
        });
        let actions = self.list(turn.actions.iter().map(|action| self.action(&action.kind)));
        let count = self.count(&turn.count);
        let ttft = turn.ttft.as_ref().map(|(_, time)| quote!(ttft: #time,));
        let pace = turn.pace.as_ref().map(|(_, how)| pace(how));
        let split = turn
            .split
            .as_ref()
            .and_then(|(_, split)| self::split(split));
        let pieces = turn.pieces.as_ref().map(|(_, pieces)| {
            let pieces = number(pieces);
            quote!(pieces: #pieces,)
        });
        let fault = turn.fault.as_ref().map(|fault| self.fault(fault));
        let finish = turn.finish.as_ref().map(|(_, finish)| self.finish(finish));
        let usage = turn.usage.as_ref().map(|(_, usage)| self.usage(usage));
        let turn = quote! {
            __mock_core::Turn {
                place: __mock_core::Place::line(#line),
                #name
                #matchers
                actions: #actions,
                #count
                #ttft
                #pace
                #split
                #pieces
                #fault
                #finish
                #usage
                ..__mock_core::Turn::NEW
            }
        };
        match self.held {
            // The compiler takes time by the square of what stands in one body; a constant takes some too.
            Held::Static if self.is_long() => quote!({
                const __MOCK_CORE_TURN: __mock_core::Turn = #turn;
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
                        // What is no number is so where it is written.
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
                        quote_spanned!(expr.span()=> count: __mock_core::Count::from(#expr),)
                    }
                });
            }
        };
        Some(quote!(count: __mock_core::Count { min: #min, max: #max },))
    }

    fn finish(&self, finish: &Finish) -> TokenStream {
        let reason = match finish {
            Finish::Known(variant) => {
                let variant = Ident::new(variant, Span::call_site());
                quote!(#variant)
            }
            Finish::Other(name) => {
                let name = self.borrowed(name);
                quote!(Other(#name))
            }
        };
        quote!(finish: __mock_core::Some(__mock_core::FinishReason::#reason),)
    }

    pub(super) fn usage(&self, usage: &Usage) -> TokenStream {
        let usage = match usage {
            Usage::Tokens(prompt, completion) => {
                quote!(__mock_core::Usage::new(#prompt, #completion))
            }
            Usage::Expr(expr) => quote!(#expr),
        };
        quote!(usage: __mock_core::Some(#usage),)
    }
}

fn pace(pace: &Pace) -> TokenStream {
    let pace = match pace {
        Pace::Every(time) => quote!(Every(#time)),
        Pace::TokensPerSecond(tokens) => {
            let tokens = float(tokens);
            quote!(TokensPerSecond(#tokens))
        }
    };
    quote!(pace: __mock_core::Pace::#pace,)
}

fn split(split: &Split) -> Option<TokenStream> {
    let split = match split {
        Split::Words => return None,
        Split::Chars(number) => {
            let number = self::number(number);
            quote!(Chars(#number))
        }
        Split::Random(least, most) => {
            let (least, most) = (number(least), number(most));
            quote!(Random(#least, #most))
        }
        Split::Whole => quote!(Whole),
    };
    Some(quote!(split: __mock_core::Split::#split,))
}

fn number(number: &Number) -> TokenStream {
    match number {
        Number::Literal(number) => quote!(#number),
        Number::Expr(expr) => quote!(#expr),
    }
}

pub(super) fn float(number: &Float) -> TokenStream {
    match number {
        Float::Literal(number) => quote!(#number),
        Float::Expr(expr) => quote!(#expr),
    }
}
