//! `mock-core/llms.txt`: the grammar and the examples of the documents in one file, for programs that write code.

use std::{env, fs};

use crate::helpers::{blocks, read, root};

const FRONT: &str = "\
# mock-core

> Mock LLM providers for Rust tests. `mock_provider!` declares a mock: what the provider answers, turn by turn. `#[provider_test]` runs an
> async fn with mocks as arguments, on tokio's paused clock, and verifies each script at the end. The compiler checks the scenarios.

Rules that prevent most mistakes:

- Add `mock-core` as a dev-dependency. `MockServer` needs its feature `server`, and for clients of Gemini or Ollama `gemini` or
  `ollama`.
- Use `#[provider_test]`, not `#[tokio::test]`. A mock is an argument: `#[mock(reply(\"Hi.\"))] llm: MockProvider`.
- Put a mock behind the project's own trait with one newtype that implements `From<MockProvider>`. Never write a second mock of the trait.
- Turns answer in order. Put answers whose order does not matter into `rules`. If several agents share a mock, give each a lane; for several conversations, write `per`.
- Each attempt of a retry is a call: write `fail(rate_limit).times(2)`.
- Texts in quotes are templates. A literal brace is `{{`, and `verbatim(\"..\")` takes the text as it is.
- Times have units: `20ms`, `2s`. They take no real time, so never sleep for real, and use `tokio::time` in the code under test.
- A compile error of the macros ends with `help:` and the text to write. Write that text.
";

/// The documents whose code is shown.
const DOCUMENTS: [&str; 5] = [
    "README.md",
    "docs/start.md",
    "docs/scenarios.md",
    "docs/asserting.md",
    "docs/suites.md",
];

#[test]
fn the_file_for_programs_has_the_grammar_and_the_examples() {
    let grammar = read(&root().join("docs/grammar.md"));
    let grammar = grammar.replacen("# The grammar", "# Grammar: the words", 1);
    let mut expected = format!("{FRONT}\n{grammar}\n# Examples\n");
    for document in DOCUMENTS {
        for block in blocks(&read(&root().join(document)), "rust") {
            expected += &format!("\n```rust\n{block}\n```\n");
        }
    }
    let file = root().join("mock-core/llms.txt");
    if env::var_os("UPDATE_LLMS").is_some() {
        fs::write(&file, &expected).expect("the file can be written");
    }
    assert!(
        fs::read_to_string(&file).is_ok_and(|text| text == expected),
        "mock-core/llms.txt is older than the documents: run this test with UPDATE_LLMS=1"
    );
}
