//! An item of a stream, as far as it has been read.

use serde_json::{Map, Value};

use super::StreamReader;
use crate::chat::event::StreamEvent;
use crate::chat::message::ToolCall;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai_responses::item::{
    self, CUSTOM_CALL, Content, Defaults, RAW_REASONING, Thought,
};
use crate::wire::openai_responses::item_differences::only_when_added;
use crate::wire::openai_responses::read_item::{item_part, split_call, without_defaults};
use crate::wire::read::Fields;
use crate::wire::write::retain;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Message,
    Reasoning,
    Call,
    Other,
}

/// The part of an item that has been read.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// The item as it was when it was added; empty if that event did not come.
    pub(super) added: Map<String, Value>,
    /// The extra fields among them.
    pub(super) fields: Map<String, Value>,
    /// Whether an event of this item has been returned.
    pub(super) begun: bool,
    /// The index and the name of the part that was read last.
    pub(super) part: Option<(u64, &'static str)>,
    /// The index of the call among the answer's calls.
    pub(super) call: usize,
    /// How much of a call's input has come.
    pub(super) input: usize,
    /// All that it was when it was done.
    pub(super) done: Option<Map<String, Value>>,
}

impl Item {
    /// The kind of the item, before any of its content has come.
    fn content(&self) -> Content {
        let text = |name| self.added.get(name).and_then(Value::as_str);
        let text = |name| text(name).unwrap_or_default();
        match self.kind {
            Kind::Message => Content::Message(Vec::new()),
            Kind::Reasoning => Content::Reasoning(Thought::default()),
            Kind::Call => Content::Call(ToolCall::new(text("call_id"), text("name"), "")),
            Kind::Other => Content::Other(Map::new()),
        }
    }
}

impl StreamReader {
    /// The item that an event is about.
    pub(super) fn item(&mut self, index: u64, kind: Kind) -> &mut Item {
        let at = match self.items.position(&|(known, _)| *known == index) {
            Some(at) => at,
            None => {
                let item = Item {
                    kind,
                    added: Map::new(),
                    fields: Map::new(),
                    begun: false,
                    part: None,
                    call: 0,
                    input: 0,
                    done: None,
                };
                self.items.push((index, item));
                self.items.len() - 1
            }
        };
        &mut self.items[at].1
    }

    /// The fields of an item that are not there by default.
    pub(super) fn extra_fields(
        &self,
        index: u64,
        kind: Kind,
        fields: &Map<String, Value>,
    ) -> Map<String, Value> {
        let prefix = match kind {
            Kind::Message => "msg_",
            Kind::Reasoning => "rs_",
            Kind::Call if fields.get("type").is_some_and(|kind| kind == CUSTOM_CALL) => "ctc_",
            Kind::Call => "fc_",
            Kind::Other => "",
        };
        let defaults = Defaults {
            response: &self.head.id,
            index: usize::try_from(index).unwrap_or(usize::MAX),
            status: "",
        };
        let mut extra_fields = without_defaults(fields.clone(), defaults, prefix);
        // Leave out the status: the end of the answer shows how the item ended.
        let status = extra_fields.remove("status");
        retain(&mut extra_fields, &mut |_, value| !value.is_null());
        if kind == Kind::Reasoning && status.is_some_and(|status| !status.is_null()) {
            extra_fields.insert("status".into(), Value::Null);
        }
        extra_fields
    }

    /// Notes what an item has only when it is added.
    pub(super) fn note_added(&mut self, index: u64, content: Content, fields: Map<String, Value>) {
        let added = std::mem::take(&mut self.item(index, Kind::Other).added);
        let defaults = Defaults {
            response: &self.head.id,
            index: usize::try_from(index).unwrap_or(usize::MAX),
            status: "in_progress",
        };
        let item = item::Item::new(content, fields);
        if let Some(noted) = only_when_added(&item, &added, defaults) {
            self.head.note_item(noted);
        }
    }

    /// Tells the extra fields of an item before its first part, or that it is another than the one before.
    pub(super) fn begin(&mut self, index: u64, events: &mut Vec<StreamEvent>) {
        let item = self.item(index, Kind::Other);
        if std::mem::replace(&mut item.begun, true) {
            return;
        }
        let (kind, fields) = (item.kind, item.fields.clone());
        let mut extra_fields = self.extra_fields(index, kind, &fields);
        let content = self.item(index, kind).content();
        self.note_added(index, content, extra_fields.clone());
        if kind == Kind::Call {
            (extra_fields, _) = split_call(extra_fields);
        }
        let goes_on = matches!(kind, Kind::Message | Kind::Reasoning) && self.goes_on == Some(kind);
        if goes_on || !extra_fields.is_empty() {
            events.push(StreamEvent::Part(Box::new(item_part(extra_fields))));
        }
        self.goes_on = Some(kind);
    }

    /// Notes that the reasoning is raw text.
    pub(super) fn mark_raw(&mut self, fields: &Fields<'_, '_>) {
        if let Some(BorrowedValue::Number(index)) = fields.peek("output_index")
            && let Some(index) = index.as_u64()
        {
            let item = self.item(index, Kind::Reasoning);
            if !item.begun {
                item.fields.insert("content".into(), RAW_REASONING.into());
            }
        }
    }
}
