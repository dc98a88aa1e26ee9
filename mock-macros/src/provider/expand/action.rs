//! What a turn answers with, and how that breaks off.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::model::{ActionKind, After, Failure, Fault, FaultKind};
use super::table::{Held, Table};
use crate::diagnostics::written;
use crate::syntax::bare;

impl Table<'_> {
    pub(super) fn action(&self, action: &ActionKind) -> TokenStream {
        let action = match action {
            ActionKind::Reply(text) => {
                let text = self.text(text);
                quote!(Reply(#text))
            }
            ActionKind::Reasoning(text) => {
                let text = self.text(text);
                quote!(Reasoning(#text))
            }
            ActionKind::Signature(text) => {
                let text = self.text(text);
                quote!(Signature(#text))
            }
            ActionKind::Refusal(text) => {
                let text = self.text(text);
                quote!(Refusal(#text))
            }
            ActionKind::Stream(pieces) => {
                let pieces = self.list(pieces.iter().map(|piece| self.text(piece)));
                quote!(Stream(#pieces))
            }
            ActionKind::Json(value) => {
                let text = self.json(value);
                quote!(Json(#text))
            }
            ActionKind::Call(call) => self.call(call),
            ActionKind::Respond(closure) => {
                let source = written(closure);
                // What it answers with may be no answer: that is an error at its body.
                let at = closure.body.span().resolved_at(Span::call_site());
                let responder = match self.held {
                    Held::Static => {
                        let respond = quote_spanned! {at=>
                            __mock_core::respond(#closure, __mock_core_request)
                        };
                        quote! {
                            __mock_core::Responder::Fn(|__mock_core_request| #respond)
                        }
                    }
                    Held::Owned => quote_spanned!(at=> __mock_core::responder(#closure)),
                };
                quote! {
                    Respond(__mock_core::Respond {
                        responder: #responder,
                        source: __mock_core::Borrowed(#source),
                    })
                }
            }
            ActionKind::Fail(failure) => {
                let failure = self.failure(failure);
                quote!(Fail(#failure))
            }
            ActionKind::Hang => quote!(Hang),
            ActionKind::Gate(name) => {
                let name = self.borrowed(name);
                quote!(Gate(#name))
            }
            ActionKind::Driven(name) => {
                let name = self.borrowed(name);
                quote!(Driven(#name))
            }
        };
        quote!(__mock_core::Action::#action)
    }

    pub(super) fn fault(&self, fault: &Fault) -> TokenStream {
        let kind = match &fault.kind {
            FaultKind::Cut => quote!(Cut),
            FaultKind::End => quote!(End),
            FaultKind::Stall => quote!(Stall),
            FaultKind::Malformed => quote!(Malformed),
            FaultKind::Error(failure) => {
                let failure = self.failure(failure);
                quote!(Error(#failure))
            }
        };
        let after = match (&fault.after, self.held) {
            (After::Deltas(_, deltas), _) => quote!(__mock_core::After::Deltas(#deltas)),
            (After::All, _) => quote!(__mock_core::After::All),
            (After::Time(time), _) => {
                quote!(__mock_core::After::Time(#time))
            }
            (After::Expr(expr), Held::Static) => quote!(__mock_core::After::Deltas(#expr)),
            (After::Expr(expr), Held::Owned) => quote!(__mock_core::After::from(#expr)),
        };
        quote! {
            fault: __mock_core::Some(__mock_core::Fault {
                kind: __mock_core::FaultKind::#kind,
                after: #after,
            }),
        }
    }

    /// A failure, without the action that it is.
    fn failure(&self, failure: &Failure) -> TokenStream {
        let kind = Ident::new(failure.kind.variant, failure.word.span());
        let message = failure.message.iter().map(|message| {
            let message = self.text(message);
            quote!(message: __mock_core::Some(#message),)
        });
        let retry_after = failure
            .retry_after
            .iter()
            .map(|(_, wait)| quote!(retry_after: __mock_core::Some(#wait),));
        let status = failure.status.iter().map(|status| {
            // What is built is checked when it is made.
            let status = match self.held {
                Held::Static if !matches!(bare(status), Expr::Lit(_)) => {
                    quote_spanned!(status.span()=> __mock_core::status(#status))
                }
                _ => quote!(#status),
            };
            quote!(status: __mock_core::Some(#status),)
        });
        let headers = failure.headers.iter().map(|(_, headers)| {
            let headers = self.list(headers.iter().map(|(name, value)| {
                let (name, value) = (self.borrowed(name), self.borrowed(value));
                quote!((#name, #value))
            }));
            quote!(headers: #headers,)
        });
        let body = failure.body.iter().map(|(_, body)| {
            let body = self.borrowed(body);
            quote!(body: __mock_core::Some(#body),)
        });
        quote! {
            __mock_core::Failure {
                kind: __mock_core::ErrorKind::#kind,
                #(#message)*
                #(#retry_after)*
                #(#status)*
                #(#headers)*
                #(#body)*
                ..__mock_core::Failure::NEW
            }
        }
    }
}
