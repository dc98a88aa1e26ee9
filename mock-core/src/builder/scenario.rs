//! Scenarios, and the settings that apply to all turns of a scenario.

use std::time::Duration;

use serde_json::Value;

use crate::chat::finish_and_usage::Usage;
use crate::scenario::{
    Allow, Capabilities, Chaos, Count, Delay, Expectation, IntoStr, Latency, Otherwise, Profile,
    Scenario, Setting, Str, Tool, Turn, list_of,
};

/// A scenario with these turns, in order. Its settings are methods of [`Scenario`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::new(script([reply("Hi."), reply("Bye.")]).latency(ms(5)));
///
/// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
/// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Bye.");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn script(turns: impl IntoIterator<Item = Turn>) -> Scenario {
    Scenario::script(turns)
}

impl Scenario {
    /// Sets the name of the mock in reports.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let scenario = script([reply("Hi.")]).named("planner");
    /// assert_eq!(scenario.name.as_deref(), Some("planner"));
    /// ```
    pub fn named(mut self, name: impl IntoStr) -> Self {
        self.name = Some(name.into_str());
        self
    }

    /// Sets the provider that the mock imitates. [`Profile::Plain`] by default.
    ///
    /// ```
    /// use mock_core::{builder::*, scenario::Profile};
    ///
    /// let scenario = script([reply("Hi.")]).profile(Profile::Anthropic);
    /// assert_eq!(scenario.profile.name(), "anthropic");
    /// ```
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the model of the answer to a request that names no model.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let scenario = script([reply("Hi.")]).model("gpt-4o");
    /// assert_eq!(scenario.model.as_deref(), Some("gpt-4o"));
    /// ```
    pub fn model(mut self, model: impl IntoStr) -> Self {
        self.model = Some(model.into_str());
        self
    }

    /// Sets the provider's name. The profile's by default.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let scenario = script([reply("Hi.")]).provider("my-provider");
    /// assert_eq!(scenario.provider.as_deref(), Some("my-provider"));
    /// ```
    pub fn provider(mut self, name: impl IntoStr) -> Self {
        self.provider = Some(name.into_str());
        self
    }

    /// Sets the time before each answer begins: a time, a range of times, or [`growing`]. None by default.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([reply("Hi.")]).latency(ms(80)));
    ///
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(llm.calls()[0].duration(), Some(ms(80)));
    /// # Ok(()) }
    /// ```
    pub fn latency(mut self, latency: impl Into<Latency>) -> Self {
        self.latency = latency.into();
        self
    }

