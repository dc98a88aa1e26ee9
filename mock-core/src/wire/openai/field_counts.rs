//! Counts in how many chunks of a stream each extra field is: [`FieldCounts`].

use serde_json::{Map, Value};

use crate::chat::response::{Once, Response};
use crate::wire::write::extend;

/// Counts the chunks of a stream that have a extra field.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldCounts {
    chunks: usize,
    fields: Vec<Field>,
}

#[derive(Debug, Clone)]
struct Field {
    name: String,
    /// Whether the first chunk has the field.
    first: bool,
    chunks: usize,
}

impl FieldCounts {
    /// Adds the extra fields of a chunk to the metadata. Objects are merged; of other values the last counts.
    pub(super) fn read_chunk(
        &mut self,
        fields: Map<String, Value>,
        metadata: &mut Map<String, Value>,
    ) {
        for (name, value) in fields {
            self.count(&name);
            match (metadata.get_mut(&name), value) {
                (Some(Value::Object(known)), Value::Object(more)) => extend(known, more),
                (_, value) => {
                    metadata.insert(name, value);
                }
            }
        }
        self.chunks += 1;
    }

    fn count(&mut self, name: &str) {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.chunks += 1,
            None => self.fields.push(Field {
                name: name.to_owned(),
                first: self.chunks == 0,
                chunks: 1,
            }),
        }
    }

    /// Notes which fields are not for every chunk: those that at most half of them have.
    pub(super) fn note_in(&self, head: &mut Response) {
        let is_rare = |field: &&Field| 2 * field.chunks <= self.chunks;
        for field in self.fields.iter().filter(is_rare) {
            let once = match field.first && field.chunks == 1 {
                true => Once::AtStart,
                false => Once::AtEnd,
            };
            head.note_once(&field.name, once);
        }
    }
}
