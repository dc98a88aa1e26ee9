//! Turns the output of OpenAI's writer into what another provider sends.

use serde_json::{Map, Value, json};

use super::{Dialect, Nulls, ReasoningPlace, RoleFrames, UsageFrame};
use crate::chat::finish_and_usage::Usage;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::finish_and_usage::read_usage;
use crate::wire::write::{add_missing, constant, data, field, retain};

const END_MARK: &str = "data: [DONE]\n\n";

impl Dialect {
    /// Fits a whole answer.
    pub(in crate::wire::openai) fn adapt_answer(&self, answer: &mut Value) {
        self.adapt_body(answer, self.nulls);
        add_missing(answer, (self.answer_fields)());
        for choice in choices(answer) {
            self.adapt_choice(choice, "message", self.nulls);
            let message = &mut choice["message"];
            if self.call_index {
                add_call_indexes(message);
            }
            let more = (self.message_fields)(message);
            add_missing(message, more);
        }
    }

    /// Adapts the frames of one event. `usage_requested` says whether the request asks for the usage, `known` has the extra fields of the message,
    /// because these are not in any delta.
    pub(in crate::wire::openai) fn adapt_frames(
        &self,
        frames: Vec<String>,
        is_first: bool,
        usage_requested: bool,
        known: Option<&Map<String, Value>>,
    ) -> Vec<String> {
        if self.is_openai() {
            return frames;
        }
        let mut chunks = Vec::new();
        for frame in &frames {
            if let Some(chunk) = parse_frame(frame) {
                chunks.push(chunk);
            }
        }
        let has_end_mark = frames.any(&|frame| frame == END_MARK);
        self.place_usage(&mut chunks, usage_requested);
        if is_first {
            self.place_role(&mut chunks);
        }
        let prologue = is_first.then(|| (self.prologue)()).flatten();
        let mut fitted = Vec::new();
        if let Some(prologue) = prologue {
            fitted.push(data(&Value::Object(prologue)));
        }
        for mut chunk in chunks {
            self.adapt_chunk(&mut chunk, known);
            fitted.push(data(&chunk));
        }
        if has_end_mark {
            fitted.push(END_MARK.to_owned());
        }
        fitted
    }

    fn adapt_chunk(&self, chunk: &mut Value, known: Option<&Map<String, Value>>) {
        self.adapt_body(chunk, self.chunk_nulls);
        add_missing(chunk, (self.chunk_fields)());
        for choice in choices(chunk) {
            if self.role == RoleFrames::Each {
                add_missing(&mut choice["delta"], role_field());
            }
            let ends = !choice["finish_reason"].is_null();
            if !self.chunk_nulls.finish_reason && !ends {
                remove(choice, "finish_reason");
            }
            self.adapt_choice(choice, "delta", self.chunk_nulls);
            let mut more = (self.delta_fields)(&choice["delta"], ends);
            retain(&mut more, &mut |name, _| {
                known.is_none_or(|known| !known.contains_key(name))
            });
            add_missing(&mut choice["delta"], more);
        }
    }

    /// Adapts the fields that an answer and a chunk have in common.
    fn adapt_body(&self, body: &mut Value, nulls: Nulls) {
        if let Some(fingerprint) = self.fingerprint {
            add_missing(body, field("system_fingerprint", fingerprint.into()));
        }
        if let Some(usage) = body.get_mut("usage") {
            self.adapt_usage(usage);
        }
        if !nulls.usage && body["usage"].is_null() {
            remove(body, "usage");
        }
    }

    pub(in crate::wire::openai) fn adapt_usage(&self, usage: &mut Value) {
        if usage.is_object() {
            let known = parse_usage(usage);
            for &name in self.rare_details {
                if is_zero(&usage[name]) {
                    remove(usage, name);
                }
            }
            add_missing(usage, (self.usage_fields)(known));
            if self.reasoning_apart {
                let apart = known
                    .completion_tokens
                    .saturating_sub(known.reasoning_tokens);
                usage["completion_tokens"] = apart.into();
            }
        }
    }

    /// Fits a choice, and the message or the delta in it.
    fn adapt_choice(&self, choice: &mut Value, name: &str, nulls: Nulls) {
        let message = &mut choice[name];
        if let Some(text) = remove(message, "reasoning_content") {
            self.place_reasoning(message, text);
        }
        if !nulls.refusal && message["refusal"].is_null() {
            remove(message, "refusal");
        }
        if !nulls.content && message["content"].is_null() {
            remove(message, "content");
        }
        if !nulls.logprobs && choice["logprobs"].is_null() {
            remove(choice, "logprobs");
        }
        if self.native_finish_reason {
            let reason = choice["finish_reason"].clone();
            add_missing(choice, field("native_finish_reason", reason));
        }
        let has_text = choice[name]["content"]
            .as_str()
            .is_some_and(|text| !text.is_empty());
        add_missing(choice, (self.choice_fields)(has_text));
    }

