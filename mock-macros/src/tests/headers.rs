//! What a header may be is written here and in mock-core, for a crate of macros exports nothing else: both say the same.

use mock_core::builder::{auth, fail, script};
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::mock_provider;

/// Whether a header can be sent: what the macro says, and what mock-core says of the same scenario.
fn verdicts(name: &str, value: &str) -> (bool, bool) {
    let diagnostics = Diagnostics::default();
    mock_provider::expand(
        quote!(fail(auth { headers: [(#name, #value)] })),
        &diagnostics,
    );
    let lints: Vec<_> = diagnostics.lints().into_iter().collect();
    assert!(
        matches!(lints.as_slice(), [] | [Lint::InvalidHeader]),
        "{name:?}: {value:?}: {lints:?}"
    );
    let built = script([fail(auth().header(name.to_owned(), value.to_owned()))]);
    (lints.is_empty(), built.check().is_ok())
}

/// Every character of ASCII, and some others: controls, white space, a letter.
fn characters() -> impl Iterator<Item = char> {
    let ascii = (0..128).map(char::from);
    ascii.chain(['\u{80}', '\u{85}', '\u{a0}', 'é', '\u{200b}', '\u{2028}'])
}

#[test]
fn the_macro_rejects_the_headers_that_the_builder_rejects_and_no_others() {
    let mut headers: Vec<(String, String)> = Vec::new();
    for c in characters() {
        for text in [
            format!("{c}"),
            format!("{c}x"),
            format!("x{c}"),
            format!("x{c}y"),
        ] {
            headers.push((text.clone(), "a".to_owned()));
            headers.push(("x-id".to_owned(), text));
        }
    }
    let names = [
        "",
        "content-length",
        "Content-Length",
        "x-content-length",
        "transfer-encoding",
        "TRANSFER-ENCODING",
        "transfer-encodings",
        "content-type",
        "retry-after",
        "connection",
        "host",
        "date",
        "server",
    ];
    for name in names {
        for value in ["", "a", "a\nb"] {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut sent = 0;
    for (name, value) in &headers {
        let (of_macro, of_builder) = verdicts(name, value);
        assert_eq!(of_macro, of_builder, "{name:?}: {value:?}");
        sent += usize::from(of_macro);
    }
    assert!(
        (1..headers.len()).contains(&sent),
        "{sent} of {}",
        headers.len()
    );
}
