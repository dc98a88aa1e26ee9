//! A transcript as a snapshot of insta: it needs no redactions.

use mock_core::{Message, MockProvider, ProviderError, Request, provider_test};

/// Code under test.
async fn run(llm: &MockProvider) -> Result<String, ProviderError> {
    let request = Request::new("gpt-4o")
        .system("Be terse.")
        .user("the weather in Paris");
    let answer = llm.answer(request.clone()).await?;
    let call = answer.tool_calls().next().expect("a call");
    let result = Message::tool(&call.id, r#"{"temp": 18}"#);
    let request = request
        .with_message(answer.message.clone())
        .with_message(result);
    Ok(llm.answer(request).await?.text().into_owned())
}

#[provider_test]
async fn the_conversation_is_as_it_was(
    #[mock(
        on(user("weather in {city}")).call(get_weather { city: "{city}" }),
        on(tool_result(get_weather)).reply("{get_weather.temp} °C."),
    )]
    llm: MockProvider,
) {
    run(&llm).await.expect("an answer");

    insta::assert_snapshot!(llm.transcript(), @r#"
    call 1: gpt-4o
      system: Be terse.
      user: the weather in Paris
      -> calls get_weather {"city":"Paris"} #1
    call 2: gpt-4o
      (2 messages as before)
      assistant: calls get_weather {"city":"Paris"} #1
      tool: get_weather returned {"temp": 18} #1
      -> 18 °C.
    "#);
}
