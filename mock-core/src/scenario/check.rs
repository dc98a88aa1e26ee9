use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::response::Response;

use super::tool::first_repeated;
use super::{
    Action, After, Count, Delay, Failure, FaultKind, Flush, Matcher, Otherwise, Pace, Place,
    Profile, Scenario, Split, Str, Tool, Turn, TurnIndex, Variable,
};

/// Why a [`Scenario`] cannot be played: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError {
    what: String,
    place: String,
    problem: String,
    remedy: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ScenarioError {
            what,
            place,
            problem,
            remedy,
        } = self;
        write!(f, "{what} at {place} cannot be played: {problem}; {remedy}")
    }
}

impl std::error::Error for ScenarioError {}

/// The problem and the remedy.
pub(crate) type Problem = (String, &'static str);

impl Scenario {
    /// Checks whether the scenario can be played. A mock does this when it is made from a scenario of the builder.
    ///
    /// # Errors
    /// Returns the first part that cannot be played, or that no request can reach: a turn, a rule or `otherwise` after one that answers all
    /// of its requests. [`Allow::unused_turns`](super::Allow::unused_turns) permits those. `mock_provider!` also rejects scenarios that can
    /// be played but are probably mistakes.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// assert!(script([reply("Hi.")]).check().is_ok());
    /// let error = script([reply("Hi.").times(0)]).check().unwrap_err();
    /// assert!(error.to_string().contains("it never answers; write `.times(1)`"));
    /// ```
    pub fn check(&self) -> Result<(), ScenarioError> {
        self.check_whole().map_err(|problem| {
            let what = match &self.name {
                Some(name) => format!("the mock `{name}`"),
                None => "the mock".to_owned(),
            };
            error(what, self.place, problem)
        })?;
        if let Some((what, place, problem)) = self.problem_of_lanes() {
            return Err(error(what, place, problem));
        }
        let mut names = HashMap::new();
        for (place, (index, turn)) in self.all_turns().into_iter().enumerate() {
            let problem = turn.problem(index, self).or_else(|| {
                let name = turn.name.as_deref()?;
                let problem = format!("another turn is called `{name}` too");
                let is_again = names.insert(name, place).is_some();
                is_again.then_some((problem, "give each a name of its own"))
            });
            if let Some(problem) = problem {
                return Err(error(index.to_string(), self.place_of(turn), problem));
            }
        }
        if let Some((index, turn, problem)) = self.repeated_id().or_else(|| self.unreachable()) {
            return Err(error(index.to_string(), self.place_of(turn), problem));
        }
        Ok(())
    }

    /// What is wrong with more than a turn.
    fn check_whole(&self) -> Result<(), Problem> {
        match self.latency.delay {
            Delay::Uniform(least, most) if least >= most => Err((
                format!("its latency from {least:?} to {most:?} is empty"),
                "write the shorter time first",
            )),
            Delay::Growing(_, by) if !(by.is_finite() && by >= 0.0) => Err((
                format!("its latency grows by {by}"),
                "write a share of the first time, such as 0.10",
            )),
            _ => Ok(()),
        }?;
        let tools: Vec<_> = self.tools.iter().map(|tool| &tool.name).collect();
        if let Some(tool) = first_repeated(&tools) {
            let problem = format!("the tool `{tool}` is declared twice");
            return Err((problem, "remove one of the two"));
        }
        let twice = self
            .tools
            .iter()
            .find_map(|tool| Some((tool, tool.twice()?)));
        if let Some((tool, name)) = twice {
            let problem = format!("the tool `{}` declares `{name}` twice", tool.name);
            return Err((problem, "give each a name of its own"));
        }
        let is_object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).is_ok();
        if let Some(metadata) = &self.metadata
            && !is_object(metadata)
        {
            let problem = format!("its metadata is `{metadata}`");
            return Err((problem, "write a JSON object"));
        }
        match &self.otherwise {
            Otherwise::RepeatLast | Otherwise::Cycle
                if self.turns.is_empty() && self.lanes.is_empty() =>
            {
                Err((
                    "it has no script to repeat".to_owned(),
                    "write turns, or what answers otherwise",
                ))
            }
            _ => Ok(()),
        }
    }
}

