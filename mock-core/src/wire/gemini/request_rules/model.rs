//! The groups of models by their names.

use crate::search::Search;
use crate::wire::gemini::request::without_prefix;

/// Whether a model's name is one of Gemini's.
pub(in crate::wire) fn is_gemini(model: &str) -> bool {
    without_prefix(model).starts_with("gemini-")
}

/// Whether a model is older than Gemini 3.
pub(super) fn is_before_3(model: &str) -> bool {
    let model = without_prefix(model);
    ["gemini-1.", "gemini-2."].any(&|start| model.starts_with(start))
}

/// Whether a model is Gemini 3 or later, by the number in its name.
pub(super) fn is_from_3(model: &str) -> bool {
    let number = without_prefix(model).strip_prefix("gemini-");
    let digits = number.and_then(|number| number.split(['.', '-']).next());
    digits
        .and_then(|digits| digits.parse::<u32>().ok())
        .is_some_and(|number| number >= 3)
}

/// Whether a model thinks as many tokens as its budget says.
pub(super) fn thinks_by_budget(model: &str) -> bool {
    without_prefix(model).starts_with("gemini-2.5-")
}

/// Whether thinking cannot be turned off for a model.
pub(super) fn always_thinks(model: &str) -> bool {
    without_prefix(model).starts_with("gemini-2.5-pro")
}
