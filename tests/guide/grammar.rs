use std::time::Duration;

use mock_core::{mock_provider, provider_test};

mock_provider!(
    Clerk = anthropic("claude-sonnet-4-5"),
    latency = 80ms..120ms,
    tools = [
        find_order {
            number: integer,
            with_items: optional(boolean),
        },
        refund {
            order: object {
                number: integer,
                note: string
            },
            reasons: list(one_of("late", "broken")),
            amount: number,
            extra: json,
        },
        get_time,
    ],
    script = [
        on(user("order {number:word}")).call(find_order { number: 42 }),
        on(tool_result(find_order))
            .reply("One moment, please.")
            .call(refund {
                order: object {
                    note: "order {number}",
                    number: 42
                },
                reasons: ["late"],
                amount: 9.5,
                extra: null,
            })
            .call(get_time),
        on(tool_result(refund), tool_result(get_time)).reply("Done at {get_time.now}."),
    ],
);

const GREETING: &str = "Hello, {name} is taken as it is.";
const PAUSE: Duration = Duration::from_millis(20);

mock_provider!(
    #[doc = "Greets from constants."]
    Greeter,
    script = [reply(GREETING).every(PAUSE)],
    vis = pub,
);

#[provider_test]
async fn turns_follow_one_another(
    #[mock(
        on(user("hello")).reply("Hello to you."),
        stream(["You said: ", "{user}"]).ttft(300ms).every(20ms),
        on(when(|request| request.temperature == Some(0.0))).reply("{{sure}}").times(2),
        fail(overloaded { message: "too busy for {model}", retry_after: 2s, status: 529 }).times(0..=1),
        reply(verbatim("{\"as\": \"it is\"}")).forever(),
    )]
    llm: mock_core::MockProvider,
) {
    let request = || mock_core::Request::new("gpt-4o").user("hello");
    let cold = || request().temperature(0.0);
    let mut texts = Vec::new();
    for request in [request(), request(), cold(), cold()] {
        let response = llm.answer(request).await.expect("an answer");
        texts.push(response.text().into_owned());
    }
    let error = llm.answer(request()).await.expect_err("a failure");
    let last = llm.answer(request()).await.expect("an answer");

    assert_eq!(
        texts,
        ["Hello to you.", "You said: hello", "{sure}", "{sure}"]
    );
    assert_eq!(error.to_string(), "too busy for gpt-4o");
    assert_eq!(last.text(), "{\"as\": \"it is\"}");
}

#[provider_test]
async fn values_may_be_computed(greeter: Greeter) {
    let number = 42;
    let text = format!("Order {number} {{is here}}.");
    let mock = mock_provider!(
        plain,
        script = [
            call(find_order { number: number }),
            on(when(move |request| request.messages.len() == number)).reply(text),
        ],
    );
    let request = || mock_core::Request::new("gpt-4o");
    let order = mock.answer(request()).await.expect("an answer");
    let many = (0..number).fold(request(), |request, _| request.user("?"));
    let text = mock.answer(many).await.expect("an answer");
    let greeting = greeter.answer(request()).await.expect("an answer");

    let call = order.tool_calls().next().expect("a call");
    assert_eq!(call.arguments, r#"{"number":42}"#);
    assert_eq!(text.text(), "Order 42 {is here}.");
    assert_eq!(greeting.text(), GREETING);
}
