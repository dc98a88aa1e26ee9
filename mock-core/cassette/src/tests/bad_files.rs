//! Files of each format that are cut off, broken, or made to hurt: a typed error with the file, the line and a remedy, and no panic.

use std::fs;
use std::path::PathBuf;

use crate::{Cassette, CassetteError, CassetteProblem, Interaction, MAX_BYTES};

/// How a file names its version, and one that is not known.
type Version = Option<(&'static str, &'static str)>;

/// A good file of each format, with a version that is not known.
const FORMATS: &[(&str, &str, Version)] = &[
    (
        "ours",
        "version: 1\nwhen:\n  path: /é\nthen:\n  status: 200\n  body: |2+\n    data: 1\n\n    data: 2\n\n  frames:\n  - bytes: 18\n    gap_ms: 1\n...\n",
        Some(("version: 1", "version: 2")),
    ),
    (
        "httpmock",
        "when:\n  path: /é\n  method: POST\n  query_param: []\n  header:\n  - name: a\n    value: b\n  body: null\nthen:\n  status: 200\n  header: []\n  body: '{}'\n",
        None,
    ),
    (
        "HAR",
        "{\"log\": {\"version\": \"1.2\", \"entries\": [\n{\"request\": {\"method\": \"GET\", \"url\": \"/é\"},\n\"response\": {\"status\": 200, \"content\": {\"text\": \"aGkh\", \"encoding\": \"base64\"}}}]}}",
        Some(("\"1.2\"", "\"2.0\"")),
    ),
    (
        "vcrpy",
        "interactions:\n- request: {body: é, headers: {}, method: GET, uri: /}\n  response:\n    body: {string: !!binary aGkh}\n    headers: {}\n    status: {code: 200, message: OK}\nversion: 1\n",
        Some(("version: 1", "version: 3")),
    ),
    (
        "VCR",
        "---\nhttp_interactions:\n- request:\n    method: get\n    uri: http://a/é\n    body: {encoding: UTF-8, string: ''}\n    headers: {}\n  response:\n    status: {code: 200, message: OK}\n    headers: {}\n    body: {encoding: UTF-8, string: hi}\nrecorded_with: VCR 6.0.0\n",
        None,
    ),
    (
        "go-vcr",
        "version: 2\ninteractions:\n- request: {method: GET, url: /é, body: ''}\n  response: {code: 200, body: hi}\n",
        Some(("version: 2", "version: 9")),
    ),
    (
        "aimock",
        "{\"fixtures\": [\n{\"match\": {\"userMessage\": \"é\"}, \"response\": {\"content\": \"Hi.\"}}]}",
        None,
    ),
    (
        "llmposter",
        "fixtures:\n- match: {user_message: é}\n  response: {content: Hi.}\n",
        None,
    ),
];

fn bad_file(bytes: &[u8], what: &str) -> CassetteError {
    let error = Cassette::parse_bytes(bytes).expect_err(what);
    let shown = error.to_string();
    assert!(shown.contains("; "), "{what}: there is no remedy: {shown}");
    assert!(shown.len() < 400, "{what}: {shown}");
    error
}

