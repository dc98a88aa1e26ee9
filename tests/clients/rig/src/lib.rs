//! Mocks behind [rig](https://docs.rs/rig-core/0.44.0): behind rig-core 0.44.0, and so behind the agents of rig-agent 0.44.0.
//!
//! Whatever of rig takes a model takes a [`MockModel`], for rig takes `impl Into<DynModel<Completion>>`:
//!
//! ```
//! use mock_core::mock_provider;
//! use rig_agent::AgentBuilder;
//! use rig_on_mocks::MockModel;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> anyhow::Result<()> {
//! let mock = mock_provider!(on(user("capital of {country}")).reply("Paris, of {country}."));
//! let agent = AgentBuilder::new(MockModel::from(mock)).build();
//!
//! let answer = agent.prompt("What is the capital of France?").await?;
//!
//! assert_eq!(answer.output(), "Paris, of France.");
//! # Ok(()) }
//! ```
//!
//! In a `#[provider_test]` it is an argument, `#[mock(..)] llm: MockModel`, and `llm.calls()` is the journal. See
//! `tests/agent.rs`, where an agent runs a tool, streams, and is rejected.
//!
//! To have it in a project of your own, copy this file and `convert.rs`, and add to your `[dev-dependencies]` `mock-core`,
//! `futures`, `serde_json`, and rig-core with its feature `test-utils`. That has [`MockScript`], the wire of models that are
//! scripted; `MockModel` is a [`Transport`] of it, and says what comes back.
//!
//! - A **request** keeps all that rig puts in it. The preamble is the system message. Documents are text at the beginning of the
//!   user's first message, where rig puts them for all providers. What a [`Request`](mock_core::Request) has no field for is in
//!   its `extra`: the additional parameters, rig's options such as `seed`, `tool_choice`, `output_schema`. Media are rejected.
//! - An **answer** has text, reasoning, tool calls, usage and a finish reason, whole or streamed.
//! - A **failure** is what rig's providers make of one: a status, a body, and the header `retry-after`, in whole seconds, rounded
//!   up. Its code is the [`ErrorKind`](mock_core::ErrorKind)'s name. Time-outs and lost connections are errors of the transport.
//!   rig tries nothing again by itself.

#![expect(clippy::result_large_err, reason = "rig's error is that large")]

mod convert;

use std::ops::Deref;

use futures::{StreamExt as _, stream};
use mock_core::MockProvider;
use rig_core::completion::CompletionRequest;
use rig_core::driver::{DynModel, Exchange, Model, Opened, Opening, Transport};
use rig_core::operation::Completion;
use rig_core::test_utils::{MOCK_MODEL, MockFrame, MockScript};
use rig_core::wire::Mode;

use convert::{to_error, to_frame, to_frames, to_request};

/// A mock that rig takes for a model.
#[derive(Debug, Clone)]
pub struct MockModel(MockProvider);

impl From<MockProvider> for MockModel {
    fn from(mock: MockProvider) -> Self {
        MockModel(mock)
    }
}

impl Deref for MockModel {
    type Target = MockProvider;

    fn deref(&self) -> &MockProvider {
        &self.0
    }
}

impl From<MockModel> for DynModel<Completion> {
    fn from(mock: MockModel) -> Self {
        let scenario = mock.scenario();
        let model = scenario.model.as_deref().unwrap_or(MOCK_MODEL);
        let wire = MockScript::new(scenario.profile.name()).with_id(model);
        Model::new(wire, mock).erase()
    }
}

impl Transport<MockScript> for MockModel {
    fn send(&self, request: CompletionRequest, exchange: Exchange) -> Opening<MockFrame> {
        let mock = self.clone();
        Opening::new(async move {
            let request = to_request(request)?;
            Ok(match exchange.mode {
                Mode::Unary => {
                    let response = mock.answer(request).await.map_err(to_error)?;
                    Opened::new(stream::iter(to_frames(response)))
                }
                Mode::Streaming => {
                    let events = mock.answer_stream(request).await.map_err(to_error)?;
                    let mut calls = Vec::new();
                    Opened::new(events.map(move |event| to_frame(event, &mut calls)))
                }
            })
        })
    }
}
