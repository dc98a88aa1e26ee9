//! What a test on the paused clock costs that does nothing but sleep, next to plain tokio.
//!
//! ```text
//! cargo bench -p mock-core --bench paused_clock
//! cargo bench -p mock-core --bench paused_clock --features server    # with the I/O of tokio
//! cargo bench -p mock-core --bench paused_clock --features server --profile dev
//! ```
//!
//! Both run the same 10,000 sleeps, in turns; the ratio is that of the medians. It is to be 2 at most: before the clock jumps, the
//! harness looks whether the test waits for the I/O of others.

use std::pin::pin;
use std::time::{Duration, Instant};

use mock_core::__private_0_1_0::{TestSpec, run};

const SLEEPS: usize = 10_000;
const ROUNDS: usize = 31;

/// Tokio comes to a timer far away in several steps.
const LENGTHS: [Duration; 2] = [Duration::from_millis(1), Duration::from_secs(10)];

static OURS: [TestSpec; 2] = [
    TestSpec {
        body: |test| test.drive(pin!(sleeps(LENGTHS[0]))),
        ..TestSpec::EMPTY
    },
    TestSpec {
        body: |test| test.drive(pin!(sleeps(LENGTHS[1]))),
        ..TestSpec::EMPTY
    },
];

fn main() {
    for (length, spec) in LENGTHS.iter().zip(&OURS) {
        let rounds = (0..ROUNDS).map(|_| [took(|| run(spec)), took(|| plain_tokio(*length))]);
        let rounds: Vec<_> = rounds.collect();
        let [ours, plain] = [0, 1].map(|which| {
            let median = median(rounds.iter().map(|round| round[which]).collect());
            median.as_secs_f64() * 1e6 / SLEEPS as f64
        });
        println!(
            "a sleep of {length:?}: {ours:.2} µs, in plain tokio {plain:.2} µs, ratio {:.2}",
            ours / plain
        );
    }
}

async fn sleeps(length: Duration) {
    for _ in 0..SLEEPS {
        tokio::time::sleep(length).await;
    }
}

/// As `#[tokio::test(start_paused = true)]` does.
fn plain_tokio(length: Duration) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(sleeps(length));
}

fn took(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
