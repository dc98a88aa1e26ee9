//! The mistakes in one turn.

use super::Problem;
use super::http_answer::is_header_name;
use crate::plural::count;
#[cfg(feature = "cassette")]
use crate::scenario::Replay;
use crate::scenario::{
    Action, After, Count, FaultKind, Flush, Matcher, Pace, Scenario, Split, Turn, TurnIndex,
};
use crate::search::Search;

impl Turn {
    /// Why the turn, which stands at this place of the scenario, cannot be played, if it cannot.
    pub(super) fn problem(&self, index: TurnIndex, scenario: &Scenario) -> Option<Problem> {
        #[cfg(feature = "cassette")]
        if !matches!(self.replay, Replay::No) {
            return self
                .problem_of_replay()
                .or_else(|| self.problem_of_count(index));
        }
        let outer = self
            .problem_of_count(index)
            .or_else(|| self.problem_of_matchers(index, scenario))
            .or_else(|| self.problem_of_tools(scenario));
        if outer.is_some() {
            return outer;
        }
        let own: [fn(&Turn) -> Option<Problem>; 8] = [
            Turn::problem_of_actions,
            Turn::problem_of_embeddings,
            Turn::problem_of_failure,
            Turn::problem_of_headers,
            Turn::problem_of_raw_answer,
            Turn::problem_of_signatures,
            Turn::problem_of_pieces,
            Turn::problem_of_keepalive,
        ];
        for problem in &own {
            let problem = problem(self);
            if problem.is_some() {
                return problem;
            }
        }
        let calls = |action: &Action| matches!(action, Action::Call(_));
        if !scenario.capabilities.tools && self.has(&calls) {
            let problem = "it calls a tool, but the mock rejects requests that offer tools";
            return Some((problem.to_owned(), "add `tools` to the capabilities"));
        }
        None
    }

    pub(super) fn has(&self, test: &dyn Fn(&Action) -> bool) -> bool {
        self.actions.any(&test)
    }

    fn problem_of_count(&self, index: TurnIndex) -> Option<Problem> {
        let Count { min, max } = self.count;
        match index {
            TurnIndex::Script(_) | TurnIndex::Lane { .. } if max == 0 => Some((
                "it never answers".to_owned(),
                "write `.times(1)`, or `.times(0..=1)` for a turn that may be left out",
            )),
            TurnIndex::Script(_) | TurnIndex::Lane { .. } if max < min => Some((
                format!(
                    "it answers at least {min} and at most {}",
                    count(max as usize, "time")
                ),
                "write the smaller number first",
            )),
            TurnIndex::Script(_) | TurnIndex::Lane { .. } => None,
            TurnIndex::Rule(_) | TurnIndex::Otherwise => (self.count != Count::ALWAYS).then(|| {
                (
                    "it answers any number of times".to_owned(),
                    "remove `.times(..)`, or write it into the script",
                )
            }),
        }
    }

