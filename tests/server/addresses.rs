//! The address of a server, its URLs, and the thread it runs on.

use mock_core::builder::{reply, script};
use mock_core::{MockProvider, MockServer, provider_test};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message};

#[provider_test]
async fn a_server_may_have_a_port_of_its_own() {
    let mock = || MockProvider::new(script([reply("Hi.").times(0..)]));
    let first = MockServer::bind(mock(), 0).expect("a port is free");
    let port = first.addr().port();
    assert!(MockServer::bind(mock(), port).is_err());
    drop(first);
    let second = MockServer::bind(mock(), port).expect("it is free again");
    assert_eq!(second.addr().port(), port);
}

#[provider_test]
async fn only_the_url_for_openai_has_the_version_in_it(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let root = format!("http://{}", server.addr());
    let paths = [
        (server.openai_url(), "/chat/completions", chat("a")),
        (server.anthropic_url(), "/v1/messages", message("a")),
    ];
    for (base, added, request) in paths {
        let base = base.strip_prefix(&root).expect("it is of this server");
        let path = format!("{base}{added}");
        assert!(path == CHAT || path == MESSAGES, "{path}");
        let reply = Client::new(&server).await.post(&path, &request).await;
        assert_eq!(reply.status, 200);
    }
    assert_eq!(server.url(), root);
    assert!(server.addr().ip().is_loopback());
}

#[provider_test]
async fn a_server_outside_of_a_runtime_has_a_thread_of_its_own() {
    let server = std::thread::spawn(|| MockServer::new(MockProvider::script([reply("Hi.")])));
    let server = server.join().expect("it starts");
    let mut client = Client::new(&server).await;
    assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    assert_eq!(server.verify(), Ok(()));
}
