//! Adds a field to the body of a request that does not have it.

use bytes::Bytes;
use serde_json::Value;

use crate::search::Search;
use crate::wire::read_json;

/// The body with this field, if it is an object without it. Nothing else in the body changes: what cannot be read stays for its reader.
pub(in crate::server) fn with_default(body: Bytes, name: &str, value: &Value) -> Bytes {
    let Ok(Value::Object(fields)) = read_json(&body) else {
        return body;
    };
    let begin = body.position(&|byte| *byte == b'{');
    let (false, Some(begin)) = (fields.contains_key(name), begin) else {
        return body;
    };
    let (before, after) = body.split_at(begin + 1);
    let comma = if fields.is_empty() { "" } else { "," };
    let field = format!("{}:{value}{comma}", Value::from(name));
    [before, field.as_bytes(), after].concat().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_added_where_it_is_missing() {
        let with = |body: &'static str| {
            let body = with_default(Bytes::from_static(body.as_bytes()), "model", &json!("a\"b"));
            String::from_utf8(body.to_vec()).expect("it is a text")
        };
        assert_eq!(with("{}"), r#"{"model":"a\"b"}"#);
        assert_eq!(with(r#" {"n": 1.50}"#), r#" {"model":"a\"b","n": 1.50}"#);
        for same in [
            r#"{"model": null}"#,
            r#"{"model": "x"}"#,
            "[]",
            "{",
            "",
            "1",
        ] {
            assert_eq!(with(same), same);
        }
    }
}
