//! The tables of `docs/rejected-requests.md` are made from those that the server uses.

use mock_core::scenario::Profile;
use mock_core::wire::{
    Rule, anthropic, gemini, gemini_interactions, ollama, openai, openai_responses,
};
use serde_json::json;

use crate::helpers::{read, root};

/// How much of a request is shown, in characters.
const SHOWN: usize = 160;

/// The tables of `docs/rejected-requests.md`, made from those that the mock server goes by.
fn tables() -> String {
    let openai = table("OpenAI Chat Completions", openai::rules());
    let embeddings = table("OpenAI Embeddings", openai::embeddings::rules());
    let responses = table("OpenAI Responses", openai_responses::rules());
    let anthropic = table("Anthropic Messages", anthropic::rules());
    let gemini = [
        table("Gemini", gemini::rules()),
        table("Gemini Embeddings", gemini::embeddings::rules()),
        table("Gemini Interactions", gemini_interactions::rules()),
    ]
    .join("\n");
    let ollama = [
        table("Ollama, chat", ollama::rules()),
        table("Ollama, generate", ollama::generate::rules()),
        table("Ollama, embed", ollama::embeddings::rules()),
    ]
    .join("\n");
    format!("{openai}\n{embeddings}\n{responses}\n{anthropic}\n{gemini}\n{ollama}")
}

fn table(wire: &str, rules: impl Iterator<Item = &'static Rule>) -> String {
    let head = "| rule | holds | what the provider says | a request that breaks it | source |\n\
                | --- | --- | --- | --- | --- |\n";
    let rows = rules.map(|rule| {
        let sources: Vec<_> = rule.sources.iter().map(|source| link(source)).collect();
        let cells = [
            format!("`{}`", rule.id),
            rule.scope.to_string(),
            rule.words.replace("{at}", "*field*").replace("{}", "…"),
            format!("`{}`", shown(rule.rejected)),
            sources.join(", "),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        format!("| {} |\n", cells.join(" | "))
    });
    format!("## {wire}\n\n{head}{}", rows.collect::<String>())
}

fn shown(request: &str) -> String {
    match request.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &request[..end]),
        None => request.to_owned(),
    }
}

fn codes() -> String {
    let rows = openai::rejection_codes()
        .map(|(words, code, source)| format!("| {words} | `{code}` | {} |\n", link(source)));
    format!(
        "| the provider says | `code` | source |\n| --- | --- | --- |\n{}",
        rows.collect::<String>()
    )
}

fn link(source: &str) -> String {
    match source.split_once('#') {
        Some((repository, number)) if !source.starts_with("https://") => {
            format!("[{source}](https://github.com/{repository}/issues/{number})")
        }
        None if !source.starts_with("https://") => source.to_owned(),
        _ => format!("[documentation]({source})"),
    }
}

#[test]
fn the_documented_rules_are_those_in_use() {
    let document = read(&root().join("docs/rejected-requests.md"));
    let tables = tables();
    assert!(
        document.ends_with(&tables),
        "docs/rejected-requests.md must end with these tables:\n\n{tables}"
    );
}

#[test]
fn the_documented_codes_are_those_in_use() {
    let document = read(&root().join("docs/rejected-requests.md"));
    let codes = codes();
    assert!(
        document.contains(&codes),
        "docs/rejected-requests.md must hold this table:\n\n{codes}"
    );
}

#[test]
fn the_documented_fields_of_another_provider_are_rejected() {
    let document = read(&root().join("docs/rejected-requests.md"));
    let fields = |profile: &str| {
        let list = document.split(&format!("- `{profile}`: ")).nth(1);
        let list = list.expect("there is a list").split("\n\n").next();
        let list = list.unwrap_or_default().split("\n-").next();
        let words = list.unwrap_or_default().split('`').skip(1).step_by(2);
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let body = |field: &str| {
        let mut body = json!({
            "model": "m", "max_tokens": 1, "messages": [{ "role": "user", "content": "json" }],
        });
        body[field] = json!("x");
        body
    };
    let (others, own) = (fields("openai"), fields("anthropic"));
    assert_eq!((others.len(), own.len()), (14, 19));
    let of_responses = fields("openai` on Responses, `openai_responses");
    assert_eq!(of_responses.len(), 18);
    let of_gemini = fields("gemini");
    assert_eq!(of_gemini.len(), 17);
    for field in of_gemini {
        let mut body = json!({ "contents": [{ "parts": [{ "text": "hi" }] }] });
        body[&field] = json!("x");
        let error = gemini::check(&body, Profile::Gemini).expect_err("it is rejected");
        assert_eq!(error.param.as_deref(), Some(&*field), "{error}");
        assert_eq!(gemini::check(&body, Profile::Plain), Ok(()));
    }
    for field in of_responses {
        let mut body = json!({ "model": "m", "input": "hi" });
        body[&field] = json!("x");
        let error = openai_responses::check(&body, Profile::OpenaiResponses);
        let error = error.expect_err("it is rejected");
        assert_eq!(error.param.as_deref(), Some(&*field), "{error}");
        assert_eq!(openai_responses::check(&body, Profile::Plain), Ok(()));
    }
    for field in others {
        let error = openai::check(&body(&field), Profile::Openai).expect_err("it is rejected");
        assert_eq!(error.param.as_deref(), Some(&*field), "{error}");
        assert_eq!(openai::check(&body(&field), Profile::Plain), Ok(()));
    }
    for field in own {
        let error =
            anthropic::check(&body(&field), Profile::Anthropic).expect_err("it is rejected");
        assert_eq!(error.param.as_deref(), Some(&*field), "{error}");
        assert_eq!(anthropic::check(&body(&field), Profile::Plain), Ok(()));
    }
}