    /// Declares the tools that the script may call. Without it, calls are not checked.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let search = tool("search").arg("query", string());
    /// let scenario = script([call("search", [("query", "rust")])]).tools([search]);
    /// assert!(scenario.check().is_ok());
    /// ```
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.tools = list_of(tools);
        self
    }

    /// Sets the models of the mock. A request for another model fails with [`NotFound`](crate::ErrorKind::NotFound) and consumes no turn. By
    /// default, the mock has every model.
    ///
    /// ```
    /// use mock_core::{ErrorKind, MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mock = MockProvider::new(script([reply("Hi.")]).models(["gpt-4o", "gpt-4o-mini"]));
    ///
    /// let error = mock.answer(Request::new("gpt-5").user("hello")).await.unwrap_err();
    /// assert_eq!(error.kind, ErrorKind::NotFound);
    /// assert!(mock.answer(Request::new("gpt-4o").user("hello")).await.is_ok());
    /// # }
    /// ```
    pub fn models(mut self, models: impl IntoIterator<Item = impl IntoStr>) -> Self {
        self.models = Some(list_of(models.into_iter().map(IntoStr::into_str)));
        self
    }

    /// Sets what requests may ask for. A request for anything else fails with [`Unsupported`](crate::ErrorKind::Unsupported). All by
    /// default.
    ///
    /// ```
    /// use mock_core::{Capabilities, ErrorKind, MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let scenario = script([reply("Hi.").times(0..)]).capabilities(Capabilities::NONE.with_tools());
    /// let llm = MockProvider::new(scenario);
    ///
    /// let error = llm.answer_stream(Request::new("gpt-4o")).await.err().unwrap();
    /// assert_eq!(error.kind, ErrorKind::Unsupported);
    /// # Ok(()) }
    /// ```
    pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// Sets answers for requests that the script does not answer: the first of these turns that matches, any number of times.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let rules = [on(user("ping")).reply("pong")];
    /// let llm = MockProvider::new(script([on(user("hello")).reply("Hi.")]).rules(rules));
    ///
    /// let ask = |text: &str| llm.answer(Request::new("gpt-4o").user(text));
    /// assert_eq!(ask("ping").await?.text(), "pong");
    /// assert_eq!(ask("hello").await?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    pub fn rules(mut self, rules: impl IntoIterator<Item = Turn>) -> Self {
        self.rules = list_of(rules.into_iter().map(always));
        self
    }

    /// Sets the answer for requests that neither the script nor a rule answers: a turn, [`repeat_last`] or [`cycle`]. Without it, such a
    /// request is a mismatch.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([]).otherwise(reply("I do not know.")));
    ///
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "I do not know.");
    /// # Ok(()) }
    /// ```
    pub fn otherwise(mut self, otherwise: impl Into<Otherwise>) -> Self {
        self.otherwise = otherwise.into();
        self
    }

    /// Sets the usage of each answer, or `None` for a provider that does not report it. Without it, the usage is estimated.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, Usage, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([reply("Hi.")]).usage(Usage::new(11, 7)));
    ///
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.usage, Some(Usage::new(11, 7)));
    /// # Ok(()) }
    /// ```
    pub fn usage(mut self, usage: impl Into<Setting<Usage>>) -> Self {
        self.usage = usage.into();
        self
    }

    /// Adds further data to each answer: [`Response::metadata`](crate::Response::metadata). A text in `model` sets the model that answers,
    /// [`Response::model`](crate::Response::model).
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([reply("Hi.")]).metadata(serde_json::json!({"region": "eu"})));
    ///
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.metadata["region"], "eu");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the value is not a JSON object.
    #[track_caller]
    #[inline]
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata_text(&metadata));
        self
    }

    /// Turns checks off. All checks are on by default.
    ///
    /// ```
    /// use mock_core::{Allow, MockProvider, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let scenario = script([reply("Hi.")]).allow(Allow::NONE.with_unused_turns());
    ///
    /// let llm = MockProvider::new(scenario);
    /// assert!(llm.verify().is_ok());
    /// # Ok(()) }
    /// ```
    pub fn allow(mut self, allow: Allow) -> Self {
        self.allow = allow;
        self
    }

    /// Sets what is expected of all calls of the mock, beside its script. When the mock is verified, each expectation that is not met has
    /// its line in the report. The module [`expect`](crate::builder::expect) has the functions.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let scenario = script([reply("Hi.").times(0..)]).expect([expect::calls(2), expect::sent(system("terse"))]);
    ///
    /// let llm = MockProvider::new(scenario);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    /// let report = llm.verify().unwrap_err();
    /// assert!(report.to_string().contains("`calls(2)` was not met"));
    /// # Ok(()) }
    /// ```
    pub fn expect(mut self, expected: impl IntoIterator<Item = Expectation>) -> Self {
        self.expect = list_of(expected);
        self
    }

    /// Sets the number of calls that the mock gets at most. Further requests fail with [`Unscripted`](crate::ErrorKind::Unscripted), are not
    /// in the journal, and fail the test. By default any number of calls is answered, until the requests have 2,000,000 messages in
    /// total.
    ///
    /// ```
    /// use mock_core::{ErrorKind, MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([]).otherwise(reply("Go on.")).max_calls(2));
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// llm.answer(Request::new("gpt-4o")).await?;
    ///
    /// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.kind, ErrorKind::Unscripted);
    /// let report = llm.verify().unwrap_err();
    /// assert!(report.headline().contains("more than 2 calls, 2 of them answered by `otherwise`"));
    /// # Ok(()) }
    /// ```
    pub fn max_calls(mut self, max: u32) -> Self {
        self.max_calls = Some(max);
        self
    }

    /// Sets the random faults of this mock, in place of those of the test; none if the list is empty. Only a test with `seeds`
    /// draws them, and a mock with `chaos` in another test is rejected. The module [`chaos`](crate::builder::chaos) has the functions.
    ///
    /// ```
    /// use mock_core::{ErrorKind, MockProvider, ProviderError, Request, builder::*, provider_test};
    ///
    /// #[provider_test(seeds = 0..20)]
    /// async fn the_backup_answers() -> Result<(), ProviderError> {
    ///     let faults = [chaos::fail(ErrorKind::Overloaded, 0.5)];
    ///     let primary = MockProvider::new(script([reply("Hi.")]).chaos(faults));
    ///     let backup = MockProvider::script([reply("Hello.").times(0..)]);
    ///
    ///     let request = Request::new("gpt-4o").user("hello");
    ///     if primary.answer(request.clone()).await.is_err() {
    ///         backup.answer(request).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn chaos(mut self, faults: impl IntoIterator<Item = Chaos>) -> Self {
        self.chaos = Some(list_of(faults));
        self
    }

    /// Sets the random seed. By default it is the seed of the test.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let scenario = script([reply("Hi.")]).latency(ms(80)..ms(120)).seed(7);
    /// assert_eq!(scenario.seed, Some(7));
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

#[track_caller]
#[inline]
pub(crate) fn metadata_text(metadata: &Value) -> Str {
    assert!(
        metadata.is_object(),
        "metadata is not a JSON object: {metadata}: write `json!({{\"name\": \"value\"}})`"
    );
    metadata.to_string().into()
}

/// The turn, as often as it is asked, and not at all if it is not. One that says otherwise stays, and is rejected.
fn always(turn: Turn) -> Turn {
    match turn.count {
        Count::ONCE => turn.times(0..),
        _ => turn,
    }
}

impl From<Turn> for Otherwise {
    fn from(turn: Turn) -> Self {
        Otherwise::Turn(always(turn))
    }
}

/// At the end of the script, its last turn continues to answer. For [`Scenario::otherwise`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::new(script([reply("Tick."), reply("Tock.")]).otherwise(repeat_last()));
///
/// for text in ["Tick.", "Tock.", "Tock."] {
///     assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), text);
/// }
/// # Ok(()) }
/// ```
pub const fn repeat_last() -> Otherwise {
    Otherwise::RepeatLast
}

/// At the end of the script, it starts again. For [`Scenario::otherwise`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::new(script([reply("Tick."), reply("Tock.")]).otherwise(cycle()));
///
/// for text in ["Tick.", "Tock.", "Tick."] {
///     assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), text);
/// }
/// # Ok(()) }
/// ```
pub const fn cycle() -> Otherwise {
    Otherwise::Cycle
}

/// A latency that grows by the factor `by` with each call: `growing(ms(100), 0.10)` is 100 ms, 110 ms, 120 ms, …
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let turns = [reply("Hi.").times(2)];
/// let llm = MockProvider::new(script(turns).latency(growing(ms(100), 0.10)));
///
/// llm.answer(Request::new("gpt-4o")).await?;
/// llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(llm.calls()[1].duration(), Some(ms(110)));
/// # Ok(()) }
/// ```
pub const fn growing(first: Duration, by: f64) -> Latency {
    Latency::new(Delay::Growing(first, by))
}
