//! Sweeps and seeds over the wire.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use http_body_util::BodyExt as _;
use mock_core::builder::{ms, reply, script};
use mock_core::{ErrorKind, MockServer, provider_test};
use tests::private::{Chaos, ChaosFault, Seeds, Sweep, SweepFault, TestSpec, run_seeds, run_sweep};
use tests::tries_all;
use tokio::time::{Instant, sleep_until, timeout};

use crate::prompt_prefix_stable::{FORMS, Form};
use crate::raw_client::{CHAT, Client, chat, drain, events, pieces, streamed};

/// The text of a streamed answer that is whole.
async fn read(server: &MockServer) -> Result<String, String> {
    let mut client = Client::new(server).await;
    let answer = client.send("POST", CHAT, streamed(chat("How are you?")).to_string());
    let body = answer.await.map_err(|error| error.to_string())?.into_body();
    text(&drain(body).await.0)
}

fn text(body: &str) -> Result<String, String> {
    let (mut text, mut is_whole, mut is_complete) = (String::new(), false, true);
    for event in events(body) {
        if event.data == "[DONE]" {
            is_whole = true;
            continue;
        }
        let data: serde_json::Value =
            serde_json::from_str(&event.data).map_err(|error| error.to_string())?;
        if let Some(piece) = data["choices"][0]["delta"]["content"].as_str() {
            text.push_str(piece);
        }
        if let Some(reason) = data["choices"][0]["finish_reason"].as_str() {
            is_complete = reason == "stop";
        }
    }
    if is_whole && is_complete {
        Ok(text)
    } else {
        Err(body.to_owned())
    }
}

#[provider_test(sweep = faults)]
async fn s80_a_client_with_a_time_limit_survives_every_fault(
    #[mock(reply("Ça va — très bien."))] server: MockServer,
) -> Result<(), String> {
    let read = timeout(Duration::from_secs(60), read(&server)).await;
    let text = read.map_err(|error| error.to_string())??;
    assert_eq!(text, "Ça va — très bien.");
    Ok(())
}

#[provider_test(seeds = 0..20, chaos = [rate_limit(0.2), cut(0.3), stall(0.2)])]
async fn s86_a_client_with_a_time_limit_survives_chaos(
    #[mock(reply("Ça va."))] server: MockServer,
) -> Result<(), String> {
    let read = timeout(Duration::from_secs(60), read(&server)).await;
    assert_eq!(read.map_err(|error| error.to_string())??, "Ça va.");
    Ok(())
}

/// What clients are told, and what the mock was asked, in a run with a seed: two clients of each wire, whose calls overlap. One asks in
/// even milliseconds and the other in odd ones, since the kernel may deliver what is sent at the same time in any order.
async fn conversations(server: &MockServer) -> String {
    let start = Instant::now();
    let ask = async |form: &Form, said: &str, parity: u64| {
        let body = (form.body)("", "Be brief.", said);
        let mut told = String::new();
        for _ in 0..2 {
            let now = start.elapsed().as_millis() as u64;
            sleep_until(start + ms(now + 1 + (now + 1 + parity) % 2)).await;
            let mut client = Client::new(server).await;
            let answer = match timeout(
                Duration::from_secs(60),
                client.ask("POST", form.path, body.clone()),
            )
            .await
            {
                Ok(Ok(reply)) => format!("{} {:?} {}", reply.status, reply.headers, reply.text),
                Ok(Err(_)) => "broken off".to_owned(),
                Err(_) => "late".to_owned(),
            };
            told += &format!("{}: {answer}\n", form.path);
        }
        told
    };
    let mut all = String::new();
    for form in &FORMS {
        let (one, other) = tokio::join!(ask(form, form.said[0], 0), ask(form, form.said[2], 1));
        all += &format!("{one}{other}");
    }
    format!("{all}{:?}", server.calls())
}

