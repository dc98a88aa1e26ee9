//! Tools that a scenario names, and does not declare or gives other arguments.

use super::Problem;
use crate::scenario::{Action, Expectation, Expected, Matcher, Per, Scenario, Str, Turn, Variable};
use crate::search::Search;

impl Scenario {
    /// Why a tool of this name cannot be used, if it cannot: where tools are declared, there are no others.
    pub(super) fn problem_of_tool(&self, tool: &Str) -> Option<Problem> {
        if self.tools.is_empty() || self.tools.any(&|known| known.name == *tool) {
            return None;
        }
        let mut names = Vec::new();
        for known in self.tools.iter() {
            names.push(format!("`{}`", known.name));
        }
        let (names, verb) = (
            names.join(", "),
            if names.len() == 1 { "is" } else { "are" },
        );
        let problem = format!("it names the tool `{tool}`, which is not declared: {names} {verb}");
        Some((problem, "declare it, or write one of these"))
    }

    /// Returns the mistake of the first of these tools that is wrong.
    pub(super) fn problem_of_one_of(&self, tools: &[&Str]) -> Option<Problem> {
        for tool in tools {
            let problem = self.problem_of_tool(tool);
            if problem.is_some() {
                return problem;
            }
        }
        None
    }

    /// Returns the mistake of the first tool that these matchers name.
    pub(super) fn problem_of_tools_in(&self, matchers: &[Matcher]) -> Option<Problem> {
        let mut tools = Vec::new();
        for matcher in matchers {
            matcher.add_tools(&mut tools);
        }
        self.problem_of_one_of(&tools)
    }

    /// The tools that are called, waited for or expected, but not those that only texts name.
    pub(super) fn named_tools(&self) -> Vec<&Str> {
        let mut tools = Vec::new();
        for &(_, turn) in &self.all_turns() {
            turn.add_tools(&mut tools);
        }
        for lane in self.lanes.iter() {
            for matcher in lane.matchers.iter() {
                matcher.add_tools(&mut tools);
            }
        }
        if let Some(Per::Matcher(matcher)) = &self.per {
            matcher.add_tools(&mut tools);
        }
        for expectation in self.expect.iter() {
            expectation.add_tools(&mut tools);
        }
        tools
    }
}

impl Turn {
    /// Why it cannot use the tools that it does, if it cannot.
    pub(super) fn problem_of_tools(&self, scenario: &Scenario) -> Option<Problem> {
        for action in self.actions.iter() {
            if let Action::Call(call) = action
                && let Some(tool) = scenario.tools.find(&|known| known.name == call.tool)
                && let Some(misfit) = tool.misfit_of(call)
            {
                let name = &tool.name;
                let problem = format!("its call of `{name}` does not fit that tool: {misfit}");
                let remedy = "write values that fit, or all arguments as one text: `tool.raw(..)` in the macro, `call(\"tool\", verbatim(..))` in the builder";
                return Some((problem, remedy));
            }
        }
        let mut tools = Vec::new();
        self.add_tools(&mut tools);
        for &variable in &self.variables() {
            if let Variable::Field { tool, .. } = variable {
                tools.push(tool);
            }
        }
        scenario.problem_of_one_of(&tools)
    }

    /// Adds the tools that it waits for and calls.
    fn add_tools<'t>(&'t self, tools: &mut Vec<&'t Str>) {
        for matcher in self.matchers.iter() {
            matcher.add_tools(tools);
        }
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
