//! The signatures of thinking. Each fits the text that it signs, so that a changed text is found.

use crate::wire::provider_ids::{base62, sum};

const PREFIX: &str = "EqQB";

/// The digits that depend on the seed and the number.
const DIGITS: usize = 62;

/// The digits of a sum.
const SUM: usize = 11;

/// Returns the signature of a block of thinking: 88 letters and digits of base64. A request that sends it back with another text is rejected.
///
/// ```
/// use mock_core::wire::anthropic::signature;
///
/// assert_eq!(signature(7, 1, "Hm.").len(), 88);
/// assert_ne!(signature(7, 1, "Hm."), signature(7, 2, "Hm."));
/// assert_ne!(signature(7, 1, "Hm."), signature(7, 1, "Hm!"));
/// ```
pub fn signature(seed: u64, number: u64, thinking: &str) -> String {
    let head = base62(PREFIX, DIGITS, seed, number);
    let [mark, sum] = sums(&head, thinking);
    [head, mark, sum].concat()
}

/// Returns whether [`signature`] made this signature, but for another text.
pub(super) fn is_for_other_text(signature: &str, thinking: &str) -> bool {
    let Some(head) = signature.get(..PREFIX.len() + DIGITS) else {
        return false;
    };
    let [mark, sum] = sums(head, thinking);
    let signed = signature[head.len()..].strip_prefix(&*mark);
    signed.is_some_and(|signed| signed != sum)
}

/// The mark by which a signature of a mock is known, and the sum of the text.
fn sums(head: &str, thinking: &str) -> [String; 2] {
    let of_head = sum(0, head);
    [of_head, sum(of_head, thinking)].map(|sum| base62("", SUM, sum, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_its_text_only() {
        for text in ["", "Hm.", "Let me see.\n", "°C"] {
            let signature = signature(7, 1, text);
            assert!(!is_for_other_text(&signature, text));
            for other in [" ", "Hm", "Hm. ", "Let me see.", "°F"] {
                assert!(is_for_other_text(&signature, other), "{text} {other}");
            }
        }
    }

    #[test]
    fn a_signature_of_others_is_for_any_text() {
        let ours = signature(7, 1, "Hm.");
        let cut = &ours[..87];
        assert!(is_for_other_text(cut, "Hm."), "a part of it is missing");
        let unlike = ours.replacen("EqQB", "EqQC", 1);
        for signature in ["", "c2VhbA==", "EqQB", "°°°°", &unlike, &ours[..70]] {
            assert!(!is_for_other_text(signature, "Hm!"), "{signature}");
        }
    }
}
