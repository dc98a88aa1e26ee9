//! Recorded exchanges: the key `cassette` and the action `replay`.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned as _;
use syn::{Expr, LitStr};

use super::Reader;
use super::method_chain::Link;
use crate::lint::Lint;
use crate::syntax::{bare, integer, literal};

/// A file of recorded exchanges.
pub(crate) struct Cassette {
    /// The place of the key.
    #[cfg(feature = "cassette")]
    pub(crate) key: Span,
    /// Its path, from the folder of the package.
    pub(crate) path: LitStr,
    /// The content; `None` if the file cannot be read, which was reported.
    #[cfg(feature = "cassette")]
    pub(crate) recorded: Option<crate::mock_provider::read_cassette_file::Recording>,
}

/// How many exchanges a turn replays.
pub(crate) enum Replayed {
    Next(
        #[cfg_attr(not(feature = "cassette"), allow(dead_code))] Span,
        u32,
    ),
    Rest,
}

impl Reader<'_> {
    pub(super) fn cassette(&self, key: &Ident, expr: &Expr) -> Option<Cassette> {
        let Some(path) = literal(expr) else {
            return self.reject(
                Lint::WrongValue,
                expr,
                &"`cassette` is the path of a file, as a literal",
                &"write `cassette = \"tests/cassettes/weather.yaml\"`",
            );
        };
        #[cfg(feature = "cassette")]
        {
            Some(Cassette {
                key: key.span(),
                path: path.clone(),
                recorded: crate::mock_provider::read_cassette_file::Recording::read(
                    path,
                    self.diagnostics,
                ),
            })
        }
        #[cfg(not(feature = "cassette"))]
        {
            self.error(
                Lint::CassetteFeature,
                key.span(),
                "`cassette` needs the feature `cassette` of `mock-core`",
                crate::crate_path::feature_help("cassette"),
            );
            Some(Cassette { path: path.clone() })
        }
    }

    /// How many exchanges `replay(..)` replays.
    pub(super) fn replayed(&self, link: &Link<'_>) -> Option<Replayed> {
        let expr = bare(self.one(link, "a number of exchanges, or `..` for all that are left")?);
        if matches!(expr, Expr::Range(range) if range.start.is_none() && range.end.is_none()) {
            return Some(Replayed::Rest);
        }
        let number = integer(expr).and_then(|number| number.base10_parse().ok());
        let number = number.filter(|number| *number > 0);
        if number.is_none() {
            self.error_at(
                Lint::ReplayedAnswer,
                expr,
                "`replay` takes a number from 1, or `..`",
                match literal(expr) {
                    Some(_) => "write `reply(..)` for a text",
                    None => "write `replay(1)`, or `replay(..)` for all that are left",
                },
            );
        }
        Some(Replayed::Next(expr.span(), number?))
    }
}

impl super::Mock {
    /// Whether there are exchanges to replay.
    pub(crate) fn replays(&self) -> bool {
        #[cfg(feature = "cassette")]
        return self.recording().is_some();
        #[cfg(not(feature = "cassette"))]
        false
    }
}
