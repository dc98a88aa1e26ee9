//! Writes the events of each item of a streamed answer, from `added` to `done`.

use serde_json::{Map, Value};

use super::{Open, Piece, STREAM, StreamWriter};
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::chat::response::{ItemPlace, NotedItem};
use crate::search::Search;
use crate::wire::openai_responses::WIRE;
use crate::wire::openai_responses::item::{
    CUSTOM_CALL, Content, Defaults, Item, Thought, add_fields, check_no_item, content_part,
    in_answer, item_fields, thought_part,
};
use crate::wire::write::{Json, WriteError, describe};

impl StreamWriter {
    /// Begins an item, and ends the one before.
    pub(super) fn open(
        &mut self,
        content: Content,
        fields: Map<String, Value>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        self.close("completed", frames)?;
        let item = Item::new(content, fields);
        let index = self.items;
        let defaults = Defaults {
            response: &self.id,
            index,
            status: "in_progress",
        };
        let id = item.id(defaults);
        let mut added = item.write_added(defaults, STREAM)?.into();
        self.add_noted(ItemPlace::Added, &mut added);
        self.items += 1;
        self.open = Some(Open {
            item,
            id,
            said: None,
            call: None,
            has_empty: false,
        });
        frames.push(self.item_frame("response.output_item.added", &added));
        Ok(())
    }

    /// Gives an item the fields that are noted for this place.
    fn add_noted(&self, place: ItemPlace, item: &mut Value) {
        let Some(fields) = item.as_object_mut().filter(|_| !self.noted.is_empty()) else {
            return;
        };
        let mut all = self.noted.iter();
        let is_of_item = |noted: &&NotedItem| {
            noted.place == place && fields.get("id").is_some_and(|id| *id == *noted.id)
        };
        let Some(noted) = all.find(is_of_item) else {
            return;
        };
        for (name, value) in &noted.fields {
            match value {
                Value::Null => fields.remove(name),
                _ if name == "encrypted_content" && !self.encrypted_reasoning => None,
                value => fields.insert(name.clone(), value.clone()),
            };
        }
    }

    pub(super) fn item_frame(&mut self, name: &str, item: &Value) -> String {
        let output = self.items.saturating_sub(1) as u64;
        let fields = Json::new()
            .raw(",\"output_index\":")
            .number(output)
            .raw(",\"item\":")
            .value(item);
        self.frame(name, &fields.into_string())
    }

    /// Ends the open item, if there is one.
    pub(super) fn close(
        &mut self,
        status: &str,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        self.close_part(frames);
        if let Some(Open { item, .. }) = &self.open
            && let Content::Call(ToolCall { arguments, .. }) = &item.content
        {
            let (event, field) = match item.is_custom() {
                true => ("response.custom_tool_call_input.done", "input"),
                false => ("response.function_call_arguments.done", "arguments"),
            };
            let arguments = arguments.clone();
            let done = |json: Json| json.raw(",").text(field).raw(":").text(&arguments);
            frames.push(self.frame_of_item(event, None, done));
        }
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let index = self.items.saturating_sub(1);
        let mut done = open.item.write(
            Defaults {
                response: &self.id,
                index,
                status,
            },
            STREAM,
        )?;
        frames.push(self.item_frame("response.output_item.done", &done));
        if !self.output.is_empty() {
            self.output.push(',');
        }
        self.add_noted(ItemPlace::Answer, &mut done);
        self.output.push_str(&done.to_string());
        if open.has_empty {
            self.open(Content::Reasoning(Thought::default()), Map::new(), frames)?;
            self.close(status, frames)?;
        }
        Ok(())
    }

