//! A program under test: sends its argument to the model at `OPENAI_BASE_URL`, and prints the answer.

use std::env;

use reqwest::Client;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("OPENAI_BASE_URL")?;
    let prompt = env::args().nth(1).ok_or("usage: ask PROMPT")?;
    let body = json!({
        "model": "gpt-4o",
        "messages": [{ "role": "user", "content": prompt }],
    });
    let answer = Client::new()
        .post(format!("{url}/chat/completions"))
        .json(&body)
        .send()
        .await?;
    let answer: Value = answer.error_for_status()?.json().await?;
    let text = &answer["choices"][0]["message"]["content"];
    println!("{}", text.as_str().unwrap_or_default());
    Ok(())
}
