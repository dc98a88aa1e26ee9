//! Files that are read, written, and rejected.

mod bad_files;

use std::time::Duration;

use super::*;

fn problem(text: &str) -> (CassetteProblem, Option<usize>) {
    problem_of_bytes(text.as_bytes())
}

fn problem_of_bytes(bytes: &[u8]) -> (CassetteProblem, Option<usize>) {
    let error = Cassette::parse_bytes(bytes).expect_err("it is not a cassette");
    assert!(error.to_string().contains("; "), "{error}");
    (error.problem(), error.line())
}

const GOOD: &str = "when:\n  path: /\nthen:\n  status: 200\n";

#[test]
fn a_bad_file_has_a_typed_error_with_its_line() {
    use CassetteProblem::*;

    let deep = format!("when:\n  path: {}\n", "[".repeat(100_000));
    let less_deep = format!("when:\n  path: {}x{}\n", "[".repeat(17), "]".repeat(17));
    let deep_block = format!("when:\n  path:\n    {}x\n", "- ".repeat(100));
    let bomb = format!("a: &a [x]\nb: &b [*a, *a]\n---\n{GOOD}");
    for (text, expected) in [
        ("", (Truncated, None)),
        ("# nothing\n", (Truncated, None)),
        ("just a text", (Shape, Some(1))),
        ("- a\n- b", (Shape, Some(1))),
        ("a: 1\nb: 2", (Shape, Some(1))),
        ("\nwhen:\n  path: /\n", (Truncated, Some(2))),
        ("when:\n  path: /\nthen:\n  body: 'a", (Truncated, Some(4))),
        (
            "when:\n  path: 'a\nthen:\n  status: 200\n",
            (Syntax, Some(2)),
        ),
        (
            "when: {path: /}\nthen:\n  header: []\n",
            (Truncated, Some(3)),
        ),
        (
            "when:\n  method: GET\nthen: {status: 200}\n",
            (Truncated, Some(2)),
        ),
        ("when: {path: /}\nthen:\n  status: 99\n", (Shape, Some(3))),
        ("when: {path: /}\nthen:\n  status: ok\n", (Shape, Some(3))),
        (
            "when: {path: /}\nthen:\n  status: 200\n  status: 201\n",
            (Shape, Some(4)),
        ),
        (
            "when: {path: /}\nthen:\n  status: 200\n  body: {a: 1}\n",
            (Shape, Some(4)),
        ),
        (
            "when: {path: /}\nthen:\n  status: 200\n  body: '%'\n  body_encoding: base64\n",
            (Shape, Some(4)),
        ),
        (
            "when: {path: /}\nthen:\n  status: 200\n  body_encoding: rot13\n",
            (Shape, Some(4)),
        ),
        (
            "when: {path: /}\nthen:\n  status: 200\n  body: ab\n  frames:\n  - bytes: 1\n",
            (Truncated, Some(6)),
        ),
        (
            "version: 2\nwhen: {path: /}\nthen: {status: 200}\n",
            (Version, Some(1)),
        ),
        (
            "when: {path: /}\n}\nthen: {status: 200}\nx: 1\n",
            (Syntax, Some(2)),
        ),
        (&deep, (Nested, Some(2))),
        (&less_deep, (Nested, Some(2))),
        (&deep_block, (Nested, Some(3))),
        (&bomb, (Alias, Some(2))),
    ] {
        let shown: String = text.chars().take(80).collect();
        assert_eq!(problem(text), expected, "{shown}");
    }
    let later = format!("{GOOD}---\n{GOOD}---\nwhen:\n  path: /\n");
    assert_eq!(problem(&later), (Truncated, Some(11)));
}

/// A whole file in which two parts are put in place of `WHEN` and `THEN`.
fn written(when: &str, then: &str) -> String {
    format!("version: 1\nwhen:\n  path: /a\n{when}then:\n  status: 200\n{then}")
}