    /// Ends the open part, if there is one.
    pub(super) fn close_part(&mut self, frames: &mut Vec<String>) {
        let Some(open) = &mut self.open else { return };
        let Some(said) = open.said.take() else { return };
        match &mut open.item.content {
            Content::Message(content) => {
                let Some(part) = content.last_mut() else {
                    return;
                };
                let is_text = part["type"] == "output_text";
                part[if is_text { "text" } else { "refusal" }] = said.as_str().into();
                let part = in_answer(part.clone());
                let event = if is_text {
                    "response.output_text.done"
                } else {
                    "response.refusal.done"
                };
                frames.push(self.frame_of_item(event, Some("content_index"), |json| {
                    match is_text {
                        true => json
                            .raw(",\"text\":")
                            .text(&said)
                            .raw(",\"logprobs\":")
                            .value(&part["logprobs"]),
                        false => json.raw(",\"refusal\":").text(&said),
                    }
                }));
                frames.push(self.part_frame("response.content_part.done", "content_index", &part));
            }
            Content::Reasoning(thought) => {
                let Some(part) = thought.texts.last_mut() else {
                    return;
                };
                part["text"] = said.as_str().into();
                let part = part.clone();
                let done = |json: Json| json.raw(",\"text\":").text(&said);
                match part["type"] == "summary_text" {
                    true => {
                        let at = "summary_index";
                        frames.push(self.frame_of_item(
                            "response.reasoning_summary_text.done",
                            Some(at),
                            done,
                        ));
                        frames.push(self.part_frame(
                            "response.reasoning_summary_part.done",
                            at,
                            &part,
                        ));
                    }
                    false => {
                        let at = "content_index";
                        frames.push(self.frame_of_item(
                            "response.reasoning_text.done",
                            Some(at),
                            done,
                        ));
                        frames.push(self.part_frame("response.content_part.done", at, &part));
                    }
                }
            }
            Content::Call(_) | Content::Other(_) => {}
        }
    }

    pub(super) fn part_frame(&mut self, name: &str, at: &str, part: &Value) -> String {
        self.frame_of_item(name, Some(at), |json| json.raw(",\"part\":").value(part))
    }

    /// Writes a piece of a text or a refusal.
    pub(super) fn write_piece(
        &mut self,
        piece: Piece,
        text: &str,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let goes_on = self.begun.is_none()
            && self
                .open
                .as_ref()
                .is_some_and(|open| match &open.item.content {
                    Content::Message(content) => {
                        let last = content.last().filter(|_| open.said.is_some());
                        last.is_some_and(|last| last.get(piece.field()).is_some())
                    }
                    _ => false,
                });
        if !goes_on {
            self.begin_part(piece, frames)?;
        }
        self.piece_of_part(piece, text, frames);
        Ok(())
    }

    /// Begins a text or a refusal, in the open message if there is one.
    pub(super) fn begin_part(
        &mut self,
        piece: Piece,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let is_message = |open: &Open| matches!(open.item.content, Content::Message(_));
        if self.begun.is_some() || !self.open.as_ref().is_some_and(is_message) {
            let fields = self.begun.take().unwrap_or_default();
            self.open(Content::Message(Vec::new()), fields, frames)?;
        }
        self.close_part(frames);
        let part = content_part(&piece.begin()).unwrap_or_default();
        if let Some(open) = &mut self.open
            && let Content::Message(content) = &mut open.item.content
        {
            content.push(part.clone());
            open.said = Some(String::new());
        }
        frames.push(self.part_frame(
            "response.content_part.added",
            "content_index",
            &in_answer(part),
        ));
        Ok(())
    }

    pub(super) fn piece_of_part(&mut self, piece: Piece, text: &str, frames: &mut Vec<String>) {
        if let Some(said) = self.open.as_mut().and_then(|open| open.said.as_mut()) {
            said.push_str(text);
        }
        let (event, end) = match piece {
            Piece::Text => ("response.output_text.delta", ",\"logprobs\":[]"),
            Piece::Refusal => ("response.refusal.delta", ""),
        };
        let delta = |json: Json| json.raw(",\"delta\":").text(text).raw(end);
        frames.push(self.frame_of_item(event, Some("content_index"), delta));
    }

