//! The tool calls that a turn makes: [`ScriptedCall`], and their [`Arguments`].

use std::fmt;
use std::sync::Arc;

use super::{List, Str, Text};

/// A tool call that a turn makes.
#[derive(Debug, Clone)]
pub struct ScriptedCall {
    /// The tool.
    pub tool: Str,
    /// The arguments.
    pub arguments: Arguments,
    /// The id; `None` for one that the mock makes.
    pub id: Option<Text>,
}

impl ScriptedCall {
    /// A call without arguments. To be filled in: `ScriptedCall { tool, ..ScriptedCall::EMPTY }`.
    pub const EMPTY: ScriptedCall = ScriptedCall {
        tool: Str::Borrowed(""),
        arguments: Arguments::Text(Text::Verbatim(Str::Borrowed("{}"))),
        id: None,
    };
}

/// The arguments of a tool call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Arguments {
    /// A JSON text. Values of variables are escaped to stand in a JSON string.
    Text(Text),
    /// The text unchanged, even if it is not JSON or does not fit the tool.
    Raw(Str),
    /// A value of a type of the user's own.
    Typed(TypedArguments),
}

/// Arguments of a type of the user's own.
#[derive(Debug, Clone)]
pub struct TypedArguments {
    /// The texts in it, in order.
    pub texts: List<Text>,
    /// Makes the JSON text of the arguments from the texts.
    pub make: Make,
}

/// Makes arguments from their texts: a plain function in a `static`, a shared one when it captures. The error says why the
/// value cannot be written as JSON.
#[derive(Clone)]
#[expect(clippy::type_complexity)]
pub enum Make {
    /// A function, or a closure that captures nothing.
    Fn(fn(&[String]) -> Result<String, String>),
    /// Any closure.
    Shared(Arc<dyn Fn(&[String]) -> Result<String, String> + Send + Sync>),
}

impl Make {
    pub(crate) fn make(&self, texts: &[String]) -> Result<String, String> {
        match self {
            Make::Fn(make) => make(texts),
            Make::Shared(make) => make(texts),
        }
    }
}

impl fmt::Debug for Make {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closure")
    }
}
