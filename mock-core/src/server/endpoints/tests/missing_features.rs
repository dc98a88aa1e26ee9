//! Tests of requests for providers whose features are off.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::panic::catch_unwind;

use futures::FutureExt as _;
use hyper::Method;

use crate::builder::{reply, script};
use crate::chat::request::Request;
use crate::mock::MockProvider;
use crate::report::ProblemKind;
use crate::scenario::Profile;
use crate::server::MockServer;
use crate::server::endpoints::provider_features::{GEMINI, MissingFeature, OLLAMA};
use crate::server::endpoints::route_types::Route;

use super::{route_of_mock, routed};

/// Returns the line of Cargo.toml that turns a feature on.
fn line(feature: &str) -> String {
    format!("`mock-core = {{ version = \"..\", features = [\"{feature}\"] }}`")
}

#[test]
fn paths_of_providers_whose_features_are_off_are_known() {
    let post = |path| routed(&Method::POST, path, "accept").1;
    let missing = |feature: MissingFeature| format!("{:?}", Route::Missing(feature));
    for path in [
        "/v1beta/models/m:generateContent",
        "/v1/models/m:streamGenerateContent?alt=sse",
        "/v1/models/m:countTokens",
        "/v1beta/models/m:batchEmbedContents",
        "/v1beta/models",
        "/v1beta/interactions",
        "/v1/interactions/id",
        "/v1/models?key=k",
    ] {
        assert_eq!(post(path), missing(GEMINI), "{path}");
    }
    for path in [
        "/api/chat",
        "/api/generate",
        "/api/embed",
        "/api/embeddings",
        "/api/tags",
        "/api/show",
        "/api/ps",
        "/api/version",
    ] {
        assert_eq!(post(path), missing(OLLAMA), "{path}");
    }
    for path in ["/api/v1/chat/completions", "/v1/chat/completions"] {
        assert_eq!(post(path), "Chat", "{path}");
    }
    for path in [
        "/v1/models/m:free",
        "/v1/interactionsx",
        "/v2/models",
        "/v1beta/files",
        "/v1beta/openai/chat/completions",
        "/interactions",
        "/v1/interactions/id/more",
        "/api",
        "/api/public/ingestion",
        "/api/chat/completions",
    ] {
        let (_, route, _) = route_of_mock(&Method::GET, path, "authorization", Profile::Plain);
        assert!(!route.starts_with("Missing"), "{path}: {route}");
    }
}

#[test]
fn a_request_for_a_path_of_a_missing_feature_is_rejected_and_fails_the_test_with_the_line_to_write()
{
    // The test fails even if it needs no call.
    let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    for (path, provider, feature) in [
        ("/v1beta/models/m:generateContent", "Gemini", "gemini"),
        ("/api/chat", "Ollama", "ollama"),
    ] {
        let mut client = TcpStream::connect(server.addr()).expect("it listens");
        let head = "connection: close\r\ncontent-length: 2\r\n\r\n{}";
        write!(client, "POST {path} HTTP/1.1\r\n{head}").expect("it reads");
        let mut answer = String::new();
        client.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");

        let problem = format!("the path {path} is {provider}'s");
        assert!(answer.contains(&problem), "{answer}");
        let in_json = line(feature).replace('"', "\\\"");
        assert!(answer.contains(&in_json), "{answer}");

        let report = server.verify().expect_err("a request was rejected");
        assert_eq!(report.problems()[0].kind(), ProblemKind::MissingFeature);
        let needs = format!("a request needs the feature `{feature}` of mock-core");
        assert!(report.headline().contains(&needs), "{report}");
        assert!(report.headline().contains(path), "{report}");
        let help = format!("  help:     write {} in Cargo.toml", line(feature));
        assert!(
            report.to_string().lines().any(|line| line == help),
            "{report}"
        );

        server.reset();
        server.verify().expect("the request is forgotten");
    }
}

/// One line turns on all that the requests need.
#[test]
fn requests_for_several_features_that_are_off_get_one_line_with_all_of_them() {
    let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    for path in ["/api/chat", "/v1beta/models/m:generateContent", "/api/tags"] {
        let mut client = TcpStream::connect(server.addr()).expect("it listens");
        let head = "connection: close\r\ncontent-length: 2\r\n\r\n{}";
        write!(client, "POST {path} HTTP/1.1\r\n{head}").expect("it reads");
        client
            .read_to_string(&mut String::new())
            .expect("it answers");
    }
    let report = server.verify().expect_err("requests were rejected");
    let needs = "requests need the features `ollama` and `gemini` of mock-core";
    assert!(report.headline().contains(needs), "{report}");
    let paths = ": POST /api/chat, POST /v1beta/models/m:generateContent";
    assert!(report.headline().ends_with(paths), "{report}");
    let help = "write `mock-core = { version = \"..\", features = [\"ollama\", \"gemini\"] }` in Cargo.toml";
    assert!(report.to_string().contains(help), "{report}");
}

#[test]
fn a_server_of_a_profile_whose_feature_is_off_does_not_start() {
    for (profile, feature) in [(Profile::Gemini, "gemini"), (Profile::Ollama, "ollama")] {
        let mock = || MockProvider::new(script([reply("Hi.")]).profile(profile));
        // The mock goes with it. That its turn was never used would hide the error.
        let error = MockServer::bind(mock(), 0).expect_err("no such wire");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains(&line(feature)), "{error}");

        let panic = catch_unwind(|| MockServer::new(mock())).expect_err("no such wire");
        let message = panic.downcast_ref::<String>().expect("a text");
        let needs = format!("the profile `{feature}` needs the feature `{feature}` of mock-core");
        assert!(message.contains("its server does not start"), "{message}");
        assert!(message.contains(&needs), "{message}");
        assert!(message.contains(&line(feature)), "{message}");

        // The report of another handle says why nobody called the mock.
        let kept = mock();
        let error = MockServer::bind(kept.handle(), 0).expect_err("no such wire");
        let report = kept.verify().expect_err("nobody asked");
        assert_eq!(report.problems()[0].kind(), ProblemKind::ServerNotStarted);
        assert_eq!(report.problems().len(), 1);
        assert!(report.headline().contains(&needs), "{report}");
        assert!(report.to_string().contains(&line(feature)), "{report}");
        assert!(error.to_string().contains(&needs), "{error}");
        drop(kept);
    }
}

#[test]
fn a_profile_whose_feature_is_off_works_in_process() {
    let mock = MockProvider::new(script([reply("Hi.")]).profile(Profile::Gemini));
    MockServer::bind(mock.handle(), 0).expect_err("no such wire");
    let answer = mock.answer(Request::new("gemini-2.5-flash").user("hello"));
    let answer = answer.now_or_never().expect("it takes no time");
    assert_eq!(answer.expect("an answer").text(), "Hi.");
    mock.verify().expect("all went as scripted");
}
