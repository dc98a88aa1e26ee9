//! The values that OpenAI takes for fields that both wires have, on one beside each other and on the other within an object.

use crate::search::Search;
use crate::wire::request_rules::{Violation, found_if};

/// The guide to images.
pub(in crate::wire) const IMAGES: &str = "https://platform.openai.com/docs/guides/images-vision";

/// How much a model reasons.
pub(in crate::wire) const EFFORTS: [&str; 7] =
    ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// How much GPT-5 and its small ones reason.
pub(in crate::wire) const GPT_5_EFFORTS: [&str; 4] = ["minimal", "low", "medium", "high"];

/// How much GPT-5.1 reasons.
pub(in crate::wire) const GPT_5_1_EFFORTS: [&str; 4] = ["none", "low", "medium", "high"];

pub(in crate::wire) const UNKNOWN_EFFORT: &str = "Invalid value: '{}'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', and 'xhigh'.";

/// How much a model says.
pub(in crate::wire) const VERBOSITIES: [&str; 3] = ["low", "medium", "high"];

pub(in crate::wire) const UNKNOWN_VERBOSITY: &str =
    "Invalid value: '{}'. Supported values are: 'low', 'medium', and 'high'.";

pub(in crate::wire) const UNSUPPORTED_IMAGE: &str = "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].";

pub(in crate::wire) const INVALID_URL: &str =
    "Invalid '{at}'. Expected a valid URL, but got a value with an invalid format.";

/// How closely a model looks at an image.
pub(in crate::wire) const DETAILS: [&str; 4] = ["auto", "low", "high", "original"];

pub(in crate::wire) const UNKNOWN_DETAIL: &str =
    "Invalid value: '{}'. Supported values are: 'low', 'high', and 'auto'.";

/// A violation at `at` if the value is there and none of these.
pub(in crate::wire) fn unknown(value: Option<&str>, known: &[&str], at: &str) -> Option<Violation> {
    found_if(value, |value| !known.contains(value), at)
}

/// Whether the address of an image says a type that OpenAI does not take.
pub(in crate::wire) fn is_unsupported_image(url: &str) -> bool {
    let Some(kind) = url.strip_prefix("data:image/") else {
        return false;
    };
    let kind = kind.split([';', ',']).next().unwrap_or_default();
    let known = ["png", "jpeg", "jpg", "gif", "webp"];
    !known.any(&|known| kind.eq_ignore_ascii_case(known))
}

/// Whether a text is the address of an image.
pub(in crate::wire) fn is_url(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or_default();
    let schemes = ["data", "http", "https"];
    scheme.len() < text.len() && schemes.any(&|known| scheme.eq_ignore_ascii_case(known))
}
