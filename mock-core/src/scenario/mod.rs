//! Scenarios as plain data. `mock_provider!` writes them as a `static`; the functions of [`builder`](crate::builder) build them at run
//! time.
//!
//! These are the types that those functions take and return. Use the functions: the fields and variants are written by `mock_provider!`
//! alone. They are hidden from this documentation, and any release may change them. `{:?}` shows their values.

mod action;
mod arguments_fit;
mod call_ids;
pub(crate) mod chaos;
mod check;
mod closure;
mod delta_count;
mod embedding_vector;
mod expectation;
mod failure;
mod fault;
mod flush;
mod from_literal;
mod json_schema;
mod keepalive;
mod lane;
mod latency;
mod matcher;
mod models;
mod pace;
mod pattern;
#[cfg(feature = "cassette")]
pub(crate) mod recorded;
#[cfg(feature = "regex")]
mod regex;
pub(crate) mod request_head;
mod schema_misfit;
mod scripted_call;
mod setting;
mod shared_scenario;
mod source_location;
mod str_and_list;
pub(crate) mod sweep;
mod template;
mod tool;
mod turn;
#[cfg(feature = "cassette")]
mod turn_replay;
#[cfg(feature = "sweep")]
mod turn_with_chaos;

use std::borrow::Cow;

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::Usage;

pub use crate::chat::capabilities::Capabilities;
pub use crate::chat::profile::Profile;
pub(crate) use action::Kind;
pub use chaos::Chaos;
pub(crate) use chaos::ChaosFault;
pub use check::ScenarioError;
pub(crate) use check::covers;
pub use embedding_vector::IntoVector;
pub use expectation::{Bounds, Expectation};
pub use failure::Failure;
pub use fault::After;
pub use flush::Flush;
pub use from_literal::{FromItems, FromLiteral, FromRendered};
pub use json_schema::Schema;
#[cfg(feature = "schema")]
#[doc(hidden)]
pub use json_schema::schema;
pub use lane::{Lane, Per};
pub use latency::Latency;
pub use matcher::Matcher;
pub use pattern::{Pattern, PatternError};
pub use setting::Setting;
pub(crate) use shared_scenario::SharedScenario;
pub(crate) use str_and_list::list_of;
pub(crate) use template::concat;
pub use template::{IntoPieces, IntoStr, IntoText, TemplateError, Text};
pub(crate) use tool::OtherArguments;
pub use tool::Tool;
pub(crate) use tree::*;
pub use turn::{Count, Split, Turn};

/// The whole tree of a scenario. Only macro expansions use the types that are not public elsewhere. They reach them by a private path,
/// because the tree changes with the grammar.
pub(crate) mod tree {
    pub use super::action::Action;
    pub use super::closure::{ClosureFuture, Predicate, Respond, Responder, When};
    pub use super::embedding_vector::IntoVector;
    pub use super::expectation::{Bounds, Expectation, Expected};
    pub use super::failure::Failure;
    pub use super::fault::{After, Fault, FaultKind};
    pub use super::from_literal::{FromItems, FromLiteral, FromRendered};
    pub use super::json_schema::{Field, Node, Schema};
    pub use super::lane::{Lane, Per};
    pub use super::latency::{Delay, Latency};
    pub use super::matcher::Matcher;
    pub use super::pace::Pace;
    pub use super::pattern::{Pattern, PatternSegment, Until};
    #[cfg(feature = "cassette")]
    pub use super::recorded::{Recorded, UnreadKeys};
    #[cfg(feature = "regex")]
    pub use super::regex::Regex;
    pub use super::scripted_call::{Arguments, Make, ScriptedCall, TypedArguments};
    pub use super::setting::Setting;
    pub use super::source_location::SourceLocation;
    pub use super::str_and_list::{List, Str};
    pub use super::template::{Pieces, Template, TemplateSegment, Text, Variable};
    pub use super::tool::{Parameters, Tool};
    pub use super::turn::{Count, Split, Turn};
    #[cfg(feature = "cassette")]
    pub use super::turn_replay::Replay;
    pub use super::{Allow, Capabilities, Otherwise, Profile, Scenario};
    pub use super::{flush::Flush, keepalive::Keepalive};
}

/// The commands that record what a mock replays.
#[derive(Debug)]
#[cfg_attr(not(feature = "cassette"), allow(dead_code))]
pub(crate) struct RecordCommands {
    /// Records what is missing.
    pub(crate) missing: String,
    /// Records all of it.
    pub(crate) all: String,
}

