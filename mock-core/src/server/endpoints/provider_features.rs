//! The providers whose wires need features of their own.

use crate::journal::verdict::Unserved;
use crate::report::turn_on;
use crate::scenario::Profile;

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
    /// Describes the mistake of a request for this path.
    pub(in crate::server) fn describe_path(self, path: &str) -> String {
        let MissingFeature { provider, feature } = self;
        format!(
            "the path {path} is {provider}'s, whose wire needs the feature `{feature}`: {}",
            turn_on(&[feature])
        )
    }

    /// Returns the name of the feature.
    pub(in crate::server) fn name(self) -> &'static str {
        self.feature
    }
}

/// Returns why a mock of this profile cannot be served, if the feature for it is off.
pub(in crate::server) fn why_unserved(profile: Profile) -> Option<Unserved> {
    let MissingFeature { feature, .. } = match profile {
        Profile::Gemini if !cfg!(feature = "gemini") => GEMINI,
        Profile::Ollama if !cfg!(feature = "ollama") => OLLAMA,
        _ => return None,
    };
    Some(Unserved {
        problem: format!("the profile `{feature}` needs the feature `{feature}` of mock-core"),
        help: turn_on(&[feature]),
    })
}