    /// Says more of the reasoning.
    pub(super) fn think(&mut self, text: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let is_open =
            |open: &Open| matches!(open.item.content, Content::Reasoning(_)) && open.said.is_some();
        if self.begun.is_some() || !self.open.as_ref().is_some_and(is_open) {
            self.begin_thought(frames)?;
            self.begin_thought_part(frames);
        }
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        open.has_empty = false;
        if let Some(said) = &mut open.said {
            said.push_str(text);
        }
        let (event, at) = match open.item.is_raw() {
            true => ("response.reasoning_text.delta", "content_index"),
            false => ("response.reasoning_summary_text.delta", "summary_index"),
        };
        frames.push(self.frame_of_item(event, Some(at), |json| json.raw(",\"delta\":").text(text)));
        Ok(())
    }

    /// Begins a reasoning, if none is open that can go on.
    pub(super) fn begin_thought(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let goes_on = |open: &Open| match &open.item.content {
            Content::Reasoning(thought) => !thought.is_sealed,
            _ => false,
        };
        if self.begun.is_some() || !self.open.as_ref().is_some_and(goes_on) {
            let fields = self.begun.take().unwrap_or_default();
            self.open(Content::Reasoning(Thought::default()), fields, frames)?;
        }
        Ok(())
    }

    pub(super) fn begin_thought_part(&mut self, frames: &mut Vec<String>) {
        self.close_part(frames);
        let Some(open) = &mut self.open else { return };
        let is_raw = open.item.is_raw();
        let part = thought_part("", is_raw);
        if let Content::Reasoning(thought) = &mut open.item.content {
            thought.texts.push(part.clone());
            open.said = Some(String::new());
        }
        frames.push(match is_raw {
            true => self.part_frame("response.content_part.added", "content_index", &part),
            false => self.part_frame(
                "response.reasoning_summary_part.added",
                "summary_index",
                &part,
            ),
        });
    }

    /// Begins a reasoning that is still empty: a part of the open one if some text follows, else an item of its own.
    pub(super) fn begin_empty_thought(
        &mut self,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        self.close_empty_thought(frames)?;
        self.begin_thought(frames)?;
        self.close_part(frames);
        if let Some(open) = &mut self.open
            && let Content::Reasoning(thought) = &open.item.content
        {
            open.has_empty = !thought.texts.is_empty();
        }
        Ok(())
    }

    /// Ends the open reasoning if it, or its last part, is empty.
    pub(super) fn close_empty_thought(
        &mut self,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let is_empty = |open: &Open| match &open.item.content {
            Content::Reasoning(thought) => open.has_empty || thought.texts.is_empty(),
            _ => false,
        };
        match self.open.as_ref().is_some_and(is_empty) {
            true => self.close("completed", frames),
            false => Ok(()),
        }
    }

    /// Seals the open reasoning, or one without a text.
    pub(super) fn seal(
        &mut self,
        seal: Option<&str>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        if let Some(open) = self.open.as_mut().filter(|open| open.has_empty) {
            // The signature belongs to the empty part, so the item ends here.
            open.has_empty = false;
            self.close("completed", frames)?;
        }
        self.begin_thought(frames)?;
        self.close_part(frames);
        let encrypted = seal.filter(|_| self.encrypted_reasoning);
        if let Some(open) = &mut self.open
            && let Content::Reasoning(thought) = &mut open.item.content
        {
            thought.encrypted = encrypted.map(str::to_owned);
            thought.is_sealed = true;
        }
        Ok(())
    }

    pub(super) fn redacted(
        &mut self,
        data: &str,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let fields = self.begun.take().unwrap_or_default();
        self.open(Content::Reasoning(Thought::default()), fields, frames)?;
        self.seal(Some(data), frames)
    }

    pub(super) fn start_call(
        &mut self,
        index: usize,
        id: &str,
        name: &str,
        extra: Option<&Map<String, Value>>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let mut fields = self.begun.take().unwrap_or_default();
        if let Some(extra) = extra {
            let extra = extra.clone();
            WIRE.join(&mut fields, extra, STREAM)?;
        }
        if self.custom_tools.any(&|custom| custom == name) {
            fields.insert("type".into(), CUSTOM_CALL.into());
        }
        self.open(Content::Call(ToolCall::new(id, name, "")), fields, frames)?;
        if let Some(open) = &mut self.open {
            open.call = Some(index);
        }
        Ok(())
    }

