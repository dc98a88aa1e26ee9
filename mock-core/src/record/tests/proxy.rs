//! How requests and answers pass through a recorder.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::provider::{ask, chunked, one_chunk, request};
use super::*;
use crate::Request;

const STREAM: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/// Reads until what came ends with this.
async fn read_until(client: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let mut came = Vec::new();
    while !came.ends_with(end) {
        let mut bytes = [0; 1_024];
        let read = client.read(&mut bytes).await.expect("it is open");
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&came));
        came.extend_from_slice(&bytes[..read]);
    }
    came
}

#[tokio::test]
async fn s101_a_chunk_is_passed_back_before_the_next_one_comes() {
    let provider = Provider::new(vec![Answer::Driven]).await;
    let file = new_file("chunks");
    let (recorder, server) = record(&file, RecordMode::Record, &provider);
    let mut client = TcpStream::connect(server.addr()).await.expect("it listens");
    let request = request("POST /v1/chat/completions", "", b"{}");
    client.write_all(&request).await.expect("it is open");
    provider.say(STREAM);
    for chunk in ["data: 1\n\n", "data: \u{b0}", "\n\n"] {
        provider.say(one_chunk(chunk.as_bytes()));
        let came = read_until(&mut client, &one_chunk(chunk.as_bytes())).await;
        assert!(!came.is_empty());
    }
    provider.say("0\r\n\r\n");
    read_until(&mut client, b"0\r\n\r\n").await;
    recorder.finish().await.expect("it is written");
    let cassette = Cassette::load(&file).expect("it is written");
    let frames = &cassette.interactions()[0].frames;
    let lengths: Vec<_> = frames.iter().map(|frame| frame.bytes).collect();
    assert_eq!(lengths, [9, 8, 2]);
}

