mock_provider!(
    Recorded = openai("gpt-4o"),
    allow = [broken_conversations],
    script = [
        // tests/cassettes/weather.yaml:1: POST /v1/chat/completions, user "Weather in Paris?"
        call(get_weather.raw(r#"{"city":"Paris"}"#).id("call_1"))
            .usage(none),
        // tests/cassettes/weather.yaml:17: POST /v1/chat/completions, user "And in Rome?"
        pause(420ms)
            .stream(["It is "])
            .pause(35ms)
            .stream(["24 °C."])
            .usage(none),
    ],
);
