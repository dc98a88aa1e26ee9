//! The groups of models by their names.

/// Whether a name is one of the provider's models.
pub(super) fn is_claude(model: &str) -> bool {
    model.starts_with("claude-")
}

/// The version in the name of a model: (4, 5) of `claude-sonnet-4-5-20250929`.
fn version(model: &str) -> Option<(u8, u8)> {
    let mut words = model.strip_prefix("claude-")?.split(['-', '.']);
    // The date at the end of a name does not fit into this type.
    let number = |word: &str| word.parse().ok();
    let major = words.find_map(number)?;
    Some((major, words.next().and_then(number).unwrap_or(0)))
}

/// Temperature and `top_p` exclude each other.
pub(super) fn takes_one_of_temperature_and_top_p(model: &str) -> bool {
    version(model).is_some_and(|version| ((4, 1)..=(4, 6)).contains(&version))
}

/// Sampling is not to be chosen.
pub(super) fn takes_no_sampling(model: &str) -> bool {
    version(model).is_some_and(|version| version >= (4, 7))
}

/// The model decides itself how long it thinks.
pub(super) fn thinks_adaptively(model: &str) -> bool {
    version(model).is_some_and(|version| version >= (4, 7))
}

/// The model cannot decide how long it thinks.
pub(super) fn thinks_by_budget(model: &str) -> bool {
    version(model).is_some_and(|version| version <= (4, 5))
}

/// How many tokens an answer may have, where that is known and no beta changes it.
pub(super) fn most_tokens(model: &str) -> Option<u32> {
    let is_opus = model.contains("opus");
    match version(model)? {
        (3, 0) => Some(4_096),
        (3, 5) => Some(8_192),
        (4, 0 | 1) if is_opus => Some(32_000),
        (4, 0..=5) => Some(64_000),
        _ => None,
    }
}

/// The model knows no effort.
pub(super) fn takes_no_effort(model: &str) -> bool {
    version(model).is_some_and(|version| version < (4, 6)) && !model.starts_with("claude-opus-4-5")
}

/// The model knows no effort between `high` and `max`.
pub(super) fn takes_no_extra_high_effort(model: &str) -> bool {
    version(model).is_some_and(|version| version <= (4, 6))
}

/// The model thinks if its effort is above `high`.
pub(super) fn thinks_for_high_effort(model: &str) -> bool {
    model.starts_with("claude-opus-5")
}

/// A request may not begin the answer.
pub(super) fn takes_no_prefill(model: &str) -> bool {
    version(model).is_some_and(|version| version >= (4, 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_its_version_in_its_name() {
        for (model, known) in [
            ("claude-sonnet-4-5-20250929", Some((4, 5))),
            ("claude-3-7-sonnet-20250219", Some((3, 7))),
            ("claude-opus-4-20250514", Some((4, 0))),
            ("claude-4-sonnet-20250514", Some((4, 0))),
            ("claude-haiku-4.5", Some((4, 5))),
            ("claude-opus-5", Some((5, 0))),
            ("claude", None),
            ("gpt-4", None),
        ] {
            assert_eq!(version(model), known, "{model}");
        }
    }
}
