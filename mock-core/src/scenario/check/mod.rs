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
use super::{Chaos, Delay, Otherwise, Scenario, SourceLocation};
use crate::search::Search;

/// The name of an expectation in an error.
const EXPECTATION: &str = "an expectation";

/// Why a [`Scenario`] cannot be played: what is wrong, where, and what to do.
#[derive(Clone, PartialEq, Eq)]
pub struct ScenarioError {
    what: String,
    place: String,
    problem: String,
    remedy: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ScenarioError {
            what,
            place,
            problem,
            remedy,
        } = self;
        match what.as_str() {
            EXPECTATION => write!(f, "{what} at {place} cannot be met: {problem}; {remedy}"),
            _ => write!(f, "{what} at {place} cannot be played: {problem}; {remedy}"),
        }
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
            error(what, self.place, problem)
        })?;
        if !self.is_recorded()
            && let Some((what, place, problem)) = self.problem_of_lanes()
        {
            return Err(error(what, place, problem));
        }
        if let Some((place, problem)) = self.problem_of_expectations() {
            return Err(error(EXPECTATION.to_owned(), place, problem));
        }
        let mut names = HashMap::new();
        for (place, &(index, turn)) in self.all_turns().iter().enumerate() {
            let problem = turn.problem(index, self).or_else(|| {
                let name = turn.name.as_deref()?;
                let problem = format!("another turn is called `{name}` too");
                let is_again = names.insert(name, place).is_some();
                is_again.then_some((problem, "give each a name of its own"))
            });
            if let Some(problem) = problem {
                return Err(error(index.to_string(), self.place_of(turn), problem));
            }
        }
        // The matchers do not show which requests a recorded exchange answers.
        let unreachable = || match self.is_recorded() {
            true => None,
            false => self.unreachable(),
        };
        if let Some((index, turn, problem)) = self
            .problem_of_variables()
            .or_else(|| self.repeated_id())
            .or_else(unreachable)
        {
            return Err(error(index.to_string(), self.place_of(turn), problem));
        }
        Ok(())
    }

    /// The mistake in the faults by chance, if there is one.
    fn problem_of_chaos(&self) -> Option<Problem> {
        let chaos = self.chaos.as_deref().unwrap_or_default();
        for (index, Chaos { fault, probability }) in chaos.iter().enumerate() {
            if !(*probability > 0.0 && *probability <= 1.0) {
                let problem = format!("the probability of a fault of its `chaos` is {probability}");
                return Some((problem, "write a number above 0, up to 1, such as 0.1"));
            }
            let before = &chaos[..index];
            if before.any(&|earlier| earlier.fault == *fault) {
                let problem = "its `chaos` has a fault twice".to_owned();
                return Some((problem, "remove one of the two"));
            }
        }
        None
    }

    /// The mistakes that concern more than one turn.
    fn check_whole(&self) -> Result<(), Problem> {
        if let Some(problem) = self.problem_of_chaos() {
            return Err(problem);
        }
        if let Some(problem) = self.problem_of_max_calls() {
            return Err(problem);
        }
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
        if self
            .provider
            .as_deref()
            .is_some_and(|name| name.trim().is_empty())
        {
            let problem = "the name of its provider is empty".to_owned();
            return Err((problem, "write one, or leave it out for the profile's"));
        }
        if let Some(problem) = self.problem_of_models() {
            return Err(problem);
        }
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
        match &self.otherwise {
            Otherwise::RepeatLast | Otherwise::Cycle
                if self.turns.is_empty() && self.lanes.is_empty() =>
            {
                Err((
                    "it has no script to repeat".to_owned(),
                    "write turns, or what answers otherwise",
                ))
            }
            _ => Ok(()),
        }
    }
}

fn error(what: String, place: SourceLocation, (problem, remedy): Problem) -> ScenarioError {
    ScenarioError {
        what,
        place: place.to_string(),
        problem,
        remedy: remedy.to_owned(),
    }
}
