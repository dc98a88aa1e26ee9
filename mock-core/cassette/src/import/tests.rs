//! Recordings of other tools.

mod bad_files;
mod fixtures;
mod har;
mod vcr;

use crate::{Cassette, Interaction};

fn read(text: &str) -> Cassette {
    Cassette::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn unread(cassette: &Cassette) -> Vec<(usize, &str)> {
    let unread = cassette.unread().iter();
    unread
        .map(|unread| (unread.line, unread.key.as_str()))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

/// What is converted is read again as the same exchanges.
fn converted(cassette: &Cassette) {
    let again = read(&cassette.to_yaml());
    let plain = |interaction: &Interaction| {
        let mut interaction = interaction.clone();
        interaction.line = 0;
        interaction
    };
    let [one, other] = [cassette, &again].map(|cassette| {
        cassette
            .interactions()
            .iter()
            .map(plain)
            .collect::<Vec<_>>()
    });
    assert_eq!(one, other);
    assert!(again.unread().is_empty());
}
