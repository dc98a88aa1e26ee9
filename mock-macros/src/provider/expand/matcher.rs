//! Matchers.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Expr;

use super::super::model::{Matcher, MatcherKind, Pattern, Subject, word};
use super::super::text::{PatternPiece, Until};
use super::table::{Held, Table, line};
use super::value::Value;
use crate::diagnostics::written;
use crate::syntax::bare;

impl Table<'_> {
    pub(super) fn matchers(&self, matchers: &[Matcher]) -> Value {
        self.list(matchers.iter().filter_map(|matcher| self.matcher(matcher)))
    }

    pub(super) fn matcher(&self, matcher: &Matcher) -> Option<Value> {
        Some(match &matcher.kind {
            MatcherKind::Text(subject, pattern) => {
                let path = match subject {
                    Subject::User => "__MatcherUser",
                    Subject::Said => "__MatcherSaid",
                    Subject::System => "__MatcherSystem",
                    Subject::Model => "__MatcherModel",
                };
                let pattern = self.pattern(pattern);
                Value::tuple(path, quote!(#pattern))
            }
            MatcherKind::Header(name, pattern) => {
                let pattern = self.pattern(pattern);
                Value::tuple("__MatcherHeader", quote!(__Borrowed(#name), #pattern))
            }
            MatcherKind::Path(method, pattern) => {
                let pattern = self.pattern(pattern);
                let method = match method {
                    Some(method) => quote!(__Some(__Borrowed(#method))),
                    None => quote!(__mock_core::core::option::Option::None),
                };
                Value::record("__MatcherPath", quote!(method: #method, pattern: #pattern))
            }
            MatcherKind::ToolResult(tool) => {
                let tool = self.mock.wire_name(&word(tool));
                Value::tuple("__MatcherToolResult", quote!(__Borrowed(#tool)))
            }
            MatcherKind::HasTool(tool) => {
                let tool = self.mock.wire_name(&word(tool));
                Value::tuple("__MatcherHasTool", quote!(__Borrowed(#tool)))
            }
            MatcherKind::AnyOf(inner) => {
                let inner = self.matchers(inner);
                Value::tuple("__MatcherAnyOf", quote!(#inner))
            }
            MatcherKind::AllOf(inner) => {
                let inner = self.matchers(inner);
                Value::tuple("__MatcherAllOf", quote!(#inner))
            }
            MatcherKind::Not(inner) => {
                let inner = self.matchers(std::slice::from_ref(inner));
                Value::tuple("__MatcherNot", quote!(#inner))
            }
            MatcherKind::When(test) => self.when(quote!(#test), &written(test)),
            MatcherKind::Guard(request, guard) => {
                let capture = match self.held {
                    Held::Static => None,
                    Held::Owned => Some(quote!(move)),
                };
                let body = match has_let(guard) {
                    true => quote!(if #guard { true } else { false }),
                    false => quote!(#guard),
                };
                let unused = (!names(guard.to_token_stream(), request))
                    .then(|| quote!(#[allow(unused_variables)]));
                let test = quote! {
                    #capture |#unused #request: &__mock_core::Request| #body
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
        let when = quote! {
            __mock_core::When { test: #test, source: __Borrowed(#source) }
        };
        Value::tuple("__MatcherWhen", when)
    }

    fn pattern(&self, pattern: &Pattern) -> Value {
        match pattern {
            Pattern::Words(pieces) => {
                let pieces = self.list(pieces.iter().map(pattern_piece));
                Value::tuple("__PatternWords", quote!(#pieces))
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

/// Whether a word stands among tokens.
fn names(tokens: TokenStream, word: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => names(group.stream(), word),
        TokenTree::Ident(token) => token == *word,
        _ => false,
    })
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
        PatternPiece::Text(text) => Value::tuple("__PatternPieceText", quote!(__Borrowed(#text))),
        PatternPiece::Any => Value::unit("__PatternPieceAny"),
        PatternPiece::Capture { name, until } => {
            let until = Value::unit(match until {
                Until::Next => "__UntilNext",
                Until::Word => "__UntilWord",
                Until::Rest => "__UntilRest",
            });
            let fields = quote!(name: __Borrowed(#name), until: #until);
            Value::record("__PatternPieceCapture", fields)
        }
    }
}
