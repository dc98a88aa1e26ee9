//! The checks of a scenario that need no request.

mod embeddings;
mod expectations;
mod http_answer;
mod lanes;
#[cfg(feature = "cassette")]
mod replay;
mod tools;
mod turn;
mod unreachable;
mod variables;

pub(crate) use unreachable::covers;

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use super::tool::first_repeated;
use super::{Chaos, Delay, Otherwise, Scenario, SourceLocation, Turn, TurnIndex};
use crate::search::Search;

/// The name of an expectation in an error.
const EXPECTATION: &str = "an expectation";

/// Why a [`Scenario`] cannot be played: what is wrong, where, and what to do.
///
/// ```
/// use mock_core::builder::*;
///
/// let error = script([reply("Hi.").times(0)]).check().unwrap_err();
/// println!("{error}"); // the turn, what is wrong with it, and what to write
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ScenarioError {
    message: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ScenarioError {}

/// The problem and the remedy.
pub(crate) type Problem = (String, &'static str);

/// The result of a check.
pub(crate) type Checked = Result<(), Problem>;

/// Returns the first of these problems that is there, with its remedy.
pub(super) fn reject(problems: &[(bool, &str, &'static str)]) -> Checked {
    match problems.find(&|(is_there, ..)| *is_there) {
        Some((_, problem, remedy)) => Err(((*problem).to_owned(), remedy)),
        None => Ok(()),
    }
}

impl Scenario {
    /// Checks whether the scenario can be played. A mock does this when it is made from a scenario of the builder.
    ///
    /// # Errors
    /// Returns the first part that cannot be played, or that no request can reach: a turn, a rule, a lane or `otherwise` after one with equal
    /// matchers, or with some of them. [`Allow::unused_turns`](super::Allow::unused_turns) permits those. The checks are those of
    /// `mock_provider!`.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// assert!(script([reply("Hi.")]).check().is_ok());
    /// let error = script([reply("Hi.").times(0)]).check().unwrap_err();
    /// assert!(error.to_string().contains("it never answers; write `.times(1)`"));
    /// ```
    pub fn check(&self) -> Result<(), ScenarioError> {
        self.check_whole().map_err(|problem| {
            let what = match &self.name {
                Some(name) => format!("the mock `{name}`"),
                None => "the mock".to_owned(),
            };
            error(&what, self.place, problem)
        })?;
        // Skip this for recordings: their matchers do not show which requests they answer.
        let is_recorded = self.is_recorded();
        if !is_recorded {
            self.check_lanes()?;
        }
        self.check_expectations()?;
        self.check_turns()?;
        self.check_variables()?;
        self.check_call_ids()?;
        match is_recorded {
            true => Ok(()),
            false => self.check_whether_reached(),
        }
    }

    fn check_turns(&self) -> Result<(), ScenarioError> {
        let mut names = HashMap::new();
        for (place, &(index, turn)) in self.all_turns().iter().enumerate() {
            turn.check(index, self)
                .map_err(|problem| self.error_in((index, turn), problem))?;
            if let Some(name) = turn.name.as_deref()
                && names.insert(name, place).is_some()
            {
                let problem = format!("another turn is called `{name}` too");
                let remedy = "give each a name of its own";
                return Err(self.error_in((index, turn), (problem, remedy)));
            }
        }
        Ok(())
    }

    /// The error about a problem of this turn.
    pub(super) fn error_in(
        &self,
        (index, turn): (TurnIndex, &Turn),
        problem: Problem,
    ) -> ScenarioError {
        error(&index.to_string(), self.place_of(turn), problem)
    }

    /// Checks the faults by chance.
    fn check_chaos(&self) -> Checked {
        let chaos = self.chaos.as_deref().unwrap_or_default();
        for (index, Chaos { fault, probability }) in chaos.iter().enumerate() {
            if !(*probability > 0.0 && *probability <= 1.0) {
                let problem = format!("the probability of a fault of its `chaos` is {probability}");
                return Err((problem, "write a number above 0, up to 1, such as 0.1"));
            }
            let is_again = chaos[..index].any(&|earlier| earlier.fault == *fault);
            reject(&[(
                is_again,
                "its `chaos` has a fault twice",
                "remove one of the two",
            )])?;
        }
        Ok(())
    }

    /// Checks what concerns more than one turn.
    fn check_whole(&self) -> Checked {
        self.check_chaos()?;
        self.check_max_calls()?;
        match self.latency.delay {
            Delay::Uniform(least, most) if least >= most => Err((
                format!("its latency from {least:?} to {most:?} is empty"),
                "write the shorter time first",
            )),
            Delay::Growing(_, by) if !(by.is_finite() && by >= 0.0) => Err((
                format!("its latency grows by {by}"),
                "write a share of the first time, such as 0.10",
            )),
            _ => Ok(()),
        }?;
        let provider = self.provider.as_deref();
        reject(&[(
            provider.is_some_and(|name| name.trim().is_empty()),
            "the name of its provider is empty",
            "write one, or leave it out for the profile's",
        )])?;
        self.check_models()?;
        let mut tools = Vec::new();
        for tool in self.tools.iter() {
            tools.push(&tool.name);
        }
        if let Some(tool) = first_repeated(&tools) {
            let problem = format!("the tool `{tool}` is declared twice");
            return Err((problem, "remove one of the two"));
        }
        for tool in self.tools.iter() {
            if let Some(name) = tool.duplicate_name() {
                let problem = format!("the tool `{}` declares `{name}` twice", tool.name);
                return Err((problem, "give each a name of its own"));
            }
        }
        let is_object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).is_ok();
        if let Some(metadata) = &self.metadata
            && !is_object(metadata)
        {
            let problem = format!("its metadata is `{metadata}`");
            return Err((problem, "write a JSON object"));
        }
        let repeats = matches!(self.otherwise, Otherwise::RepeatLast | Otherwise::Cycle);
        reject(&[(
            repeats && self.turns.is_empty() && self.lanes.is_empty(),
            "it has no script to repeat",
            "write turns, or what answers otherwise",
        )])
    }
}

fn error(what: &str, place: SourceLocation, (problem, remedy): Problem) -> ScenarioError {
    let done = match what {
        EXPECTATION => "met",
        _ => "played",
    };
    let message = format!("{what} at {place} cannot be {done}: {problem}; {remedy}");
    ScenarioError { message }
}
