//! What a turn answers with, and how that breaks off.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprClosure, Macro, Pat, PatType, ReturnType, Stmt, parse_quote};

use super::super::model::{
    ActionKind, After, Argument, Component, Failure, Fault, FaultKind, Responder, Vector,
};
use super::super::words::Place;
use super::table::{Held, Table};
use super::value::Value;
use crate::diagnostics::written;
use crate::syntax::bare;

impl Table<'_> {
    pub(super) fn action(&self, action: &ActionKind) -> Value {
        match action {
            ActionKind::Plain(word, argument) => {
                let name = format!("__Action{}", word.variant());
                match argument {
                    Argument::Nothing => Value::unit(name),
                    Argument::Text(text) => {
                        let text = self.text(text);
                        Value::tuple(name, quote!(#text))
                    }
                    Argument::Name(text) => {
                        let text = self.borrowed(text);
                        Value::tuple(name, quote!(#text))
                    }
                    Argument::Time(time) => Value::tuple(name, quote!(#time)),
                }
            }
            ActionKind::Stream(word, pieces) => {
                let pieces = self.list(pieces.iter().map(|piece| self.text(piece)));
                match word.takes {
                    Place::Pieces => {
                        Value::tuple(format!("__Action{}", word.variant()), quote!(#pieces))
                    }
                    _ => Value::tuple(format!("__Action{}Stream", word.variant()), quote!(#pieces)),
                }
            }
            ActionKind::Json(value) => {
                let text = self.json(value);
                Value::tuple("__ActionJson", quote!(#text))
            }
            ActionKind::Call(call) => self.call(call),
            ActionKind::Respond(Responder::AsyncFn(path)) => {
                let at = path.span().resolved_at(Span::call_site());
                let called = quote_spanned!(at=> #path(__mock_core_request));
                self.awaited(&written(path), &called)
            }
            ActionKind::Respond(Responder::Closure(closure)) if closure.asyncness.is_some() => {
                self.async_closure(closure)
            }
            ActionKind::Respond(Responder::Closure(closure)) => {
                let source = written(closure);
                let closure = &with_answer(closure);
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
                let respond = quote! {
                    __mock_core::Respond {
                        responder: #responder,
                        source: __Borrowed(#source),
                    }
                };
                Value::tuple("__ActionRespond", respond)
            }
            ActionKind::Frames(frames) => {
                let frames = self.list(frames.iter().map(|frame| self.borrowed(frame)));
                Value::tuple("__ActionFrames", quote!(#frames))
            }
            ActionKind::Embed(vector) => self.embed(vector),
            ActionKind::Fail(failure) => {
                let failure = self.failure(failure);
                Value::tuple("__ActionFail", quote!(#failure))
            }
        }
    }

    /// What embeds the inputs of a request.
    fn embed(&self, vector: &Vector) -> Value {
        let vector = match (vector, self.held) {
            (Vector::OfText, _) => return Value::unit("__ActionEmbed"),
            (Vector::Numbers(numbers), _) => self.list(numbers.iter().map(|number| match number {
                Component::Literal(number) => Value::number(number),
                Component::Expr(expr) => Value::number(expr),
            })),
            (Vector::Expr(expr), Held::Static) => Value::tuple("__Borrowed", quote!(&#expr)),
            (Vector::Expr(expr), Held::Owned) => {
                let at = expr.span().resolved_at(Span::call_site());
                Value::block(quote_spanned!(at=> __mock_core::IntoVector::into_vector(#expr)))
            }
        };
        Value::tuple("__ActionEmbedVector", quote!(#vector))
    }

    /// An async closure. In a `static` it captures nothing, and is made anew for each call.
    fn async_closure(&self, closure: &ExprClosure) -> Value {
        let source = written(closure);
        let closure = with_request(with_answer(closure));
        let at = closure.body.span().resolved_at(Span::call_site());
        let called = quote_spanned!(at=> __mock_core_respond(__mock_core_request));
        match self.held {
            Held::Static => {
                let called = quote!({
                    let __mock_core_respond = #closure;
                    #called.await
                });
                self.awaited_in(&source, None, &called)
            }
            Held::Owned => {
                let shared = quote! {
                    let __mock_core_respond = __mock_core::std::sync::Arc::new(#closure);
                };
                self.awaited_in(&source, Some(&shared), &quote!(#called.await))
            }
        }
    }

    /// The answer that this future gives.
    fn awaited(&self, source: &str, future: &TokenStream) -> Value {
        self.awaited_in(source, None, &quote!(#future.await))
    }

    /// The answer that this gives in an async block, behind what the closure around it shares.
    fn awaited_in(
        &self,
        source: &str,
        shared: Option<&TokenStream>,
        answer: &TokenStream,
    ) -> Value {
        let clone = shared.map(|_| {
            quote! {
                let __mock_core_respond = __mock_core::std::sync::Arc::clone(&__mock_core_respond);
            }
        });
        let respond = quote! {
            |__mock_core_request: __mock_core::Request| -> __mock_core::ResponseFuture {
                #clone
                __mock_core::std::boxed::Box::pin(async move {
                    __mock_core::IntoAnswer::into_answer(#answer)
                })
            }
        };
        let responder = match self.held {
            Held::Static => quote!(__mock_core::Responder::AsyncFn(#respond)),
            Held::Owned => quote! {{
                #shared
                __mock_core::Responder::AsyncShared(__mock_core::std::sync::Arc::new(move #respond))
            }},
        };
        let respond = quote! {
            __mock_core::Respond {
                responder: #responder,
                source: __Borrowed(#source),
            }
        };
        Value::tuple("__ActionRespond", respond)
    }

    pub(super) fn fault(&self, fault: &Fault) -> Value {
        let kind = match &fault.kind {
            FaultKind::Cut => Value::unit("__FaultKindCut"),
            FaultKind::End => Value::unit("__FaultKindEnd"),
            FaultKind::Stall => Value::unit("__FaultKindStall"),
            FaultKind::Malformed => Value::unit("__FaultKindMalformed"),
            FaultKind::Error(failure) => {
                let failure = self.failure(failure);
                Value::tuple("__FaultKindError", quote!(#failure))
            }
        };
        let after = match (&fault.after, self.held) {
            (After::Deltas(_, deltas), _) => quote!(__mock_core::After::Deltas(#deltas)),
            (After::All, _) => quote!(__mock_core::After::All),
            (After::Finish(_), _) => quote!(__mock_core::After::Finish),
            (After::Done(_), _) => quote!(__mock_core::After::Done),
            (After::Time(time), _) => {
                quote!(__mock_core::After::Time(#time))
            }
            // What is neither a number nor a time is so where it is written.
            (After::Expr(expr), Held::Static) => {
                quote_spanned!(expr.span()=> __mock_core::deltas_or_time(#expr).after())
            }
            (After::Expr(expr), Held::Owned) => {
                let at = expr.span().resolved_at(Span::call_site());
                quote_spanned!(at=> __mock_core::IntoAfter::into_after(#expr))
            }
        };
        Value::record("__Fault", quote!(kind: #kind, after: #after))
    }

    /// A failure, without the action that it is.
    fn failure(&self, failure: &Failure) -> Value {
        let kind = Ident::new(&failure.kind.variant(), failure.word.span());
        let message = failure.message.iter().map(|message| self.text(message));
        let retry_after = failure.retry_after.iter().map(|(_, wait)| wait);
        let status = failure.status.iter().map(|status| self.status(status));
        let headers = failure.headers.iter();
        let headers = headers.map(|(_, headers)| self.headers(headers));
        let code = failure.code.iter().map(|code| self.borrowed(code));
        let body = failure.body.iter().map(|(_, body)| self.borrowed(body));
        let fields = quote! {
            kind: __mock_core::ErrorKind::#kind,
            #(message: __Some(#message),)*
            #(retry_after: __Some(#retry_after),)*
            #(status: __Some(#status),)*
            #(code: __Some(#code),)*
            #(headers: #headers,)*
            #(body: __Some(#body),)*
            ..__FAILURE
        };
        Value::record("__Failure", fields)
    }

    /// A status. What is built is checked when it is made.
    pub(super) fn status(&self, status: &Expr) -> TokenStream {
        match self.held {
            Held::Static if !matches!(bare(status), Expr::Lit(_)) => {
                quote_spanned!(status.span()=> __mock_core::status(#status))
            }
            _ => quote!(#status),
        }
    }

    /// Names and values of headers.
    pub(super) fn headers(&self, headers: &[(Expr, Expr)]) -> Value {
        let headers = headers.iter();
        self.list(
            headers.map(|(name, value)| Value::pair(&self.borrowed(name), &self.borrowed(value))),
        )
    }
}

/// The closure, with a type of its answer where it comes to none: what only panics has any type, and then none that answers.
fn with_answer(closure: &ExprClosure) -> ExprClosure {
    let mut closure = closure.clone();
    if matches!(closure.output, ReturnType::Default) && only_panics(&closure.body) {
        let body = &closure.body;
        if !matches!(&**body, Expr::Block(block) if block.label.is_none() && block.attrs.is_empty())
        {
            closure.body = parse_quote!({ #body });
        }
        closure.output = parse_quote!(-> __mock_core::Response);
    }
    closure
}

/// The closure, with the type of its request where it gives none: there is no call of a function to tell it.
fn with_request(mut closure: ExprClosure) -> ExprClosure {
    if let Some(request) = closure.inputs.first_mut()
        && !matches!(request, Pat::Type(_))
    {
        let given = std::mem::replace(request, parse_quote!(_));
        *request = Pat::Type(PatType {
            attrs: Vec::new(),
            pat: Box::new(given),
            colon_token: Default::default(),
            ty: parse_quote!(__mock_core::Request),
        });
    }
    closure
}

fn only_panics(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Macro(expr) => is_panic(&expr.mac),
        Expr::Block(expr) => match expr.block.stmts.last() {
            Some(Stmt::Macro(last)) => is_panic(&last.mac),
            Some(Stmt::Expr(last, _)) => only_panics(last),
            _ => false,
        },
        _ => false,
    }
}

fn is_panic(called: &Macro) -> bool {
    let last = called.path.segments.last();
    let panics = ["panic", "todo", "unimplemented", "unreachable"];
    last.is_some_and(|last| panics.iter().any(|panic| last.ident == panic))
}
