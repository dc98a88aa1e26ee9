//! What a run of a sweep and a run with a seed cost, with the agent of the examples.
//!
//! ```text
//! cargo bench -p tests --bench cost_of_a_run
//! ```
//!
//! A thousand seeds are to take less than a second.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use agent::{Agent, Progress, WeatherTool};
use examples::MockLlm;
use mock_core::{ErrorKind, mock_provider};
use tests::private::{
    Chaos, ChaosFault, Seeds, Sweep, SweepFault, Test, TestSpec, run, run_seeds, run_sweep,
};
use tokio::time::timeout;

mock_provider!(
    Weather = openai("gpt-4o"),
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}")).call(get_weather { city: "{city}" }),
        on(tool_result(get_weather)).reply("It is {get_weather.temp} °C in {city}."),
    ],
);

static RUNS: AtomicUsize = AtomicUsize::new(0);

fn body(test: &mut Test) {
    RUNS.fetch_add(1, Ordering::Relaxed);
    let llm = test.inject_declared::<Weather, MockLlm>("llm");
    test.drive(pin!(async {
        let agent = Agent::new(llm).tool(WeatherTool);
        let mut ignore = |_: Progress<'_>| {};
        let answer = agent.ask_streaming("What is the weather in Paris?", &mut ignore);
        let answer = timeout(Duration::from_secs(120), answer).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let answer = answer.map_err(|error| error.to_string())?;
        assert_eq!(answer.text, "It is 18 °C in Paris.");
        Ok::<_, String>(())
    }));
}

const SPEC: TestSpec = TestSpec {
    body,
    ..TestSpec::EMPTY
};

const CHAOS: &[Chaos] = &[
    Chaos {
        fault: ChaosFault::Fail(ErrorKind::RateLimit),
        probability: 0.1,
    },
    Chaos {
        fault: ChaosFault::Cut,
        probability: 0.05,
    },
];

fn main() {
    measure("one by one", || (0..1_000).for_each(|_| run(&SPEC)));
    let seeds = |chaos| Seeds {
        first: 0,
        last: 999,
        chaos,
    };
    measure("seeds", || run_seeds(&SPEC, seeds(&[])));
    measure("seeds with chaos", || run_seeds(&SPEC, seeds(CHAOS)));
    let sweep = Sweep {
        faults: SweepFault::ALL,
        runs: None,
    };
    measure("a sweep", || run_sweep(&SPEC, sweep));
}

fn measure(what: &str, work: impl Fn()) {
    const ROUNDS: usize = 5;
    work();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        RUNS.store(0, Ordering::Relaxed);
        let start = Instant::now();
        work();
        times.push(start.elapsed());
    }
    times.sort();
    let (median, runs) = (times[ROUNDS / 2], RUNS.load(Ordering::Relaxed));
    let each = median.as_secs_f64() * 1e6 / runs as f64;
    println!("{what}: {runs} runs in {median:.0?}, {each:.1} µs each");
}