#[test]
fn the_remedy_ends_the_mistake_of_a_file_that_somebody_wrote() {
    let list =
        "write a list: for each item a line `- name: ..`, and under the name a line `value: ..`";
    let dots = "write `...` at the beginning of the line";
    let exchange = "when: {path: /}\nthen: {status: 200}\n";
    for (wrong, remedy, right) in [
        (
            format!("version: 1\n{exchange}version: 1\n{exchange}...\n"),
            "write a line `...` before it",
            format!("version: 1\n{exchange}...\nversion: 1\n{exchange}...\n"),
        ),
        (
            format!("{exchange}{exchange}"),
            "write a line `...` before it",
            format!("{exchange}...\n{exchange}"),
        ),
        (
            written("", "  body: data: x\n...\n"),
            "write the value in quotes",
            written("", "  body: 'data: x'\n...\n"),
        ),
        (
            written("", "    body: x\n...\n"),
            "begin it below that key",
            written("", "  body: x\n...\n"),
        ),
        (written("", "....\n"), dots, written("", "...\n")),
        (written("", " ...\n"), dots, written("", "...\n")),
        (
            written("", "  header:\n    a: b\n...\n"),
            list,
            written("", "  header:\n  - name: a\n    value: b\n...\n"),
        ),
        (
            written("  query_param: \"a=b\"\n", "...\n"),
            list,
            written("  query_param:\n  - name: a\n    value: b\n", "...\n"),
        ),
        (
            written("  header:\n  - a: b\n", "...\n"),
            list,
            written("  header:\n  - name: a\n    value: b\n", "...\n"),
        ),
        (
            written("  query: []\n", "...\n"),
            "write `query_param`",
            written("  query_param: []\n", "...\n"),
        ),
        (
            written("", "body_encoding: base64\n...\n"),
            "write it under `when` or `then`",
            written("", "  body_encoding: base64\n...\n"),
        ),
        (
            written("  frames: []\n", "...\n"),
            "write it under `then`",
            written("", "  frames: []\n...\n"),
        ),
        (
            written("", "  method: GET\n...\n"),
            "write it under `when`",
            written("  method: GET\n", "...\n"),
        ),
        (
            "when:\n  path: /\n  then: {status: 200}\n".to_owned(),
            "write it at the beginning of a line",
            "when:\n  path: /\nthen: {status: 200}\n".to_owned(),
        ),
        (
            written("", "  body: '%'\n  body_encoding: base64\n...\n"),
            "write it as base64, or remove `body_encoding` if it is a text",
            written("", "  body: '%'\n...\n"),
        ),
        (
            "when: {path: /}\n".to_owned(),
            "add it, as in `then: {status: 200}`, or remove the document",
            "when: {path: /}\nthen: {status: 200}\n".to_owned(),
        ),
    ] {
        let error = Cassette::parse(&wrong).expect_err(&wrong);
        assert_eq!(error.remedy(), remedy, "{wrong}{error}");
        assert!(Cassette::parse(&right).is_ok(), "{right}");
    }
}

#[test]
fn a_right_mark_after_an_open_list_is_not_the_mistake() {
    for mark in ["...", "... "] {
        let wrong = format!("version: 1\nwhen: [a\n{mark}\n");
        let error = Cassette::parse(&wrong).expect_err("the list is open");
        let text = error.to_string();
        assert!(!text.contains("does not end the document"), "{text}");
    }
}

#[test]
fn a_stream_in_a_block_keeps_the_empty_line_at_its_end() {
    const HEADER: &str =
        "  header:\n  - name: Content-Type\n    value: text/event-stream; charset=utf-8\n";
    let stream = |mark: &str, end: &str| {
        let body = format!("  body: {mark}\n    data: 1\n\n    data: [DONE]\n{end}");
        written("", &format!("{HEADER}{body}...\n"))
    };
    for (mark, end) in [("|", "\n"), ("|2", "\n"), ("|", ""), ("| ", "\n\n")] {
        let error = Cassette::parse(&stream(mark, end)).expect_err("its end is missing");
        let found = (error.problem(), error.line());
        assert_eq!(
            found,
            (CassetteProblem::Truncated, Some(10)),
            "{mark}: {error}"
        );
        assert!(error.remedy().starts_with("write `body: |2+`"), "{error}");
    }
    for (mark, end) in [("|2+", "\n"), ("|+", "\n"), ("|2+", ""), ("|-", "")] {
        assert!(Cassette::parse(&stream(mark, end)).is_ok(), "{mark}");
    }
    let breaks_off = format!("{HEADER}  body: \"data: 1\\n\"\n...\n");
    assert!(Cassette::parse(&written("", &breaks_off)).is_ok());
    // A text of another type may end as it likes.
    assert!(Cassette::parse(&written("", "  body: |\n    data: 1\n...\n")).is_ok());

    let outside = stream("|2+", "\n").replace("    data: [DONE]", "data: [DONE]");
    let error = Cassette::parse(&outside).expect_err("a line is outside of the body");
    assert!(
        error.message().starts_with("`data:` is read as a key"),
        "{error}"
    );
}

