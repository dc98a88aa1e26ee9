//! Reads and writes the numbers of a vector as JSON.

use super::borrowed_value::BorrowedValue;
use super::read::{Path, ReadError};
use super::write::Json;

/// Reads the numbers of a vector.
///
/// # Errors
/// If an item is not a number, or does not fit into 32 bits.
pub(super) fn read_numbers(
    list: Vec<BorrowedValue<'_>>,
    path: &Path<'_>,
) -> Result<Vec<f32>, ReadError> {
    let numbers = list.into_iter().enumerate();
    let numbers = numbers.map(|(index, number)| match &number {
        BorrowedValue::Number(known) => {
            let number = known.as_f64().map(|number| number as f32);
            let number = number.filter(|number| number.is_finite());
            number.ok_or_else(|| {
                let path = path.index(index);
                path.unknown(&known.to_string(), "numbers of 32 bits")
            })
        }
        other => Err(path.index(index).unlike(other, "a number")),
    });
    numbers.collect()
}

/// Writes the numbers of a vector, each with the digits of a 32-bit float.
///
/// # Errors
/// The first number that is not finite, which JSON cannot express.
pub(super) fn write_numbers(mut json: Json, vector: &[f32]) -> Result<Json, f32> {
    json = json.raw("[");
    for (index, number) in vector.iter().enumerate() {
        if !number.is_finite() {
            return Err(*number);
        }
        let comma = if index == 0 { "" } else { "," };
        json = json.raw(comma).raw(&format!("{number:?}"));
    }
    Ok(json.raw("]"))
}
