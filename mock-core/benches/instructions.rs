//! What a call costs, in instructions, next to the mocks that people write by hand.
//!
//! ```text
//! cargo bench -p mock-core --bench instructions
//! ```
//!
//! Each subject runs under callgrind with few calls and with many; the difference is divided by the calls between. The
//! request is built by each; what that takes is measured too, and subtracted. Needs valgrind.

use std::collections::VecDeque;
use std::hint::black_box;
use std::process::Command;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::{on, reply, user};
use mock_core::{Message, MockProvider, ProviderError, Request, Response, StreamEvent};

const FEW: usize = 100;
const MANY: usize = 900;

/// How many chunks are in a stream. There are fewer streams than calls by as much.
const CHUNKS: usize = 100;

type Subject = (&'static str, fn(usize));

const SUBJECTS: &[Subject] = &[
    ("request", |calls| {
        for _ in 0..calls {
            black_box(request());
        }
    }),
    ("by hand, scripted and recording", |calls| {
        drive(leak(Hand::new(calls)), calls);
    }),
    ("by hand, behind Arc<dyn Llm>", |calls| {
        let llm: Arc<dyn Llm> = Arc::new(Hand::new(calls));
        drive(&*llm, calls);
        std::mem::forget(llm);
    }),
    ("MockProvider, direct", |calls| {
        let mock = leak(script());
        for _ in 0..calls {
            let answer = mock.answer(request()).now_or_never();
            black_box(answer.expect("it takes no time").expect("it is scripted"));
        }
    }),
    ("MockProvider, through an adapter", |calls| {
        drive(leak(Adapter(script())), calls);
    }),
    ("MockProvider, with a matcher", |calls| {
        let turn = on(user("weather in {city}")).reply("It is fine.").forever();
        drive(leak(Adapter(MockProvider::script([turn]))), calls);
    }),
    ("MockProvider, of 10,000 turns", |calls| {
        let mock = MockProvider::script((0..10_000).map(|_| reply("It is fine.").times(0..=1)));
        drive(leak(Adapter(mock)), calls);
    }),
    ("chunk, boxed stream::iter", |calls| {
        let chunks = vec!["chunk".to_owned(); CHUNKS];
        for _ in 0..calls {
            let events = chunks.clone().into_iter().map(StreamEvent::Text);
            listen(stream::iter(events.map(Ok)).boxed());
        }
    }),
    ("chunk, MockProvider", |calls| {
        let turn = mock_core::builder::stream(vec!["chunk"; CHUNKS]).forever();
        let mock = leak(MockProvider::script([turn]));
        for _ in 0..calls {
            let stream = mock.answer_stream(request()).now_or_never();
            listen(
                stream
                    .expect("it takes no time")
                    .expect("it is scripted")
                    .boxed(),
            );
        }
    }),
];

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

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, request: Request) -> Result<Response, ProviderError>;
}

struct Adapter(MockProvider);

#[async_trait]
impl Llm for Adapter {
    async fn complete(&self, request: Request) -> Result<Response, ProviderError> {
        self.0.answer(request).await
    }
}

/// What people write: a queue of answers and a list of requests.
struct Hand {
    script: Mutex<VecDeque<Result<String, ProviderError>>>,
    requests: Mutex<Vec<Request>>,
}

impl Hand {
    fn new(calls: usize) -> Self {
        let script = (0..calls).map(|_| Ok("It is fine.".to_owned()));
        Hand {
            script: Mutex::new(script.collect()),
            requests: Mutex::default(),
        }
    }
}

#[async_trait]
impl Llm for Hand {
    async fn complete(&self, request: Request) -> Result<Response, ProviderError> {
        let model = request.model.clone();
        self.requests
            .lock()
            .expect("no panic")
            .push(request.clone());
        let text = self.script.lock().expect("no panic").pop_front();
        let mut response = Response::new("response", model);
        response.message = Message::assistant(text.expect("the script is long enough")?);
        Ok(response)
    }
}

fn drive(llm: &dyn Llm, calls: usize) {
    for _ in 0..calls {
        let answer = llm.complete(request()).now_or_never();
        black_box(answer.expect("it takes no time").expect("it is scripted"));
    }
}

fn listen(mut stream: BoxStream<'static, Result<StreamEvent, ProviderError>>) {
    while let Some(Some(event)) = stream.next().now_or_never() {
        let _ = black_box(event);
    }
}

fn main() {
    if let Ok(run) = std::env::var("MOCK_CORE_BENCH") {
        let (subject, calls) = run
            .split_once(' ')
            .expect("a subject and a number of calls");
        let subject: usize = subject.parse().expect("the index of a subject");
        let (name, run) = SUBJECTS[subject];
        let calls: usize = calls.parse().expect("a number of calls");
        run(match name.starts_with("chunk") {
            true => calls / CHUNKS,
            false => calls,
        });
        return;
    }
    let costs: Vec<_> = (0..SUBJECTS.len()).map(cost).collect();
    let of = |name: &str| {
        let index = SUBJECTS.iter().position(|(subject, _)| *subject == name);
        costs[index.expect("a subject of this name")]
    };
    println!(
        "{:<38}{:>14}{:>10}",
        "instructions a call, or a chunk", "above request", "ratio"
    );
    for ((name, _), cost) in SUBJECTS.iter().zip(&costs) {
        let (above, base) = match *name {
            "request" => (*cost, *cost),
            name if name.starts_with("chunk") => (*cost, of("chunk, boxed stream::iter")),
            _ => (
                cost - of("request"),
                of("by hand, scripted and recording") - of("request"),
            ),
        };
        println!("{name:<38}{above:>14.0}{:>10.2}", above / base);
    }
    let (direct, adapter) = (
        of("MockProvider, direct"),
        of("MockProvider, through an adapter"),
    );
    let above = |cost: f64| cost - of("request");
    println!(
        "an adapter against the mock itself: {:.2}",
        above(adapter) / above(direct)
    );
}

/// The instructions of one call of a subject.
fn cost(subject: usize) -> f64 {
    let count = |calls: usize| {
        let program = std::env::current_exe().expect("the benchmark has a path");
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(program)
            .env("MOCK_CORE_BENCH", format!("{subject} {calls}"))
            .output()
            .expect("valgrind is installed");
        let log = String::from_utf8_lossy(&output.stderr);
        let total = log
            .lines()
            .find_map(|line| line.split("Collected :").nth(1));
        let total = total.unwrap_or_else(|| panic!("callgrind collects nothing:\n{log}"));
        total
            .trim()
            .parse::<f64>()
            .expect("callgrind prints a number")
    };
    (count(MANY) - count(FEW)) / (MANY - FEW) as f64
}
