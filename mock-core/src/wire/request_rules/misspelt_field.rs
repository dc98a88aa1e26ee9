//! Fields of a request whose names are nearly those of fields that the provider has.

use super::Violation;
use crate::chat::error::ProviderError;
use crate::similar_words::is_similar;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::similar_name;

/// A violation at the first field that is none of these, but nearly one: the name that is meant.
pub(in crate::wire) fn misspelt_field(
    body: &BorrowedValue<'_>,
    known: &[&str],
) -> Option<Violation> {
    for (name, _) in body.entries() {
        if known.contains(&name) || !body.has(name) {
            continue;
        }
        if let Some(meant) = known.iter().find(|known| is_similar(known, name)) {
            return Some(Violation::new(name, *meant));
        }
    }
    None
}

/// Adds to an error about a field that is missing the field beside it whose name is nearly the same.
pub(super) fn note_misspelt(body: &BorrowedValue<'_>, error: &mut ProviderError) {
    let Some(path) = error.param.as_deref() else {
        return;
    };
    let Some((tree @ BorrowedValue::Object(object), missing)) = object_of(body, path) else {
        return;
    };
    if field(tree, missing).is_some_and(|value| !value.is_null()) {
        return;
    }
    if let Some(similar) = similar_name(object, missing) {
        let note = format!(" [mock: the request has `{similar}`]");
        error.message.push_str(&note);
    }
}

/// The object that a path leads into, and the name of the field in it, unless the path leads to an item of a list. The items of a list are `list[0]` or `list.0`.
fn object_of<'b, 'p>(
    body: &'b BorrowedValue<'b>,
    path: &'p str,
) -> Option<(&'b BorrowedValue<'b>, &'p str)> {
    if path.ends_with(']') {
        return None;
    }
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut object = body;
    for step in parents.split(['.', '[']).filter(|step| !step.is_empty()) {
        let step = step.trim_end_matches(']');
        object = match object {
            BorrowedValue::List(items) => items.get(step.parse::<usize>().ok()?)?,
            // Anthropic's paths have the type of an object too: `tools.0.custom.input_schema`.
            object => match field(object, step) {
                Some(inner @ (BorrowedValue::Object(_) | BorrowedValue::List(_))) => inner,
                _ => object,
            },
        };
    }
    Some((object, name))
}

/// The value of a field. Gemini's paths have its name in `snake_case`, whatever the request has.
fn field<'b>(object: &'b BorrowedValue<'b>, name: &str) -> Option<&'b BorrowedValue<'b>> {
    let name = name.replace('_', "");
    let mut fields = object.entries();
    let (_, value) =
        fields.find(|(known, _)| known.replace('_', "").eq_ignore_ascii_case(&name))?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn misspelt(body: Value) -> Option<String> {
        let body = body.into();
        misspelt_field(&body, &["max_tokens", "stop", "top_k", "top_p"])
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
