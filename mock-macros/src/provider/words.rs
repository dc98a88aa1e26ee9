//! The words of the grammar.

use proc_macro2::Ident;

use crate::diagnostics::is_near;

pub(super) const KEYS: &[&str] = &[
    "allow",
    "capabilities",
    "crate",
    "latency",
    "metadata",
    "name",
    "otherwise",
    "rules",
    "script",
    "seed",
    "tools",
    "usage",
    "vis",
];

/// The keys whose values are lists.
pub(super) const LISTS: &[&str] = &["tools", "script", "capabilities", "allow"];

/// A key with a value.
pub(super) fn example_of(key: &str) -> String {
    let value = match key {
        "allow" => "[unused_turns]",
        "capabilities" => "[streaming, tools]",
        "crate" => "::mock_core",
        "latency" => "120ms",
        "metadata" => "object { request_id: \"abc\" }",
        "name" => "\"my-provider\"",
        "otherwise" => "reply(\"..\")",
        "rules" => "match request { user(\"hi\") => reply(\"ho\") }",
        "script" => "[reply(\"Hi.\")]",
        "seed" => "7",
        "tools" => "[get_weather { city: string }]",
        "usage" => "usage(11, 7)",
        _ => "pub",
    };
    format!("{key} = {value}")
}

/// What to write for a key that other libraries have.
pub(super) fn foreign_key(key: &str) -> Option<&'static str> {
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
        "model" => "the model stands in the profile: `openai(\"gpt-4o\")`",
        "turns" | "responses" | "replies" | "steps" => "write `script = [..]`",
        "default" | "fallback" => "write `otherwise = reply(\"..\")`",
        _ => return None,
    })
}

/// What to write for a step of a turn that other libraries have.
pub(super) fn foreign_step(step: &str) -> Option<&'static str> {
    Some(match step {
        "delay" | "latency" | "after" => {
            "write `.ttft(300ms)` for the time before the first event, or `.every(20ms)` for the time between chunks"
        }
        "text" | "respond" | "answer" | "returns" => "write `reply(\"..\")`",
        "error" => "write `fail(server_error)`",
        "tool" | "tool_call" => "write `call(get_weather { city: \"Paris\" })`",
        "chunks" => "write `stream([\"Hel\", \"lo\"])`",
        "once" => "remove it: a turn answers once",
        "never" => "remove the turn, or write `.times(0..)` for one that may be left out",
        "repeat" => "write `.times(3)`",
        "always" => "write `.forever()`",
        "optional" => "write `.times(0..=1)`",
        "disconnect_after" => "write `.cut_after(2)`",
        _ => return None,
    })
}

pub(super) const PROFILES: &[(&str, &str)] = &[
    ("plain", "Plain"),
    ("openai", "Openai"),
    ("openai_responses", "OpenaiResponses"),
    ("anthropic", "Anthropic"),
    ("gemini", "Gemini"),
    ("ollama", "Ollama"),
];

/// Whether a word where a profile may stand is one, right or misspelt.
pub(super) fn is_like_a_profile(word: &Ident) -> bool {
    let word = word.to_string();
    let is_ours = word == "on" || ACTIONS.contains(&word.as_str());
    !is_ours && PROFILES.iter().any(|(profile, _)| is_near(&word, profile))
}

pub(super) const MATCHERS: &[&str] = &[
    "user",
    "said",
    "system",
    "model",
    "tool_result",
    "has_tool",
    "any_of",
    "not",
    "when",
];

/// The matchers of texts.
pub(super) const TEXT_MATCHERS: &[&str] = &["user", "said", "system", "model"];

pub(super) const ACTIONS: &[&str] = &[
    "reply",
    "stream",
    "call",
    "reasoning",
    "signature",
    "refusal",
    "json",
    "respond_with",
    "hang",
    "gate",
    "driven",
    "fail",
];

pub(super) const MODIFIERS: &[&str] = &[
    "times",
    "forever",
    "ttft",
    "every",
    "tokens_per_second",
    "split",
    "pieces",
    "cut_after",
    "end_after",
    "stall_after",
    "error_after",
    "malformed_after",
    "finish",
    "usage",
    "named",
];

/// What to write for a key that is a word of turns.
pub(super) fn misplaced_key(key: &str) -> Option<String> {
    if key == "on" || MATCHERS.contains(&key) {
        return Some("a matcher stands in a turn: `on(user(\"hello\")).reply(\"Hi.\")`".to_owned());
    }
    if ACTIONS.contains(&key) {
        return Some(format!("an action is a turn of its own: `{key}(..)`"));
    }
    let is_modifier = MODIFIERS.contains(&key);
    is_modifier.then(|| format!("it is said of a turn: `reply(\"Hi.\").{key}(..)`"))
}

pub(super) const FAULTS: &[&str] = &[
    "cut_after",
    "end_after",
    "stall_after",
    "error_after",
    "malformed_after",
];

