//! The fields that an item of a stream has in one place only: when it is added, or in the whole answer at the end.

use serde_json::{Map, Value};

use super::item::{Content, Defaults, Item};
use crate::chat::response::{ItemPlace, NotedItem};

/// The fields of the `added` item that the finished item does not have, or has with another value.
pub(super) fn only_when_added(
    item: &Item,
    added: &Map<String, Value>,
    defaults: Defaults<'_>,
) -> Option<NotedItem> {
    let written = item.write_added(defaults, "a stream").ok()?;
    let extra_fields = match &item.content {
        Content::Other(whole) => whole,
        _ => &item.fields,
    };
    let is_later = |name: &String| !added.contains_key(name);
    let later = extra_fields.keys().filter(|name| is_later(name));
    let only = only_in(added, &written, later);
    let id = written.get("id")?.as_str()?;
    noted(id, ItemPlace::Added, only).filter(|_| !added.is_empty())
}

/// The fields of the item in the whole `answer` that it did not have when it was `done`, or had with another value.
pub(super) fn only_in_answer(
    done: &Map<String, Value>,
    answer: &Map<String, Value>,
) -> Option<NotedItem> {
    let left_out = done.keys().filter(|name| !answer.contains_key(*name));
    let only = only_in(answer, done, left_out);
    noted(done.get("id")?.as_str()?, ItemPlace::Answer, only)
}

fn only_in<'n>(
    fields: &Map<String, Value>,
    written: &Map<String, Value>,
    left_out: impl Iterator<Item = &'n String>,
) -> Map<String, Value> {
    // A loop, because `collect` would compile another sort.
    let mut only = Map::new();
    for (name, value) in fields {
        if !value.is_null() && written.get(name) != Some(value) {
            only.insert(name.clone(), value.clone());
        }
    }
    for name in left_out {
        only.insert(name.clone(), Value::Null);
    }
    only
}

fn noted(id: &str, place: ItemPlace, fields: Map<String, Value>) -> Option<NotedItem> {
    (!fields.is_empty()).then(|| NotedItem {
        id: id.to_owned(),
        place,
        fields,
    })
}
