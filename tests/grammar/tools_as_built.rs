//! Tools and the arguments of calls, as the macro and as the builder make them.

use crate::helpers::*;
use mock_core::scenario::{Schema, Tool};
use tests::private::Field;

const PARIS: &str = "Paris \"{x}\"";

mock_provider!(
    Tools,
    tools = [
        get_weather {
            user_id: string.named("user-id"),
            place: optional(object {
                lat_lon: list(number).named("lat/lon")
            }),
        }
        .returns(object {
            temp: number,
            wind: optional(object {
                from_where: string.named("from")
            }),
        })
        .named("get-weather"),
        get_time.named("get-time").returns(list(json)),
    ],
    script = [
        call(get_weather {
            user_id: "{user}",
            place: object { lat_lon: [1, 2.5] }
        })
        .call(get_time),
        on(tool_result(get_weather), has_tool(get_time))
            .reply("{get_weather.temp} {get_weather.wind.from_where} {get_time.0.a}"),
    ],
);

fn field(name: &'static str, schema: Schema) -> Field {
    Field {
        name: name.into(),
        schema,
    }
}

fn built() -> Scenario {
    let wind = object([("from", string())]);
    let returns =
        Schema::Object(vec![field("temp", number()), field("wind", optional(wind))].into());
    script([
        call(
            "get-weather",
            [
                ("user-id", json!("{user}")),
                ("place", json!({"lat/lon": [1, 2.5]})),
            ],
        )
        .call("get-time", ()),
        on([tool_result("get-weather"), has_tool("get-time")])
            .reply("{get-weather.temp} {get-weather.wind.from} {get-time.0.a}"),
    ])
    .tools([
        tool("get-weather")
            .arg("user-id", string())
            .arg("place", optional(object([("lat/lon", list(number()))])))
            .returns(returns),
        Tool {
            returns: Some(list(any_json())),
            ..tool("get-time")
        },
    ])
}

#[test]
fn declared_tools_have_the_names_that_they_are_given() {
    assert_eq!(Played::by(Tools::new().handle()), built().named("Tools"));
}

#[test]
fn without_declared_tools_a_call_names_its_tool() {
    mock_provider!(
        Free,
        script = [
            on(has_tool(get_weather)).call(get_weather { city: "x" }.named("get-weather")),
            on(tool_result(get_weather)).reply("{other.a} {get_weather[1].b}"),
            call(get_time.named("get-time").raw("{")),
        ],
    );
    let built = script([
        on(has_tool("get-weather")).call("get-weather", [("city", "x")]),
        on(tool_result("get-weather")).reply("{other.a} {get-weather[1].b}"),
        call("get-time", verbatim("{")),
    ]);
    assert_eq!(Played::by(Free::new().handle()), built.named("Free"));
}

mock_provider!(
    Constants,
    script = [call(get_weather {
        city: PARIS,
        said: "{user}: \"x\"",
        days: [1, PARIS.len()],
    })],
);

#[provider_test]
async fn arguments_of_a_declared_mock_may_be_constants(llm: Constants) {
    let request = Request::new("gpt-4o").user("say \"hi\"");
    let response = llm.answer(request).await.expect("an answer");
    let call = response.tool_calls().next().expect("a call");
    assert_eq!(
        call.arguments,
        r#"{"city":"Paris \"{x}\"","said":"say \"hi\": \"x\"","days":[1,11]}"#
    );
}
