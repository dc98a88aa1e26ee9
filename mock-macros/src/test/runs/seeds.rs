//! The values of `seeds` and `chaos`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Expr, ExprCall, ExprRange, Lit, RangeLimits};

use crate::diagnostics::{Diagnostics, did_you_mean, written};
use crate::rule::Rule;
use crate::syntax::bare;
use crate::words::{CHAOS, KINDS, Word};

const SEEDS: &str = "write a range of whole numbers, as in `seeds = 0..100`";

const FAULTS: &str =
    "write faults with their probabilities, as in `chaos = [rate_limit(0.1), cut(0.05)]`";

/// The first and the last seed; `None` if the value is wrong, and that has been reported.
pub(super) fn range(value: &Expr, diagnostics: &Diagnostics) -> Option<(u64, u64)> {
    let Expr::Range(range) = bare(value) else {
        diagnostics.error_at(Rule::OptionValue, value, "expected a range of seeds", SEEDS);
        return None;
    };
    let ExprRange {
        start: Some(start),
        limits,
        end: Some(end),
        ..
    } = range
    else {
        let message = "this range has no beginning or no end";
        diagnostics.error_at(Rule::OptionValue, range, message, SEEDS);
        return None;
    };
    let (first, end) = (seed(start, diagnostics), seed(end, diagnostics));
    let (first, end) = (first?, end?);
    let last = match limits {
        RangeLimits::HalfOpen(_) => end.checked_sub(1),
        RangeLimits::Closed(_) => Some(end),
    };
    if let Some(last) = last.filter(|last| *last >= first) {
        return Some((first, last));
    }
    diagnostics.error_at(
        Rule::OptionValue,
        range,
        "there are no seeds in this range",
        SEEDS,
    );
    None
}

fn seed(value: &Expr, diagnostics: &Diagnostics) -> Option<u64> {
    let number = match bare(value) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    };
    if number.is_none() {
        let message = format!("`{}` is not a seed", written(value));
        diagnostics.error_at(Rule::OptionValue, value, message, SEEDS);
    }
    number
}

/// A fault that comes by chance.
pub(super) struct Fault {
    word: &'static Word,
    probability: f64,
}

impl Fault {
    pub(super) fn expand(&self, private: &TokenStream) -> TokenStream {
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

/// The faults that may happen, without those that are wrong, which are reported.
pub(super) fn chaos(value: &Expr, diagnostics: &Diagnostics) -> Vec<Fault> {
    let Expr::Array(list) = bare(value) else {
        diagnostics.error_at(
            Rule::OptionValue,
            value,
            "expected a list of faults",
            FAULTS,
        );
        return Vec::new();
    };
    if list.elems.is_empty() {
        let message = "there is no fault in this list";
        diagnostics.error_at(Rule::OptionValue, list, message, FAULTS);
    }
    let faults = list.elems.iter();
    faults
        .filter_map(|value| fault(value, diagnostics))
        .collect()
}

fn fault(value: &Expr, diagnostics: &Diagnostics) -> Option<Fault> {
    let (name, call) = match bare(value) {
        Expr::Call(call) => (bare(&call.func), Some(call)),
        other => (other, None),
    };
    let Expr::Path(path) = name else {
        diagnostics.error_at(Rule::OptionValue, value, "expected a fault", FAULTS);
        return None;
    };
    let name = written(&path.path);
    let Some(word) = CHAOS.find(&name) else {
        diagnostics.error_at(
            Rule::OptionValue,
            path,
            format!("unknown fault `{name}`"),
            did_you_mean(&name, "faults", &CHAOS.names()),
        );
        return None;
    };
    let Some(call) = call else {
        diagnostics.error_at(
            Rule::OptionValue,
            path,
            format!("`{name}` has no probability"),
            format!("write `{name}(0.1)`"),
        );
        return None;
    };
    let probability = probability(call, &name, diagnostics)?;
    Some(Fault { word, probability })
}

/// The probability in the parentheses of a fault; `None` if it is wrong, and that has been reported.
fn probability(call: &ExprCall, name: &str, diagnostics: &Diagnostics) -> Option<f64> {
    let help = format!("write one number from 0 to 1, as in `{name}(0.1)`");
    let mut arguments = call.args.iter();
    let (Some(value), None) = (arguments.next(), arguments.next()) else {
        let message = format!("`{name}` takes one probability");
        diagnostics.error_at(Rule::OptionValue, call, message, help);
        return None;
    };
    let number: Option<f64> = match bare(value) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            Lit::Float(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    };
    let number = number.filter(|number| (0.0..=1.0).contains(number));
    if number.is_none() {
        let message = format!("`{}` is not a probability", written(value));
        diagnostics.error_at(Rule::OptionValue, value, message, help);
    }
    number
}
