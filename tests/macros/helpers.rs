//! What most of these tests need: the names in scope, a newtype, and the question to a mock.

pub(crate) use std::sync::Arc;
pub(crate) use std::time::Duration;

pub(crate) use mock_core as renamed;
pub(crate) use mock_core::builder::*;
pub(crate) use mock_core::scenario::{Latency, Profile};
pub(crate) use mock_core::{
    ErrorKind, MockProvider, ProviderError, Request, Response, mock_provider, provider_test,
};
pub(crate) use tests::Played;

pub(crate) async fn ask(mock: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let response = mock.answer(Request::new("gpt-4o").user(text)).await?;
    Ok(response.text().into_owned())
}

/// The user's own newtype.
pub(crate) struct MockLlm(pub(crate) MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

mock_provider!(
    Hello = openai("gpt-4o"),
    script = [on(user("I am {name}")).reply("Hello, {name}!")],
);

#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Typed {
    pub(crate) text: String,
    pub(crate) list: Vec<String>,
    pub(crate) option: Option<&'static str>,
}

pub(crate) const TEXT: &str = "text";

/// What a mock answers: the arguments of its call, or its text.
pub(crate) async fn said(mock: &MockProvider, request: Request) -> String {
    let response = mock.answer(request).await.expect("an answer");
    let call = response.tool_calls().next();
    call.map_or_else(
        || response.text().into_owned(),
        |call| call.arguments.clone(),
    )
}
