//! The secrets in a cassette: only those in `allow = [secrets(..)]` are accepted.

use std::collections::BTreeSet;

use super::super::parse::Mock;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;

/// A cassette can be committed.
pub(super) fn cassettes_have_no_secrets(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(recording) = mock.recording() else {
        return;
    };
    let allowed: Vec<_> = mock
        .allowed_secrets
        .iter()
        .map(syn::LitStr::value)
        .collect();
    for (literal, path) in mock.allowed_secrets.iter().zip(&allowed) {
        if !recording.secrets.any(&|finding| finding.is_at(path)) {
            diagnostics.error(
                Lint::CassetteSecret,
                literal.span(),
                format_args!("the cassette has no secret in `{path}`"),
                "remove it, or correct the field",
            );
        }
    }
    let mut places = BTreeSet::new();
    for finding in &recording.secrets {
        if allowed.any(&|path| finding.is_at(path)) || !places.insert(finding.place()) {
            continue;
        }
        let place = finding.place();
        diagnostics.error(
            Lint::CassetteSecret,
            recording.span,
            format_args!(
                "{}:{}: `{place}` has {}: `{}`",
                recording.path,
                finding.at(),
                finding.what(),
                finding.excerpt()
            ),
            format_args!("redact it, or write `allow = [secrets(\"{place}\")]` if it is none"),
        );
    }
}
