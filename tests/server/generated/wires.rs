mock_provider!(
    OfChat = openai("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["It "])
            .pause(25ms)
            .stream(["is "])
            .pause(40ms)
            .stream(["{{18}} ", "°C.\n"])
            .pause(25ms)
            .stream(["Say "])
            .pause(40ms)
            .stream([r#""hi", "#, r#"\o/."#])
            .pause(65ms)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .reasoning(["Let "])
            .pause(25ms)
            .reasoning(["me "])
            .pause(40ms)
            .reasoning(["see."])
            .stream(["Yes."])
            .pause(65ms)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_D6m5crs4TFxcdVJEmQPUrBYL"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_OJbXm6FB3oAsmwK0c75wJ100"))
            .call(tool_type.named("type").raw("{}").id("call_aw7HZDJDT2D2eWTIwzEWZYUa"))
            .usage(1, 1),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["I "])
            .pause(25ms)
            .stream(["look."])
            .pause(40ms)
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_r8MYMBqAmI0d01CeMt39iQRW"))
            .pause(25ms)
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_vdI2q1UEYyGdBBDriFLgQ7PN"))
            .pause(40ms)
            .call(tool_type.named("type").raw("{}").id("call_HYTkgJRlSmCgeilEEQN3lTRr"))
            .pause(65ms)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_wxEJ04qzpVLShmcoT1RFRlNM"))
            .usage(1, 0),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        pause(40ms)
            .call(tool_gettime.named("GetTime").raw("{}").id("call_ncYpjUtPO8SbS6RQqhT83IQB"))
            .pause(65ms)
            .pieces(2)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .refusal(["I "])
            .pause(25ms)
            .refusal(["would "])
            .pause(40ms)
            .refusal(["rather ", "not."])
            .pause(65ms)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["Cut"])
            .pause(65ms)
            .finish(length)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["No."])
            .pause(65ms)
            .finish(content_filter)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["Odd."])
            .pause(65ms)
            .finish(other("odd"))
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms).stream(["Dear."]).pause(65ms).usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("Free.").usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms).stream(["Free."]).pause(65ms).usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s, headers: [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "2s")] }),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s, headers: [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "2s")] }),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(quota),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(quota),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        fail(overloaded),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["It is "])
            .pause(25ms)
            .stream(["18"])
            .pause(40ms)
            .error_after(all, overloaded),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("It is 18 °C.").finish(none).usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["It is "])
            .pause(25ms)
            .stream(["18 °C."])
            .end_after(all),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("One two.").usage(1, 2),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["One "])
            .pause(65ms)
            .stream(["two."])
            .pause(25ms)
            .usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        reply("One two.").finish(none).usage(none),
        // the cassette:0: POST /v1/chat/completions, user "hello"
        pause(40ms)
            .stream(["One "])
            .pause(25ms)
            .stream(["two."])
            .pause(40ms)
            .finish(none)
            .usage(none),
    ],
);

