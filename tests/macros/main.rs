//! The macros as a user writes them: all forms, in all places, next to names that are in the way.

use std::sync::Arc;
use std::time::Duration;

use mock_core as renamed;
use mock_core::builder::*;
use mock_core::scenario::{Latency, Matcher, Profile, Scenario, Schema};
use mock_core::{
    ErrorKind, MockProvider, ProviderError, Request, Response, mock_provider, provider_test,
};
use tests::Played;
use tests::private::{Predicate, When};

async fn ask(mock: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let response = mock.answer(Request::new("gpt-4o").user(text)).await?;
    Ok(response.text().into_owned())
}

/// The user's own newtype.
struct MockLlm(MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

mock_provider!(
    Hello = openai("gpt-4o"),
    script = [on(user("I am {name}")).reply("Hello, {name}!")],
);

mod forms;

mod values;

mod crate_paths {
    use super::*;

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
}

mod declarations;

mod arguments;

mod cases;

/// Lints are denied, and nothing is allowed in return.
pub mod strict;

#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Typed {
    text: String,
    list: Vec<String>,
    option: Option<&'static str>,
}

const TEXT: &str = "text";

/// What a mock answers: the arguments of its call, or its text.
async fn said(mock: &MockProvider, request: Request) -> String {
    let response = mock.answer(request).await.expect("an answer");
    let call = response.tool_calls().next();
    call.map_or_else(
        || response.text().into_owned(),
        |call| call.arguments.clone(),
    )
}

/// Nothing is in scope that is not written here, and what is has other meanings.
#[no_implicit_prelude]
#[allow(non_camel_case_types, non_snake_case, dead_code, reason = "in the way")]
mod hostile;

mod written;