#[tokio::test]
async fn s101_a_request_is_passed_on_before_it_is_whole() {
    let answer = Answer::whole(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
    );
    let provider = Provider::new(vec![answer]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let file = new_file("upload");
    let recorder = recorder(&file, RecordMode::Record);
    let server = recorder.serve(&url).expect("it serves");
    let mut client = TcpStream::connect(server.addr()).await.expect("it listens");
    let head = b"POST /v1/files HTTP/1.1\r\nhost: there\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: 10\r\n\r\n";
    client.write_all(head).await.expect("it is open");
    read_until(&mut client, b"HTTP/1.1 100 Continue\r\n\r\n").await;
    client.write_all(b"first").await.expect("it is open");
    let (mut upstream, _) = listener.accept().await.expect("it is asked");
    read_until(&mut upstream, b"first").await;
    assert!(server.calls().is_empty(), "the request is not whole");
    client.write_all(b"-rest").await.expect("it is open");
    read_until(&mut upstream, b"-rest").await;
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    upstream.write_all(answer).await.expect("it is open");
    read_until(&mut client, b"ok").await;
    recorder.finish().await.expect("it is written");
    let cassette = Cassette::load(&file).expect("it is written");
    assert_eq!(cassette.interactions()[0].request_body, b"first-rest");
    drop(provider);
}

#[tokio::test]
async fn s102_an_answer_is_recorded_even_if_the_client_disconnects() {
    for before_head in [true, false] {
        let provider = Provider::new(vec![Answer::Driven]).await;
        let file = new_file(&format!("gone{before_head}"));
        let (recorder, server) = record(&file, RecordMode::Record, &provider);
        let mut client = TcpStream::connect(server.addr()).await.expect("it listens");
        let request = request("POST /v1/chat/completions", "", b"{}");
        client.write_all(&request).await.expect("it is open");
        server.wait_for_calls(1).await;
        if !before_head {
            provider.say(STREAM);
            provider.say(one_chunk(b"data: 1\n\n"));
            read_until(&mut client, b"data: 1\n\n\r\n").await;
        }
        drop(client);
        server.wait_for_exchanges(1).await;
        if before_head {
            provider.say(STREAM);
            provider.say(one_chunk(b"data: 1\n\n"));
        }
        provider.say(chunked([&b"data: 2\n\n"[..]]));
        recorder.finish().await.expect("it is written");
        let cassette = Cassette::load(&file).expect("it is written");
        let interaction = &cassette.interactions()[0];
        assert_eq!(interaction.body, b"data: 1\n\ndata: 2\n\n");
        assert_eq!(interaction.request_body, b"{}");
    }
}

#[tokio::test]
async fn s103_a_provider_that_is_not_there_leaves_the_old_file() {
    let file = new_file("rejected");
    let old = Cassette::new([mock_cassette::Interaction::new("GET", "/old")]);
    old.save(&file).expect("it is written");
    let recorder = recorder(&file, RecordMode::Record);
    // Nobody listens there.
    let server = recorder.serve("http://127.0.0.1:1").expect("it serves");
    let got = ask(
        server.addr(),
        &request("POST /v1/chat/completions", "", b"{}"),
    )
    .await;
    assert!(got.status.contains("502"), "{got:?}");
    assert!(
        got.text().contains("http://127.0.0.1:1 does not answer"),
        "{}",
        got.text()
    );
    let got = ask(server.addr(), &request("POST /v1/responses", "", b"{}")).await;
    let text = got.text();
    assert!(
        !text.contains("overloaded") && text.contains("server_error"),
        "{text}"
    );
    let error = recorder.finish().await.expect_err("nothing came");
    assert_eq!(error.problem(), RecordProblem::Broken);
    for words in [
        "POST /v1/chat/completions: http://127.0.0.1:1 does not answer",
        "was not written",
    ] {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(error.recording(), None);
    let kept = Cassette::load(&file).expect("it is there");
    assert_eq!(kept.interactions()[0].path, "/old");
}

#[tokio::test]
async fn s103_an_answer_that_breaks_off_is_cut_and_leaves_the_old_file() {
    let whole =
        Answer::whole("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    let provider = Provider::new(vec![whole, Answer::Driven]).await;
    let file = new_file("reset");
    let (recorder, server) = record(&file, RecordMode::Record, &provider);
    ask(server.addr(), &request("GET /first", "", b"")).await;
    provider.say(STREAM);
    provider.say(one_chunk(b"data: 1\n\n"));
    let mut client = TcpStream::connect(server.addr()).await.expect("it listens");
    client
        .write_all(&request("GET /second", "", b""))
        .await
        .expect("it is open");
    read_until(&mut client, b"data: 1\n\n\r\n").await;
    provider.say.send(None).expect("it listens");
    let mut rest = Vec::new();
    // The answer is cut, not ended.
    let _ = client.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");

    let error = recorder.finish().await.expect_err("it broke off");
    assert_eq!(error.problem(), RecordProblem::Broken);
    assert!(
        error
            .to_string()
            .contains("GET /second: the answer broke off after 9 bytes"),
        "{error}"
    );
    assert!(!file.exists());
    let kept = error.recording().expect("the first exchange is kept");
    let kept = Cassette::load(kept).expect("it is whole");
    assert_eq!(kept.interactions()[0].path, "/first");
}

#[tokio::test]
async fn s104_a_missing_answer_is_requested_and_added() {
    let answer = |text: &str| {
        Answer::whole(format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
            text.len()
        ))
    };
    let provider = Provider::new(vec![answer("one"), answer("two"), answer("three")]).await;
    let file = new_file("missing");
    let ask_for = |body: &str| request("POST /v1/x", "", body.as_bytes());
    for (asked, expected, requests) in [
        (vec!["1"], vec!["one"], 1),
        (vec!["2", "1", "1"], vec!["two", "one", "three"], 3),
        (vec!["1", "2", "1"], vec!["one", "two", "three"], 3),
    ] {
        let (recorder, server) = record(&file, RecordMode::Missing, &provider);
        let mut got = Vec::new();
        for body in asked {
            got.push(ask(server.addr(), &ask_for(body)).await.text());
        }
        assert_eq!(got, expected);
        recorder.finish().await.expect("it is written");
        server.verify().expect("nothing is wrong");
        assert_eq!(provider.requests().len(), requests);
    }
    let bodies = Cassette::load(&file).expect("it is written");
    let bodies = bodies
        .interactions()
        .iter()
        .map(|one| one.request_body.clone());
    assert_eq!(bodies.collect::<Vec<_>>(), [b"1", b"2", b"1"]);

    let (_, server) = record(&file, RecordMode::Replay, &provider);
    ask(server.addr(), &ask_for("4")).await;
    let report = server.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("MOCK_CORE_RECORD=missing cargo test --features mock-core/record"),
        "{report}"
    );
    assert!(report.contains("body is 4, not 1"), "{report}");
}

#[tokio::test]
async fn s106_a_recorded_request_is_a_call_with_its_answer_as_in_a_replay() {
    let events = [
        "data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"18 \"}}]}\n\n",
        "data: {\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"°C\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
    ];
    let body = chunked(events.map(str::as_bytes));
    let answer = Answer::Bytes(vec![
        STREAM
            .replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")
            .into(),
        body,
    ]);
    let provider = Provider::new(vec![answer]).await;
    let file = new_file("calls");
    let asked = br#"{"model": "gpt-4o", "stream": true, "messages": [{"role": "user", "content": "Weather?"}]}"#;
    let mut told = Vec::new();
    for mode in [RecordMode::Record, RecordMode::Replay] {
        let (recorder, server) = record(&file, mode, &provider);
        ask(
            server.addr(),
            &request("POST /v1/chat/completions", "", asked),
        )
        .await;
        recorder.finish().await.expect("it is written");
        let calls = server.calls();
        let call = &calls[0];
        let answer = call.response().expect("it has one");
        assert_eq!(answer.text(), "18 °C");
        assert!(call.is_streamed());
        told.push((
            call.request().clone(),
            answer,
            call.outcome().cloned(),
            call.events(),
        ));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(
        told[0].0.messages,
        Request::new("gpt-4o").user("Weather?").messages
    );
}

#[tokio::test]
async fn an_outage_of_the_mock_is_not_passed_on() {
    let provider = Provider::new(vec![Answer::Driven]).await;
    let file = new_file("outage");
    let (recorder, server) = record(&file, RecordMode::Missing, &provider);
    server.outage(crate::builder::overloaded());
    let got = ask(
        server.addr(),
        &request("POST /v1/chat/completions", "", b"{}"),
    )
    .await;
    assert!(got.status.contains(" 5"), "{got:?}");
    assert!(provider.requests().is_empty());
    recorder.finish().await.expect("there is nothing to write");
}