#[test]
fn a_bad_file_of_any_format_has_a_typed_error_with_its_line() {
    use CassetteProblem::{Alias, Binary, Encoding, Nested, Shape, Syntax, Truncated};

    for (name, good, version) in FORMATS {
        let cassette = Cassette::parse(good).unwrap_or_else(|error| panic!("{name}: {error}"));
        let count = cassette.interactions().len() + cassette.fixtures().len();
        assert_eq!(count, 1, "{name}");
        let bytes = good.as_bytes();
        // With a byte-order mark, and with the line ends of Windows.
        assert!(
            Cassette::parse(&format!("\u{feff}{good}")).is_ok(),
            "{name}"
        );
        assert!(
            Cassette::parse(&good.replace('\n', "\r\n")).is_ok(),
            "{name}"
        );
        for end in 0..bytes.len() {
            let Err(error) = Cassette::parse_bytes(&bytes[..end]) else {
                continue;
            };
            let version_is_cut = CassetteProblem::Version;
            let expected = [Truncated, Encoding, Shape, Syntax, version_is_cut];
            assert!(
                expected.contains(&error.problem()),
                "{name}, {end}: {error}"
            );
        }
        let mut ends = good.char_indices().map(|(end, _)| end);
        let half = ends.rfind(|end| *end <= good.len() / 2).unwrap_or_default();
        let line = 1 + good[..half].matches('\n').count();
        for (byte, expected) in [(0, Binary), (0xff, Encoding)] {
            let bad = [&bytes[..half], &[byte], &bytes[half..]].concat();
            let error = bad_file(&bad, name);
            assert_eq!(
                (error.problem(), error.line()),
                (expected, Some(line)),
                "{name}"
            );
        }
        let wide: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let error = bad_file(&[&[0xff, 0xfe], &*wide].concat(), name);
        assert_eq!(error.problem(), Encoding, "{name}");
        if let Some((known, unknown)) = version {
            let error = bad_file(good.replace(known, unknown).as_bytes(), name);
            assert_eq!(error.problem(), CassetteProblem::Version, "{name}");
            assert!(error.line().is_some(), "{name}");
        }
        let is_json = good.starts_with('{');
        let open = if is_json { "{\"a\": " } else { "a:\n " };
        let deep = |levels: usize| format!("{open}{}1{}", "[".repeat(levels), "]".repeat(levels));
        let ends = if is_json { "}" } else { "" };
        for levels in [100, 100_000] {
            let error = bad_file((deep(levels) + ends).as_bytes(), name);
            assert_eq!(error.problem(), Nested, "{name}");
        }
        if !is_json {
            let bomb = format!("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n{good}");
            let error = bad_file(bomb.as_bytes(), name);
            assert_eq!((error.problem(), error.line()), (Alias, Some(2)), "{name}");
        }
    }
}

/// One letter more, fewer or other, or two swapped, is a mistake of the one who wrote the file: the exchange would never match.
#[test]
fn a_misspelt_key_is_an_error_with_the_key_to_write() {
    const GOOD: &str = "version: 1\nwhen:\n  path: /\n  method: GET\n  query_param:\n  - name: a\n    value: b\n  header: []\n  \
         body: '{}'\nthen:\n  status: 200\n  body: hi\n  frames:\n  - bytes: 2\n    gap_ms: 1\n...\n";
    assert!(Cassette::parse(GOOD).is_ok());
    for (right, wrong, line) in [
        ("version: 1", "versoin: 1", 1),
        ("when:", "wen:", 2),
        ("  path:", "  Path:", 3),
        ("  method:", "  metod:", 4),
        ("query_param:", "query_params:", 5),
        ("- name:", "- nam:", 6),
        ("    value:", "    vlaue:", 7),
        ("  header:", "  headers:", 8),
        ("  body: '{}'", "  boddy: '{}'", 9),
        ("then:", "them:", 10),
        ("  status:", "  state:", 0),
        ("  status:", "  statsu:", 11),
        ("  body: hi", "  bdoy: hi", 12),
        ("  frames:", "  frame:", 13),
        ("- bytes:", "- byte:", 14),
        ("    gap_ms:", "    gapms:", 15),
    ] {
        let error = bad_file(GOOD.replacen(right, wrong, 1).as_bytes(), wrong);
        let name = right.trim_start_matches(['-', ' ']).split(':').next();
        let remedy = format!("write `{}`", name.unwrap_or_default());
        match line {
            // The key differs in two letters.
            0 => assert_eq!(error.problem(), CassetteProblem::Truncated),
            _ => assert_eq!(
                (error.problem(), error.line(), error.remedy()),
                (CassetteProblem::MisspeltKey, Some(line), &*remedy),
                "{error}"
            ),
        }
    }
    // The right key is there, so the other one is not meant as it.
    let both = GOOD.replace("  body: '{}'", "  body: '{}'\n  body_: x");
    let cassette = Cassette::parse(&both).expect("it is a key of another tool");
    assert_eq!(cassette.unread()[0].key, "when.body_");
}

