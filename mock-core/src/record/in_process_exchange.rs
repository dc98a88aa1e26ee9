//! What was asked and answered in process, as an exchange over a wire.

use std::time::Duration;

use mock_cassette::{Interaction, RecordedFrame};
use serde_json::Value;

use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::raw_answer_reader::RawAnswers as _;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::recorded_api::{Api, ChatApi, ChatWriter, EmbeddingsApi};
use crate::scenario::{Profile, Str};
use crate::wire::{Wires, WriteError};

/// The request to a provider.
pub(super) enum Question {
    Chat(Request),
    Embeddings(EmbeddingRequest),
}

/// The response of a provider.
pub(super) enum Answered {
    Whole(Box<Response>),
    /// Events, and when they came, since the request.
    Streamed(Vec<(Duration, StreamEvent)>),
    Embedded(Box<EmbeddingResponse>),
    Failed(ProviderError),
}

/// Writes an exchange in the first format in which it is read again as it was. `provider` is the name of the provider, whose own format comes
/// first.
///
/// # Errors
/// The error for contents that no format can express.
pub(super) fn exchange(
    provider: &str,
    question: &Question,
    answered: &Answered,
) -> Result<Interaction, String> {
    let mut formats: Vec<Api> = match question {
        Question::Chat(_) => ChatApi::WRITTEN.map(Api::Chat).to_vec(),
        Question::Embeddings(_) => EmbeddingsApi::WRITTEN.map(Api::Embeddings).to_vec(),
    };
    formats.sort_by_key(|format| format.profile().name() != provider);
    let mut problem = None;
    for format in formats {
        let written = match (format, question) {
            (Api::Chat(api), Question::Chat(request)) => {
                // The writer makes the ids of the items that the provider did not give.
                let bare = chat(api, request, answered, false);
                match (api, &bare) {
                    (ChatApi::Responses, Ok(None)) => chat(api, request, answered, true),
                    _ => bare,
                }
            }
            (Api::Embeddings(api), Question::Embeddings(request)) => {
                embeddings(api, request, answered)
            }
            _ => continue,
        };
        match written {
            Ok(Some(interaction)) => return Ok(interaction),
            Ok(None) => {}
            Err(error) => {
                problem.get_or_insert(error.to_string());
            }
        }
    }
    Err(match (problem, answered) {
        (_, Answered::Failed(error)) if error.status.is_none() => {
            format!("the provider failed without an HTTP answer: {error}")
        }
        (Some(problem), _) => problem,
        (None, _) => {
            "no provider's format holds all of the exchange: record it over the wire, with `serve`"
                .to_owned()
        }
    })
}

/// A chat in this format; `None` if it is not read as it was.
fn chat(
    api: ChatApi,
    request: &Request,
    answered: &Answered,
    keeps_item_ids: bool,
) -> Result<Option<Interaction>, WriteError> {
    let mut sent = request.clone();
    sent.stream = matches!(answered, Answered::Streamed(_)).then_some(true);
    let mut interaction = asked_at(&api.path(&sent), &api.write_request(&sent)?);
    let is_kept = match answered {
        Answered::Whole(response) => whole(api, response, keeps_item_ids, &mut interaction)?,
        Answered::Streamed(events) => {
            streamed(api, &sent, events, keeps_item_ids, &mut interaction)?
        }
        Answered::Failed(error) => failed(api, error, &mut interaction),
        Answered::Embedded(_) => false,
    };
    let read = Api::Chat(api).read_request(&interaction);
    let is_read = read.is_some_and(|read| {
        let read = Request {
            extra: sent.extra.clone(),
            stream: sent.stream,
            ..read.request
        };
        read == sent
    });
    Ok((is_kept && is_read).then_some(interaction))
}

/// A request for embeddings in this format; `None` if it is not read as it was.
fn embeddings(
    api: EmbeddingsApi,
    request: &EmbeddingRequest,
    answered: &Answered,
) -> Result<Option<Interaction>, WriteError> {
    let mut interaction = asked_at(&api.path(request), &api.write_request(request)?);
    let is_kept = match answered {
        Answered::Embedded(response) => {
            let body = api.write_response(response)?;
            let profile = Api::Embeddings(api).profile();
            let text = answer_json(&body, &mut interaction);
            let read = Wires.embeddings(profile, 200, &[], &text);
            // Not every format has the model of an answer, so the model is not compared.
            read.is_some_and(|read| {
                read.is_ok_and(|read| {
                    read.embeddings == response.embeddings && read.usage == response.usage
                })
            })
        }
        Answered::Failed(error) => failed(api.chat(), error, &mut interaction),
        Answered::Whole(_) | Answered::Streamed(_) => false,
    };
    let read = Api::Embeddings(api).read_request(&interaction);
    let expected = request.as_request();
    let is_read = read.is_some_and(|read| {
        read.request.model == expected.model
            && read.request.messages == expected.messages
            && read.request.extra.get("dimensions") == expected.extra.get("dimensions")
    });
    Ok((is_kept && is_read).then_some(interaction))
}

