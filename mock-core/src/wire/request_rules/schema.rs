//! Questions that the rules ask about JSON schemas.

use super::super::borrowed_value::BorrowedValue;
use crate::search::Search;

/// Whether `is_such` holds for a schema or for any schema within it.
pub(in crate::wire) fn any_schema(
    schema: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
) -> bool {
    let mut any = false;
    each_schema(schema, &mut |schema| any = any || is_such(schema));
    any
}

/// How many properties of the schema, and of those within it, are not required.
pub(in crate::wire) fn optional_properties(schema: &BorrowedValue<'_>) -> usize {
    let mut optional = 0;
    each_schema(schema, &mut |schema| {
        optional += optional_of(schema);
    });
    optional
}

/// How many properties of the schema itself are not required.
fn optional_of(schema: &BorrowedValue<'_>) -> usize {
    let mut optional = 0;
    if let Some(properties) = schema.get("properties") {
        for (name, _) in properties.entries() {
            optional += usize::from(!requires(schema, name));
        }
    }
    optional
}

fn each_schema(schema: &BorrowedValue<'_>, see: &mut impl FnMut(&BorrowedValue<'_>)) {
    see(schema);
    for (name, value) in schema.entries() {
        match name {
            "properties" | "$defs" | "definitions" | "patternProperties" => {
                for (_, schema) in value.entries() {
                    each_schema(schema, see);
                }
            }
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => {
                for schema in value.items() {
                    each_schema(schema, see);
                }
            }
            "items" | "additionalProperties" => each_schema(value, see),
            _ => {}
        }
    }
}

/// Whether a schema describes objects.
pub(in crate::wire) fn is_object(schema: &BorrowedValue<'_>) -> bool {
    match schema.get("type") {
        Some(BorrowedValue::Text(kind)) => kind == "object",
        Some(BorrowedValue::List(kinds)) => kinds.any(&|kind| kind.as_text() == Some("object")),
        _ => false,
    }
}

/// Whether a schema describes objects that may have more properties.
pub(in crate::wire) fn is_open(schema: &BorrowedValue<'_>) -> bool {
    is_object(schema)
        && !matches!(
            schema.get("additionalProperties"),
            Some(BorrowedValue::Bool(false))
        )
}

/// Whether a schema has a property that is not in its `required`.
pub(in crate::wire) fn lacks_required(schema: &BorrowedValue<'_>) -> bool {
    optional_of(schema) > 0
}

fn requires(schema: &BorrowedValue<'_>, name: &str) -> bool {
    let mut required = schema.list("required").iter();
    required.any(|known| known.as_text() == Some(name))
}
