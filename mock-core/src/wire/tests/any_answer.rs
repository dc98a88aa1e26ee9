//! Pseudo-random answers of any shape, as a closure may return them. Some have parts that a wire has no place for.

use serde_json::{Map, Value, json};

use super::generator::{Generator, Wire};
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
use crate::chat::response::Response;

/// An answer with anything in it. About half of them have a place on each wire.
pub(super) fn response(generator: &mut Generator) -> Response {
    let mut response = Response::new(blank_or(generator, "id"), blank_or(generator, "model"));
    let count = generator.below(6);
    let mut parts: Vec<Part> = Vec::new();
    for _ in 0..count {
        let part = part(generator, parts.last());
        parts.push(part);
    }
    response.message = Message::new(Role::Assistant, parts);
    if rarely(generator) {
        response.message.role = Role::User;
    }
    if rarely(generator) {
        response.message.name = Some("ada".into());
    }
    if generator.coin() {
        let annotation = json!([{ "type": "url_citation", "url": generator.text() }]);
        response.message.extra = map(json!({ "annotations": annotation, "x_null": null }));
    }
    response.finish_reason = match generator.below(6) {
        0 => None,
        1 => Some(FinishReason::Length),
        2 => Some(FinishReason::ToolCalls),
        3 => Some(FinishReason::ContentFilter),
        4 => Some(FinishReason::Other("eos".into())),
        _ => Some(FinishReason::Stop),
    };
    if generator.coin() {
        response.usage = Some(generator.usage());
    }
    response.metadata = metadata(generator, response.usage);
    response
}

fn metadata(generator: &mut Generator, usage: Option<Usage>) -> Map<String, Value> {
    let mut metadata = Map::new();
    if generator.coin() {
        metadata.insert("system_fingerprint".into(), "fp_1".into());
        metadata.insert("container".into(), json!({ "id": "container_1" }));
    }
    if usage.is_some() && generator.coin() {
        metadata.insert(
            "usage".into(),
            json!({ "cost": 0.5, "details": { "a": 1 } }),
        );
    }
    if generator.coin() {
        metadata.insert("stop_details".into(), json!({ "category": "cyber" }));
        metadata.insert("stop_sequence".into(), generator.text().into());
    }
    if generator.coin() {
        let tokens = |generator: &mut Generator| -> Vec<Value> {
            let count = generator.below(4);
            let token =
                |generator: &mut Generator| json!({ "token": generator.text(), "logprob": -0.5 });
            (0..count).map(|_| token(generator)).collect()
        };
        let mut choice = json!({
            "content_filter_results": { "hate": { "filtered": false } },
            "native_finish_reason": "STOP",
            "logprobs": { "content": tokens(generator), "refusal": null },
        });
        if generator.coin() {
            choice["logprobs"]["refusal"] = tokens(generator).into();
        }
        if generator.coin() {
            choice["message"] = json!({ "reasoning_details": [{ "text": generator.text() }] });
        }
        let mut choices = vec![choice];
        if rarely(generator) {
            choices.push(json!({ "index": 1, "message": { "content": "another" } }));
        }
        metadata.insert("choices".into(), choices.into());
    }
    if rarely(generator) {
        metadata.insert("id".into(), "another".into());
    }
    metadata
}

fn part(generator: &mut Generator, last: Option<&Part>) -> Part {
    match generator.below(40) {
        0 => Part::Image(Image::Url("https://example.com/cat.png".into())),
        1 => Part::ToolResult(ToolResult::new("call_1", "noon")),
        2 => Part::RedactedReasoning(generator.text()),
        3 => Part::Other(json!({
            "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search",
            "input": { "query": generator.text() },
        })),
        4 => Part::Other(json!({ "type": "web_search_tool_result", "content": [{ "url": "a" }] })),
        5 => Part::Other(match generator.below(3) {
            0 => json!("a text"),
            1 => json!(null),
            _ => json!({ "name": "nobody" }),
        }),
        6..10 => Part::Reasoning(Reasoning {
            text: blank_or(generator, "Hm."),
            signature: match generator.below(4) {
                0 => Some(blank_or(generator, "seal")),
                _ => None,
            },
        }),
        10..14 => Part::Refusal(blank_or(generator, "No.")),
        14..22 => {
            let id = blank_or(generator, "call");
            let arguments = match generator.below(12) {
                0 => "{\"half".into(),
                1 => String::new(),
                2 => "{}".into(),
                _ => json!({ "n": generator.below(9), "text": generator.text() }).to_string(),
            };
            let call = ToolCall::new(id, "get_weather", arguments);
            Part::ToolCall(match generator.coin() {
                true => call.with_extra("x_caller", generator.text()),
                false => call,
            })
        }
        22..30 => match last {
            // Two in a row are the same as one.
            None | Some(Part::Extra(_) | Part::ToolCall(_)) => Part::Text(generator.text()),
            Some(_) => {
                let citation = json!({ "type": "char_location", "cited_text": generator.text() });
                let count = 1 + generator.below(2) as usize;
                Part::Extra(map(json!({ "citations": vec![citation; count] })))
            }
        },
        _ => Part::Text(blank_or(generator, "Hi.")),
    }
}