    fn problem_of_matchers(&self, index: TurnIndex, scenario: &Scenario) -> Option<Problem> {
        if index == TurnIndex::Otherwise && !self.matchers.is_empty() {
            return Some((
                "it answers every request".to_owned(),
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
            let problem = format!("its `path(..)` is in {script}");
            return Some((
                problem,
                "make it a rule, or a lane of its own for that path",
            ));
        }
        problem_of_matchers(&self.matchers)
    }

    fn problem_of_actions(&self) -> Option<Problem> {
        let is_nameless = |action: &Action| matches!(action, Action::Gate(name) | Action::Driven(name) if name.trim().is_empty());
        if self.has(&is_nameless) {
            let problem = "the name of its gate or driver is empty".to_owned();
            return Some((problem, "write one, such as `ready`"));
        }
        if self.actions.all(&Action::is_wait) {
            let remedy = "add an answer, as in `.reply(\"Hi.\")`";
            return Some(("it answers with nothing".to_owned(), remedy));
        }
        let empty = |action: &Action| matches!(action, Action::Stream(pieces) | Action::ReasoningStream(pieces) | Action::RefusalStream(pieces) if pieces.is_empty());
        if self.has(&empty) {
            let problem = "its stream has no pieces".to_owned();
            return Some((problem, "name some, or write `.reply(\"\")`"));
        }
        let mut said = 0;
        for action in self.actions.iter() {
            said += usize::from(!action.is_wait());
        }
        let fails = self.has(&|action| matches!(action, Action::Fail(_)));
        if fails && let Some((problem, remedy)) = self.problem_of_failing(said) {
            return Some((problem.to_owned(), remedy));
        }
        if self.has(&|action| matches!(action, Action::Respond(_))) && said > 1 {
            let problem = "its closure gives the whole answer".to_owned();
            return Some((problem, "put the rest into the closure's response"));
        }
        self.problem_of_end()
    }

    /// Returns the part that contradicts the failure of a turn, if it also has this many actions with content.
    fn problem_of_failing(&self, said: usize) -> Option<(&'static str, &'static str)> {
        Some(if said > 1 {
            let remedy = "write two turns, or `.error_after(..)`";
            ("it fails, and has other actions", remedy)
        } else if self.fault.is_some() {
            let problem = "it fails, and has no answer to break off";
            (problem, "remove the fault")
        } else if !self.ttft.is_zero() {
            let remedy = "remove `.ttft(..)`, and write `pause(..).fail(..)`";
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
        let mut is_sealed = false;
        for action in self.actions.iter() {
            if matches!(action, Action::Signature(_)) && !is_sealed {
                return Some((
                    "a signature follows no reasoning".to_owned(),
                    "write `.signature(..)` right after `.reasoning(..)`",
                ));
            }
            if !action.is_wait() {
                // A driver may say reasoning.
                is_sealed = action.is_reasoning() || matches!(action, Action::Driven(_));
            }
        }
        None
    }

    fn stalls(&self) -> bool {
        let fault = self.fault.as_ref();
        fault.is_some_and(|fault| fault.kind == FaultKind::Stall)
    }

    fn problem_of_keepalive(&self) -> Option<Problem> {
        let keepalive = self.keepalive.as_ref()?;
        if keepalive.every.is_zero() {
            let problem = "it sends a keep-alive every 0 s".to_owned();
            return Some((problem, "write a time above 0, such as 5 s"));
        }
        let text = keepalive.text.as_deref()?;
        let remedy = "write a comment, such as `: keep-alive`, or the lines of one event";
        let problem = match text.lines().find(|line| !is_event_line(line)) {
            Some("") => "its keep-alive has an empty line".to_owned(),
            Some(line) => {
                format!("its keep-alive has the line `{line}`, which is not a line of an event")
            }
            None if text.is_empty() => "its keep-alive is empty".to_owned(),
            None => return None,
        };
        Some((problem, remedy))
    }

    pub(super) fn problem_of_end(&self) -> Option<Problem> {
        let after = self.fault.as_ref().map(|fault| fault.after);
        if after == Some(After::Done) && !self.stalls() {
            let problem = "all of it has come, and it breaks off after that".to_owned();
            return Some((
                problem,
                "write `finish` for `done`: only a stall comes after all",
            ));
        }
        if let (Some(After::Deltas(after)), Some(most)) = (after, self.most_deltas())
            && after > most
        {
            let problem = format!(
                "it breaks off after {}, and has only {most}",
                count(after as usize, "delta")
            );
            return Some((
                problem,
                "write a smaller number, or `all` (`After::All` in the builder)",
            ));
        }
        if after.is_some_and(|after| !matches!(after, After::Time(_))) {
            if self.has(&|action| matches!(action, Action::Hang)) {
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
        let end = self.actions.position(&ends)?;
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
        if self.split != Split::Words && !self.has(&is_text) {
            let problem = "there is no text to split".to_owned();
            return Some((
                problem,
                "remove `.split(..)`: streamed pieces come as they are",
            ));
        }
        let is_call = |action: &Action| matches!(action, Action::Call(_) | Action::Respond(_));
        (self.pieces != 1 && !self.has(&is_call)).then(|| {
            let problem = "there are no arguments to cut into pieces".to_owned();
            (problem, "remove `.pieces(..)`; a text has `.split(..)`")
        })
    }
}

/// Whether a line is one of server-sent events: a comment or a field.
fn is_event_line(line: &str) -> bool {
    line.starts_with(':')
        || ["event", "data", "id", "retry"].any(&|field| {
            line.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with(':'))
        })
}

/// Why these matchers cannot be played, wherever they stand.
pub(super) fn problem_of_matchers(matchers: &[Matcher]) -> Option<Problem> {
    let has = |test: fn(&Matcher) -> bool| matchers.any(&|matcher| matcher.any(&test));
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
    if has(is_empty) {
        return Some(("a matcher of none".to_owned(), "name what is to hold"));
    }
    let looks_for_nothing = |matcher: &Matcher| match matcher {
        Matcher::User(pattern) | Matcher::Said(pattern) | Matcher::System(pattern) => {
            pattern.is_blank()
        }
        _ => false,
    };
    if has(looks_for_nothing) {
        let problem = "every text contains its empty pattern".to_owned();
        return Some((problem, "write the text to look for, or `*` for any text"));
    }
    Matcher::never_hold(matchers).then(|| {
        let problem = "its matchers never hold together".to_owned();
        (
            problem,
            "remove one of them, or write `any_of([..])` where one is enough",
        )
    })
}
