//! Pseudo-random requests and answers that a provider could send or get, the same for the same seed: [`Generator`].

use serde_json::{Map, Value, json};

use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
use crate::chat::request::{Request, ToolDefinition};
use crate::chat::response::Response;

const TEXTS: [&str; 8] = [
    "Hello, world!",
    "\n\ndata: [DONE]\n\n",
    "\"quoted\" \\ and \u{0}",
    "Grüße aus 東京 👋🏽",
    " ",
    "{\"a\": 1}",
    "null",
    "event: error\r\n",
];

/// The wires have different ideas of what may come where.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wire {
    Openai,
    Responses,
    Anthropic,
    Gemini,
    Interactions,
    Ollama,
}

/// SplitMix64.
pub(super) struct Generator(u64);

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        Generator(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(super) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(super) fn text(&mut self) -> String {
        let count = 1 + self.below(3);
        let texts = (0..count).map(|_| TEXTS[self.below(8) as usize]);
        texts.collect()
    }

    fn some<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.coin().then(|| make(self))
    }

    fn call(&mut self, wire: Wire) -> ToolCall {
        let id = format!("call_{}", self.next());
        let arguments = match wire {
            Wire::Openai | Wire::Responses => self.text(),
            Wire::Anthropic | Wire::Gemini | Wire::Interactions | Wire::Ollama => {
                json!({ "n": self.below(9), "text": self.text() }).to_string()
            }
        };
        let mut call = ToolCall::new(id, "get_weather", arguments);
        // There, an item has them.
        if wire != Wire::Responses {
            call.extra = self.extras();
        }
        call
    }

    fn extra(&mut self) -> Map<String, Value> {
        let value = json!({ "cache_control": { "type": "ephemeral" }, "x_note": self.text(), "x_none": null });
        value.as_object().cloned().unwrap_or_default()
    }

    fn extras(&mut self) -> Map<String, Value> {
        self.some(Generator::extra).unwrap_or_default()
    }

    pub(super) fn usage(&mut self) -> Usage {
        let (read, write) = (self.below(50), self.below(50));
        let thoughts = self.below(3);
        let usage = Usage::new(read + write + self.below(100), thoughts + self.below(100));
        let usage = usage.cache_read(read).cache_write(write);
        usage.reasoning(thoughts)
    }

    /// An answer as the provider gives it: `streamed` is one that a stream can carry.
    pub(super) fn response(&mut self, wire: Wire, streamed: bool) -> Response {
        let mut response = Response::new(format!("id_{}", self.next()), self.text());
        let parts = match wire {
            Wire::Openai => self.openai_answer(),
            Wire::Responses => self.responses_answer(),
            Wire::Anthropic => self.anthropic_answer(),
            Wire::Gemini => self.gemini_answer(),
            Wire::Interactions => self.interactions_answer(),
            Wire::Ollama => self.ollama_answer(),
        };
        let calls = parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
        let ends_with_refusal = matches!(parts.last(), Some(Part::Refusal(_)));
        response.message = Message::new(Role::Assistant, parts);
        response.usage = Some(self.usage());
        if matches!(wire, Wire::Gemini | Wire::Interactions) {
            response.usage = response.usage.map(|usage| usage.cache_write(0));
        }
        if wire == Wire::Ollama {
            // Ollama's answers have no id, and only two counts of tokens.
            response.id.clear();
            response.usage = Some(Usage::new(self.below(100), self.below(100)));
        }
        if wire == Wire::Gemini {
            let candidate = json!([{ "avgLogprobs": -0.5, "safetyRatings": [] }]);
            response.metadata.insert("candidates".into(), candidate);
        }
        response.finish_reason = Some(match self.below(5) {
            0 => FinishReason::Length,
            // Gemini has no finish reason for calls: the calls show it.
            1 | 4 if matches!(wire, Wire::Responses | Wire::Gemini | Wire::Ollama) => match calls {
                true => FinishReason::ToolCalls,
                false => FinishReason::Stop,
            },
            1 => FinishReason::ToolCalls,
            2 if wire == Wire::Interactions => FinishReason::Other("cancelled".into()),
            2 => FinishReason::Other("pause_turn".into()),
            3 if wire != Wire::Anthropic || !ends_with_refusal => FinishReason::ContentFilter,
            _ => FinishReason::Stop,
        });
        if wire == Wire::Ollama {
            for name in ["total", "load", "prompt_eval", "eval"] {
                let nanoseconds = self.below(1_000).into();
                let name = format!("{name}_duration");
                response.metadata.insert(name, nanoseconds);
            }
        }
        response
            .metadata
            .insert("service_tier".into(), "flex".into());
        let extra_fields = json!({ "x_tokens": 3 });
        response.metadata.insert("usage".into(), extra_fields);
        if !streamed && wire == Wire::Openai {
            response.message.extra = self.extras();
            response.finish_reason = response.finish_reason.filter(|_| self.coin());
            response
                .metadata
                .insert("choices".into(), json!([{ "logprobs": { "content": [] } }]));
        }
        response
    }

    /// Reasoning, text, refusal, calls: the only order that the wire has.
    fn openai_answer(&mut self) -> Vec<Part> {
        let reasoning = self.some(|generator| Reasoning {
            text: generator.text(),
            signature: None,
        });
        let mut parts: Vec<_> = reasoning.map(Part::Reasoning).into_iter().collect();
        parts.extend(self.some(|generator| Part::Text(generator.text())));
        parts.extend(self.some(|generator| Part::Refusal(generator.text())));
        let calls = self.below(4);
        parts.extend((0..calls).map(|_| Part::ToolCall(self.call(Wire::Openai))));
        parts
    }

    /// Any order, but no two texts next to each other, and no thought after one without a seal; a refusal last.
    fn anthropic_answer(&mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for _ in 0..self.below(6) {
            let part = match self.below(4) {
                0 => Part::Text(self.text()),
                1 => Part::Reasoning(Reasoning {
                    text: self.text(),
                    signature: self.some(Generator::text),
                }),
                2 => Part::RedactedReasoning(self.text()),
                _ => Part::ToolCall(self.call(Wire::Anthropic)),
            };
            let goes_on = |last: &Part| match last {
                Part::Reasoning(thought) => thought.signature.is_none(),
                Part::Text(_) => true,
                _ => false,
            };
            let alike = |last: &Part| last.name() == part.name();
            if !parts
                .last()
                .is_some_and(|last| alike(last) && goes_on(last))
            {
                parts.push(part);
            }
        }
        parts.extend(self.some(|generator| Part::Refusal(generator.text())));
        parts
    }

    /// Any order, with what else a text may say.
    fn gemini_answer(&mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for _ in 0..self.below(6) {
            match self.below(4) {
                0 => {
                    parts.push(Part::Text(self.text()));
                    parts.extend(self.some(|generator| Part::Extra(generator.extra())));
                }
                1 => parts.push(Part::Reasoning(Reasoning {
                    text: self.text(),
                    signature: self.some(Generator::text),
                })),
                2 => parts.push(Part::Other(json!({
                    "executableCode": { "language": "PYTHON", "code": self.text() },
                }))),
                _ => parts.push(Part::ToolCall(self.call(Wire::Gemini))),
            }
        }
        parts
    }

    /// Any order, but no content where the one before would have it in its step; a text with what else it may say.
    fn interactions_answer(&mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for _ in 0..self.below(6) {
            match self.below(5) {
                0 => {
                    parts.push(Part::Text(self.text()));
                    parts.extend(self.some(|generator| Part::Extra(generator.extra_of_answer())));
                }
                1 => {
                    parts.push(Part::Reasoning(Reasoning {
                        text: self.text(),
                        signature: self.some(Generator::text),
                    }));
                    parts.extend(self.some(|generator| Part::Extra(generator.extra_of_answer())));
                }
                2 => parts.push(Part::Other(json!({
                    "type": "google_search_call", "arguments": { "queries": [self.text()] },
                }))),
                3 => {
                    let item = json!({ "item": { "x_note": self.text() } });
                    parts.extend(self.some(|_| Part::Extra(map(item))));
                    parts.push(Part::Image(Image::File("files/1".into())));
                }
                _ => {
                    let mut call = self.call(Wire::Interactions);
                    call.extra.retain(|_, value| !value.is_null());
                    parts.push(Part::ToolCall(call));
                }
            }
        }
        parts
    }

    /// Nothing that is `null`, which an answer does not have.
    fn extra_of_answer(&mut self) -> Map<String, Value> {
        let mut extra = self.extra();
        extra.retain(|_, value| !value.is_null());
        extra
    }

    /// Thinking, a text, calls: the only order that the wire has.
    fn ollama_answer(&mut self) -> Vec<Part> {
        let thinking = self.some(|generator| Part::Reasoning(Reasoning::new(generator.text())));
        let mut parts: Vec<_> = thinking.into_iter().collect();
        parts.extend(self.some(|generator| Part::Text(generator.text())));
        let calls = self.below(4);
        parts.extend((0..calls).map(|_| Part::ToolCall(self.call(Wire::Ollama))));
        parts
    }

    /// Any order, with what else an item or a part may say.
    fn responses_answer(&mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for _ in 0..self.below(6) {
            let kind = self.below(6);
            if kind < 5 && self.coin() {
                let mut item = json!({ "id": format!("item_{}", self.next()), "x_note": 1 });
                let fields = item.as_object_mut().expect("it is an object");
                match kind {
                    3 => {
                        fields.remove("x_note");
                        fields.extend(self.some(|_| ("type".into(), "custom_tool_call".into())));
                    }
                    1 => fields.extend(self.some(|_| ("content".into(), "reasoning_text".into()))),
                    _ => {}
                }
                parts.push(Part::Extra(map(json!({ "item": item }))));
            }
            parts.push(match kind {
                0 => Part::Text(self.text()),
                1 => Part::Reasoning(Reasoning {
                    text: self.text(),
                    signature: self.some(Generator::text),
                }),
                2 => Part::RedactedReasoning(self.text()),
                3 => {
                    let call = self.call(Wire::Responses);
                    Part::ToolCall(match self.coin() {
                        true => call.with_extra("x_caller", self.text()),
                        false => call,
                    })
                }
                4 => Part::Refusal(self.text()),
                _ => Part::Other(json!({
                    "type": "web_search_call", "id": format!("ws_{}", self.next()),
                    "status": "completed", "action": { "query": self.text() },
                })),
            });
            let extra = match kind {
                0 => json!({ "annotations": [{ "type": "url_citation", "url": self.text() }] }),
                _ => continue,
            };
            parts.extend(self.some(|_| Part::Extra(map(extra))));
        }
        parts
    }

    /// The events of an answer, in pieces.
    pub(super) fn events(&mut self, response: &Response) -> Vec<StreamEvent> {
        let mut events = Vec::new();
        let mut index = 0;
        let mut last: Option<&Part> = None;
        for part in &response.message.parts {
            let begins = match (last, part) {
                (Some(Part::Text(_)), Part::Text(_)) => Some(Part::Text(String::new())),
                (Some(Part::Refusal(_)), Part::Refusal(_)) => Some(Part::Refusal(String::new())),
                (Some(Part::Reasoning(last)), Part::Reasoning(_)) if last.signature.is_none() => {
                    Some(Part::Reasoning(Reasoning {
                        text: String::new(),
                        signature: None,
                    }))
                }
                _ => None,
            };
            events.extend(begins.map(|part| StreamEvent::Part(Box::new(part))));
            last = Some(part);
            match part {
                Part::Text(text) => events.extend(self.pieces(text).map(StreamEvent::Text)),
                Part::Reasoning(Reasoning { text, signature }) => {
                    events.extend(self.pieces(text).map(StreamEvent::Reasoning));
                    events.extend(signature.clone().map(StreamEvent::ReasoningSignature));
                }
                Part::RedactedReasoning(data) => {
                    events.push(StreamEvent::RedactedReasoning(data.clone()));
                }
                Part::Refusal(text) => events.push(StreamEvent::Refusal(text.clone())),
                Part::ToolCall(ToolCall {
                    id,
                    name,
                    arguments,
                    extra,
                }) => {
                    let (id, name) = (id.clone(), name.clone());
                    let extra = (!extra.is_empty()).then(|| Box::new(extra.clone()));
                    events.push(StreamEvent::ToolCallStart {
                        index,
                        id,
                        name,
                        extra,
                    });
                    let pieces = self.pieces(arguments);
                    events.extend(
                        pieces.map(|arguments| StreamEvent::ToolCallDelta { index, arguments }),
                    );
                    index += 1;
                }
                Part::Extra(_) | Part::Other(_) | Part::Image(_) => {
                    events.push(StreamEvent::Part(Box::new(part.clone())));
                }
                part => panic!("no answer has this part: {part:?}"),
            }
        }
        events.push(StreamEvent::Finish {
            reason: response.finish_reason.clone(),
            usage: response.usage,
        });
        events
    }

    fn pieces(&mut self, text: &str) -> impl Iterator<Item = String> + use<> {
        let size = 1 + self.below(9) as usize;
        let letters: Vec<char> = text.chars().collect();
        let pieces: Vec<String> = letters
            .chunks(size)
            .map(|piece| piece.iter().collect())
            .collect();
        pieces.into_iter()
    }

    pub(super) fn request(&mut self, wire: Wire) -> Request {
        let mut request = Request::new("a-model");
        request.messages.extend(self.some(|generator| {
            let most = match wire {
                // Instructions are one text there.
                Wire::Interactions | Wire::Ollama => 1,
                _ => 1 + generator.below(2),
            };
            let texts = (0..most).map(|_| Part::Text(generator.text()));
            Message::new(Role::System, texts.collect())
        }));
        let begins = Message::new(Role::User, self.said(wire));
        request.messages.push(begins);
        for _ in 0..self.below(8) {
            let message = self.message(wire);
            let last = request.messages.last().map(|last| last.role);
            // Items of the model that follow one another are one message.
            let is_one = message.role == Role::Assistant && last == Some(Role::Assistant);
            if !matches!(wire, Wire::Responses | Wire::Interactions) || !is_one {
                request.messages.push(message);
            }
        }
        let mut tool = ToolDefinition::new("get_weather").with_description(self.text());
        tool.extra = match wire {
            Wire::Openai => json!({ "function": { "strict": true }, "x": 1 }),
            Wire::Responses | Wire::Interactions => json!({ "strict": true, "x": 1 }),
            Wire::Ollama => json!({ "x": 1 }),
            Wire::Anthropic => json!({ "cache_control": { "type": "ephemeral" } }),
            Wire::Gemini => json!({ "behavior": "BLOCKING" }),
        }
        .as_object()
        .cloned()
        .unwrap_or_default();
        request.tools = (0..self.below(3)).map(|_| tool.clone()).collect();
        request.temperature = self.some(|generator| generator.below(10) as f64 / 10.0);
        request.max_tokens = self.some(|generator| generator.below(1_000) as u32);
        request.stream = self.some(Generator::coin);
        let request = request.with_extra("tool_choice", "auto");
        request.with_extra("response_format", json!({ "type": "json_object" }))
    }

    fn message(&mut self, wire: Wire) -> Message {
        let (role, parts) = match self.below(4) {
            0 => (Role::User, self.said(wire)),
            1 if !matches!(wire, Wire::Gemini | Wire::Interactions) => {
                (Role::System, vec![Part::Text(self.text())])
            }
            1 => (Role::User, vec![Part::Text(self.text())]),
            2 => {
                let mut result = ToolResult::new(format!("call_{}", self.below(100)), self.text());
                let tells_errors =
                    matches!(wire, Wire::Anthropic | Wire::Gemini | Wire::Interactions);
                result.is_error = tells_errors && self.coin();
                match self.coin() {
                    true if wire == Wire::Gemini => self.returned(&mut result.content),
                    true => result.content = self.said(wire),
                    false => {}
                }
                (Role::Tool, vec![Part::ToolResult(result)])
            }
            _ if wire == Wire::Openai => (Role::Assistant, self.openai_answer()),
            _ if wire == Wire::Gemini => (Role::Assistant, self.gemini_answer()),
            _ if wire == Wire::Ollama => (Role::Assistant, self.ollama_answer()),
            _ if wire == Wire::Interactions => {
                let mut parts = self.interactions_answer();
                parts.push(Part::ToolCall(ToolCall::new("c", "get_weather", "{}")));
                return Message::new(Role::Assistant, parts);
            }
            _ if wire == Wire::Responses => {
                let mut parts = self.responses_answer();
                parts.push(Part::ToolCall(self.call(wire)));
                let message = Message::new(Role::Assistant, parts);
                return message;
            }
            _ => (Role::Assistant, self.anthropic_said()),
        };
        let mut message = Message::new(role, parts);
        message.extra = self.extras();
        if wire == Wire::Openai {
            message.name = self.some(Generator::text);
        }
        if wire == Wire::Gemini && role == Role::Tool {
            message.name = Some("get_weather".into());
        }
        message
    }

    /// What a function of Gemini returns: a text or none, and then pictures.
    fn returned(&mut self, content: &mut Vec<Part>) {
        if self.coin() {
            content.clear();
        }
        for _ in 0..self.below(3) {
            content.push(Part::Image(Image::File("file_1".into())));
            content.extend(self.some(|generator| Part::Extra(generator.extra())));
        }
    }

    fn anthropic_said(&mut self) -> Vec<Part> {
        let mut parts = self.anthropic_answer();
        parts.retain(|part| !matches!(part, Part::Refusal(_)));
        // A call has fields of its own.
        if parts
            .last()
            .is_some_and(|last| !matches!(last, Part::ToolCall(_)))
        {
            parts.extend(self.some(|generator| Part::Extra(generator.extra())));
        }
        parts
    }

    /// What a user says.
    fn said(&mut self, wire: Wire) -> Vec<Part> {
        if wire == Wire::Ollama {
            return self.said_to_ollama();
        }
        let mut parts = Vec::new();
        for _ in 0..self.below(4) {
            parts.push(match self.below(5) {
                0 => Part::Image(Image::Url(format!(
                    "https://example.com/{}.png",
                    self.next()
                ))),
                1 => Part::Image(Image::Base64 {
                    media_type: "image/png".into(),
                    data: "iVBORw0KGgo=".into(),
                }),
                2 if wire != Wire::Openai => Part::Image(Image::File("file_1".into())),
                3 if wire == Wire::Gemini => Part::Other(json!({
                    "inlineData": { "mimeType": "application/pdf", "data": "JVBERg==" },
                })),
                3 => Part::Other(json!({ "type": "document", "source": { "data": self.text() } })),
                _ => Part::Text(self.text()),
            });
            if !matches!(parts.last(), Some(Part::Other(_))) {
                parts.extend(self.some(|generator| match wire {
                    Wire::Interactions => Part::Extra(generator.extra_of_answer()),
                    _ => Part::Extra(generator.extra()),
                }));
            }
        }
        parts
    }

    /// One text at most, and then images, which are data.
    fn said_to_ollama(&mut self) -> Vec<Part> {
        let text = self.some(|generator| Part::Text(generator.text()));
        let image = Part::Image(Image::Base64 {
            media_type: "image/png".into(),
            data: "iVBORw0KGgo=".into(),
        });
        let images = self.below(3) as usize;
        text.into_iter()
            .chain(std::iter::repeat_n(image, images))
            .collect()
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}
