//! The key `allow`: what does not fail a test, and the fields of recorded bodies that may contain secrets.

use proc_macro2::Ident;
use syn::{Expr, LitStr};

use super::super::split_into_entries::Items;
use super::super::words;
use super::Reader;
use crate::lint::Lint;
use crate::syntax::{bare, is_word, literal};

impl Reader<'_> {
    /// Parses the value of `allow`. Fields that may have secrets go into `secrets`.
    pub(super) fn allowances(&self, items: &Items, secrets: &mut Vec<LitStr>) -> Vec<Ident> {
        let mut others = Vec::new();
        for item in items {
            match item.as_ref().map(bare) {
                Some(Expr::Call(call)) if is_word(&call.func, "secrets") => {
                    let mut fields = call.args.iter();
                    match (
                        fields.next().map(|field| (field, literal(field))),
                        fields.next(),
                    ) {
                        (Some((_, Some(field))), None) if !field.value().is_empty() => {
                            secrets.push(field.clone());
                        }
                        (Some((empty, Some(_))), None) => self.not_a_field(empty),
                        (Some((wrong, None)), _) | (_, Some(wrong)) => self.not_a_field(wrong),
                        (None, _) => self.not_a_field(&call.func),
                    }
                }
                Some(bare) if is_word(bare, "secrets") => {
                    self.not_a_field(bare);
                }
                _ => others.push(item.clone()),
            }
        }
        self.words(&others, "allowance", &words::ALLOWANCES)
    }

    fn not_a_field(&self, expr: &Expr) {
        self.error_at(
            Lint::WrongValue,
            expr,
            "`secrets` takes one field of a recorded body",
            "write it as in `secrets(\"messages.*.content\")`",
        );
    }
}