impl Turn {
    /// Why the turn, which stands at this place of the scenario, cannot be played, if it cannot.
    fn problem(&self, index: TurnIndex, scenario: &Scenario) -> Option<Problem> {
        self.problem_of_count(index)
            .or_else(|| self.problem_of_matchers(index, scenario))
            .or_else(|| self.problem_of_tools(&scenario.tools))
            .or_else(|| self.problem_of_actions())
            .or_else(|| self.problem_of_embeddings())
            .or_else(|| self.problem_of_failure())
            .or_else(|| self.problem_of_headers())
            .or_else(|| self.problem_of_raw_answer(scenario.profile))
            .or_else(|| self.problem_of_signatures())
            .or_else(|| self.problem_of_pieces())
            .or_else(|| self.problem_of_keepalive())
            .or_else(|| {
                let calls = |action: &Action| matches!(action, Action::Call(_));
                (!scenario.capabilities.tools && self.has(calls)).then(|| {
                    (
                        "it calls a tool, and the mock refuses requests that offer tools"
                            .to_owned(),
                        "add `tools` to the capabilities",
                    )
                })
            })
    }

    pub(super) fn has(&self, test: impl Fn(&Action) -> bool) -> bool {
        self.actions.iter().any(test)
    }

    fn problem_of_count(&self, index: TurnIndex) -> Option<Problem> {
        let Count { min, max } = self.count;
        match index {
            TurnIndex::Script(_) | TurnIndex::Lane { .. } if max == 0 => Some((
                "it never answers".to_owned(),
                "write `.times(1)`, or `.times(0..=1)` for a turn that may be left out",
            )),
            TurnIndex::Script(_) | TurnIndex::Lane { .. } if max < min => Some((
                format!("it answers at least {min} and at most {max} times"),
                "write the smaller number first",
            )),
            TurnIndex::Script(_) | TurnIndex::Lane { .. } => None,
            TurnIndex::Rule(_) | TurnIndex::Otherwise => (self.count != Count::ALWAYS).then(|| {
                (
                    "it answers as often as it is asked".to_owned(),
                    "remove `.times(..)`, or write it into the script",
                )
            }),
        }
    }

    fn problem_of_matchers(&self, index: TurnIndex, scenario: &Scenario) -> Option<Problem> {
        if index == TurnIndex::Otherwise && !self.matchers.is_empty() {
            return Some((
                "it answers whatever is asked".to_owned(),
                "remove `on(..)`, or make it a rule",
            ));
        }
        let script = match index {
            TurnIndex::Script(_) => Some("the script, which answers in order"),
            TurnIndex::Lane { lane, .. } => {
                let names_paths = scenario.lanes[lane].names_paths();
                (!names_paths).then_some("a lane whose pattern names no path")
            }
            TurnIndex::Rule(_) | TurnIndex::Otherwise => None,
        };
        let is_path = |matcher: &Matcher| matches!(matcher, Matcher::Path { .. });
        let mut matchers = self.matchers.iter();
        if let Some(script) = script
            && matchers.any(|matcher| matcher.any(&is_path))
        {
            let problem = format!("its `path(..)` stands in {script}");
            return Some((
                problem,
                "make it a rule, or a lane of its own for that path",
            ));
        }
        problem_of_matchers(&self.matchers)
    }

    /// Where tools are declared, no other is called, waited for, or asked for a field of its result.
    fn problem_of_tools(&self, declared: &[Tool]) -> Option<Problem> {
        let is_declared = |tool: &Str| declared.iter().any(|known| known.name == *tool);
        let misfit = |action: &Action| match action {
            Action::Call(call) => {
                let tool = declared.iter().find(|known| known.name == call.tool)?;
                Some((tool, tool.misfit_of(call)?))
            }
            _ => None,
        };
        if let Some((tool, misfit)) = self.actions.iter().find_map(misfit) {
            let problem = format!(
                "its call of `{}` does not fit that tool: {misfit}",
                tool.name
            );
            let remedy = "write its arguments, or `verbatim(..)` for others";
            return Some((problem, remedy));
        }
        if declared.is_empty() {
            return None;
        }
        let undeclared = self.tools().into_iter().find(|tool| !is_declared(tool))?;
        let names: Vec<_> = declared
            .iter()
            .map(|tool| format!("`{}`", tool.name))
            .collect();
        let names = names.join(", ");
        let problem = format!("it names the tool `{undeclared}`, which is not declared: {names}");
        let verb = if declared.len() == 1 { "is" } else { "are" };
        let remedy = "declare it, or write one of these";
        Some((format!("{problem} {verb}"), remedy))
    }

