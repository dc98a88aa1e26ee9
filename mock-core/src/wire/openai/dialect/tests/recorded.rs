//! Each row is as the provider's recorded answers are, where `MOCK_CORE_RECORDINGS` names a folder of recordings.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::super::{Dialect, ReasoningPlace, RoleFrames, UsageFrame};
use crate::scenario::Profile;

const RECORDED: [(&str, Profile); 5] = [
    ("openai", Profile::Openai),
    ("openrouter", Profile::Openrouter),
    ("deepseek", Profile::Deepseek),
    ("mistral", Profile::Mistral),
    ("groq", Profile::Groq),
];

#[test]
fn each_row_is_as_recorded() {
    let Some(folder) = std::env::var_os("MOCK_CORE_RECORDINGS") else {
        eprintln!("skipped: `MOCK_CORE_RECORDINGS` names no folder of recordings");
        return;
    };
    for (name, profile) in RECORDED {
        let dialect = Dialect::from_profile(profile);
        let (mut answers, mut streams) = (0, 0);
        for text in files(&Path::new(&folder).join(name)) {
            for document in text.split("\n---") {
                let Some((head, said)) = document.split_once("\nthen:") else {
                    continue;
                };
                if !head.contains("chat/completions") {
                    continue;
                }
                let status: u16 = field(said, "status:")
                    .and_then(|s| s.parse().ok())
                    .unwrap_or(0);
                let body = field(said, "body:").unwrap_or_default();
                if status >= 400 {
                    check_error(dialect, &whole(body));
                } else if body.starts_with('|') {
                    streams += 1;
                    check_stream(dialect, head.contains("include_usage"), &frames(said));
                } else if body.starts_with('\'') {
                    answers += 1;
                    check_answer(dialect, &whole(body));
                }
            }
        }
        eprintln!("{name}: {answers} answers, {streams} streams");
        assert!(answers > 0, "{name}");
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.extend(std::fs::read_to_string(&path)),
        }
    }
    found
}

fn field<'d>(document: &'d str, name: &str) -> Option<&'d str> {
    let mut lines = document.lines().map(str::trim);
    lines
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

fn whole(body: &str) -> Value {
    let body = body.trim_matches('\'').replace("''", "'");
    serde_json::from_str(&body).unwrap_or_default()
}

fn frames(document: &str) -> Vec<Value> {
    let data = document
        .lines()
        .filter_map(|line| line.trim().strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok())
        .collect()
}

/// A field is there with `null` only where the row says so.
fn check_null(is_null: bool, object: &Value, name: &str) {
    let found = object.get(name).is_some_and(Value::is_null);
    assert!(is_null || !found, "`{name}` is null in {object}");
}

fn check_answer(dialect: &Dialect, answer: &Value) {
    for choice in answer["choices"].as_array().into_iter().flatten() {
        check_null(dialect.nulls.logprobs, choice, "logprobs");
        check_null(dialect.nulls.refusal, &choice["message"], "refusal");
        check_reasoning(dialect, &choice["message"]);
        let native = choice.get("native_finish_reason").is_some();
        assert_eq!(native, dialect.native_finish_reason, "{choice}");
    }
    for (name, _) in (dialect.answer_fields)() {
        assert!(answer.get(&name).is_some(), "{name} in {answer}");
    }
    let fields = (dialect.usage_fields)(Default::default());
    for (name, _) in fields {
        assert!(answer["usage"].get(&name).is_some(), "{name} in {answer}");
    }
    if dialect.fingerprint.is_some() {
        assert!(answer.get("system_fingerprint").is_some(), "{answer}");
    }
}

fn check_reasoning(dialect: &Dialect, message: &Value) {
    for name in ["reasoning", "reasoning_content"] {
        let has_text = message[name].is_string();
        let is_its_place = dialect.reasoning == ReasoningPlace::Field(name);
        assert!(!has_text || is_its_place, "{message}");
    }
}

fn check_stream(dialect: &Dialect, asks_for_usage: bool, frames: &[Value]) {
    let with_usage: Vec<_> = frames
        .iter()
        .filter(|frame| frame["usage"].is_object())
        .collect();
    let is_own = |frame: &&Value| frame["choices"].as_array().is_some_and(Vec::is_empty);
    let finishes = frames
        .iter()
        .filter(|frame| frame["choices"][0]["finish_reason"].is_string());
    let finishes: BTreeSet<_> = finishes
        .map(|frame| frame["choices"][0]["index"].as_u64())
        .collect();
    if finishes.is_empty() {
        // An error ended it.
        return;
    }
    if asks_for_usage || dialect.usage_unasked && dialect.usage != UsageFrame::Groq {
        assert!(!with_usage.is_empty(), "no usage: {}", frames[0]);
    }
    for frame in &with_usage {
        match dialect.usage {
            UsageFrame::Own => assert!(is_own(frame), "{frame}"),
            UsageFrame::Finish | UsageFrame::Repeated => {
                assert!(frame["choices"][0]["finish_reason"].is_string(), "{frame}");
            }
            UsageFrame::Groq => {}
        }
    }
    let roles = frames
        .iter()
        .filter(|frame| frame["choices"][0]["delta"]["role"].is_string());
    match dialect.role {
        RoleFrames::Each => {
            let with_choice = frames.iter().filter(|frame| !is_own(frame));
            assert_eq!(roles.count(), with_choice.count(), "{}", frames[0]);
        }
        RoleFrames::First | RoleFrames::Alone | RoleFrames::WithContent => {
            let choices = frames
                .iter()
                .filter_map(|frame| frame["choices"][0]["index"].as_u64());
            let choices: BTreeSet<_> = choices.collect();
            assert_eq!(roles.count(), choices.len(), "{}", frames[0]);
        }
    }
    if dialect.role == RoleFrames::Alone {
        let delta = &frames[0]["choices"][0]["delta"];
        assert!(delta["tool_calls"].is_null(), "{delta}");
    }
    for frame in frames {
        check_null(dialect.nulls.usage, frame, "usage");
        for choice in frame["choices"].as_array().into_iter().flatten() {
            check_reasoning(dialect, &choice["delta"]);
            let native = choice.get("native_finish_reason").is_some();
            assert_eq!(native, dialect.native_finish_reason, "{choice}");
        }
        for (name, _) in (dialect.chunk_fields)() {
            assert!(frame.get(&name).is_some(), "{name} in {frame}");
        }
    }
}

fn check_error(dialect: &Dialect, body: &Value) {
    use super::super::ErrorForm;
    let error = &body["error"];
    let fits = match dialect.error {
        ErrorForm::Openai => error["type"].is_string() && error.get("param").is_some(),
        ErrorForm::Short => error["type"].is_string() && error.get("param").is_none(),
        ErrorForm::TypeTwice => error["code"] == error["type"],
        ErrorForm::Status => error["code"].is_u64() && error.get("type").is_none(),
        ErrorForm::Flat => body["detail"].is_string() || body["object"] == "error",
        _ => true,
    };
    assert!(fits, "{body}");
}
