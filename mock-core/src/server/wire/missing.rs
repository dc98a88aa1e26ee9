//! The providers whose wires need features of their own.

use std::fmt;

use super::OPENAI;
use crate::scenario::Profile;
use crate::server::route::{Route, Routed};

pub(super) const GEMINI: MissingFeature = MissingFeature {
    provider: "Gemini",
    feature: "gemini",
};

pub(super) const OLLAMA: MissingFeature = MissingFeature {
    provider: "Ollama",
    feature: "ollama",
};

/// The server does not speak the wire of a provider, because the feature of `mock-core` for it is off.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct MissingFeature {
    provider: &'static str,
    feature: &'static str,
}

impl MissingFeature {
    /// The route of a request for a path of the provider.
    #[cfg_attr(all(feature = "gemini", feature = "ollama"), allow(dead_code))]
    pub(super) fn route(self) -> Routed<'static> {
        Routed::new(OPENAI, Route::Missing(self))
    }

    /// Describes the mistake of a request for this path.
    pub(in crate::server) fn of_path(self, path: &str) -> String {
        let MissingFeature { provider, feature } = self;
        format!(
            "the path {path} is {provider}'s, whose wire needs the feature `{feature}`: {}",
            self.help()
        )
    }

    fn help(self) -> String {
        let MissingFeature { feature, .. } = self;
        format!("add `\"{feature}\"` to the `features` of `mock-core` in Cargo.toml")
    }
}

impl fmt::Display for MissingFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MissingFeature { provider, feature } = self;
        write!(
            f,
            "the mock has the profile `{feature}`, and the wire of {provider} needs the feature `{feature}`: {}",
            self.help()
        )
    }
}

impl std::error::Error for MissingFeature {}

/// Returns the feature that the profile of a mock needs and that is off.
pub(in crate::server) fn missing_feature(profile: Profile) -> Option<MissingFeature> {
    match profile {
        Profile::Gemini if !cfg!(feature = "gemini") => Some(GEMINI),
        Profile::Ollama if !cfg!(feature = "ollama") => Some(OLLAMA),
        _ => None,
    }
}

#[cfg(all(test, not(feature = "gemini"), not(feature = "ollama")))]
mod tests {
    use hyper::Method;

    use super::*;
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::TcpStream;

    use crate::builder::{reply, script};
    use crate::mock::MockProvider;
    use crate::server::MockServer;
    use crate::server::route::tests::{of_mock, routed};

    #[test]
    fn paths_of_providers_whose_features_are_off_are_known() {
        let post = |path| routed(&Method::POST, path, "accept").1;
        let missing = |feature: MissingFeature| format!("{:?}", feature.route().route);
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
            "/api/tags",
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
            "/api",
        ] {
            let (_, route, _) = of_mock(&Method::GET, path, "authorization", Profile::Plain);
            assert!(!route.starts_with("Missing"), "{path}: {route}");
        }
    }

    #[test]
    fn a_request_for_a_path_of_a_missing_feature_is_rejected_and_the_failure_says_what_to_add() {
        let server = MockServer::new(MockProvider::script([reply("Hi.")]));
        for (path, provider, feature) in [
            ("/v1beta/models/m:generateContent", "Gemini", "gemini"),
            ("/api/chat", "Ollama", "ollama"),
        ] {
            server.reset();
            let mut client = TcpStream::connect(server.addr()).expect("it listens");
            let head = "connection: close\r\ncontent-length: 2\r\n\r\n{}";
            write!(client, "POST {path} HTTP/1.1\r\n{head}").expect("it reads");
            let mut answer = String::new();
            client.read_to_string(&mut answer).expect("it answers");
            assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");

            let report = server.verify().expect_err("an unused turn");
            let report = report.to_string();
            let words: Vec<&str> = report.split_whitespace().collect();
            let report = words.join(" ");
            let problem = format!("the path {path} is {provider}'s");
            let help = format!("add `\"{feature}\"` to the `features`");
            for part in [&problem, &help] {
                assert!(report.contains(part), "{part}: {report}");
                let part = part.replace('"', "\\\"");
                assert!(answer.contains(&part), "{part}: {answer}");
            }
        }
    }

    #[test]
    fn a_server_of_a_profile_whose_feature_is_off_does_not_start() {
        for (profile, feature) in [(Profile::Gemini, "gemini"), (Profile::Ollama, "ollama")] {
            let mock = || {
                let turns = script([reply("Hi.").times(0..)]);
                MockProvider::new(turns.profile(profile))
            };
            let error = MockServer::bind(mock(), 0).expect_err("no such wire");
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            let help = format!("add `\"{feature}\"` to the `features`");
            assert!(error.to_string().contains(&help), "{error}");
            // In process, the profile needs no feature.
            assert_eq!(mock().calls().len(), 0);
        }
    }
}
