//! The mistakes in one turn.

use super::http_answer::is_header_name;
use super::{Checked, reject};
use crate::plural::count;
#[cfg(feature = "cassette")]
use crate::scenario::Replay;
use crate::scenario::{
    Action, After, Count, FaultKind, Flush, Matcher, Pace, Scenario, Split, Turn, TurnIndex,
};
use crate::search::Search;

impl Turn {
    /// Checks whether the turn, which stands at this place of the scenario, can be played.
    pub(super) fn check(&self, index: TurnIndex, scenario: &Scenario) -> Checked {
        #[cfg(feature = "cassette")]
        if !matches!(self.replay, Replay::No) {
            self.check_replay()?;
            return self.check_count(index);
        }
        self.check_count(index)?;
        self.check_place(index, scenario)?;
        check_matchers(&self.matchers)?;
        self.check_tools(scenario)?;
        self.check_actions()?;
        self.check_end()?;
        self.check_embeddings()?;
        self.check_failure()?;
        self.check_headers()?;
        self.check_raw_answer()?;
        self.check_signatures()?;
        self.check_pieces()?;
        self.check_keepalive()?;
        let calls = |action: &Action| matches!(action, Action::Call(_));
        reject(&[(
            !scenario.capabilities.tools && self.has(&calls),
            "it calls a tool, but the mock rejects requests that offer tools",
            "add `tools` to the capabilities",
        )])
    }

    pub(super) fn has(&self, test: &dyn Fn(&Action) -> bool) -> bool {
        self.actions.any(&test)
    }

    fn check_count(&self, index: TurnIndex) -> Checked {
        let Count { min, max } = self.count;
        let is_in_script = index.in_script().is_some();
        reject(&[
            (
                !is_in_script && self.count != Count::ALWAYS,
                "it answers any number of times",
                "remove `.times(..)`, or write it into the script",
            ),
            (
                is_in_script && max == 0,
                "it never answers",
                "write `.times(1)`, or `.times(0..=1)` for an optional turn",
            ),
        ])?;
        if is_in_script && max < min {
            let most = count(max as usize, "time");
            let problem = format!("it answers at least {min} and at most {most}");
            return Err((problem, "write the smaller number first"));
        }
        Ok(())
    }

    /// Checks that its matchers may stand at this place.
    fn check_place(&self, index: TurnIndex, scenario: &Scenario) -> Checked {
        let script = match index {
            TurnIndex::Script(_) => "the script, which answers in order",
            TurnIndex::Lane { lane, .. } if scenario.lanes[lane].names_paths() => return Ok(()),
            TurnIndex::Lane { .. } => "a lane whose pattern names no path",
            TurnIndex::Rule(_) => return Ok(()),
            TurnIndex::Otherwise => {
                return reject(&[(
                    !self.matchers.is_empty(),
                    "it answers every request",
                    "remove `on(..)`, or make it a rule",
                )]);
            }
        };
        let is_path = |matcher: &Matcher| matches!(matcher, Matcher::Path { .. });
        if self.matchers.any(&|matcher| matcher.any(&is_path)) {
            let problem = format!("its `path(..)` is in {script}");
            let remedy = "make it a rule, or a lane of its own for that path";
            return Err((problem, remedy));
        }
        Ok(())
    }