#[test]
fn s88_the_same_seed_has_the_same_journal_to_the_byte_on_every_wire() {
    static JOURNALS: Mutex<BTreeMap<u64, String>> = Mutex::new(BTreeMap::new());
    const CHAOS: &[Chaos] = &[
        Chaos {
            fault: ChaosFault::Fail(ErrorKind::Overloaded),
            probability: 0.2,
        },
        Chaos {
            fault: ChaosFault::Cut,
            probability: 0.2,
        },
        Chaos {
            fault: ChaosFault::Slow,
            probability: 0.3,
        },
    ];
    let spec = TestSpec {
        name: "server::same",
        body: |test| {
            let seed = test.seed();
            let turns = script([reply("One two three.").times(0..)]);
            let turns = turns.latency(ms(1)..ms(50));
            let server: MockServer = test.inject_mock("server", turns.into());
            test.drive(pin!(async {
                let journal = conversations(&server).await;
                let mut journals = JOURNALS.lock().expect("a lock");
                let known = journals.entry(seed).or_insert_with(|| journal.clone());
                assert_eq!(*known, journal);
                Ok::<(), String>(())
            }));
        },
        ..TestSpec::EMPTY
    };
    let first = 10;
    let last = if tries_all() { 17 } else { 12 };
    for chaos in [CHAOS, &[]] {
        JOURNALS.lock().expect("a lock").clear();
        for _ in 0..2 {
            let seeds = Seeds { first, last, chaos };
            run_seeds(&spec, seeds);
        }
        let journals = JOURNALS.lock().expect("a lock");
        let different: BTreeSet<_> = journals.values().collect();
        assert_eq!(different.len(), journals.len());
        assert!(journals.len() as u64 > last - first);
    }
}

/// A chunk may end within a character: who decodes each alone loses it.
#[test]
fn s84_a_client_that_decodes_each_chunk_alone_is_found() {
    let spec = TestSpec {
        name: "server::decodes",
        body: |test| {
            let turns = script([reply("Ça va.")]);
            let server: MockServer = test.inject_mock("server", turns.into());
            test.drive(pin!(async {
                let mut client = Client::new(&server).await;
                let request = streamed(chat("How are you?"));
                let answer = client.send("POST", CHAT, request.to_string());
                let answer = answer.await.map_err(|error| error.to_string())?;
                let mut read = String::new();
                for chunk in pieces(answer.into_body()).await {
                    read += &String::from_utf8_lossy(&chunk);
                }
                assert_eq!(text(&read)?, "Ça va.");
                Ok::<(), String>(())
            }));
        },
        ..TestSpec::EMPTY
    };
    let sweep = Sweep {
        faults: &[SweepFault::Pieces],
        runs: None,
    };
    let panic = catch_unwind(AssertUnwindSafe(|| run_sweep(&spec, sweep))).err();
    let report = panic.expect("a failure").downcast::<String>();
    let report = report.expect("a report");
    assert!(report.contains("failed in 1 of "), "{report}");
    assert!(
        report.contains("reply(\"Ça va.\").flush(bytes)"),
        "{report}"
    );
}

/// Keep-alives are bytes too: who waits only for the next bytes waits for ever.
#[test]
fn s81_a_client_that_takes_keepalives_for_content_is_found() {
    let spec = TestSpec {
        name: "server::patient",
        body: |test| {
            let turns = script([reply("I am fine.")]);
            let server: MockServer = test.inject_mock("server", turns.into());
            test.drive(pin!(async {
                let mut client = Client::new(&server).await;
                let request = streamed(chat("How are you?"));
                let answer = client.send("POST", CHAT, request.to_string());
                let answer = answer.await.map_err(|error| error.to_string())?;
                let (mut body, mut read) = (answer.into_body(), String::new());
                let patience = Duration::from_secs(10);
                while let Some(frame) = timeout(patience, body.frame())
                    .await
                    .map_err(|error| error.to_string())?
                {
                    let frame = frame.map_err(|error| error.to_string())?;
                    let data = frame.into_data().unwrap_or_default();
                    read += &String::from_utf8_lossy(&data);
                }
                text(&read).map(drop)
            }));
        },
        ..TestSpec::EMPTY
    };
    let run = |faults| {
        let sweep = Sweep { faults, runs: None };
        let panic = catch_unwind(AssertUnwindSafe(|| run_sweep(&spec, sweep))).err();
        panic.map(|panic| *panic.downcast::<String>().expect("a report"))
    };
    assert_eq!(run(&[SweepFault::Stall]), None);
    let report = run(&[SweepFault::Keepalive]).expect("a failure");
    assert!(
        report.contains("the sweep failed in 3 of 3 runs"),
        "{report}"
    );
    assert!(report.contains(".stall_after(0).keepalive(5s)"), "{report}");
}