mock_provider!(
    OfResponses = openai_responses("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1/responses, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["It "])
            .pause(25ms)
            .stream(["is "])
            .pause(40ms)
            .stream(["{{18}} ", "°C.\n"])
            .pause(25ms)
            .stream(["Say "])
            .pause(40ms)
            .stream([r#""hi", "#, r#"\o/."#])
            .pause(90ms)
            .usage(1, 7),
        // the cassette:0: POST /v1/responses, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .reasoning(["Let "])
            .pause(25ms)
            .reasoning(["me "])
            .pause(40ms)
            .reasoning(["see."])
            .pause(130ms)
            .stream(["Yes."])
            .pause(65ms)
            .usage(1, 3),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_D6m5crs4TFxcdVJEmQPUrBYL"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_OJbXm6FB3oAsmwK0c75wJ100"))
            .call(tool_type.named("type").raw("{}").id("call_aw7HZDJDT2D2eWTIwzEWZYUa"))
            .usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["I "])
            .pause(25ms)
            .stream(["look."])
            .pause(105ms)
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_r8MYMBqAmI0d01CeMt39iQRW"))
            .pause(65ms)
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_vdI2q1UEYyGdBBDriFLgQ7PN"))
            .pause(90ms)
            .call(tool_type.named("type").raw("{}").id("call_HYTkgJRlSmCgeilEEQN3lTRr"))
            .pause(105ms)
            .usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_wxEJ04qzpVLShmcoT1RFRlNM"))
            .usage(1, 0),
        // the cassette:0: POST /v1/responses, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        pause(65ms)
            .call(tool_gettime.named("GetTime").raw("{}").id("call_ncYpjUtPO8SbS6RQqhT83IQB"))
            .pause(105ms)
            .pieces(2)
            .usage(1, 0),
        // the cassette:0: POST /v1/responses, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .refusal(["I "])
            .pause(25ms)
            .refusal(["would "])
            .pause(40ms)
            .refusal(["rather ", "not."])
            .pause(90ms)
            .usage(1, 4),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["Cut"])
            .pause(90ms)
            .finish(length)
            .usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["No."])
            .pause(90ms)
            .finish(content_filter)
            .usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["Odd."])
            .pause(90ms)
            .finish(other("odd"))
            .usage(1, 1),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["Dear."])
            .pause(90ms)
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("Free.").usage(none),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms).stream(["Free."]).pause(90ms).usage(none),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s, headers: [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "2s")] }),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s, headers: [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "2s")] }),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(quota),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(quota),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1/responses, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("").finish(other("failed")).usage(none),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["It is "])
            .pause(25ms)
            .stream(["18"])
            .pause(40ms)
            .error_after(all, overloaded),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("It is 18 °C.").finish(none).usage(none),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["It is "])
            .pause(25ms)
            .stream(["18 °C."])
            .end_after(all),
        // the cassette:0: POST /v1/responses, user "hello"
        reply("One two.").usage(1, 2),
        // the cassette:0: POST /v1/responses, user "hello"
        pause(105ms)
            .stream(["One "])
            .pause(65ms)
            .stream(["two."])
            .pause(65ms)
            .usage(1, 2),
        // the cassette:0: POST /v1/responses, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        raw(r#"{"id":"","object":"response","created_at":1700000000,"model":"","status":"incomplete","completed_at":null,"error":null,"incomplete_details":null,"background":false,"frequency_penalty":0.0,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,"metadata":{},"moderation":null,"parallel_tool_calls":true,"presence_penalty":0.0,"previous_response_id":null,"prompt_cache_key":null,"prompt_cache_retention":"in_memory","reasoning":{"context":null,"effort":null,"summary":null},"safety_identifier":null,"store":true,"temperature":1.0,"text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tool_usage":{"image_gen":{"input_tokens":0,"input_tokens_details":{"image_tokens":0,"text_tokens":0},"output_tokens":0,"output_tokens_details":{"image_tokens":0,"text_tokens":0},"total_tokens":0},"web_search":{"num_requests":0}},"tools":[],"top_logprobs":0,"top_p":1.0,"truncation":"disabled","user":null,"billing":{"payer":"developer"},"service_tier":"default","output":[{"content":[{"annotations":[],"logprobs":[],"text":"One ","type":"output_text"},{"annotations":[],"logprobs":[],"text":"two.","type":"output_text"}],"id":"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a","role":"assistant","status":"incomplete","type":"message"}],"usage":null}"#),
        // the cassette:0: POST /v1/responses, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        pause(40ms)
            .frames([
                "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"\",\"object\":\"response\",\"created_at\":1700000000,\"model\":\"\",\"status\":\"in_progress\",\"completed_at\":null,\"error\":null,\"incomplete_details\":null,\"background\":false,\"frequency_penalty\":0.0,\"instructions\":null,\"max_output_tokens\":null,\"max_tool_calls\":null,\"metadata\":{},\"moderation\":null,\"parallel_tool_calls\":true,\"presence_penalty\":0.0,\"previous_response_id\":null,\"prompt_cache_key\":null,\"prompt_cache_retention\":\"in_memory\",\"reasoning\":{\"context\":null,\"effort\":null,\"summary\":null},\"safety_identifier\":null,\"store\":true,\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},\"tool_choice\":\"auto\",\"tool_usage\":{\"image_gen\":{\"input_tokens\":0,\"input_tokens_details\":{\"image_tokens\":0,\"text_tokens\":0},\"output_tokens\":0,\"output_tokens_details\":{\"image_tokens\":0,\"text_tokens\":0},\"total_tokens\":0},\"web_search\":{\"num_requests\":0}},\"tools\":[],\"top_logprobs\":0,\"top_p\":1.0,\"truncation\":\"disabled\",\"user\":null,\"service_tier\":\"auto\",\"output\":[],\"usage\":null}}\n\n",
                "event: response.in_progress\ndata: {\"type\":\"response.in_progress\",\"sequence_number\":1,\"response\":{\"id\":\"\",\"object\":\"response\",\"created_at\":1700000000,\"model\":\"\",\"status\":\"in_progress\",\"completed_at\":null,\"error\":null,\"incomplete_details\":null,\"background\":false,\"frequency_penalty\":0.0,\"instructions\":null,\"max_output_tokens\":null,\"max_tool_calls\":null,\"metadata\":{},\"moderation\":null,\"parallel_tool_calls\":true,\"presence_penalty\":0.0,\"previous_response_id\":null,\"prompt_cache_key\":null,\"prompt_cache_retention\":\"in_memory\",\"reasoning\":{\"context\":null,\"effort\":null,\"summary\":null},\"safety_identifier\":null,\"store\":true,\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},\"tool_choice\":\"auto\",\"tool_usage\":{\"image_gen\":{\"input_tokens\":0,\"input_tokens_details\":{\"image_tokens\":0,\"text_tokens\":0},\"output_tokens\":0,\"output_tokens_details\":{\"image_tokens\":0,\"text_tokens\":0},\"total_tokens\":0},\"web_search\":{\"num_requests\":0}},\"tools\":[],\"top_logprobs\":0,\"top_p\":1.0,\"truncation\":\"disabled\",\"user\":null,\"service_tier\":\"auto\",\"output\":[],\"usage\":null}}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"sequence_number\":2,\"output_index\":0,\"item\":{\"content\":[],\"id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"role\":\"assistant\",\"status\":\"in_progress\",\"type\":\"message\"}}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: response.content_part.added\ndata: {\"type\":\"response.content_part.added\",\"sequence_number\":3,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":0,\"part\":{\"annotations\":[],\"logprobs\":[],\"text\":\"\",\"type\":\"output_text\"}}\n\n",
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":4,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":0,\"delta\":\"One \",\"logprobs\":[]}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"sequence_number\":5,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":0,\"text\":\"One \",\"logprobs\":[]}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: response.content_part.done\ndata: {\"type\":\"response.content_part.done\",\"sequence_number\":6,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":0,\"part\":{\"annotations\":[],\"logprobs\":[],\"text\":\"One \",\"type\":\"output_text\"}}\n\n",
                "event: response.content_part.added\ndata: {\"type\":\"response.content_part.added\",\"sequence_number\":7,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":1,\"part\":{\"annotations\":[],\"logprobs\":[],\"text\":\"\",\"type\":\"output_text\"}}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":8,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":1,\"delta\":\"two.\",\"logprobs\":[]}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"sequence_number\":9,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":1,\"text\":\"two.\",\"logprobs\":[]}\n\n",
                "event: response.content_part.done\ndata: {\"type\":\"response.content_part.done\",\"sequence_number\":10,\"item_id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"output_index\":0,\"content_index\":1,\"part\":{\"annotations\":[],\"logprobs\":[],\"text\":\"two.\",\"type\":\"output_text\"}}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\",\"sequence_number\":11,\"output_index\":0,\"item\":{\"content\":[{\"annotations\":[],\"logprobs\":[],\"text\":\"One \",\"type\":\"output_text\"},{\"annotations\":[],\"logprobs\":[],\"text\":\"two.\",\"type\":\"output_text\"}],\"id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"role\":\"assistant\",\"status\":\"incomplete\",\"type\":\"message\"}}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: response.incomplete\ndata: {\"type\":\"response.incomplete\",\"sequence_number\":12,\"response\":{\"id\":\"\",\"object\":\"response\",\"created_at\":1700000000,\"model\":\"\",\"status\":\"incomplete\",\"completed_at\":null,\"error\":null,\"incomplete_details\":null,\"background\":false,\"frequency_penalty\":0.0,\"instructions\":null,\"max_output_tokens\":null,\"max_tool_calls\":null,\"metadata\":{},\"moderation\":null,\"parallel_tool_calls\":true,\"presence_penalty\":0.0,\"previous_response_id\":null,\"prompt_cache_key\":null,\"prompt_cache_retention\":\"in_memory\",\"reasoning\":{\"context\":null,\"effort\":null,\"summary\":null},\"safety_identifier\":null,\"store\":true,\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},\"tool_choice\":\"auto\",\"tool_usage\":{\"image_gen\":{\"input_tokens\":0,\"input_tokens_details\":{\"image_tokens\":0,\"text_tokens\":0},\"output_tokens\":0,\"output_tokens_details\":{\"image_tokens\":0,\"text_tokens\":0},\"total_tokens\":0},\"web_search\":{\"num_requests\":0}},\"tools\":[],\"top_logprobs\":0,\"top_p\":1.0,\"truncation\":\"disabled\",\"user\":null,\"service_tier\":\"default\",\"output\":[{\"content\":[{\"annotations\":[],\"logprobs\":[],\"text\":\"One \",\"type\":\"output_text\"},{\"annotations\":[],\"logprobs\":[],\"text\":\"two.\",\"type\":\"output_text\"}],\"id\":\"msg_6b4ae704a7cacef48d805077cee82562c726009133c5911a\",\"role\":\"assistant\",\"status\":\"incomplete\",\"type\":\"message\"}],\"usage\":null}}\n\n",
            ]),
    ],
);

