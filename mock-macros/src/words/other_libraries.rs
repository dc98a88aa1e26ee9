//! Words of other libraries, and what to write for them here.

use proc_macro2::Ident;
use syn::Expr;

use super::{SyntaxKind, TYPES};
use crate::syntax::path_word;

/// The help for a key of other libraries.
pub(crate) fn foreign_key(key: &str) -> Option<&'static str> {
    Some(match key {
        "delay" => {
            "write `latency = 120ms` for the time before an answer, or `.every(20ms)` after a stream for the time between its chunks"
        }
        "timeout" => {
            "write `latency = (80ms..120ms).timeout_over(150ms)`, or `fail(timeout)` for a turn"
        }
        "profile" | "provider" => {
            "the profile comes first, without a key: `openai(\"gpt-4o\")`, or `Name = openai(\"gpt-4o\")`"
        }
        "model" => "the model goes in the profile: `openai(\"gpt-4o\")`",
        "answer" | "answers" | "mocks" | "replies" | "responses" | "steps" | "stubs" | "turns" => {
            "write `script = [..]`"
        }
        "strict" => "remove it: a test fails if a request does not match, or if a turn is unused",
        "visibility" => "write `vis = pub`",
        "default" | "fallback" => "write `otherwise = reply(\"..\")`",
        "allow_unused" | "optional" => "write `allow = [unused_turns]`",
        "error" | "errors" | "failure" | "failures" => "write `script = [fail(server_error)]`",
        "times" => "write `script = [reply(\"..\").times(2)]`, or `expect = [calls(2)]`",
        _ => return None,
    })
}

/// The help for a step of a turn in other libraries.
pub(crate) fn foreign_step(step: &str) -> Option<&'static str> {
    Some(match step {
        "delay" | "latency" | "after" | "set_delay" | "with_delay" => {
            "write `.ttft(300ms)` for the time before the first event, or `.every(20ms)` for the time between chunks"
        }
        "answer" | "content" | "message" | "Ok" | "Some" | "respond" | "return_const"
        | "return_once" | "return_value" | "returning" | "returns" | "text" | "will_return" => {
            "write `reply(\"..\")`"
        }
        "body" | "set_body" | "set_body_string" | "set_body_raw" => {
            "write `reply(\"..\")` for the text of an answer, or `raw(\"..\")` for a whole body"
        }
        "json_body" | "set_body_json" => "write `json(object { city: \"Paris\" })`",
        "given" | "with" | "withf" | "and" | "expect_call" | "matching" => {
            "matchers go in `on(..)`, where the turn begins: `on(user(\"hi\")).reply(\"ho\")`"
        }
        "expect" => "write `.times(2)`, or the key `expect = [calls(2)]`",
        "header" | "insert_header" | "append_header" | "set_header" => {
            "write `.headers([(\"x-request-id\", \"r1\")])`"
        }
        "in_sequence" => "remove it: turns answer in their order",
        "Err" | "error" | "panic" | "raise" | "throw" => "write `fail(server_error)`",
        "case" | "switch" => "write `rules = match request { user(\"hi\") => reply(\"ho\") }`",
        "sleep" | "wait" => "write `pause(2s)`",
        "side_effect" => "write a turn for each call, or `respond_with(|request| ..)`",
        "function_call" | "tool" | "tool_call" | "tool_calls" | "tool_use" => {
            "write `call(get_weather { city: \"Paris\" })`"
        }
        "embedding" | "embeddings" | "vector" => {
            "write `embed([0.5, -0.25, 1.0])`, or `embed()` for a vector made from the text"
        }
        "chunks" => "write `stream([\"Hel\", \"lo\"])`",
        "name" => "write `.named(first_answer)`",
        "stop_reason" => "write `.finish(length)`",
        "once" => "remove it: a turn answers once",
        "never" => "remove the turn, or write `.times(0..)` to make it optional",
        "repeat" | "up_to_n_times" | "exactly" | "n_times" => "write `.times(3)`",
        "at_least" => "write `.times(2..)`",
        "at_most" => "write `.times(0..=2)`",
        "twice" => "write `.times(2)`",
        "always" => "write `.forever()`",
        "optional" => "write `.times(0..=1)`",
        "disconnect_after" => "write `.cut_after(1)`",
        _ => return None,
    })
}