/// A complete scenario: the script of a mock and its settings.
///
/// ```
/// use mock_core::scenario::Scenario;
/// use mock_core::builder::*;
///
/// let scenario = Scenario::script([on(user("hi")).reply("hello"), fail(rate_limit())]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Scenario {
    /// The name of the declared mock; `None` for a mock without a name.
    #[doc(hidden)]
    pub name: Option<Str>,
    /// Where it is declared.
    #[doc(hidden)]
    pub place: SourceLocation,
    /// The provider that the mock imitates.
    #[doc(hidden)]
    pub profile: Profile,
    /// The provider's name; `None` for the profile's.
    #[doc(hidden)]
    pub provider: Option<Str>,
    /// The model of the answer if the request names none.
    #[doc(hidden)]
    pub model: Option<Str>,
    /// The time before an answer begins.
    #[doc(hidden)]
    pub latency: Latency,
    /// The tools that the script may call; empty for any.
    #[doc(hidden)]
    pub tools: List<Tool>,
    /// The models of the mock; `None` for any.
    #[doc(hidden)]
    pub models: Option<List<Str>>,
    /// The features that requests may use.
    #[doc(hidden)]
    pub capabilities: Capabilities,
    /// The turns of the script, in order; empty if there are lanes.
    #[doc(hidden)]
    pub turns: List<Turn>,
    /// Several scripts in place of one. Each request goes to the first lane that it matches.
    #[doc(hidden)]
    pub lanes: List<Lane>,
    /// The value that gets its own instance of the script, or of each lane; `None` if all requests share one.
    #[doc(hidden)]
    pub per: Option<Per>,
    /// The rules: the first that matches answers requests that the script's head does not, any number of times.
    #[doc(hidden)]
    pub rules: List<Turn>,
    /// The answer for requests that neither the script nor a rule answers.
    #[doc(hidden)]
    pub otherwise: Otherwise,
    /// The usage of each answer; unset for an estimate.
    #[doc(hidden)]
    pub usage: Setting<Usage>,
    /// Further data for each answer: a JSON object.
    #[doc(hidden)]
    pub metadata: Option<Str>,
    /// Checks that are turned off.
    #[doc(hidden)]
    pub allow: Allow,
    /// The expectations of all calls.
    #[doc(hidden)]
    pub expect: List<Expectation>,
    /// The number of calls that the mock gets at most; `None` if only the messages of its requests are limited.
    #[doc(hidden)]
    pub max_calls: Option<u32>,
    /// The random faults; `None` for the test's.
    #[doc(hidden)]
    pub chaos: Option<List<Chaos>>,
    /// The random seed; `None` for the test's.
    #[doc(hidden)]
    pub seed: Option<u64>,
    /// The recorded requests, if there are any. Then the matchers of lanes are for reports only.
    #[cfg(feature = "cassette")]
    #[doc(hidden)]
    pub recorded: Option<std::sync::Arc<Recorded>>,
    /// The keys of its cassette that a replay does not use, if there are any.
    #[cfg(feature = "cassette")]
    #[doc(hidden)]
    pub unread: Option<std::sync::Arc<UnreadKeys>>,
}

impl Scenario {
    /// A scenario that expects no call.
    #[doc(hidden)]
    pub const EMPTY: Scenario = Scenario {
        name: None,
        place: SourceLocation::UNKNOWN,
        profile: Profile::Plain,
        provider: None,
        model: None,
        latency: Latency::NONE,
        tools: Cow::Borrowed(&[]),
        models: None,
        capabilities: Capabilities::ALL,
        turns: Cow::Borrowed(&[]),
        lanes: Cow::Borrowed(&[]),
        per: None,
        rules: Cow::Borrowed(&[]),
        otherwise: Otherwise::Mismatch,
        usage: Setting::Unset,
        metadata: None,
        allow: Allow::NONE,
        expect: Cow::Borrowed(&[]),
        max_calls: None,
        chaos: None,
        seed: None,
        #[cfg(feature = "cassette")]
        recorded: None,
        #[cfg(feature = "cassette")]
        unread: None,
    };

    /// Creates a scenario with these turns. Reports name the caller's line as its place.
    ///
    /// ```
    /// use mock_core::{builder::*, scenario::{Profile, Scenario}};
    ///
    /// let scenario = Scenario::script([fail(rate_limit()), reply("Hi.")]).profile(Profile::Openai);
    /// scenario.check().unwrap();
    /// assert_eq!(scenario.provider_name(), "openai");
    /// ```
    #[track_caller]
    pub fn script(turns: impl IntoIterator<Item = Turn>) -> Scenario {
        Scenario {
            place: SourceLocation::caller(),
            turns: list_of(turns),
            ..Scenario::EMPTY
        }
    }

    /// Returns the provider's name: that of the scenario, or of its profile.
    pub fn provider_name(&self) -> &str {
        self.provider.as_deref().unwrap_or(self.profile.name())
    }

