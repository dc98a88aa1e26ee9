//! Files of other tools that are cut off or wrong.

use super::har::HAR;
use crate::{Cassette, CassetteProblem};

#[test]
fn a_bad_file_of_another_tool_has_a_typed_error_with_its_line() {
    use CassetteProblem::*;

    let deep = format!("{{\"log\": {}", "[".repeat(100_000));
    let deep_and_whole = format!("{{\"log\":\n {}{}}}", "[".repeat(100), "]".repeat(100));
    for (text, expected) in [
        (
            "{\"log\": {\"version\": \"1.2\",\n \"entries\": [",
            (Truncated, 2),
        ),
        ("{\"log\": {\n\"entries\": [},\n\"a\": 1}}", (Syntax, 2)),
        (
            "{\"log\": {\n\"version\": \"9\", \"entries\": []}}",
            (Version, 2),
        ),
        ("{\"log\":\n[]}", (Shape, 2)),
        ("{\"log\": {\n\"entries\": {}}}", (Shape, 2)),
        ("{\"log\":\n{}}", (Truncated, 2)),
        (
            "{\"log\": {\"entries\": [\n{\"request\": {\"method\": \"GET\", \"url\": \"/\"}}]}}",
            (Truncated, 2),
        ),
        (
            "{\"log\": {\"entries\": [{\"request\": {\"method\": \"GET\", \"url\": \"/\"},\n\"response\": {\"status\": 20}}]}}",
            (Shape, 2),
        ),
        (&*deep, (Truncated, 1)),
        (&*deep_and_whole, (Nested, 2)),
        ("{\"a\":\n1, \"a\": 2}", (Shape, 2)),
        ("{\"messages\": []}", (Shape, 1)),
        ("version: 7\ninteractions: []", (Version, 1)),
        (
            "interactions:\n- request: {method: GET, uri: /}",
            (Truncated, 2),
        ),
        (
            "interactions:\n- request: {method: GET}\n  response: {}",
            (Truncated, 2),
        ),
        (
            "interactions:\n- request: {method: GET, uri: /}\n  response:\n    status: {code: x}",
            (Shape, 4),
        ),
        (
            "interactions:\n- request: {method: GET, uri: /, body: !!binary '%'}",
            (Shape, 2),
        ),
        ("interactions: &a [*a]", (Alias, 1)),
        ("fixtures:\n  a: 1", (Shape, 2)),
        ("fixtures:\n- a\n- b", (Shape, 2)),
        ("fixtures:\n- error: {status: 200}", (Shape, 2)),
        ("fixtures:\n- streaming:\n    chunk_size: 0", (Shape, 3)),
        ("fixtures:\n- streaming:\n    latency: -1", (Shape, 3)),
        (
            "fixtures:\n- streaming: {ttft: 86400000}\n  replaySpeed: 0.5",
            (Shape, 3),
        ),
        (
            "fixtures:\n- error:\n    {status: 500, headers: {'a b': c}}",
            (Shape, 3),
        ),
        ("fixtures:\n- response:\n    embedding: [1e300]", (Shape, 3)),
        ("fixtures:\n- streamingProfile:\n    tps: 0", (Shape, 3)),
        ("fixtures:\n- response:\n    embedding: [a]", (Shape, 3)),
        (
            "fixtures:\n- match:\n    sequence_index: 5000000000",
            (Shape, 3),
        ),
        (
            "fixtures:\n- match: {user_message: {re: x}}\n  response: {content: a}",
            (Truncated, 2),
        ),
        (
            "fixtures:\n- response: {tool_calls: [{arguments: {}}]}",
            (Truncated, 2),
        ),
    ] {
        let error = Cassette::parse(text).expect_err("it is bad");
        let shown: String = text.chars().take(80).collect();
        assert_eq!(
            (error.problem(), error.line().unwrap_or_default()),
            expected,
            "{shown}: {error}"
        );
        assert!(error.to_string().contains("; "), "{error}");
    }
    // The file has no exchanges.
    for text in ["{\"log\": {\"entries\": []}}", "interactions: []"] {
        assert_eq!(
            Cassette::parse(text).expect_err("it is empty").problem(),
            Truncated
        );
    }
    for format in [
        HAR,
        "interactions:\n- request: {method: GET, uri: /, body: é}\n  response: {code: 200, body: x}\n",
    ] {
        for end in 0..format.len() {
            let _ = Cassette::parse_bytes(&format.as_bytes()[..end]);
        }
    }
}
