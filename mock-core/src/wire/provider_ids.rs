//! Ids in the form of each provider: a function of a seed and a number, different for each number.

use crate::chat::profile::Profile;
use crate::chat::provider_ids::{Digits, IdForm};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// The id of an answer of this profile.
pub(super) fn response(profile: Profile, seed: u64, number: u64) -> String {
    from_form(profile.response_ids(), seed, number)
}

/// The id of a tool call of this profile.
pub(super) fn call(profile: Profile, seed: u64, number: u64) -> String {
    from_form(profile.call_ids(), seed, number)
}

fn from_form(form: IdForm, seed: u64, number: u64) -> String {
    let prefix = [form.prefix, form.fixed].concat();
    let (digits, kind) = form.digits;
    match kind {
        Digits::Base62 => base62(&prefix, digits, seed, number),
        Digits::Hex => hex(&prefix, digits, seed, number),
        Digits::Uuid => {
            let mut id = hex(&prefix, digits, seed, number);
            for &at in &[20, 16, 12, 8] {
                id.insert(prefix.len() + at, '-');
            }
            id
        }
    }
}

pub(super) fn base62(prefix: &str, digits: usize, seed: u64, number: u64) -> String {
    const WORD: usize = digits_of_a_word(62);
    id(prefix, digits, seed, number, (BASE62, WORD))
}

pub(super) fn hex(prefix: &str, digits: usize, seed: u64, number: u64) -> String {
    const WORD: usize = digits_of_a_word(16);
    id(prefix, digits, seed, number, (HEX, WORD))
}

/// The number of digits that express any 64-bit number.
const fn digits_of_a_word(base: u64) -> usize {
    u64::MAX.ilog(base) as usize + 1
}

/// The digits tell all 64 bits of a scrambled number, and those of further ones where there are more digits, so that no two numbers
/// have the same id. At least 16 digits of 16, or 11 of 62.
fn id(
    prefix: &str,
    digits: usize,
    seed: u64,
    number: u64,
    (alphabet, word): (&[u8], usize),
) -> String {
    let mut id = Vec::with_capacity(prefix.len() + digits);
    id.extend_from_slice(prefix.as_bytes());
    let end = prefix.len() + digits;
    while id.len() < end {
        let mut bits = scramble(number.wrapping_add(scramble(seed ^ id.len() as u64)));
        // Take the digits from the top, as those of a fraction: multiplication is faster than division.
        for _ in 0..word.min(end - id.len()) {
            let product = u128::from(bits) * alphabet.len() as u128;
            bits = product as u64;
            id.push(alphabet[(product >> 64) as usize]);
        }
    }
    // The alphabets are ASCII.
    String::from_utf8(id).unwrap_or_default()
}

/// A number that depends on each byte of a text, and on the number before it.
pub(super) fn sum(start: u64, text: &str) -> u64 {
    let mut sum = start;
    for byte in text.bytes() {
        sum = scramble(sum.wrapping_add(u64::from(byte) + 1));
    }
    sum
}

/// Scrambles a number. Different numbers have different results.
fn scramble(number: u64) -> u64 {
    let mut bits = number;
    for _ in 0..2 {
        bits = (bits ^ (bits >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    bits ^ (bits >> 32)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_numbers_have_the_same_id() {
        let ids: BTreeSet<_> = (0..10_000).map(|n| base62("msg_01", 22, 7, n)).collect();
        assert_eq!(ids.len(), 10_000);
        let ids: BTreeSet<_> = (0..10_000).map(|n| hex("req_", 32, 7, n)).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 36));
        // The last digits look random too.
        let ends: BTreeSet<_> = ids.iter().map(|id| &id[28..]).collect();
        assert!(ends.len() > 9_990, "{}", ends.len());
    }

    /// The number that the digits are a fraction of 2⁶⁴ of, rounded up.
    fn number_from_digits<const BASE: usize>(digits: &str, alphabet: &[u8; BASE]) -> u64 {
        let digit = |byte| alphabet.iter().position(|known| *known == byte);
        let digits = digits.bytes().filter_map(digit);
        let (mut rest, mut whole) = (0_u128, 1_u128);
        for digit in digits {
            rest = rest * BASE as u128 + digit as u128;
            whole *= BASE as u128;
        }
        let mut bits = 0_u64;
        for _ in 0..u64::BITS {
            rest *= 2;
            bits = bits << 1 | u64::from(rest >= whole);
            rest %= whole;
        }
        bits + u64::from(rest > 0)
    }

    #[test]
    fn the_digits_tell_all_bits_of_the_scrambled_number() {
        for number in [0, 1, 2, 1 << 40, u64::MAX] {
            let bits = scramble(number.wrapping_add(scramble(7)));
            assert_eq!(number_from_digits(&base62("", 11, 7, number), BASE62), bits);
            assert_eq!(number_from_digits(&hex("", 16, 7, number), HEX), bits);
        }
    }

    #[test]
    fn scrambled_numbers_are_all_different() {
        // Undo each step: the shift by itself, the odd factor by its inverse.
        let inverse = (0..6).fold(1_u64, |x, _| {
            x.wrapping_mul(2_u64.wrapping_sub(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(x)))
        });
        for number in [0, 1, 2, 1 << 40, u64::MAX] {
            let mut bits = scramble(number);
            bits ^= bits >> 32;
            for _ in 0..2 {
                bits = bits.wrapping_mul(inverse);
                bits ^= bits >> 32;
            }
            assert_eq!(bits, number);
        }
    }

    #[test]
    fn an_id_is_the_same_in_every_run_and_another_for_another_seed() {
        assert_eq!(base62("call_", 24, 1, 2), base62("call_", 24, 1, 2));
        assert_ne!(base62("call_", 24, 1, 2), base62("call_", 24, 2, 2));
    }
}