mock_provider!(
    OfMessages = anthropic("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1/messages, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["It ", "is "])
            .pause(25ms)
            .stream(["{{18}} "])
            .pause(40ms)
            .stream(["°C.\n", "Say "])
            .pause(25ms)
            .stream([r#""hi", "#])
            .pause(40ms)
            .stream([r#"\o/."#])
            .pause(65ms)
            .usage(1, 7),
        // the cassette:0: POST /v1/messages, user "hello"
        reasoning("Let me see.")
            .signature("EqQBH2tcxrWxN0XMO8B056Gc5gU9v3wSmdEhfEwY0NsEW18L8JNdoDIygUXNOycajlhhsdfzRW5Rc0JlN3rapKex")
            .reply("Yes.")
            .usage(1, 3),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .reasoning(["Let ", "me "])
            .pause(25ms)
            .reasoning(["see."])
            .pause(40ms)
            .signature("EqQB6VjT8exdLMxi3UMvKVer8sVACG4tR22LJhxNug6d5Wz49QU5qNyVSpJc8xcSUJ0YjcCNFNbEsPhpXfDrnJ9Y")
            .pause(65ms)
            .stream(["Yes."])
            .pause(65ms)
            .usage(1, 3),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("toolu_01R55s6hrKt7zbS6RQqhT83I"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("toolu_01i3UMvKVer8sxfg31U0Qqsy"))
            .call(tool_type.named("type").raw("{}").id("toolu_01qcmvbpOE3iBJhmRZsUrzVe"))
            .usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["I ", "look."])
            .pause(65ms)
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("toolu_01hfUGp53kUrtShmcoT1RFRl"))
            .pause(65ms)
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("toolu_01MO8B056Gc5gEtxujy50FfB"))
            .pause(90ms)
            .call(tool_type.named("type").raw("{}").id("toolu_01z4ckk0XdlWssemorlikC96"))
            .pause(105ms)
            .usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("toolu_01k7b4Qr2Ktbrd01CeMt39iQ"))
            .usage(1, 0),
        // the cassette:0: POST /v1/messages, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        pause(40ms)
            .call(tool_gettime.named("GetTime").raw("{}").id("toolu_01nAx4SjGnvXtcdVJEmQPUrB"))
            .pause(155ms)
            .pieces(2)
            .usage(1, 0),
        // the cassette:0: POST /v1/messages, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(40ms)
            .refusal(["I would rather not."])
            .pause(25ms)
            .usage(1, 4),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["Cut"])
            .pause(65ms)
            .finish(length)
            .usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["No."])
            .pause(65ms)
            .finish(content_filter)
            .usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["Odd."])
            .pause(65ms)
            .finish(other("odd"))
            .usage(1, 1),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["Dear."])
            .pause(65ms)
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("Free.").usage(0, 0),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms).stream(["Free."]).pause(65ms).usage(0, 0),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s, headers: [("anthropic-ratelimit-requests-remaining", "0"), ("anthropic-ratelimit-requests-reset", "2023-11-14T22:13:23Z")] }),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s, headers: [("anthropic-ratelimit-requests-remaining", "0"), ("anthropic-ratelimit-requests-reset", "2023-11-14T22:13:23Z")] }),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(quota),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(quota),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1/messages, user "hello"
        fail(overloaded),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["It is ", "18"])
            .pause(25ms)
            .error_after(all, overloaded),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("It is 18 °C.").finish(none).usage(0, 0),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms).stream(["It is ", "18 °C."]).end_after(all),
        // the cassette:0: POST /v1/messages, user "hello"
        reply("One two.").usage(1, 2),
        // the cassette:0: POST /v1/messages, user "hello"
        pause(105ms)
            .stream(["One "])
            .pause(25ms)
            .stream(["two."])
            .pause(65ms)
            .usage(1, 2),
        // the cassette:0: POST /v1/messages, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        raw(r#"{"id":"","type":"message","role":"assistant","model":"","content":[{"text":"One ","type":"text"},{"text":"two.","type":"text"}],"stop_reason":null,"stop_sequence":null,"stop_details":null,"container":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":null,"server_tool_use":null,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"inference_geo":"global","service_tier":"standard"}}"#),
        // the cassette:0: POST /v1/messages, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        pause(40ms)
            .frames([
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"container\":null,\"content\":[],\"id\":\"\",\"model\":\"\",\"role\":\"assistant\",\"stop_details\":null,\"stop_reason\":null,\"stop_sequence\":null,\"type\":\"message\",\"usage\":{\"cache_creation\":{\"ephemeral_1h_input_tokens\":0,\"ephemeral_5m_input_tokens\":0},\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"inference_geo\":\"global\",\"input_tokens\":0,\"output_tokens\":0,\"output_tokens_details\":null,\"server_tool_use\":null,\"service_tier\":\"standard\"}}}\n\n",
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"text\":\"\",\"type\":\"text\"}}\n\n",
            ])
            .pause(25ms)
            .frames(["event: ping\ndata: {\"type\":\"ping\"}\n\n"])
            .pause(40ms)
            .frames([
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"One \"}}\n\n",
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"text\":\"\",\"type\":\"text\"}}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"two.\"}}\n\n",
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":1}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"container\":null,\"stop_details\":null,\"stop_reason\":null,\"stop_sequence\":null},\"usage\":{\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"input_tokens\":0,\"output_tokens\":0,\"output_tokens_details\":null,\"server_tool_use\":null}}\n\n",
            ])
            .pause(40ms)
            .frames(["event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"]),
    ],
);

