//! What a [`MockServer`](mock_core::MockServer) costs, next to other mock servers, and to a bare hyper server.
//!
//! ```text
//! cd tests/clients && cargo bench -p server-bench
//! ```
//!
//! All are asked by the same client, in turns, so that what else the machine does weighs on all; what is printed is the median
//! of the turns, and of each turn's ratio to hyper. CPU is what the server's threads take for a request, which tells also where
//! the client is the slower of the two. Memory and starts are those of a process of its own. It runs on Linux.
//!
//! Where the system puts the threads decides much of what one request at a time takes, and differs from run to run: on one core
//! (`taskset -c 0 cargo bench -p server-bench`) it plays no part.

mod child;
#[path = "../../../../../mock-core/benches/server/client.rs"]
mod client;
mod cpu;
#[path = "../../../../../mock-core/benches/server/hyper_server.rs"]
mod hyper_server;
mod pool;
mod servers;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use child::{AT_ONCE, Child, SERVERS};
use client::{CHAT, Load, Run};
use servers::{Kind, Server};

/// How often each measurement is taken.
const TURNS: usize = 7;

/// How many requests are in a turn.
const REQUESTS: usize = 2_048;

/// How long the body of a request is, in bytes.
const BODY: usize = 600;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let child = arguments.next().zip(arguments.next());
    match child.and_then(|(what, kind)| Some((Child::named(&what)?, Kind::named(&kind)?))) {
        Some((child, kind)) => println!("{}", child.measure(kind)),
        // Only where it is asked to: `cargo test` does not.
        None if std::env::args().any(|argument| argument == "--bench") => compare(),
        None => {}
    }
}

fn compare() {
    let request = CHAT.request(BODY, false);
    let answer = servers::answer(&request);
    println!(
        "requests of {BODY} bytes, answers of {}; medians of {TURNS} turns of {REQUESTS} requests\n",
        answer.len()
    );
    for connections in [1, 32] {
        let body = Bytes::from(CHAT.body(BODY, false));
        let pool = |address| pool::run(address, &body, connections, REQUESTS);
        requests("reqwest", connections, &answer, pool);
        let load = Load::new(request.clone(), connections, REQUESTS);
        let raw = |address| load.run(address);
        requests("raw bytes", connections, &answer, raw);
    }
    lives();
}

fn requests(client: &str, connections: usize, answer: &[u8], run: impl Fn(SocketAddr) -> Run) {
    let servers = Kind::ALL.map(|kind| Server::new(kind, answer));
    // The first of each is not measured.
    let measure = |at: usize| cpu::of_other_threads(|| run(servers[at].address()));
    let turns = &turns(1 + TURNS, measure)[1..];
    println!(
        "{:<28}{:>12}{:>10}{:>10}{:>10}{:>10}",
        format!("{client}, {connections} at once"),
        "per second",
        "of hyper",
        "p50, µs",
        "p99, µs",
        "CPU, µs"
    );
    for (at, (kind, server)) in Kind::ALL.iter().zip(&servers).enumerate() {
        let per_second = median(turns, |turn| turn[at].0.per_second());
        let of_hyper = median(turns, |turn| {
            turn[at].0.per_second() / turn[0].0.per_second()
        });
        let p50 = median(turns, |turn| micros(turn[at].0.percentile(50)));
        let p99 = median(turns, |turn| micros(turn[at].0.percentile(99)));
        let cpu = median(turns, |turn| micros(turn[at].1) / REQUESTS as f64);
        let name = kind.name();
        println!("{name:<28}{per_second:>12.0}{of_hyper:>10.2}{p50:>10.0}{p99:>10.0}{cpu:>10.1}");
        let recorded = server.recorded().unwrap_or(usize::MAX);
        assert!(recorded >= (1 + TURNS) * REQUESTS, "{name} records");
    }
    println!();
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// How long servers live, and what they keep.
fn lives() {
    println!(
        "{:<28}{:>16}{:>16}{:>16}{:>16}",
        "", "bytes/request", "in turn, µs", "at once, µs", "ports kept"
    );
    let of_child = |child: Child| turns(child.turns(), |at| child.spawn(Kind::ALL[at]));
    let children = Child::ALL.map(of_child);
    for (at, kind) in Kind::ALL.iter().enumerate() {
        print!("{:<28}", kind.name());
        for turns in &children {
            print!("{:>16.0}", median(turns, |turn| turn[at]));
        }
        println!();
    }
    println!(
        "\nbytes/request: what a recorded request of {BODY} bytes adds to the process; all keep all of them\n\
         in turn: a server started and dropped, {SERVERS} one after another\n\
         at once: a server started and dropped, {AT_ONCE} that are there at the same time, the first of their process\n\
         ports kept: how many of those {AT_ONCE} still listen when all are dropped"
    );
}

/// Takes each measurement in turns, of each server once, and never in the order of the turn before.
fn turns<T>(turns: usize, measure: impl Fn(usize) -> T) -> Vec<Vec<T>> {
    let servers = Kind::ALL.len();
    let of_turn = |turn: usize| {
        let mut measured: Vec<T> = (0..servers)
            .map(|at| measure((turn + at) % servers))
            .collect();
        measured.rotate_right(turn % servers);
        measured
    };
    (0..turns).map(of_turn).collect()
}

fn median<T>(turns: &[Vec<T>], figure: impl Fn(&[T]) -> f64) -> f64 {
    let mut figures: Vec<f64> = turns.iter().map(|turn| figure(turn)).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
