//! Whether a value is of a type that a scenario declares: what must be, where.

use serde_json::{Map, Value};

use super::{Field, Schema};
use crate::search::Search;

impl Schema {
    /// Why `value` is none of these: what must be, where. `None` if it is one. Fields that are not named may be there.
    pub(crate) fn misfit(&self, value: &Value) -> Option<String> {
        self.misfit_at("", value)
    }

    pub(super) fn misfit_at(&self, path: &str, value: &Value) -> Option<String> {
        let fits = match (self, value) {
            (Schema::Json, _) | (Schema::Optional(_), Value::Null) => true,
            (Schema::Optional(inner), _) => return inner.misfit_at(path, value),
            (Schema::List(inner), Value::Array(items)) => {
                let misfit = &Schema::misfit_at;
                return misfit_of_items(path, inner, items, misfit);
            }
            (Schema::Object(fields), Value::Object(values)) => {
                return misfit_of_fields(path, fields, values, &Schema::misfit_at);
            }
            (Schema::String, value) => value.is_string(),
            (Schema::Integer, value) => value.is_i64() || value.is_u64(),
            (Schema::Number, value) => value.is_number(),
            (Schema::Boolean, value) => value.is_boolean(),
            (Schema::OneOf(values), value) => {
                let value = value.as_str();
                value.is_some_and(|value| values.any(&|known| known == value))
            }
            (Schema::List(_) | Schema::Object(_), _) => false,
        };
        let whole = || "it".to_owned();
        let path = match path {
            "" => whole(),
            path => format!("`{path}`"),
        };
        (!fits).then(|| format!("{path} is not {}", self.article()))
    }

    /// The type in words, for messages.
    fn article(&self) -> String {
        match self {
            Schema::String => "a string".to_owned(),
            Schema::Integer => "an integer".to_owned(),
            Schema::Number => "a number".to_owned(),
            Schema::Boolean => "a boolean".to_owned(),
            Schema::Json => "JSON".to_owned(),
            Schema::List(_) => "a list".to_owned(),
            Schema::Optional(inner) => inner.article(),
            Schema::OneOf(values) => {
                let mut article = "one of ".to_owned();
                for (index, value) in values.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    article.push_str(&format!("{separator}\"{value}\""));
                }
                article
            }
            Schema::Object(_) => "an object".to_owned(),
        }
    }
}

/// The path of what is at `key` of what is at `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// How a value misses a schema at a path, if it does.
pub(super) type Misfit<'f> = &'f dyn Fn(&Schema, &str, &Value) -> Option<String>;

/// The first misfit of a list.
pub(super) fn misfit_of_items(
    path: &str,
    schema: &Schema,
    items: &[Value],
    misfit: Misfit<'_>,
) -> Option<String> {
    for (index, item) in items.iter().enumerate() {
        let misfit = misfit(schema, &join(path, &index.to_string()), item);
        if misfit.is_some() {
            return misfit;
        }
    }
    None
}

/// The first misfit of an object. Fields that are not named may be there.
pub(super) fn misfit_of_fields(
    path: &str,
    fields: &[Field],
    values: &Map<String, Value>,
    misfit: Misfit<'_>,
) -> Option<String> {
    for field in fields {
        let path = join(path, &field.name);
        let misfit = match values.get(&*field.name) {
            Some(value) => misfit(&field.schema, &path, value),
            None if matches!(field.schema, Schema::Optional(_)) => None,
            None => Some(format!("`{path}` is missing")),
        };
        if misfit.is_some() {
            return misfit;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Node;
    use super::*;

    #[test]
    fn a_misfit_says_what_must_be_where() {
        let fields = |name: &'static str, schema| Field {
            name: name.into(),
            schema,
        };
        let schema = Schema::Object(
            vec![
                fields("temp", Schema::Number),
                fields("unit", Schema::Optional(Node::Static(&Schema::String))),
                fields("days", Schema::List(Node::Static(&Schema::Integer))),
            ]
            .into(),
        );
        for (value, misfit) in [
            (json!({"temp": 1.5, "days": [1], "more": 1}), None),
            (json!({"temp": 1, "unit": null, "days": []}), None),
            (json!({"days": []}), Some("`temp` is missing")),
            (
                json!({"temp": "1", "days": []}),
                Some("`temp` is not a number"),
            ),
            (
                json!({"temp": 1, "days": [1, "2"]}),
                Some("`days.1` is not an integer"),
            ),
            (json!([1]), Some("it is not an object")),
        ] {
            assert_eq!(schema.misfit(&value).as_deref(), misfit, "{value}");
        }
    }
}
