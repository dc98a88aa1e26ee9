//! Chooses the turn that answers a request. The choice depends only on the scenario, the progress so far and the request.

use std::cell::OnceCell;

use super::captures::{Captures, NO_CAPTURES};
use super::template_values::{ValueSource, Values};
use crate::chat::conversation::NamedResult;
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::request::Request;
use crate::journal::verdict::{Reason, TurnMismatch};
use crate::scenario::request_head::RequestHead;
use crate::scenario::{Action, Otherwise, Scenario, Str, Turn, TurnIndex};
use crate::search::Search;

/// The position in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    /// The index of the turn at the head.
    pub(crate) turn: usize,
    /// The number of its answers so far.
    pub(crate) used: u32,
    /// The number of times that the script has started again.
    pub(crate) round: u32,
}

/// The turn that answers, and the values that it needs.
#[derive(Debug)]
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

/// A request, with everything that the choice depends on.
pub(crate) struct MatchContext<'a> {
    pub(crate) scenario: &'a Scenario,
    /// The lane of the request, if the mock has lanes.
    pub(crate) lane: Option<usize>,
    /// The turns of the request's script.
    pub(crate) turns: &'a [Turn],
    /// Whether each of them may be left out, whatever its minimum.
    pub(crate) are_turns_optional: bool,
    /// The captures from choosing the script.
    pub(crate) located: &'a [(Str, String)],
    /// Whether `otherwise` may answer the request.
    pub(crate) may_use_otherwise: bool,
    /// Earlier captures.
    pub(crate) captures: &'a Captures,
    pub(crate) request: &'a Request,
    /// The head of the HTTP request; `None` in process, and if no matcher needs it.
    pub(crate) head: Option<&'a RequestHead>,
    /// The request for embeddings; `None` if it asks for a chat answer.
    pub(crate) embedding: Option<&'a EmbeddingRequest>,
    /// Whether the scenario has turns with embeddings, so that each turn answers only requests of its kind.
    pub(crate) has_embedding_turns: bool,
    /// The number of the call.
    pub(crate) call: usize,
    /// Whether a text of the scenario has variables.
    pub(crate) has_templates: bool,
    /// The latest results of the request, once a matcher asks for them.
    pub(crate) latest_results: OnceCell<Vec<NamedResult<'a>>>,
}

impl<'a> MatchContext<'a> {
    /// A request that has no script, for matchers that are asked outside of a decision.
    pub(super) fn without_script(
        scenario: &'a Scenario,
        request: &'a Request,
        head: Option<&'a RequestHead>,
    ) -> Self {
        MatchContext {
            scenario,
            lane: None,
            turns: &[],
            are_turns_optional: false,
            located: &[],
            may_use_otherwise: false,
            captures: &NO_CAPTURES,
            request,
            head,
            embedding: None,
            has_embedding_turns: false,
            call: 0,
            has_templates: false,
            latest_results: OnceCell::new(),
        }
    }
}

/// Finds the turn that answers: in the script, then in the rules, then `otherwise`.
pub(crate) fn select(
    context: &MatchContext<'_>,
    cursor: Cursor,
) -> Result<Selection, Vec<TurnMismatch>> {
    let mut misses = Vec::new();
    // A recorded exchange may be of any path.
    if context.may_answer(context.lane.is_some() || context.scenario.is_recorded())
        && let Some(selection) = context.script(cursor, &mut misses)
    {
        return Ok(selection);
    }
    for (index, rule) in context.scenario.rules.iter().enumerate() {
        if let Some(answers) = context.match_turn(TurnIndex::Rule(index), rule, &mut misses) {
            return Ok(answers.selection(TurnIndex::Rule(index), cursor));
        }
    }
    if let Otherwise::Turn(turn) = &context.scenario.otherwise
        && context.may_use_otherwise
        && let Some(answers) = context.match_turn(TurnIndex::Otherwise, turn, &mut misses)
    {
        return Ok(answers.selection(TurnIndex::Otherwise, cursor));
    }
    Err(misses)
}

/// The values that a turn needs for its answer.
struct TurnMatch {
    captures: Vec<(Str, String)>,
    values: Values,
}

impl TurnMatch {
    fn selection(self, turn: TurnIndex, cursor: Cursor) -> Selection {
        Selection {
            turn,
            cursor,
            captures: self.captures,
            values: self.values,
        }
    }
}

