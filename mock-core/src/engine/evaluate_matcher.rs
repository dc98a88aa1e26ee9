//! Whether a matcher of a turn, a lane or an expectation holds for a request, and what it captures.

use super::match_context::MatchContext;
use crate::chat::conversation::latest_results;
use crate::chat::message::Message;
use crate::journal::verdict::Reason;
use crate::scenario::{Matcher, Pattern, Str};
use crate::search::Search;

impl MatchContext<'_> {
    /// Returns whether the matcher holds.
    ///
    /// # Errors
    /// If the matcher applies to this request, but the request cannot be answered.
    pub(super) fn matches(
        &self,
        matcher: &Matcher,
        captures: &mut Vec<(Str, String)>,
    ) -> Result<bool, Reason> {
        let request = self.request;
        let found = match matcher {
            Matcher::User(pattern) => request.user_text().and_then(|text| pattern.find(&text)),
            Matcher::AnyUserMessage(pattern) => find_in(&request.user_messages(), pattern),
            Matcher::System(pattern) => find_in(&request.instructions(), pattern),
            Matcher::Model(pattern) => pattern.find_whole(&request.model),
            Matcher::Header(name, pattern) => {
                self.head.and_then(|head| head.find_header(name, pattern))
            }
            Matcher::Path { method, pattern } => {
                let head = self.head;
                head.and_then(|head| head.find_path(method.as_deref(), pattern))
            }
            Matcher::ToolResult(tool) => return self.has_result_of(tool),
            Matcher::HasTool(tool) => return Ok(request.offers(tool)),
            Matcher::AnyOf(matchers) => return self.matches_any(matchers, captures),
            Matcher::AllOf(matchers) => return self.matches_all(matchers, captures),
            Matcher::Not(matchers) => {
                for matcher in matchers.iter() {
                    // Captures within `not(..)` are dropped.
                    if self.matches(matcher, &mut Vec::new())? {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
            Matcher::When(when) => return Ok(when.test.holds(request)),
        };
        let Some(mut found) = found else {
            return Ok(false);
        };
        match captures.is_empty() {
            true => *captures = found,
            false => captures.append(&mut found),
        }
        Ok(true)
    }

    /// Returns whether one of the matchers holds. If none does, the error of one of them is returned.
    fn matches_any(
        &self,
        matchers: &[Matcher],
        captures: &mut Vec<(Str, String)>,
    ) -> Result<bool, Reason> {
        let mut error = None;
        for matcher in matchers {
            match self.matches(matcher, captures) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(reason) => error = error.or(Some(reason)),
            }
        }
        error.map_or(Ok(false), Err)
    }

    /// Returns whether all of the matchers hold. If one does not, the captures of those before it are dropped.
    fn matches_all(
        &self,
        matchers: &[Matcher],
        captures: &mut Vec<(Str, String)>,
    ) -> Result<bool, Reason> {
        let kept = captures.len();
        for matcher in matchers {
            let holds = self.matches(matcher, captures);
            if !matches!(holds, Ok(true)) {
                captures.truncate(kept);
                return holds;
            }
        }
        Ok(true)
    }

    fn has_result_of(&self, tool: &Str) -> Result<bool, Reason> {
        let latest = || latest_results(&self.request.messages);
        let results = self.latest_results.get_or_init(latest);
        let is_of_tool = |of: &Option<&str>| *of == Some(&**tool);
        if !results.any(&|(of, _)| is_of_tool(of)) {
            return Ok(false);
        }
        let declared = self.scenario.tools.find(&|known| known.name == *tool);
        let Some(schema) = declared.and_then(|tool| tool.returns.as_ref()) else {
            return Ok(true);
        };
        for (of, result) in results {
            let misfit = match result.json() {
                _ if result.is_error || !is_of_tool(of) => None,
                Ok(value) => schema.misfit(&value),
                Err(_) => Some("it is not JSON".to_owned()),
            };
            if let Some(misfit) = misfit {
                let tool = tool.clone();
                return Err(Reason::ResultMisfit { tool, misfit });
            }
        }
        Ok(true)
    }
}

/// Returns what the pattern captures in the first message that it matches.
fn find_in(messages: &[&Message], pattern: &Pattern) -> Option<Vec<(Str, String)>> {
    let mut messages = messages.iter();
    messages.find_map(|message| pattern.find(&message.text()))
}
