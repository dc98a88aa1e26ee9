//! The vectors of embeddings.

use quote::ToTokens;
use syn::{Expr, Lit};

use super::Reader;
use super::method_chain::Link;
use super::number::is_literal;
use crate::diagnostics::{listed, number_in_quotes, written};
use crate::lint::Lint;
use crate::syntax::{any_literal, bare, literal, push_some};

/// The vector of each input.
pub(crate) enum Vector {
    /// A vector made from the text.
    OfText,
    /// These numbers.
    Numbers(Vec<Component>),
    /// The value of an expression.
    Expr(Expr),
}

/// A number of a vector.
pub(crate) enum Component {
    Literal(f32),
    Expr(Expr),
}

const EXAMPLE: &str = "embed([0.5, -0.25, 1.0])";

impl Reader<'_> {
    pub(super) fn embed(&self, link: &Link<'_>) -> Option<Vector> {
        let (first, rest) = match link.arguments.as_slice() {
            [] => return Some(Vector::OfText),
            [first, rest @ ..] => (bare(first), rest),
        };
        if !rest.is_empty() && is_literal(first) {
            let help = format!("write `embed([{}])`", listed(&link.arguments));
            return self.no_vector(&link.whole(), "`embed` takes a list of numbers", help);
        }
        match bare(self.one(link, "a list of numbers")?) {
            Expr::Array(numbers) if numbers.elems.is_empty() => self.no_vector(
                first,
                "a vector has at least one number",
                format!("write `{EXAMPLE}`, or `embed()` for a vector made from the text"),
            ),
            Expr::Array(numbers) => {
                let mut components = Vec::new();
                for number in &numbers.elems {
                    push_some(&mut components, self.component(number));
                }
                let are_whole = components.len() == numbers.elems.len();
                are_whole.then_some(Vector::Numbers(components))
            }
            text if literal(text).is_some() => self.no_vector(
                text,
                "`embed` takes a list of numbers",
                "write `embed()` for a vector made from the text of the request".to_owned(),
            ),
            number if is_literal(number) => self.no_vector(
                &link.whole(),
                "`embed` takes a list of numbers",
                format!("write `embed([{}])`", written(number)),
            ),
            other => Some(Vector::Expr(self.own(other))),
        }
    }

    fn component(&self, expr: &Expr) -> Option<Component> {
        let expr = bare(expr);
        if let Expr::Array(inner) = expr {
            let help = format!(
                "write a vector for each input: `embed({}).embed(..)`",
                written(inner)
            );
            return self.no_vector(expr, "a vector is a list of numbers", help);
        }
        if !is_literal(expr) {
            return Some(Component::Expr(self.own(expr)));
        }
        match number(expr) {
            Some(number) if number.is_finite() => Some(Component::Literal(number)),
            Some(_) => self.no_vector(
                expr,
                "this number is too large for a vector",
                "write one that an `f32` can hold".to_owned(),
            ),
            None => self.no_vector(
                expr,
                "expected a number",
                number_in_quotes(expr, f64::MAX, &format!("write it as in `{EXAMPLE}`")),
            ),
        }
    }

    fn no_vector<T>(&self, at: &dyn ToTokens, message: &str, help: String) -> Option<T> {
        self.reject(Lint::Embeddings, at, &message, &help)
    }
}

/// The value of a literal number, which may be negative.
fn number(expr: &Expr) -> Option<f32> {
    if let Expr::Unary(negative) = bare(expr) {
        return number(&negative.expr).map(|number| -number);
    }
    match any_literal(expr)? {
        Lit::Float(float) if matches!(float.suffix(), "" | "f32") => float.base10_parse().ok(),
        Lit::Int(int) if matches!(int.suffix(), "" | "f32") => int.base10_digits().parse().ok(),
        _ => None,
    }
}
