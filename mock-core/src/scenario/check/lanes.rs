//! Lanes and instances that cannot be played.

use super::Problem;
use super::http_answer::is_header_name;
use super::turn::problem_of_matchers;
use crate::scenario::{Lane, Matcher, Per, Scenario, SourceLocation};
use crate::search::Search;

/// A lane's pattern and `per` must hold throughout a conversation.
const SAID: &str = "write `said(..)`, or a matcher of what stays the same";

impl Scenario {
    /// The first lane that cannot be played: what it is called, where it is, and why.
    pub(super) fn problem_of_lanes(&self) -> Option<(String, SourceLocation, Problem)> {
        if let (false, false) = (self.lanes.is_empty(), self.turns.is_empty()) {
            let problem = "there are lanes and a script".to_owned();
            let remedy = "move the turns of the script into a lane for all requests";
            return Some(("the mock".to_owned(), self.place, (problem, remedy)));
        }
        for (index, lane) in self.lanes.iter().enumerate() {
            let problem = lane
                .problem()
                .or_else(|| self.problem_of_tools_in(&lane.matchers))
                .or_else(|| self.hidden_lane(index, lane));
            if let Some(problem) = problem {
                let place = SourceLocation {
                    file: lane.place.file.or(self.place.file),
                    line: lane.place.line,
                };
                return Some((format!("lane {}", index + 1), place, problem));
            }
        }
        let per = self.per.as_ref()?;
        let problem = per.problem().or_else(|| match per {
            Per::Matcher(matcher) => self.problem_of_tools_in(std::slice::from_ref(matcher)),
            _ => None,
        })?;
        Some(("`per`".to_owned(), self.place, problem))
    }

    /// Why no request is asked of a lane, if none is.
    fn hidden_lane(&self, index: usize, lane: &Lane) -> Option<Problem> {
        if self.allow.unused_turns {
            return None;
        }
        let mut before = self.lanes[..index].iter();
        let first = before.position(|before| Matcher::cover(&before.matchers, &lane.matchers))?;
        let problem = format!(
            "it is never asked, because lane {} fits all of its requests",
            first + 1
        );
        Some((
            problem,
            "move it before that lane, or remove one of the two",
        ))
    }
}

impl Lane {
    fn problem(&self) -> Option<Problem> {
        if self.turns.is_empty() {
            let problem = "it has no turns".to_owned();
            return Some((
                problem,
                "add one, as in `[reply(\"Hi.\")]`, or remove the lane",
            ));
        }
        let problem = problem_of_matchers(&self.matchers);
        problem.or_else(|| self.matchers.iter().find_map(passing))
    }
}

impl Per {
    fn problem(&self) -> Option<Problem> {
        let matcher = match self {
            Per::Matcher(matcher) => matcher,
            Per::Header(name) if !is_header_name(name) => {
                let problem = format!("`{name}` is not a header name");
                return Some((problem, "write letters, digits and `-`"));
            }
            _ => return None,
        };
        let problem = problem_of_matchers(std::slice::from_ref(matcher));
        if let Some(problem) = problem.or_else(|| passing(matcher)) {
            return Some(problem);
        }
        (!captures(matcher)).then(|| {
            let problem = "its matcher captures nothing to tell an instance by".to_owned();
            let remedy = "capture a text, as in `system(\"session {id:word}\")`";
            (problem, remedy)
        })
    }
}

/// A matcher that holds for some requests of a conversation and not for others.
fn passing(matcher: &Matcher) -> Option<Problem> {
    let is_user = |matcher: &Matcher| matches!(matcher, Matcher::User(_));
    let is_result = |matcher: &Matcher| matches!(matcher, Matcher::ToolResult(_));
    let word = match (matcher.any(&is_user), matcher.any(&is_result)) {
        (true, _) => "user",
        (_, true) => "tool_result",
        _ => return None,
    };
    let problem = format!("its `{word}(..)` holds for some requests of a conversation only");
    Some((problem, SAID))
}

/// Whether the matcher captures something whenever it holds.
fn captures(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::AnyOf(matchers) => matchers.all(&captures),
        Matcher::AllOf(matchers) => matchers.any(&captures),
        other => other
            .pattern()
            .is_some_and(|pattern| !pattern.captures().is_empty()),
    }
}
