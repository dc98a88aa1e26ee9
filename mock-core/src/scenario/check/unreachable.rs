//! The turns that can never answer, because an earlier one answers all of their requests.

use super::ScenarioError;
use crate::scenario::{
    Action, Arguments, Matcher, Otherwise, Parameters, Pattern, PatternSegment, Per, Scenario, Str,
    Tool, Turn, TurnIndex, Variable,
};
use crate::search::Search;

impl Scenario {
    /// Checks that a request can reach each turn and each rule. `allow = [unused_turns]` permits others.
    pub(super) fn check_whether_reached(&self) -> Result<(), ScenarioError> {
        if self.allow.unused_turns {
            return Ok(());
        }
        self.check_script(None)?;
        for lane in 0..self.lanes.len() {
            self.check_script(Some(lane))?;
        }
        self.check_behind_script()?;
        self.check_rules()
    }

    fn check_script(&self, lane: Option<usize>) -> Result<(), ScenarioError> {
        let turn_at = |turn| TurnIndex::scripted(lane, turn);
        let is_mixed = self.has_embeddings();
        let certain = self.certain_turns(lane);
        let mut endless: Option<(usize, &Turn)> = None;
        for (index, turn) in self.turns_of(lane).iter().enumerate() {
            match endless {
                Some((first, hiding)) if covers(is_mixed, hiding, turn) => {
                    let remedy = "move it before that turn, or limit that one, as in `.times(2)`";
                    let problem = self.hidden_by(turn_at(first), hiding, "any number of times");
                    return Err(self.error_in((turn_at(index), turn), (problem, remedy)));
                }
                _ => endless = (certain[index] && turn.has_no_end()).then_some((index, turn)),
            }
        }
        Ok(())
    }

    /// Checks that no script answers everything before a rule or `otherwise`.
    fn check_behind_script(&self) -> Result<(), ScenarioError> {
        // Rules for other paths stay reachable: a script does not answer such requests.
        let rule = self.rules.position(&|rule| !rule.names_paths());
        let hidden = match (rule, &self.otherwise) {
            (Some(rule), _) => (TurnIndex::Rule(rule), &self.rules[rule]),
            (None, Otherwise::Turn(turn)) => (TurnIndex::Otherwise, turn),
            (None, _) => return Ok(()),
        };
        if self.has_outsiders() {
            return Ok(());
        }
        let is_mixed = self.has_embeddings();
        let certain = self.certain_turns(None);
        for (index, turn) in self.turns.iter().enumerate() {
            let answers_all = certain[index] && is_for_all(is_mixed, turn);
            if answers_all && turn.has_no_end() {
                let index = TurnIndex::Script(index);
                let problem = self.hidden_by(index, turn, "any number of times");
                let remedy = "limit that turn, as in `.times(2)`";
                return Err(self.error_in(hidden, (problem, remedy)));
            }
            // While this turn waits for its request, other requests reach the rules.
            if !answers_all && turn.count.min > 0 {
                break;
            }
        }
        Ok(())
    }

    /// Checks that no rule, and no script of one turn, answers all requests of a later rule or of `otherwise`.
    fn check_rules(&self) -> Result<(), ScenarioError> {
        let is_mixed = self.has_embeddings();
        let mut hiding: Vec<(TurnIndex, &Turn)> = Vec::new();
        if let [turn] = &*self.turns
            && !self.has_outsiders()
            && turn.has_no_end()
            && !turn.matchers.is_empty()
            && self.is_certain(turn, &[])
        {
            hiding.push((TurnIndex::Script(0), turn));
        }
        for &(index, rule) in &self.all_turns() {
            if index.in_script().is_some() {
                continue;
            }
            if let Some((first, hiding)) = hiding.find(&|(_, other)| covers(is_mixed, other, rule))
            {
                let problem = self.hidden_by(*first, hiding, "each time");
                let remedy = match first {
                    TurnIndex::Script(_) => "limit that turn, as in `.times(2)`",
                    _ => "move it before that rule, or remove one of the two",
                };
                return Err(self.error_in((index, rule), (problem, remedy)));
            }
            if self.is_certain(rule, &[]) {
                hiding.push((index, rule));
            }
        }
        Ok(())
    }

