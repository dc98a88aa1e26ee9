//! The signatures of reasoning on the wire that has them.

use mock_core::builder::{gate, reasoning};
use mock_core::provider_test;
use mock_core::{MockProvider, MockServer};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, Reply, chat, message, streamed};

#[provider_test]
async fn reasoning_is_sealed_on_the_wire_that_has_seals_where_the_scenario_says_none() {
    let turn = reasoning("Hm.").reply("Hi.").forever();
    let server = MockServer::new(MockProvider::script([turn]));
    let mut client = Client::new(&server).await;

    let whole = client.post(MESSAGES, &message("a")).await.json();
    let seal = whole["content"][0]["signature"].as_str().expect("a seal");
    assert!(seal.len() > 80, "{seal}");
    let blocks = json!([
        { "type": "thinking", "thinking": "Hm.", "signature": seal },
        { "type": "text", "text": "Hi." },
    ]);
    assert_eq!(whole["content"], blocks);

    let stream = client.post(MESSAGES, &streamed(message("a"))).await;
    let seals = seals(&stream);
    assert_eq!(seals.len(), 1, "{}", stream.text);
    assert_ne!(seals[0], seal, "each block has another");
    let stop = stream
        .text
        .find("content_block_stop")
        .expect("a block ends");
    let at = stream.text.find("signature_delta").expect("a seal");
    assert!(at < stop, "{}", stream.text);

    let chat = client.post(CHAT, &chat("a")).await.json();
    let answer = &chat["choices"][0]["message"];
    assert_eq!(answer["reasoning_content"], "Hm.");
    assert_eq!(answer["content"], "Hi.");

    // The same in every run.
    server.reset();
    let again = client.post(MESSAGES, &message("a")).await;
    assert_eq!(again.json(), whole);
}

#[provider_test]
async fn reasoning_has_one_seal_for_a_block_and_that_of_the_scenario_if_it_says_one() {
    let hm = || gate("go").reasoning("Hm.");
    let turns = [
        (hm().signature("seal").reply("Hi."), vec!["seal"]),
        (hm().reasoning(" So.").signature("seal"), vec!["seal"]),
        (hm().gate("go").signature("seal"), vec!["seal"]),
        (hm().gate("go").reasoning(" So."), vec![""]),
        (hm().gate("go").reply("Hi."), vec![""]),
        (hm(), vec![""]),
        (gate("go").reasoning("").reply("Hi."), vec![]),
        (
            hm().reply("Hi.").reasoning("So.").reply("Yes."),
            vec!["", ""],
        ),
    ];
    for (turn, expected) in turns {
        let server = MockServer::new(MockProvider::script([turn.times(2)]));
        server.gate("go").open();
        let mut client = Client::new(&server).await;
        let whole = client.post(MESSAGES, &message("a")).await.json();
        let blocks = whole["content"].as_array().expect("blocks").iter();
        let whole: Vec<_> = blocks
            .filter_map(|block| block["signature"].as_str())
            .collect();
        let stream = client.post(MESSAGES, &streamed(message("a"))).await;
        let streamed = seals(&stream);
        let streamed: Vec<_> = streamed.iter().map(String::as_str).collect();
        for seals in [whole, streamed] {
            let told = |(seal, expected): (&&str, &&str)| match expected.is_empty() {
                true => seal.len() > 80,
                false => seal == expected,
            };
            assert_eq!(seals.len(), expected.len(), "{seals:?}");
            assert!(seals.iter().zip(&expected).all(told), "{seals:?}");
        }
    }
}

/// The seals in a stream.
fn seals(stream: &Reply) -> Vec<String> {
    let data = stream.event_data().into_iter();
    let data = data.filter_map(|data| serde_json::from_str::<Value>(&data).ok());
    let seals = data.filter_map(|data| Some(data["delta"]["signature"].as_str()?.to_owned()));
    seals.collect()
}
