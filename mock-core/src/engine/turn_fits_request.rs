//! Whether one turn can answer a request: its kind, its recording, its matchers, the tools that it calls, its vectors and its variables.

use super::match_context::MatchContext;
use super::select_turn::{Cursor, Selection};
use super::template_values::Values;
use super::tool_choice;
use crate::chat::embedding::EmbeddingRequest;
use crate::journal::verdict::Reason;
use crate::scenario::{Action, Arguments, Profile, Turn, TurnIndex};
use crate::search::Search;

impl MatchContext<'_> {
    /// Selects a turn, which is followed by this position in the script, or says why it cannot answer the request.
    #[inline]
    pub(super) fn answers(
        &self,
        index: TurnIndex,
        turn: &Turn,
        cursor: Cursor,
    ) -> Result<Selection, Reason> {
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
        if !self.request.extra.is_empty() && self.has_tool_choice() && !turn.is_replayed() {
            tool_choice::check(turn, self.request, self.scenario.profile)?;
        }
        if let Some(embedding) = self.embedding {
            fits_inputs(turn, embedding)?;
        }
        let values = match self.has_templates {
            true => self.values(turn, &captures)?,
            false => Values::default(),
        };
        Ok(Selection {
            turn: index,
            cursor,
            captures,
            values,
        })
    }

    /// Whether a choice of tools in the request is respected. Ollama's API ignores it.
    fn has_tool_choice(&self) -> bool {
        !self.scenario.allow.unoffered_tools && self.scenario.profile != Profile::Ollama
    }

    /// Checks that the request offers each declared tool that the turn calls, with the arguments that are declared.
    fn offers_the_tools(&self, turn: &Turn) -> Result<(), Reason> {
        for action in turn.actions.iter() {
            let Action::Call(call) = action else { continue };
            let Some(tool) = self.scenario.tools.find(&|tool| tool.name == call.tool) else {
                continue;
            };
            let Some(offered) = self.request.offered(&call.tool) else {
                return Err(Reason::NotOffered(call.tool.clone()));
            };
            if matches!(call.arguments, Arguments::Raw(_)) {
                continue;
            }
            if let Some(why) = tool.other_arguments(offered) {
                let tool = call.tool.clone();
                return Err(Reason::OtherArguments { tool, why });
            }
        }
        Ok(())
    }
}

/// Checks that a turn has as many vectors, of the same length, as the request asks for. A single vector answers every input.
fn fits_inputs(turn: &Turn, embedding: &EmbeddingRequest) -> Result<(), Reason> {
    let vectors = turn.embeddings();
    let (scripted, requested) = (vectors.len(), embedding.inputs.len());
    if scripted > 1 && scripted != requested {
        return Err(Reason::Inputs {
            scripted,
            requested,
        });
    }
    let Some(requested) = embedding.dimensions else {
        return Ok(());
    };
    for vector in vectors.iter().flatten() {
        let scripted = vector.len();
        if scripted != requested as usize {
            return Err(Reason::Dimensions {
                scripted,
                requested,
            });
        }
    }
    Ok(())
}
