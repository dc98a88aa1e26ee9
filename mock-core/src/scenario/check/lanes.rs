//! The mistakes in lanes and instances.

use std::slice;

use super::http_answer::check_header_name;
use super::turn::check_matchers;
use super::{Checked, ScenarioError, error, reject};
use crate::scenario::{Lane, Matcher, Per, Scenario};
use crate::search::Search;

/// A lane's pattern and `per` must hold throughout a conversation.
const HELP: &str = "write `any_user_message(..)`, or a matcher of what stays the same";

impl Scenario {
    /// Checks its lanes and its instances.
    pub(super) fn check_lanes(&self) -> Result<(), ScenarioError> {
        reject(&[(
            !self.lanes.is_empty() && !self.turns.is_empty(),
            "there are lanes and a script",
            "move the turns of the script into a lane for all requests",
        )])
        .map_err(|problem| error("the mock", self.place, problem))?;
        for (index, lane) in self.lanes.iter().enumerate() {
            self.check_lane(index, lane).map_err(|problem| {
                let place = lane.place.or_in(self.place);
                error(&format!("lane {}", index + 1), place, problem)
            })?;
        }
        match &self.per {
            Some(per) => self
                .check_per(per)
                .map_err(|problem| error("`per`", self.place, problem)),
            None => Ok(()),
        }
    }

    fn check_lane(&self, index: usize, lane: &Lane) -> Checked {
        reject(&[(
            lane.turns.is_empty(),
            "it has no turns",
            "add one, as in `[reply(\"Hi.\")]`, or remove the lane",
        )])?;
        check_matchers(&lane.matchers)?;
        for matcher in lane.matchers.iter() {
            check_whether_it_lasts(matcher)?;
        }
        self.check_tools_in(&lane.matchers)?;
        // An earlier lane that takes all requests of this one makes it unreachable.
        let hides = |before: &Lane| Matcher::cover(&before.matchers, &lane.matchers);
        if let Some(first) = self.lanes[..index].position(&hides)
            && !self.allow.unused_turns
        {
            let problem = format!(
                "it is never asked, because lane {} fits all of its requests",
                first + 1
            );
            let remedy = "move it before that lane, or remove one of the two";
            return Err((problem, remedy));
        }
        Ok(())
    }

    fn check_per(&self, per: &Per) -> Checked {
        match per {
            Per::Header(name) => check_header_name(name),
            Per::Matcher(matcher) => {
                check_matchers(slice::from_ref(matcher))?;
                check_whether_it_lasts(matcher)?;
                let captures = |matcher: &Matcher| {
                    let pattern = matcher.pattern();
                    pattern.is_some_and(|pattern| !pattern.captures().is_empty())
                };
                reject(&[(
                    !matcher.requires(&captures),
                    "its matcher captures nothing to tell an instance by",
                    "capture a text, as in `system(\"session {id:word}\")`",
                )])?;
                self.check_tools_in(slice::from_ref(matcher))
            }
            Per::Conversation | Per::Model => Ok(()),
        }
    }
}

/// Checks that a matcher does not hold for some requests of a conversation only.
fn check_whether_it_lasts(matcher: &Matcher) -> Checked {
    let is_user = |matcher: &Matcher| matches!(matcher, Matcher::User(_));
    let is_result = |matcher: &Matcher| matches!(matcher, Matcher::ToolResult(_));
    let word = match (matcher.any(&is_user), matcher.any(&is_result)) {
        (true, _) => "user",
        (_, true) => "tool_result",
        _ => return Ok(()),
    };
    let problem = format!("its `{word}(..)` holds for some requests of a conversation only");
    Err((problem, HELP))
}
