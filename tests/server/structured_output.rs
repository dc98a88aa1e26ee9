//! Structured output: on each wire, the mock is told the schema that the client sends, and `json(..)` answers with what fits it.

use mock_core::{MockServer, mock_provider, provider_test};
use serde_json::{Value, json};

use super::every_wire::{ALL_WIRES, Asked};
use crate::raw_client::Client;

mock_provider!(
    Forecasts,
    rules = match request {
        _ => json(object {
            city: "Paris",
            temp: 18
        }),
    },
);

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": { "city": { "type": "string" }, "temp": { "type": "integer" } },
        "required": ["city", "temp"],
        "additionalProperties": false,
    })
}

/// Where a wire has the schema and the text of the answer: JSON pointers.
struct Place {
    /// The field of the request, and its value.
    field: &'static str,
    value: fn(Value) -> Value,
    /// The schema in the value.
    schema: &'static str,
    /// The text in the answer.
    text: &'static str,
}

const PLACES: [Place; 6] = [
    // Chat Completions.
    Place {
        field: "response_format",
        value: |schema| {
            let named = json!({ "name": "forecast", "strict": true, "schema": schema });
            json!({ "type": "json_schema", "json_schema": named })
        },
        schema: "/json_schema/schema",
        text: "/choices/0/message/content",
    },
    // Responses.
    Place {
        field: "text",
        value: |schema| {
            let format = json!({
                "type": "json_schema", "name": "forecast", "strict": true, "schema": schema,
            });
            json!({ "format": format })
        },
        schema: "/format/schema",
        text: "/output/0/content/0/text",
    },
    // Anthropic Messages.
    Place {
        field: "output_config",
        value: |schema| json!({ "format": { "type": "json_schema", "schema": schema } }),
        schema: "/format/schema",
        text: "/content/0/text",
    },
    // Gemini.
    Place {
        field: "generationConfig",
        value: |schema| json!({ "responseMimeType": "application/json", "responseJsonSchema": schema }),
        schema: "/responseJsonSchema",
        text: "/candidates/0/content/parts/0/text",
    },
    // Gemini Interactions.
    Place {
        field: "response_format",
        value: |schema| schema,
        schema: "",
        text: "/steps/0/content/0/text",
    },
    // Ollama.
    Place {
        field: "format",
        value: |schema| schema,
        schema: "",
        text: "/message/content",
    },
];

#[provider_test]
async fn each_wire_reports_the_schema_and_answers_with_json_that_fits_it(llm: Forecasts) {
    let server = MockServer::new((*llm).clone());
    for (wire, place) in ALL_WIRES.into_iter().zip(PLACES) {
        let (path, mut request) = wire(&Asked {
            model: "m",
            streamed: false,
            has_result: false,
        });
        request[place.field] = (place.value)(schema());
        let reply = Client::new(&server).await.post(&path, &request).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");

        let calls = llm.calls();
        let extra = &calls[calls.len() - 1].request().extra;
        let told = extra
            .get(place.field)
            .and_then(|value| value.pointer(place.schema));
        assert_eq!(told, Some(&schema()), "{path}: {extra:?}");

        let body = reply.json();
        let text = body.pointer(place.text).and_then(Value::as_str);
        let text = text.unwrap_or_else(|| panic!("{path}: {body}"));
        let forecast: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(forecast, json!({ "city": "Paris", "temp": 18 }), "{path}");
    }
    assert_eq!(llm.calls().len(), PLACES.len());
}
