//! The reports of tests that run several times.

use std::pin::pin;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, StreamEvent};
use tests::private::{Chaos, ChaosFault, Seeds, SweepFault};

use crate::helpers::{ask, fails_in_a_sweep, fails_with_seeds, mock, say};

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

#[test]
fn seeds_with_chaos() {
    const CHAOS: &[Chaos] = &[
        Chaos {
            fault: ChaosFault::Fail(ErrorKind::Overloaded),
            probability: 0.3,
        },
        Chaos {
            fault: ChaosFault::Slow,
            probability: 0.2,
        },
    ];
    let seeds = Seeds {
        first: 0,
        last: 49,
        chaos: CHAOS,
    };
    fails_with_seeds("seeds_with_chaos", seeds, |test| {
        let llm = mock(test, "llm", script([reply("Hi!").times(0..)]));
        test.drive(pin!(async {
            let mut sorry = 0;
            for _ in 0..4 {
                sorry += usize::from(say(&llm, ask("hello")).await == "Sorry.");
            }
            assert!(sorry < 3, "too much is too much");
            Ok::<_, ProviderError>(())
        }));
    });
}

/// A fault is not a use of the turn: the help says three uses, however many calls there were. After a fault, the code asks once more than it
/// should.
#[test]
fn seeds_with_chaos_and_a_turn_that_is_used_up() {
    const CHAOS: &[Chaos] = &[Chaos {
        fault: ChaosFault::Fail(ErrorKind::Overloaded),
        probability: 0.5,
    }];
    let seeds = Seeds {
        first: 0,
        last: 3,
        chaos: CHAOS,
    };
    let name = "seeds_with_chaos_and_a_turn_that_is_used_up";
    fails_with_seeds(name, seeds, |test| {
        let turn = on(user("hello")).reply("Hi!").times(2);
        let llm = mock(test, "llm", script([turn]));
        test.drive(pin!(async {
            let (mut answers, mut failures) = (0, 0);
            while answers < 2 || (failures > 0 && answers < 3) {
                match say(&llm, ask("hello")).await.as_str() {
                    "Sorry." if answers == 2 => break,
                    "Sorry." => failures += 1,
                    _ => answers += 1,
                }
            }
            Ok::<_, ProviderError>(())
        }));
    });
}

#[test]
fn seeds_with_chaos_that_never_comes() {
    const CHAOS: &[Chaos] = &[Chaos {
        fault: ChaosFault::Fail(ErrorKind::Overloaded),
        probability: 0.000_001,
    }];
    let seeds = Seeds {
        first: 0,
        last: 4,
        chaos: CHAOS,
    };
    fails_with_seeds("seeds_with_chaos_that_never_comes", seeds, |test| {
        let llm = mock(test, "llm", script([reply("Hi!")]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn seeds_with_chaos_and_no_call() {
    const CHAOS: &[Chaos] = &[Chaos {
        fault: ChaosFault::Slow,
        probability: 1.0,
    }];
    let seeds = Seeds {
        first: 0,
        last: 0,
        chaos: CHAOS,
    };
    fails_with_seeds("seeds_with_chaos_and_no_call", seeds, |test| {
        let _llm = mock(test, "llm", script([reply("Hi!").times(0..)]));
        test.drive(pin!(async {}));
    });
}

#[test]
fn seeds_without_chaos() {
    let seeds = Seeds {
        first: 0,
        last: 19,
        chaos: &[],
    };
    fails_with_seeds("seeds_without_chaos", seeds, |test| {
        let llm = mock(test, "llm", script([reply("Hi!").times(2..=3)]));
        test.drive(pin!(async {
            let (first, second) = (say(&llm, ask("one")), say(&llm, ask("two")));
            tokio::select! {
                biased;
                _ = first => {}
                _ = second => panic!("the second came first"),
            }
            say(&llm, ask("three")).await;
        }));
    });
}

#[test]
fn sweep_that_stalls_in_a_long_turn() {
    fails_in_a_sweep(
        "sweep_that_stalls_in_a_long_turn",
        &[SweepFault::Stall],
        |test| {
            let headers = [("x-ratelimit-remaining-tokens", "149984")];
            let turn = on(user("What is the weather in Paris?"))
                .reply("It is 18 °C in Paris, and dry.")
                .headers(headers);
            let llm = mock(test, "llm", script([turn]));
            test.drive(pin!(async {
                let weather = read(&llm, ask("What is the weather in Paris?")).await?;
                assert!(weather.starts_with("It is 18"));
                Ok::<_, ProviderError>(())
            }));
        },
    );
}
