//! The table of `docs/failures.md` is made from the one that the mocks use.

use mock_core::ErrorKind;
use mock_core::scenario::Profile;

use crate::helpers::{read, root};

/// The table of `docs/failures.md`, made from the one that the mocks go by.
fn table() -> String {
    let head = "| kind | status | retryable | OpenAI | Anthropic | Gemini | message | hint |\n\
                | --- | --- | --- | --- | --- | --- | --- | --- |\n";
    let code = |kind: ErrorKind, profile| {
        let code = kind.code_at(profile).map(|code| format!("`{code}`"));
        let status = kind.status_at(profile);
        match (code, status) {
            (Some(code), Some(status)) if kind.status() != Some(status) => {
                format!("{code}, {status}")
            }
            (code, _) => code.unwrap_or_else(|| "–".to_owned()),
        }
    };
    let rows = ErrorKind::ALL.iter().map(|&kind| {
        let status = kind.status().map(|status| status.to_string());
        let cells = [
            format!("`{kind}`"),
            status.unwrap_or_else(|| "–".to_owned()),
            if kind.is_retryable() { "yes" } else { "no" }.to_owned(),
            code(kind, Profile::Openai),
            code(kind, Profile::Anthropic),
            code(kind, Profile::Gemini),
            kind.message_at(Profile::Plain).to_owned(),
            kind.hint().to_owned(),
        ];
        format!("| {} |\n", cells.join(" | "))
    });
    format!("{head}{}", rows.collect::<String>())
}

#[test]
fn the_documented_table_of_failures_is_the_one_in_use() {
    let path = root().join("docs/failures.md");
    let document = read(&path);
    let table = table();
    assert!(
        document.contains(&table),
        "docs/failures.md must hold this table:\n\n{table}"
    );
}
