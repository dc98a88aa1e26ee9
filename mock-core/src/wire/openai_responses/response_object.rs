//! The JSON object of a response in each of its states, as a whole answer and in the events of a stream: [`Head`].

use serde_json::{Map, Value};

use super::WIRE;
use super::echo::{DEFAULTS, default_at_start, default_of, earlier_default};
use super::error::write_failure;
use super::finish_and_usage::{FAILED, Status, write_usage};
use crate::chat::error::ProviderError;
use crate::chat::finish_and_usage::Usage;
use crate::chat::response::Response;
use crate::search::Search;
use crate::wire::write::{Json, WriteError, push_text, retain};

const PLACE: &str = "an answer";

/// The fields of an answer that are known before it has begun.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// From the brace on to a comma: those that are always there, as JSON.
    begins: String,
    /// All others, with commas at the end.
    others: Others,
    /// Extra fields of the usage.
    usage: Map<String, Value>,
    incomplete_details: Map<String, Value>,
    /// The failure in the metadata.
    error: Option<Value>,
}

/// The fields of an answer in one of its states.
pub(super) struct State<'s> {
    pub(super) status: Status<'s>,
    pub(super) completed: Option<u64>,
    pub(super) error: Option<Value>,
    /// Its items, as JSON with commas between them.
    pub(super) output: &'s str,
    pub(super) usage: Option<Usage>,
    /// Whether the answer has ended, so that all its extra fields are known.
    pub(super) is_last: bool,
}

impl<'s> State<'s> {
    /// An answer that failed, with the items that were complete before.
    pub(super) fn failed(error: &ProviderError, output: &'s str) -> Self {
        State {
            status: Status {
                name: FAILED,
                reason: None,
            },
            completed: None,
            error: Some(write_failure(error).into()),
            output,
            usage: None,
            is_last: true,
        }
    }
}

impl Head {
    /// # Errors
    /// If the answer is not the model's, if its message has a name or fields, or if the metadata give a field another value than the
    /// answer itself.
    pub(super) fn new(response: &Response, created: u64) -> Result<Self, WriteError> {
        let message = &response.message;
        WIRE.check_answer(message)?;
        if let Some(name) = message.extra.keys().next() {
            let what =
                format!("`{name}` of the message, which has no fields but those of its items");
            return Err(WIRE.no_place(&what, PLACE));
        }
        let begins = Json::new()
            .raw("{\"id\":")
            .text(&response.id)
            .raw(",\"object\":\"response\",\"created_at\":")
            .number(created)
            .raw(",\"model\":")
            .text(&response.model)
            .raw(",");
        let mut head = Head {
            begins: begins.into_string(),
            others: Others::default(),
            usage: Map::new(),
            incomplete_details: Map::new(),
            error: None,
        };
        let at_start = response.at_start();
        for (name, default) in DEFAULTS {
            if !response.metadata.contains_key(name) {
                let earlier = earlier_default(name).unwrap_or(default);
                head.others.add(name, default, earlier, at_start);
            }
        }
        for (name, value) in &response.metadata {
            match (&**name, value) {
                ("usage" | "incomplete_details", Value::Null) | ("error", Value::Null) => {}
                ("usage", Value::Object(fields)) => head.usage.clone_from(fields),
                ("incomplete_details", Value::Object(fields)) => {
                    head.incomplete_details.clone_from(fields);
                }
                ("error", error) => head.error = Some(error.clone()),
                ("usage" | "incomplete_details", _) => {
                    return Err(WIRE.no_place(&format!("`{name}` that is not an object"), PLACE));
                }
                (
                    "id" | "object" | "created_at" | "completed_at" | "model" | "status" | "output",
                    value,
                ) => {
                    if !value.is_null() {
                        return Err(WIRE.duplicate_value(name, PLACE));
                    }
                }
                (_, value) => {
                    let value = value.to_string();
                    head.others.add(name, &value, &value, at_start);
                }
            }
        }
        Ok(head)
    }