    /// The tools that it names: in its matchers, its calls and its templates.
    fn tools(&self) -> Vec<&Str> {
        fn of_matcher<'m>(matcher: &'m Matcher, tools: &mut Vec<&'m Str>) {
            match matcher {
                Matcher::ToolResult(tool) | Matcher::HasTool(tool) => tools.push(tool),
                Matcher::AnyOf(inner) | Matcher::AllOf(inner) | Matcher::Not(inner) => {
                    inner.iter().for_each(|matcher| of_matcher(matcher, tools));
                }
                _ => {}
            }
        }

        let mut tools = Vec::new();
        for matcher in self.matchers.iter() {
            of_matcher(matcher, &mut tools);
        }
        for action in self.actions.iter() {
            if let Action::Call(call) = action {
                tools.push(&call.tool);
            }
        }
        for variable in self.variables() {
            if let Variable::Field { tool, .. } = variable {
                tools.push(tool);
            }
        }
        tools
    }

    fn problem_of_failure(&self) -> Option<Problem> {
        let failing = self.actions.iter().filter_map(|action| match action {
            Action::Fail(failure) => Some(failure),
            _ => None,
        });
        let fault = self.fault.iter().filter_map(|fault| match &fault.kind {
            FaultKind::Error(failure) => Some(failure),
            _ => None,
        });
        let within = fault.clone().find(|failure| failure.has_reply());
        if let Some(failure) = within {
            let problem = format!(
                "its `{}` comes within an answer, which has begun",
                failure.kind
            );
            return Some((problem, "remove `.header(..)` and `.body(..)`"));
        }
        failing.chain(fault).find_map(Failure::problem)
    }

    fn problem_of_headers(&self) -> Option<Problem> {
        if self.headers.is_empty() {
            return None;
        }
        let is_silent = match self.actions.iter().find(|action| !action.is_wait()) {
            Some(Action::Fail(failure)) => failure.is_no_answer(),
            Some(Action::Hang) => self.fault.is_none(),
            _ => false,
        };
        if is_silent {
            let problem = "it has headers, and sends no answer".to_owned();
            return Some((problem, "remove `.headers(..)`"));
        }
        unsendable(None, &self.headers, false)
    }

    /// What does not go with `raw(..)` and `frames(..)`.
    fn problem_of_raw_answer(&self, profile: Profile) -> Option<Problem> {
        let is_raw = self.has(|action| matches!(action, Action::Raw(_)));
        let is_framed = self.has(|action| matches!(action, Action::Frames(_)));
        let wrong = |problem: &str, remedy| Some((problem.to_owned(), remedy));
        if !is_raw && !is_framed {
            return match self.status {
                Some(_) => wrong(
                    "it has a status, and no raw answer",
                    "remove `.status(..)`, or write `raw(..)`; a failure has a status of its own",
                ),
                None => None,
            };
        }
        if !profile.has_wire() {
            let problem = format!("no wire of the profile `{}` is spoken", profile.word());
            let remedy = "write another profile, such as `openai`";
            return Some((problem, remedy));
        }
        let is_other = |action: &Action| match action {
            Action::Gate(_) | Action::Pause(_) | Action::Raw(_) => false,
            Action::Frames(_) | Action::Hang => is_raw,
            _ => true,
        };
        let raws = self
            .actions
            .iter()
            .filter(|action| matches!(action, Action::Raw(_)));
        if self.has(is_other) || raws.count() > 1 {
            return wrong(
                "its raw answer is all that it says",
                "write two turns, or all of it in the raw answer",
            );
        }
        if self.has(|action| matches!(action, Action::Frames(frames) if frames.is_empty())) {
            return wrong("it has no frames", "name some, or write `raw(\"\")`");
        }
        if self.finish.is_set() || self.usage.is_set() {
            return wrong(
                "its raw answer has an end of its own",
                "remove `.finish(..)` and `.usage(..)`",
            );
        }
        if is_raw && self.pace != Pace::NONE {
            return wrong(
                "its body comes whole",
                "remove `.every(..)` or `.tokens_per_second(..)`, or write `frames([..])`",
            );
        }
        if let Some(After::Finish | After::Done) = self.fault.as_ref().map(|fault| fault.after) {
            return wrong(
                "its end is in the raw answer, where the mock does not look for it",
                "write `all` there",
            );
        }
        let fault = self.fault.as_ref().map(|fault| &fault.kind);
        let is_fault_of_raw = matches!(fault, None | Some(FaultKind::Cut | FaultKind::Stall));
        if is_raw && !is_fault_of_raw {
            return wrong(
                "a raw body breaks off only by a cut or a stall",
                "write `.cut_after(..)` or `.stall_after(..)`, or write the rest of it into the body",
            );
        }
        let has_body = |action: &Action| match action {
            Action::Raw(body) => !body.is_empty(),
            other => matches!(other, Action::Frames(_)),
        };
        unsendable(self.status, &[], self.has(has_body))
    }

    fn problem_of_actions(&self) -> Option<Problem> {
        if self.actions.iter().all(Action::is_wait) {
            let remedy = "add what it answers, as in `.reply(\"Hi.\")`";
            return Some(("it answers with nothing".to_owned(), remedy));
        }
        let empty = |action: &Action| matches!(action, Action::Stream(pieces) | Action::ReasoningStream(pieces) | Action::RefusalStream(pieces) if pieces.is_empty());
        if self.has(empty) {
            let problem = "its stream has no pieces".to_owned();
            return Some((problem, "name some, or write `.reply(\"\")`"));
        }
        let is_gate = |action: &Action| matches!(action, Action::Gate(_));
        let said = self.actions.iter().filter(|action| !is_gate(action));
        let said = said.count();
        let fails = self.has(|action| matches!(action, Action::Fail(_)));
        if fails && let Some((problem, remedy)) = self.problem_of_failing(said) {
            return Some((problem.to_owned(), remedy));
        }
        if self.has(|action| matches!(action, Action::Respond(_))) && said > 1 {
            let problem = "its closure says all that it answers".to_owned();
            return Some((problem, "put the rest into the closure's response"));
        }
        self.problem_of_end()
    }

    /// What does not go with its failure, where it has so many actions that say something.
    fn problem_of_failing(&self, said: usize) -> Option<(&'static str, &'static str)> {
        Some(if said > 1 {
            let remedy = "write two turns, or `.error_after(..)`";
            ("it fails, and says more", remedy)
        } else if self.fault.is_some() {
            let problem = "it fails, and has no answer to break off";
            (problem, "remove the fault")
        } else if !self.ttft.is_zero() {
            let remedy = "remove `.ttft(..)`; before a failure goes a latency, or a gate";
            ("it fails, and has no first token", remedy)
        } else if self.pace != Pace::NONE {
            let remedy = "remove `.every(..)` or `.tokens_per_second(..)`";
            ("it fails, and streams nothing", remedy)
        } else if self.keepalive.is_some() {
            let problem = "it fails, and has no stream to keep alive";
            (problem, "remove `.keepalive(..)`")
        } else if self.flush != Flush::Together {
            ("it fails, and streams nothing", "remove `.flush(..)`")
        } else {
            return None;
        })
    }

    fn problem_of_signatures(&self) -> Option<Problem> {
        let said = self.actions.iter().filter(|action| !action.is_wait());
        // A driver may say reasoning.
        let sealed = |action: &Action| action.is_reasoning() || matches!(action, Action::Driven(_));
        let before = std::iter::once(None).chain(said.clone().map(Some));
        let mut pairs = before.zip(said);
        pairs
            .any(|(before, action)| {
                matches!(action, Action::Signature(_)) && !before.is_some_and(sealed)
            })
            .then(|| {
                (
                    "a signature stands behind no reasoning".to_owned(),
                    "write `.signature(..)` right after `.reasoning(..)`",
                )
            })
    }

    fn stalls(&self) -> bool {
        let fault = self.fault.as_ref();
        fault.is_some_and(|fault| fault.kind == FaultKind::Stall)
    }

    fn problem_of_keepalive(&self) -> Option<Problem> {
        let keepalive = self.keepalive.as_ref()?;
        if keepalive.every.is_zero() {
            let problem = "it sends a sign of life every 0 s".to_owned();
            return Some((problem, "write a time above 0, such as 5 s"));
        }
        let text = keepalive.text.as_deref()?;
        let remedy = "write a comment, such as `: keep-alive`, or the lines of one event";
        let problem = match text.lines().find(|line| !is_event_line(line)) {
            Some("") => "its sign of life has an empty line".to_owned(),
            Some(line) => {
                format!("its sign of life has the line `{line}`, which is no line of an event")
            }
            None if text.is_empty() => "its sign of life is empty".to_owned(),
            None => return None,
        };
        Some((problem, remedy))
    }

    fn problem_of_end(&self) -> Option<Problem> {
        let after = self.fault.as_ref().map(|fault| fault.after);
        if after == Some(After::Done) && !self.stalls() {
            let problem = "all of it has come, and it breaks off after that".to_owned();
            return Some((
                problem,
                "write `finish` for `done`: only a stall comes after all",
            ));
        }
        if after.is_some_and(|after| !matches!(after, After::Time(_))) {
            if self.has(|action| matches!(action, Action::Hang)) {
                let problem = match after.is_some_and(After::is_behind_the_finish) {
                    true => "it hangs, and never comes to its finish".to_owned(),
                    false => "it breaks off before it hangs".to_owned(),
                };
                let remedy = "remove `hang()` or the fault, or let it break off after a time";
                return Some((problem, remedy));
            }
            let has_end = after.is_some_and(After::is_behind_the_finish);
            if self.finish.is_set() && !has_end {
                let problem = "it breaks off, and has no end to tell a reason of".to_owned();
                return Some((problem, "remove `.finish(..)`"));
            }
        }
        let ends = |action: &Action| matches!(action, Action::Fail(_) | Action::Hang);
        let end = self.actions.iter().position(ends)?;
        if end + 1 < self.actions.len() {
            let problem = "something follows where nothing more comes".to_owned();
            return Some((problem, "let `hang()` or `fail(..)` be the last"));
        }
        let tells = self.finish.is_set() || self.usage.is_set();
        tells.then(|| {
            let problem = "it has no end to tell a reason or a usage of".to_owned();
            (problem, "remove `.finish(..)` and `.usage(..)`")
        })
    }

    fn problem_of_pieces(&self) -> Option<Problem> {
        let some = "write a number from 1";
        let empty = match (self.split, self.pace) {
            (Split::Chars(0), _) => "its text is split after 0 characters",
            (Split::Random(0, _), _) => "its text is split after 0 characters and more",
            (Split::Random(least, most), _) if least > most => {
                let problem = format!("its text is split after {least} to {most} characters");
                return Some((problem, "write the smaller number first"));
            }
            (_, Pace::TokensPerSecond(tokens)) if !(tokens.is_finite() && tokens > 0.0) => {
                let problem = format!("it says {tokens} tokens a second");
                return Some((problem, "write a number above 0"));
            }
            _ if self.pieces == 0 => "its arguments come in 0 pieces",
            _ => return self.problem_of_nothing_to_split(),
        };
        Some((empty.to_owned(), some))
    }

    fn problem_of_nothing_to_split(&self) -> Option<Problem> {
        let is_text = |action: &Action| {
            use Action::{Json, Reasoning, Refusal, Reply, Respond};
            matches!(
                action,
                Reply(_) | Reasoning(_) | Refusal(_) | Json(_) | Respond(_)
            )
        };
        if self.split != Split::Words && !self.has(is_text) {
            let problem = "there is no text to split".to_owned();
            return Some((
                problem,
                "remove `.split(..)`: streamed pieces come as they are",
            ));
        }
        let is_call = |action: &Action| matches!(action, Action::Call(_) | Action::Respond(_));
        (self.pieces != 1 && !self.has(is_call)).then(|| {
            let problem = "there are no arguments to come in pieces".to_owned();
            (problem, "remove `.pieces(..)`; a text has `.split(..)`")
        })
    }
}

