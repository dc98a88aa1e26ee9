//! The key and the option `crate`: a crate that is renamed, or re-exported by another.

use crate::helpers::*;

mock_provider!(Local, crate = renamed, reply("a"));
mock_provider!(FromRoot, crate = crate::renamed, reply("b"));
mock_provider!(Global, crate = ::mock_core, reply("c"));

#[provider_test(crate = crate::renamed)]
async fn declared(local: Local, root: FromRoot, global: &Global) -> Result<(), ProviderError> {
    let anonymous = mock_provider!(crate = renamed, reply("d"));
    for (mock, text) in [
        (&*local, "a"),
        (&*root, "b"),
        (global, "c"),
        (&anonymous, "d"),
    ] {
        assert_eq!(ask(mock, "x").await?, text);
    }
    Ok(())
}

#[provider_test(crate = ::mock_core)]
async fn injected(
    #[mock(reply("a"))] a: MockLlm,
    #[mock(crate = crate::renamed, reply("b"))] b: MockLlm,
) -> Result<(), ProviderError> {
    assert_eq!(ask(&a.0, "x").await?, "a");
    assert_eq!(ask(&b.0, "x").await?, "b");
    Ok(())
}
