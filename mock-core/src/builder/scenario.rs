//! Scenarios, and what holds for all of their turns.

use std::time::Duration;

use serde_json::Value;

use crate::chat::finish::Usage;
use crate::scenario::{
    Allow, Capabilities, Count, Delay, IntoStr, Latency, Otherwise, Profile, Scenario, Setting,
    Str, Tool, Turn,
};

/// A scenario of these turns.
#[track_caller]
pub fn script(turns: impl IntoIterator<Item = Turn>) -> Scenario {
    Scenario::script(turns)
}

impl Scenario {
    /// The name that reports call the mock by.
    pub fn named(mut self, name: impl IntoStr) -> Self {
        self.name = Some(name.into_str());
        self
    }

    /// The provider that it speaks for.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The model that answers where a request names none.
    pub fn model(mut self, model: impl IntoStr) -> Self {
        self.model = Some(model.into_str());
        self
    }

    /// The provider's name, where it is not the profile's.
    pub fn provider(mut self, name: impl IntoStr) -> Self {
        self.provider = Some(name.into_str());
        self
    }

    /// How long each call takes before its answer begins: a time, a range of times, or [`growing`].
    pub fn latency(mut self, latency: impl Into<Latency>) -> Self {
        self.latency = latency.into();
        self
    }

    /// The tools that it may call.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.tools = tools.into_iter().collect::<Vec<_>>().into();
        self
    }

    /// What may be asked of it. What is left out is refused with [`Unsupported`](crate::ErrorKind::Unsupported).
    pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// What answers where the script's head does not: the first of these turns that fits, as often as it is asked.
    pub fn rules(mut self, rules: impl IntoIterator<Item = Turn>) -> Self {
        let rules = rules.into_iter().map(always);
        self.rules = rules.collect::<Vec<_>>().into();
        self
    }

    /// What answers where neither the script nor a rule does: a turn, [`repeat_last`] or [`cycle`].
    pub fn otherwise(mut self, otherwise: impl Into<Otherwise>) -> Self {
        self.otherwise = otherwise.into();
        self
    }

    /// What each answer costs, or `None` for a provider that does not tell it. Without it, that is estimated.
    pub fn usage(mut self, usage: impl Into<Setting<Usage>>) -> Self {
        self.usage = usage.into();
        self
    }

    /// What comes with each answer besides, in [`Response::metadata`](crate::Response::metadata).
    ///
    /// # Panics
    /// If it is no JSON object.
    #[track_caller]
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata_text(&metadata));
        self
    }

    /// Turns checks off: `.allow(Allow::NOTHING.with_unused_turns())`.
    pub fn allow(mut self, allow: Allow) -> Self {
        self.allow = allow;
        self
    }

    /// Where chance begins, whatever the test's seed is.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

#[track_caller]
pub(crate) fn metadata_text(metadata: &Value) -> Str {
    assert!(
        metadata.is_object(),
        "metadata is a JSON object, and this is none: {metadata}"
    );
    metadata.to_string().into()
}

/// The turn, as often as it is asked, and not at all if it is not. One that says otherwise stays, and is refused.
fn always(turn: Turn) -> Turn {
    match turn.count {
        Count::ONCE => turn.times(0..),
        _ => turn,
    }
}

impl From<Turn> for Otherwise {
    fn from(turn: Turn) -> Self {
        Otherwise::Turn(always(turn))
    }
}

/// At the script's end, its last turn goes on answering.
pub const fn repeat_last() -> Otherwise {
    Otherwise::RepeatLast
}

/// At the script's end, it begins anew.
pub const fn cycle() -> Otherwise {
    Otherwise::Cycle
}

/// This long for the first call, and for each further one longer by the share `by` of it: `growing(ms(100), 0.10)` is
/// 100 ms, 110 ms, 120 ms.
pub const fn growing(first: Duration, by: f64) -> Latency {
    Latency::new(Delay::Growing(first, by))
}