    fn check_actions(&self) -> Checked {
        let is_nameless = |action: &Action| matches!(action, Action::Gate(name) | Action::Driven(name) if name.trim().is_empty());
        let is_empty = |action: &Action| matches!(action, Action::Stream(pieces) | Action::ReasoningStream(pieces) | Action::RefusalStream(pieces) if pieces.is_empty());
        let is_closure = |action: &Action| matches!(action, Action::Respond(_));
        let fails = self.has(&|action| matches!(action, Action::Fail(_)));
        let mut answers = 0;
        for action in self.actions.iter() {
            answers += usize::from(!action.is_wait());
        }
        reject(&[
            (
                self.has(&is_nameless),
                "the name of its gate or driver is empty",
                "write one, such as `ready`",
            ),
            (
                answers == 0,
                "it answers with nothing",
                "add an answer, as in `.reply(\"Hi.\")`",
            ),
            (
                self.has(&is_empty),
                "its stream has no pieces",
                "name some, or write `.reply(\"\")`",
            ),
            (
                fails && answers > 1,
                "it fails, and has other actions",
                "write two turns, or `.error_after(..)`",
            ),
            (
                fails && self.fault.is_some(),
                "it fails, and has no answer to break off",
                "remove the fault",
            ),
            (
                fails && !self.ttft.is_zero(),
                "it fails, and has no first token",
                "remove `.ttft(..)`, and write `pause(..).fail(..)`",
            ),
            (
                fails && self.pace != Pace::NONE,
                "it fails, and streams nothing",
                "remove `.every(..)` or `.tokens_per_second(..)`",
            ),
            (
                fails && self.keepalive.is_some(),
                "it fails, and has no stream to keep alive",
                "remove `.keepalive(..)`",
            ),
            (
                fails && self.flush != Flush::Together,
                "it fails, and streams nothing",
                "remove `.flush(..)`",
            ),
            (
                self.has(&is_closure) && answers > 1,
                "its closure gives the whole answer",
                "put the rest into the closure's response",
            ),
        ])
    }

    fn check_signatures(&self) -> Checked {
        let mut is_sealed = false;
        for action in self.actions.iter() {
            reject(&[(
                matches!(action, Action::Signature(_)) && !is_sealed,
                "a signature follows no reasoning",
                "write `.signature(..)` right after `.reasoning(..)`",
            )])?;
            if !action.is_wait() {
                // A driver may push reasoning, which can be signed.
                is_sealed = action.is_reasoning() || matches!(action, Action::Driven(_));
            }
        }
        Ok(())
    }

    fn check_keepalive(&self) -> Checked {
        let Some(keepalive) = &self.keepalive else {
            return Ok(());
        };
        reject(&[(
            keepalive.every.is_zero(),
            "it sends a keep-alive every 0 s",
            "write a time above 0, such as 5 s",
        )])?;
        let Some(text) = keepalive.text.as_deref() else {
            return Ok(());
        };
        let remedy = "write a comment, such as `: keep-alive`, or the lines of one event";
        for line in text.lines() {
            reject(&[(line.is_empty(), "its keep-alive has an empty line", remedy)])?;
            if !is_event_line(line) {
                let problem = format!(
                    "its keep-alive has the line `{line}`, which is not a line of an event"
                );
                return Err((problem, remedy));
            }
        }
        reject(&[(text.is_empty(), "its keep-alive is empty", remedy)])
    }

    /// Checks where it breaks off, and what comes last.
    pub(super) fn check_end(&self) -> Checked {
        let after = self.fault.as_ref().map(|fault| fault.after);
        let kind = self.fault.as_ref().map(|fault| &fault.kind);
        reject(&[(
            after == Some(After::Done) && kind != Some(&FaultKind::Stall),
            "all of it has come, and it breaks off after that",
            "write `finish` for `done`: only a stall comes after all",
        )])?;
        if let (Some(After::Deltas(after)), Some(most)) = (after, self.most_deltas())
            && after > most
        {
            let after = count(after as usize, "delta");
            let problem = format!("it breaks off after {after}, and has only {most}");
            let remedy = "write a smaller number, or `all` (`After::All` in the builder)";
            return Err((problem, remedy));
        }
        let hangs = self.has(&|action| matches!(action, Action::Hang));
        let has_place = after.is_some_and(|after| !matches!(after, After::Time(_)));
        let has_end = after.is_some_and(After::is_behind_the_finish);
        let ends = |action: &Action| matches!(action, Action::Fail(_) | Action::Hang);
        let end = self.actions.position(&ends);
        reject(&[
            (
                has_place && hangs && has_end,
                "it hangs, and never comes to its finish",
                WITH_HANG,
            ),
            (
                has_place && hangs,
                "it breaks off before it hangs",
                WITH_HANG,
            ),
            (
                has_place && self.finish.is_set() && !has_end,
                "it breaks off, and has no end to tell a reason of",
                "remove `.finish(..)`",
            ),
            (
                end.is_some_and(|end| end + 1 < self.actions.len()),
                "something follows where nothing more comes",
                "let `hang()` or `fail(..)` be the last",
            ),
            (
                end.is_some() && (self.finish.is_set() || self.usage.is_set()),
                "it has no end to tell a reason or a usage of",
                "remove `.finish(..)` and `.usage(..)`",
            ),
        ])
    }