#[test]
fn an_error_is_at_the_column_of_the_mistake() {
    for (text, column) in [
        ("just a text", 1),
        ("when: {path: /}\nthen: {status: no}\n", 16),
        (
            "when: {path: /}\nthen:\n  status: 200\n  body: [é, *a]\n",
            13,
        ),
        ("when: {path: /}\nthen:\n  body: 'a", 9),
        ("when: {path: é\0", 15),
        (
            "when: {path: /}\nthen:\n  status: 200\n  body: '%'\n  body_encoding: rot13\n",
            18,
        ),
    ] {
        let error = Cassette::parse_bytes(text.as_bytes()).expect_err("it is not a cassette");
        let at = error.at().expect("it has a place");
        assert_eq!(at.column, column, "{error}");
        assert!(error.to_string().contains(&format!(":{at}: ")), "{error}");
    }
}

#[test]
fn a_file_that_is_not_a_text_is_rejected() {
    use CassetteProblem::*;

    assert_eq!(problem_of_bytes(b"a\nb\0c"), (Binary, Some(2)));
    assert_eq!(problem_of_bytes(b"a\nb\xff"), (Encoding, Some(2)));
    assert_eq!(problem_of_bytes(b"\xff\xfea\0"), (Encoding, Some(1)));
    let error = read_exchanges::check_length(MAX_BYTES + 1).expect_err("it is too long");
    assert_eq!(error.problem(), Huge);
}

/// A cut file is read as fewer exchanges, or rejected. It is never read as an exchange of another body with frames.
#[test]
fn a_file_that_is_cut_anywhere_does_not_panic() {
    let mut streamed = Interaction::new("POST", "/v1/chat/completions");
    streamed.body = "data: {\"é\": 1}\n\ndata: [DONE]\n\n".into();
    streamed.frames = vec![
        RecordedFrame {
            bytes: 18,
            gap: Duration::from_millis(5),
        },
        RecordedFrame {
            bytes: streamed.body.len() - 18,
            gap: Duration::ZERO,
        },
    ];
    let text = Cassette::new([Interaction::new("GET", "/"), streamed]).to_yaml();
    for end in 0..text.len() {
        let _ = Cassette::parse_bytes(&text.as_bytes()[..end]);
    }
    assert!(Cassette::parse(&text).is_ok());
}

#[test]
fn a_written_file_can_be_read_again() {
    let bodies: [&[u8]; 22] = [
        b"",
        b"\n",
        b"\n\n",
        b"a",
        b"a\n",
        b"a\nb",
        b"a\nb\n",
        b"\na\nb\n\n\n",
        b"  a\n b\n",
        b"a\n \nb\n",
        b"a\r\nb\r\n",
        b"a\tb\nc\n",
        b"null",
        b"~",
        b"12",
        b"---\na\n...\n",
        b"# a\n# b\n",
        b"it's \"quoted\" \\ {\"a\": [1]}",
        "é – \u{85}\u{2028}\u{feff}\u{7f}\u{1F600}".as_bytes(),
        b"\x01\x1b\x07",
        b"\xff\x00\xfe",
        b"event: a\ndata: {\"b\": 1}\n\ndata: [DONE]\n\n",
    ];
    let mut interactions = Vec::new();
    for body in bodies {
        let mut interaction = Interaction::new("PATCH", "/a%20b'\"");
        let text = String::from_utf8_lossy(body).into_owned();
        interaction.query = vec![("q".into(), text.clone()), ("empty".into(), String::new())];
        interaction.request_headers = vec![("x-a".into(), text.clone())];
        interaction.headers = vec![("x-a".into(), text), ("x-a".into(), "2".into())];
        interaction.request_body = body.to_vec();
        interaction.body = body.to_vec();
        interaction.status = 418;
        interactions.push(interaction);
    }
    let text = Cassette::new(interactions.clone()).to_yaml();
    let mut read = Cassette::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(read.to_yaml(), text, "the order is the same each time");
    for (read, written) in read.interactions.iter_mut().zip(&interactions) {
        assert!(read.line > 0);
        read.line = 0;
        assert_eq!(read, written, "{text}");
    }
    assert_eq!(read.interactions.len(), interactions.len());
}

