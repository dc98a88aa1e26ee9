//! S34: the places of faults over the wire: after the content, after the finish, after the end mark.

use mock_core::builder::*;
use mock_core::scenario::After;
use mock_core::{Ending, Outcome, provider_test};

use crate::raw_client::{Client, ended};
use crate::stream_helpers::*;

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
