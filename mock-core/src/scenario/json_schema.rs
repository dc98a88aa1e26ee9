//! The JSON schema of a Rust type, for the arguments of a tool.

use serde_json::Value;

/// The JSON schema of a type.
pub fn schema<T: schemars::JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}
