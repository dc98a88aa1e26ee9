//! What a test becomes: its attributes, its body, and the test that is registered.

use proc_macro2::TokenStream;
use syn::ItemFn;

use super::{expand, tokens};
use crate::tests::{Mutants, assert_allows_nothing, mistakes, tries};

const RIGHT: &[&str] = &[
    "async fn a() {}",
    "pub(crate) async fn a(w: Weather) { w.calls(); }",
    "#[ignore] #[should_panic(expected = \"x\")] #[cfg(all())] #[doc = \"x\"] async fn a(mut w: &Weather, m: &mut Weather, s: Arc<Weather>, _: a::Weather) -> anyhow::Result<()> { Ok(()) }",
    "async fn a(#[mock(Weather)] llm: MockLlm, #[mock(crate::mocks::Weather)] (x, y): &Pair, #[mock()] nothing: MockLlm)  {}",
    "async fn a(#[mock(reply(\"Hi.\"), on(user(\"{x}\")).reply(\"{x}\"))] llm: MockLlm, #[mock(openai(\"x\"), latency = 5ms, script = [fail(auth)], crate = crate::renamed)] other: Box<dyn Llm>) -> Result<(), String> { let x = { 5 }; Ok(()) }",
];

#[test]
fn a_correct_test_expands_without_mistakes() {
    for source in RIGHT {
        let expansion = expand(tokens("crate = crate::renamed"), tokens(source));
        assert_eq!(mistakes(source, &expansion), [], "{source}");
        let test: ItemFn = syn::parse2(expansion).expect(source);
        assert_eq!(test.sig.ident, "a");
        assert!(
            test.sig.inputs.is_empty() && test.sig.asyncness.is_none(),
            "{source}"
        );
        let registered = test.attrs.last().expect("an attribute");
        assert!(
            registered
                .path()
                .segments
                .last()
                .is_some_and(|last| last.ident == "test"),
            "{source}"
        );
    }
}

#[test]
fn no_lint_is_allowed_that_a_crate_may_forbid() {
    for source in RIGHT.iter().chain(&[
        "#[case::one(1)] #[case::Two(2)] #[should_panic] async fn a(#[case] number: u8, #[mock(reply(number))] m: Llm, #[values(1, 2)] x: u8, #[mocks(A, B)] mock: Llm) {}",
        "#[rstest] #[case(1)] async fn a(#[case] number: u8, #[mock(Weather)] m: Llm) {}",
    ]) {
        let expansion = expand(tokens("timeout = 5s"), tokens(source));
        assert_eq!(mistakes(source, &expansion), [], "{source}");
        assert_allows_nothing(expansion, source);
    }
}

#[test]
fn a_value_that_a_mock_uses_is_used_in_the_body_behind_its_attributes() {
    for (body, begun) in [
        ("{ let x = 5; }", "{ let _ = & x ; let x = 5 ; }"),
        ("{}", "{ let _ = & x ; }"),
        (
            "{ #![allow(unused)] #![warn(dead_code)] #[cfg(a)] b(); }",
            "{ #! [allow (unused)] #! [warn (dead_code)] let _ = & x ; # [cfg (a)] b () ; }",
        ),
    ] {
        let source =
            format!("#[case::a(1)] async fn a(#[case] x: u8, #[mock(reply(x))] m: Llm) {body}");
        let text = expand(TokenStream::new(), tokens(&source)).to_string();
        assert!(text.contains(&format!("m : Llm) {begun}")), "{text}");
    }
}

#[test]
fn attributes_and_the_body_are_left_as_they_are() {
    let expansion = expand(
        TokenStream::new(),
        tokens(
            "#[ignore = \"slow\"] #[should_panic] pub async fn a() { anything ! goes [ here ] }",
        ),
    );
    let text = expansion.to_string();
    assert!(text.starts_with("# [ignore = \"slow\"] # [should_panic] # [:: core :: prelude :: v1 :: test] pub fn a ()"), "{text}");
    assert!(
        text.contains("async fn a () { anything ! goes [here] }"),
        "{text}"
    );
    assert!(text.contains("should_panic : true"), "{text}");
}

#[test]
fn an_attribute_that_enters_a_span_is_on_the_fn_that_runs_on_the_tests_thread() {
    let text = |attribute: &str| {
        let source = format!("{attribute} async fn a(llm: Llm) {{}}");
        expand(TokenStream::new(), tokens(&source)).to_string()
    };
    for attribute in [
        "# [traced_test]",
        "# [tracing_test :: traced_test]",
        "# [tracing :: instrument (skip_all)]",
        "# [cfg_attr (not (miri) , traced_test)]",
        "# [cfg_attr (a , cfg_attr (b , instrument , traced_test))]",
    ] {
        let text = text(attribute);
        assert!(text.starts_with("# [:: core"), "{text}");
        let inner = format!("fn a () {{ {attribute} async fn a");
        assert!(text.contains(&inner), "{text}");
    }
    for attribute in [
        "# [serial]",
        "# [ignore]",
        "# [cfg_attr (a)]",
        "# [cfg_attr (a , ignore , traced_test)]",
    ] {
        let text = text(attribute);
        assert!(text.starts_with(attribute), "{text}");
        assert_eq!(text.matches(attribute).count(), 1, "{text}");
    }
}

#[test]
fn a_test_is_to_panic_where_its_attribute_is_configured() {
    let expansion = expand(
        TokenStream::new(),
        tokens(
            "#[cfg_attr(unix, ignore, should_panic(expected = \"x\"))] #[cfg_attr(a = \"b\", cfg_attr(not(c), should_panic))] #[cfg_attr(d, doc = \"should_panic\")] async fn a() {}",
        ),
    );
    let text = expansion.to_string();
    let conditions = "any (all (unix , any (all () ,)) , all (a = \"b\" , any (all (not (c) , any (all () ,)) ,)) ,)";
    assert!(
        text.contains(&format!("should_panic : :: core :: cfg ! ({conditions})")),
        "{text}"
    );
}

#[test]
fn whatever_is_written_the_expansion_parses() {
    let mut fns = 0;
    for (seed, source) in RIGHT.iter().enumerate() {
        for mutant in Mutants::new(source, seed as u64).take(tries(600)) {
            let text = mutant.to_string();
            // The compiler lets only items through to an attribute.
            let is_item = syn::parse2::<syn::Item>(mutant.clone()).is_ok();
            fns += usize::from(is_item);
            let expansion = expand(TokenStream::new(), mutant);
            let parsed = syn::parse2::<syn::File>(expansion);
            assert!(parsed.is_ok() || !is_item, "{text}");
        }
    }
    assert!(fns > tries(300), "only {fns}");
}

#[test]
fn the_path_of_the_crate_is_also_that_of_the_mocks_in_its_arguments() {
    let source = "async fn a(#[case] n: u32, #[mock(on(when(|_| true)).reply(\"Hi.\").ttft(5ms), call(t { a: 1 }), respond_with(answer))] llm: MockLlm, #[mocks(B, C)] b: MockLlm) {}";
    let source = format!("#[case::one(1)] {source}");
    let expansion = expand(tokens("crate = support::renamed"), tokens(&source)).to_string();
    assert!(!expansion.contains(":: mock_core ::"), "{expansion}");
    assert!(expansion.contains("renamed ::"), "{expansion}");
}
