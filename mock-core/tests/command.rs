//! The program `mock-cassette`: its exit codes, and what it prints.
#![cfg(feature = "cassette")]

use std::fs;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let program = env!("CARGO_BIN_EXE_mock-cassette");
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(program)
        .args(arguments)
        .output()
        .expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("it prints texts");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_scan_exits_with_1_if_there_are_secrets_and_a_redaction_removes_them() {
    let folder = std::env::temp_dir().join(format!("mock-core-command-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder is made");
    let file = folder.join("a.yaml");
    let key = ["sk-proj-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4"].concat();
    let text = format!("when:\n  path: /\n  body: '{{\"a\": \"{key}\"}}'\nthen: {{status: 204}}\n");
    fs::write(&file, text).expect("it is written");
    let [file, folder] = [&file, &folder].map(|path| path.display().to_string());

    let (code, out, error) = run(&["scan", &folder]);
    assert_eq!((code, error.as_str()), (Some(1), "secrets: 1, files: 1\n"));
    assert!(
        out.starts_with(&format!(
            "{file}:3:17: when.body.a has an OpenAI API key: sk-proj-"
        )),
        "{out}"
    );
    assert!(!out.contains(&key), "{out}");
    assert_eq!(
        run(&["redact", &file]),
        (Some(0), String::new(), String::new())
    );
    assert_eq!(run(&["scan", &folder]).0, Some(0));
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn a_conversion_prints_the_exchanges_and_the_keys_that_it_drops() {
    let file = std::env::temp_dir().join(format!("mock-core-command-{}.har", std::process::id()));
    let har = r#"{"log": {"entries": [{"time": 1, "request": {"method": "GET", "url": "/v1/models"}, "response": {"status": 204}}]}}"#;
    fs::write(&file, har).expect("it is written");
    let path = file.display().to_string();
    let (code, out, error) = run(&["convert", &path]);
    assert_eq!(code, Some(0));
    assert!(out.contains("path: '/v1/models'"), "{out}");
    assert_eq!(
        error,
        format!("{path}:1: `log.entries[0].time` is not carried over\n")
    );
    // It is not overwritten in another format.
    let (code, _, error) = run(&["redact", &path]);
    assert_eq!(code, Some(2));
    assert!(error.contains("convert it first"), "{error}");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), har);
    fs::remove_file(file).expect("it can be removed");
}

#[test]
fn a_key_of_each_entry_that_is_not_carried_over_is_reported_once_with_the_count() {
    let file = std::env::temp_dir().join(format!("mock-core-entries-{}.har", std::process::id()));
    let entry = r#"{"time": 1, "request": {"method": "GET", "url": "/v1/models"}, "response": {"status": 204}}"#;
    let har = format!("{{\"log\": {{\"entries\": [\n{entry},\n{entry},\n{entry}]}}}}");
    fs::write(&file, har).expect("it is written");
    let path = file.display().to_string();
    let (code, _, error) = run(&["convert", &path]);
    assert_eq!(code, Some(0));
    assert_eq!(
        error,
        format!("{path}:2: `log.entries[].time` is not carried over, 3 times\n")
    );
    fs::remove_file(file).expect("it can be removed");
}

#[test]
fn a_scan_of_an_empty_folder_exits_with_2() {
    let folder = std::env::temp_dir().join(format!("mock-core-empty-{}", std::process::id()));
    fs::create_dir_all(folder.join("within")).expect("the folder is made");
    let path = folder.display().to_string();
    let (code, out, error) = run(&["scan", &path]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(error.starts_with(&format!("{path}: ")), "{error}");
    assert!(error.contains("; "), "there is no remedy: {error}");
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn each_command_exits_with_2_and_names_the_place_of_a_bad_file() {
    let folder = std::env::temp_dir().join(format!("mock-core-bad-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder is made");
    let good = "version: 1\nwhen:\n  path: /\nthen:\n  status: 204\n...\n";
    let nested = format!("when: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    let wide: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes, line) in [
        ("truncated", good.trim_end_matches("...\n").as_bytes(), ":"),
        ("binary", b"when:\n  path: \0", ":2"),
        ("encoding", b"when:\n  path: /caf\xe9\n", ":2"),
        ("utf-16", &*wide, ":1"),
        ("nested", nested.as_bytes(), ":1"),
        (
            "version",
            b"version: 2\nwhen: {path: /}\nthen: {status: 204}\n...\n",
            ":1",
        ),
        ("alias", b"a: &a [x]\nb: [*a, *a]\n", ":2"),
        (
            "fixtures",
            b"fixtures:\n- streaming: {chunk_size: 0}\n",
            ":2",
        ),
    ] {
        let file = folder.join(name);
        fs::write(&file, bytes).expect("it is written");
        let path = file.display().to_string();
        for command in ["redact", "convert", "script"] {
            let (code, out, error) = run(&[command, &path]);
            assert_eq!((code, out.as_str()), (Some(2), ""), "{command} {name}");
            assert!(
                error.starts_with(&format!("{path}{line}")),
                "{command}: {error}"
            );
            assert!(
                error.contains("; "),
                "{command}: there is no remedy: {error}"
            );
        }
        assert_eq!(fs::read(&file).expect("it is there"), bytes, "{name}");
    }
    let path = folder.display().to_string();
    for command in ["redact", "convert", "script"] {
        let (code, _, error) = run(&[command, &path]);
        assert_eq!(code, Some(2), "{command}: {error}");
    }
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn a_wrong_command_or_file_exits_with_2() {
    for (arguments, expected) in [
        (&[][..], "the command is missing: "),
        (
            &["scan"],
            "`scan` has no file: write `mock-cassette scan tests/cassettes/weather.yaml`",
        ),
        (&["scrip", "a"], "unknown command `scrip`: "),
    ] {
        let (code, _, error) = run(arguments);
        assert_eq!(code, Some(2));
        assert!(error.starts_with(expected), "{error}");
        assert!(error.contains("Exit codes"), "{error}");
    }
    let (code, _, error) = run(&["scan", "/missing/a.yaml"]);
    assert_eq!(code, Some(2));
    assert!(error.starts_with("/missing/a.yaml: "), "{error}");
}

#[test]
fn the_mocks_of_several_files_have_names_of_their_own() {
    let folder = std::env::temp_dir().join(format!("mock-cassette-names-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder is made");
    let file = folder.join("a.yaml");
    std::fs::write(
        &file,
        "when: {path: /v1/models, method: GET}\nthen: {status: 200, body: '{}'}\n",
    )
    .expect("it is written");
    let file = file.to_str().expect("a path in UTF-8");
    let (code, source, error) = run(&["script", file, file]);
    assert_eq!(code, Some(0), "{error}");
    for name in ["    Recorded = ", "    Recorded2 = "] {
        assert_eq!(source.matches(name).count(), 1, "{name}\n{source}");
    }
    std::fs::remove_dir_all(folder).expect("it can be removed");
}
