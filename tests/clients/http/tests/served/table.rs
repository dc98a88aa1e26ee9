//! The table of `docs/clients.md`: what each client made of each case. `UPDATE_CLIENTS=1` writes it anew.

use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use http_on_mocks::embeddings::{EMBEDDERS, EmbedderSetup, Vectors};
use http_on_mocks::{CLIENTS, Failure, Setup};
use mock_core::{MockServer, mock_provider, provider_test};

use crate::cases::{CASES, Case, USAGE};
use crate::content_cases::{CONTENTS, Content};
use crate::embedding_cases::{
    self, EMBEDDING_CASES, EMBEDS, EmbeddingCase, MISMATCHES, TOKENS, embed,
};
use crate::run::{MODES, Mode, Seen, outside_of_the_test, run};

/// The text before the tables is not generated.
const MARK: &str = "<!-- from here on written by the tests of tests/clients/http -->\n";

#[provider_test(guard = 5m)]
async fn the_documented_table_is_what_the_clients_did() {
    let mut tables = String::new();
    let clients = CLIENTS.map(|client| client.name);
    for mode in MODES {
        let title = match mode {
            Mode::Whole => "Whole answers",
            Mode::Streamed => "Streamed answers",
        };
        tables += &head(title, &clients);
        for case in &CASES {
            tables += &format!("| {} |", case.name);
            for client in &CLIENTS {
                let seen = run(client, case, mode).await;
                tables += &format!(" {} |", cell(case, &seen));
            }
            tables += "\n";
        }
    }
    tables += &head("What is in requests and answers", &clients);
    for content in &CONTENTS {
        tables += &format!("| {} |", content.case.name);
        for client in &CLIENTS {
            tables += &format!(" {} |", content_cell(content, client).await);
        }
        tables += "\n";
    }
    tables += "| the list of models |";
    for client in &CLIENTS {
        tables += &format!(" {} |", models_cell(client).await);
    }
    tables += &format!("\n| {} |", EMBEDS.name);
    for client in &CLIENTS {
        tables += &format!(" {} |", unanswered_cell(client));
    }
    tables += "\n";
    tables += &embeddings_table().await;

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
fn head(title: &str, clients: &[&str]) -> String {
    let names: String = clients.iter().map(|name| format!(" {name} |")).collect();
    let line = " --- |".repeat(clients.len());
    format!("\n## {title}\n\n| |{names}\n| --- |{line}\n")
}

async fn embeddings_table() -> String {
    let mut table = head("Embeddings", &EMBEDDERS.map(|client| client.name));
    for case in &EMBEDDING_CASES {
        table += &format!("| {} |", case.name);
        for client in &EMBEDDERS {
            let cell = match (case.is_on)(client.wire) {
                true => embedding_cell(case, &embed(client, case).await),
                false => "not on this wire".to_owned(),
            };
            table += &format!(" {cell} |");
        }
        table += "\n";
    }
    for case in &MISMATCHES {
        table += &format!("| {} |", case.name);
        for client in &EMBEDDERS {
            table += &format!(" {} |", mismatch_cell(client, case));
        }
        table += "\n";
    }
    table
}

fn embedding_cell(case: &EmbeddingCase, seen: &embedding_cases::Seen) -> String {
    let failure = seen.result.as_ref().err();
    result_cell(case, &seen.result) + &effort(&seen.server, 1, seen.took, failure)
}

fn mismatch_cell(client: &EmbedderSetup, case: &EmbeddingCase) -> String {
    let result = outside_of_the_test(async || {
        let seen = embed(client, case).await;
        let fits = seen.server.verify().is_ok();
        assert_eq!(fits, seen.result.is_ok(), "{}", client.name);
        seen.result
    });
    result_cell(case, &result)
}

/// The vectors if they are short, else how many and how long they are.
fn result_cell(case: &EmbeddingCase, result: &Result<Vectors, Failure>) -> String {
    let answer = match result {
        Ok(answer) => answer,
        Err(failure) => return error_cell(failure),
    };
    let vectors = &answer.vectors;
    if case.name == TOKENS.name {
        return match answer.tokens {
            Some(tokens) => format!("ok: {tokens} tokens"),
            None => "ok, without tokens".to_owned(),
        };
    }
    match vectors.iter().map(Vec::len).max() {
        Some(longest @ 4..) => format!("ok: {} of length {longest}", vectors.len()),
        _ => format!("`{vectors:?}`"),
    }
}

/// What comes of a chat request to a turn with embeddings, once where it is the same whole and streamed.
fn unanswered_cell(client: &Setup) -> String {
    let [whole, streamed] = MODES.map(|mode| {
        let failure = outside_of_the_test(async || {
            let seen = run(client, &EMBEDS, mode).await;
            seen.server.verify().expect_err("the turn does not fit");
            seen.result.expect_err("it is not answered")
        });
        error_cell(&failure)
    });
    either(whole, streamed)
}

/// What came of a content at a client, once where it is the same whole and streamed.
async fn content_cell(content: &Content, client: &Setup) -> String {
    let whole = shown(content, client, Mode::Whole).await;
    let streamed = shown(content, client, Mode::Streamed).await;
    either(whole, streamed)
}

async fn shown(content: &Content, client: &Setup, mode: Mode) -> String {
    if !(content.is_on)(client.wire, mode) {
        return "not on this wire".to_owned();
    }
    let seen = run(client, &content.case, mode).await;
    match &seen.result {
        Ok(answer) => (content.shows)(&seen, answer).unwrap_or_else(|| "—".to_owned()),
        Err(failure) => error_cell(failure),
    }
}

/// Both cells, or one where they are the same.
fn either(whole: String, streamed: String) -> String {
    match whole == streamed {
        true => whole,
        false => format!("{whole}; streamed: {streamed}"),
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
    let cell = match &seen.result {
        Ok(answer) if answer.text == case.answer && answer.finish_reason.is_some() => {
            match answer.usage {
                Some(usage) if case.name == USAGE.name => {
                    let (prompt, completion) = (usage.prompt_tokens, usage.completion_tokens);
                    format!("ok: {prompt} and {completion} tokens")
                }
                None if case.name == USAGE.name => "ok, without tokens".to_owned(),
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
    let failure = seen.result.as_ref().err();
    cell + &effort(&seen.server, seen.asked(), seen.took, failure)
}

/// The requests, if there were more than the program asked for, the time, and the header `retry-after` of the error.
fn effort(server: &MockServer, asked: usize, took: Duration, failure: Option<&Failure>) -> String {
    let mut effort = String::new();
    let requests = server.exchanges().len();
    if requests > asked {
        effort += &format!("; {requests} requests");
    }
    if !took.is_zero() {
        effort += &format!("; {took:?}");
    }
    if let Some(wait) = failure.and_then(|failure| failure.retry_after.as_ref()) {
        effort += &format!("; `retry-after: {wait}`");
    }
    effort
}

/// An error, and what was said before.
fn error_cell(failure: &Failure) -> String {
    match &*failure.said {
        "" => format!("error: `{failure}`"),
        said => format!("error: `{failure}` after {said:?}"),
    }
}
