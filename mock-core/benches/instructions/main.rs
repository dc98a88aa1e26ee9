//! What a call costs, in instructions, next to the mocks that people write by hand.
//!
//! ```text
//! cargo bench -p mock-core --bench instructions
//! cargo bench -p mock-core --features wire --bench instructions -- wire
//! ```
//!
//! The second also has what it takes to write answers and events of streams on each wire. A word behind `--` chooses the subjects whose
//! names contain it.
//!
//! Each subject runs under callgrind with few units and with many, where a unit is a call or a chunk of a stream; the
//! difference is divided by the units between. A call's request is built by each subject; what that takes is measured too,
//! and subtracted. Needs valgrind.

mod by_hand;
mod callgrind;
mod instances;
#[cfg(feature = "wire")]
mod wires;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::{on, reply, user};
use mock_core::{MockProvider, ProviderError, Request, Response, StreamEvent};

use by_hand::Hand;

/// How many calls there are before the first that is measured, where it is not said otherwise.
const BEFORE: usize = 100;

/// How many calls are measured.
const MEASURED: usize = 800;

/// How many chunks are in a stream. Of streams, as many are measured as there are hundreds of calls.
const CHUNKS: usize = 1_000;

/// The time before each chunk of a paced stream.
const PACE: Duration = Duration::from_millis(20);

/// What is measured: a name, what it is compared with, and what is done so many times.
struct Subject {
    name: &'static str,
    against: &'static str,
    unit: Unit,
    before: usize,
    run: fn(usize),
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    /// A request that is built, or an answer that is written: nothing is subtracted.
    Item,
    Call,
    Chunk,
}

const fn subject(name: &'static str, against: &'static str, unit: Unit, run: fn(usize)) -> Subject {
    Subject {
        name,
        against,
        unit,
        before: BEFORE,
        run,
    }
}

const REQUEST: &str = "request";
const HAND: &str = "by hand, scripted and recording";
const DIRECT: &str = "MockProvider, direct";
const ADAPTER: &str = "MockProvider, through an adapter";
const ITER: &str = "chunk, boxed stream::iter";
const SLEEPS: &str = "paced chunk, stream::iter and sleep";

const SUBJECTS: &[Subject] = &[
    subject(REQUEST, REQUEST, Unit::Item, |calls| {
        for _ in 0..calls {
            black_box(request());
        }
    }),
    subject(HAND, HAND, Unit::Call, |calls| {
        drive(leak(Hand::new(calls)), calls);
    }),
    subject("by hand, behind Arc<dyn Llm>", HAND, Unit::Call, |calls| {
        let llm: Arc<dyn Llm> = Arc::new(Hand::new(calls));
        drive(&*llm, calls);
        std::mem::forget(llm);
    }),
    subject(DIRECT, HAND, Unit::Call, |calls| {
        let mock = leak(script());
        for _ in 0..calls {
            let answer = mock.answer(request().clone()).now_or_never();
            black_box(answer.expect("it takes no time").expect("it is scripted"));
        }
    }),
    subject(ADAPTER, HAND, Unit::Call, |calls| {
        drive(leak(Adapter(script())), calls);
    }),
    subject("  with a matcher", HAND, Unit::Call, |calls| {
        let turn = on(user("weather in {city}")).reply("It is fine.").forever();
        drive(leak(Adapter(MockProvider::script([turn]))), calls);
    }),
    subject("  of 10 turns", HAND, Unit::Call, |calls| {
        drive(leak(of_turns(10, 100)), calls);
    }),
    subject("  of 1,000 turns", HAND, Unit::Call, |calls| {
        drive(leak(of_turns(1_000, 1)), calls);
    }),
    subject("  of 10,000 turns", HAND, Unit::Call, |calls| {
        drive(leak(of_turns(10_000, 1)), calls);
    }),
    subject("  with lanes", HAND, Unit::Call, |calls| {
        drive(leak(Adapter(MockProvider::new(instances::lanes()))), calls);
    }),
    Subject {
        before: 10_000,
        ..subject("  after 10,000 calls", HAND, Unit::Call, |calls| {
            drive(leak(Adapter(script())), calls);
        })
    },
    subject(ITER, ITER, Unit::Chunk, |streams| {
        let chunks = vec!["chunk".to_owned(); CHUNKS];
        for _ in 0..streams {
            let events = chunks.clone().into_iter().map(StreamEvent::Text);
            listen(stream::iter(events.map(Ok)).boxed());
        }
    }),
    subject("chunk, MockProvider", ITER, Unit::Chunk, |streams| {
        let turn = mock_core::builder::stream(vec!["chunk"; CHUNKS]).forever();
        let mock = leak(MockProvider::script([turn]));
        for _ in 0..streams {
            let stream = mock.answer_stream(request()).now_or_never();
            let stream = stream.expect("it takes no time").expect("it is scripted");
            listen(stream.boxed());
        }
    }),
    subject(SLEEPS, SLEEPS, Unit::Chunk, |streams| {
        let chunks = vec!["chunk".to_owned(); CHUNKS];
        paused(async {
            for _ in 0..streams {
                let events = stream::iter(chunks.clone()).then(async |chunk| {
                    tokio::time::sleep(PACE).await;
                    Ok(StreamEvent::Text(chunk))
                });
                wait_for(events.boxed()).await;
            }
        });
    }),
    subject(
        "paced chunk, MockProvider",
        SLEEPS,
        Unit::Chunk,
        |streams| {
            let turn = mock_core::builder::stream(vec!["chunk"; CHUNKS]);
            let turn = turn.ttft(PACE).every(PACE).forever();
            let mock = leak(MockProvider::script([turn]));
            paused(async {
                for _ in 0..streams {
                    let stream = mock.answer_stream(request()).await;
                    wait_for(stream.expect("it is scripted").boxed()).await;
                }
            });
        },
    ),
];