impl Failure {
    /// Why it cannot be played, if it cannot.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let kind = self.kind;
        // That is what a provider answers, where the same request may succeed.
        let may_say = kind.is_retryable() && kind.status().is_some();
        if self.retry_after.is_some() && !may_say {
            let problem = format!("its `{kind}` says when to try again");
            return Some((problem, "remove `.retry_after(..)`"));
        }
        if self.is_no_answer() && self.has_reply() {
            let problem = format!("its `{kind}` has headers or a body, and is no answer");
            return Some((problem, "give it a status, as in `.status(200)`"));
        }
        if self.code.as_ref().is_some_and(|code| code.is_empty()) {
            let problem = format!("the code of its `{kind}` is empty");
            return Some((problem, "write one, or remove `.code(..)`"));
        }
        unsendable(self.status, &self.headers, self.body.is_some())
    }
}

impl Failure {
    /// Whether no HTTP answer comes with it.
    fn is_no_answer(&self) -> bool {
        use ErrorKind::{Connection, InvalidResponse, Timeout};
        self.status.is_none() && matches!(self.kind, Timeout | Connection | InvalidResponse)
    }
}

impl Response {
    /// Why its headers cannot be sent, if they cannot.
    pub(crate) fn problem_of_headers(&self) -> Option<Problem> {
        unsendable(None, &self.headers, false)
    }
}

