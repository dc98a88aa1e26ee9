//! Assertions on what was asked. Each panics at the caller's line, with what was expected and what came.

use std::slice;

use crate::chat::conversation::ToolNames;
use crate::chat::message::Message;
use crate::chat::message_difference::{difference, first_difference};
use crate::chat::request::{Request, ToolDefinition};
use crate::engine::expectations::{holds, shortfall};
use crate::engine::waited_retry_after::too_early;
use crate::journal::calls::{Call, Calls};
use crate::mock::MockProvider;
use crate::report;
use crate::scenario::{Expectation, Expected, Matcher};
use crate::transcript::{Ids, line, lines};

impl MockProvider {
    /// Asserts that the caller honoured each `retry_after`: the time from the end of the failed call to the start of the next call was at
    /// least that long. If several tasks call the mock, the next call may come from another task.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([fail(rate_limit().retry_after(secs(2))), reply("Hi.")]);
    ///
    /// let error = mock.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// tokio::time::sleep(error.retry_after.unwrap()).await;
    /// mock.answer(Request::new("gpt-4o")).await?;
    /// mock.assert_waited_retry_after();
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a call came too early, or if no failure had a `retry_after`.
    #[track_caller]
    pub fn assert_waited_retry_after(&self) {
        let calls = self.calls();
        if let Some(shortfall) = too_early(&calls) {
            let label = self.engine().label();
            panic!("{}", report::not_waited(label, &shortfall, &calls));
        }
    }
}

impl Calls {
    /// Asserts that these calls meet an expectation. The module [`expect`](crate::builder::expect) has them.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").system("Be terse.").user("hello")).await?;
    ///
    /// llm.calls().assert(expect::sent(system("terse")));
    /// llm.calls().assert(expect::tokens(..=100));
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If they do not meet it. [`prompt_prefix_stable`](crate::builder::expect::prompt_prefix_stable) works only as an expectation of the
    /// scenario, because a server keeps the bodies of requests only if the scenario has it.
    #[track_caller]
    pub fn assert(&self, expectation: Expectation) {
        assert!(
            !matches!(expectation.kind, Expected::PromptPrefixStable),
            "{}",
            report::NOT_AFTERWARDS
        );
        if let Some(shortfall) = shortfall(&expectation, self) {
            panic!("{}", report::unmet(&expectation, &shortfall, self));
        }
    }
}

impl Call {
    /// Asserts that a matcher holds for the request of this call.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("What is the weather in Paris?")).await?;
    ///
    /// llm.calls()[0].assert_sent(user("weather in {city}"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the matcher does not hold. The message shows the difference.
    #[track_caller]
    pub fn assert_sent(&self, matcher: Matcher) {
        if !matches!(holds(&matcher, self), Ok(true)) {
            panic!("{}", report::not_sent(&matcher, self));
        }
    }
}

impl Request {
    /// Asserts that these are all messages of the conversation, in this order.
    ///
    /// It compares roles, names, and all parts, one by one: texts, tool calls, results, images, reasoning. The arguments of calls and the
    /// texts of results are compared as JSON, and as text if one of the two is not JSON. Ids only have to pair calls and results in the
    /// same way. A signature is compared if the expected reasoning has one. Fields that only the provider has
    /// ([`Part::Extra`](crate::Part::Extra) and the `extra` of messages and calls) are not compared.
    ///
    /// ```
    /// use mock_core::{Message, Request, ToolCall};
    ///
    /// let request = Request::new("gpt-4o")
    ///     .user("What is the weather in Paris?")
    ///     .with_message(Message::assistant("").with_tool_calls([ToolCall::new("call_1_1", "get_weather", r#"{"city":"Paris"}"#)]))
    ///     .with_message(Message::tool("call_1_1", "18"));
    ///
    /// request.assert_conversation(&[
    ///     Message::user("What is the weather in Paris?"),
    ///     Message::assistant("").with_tool_calls([ToolCall::new("1", "get_weather", r#"{ "city": "Paris" }"#)]),
    ///     Message::tool("1", "18"),
    /// ]);
    /// ```
    ///
    /// # Panics
    /// If the conversation is a different one. The message shows the first difference.
    #[track_caller]
    pub fn assert_conversation(&self, expected: &[Message]) {
        if let Some((at, difference)) = first_difference(expected, &self.messages) {
            let expected = lines(expected, &mut Ids::numbered());
            let messages = lines(&self.messages, &mut Ids::numbered());
            panic!(
                "{}",
                report::other_conversation(&expected, &messages, at, &difference)
            );
        }
    }

    /// Asserts that this message is in the conversation. It is compared as [`assert_conversation`](Request::assert_conversation) does,
    /// without ids. If a result names its tool, as [`Message::tool_named`] does, the tool is compared, too.
    ///
    /// ```
    /// use mock_core::{Message, Request};
    ///
    /// let request = Request::new("gpt-4o").system("Be brief.").user("Hello");
    /// request.assert_message(&Message::system("Be brief."));
    /// ```
    ///
    /// # Panics
    /// If there is no such message. The panic shows the nearest message of the same role; for a result, the nearest result of the same
    /// tool.
    #[track_caller]
    pub fn assert_message(&self, expected: &Message) {
        let tools = ToolNames::new(&self.messages);
        let of_expected = ToolNames::new(slice::from_ref(expected));
        let mut tool = None;
        for result in expected.tool_results() {
            tool = tool.or(of_expected.tool_of(result));
        }
        let write = |message, tools| line(message, tool.map(|_| tools), &mut Ids::left_out());
        let mut messages = Vec::new();
        for message in &self.messages {
            let Some(difference) = difference(expected, message, &tools) else {
                return;
            };
            messages.push(report::OtherMessage {
                line: write(message, &tools),
                difference,
                is_of_tool: tool.is_some_and(|tool| tools.has_result_of(tool, message)),
            });
        }
        let wanted = write(expected, &of_expected);
        panic!("{}", report::no_message(&wanted, &messages));
    }

    /// Asserts that the request offers these tools and no others, in this order, with the same schemas: in a schema, the order of
    /// `required` does not count, and an empty list is the same as none. Descriptions are compared where the expected one is not empty.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let search = tool("search").arg("query", string());
    /// let llm = MockProvider::new(script([reply("Hi.")]).tools([search]));
    /// llm.answer(Request::new("gpt-4o").with_tools(llm.tool_definitions())).await?;
    ///
    /// llm.calls()[0].request().assert_tools(&llm.tool_definitions());
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the tools differ. The message shows how.
    #[track_caller]
    #[inline]
    pub fn assert_tools(&self, expected: &[ToolDefinition]) {
        if let Some(problem) = report::other_tools(expected, &self.tools) {
            panic!("{problem}");
        }
    }
}
