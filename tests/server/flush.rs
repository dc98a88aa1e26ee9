//! S36: `flush`, which sends each event or each byte as a chunk of its own.

use mock_core::builder::*;
use mock_core::provider_test;
use mock_core::scenario::After;

use crate::raw_client::pieces;
use crate::stream_helpers::*;

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
