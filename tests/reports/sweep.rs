//! The report of a sweep.

use std::pin::pin;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, ProviderError, Request, StreamEvent};
use tests::private::SweepFault;

use crate::{ask, fails_in_a_sweep, mock, say};

/// Takes whatever comes for the whole answer.
async fn read(llm: &MockProvider, request: Request) -> Result<String, ProviderError> {
    let mut stream = llm.answer_stream(request).await?;
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        if let StreamEvent::Text(piece) = event? {
            text.push_str(&piece);
        }
    }
    Ok(text)
}

#[test]
fn sweep_of_a_careless_reader() {
    fails_in_a_sweep(
        "sweep_of_a_careless_reader",
        &[SweepFault::End, SweepFault::Stall],
        |test| {
            let turns = [
                on(user("Welcome {name}.")).reply("Hi, {name}!"),
                on(user("Bye")).reply("Goodbye, {name}, and thank you."),
            ];
            let llm = mock(test, "llm", script(turns));
            test.drive(pin!(async {
                assert_eq!(read(&llm, ask("Welcome Ada.")).await?, "Hi, Ada!");
                let bye = read(&llm, ask("Bye")).await?;
                assert_eq!(bye, "Goodbye, Ada, and thank you.");
                Ok::<_, ProviderError>(())
            }));
        },
    );
}

#[test]
fn sweep_with_a_mismatch_in_rules() {
    fails_in_a_sweep(
        "sweep_with_a_mismatch_in_rules",
        &[SweepFault::Fail],
        |test| {
            let rules = [
                on(user("Welcome")).reply("Hi!"),
                on(user("Bye")).reply("Bye!"),
            ];
            let llm = mock(test, "llm", script([]).rules(rules));
            test.drive(pin!(async {
                if say(&llm, ask("Bye")).await == "Sorry." {
                    llm.answer(ask("Is anybody there?")).await?;
                }
                Ok::<_, ProviderError>(())
            }));
        },
    );
}

#[test]
fn sweep_of_a_test_that_fails_as_it_is_written() {
    fails_in_a_sweep(
        "sweep_of_a_test_that_fails_as_it_is_written",
        SweepFault::ALL,
        |test| {
            let llm = mock(test, "llm", script([on(user("Welcome")).reply("Hi!")]));
            test.drive(pin!(async { llm.answer(ask("Bye")).await.map(drop) }));
        },
    );
}

#[test]
fn sweep_with_nothing_to_try() {
    fails_in_a_sweep("sweep_with_nothing_to_try", SweepFault::ALL, |test| {
        let _llm = mock(test, "llm", script([]));
        test.drive(pin!(async { Ok::<_, ProviderError>(()) }));
    });
}
