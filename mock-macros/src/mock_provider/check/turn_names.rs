//! No two turns have the same name.

use proc_macro2::Ident;

use super::super::parse::Mock;
use crate::diagnostics::{Diagnostics, position};
use crate::lint::Lint;
use crate::search::Search as _;

/// No two turns have the same name.
pub(super) fn turns_have_names_of_their_own(mock: &Mock, diagnostics: &Diagnostics) {
    let mut names: Vec<&Ident> = Vec::new();
    for &turn in &mock.all_turns() {
        let Some(name) = &turn.name else { continue };
        match names.find(&|earlier| *earlier == name) {
            Some(earlier) => diagnostics.error(
                Lint::TurnName,
                name.span(),
                format_args!("two turns are named `{name}`"),
                format_args!(
                    "write another name here or in line {}",
                    position(earlier.span()).0
                ),
            ),
            None => names.push(name),
        }
    }
}
