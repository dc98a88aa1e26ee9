//! The values of which a scenario consists.

use std::borrow::Cow;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};

/// `name(..)`, or with braces, or nothing behind it. The name is one of `mock_core::private::parts`.
///
/// A script has thousands of these within each other, and each token takes its time: a name is one, and it is put there without a
/// stream of its own, which would have to be given to the compiler and taken from it again.
pub(super) struct Value {
    name: Option<Cow<'static, str>>,
    arguments: Option<Group>,
}

impl Value {
    pub(super) fn unit(name: impl Into<Cow<'static, str>>) -> Value {
        Value {
            name: Some(name.into()),
            arguments: None,
        }
    }

    pub(super) fn tuple(name: impl Into<Cow<'static, str>>, arguments: TokenStream) -> Value {
        Value {
            name: Some(name.into()),
            arguments: Some(Group::new(Delimiter::Parenthesis, arguments)),
        }
    }

    pub(super) fn record(name: impl Into<Cow<'static, str>>, fields: TokenStream) -> Value {
        Value {
            name: Some(name.into()),
            arguments: Some(Group::new(Delimiter::Brace, fields)),
        }
    }

    pub(super) fn block(statements: TokenStream) -> Value {
        Value {
            name: None,
            arguments: Some(Group::new(Delimiter::Brace, statements)),
        }
    }

    /// A number, or an expression of one.
    pub(super) fn number(number: &impl ToTokens) -> Value {
        Value {
            name: None,
            arguments: Some(Group::new(Delimiter::None, number.to_token_stream())),
        }
    }

    pub(super) fn pair(one: &Value, other: &Value) -> Value {
        Value {
            name: None,
            arguments: Some(Group::new(Delimiter::Parenthesis, quote!(#one, #other))),
        }
    }
}

impl Value {
    /// Puts it behind other tokens, without a copy.
    pub(super) fn move_into(self, tokens: &mut TokenStream) {
        if let Some(name) = self.name {
            tokens.append(Ident::new(&name, Span::call_site()));
        }
        if let Some(arguments) = self.arguments {
            tokens.append(arguments);
        }
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let copy = Value {
            name: self.name.clone(),
            arguments: self.arguments.clone(),
        };
        copy.move_into(tokens);
    }
}
