//! Turns that are never reached, because another answers all that they would.

use super::Problem;
use crate::scenario::{
    Action, Matcher, Otherwise, Pattern, PatternSegment, Per, Scenario, Str, Turn, TurnIndex,
    Variable,
};
use crate::search::Search;

impl Scenario {
    /// The first turn or rule that no request can reach, and why. `allow = [unused_turns]` permits them.
    pub(in crate::scenario) fn unreachable(&self) -> Option<(TurnIndex, &Turn, Problem)> {
        if self.allow.unused_turns {
            return None;
        }
        let mut found = self.unreachable_in_script(None);
        for lane in 0..self.lanes.len() {
            if found.is_none() {
                found = self.unreachable_in_script(Some(lane));
            }
        }
        if found.is_none() {
            found = self.unreachable_behind_script();
        }
        if found.is_none() {
            found = self.unreachable_in_rules();
        }
        found
    }

    fn unreachable_in_script(&self, lane: Option<usize>) -> Option<(TurnIndex, &Turn, Problem)> {
        let turn_at = |turn| TurnIndex::scripted(lane, turn);
        let is_mixed = self.has_embeddings();
        let certain = self.certain_turns(lane);
        let mut endless: Option<(usize, &Turn)> = None;
        for (index, turn) in self.turns_of(lane).iter().enumerate() {
            let is_certain = certain[index];
            match endless {
                Some((first, hiding)) if covers(is_mixed, hiding, turn) => {
                    let remedy = "move it before that turn, or limit that one, as in `.times(2)`";
                    let problem = self.hidden_by(turn_at(first), hiding, "any number of times");
                    return Some((turn_at(index), turn, (problem, remedy)));
                }
                _ => endless = (is_certain && turn.has_no_end()).then_some((index, turn)),
            }
        }
        None
    }

    /// An `otherwise` after a script that answers everything.
    fn unreachable_behind_script(&self) -> Option<(TurnIndex, &Turn, Problem)> {
        if self.has_outsiders() {
            return None;
        }
        let is_mixed = self.has_embeddings();
        let certain = self.certain_turns(None);
        let mut endless = None;
        for (index, turn) in self.turns.iter().enumerate() {
            let answers_all = certain[index] && is_for_all(is_mixed, turn);
            if answers_all && turn.has_no_end() {
                endless = Some((index, turn));
                break;
            }
            // The script does not go on without this one.
            if !answers_all && turn.count.min > 0 {
                break;
            }
        }
        let (first, hiding) = endless?;
        // Requests of no wire are not for the script.
        let rule = self.rules.position(&|rule| !rule.names_paths());
        let (index, turn) = match (rule, &self.otherwise) {
            (Some(rule), _) => (TurnIndex::Rule(rule), &self.rules[rule]),
            (None, Otherwise::Turn(turn)) => (TurnIndex::Otherwise, turn),
            (None, _) => return None,
        };
        let problem = self.hidden_by(TurnIndex::Script(first), hiding, "any number of times");
        let remedy = "limit that turn, as in `.times(2)`";
        Some((index, turn, (problem, remedy)))
    }

    /// The first rule, or `otherwise`, behind a rule or a script of one turn that answers all of its requests.
    fn unreachable_in_rules(&self) -> Option<(TurnIndex, &Turn, Problem)> {
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
        let mut rules = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            rules.push((TurnIndex::Rule(index), rule));
        }
        if let Otherwise::Turn(turn) = &self.otherwise {
            rules.push((TurnIndex::Otherwise, turn));
        }
        for &(index, rule) in &rules {
            if let Some((first, hiding)) = hiding.find(&|(_, other)| covers(is_mixed, other, rule))
            {
                let problem = self.hidden_by(*first, hiding, "each time");
                let remedy = match first {
                    TurnIndex::Script(_) => "limit that turn, as in `.times(2)`",
                    _ => "move it before that rule, or remove one of the two",
                };
                return Some((index, rule, (problem, remedy)));
            }
            if self.is_certain(rule, &[]) {
                hiding.push((index, rule));
            }
        }
        None
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
            // The script goes on only after this turn, so that its captures are there.
            if turn.count.min > 0 {
                known.append(&mut certain_captures(&turn.matchers));
            }
        }
        certain
    }

    /// Whether the turn answers all requests that its matchers hold for: each variable has a value, and each tool is offered.
    fn is_certain<'s>(&'s self, turn: &'s Turn, known: &[&'s Str]) -> bool {
        let own = certain_captures(&turn.matchers);
        let conjuncts = turn.conjuncts();
        let names_the_user =
            |matcher: &&Matcher| matches!(matcher, Matcher::User(_) | Matcher::Said(_));
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
                let offers = |matcher: &&Matcher| matches!(matcher, Matcher::HasTool(tool) if *tool == call.tool);
                conjuncts.any(&offers)
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
