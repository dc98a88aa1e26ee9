//! The table of `docs/clients.md`: what each client made of each case. `UPDATE_CLIENTS=1` writes it anew.

use std::path::Path;
use std::{env, fs};

use http_on_mocks::{CLIENTS, Failure, Setup};
use mock_core::{MockServer, mock_provider, provider_test};

use crate::cases::{CASES, Case, USAGE};
use crate::contents::{CONTENTS, Content};
use crate::run::{MODES, Mode, Seen, run};

/// What comes before the tables is written by hand.
const MARK: &str = "<!-- from here on written by the tests of tests/clients/http -->\n";

#[provider_test(guard = 5m)]
async fn the_documented_table_is_what_the_clients_did() {
    let mut tables = String::new();
    for mode in MODES {
        tables += &head(match mode {
            Mode::Whole => "An answer asked for at once",
            Mode::Streamed => "An answer asked for as a stream",
        });
        for case in &CASES {
            tables += &format!("| {} |", case.name);
            for client in &CLIENTS {
                let seen = run(client, case, mode).await;
                tables += &format!(" {} |", cell(case, &seen));
            }
            tables += "\n";
        }
    }
    tables += &head("What is in requests and answers");
    for content in &CONTENTS {
        tables += &format!("| {} |", content.case.name);
        for client in &CLIENTS {
            tables += &format!(" {} |", content_cell(content, client).await);
        }
        tables += "\n";
    }
    tables += "| `GET /v1/models` |";
    for client in &CLIENTS {
        tables += &format!(" {} |", models_cell(client).await);
    }
    tables += "\n";

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/clients.md");
    let document = fs::read_to_string(&path).expect("docs/clients.md can be read");
    let (head, documented) = document.split_once(MARK).expect("it has the mark");
    if env::var_os("UPDATE_CLIENTS").is_some() {
        return fs::write(&path, format!("{head}{MARK}{tables}")).expect("it can be written");
    }
    assert!(
        documented == tables,
        "docs/clients.md differs; `UPDATE_CLIENTS=1` writes it anew.\n\n{tables}\ninstead of\n\n{documented}"
    );
}

/// The head of a table.
fn head(title: &str) -> String {
    let clients: String = CLIENTS
        .iter()
        .map(|client| format!(" {} |", client.name))
        .collect();
    let line = " --- |".repeat(CLIENTS.len());
    format!("\n## {title}\n\n| |{clients}\n| --- |{line}\n")
}

/// What came of a content at a client, once where it is the same whole and streamed.
async fn content_cell(content: &Content, client: &Setup) -> String {
    let mut cells = Vec::new();
    for mode in MODES {
        if !(content.is_on)(client.wire, mode) {
            cells.push("not on this wire".to_owned());
            continue;
        }
        let seen = run(client, &content.case, mode).await;
        cells.push(match &seen.result {
            Ok(answer) => (content.shows)(&seen, answer).unwrap_or_else(|| "—".to_owned()),
            Err(failure) => error_cell(failure),
        });
    }
    match &cells[..] {
        [whole, streamed] if whole != streamed => format!("{whole}; streamed: {streamed}"),
        cells => cells[0].clone(),
    }
}

/// The models that a client lists.
async fn models_cell(client: &Setup) -> String {
    let server = MockServer::new(mock_provider!(openai("gpt-4o"), script = []));
    match (client.connect)(&server, reqwest::Client::new())
        .models()
        .await
    {
        Ok(models) => format!("`{}`", models.join("`, `")),
        Err(failure) => error_cell(&failure),
    }
}

/// What a client did, in few words.
fn cell(case: &Case, seen: &Seen) -> String {
    let mut cell = match &seen.result {
        Ok(answer) if answer.text == case.answer && answer.finish_reason.is_some() => {
            match answer.usage {
                Some(usage) if case.name == USAGE.name => {
                    let (prompt, completion) = (usage.prompt_tokens, usage.completion_tokens);
                    format!("ok: {prompt} and {completion} tokens")
                }
                None if case.name == USAGE.name => "ok, but tells no tokens".to_owned(),
                _ => "ok".to_owned(),
            }
        }
        Ok(answer) => {
            let told = match answer.finish_reason.is_some() {
                true => "",
                false => ", no finish reason",
            };
            format!("success (not noticed): {:?}{told}", answer.text)
        }
        Err(failure) => error_cell(failure),
    };
    let requests = seen.server.exchanges().len();
    if requests > seen.asked() {
        cell += &format!("; {requests} requests");
    }
    if !seen.took.is_zero() {
        cell += &format!("; {:?}", seen.took);
    }
    if let Err(failure) = &seen.result
        && let Some(wait) = &failure.retry_after
    {
        cell += &format!("; `retry-after: {wait}`");
    }
    cell
}

/// An error, and what was said before.
fn error_cell(failure: &Failure) -> String {
    match &*failure.said {
        "" => format!("error: `{failure}`"),
        said => format!("error: `{failure}` after {said:?}"),
    }
}
