//! Several tool calls in one answer: each has an index, an id and arguments of its own.

use futures::TryStreamExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, ProviderError, StreamEvent, provider_test};

use crate::helpers::{ask, streamed};

#[provider_test]
async fn s28_parallel_calls_have_an_index_and_an_id_each(
    #[mock(call(get_time { zone: "UTC" }).call(get_weather))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let events: Vec<_> = llm.answer_stream(ask("hello")).await?.try_collect().await?;
    let starts: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            StreamEvent::ToolCallStart {
                index, id, name, ..
            } => Some((*index, &**id, &**name)),
            _ => None,
        })
        .collect();
    let [(0, one, "get_time"), (1, other, "get_weather")] = starts[..] else {
        panic!("{starts:?}");
    };
    assert_ne!(one, other);
    Ok(())
}

#[provider_test]
async fn each_of_parallel_calls_comes_in_pieces_of_its_own() {
    let turn = call("f", [("a", 1)]).call("g", [("b", 2)]).pieces(2);
    let llm = MockProvider::script([turn]);
    let (answer, events) = streamed(&llm, "hello").await;
    let names: Vec<_> = events.iter().map(StreamEvent::name).collect();
    let arguments = "tool call arguments";
    assert_eq!(
        names,
        [
            "tool call",
            arguments,
            arguments,
            "tool call",
            arguments,
            arguments,
            "finish"
        ]
    );
    let calls: Vec<_> = answer.tool_calls().map(|call| &*call.arguments).collect();
    assert_eq!(calls, [r#"{"a":1}"#, r#"{"b":2}"#]);
}