impl ProviderError {
    /// Why it cannot be sent as an HTTP answer, if it cannot.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let raw = self.raw.as_deref();
        let headers = raw.map_or(&[][..], |raw| &raw.headers);
        let has_body = raw.is_some_and(|raw| raw.body.is_some());
        unsendable(self.status, headers, has_body)
    }
}

/// What HTTP cannot carry (RFC 9110).
fn unsendable(status: Option<u16>, headers: &[(Str, Str)], has_body: bool) -> Option<Problem> {
    if let Some(status) = status {
        if !matches!(status, 200..=999) {
            let problem = format!("its status {status} cannot be sent");
            return Some((problem, "write one from 200 to 999"));
        }
        if matches!(status, 204 | 304) && has_body {
            let problem = format!("its status {status} has no body");
            return Some((problem, "remove the body, or write another status"));
        }
    }
    headers.iter().find_map(|(name, value)| {
        let lower = name.to_lowercase();
        if matches!(&*lower, "content-length" | "transfer-encoding") {
            let problem = format!("its header `{name}` is the server's to write");
            return Some((problem, "remove it"));
        }
        if !is_header_name(name) {
            let problem = format!("`{name}` is no name of a header");
            return Some((problem, "write letters, digits and `-`"));
        }
        value
            .contains(|c: char| c.is_control() && c != '\t')
            .then(|| {
                let problem = format!("its header `{name}` is more than a line");
                (problem, "write a value without control characters")
            })
    })
}