#[test]
fn an_unknown_key_is_reported_with_its_line() {
    let text =
        "x: 1\nwhen:\n  path: /\n  host: a\nthen:\n  status: 200\n  frames: []\n  delay: 5\n";
    let cassette = Cassette::parse(text).expect("it is a cassette");
    let unread: Vec<_> = cassette
        .unread()
        .iter()
        .map(|unread| (unread.line, unread.key.as_str()))
        .collect();
    assert_eq!(unread, [(1, "x"), (4, "when.host"), (8, "then.delay")]);
}

#[test]
fn an_unknown_key_is_written_again() {
    let text = "when:\n  path: /\n  \"a b\": [1, '1', true, ~, x y, {k: 'v''s', \"é\": \"\\n\"}]\n  bytes: !!binary aGkh\nthen:\n  status: 200\n  delay: 5\nhost: api.example.com\n";
    let cassette = Cassette::parse(text).expect("it is a cassette");
    let extra: Vec<_> = cassette.interactions()[0]
        .extra
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        extra,
        [
            ("host", "'api.example.com'"),
            (
                "when.a b",
                "[1, '1', true, null, 'x y', {k: 'v''s', 'é': \"\\n\"}]"
            ),
            ("when.bytes", "!!binary 'aGkh'"),
            ("then.delay", "5"),
        ]
    );
    let again = Cassette::parse(&cassette.to_yaml()).expect("it is a cassette");
    assert_eq!(again.interactions()[0].extra.len(), 4);
    assert_eq!(again.to_yaml(), cassette.to_yaml());
    // Secrets in them are found and replaced, too.
    let key = ["sk-", "proj-Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4"].concat();
    let text = format!("when: {{path: /, note: {key}}}\nthen: {{status: 204}}\n");
    let cassette = Cassette::parse(&text).expect("it is a cassette");
    assert_eq!(cassette.secrets()[0].place(), "when.note");
    let cassette = Redaction::default().apply(cassette);
    assert!(cassette.to_yaml().contains("  note: '[REDACTED]'\n"));
    assert_eq!(
        Cassette::parse(&cassette.to_yaml())
            .expect("it is a cassette")
            .secrets(),
        []
    );
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = std::env::temp_dir().join(format!("mock-core-cassettes-{}", std::process::id()));
    let path = folder.join("new/weather.yaml");
    let cassette = |path: &str| Cassette::new([Interaction::new("GET", path)]);
    cassette("/1").save(&path).expect("the folder is made");
    cassette("/2").save(&path).expect("the file is replaced");
    let read = Cassette::load(&path).expect("it is whole");
    assert_eq!(read.interactions()[0].path, "/2");
    let names: Vec<_> = fs::read_dir(folder.join("new"))
        .expect("it is there")
        .collect();
    assert_eq!(names.len(), 1, "no other file is left: {names:?}");
    // A folder is where the file would be.
    let error = cassette("/3")
        .save(folder.join("new"))
        .expect_err("it is a folder");
    assert_eq!(error.problem(), CassetteProblem::Io);
    let names: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
    assert_eq!(names.len(), 1, "no other file is left: {names:?}");
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn a_part_of_a_body_is_found_in_the_file() {
    let event = "data: {\"é\": 1}\n\ndata: it's here\n\n";
    let one_line = "{\"a\": \"it's\", \"b\": \"here\"}";
    let escaped = "\u{1} here";
    let blank = "\n\n  é: here\nb\n";
    let mut interactions = Vec::new();
    for body in [event, one_line, escaped, blank] {
        let mut interaction = Interaction::new("POST", "/");
        interaction.body = body.into();
        interactions.push(interaction);
    }
    let text = Cassette::new(interactions).to_yaml()
        + "---\nwhen: {path: /}\nthen: {status: 200, body: is here}\n";
    let cassette = Cassette::parse(&text).expect("it is written");
    let lines: Vec<_> = text.lines().collect();
    for (index, interaction) in cassette.interactions().iter().enumerate() {
        let body = String::from_utf8_lossy(&interaction.body);
        let at = body.find("here").expect("it is there");
        let mark = interaction.place_in_body(at).expect("it is in the file");
        let line: String = lines[mark.line - 1].chars().skip(mark.column - 1).collect();
        match index {
            // The beginning of the body.
            2 => assert!(line.starts_with('"'), "{line}"),
            _ => assert!(
                line.starts_with("here"),
                "{index}: {mark} {:?}\n{text}",
                interaction.body_place
            ),
        }
    }
    assert_eq!(Interaction::new("GET", "/").place_in_body(0), None);
}