    fn check_pieces(&self) -> Checked {
        if let Split::Random(least @ 1.., most) = self.split
            && least > most
        {
            let problem = format!("its text is split after {least} to {most} characters");
            return Err((problem, "write the smaller number first"));
        }
        let some = "write a number from 1";
        reject(&[
            (
                self.split == Split::Chars(0),
                "its text is split after 0 characters",
                some,
            ),
            (
                matches!(self.split, Split::Random(0, _)),
                "its text is split after 0 characters and more",
                some,
            ),
        ])?;
        if let Pace::TokensPerSecond(tokens) = self.pace
            && !(tokens.is_finite() && tokens > 0.0)
        {
            let problem = format!("it says {tokens} tokens a second");
            return Err((problem, "write a number above 0"));
        }
        let is_text = |action: &Action| {
            use Action::{Json, Reasoning, Refusal, Reply, Respond};
            matches!(
                action,
                Reply(_) | Reasoning(_) | Refusal(_) | Json(_) | Respond(_)
            )
        };
        let is_call = |action: &Action| matches!(action, Action::Call(_) | Action::Respond(_));
        reject(&[
            (self.pieces == 0, "its arguments come in 0 pieces", some),
            (
                self.split != Split::Words && !self.has(&is_text),
                "there is no text to split",
                "remove `.split(..)`: streamed pieces come as they are",
            ),
            (
                self.pieces != 1 && !self.has(&is_call),
                "there are no arguments to cut into pieces",
                "remove `.pieces(..)`; a text has `.split(..)`",
            ),
        ])
    }
}

/// The remedy for a fault of a turn that hangs.
const WITH_HANG: &str = "remove `hang()` or the fault, or let it break off after a time";

/// Whether a line is one of server-sent events: a comment or a field.
fn is_event_line(line: &str) -> bool {
    line.starts_with(':')
        || ["event", "data", "id", "retry"].any(&|field| {
            line.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with(':'))
        })
}

/// Checks whether these matchers can be played, wherever they stand.
pub(super) fn check_matchers(matchers: &[Matcher]) -> Checked {
    let has = |test: fn(&Matcher) -> bool| matchers.any(&|matcher| matcher.any(&test));
    let is_nameless =
        |matcher: &Matcher| matches!(matcher, Matcher::Header(name, _) if !is_header_name(name));
    let is_empty = |matcher: &Matcher| match matcher {
        Matcher::AnyOf(inner) | Matcher::AllOf(inner) | Matcher::Not(inner) => inner.is_empty(),
        _ => false,
    };
    let looks_for_nothing = |matcher: &Matcher| match matcher {
        Matcher::User(pattern) | Matcher::AnyUserMessage(pattern) | Matcher::System(pattern) => {
            pattern.is_blank()
        }
        _ => false,
    };
    reject(&[
        (
            has(is_nameless),
            "its `header(..)` names none",
            "write letters, digits and `-`, as in `header(\"x-session\", \"..\")`",
        ),
        (has(is_empty), "a matcher of none", "name what is to hold"),
        (
            has(looks_for_nothing),
            "every text contains its empty pattern",
            "write the text to look for, or `*` for any text",
        ),
        (
            Matcher::never_hold(matchers),
            "its matchers never hold together",
            "remove one of them, or write `any_of([..])` where one is enough",
        ),
    ])
}
