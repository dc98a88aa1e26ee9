//! The mistakes in templates: variables that never have a value.

use super::{Checked, Problem, ScenarioError};
use crate::scenario::{Action, Matcher, Per, Scenario, Schema, Str, Turn, TurnIndex, Variable};
use crate::search::Search;

impl Scenario {
    /// Checks that each text of a turn may get all of its values.
    pub(super) fn check_variables(&self) -> Result<(), ScenarioError> {
        self.check_captures()?;
        let texts = self.texts_only();
        for &of_turn in &self.all_turns() {
            for &variable in &of_turn.1.variables() {
                self.check_field(variable, &texts)
                    .map_err(|problem| self.error_in(of_turn, problem))?;
            }
        }
        Ok(())
    }

    /// Checks that a matcher of the turn, of an earlier one or of a rule has each capture. A rule may be asked when all of the others have
    /// been.
    fn check_captures(&self) -> Result<(), ScenarioError> {
        let of_per = match &self.per {
            Some(Per::Matcher(matcher)) => captures(std::slice::from_ref(matcher)),
            _ => Vec::new(),
        };
        let mut of_rules = of_per;
        for rule in self.rules.iter() {
            of_rules.append(&mut captures(&rule.matchers));
        }
        let mut of_scripts = of_rules.clone();
        let mut known = of_rules.clone();
        for &(index, turn) in &self.all_turns() {
            match index {
                TurnIndex::Lane { lane, turn: 0 } => {
                    known = of_rules.clone();
                    known.append(&mut captures(&self.lanes[lane].matchers));
                }
                TurnIndex::Rule(_) | TurnIndex::Otherwise => known = of_scripts.clone(),
                TurnIndex::Script(_) | TurnIndex::Lane { .. } => {}
            }
            known.append(&mut captures(&turn.matchers));
            if let Some(name) = turn.unbound(&known) {
                return Err(self.error_in((index, turn), self.unbound(name)));
            }
            if index.in_script().is_some() {
                of_scripts.extend_from_slice(&known);
            }
        }
        Ok(())
    }

    fn unbound(&self, name: &str) -> Problem {
        let problem = format!(
            "its `{{{name}}}` is not captured by a matcher of it, of an earlier turn or of a rule"
        );
        let is_tool = self.named_tools().any(&|tool| **tool == name)
            || self.tools.any(&|tool| tool.name == name);
        let remedy = match is_tool {
            true => "write a field of the tool's result, as in `{get_weather.temp}`",
            false => "capture it, as in `on(user(\"in {city}\"))`, or write `verbatim(..)`",
        };
        (problem, remedy)
    }

    /// The variables that are texts for certain: of these names there is not a tool.
    fn texts_only(&self) -> Vec<&str> {
        let may_call = |action: &Action| matches!(action, Action::Respond(_) | Action::Driven(_));
        let calls_any = self.first_turn(&|turn| turn.has(&may_call)).is_some();
        if calls_any || !self.tools.is_empty() {
            return Vec::new();
        }
        let mut texts = vec!["user", "model", "call"];
        for &matcher in &self.all_matchers() {
            texts.append(&mut captures(std::slice::from_ref(matcher)));
        }
        for &tool in &self.named_tools() {
            while let Some(at) = texts.position(&|text| **tool == **text) {
                texts.remove(at);
            }
        }
        texts
    }

    /// Checks that the field of a result may be there.
    fn check_field(&self, variable: &Variable, texts: &[&str]) -> Checked {
        let Variable::Field { tool, path, .. } = variable else {
            return Ok(());
        };
        if texts.contains(&&**tool) {
            let problem = format!("its `{{{tool}.{path}}}` is a field of a text, which has none");
            let remedy = "write the name alone, or the name of a tool before the field";
            return Err((problem, remedy));
        }
        if let Some(declared) = self.tools.find(&|known| known.name == *tool)
            && let Some(returns) = &declared.returns
            && let Some(key) = returns.unknown_key(path)
        {
            let problem = format!("its `{variable}` is never there: `{tool}` returns no `{key}`");
            let remedy = "write a field that it returns, or declare this one";
            return Err((problem, remedy));
        }
        Ok(())
    }
}

impl Turn {
    /// The first variable that is not among these captures.
    fn unbound(&self, known: &[&str]) -> Option<&Str> {
        for &variable in &self.variables() {
            if let Variable::Capture(name) = variable
                && !known.contains(&&**name)
            {
                return Some(name);
            }
        }
        None
    }
}

impl Schema {
    /// The first key of a path that no value of this type has.
    fn unknown_key<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut schema = self;
        for key in path.split('.') {
            while let Schema::Optional(inner) = schema {
                schema = inner;
            }
            schema = match schema {
                Schema::Json => return None,
                Schema::Object(fields) => match fields.find(&|field| field.name == key) {
                    Some(field) => &field.schema,
                    None => return Some(key),
                },
                Schema::List(inner) if key.parse::<usize>().is_ok() => inner,
                _ => return Some(key),
            };
        }
        None
    }
}

/// The captures of these matchers if they hold. A `not(..)` captures nothing.
fn captures(matchers: &[Matcher]) -> Vec<&str> {
    let mut all = Vec::new();
    for matcher in matchers {
        match matcher {
            Matcher::AnyOf(inner) | Matcher::AllOf(inner) => all.append(&mut captures(inner)),
            other => {
                if let Some(pattern) = other.pattern() {
                    all.append(&mut pattern.captures());
                }
            }
        }
    }
    all
}
