//! The header `content-type`, by which some providers decide how to read a body.

/// The media type that a value of the header names, without its parameters, such as a charset.
pub(in crate::wire) fn media_type(value: &str) -> &str {
    let (media_type, _) = value.split_once(';').unwrap_or((value, ""));
    media_type.trim()
}

/// Whether the header says that the body is JSON. Several headers, which are one value with a comma, say nothing.
pub(in crate::wire) fn is_json(value: &str) -> bool {
    media_type(value).eq_ignore_ascii_case("application/json") && !value.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_header_with_any_parameters_says_that_a_body_is_json() {
        for json in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            " application/json ;charset=UTF-8",
        ] {
            assert!(is_json(json), "{json}");
        }
        for other in [
            "",
            "text/plain;charset=UTF-8",
            "application/x-ndjson",
            "application/jsonl",
            "json",
            "application/json, application/json",
            "application/json; charset=utf-8, application/json",
        ] {
            assert!(!is_json(other), "{other}");
        }
    }
}