mock_provider!(
    OfGemini = gemini("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .stream(["It ", "is "])
            .pause(25ms)
            .stream(["{{18}} "])
            .pause(40ms)
            .stream(["°C.\n", "Say "])
            .pause(25ms)
            .stream([r#""hi", "#])
            .pause(40ms)
            .stream([r#"\o/."#])
            .usage(1, 7),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .reasoning(["Let ", "me "])
            .pause(25ms)
            .reasoning(["see."])
            .pause(40ms)
            .stream(["Yes."])
            .usage(1, 3),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        // Left out: the signature of `get_weather`.
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("H6hiXtrdqUDn"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("tTAAqeu8DWNY"))
            .call(tool_type.named("type").raw("{}").id("TEH0Hym1nYFJ"))
            .usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        // Left out: the signature of `get_weather`.
        pause(40ms)
            .stream(["I ", "look."])
            .pause(25ms)
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("tjbm76aWNhlk"))
            .pause(40ms)
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("jLIB4HrmJ15X"))
            .call(tool_type.named("type").raw("{}").id("iIbYftyW18jH"))
            .pause(25ms)
            .usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        // Left out: the signature of `GetTime`.
        call(tool_gettime.named("GetTime").raw("{}").id("2OFE0QaWruEh"))
            .usage(1, 0),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        // Left out: the signature of `GetTime`.
        pause(40ms)
            .call(tool_gettime.named("GetTime").raw("{}").id("OeS86TIcntuR"))
            .usage(1, 0),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        refusal("I would rather not.").usage(1, 4),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms).refusal(["I would rather not."]).usage(1, 4),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms).stream(["Cut"]).finish(length).usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .stream(["No."])
            .finish(content_filter)
            .usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .stream(["Odd."])
            .finish(other("odd"))
            .usage(1, 1),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .stream(["Dear."])
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("Free.").usage(none),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms).stream(["Free."]).usage(none),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        fail(quota),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        fail(quota),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        fail(overloaded),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .stream(["It is ", "18"])
            .pause(25ms)
            .error_after(all, overloaded),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("It is 18 °C.").finish(none).usage(none),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms).stream(["It is ", "18 °C."]).end_after(all),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        reply("One two.").usage(1, 2),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        pause(40ms)
            .stream(["One "])
            .pause(25ms)
            .stream(["two."])
            .pause(40ms)
            .usage(1, 2),
        // the cassette:0: POST /v1beta/models/model-1:generateContent, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        raw(r#"{"candidates":[{"content":{"parts":[{"text":"One "},{"text":"two."}],"role":"model"},"index":0}],"modelVersion":"","responseId":""}"#),
        // the cassette:0: POST /v1beta/models/model-1:streamGenerateContent, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        pause(40ms)
            .frames([
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"One \"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"\",\"responseId\":\"\"}\r\n\r\n",
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"},{\"text\":\"\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"\",\"responseId\":\"\"}\r\n\r\n",
            ])
            .pause(25ms)
            .frames([
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"two.\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"\",\"responseId\":\"\"}\r\n\r\n",
            ])
            .pause(40ms)
            .frames([
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"\",\"responseId\":\"\"}\r\n\r\n",
            ]),
    ],
);

