//! The mistakes in tools: undeclared ones, and calls whose arguments do not fit.

use super::Checked;
use crate::scenario::{Action, Expectation, Expected, Matcher, Scenario, Str, Turn, Variable};
use crate::search::Search;

impl Scenario {
    /// Checks that these tools can be used: where tools are declared, there are no others.
    pub(super) fn check_tools(&self, tools: &[&Str]) -> Checked {
        let is_declared = |tool: &Str| self.tools.any(&|known| known.name == *tool);
        let unknown = tools.find(&|tool| !self.tools.is_empty() && !is_declared(tool));
        let Some(tool) = unknown else {
            return Ok(());
        };
        let mut names = Vec::new();
        for known in self.tools.iter() {
            names.push(format!("`{}`", known.name));
        }
        let verb = if names.len() == 1 { "is" } else { "are" };
        let names = names.join(", ");
        let problem = format!("it names the tool `{tool}`, which is not declared: {names} {verb}");
        Err((problem, "declare it, or write one of these"))
    }

    /// Checks the tools that these matchers name.
    pub(super) fn check_tools_in(&self, matchers: &[Matcher]) -> Checked {
        let mut tools = Vec::new();
        for matcher in matchers {
            matcher.add_tools(&mut tools);
        }
        self.check_tools(&tools)
    }

    /// The tools that are called, waited for or expected, but not those that only texts name.
    pub(super) fn named_tools(&self) -> Vec<&Str> {
        let mut tools = Vec::new();
        for &(_, turn) in &self.all_turns() {
            turn.add_called_tools(&mut tools);
        }
        for &matcher in &self.all_matchers() {
            matcher.add_tools(&mut tools);
        }
        for expectation in self.expect.iter() {
            expectation.add_tools(&mut tools);
        }
        tools
    }
}

impl Turn {
    /// Checks the tools that it calls and names.
    pub(super) fn check_tools(&self, scenario: &Scenario) -> Checked {
        for action in self.actions.iter() {
            if let Action::Call(call) = action
                && let Some(tool) = scenario.tools.find(&|known| known.name == call.tool)
                && let Some(misfit) = tool.misfit_of(call)
            {
                let name = &tool.name;
                let problem = format!("its call of `{name}` does not fit that tool: {misfit}");
                let remedy = "write values that fit, or all arguments as one text: `tool.raw(..)` in the macro, `call(\"tool\", verbatim(..))` in the builder";
                return Err((problem, remedy));
            }
        }
        let mut tools = Vec::new();
        for matcher in self.matchers.iter() {
            matcher.add_tools(&mut tools);
        }
        self.add_called_tools(&mut tools);
        for &variable in &self.variables() {
            if let Variable::Field { tool, .. } = variable {
                tools.push(tool);
            }
        }
        scenario.check_tools(&tools)
    }

    /// Adds the tools that it calls.
    fn add_called_tools<'t>(&'t self, tools: &mut Vec<&'t Str>) {
        for action in self.actions.iter() {
            if let Action::Call(call) = action {
                tools.push(&call.tool);
            }
        }
    }
}

impl Matcher {
    fn add_tools<'m>(&'m self, tools: &mut Vec<&'m Str>) {
        match self {
            Matcher::ToolResult(tool) | Matcher::HasTool(tool) => tools.push(tool),
            Matcher::AnyOf(inner) | Matcher::AllOf(inner) | Matcher::Not(inner) => {
                for matcher in inner.iter() {
                    matcher.add_tools(tools);
                }
            }
            _ => {}
        }
    }
}

impl Expectation {
    /// Adds the tools that it names.
    pub(super) fn add_tools<'e>(&'e self, tools: &mut Vec<&'e Str>) {
        match &self.kind {
            Expected::Offered(tool) | Expected::Result { tool, .. } => tools.push(tool),
            Expected::Order(first, second) => {
                tools.push(first);
                tools.push(second);
            }
            Expected::Sent(matcher) | Expected::NeverSent(matcher) => matcher.add_tools(tools),
            _ => {}
        }
    }
}
