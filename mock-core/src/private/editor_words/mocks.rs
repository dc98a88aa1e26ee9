//! Keys, and options of tests.

/// Keys of a mock.
pub mod keys {
    /// Checks that are turned off; none by default.
    pub const allow: &str = "allow = [unused_turns]";

    /// What may be asked; what is left out is refused with `unsupported`. All by default.
    pub const capabilities: &str = "capabilities = [streaming, tools]";

    /// The time before an answer begins: a time, a range of times, or `growing(100ms, 0.10)`. None by default.
    pub const latency: &str = "latency = 80ms..120ms";

    /// What comes with each answer besides; its texts are no templates.
    pub const metadata: &str = "metadata = object { request_id: \"abc\" }";

    /// The provider's name; that of the profile by default.
    pub const name: &str = "name = \"my-provider\"";

    /// What answers where neither script nor rules do: an action, `repeat_last` or `cycle`. A mismatch by default.
    pub const otherwise: &str = "otherwise = reply(\"..\")";

    /// What answers where the script does not; the first rule that holds, as often as it is asked.
    pub const rules: &str = "rules = match request { user(\"hi\") => reply(\"ho\") }";

    /// The turns, in their order.
    pub const script: &str = "script = [on(user(\"hi\")).reply(\"ho\")]";

    /// Where chance begins; the test's own seed by default.
    pub const seed: &str = "seed = 7";

    /// The tools that may be called; each call is checked against them. Without it, calls are free of form.
    pub const tools: &str = "tools = [get_weather { city: string }]";

    /// What each answer costs, in tokens of the request and of the answer; estimated by default.
    pub const usage: &str = "usage = usage(11, 7)";

    /// The visibility of a named mock; `pub(crate)` by default.
    pub const vis: &str = "vis = pub";
}

/// Profiles.
pub mod profiles {
    /// No provider in particular.
    pub const plain: &str = "Weather = plain(\"any-model\")";

    /// Chat completions of OpenAI.
    pub const openai: &str = "Weather = openai(\"gpt-4o\")";

    /// Responses of OpenAI.
    pub const openai_responses: &str = "Weather = openai_responses(\"gpt-4.1\")";

    /// Messages of Anthropic.
    pub const anthropic: &str = "Weather = anthropic(\"claude-sonnet-4-5\")";

    /// Gemini, of Google.
    pub const gemini: &str = "Weather = gemini(\"gemini-2.5-pro\")";

    /// Ollama.
    pub const ollama: &str = "Weather = ollama(\"llama3.2\")";
}

/// Options of `#[provider_test(..)]`.
pub mod options {
    /// Which clock the test runs on: `"paused"`, the default, or `"real"`.
    pub const clock: &str = "clock = \"real\"";

    /// Which runtime of tokio the test runs on: `"current_thread"`, the default, or `"multi_thread"`.
    pub const flavor: &str = "flavor = \"multi_thread\"";

    /// How long the paused clock waits in real time for I/O with other threads and processes: a time, one second by default; `wait` for as
    /// long as it takes; `ignore` for not at all.
    pub const foreign: &str = "foreign = 10s";

    /// How long, by the clock on the wall, a test may hang before it fails; 30 seconds by default, `0s` is never.
    pub const guard: &str = "guard = 30s";

    /// What a panic in a task, in the test's own file, does to the test: `"fail"`, the default, or `"ignore"`.
    pub const task_panics: &str = "task_panics = \"ignore\"";

    /// How long, by the test's own clock, a test may take before it fails; for ever by default.
    pub const timeout: &str = "timeout = 5s";

    /// How many worker threads a runtime of many has; one by default.
    pub const worker_threads: &str = "worker_threads = 2";
}
