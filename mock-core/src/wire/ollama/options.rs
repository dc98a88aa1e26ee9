//! Reads and writes the `options` of a request: the temperature, the maximum of tokens, and the model's other settings.

use serde_json::{Map, Value};

use super::WIRE;
use crate::chat::request::Request;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::WriteError;

const OPTIONS: &str = "options";

/// Reads the options. Those that the neutral type has no field for stay among the fields; so do options that are there and empty.
pub(super) fn read_options(
    fields: &mut Fields<'_, '_>,
    request: &mut Request,
) -> Result<(), ReadError> {
    match fields.peek(OPTIONS) {
        None => return Ok(()),
        Some(BorrowedValue::Object(options)) if options.is_empty() => return Ok(()),
        Some(_) => {}
    }
    let path = Path::Body.key(OPTIONS);
    let mut options = fields.within(OPTIONS, &path)?;
    request.temperature = options.number("temperature")?;
    request.max_tokens = options.limit("num_predict")?;
    fields.keep(OPTIONS, options.rest());
    Ok(())
}

/// Writes the options into the body of a request.
///
/// # Errors
/// If the existing `options` are not an object.
pub(super) fn write_options(
    request: &Request,
    body: &mut Map<String, Value>,
) -> Result<(), WriteError> {
    let mut own = Map::new();
    if let Some(temperature) = request.temperature {
        own.insert("temperature".into(), temperature.into());
    }
    if let Some(most) = request.max_tokens {
        own.insert("num_predict".into(), most.into());
    }
    if own.is_empty() {
        return Ok(());
    }
    match body.entry(OPTIONS).or_insert_with(|| Map::new().into()) {
        Value::Object(options) => options.extend(own),
        _ => return Err(WIRE.duplicate_value(OPTIONS, "a request")),
    }
    Ok(())
}
