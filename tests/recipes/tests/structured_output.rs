//! Structured output: JSON that fits a type, and what does not fit.

use mock_core::{MockProvider, Request, provider_test};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize, PartialEq)]
struct Forecast {
    city: String,
    temp: i32,
}

/// Code under test: asks for JSON, and once more if the answer does not fit.
async fn forecast(llm: &MockProvider, text: &str) -> Result<Forecast, String> {
    let format = json!({ "type": "json_object" });
    let request = Request::new("gpt-4o").with_extra("response_format", format);
    let mut error = String::new();
    for _ in 0..2 {
        let answer = llm.answer(request.clone().user(text)).await;
        let answer = answer.map_err(|error| error.to_string())?;
        match serde_json::from_str(&answer.text()) {
            Ok(forecast) => return Ok(forecast),
            Err(wrong) => error = wrong.to_string(),
        }
    }
    Err(error)
}

#[provider_test]
async fn an_answer_that_does_not_fit_is_asked_for_again(
    #[mock(
        on(user("weather in {city}")).json(object { city: "{city}", temp: "warm" }),
        json(object { city: "{city}", temp: 18 }),
    )]
    llm: MockProvider,
) {
    let forecast = forecast(&llm, "The weather in Paris?").await;

    let city = "Paris".to_owned();
    assert_eq!(forecast, Ok(Forecast { city, temp: 18 }));
    let calls = llm.calls();
    let format = &calls[0].request().extra["response_format"];
    assert_eq!(format["type"], "json_object");
}

#[provider_test]
async fn json_that_is_cut_off_is_an_error(
    #[mock(reply(verbatim(r#"{"city": "Par"#)).finish(length).times(2))] llm: MockProvider,
) {
    let error = forecast(&llm, "The weather in Paris?").await.unwrap_err();
    assert!(error.starts_with("EOF"), "{error}");
}
