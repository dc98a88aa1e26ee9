//! What requests are compared by.

use mock_cassette::Comparison;

use super::{query_parameters, sent_request};

#[test]
fn requests_are_equal_but_for_what_differs_from_run_to_run() {
    let key = |query: &str, body: &str| {
        let ignored = ["messages.*.id".to_owned(), "options.seed".to_owned()];
        sent_request(
            query_parameters(query),
            body.as_bytes(),
            &ignored,
            &Comparison::default(),
        )
        .key()
    };
    for (one, other) in [
        (
            ("", r#"{"a": 1, "b": [1, 2]}"#),
            ("", r#"{"b":[1,2],"a":1}"#),
        ),
        (
            ("", r#"{"user": "a"}"#),
            ("", r#"{"user": "b", "metadata": {}}"#),
        ),
        (
            ("", r#"{"messages": [{"id": 1}, {}]}"#),
            ("", r#"{"messages": [{}, {"id": 2}]}"#),
        ),
        (
            ("", r#"{"options": {"seed": 1}}"#),
            ("", r#"{"options": {}}"#),
        ),
        (("key=a&alt=sse", ""), ("alt=sse&key=b", "")),
        (("api_key=a", ""), ("", "")),
        (("q=a%20b", ""), ("q=a+b", "")),
        (("", "--x1\r\na\r\n--x1--"), ("", "--y27\r\na\r\n--y27--")),
    ] {
        assert_eq!(
            key(one.0, one.1),
            key(other.0, other.1),
            "{one:?} {other:?}"
        );
    }
    for (one, other) in [
        (("", r#"{"a": 1}"#), ("", r#"{"a": 2}"#)),
        (("", r#"{"a": [1, 2]}"#), ("", r#"{"a": [2, 1]}"#)),
        (("", r#"{"a": {"user": 1}}"#), ("", r#"{"a": {"user": 2}}"#)),
        (("alt=sse", ""), ("", "")),
        (("", "a"), ("", "b")),
        (("", ""), ("", "null")),
    ] {
        assert_ne!(
            key(one.0, one.1),
            key(other.0, other.1),
            "{one:?} {other:?}"
        );
    }
}
