//! The code of `docs/scenarios.md` about gates and drivers.

use futures::StreamExt as _;
use mock_core::{MockProvider, Request, StreamEvent, mock_provider, provider_test};

fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

#[provider_test]
async fn an_answer_waits_at_a_gate(
    #[mock(reply("One moment, ").gate("ready").reply("please.").named(greeting))] llm: MockProvider,
) {
    let answer = tokio::spawn(llm.answer(ask("hello")));

    llm.wait_for_turn("greeting").await;
    llm.gate("ready").wait_until_reached().await;
    assert!(!answer.is_finished());

    llm.gate("ready").open();
    let answer = answer.await.expect("no panic").expect("an answer");
    assert_eq!(answer.text(), "One moment, please.");
}

#[provider_test]
async fn the_test_says_what_comes(#[mock(driven("live"))] llm: MockProvider) {
    let mut stream = llm.answer_stream(ask("hello")).await.expect("a stream");
    let live = llm.driver("live");

    live.text("Hel");
    let first = stream.next().await;
    assert_eq!(first, Some(Ok(StreamEvent::Text("Hel".into()))));

    live.text("lo");
    live.finish();
    assert_eq!(stream.count().await, 2); // the text, and the finish
}

mock_provider!(
    FrontDesk,
    rules = match request {
        user("order {number:word}") => reply("Order {number} is on its way."),
        user("hello") | user("hi") => reply("Good morning."),
        _ if request.tools.is_empty() => reply("I can look nothing up."),
    },
    otherwise = reply("Ask for an order."),
);

#[provider_test]
async fn rules_answer_in_any_order(llm: FrontDesk) {
    for (said, answered) in [
        ("hi", "Good morning."),
        ("where is order 42", "Order 42 is on its way."),
        ("hello", "Good morning."),
        ("help", "I can look nothing up."),
    ] {
        let answer = llm.answer(ask(said)).await.expect("an answer");
        assert_eq!(answer.text(), answered);
    }
}

#[provider_test(task_panics = "ignore")]
async fn an_expected_panic_of_a_task() {
    let task = tokio::spawn(async { panic!("on purpose") });
    assert!(task.await.is_err());
}