pub(super) const TYPES: &[&str] = &[
    "string", "integer", "number", "boolean", "json", "list", "optional", "one_of", "object",
];

/// Whether other libraries have a matcher of this name that holds if all within it do.
pub(super) fn is_all_of(matcher: &str) -> bool {
    matches!(matcher, "all_of" | "all" | "and" | "both")
}

/// What to write for a matcher that other libraries have.
pub(super) fn foreign_matcher(matcher: &str) -> Option<&'static str> {
    Some(match matcher {
        "any" | "or" | "either" | "one_of" => "write `any_of(..)`",
        all if is_all_of(all) => {
            "all matchers of `on(..)` must hold: write `on(user(..), said(..))`"
        }
        "text" | "contains" | "prompt" | "content" => "write `user(\"..\")`",
        "assistant" | "message" | "messages" | "history" => {
            "write `when(|request| ..)`, or a guard in `rules`"
        }
        "regex" => "write it in place of a text, as in `user(regex(r\"..\"))`",
        _ => return None,
    })
}

/// What a type of Rust or of JSON is called here.
pub(super) fn foreign_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "String" | "str" | "text" => "string",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" | "int" => {
            "integer"
        }
        "f32" | "f64" | "float" => "number",
        "bool" => "boolean",
        "Vec" | "array" => "list(..)",
        "Option" => "optional(..)",
        "Value" | "any" => "json",
        _ => return None,
    })
}

pub(super) const SPLITS: &[&str] = &["words", "chars", "random", "whole"];

/// Why a model stops, and the name of it in `FinishReason`. `other(..)` has a name of its own.
pub(super) const FINISHES: &[(&str, &str)] = &[
    ("stop", "Stop"),
    ("length", "Length"),
    ("tool_calls", "ToolCalls"),
    ("content_filter", "ContentFilter"),
];

pub(super) const CAPABILITIES: &[&str] = &["streaming", "tools"];

pub(super) const ALLOWANCES: &[&str] = &["unused_turns", "unoffered_tools", "broken_conversations"];

/// What `otherwise` may be besides actions.
pub(super) const OTHERWISE: &[&str] = &["cycle", "repeat_last"];

/// What `latency` may be besides times.
pub(super) const LATENCIES: &[&str] = &["growing", "timeout_over"];

pub(super) const USAGES: &[&str] = &["estimate", "usage"];

/// What may follow a tool, or the type of an argument.
pub(super) const LINKS: &[&str] = &["named", "raw", "returns"];

pub(super) const VARIABLES: &[&str] = &["user", "model", "call"];

/// A failure kind, its name in `ErrorKind`, and whether it may say how long to wait.
pub(super) struct Kind {
    pub(super) word: &'static str,
    pub(super) variant: &'static str,
    pub(super) retry_after: bool,
}

const fn kind(word: &'static str, variant: &'static str, retry_after: bool) -> Kind {
    Kind {
        word,
        variant,
        retry_after,
    }
}

pub(super) const KINDS: &[Kind] = &[
    kind("timeout", "Timeout", false),
    kind("rate_limit", "RateLimit", true),
    kind("auth", "Auth", false),
    kind("connection", "Connection", false),
    kind("invalid_response", "InvalidResponse", false),
    kind("generic", "Generic", false),
    kind("overloaded", "Overloaded", true),
    kind("server_error", "ServerError", true),
    kind("bad_request", "BadRequest", false),
    kind("context_length", "ContextLength", false),
    kind("content_filter", "ContentFilter", false),
    kind("permission", "Permission", false),
    kind("not_found", "NotFound", false),
    kind("quota", "Quota", false),
];

/// The kind of failure that is called otherwise elsewhere.
pub(super) fn foreign_kind(word: &str) -> Option<&'static str> {
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

pub(super) const FAILURE_FIELDS: &[&str] = &["message", "retry_after", "status", "headers", "body"];

/// The kinds of failure that are no answer, unless they have a status.
pub(super) const SILENT_KINDS: &[&str] = &["timeout", "connection", "invalid_response"];

/// The headers that are the server's to write.
pub(super) const HEADERS_OF_THE_SERVER: &[&str] = &["content-length", "transfer-encoding"];

/// Whether parentheses behind this word hold what the grammar says.
pub(super) fn is_word(word: &Ident) -> bool {
    const OTHERS: &[&str] = &["on", "other", "regex", "verbatim"];
    let lists = [
        ACTIONS, MODIFIERS, MATCHERS, TYPES, SPLITS, LATENCIES, USAGES, LINKS, OTHERS,
    ];
    let pairs = PROFILES.iter().map(|(profile, _)| *profile);
    let kinds = KINDS.iter().map(|kind| kind.word);
    let mut all = lists
        .into_iter()
        .flatten()
        .copied()
        .chain(pairs)
        .chain(kinds);
    let word = word.to_string();
    all.any(|known| word == known)
}
