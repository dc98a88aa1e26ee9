//! Actions and faults of turns.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprClosure, Macro, Pat, ReturnType, Stmt, Type};

use super::super::parse::{
    ActionKind, After, Argument, Component, Failure, Fault, Responder, Vector,
};
use super::super::words::SyntaxKind;
use super::parts::{Held, Table};
use super::value::{Fields, Value, of_primitive, of_type, part, time};
use crate::diagnostics::written;
use crate::search::Search as _;
use crate::syntax::{bare, ends_with};

impl Table<'_> {
    /// An action; `None` for one that is a field of its turn.
    pub(super) fn action(&self, action: &ActionKind) -> Option<Value> {
        Some(match action {
            ActionKind::Plain(word, argument) => {
                let name = part("Action", word);
                match argument {
                    Argument::Nothing => Value::unit(&name),
                    Argument::Text(text) => Value::call(&name, self.text(text)),
                    Argument::Name(text) => Value::call(&name, self.borrowed(text)),
                    Argument::Time(time) => Value::tuple(&name, self::time(time)),
                }
            }
            ActionKind::Stream(word, pieces) => {
                let name = match word.takes {
                    SyntaxKind::Pieces => part("Action", word),
                    _ => part("Action", word) + "Stream",
                };
                Value::call(&name, self.list(pieces, &|piece| Some(self.text(piece))))
            }
            ActionKind::Json(value) => Value::call("__ActionJson", self.json(value)),
            ActionKind::Call(call) => self.call(call),
            ActionKind::Respond(Responder::AsyncFn(path)) => {
                let at = path.span().resolved_at(Span::call_site());
                let called = quote_spanned!(at=> #path(__mock_core_request));
                self.awaited(
                    &written(path),
                    None,
                    &quote_spanned!(at=> #called.await),
                    at,
                )
            }
            ActionKind::Respond(Responder::Closure(closure)) if closure.asyncness.is_some() => {
                self.async_closure(closure)
            }
            ActionKind::Respond(Responder::Closure(closure)) => {
                let source = written(closure);
                let request = quote!(&__mock_core::Request);
                let closure = &with_request(with_answer(closure), &request);
                // If the closure returns something else, the error is at its body.
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
                respond(&responder, &source)
            }
            ActionKind::Frames(frames) => Value::call("__ActionFrames", self.texts(frames)),
            ActionKind::Embed(vector) => self.embed(vector),
            ActionKind::Replay(_) => return None,
            ActionKind::Fail(failure) => Value::call("__ActionFail", self.failure(failure)),
        })
    }

    /// The source of the vectors of an embedding.
    fn embed(&self, vector: &Vector) -> Value {
        let vector = match (vector, self.held) {
            (Vector::OfText, _) => return Value::unit("__ActionEmbed"),
            (Vector::Numbers(numbers), _) => self.list(numbers, &|number| {
                Some(match number {
                    Component::Literal(number) => Value::expression(number),
                    Component::Expr(expr) => Value::expression(&of_primitive("f32", expr)),
                })
            }),
            (Vector::Expr(expr), Held::Static) => {
                let at = expr.span().resolved_at(Span::call_site());
                let borrowed = Expr::Verbatim(quote_spanned!(at=> &#expr));
                let numbers = quote!(&'static [__mock_core::core::primitive::f32]);
                Value::tuple("__Borrowed", of_type(&numbers, &borrowed))
            }
            (Vector::Expr(expr), Held::Owned) => {
                let at = expr.span().resolved_at(Span::call_site());
                Value::block(quote_spanned!(at=> __mock_core::IntoVector::into_vector(#expr)))
            }
        };
        Value::call("__ActionEmbedVector", vector)
    }

    /// An async closure. In a `static` it captures nothing, and is made anew for each call.
    fn async_closure(&self, closure: &ExprClosure) -> Value {
        let source = written(closure);
        let closure = with_request(with_answer(closure), &quote!(__mock_core::Request));
        let at = closure.body.span().resolved_at(Span::call_site());
        let called = quote_spanned!(at=> __mock_core_respond(__mock_core_request));
        match self.held {
            Held::Static => {
                let called = quote_spanned!(at=> {
                    let __mock_core_respond = #closure;
                    #called.await
                });
                self.awaited(&source, None, &called, at)
            }
            Held::Owned => {
                let shared = quote! {
                    let __mock_core_respond = __mock_core::std::sync::Arc::new(#closure);
                };
                self.awaited(
                    &source,
                    Some(&shared),
                    &quote_spanned!(at=> #called.await),
                    at,
                )
            }
        }
    }

    /// The answer that this gives in an async block, behind what the closure around it shares. If it is no answer, the error is `at` the
    /// body.
    fn awaited(
        &self,
        source: &str,
        shared: Option<&TokenStream>,
        answer: &TokenStream,
        at: Span,
    ) -> Value {
        let clone = shared.map(|_| {
            quote! {
                let __mock_core_respond = __mock_core::core::clone::Clone::clone(&__mock_core_respond);
            }
        });
        let answer = quote_spanned!(at=> __mock_core::IntoResponse::into_response(#answer));
        let respond = quote! {
            |__mock_core_request: __mock_core::Request| -> __mock_core::ClosureFuture {
                #clone
                __mock_core::std::boxed::Box::pin(async move { #answer })
            }
        };
        let responder = match self.held {
            Held::Static => quote!(__mock_core::Responder::AsyncFn(#respond)),
            Held::Owned => quote! {{
                #shared
                __mock_core::Responder::AsyncShared(__mock_core::std::sync::Arc::new(move #respond))
            }},
        };
        self::respond(&responder, source)
    }

    pub(super) fn fault(&self, fault: &Fault) -> Value {
        let kind = part("Fault", fault.known);
        let kind = match &fault.failure {
            Some(failure) => Value::call(&kind, self.failure(failure)),
            None => Value::unit(&kind),
        };
        let after = match (&fault.after, self.held) {
            (After::Deltas(_, deltas), _) => Value::call_tokens("__AfterDeltas", deltas),
            (After::All, _) => Value::unit("__AfterAll"),
            (After::Finish(_), _) => Value::unit("__AfterFinish"),
            (After::Done(_), _) => Value::unit("__AfterDone"),
            (After::Time(time), _) => Value::tuple("__AfterTime", self::time(time)),
            // If the value is neither a number nor a time, the error is at the value.
            (After::Expr(expr), Held::Static) => Value::block(
                quote_spanned!(expr.span()=> __mock_core::deltas_or_time(#expr).after()),
            ),
            (After::Expr(expr), Held::Owned) => {
                let at = expr.span().resolved_at(Span::call_site());
                Value::block(quote_spanned!(at=> __mock_core::IntoAfter::into_after(#expr)))
            }
        };
        let mut fields = Fields::default();
        fields.put("kind", kind);
        fields.put("after", after);
        fields.record("__Fault")
    }

    /// A failure, without the action that it is.
    fn failure(&self, failure: &Failure) -> Value {
        let kind = Ident::new(&failure.kind.variant(), failure.word.span());
        let mut fields = Fields::default();
        fields.put_tokens("kind", &quote!(__mock_core::ErrorKind::#kind));
        if let Some(message) = &failure.message {
            fields.put_some("message", self.text(message));
        }
        if let Some((_, wait)) = &failure.retry_after {
            fields.put_some("retry_after", Value::expression(&time(wait)));
        }
        if let Some(status) = &failure.status {
            fields.put_some("status", self.status(status));
        }
        if let Some(code) = &failure.code {
            fields.put_some("code", self.borrowed(code));
        }
        if let Some((_, headers)) = &failure.headers {
            fields.put("headers", self.headers(headers));
        }
        if let Some((_, body)) = &failure.body {
            fields.put_some("body", self.borrowed(body));
        }
        match fields.count {
            7 => fields.record("__Failure"),
            _ => fields.record_with("__Failure", "__FAILURE"),
        }
    }

    /// A status. What is built is checked when it is made.
    pub(super) fn status(&self, status: &Expr) -> Value {
        let number = of_primitive("u16", status);
        match self.held {
            Held::Static if !matches!(bare(status), Expr::Lit(_)) => {
                Value::expression(&quote_spanned!(status.span()=> __mock_core::status(#number)))
            }
            _ => Value::expression(&number),
        }
    }

    /// Names and values of headers.
    pub(super) fn headers(&self, headers: &[(Expr, Expr)]) -> Value {
        self.list(headers, &|(name, value)| {
            Some(Value::pair(&self.borrowed(name), &self.borrowed(value)))
        })
    }
}

fn respond(responder: &TokenStream, source: &str) -> Value {
    let mut fields = Fields::default();
    fields.put_tokens("responder", responder);
    fields.put("source", Value::str(source));
    Value::call("__ActionRespond", fields.record("__Respond"))
}

/// The closure, with a type of its answer where it comes to none: what only panics has any type, and then none that answers.
fn with_answer(closure: &ExprClosure) -> ExprClosure {
    let mut closure = closure.clone();
    if matches!(closure.output, ReturnType::Default) && only_panics(&closure.body) {
        let body = &closure.body;
        if !matches!(&**body, Expr::Block(block) if block.label.is_none() && block.attrs.is_empty())
        {
            closure.body = Box::new(Expr::Verbatim(quote!({ #body })));
        }
        let answer = Type::Verbatim(quote!(__mock_core::Response));
        closure.output = ReturnType::Type(Default::default(), Box::new(answer));
    }
    closure
}

/// The closure, with the type of its request where it gives none. A type cannot always be inferred, and without one Clippy takes a closure
/// that only calls a fn for a detour.
pub(super) fn with_request(mut closure: ExprClosure, ty: &TokenStream) -> ExprClosure {
    if let Some(request) = closure.inputs.get_mut(0)
        && !matches!(request, Pat::Type(_))
    {
        *request = Pat::Verbatim(quote!(#request: #ty));
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
    let panics = ["panic", "todo", "unimplemented", "unreachable"];
    panics.any(&|panic| ends_with(&called.path, panic))
}
