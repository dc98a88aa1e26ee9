//! S35: keep-alives, which tell a client that waits that its stream is not dead.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use mock_core::builder::*;
use mock_core::scenario::{After, Turn};
use mock_core::{MockProvider, MockServer, Outcome, TestClock, provider_test};
use tests::this_binary;
use tokio::time::Instant;

use crate::raw_client::{CHAT, Client, chat, drain, streamed};
use crate::stream_helpers::*;

/// The keep-alive of each wire.
const SIGNS: [&str; 3] = [
    ": keep-alive\n\n",
    "event: ping\ndata: {\"type\":\"ping\"}\n\n",
    ": keep-alive\n\n",
];

/// How many signs there are; a ping that the provider sends anyway comes after the first block begins.
fn signs(text: &str, sign: &str) -> usize {
    count(text, sign) - count(text, "content_block_start").min(1)
}

#[provider_test]
async fn s35_a_sign_of_life_comes_each_time_nothing_has_come_for_so_long(clock: TestClock) {
    let slow = || reply("Hi.").keepalive(secs(10)).times(3);
    let scenario = |turn: Turn| script([turn]);
    for (scenario, how, signs_in, took) in [
        (scenario(slow()), "end", 0, 0),
        (scenario(slow().ttft(secs(35))), "end", 3, 35),
        (scenario(slow().ttft(secs(30))), "end", 2, 30),
        (scenario(slow()).latency(secs(25)), "end", 2, 25),
        (
            scenario(slow().ttft(secs(10))).latency(secs(25)),
            "end",
            3,
            35,
        ),
        (scenario(slow().stall_after(1)), "silence", 5, 55),
        (scenario(slow().stall_after(After::Done)), "silence", 5, 55),
        (
            scenario(hang().keepalive(secs(10)).times(3)),
            "silence",
            5,
            55,
        ),
        (
            scenario(hang().end_after(secs(25)).keepalive(secs(10)).times(3)),
            "end",
            2,
            25,
        ),
        (
            scenario(
                reply("a")
                    .pause(secs(25))
                    .reply("b")
                    .keepalive(secs(10))
                    .times(3),
            ),
            "end",
            2,
            25,
        ),
        (
            scenario(
                reply("a")
                    .pause(secs(22))
                    .reply("b")
                    .keepalive(secs(10))
                    .stall_after(After::Done)
                    .times(3),
            ),
            "silence",
            5,
            55,
        ),
        (
            scenario(gate("closed").reply("Hi.").keepalive(secs(10)).times(3)),
            "silence",
            5,
            55,
        ),
        (
            scenario(driven("live").keepalive(secs(10)).times(3)),
            "silence",
            5,
            55,
        ),
        (
            scenario(
                stream(["a", "b", "c"])
                    .every(secs(9))
                    .keepalive(secs(10))
                    .times(3),
            ),
            "end",
            0,
            18,
        ),
        (
            scenario(
                stream(["a", "b", "c"])
                    .every(secs(15))
                    .keepalive(secs(10))
                    .times(3),
            ),
            "end",
            2,
            30,
        ),
    ] {
        let what = format!("{scenario:?}");
        let server = serve(scenario);
        for ((path, request), sign) in all_wires("a").into_iter().zip(SIGNS) {
            let start = clock.elapsed();
            let mut body = stream_of(&server, path, request).await;
            let mut text = String::new();
            let until = Instant::now() + secs(55) - (clock.elapsed() - start);
            let ended_by = loop {
                match tokio::time::timeout_at(until, body.frame()).await {
                    Err(_) => break "silence",
                    Ok(None) => break "end",
                    Ok(Some(frame)) => {
                        let bytes = frame.expect("no cut").into_data().expect("data");
                        text += std::str::from_utf8(&bytes).expect("it is text");
                    }
                }
            };
            assert_eq!(ended_by, how, "{what}: {text}");
            assert_eq!(signs(&text, sign), signs_in, "{what}: {text}");
            let exchanges = server.exchanges();
            let last = exchanges.last().expect("it came");
            assert_eq!(last.keepalives(), signs_in, "{what}");
            assert_eq!(clock.elapsed() - start, secs(took), "{what}");
        }
    }
}

#[provider_test]
async fn s35_the_head_comes_with_the_first_sign_where_the_latency_is_longer() {
    let slow = reply("Hi.").keepalive(secs(10)).times(0..);
    let server = serve(script([slow]).latency(secs(25)));
    for (request, head) in [(streamed(chat("a")), 10), (chat("a"), 25)] {
        let start = Instant::now();
        let mut client = Client::new(&server).await;
        let reply = client.send("POST", CHAT, request.to_string()).await;
        assert_eq!(start.elapsed(), secs(head));
        let (text, _) = drain(reply.expect("a head").into_body()).await;
        assert_eq!(start.elapsed(), secs(25));
        assert!(text.contains("Hi."), "{text}");
        assert_eq!(count(&text, ": keep-alive"), if head == 10 { 2 } else { 0 });
    }
}

#[provider_test]
async fn s35_a_failure_after_the_first_keepalive_is_an_error_within_the_stream() {
    let failing = || {
        gate("door").respond_with(|_| {
            Err::<mock_core::Response, _>(mock_core::ProviderError::new(
                mock_core::ErrorKind::Overloaded,
            ))
        })
    };
    let server = serve(script([failing().keepalive(secs(10)).times(3)]));
    for (path, request) in all_wires("a") {
        server.gate("door").close();
        let body = stream_of(&server, path, request).await;
        server.gate("door").open();
        let (text, how) = read_for(body, DAY).await;
        assert_eq!(how, "end");
        assert!(text.contains("\"error\""), "{text}");
    }
    assert!(matches!(
        server.calls()[1].outcome(),
        Some(Outcome::Failed(_))
    ));
}