/// An exchange that begins with this request. The path may have a query.
fn asked_at(path: &str, body: &Value) -> Interaction {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut interaction = Interaction::new("POST", path);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    interaction.query = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    interaction.request_headers = vec![content_type("application/json")];
    interaction.request_body = body.to_string().into_bytes();
    interaction
}

/// Sets the body of the answer, and returns it.
fn answer_json(body: &Value, interaction: &mut Interaction) -> String {
    interaction.headers = vec![content_type("application/json")];
    let text = body.to_string();
    interaction.body = text.clone().into_bytes();
    text
}

fn whole(
    api: ChatApi,
    response: &Response,
    keeps_item_ids: bool,
    interaction: &mut Interaction,
) -> Result<bool, WriteError> {
    let mut body = api.write_response(response)?;
    if api == ChatApi::Responses && !keeps_item_ids {
        remove_item_ids(&mut body);
    }
    let text = answer_json(&body, interaction);
    let read = Wires.whole(api.profile(), 200, &[], &text);
    let mut expected = response.clone();
    expected.headers.clear();
    Ok(read.is_some_and(|read| read.is_ok_and(|read| read == expected)))
}

fn streamed(
    api: ChatApi,
    asked: &Request,
    events: &[(Duration, StreamEvent)],
    keeps_item_ids: bool,
    interaction: &mut Interaction,
) -> Result<bool, WriteError> {
    interaction.headers = vec![content_type(api.stream_type())];
    let head = Response::new("", asked.model.as_str());
    let mut writer = ChatWriter::new(api, &head);
    let mut before_ms = 0;
    for (index, (at, event)) in events.iter().enumerate() {
        let mut frames = writer.write(event)?;
        if index + 1 == events.len() {
            frames.extend(writer.end());
        }
        if api == ChatApi::Responses && !keeps_item_ids {
            frames.iter_mut().for_each(remove_item_ids_of_frame);
        }
        let text = frames.concat();
        let at_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let gap = Duration::from_millis(at_ms.saturating_sub(before_ms));
        before_ms = at_ms;
        interaction.frames.push(RecordedFrame::new(text.len(), gap));
        interaction.body.extend_from_slice(text.as_bytes());
    }
    let Some(mut reader) = Wires.frames(api.profile()) else {
        return Ok(false);
    };
    let body = String::from_utf8_lossy(&interaction.body);
    let mut read = reader.read(&body);
    read.extend(reader.end().map(Ok));
    let events = events.iter().map(|(_, event)| event);
    Ok(read.len() == events.len()
        && read
            .iter()
            .zip(events)
            .all(|(read, event)| read.as_ref() == Ok(event)))
}

/// Removes the ids of items, which a redaction would take for those of the provider.
fn remove_item_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str);
            if matches!(kind, Some("message" | "reasoning" | "function_call")) {
                fields.remove("id");
            }
            fields.remove("item_id");
            fields.values_mut().for_each(remove_item_ids);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_item_ids),
        _ => {}
    }
}

fn remove_item_ids_of_frame(frame: &mut String) {
    const DATA: &str = "data: ";
    let Some((head, data)) = frame.split_once(DATA) else {
        return;
    };
    if let Ok(mut value) = serde_json::from_str(data) {
        remove_item_ids(&mut value);
        *frame = format!("{head}{DATA}{value}\n\n");
    }
}

fn failed(api: ChatApi, error: &ProviderError, interaction: &mut Interaction) -> bool {
    let Some(reply) = api.write_error(error) else {
        return false;
    };
    let headers = reply.headers.into_iter();
    let headers = headers.filter(|(_, value)| !value.is_empty());
    let headers = headers.map(|(name, value)| (name.to_owned(), value));
    interaction.status = reply.status;
    interaction.headers = headers.chain([content_type("application/json")]).collect();
    interaction.body = reply.body.to_string().into_bytes();
    let headers: Vec<(Str, Str)> = interaction
        .headers
        .iter()
        .map(|(name, value)| (name.clone().into(), value.clone().into()))
        .collect();
    let profile: Profile = api.profile();
    let read = Wires.whole(profile, reply.status, &headers, &reply.body.to_string());
    read.is_some_and(|read| {
        read.is_err_and(|read| {
            read.kind == error.kind
                && read.status == error.status
                && read.message == error.message
                && read.retry_after == error.retry_after
        })
    })
}

fn content_type(value: &str) -> (String, String) {
    ("content-type".to_owned(), value.to_owned())
}
