//! Fields of a request whose names are nearly those of fields that the provider has.

use super::{Body, Violation};
use crate::chat::error::ProviderError;
use crate::similar_words::is_similar;

/// A violation at the first field that is none of these, but nearly one: the name that is meant.
pub(in crate::wire) fn misspelt_field(body: &Body<'_>, known: &[&str]) -> Option<Violation> {
    for (name, _) in body.0.entries() {
        if known.contains(&name) || !body.has(name) {
            continue;
        }
        if let Some(meant) = known.iter().find(|known| is_similar(known, name)) {
            return Some(Violation::new(name, *meant));
        }
    }
    None
}

/// Adds to an error about a field that is missing the field whose name is nearly the same.
pub(super) fn note_misspelt(body: &Body<'_>, error: &mut ProviderError) {
    let Some(missing) = error.param.as_deref().filter(|field| !body.has(field)) else {
        return;
    };
    for (name, _) in body.0.entries() {
        if body.has(name) && is_similar(missing, name) {
            error
                .message
                .push_str(&format!(" [mock: the request has `{name}`]"));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn misspelt(body: Value) -> Option<String> {
        let body = body.into();
        misspelt_field(&Body(&body), &["max_tokens", "stop", "top_k", "top_p"])
            .map(|violation| violation.at)
    }

    #[test]
    fn a_name_is_misspelt_if_it_is_nearly_a_known_one() {
        for name in [
            "max_token",
            "max_tokesn",
            "maxTokens",
            "Max_Tokens",
            "stops",
            "top_q",
        ] {
            let body = json!({ "top_k": 1, "stop": "a", name: 1 });
            assert_eq!(misspelt(body).as_deref(), Some(name));
        }
        for body in [
            json!({ "max_tokens": 1, "top_k": 1, "top_p": 1 }),
            json!({ "a_field_of_the_future": 1, "n": 1, "store": true }),
            json!({ "max_token": null }),
        ] {
            assert_eq!(misspelt(body.clone()), None, "{body}");
        }
    }
}
