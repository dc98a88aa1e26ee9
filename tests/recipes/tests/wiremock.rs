//! `wiremock` beside a mock: the model is mocked in process, and the service that a tool asks is mocked over HTTP.

use mock_core::{Message, MockProvider, ProviderError, Request, provider_test};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Code under test: an agent whose tool asks a weather service.
async fn ask(llm: &MockProvider, service: &str, text: &str) -> Result<String, ProviderError> {
    let request = Request::new("gpt-4o").user(text);
    let answer = llm.answer(request.clone()).await?;
    let call = answer.tool_calls().next().expect("a call");
    let weather = reqwest::get(format!("{service}/weather"))
        .await
        .expect("the service answers");
    let result = Message::tool(&call.id, weather.text().await.expect("a text"));
    let request = request.with_message(answer.message.clone());
    let answer = llm.answer(request.with_message(result)).await?;
    Ok(answer.text().into_owned())
}

#[provider_test]
async fn the_tool_asks_the_service(
    #[mock(
        call(get_weather { city: "Paris" }),
        on(tool_result(get_weather)).reply("{get_weather.temp} °C."),
    )]
    llm: MockProvider,
) {
    let service = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/weather"))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"temp": 18}"#))
        .expect(1)
        .mount(&service)
        .await;

    let answer = ask(&llm, &service.uri(), "How is Paris?").await;
    assert_eq!(answer.unwrap(), "18 °C.");
}
