//! What it takes to read and to replay a long cassette: `cargo bench -p mock-core --features cassette --bench cassettes`.
//!
//! Each number of exchanges is measured in a process of its own: the time, and the memory that was needed at most (`VmHWM` of
//! `/proc/self/status`, so 0 where there is no such file). Each exchange is a stream of 20 frames, and its request is like no other. The cost
//! of one exchange is to be the same however many there are.

use std::env;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use mock_core::cassette::{Cassette, Interaction, RecordedFrame};
use mock_core::{MockProvider, Request};

const NUMBERS: [usize; 4] = [1_000, 5_000, 10_000, 20_000];

const FRAMES: usize = 20;

fn main() {
    let number = env::args().find_map(|argument| argument.parse().ok());
    if let Some(number) = number {
        return measure(number);
    }
    println!("exchanges    file   read  an exchange   replay  an exchange  memory at most");
    let this = env::current_exe().expect("it has a path");
    for number in NUMBERS {
        let status = Command::new(&this).arg(number.to_string()).status();
        assert!(status.expect("it runs").success());
    }
}

fn measure(number: usize) {
    let text = Cassette::new((0..number).map(exchange)).to_yaml();
    let before = most_memory();
    let began = Instant::now();
    let cassette = Cassette::parse(&text).expect("it is a cassette");
    let read = began.elapsed();
    assert_eq!(cassette.interactions().len(), number);

    let began = Instant::now();
    let mock = MockProvider::cassette(cassette);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        for index in 0..number {
            let request = Request::new("gpt-4o").user(asked(index));
            let answer = mock.answer(request).await.expect("it is recorded");
            assert_eq!(answer.text().len(), 4 * (FRAMES - 2));
        }
    });
    mock.verify().expect("all of it was asked for");
    let replayed = began.elapsed();
    let of_one = |time: Duration| time.as_secs_f64() * 1e6 / number as f64;
    println!(
        "{number:>9} {:>4} MB {:>4.2} s {:>9.1} µs  {:>5.2} s {:>10.1} µs {:>8} MB, {:.1} kB an exchange",
        text.len() / 1_000_000,
        read.as_secs_f64(),
        of_one(read),
        replayed.as_secs_f64(),
        of_one(replayed),
        most_memory() / 1_000,
        (most_memory() - before) as f64 / number as f64,
    );
}

fn asked(index: usize) -> String {
    format!("What is the weather in city {index}?")
}

fn exchange(index: usize) -> Interaction {
    let mut exchange = Interaction::new("POST", "/v1/chat/completions");
    exchange.request_body = format!(
        r#"{{"model":"gpt-4o","messages":[{{"role":"user","content":"{}"}}],"stream":true}}"#,
        asked(index)
    )
    .into_bytes();
    exchange.headers = vec![("content-type".to_owned(), "text/event-stream".to_owned())];
    for frame in 0..FRAMES {
        let text = match FRAMES - frame {
            1 => "data: [DONE]\n\n".to_owned(),
            2 => {
                r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#.to_owned()
                    + "\n\n"
            }
            _ => {
                r#"data: {"choices":[{"index":0,"delta":{"content":"rain"},"finish_reason":null}]}"#
                    .to_owned()
                    + "\n\n"
            }
        };
        let gap = Duration::ZERO;
        exchange.frames.push(RecordedFrame::new(text.len(), gap));
        exchange.body.extend_from_slice(text.as_bytes());
    }
    exchange
}

/// The most memory that this process has had, in kilobytes.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
