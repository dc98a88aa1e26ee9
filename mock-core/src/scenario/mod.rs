//! What a mock is to do: plain data, written by `mock_provider!` as a `static` or put together at run time.
//!
//! Every list is a [`List`] and every text a [`Str`], so that one type serves both: borrowed in a `static`, owned when built.

mod matcher;
mod pattern;
mod profile;
mod text;
mod tool;
mod turn;

use std::borrow::Cow;
use std::time::Duration;

pub use matcher::{Matcher, Predicate, When};
pub use pattern::{Pattern, PatternError, PatternPiece, Until};
pub use profile::Profile;
pub use text::{IntoText, Piece, Template, TemplateError, Text, Variable};
pub use tool::{Field, Node, Schema, Tool};
pub use turn::{Action, After, Count, Failure, Fault, FaultKind, ScriptedCall, Turn};

/// A text that is borrowed in a `static` and owned when built at run time.
pub type Str = Cow<'static, str>;

/// A list that is borrowed in a `static` and owned when built at run time.
pub type List<T> = Cow<'static, [T]>;

/// Everything a mock is to do.
///
/// ```
/// use mock_core::scenario::Scenario;
/// use mock_core::builder::*;
///
/// let scenario = Scenario::script([on(user("hi")).reply("hello"), fail(rate_limit())]);
/// assert_eq!(scenario.turns.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The name it was declared under; `None` for an anonymous one.
    pub name: Option<Str>,
    /// Where it is declared.
    pub place: Place,
    /// The provider it speaks for.
    pub profile: Profile,
    /// The model that answers where a request names none.
    pub model: Option<Str>,
    /// How long each call takes before its answer begins.
    pub latency: Latency,
    /// The tools that it may call; empty if it may call any.
    pub tools: List<Tool>,
    /// The turns, in order.
    pub turns: List<Turn>,
}

impl Scenario {
    /// A scenario that expects no call.
    pub const NEW: Scenario = Scenario {
        name: None,
        place: Place::UNKNOWN,
        profile: Profile::Plain,
        model: None,
        latency: Latency::NONE,
        tools: Cow::Borrowed(&[]),
        turns: Cow::Borrowed(&[]),
    };

    /// A scenario of these turns, declared where this is called.
    #[track_caller]
    pub fn script(turns: impl IntoIterator<Item = Turn>) -> Scenario {
        Scenario {
            place: Place::caller(),
            turns: turns.into_iter().collect::<Vec<_>>().into(),
            ..Scenario::NEW
        }
    }

    /// Where a turn is declared.
    pub(crate) fn place_of(&self, turn: &Turn) -> Place {
        Place {
            file: turn.place.file.or(self.place.file),
            line: turn.place.line,
        }
    }
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

/// A place in a source file. All places are equal: scenarios are compared by what they do.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The file; `None` if it is the scenario's own, or unknown.
    pub file: Option<&'static str>,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
}

impl Place {
    /// No place that is known.
    pub const UNKNOWN: Place = Place {
        file: None,
        line: 0,
    };

    /// A line of the scenario's file.
    pub const fn line(line: u32) -> Place {
        Place { file: None, line }
    }

    #[track_caller]
    pub(crate) fn caller() -> Place {
        let location = std::panic::Location::caller();
        Place {
            file: Some(location.file()),
            line: location.line(),
        }
    }
}

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file.unwrap_or("?"), self.line)
    }
}

/// How long each call takes before its answer begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Latency {
    /// Always as long.
    Fixed(Duration),
    /// Between the two, each as likely, drawn from the mock's seed.
    Uniform(Duration, Duration),
}

impl Latency {
    /// No time at all.
    pub const NONE: Latency = Latency::Fixed(Duration::ZERO);
}

impl From<Duration> for Latency {
    fn from(latency: Duration) -> Self {
        Latency::Fixed(latency)
    }
}

impl From<std::ops::Range<Duration>> for Latency {
    fn from(latency: std::ops::Range<Duration>) -> Self {
        Latency::Uniform(latency.start, latency.end)
    }
}
