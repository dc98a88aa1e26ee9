//! Mocks with lanes and with instances: what a call costs, and how much memory an instance takes.

use std::hint::black_box;
use std::process::Command;

use futures::FutureExt as _;
use mock_core::builder::{Per, lane, lanes as lanes_of, reply, script, system};
use mock_core::scenario::Scenario;
use mock_core::{Message, MockProvider, Request};

use crate::{Adapter, HAND, Llm as _, Subject, Unit, leak, subject};

pub(crate) const SUBJECTS: &[Subject] = &[
    subject("  1 instance per model", HAND, Unit::Call, |calls| {
        run(one_script().per(Per::Model), 1, calls);
    }),
    subject("  100 instances per model", HAND, Unit::Call, |calls| {
        run(one_script().per(Per::Model), 100, calls);
    }),
    subject("  10,000 instances per model", HAND, Unit::Call, |calls| {
        run(one_script().per(Per::Model), 10_000, calls);
    }),
    subject("  1 instance per conversation", HAND, Unit::Call, |calls| {
        run(one_script().per(Per::Conversation), 1, calls);
    }),
    subject(
        "  100 instances per conversation",
        HAND,
        Unit::Call,
        |calls| {
            run(one_script().per(Per::Conversation), 100, calls);
        },
    ),
    subject(
        "  10,000 instances per conversation",
        HAND,
        Unit::Call,
        |calls| {
            run(one_script().per(Per::Conversation), 10_000, calls);
        },
    ),
    subject("  lanes, 1 instance per model", HAND, Unit::Call, |calls| {
        run(lanes().per(Per::Model), 1, calls);
    }),
    subject(
        "  lanes, 100 instances per model",
        HAND,
        Unit::Call,
        |calls| {
            run(lanes().per(Per::Model), 100, calls);
        },
    ),
    subject(
        "  lanes, 10,000 instances per model",
        HAND,
        Unit::Call,
        |calls| {
            run(lanes().per(Per::Model), 10_000, calls);
        },
    ),
];

fn one_script() -> Scenario {
    script([reply("It is fine.").forever()])
}

pub(crate) fn lanes() -> Scenario {
    let turns = || [reply("It is fine.").forever()];
    lanes_of([lane(system("You plan"), turns()), lane([], turns())])
}

fn request(instance: usize) -> Request {
    let request = Request::new(format!("model-{instance}"));
    let request = request.system("You are a helpful assistant.");
    request.user(format!("What is the weather in city {instance}?"))
}

/// Calls of a mock with so many instances, which go on in turn. Each conversation has one more message of each side than it began with.
fn run(scenario: Scenario, instances: usize, calls: usize) {
    let mock = leak(Adapter(MockProvider::new(scenario)));
    let mut requests: Vec<_> = (0..instances).map(request).collect();
    for request in &mut requests {
        let answer = mock.complete(request).now_or_never();
        let answer = answer.expect("it takes no time").expect("it is scripted");
        request.messages.push(answer.message);
        request.messages.push(Message::user("And tomorrow?"));
    }
    for call in 0..calls {
        let request = &requests[call % instances];
        let answer = mock.complete(request).now_or_never();
        black_box(answer.expect("it takes no time").expect("it is scripted"));
    }
}

/// How many instances begin to measure what each takes.
const BEGUN: usize = 50_000;

/// Prints how much memory an instance takes, with the table of instances and their keys, beside the record of its calls.
pub(crate) fn print_memory() {
    for (per, what) in [("model", "model"), ("conversation", "conversation")] {
        let begun = in_a_process(&format!("{per} {BEGUN}"));
        let one = in_a_process(&format!("none {BEGUN}"));
        println!(
            "an instance per {what} takes {:.0} bytes of memory",
            (begun - one) / BEGUN as f64
        );
    }
}

fn in_a_process(run: &str) -> f64 {
    let exe = std::env::current_exe().expect("this program");
    let child = Command::new(exe)
        .env("MOCK_CORE_BENCH_MEMORY", run)
        .output();
    let bytes = child.expect("it starts").stdout;
    let bytes = String::from_utf8_lossy(&bytes);
    bytes.trim().parse().expect("a number of bytes")
}

/// By how many bytes this process grows by calls, each of another model and another conversation.
pub(crate) fn memory_of(run: &str) -> f64 {
    let (per, calls) = run.split_once(' ').expect("a key and a number");
    let calls: usize = calls.parse().expect("a number");
    let scenario = match per {
        "model" => one_script().per(Per::Model),
        "conversation" => one_script().per(Per::Conversation),
        _ => one_script(),
    };
    let mock = MockProvider::new(scenario);
    let before = resident();
    for instance in 0..calls {
        let answer = mock.answer(request(instance)).now_or_never();
        black_box(answer.expect("it takes no time").expect("it is scripted"));
    }
    let grown = resident() - before;
    std::mem::forget(mock);
    grown
}

/// The memory of this process, as Linux counts it.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    let kilobytes: f64 = kilobytes.and_then(|kb| kb.parse().ok()).expect("a number");
    kilobytes * 1024.0
}