/// The scanner says "double-quoted" of each text that ends too early.
#[test]
fn a_quote_within_a_text_in_quotes_is_an_error_that_says_how_to_write_it() {
    for (body, column, remedy) in [
        (
            r#"'{"a": "don't"}'"#,
            21,
            "write `''` for an apostrophe in it",
        ),
        (
            r"'the dogs' bone'",
            20,
            "write `''` for an apostrophe in it",
        ),
        (r#""say "hi"""#, 15, r#"write `\"` for a quote in it"#),
    ] {
        for rest in ["", "then:\n  status: 200\n"] {
            let text = format!("when:\n  path: /\n  body: {body}\n{rest}");
            let error = bad_file(text.as_bytes(), body);
            assert_eq!(error.problem(), CassetteProblem::Syntax, "{error}");
            let at = error.at().map(|at| (at.line, at.column));
            assert_eq!((at, error.remedy()), (Some((3, column)), remedy), "{error}");
            let quotes = if body.starts_with('"') {
                "double"
            } else {
                "single"
            };
            let problem = format!("the text in {quotes} quotes ends before this place");
            assert_eq!(error.message(), problem);
        }
    }
}

/// At the tab, whatever the scanner was at.
#[test]
fn a_line_that_a_tab_indents_is_an_error_that_says_so() {
    for (text, line, column) in [
        ("when:\n\tpath: /\nthen:\n\tstatus: 200\n", 2, 1),
        (
            "when:\n  path: /\n\tmethod: GET\nthen:\n  status: 200\n",
            3,
            1,
        ),
        (
            "when:\n  path: /\n  header:\n  \t- name: a\nthen:\n  status: 200\n",
            4,
            3,
        ),
        (
            "when:\n  path: /\n  header:\n  -\tname: a\n  \tvalue: b\nthen:\n  status: 200\n",
            5,
            3,
        ),
        (
            "when:\n  path: /\n  body: |\n\tx\nthen:\n  status: 200\n",
            4,
            1,
        ),
        (
            "when:\n  path: /\n  body: |\n    a\n\tb\nthen:\n  status: 200\n",
            5,
            1,
        ),
        (
            "when:\n  path: /\n  body: 'a\n\tb'\nthen:\n  status: 200\n",
            4,
            1,
        ),
        (
            "when:\n  path: /\n  body: {a:\n\tb}\nthen:\n  status: 200\n",
            4,
            1,
        ),
        // In the last line, too.
        ("when:\n  path: /\nthen:\n\tstatus: 200", 4, 1),
        ("when:\n  path: /\nthen:\n  status: 200\n\tbody: hi\n", 5, 1),
    ] {
        let error = bad_file(text.as_bytes(), text);
        assert_eq!(error.problem(), CassetteProblem::Syntax, "{error}");
        let at = error.at().map(|at| (at.line, at.column));
        assert_eq!(at, Some((line, column)), "{error}");
        assert_eq!(
            error.message(),
            "the line is indented with a tab, which YAML does not allow"
        );
        assert_eq!(error.remedy(), "indent it with spaces");
    }
    // Elsewhere a tab does not indent.
    let text = "when:\n  path:\t/\n  body: |\n    \tx\nthen:\n  status: 200\n";
    let cassette = Cassette::parse(text).expect("it is YAML");
    assert_eq!(cassette.interactions()[0].request_body, b"\tx\n");
}

/// No client sends such a request, so the exchange would never answer.
#[test]
fn a_path_or_a_method_that_no_request_has_is_an_error_at_its_place() {
    let ours = |key: &str, value: &str| {
        let (path, method) = match key {
            "path" => (value, "GET"),
            _ => ("/v1/models", value),
        };
        format!("when:\n  method: '{method}'\n  path: '{path}'\nthen:\n  status: 200\n")
    };
    for (key, value, problem, remedy) in [
        (
            "path",
            "v1/models",
            "the path `v1/models` does not begin with `/`",
            "write `/v1/models`",
        ),
        (
            "path",
            "",
            "the path is empty",
            "write one, such as `/v1/chat/completions`",
        ),
        (
            "path",
            "https://api.openai.com/v1/models?limit=2",
            "the path `https://api.openai.com/v1/models?limit=2` is a whole URL",
            "write `/v1/models`, and what follows `?` as `query_param`",
        ),
        (
            "path",
            "http://127.0.0.1:11434",
            "the path `http://127.0.0.1:11434` is a whole URL",
            "write `/`",
        ),
        (
            "path",
            "/v1/models?limit=2",
            "the path `/v1/models?limit=2` has a query",
            "write `/v1/models`, and what follows `?` as `query_param`",
        ),
        (
            "path",
            "/v1/models#top",
            "the path `/v1/models#top` has a part that clients do not send",
            "write `/v1/models`",
        ),
        (
            "path",
            "/v1/chat completions",
            "the path `/v1/chat completions` has a space",
            "write `/v1/chat%20completions`",
        ),
        (
            "path",
            " /v1/models ",
            "the path ` /v1/models ` has a space",
            "write `/v1/models`",
        ),
        (
            "method",
            "get",
            "the method `get` is not in upper case",
            "write `GET`",
        ),
        (
            "method",
            "Post",
            "the method `Post` is not in upper case",
            "write `POST`",
        ),
        (
            "method",
            "POST /v1",
            "the method `POST /v1` is not one word",
            "write one word, such as `POST`",
        ),
        (
            "method",
            "",
            "the method is empty",
            "write one, such as `POST`",
        ),
    ] {
        let error = bad_file(ours(key, value).as_bytes(), value);
        assert_eq!(error.problem(), CassetteProblem::Shape, "{error}");
        assert_eq!((error.message(), error.remedy()), (problem, remedy));
        let (line, column) = if key == "path" { (3, 9) } else { (2, 11) };
        let at = error.at().map(|at| (at.line, at.column));
        assert_eq!(at, Some((line, column)), "{error}");
    }
    for (path, method) in [
        ("/", "GET"),
        ("/v1/a%20b:generateContent", "M-SEARCH"),
        ("/v1/é/[REDACTED]", "PATCH"),
    ] {
        for (key, value) in [("path", path), ("method", method)] {
            let cassette = Cassette::parse(&ours(key, value));
            assert!(cassette.is_ok(), "{cassette:?}");
        }
    }
}

#[test]
fn a_url_or_a_method_of_another_tool_that_no_request_has_is_an_error_at_its_place() {
    let har = |method: &str, url: &str| {
        format!(
            "{{\"log\": {{\"version\": \"1.2\", \"entries\": [{{\"request\":\n{{\"method\":\"{method}\",\n\"url\":\"{url}\"}},\n\
             \"response\": {{\"status\": 200, \"content\": {{}}}}}}]}}}}"
        )
    };
    let vcr = |method: &str, url: &str| {
        format!(
            "interactions:\n- request:\n    method: '{method}'\n    uri: '{url}'\n  response: {{status: {{code: 200}}}}\n"
        )
    };
    let good = "http://a/v1/models";
    for (text, at, problem) in [
        (
            har("GET", "a/v1"),
            (3, 7),
            "the path `a/v1` does not begin with `/`",
        ),
        (
            har("GET", "http://a/v 1"),
            (3, 7),
            "the path `/v 1` has a space",
        ),
        (
            har("get", good),
            (2, 11),
            "the method `get` is not in upper case",
        ),
        (
            vcr("get", "a/v1"),
            (4, 10),
            "the path `a/v1` does not begin with `/`",
        ),
        (
            vcr("get it", good),
            (3, 13),
            "the method `GET IT` is not one word",
        ),
    ] {
        let error = bad_file(text.as_bytes(), &text);
        assert_eq!(error.problem(), CassetteProblem::Shape, "{error}");
        assert_eq!(error.message(), problem);
        let place = error.at().map(|at| (at.line, at.column));
        assert_eq!(place, Some(at), "{error}");
    }
    for text in [
        har("GET", good),
        vcr("get", good),
        vcr("POST", "http://a?b=c"),
    ] {
        assert!(Cassette::parse(&text).is_ok(), "{text}");
    }
}

/// It could not be read again.
#[test]
fn a_cassette_with_a_request_that_no_client_sends_is_not_saved() {
    let cassette = Cassette::new([Interaction::new("GET", "v1/models")]);
    let error = cassette.save(folder("unsent").join("a.yaml"));
    let error = error.expect_err("it has no such path").to_string();
    assert!(
        error.contains("the path `v1/models` does not begin with `/`; write `/v1/models`"),
        "{error}"
    );
}

/// A folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("mock-cassette-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder is made");
    folder
}

