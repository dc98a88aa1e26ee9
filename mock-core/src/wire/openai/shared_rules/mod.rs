//! The rules that Chat Completions shares with Responses: each is stated once, and holds on both wires.

pub(in crate::wire) mod field_type;
pub(in crate::wire) mod function;
pub(in crate::wire) mod json_schema;
pub(in crate::wire) mod parameter;
mod schema_context;
pub(in crate::wire) mod strict_schema;
pub(in crate::wire) mod values;
