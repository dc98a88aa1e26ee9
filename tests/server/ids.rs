//! S41: the ids of answers in their bodies, and those of tool calls.

use mock_core::{MockProvider, MockServer, provider_test};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed, wires};

#[provider_test]
async fn ids_are_unique_within_a_test(#[mock(reply("Hi.").times(4))] server: MockServer) {
    let other = MockServer::new(MockProvider::new(server.scenario().clone()));
    let mut ids = Vec::new();
    for server in [&server, &other] {
        let mut client = Client::new(server).await;
        for (path, request) in [(CHAT, chat("a")), (MESSAGES, message("a"))] {
            for _ in 0..2 {
                let reply = client.post(path, &request).await;
                ids.push(reply.json()["id"].as_str().expect("an id").to_owned());
            }
        }
    }
    assert!(ids[0].starts_with("chatcmpl-") && ids[2].starts_with("msg_01"));
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    // The second mock of a test has a seed of its own.
    assert_eq!(unique.len(), 8, "{ids:?}");
}

#[provider_test]
async fn a_call_has_the_id_that_it_is_given_on_every_wire(
    #[mock(call(get_time.id("id_{call}")).times(4))] server: MockServer,
) {
    let mut number = 0;
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            number += 1;
            let answer = Client::new(&server).await.post(path, &request).await;
            let id = format!("\"id\":\"id_{number}\"");
            assert!(answer.text.contains(&id), "{}", answer.text);
        }
    }
}
