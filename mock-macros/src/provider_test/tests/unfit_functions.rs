//! Functions that cannot be tests, and tests that are half written.

use proc_macro2::TokenStream;

use super::{expand, tokens, wrong};
use crate::tests::assert_mistakes;

#[test]
fn what_a_test_is_not() {
    wrong(
        "«fn» c() {}",
        &[("a `#[provider_test]` is async", "write `async fn c`")],
    );
    let already = (
        "this is already a test",
        "remove this attribute: `#[provider_test]` starts the runtime and registers the test",
    );
    wrong("«#[tokio::test]» async fn b() {}", &[already]);
    wrong("«#[test]» fn b() {}", &[already]);
    // The fn that `#[tokio::test]` above it expands to.
    wrong("«#[::core::prelude::v1::test]» fn b() {}", &[already]);
    wrong(
        "«#[test_log::test]» async fn b() {}",
        &[(
            already.0,
            "write `#[test_log::test(mock_core::provider_test)]` in place of both",
        )],
    );
    // The fn that `#[test_log::test]` above it expands to.
    wrong(
        "«#[::core::prelude::v1::test]» async fn b() {}",
        &[(
            already.0,
            "remove this attribute: `#[provider_test]` starts the runtime and registers the test; \
             for `test_log`, write `#[test_log::test(mock_core::provider_test)]` in place of both",
        )],
    );
    wrong(
        "async fn d«<T: Clone, const N: usize>»() {}",
        &[("a test has no generics", "remove them")],
    );
    wrong(
        "async fn e(«&self», x: X) {}",
        &[(
            "a test has no `self`",
            "remove it, and move the test out of the `impl`",
        )],
    );
    wrong(
        "«const» async «unsafe» «extern \"C\"» fn g() {}",
        &[
            ("a test is not `const`", "remove this"),
            ("a test is not `unsafe`", "remove this"),
            ("a test is not `extern \"C\"`", "remove this"),
        ],
    );
    wrong(
        "«fn» f«<T>»(«self: Box<Self>») {}",
        &[
            ("a `#[provider_test]` is async", "write `async fn f`"),
            ("a test has no generics", "remove them"),
            (
                "a test has no `self`",
                "remove it, and move the test out of the `impl`",
            ),
        ],
    );
}

/// A mistake in a test makes one error: the test is not called.
#[test]
fn a_test_that_cannot_be_called_is_only_checked() {
    let lifetime = wrong(
        "async fn a«<'a>»(x: &'a MockProvider) {}",
        &[("a test has no generics", "remove them")],
    );
    assert!(lifetime.contains("async fn a < 'a >"), "{lifetime}");
    let sort = wrong(
        "async fn a(#[mock(reply(\"x\"))] x: «impl T») {}",
        &[(
            "no mock can be made into `impl T`",
            "write a type of your own that implements it, as in `MockLlm`",
        )],
    );
    for expansion in [lifetime, sort] {
        assert!(!expansion.contains("drive"), "{expansion}");
    }
}

#[test]
fn an_item_that_is_not_a_fn_is_left_unchanged() {
    let source = "«struct» A;";
    let expansion = assert_mistakes(
        source,
        |item| expand(TokenStream::new(), item),
        &[(
            "expected `fn`",
            "`#[provider_test]` goes before an `async fn`",
        )],
    );
    assert!(
        expansion.to_string().starts_with("struct A ;"),
        "{expansion}"
    );
}

/// It reads the item before an attribute does.
#[test]
fn errors_of_the_compiler_about_an_unfinished_test_are_not_repeated() {
    for source in [
        "async fn t(#[mock(reply(\"x\"))] v) {}",
        "async fn t(#[mock(reply(\"x\"))] v: ) {}",
        "async fn t(w: W, v, x: X) {}",
        "#[ignore] pub(crate) async fn t(#[mock(reply(\"x\"))]) {}",
        "async fn t {}",
    ] {
        let expansion = assert_mistakes(source, |item| expand(TokenStream::new(), item), &[]);
        assert_eq!(expansion.to_string(), tokens(source).to_string());
    }
    for source in [
        "async fn t(w: W, #[mock(Weather), other] v: V, x: X) { v.calls(); }",
        "async fn t(#[mock(reply(\"x\")) mut] v: V) {}",
        "pub async fn t(#[] v: V) {}",
        "async fn t(@mock(Weather) v: V) { v.calls(); }",
        "async fn t(#[mock(Weather)] v: V #[mock(reply(\"x\"))] w: W) {}",
        "async fn t(+) {}",
        "async fn t<+>(w: W) {}",
        "async fn t(w: W) -> + {}",
    ] {
        let expansion = assert_mistakes(source, |item| expand(TokenStream::new(), item), &[]);
        let test: syn::ItemFn = syn::parse2(expansion).expect(source);
        assert!(test.sig.ident == "t" && test.sig.inputs.is_empty());
    }
}

#[test]
fn a_method_becomes_a_fn_with_its_error_and_nothing_beside_it() {
    let tokens = "async fn a(&self, #[mock(reply(\"x\"))] x: MockLlm) { self.b() }";
    let expansion = expand(TokenStream::new(), tokens.parse().expect("tokens"));
    let method: syn::ImplItemFn = syn::parse2(expansion).expect("one fn");
    assert!(method.sig.receiver().is_none());
    assert!(
        method
            .attrs
            .iter()
            .all(|attribute| !attribute.path().is_ident("test"))
    );
}

#[test]
fn the_arguments_of_a_method_are_read_too() {
    assert_mistakes(
        "async fn a(«self», x: «u32», #[mock(«repyl»(\"x\"))] y: MockLlm) {}",
        |item| expand(TokenStream::new(), item),
        &[
            (
                "a test has no `self`",
                "remove it, and move the test out of the `impl`",
            ),
            (
                "no attribute gives this `u32` a value",
                "write `#[values(1, 2)]` before the argument, or `#[case]` and a case, as in `#[case::first(1)]`",
            ),
            ("no turn begins with `repyl`", "did you mean `reply`?"),
        ],
    );
}
