//! The providers whose wires need features of their own.

use std::fmt;

use crate::report::turn_on_feature;
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
pub(super) struct MissingFeature {
    provider: &'static str,
    feature: &'static str,
}

impl MissingFeature {
    /// Describes the mistake of a request for this path.
    pub(super) fn of_path(self, path: &str) -> String {
        let MissingFeature { provider, feature } = self;
        format!(
            "the path {path} is {provider}'s, whose wire needs the feature `{feature}`: {}",
            turn_on_feature(feature)
        )
    }

    /// Returns the name of the feature.
    pub(super) fn name(self) -> &'static str {
        self.feature
    }
}

impl fmt::Display for MissingFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MissingFeature { provider, feature } = self;
        write!(
            f,
            "the mock has the profile `{feature}`, and the wire of {provider} needs the feature `{feature}`: {}",
            turn_on_feature(feature)
        )
    }
}

impl std::error::Error for MissingFeature {}

/// Returns the feature that the profile of a mock needs and that is off.
pub(super) fn of_profile(profile: Profile) -> Option<MissingFeature> {
    match profile {
        Profile::Gemini if !cfg!(feature = "gemini") => Some(GEMINI),
        Profile::Ollama if !cfg!(feature = "ollama") => Some(OLLAMA),
        _ => None,
    }
}
