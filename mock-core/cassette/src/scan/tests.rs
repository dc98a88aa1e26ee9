//! Secrets that are found, and texts that are not secrets.

use std::fs;

use super::*;
use crate::Interaction;

/// Keys in two parts, so that no other scanner takes this file for a leak.
const KEYS: &[(&str, &str)] = &[
    ("sk-ant-", "api03-Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0"),
    (
        "sk-or-",
        "v1-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    ),
    ("sk-proj-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4_Gh6Jk0-Aa"),
    ("sk-svcacct-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4"),
    ("sk-", "Zb3kQ9vX2mLp7Rt5Wn8YT3BlbkFJc1Df4Gh6Jk0Aa2"),
    ("sk-", "9f86d081884c7d659a2feaa0c55ad015"),
    ("AIza", "SyZb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa"),
    ("ya29.", "a0AfH6SMBx3kQ9vX2mLp7Rt5"),
    ("AKIA", "Z3KQ9VX2MLP7RT5W"),
    ("ASIA", "Z3KQ9VX2MLP7RT5W"),
    ("ABSK", "Qm9kcm9ja0FQSUtleS1Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0"),
    ("ghp_", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb"),
    ("github_pat_", "11ABCDEFG0Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa"),
    ("glpat-", "Zb3kQ9vX2mLp7Rt5Wn8Y"),
    (
        "gsk_",
        "Zb3kQ9vX2mLp7Rt5Wn8YWGdyb3FYc1Df4Gh6Jk0Aa2Bb3Cc4Dd5E",
    ),
    ("xai-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb3Cc4Dd5"),
    ("hf_", "ZbkQvXmLpRtWnYcDfGhJkAaBbCcDdEeFfG"),
    ("pplx-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb3Cc4Dd5Ee"),
    ("r8_", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb"),
    ("nvapi-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb"),
    ("csk-", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"),
    ("tvly-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6"),
    ("sk_live_", "Zb3kQ9vX2mLp7Rt5Wn8Y"),
    ("xoxb-", "123456789012-123456789012-Zb3kQ9vX2mLp7Rt5Wn8Y"),
    ("npm_", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb"),
    (
        "eyJhbGciOiJIUzI1NiJ9.",
        "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ),
    (
        "-----BEGIN RSA PRIVATE KEY-----",
        "\nMIIEowIBAAKCAQEA1Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0\n-----END RSA PRIVATE KEY-----",
    ),
    ("postgres://app:", "tr0ub4dor@db.internal/x"),
    (
        "https://files.acme.io/a.png?se=2026&sig=",
        "Zb3kQ9vX2mLp7Rt5Wn8Y",
    ),
    (
        "AccountName=a;AccountKey=",
        "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa2Bb3Cc4Dd5Ee6Ff7==",
    ),
    ("authorization: Bearer ", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4"),
    ("org-", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df"),
    ("proj_", "Zb3kQ9vX2mLp7Rt5Wn8Yc1Df"),
    (
        "arn:aws:bedrock:us-east-1:",
        "482913746501:inference-profile/x",
    ),
    ("bob.smith@", "acme-corp.io"),
    ("/home/", "bsmith/work/agent.rs"),
    ("/Users/", "bsmith/work/agent.rs"),
    ("C:\\Users\\", "Bob Smith\\agent.rs"),
    ("file:///home/", "bsmith/a.pdf"),
];

fn secrets_of(interaction: Interaction) -> Vec<String> {
    let findings = Cassette::new([interaction]).secrets();
    findings
        .iter()
        .map(|found| found.place().to_owned())
        .collect()
}

fn with_body(body: &str) -> Interaction {
    let mut interaction = Interaction::new("POST", "/v1/chat/completions");
    interaction.body = body.as_bytes().to_vec();
    interaction
}

/// The ways in which a text is in a body: as it is, in JSON, in JSON within JSON, in an event.
fn bodies(text: &str) -> [String; 5] {
    let quoted = serde_json::Value::from(text).to_string();
    let arguments = serde_json::Value::from(format!("{{\"a\": {quoted}}}")).to_string();
    [
        format!("It is {text}"),
        format!("{{\"a\": {quoted}}}"),
        format!("{{\"messages\": [{{\"content\": {quoted}}}]}}"),
        format!("{{\"function\": {{\"arguments\": {arguments}}}}}"),
        format!("event: x\ndata: {{\"delta\": {{\"text\": {quoted}}}}}\n\ndata: [DONE]\n\n"),
    ]
}

#[test]
fn each_known_shape_is_found_in_each_kind_of_body() {
    for (prefix, rest) in KEYS {
        let secret = format!("{prefix}{rest}");
        for body in bodies(&secret) {
            let found = Cassette::new([with_body(&body)]).secrets();
            assert_eq!(found.len(), 1, "{body}: {found:?}");
            assert!(!found[0].to_string().contains(rest), "{}", found[0]);
        }
    }
}

#[test]
fn a_name_identifies_a_credential_whatever_its_shape() {
    let mut interaction = Interaction::new("POST", "/v1/messages");
    for name in [
        "Authorization",
        "X-Api-Key",
        "api-key",
        "Cookie",
        "X-Goog-Api-Key",
        "x-acme-token",
    ] {
        interaction
            .request_headers
            .push((name.into(), "hunter2".into()));
    }
    interaction
        .request_headers
        .push(("OpenAI-Organization".into(), "acme".into()));
    interaction.query = vec![
        ("key".into(), "hunter2".into()),
        ("alt".into(), "sse".into()),
    ];
    interaction.headers = vec![("Set-Cookie".into(), "__cf_bm=hunter2; path=/".into())];
    interaction.request_body =
        br#"{"api_key": "hunter2", "config": {"clientSecret": "hunter2"}}"#.to_vec();
    assert_eq!(
        secrets_of(interaction),
        [
            "when.query_param[key]",
            "when.header[authorization]",
            "when.header[x-api-key]",
            "when.header[api-key]",
            "when.header[cookie]",
            "when.header[x-goog-api-key]",
            "when.header[x-acme-token]",
            "when.header[openai-organization]",
            "when.body.api_key",
            "when.body.config.clientSecret",
            "then.header[set-cookie]",
        ]
    );
}

#[test]
fn a_key_that_is_split_between_events_is_found() {
    let event = |text: &str| {
        format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let body = [
        event("Your key is sk-pr"),
        event("oj-Zb3kQ9vX2mLp"),
        event("7Rt5Wn8Yc1Df4."),
    ]
    .concat();
    assert_eq!(
        secrets_of(with_body(&body)),
        ["then.body.choices[0].delta.content"]
    );
    // The texts of two blocks are not put together.
    let event = |index: u8, text: &str| {
        format!(
            "data: {{\"type\":\"content_block_delta\",\"index\":{index},\"delta\":{{\"text\":\"{text}\"}}}}\n\n"
        )
    };
    let body = [event(0, "sk-proj-Zb3k"), event(1, "Q9vX2mLp7Rt5Wn8Yc1Df4")].concat();
    assert_eq!(secrets_of(with_body(&body)), [""; 0]);
}

#[test]
fn a_placeholder_is_not_a_secret() {
    for value in [
        "[REDACTED]",
        "REDACTED",
        "**REDACTED**",
        "<redacted>",
        "<OPENAI_API_KEY>",
        "${OPENAI_API_KEY}",
        "$OPENAI_API_KEY",
        "{{api_key}}",
        "fake",
        "fake-key",
        "dummy",
        "test",
        "test-key",
        "sk-test",
        "sk-fake-1234",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-00000000000000000000000000000000",
        "********",
        "any key",
        "my-api-key",
        "your-api-key",
        "YOUR_API_KEY_HERE",
        "sk-...abcd",
        "placeholder",
        "FILTERED",
        "ollama",
        "unused",
        "%API_KEY%",
        "sk-proj-REDACTED_1",
        "none",
        "",
    ] {
        let mut interaction = Interaction::new("GET", "/");
        interaction.request_headers = vec![
            ("authorization".into(), format!("Bearer {value}")),
            ("x-api-key".into(), value.into()),
        ];
        interaction.query = vec![("key".into(), value.into())];
        interaction.request_body = serde_json::json!({ "api_key": value }).to_string().into();
        assert_eq!(secrets_of(interaction), [""; 0], "{value}");
    }
}

#[test]
fn ordinary_texts_have_no_secrets() {
    for text in [
        "The risk-averse task-list of the desk-bound",
        "import sk-learn-contrib-pipeline-v2-tutorial",
        "chatcmpl-9f86d081884c7d659a2feaa0c55ad015",
        "call_Zb3kQ9vX2mLp7Rt5Wn8Yc1Df msg_01Zb3kQ9vX2mLp7Rt5Wn8Yc1",
        "gpt-4o-2024-08-06 claude-sonnet-4-5-20250929 gemini-2.5-flash",
        "fp_44709d6fcb 1f0e3dad-9990-4f0f-bd0e-6b8c1f0e3dad",
        "https://example.com/home/page?alt=sse&page=2",
        "user@example.com git@github.com:a/b.git serde@1.0.2 @handle",
        "/home/user/x /Users/runner/x C:\\Users\\Public\\x /homework/a",
        "Bearer authentication is needed",
        "password: the one that you chose",
        "arn:aws:iam::123456789012:role/x",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    ] {
        for body in bodies(text) {
            assert_eq!(secrets_of(with_body(&body)), [""; 0], "{body}");
        }
    }
    let schema = r#"{"properties": {"password": {"type": "string", "description": "The password"}, "api_key": {"type": "string"}},
        "max_tokens": 10, "token": "Hello", "key": "value", "logprobs": [{"token": "abc12345"}]}"#;
    assert_eq!(secrets_of(with_body(schema)), [""; 0]);
}

#[test]
fn a_finding_has_the_line_and_the_column_of_the_secret() {
    let key = |last: char| format!("sk-proj-Zb3kQ9vX2mLp7Rt5Wn8Yc1D{last}");
    let text = format!(
        "when:\n  path: /\n  header:\n  - name: authorization\n    value: 'Bearer {}'\n  body: '{{\"a\": \"it''s {}\"}}'\nthen:\n  status: 200\n  body: |2+\n    data: {{\"text\": \"{}\"}}\n\n    data: {{\"text\": \" ü {}\"}}\n\n---\nwhen: {{path: /, body: \"a\\\"\\t{}\"}}\nthen: {{status: 200}}\n# {}\n",
        key('a'),
        key('b'),
        key('c'),
        key('c'),
        key('d'),
        key('e'),
    );
    let findings = find_secrets(&text).expect("it is a cassette");
    let places: Vec<_> = findings
        .iter()
        .map(|found| (found.at().line, found.at().column, found.place()))
        .collect();
    assert_eq!(
        places,
        [
            (5, 20, "when.header[authorization]"),
            (6, 23, "when.body.a"),
            (10, 21, "then.body.text"),
            (12, 24, "then.body.text"),
            (15, 29, "when.body"),
            (17, 3, "the text"),
        ]
    );
}

#[test]
fn a_folder_is_searched_with_the_folders_in_it() {
    let folder = std::env::temp_dir().join(format!("mock-cassette-scan-{}", std::process::id()));
    let key = KEYS
        .iter()
        .map(|(prefix, rest)| format!("{prefix}{rest}"))
        .next();
    let key = key.expect("there are keys");
    fs::create_dir_all(folder.join("a/.git")).expect("the folder is made");
    let write =
        |name: &str, text: &[u8]| fs::write(folder.join(name), text).expect("it is written");
    write("good.yaml", b"when: {path: /}\nthen: {status: 204}");
    write(
        "a/bad.yaml",
        format!("when: {{path: /, body: {key}}}\nthen: {{status: 204}}").as_bytes(),
    );
    // The key is found in a truncated file, too.
    write(
        "a/cut.yaml",
        format!("when:\n  path: /\n  body: '{key}").as_bytes(),
    );
    write("a/binary", format!("\0\u{1}\n{key}").as_bytes());
    write("a/.hidden", key.as_bytes());
    fs::create_dir_all(folder.join(".cassettes/.git")).expect("the folder is made");
    write(".cassettes/b.yaml", key.as_bytes());
    write("a/.git/config", key.as_bytes());
    write(".cassettes/.git/config", key.as_bytes());
    let scan = scan(&folder).expect("it can be read");
    let findings: Vec<_> = scan
        .findings()
        .iter()
        .map(|found| (found.file().expect("it is in a file"), found.at().line))
        .collect();
    let file = |name: &str| folder.join(name).display().to_string();
    assert_eq!(scan.files(), 6);
    assert_eq!(
        findings,
        [
            (&*file(".cassettes/b.yaml"), 1),
            (&*file("a/.hidden"), 1),
            (&*file("a/bad.yaml"), 1),
            (&*file("a/binary"), 2),
            (&*file("a/cut.yaml"), 3)
        ]
    );
    assert_eq!(scan.unread().len(), 4);
    let failed = std::panic::catch_unwind(|| assert_no_secrets(&folder));
    let message = *failed
        .expect_err("it has secrets")
        .downcast::<String>()
        .expect("it is a text");
    assert!(message.contains("has secrets"), "{message}");
    assert!(
        message.contains(&format!("{}:1:", file("a/bad.yaml"))),
        "{message}"
    );
    assert!(!message.contains(&key), "{message}");
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn a_body_that_cannot_be_searched_fails_the_test() {
    let folder = std::env::temp_dir().join(format!("mock-cassette-closed-{}", std::process::id()));
    let mut interaction = Interaction::new("GET", "/");
    interaction.headers = vec![("content-encoding".into(), "br".into())];
    interaction.body = vec![0x0b, 0x01, 0xff];
    let file = folder.join("closed.yaml");
    Cassette::new([interaction])
        .save(&file)
        .expect("it is written");
    let scan = scan(&folder).expect("it can be read");
    assert_eq!((scan.unread().len(), scan.not_searched().len()), (0, 1));
    let failed = std::panic::catch_unwind(|| assert_no_secrets(&folder));
    let message = *failed
        .expect_err("it cannot be searched")
        .downcast::<String>()
        .expect("it is a text");
    assert!(
        message.contains("a compressed body was not searched"),
        "{message}"
    );
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn a_folder_without_files_is_an_error() {
    let folder = std::env::temp_dir().join(format!("mock-cassette-empty-{}", std::process::id()));
    fs::create_dir_all(folder.join("a/.git")).expect("the folder is made");
    let write = |name: &str| fs::write(folder.join(name), "x").expect("it is written");
    write("a/.git/config");
    let error = scan(&folder).expect_err("it has no files").to_string();
    assert!(
        error.contains("it has no files; name the folder of the cassettes"),
        "{error}"
    );
    let failed = std::panic::catch_unwind(|| assert_no_secrets(&folder));
    let message = failed.expect_err("it has no files").downcast::<String>();
    assert_eq!(*message.expect("it is a text"), error);
    fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn an_assertion_fails_at_the_line_of_its_caller() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let before = std::panic::take_hook();
    let this = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| match panic.location() {
        Some(at) if std::thread::current().id() == this => {
            drop(sender.send((at.file().to_owned(), at.line())));
        }
        _ => before(panic),
    }));
    let line = line!() + 1;
    let failed = std::panic::catch_unwind(|| assert_no_secrets("nope"));
    drop(std::panic::take_hook());
    failed.expect_err("there is no such folder");
    let (file, at) = receiver.recv().expect("it panicked");
    assert_eq!((&*file, at), (file!(), line));
}
