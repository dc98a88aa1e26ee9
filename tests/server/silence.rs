//! Silence that is not dead, and where a stream ends: S34 to S36 over the wire.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use mock_core::builder::*;
use mock_core::scenario::{After, Scenario, Turn};
use mock_core::{Ending, MockProvider, MockServer, Outcome, TestClock, provider_test};
use tokio::time::{Instant, timeout};

use crate::raw_client::{CHAT, Client, chat, drain, ended, pieces, streamed, wires};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario))
}

/// The path, and a request of each wire.
fn all_wires(text: &str) -> [(&'static str, serde_json::Value); 3] {
    let [openai, anthropic] = wires(text);
    let responses = serde_json::json!({ "model": "gpt-4o", "input": text });
    [openai, anthropic, ("/v1/responses", responses)]
}

/// The head of a streamed answer has come; its body has not.
async fn stream_of(server: &MockServer, path: &str, request: serde_json::Value) -> Incoming {
    let mut client = Client::new(server).await;
    let reply = client.send("POST", path, streamed(request).to_string());
    reply.await.expect("a head").into_body()
}

/// What comes of a body up to its end or to so long a silence, and which of them it was.
pub(crate) async fn read_for(mut body: Incoming, longest: Duration) -> (String, &'static str) {
    let mut text = String::new();
    loop {
        match timeout(longest, body.frame()).await {
            Err(_) => return (text, "silence"),
            Ok(None) => return (text, "end"),
            Ok(Some(Err(_))) => return (text, "cut"),
            Ok(Some(Ok(frame))) => {
                let bytes = frame.into_data().expect("no trailers");
                text += std::str::from_utf8(&bytes).expect("it is text");
            }
        }
    }
}

/// How often a text is in another.
fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[provider_test]
async fn s34_the_finish_and_the_end_mark_are_places_of_a_stream() {
    let two = || stream(["Hel", "lo"]).every(secs(1));
    for (turn, has_finish, has_mark, how, ending) in [
        (two(), true, true, "end", Ending::Completed),
        (
            two().end_after(After::All),
            false,
            false,
            "end",
            Ending::Truncated,
        ),
        (
            two().end_after(After::Finish),
            true,
            false,
            "end",
            Ending::Truncated,
        ),
        (
            two().stall_after(After::All),
            false,
            false,
            "silence",
            Ending::ClientClosed,
        ),
        (
            two().stall_after(After::Finish),
            true,
            false,
            "silence",
            Ending::ClientClosed,
        ),
        (
            two().stall_after(After::Done),
            true,
            true,
            "silence",
            Ending::ClientClosed,
        ),
        (
            two().cut_after(After::All),
            false,
            false,
            "cut",
            Ending::Cut,
        ),
        (
            two().cut_after(After::Finish),
            true,
            false,
            "cut",
            Ending::Cut,
        ),
        (
            two().malformed_after(After::Finish),
            true,
            false,
            "end",
            Ending::Malformed,
        ),
        (
            two().error_after(After::Finish, overloaded()),
            true,
            false,
            "end",
            Ending::Completed,
        ),
    ] {
        let what = format!("{:?}", turn.fault);
        let server = serve(script([turn.times(3)]));
        for ((path, request), (finish, mark)) in all_wires("a").into_iter().zip([
            ("\"finish_reason\":\"stop\"", Some("[DONE]")),
            ("\"stop_reason\":\"end_turn\"", Some("message_stop")),
            ("event: response.completed", None),
        ]) {
            let body = stream_of(&server, path, request).await;
            let (text, ended_by) = read_for(body, DAY).await;
            assert_eq!(ended_by, how, "{what}: {text}");
            assert!(text.contains("\"lo\""), "{what}: {text}");
            assert_eq!(text.contains(finish), has_finish, "{what}: {text}");
            if let Some(mark) = mark {
                assert_eq!(text.contains(mark), has_mark, "{what}: {text}");
            }
            // A wire without an end mark misses none.
            let ending = match ending {
                Ending::Truncated if has_finish && mark.is_none() => Ending::Completed,
                ending => ending,
            };
            assert_eq!(ended(&server).await, ending, "{what}");
        }
    }
}

#[provider_test]
async fn s34_a_whole_answer_comes_and_its_last_chunk_does_not() {
    let turn = || reply("Hello.").times(3);
    for (turn, how) in [
        (turn().end_after(After::Finish), "end"),
        (turn().cut_after(After::Finish), "cut"),
        (turn().stall_after(After::Finish), "silence"),
        (turn().stall_after(After::Done), "silence"),
    ] {
        let what = format!("{:?}", turn.fault);
        let server = serve(script([turn]));
        for (path, request) in all_wires("a") {
            let mut client = Client::new(&server).await;
            let reply = client.send("POST", path, request.to_string());
            let body = reply.await.expect("a head").into_body();
            let (text, ended_by) = read_for(body, DAY).await;
            assert_eq!(ended_by, how, "{what}");
            let json: serde_json::Value = serde_json::from_str(&text).expect("all of it");
            assert!(json.to_string().contains("Hello."), "{what}: {json}");
            drop(client);
            assert_eq!(
                ended(&server).await,
                match how {
                    "end" => Ending::Completed,
                    "cut" => Ending::Cut,
                    _ => Ending::ClientClosed,
                },
                "{what}"
            );
        }
        let outcome = server.calls()[0].outcome().map(|outcome| match outcome {
            Outcome::Completed => "end",
            Outcome::Failed(_) => "cut",
            _ => "silence",
        });
        assert_eq!(outcome, Some(how));
    }
}

#[provider_test]
async fn s34_without_a_reason_and_a_usage_a_stream_has_its_end_mark() {
    let server = serve(script([reply("Hi.").finish(None).usage(None).times(2)]));
    let mut request = streamed(chat("a"));
    request["stream_options"] = serde_json::json!({ "include_usage": true });
    let reply = Client::new(&server).await.post(CHAT, &request).await;
    assert!(!reply.text.contains("\"stop\"") && !reply.text.contains("prompt_tokens"));
    assert!(reply.text.ends_with("data: [DONE]\n\n"));
    let whole = Client::new(&server).await.post(CHAT, &chat("a")).await;
    let whole = whole.json();
    assert!(whole["choices"][0]["finish_reason"].is_null());
    assert_eq!(whole.get("usage"), None);
}

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
            scenario(gate("shut").reply("Hi.").keepalive(secs(10)).times(3)),
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
async fn s35_what_fails_after_the_first_sign_fails_within_the_stream() {
    let failing = || {
        gate("door").respond_with(|_| {
            Err::<mock_core::Response, _>(mock_core::ProviderError::new(
                mock_core::ErrorKind::Overloaded,
            ))
        })
    };
    let server = serve(script([failing().keepalive(secs(10)).times(3)]));
    for (path, request) in all_wires("a") {
        server.gate("door").shut();
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
async fn s36_each_event_is_a_chunk_of_its_own() {
    for (turn, is_each) in [
        (stream(["Hel", "lo"]), false),
        (stream(["Hel", "lo"]).flush(each()), true),
        (
            stream(["Hel", "lo"]).flush(each()).error_after(2, quota()),
            true,
        ),
        (
            stream(["Hel", "lo"]).flush(each()).end_after(After::Finish),
            true,
        ),
    ] {
        let server = serve(script([turn.times(3)]));
        for (path, request) in all_wires("a") {
            let body = stream_of(&server, path, request).await;
            let chunks = pieces(body).await;
            let text = String::from_utf8(chunks.concat()).expect("text");
            let events = text.split_terminator("\n\n").count();
            assert!(events > 3, "{text}");
            assert_eq!(chunks.len() == events, is_each, "{chunks:?}");
            for chunk in chunks.iter().filter(|_| is_each) {
                assert!(chunk.ends_with(b"\n\n"), "{chunk:?}");
                assert_eq!(count(std::str::from_utf8(chunk).expect("text"), "\n\n"), 1);
            }
        }
    }
}

#[provider_test]
async fn s36_each_byte_is_a_chunk_of_its_own() {
    let content = [
        stream(["Ça", " va"]),
        stream(["Ça", " va"]).every(secs(1)).error_after(1, quota()),
        stream(["Ça", " va"]).end_after(After::All),
    ];
    for turn in content {
        let server = serve(script([
            turn.clone().times(3),
            turn.flush(bytes()).times(3),
        ]));
        let read = async || {
            let mut read = Vec::new();
            for (path, request) in all_wires("a") {
                read.push(pieces(stream_of(&server, path, request).await).await);
            }
            read
        };
        let (together, alone) = (read().await, read().await);
        for (together, alone) in together.iter().zip(&alone) {
            let (together, alone) = (together.concat(), alone.as_slice());
            assert!(alone.iter().all(|chunk| chunk.len() == 1), "{alone:?}");
            // Ids and times differ, and are as long.
            assert_eq!(alone.len(), together.len());
        }
    }
}

#[provider_test]
#[ignore = "run by the test below"]
async fn is_kept_alive_for_ever() {
    let server = serve(script([reply("Hi.")
        .stall_after(After::Done)
        .keepalive(secs(5))]));
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
                    until_nothing_comes_for($turn.keepalive(secs(10)), $longest).await;
                }
            )*
        };
    }

    tests! {
        late_after_content: reply("a b").stall_after(1), secs(11);
        late_before_content: reply("a b").ttft(2 * DAY), secs(11);
        late_after_all: reply("a b").stall_after(After::Done), secs(60);
        late_in_a_hang: hang(), secs(11);
        soon_after_content: reply("a b").stall_after(1), secs(9);
        soon_in_a_hang: hang(), secs(9);
    }
}

#[test]
fn s35_a_client_that_gives_up_only_when_the_keepalives_end_fails_the_test() {
    let this = std::env::current_exe().expect("this test has a path");
    let output = std::process::Command::new(this)
        .args(["--ignored", "silence::counts_bytes::"])
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
    let this = std::env::current_exe().expect("this test has a path");
    let output = std::process::Command::new(this)
        .args(["--exact", "--ignored", "silence::is_kept_alive_for_ever"])
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success(), "{printed}");
    let words: Vec<_> = printed.split_whitespace().collect();
    let printed = words.join(" ");
    for part in [
        "for 24 h of its clock, only keep-alives came",
        "call 1 of `mock` waits: `.stall_after(done)`",
        "keepalive(5s)",
        "stalls after its end",
        "still going on, 17279 keep-alives",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}