    /// Returns an error of this kind, as the scenario's provider reports it.
    pub(crate) fn error(&self, kind: ErrorKind, message: String) -> ProviderError {
        let mut error = ProviderError::at(self.profile, kind);
        error.message = message;
        error.provider = Some(self.provider_name().to_owned().into());
        error
    }

    /// Whether the scenario itself sets `chaos`, which then holds instead of that of the test.
    pub(crate) fn has_chaos(&self) -> bool {
        self.chaos.as_ref().is_some_and(|chaos| !chaos.is_empty())
    }

    /// Returns the turn with this index, which a mock has claimed.
    #[inline]
    pub(crate) fn turn(&self, index: TurnIndex) -> &Turn {
        match (index, &self.otherwise) {
            (TurnIndex::Script(index), _) => &self.turns[index],
            (TurnIndex::Lane { lane, turn }, _) => &self.lanes[lane].turns[turn],
            (TurnIndex::Rule(index), _) => &self.rules[index],
            (TurnIndex::Otherwise, Otherwise::Turn(turn)) => turn,
            (TurnIndex::Otherwise, _) => &Turn::EMPTY,
        }
    }

    /// Returns the commands that record what the mock replays, if they are known.
    pub(crate) fn record_command(&self) -> Option<&RecordCommands> {
        #[cfg(feature = "cassette")]
        return self.recorded.as_ref()?.commands.as_ref();
        #[cfg(not(feature = "cassette"))]
        None
    }

    /// Whether it replays recorded exchanges.
    pub(crate) fn is_recorded(&self) -> bool {
        #[cfg(feature = "cassette")]
        return self.recorded.is_some();
        #[cfg(not(feature = "cassette"))]
        false
    }

    /// The provider whose format the raw answer of a turn has.
    pub(crate) fn profile_of(&self, turn: TurnIndex) -> Profile {
        #[cfg(feature = "cassette")]
        if let Some(exchange) = self.turn(turn).replay.exchange() {
            return exchange.profile.unwrap_or(self.profile);
        }
        let _ = turn;
        self.profile
    }

    /// The turns of a lane, or of the script.
    pub(crate) fn turns_of(&self, lane: Option<usize>) -> &[Turn] {
        match lane {
            None => &self.turns,
            Some(lane) => &self.lanes[lane].turns,
        }
    }

    /// Whether there are lanes, or instances of the script.
    pub(crate) fn has_instances(&self) -> bool {
        !self.lanes.is_empty() || self.per.is_some()
    }

    /// Whether a turn answers with embeddings.
    pub(crate) fn has_embeddings(&self) -> bool {
        let has_some = |turn: &Turn| turn.kind() == Some(Kind::Embedding);
        self.first_turn(&has_some).is_some()
    }

    /// Returns every turn with its index: of the script or the lanes, the rules, and `otherwise`.
    pub(crate) fn all_turns(&self) -> Vec<(TurnIndex, &Turn)> {
        let mut all = Vec::new();
        for (index, turn) in self.turns.iter().enumerate() {
            all.push((TurnIndex::Script(index), turn));
        }
        for (lane, of) in self.lanes.iter().enumerate() {
            for (turn, of) in of.turns.iter().enumerate() {
                all.push((TurnIndex::Lane { lane, turn }, of));
            }
        }
        for (index, rule) in self.rules.iter().enumerate() {
            all.push((TurnIndex::Rule(index), rule));
        }
        if let Otherwise::Turn(turn) = &self.otherwise {
            all.push((TurnIndex::Otherwise, turn));
        }
        all
    }

    /// Returns every matcher that decides which turn answers: those of the turns, of the lanes and of `per`.
    pub(crate) fn all_matchers(&self) -> Vec<&Matcher> {
        let mut all = Vec::new();
        for &(_, turn) in &self.all_turns() {
            all.extend(turn.matchers.iter());
        }
        for lane in self.lanes.iter() {
            all.extend(lane.matchers.iter());
        }
        if let Some(Per::Matcher(matcher)) = &self.per {
            all.push(matcher);
        }
        all
    }

    /// Returns the first turn for which this holds, with its index.
    pub(crate) fn first_turn(&self, test: &dyn Fn(&Turn) -> bool) -> Option<(TurnIndex, &Turn)> {
        for &(index, turn) in &self.all_turns() {
            if test(turn) {
                return Some((index, turn));
            }
        }
        None
    }

    /// Returns the location of a turn's declaration.
    pub(crate) fn place_of(&self, turn: &Turn) -> SourceLocation {
        turn.place.or_in(self.place)
    }
}

