//! Reads and writes tool definitions that are flat objects: `{"type": "function", "name", "description", "parameters"}`.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::borrowed_value::BorrowedValue;
use super::read::{Fields, Path, ReadError};
use super::write::{fields, merge};
use crate::chat::request::ToolDefinition;

/// Reads a tool.
pub(super) fn read_tool(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<ToolDefinition, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let kind = fields.word("type")?;
    if let Some(kind) = kind.filter(|kind| kind != "function") {
        return Ok(read_other_tool(fields, kind));
    }
    let mut tool = ToolDefinition::new(fields.required_text("name")?);
    tool.description = fields.text("description")?.unwrap_or_default();
    tool.parameters = fields.take("parameters").unwrap_or_default().into();
    tool.extra = fields.rest();
    Ok(tool)
}

/// Reads a tool that is not a function. Its name is its type, if it has no name; all its fields are kept.
fn read_other_tool<'b>(mut fields: Fields<'_, 'b>, kind: Cow<'b, str>) -> ToolDefinition {
    let text = |name| fields.peek(name).and_then(BorrowedValue::as_text);
    let description = text("description").unwrap_or_default().to_owned();
    let mut tool = ToolDefinition::new(text("name").unwrap_or(&kind)).with_parameters(Value::Null);
    tool.description = description;
    fields.keep("type", BorrowedValue::Text(kind));
    tool.extra = fields.rest();
    tool
}

/// Writes a tool.
pub(super) fn write_tool(tool: &ToolDefinition) -> Value {
    if tool.extra.contains_key("type") {
        return tool.extra.clone().into();
    }
    let mut written = fields(json!({ "type": "function", "name": tool.name }));
    if !tool.description.is_empty() {
        written.insert("description".into(), tool.description.as_str().into());
    }
    if !tool.parameters.is_null() {
        written.insert("parameters".into(), tool.parameters.clone());
    }
    merge(&mut written, tool.extra.clone());
    written.into()
}
