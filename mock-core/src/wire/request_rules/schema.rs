//! Questions that the rules ask about JSON schemas.

use super::super::borrowed_value::BorrowedValue;
use crate::search::Search;

/// Whether `is_such` holds for a schema or for any schema within it.
pub(in crate::wire) fn any_schema(
    schema: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
) -> bool {
    find_schema(schema, &|schema| is_such(schema).then_some(())).is_some()
}

/// Searches a schema and the schemas within it. Returns the path to the first one for which `find` returns something, and the result.
pub(in crate::wire) fn find_schema<T>(
    schema: &BorrowedValue<'_>,
    find: &dyn Fn(&BorrowedValue<'_>) -> Option<T>,
) -> Option<(Vec<String>, T)> {
    let (mut path, found) = find_backwards(schema, find)?;
    path.reverse();
    Some((path, found))
}

/// The same, with the path from the end to the beginning.
fn find_backwards<T>(
    schema: &BorrowedValue<'_>,
    find: &dyn Fn(&BorrowedValue<'_>) -> Option<T>,
) -> Option<(Vec<String>, T)> {
    if let Some(found) = find(schema) {
        return Some((Vec::new(), found));
    }
    for child in children(schema) {
        if let Some((mut path, found)) = find_backwards(child.schema, find) {
            path.extend(child.name);
            path.push(child.keyword.to_owned());
            return Some((path, found));
        }
    }
    None
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
    for child in children(schema) {
        each_schema(child.schema, see);
    }
}

/// A schema within another.
struct Child<'s, 'b> {
    keyword: &'s str,
    /// Its name, or its position, where the keyword has several.
    name: Option<String>,
    schema: &'s BorrowedValue<'b>,
}

/// The schemas that a schema has directly within it.
fn children<'s, 'b>(schema: &'s BorrowedValue<'b>) -> Vec<Child<'s, 'b>> {
    let mut children = Vec::new();
    for (keyword, value) in schema.entries() {
        let mut add = |name, schema| {
            children.push(Child {
                keyword,
                name,
                schema,
            });
        };
        match keyword {
            "properties" | "$defs" | "definitions" | "patternProperties" => {
                for (name, schema) in value.entries() {
                    add(Some(name.to_owned()), schema);
                }
            }
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => {
                for (index, schema) in value.items().iter().enumerate() {
                    add(Some(index.to_string()), schema);
                }
            }
            "items" | "additionalProperties" => add(None, value),
            _ => {}
        }
    }
    children
}

/// Whether a schema says that its values are of this type.
pub(in crate::wire) fn is_of_type(schema: &BorrowedValue<'_>, name: &str) -> bool {
    match schema.get("type") {
        Some(BorrowedValue::Text(kind)) => kind == name,
        Some(BorrowedValue::List(kinds)) => kinds.any(&|kind| kind.as_text() == Some(name)),
        _ => false,
    }
}

/// Whether a schema describes objects.
pub(in crate::wire) fn is_object(schema: &BorrowedValue<'_>) -> bool {
    is_of_type(schema, "object")
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
