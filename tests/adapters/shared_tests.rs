//! The same tests for every shape of trait: what a caller sees must be the same through each.

use std::time::Duration;

use crate::convert::MockLlm;
use crate::types::{Call, Chunk, End, LlmError, Prompt, Reply};

/// A shape of provider trait, driven as its callers drive it.
pub(crate) trait Shape {
    /// Asks for a whole answer.
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError>;

    /// Asks for a streamed answer. What came before an error is in `heard`.
    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError>;
}

pub(crate) fn prompt() -> Prompt {
    Prompt {
        model: "gpt-4o".to_owned(),
        text: "What is the weather in Paris?".to_owned(),
        top_k: 40,
    }
}

pub(crate) fn end(reason: &str, tokens: (u64, u64)) -> End {
    let reason = reason.to_owned();
    End { reason, tokens }
}

pub(crate) fn text(text: &str) -> Chunk {
    Chunk::Text(text.to_owned())
}

pub(crate) async fn whole_text<S: Shape>(llm: MockLlm) {
    let reply = S::ask(llm.clone(), prompt()).await;

    let expected = Reply {
        text: "It is fine.".to_owned(),
        calls: Vec::new(),
        end: Some(end("stop", (7, 2))),
    };
    assert_eq!(reply, Ok(expected));
    assert_eq!(llm.calls()[0].request().extra["top_k"], 40);
}

pub(crate) async fn streamed_text<S: Shape>(llm: MockLlm) {
    let mut heard = Vec::new();
    let outcome = S::listen(llm, prompt(), &mut heard).await;

    assert_eq!(outcome, Ok(()));
    let end = Chunk::End(end("stop", (7, 2)));
    assert_eq!(heard, [text("It is "), text("fine."), end]);
}

pub(crate) async fn whole_tool_call<S: Shape>(llm: MockLlm) {
    let reply = S::ask(llm, prompt()).await.expect("an answer");

    let call = Call {
        id: "call_1_1".to_owned(),
        tool: "get_weather".to_owned(),
        arguments: r#"{"city":"Paris"}"#.to_owned(),
    };
    assert_eq!(reply.calls, [call]);
    assert_eq!(reply.end, Some(end("tool_calls", (7, 0))));
}

pub(crate) async fn streamed_tool_call<S: Shape>(llm: MockLlm) {
    let mut heard = Vec::new();
    let outcome = S::listen(llm, prompt(), &mut heard).await;

    assert_eq!(outcome, Ok(()));
    let call = Chunk::Call {
        id: "call_1_1".to_owned(),
        tool: "get_weather".to_owned(),
    };
    let arguments = Chunk::Arguments(r#"{"city":"Paris"}"#.to_owned());
    let end = Chunk::End(end("tool_calls", (7, 0)));
    assert_eq!(heard, [call, arguments, end]);
}

pub(crate) async fn rate_limit<S: Shape>(llm: MockLlm) {
    let busy = || LlmError::Busy {
        retry_after: Some(Duration::from_secs(2)),
    };
    let mut heard = Vec::new();

    assert_eq!(S::ask(llm.clone(), prompt()).await, Err(busy()));
    let streamed = S::listen(llm, prompt(), &mut heard).await;
    assert_eq!((streamed, heard), (Err(busy()), Vec::new()));
}

pub(crate) async fn cut_in_the_middle<S: Shape>(llm: MockLlm) {
    let mut heard = Vec::new();
    let outcome = S::listen(llm, prompt(), &mut heard).await;

    let lost = "the connection was lost after 1 delta".to_owned();
    assert_eq!(outcome, Err(LlmError::Broken(lost)));
    assert_eq!(heard, [text("It is ")]);
}

pub(crate) async fn inexpressible_event<S: Shape>(llm: MockLlm) {
    let mut heard = Vec::new();
    let outcome = S::listen(llm, prompt(), &mut heard).await;

    let problem = "no chunk for reasoning".to_owned();
    assert_eq!(outcome, Err(LlmError::Broken(problem)));
}

/// These tests, for one shape.
macro_rules! shared_tests {
    ($shape:ty) => {
        mod with_mocks {
            use mock_core::provider_test;

            use super::*;
            use $crate::convert::MockLlm;
            use $crate::shared_tests;

            #[provider_test]
            async fn whole_text(#[mock(reply("It is fine."))] llm: MockLlm) {
                shared_tests::whole_text::<$shape>(llm).await;
            }

            #[provider_test]
            async fn streamed_text(#[mock(stream(["It is ", "fine."]))] llm: MockLlm) {
                shared_tests::streamed_text::<$shape>(llm).await;
            }

            #[provider_test]
            async fn whole_tool_call(#[mock(call(get_weather { city: "Paris" }))] llm: MockLlm) {
                shared_tests::whole_tool_call::<$shape>(llm).await;
            }

            #[provider_test]
            async fn streamed_tool_call(#[mock(call(get_weather { city: "Paris" }))] llm: MockLlm) {
                shared_tests::streamed_tool_call::<$shape>(llm).await;
            }

            #[provider_test]
            async fn rate_limit(
                #[mock(fail(rate_limit { retry_after: 2s }).times(2))] llm: MockLlm,
            ) {
                shared_tests::rate_limit::<$shape>(llm).await;
            }

            #[provider_test]
            async fn cut_in_the_middle(
                #[mock(stream(["It is ", "fine."]).cut_after(1))] llm: MockLlm,
            ) {
                shared_tests::cut_in_the_middle::<$shape>(llm).await;
            }

            #[provider_test]
            async fn inexpressible_event(#[mock(reasoning("Hm.").reply("Yes."))] llm: MockLlm) {
                shared_tests::inexpressible_event::<$shape>(llm).await;
            }
        }
    };
}
pub(crate) use shared_tests;
