//! The values that make up a scenario.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::Expr;

use super::super::parse::{Float, is_literal};
use super::super::words::Word;
use crate::duration::Time;

/// `name(..)`, or with braces, or nothing behind it. The name is one of `mock_core::private::parts`.
///
/// A script has thousands of these within each other, and each token takes its time: a name is one, and it is put there without a
/// stream of its own, which would have to be given to the compiler and taken from it again.
#[derive(Clone)]
pub(super) struct Value {
    name: Option<Ident>,
    arguments: Option<Group>,
}

impl Value {
    fn new(name: &str, arguments: Option<Group>) -> Value {
        Value {
            name: Some(ident(name)),
            arguments,
        }
    }

    pub(super) fn unit(name: &str) -> Value {
        Value::new(name, None)
    }

    pub(super) fn tuple(name: &str, arguments: TokenStream) -> Value {
        Value::new(name, Some(Group::new(Delimiter::Parenthesis, arguments)))
    }

    /// `name(value)`.
    pub(super) fn call(name: &str, value: Value) -> Value {
        let mut arguments = TokenStream::new();
        value.move_into(&mut arguments);
        Value::tuple(name, arguments)
    }

    /// `name(tokens)`.
    pub(super) fn call_tokens(name: &str, tokens: &dyn ToTokens) -> Value {
        Value::tuple(name, tokens.to_token_stream())
    }

    /// A text that the scenario borrows.
    pub(super) fn str(text: &str) -> Value {
        Value::call_tokens("__Borrowed", &text)
    }

    pub(super) fn block(statements: TokenStream) -> Value {
        Value {
            name: None,
            arguments: Some(Group::new(Delimiter::Brace, statements)),
        }
    }

    /// An expression, whatever it consists of.
    pub(super) fn expression(tokens: &dyn ToTokens) -> Value {
        Value {
            name: None,
            arguments: Some(Group::new(Delimiter::None, tokens.to_token_stream())),
        }
    }

    pub(super) fn pair(one: &Value, other: &Value) -> Value {
        Value {
            name: None,
            arguments: Some(Group::new(Delimiter::Parenthesis, quote!(#one, #other))),
        }
    }

    /// Puts it behind other tokens, without a copy.
    pub(super) fn move_into(self, tokens: &mut TokenStream) {
        if let Some(name) = self.name {
            tokens.append(name);
        }
        if let Some(arguments) = self.arguments {
            tokens.append(arguments);
        }
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.clone().move_into(tokens);
    }
}

/// An expression of the user's, as a field of this type. As the argument of a variant or of a function, one of another type would have
/// the compiler show these too.
pub(super) fn of_type(ty: &TokenStream, expr: &Expr) -> TokenStream {
    match is_literal(expr) {
        true => expr.to_token_stream(),
        false => quote!(__mock_core::OfType::<#ty> { value: #expr }.value),
    }
}

/// An expression of a primitive type.
pub(super) fn of_primitive(name: &str, expr: &Expr) -> TokenStream {
    let name = ident(name);
    of_type(&quote!(__mock_core::core::primitive::#name), expr)
}

/// A time that is the argument of something.
pub(super) fn time(time: &Time) -> TokenStream {
    match time {
        Time::Literal(_) => time.to_token_stream(),
        Time::Expr(expr) => of_type(&quote!(__mock_core::Duration), expr),
    }
}

/// A decimal number that is the argument of something.
pub(super) fn float(number: &Float) -> TokenStream {
    match number {
        Float::Literal(_) => number.to_token_stream(),
        Float::Expr(expr) => of_primitive("f64", expr),
    }
}

/// The name of a part of the scenario that a word of the grammar stands for: `__MatcherToolResult` for `tool_result`.
pub(super) fn part(kind: &str, word: &Word) -> String {
    format!("__{kind}{}", word.variant())
}

/// The fields of a value with braces.
#[derive(Default)]
pub(super) struct Fields {
    tokens: TokenStream,
    pub(super) count: usize,
}

impl Fields {
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.name(name);
        value.move_into(&mut self.tokens);
        self.punct(',');
    }

    pub(super) fn put_tokens(&mut self, name: &str, value: &dyn ToTokens) {
        self.name(name);
        value.to_tokens(&mut self.tokens);
        self.punct(',');
    }

    pub(super) fn put_some(&mut self, name: &str, value: Value) {
        self.put(name, Value::call("__Some", value));
    }

    /// `Some` value, or `None`.
    pub(super) fn put_option(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.put_some(name, value),
            None => self.put(name, Value::unit("__None")),
        }
    }

    /// The value of these fields.
    pub(super) fn record(self, name: &str) -> Value {
        Value::new(name, Some(Group::new(Delimiter::Brace, self.tokens)))
    }

    /// The value of these fields; all others are those of `rest`. Clippy asks that there are any.
    pub(super) fn record_with(mut self, name: &str, rest: &str) -> Value {
        self.tokens.append(Punct::new('.', Spacing::Joint));
        self.punct('.');
        self.tokens.append(ident(rest));
        self.record(name)
    }

    fn name(&mut self, name: &str) {
        self.count = self.count.saturating_add(1);
        self.tokens.append(ident(name));
        self.punct(':');
    }

    fn punct(&mut self, punct: char) {
        self.tokens.append(Punct::new(punct, Spacing::Alone));
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
