//! `json(..)`: an answer that is a JSON value, with templates in its strings.

use mock_core::builder::*;
use mock_core::scenario::Split;
use mock_core::{MockProvider, provider_test};

use crate::helpers::{deltas, say, streamed};

#[provider_test]
async fn json_escapes_the_contents_of_its_strings() {
    let value = serde_json::json!({"echo": "{user}", "list": [1, "{call}"]});
    let llm = MockProvider::script([json(value).split(Split::Whole).times(2)]);
    let expected = r#"{"echo":"say \"hi\"\n","list":[1,"1"]}"#;
    assert_eq!(say(&llm, "say \"hi\"\n").await, expected);
    let (_, events) = streamed(&llm, "hello").await;
    assert_eq!(deltas(&events), [r#"{"echo":"hello","list":[1,"2"]}"#]);
}