    /// Puts the text of reasoning where this dialect has it.
    fn place_reasoning(&self, message: &mut Value, reasoning: Value) {
        match self.reasoning {
            ReasoningPlace::Field(name) => message[name] = reasoning,
            ReasoningPlace::ThinkingPart => {
                let text = |text: Value| json!({ "type": "text", "text": text });
                let mut content =
                    vec![json!({ "type": "thinking", "thinking": [text(reasoning)] })];
                match message["content"].take() {
                    Value::Array(mut parts) => content.append(&mut parts),
                    Value::String(text_of_message) if !text_of_message.is_empty() => {
                        content.push(text(text_of_message.into()))
                    }
                    _ => {}
                }
                message["content"] = Value::Array(content);
            }
        }
    }

    /// Puts the role where this dialect has it. OpenAI's first frame has the role, and maybe the first call.
    fn place_role(&self, chunks: &mut Vec<Value>) {
        match self.role {
            RoleFrames::First => {}
            RoleFrames::Alone => {
                for chunk in std::mem::take(chunks) {
                    chunks.append(&mut role_apart(chunk));
                }
                if self.profile != Profile::Llamacpp
                    && let Some(first) = chunks.first_mut().filter(|first| is_role_alone(first))
                {
                    first["choices"][0]["delta"]["content"] = "".into();
                }
            }
            // The chunk of an answer that begins before its first event has only the role.
            RoleFrames::Each => {
                if !chunks.all(&is_role_alone) {
                    chunks.retain(|chunk| !is_role_alone(chunk));
                }
            }
            RoleFrames::WithContent => {
                if !chunks.all(&is_role_alone) {
                    chunks.retain(|chunk| !is_role_alone(chunk));
                    if let Some(first) = chunks.first_mut() {
                        for choice in choices(first) {
                            add_missing(&mut choice["delta"], role_field());
                        }
                    }
                }
            }
        }
    }

    /// Puts the usage, which OpenAI has in a frame of its own, where this dialect has it.
    fn place_usage(&self, chunks: &mut Vec<Value>, usage_requested: bool) {
        if self.usage == UsageFrame::Own {
            return;
        }
        let is_usage = |chunk: &Value| chunk["usage"].is_object();
        let Some(at) = chunks.position(&is_usage).filter(|at| *at > 0) else {
            return;
        };
        let mut own = chunks[at].clone();
        let mut usage = own["usage"].clone();
        let finish = &mut chunks[at - 1];
        match self.usage {
            UsageFrame::Own => {}
            UsageFrame::Finish => {
                finish["usage"] = usage;
                chunks.remove(at);
            }
            UsageFrame::Repeated => {
                own["choices"] = finish["choices"].clone();
                add_missing(&mut own, field("service_tier", Value::Null));
                chunks[at] = own;
            }
            UsageFrame::Groq => {
                self.adapt_usage(&mut usage);
                finish["x_groq"] = json!({ "usage": usage });
                match usage_requested {
                    true => finish["usage"] = usage,
                    false => {
                        chunks.remove(at);
                    }
                }
            }
        }
    }
}

/// Whether a chunk has the role and nothing else.
fn is_role_alone(chunk: &Value) -> bool {
    let choice = &chunk["choices"][0];
    let delta = choice["delta"].as_object();
    let is_role = |delta: &Map<String, Value>| {
        delta.contains_key("role")
            && delta.iter().all(|(name, value)| {
                name == "role" || value.is_null() || value.as_str() == Some("")
            })
    };
    choice["finish_reason"].is_null() && delta.is_some_and(is_role)
}

/// The role in a chunk of its own, before a chunk that has it beside a call.
fn role_apart(mut chunk: Value) -> Vec<Value> {
    let delta = &chunk["choices"][0]["delta"];
    if delta["role"].is_null() || delta["tool_calls"].is_null() {
        return vec![chunk];
    }
    let mut alone = chunk.clone();
    alone["choices"][0]["delta"] = constant(r#"{"role": "assistant", "content": ""}"#);
    for &name in &["role", "content", "refusal"] {
        remove(&mut chunk["choices"][0]["delta"], name);
    }
    vec![alone, chunk]
}

/// The JSON of a frame, if it has any.
fn parse_frame(frame: &str) -> Option<Value> {
    let data = frame.strip_prefix("data: ")?;
    serde_json::from_str(data).ok()
}

fn role_field() -> Map<String, Value> {
    field("role", "assistant".into())
}

fn choices(body: &mut Value) -> impl Iterator<Item = &mut Value> {
    let choices = body.get_mut("choices").and_then(Value::as_array_mut);
    choices.into_iter().flatten()
}

fn add_call_indexes(message: &mut Value) {
    let calls = message.get_mut("tool_calls").and_then(Value::as_array_mut);
    for (index, call) in calls.into_iter().flatten().enumerate() {
        add_missing(call, field("index", index.into()));
    }
}

/// Whether all numbers of an object are 0.
fn is_zero(details: &Value) -> bool {
    let details = details.as_object();
    details.is_some_and(|details| details.values().all(|count| *count == 0))
}

fn remove(object: &mut Value, name: &str) -> Option<Value> {
    object.as_object_mut()?.remove(name)
}

/// The usage that is written.
fn parse_usage(usage: &Value) -> Usage {
    read_usage(BorrowedValue::from(usage.clone()), &mut Map::new()).unwrap_or_default()
}
