//! The schemas that a model keeps to: of a strict function, and of a strict answer.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;

/// The guide to structured outputs.
pub(in crate::wire) const STRICT: &str =
    "https://platform.openai.com/docs/guides/structured-outputs";

/// Whether the `required` of a schema has a key that is not in its `properties`.
pub(in crate::wire) fn requires_unknown(schema: &BorrowedValue<'_>) -> bool {
    let is_unknown = |key: &BorrowedValue<'_>| {
        let key = key.as_text().unwrap_or_default();
        let properties = schema.field("properties");
        !properties.is_some_and(|properties| properties.has(key))
    };
    schema.list("required").any(&is_unknown)
}