mock_provider!(
    OfInteractions = gemini("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["It ", "is "])
            .pause(25ms)
            .stream(["{{18}} "])
            .pause(40ms)
            .stream(["°C.\n", "Say "])
            .pause(25ms)
            .stream([r#""hi", "#])
            .pause(40ms)
            .stream([r#"\o/."#])
            .pause(25ms)
            .usage(1, 7),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reasoning("Let me see.")
            .signature("EroCH2tcxrWxN0XMO8B056Gc5gU9v3wSmdEhfEwY0NsEW18L8JNdoDIygUXNOycajlJkYGfKm0pJixWg6RnURb1dXOftKqvt00nMf7FeraXdQH96Lkh9niKO")
            .reply("Yes.")
            .usage(1, 3),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .reasoning(["Let ", "me "])
            .pause(25ms)
            .reasoning(["see."])
            .pause(40ms)
            .signature("EroC6VjT8exdLMxi3UMvKVer8sVACG4tR22LJhxNug6d5Wz49QU5qNyVSpJc8xcSUJMbvVgdNbGXfpDg73tlxd4co39ZVB1vW2rKbQXnFQFYbJ6vV9x04DSJ")
            .pause(65ms)
            .stream(["Yes."])
            .pause(25ms)
            .usage(1, 3),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("H6hiXtrd"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("tTAAqeu8"))
            .call(tool_type.named("type").raw("{}").id("TEH0Hym1"))
            .usage(1, 1),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["I ", "look."])
            .pause(65ms)
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("tjbm76aW"))
            .pause(65ms)
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("jLIB4Hrm"))
            .pause(65ms)
            .call(tool_type.named("type").raw("{}").id("iIbYftyW"))
            .pause(65ms)
            .usage(1, 1),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("2OFE0QaW"))
            .usage(1, 0),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        // Left out: the lengths of the 2 pieces of the arguments of `GetTime`.
        pause(65ms)
            .call(tool_gettime.named("GetTime").raw("{}").id("OeS86TIc"))
            .pause(105ms)
            .pieces(2)
            .usage(1, 0),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["Cut"])
            .pause(25ms)
            .finish(length)
            .usage(1, 1),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["No."])
            .pause(25ms)
            .finish(content_filter)
            .usage(1, 1),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("Dear.")
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["Dear."])
            .pause(25ms)
            .usage(::mock_core::Usage::new(11, 7).cache_read(3).reasoning(2)),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("Free.").usage(none),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms).stream(["Free."]).pause(25ms).usage(none),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(quota),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(quota),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(bad_request { message: "`x` is wrong", code: "wrong_x" }),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        fail(overloaded),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["It is ", "18"])
            .pause(25ms)
            .error_after(all, overloaded),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("It is 18 °C.").finish(none).usage(none),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms).stream(["It is ", "18 °C."]).end_after(all),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        reply("One two.").usage(1, 2),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        pause(105ms)
            .stream(["One "])
            .pause(25ms)
            .stream(["two."])
            .pause(40ms)
            .usage(1, 2),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        raw(r#"{"created":"2023-11-14T22:13:20Z","id":"","model":"","object":"interaction","service_tier":"standard","status":"in_progress","steps":[{"content":[{"text":"One ","type":"text"}],"type":"model_output"},{"content":[{"text":"two.","type":"text"}],"type":"model_output"}],"updated":"2023-11-14T22:13:20Z"}"#),
        // the cassette:0: POST /v1beta/interactions, user "hello"
        // The recorded bytes, because a turn cannot express two consecutive parts of the same kind.
        pause(40ms)
            .frames([
                "event: interaction.created\ndata: {\"event_type\":\"interaction.created\",\"interaction\":{\"id\":\"\",\"model\":\"\",\"object\":\"interaction\",\"status\":\"in_progress\"},\"event_id\":\"1\"}\n\n",
                "event: interaction.status_update\ndata: {\"event_type\":\"interaction.status_update\",\"interaction_id\":\"\",\"status\":\"in_progress\",\"event_id\":\"2\"}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: step.start\ndata: {\"event_type\":\"step.start\",\"index\":0,\"step\":{\"type\":\"model_output\"},\"event_id\":\"3\"}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: step.delta\ndata: {\"event_type\":\"step.delta\",\"index\":0,\"delta\":{\"type\":\"text\",\"text\":\"One \"},\"event_id\":\"4\"}\n\n",
                "event: step.stop\ndata: {\"event_type\":\"step.stop\",\"index\":0,\"event_id\":\"5\"}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: step.start\ndata: {\"event_type\":\"step.start\",\"index\":1,\"step\":{\"type\":\"model_output\"},\"event_id\":\"6\"}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: step.delta\ndata: {\"event_type\":\"step.delta\",\"index\":1,\"delta\":{\"type\":\"text\",\"text\":\"\"},\"event_id\":\"7\"}\n\n",
                "event: step.delta\ndata: {\"event_type\":\"step.delta\",\"index\":1,\"delta\":{\"type\":\"text\",\"text\":\"two.\"},\"event_id\":\"8\"}\n\n",
            ])
            .pause(25ms)
            .frames([
                "event: step.stop\ndata: {\"event_type\":\"step.stop\",\"index\":1,\"event_id\":\"9\"}\n\n",
            ])
            .pause(40ms)
            .frames([
                "event: interaction.completed\ndata: {\"event_type\":\"interaction.completed\",\"interaction\":{\"created\":\"2023-11-14T22:13:20Z\",\"id\":\"\",\"model\":\"\",\"object\":\"interaction\",\"service_tier\":\"standard\",\"status\":\"in_progress\",\"updated\":\"2023-11-14T22:13:20Z\"},\"event_id\":\"10\"}\n\n",
                "event: done\ndata: [DONE]\n\n",
            ]),
    ],
);