#[provider_test]
async fn s35_the_text_of_a_sign_can_be_given() {
    let busy = || reply("Hi.").ttft(secs(12));
    let server = serve(script([
        busy().keepalive_with(secs(5), ": OPENROUTER PROCESSING"),
        busy().keepalive_with(secs(5), ": a\n: b\n"),
    ]));
    for sign in [": OPENROUTER PROCESSING\n\n", ": a\n: b\n\n"] {
        let body = stream_of(&server, CHAT, chat("a")).await;
        let (text, _) = read_for(body, DAY).await;
        assert!(text.starts_with(&sign.repeat(2)), "{text}");
        assert_eq!(count(&text, sign), 2);
    }
}

#[provider_test]
async fn s35_in_process_and_in_an_answer_that_is_not_streamed_it_is_silence() {
    use futures::StreamExt as _;

    let slow = reply("Hi.").ttft(secs(35)).keepalive(secs(10)).times(0..);
    let llm = MockProvider::script([slow]);
    let start = Instant::now();
    let request = || mock_core::Request::new("gpt-4o").user("a");
    let events = llm.answer_stream(request()).await.expect("a stream");
    assert_eq!(events.count().await, 2, "the text and the finish");
    assert_eq!(start.elapsed(), secs(35));
    let server = MockServer::new(llm);
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert!(reply.text.starts_with('{'), "{}", reply.text);
}

/// Reads a stream until nothing that counts has come for 30 s, or until it ends: when that is.
async fn watchdog(mut body: Incoming, counts: fn(&str) -> bool) -> Duration {
    let start = Instant::now();
    let mut last = start;
    loop {
        match tokio::time::timeout_at(last + secs(30), body.frame()).await {
            Ok(Some(Ok(frame))) => {
                let bytes = frame.into_data().expect("no trailers");
                if counts(std::str::from_utf8(&bytes).expect("it is text")) {
                    last = Instant::now();
                }
            }
            _ => return start.elapsed(),
        }
    }
}

#[provider_test]
async fn s35_a_watchdog_that_counts_bytes_waits_and_one_that_counts_content_gives_up() {
    let slow = stream(["Hel", "lo"])
        .every(secs(100))
        .keepalive(secs(10))
        .times(0..);
    let server = serve(script([slow]));
    for ((path, request), sign) in
        all_wires("a")
            .into_iter()
            .zip([": keep-alive", "ping", ": keep-alive"])
    {
        let body = stream_of(&server, path, request.clone()).await;
        let by_bytes = watchdog(body, |_| true).await;
        assert_eq!(by_bytes, secs(100), "{sign}: it sees the whole answer");
        let body = stream_of(&server, path, request).await;
        let by_content = watchdog(body, |text| text.contains("Hel") || text.contains("lo")).await;
        assert_eq!(by_content, secs(30), "{sign}: it gives up");
    }
}

#[provider_test]
#[ignore = "run by the test below"]
async fn is_kept_alive_for_ever() {
    let server = serve(script([reply("Hi.")
        .stall_after(After::Done)
        .keepalive(secs(50))]));
    let body = stream_of(&server, CHAT, chat("a")).await;
    drain(body).await;
}

/// Tests whose client counts bytes: they are run by the test below.
mod counts_bytes {
    use super::*;

    async fn until_nothing_comes_for(turn: Turn, longest: Duration) {
        let server = serve(script([turn]));
        let body = stream_of(&server, CHAT, chat("a")).await;
        assert_eq!(read_for(body, longest).await.1, "silence");
    }

    macro_rules! tests {
        ($($name:ident: $turn:expr, $longest:expr;)*) => {
            $(
                #[provider_test]
                #[ignore = "run by the test below"]
                async fn $name() {
                    until_nothing_comes_for($turn.keepalive(secs(60)), $longest).await;
                }
            )*
        };
    }

    tests! {
        late_after_content: reply("a b").stall_after(1), secs(61);
        late_before_content: reply("a b").ttft(2 * DAY), secs(61);
        late_after_all: reply("a b").stall_after(After::Done), secs(360);
        late_in_a_hang: hang(), secs(61);
        soon_after_content: reply("a b").stall_after(1), secs(59);
        soon_in_a_hang: hang(), secs(59);
    }
}

#[test]
fn s35_a_client_that_gives_up_only_when_the_keepalives_end_fails_the_test() {
    let output = this_binary()
        .args(["--ignored", "keepalive::counts_bytes::"])
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    for (name, ends) in [
        ("late_after_content", "FAILED"),
        ("late_before_content", "FAILED"),
        ("late_after_all", "FAILED"),
        ("late_in_a_hang", "FAILED"),
        ("soon_after_content", "ok"),
        ("soon_in_a_hang", "ok"),
    ] {
        let line = format!("{name} ... {ends}");
        assert!(printed.contains(&line), "{line}: {printed}");
    }
    let words: Vec<_> = printed.split_whitespace().collect();
    assert_eq!(count(&words.join(" "), "only keep-alives"), 4, "{printed}");
}

#[test]
fn s35_a_test_that_is_kept_alive_for_a_day_ends_as_by_its_guard() {
    let output = this_binary()
        .args(["--exact", "--ignored", "keepalive::is_kept_alive_for_ever"])
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success(), "{printed}");
    let words: Vec<_> = printed.split_whitespace().collect();
    let printed = words.join(" ");
    for part in [
        "for 24 h of its clock, only keep-alives came",
        "call 1 of `mock` waits: `.stall_after(done)`",
        "keepalive(50s)",
        "stalls after its end",
        "still going on, 1727 keep-alives",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}
