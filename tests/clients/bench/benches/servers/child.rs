//! What is measured in a process of its own, in which no server was before.

use std::net::TcpStream;
use std::process::Command;
use std::time::Instant;

use crate::client::{self, CHAT, Load};
use crate::servers::{self, Kind, Server};
use crate::{BODY, TURNS};

/// How many servers are started one after another.
pub(crate) const SERVERS: usize = 100;

/// How many servers there are at the same time; httpmock lets no more than 25 be.
pub(crate) const AT_ONCE: usize = 20;

/// How many requests are recorded for the memory that each takes.
const RECORDED: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    /// Bytes for each request that is recorded.
    Memory,
    /// Microseconds for each of the servers that are started and dropped one after another.
    InTurn,
    /// Microseconds for each of the servers that are all started, and then all dropped.
    AtOnce,
    /// How many of those still listen afterwards.
    Ports,
}

impl Child {
    pub(crate) const ALL: [Child; 4] = [Child::Memory, Child::InTurn, Child::AtOnce, Child::Ports];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Child::ALL.into_iter().find(|child| child.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Child::Memory => "memory",
            Child::InTurn => "in-turn",
            Child::AtOnce => "at-once",
            Child::Ports => "ports",
        }
    }

    /// How often it is measured: not again where it comes out the same.
    pub(crate) fn turns(self) -> usize {
        match self {
            Child::Memory | Child::Ports => 1,
            Child::InTurn | Child::AtOnce => TURNS,
        }
    }

    /// Starts the process, and reads what it measured.
    pub(crate) fn spawn(self, kind: Kind) -> f64 {
        let exe = std::env::current_exe().expect("this program");
        let mut child = Command::new(exe);
        let output = child.args([self.name(), kind.name()]).output();
        let output = output.expect("it starts");
        let number = String::from_utf8_lossy(&output.stdout);
        number.trim().parse().expect("a number")
    }

    /// Measures, in this process.
    pub(crate) fn measure(self, kind: Kind) -> f64 {
        let request = CHAT.request(BODY, false);
        match self {
            Child::Memory => memory(kind, request),
            Child::InTurn => in_turn(kind, &servers::answer(&request)),
            Child::AtOnce => at_once(kind, &servers::answer(&request)).0,
            Child::Ports => at_once(kind, &servers::answer(&request)).1 as f64,
        }
    }
}

/// The slope of the process's memory.
fn memory(kind: Kind, request: Vec<u8>) -> f64 {
    let server = Server::new(kind, &servers::answer(&request));
    let load = Load::new(request, 4, RECORDED);
    load.run(server.address());
    let before = resident();
    load.run(server.address());
    load.run(server.address());
    let grown = resident() - before;
    let recorded = server.recorded().unwrap_or(usize::MAX);
    assert!(recorded >= 3 * RECORDED, "{} records", kind.name());
    grown / (2 * RECORDED) as f64
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    let kilobytes: f64 = kilobytes.and_then(|kb| kb.parse().ok()).expect("a number");
    kilobytes * 1024.0
}

fn in_turn(kind: Kind, answer: &[u8]) -> f64 {
    client::runtime().block_on(async {
        let start = Instant::now();
        for _ in 0..SERVERS {
            let server = Server::here(kind, answer).await;
            tokio::task::yield_now().await;
            drop(server);
            tokio::task::yield_now().await;
        }
        start.elapsed().as_secs_f64() * 1e6 / SERVERS as f64
    })
}

fn at_once(kind: Kind, answer: &[u8]) -> (f64, usize) {
    client::runtime().block_on(async {
        let start = Instant::now();
        let mut servers = Vec::with_capacity(AT_ONCE);
        for _ in 0..AT_ONCE {
            servers.push(Server::here(kind, answer).await);
        }
        tokio::task::yield_now().await;
        let addresses: Vec<_> = servers.iter().map(Server::address).collect();
        drop(servers);
        tokio::task::yield_now().await;
        let took = start.elapsed().as_secs_f64() * 1e6 / AT_ONCE as f64;
        let listens = |address: &&_| TcpStream::connect(*address).is_ok();
        (took, addresses.iter().filter(listens).count())
    })
}
