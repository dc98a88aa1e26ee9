//! The data by which a request is compared with recorded exchanges: [`Sent`].

use serde_json::Value;

/// The query and the body of a request, without what differs from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// The parameters of the query, in the order of their names, without credentials.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: SentBody,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SentBody {
    Json(Value),
    Bytes(Vec<u8>),
}

impl Sent {
    /// A text that is the same for equal ones only.
    pub(crate) fn key(&self) -> String {
        match &self.body {
            // The fields of objects have a fixed order in `Value`, or are put into one.
            SentBody::Json(value) => format!("{:?}\n{}", self.query, in_order(value)),
            SentBody::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => format!("{:?}\ntext {text:?}", self.query),
                Err(_) => format!("{:?}\nbytes {bytes:?}", self.query),
            },
        }
    }
}

/// A value with the fields of its objects in the order of their names.
pub(crate) fn in_order(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.iter().collect();
            names.sort_by_key(|(name, _)| *name);
            let fields = names.into_iter();
            fields
                .map(|(name, value)| (name.clone(), in_order(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(in_order).collect(),
        other => other.clone(),
    }
}
