//! What stands in keys and turns.

/// What `latency` may be besides times.
pub mod latencies {
    /// Longer with each call: 100 ms, 110 ms, 120 ms.
    pub const growing: &str = "latency = growing(100ms, 0.10)";

    /// A call that would take longer fails with `timeout` at once.
    pub const timeout_over: &str = "latency = (80ms..120ms).timeout_over(100ms)";
}

/// What `usage` may be.
pub mod usages {
    /// Four characters to a token.
    pub const estimate: &str = "usage = estimate";

    /// The tokens of the request and of the answer.
    pub const usage: &str = "usage = usage(11, 7)";
}

/// What may be asked.
pub mod capabilities {
    /// Answers may be streamed.
    pub const streaming: &str = "capabilities = [streaming]";

    /// Requests may offer tools.
    pub const tools: &str = "capabilities = [tools]";
}

/// What `allow` may hold.
pub mod allowances {
    /// Turns may be left over at the end.
    pub const unused_turns: &str = "allow = [unused_turns]";

    /// A turn may call a tool that the request does not offer.
    pub const unoffered_tools: &str = "allow = [unoffered_tools]";

    /// Requests are answered in which a tool call has no result, or a result has no call.
    pub const broken_conversations: &str = "allow = [broken_conversations]";
}

/// What `otherwise` may be.
pub mod otherwise {
    pub use super::super::actions::*;

    /// At the script's end it begins anew.
    pub const cycle: &str = "otherwise = cycle";

    /// At the script's end its last turn goes on.
    pub const repeat_last: &str = "otherwise = repeat_last";
}

/// Kinds of failure.
pub mod kinds {
    /// The answer took too long.
    pub const timeout: &str = "fail(timeout)";

    /// Too many requests; it may say `retry_after`.
    pub const rate_limit: &str = "fail(rate_limit)";

    /// The key is not valid.
    pub const auth: &str = "fail(auth)";

    /// The connection was lost, or never made.
    pub const connection: &str = "fail(connection)";

    /// What came could not be read.
    pub const invalid_response: &str = "fail(invalid_response)";

    /// Some other failure.
    pub const generic: &str = "fail(generic)";

    /// The provider is overloaded; it may say `retry_after`.
    pub const overloaded: &str = "fail(overloaded)";

    /// The provider failed; it may say `retry_after`.
    pub const server_error: &str = "fail(server_error)";

    /// The request is not valid.
    pub const bad_request: &str = "fail(bad_request)";

    /// The request is longer than the model can read.
    pub const context_length: &str = "fail(context_length)";

    /// The provider refused the content.
    pub const content_filter: &str = "fail(content_filter)";

    /// The key may not do this.
    pub const permission: &str = "fail(permission)";

    /// There is no such model.
    pub const not_found: &str = "fail(not_found)";

    /// The account has nothing left.
    pub const quota: &str = "fail(quota)";
}

/// Fields of a failure.
pub mod fields {
    /// The text of the failure, a template; that of its kind by default.
    pub const message: &str = "fail(overloaded { message: \"too busy\" })";

    /// How long to wait before the next try.
    pub const retry_after: &str = "fail(rate_limit { retry_after: 2s })";

    /// The HTTP status; that of its kind by default.
    pub const status: &str = "fail(server_error { status: 502 })";

    /// Headers sent over the wire, instead of the provider's of the same names.
    pub const headers: &str = "fail(server_error { headers: [(\"server\", \"gateway\")] })";

    /// The body sent over the wire as it is, instead of the provider's.
    pub const body: &str = "fail(server_error { body: \"<h1>Bad Gateway</h1>\" })";
}

/// What may stand in `error_after(..)`.
pub mod faults {
    pub use super::kinds::*;
    pub use super::places::*;
}

/// Where a fault may be, besides numbers and times.
pub mod places {
    /// After the content, and before the end.
    pub const all: &str = "reply(\"One two.\").cut_after(all)";
}

/// Types of tools' arguments and results.
pub mod types {
    /// A text.
    pub struct string;

    /// A whole number.
    pub struct integer;

    /// A number.
    pub struct number;

    /// `true` or `false`.
    pub struct boolean;

    /// Anything.
    pub struct json;

    /// `list(string)`: a list, all of one type.
    pub struct list<T = ()>(pub T);

    /// `optional(string)`: it may be left out, or be `null`.
    pub struct optional<T = ()>(pub T);

    /// `one_of("a", "b")`: one of these texts.
    pub struct one_of;

    /// `object { name: string }`: fields, each of its type.
    pub struct object;
}

/// What may follow a tool, or the type of an argument.
pub mod links {
    /// The name on the wire, where Rust cannot spell it.
    pub const named: &str =
        "tools = [get_weather { city: string.named(\"the-city\") }.named(\"get-weather\")]";

    /// Arguments that are this text, JSON or not.
    pub const raw: &str = "script = [call(get_weather.raw(\"{\\\"city\\\": \\\"Par\"))]";

    /// What the results of a tool hold.
    pub const returns: &str = "tools = [get_weather.returns(object { temp: number })]";
}

/// What a streamed text comes in.
pub mod splits {
    /// Words, each with the white space after it.
    pub const words: &str = "reply(\"One two.\").split(words)";

    /// So many characters.
    pub const chars: &str = "reply(\"One two.\").split(chars(4))";

    /// A random number of characters, from the test's seed.
    pub const random: &str = "reply(\"One two.\").split(random(1..=12))";

    /// One piece.
    pub const whole: &str = "reply(\"One two.\").split(whole)";
}

/// Why a model stops.
pub mod finishes {
    /// The answer was complete.
    pub const stop: &str = "reply(\"Hi.\").finish(stop)";

    /// There was no more room.
    pub const length: &str = "reply(\"One two\").finish(length)";

    /// The model calls tools.
    pub const tool_calls: &str = "reply(\"Let me look.\").finish(tool_calls)";

    /// The provider refused the content.
    pub const content_filter: &str = "reply(\"I\").finish(content_filter)";

    /// A reason in the provider's own word.
    pub const other: &str = "reply(\"Hi.\").finish(other(\"pause_turn\"))";
}

/// What may stand in place of a text.
pub mod texts {
    /// A regular expression in place of a pattern; its named groups are captures.
    pub const regex: &str = "on(user(regex(r\"in (?<city>\\w+)\"))).reply(\"In {city}.\")";

    /// A text that is no template.
    pub const verbatim: &str = "reply(verbatim(\"{\\\"as\\\": \\\"it is\\\"}\"))";
}

/// What every template knows.
pub mod variables {
    /// The text of the user's last message.
    pub const user: &str = "reply(\"You said: {user}\")";

    /// The model asked for.
    pub const model: &str = "reply(\"I am {model}.\")";

    /// The number of the call, from 1.
    pub const call: &str = "reply(\"Call {call}.\")";
}