    fn hidden_by(&self, index: TurnIndex, hiding: &Turn, how: &str) -> String {
        let place = self.place_of(hiding);
        format!("it is never reached, because {index} at {place} answers all that it would, {how}")
    }

    /// Whether a request may belong to no instance, so that only the rules are asked.
    fn has_outsiders(&self) -> bool {
        !matches!(self.per, None | Some(Per::Conversation | Per::Model))
    }

    /// Whether each turn of the script, or of a lane, answers all requests that its matchers hold for.
    fn certain_turns(&self, lane: Option<usize>) -> Vec<bool> {
        let mut known = Vec::new();
        if let Some(Per::Matcher(matcher)) = &self.per {
            known.append(&mut certain_captures(std::slice::from_ref(matcher)));
        }
        if let Some(lane) = lane {
            known.append(&mut certain_captures(&self.lanes[lane].matchers));
        }
        let mut certain = Vec::new();
        for turn in self.turns_of(lane) {
            certain.push(self.is_certain(turn, &known));
            // Later turns come after this one has answered, so they have its captures.
            if turn.count.min > 0 {
                known.append(&mut certain_captures(&turn.matchers));
            }
        }
        certain
    }

    /// Whether the turn answers all requests that its matchers hold for: each variable has a value, and each tool is offered, with the
    /// arguments of the call.
    fn is_certain<'s>(&'s self, turn: &'s Turn, known: &[&'s Str]) -> bool {
        let own = certain_captures(&turn.matchers);
        let conjuncts = turn.conjuncts();
        let names_the_user =
            |matcher: &&Matcher| matches!(matcher, Matcher::User(_) | Matcher::AnyUserMessage(_));
        for &variable in &turn.variables() {
            let has_value = match variable {
                Variable::Model | Variable::Call => true,
                Variable::Capture(name) => own.contains(&name) || known.contains(&name),
                Variable::User => conjuncts.any(&names_the_user),
                Variable::Field { .. } => false,
            };
            if !has_value {
                return false;
            }
        }
        let asks_for_tools = !self.tools.is_empty() && !self.allow.unoffered_tools;
        let is_offered = |action: &Action| match action {
            Action::Call(call) => {
                // A matcher looks at the names of tools only.
                let has_fields = |tool: &Tool| {
                    matches!(tool.parameters, Parameters::Fields(_)) && tool.name == call.tool
                };
                let fits_any_schema =
                    matches!(call.arguments, Arguments::Raw(_)) || !self.tools.any(&has_fields);
                let offers = |matcher: &&Matcher| matches!(matcher, Matcher::HasTool(tool) if *tool == call.tool);
                fits_any_schema && conjuncts.any(&offers)
            }
            _ => true,
        };
        !asks_for_tools || turn.actions.all(&is_offered)
    }
}

impl Turn {
    fn has_no_end(&self) -> bool {
        self.count.max == u32::MAX
    }
}

/// The captures that exist whenever all of these hold.
fn certain_captures(matchers: &[Matcher]) -> Vec<&Str> {
    let mut captures = Vec::new();
    for &matcher in &Matcher::conjuncts(matchers) {
        let words = matcher.pattern().and_then(Pattern::words);
        for piece in words.unwrap_or_default() {
            if let PatternSegment::Capture { name, .. } = piece {
                captures.push(name);
            }
        }
    }
    captures
}

/// Whether the turn answers every request, of either kind.
fn is_for_all(is_mixed: bool, turn: &Turn) -> bool {
    turn.matchers.is_empty() && (!is_mixed || turn.kind().is_none())
}

/// Whether `wider` holds for all requests that `narrower` holds for, as far as their matchers tell. Closures may differ.
///
/// In a mixed scenario some turns have embeddings, and others do not answer requests for these.
pub(crate) fn covers(is_mixed: bool, wider: &Turn, narrower: &Turn) -> bool {
    let is_of_kind = || wider.kind().is_none() || wider.kind() == narrower.kind();
    if is_mixed && !is_of_kind() {
        return false;
    }
    Matcher::cover(&wider.matchers, &narrower.matchers)
}
