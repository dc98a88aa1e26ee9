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
        let MissingFeature { provider, .. } = self;
        format!("the path {path} is {provider}'s: {}", self.help())
    }

    fn help(self) -> String {
        let MissingFeature { feature, .. } = self;
        format!(
            "add the feature `{feature}` of mock-core, `mock-core = {{ version = \"{}\", features = [\"{feature}\"] }}` in Cargo.toml",
            env!("CARGO_PKG_VERSION"),
        )
    }
}

impl fmt::Display for MissingFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MissingFeature { provider, feature } = self;
        write!(
            f,
            "the mock has `profile = {feature}`, and the server does not speak the wire of {provider}: {}",
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
    use crate::builder::reply;
    use crate::server::MockServer;
    use crate::server::route::tests::{of_mock, routed};
    use crate::{MockProvider, scenario::Scenario};

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
}