fn blank_or(generator: &mut Generator, text: &str) -> String {
    match generator.below(4) {
        0 => String::new(),
        _ => format!("{text} {}", generator.text()),
    }
}

fn rarely(generator: &mut Generator) -> bool {
    generator.below(20) == 0
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}

/// The parts of an answer that have no place on a wire, as words. The error has one of them.
pub(super) fn without_place(response: &Response, wire: Wire, streamed: bool) -> Vec<String> {
    let mut words = Vec::new();
    let message = &response.message;
    if message.role != Role::Assistant {
        words.push("a role".to_owned());
    }
    if message.name.is_some() {
        words.push("a name".to_owned());
    }
    // The id has another name there.
    if !matches!(wire, Wire::Gemini | Wire::Ollama) && response.metadata.contains_key("id") {
        words.push("`id`".to_owned());
    }
    if wire == Wire::Gemini {
        words.extend(without_place_in_gemini(response));
    }
    if wire == Wire::Interactions {
        words.extend(without_place_in_interactions(response));
    }
    if wire == Wire::Ollama {
        words.extend(without_place_in_ollama(response));
    }
    if wire == Wire::Responses {
        words.extend(message.extra.keys().map(|key| format!("`{key}`")));
    }
    let mut last: Option<&Part> = None;
    for part in &message.parts {
        match (part, wire) {
            (Part::Image(_), Wire::Gemini | Wire::Interactions) => {}
            (Part::Image(_), _) => words.push("an image".to_owned()),
            (Part::ToolResult(_), _) => words.push("a tool result".to_owned()),
            (Part::RedactedReasoning(_), wire)
                if !matches!(wire, Wire::Responses | Wire::Anthropic) =>
            {
                words.push("redacted".to_owned())
            }
            (Part::Refusal(_), Wire::Interactions | Wire::Ollama) => {
                words.push("refusal".to_owned());
            }
            (Part::Other(other), _) if !other.is_object() => {
                words.push("a part that is not an object".to_owned());
            }
            (Part::Other(other), Wire::Gemini) => {
                let kind = other.get("type").and_then(Value::as_str);
                words.extend(kind.map(|kind| format!("`{kind}`")));
            }
            (Part::Other(other), _) if other.get("type").is_none() => {
                words.push("a part without a type".to_owned());
            }
            (Part::Other(other), Wire::Openai | Wire::Ollama) => {
                words.push(format!("`{}`", other["type"].as_str().unwrap_or_default()));
            }
            (Part::Reasoning(reasoning), Wire::Openai | Wire::Ollama)
                if reasoning.signature.is_some() =>
            {
                words.push("signature".to_owned());
            }
            (Part::ToolCall(call), Wire::Anthropic)
                if !streamed && !call.arguments.is_empty() && call.json::<Value>().is_err() =>
            {
                words.push("are not JSON".to_owned());
            }
            (Part::ToolCall(call), wire)
                if (matches!(wire, Wire::Gemini | Wire::Ollama)
                    || wire == Wire::Interactions && !streamed)
                    && !call.arguments.is_empty()
                    && call.json::<Map<String, Value>>().is_err() =>
            {
                words.push("not a JSON object".to_owned());
            }
            (Part::Extra(extra), wire) => {
                let has_place = match (last, wire) {
                    (Some(Part::Text(_) | Part::Reasoning(_)), Wire::Gemini) => true,
                    (Some(Part::Refusal(_)) | None, Wire::Gemini) => false,
                    (Some(_), Wire::Gemini) => !streamed,
                    (Some(Part::Text(_) | Part::Reasoning(_)), Wire::Interactions) => true,
                    (Some(Part::Refusal(_)) | None, Wire::Interactions) => false,
                    (Some(_), Wire::Interactions) => !streamed,
                    (_, Wire::Ollama) => false,
                    (Some(Part::Text(_)), Wire::Anthropic) => true,
                    (None, _) => false,
                    (Some(Part::Reasoning(sealed)), Wire::Responses) if streamed => {
                        sealed.signature.is_none() || sealed.text.is_empty()
                    }
                    (Some(_), Wire::Responses) => true,
                    (Some(Part::Refusal(_)), _) | (_, Wire::Openai) => false,
                    (Some(_), Wire::Anthropic) => !streamed,
                };
                if !has_place {
                    words.extend(extra.keys().map(|key| format!("`{key}`")));
                }
            }
            _ => {}
        }
        last = Some(part);
    }
    words
}

