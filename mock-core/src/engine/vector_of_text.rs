//! The default vector of a text for embeddings: the same in every run and on every platform, and similar for texts that share words.

use super::rng::{mix, seed_of};
use crate::search::{CharTest, Search};

/// How long a vector is, unless the request says it.
pub(super) const DIMENSIONS: u32 = 1_536;

/// How much a word counts, and how much three letters in a row of it.
const WORD_WEIGHT: i64 = 2;
const TRIGRAM_WEIGHT: i64 = 1;

/// The vector of a text, of length 1 and with so many dimensions, at least one.
///
/// Its words, in lower case, and each three letters in a row of a word, are features. The hash of a feature says in which dimension it counts,
/// and whether it is added or subtracted there. All sums are of whole numbers, so that no rounding depends on a platform.
pub(super) fn text_vector(text: &str, dimensions: u32) -> Vec<f32> {
    let mut sums = vec![0_i64; dimensions.max(1) as usize];
    let lower = text.to_lowercase();
    let is_between_words: CharTest = |c| !c.is_alphanumeric();
    for word in lower.split(is_between_words) {
        if word.is_empty() {
            continue;
        }
        count(&mut sums, &["word", word], WORD_WEIGHT);
        let padded: Vec<char> = format!(" {word} ").chars().collect();
        for letters in padded.windows(3) {
            let letters = String::from_iter(letters);
            count(&mut sums, &["letters", &letters], TRIGRAM_WEIGHT);
        }
    }
    if sums.all(&|sum| *sum == 0) {
        // The text has no words, or their features cancel out. So the whole text becomes one feature.
        count(&mut sums, &["text", text], WORD_WEIGHT);
    }
    let mut squares = 0.0;
    for sum in &sums {
        squares += (*sum * *sum) as f64;
    }
    let length = f64::sqrt(squares);
    let mut vector = Vec::with_capacity(sums.len());
    for &sum in &sums {
        vector.push((sum as f64 / length) as f32);
    }
    vector
}

fn count(sums: &mut [i64], feature: &[&str], by: i64) {
    let hash = mix(seed_of(feature));
    let at = (hash >> 1) % sums.len() as u64;
    let sum = &mut sums[at as usize];
    match hash & 1 {
        0 => *sum += by,
        _ => *sum -= by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(one: &str, other: &str) -> f64 {
        let (one, other) = (text_vector(one, DIMENSIONS), text_vector(other, DIMENSIONS));
        let pairs = one.iter().zip(&other);
        pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    }

    #[test]
    fn each_vector_has_length_1_and_no_vector_is_zero() {
        let texts = ["a cat", "", " ", "?!", "…", "猫", "a a a a", "\u{0}"];
        for text in texts
            .map(str::to_owned)
            .into_iter()
            .chain(["word ".repeat(9_000)])
        {
            for dimensions in [1, 2, 3, 256, 1_536, 16_384] {
                let vector = text_vector(&text, dimensions);
                assert_eq!(vector.len(), dimensions as usize);
                let squares = vector.iter().map(|x| f64::from(*x) * f64::from(*x));
                let length = squares.sum::<f64>();
                assert!(
                    (length - 1.0).abs() < 1e-5,
                    "{text:?} {dimensions}: {length}"
                );
            }
        }
    }

    #[test]
    fn texts_are_as_similar_as_they_share_words() {
        let question = "What is the weather in Paris?";
        assert!((cosine(question, "WHAT IS the weather, in Paris") - 1.0).abs() < 1e-6);
        let near = cosine(question, "The weather in Paris is fine.");
        let inflected = cosine("two cats", "one cat");
        let other = cosine(question, "Quicksort picks a pivot element");
        assert!(near > 0.5, "{near}");
        assert!(inflected > 0.1, "{inflected}");
        assert!(other.abs() < 0.15, "{other}");
        assert!(cosine("?", "!") < 0.5 && cosine("", "!") < 0.5);
    }

    #[test]
    fn the_vector_of_a_text_never_changes() {
        let vector = text_vector("a cat", 8);
        let shown: Vec<_> = vector.iter().map(f32::to_string).collect();
        let expected = "0 0 0.5 0 0 -0.5 -0.5 -0.5";
        assert_eq!(shown.join(" "), expected);
    }
}
