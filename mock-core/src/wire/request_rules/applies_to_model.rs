//! Whether a rule applies to a request: to its profile and its model.

use std::fmt;

use crate::scenario::Profile;

/// The profiles and models for which a [`Rule`](super::Rule) holds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum RuleScope {
    /// Every provider of the wire rejects it: the rule holds for all profiles and models.
    Everywhere,
    /// The wire's own provider rejects it: the rule holds for the provider's profile, and for `plain` if the model's name is one of
    /// the provider's.
    Provider,
    /// Some of the provider's models reject it: the rule holds for these, with the provider's profile and with `plain`.
    Models {
        /// The models, for documentation.
        names: &'static str,
        /// Whether a model is one of them.
        includes: fn(&str) -> bool,
    },
    /// Other providers of the wire accept it: the rule holds for the provider's profile alone.
    Profile,
    /// Another provider of the wire rejects it: the rule holds for this profile alone.
    Dialect(Profile),
}

impl fmt::Display for RuleScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleScope::Everywhere => f.write_str("everywhere"),
            RuleScope::Provider => f.write_str("provider"),
            RuleScope::Models { names, .. } => f.write_str(names),
            RuleScope::Profile => f.write_str("profile"),
            RuleScope::Dialect(profile) => write!(f, "`{}`", profile.word()),
        }
    }
}

impl RuleScope {
    /// Whether a rule of this scope applies to a request with this profile and this model. `own` is the profile of the wire's own provider.
    pub(super) fn applies(
        self,
        own: Profile,
        is_own_model: fn(&str) -> bool,
        (profile, model): (Profile, &str),
    ) -> bool {
        // OpenAI speaks two of the wires, and Azure serves OpenAI's models.
        let provider = match profile {
            Profile::Azure => Profile::Openai,
            profile => profile,
        };
        let is_provider = provider.name() == own.name();
        let is_plain = profile == Profile::Plain;
        match self {
            RuleScope::Everywhere => true,
            RuleScope::Profile => is_provider,
            RuleScope::Dialect(dialect) => profile == dialect,
            RuleScope::Provider => is_provider || is_plain && is_own_model(model),
            RuleScope::Models { includes, .. } => (is_provider || is_plain) && includes(model),
        }
    }
}
