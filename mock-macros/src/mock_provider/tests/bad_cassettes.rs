//! Files of the key `cassette` that cannot be read: each is one compile error that names the file, the place and what to do.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::*;

const GOOD: &str =
    "version: 1\nwhen:\n  path: /v1/chat/completions\nthen:\n  status: 200\n  body: '{}'\n...\n";

/// A folder of its own, and how a path of the package leads there.
fn folder(name: &str) -> (PathBuf, String) {
    let folder = std::env::temp_dir().join(format!("mock-macros-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let up = "../".repeat(package.components().count() - 1);
    let path = format!(
        "{up}{}",
        folder.display().to_string().trim_start_matches('/')
    );
    (folder, path)
}

/// The only mistake of a mock with this cassette.
#[track_caller]
fn mistake(path: &str, name: &str) -> String {
    let source = format!("openai, cassette = \"{path}/{name}\", script = [replay(..)]");
    let expansion = expand(source.parse().expect("tokens"));
    let found = mistakes(&source, &expansion);
    let texts: Vec<_> = found.into_iter().map(|mistake| mistake.text).collect();
    assert_eq!(texts.len(), 1, "{name}: {texts:?}");
    texts.concat()
}

#[cfg(unix)]
#[test]
fn a_bad_file_is_one_mistake_with_its_place_and_a_remedy() {
    let (folder, path) = folder("bad");
    let utf_16 = |order: fn(u16) -> [u8; 2]| GOOD.encode_utf16().flat_map(order).collect();
    let nested = format!("{}when: {}{}\n", GOOD, "[".repeat(5_000), "]".repeat(5_000));
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, last) in ('b'..='z').zip('a'..) {
        let aliases = format!("*{last}, ").repeat(9);
        bomb += &format!("{name}: &{name} [{}]\n", aliases.trim_end_matches(", "));
    }
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("empty.yaml", Vec::new(), "empty.yaml:"),
        (
            "truncated.yaml",
            GOOD.trim_end_matches("...\n").into(),
            "truncated.yaml:",
        ),
        ("half.yaml", GOOD.as_bytes()[..60].to_vec(), "half.yaml:"),
        ("zeros.yaml", vec![0; 1_000], "zeros.yaml:1"),
        (
            "image.yaml",
            b"\x89PNG\r\n\x1a\n\x00\x00".to_vec(),
            "image.yaml:3",
        ),
        (
            "utf_16_le.yaml",
            utf_16(u16::to_le_bytes),
            "utf_16_le.yaml:1",
        ),
        (
            "utf_16_be.yaml",
            utf_16(u16::to_be_bytes),
            "utf_16_be.yaml:1",
        ),
        (
            "latin_1.yaml",
            b"when:\n  path: /caf\xe9\nthen: {status: 200}\n".to_vec(),
            "latin_1.yaml:2",
        ),
        ("nested.yaml", nested.into_bytes(), "nested.yaml:"),
        (
            "version.yaml",
            GOOD.replace("version: 1", "version: 2").into_bytes(),
            "version.yaml:1",
        ),
        ("bomb.yaml", bomb.into_bytes(), "bomb.yaml:2"),
        (
            "wire.yaml",
            GOOD.replace("chat/completions", "messages").into_bytes(),
            "wire.yaml:1",
        ),
    ];
    for (name, bytes, place) in cases {
        fs::write(folder.join(name), bytes).expect("it can be written");
        let text = mistake(&path, name);
        assert!(text.contains(place), "{name}: {text}");
        let (_, help) = text.split_once("\nhelp: ").expect("a help line");
        assert!(!help.is_empty() && text.len() < 1_000, "{name}: {text}");
    }
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_a_file_or_too_long_is_not_read() {
    let (folder, path) = folder("odd");
    fs::create_dir(folder.join("folder.yaml")).expect("it can be made");
    // The files are sparse: they use no space on the disk.
    for (name, length) in [("long.yaml", 100 * 1024 * 1024), ("longer.yaml", 1 << 40)] {
        let file = File::create(folder.join(name)).expect("it can be made");
        file.set_len(length).expect("it has holes");
    }
    let made = std::process::Command::new("mkfifo")
        .arg(folder.join("pipe.yaml"))
        .status();
    for (name, message) in [
        ("folder.yaml", "cannot be read: it is not a file"),
        ("pipe.yaml", "cannot be read: it is not a file"),
        ("missing.yaml", "cannot be read: there is no such file"),
        ("long.yaml", "long.yaml:1"),
        ("longer.yaml", "cannot be read: it has more than"),
    ] {
        if name == "pipe.yaml" && made.is_err() {
            continue;
        }
        let text = mistake(&path, name);
        assert!(
            text.contains(message) && text.contains("\nhelp: "),
            "{name}: {text}"
        );
    }
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[cfg(unix)]
#[test]
fn a_file_that_this_user_may_not_read_is_one_mistake() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, path) = folder("denied");
    let file = folder.join("denied.yaml");
    fs::write(&file, GOOD).expect("it can be written");
    let none = fs::Permissions::from_mode(0o000);
    fs::set_permissions(&file, none).expect("it is ours");
    // Some users may read every file.
    if fs::read(&file).is_err() {
        let text = mistake(&path, "denied.yaml");
        assert!(
            text.contains("cannot be read: this user may not read it"),
            "{text}"
        );
    }
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn an_allowed_field_has_a_secret() {
    let (folder, path) = folder("allowed");
    fs::write(folder.join("good.yaml"), GOOD).expect("it is written");
    wrong(
        &format!(
            "openai, cassette = \"{path}/good.yaml\", allow = [secrets(«\"nope.*\"»)], script = [replay(..)]"
        ),
        &[(
            "the cassette has no secret in `nope.*`",
            "remove it, or correct the field",
        )],
    );
    fs::remove_dir_all(folder).expect("it is removed");
}

#[test]
fn fixtures_that_answer_one_after_the_other_have_no_script() {
    let (folder, path) = folder("fixtures");
    let numbered = r#"{"fixtures": [
{"match": {"sequenceIndex": 0}, "response": {"content": "Hi."}}]}"#;
    fs::write(folder.join("numbered.json"), numbered).expect("it is written");
    let of = |rest: &str| format!("openai, cassette = \"{path}/numbered.json\", {rest}");
    let source = of("script = [reply(\"Hello.\")]");
    let expansion = expand(source.parse().expect("tokens"));
    let found = mistakes(&source, &expansion);
    let texts: Vec<_> = found.into_iter().map(|mistake| mistake.text).collect();
    let [text] = &*texts else {
        panic!("{texts:?}");
    };
    assert!(
        text.contains("numbered.json:2 answer one after the other"),
        "{text}"
    );
    assert!(text.contains("help: remove `script`"), "{text}");
    let source = of("latency = 1ms");
    let expansion = expand(source.parse().expect("tokens"));
    let texts: Vec<_> = mistakes(&source, &expansion)
        .into_iter()
        .map(|it| it.text)
        .collect();
    assert_eq!(texts, [""; 0]);
    fs::remove_dir_all(folder).expect("it is removed");
}

