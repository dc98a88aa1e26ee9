//! Whether a JSON value contains another one: [`json_contains`].

use serde_json::Value;

/// Whether a value contains another: an object contains one whose fields it all has, any other value only an equal one.
pub(super) fn json_contains(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Object(fields), Value::Object(parts)) => parts.iter().all(|(name, part)| {
            fields
                .get(name)
                .is_some_and(|value| json_contains(value, part))
        }),
        (Value::Array(items), Value::Array(parts)) => {
            items.len() == parts.len()
                && items
                    .iter()
                    .zip(parts)
                    .all(|(item, part)| json_contains(item, part))
        }
        // 18 and 18.0 are equal.
        (Value::Number(number), Value::Number(part)) => {
            number == part || number.as_f64() == part.as_f64()
        }
        (value, part) => value == part,
    }
}