/// All of them: those above, and those of the files beside this one.
fn subjects() -> Vec<&'static Subject> {
    let all = SUBJECTS.iter().chain(instances::SUBJECTS);
    #[cfg(feature = "wire")]
    let all = all.chain(wires::SUBJECTS);
    all.collect()
}

/// What it takes to free all that was recorded is not what a call takes.
fn leak<T>(subject: T) -> &'static T {
    Box::leak(Box::new(subject))
}

fn request() -> Request {
    Request::new("gpt-4o")
        .system("You are a helpful assistant.")
        .user("What is the weather in Paris?")
}

fn script() -> MockProvider {
    MockProvider::script([reply("It is fine.").forever()])
}

/// A script of so many turns, each for up to so many calls.
fn of_turns(turns: usize, calls: u32) -> Adapter {
    let turns = (0..turns).map(|_| reply("It is fine.").times(0..=calls));
    Adapter(MockProvider::script(turns))
}

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, request: &Request) -> Result<Response, ProviderError>;
}

struct Adapter(MockProvider);

#[async_trait]
impl Llm for Adapter {
    async fn complete(&self, request: &Request) -> Result<Response, ProviderError> {
        self.0.answer(request.clone()).await
    }
}

/// Two mocks that do not answer the same cannot be compared.
fn assert_equal_answers() {
    let answers = |llm: &dyn Llm| {
        let answer = || llm.complete(&request()).now_or_never();
        [answer(), answer()]
    };
    assert_eq!(answers(&Hand::new(2)), answers(&Adapter(script())));
}

fn drive(llm: &dyn Llm, calls: usize) {
    for _ in 0..calls {
        let answer = llm.complete(&request()).now_or_never();
        black_box(answer.expect("it takes no time").expect("it is scripted"));
    }
}

fn listen(mut stream: BoxStream<'static, Result<StreamEvent, ProviderError>>) {
    while let Some(Some(event)) = stream.next().now_or_never() {
        let _ = black_box(event);
    }
}

async fn wait_for(mut stream: BoxStream<'static, Result<StreamEvent, ProviderError>>) {
    while let Some(event) = stream.next().await {
        let _ = black_box(event);
    }
}

/// Runs on a runtime whose clock is paused, as a test does.
fn paused(future: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(future);
}

fn main() {
    if let Ok(run) = std::env::var("MOCK_CORE_BENCH") {
        let (subject, times) = run.split_once(' ').expect("a subject and a number");
        let subject: usize = subject.parse().expect("the index of a subject");
        (subjects()[subject].run)(times.parse().expect("a number"));
        return;
    }
    if let Ok(run) = std::env::var("MOCK_CORE_BENCH_MEMORY") {
        println!("{}", instances::memory_of(&run));
        return;
    }
    assert_equal_answers();
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let is_wanted = |subject: &Subject| {
        let word = wanted.as_deref().unwrap_or_default();
        subject.name.contains(word)
    };
    // What the others are compared with is always measured.
    let is_base = |subject: &Subject| [REQUEST, HAND, DIRECT, ADAPTER].contains(&subject.name);
    let costs: Vec<_> = subjects()
        .into_iter()
        .enumerate()
        .filter(|(_, subject)| {
            is_wanted(subject) || is_base(subject) || subject.against == subject.name
        })
        .map(|(index, subject)| (subject, callgrind::cost(index, subject)))
        .collect();
    let of = |name: &str| {
        let mut costs = costs.iter();
        let cost = costs.find(|(subject, _)| subject.name == name);
        cost.expect("a subject of this name").1
    };
    println!(
        "{:<46}{:>14}{:>10}",
        "instructions a call, a chunk, or an answer", "above request", "ratio"
    );
    for (subject, cost) in &costs {
        let base = match subject.unit {
            Unit::Call => of(REQUEST),
            Unit::Item | Unit::Chunk => 0.0,
        };
        let (above, against) = (cost - base, of(subject.against) - base);
        println!("{:<46}{above:>14.0}{:>10.2}", subject.name, above / against);
    }
    let above = |name| of(name) - of(REQUEST);
    println!(
        "an adapter against the mock itself: {:.2}",
        above(ADAPTER) / above(DIRECT)
    );
    if wanted.is_none() {
        println!(
            "60 s of scripted delay on the paused clock: {:.1} ms on the wall",
            a_minute().as_secs_f64() * 1_000.0
        );
    }
    if wanted
        .as_deref()
        .is_none_or(|word| "instances".contains(word))
    {
        instances::print_memory();
    }
}

/// The wall time of a stream that takes a minute on the paused clock.
fn a_minute() -> Duration {
    let minute = Duration::from_secs(60);
    let turn = mock_core::builder::stream(vec!["chunk"; CHUNKS]);
    let pace = minute / CHUNKS as u32;
    let mock = MockProvider::script([turn.ttft(pace).every(pace)]);
    let start = Instant::now();
    paused(async {
        let stream = mock.answer_stream(request()).await;
        wait_for(stream.expect("it is scripted").boxed()).await;
        let call = &mock.calls()[0];
        let took = call.ended_at().map(|end| end - call.started_at());
        assert_eq!(took, Some(minute));
    });
    start.elapsed()
}