#[test]
fn a_path_that_is_not_that_of_a_file_gets_one_that_is() {
    let unknown = "write the path from the folder of the package, or record the file";
    for (path, problem, help) in [
        (
            "tests/cassettes/wether.yaml",
            "there is no such file",
            "did you mean `tests/cassettes/weather.yaml`?",
        ),
        (
            "cassettes/weather.yml",
            "there is no such file",
            "did you mean `tests/cassettes/weather.yaml`?",
        ),
        (
            "weather",
            "there is no such file",
            "did you mean `tests/cassettes/weather.yaml`?",
        ),
        (
            "tests/cassettes/orders.yaml",
            "there is no such file",
            unknown,
        ),
        ("folder/", "there is no such file", unknown),
        ("folder", "there is no such file", unknown),
        ("src/lib.rs/", "", unknown),
        ("src", "it is not a file", unknown),
        (
            "tests/",
            "it is not a file",
            "write the path of a file in it, as in `tests/cassettes/email.yaml`",
        ),
        (
            "tests/cassettes",
            "it is not a file",
            "write the path of a file in it, as in `tests/cassettes/email.yaml`",
        ),
    ] {
        let source = format!("openai, cassette = \"{path}\", script = [replay(..)]");
        let expansion = expand(source.parse().expect("tokens"));
        let found = mistakes(&source, &expansion);
        let [mistake] = found.as_slice() else {
            panic!("{path}: {found:?}");
        };
        let text = &mistake.text;
        let is_said = text.starts_with(&format!("`{path}` cannot be read: {problem}"));
        assert!(
            is_said && text.ends_with(&format!("\nhelp: {help}")),
            "{text}"
        );
    }
}

#[test]
fn a_script_replays_its_cassette() {
    let cassette = "«cassette» = \"tests/cassettes/weather.yaml\"";
    let problem = (
        "no turn of the script replays the cassette",
        "add the turn `replay(..)` to the script, or remove `cassette`",
    );
    for script in ["reply(\"Hi.\")", "reply(\"Hi.\"), hang()"] {
        wrong(
            &format!("openai, {cassette}, script = [{script}]"),
            &[problem],
        );
    }
    let cassette = cassette.replace(['«', '»'], "");
    for rest in [
        "",
        ", script = [reply(\"Hi.\"), replay(1)]",
        ", rules = match request { user(\"x\") => reply(\"y\") }",
    ] {
        right(&format!("openai, {cassette}{rest}"));
    }
}

#[test]
fn a_number_of_exchanges_is_one_that_any_cassette_has() {
    for (number, help) in [
        (
            "0",
            "write `replay(1)`, or `replay(..)` for all that are left",
        ),
        (
            "-1",
            "write `replay(1)`, or `replay(..)` for all that are left",
        ),
        (
            "1..",
            "write `replay(1)`, or `replay(..)` for all that are left",
        ),
        ("\"Hi.\"", "write `reply(..)` for a text"),
    ] {
        wrong(
            &format!(
                "openai, cassette = \"tests/cassettes/weather.yaml\", script = [replay(«{number}»)]"
            ),
            &[("`replay` takes a number from 1, or `..`", help)],
        );
    }
    right("openai, cassette = \"tests/cassettes/weather.yaml\", script = [replay(1)]");
}
