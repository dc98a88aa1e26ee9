//! The user's code in a scenario, noted where it is read.

use syn::Expr;

use super::Reader;
use super::number::is_literal;
use crate::duration::Time;
use crate::syntax::bare;

/// What the macro knows about the user's code in a scenario.
#[derive(Clone, Copy)]
pub(crate) struct UserCode {
    /// Whether all of the scenario is known when the test compiles, so that it can be a `static`.
    pub(crate) is_constant: bool,
    /// Whether it only names values. A dot within such names runs no code.
    pub(crate) is_of_names: bool,
}

/// There is none.
impl Default for UserCode {
    fn default() -> Self {
        UserCode {
            is_constant: true,
            is_of_names: true,
        }
    }
}

impl Reader<'_> {
    /// An expression of the user's, as a part of the scenario.
    pub(super) fn own(&self, expr: &Expr) -> Expr {
        self.note_expr(expr);
        expr.clone()
    }

    pub(super) fn own_time(&self, time: Time) -> Time {
        if let Time::Expr(expr) = &time {
            self.note_expr(expr);
        }
        time
    }

    pub(super) fn note_expr(&self, expr: &Expr) {
        let is_literal = is_literal(expr);
        let is_name = matches!(bare(expr), Expr::Path(_));
        self.note_code(is_literal, is_literal || is_name);
    }

    /// Notes code that is not an expression of its own, such as a closure.
    pub(super) fn note_code(&self, is_constant: bool, is_of_names: bool) {
        let code = self.code.get();
        self.code.set(UserCode {
            is_constant: code.is_constant && is_constant,
            is_of_names: code.is_of_names && is_of_names,
        });
    }
}