    /// Says more of the input of the open call.
    pub(super) fn input(&mut self, input: &str, frames: &mut Vec<String>) {
        let Some(open) = &mut self.open else { return };
        let event = match open.item.is_custom() {
            true => "response.custom_tool_call_input.delta",
            false => "response.function_call_arguments.delta",
        };
        if let Content::Call(call) = &mut open.item.content {
            call.arguments.push_str(input);
        }
        frames.push(self.frame_of_item(event, None, |json| json.raw(",\"delta\":").text(input)));
    }

    /// Writes a part that does not come in pieces.
    pub(super) fn write_part(
        &mut self,
        part: &Part,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        if let Some(fields) = item_fields(part) {
            return check_no_item(self.begun.replace(fields.clone()), STREAM);
        }
        match part {
            Part::Text(text) | Part::Refusal(text) => {
                let piece = match part {
                    Part::Text(_) => Piece::Text,
                    _ => Piece::Refusal,
                };
                self.begin_part(piece, frames)?;
                if !text.is_empty() {
                    self.piece_of_part(piece, text, frames);
                }
            }
            Part::Reasoning(Reasoning { text, signature }) => {
                self.begin_empty_thought(frames)?;
                if !text.is_empty() {
                    self.think(text, frames)?;
                }
                if let Some(seal) = signature {
                    self.seal(Some(seal), frames)?;
                }
            }
            Part::RedactedReasoning(data) => self.redacted(data, frames)?,
            Part::ToolCall(call) => {
                self.start_call(usize::MAX, &call.id, &call.name, Some(&call.extra), frames)?;
                self.input(&call.arguments, frames);
            }
            // A part with a type of its own is an item.
            Part::Other(Value::Object(item)) if item.get("type").is_some_and(Value::is_string) => {
                let fields = self.begun.take().unwrap_or_default();
                self.open(Content::Other(item.clone()), fields, frames)?;
            }
            Part::Extra(extra) => self.extra_fields(extra, part, frames)?,
            part => return Err(WIRE.no_place(&describe(part), STREAM)),
        }
        Ok(())
    }

    /// Writes the extra fields of the last part.
    pub(super) fn extra_fields(
        &mut self,
        extra: &Map<String, Value>,
        part: &Part,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        if let Some(open) = self.open.as_mut().filter(|open| open.has_empty) {
            open.has_empty = false;
            self.open(Content::Reasoning(Thought::default()), Map::new(), frames)?;
        }
        let open = self.open.as_mut().filter(|_| self.begun.is_none());
        let open = open.ok_or_else(|| WIRE.no_place(&describe(part), STREAM))?;
        // A signed part is complete.
        if let Content::Reasoning(thought) = &open.item.content
            && thought.is_sealed
            && !thought.texts.is_empty()
        {
            return Err(WIRE.no_place(&describe(part), STREAM));
        }
        add_fields(&mut open.item, extra, STREAM)?;
        if let Content::Reasoning(thought) = &mut open.item.content {
            // Reasoning without a text is complete: its fields are the whole item.
            thought.is_sealed |= thought.texts.is_empty();
        }
        if let Content::Message(_) = &open.item.content
            && let Some(annotations) = extra.get("annotations").and_then(Value::as_array)
        {
            for (index, annotation) in annotations.iter().enumerate() {
                let event = "response.output_text.annotation.added";
                frames.push(self.frame_of_item(event, Some("content_index"), |json| {
                    json.raw(",\"annotation_index\":")
                        .number(index as u64)
                        .raw(",\"annotation\":")
                        .value(annotation)
                }));
            }
        }
        // The next text begins another part.
        self.close_part(frames);
        Ok(())
    }
}
