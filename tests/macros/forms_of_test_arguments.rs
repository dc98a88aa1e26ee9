//! Every form of an argument of a test.

use crate::helpers::*;

#[provider_test]
#[allow(clippy::too_many_arguments, reason = "one of each kind")]
async fn every_form(
    owned: Hello,
    borrowed: &Hello,
    mutable: &mut Hello,
    shared: Arc<Hello>,
    #[mock(Hello)] declared: MockLlm,
    #[mock(crate::helpers::Hello)] provider: &MockProvider,
    #[mock(reply("turns"))] turns: MockLlm,
    #[mock(anthropic("claude"), script = [reply("script")])] scripted: Arc<MockProvider>,
    #[mock(reply("x"))] MockLlm(mut taken): MockLlm,
    #[mock()] _: MockLlm,
) -> Result<(), ProviderError> {
    let hellos = [&*owned, borrowed, mutable, &**shared, &declared.0, provider];
    for mock in hellos {
        assert_eq!(ask(mock, "I am Ada.").await?, "Hello, Ada!");
    }
    assert_eq!(ask(&turns.0, "x").await?, "turns");
    assert_eq!(ask(&scripted, "x").await?, "script");
    ask(&taken, "x").await?;
    taken = declared.0;
    assert_eq!(taken.calls().len(), 1);
    Ok(())
}

#[provider_test]
async fn r#type(r#type: Hello) {
    let _ = ask(&r#type, "I am r#type").await;
}

#[provider_test]
#[ignore = "it would fail"]
async fn ignored() {
    panic!("not ignored");
}

#[provider_test]
#[should_panic(expected = "as it should")]
async fn panics(_unused: Hello) {
    panic!("as it should");
}

#[provider_test]
#[cfg_attr(all(), should_panic(expected = "as it should"))]
async fn panics_where_that_is_configured(_unused: Hello) {
    panic!("as it should");
}

#[provider_test]
async fn some_are_left_out(
    #[cfg(any())] _no: NoSuchType,
    #[cfg(not(any()))] hello: &Hello,
    #[cfg(any())]
    #[mock(reply("x"))]
    _neither: MockLlm,
    #[mock(reply("turns"))]
    #[cfg(not(any()))]
    turns: MockLlm,
) -> Result<(), ProviderError> {
    assert_eq!(ask(hello, "I am Ada.").await?, "Hello, Ada!");
    assert_eq!(ask(&turns.0, "x").await?, "turns");
    Ok(())
}

#[cfg(any())]
#[provider_test]
async fn left_out() -> NoSuchType {}

#[provider_test]
#[cfg(any())]
async fn left_out_too() -> NoSuchType {}

#[allow(unused_variables, reason = "passed on")]
#[provider_test]
async fn attributes_reach_the_body() {
    let unused = 5;
}

macro_rules! asks {
    ($($test:ident: $ty:ty, $declared:ty, $text:expr;)*) => {$(
        #[provider_test]
        async fn $test(
            #[mock(reply($text))] llm: $ty,
            hello: $declared,
        ) -> Result<(), ProviderError> {
            assert_eq!(ask(&llm.0, "x").await?, $text);
            assert_eq!(ask(&hello, "I am Ada.").await?, "Hello, Ada!");
            Ok(())
        }
    )*};
}

asks! {
    types_of_a_macro: MockLlm, Hello, "owned";
    references_of_a_macro: &MockLlm, &Hello, "borrowed";
    shared_types_of_a_macro: Arc<MockLlm>, Arc<Hello>, "shared";
    references_to_shared_types_of_a_macro: &Arc<MockLlm>, &Arc<Hello>, "both";
}
