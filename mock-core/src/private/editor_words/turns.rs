//! Turns.

/// What a turn may begin with.
pub mod beginnings {
    pub use super::actions::*;

    /// What a turn answers to: all of these matchers must hold.
    pub const on: &str = "on(user(\"weather in {city}\")).reply(\"In {city}.\")";
}

/// What may follow in a turn.
pub mod steps {
    pub use super::actions::*;
    pub use super::modifiers::*;
}

/// What a turn answers with.
pub mod actions {
    /// Answers with a text; streamed, word by word.
    pub const reply: &str = "reply(\"It is 18 °C.\")";

    /// Answers with a text, streamed in these pieces.
    pub const stream: &str = "stream([\"It is \", \"18 °C.\"])";

    /// Calls a tool; repeated, parallel calls.
    pub const call: &str = "call(get_weather { city: \"Paris\" })";

    /// Gives the model's reasoning.
    pub const reasoning: &str = "reasoning(\"Let me see.\").reply(\"Yes.\")";

    /// Gives the provider's seal on the reasoning before it.
    pub const signature: &str = "reasoning(\"Let me see.\").signature(\"c2ln\").reply(\"Yes.\")";

    /// Declines, in these words.
    pub const refusal: &str = "refusal(\"I would rather not.\")";

    /// Answers with JSON; its texts are templates.
    pub const json: &str = "json(object { city: \"Paris\" })";

    /// Answers with what the closure says: a `Response`, or a `Result` of one.
    pub const respond_with: &str = "respond_with(|request| Response::from(\"..\"))";

    /// Gives nothing more, ever.
    pub const hang: &str = "hang()";

    /// Waits until the test opens the gate: `mock.gate("ready")`.
    pub const gate: &str = "gate(\"ready\").reply(\"Hi.\")";

    /// Gives what the test says, event by event: `mock.driver("by hand")`.
    pub const driven: &str = "driven(\"by hand\")";

    /// Fails; this stands alone in its turn.
    pub const fail: &str = "fail(rate_limit { retry_after: 2s })";
}

/// How a turn answers.
pub mod modifiers {
    /// How often the turn answers; once by default.
    pub const times: &str = "reply(\"Hi.\").times(1..=3)";

    /// The turn answers once or more, without end.
    pub const forever: &str = "reply(\"Hi.\").forever()";

    /// The time from the answer's beginning to its first event.
    pub const ttft: &str = "reply(\"Hi.\").ttft(300ms)";

    /// The time between one content delta and the next.
    pub const every: &str = "stream([\"Hel\", \"lo\"]).every(20ms)";

    /// How fast the content comes, four characters to a token.
    pub const tokens_per_second: &str = "reply(\"One two.\").tokens_per_second(50)";

    /// What a streamed text comes in; words by default.
    pub const split: &str = "reply(\"One two.\").split(chars(4))";

    /// In how many pieces the arguments of each call come; one by default.
    pub const pieces: &str = "call(get_weather { city: \"Paris\" }).pieces(3)";

    /// The connection is lost after so many content deltas, or a time.
    pub const cut_after: &str = "reply(\"One two.\").cut_after(1)";

    /// The answer ends after so many content deltas, or a time, without its finish event.
    pub const end_after: &str = "reply(\"One two.\").end_after(1)";

    /// Nothing comes any more after so many content deltas, or a time.
    pub const stall_after: &str = "reply(\"One two.\").stall_after(1)";

    /// The provider reports a failure after so many content deltas, or a time.
    pub const error_after: &str = "reply(\"One two.\").error_after(1, overloaded)";

    /// Something comes that cannot be read, after so many content deltas, or a time.
    pub const malformed_after: &str = "reply(\"One two.\").malformed_after(1)";

    /// Why the model stopped; `tool_calls` if the turn calls, else `stop`.
    pub const finish: &str = "reply(\"One two\").finish(length)";

    /// What the answer costs, whatever the key `usage` says.
    pub const usage: &str = "reply(\"Hi.\").usage(11, 7)";

    /// What tests call the turn: `mock.wait_for_turn("first_answer")`.
    pub const named: &str = "reply(\"Hi.\").named(first_answer)";
}

/// What a turn answers to.
pub mod matchers {
    /// The last message, instructions aside, is the user's, and its text contains the pattern.
    pub const user: &str = "on(user(\"weather in {city}\")).reply(\"In {city}.\")";

    /// A message of the user, the last or any before it, contains the pattern.
    pub const said: &str = "on(said(\"hello\")).reply(\"Hi.\")";

    /// The instructions contain the pattern.
    pub const system: &str = "on(system(\"be brief\")).reply(\"Hi.\")";

    /// This model is asked for: the pattern is all of its name.
    pub const model: &str = "on(model(\"gpt-4*\")).reply(\"Hi.\")";

    /// The request has a result of this tool since the last message of the assistant.
    pub const tool_result: &str = "on(tool_result(get_weather)).reply(\"{get_weather.temp} °C.\")";

    /// The request offers this tool.
    pub const has_tool: &str = "on(has_tool(get_weather)).reply(\"Hi.\")";

    /// At least one of these matchers holds.
    pub const any_of: &str = "on(any_of(user(\"hello\"), user(\"hi\"))).reply(\"Hi.\")";

    /// This matcher does not hold; it captures nothing.
    pub const not: &str = "on(not(user(\"hello\"))).reply(\"Hi.\")";

    /// The closure says whether it holds.
    pub const when: &str = "on(when(|request| request.messages.len() > 2)).reply(\"Hi.\")";
}
