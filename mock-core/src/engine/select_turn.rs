//! Chooses the turn that answers a request. The choice depends only on the scenario, the progress so far and the request.

use super::match_context::MatchContext;
use super::template_values::Values;
use crate::journal::verdict::{Reason, TurnMismatch};
use crate::scenario::{Otherwise, Str, Turn, TurnIndex};
use crate::search::Search;

/// The position in a script.
#[derive(Clone, Copy, PartialEq, Default)]
pub(crate) struct Cursor {
    /// The index of the turn at the head.
    pub(crate) turn: usize,
    /// The number of its answers so far.
    pub(crate) used: u32,
    /// The number of times that the script has started again.
    pub(crate) round: u32,
}

/// The turn that answers, and the values that it needs.
pub(crate) struct Selection {
    /// The turn.
    pub(crate) turn: TurnIndex,
    /// The position in the script afterwards.
    pub(crate) cursor: Cursor,
    /// The captures of its matchers.
    pub(crate) captures: Vec<(Str, String)>,
    /// The values of the variables in its texts.
    pub(crate) values: Values,
}

/// Finds the turn that answers: in the script, then in the rules, then `otherwise`.
pub(crate) fn select(
    context: &MatchContext<'_>,
    cursor: Cursor,
) -> Result<Selection, Vec<TurnMismatch>> {
    let mut misses = Vec::new();
    // A recorded exchange can have any path.
    if context.may_answer(context.lane.is_some() || context.scenario.is_recorded())
        && let Some(selection) = context.script(cursor, &mut misses)
    {
        return Ok(selection);
    }
    for (index, rule) in context.scenario.rules.iter().enumerate() {
        let index = TurnIndex::Rule(index);
        if let Some(selection) = context.outside_script(index, rule, cursor, &mut misses) {
            return Ok(selection);
        }
    }
    if let Otherwise::Turn(turn) = &context.scenario.otherwise
        && context.may_use_otherwise
        && let Some(selection) =
            context.outside_script(TurnIndex::Otherwise, turn, cursor, &mut misses)
    {
        return Ok(selection);
    }
    Err(misses)
}

impl MatchContext<'_> {
    /// Returns the head of the script. If its matchers fail and it has reached its minimum, tries the next turn, and so on.
    #[inline]
    fn script(&self, mut cursor: Cursor, misses: &mut Vec<TurnMismatch>) -> Option<Selection> {
        let turns = self.turns;
        let begun = cursor.round;
        loop {
            let Some(turn) = turns.get(cursor.turn) else {
                let cycles = matches!(self.scenario.otherwise, Otherwise::Cycle);
                if !cycles || cursor.round > begun || turns.is_empty() {
                    return None;
                }
                cursor = Cursor {
                    turn: 0,
                    used: 0,
                    round: begun.saturating_add(1),
                };
                continue;
            };
            if cursor.used < self.max(cursor.turn, turn) {
                let index = TurnIndex::scripted(self.lane, cursor.turn);
                let after = Cursor {
                    used: cursor.used.saturating_add(1),
                    ..cursor
                };
                match self.answers(index, turn, after) {
                    Ok(selection) => return Some(selection),
                    // When `cycle` starts the script again, some turns are tried twice.
                    Err(_) if misses.any(&|miss| miss.turn == index) => {}
                    Err(reason) => misses.push(TurnMismatch {
                        turn: index,
                        reason,
                    }),
                }
                if cursor.used < turn.count.min && !self.are_turns_optional {
                    return None;
                }
            }
            cursor.turn += 1;
            cursor.used = 0;
        }
    }

    /// Returns how often the turn at this index may answer.
    fn max(&self, index: usize, turn: &Turn) -> u32 {
        let is_last = index + 1 == self.turns.len();
        match is_last && matches!(self.scenario.otherwise, Otherwise::RepeatLast) {
            true => u32::MAX,
            false => turn.count.max,
        }
    }

    /// Whether the matchers of a turn hold, so that the report says why the turn cannot answer.
    fn is_for(&self, turn: &Turn) -> bool {
        self.hold(&turn.matchers, &mut Vec::new())
    }

    /// Selects a rule or `otherwise`, if it matches.
    fn outside_script(
        &self,
        index: TurnIndex,
        turn: &Turn,
        cursor: Cursor,
        misses: &mut Vec<TurnMismatch>,
    ) -> Option<Selection> {
        if !self.may_answer(turn.names_paths()) {
            return None;
        }
        match self.answers(index, turn, cursor) {
            Ok(selection) => return Some(selection),
            // A rule whose matchers do not hold is not worth a line in the report.
            Err(reason) if reason.is_mismatch() => {}
            Err(Reason::OtherKind) if !self.is_for(turn) => {}
            Err(reason) => misses.push(TurnMismatch {
                turn: index,
                reason,
            }),
        }
        None
    }
}
