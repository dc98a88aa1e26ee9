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
fn a_conversion_prints_the_exchanges_and_what_is_not_carried_over() {
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
fn a_wrong_command_or_file_exits_with_2() {
    for arguments in [&[][..], &["scan"], &["cook", "a"]] {
        let (code, _, error) = run(arguments);
        assert_eq!(code, Some(2));
        assert!(error.contains("Exit codes"), "{error}");
    }
    let (code, _, error) = run(&["scan", "/missing/a.yaml"]);
    assert_eq!(code, Some(2));
    assert!(error.starts_with("/missing/a.yaml: "), "{error}");
}