fn without_place_in_interactions(response: &Response) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(usage) = response.usage
        && usage.cache_write_tokens > 0
    {
        words.push("written to the cache".to_owned());
    }
    if let Some(FinishReason::Other(reason)) = &response.finish_reason {
        words.push(format!("`{reason}`"));
    }
    words
}

fn without_place_in_ollama(response: &Response) -> Vec<String> {
    let mut words = Vec::new();
    let usage = response.usage.unwrap_or_default();
    for (tokens, what) in [
        (usage.cache_read_tokens, "read from a cache"),
        (usage.cache_write_tokens, "written to a cache"),
        (usage.reasoning_tokens, "tokens of reasoning"),
    ] {
        words.extend((tokens > 0).then(|| what.to_owned()));
    }
    words
}

fn without_place_in_gemini(response: &Response) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(usage) = response.usage
        && usage.cache_write_tokens > 0
    {
        words.push("written to the cache".to_owned());
    }
    let is_refusal = |part: &Part| matches!(part, Part::Refusal(_));
    let stops = matches!(
        response.finish_reason,
        Some(FinishReason::Stop | FinishReason::ContentFilter)
    );
    if response.message.parts.iter().any(is_refusal) && !stops {
        words.push("a refusal with".to_owned());
    }
    words
}

/// The same answer as it is read from a wire, which has places for all of it.
pub(super) fn as_read(mut response: Response, wire: Wire) -> Response {
    let parts = std::mem::take(&mut response.message.parts);
    match wire {
        Wire::Openai => {
            let mut choices = response.metadata.remove("choices");
            if let Some(choice) = choices
                .as_mut()
                .and_then(|choices| choices[0].as_object_mut())
                && let Some(message) = choice.remove("message")
            {
                response.message.extra.extend(map(message));
            }
            response
                .metadata
                .extend(choices.map(|choices| ("choices".to_owned(), choices)));
            response.message.parts = in_the_order_of_openai(parts);
        }
        Wire::Responses => {
            let calls = parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
            response.finish_reason = match response.finish_reason {
                Some(FinishReason::Stop | FinishReason::ToolCalls) if calls => {
                    Some(FinishReason::ToolCalls)
                }
                Some(FinishReason::ToolCalls) => Some(FinishReason::Stop),
                reason => reason,
            };
            response.message.parts = parts.into_iter().fold(Vec::new(), as_items);
        }
        Wire::Gemini => {
            let mut extra = std::mem::take(&mut response.message.extra);
            extra.retain(|_, value| !value.is_null());
            response.metadata.extend(extra);
            let calls = parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
            let (refusal, parts) = without_refusals(parts);
            response.finish_reason = match response.finish_reason {
                Some(_) if refusal.is_some() => Some(FinishReason::Stop),
                Some(FinishReason::Stop) if calls => Some(FinishReason::ToolCalls),
                Some(FinishReason::ToolCalls) if !calls => Some(FinishReason::Stop),
                reason => reason,
            };
            let parts = parts.into_iter().fold(Vec::new(), |mut parts, part| {
                match (part, parts.last_mut()) {
                    (Part::Extra(extra), Some(Part::Other(Value::Object(other)))) => {
                        other.extend(extra);
                    }
                    (part, _) => parts.push(part),
                }
                parts
            });
            response.message.parts = parts;
            let refusal = refusal.map(Part::Refusal);
            response.message.parts.extend(refusal);
        }
        Wire::Interactions => {
            let mut extra = std::mem::take(&mut response.message.extra);
            extra.retain(|_, value| !value.is_null());
            response.metadata.extend(extra);
            response.message.parts = parts.into_iter().fold(Vec::new(), as_steps);
        }
        Wire::Ollama => {
            response.id.clear();
            response.message.parts = in_the_order_of_openai(parts);
            let calls = response.tool_calls().next().is_some();
            response.finish_reason = match response.finish_reason {
                Some(FinishReason::Stop) if calls => Some(FinishReason::ToolCalls),
                Some(FinishReason::ToolCalls) if !calls => Some(FinishReason::Stop),
                reason => reason,
            };
        }
        Wire::Anthropic => {
            let mut extra = std::mem::take(&mut response.message.extra);
            extra.retain(|_, value| !value.is_null());
            response.metadata.extend(extra);
            response.usage.get_or_insert_default();
            let (refusal, mut parts) = without_refusals(parts);
            if let Some(refusal) = refusal {
                parts.push(Part::Refusal(refusal));
                if response.finish_reason == Some(FinishReason::ContentFilter) {
                    response.finish_reason = Some(FinishReason::Stop);
                }
                if let Some(details) = response.metadata.get_mut("stop_details") {
                    details["type"] = "refusal".into();
                }
            }
            response.message.parts = parts.into_iter().fold(Vec::new(), as_blocks);
        }
    }
    response
}