/// Returns the scenario if it can be played. One in a `static` was checked at compile time.
///
/// # Panics
/// If it cannot.
#[track_caller]
pub(crate) fn checked(scenario: Cow<'static, Scenario>) -> Cow<'static, Scenario> {
    if let Cow::Owned(built) = &scenario {
        playable(built);
    }
    scenario
}

/// Returns the scenario if it can be played.
///
/// # Panics
/// If it cannot.
#[track_caller]
pub(crate) fn playable(scenario: &Scenario) -> &Scenario {
    if let Err(error) = scenario.check() {
        panic!("{error}");
    }
    scenario
}

impl From<Scenario> for Cow<'static, Scenario> {
    fn from(scenario: Scenario) -> Self {
        Cow::Owned(scenario)
    }
}

impl From<&'static Scenario> for Cow<'static, Scenario> {
    fn from(scenario: &'static Scenario) -> Self {
        Cow::Borrowed(scenario)
    }
}

/// Which turn of a scenario answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TurnIndex {
    /// The turn of the script with this index, from 0.
    Script(usize),
    /// The turn of a lane.
    Lane {
        /// The index of the lane, from 0.
        lane: usize,
        /// The index of the turn in it, from 0.
        turn: usize,
    },
    /// The rule with this index, from 0.
    Rule(usize),
    /// The turn of `otherwise`.
    Otherwise,
}

impl TurnIndex {
    /// Creates the index of a turn in a lane, or in the script.
    pub(crate) fn scripted(lane: Option<usize>, turn: usize) -> TurnIndex {
        match lane {
            None => TurnIndex::Script(turn),
            Some(lane) => TurnIndex::Lane { lane, turn },
        }
    }

    /// Returns the index in the script, or in its lane.
    pub(crate) fn in_script(self) -> Option<usize> {
        match self {
            TurnIndex::Script(turn) | TurnIndex::Lane { turn, .. } => Some(turn),
            TurnIndex::Rule(_) | TurnIndex::Otherwise => None,
        }
    }
}

/// Writes the name that reports use: `turn 1`, `turn 1 of lane 2`, `rule 2`, `` `otherwise` ``.
impl std::fmt::Display for TurnIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TurnIndex::Script(index) => write!(f, "turn {}", index + 1),
            TurnIndex::Lane { lane, turn } => write!(f, "turn {} of lane {}", turn + 1, lane + 1),
            TurnIndex::Rule(index) => write!(f, "rule {}", index + 1),
            TurnIndex::Otherwise => f.write_str("`otherwise`"),
        }
    }
}

/// The answer for requests that neither the script nor a rule answers.
#[derive(Debug, Clone)]
#[must_use]
#[non_exhaustive]
// A scenario has only one of these, and a `static` cannot contain a `Box`.
#[expect(clippy::large_enum_variant)]
pub enum Otherwise {
    /// A mismatch: the test fails.
    #[doc(hidden)]
    Mismatch,
    /// This turn, any number of times.
    #[doc(hidden)]
    Turn(Turn),
    /// At the end of the script, its last turn continues to answer, without a maximum.
    #[doc(hidden)]
    RepeatLast,
    /// At the end of the script, it starts again.
    #[doc(hidden)]
    Cycle,
}

/// Checks to turn off for a mock. All checks are on by default.
///
/// ```
/// use mock_core::{Allow, MockProvider, Message, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let allow = Allow::NONE.with_broken_conversations();
/// let llm = MockProvider::new(script([reply("Hi.")]).allow(allow));
/// let trimmed = Request::new("gpt-4o").with_message(Message::tool("call_1", "18"));
/// assert_eq!(llm.answer(trimmed).await?.text(), "Hi.");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct Allow {
    /// Whether turns may be unused at the end of the test.
    pub unused_turns: bool,
    /// Whether a turn may call a declared tool that the request does not offer, or offers with other arguments, and may answer otherwise than
    /// the request's `tool_choice` demands.
    pub unoffered_tools: bool,
    /// Whether to answer requests in which a tool call has no result, a result has no call, or a call has two results.
    pub broken_conversations: bool,
}

impl Allow {
    /// All checks are on. This is the default.
    pub const NONE: Allow = Allow {
        unused_turns: false,
        unoffered_tools: false,
        broken_conversations: false,
    };

    /// Allows unused turns.
    pub const fn with_unused_turns(mut self) -> Self {
        self.unused_turns = true;
        self
    }

    /// Allows calls of tools that the request does not offer, or offers with other arguments, and answers that its `tool_choice` excludes.
    pub const fn with_unoffered_tools(mut self) -> Self {
        self.unoffered_tools = true;
        self
    }

    /// Allows broken conversations: a tool call without a result, a result without a call, or two results for one call.
    pub const fn with_broken_conversations(mut self) -> Self {
        self.broken_conversations = true;
        self
    }
}
