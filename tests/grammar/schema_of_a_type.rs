//! The JSON schema of a tool whose arguments are a Rust type: the feature `schema` makes it of the type.

use schemars::JsonSchema;
use serde::Serialize;

use crate::helpers::*;

#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Search {
    /// What to look for.
    search_text: String,
    limit: Option<u32>,
}

mock_provider!(
    Searches,
    tools = [web_search(Search).named("web-search")],
    script = [call(web_search {
        search_text: "hotels",
        ..Search::default()
    })],
);

fn assert_is_schema_of_search(schema: &serde_json::Value) {
    assert_eq!(schema["type"], "object");
    let text = &schema["properties"]["searchText"];
    assert_eq!(text["type"], "string", "{schema}");
    assert_eq!(text["description"], "What to look for.");
    assert_eq!(schema["properties"]["limit"]["format"], "uint32");
    assert_eq!(schema["required"], json!(["searchText"]));
}

#[test]
fn the_definition_of_a_typed_tool_has_the_schema_of_its_type() {
    let scenario = Played::by(Searches::new().handle());
    let definition = scenario.tools[0].definition();
    assert_eq!(definition.name, "web-search");
    assert_is_schema_of_search(&definition.parameters);
}

#[provider_test]
async fn an_anonymous_mock_has_the_same_schema() {
    let mock = mock_provider!(
        tools = [web_search(Search)],
        script = [reply("Hi.").times(0..)],
    );
    assert_is_schema_of_search(&mock.scenario().tools[0].definition().parameters);
}
