//! A request that lacks a field, and has one of nearly the same name: the error names it.

use serde_json::{Value, json};

use super::request_rules::wires;
use crate::scenario::Profile;

/// The places of all fields in a tree, as JSON pointers to their objects, and their names.
fn places(tree: &Value, pointer: &str, places: &mut Vec<(String, String)>) {
    match tree {
        Value::Object(fields) => {
            for (name, value) in fields {
                places.push((pointer.to_owned(), name.clone()));
                self::places(value, &format!("{pointer}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                self::places(item, &format!("{pointer}/{index}"), places);
            }
        }
        _ => {}
    }
}

/// A name with a wrong letter, or in upper case if it is too short for one.
fn misspell(name: &str) -> String {
    match name.len() {
        0..4 => name.to_uppercase(),
        _ => format!("{name}x"),
    }
}

#[test]
fn an_error_about_a_missing_field_names_the_misspelt_one() {
    let (mut named, mut unnamed) = (0, Vec::new());
    for wire in wires() {
        let accepted = wire.rules.iter().map(|rule| wire.request(rule.accepted));
        for request in [wire.plain.clone()].into_iter().chain(accepted) {
            if request.get("requests").is_some() {
                // Gemini does not say which request of a batch is wrong.
                continue;
            }
            let mut all = Vec::new();
            places(&request, "", &mut all);
            for (pointer, name) in all {
                let mut request = request.clone();
                let object = request.pointer_mut(&pointer).expect("it is there");
                let object = object.as_object_mut().expect("it is an object");
                let value = object.remove(&name).expect("it has the field");
                let misspelt = misspell(&name);
                object.insert(misspelt.clone(), value);
                let Err(error) = (wire.check)(&request, wire.profile) else {
                    continue;
                };
                let missing = error.param.as_deref().unwrap_or_default();
                let missing = missing.trim_end_matches(']').rsplit('.').next();
                if missing == Some(&name) {
                    named += 1;
                    if !error.message.contains(&format!("`{misspelt}`")) {
                        unnamed.push(format!("{request}: {}", error.message));
                    }
                }
            }
        }
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
    assert!(named > 100, "only {named}");
}

#[test]
fn a_field_that_has_no_similar_one_is_missing_without_a_hint() {
    use crate::wire::ollama::embeddings::check;
    for (body, hint) in [
        (
            json!({ "model": "m", "inputs": "a" }),
            Some(", or rename `inputs`"),
        ),
        (json!({ "model": "m", "inputs": null }), None),
        (json!({ "model": "m", "texts": "a" }), None),
        (json!({ "model": "m" }), None),
    ] {
        let error = check(&body, Profile::Ollama).expect_err("it has no input");
        let expected = "`input` is missing: give it a text or a list of texts";
        let hint = hint.unwrap_or_default();
        assert_eq!(error.message, format!("{expected}{hint}"), "{body}");
    }
}