/// A stream ends with a blank line. In a block without `+`, YAML drops it.
#[test]
fn a_block_keeps_its_blank_line_at_the_end_only_with_a_plus() {
    for (block, body) in [
        ("|2+", "data: 1\n\n"),
        ("|+", "data: 1\n\n"),
        ("|", "data: 1\n"),
    ] {
        let file =
            format!("when:\n  path: /\nthen:\n  status: 200\n  body: {block}\n    data: 1\n\n");
        let cassette = Cassette::parse(&file).expect("an exchange");
        assert_eq!(cassette.interactions()[0].body, body.as_bytes(), "{block}");
    }
}

#[test]
fn tool_calls_are_found_on_each_wire_streamed_and_whole() {
    let call = |path: &str, body: &str| {
        let mut interaction = Interaction::new("POST", path);
        interaction.body = body.into();
        let calls = interaction.tool_calls();
        for call in &calls {
            let named = &interaction.body[call.index..][..call.name.len()];
            assert_eq!(named, call.name.as_bytes(), "{body}");
        }
        let calls = calls.into_iter().map(|call| (call.name, call.arguments));
        calls.collect::<Vec<_>>()
    };
    let chat = "/v1/chat/completions";
    for (path, body) in [
        (
            chat,
            r#"{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}}]}}]}"#,
        ),
        (
            chat,
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\"\"}}]}}]}\n\ndata: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}}]}\n\ndata: [DONE]\n\n",
        ),
        (
            "/v1/responses",
            r#"{"output":[{"type":"function_call","name":"f","arguments":"{\"a\":1}"}]}"#,
        ),
        (
            "/v1/responses",
            "event: x\ndata: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}\n\n",
        ),
        (
            "/v1/messages",
            r#"{"content":[{"type":"tool_use","name":"f","input":{"a":1}}]}"#,
        ),
        (
            "/v1/messages",
            "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{}}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"partial_json\":\"{\\\"a\\\":1}\"}}\n\n",
        ),
        (
            "/v1beta/models/m:generateContent",
            r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}}]}"#,
        ),
        (
            "/v1beta/models/m:streamGenerateContent",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1}}}]}}]}\r\n\r\n",
        ),
        (
            "/api/chat",
            "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}}\n{\"done\":true}\n",
        ),
    ] {
        assert_eq!(
            call(path, body),
            [("f".to_owned(), r#"{"a":1}"#.to_owned())],
            "{path}: {body}"
        );
    }
    assert_eq!(call("/v1/models", r#"{"choices":[]}"#), []);
    assert_eq!(call(chat, "not JSON"), []);
}

#[test]
fn a_file_that_is_cut_off_is_an_error_or_holds_whole_exchanges() {
    let bodies = [
        "",
        "{}",
        "data: 1\n\n...\n---\ndata: 2\n\n",
        "a\u{2028}b\r\n",
        "it's\n\n",
    ];
    let mut interactions = vec![Interaction::new("GET", "/")];
    for (index, body) in bodies.iter().enumerate() {
        let mut interaction = Interaction::new("POST", "/v1/x");
        interaction.request_body = body.as_bytes().to_vec();
        interaction.body = body.as_bytes().to_vec();
        interaction.query = vec![("a".into(), "é".into())];
        interaction.headers = vec![("content-type".into(), "text/plain".into())];
        if index % 2 == 0 && !body.is_empty() {
            interaction.frames = vec![RecordedFrame::new(body.len(), Duration::from_millis(12))];
        }
        interactions.push(interaction);
    }
    let mut binary = Interaction::new("POST", "/");
    binary.body = vec![0xff; 40];
    binary.extra = vec![("note".into(), "'x'".into())];
    interactions.push(binary);

    let text = Cassette::new(interactions.clone()).to_yaml();
    for (end, _) in text.char_indices() {
        let Ok(cut) = Cassette::parse(&text[..end]) else {
            continue;
        };
        let read = cut.interactions().iter().zip(&interactions);
        for (read, whole) in read {
            let mut whole = whole.clone();
            (whole.line, whole.body_place) = (read.line, read.body_place);
            assert_eq!(*read, whole, "cut at {end}: {}", &text[..end]);
        }
    }
    assert_eq!(
        Cassette::parse(&text).map(|whole| whole.interactions().len()),
        Ok(interactions.len())
    );
    // Other tools, and people, write no version.
    assert!(Cassette::parse("when: {path: /}\nthen: {status: 204}").is_ok());
}
