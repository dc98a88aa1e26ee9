//! `.flush(..)`: in what chunks the events of a stream are sent.

use syn::Expr;

use super::super::words::{self, Word};
use super::method_chain::Link;
use super::{Reader, path_word};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;

impl Reader<'_> {
    /// `.flush(each)`, or `.flush(bytes)`: the word.
    pub(super) fn flush(&self, link: &Link<'_>) -> Option<&'static Word> {
        let expr = self.one(link, "a way to write events")?;
        let word = match expr {
            Expr::Path(_) => path_word(expr),
            _ => None,
        };
        if let Some(known) = word.and_then(|word| words::FLUSHES.find_ident(word)) {
            return Some(known);
        }
        let help = match word {
            Some(word) => did_you_mean(&word.to_string(), "ways", &words::FLUSHES.names()),
            None => "write `.flush(each)`".to_owned(),
        };
        let message = match word {
            Some(word) => format!("unknown flush `{word}`"),
            None => "expected a way to write events".to_owned(),
        };
        self.reject(Lint::UnknownFlush, expr, &message, &help)
    }
}