impl MatchContext<'_> {
    /// Returns whether the request is for an endpoint of a model. In process all requests are.
    pub(super) fn asks_model(&self) -> bool {
        self.head.is_none_or(|head| head.asks_model)
    }

    /// Whether a rule or a lane may answer the request. If the path is not one of a wire, only those that name paths may.
    pub(super) fn may_answer(&self, names_paths: bool) -> bool {
        names_paths || self.asks_model()
    }

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
                match self.answers(turn) {
                    Ok(answers) => {
                        let after = Cursor {
                            used: cursor.used.saturating_add(1),
                            ..cursor
                        };
                        let turn = TurnIndex::scripted(self.lane, cursor.turn);
                        return Some(answers.selection(turn, after));
                    }
                    Err(reason) => {
                        let turn = TurnIndex::scripted(self.lane, cursor.turn);
                        // A script that begins anew asks some turns twice.
                        if misses.all(&|miss| miss.turn != turn) {
                            misses.push(TurnMismatch { turn, reason });
                        }
                    }
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

    #[inline]
    fn answers(&self, turn: &Turn) -> Result<TurnMatch, Reason> {
        if self.has_embedding_turns
            && turn
                .kind()
                .is_some_and(|kind| kind.is_embedding() != self.embedding.is_some())
        {
            return Err(Reason::OtherKind);
        }
        #[cfg(feature = "cassette")]
        if let (None, Some(exchange)) = (self.lane, turn.replay.exchange())
            && !exchange.is_for(self.head, self.request, self.embedding.is_some())
        {
            return Err(Reason::NotRecorded);
        }
        let mut captures = match self.located {
            [] => Vec::new(),
            located => located.to_vec(),
        };
        for (index, matcher) in turn.matchers.iter().enumerate() {
            if !self.matches(matcher, &mut captures)? {
                return Err(Reason::Unmatched(index));
            }
        }
        if !self.scenario.tools.is_empty() && !self.scenario.allow.unoffered_tools {
            self.offers_the_tools(turn)?;
        }
        if let Some(embedding) = self.embedding {
            fits_inputs(turn, embedding)?;
        }
        let values = match self.has_templates {
            true => Values::of(
                turn,
                &ValueSource {
                    request: self.request,
                    call: self.call,
                    captures: &captures,
                    earlier: self.captures,
                },
            )?,
            false => Values::default(),
        };
        Ok(TurnMatch { captures, values })
    }

    /// Whether the matchers of a turn hold, so that the report says why the turn cannot answer.
    fn is_for(&self, turn: &Turn) -> bool {
        self.hold(&turn.matchers, &mut Vec::new())
    }

    /// Returns the values that a rule or `otherwise` needs for its answer, if it matches.
    fn match_turn(
        &self,
        index: TurnIndex,
        turn: &Turn,
        misses: &mut Vec<TurnMismatch>,
    ) -> Option<TurnMatch> {
        if !self.may_answer(turn.names_paths()) {
            return None;
        }
        match self.answers(turn) {
            Ok(answers) => return Some(answers),
            // A rule for other requests is not worth a report.
            Err(reason) if reason.is_mismatch() => {}
            Err(Reason::OtherKind) if !self.is_for(turn) => {}
            Err(reason) => misses.push(TurnMismatch {
                turn: index,
                reason,
            }),
        }
        None
    }

    /// Checks that the request offers each declared tool that the turn calls.
    fn offers_the_tools(&self, turn: &Turn) -> Result<(), Reason> {
        for action in turn.actions.iter() {
            if let Action::Call(call) = action
                && self.scenario.tools.any(&|tool| tool.name == call.tool)
                && !self.request.offers(&call.tool)
            {
                return Err(Reason::NotOffered(call.tool.clone()));
            }
        }
        Ok(())
    }
}

/// Checks that a turn has as many vectors, of the same length, as the request asks for. A single vector answers every input.
fn fits_inputs(turn: &Turn, embedding: &EmbeddingRequest) -> Result<(), Reason> {
    let vectors = turn.embeddings();
    let (has, asked) = (vectors.len(), embedding.inputs.len());
    if has > 1 && has != asked {
        return Err(Reason::Inputs { has, asked });
    }
    let Some(asked) = embedding.dimensions else {
        return Ok(());
    };
    for vector in vectors.iter().flatten() {
        let has = vector.len();
        if has != asked as usize {
            return Err(Reason::Dimensions { has, asked });
        }
    }
    Ok(())
}
