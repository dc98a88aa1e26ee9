//! Every wire is on the one port of a server, whatever the provider of its mock: the path of a request decides.

use mock_core::builder::{rate_limit, reply, script};
use mock_core::scenario::Profile;
use mock_core::{MockProvider, MockServer, provider_test};

use crate::gemini::{GENERATE, ask, text_of};
use crate::ollama;
use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, ms};

#[provider_test]
async fn one_mock_answers_on_every_wire_by_its_path(
    #[mock(reply("Hi.").times(3), fail(overloaded).times(2))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    assert_eq!(client.post(MESSAGES, &message("a")).await.status, 200);
    let reply = client.post(GENERATE, &ask("a")).await;
    assert_eq!(text_of(&reply.json()), "Hi.");
    assert_eq!(client.post(MESSAGES, &message("a")).await.status, 529);
    assert_eq!(client.post(GENERATE, &ask("a")).await.status, 503);
}

#[provider_test]
async fn a_mock_of_gemini_answers_on_the_other_paths_too() {
    let script = mock_core::builder::script([reply("Hi.").times(2)]).profile(Profile::Gemini);
    let server = MockServer::new(MockProvider::new(script));
    assert_eq!(server.gemini_url(), server.url());
    let mut client = Client::new(&server).await;
    assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    server.outage(rate_limit().retry_after(ms(1_000)));
    assert_eq!(client.post(GENERATE, &ask("a")).await.status, 429);
    server.restore();
    assert_eq!(client.post(GENERATE, &ask("a")).await.status, 200);
}

#[provider_test]
async fn a_mock_of_ollama_answers_on_the_other_paths_too() {
    let server = ollama::serve(script([reply("Hi.").times(0..)]));
    assert_eq!(ollama::post(&server, CHAT, &chat("a")).await.status, 200);
    assert_eq!(
        ollama::post(&server, MESSAGES, &message("a")).await.status,
        200
    );
    let plain = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    assert_eq!(
        ollama::post(&plain, ollama::CHAT, &ollama::whole("a"))
            .await
            .status,
        200
    );
    assert_eq!(plain.ollama_url(), plain.url());
}