/// Reasoning without a text is an item: only encrypted if it is signed, and with its extra fields before it.
fn as_items(mut parts: Vec<Part>, part: Part) -> Vec<Part> {
    let item = |fields| Part::Extra(map(json!({ "item": fields })));
    let is_empty = |part: &Part| match part {
        Part::Reasoning(reasoning) => reasoning.text.is_empty(),
        Part::RedactedReasoning(_) => true,
        _ => false,
    };
    match part {
        Part::Reasoning(Reasoning {
            text,
            signature: Some(seal),
        }) if text.is_empty() => {
            parts.push(Part::RedactedReasoning(seal));
        }
        Part::Extra(extra) if parts.last().is_some_and(is_empty) => {
            let at = parts.len() - 1;
            match at.checked_sub(1).and_then(|before| parts.get_mut(before)) {
                Some(Part::Extra(known)) if known.contains_key("item") => {
                    known["item"]
                        .as_object_mut()
                        .expect("it is an object")
                        .extend(extra);
                }
                _ => parts.insert(at, item(Value::from(extra))),
            }
        }
        Part::Extra(extra) if matches!(parts.last(), Some(Part::Other(_))) => {
            if let Some(Part::Other(Value::Object(other))) = parts.last_mut() {
                other.extend(extra);
            }
        }
        part => {
            let begins = matches!(&part, Part::Reasoning(_)) && !is_empty(&part);
            let last = parts.last().filter(|last| is_empty(last));
            if begins && matches!(last, Some(Part::Reasoning(_))) {
                parts.push(item(json!({})));
            }
            parts.push(part);
        }
    }
    parts
}

/// What else is said of a step of the provider's own is in it. An image after a text, or a text after an image, is in its step.
fn as_steps(mut parts: Vec<Part>, part: Part) -> Vec<Part> {
    match (part, parts.last_mut()) {
        (Part::Extra(extra), Some(Part::Other(Value::Object(other)))) => other.extend(extra),
        (part, _) => parts.push(part),
    }
    parts
}

fn as_blocks(mut parts: Vec<Part>, part: Part) -> Vec<Part> {
    match (part, parts.last_mut()) {
        (Part::Extra(extra), Some(Part::Other(Value::Object(other)))) => other.extend(extra),
        (Part::Reasoning(Reasoning { text, signature }), _) => {
            let signature = signature.filter(|seal| !seal.is_empty());
            parts.push(Part::Reasoning(Reasoning { text, signature }));
        }
        (part, _) => parts.push(part),
    }
    parts
}

/// The same answer, without what a whole answer and a stream of the wire do not share: the order of the kinds of part at OpenAI,
/// and the spelling of arguments, which are JSON at Anthropic.
pub(super) fn alike(mut response: Response, wire: Wire) -> Response {
    if wire == Wire::Ollama {
        // Durations are made up where there are none.
        let is_duration = |name: &str| name.ends_with("_duration");
        response.metadata.retain(|name, _| !is_duration(name));
    }
    if matches!(wire, Wire::Openai | Wire::Ollama) {
        let parts = std::mem::take(&mut response.message.parts);
        response.message.parts = in_the_order_of_openai(parts);
    }
    if wire == Wire::Openai {
        return response;
    }
    for part in &mut response.message.parts {
        if let Part::ToolCall(call) = part {
            call.arguments = match call.json::<Value>() {
                Ok(arguments) => arguments.to_string(),
                Err(_) if call.arguments.is_empty() => "{}".to_owned(),
                Err(_) => continue,
            };
        }
    }
    response
}

fn without_refusals(parts: Vec<Part>) -> (Option<String>, Vec<Part>) {
    let mut refusal: Option<String> = None;
    let mut others = Vec::new();
    for part in parts {
        match part {
            Part::Refusal(text) => refusal.get_or_insert_default().push_str(&text),
            part => others.push(part),
        }
    }
    (refusal, others)
}

/// Reasoning, text, refusal, calls, each kind together.
fn in_the_order_of_openai(parts: Vec<Part>) -> Vec<Part> {
    let [mut reasoning, mut text, mut refusal] = [const { String::new() }; 3];
    let mut calls = Vec::new();
    for part in parts {
        match part {
            Part::Reasoning(part) => reasoning += &part.text,
            Part::Text(part) => text += &part,
            Part::Refusal(part) => refusal += &part,
            part => calls.push(part),
        }
    }
    let mut parts = Vec::new();
    if !reasoning.is_empty() {
        parts.push(Part::Reasoning(Reasoning {
            text: reasoning,
            signature: None,
        }));
    }
    parts.extend((!text.is_empty()).then_some(Part::Text(text)));
    parts.extend((!refusal.is_empty()).then_some(Part::Refusal(refusal)));
    parts.extend(calls);
    parts
}
