//! Faults that come by chance, in the option and in the key `chaos`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, Lit};

use crate::diagnostics::{Diagnostics, number_in_quotes, written};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{any_literal, bare, path_word};
use crate::words::{CHAOS, KINDS, Word};

/// The help for a value that is not a list of faults.
pub(crate) const FAULTS: &str =
    "write faults with their probabilities, as in `chaos = [rate_limit(0.1), cut(0.05)]`";

/// A fault that comes by chance.
pub(crate) struct ChaosFault {
    word: &'static Word,
    span: Span,
    probability: f64,
}

impl ChaosFault {
    pub(crate) fn expand(&self, private: &TokenStream) -> TokenStream {
        let (variant, probability) = (format_ident!("{}", self.word.variant()), self.probability);
        let fault = match KINDS.has(self.word.word) {
            true => quote!(Fail(#private::ErrorKind::#variant)),
            false => quote!(#variant),
        };
        quote!(#private::Chaos {
            fault: #private::ChaosFault::#fault,
            probability: #probability,
        })
    }
}

/// The faults of a list, each once, without those that are wrong, which are reported.
pub(crate) fn faults<'e>(
    items: impl IntoIterator<Item = &'e Expr>,
    diagnostics: &Diagnostics,
) -> Vec<ChaosFault> {
    let mut faults: Vec<ChaosFault> = Vec::new();
    for item in items {
        let Some(fault) = fault(item, diagnostics) else {
            continue;
        };
        let word = fault.word.word;
        match faults.find(&|known| known.word.word == word) {
            Some(first) => diagnostics.twice(word, first.span, fault.span),
            None => faults.push(fault),
        }
    }
    faults
}

fn fault(value: &Expr, diagnostics: &Diagnostics) -> Option<ChaosFault> {
    let (name, call) = match bare(value) {
        Expr::Call(call) => (bare(&call.func), Some(call)),
        other => (other, None),
    };
    let Expr::Path(path) = name else {
        return diagnostics.reject(Lint::OptionValue, value, &"expected a fault", &FAULTS);
    };
    let name = written(&path.path);
    let Some(word) = CHAOS.find(&name) else {
        let first = call.and_then(|call| call.args.first());
        let kind = first.and_then(path_word).filter(|_| name == "fail");
        let help = match CHAOS.if_known(kind) {
            Some(kind) => format!("write `{kind}(0.1)`"),
            None => did_you_mean(&name, "faults", &CHAOS.names()),
        };
        let message = format!("unknown fault `{name}`");
        return diagnostics.reject(Lint::OptionValue, path, &message, &help);
    };
    let Some(call) = call else {
        return diagnostics.reject(
            Lint::OptionValue,
            path,
            &format_args!("`{name}` has no probability"),
            &format_args!("write `{name}(0.1)`"),
        );
    };
    let probability = probability(call, &name, diagnostics)?;
    Some(ChaosFault {
        word,
        span: path.span(),
        probability,
    })
}

/// The probability in the parentheses of a fault; `None` if it is wrong, and that has been reported.
fn probability(call: &ExprCall, name: &str, diagnostics: &Diagnostics) -> Option<f64> {
    let help = format!("write one number above 0, up to 1, as in `{name}(0.1)`");
    let mut arguments = call.args.iter();
    let (Some(value), None) = (arguments.next(), arguments.next()) else {
        let message = format!("`{name}` takes one probability");
        return diagnostics.reject(Lint::OptionValue, call, &message, &help);
    };
    let number: Option<f64> = match any_literal(value) {
        Some(Lit::Int(number)) => number.base10_parse().ok(),
        Some(Lit::Float(number)) => number.base10_parse().ok(),
        _ => None,
    };
    if number == Some(0.0) {
        return diagnostics.reject(
            Lint::OptionValue,
            value,
            &format_args!(
                "a fault with the probability `{}` never happens",
                written(value)
            ),
            &format_args!("write `{name}(0.1)`, or remove the fault"),
        );
    }
    let number = number.filter(|number| *number > 0.0 && *number <= 1.0);
    if number.is_none() {
        let message = format!("`{}` is not a probability", written(value));
        let help = number_in_quotes(value, 1.0, &help);
        diagnostics.error_at(Lint::OptionValue, value, message, help);
    }
    number
}
