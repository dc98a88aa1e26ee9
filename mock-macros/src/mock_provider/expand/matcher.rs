//! Matchers.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Expr;

use super::super::parse::{Matcher, MatcherKind, Pattern, word};
use super::super::patterns::{PatternPiece, Until};
use super::action::with_request;
use super::parts::{Held, Table, line};
use super::value::{Fields, Value, part};
use crate::diagnostics::written;
use crate::syntax::bare;

impl Table<'_> {
    pub(super) fn matchers(&self, matchers: &[Matcher]) -> Value {
        self.list(matchers, &|matcher| self.matcher(matcher))
    }

    pub(super) fn matcher(&self, matcher: &Matcher) -> Option<Value> {
        Some(match &matcher.kind {
            MatcherKind::Text(word, pattern) => {
                Value::call(&part("Matcher", word), self.pattern(pattern))
            }
            MatcherKind::Header(name, pattern) => {
                let pattern = self.pattern(pattern);
                Value::tuple("__MatcherHeader", quote!(__Borrowed(#name), #pattern))
            }
            MatcherKind::Path(method, pattern) => {
                let mut fields = Fields::default();
                let method = method.as_ref();
                fields.put_option("method", method.map(|method| Value::str(method)));
                fields.put("pattern", self.pattern(pattern));
                fields.record("__MatcherPath")
            }
            MatcherKind::Tool(word, tool) => {
                Value::call(&part("Matcher", word), self.tool_name(tool))
            }
            MatcherKind::AnyOf(inner) => Value::call("__MatcherAnyOf", self.matchers(inner)),
            MatcherKind::AllOf(inner) => Value::call("__MatcherAllOf", self.matchers(inner)),
            MatcherKind::Not(inner) => {
                let inner = self.matchers(std::slice::from_ref(inner));
                Value::call("__MatcherNot", inner)
            }
            MatcherKind::When(test) => {
                let source = written(test);
                let test = with_request(test.clone(), &quote!(&__mock_core::Request));
                self.when(quote!(#test), &source)
            }
            MatcherKind::Guard(request, guard) => {
                let capture = match self.held {
                    Held::Static => None,
                    Held::Owned => Some(quote!(move)),
                };
                let body = match has_let(guard) {
                    true => quote!(if #guard { true } else { false }),
                    false => quote!(#guard),
                };
                // A guard need not use it.
                let test = quote! {
                    #capture |#request: &__mock_core::Request| { let _ = #request; #body }
                };
                self.when(test, &format!("|{request}| {}", written(guard)))
            }
            MatcherKind::Bad => return None,
        })
    }

    fn when(&self, test: TokenStream, source: &str) -> Value {
        let test = match self.held {
            Held::Static => quote!(__mock_core::Predicate::Fn(#test)),
            Held::Owned => quote!(__mock_core::predicate(#test)),
        };
        let mut when = Fields::default();
        when.put_tokens("test", &test);
        when.put("source", Value::str(source));
        Value::call("__MatcherWhen", when.record("__When"))
    }

    fn tool_name(&self, tool: &Ident) -> Value {
        Value::str(&self.mock.wire_name(&word(tool)))
    }

    fn pattern(&self, pattern: &Pattern) -> Value {
        match pattern {
            Pattern::Words(pieces) => {
                let pieces = self.list(pieces, &|piece| Some(pattern_piece(piece)));
                Value::call("__PatternWords", pieces)
            }
            Pattern::Regex(source, _) => {
                let line = line(source.span());
                let regex = Ident::new("__MOCK_CORE_REGEX", Span::call_site());
                let regex = quote! {
                    __mock_core::Regex::Static {
                        source: #source,
                        regex: {
                            static #regex: __mock_core::LazyLock<__mock_core::CompiledRegex> =
                                __mock_core::LazyLock::new(|| {
                                    __mock_core::compile(#source, __mock_core::core::file!(), #line)
                                });
                            &#regex
                        },
                    }
                };
                Value::tuple("__PatternRegex", regex)
            }
        }
    }
}

/// Whether a guard matches a pattern of its own, which only an `if` can.
fn has_let(guard: &Expr) -> bool {
    match bare(guard) {
        Expr::Let(_) => true,
        Expr::Binary(and) => has_let(&and.left) || has_let(&and.right),
        _ => false,
    }
}

fn pattern_piece(piece: &PatternPiece) -> Value {
    match piece {
        PatternPiece::Text(text) => Value::call("__PatternSegmentText", Value::str(text)),
        PatternPiece::Any => Value::unit("__PatternSegmentAny"),
        PatternPiece::Capture { name, until } => {
            let until = Value::unit(match until {
                Until::Next => "__UntilNext",
                Until::Word => "__UntilWord",
                Until::Rest => "__UntilRest",
            });
            let mut fields = Fields::default();
            fields.put("name", Value::str(name));
            fields.put("until", until);
            fields.record("__PatternSegmentCapture")
        }
    }
}
