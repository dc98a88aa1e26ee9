//! Matchers.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Expr;

use super::super::model::{Matcher, MatcherKind, Pattern, Subject, word};
use super::super::text::{PatternPiece, Until};
use super::table::{Held, Table, line};
use crate::diagnostics::written;
use crate::syntax::bare;

impl Table<'_> {
    pub(super) fn matchers(&self, matchers: &[Matcher]) -> TokenStream {
        self.list(matchers.iter().filter_map(|matcher| self.matcher(matcher)))
    }

    fn matcher(&self, matcher: &Matcher) -> Option<TokenStream> {
        let matcher = match &matcher.kind {
            MatcherKind::Text(subject, pattern) => {
                let subject = match subject {
                    Subject::User => quote!(User),
                    Subject::Said => quote!(Said),
                    Subject::System => quote!(System),
                    Subject::Model => quote!(Model),
                };
                let pattern = self.pattern(pattern);
                quote!(#subject(#pattern))
            }
            MatcherKind::ToolResult(tool) => {
                let tool = self.mock.wire_name(&word(tool));
                quote!(ToolResult(__mock_core::Borrowed(#tool)))
            }
            MatcherKind::HasTool(tool) => {
                let tool = self.mock.wire_name(&word(tool));
                quote!(HasTool(__mock_core::Borrowed(#tool)))
            }
            MatcherKind::AnyOf(inner) => {
                let inner = self.matchers(inner);
                quote!(AnyOf(#inner))
            }
            MatcherKind::Not(inner) => {
                let inner = self.matchers(std::slice::from_ref(inner));
                quote!(Not(#inner))
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
                let test = quote! {
                    #capture |#[allow(unused_variables)] #request: &__mock_core::Request| #body
                };
                self.when(test, &format!("|{request}| {}", written(guard)))
            }
            MatcherKind::Bad => return None,
        };
        Some(quote!(__mock_core::Matcher::#matcher))
    }

    fn when(&self, test: TokenStream, source: &str) -> TokenStream {
        let test = match self.held {
            Held::Static => quote!(__mock_core::Predicate::Fn(#test)),
            Held::Owned => quote!(__mock_core::predicate(#test)),
        };
        quote! {
            When(__mock_core::When { test: #test, source: __mock_core::Borrowed(#source) })
        }
    }

    fn pattern(&self, pattern: &Pattern) -> TokenStream {
        match pattern {
            Pattern::Words(pieces) => {
                let pieces = self.list(pieces.iter().map(pattern_piece));
                quote!(__mock_core::Pattern::Words(#pieces))
            }
            Pattern::Regex(source, _) => {
                let line = line(source.span());
                let regex = Ident::new("__MOCK_CORE_REGEX", Span::call_site());
                quote! {
                    __mock_core::Pattern::Regex(__mock_core::Regex::Static {
                        source: #source,
                        regex: {
                            static #regex: __mock_core::LazyLock<__mock_core::CompiledRegex> =
                                __mock_core::LazyLock::new(|| {
                                    __mock_core::compile(#source, __mock_core::core::file!(), #line)
                                });
                            &#regex
                        },
                    })
                }
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

fn pattern_piece(piece: &PatternPiece) -> TokenStream {
    match piece {
        PatternPiece::Text(text) => {
            quote!(__mock_core::PatternPiece::Text(__mock_core::Borrowed(#text)))
        }
        PatternPiece::Any => quote!(__mock_core::PatternPiece::Any),
        PatternPiece::Capture { name, until } => {
            let until = match until {
                Until::Next => quote!(Next),
                Until::Word => quote!(Word),
                Until::Rest => quote!(Rest),
            };
            quote! {
                __mock_core::PatternPiece::Capture {
                    name: __mock_core::Borrowed(#name),
                    until: __mock_core::Until::#until,
                }
            }
        }
    }
}
