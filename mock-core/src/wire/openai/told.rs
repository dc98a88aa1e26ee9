//! How often a stream says its further fields: [`Told`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::chat::response::{Once, Response};
use crate::wire::write::extend;

/// Counts the chunks of a stream that have a further field.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    chunks: usize,
    fields: BTreeMap<String, Field>,
}

#[derive(Debug, Clone)]
struct Field {
    /// Whether the first chunk has it.
    first: bool,
    chunks: usize,
}

impl Told {
    /// Adds the further fields of a chunk to the metadata. Objects come together; of all else the last counts.
    pub(super) fn read_chunk(
        &mut self,
        fields: Map<String, Value>,
        metadata: &mut Map<String, Value>,
    ) {
        for (name, value) in fields {
            let first = self.chunks == 0;
            let field = self
                .fields
                .entry(name.clone())
                .or_insert(Field { first, chunks: 0 });
            field.chunks += 1;
            match (metadata.get_mut(&name), value) {
                (Some(Value::Object(known)), Value::Object(more)) => extend(known, more),
                (_, value) => {
                    metadata.insert(name, value);
                }
            }
        }
        self.chunks += 1;
    }

    /// Notes which fields are not for every chunk: those that at most half of them have.
    pub(super) fn note_in(&self, head: &mut Response) {
        let rare = self
            .fields
            .iter()
            .filter(|(_, field)| 2 * field.chunks <= self.chunks);
        for (name, field) in rare {
            let once = match field.first && field.chunks == 1 {
                true => Once::AtStart,
                false => Once::AtEnd,
            };
            head.note_once(name, once);
        }
    }
}