    /// Writes the answer as it is at one time.
    ///
    /// # Errors
    /// If a extra field has another value than the answer.
    pub(super) fn write(&self, state: State<'_>) -> Result<Json, WriteError> {
        let Status { name, reason } = state.status;
        let mut details = match state.is_last {
            true => self.incomplete_details.clone(),
            false => Map::new(),
        };
        if let Some(reason) = reason
            && details
                .insert("reason".into(), reason.into())
                .is_some_and(|before| before != reason)
        {
            return Err(WIRE.duplicate_value("incomplete_details.reason", PLACE));
        }
        let error = state
            .error
            .or_else(|| self.error.clone().filter(|_| state.is_last));
        let none = Map::new();
        let extra_fields = if state.is_last { &self.usage } else { &none };
        let json = Json::new()
            .raw(&self.begins)
            .raw("\"status\":")
            .text(name)
            .raw(",\"completed_at\":");
        let json = match state.completed {
            Some(time) => json.number(time),
            None => json.raw("null"),
        };
        let json = json.raw(",\"error\":");
        let json = match error {
            Some(error) => json.value(&error),
            None => json.raw("null"),
        };
        let json = json.raw(",\"incomplete_details\":");
        let json = match details.is_empty() {
            true => json.raw("null"),
            false => json.value(&details.into()),
        };
        let json = json
            .raw(",")
            .raw(&self.others.always)
            .raw(match state.is_last {
                true => &self.others.at_end,
                false => &self.others.at_start,
            })
            .raw("\"output\":[")
            .raw(state.output)
            .raw("],\"usage\":");
        Ok(write_usage(json, state.usage, extra_fields)?.raw("}"))
    }
}

/// Fields of an answer as JSON: those that never change, and those that are others at the end.
#[derive(Debug, Clone, Default)]
struct Others {
    always: String,
    at_start: String,
    at_end: String,
}

impl Others {
    /// Adds a field with its value at the end and before it, unless another one before the end is noted.
    fn add(&mut self, name: &str, value: &str, earlier: &str, noted: &[(String, Value)]) {
        let noted = noted.find(&|(known, _)| known == name);
        match noted {
            None if value == earlier => return add_field(&mut self.always, name, value),
            None => add_field(&mut self.at_start, name, earlier),
            // A `null` does not remove a parameter of the request, which is always there.
            Some((_, Value::Null)) if default_of(name).is_none() => {}
            Some((_, noted)) => add_field(&mut self.at_start, name, &noted.to_string()),
        }
        add_field(&mut self.at_end, name, value);
    }
}

fn add_field(json: &mut String, name: &str, value: &str) {
    push_text(json, name);
    json.extend([":", value, ","]);
}

/// The extra fields of an answer at its end, but for those that are there by default.
pub(super) fn extra_fields(mut fields: Map<String, Value>) -> Map<String, Value> {
    retain(&mut fields, &mut |name, value| {
        !value.is_null() && default_of(name).as_ref() != Some(value)
    });
    fields
}

/// The extra fields before the end of the answer.
pub(super) fn extra_fields_at_start(mut fields: Map<String, Value>) -> Map<String, Value> {
    retain(&mut fields, &mut |name, value| {
        !value.is_null() && default_at_start(name).as_ref() != Some(value)
    });
    fields
}

/// Notes the fields of the metadata that had other values at the start of a stream.
pub(super) fn note_at_start(
    head: &mut Response,
    start: &Map<String, Value>,
    end: &Map<String, Value>,
) {
    for (name, value) in start {
        if end.get(name) != Some(value) {
            head.note_at_start(name, value.clone());
        }
    }
    let own = |name: &str| matches!(name, "usage" | "incomplete_details" | "error");
    for name in end
        .keys()
        .filter(|name| !own(name) && !start.contains_key(*name))
    {
        head.note_at_start(name, default_at_start(name).unwrap_or_default());
    }
}