mock_provider!(
    OfOllama = ollama("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /api/chat, user "hello"
        reply("It is {{18}} °C.\nSay \"hi\", \\o/.").usage(1, 7),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["It ", "is "])
            .pause(25ms)
            .stream(["{{18}} "])
            .pause(40ms)
            .stream(["°C.\n", "Say "])
            .pause(25ms)
            .stream([r#""hi", "#])
            .pause(40ms)
            .stream([r#"\o/."#])
            .usage(1, 7),
        // the cassette:0: POST /api/chat, user "hello"
        reasoning("Let me see.").reply("Yes.").usage(1, 3),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .reasoning(["Let ", "me "])
            .pause(25ms)
            .reasoning(["see."])
            .pause(40ms)
            .stream(["Yes."])
            .usage(1, 3),
        // the cassette:0: POST /api/chat, user "hello"
        reply("I look.")
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_D6m5crs4TFx"))
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_OJbXm6FB3oA"))
            .call(tool_type.named("type").raw("{}").id("call_aw7HZDJDT2D"))
            .usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["I ", "look."])
            .pause(25ms)
            .call(get_weather.raw(r#"{"city":"Oslo"}"#).id("call_r8MYMBqAmI0"))
            .pause(40ms)
            .call(tool_get_weather.named("get-weather").raw(r#"{"city":"{Rome}"}"#).id("call_vdI2q1UEYyG"))
            .call(tool_type.named("type").raw("{}").id("call_HYTkgJRlSmC"))
            .pause(25ms)
            .usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        call(tool_gettime.named("GetTime").raw("{}").id("call_wxEJ04qzpVL"))
            .usage(1, 0),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .call(tool_gettime.named("GetTime").raw("{}").id("call_ncYpjUtPO8S"))
            .usage(1, 0),
        // the cassette:0: POST /api/chat, user "hello"
        reply("Cut").finish(length).usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms).stream(["Cut"]).finish(length).usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        reply("No.").finish(content_filter).usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["No."])
            .finish(content_filter)
            .usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        reply("Odd.").finish(other("odd")).usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["Odd."])
            .finish(other("odd"))
            .usage(1, 1),
        // the cassette:0: POST /api/chat, user "hello"
        reply("Free.").usage(none),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms).stream(["Free."]).usage(none),
        // the cassette:0: POST /api/chat, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(rate_limit { message: "Slow {{down}}", retry_after: 2s }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(rate_limit { message: "the quota is used up" }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(rate_limit { message: "the quota is used up" }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(bad_request { message: "`x` is wrong" }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(bad_request { message: "`x` is wrong" }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(server_error { status: 502 }),
        // the cassette:0: POST /api/chat, user "hello"
        fail(overloaded),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["It is ", "18"])
            .pause(25ms)
            .error_after(all, overloaded),
        // the cassette:0: POST /api/chat, user "hello"
        reply("It is 18 °C.").finish(none).usage(none),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms).stream(["It is ", "18 °C."]).end_after(all),
        // the cassette:0: POST /api/chat, user "hello"
        reply("One two.").usage(1, 2),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["One "])
            .pause(25ms)
            .stream(["two."])
            .pause(40ms)
            .usage(1, 2),
        // the cassette:0: POST /api/chat, user "hello"
        reply("One two.").finish(none).usage(none),
        // the cassette:0: POST /api/chat, user "hello"
        pause(40ms)
            .stream(["One ", "two."])
            .pause(25ms)
            .finish(none)
            .usage(none),
    ],
);