#[test]
fn a_file_that_cannot_be_opened_is_named_with_a_remedy() {
    let folder = folder("open");
    for path in [folder.join("missing.yaml"), folder.clone()] {
        let error = Cassette::load(&path).expect_err("it is not a cassette");
        assert_eq!(error.problem(), CassetteProblem::Io);
        assert_eq!(error.file(), Some(&*path.display().to_string()));
        assert!(error.to_string().contains("; "), "{error}");
    }
    // The file is sparse, and is not read.
    let huge = folder.join("huge.yaml");
    let file = fs::File::create(&huge).expect("it is made");
    file.set_len(MAX_BYTES as u64 + 1).expect("it is long");
    let error = Cassette::load(&huge).expect_err("it is too long");
    assert_eq!(error.problem(), CassetteProblem::Huge);
    fs::remove_dir_all(folder).expect("it can be removed");
}

/// It may have no end.
#[cfg(unix)]
#[test]
fn a_path_that_is_not_a_file_is_not_read() {
    let error = Cassette::load("/dev/zero").expect_err("it is a device");
    assert_eq!(error.problem(), CassetteProblem::Io);
    assert!(
        error.to_string().contains("it is not a file; name a file"),
        "{error}"
    );
}

/// Not even root may write there.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_named_with_a_remedy() {
    let cassette = Cassette::new([Interaction::new("GET", "/")]);
    let path = "/proc/mock-cassette/a.yaml";
    let error = cassette.save(path).expect_err("it cannot be written");
    assert_eq!(
        (error.problem(), error.file()),
        (CassetteProblem::Io, Some(path))
    );
    assert!(
        error.to_string().contains("choose another folder"),
        "{error}"
    );
}

