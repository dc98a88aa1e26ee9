//! The values of the variables in the texts of a turn: `{user}`, `{model}`, `{call}`, captures and the fields of a tool's result.

use std::borrow::Cow;

use serde_json::Value;

use super::match_context::MatchContext;
use crate::chat::conversation::{field_at, result_of};
use crate::chat::request::Request;
use crate::journal::verdict::Reason;
use crate::scenario::{Str, Turn, Variable};
use crate::search::Search;

/// The values of variables.
#[derive(Clone, Default)]
pub(crate) struct Values(Vec<(Variable, String)>);

impl Values {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, variable: &Variable) -> Cow<'_, str> {
        let value = self.0.find(&|(known, _)| known == variable);
        // Every variable has a value: otherwise the turn would not have been chosen.
        value.map_or(Cow::Borrowed(""), |(_, value)| value.as_str().into())
    }

    /// Returns the value escaped for a JSON string.
    pub(crate) fn get_escaped(&self, variable: &Variable) -> Cow<'_, str> {
        let quoted = Value::String(self.get(variable).into_owned()).to_string();
        Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
    }
}

impl MatchContext<'_> {
    /// Returns the values of the variables in the texts of a turn. `captures` are those of this request.
    pub(super) fn values(&self, turn: &Turn, captures: &[(Str, String)]) -> Result<Values, Reason> {
        let mut values = Values::default();
        for &variable in &turn.variables() {
            if values.0.any(&|(known, _)| known == variable) {
                continue;
            }
            match self.value(variable, captures) {
                Some(value) => values.0.push((variable.clone(), value)),
                None => return Err(Reason::NoValue(variable.clone())),
            }
        }
        Ok(values)
    }

    /// Returns the value of a variable. For a capture it is the newest, including those of this request.
    fn value(&self, variable: &Variable, captures: &[(Str, String)]) -> Option<String> {
        match variable {
            Variable::Capture(name) => {
                for (known, value) in captures.iter().rev() {
                    if known == name {
                        return Some(value.clone());
                    }
                }
                self.captures.get(name).map(str::to_owned)
            }
            Variable::User => {
                let mut messages = self.request.messages.iter();
                let last = messages.rfind(|message| message.is_from_the_user())?;
                Some(last.text().into_owned())
            }
            Variable::Model => Some(self.request.model.clone()),
            Variable::Call => Some(self.call.to_string()),
            Variable::Field { tool, index, path } => field(self.request, tool, *index, path),
        }
    }
}

/// Returns a field of the tool's result with this index, or of the newest result.
fn field(request: &Request, tool: &str, index: Option<u32>, path: &str) -> Option<String> {
    let result = result_of(&request.messages, tool, index)?;
    let result: Value = result.json().ok()?;
    Some(match field_at(&result, path)? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}
