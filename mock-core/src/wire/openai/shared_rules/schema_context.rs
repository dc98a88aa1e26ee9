//! Where in a schema OpenAI finds a mistake: `'look': In context=('properties', 'at')`.

use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::find_schema;

/// Says in OpenAI's words where in the schema of this name the first one is in which `find` finds something, and what it finds: `'look': In
/// context=('properties', 'at'), 'oneOf'`.
pub(in crate::wire) fn context_of_found(
    name: &str,
    schema: &BorrowedValue<'_>,
    find: &dyn Fn(&BorrowedValue<'_>) -> Option<String>,
) -> Option<String> {
    let (path, found) = find_schema(schema, find)?;
    let mut quoted = Vec::new();
    for name in &path {
        quoted.push(format!("'{name}'"));
    }
    // Python writes a tuple of one element with a comma.
    let end = if quoted.len() == 1 { ",)" } else { ")" };
    let mut context = format!("'{name}': In context=({}{end}", quoted.join(", "));
    if !found.is_empty() {
        context.push_str(", ");
        context.push_str(&found);
    }
    Some(context)
}

/// The same for a question that is answered with yes or no.
pub(in crate::wire) fn context_of(
    name: &str,
    schema: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
) -> Option<String> {
    let find = |schema: &BorrowedValue<'_>| is_such(schema).then(String::new);
    context_of_found(name, schema, &find)
}
