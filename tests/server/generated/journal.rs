mock_provider!(
    CallsOfOpenai = openai("model-1"),
    script = [
        // call 1, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // call 2, user "hello"
        stream(["It ", "is ", "{{18}} ", "°C.\n", "Say ", r#""hi", "#, r#"\o/."#])
            .usage(1, 7),
        // call 3, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // call 4, user "hello"
        reasoning(["Let ", "me ", "see."])
            .stream(["Yes."])
            .usage(1, 3),
        // call 5, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_5_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_5_2"))
            .call(tool_type.named("type").raw("{}").id("call_5_3"))
            .usage(1, 1),
        // call 6, user "hello"
        stream(["I ", "look."])
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_6_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_6_2"))
            .call(tool_type.named("type").raw("{}").id("call_6_3"))
            .usage(1, 1),
        // call 7, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_7_1"))
            .usage(1, 0),
        // call 8, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("call_8_1"))
            .pieces(2)
            .usage(1, 0),
        // call 9, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // call 10, user "hello"
        refusal(["I ", "would ", "rather ", "not."]).usage(1, 4),
        // call 11, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // call 12, user "hello"
        stream(["Cut"]).finish(length).usage(1, 1),
        // call 13, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // call 14, user "hello"
        stream(["No."]).finish(content_filter).usage(1, 1),
        // call 15, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // call 16, user "hello"
        stream(["Odd."]).finish(other("odd")).usage(1, 1),
        // call 17, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 18, user "hello"
        stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 19, user "hello"
        reply("Free.").usage(none),
        // call 20, user "hello"
        stream(["Free."]).usage(none),
        // call 21, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 22, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 23, user "hello"
        fail(quota),
        // call 24, user "hello"
        fail(quota),
        // call 25, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 26, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 27, user "hello"
        fail(server_error { status: 502 }),
        // call 28, user "hello"
        fail(server_error { status: 502 }),
        // call 29, user "hello"
        fail(overloaded),
        // call 30, user "hello"
        stream(["It is ", "18"]).error_after(all, overloaded),
        // call 31, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 32, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 33, user "hello"
        reply("One two.").usage(1, 2),
        // call 34, user "hello"
        stream(["One ", "", "two."]).usage(1, 2),
    ],
);

mock_provider!(
    CallsOfResponses = openai_responses("model-1"),
    script = [
        // call 1, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // call 2, user "hello"
        stream(["It ", "is ", "{{18}} ", "°C.\n", "Say ", r#""hi", "#, r#"\o/."#])
            .usage(1, 7),
        // call 3, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // call 4, user "hello"
        reasoning(["Let ", "me ", "see."])
            .stream(["Yes."])
            .usage(1, 3),
        // call 5, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_5_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_5_2"))
            .call(tool_type.named("type").raw("{}").id("call_5_3"))
            .usage(1, 1),
        // call 6, user "hello"
        stream(["I ", "look."])
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_6_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_6_2"))
            .call(tool_type.named("type").raw("{}").id("call_6_3"))
            .usage(1, 1),
        // call 7, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_7_1"))
            .usage(1, 0),
        // call 8, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("call_8_1"))
            .pieces(2)
            .usage(1, 0),
        // call 9, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // call 10, user "hello"
        refusal(["I ", "would ", "rather ", "not."]).usage(1, 4),
        // call 11, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // call 12, user "hello"
        stream(["Cut"]).finish(length).usage(1, 1),
        // call 13, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // call 14, user "hello"
        stream(["No."]).finish(content_filter).usage(1, 1),
        // call 15, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // call 16, user "hello"
        stream(["Odd."]).finish(other("odd")).usage(1, 1),
        // call 17, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 18, user "hello"
        stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 19, user "hello"
        reply("Free.").usage(none),
        // call 20, user "hello"
        stream(["Free."]).usage(none),
        // call 21, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 22, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 23, user "hello"
        fail(quota),
        // call 24, user "hello"
        fail(quota),
        // call 25, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 26, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 27, user "hello"
        fail(server_error { status: 502 }),
        // call 28, user "hello"
        fail(server_error { status: 502 }),
        // call 29, user "hello"
        fail(overloaded),
        // call 30, user "hello"
        stream(["It is ", "18"]).error_after(all, overloaded),
        // call 31, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 32, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 33, user "hello"
        reply("One two.").usage(1, 2),
        // call 34, user "hello"
        stream(["One ", "", "two."]).usage(1, 2),
    ],
);

mock_provider!(
    CallsOfAnthropic = anthropic("model-1"),
    script = [
        // call 1, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // call 2, user "hello"
        stream(["It ", "is ", "{{18}} ", "°C.\n", "Say ", r#""hi", "#, r#"\o/."#])
            .usage(1, 7),
        // call 3, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // call 4, user "hello"
        reasoning(["Let ", "me ", "see."])
            .stream(["Yes."])
            .usage(1, 3),
        // call 5, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("toolu_5_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("toolu_5_2"))
            .call(tool_type.named("type").raw("{}").id("toolu_5_3"))
            .usage(1, 1),
        // call 6, user "hello"
        stream(["I ", "look."])
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("toolu_6_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("toolu_6_2"))
            .call(tool_type.named("type").raw("{}").id("toolu_6_3"))
            .usage(1, 1),
        // call 7, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("toolu_7_1"))
            .usage(1, 0),
        // call 8, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("toolu_8_1"))
            .pieces(2)
            .usage(1, 0),
        // call 9, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // call 10, user "hello"
        refusal(["I ", "would ", "rather ", "not."]).usage(1, 4),
        // call 11, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // call 12, user "hello"
        stream(["Cut"]).finish(length).usage(1, 1),
        // call 13, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // call 14, user "hello"
        stream(["No."]).finish(content_filter).usage(1, 1),
        // call 15, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // call 16, user "hello"
        stream(["Odd."]).finish(other("odd")).usage(1, 1),
        // call 17, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 18, user "hello"
        stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 19, user "hello"
        reply("Free.").usage(none),
        // call 20, user "hello"
        stream(["Free."]).usage(none),
        // call 21, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 22, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 23, user "hello"
        fail(quota),
        // call 24, user "hello"
        fail(quota),
        // call 25, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 26, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 27, user "hello"
        fail(server_error { status: 502 }),
        // call 28, user "hello"
        fail(server_error { status: 502 }),
        // call 29, user "hello"
        fail(overloaded),
        // call 30, user "hello"
        stream(["It is ", "18"]).error_after(all, overloaded),
        // call 31, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 32, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 33, user "hello"
        reply("One two.").usage(1, 2),
        // call 34, user "hello"
        stream(["One ", "", "two."]).usage(1, 2),
    ],
);

mock_provider!(
    CallsOfGemini = gemini("model-1"),
    script = [
        // call 1, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // call 2, user "hello"
        stream(["It ", "is ", "{{18}} ", "°C.\n", "Say ", r#""hi", "#, r#"\o/."#])
            .usage(1, 7),
        // call 3, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // call 4, user "hello"
        reasoning(["Let ", "me ", "see."])
            .stream(["Yes."])
            .usage(1, 3),
        // call 5, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_5_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_5_2"))
            .call(tool_type.named("type").raw("{}").id("call_5_3"))
            .usage(1, 1),
        // call 6, user "hello"
        stream(["I ", "look."])
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_6_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_6_2"))
            .call(tool_type.named("type").raw("{}").id("call_6_3"))
            .usage(1, 1),
        // call 7, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_7_1"))
            .usage(1, 0),
        // call 8, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("call_8_1"))
            .pieces(2)
            .usage(1, 0),
        // call 9, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // call 10, user "hello"
        refusal(["I ", "would ", "rather ", "not."]).usage(1, 4),
        // call 11, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // call 12, user "hello"
        stream(["Cut"]).finish(length).usage(1, 1),
        // call 13, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // call 14, user "hello"
        stream(["No."]).finish(content_filter).usage(1, 1),
        // call 15, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // call 16, user "hello"
        stream(["Odd."]).finish(other("odd")).usage(1, 1),
        // call 17, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 18, user "hello"
        stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 19, user "hello"
        reply("Free.").usage(none),
        // call 20, user "hello"
        stream(["Free."]).usage(none),
        // call 21, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 22, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 23, user "hello"
        fail(quota),
        // call 24, user "hello"
        fail(quota),
        // call 25, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 26, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 27, user "hello"
        fail(server_error { status: 502 }),
        // call 28, user "hello"
        fail(server_error { status: 502 }),
        // call 29, user "hello"
        fail(overloaded),
        // call 30, user "hello"
        stream(["It is ", "18"]).error_after(all, overloaded),
        // call 31, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 32, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 33, user "hello"
        reply("One two.").usage(1, 2),
        // call 34, user "hello"
        stream(["One ", "", "two."]).usage(1, 2),
    ],
);

mock_provider!(
    CallsOfOllama = ollama("model-1"),
    script = [
        // call 1, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // call 2, user "hello"
        stream(["It ", "is ", "{{18}} ", "°C.\n", "Say ", r#""hi", "#, r#"\o/."#])
            .usage(1, 7),
        // call 3, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // call 4, user "hello"
        reasoning(["Let ", "me ", "see."])
            .stream(["Yes."])
            .usage(1, 3),
        // call 5, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_5_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_5_2"))
            .call(tool_type.named("type").raw("{}").id("call_5_3"))
            .usage(1, 1),
        // call 6, user "hello"
        stream(["I ", "look."])
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_6_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_6_2"))
            .call(tool_type.named("type").raw("{}").id("call_6_3"))
            .usage(1, 1),
        // call 7, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_7_1"))
            .usage(1, 0),
        // call 8, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("call_8_1"))
            .pieces(2)
            .usage(1, 0),
        // call 9, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // call 10, user "hello"
        refusal(["I ", "would ", "rather ", "not."]).usage(1, 4),
        // call 11, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // call 12, user "hello"
        stream(["Cut"]).finish(length).usage(1, 1),
        // call 13, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // call 14, user "hello"
        stream(["No."]).finish(content_filter).usage(1, 1),
        // call 15, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // call 16, user "hello"
        stream(["Odd."]).finish(other("odd")).usage(1, 1),
        // call 17, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 18, user "hello"
        stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 19, user "hello"
        reply("Free.").usage(none),
        // call 20, user "hello"
        stream(["Free."]).usage(none),
        // call 21, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 22, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 23, user "hello"
        fail(quota),
        // call 24, user "hello"
        fail(quota),
        // call 25, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 26, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 27, user "hello"
        fail(server_error { status: 502 }),
        // call 28, user "hello"
        fail(server_error { status: 502 }),
        // call 29, user "hello"
        fail(overloaded),
        // call 30, user "hello"
        stream(["It is ", "18"]).error_after(all, overloaded),
        // call 31, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 32, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 33, user "hello"
        reply("One two.").usage(1, 2),
        // call 34, user "hello"
        stream(["One ", "", "two."]).usage(1, 2),
    ],
);

mock_provider!(
    CallsOfMistral = mistral("model-1"),
    script = [
        // call 1, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // call 2, user "hello"
        stream(["It ", "is ", "{{18}} ", "°C.\n", "Say ", r#""hi", "#, r#"\o/."#])
            .usage(1, 7),
        // call 3, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // call 4, user "hello"
        reasoning(["Let ", "me ", "see."])
            .stream(["Yes."])
            .usage(1, 3),
        // call 5, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_5_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_5_2"))
            .call(tool_type.named("type").raw("{}").id("call_5_3"))
            .usage(1, 1),
        // call 6, user "hello"
        stream(["I ", "look."])
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_6_1"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_6_2"))
            .call(tool_type.named("type").raw("{}").id("call_6_3"))
            .usage(1, 1),
        // call 7, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_7_1"))
            .usage(1, 0),
        // call 8, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("call_8_1"))
            .pieces(2)
            .usage(1, 0),
        // call 9, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // call 10, user "hello"
        refusal(["I ", "would ", "rather ", "not."]).usage(1, 4),
        // call 11, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // call 12, user "hello"
        stream(["Cut"]).finish(length).usage(1, 1),
        // call 13, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // call 14, user "hello"
        stream(["No."]).finish(content_filter).usage(1, 1),
        // call 15, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // call 16, user "hello"
        stream(["Odd."]).finish(other("odd")).usage(1, 1),
        // call 17, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 18, user "hello"
        stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // call 19, user "hello"
        reply("Free.").usage(none),
        // call 20, user "hello"
        stream(["Free."]).usage(none),
        // call 21, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 22, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // call 23, user "hello"
        fail(quota),
        // call 24, user "hello"
        fail(quota),
        // call 25, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 26, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // call 27, user "hello"
        fail(server_error { status: 502 }),
        // call 28, user "hello"
        fail(server_error { status: 502 }),
        // call 29, user "hello"
        fail(overloaded),
        // call 30, user "hello"
        stream(["It is ", "18"]).error_after(all, overloaded),
        // call 31, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 32, user "hello"
        stream(["It is ", "18 °C."]).end_after(all),
        // call 33, user "hello"
        reply("One two.").usage(1, 2),
        // call 34, user "hello"
        stream(["One ", "", "two."]).usage(1, 2),
    ],
);

mock_provider!(
    OtherCalls = openai("model-1"),
    allow = [broken_conversations],
    script = [
        // call 1, user "hello"
        stream(["Pushed."]).usage(1, 1),
        // call 2, user "hello"
        // The caller dropped the call here.
        stream(["One "]).stall_after(all),
        // call 3, user "hello"
        // The caller dropped the call here.
        hang(),
        // call 4, user "What is the weather in Paris?"
        reply("It rains in Paris.").usage(7, 4),
        // call 5, user "closure"
        reply("model-1").usage(1, 1),
        // call 6, user "raw"
        fail(invalid_response { message: "`choices[0]` is missing: give it an answer" }),
        // call 7, user "embed"
        embed([-0.9701425, -0.24253562]).usage(1, 0),
        // call 8, user "vector"
        embed([0.5, -0.25]).usage(1, 0),
    ],
);

mock_provider!(
    ServedCalls = openai("model-1"),
    lanes = match request {
        path("GET /health") => [
            // call 1: GET /health
            // The bytes of the scenario, because a turn cannot express a body that cannot be read.
            raw("ok").headers([("content-type", "text/plain")]),
            // call 4: GET /health
            // The bytes of the scenario, because a turn cannot express a body that cannot be read.
            raw("ok").headers([("content-type", "text/plain")]),
        ],
        _ => [
            // call 2, user "odd"
            // The bytes of the scenario, because a turn cannot express other.
            raw(r#"{"choices":[{"message":{"role":"assistant","content":[{"type":"odd"}]}}]}"#),
            // call 3, user "hello"
            reply("Hi.").usage(1, 1),
        ],
    },
);
