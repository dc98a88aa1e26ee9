//! Code whose type error is a mistake in a template: the compiler tells where in the literal the variable stands, which no
//! span of ours can.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;

/// The variables of a template that is a valid format string too.
pub(crate) struct Template<'t> {
    /// The variable that is not bound.
    pub(crate) unbound: &'t str,
    /// All others; `None` where one is none of Rust's.
    pub(crate) others: Option<Vec<&'t str>>,
}

impl Template<'_> {
    /// A statement that does not compile, by `text`, at the unbound variable; `None` where `format_args!` would not read the template as
    /// we do.
    pub(crate) fn error(&self, literal: &LitStr, text: &str) -> Option<TokenStream> {
        if !literal.suffix().is_empty() {
            return None;
        }
        let local = |name: &str| {
            let mut ident = syn::parse_str::<Ident>(name).ok()?;
            ident.set_span(literal.span());
            Some(ident)
        };
        let unbound = local(self.unbound)?;
        let span = literal.span().resolved_at(Span::mixed_site());
        let mut others = TokenStream::new();
        for other in self.others.as_ref()? {
            let other = local(other)?;
            others.extend(quote_spanned!(span=> let #other = "";));
        }
        let message = text.replace("{", "{{").replace("}", "}}");
        let message = LitStr::new(&message, literal.span());
        Some(quote_spanned! {span=>
            {
                #[diagnostic::on_unimplemented(message = #message, label = "not bound")]
                trait Bound {}
                impl Bound for u8 {}
                struct Variable<T>(T);
                impl<T: Bound> ::core::fmt::Display for Variable<T> {
                    fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::core::result::Result::Ok(())
                    }
                }
                fn template() {
                    // For a type of our own, the compiler would also show where it stands.
                    let #unbound = Variable(());
                    #others
                    let _ = ::core::format_args!(#literal);
                }
            }
        })
    }
}