/// Whether it is a line of server-sent events: a comment or a field.
fn is_event_line(line: &str) -> bool {
    line.starts_with(':')
        || ["event", "data", "id", "retry"].iter().any(|field| {
            line.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with(':'))
        })
}

/// Why these matchers cannot be played, wherever they stand.
pub(super) fn problem_of_matchers(matchers: &[Matcher]) -> Option<Problem> {
    let has = |test: fn(&Matcher) -> bool| matchers.iter().any(|matcher| matcher.any(&test));
    if has(|matcher| matches!(matcher, Matcher::Header(name, _) if !is_header_name(name))) {
        let problem = "its `header(..)` names none".to_owned();
        return Some((
            problem,
            "write letters, digits and `-`, as in `header(\"x-session\", \"..\")`",
        ));
    }
    let is_empty = |matcher: &Matcher| match matcher {
        Matcher::AnyOf(inner) | Matcher::AllOf(inner) | Matcher::Not(inner) => inner.is_empty(),
        _ => false,
    };
    has(is_empty).then(|| ("a matcher of none".to_owned(), "name what is to hold"))
}

/// Whether it can be the name of a header.
pub(super) fn is_header_name(name: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(of_name)
}

fn error(what: String, place: Place, (problem, remedy): Problem) -> ScenarioError {
    ScenarioError {
        what,
        place: place.to_string(),
        problem,
        remedy: remedy.to_owned(),
    }
}
