//! Vectors in base64: each number as four bytes, the lowest first.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes the numbers of a vector.
pub(super) fn encode(vector: &[f32]) -> String {
    let mut bytes = Vec::with_capacity(4 * vector.len());
    for number in vector {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(match digit <= three.len() {
                true => char::from(DIGITS[value as usize]),
                false => '=',
            });
        }
    }
    text
}

/// Reads the numbers of a vector; `None` if the text is not base64 of whole numbers of 4 bytes.
pub(super) fn decode(text: &str) -> Option<Vec<f32>> {
    let digits = text.trim_end_matches('=');
    let value = |digit: u8| DIGITS.iter().position(|known| *known == digit);
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for four in digits.as_bytes().chunks(4) {
        let mut bits = 0;
        for at in 0..4 {
            let value = four.get(at).map_or(Some(0), |digit| value(*digit))?;
            bits = bits << 6 | value as u32;
        }
        let [_, three @ ..] = bits.to_be_bytes();
        let length = four.len().checked_sub(1).filter(|length| *length > 0)?;
        bytes.extend_from_slice(three.get(..length)?);
    }
    let (numbers, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| {
        numbers
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_written_as_little_endian_numbers_and_read_back() {
        // The bytes 00 00 80 3f, and 00 00 00 bf.
        assert_eq!(encode(&[1.0]), "AACAPw==");
        assert_eq!(encode(&[1.0, -0.5]), "AACAPwAAAL8=");
        for length in 0..9 {
            let vector: Vec<f32> = (0..length).map(|n| n as f32 / 3.0 - 1.0).collect();
            assert_eq!(decode(&encode(&vector)), Some(vector));
        }
    }

    #[test]
    fn a_text_that_is_not_a_vector_is_not_read() {
        for text in ["AACAP", "AACA", "AAC?Pw==", "A", "äöü="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