/// The process that saves may write 512 bytes, as if the disk were full then. The old file stays, and the exchanges are not lost.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file() {
    const CHILD: &str = "MOCK_CASSETTE_FULL_DISK";
    let name = "tests::bad_files::a_full_disk_leaves_the_old_file";
    let large = || {
        let mut interaction = Interaction::new("GET", "/new");
        interaction.body = vec![b'a'; 10_000];
        Cassette::new([interaction])
    };
    if let Some(path) = std::env::var_os(CHILD) {
        let cassette = large();
        let error = cassette.save(&path).expect_err("the disk is full");
        assert_eq!(error.problem(), CassetteProblem::Io);
        assert!(error.to_string().contains("free some space"), "{error}");
        assert_eq!(cassette, large());
        return;
    }
    let folder = folder("full");
    let path = folder.join("a.yaml");
    Cassette::new([Interaction::new("GET", "/old")])
        .save(&path)
        .expect("it is written");
    let program = std::env::current_exe().expect("it runs");
    let child = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 1; exec \"$0\" --exact \"$1\"",
        ])
        .arg(program)
        .arg(name)
        .env(CHILD, &path)
        .output()
        .expect("there is a shell");
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && output.contains("1 passed"),
        "{output}"
    );
    let old = Cassette::load(&path).expect("it is whole");
    assert_eq!(old.interactions()[0].path, "/old");
    let files = fs::read_dir(&folder).expect("it is there").count();
    assert_eq!(files, 1, "nothing else is left");
    fs::remove_dir_all(folder).expect("it can be removed");
}