mock_provider!(
    ChatEmbeddings = openai("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1/embeddings, user "b"
        embed([0.1, -1e-7]).embed([1.0, 3.4028235e38]).usage(2, 0),
        // the cassette:0: POST /v1/embeddings, user "b"
        fail(rate_limit { message: "Slow", headers: [("x-ratelimit-remaining-requests", "0")] }),
    ],
);

mock_provider!(
    GeminiEmbeddings = gemini("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /v1beta/models/model-1:batchEmbedContents, user "b"
        embed([0.1, -1e-7]).embed([1.0, 3.4028235e38]).usage(2, 0),
        // the cassette:0: POST /v1beta/models/model-1:batchEmbedContents, user "b"
        fail(rate_limit { message: "Slow" }),
    ],
);

mock_provider!(
    OllamaEmbeddings = ollama("model-1"),
    allow = [broken_conversations],
    script = [
        // the cassette:0: POST /api/embed, user "b"
        embed([0.1, -1e-7]).embed([1.0, 3.4028235e38]).usage(2, 0),
        // the cassette:0: POST /api/embed, user "b"
        fail(rate_limit { message: "Slow" }),
    ],
);

mock_provider!(
    OfPaths = openai("gpt-4o"),
    allow = [broken_conversations],
    lanes = match request {
        path("GET /v1/models") => [
            // the cassette:0: GET /v1/models
            raw(r#"{"data":[]}"#),
        ],
        path("POST /v1/files") => [
            // the cassette:0: POST /v1/files
            raw(r#"{"id":"file-1"}"#).status(201),
            // the cassette:0: POST /v1/files
            raw("").status(503),
        ],
        path("GET /v1/files/a**b") => [
            // the cassette:0: GET /v1/files/a*b
            raw("line 1\nline 2\n")
                .headers([("content-type", "text/plain")]),
        ],
        path("DELETE /v1/files/1") => [
            // the cassette:0: DELETE /v1/files/1
            raw("").status(204),
        ],
        _ => [
            // the cassette:0: POST /v1/chat/completions, user "hello"
            reply("Hi.").usage(none),
        ],
    },
);
