//! What a [`MockServer`](mock_core::MockServer) costs, next to a bare hyper server that answers the same bytes.
//!
//! ```text
//! cargo bench -p mock-core --features server --bench server
//! ```
//!
//! Both are served by a thread of their own and asked by the same client, in turns, so that what else the machine does
//! weighs on both; a ratio is the median of the turns' ratios. Memory is that of a process of its own, as Linux counts it.

mod client;
mod hyper_server;

use std::any::Any;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use mock_core::builder::{reply, stream};
use mock_core::{MockProvider, MockServer};

use client::{Api, CHAT, Load};
use hyper_server::HyperServer;

/// How often each measurement is taken.
const TURNS: usize = 11;

/// How many requests are in a turn.
const REQUESTS: usize = 8_000;

/// How many events are in a streamed answer.
const EVENTS: usize = 10_000;

/// How many servers are started one after another.
const SERVERS: usize = 200;

/// How many requests are recorded for the memory that each takes.
const RECORDED: usize = 20_000;

/// How long the body of a request is, in bytes.
const BODY: usize = 600;

const RESPONSES: Api = Api {
    path: "/v1/responses",
    around: (r#""input":""#, r#"""#),
};

fn main() {
    if let Some(name) = std::env::var_os("MOCK_CORE_BENCH_MEMORY") {
        let api = if name == RESPONSES.path {
            RESPONSES
        } else {
            CHAT
        };
        println!("{}", memory_of_a_request(&api));
        return;
    }
    println!("{:<44}{:>12}{:>12}{:>8}", "", "hyper", "mock", "ratio");
    for api in [&CHAT, &RESPONSES] {
        for connections in [1, 32] {
            requests(api, connections);
        }
        events(api);
    }
    servers();
    memory(&CHAT);
    memory(&RESPONSES);
    crates();
}

fn script() -> MockProvider {
    MockProvider::script([reply("It is fine.").forever()])
}

/// A script that nobody need call.
fn unused() -> MockProvider {
    MockProvider::script([reply("It is fine.").times(0..)])
}

fn streaming() -> MockProvider {
    MockProvider::script([stream(vec!["chunk"; EVENTS]).forever()])
}

fn requests(api: &Api, connections: usize) {
    let load = Load::new(api.request(BODY, false), connections, REQUESTS);
    let answer = client::once(MockServer::new(script()).addr(), &load.request);
    let mock = MockServer::new(script());
    let hyper = HyperServer::new(vec![answer], "application/json");
    let of_connections = |what| format!("{}, {what}, {connections} connections", api.path);
    let turns = turns(|| load.run(hyper.address()), || load.run(mock.addr()));
    let per_second = of_connections("requests per second");
    print(&per_second, &turns, client::Run::per_second);
    let micros = |run: &client::Run| run.percentile(99).as_secs_f64() * 1e6;
    print(&of_connections("99th percentile, µs"), &turns, micros);
    let micros = |run: &client::Run| run.percentile(50).as_secs_f64() * 1e6;
    print(&of_connections("median, µs"), &turns, micros);
    assert!(mock.calls().len() >= TURNS * REQUESTS, "recording is on");
}

fn events(api: &Api) {
    let load = Load::new(api.request(BODY, true), 1, 4);
    let answer = client::once(MockServer::new(streaming()).addr(), &load.request);
    let answer = String::from_utf8(answer).expect("it is text");
    let frames = answer.split_inclusive("\n\n");
    let frames: Vec<Vec<u8>> = frames.map(|frame| frame.as_bytes().to_vec()).collect();
    assert!(frames.len() > EVENTS, "an event for each chunk");
    let mock = MockServer::new(streaming());
    let hyper = HyperServer::new(frames, "text/event-stream");
    let turns = turns(|| load.run(hyper.address()), || load.run(mock.addr()));
    let micros = |run: &client::Run| run.took.as_secs_f64() * 1e6 / (4 * EVENTS) as f64;
    print(
        &format!("{}, an event of 10,000, µs", api.path),
        &turns,
        micros,
    );
}

fn servers() {
    let request = CHAT.request(BODY, false);
    let answer = client::once(MockServer::new(script()).addr(), &request);
    let runtime = client::runtime();
    let _context = runtime.enter();
    let took = |start_one: &dyn Fn() -> Box<dyn Any>| {
        let start = Instant::now();
        runtime.block_on(async {
            for _ in 0..SERVERS {
                let server = start_one();
                tokio::task::yield_now().await;
                drop(server);
                tokio::task::yield_now().await;
            }
        });
        start.elapsed()
    };
    let turns = turns(
        || took(&|| Box::new(HyperServer::here(vec![answer.clone()], "application/json"))),
        || took(&|| Box::new(MockServer::new(unused()))),
    );
    let micros = |took: &Duration| took.as_secs_f64() * 1e6 / SERVERS as f64;
    print("a server started and dropped, µs", &turns, micros);
}

/// Takes each measurement in turns.
fn turns<T>(hyper: impl Fn() -> T, mock: impl Fn() -> T) -> Vec<(T, T)> {
    // The first of each is not measured.
    drop((hyper(), mock()));
    (0..TURNS).map(|_| (hyper(), mock())).collect()
}

fn print<T>(what: &str, turns: &[(T, T)], figure: impl Fn(&T) -> f64) {
    let median = |of: &dyn Fn(&(T, T)) -> f64| {
        let mut figures: Vec<f64> = turns.iter().map(of).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    let hyper = median(&|turn| figure(&turn.0));
    let mock = median(&|turn| figure(&turn.1));
    let ratio = median(&|turn| figure(&turn.1) / figure(&turn.0));
    println!("{what:<44}{hyper:>12.1}{mock:>12.1}{ratio:>8.2}");
}

fn memory(api: &Api) {
    let exe = std::env::current_exe().expect("this program");
    let child = Command::new(exe)
        .env("MOCK_CORE_BENCH_MEMORY", api.path)
        .output()
        .expect("it starts");
    let bytes = String::from_utf8_lossy(&child.stdout);
    let bytes: f64 = bytes.trim().parse().expect("a number of bytes");
    let sent = api.request(BODY, false).len() as f64;
    println!(
        "{}: a request of {sent} bytes takes {bytes:.0} bytes of memory when it is recorded: {:.2}",
        api.path,
        bytes / sent
    );
}

/// How many crates a program pulls in with the feature `server`.
fn crates() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--package",
            "mock-core",
            "--features",
            "server",
        ])
        .args(["--edges", "normal", "--prefix", "none", "--no-dedupe"])
        .output()
        .expect("cargo is there");
    let tree = String::from_utf8_lossy(&tree.stdout);
    let crates: BTreeSet<_> = tree.lines().filter(|line| !line.is_empty()).collect();
    println!("crates with the feature `server`: {}", crates.len());
    assert!((1..80).contains(&crates.len()), "{tree}");
}

/// The slope of the process's memory, in bytes for each request.
fn memory_of_a_request(api: &Api) -> f64 {
    let mock = MockServer::new(script());
    let load = Load::new(api.request(BODY, false), 4, RECORDED);
    load.run(mock.addr());
    let before = resident();
    load.run(mock.addr());
    load.run(mock.addr());
    let grown = resident() - before;
    assert_eq!(mock.calls().len(), 3 * RECORDED, "all are recorded");
    grown / (2 * RECORDED) as f64
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    let kilobytes: f64 = kilobytes.and_then(|kb| kb.parse().ok()).expect("a number");
    kilobytes * 1024.0
}
