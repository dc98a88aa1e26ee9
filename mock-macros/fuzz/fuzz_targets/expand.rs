//! Both macros on any tokens: no panic, and what comes out is items or an expression.
//!
//! ```text
//! cd mock-macros && mkdir -p fuzz/corpus/expand && cargo +nightly fuzz run expand fuzz/corpus/expand fuzz/seeds -- -dict=fuzz/expand.dict
//! ```
//!
//! What a macro crate has in it cannot be called from another crate, so that its modules are compiled into this one.

#![no_main]
#![allow(dead_code, unfulfilled_lint_expectations, unused_imports)]

extern crate proc_macro;

#[path = "../../src/chaos.rs"]
mod chaos;
#[path = "../../src/crate_path.rs"]
mod crate_path;
#[path = "../../src/diagnostics.rs"]
mod diagnostics;
#[path = "../../src/did_you_mean.rs"]
mod did_you_mean;
#[path = "../../src/duration.rs"]
mod duration;
#[path = "../../src/editor_only_code.rs"]
mod editor_only_code;
#[path = "../../src/lint.rs"]
mod lint;
#[path = "../../src/mock_provider/mod.rs"]
mod mock_provider;
#[path = "../../src/name_set.rs"]
mod name_set;
#[path = "../../src/provider_test/mod.rs"]
mod provider_test;
#[path = "../../src/search.rs"]
mod search;
#[path = "../../src/syntax.rs"]
mod syntax;
#[path = "../../src/words/mod.rs"]
mod words;

use libfuzzer_sys::{Corpus, fuzz_target};
use proc_macro2::TokenStream;
use quote::quote;

use diagnostics::Diagnostics;

fuzz_target!(|source: &str| -> Corpus {
    // A number with a suffix that no literal has is not a token.
    let Ok(input) = source.parse::<TokenStream>() else {
        return Corpus::Reject;
    };

    let mock = mock_provider::expand(input.clone(), &Diagnostics::default());
    assert_parses(source, mock);

    // As what is passed on to the macro that only editors expand.
    let seen = mock_provider::completion::statements(input.clone());
    assert_parses(source, quote!({ #seen }));

    // As the scenario of an argument, and as the options of a test.
    let item = quote!(async fn test(#[mock(#input)] llm: MockProvider) {});
    let test = provider_test::expand(TokenStream::new(), item, &Diagnostics::default());
    assert_parses(source, test);
    let item = quote!(async fn test() {});
    let test = provider_test::expand(input.clone(), item, &Diagnostics::default());
    assert_parses(source, test);

    // As the test itself: an item other than a fn is handed on as it is, and need not parse.
    provider_test::expand(TokenStream::new(), input, &Diagnostics::default());
    Corpus::Keep
});

fn assert_parses(source: &str, expansion: TokenStream) {
    let parses = syn::parse2::<syn::File>(expansion.clone()).is_ok()
        || syn::parse2::<syn::Expr>(expansion.clone()).is_ok();
    assert!(parses, "{source}\nbecomes\n{expansion}");
}
