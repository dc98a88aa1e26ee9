//! Arguments of a Rust type, as the macro and as the builder make them.

use crate::helpers::*;
use std::borrow::Cow;

use mock_core::scenario::{FromLiteral, Text};
use serde::Serialize;
use tests::private::{Arguments, Parameters};

#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct SearchArgs {
    query: String,
    limit: u32,
    site: Option<&'static str>,
    place: Place,
    tags: Vec<Cow<'static, str>>,
    near: Option<Vec<Option<Box<str>>>>,
    pair: [f64; 2],
    mood: Option<Mood>,
    rest: Option<u8>,
}

#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Place {
    city_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
enum Mood {
    Calm,
    Said(String),
    Known(Word),
}

/// A type that stands where a text is written.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Word(&'static str);

impl FromLiteral for Word {
    fn from_literal(literal: &'static str) -> Self {
        Word(literal)
    }
}

const LIMIT: u32 = 5;

mock_provider!(
    Searches,
    tools = [web_search(SearchArgs).named("web-search")],
    script = [
        on(user("in {city}")).call(web_search {
            query: "{city} \"hotels\" {{}}",
            limit: LIMIT,
            site: "example.org",
            place: Place {
                city_name: "{city}"
            },
            tags: ["a", verbatim("{b}"), "{city}"],
            near: ["x", "{model}"],
            pair: [1.5, 2.0],
            mood: Some(Mood::Said("{city}")),
            rest: None,
        }),
        call(web_search {
            query: "all",
            mood: Some(Mood::Known("known")),
            ..SearchArgs::default()
        }),
        call(web_search.raw("{\"query\": ")),
    ],
);

fn arguments(response: &Response) -> &str {
    &response.tool_calls().next().expect("a call").arguments
}

#[provider_test]
async fn arguments_of_the_users_type_are_made_when_the_call_is(
    llm: Searches,
) -> Result<(), mock_core::ProviderError> {
    let tools: Vec<_> = llm
        .scenario()
        .tools
        .iter()
        .map(|tool| tool.definition())
        .collect();
    let ask = || {
        let request = Request::new("gpt-4o").user("Hotels in \"Paris\"");
        tools.iter().cloned().fold(request, Request::with_tool)
    };
    let first = llm.answer(ask()).await?;
    let (second, third) = (llm.answer(ask()).await?, llm.answer(ask()).await?);

    assert_eq!(
        first.tool_calls().next().expect("a call").name,
        "web-search"
    );
    assert_eq!(
        arguments(&first),
        r#"{"query":"\"Paris\" \"hotels\" {}","limit":5,"site":"example.org","place":{"cityName":"\"Paris\""},"tags":["a","{b}","\"Paris\""],"near":["x","gpt-4o"],"pair":[1.5,2.0],"mood":{"Said":"\"Paris\""},"rest":null}"#
    );
    assert_eq!(
        arguments(&second),
        r#"{"query":"all","limit":0,"site":null,"place":{"cityName":null},"tags":[],"near":null,"pair":[0.0,0.0],"mood":{"Known":"known"},"rest":null}"#
    );
    assert_eq!(arguments(&third), "{\"query\": ");
    let _ = Mood::Calm;
    Ok(())
}

#[provider_test]
async fn an_anonymous_mock_takes_computed_values() -> Result<(), mock_core::ProviderError> {
    let (limit, query) = (3, String::from("{as it is}"));
    let mock = mock_provider!(
        tools = [web_search(SearchArgs)],
        script = [call(web_search {
            limit,
            query: query.clone(),
            site: "x",
            ..Default::default()
        })],
        allow = [unoffered_tools],
    );
    let response = mock.answer(Request::new("gpt-4o")).await?;
    assert!(arguments(&response).starts_with(r#"{"query":"{as it is}","limit":3,"site":"x","#));
    Ok(())
}

#[test]
fn the_table_names_the_type_and_holds_the_texts() {
    let scenario = Played::by(Searches::new().handle());
    let tool = &scenario.tools[0];
    assert_eq!(tool.name, "web-search");
    match &tool.parameters {
        Parameters::Typed { name, schema } => {
            assert_eq!(name, "SearchArgs");
            assert_eq!(schema.is_some(), cfg!(feature = "schema"));
        }
        Parameters::Fields(fields) => panic!("{fields:?}"),
        other => panic!("{other:?}"),
    }
    let texts = match &scenario.turns[0].actions[0] {
        Action::Call(call) => match &call.arguments {
            Arguments::Typed(typed) => typed.texts.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let sources: Vec<_> = texts.iter().map(Text::to_string).collect();
    assert_eq!(
        sources,
        [
            "{city} \"hotels\" {{}}",
            "example.org",
            "{city}",
            "a",
            "{{b}}",
            "{city}",
            "x",
            "{model}",
            "{city}"
        ]
    );
}