/// The help for a matcher of other libraries.
pub(crate) fn foreign_matcher(matcher: &str) -> Option<&'static str> {
    Some(match matcher {
        "any" | "or" | "either" | "one_of" => "write `any_of(..)`",
        "all" | "and" | "both" => "write `all_of(..)`",
        "text" | "contains" | "prompt" | "content" => "write `user(\"..\")`",
        "assistant" | "message" | "messages" | "history" | "predicate" | "function"
        | "body_json" | "body_partial_json" | "json_body" => {
            "write `when(|request| ..)`, or a guard in `rules`"
        }
        "body" | "body_contains" | "body_string" | "body_string_contains" | "body_includes" => {
            "write `user(\"..\")` for what the user says last, or `when(|request| ..)`"
        }
        "eq" | "equals" | "exact" | "exactly" => {
            "write `user(\"..\")`, which looks for a part of the text, or `when(|request| ..)`"
        }
        "user_message" | "last_user_message" | "last_message" => {
            "write `user(\"..\")` for what the user says last, or `any_user_message(\"..\")`"
        }
        "method" => "write `path(\"POST /v1/..\")`",
        "header_exists" => "write `header(\"x-session\", \"*\")`",
        "bearer_token" => "write `header(\"authorization\", \"Bearer ..\")`",
        "regex" => "write it in place of a text, as in `user(regex(r\"..\"))`",
        _ => return None,
    })
}

/// The profile of a provider that is called by another name.
pub(crate) fn foreign_profile(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "chat_completions" | "chatgpt" | "gpt" => "openai",
        "responses" => "openai_responses",
        "claude" => "anthropic",
        "google" | "vertex" | "vertexai" => "gemini",
        "grok" => "xai",
        "generic" | "custom" | "default" => "plain",
        _ => return None,
    })
}

/// The expectation that other libraries call otherwise.
pub(crate) fn foreign_expectation(word: &str) -> Option<&'static str> {
    Some(match word {
        "call_count" | "called" | "hits" | "times" => "calls(2)",
        "not_sent" | "never" => "never_sent(any_user_message(\"..\"))",
        "timeout" | "duration" | "max_duration" => "within(30s)",
        "max_tokens" => "tokens(..=4_000)",
        "max_calls" => "calls(..=4)",
        _ => return None,
    })
}

/// The grammar's name of a type of Rust or JSON.
pub(crate) fn foreign_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "String" | "str" | "text" => "string",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" | "int"
        | "Int" | "long" | "Long" => "integer",
        "f32" | "f64" | "float" | "Float" | "double" | "Double" => "number",
        "bool" => "boolean",
        "Array" | "array" | "ArrayList" | "BTreeSet" | "HashSet" | "List" | "Sequence" | "Set"
        | "Vec" | "VecDeque" => "list(..)",
        "Maybe" | "Option" | "Optional" | "Nullable" => "optional(..)",
        "Value" | "Any" | "any" | "dict" | "Map" | "HashMap" | "unknown" => "json",
        _ => return None,
    })
}

/// The type that a word means, with `..` in place of a type that it takes.
pub(crate) fn type_meant(word: &Ident) -> Option<&'static str> {
    match TYPES.find_ident(word) {
        Some(known) if known.takes == SyntaxKind::Type && known.word == "list" => Some("list(..)"),
        Some(known) if known.takes == SyntaxKind::Type => Some("optional(..)"),
        Some(known) => Some(known.word),
        None => foreign_type(&word.to_string()),
    }
}

/// The value in JSON that other languages write otherwise.
pub(crate) fn foreign_json(expr: &Expr) -> Option<&'static str> {
    Some(match &*path_word(expr)?.to_string() {
        "nil" | "nullptr" | "undefined" | "Null" | "NULL" => "null",
        "True" | "TRUE" => "true",
        "False" | "FALSE" => "false",
        _ => return None,
    })
}

/// The finish reason that providers call otherwise.
pub(crate) fn foreign_finish(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "end" | "end_turn" | "eos" | "completed" | "stop_sequence" => "stop",
        "max_tokens" | "max_output_tokens" | "max_length" => "length",
        "function_call" | "tool_call" | "tool_use" => "tool_calls",
        "refusal" | "safety" => "content_filter",
        "null" => "none",
        _ => return None,
    })
}

/// The kind of failure that is called otherwise elsewhere.
pub(crate) fn foreign_kind(word: &str) -> Option<&'static str> {
    Some(match word {
        "server" | "internal" | "internal_error" | "unavailable" => "server_error",
        "unauthorized" | "unauthenticated" | "authentication" | "api_key" => "auth",
        "forbidden" => "permission",
        "network" | "disconnect" | "transport" | "io" => "connection",
        "too_many_requests" | "throttled" => "rate_limit",
        "invalid_request" => "bad_request",
        "billing" | "payment" => "quota",
        "parse" | "malformed" | "invalid_json" => "invalid_response",
        "deadline" | "timed_out" => "timeout",
        _ => return None,
    })
}
