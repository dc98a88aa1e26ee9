//! What a mock has to say when a test fails: the first line, and the lines below the conversation.

use super::reason::{Why, why};
use super::text::{count, one_line, shorten, shorten_left, wrap};
use super::turn::{label, matcher, place, shown, source, title};
use super::{INDENT, WIDTH, conversation};
use crate::conversation::latest_results;
use crate::journal::{Call, Outcome};
use crate::kind::ErrorKind;
use crate::request::Request;
use crate::scenario::{Matcher, Scenario, Turn, TurnIndex};
use crate::verdict::{ClosurePanic, Mismatch, Stray, Unsupported, Unused, Verdict};

/// What to do about a client that blocks the thread on which the mock's server runs.
pub(super) const CLIENT_BLOCKS: &str = "the server runs on the test's own thread: use an async client, or `spawn_blocking`, or write \
     `#[provider_test(flavor = \"multi_thread\", clock = \"real\")]`";

/// The first problem of a mock.
pub(super) struct Problem {
    /// Which kind of problem comes first.
    pub(super) rank: u8,
    /// Which of the same kind came first.
    pub(super) order: usize,
    /// In one sentence: what is wrong, where, what to do.
    pub(super) headline: String,
    /// What was expected, and why that did not come.
    pub(super) detail: Vec<String>,
}

impl Problem {
    /// Whether a call went wrong, and not only a turn was left over.
    pub(super) fn is_of_a_call(&self) -> bool {
        self.rank < 2
    }

    pub(super) fn of(verdict: &Verdict, running_tasks: usize) -> Option<Problem> {
        if let Some(panic) = &verdict.panic {
            return Some(Problem {
                rank: 0,
                order: panic.order,
                headline: closure_panic(verdict, panic),
                detail: Vec::new(),
            });
        }
        let of_calls = [
            unplayable(verdict),
            unexpected(verdict),
            conversation::problem(verdict),
        ];
        let first = of_calls
            .into_iter()
            .flatten()
            .min_by_key(|problem| problem.order);
        if first.is_some() {
            return first;
        }
        let unused = verdict.unused?;
        Some(Problem {
            rank: 2,
            order: 0,
            headline: unused_turn(verdict, unused, running_tasks),
            detail: never_came(verdict, unused),
        })
    }
}

fn unplayable(verdict: &Verdict) -> Option<Problem> {
    let unsupported = verdict.unsupported.as_ref()?;
    Some(Problem {
        rank: 1,
        order: unsupported.order,
        headline: cannot(verdict, unsupported),
        detail: asked_for(verdict, unsupported),
    })
}

fn unexpected(verdict: &Verdict) -> Option<Problem> {
    let mismatch = verdict.mismatch.as_ref()?;
    let call = verdict.calls.get(mismatch.call - 1)?;
    let uses = uses(verdict);
    Some(Problem {
        rank: 1,
        order: mismatch.order,
        headline: unscripted(&verdict.mock, &verdict.scenario, mismatch, call),
        detail: expected(&verdict.scenario, mismatch, call.request(), &uses),
    })
}

/// A sentence with a place in it. Where that makes more than a line, the place loses its beginning; the rest is said in full.
pub(super) fn headline(before: &str, place: &str, after: &str) -> String {
    const LEAST: usize = 24;
    let line = |place: &str| format!("{before} ({place}){after}");
    let excess = line(place).chars().count().saturating_sub(WIDTH);
    let room = place.chars().count().saturating_sub(excess).max(LEAST);
    line(&shorten_left(place, room))
}

fn closure_panic(verdict: &Verdict, panic: &ClosurePanic) -> String {
    let scenario = &verdict.scenario;
    let call = verdict.calls.get(panic.call - 1);
    // The turn that it answered, or the first with a closure.
    let has_closure = |turn: &&Turn| turn.matchers.iter().any(Matcher::has_closure);
    let turn = match call.and_then(Call::answered_by) {
        Some(index) => Some(scenario.turn(index)),
        None => scenario.all_turns().find(has_closure),
    };
    let message = panic.message.lines().next().unwrap_or_default();
    headline(
        &format!(
            "mock `{}`: a closure panicked in call {}",
            label(&verdict.mock),
            panic.call
        ),
        &shown(turn.map_or(scenario.place, |turn| scenario.place_of(turn))),
        &format!(": {}", shorten(&one_line(message), WIDTH)),
    )
}

/// The turn that the mock cannot play.
fn turn_of(verdict: &Verdict, unsupported: &Unsupported) -> TurnIndex {
    let call = verdict.calls.get(unsupported.call - 1);
    // A turn has been claimed before it turns out that it cannot be played.
    call.and_then(Call::answered_by)
        .unwrap_or(TurnIndex::Otherwise)
}

fn cannot(verdict: &Verdict, unsupported: &Unsupported) -> String {
    let turn = turn_of(verdict, unsupported);
    headline(
        &format!(
            "mock `{}`: call {} cannot have {}",
            label(&verdict.mock),
            unsupported.call,
            title(&verdict.scenario, turn)
        ),
        &place(&verdict.scenario, turn),
        &format!(": {}", brief(&unsupported.message)),
    )
}

/// Of a message of more than a sentence the last one, which says what to do.
fn brief(message: &str) -> String {
    match message.rsplit_once(". ") {
        Some((_, last)) => {
            let mut last = last.chars();
            let first = last.next().into_iter().flat_map(char::to_lowercase);
            first.chain(last).collect()
        }
        None => message.to_owned(),
    }
}

fn asked_for(verdict: &Verdict, unsupported: &Unsupported) -> Vec<String> {
    let turn = turn_of(verdict, unsupported);
    let mut lines = block("expected:", turn_lines(&verdict.scenario, turn));
    lines.extend(block("but:", in_full(&unsupported.message)));
    lines
}

/// One line: the request that the script does not expect, and why.
pub(crate) fn unscripted(
    mock: &str,
    scenario: &Scenario,
    mismatch: &Mismatch,
    call: &Call,
) -> String {
    let mock = label(mock);
    let number = mismatch.call;
    let request = call.request();
    let Some(miss) = mismatch.misses.last() else {
        let last = scenario.turns.len();
        return match (last, scenario.rules.len()) {
            (0, 0) => headline(
                &format!("mock `{mock}`: call {number} is not scripted: there are no turns"),
                &shown(scenario.place),
                "; add one",
            ),
            (0, rules) => headline(
                &format!(
                    "mock `{mock}`: call {number} fits none of {}",
                    count(rules, "rule")
                ),
                &place(scenario, TurnIndex::Rule(0)),
                "; add a rule, or `otherwise`",
            ),
            (last, 0) => headline(
                &format!("mock `{mock}`: call {number} is one too many: turn {last} was the last"),
                &place(scenario, TurnIndex::Script(last - 1)),
                "; add a turn",
            ),
            (last, _) => headline(
                &format!("mock `{mock}`: call {number} fits no rule, and turn {last} was the last"),
                &place(scenario, TurnIndex::Script(last - 1)),
                "; add a rule or turn",
            ),
        };
    };
    let after = match other_turn(scenario, mismatch, request) {
        Some(Other::Later(other)) => format!(", but turn {}: swap the two?", other + 1),
        Some(Other::Earlier(other)) => format!(", but turn {} once more: repeat it?", other + 1),
        None => format!(": {}", why(scenario, miss, request, WIDTH - INDENT).brief),
    };
    headline(
        &format!(
            "mock `{mock}`: call {number} does not fit {}",
            title(scenario, miss.turn)
        ),
        &place(scenario, miss.turn),
        &after,
    )
}

/// Another turn, which would answer the request.
#[derive(Debug, PartialEq)]
enum Other {
    /// One that comes later.
    Later(usize),
    /// One that came before, and is used up.
    Earlier(usize),
}

fn other_turn(scenario: &Scenario, mismatch: &Mismatch, request: &Request) -> Option<Other> {
    let turns = || scenario.turns.iter().enumerate();
    let asked = |index| {
        let index = TurnIndex::Script(index);
        mismatch.misses.iter().any(|miss| miss.turn == index)
    };
    let first = match mismatch.misses.first().map(|miss| miss.turn) {
        Some(TurnIndex::Script(index)) => index,
        _ => scenario.turns.len(),
    };
    let later =
        turns().find(|(index, turn)| *index > first && !asked(*index) && fits(turn, request));
    let earlier = || turns().rfind(|(index, turn)| *index < first && fits(turn, request));
    later
        .map(|(index, _)| Other::Later(index))
        .or_else(|| Some(Other::Earlier(earlier()?.0)))
}

/// Whether the turn is certain to be meant for this request. Closures of the user are not asked.
fn fits(turn: &Turn, request: &Request) -> bool {
    let holds = |matcher: &Matcher| match matcher {
        Matcher::User(pattern) => request
            .user_text()
            .is_some_and(|text| pattern.find(&text).is_some()),
        Matcher::ToolResult(tool) => {
            latest_results(&request.messages).any(|(of, _)| of == Some(tool))
        }
        _ => false,
    };
    !turn.matchers.is_empty() && turn.matchers.iter().all(holds)
}

/// How often each turn has answered since the beginning of the script.
fn uses(verdict: &Verdict) -> Vec<u32> {
    let mut uses = vec![0; verdict.scenario.turns.len()];
    let calls = verdict.calls.iter().skip(verdict.rewound);
    for turn in calls.filter_map(Call::turn) {
        uses[turn] += 1;
    }
    uses
}

/// The turn that was expected, why it did not answer, and which one would have.
fn expected(
    scenario: &Scenario,
    mismatch: &Mismatch,
    request: &Request,
    uses: &[u32],
) -> Vec<String> {
    let mut lines = Vec::new();
    match mismatch.misses.split_last() {
        Some((miss, others)) => {
            lines.extend(block("expected:", turn_lines(scenario, miss.turn)));
            let Why { lines: reason, .. } = why(scenario, miss, request, WIDTH - INDENT);
            lines.extend(block("but:", reason));
            for other in others.iter().rev().take(2) {
                let Why { brief, .. } = why(scenario, other, request, WIDTH);
                let place = place(scenario, other.turn);
                let line = format!("{} at {place}: {brief}", title(scenario, other.turn));
                lines.extend(block("nor:", in_full(&line)));
            }
        }
        None if scenario.turns.is_empty() && !scenario.rules.is_empty() => {
            lines.extend(block("expected:", rules(scenario)));
        }
        None if scenario.turns.is_empty() => {
            lines.extend(block("expected:", vec!["no call at all".to_owned()]));
        }
        None => {
            let last = scenario.turns.len() - 1;
            let mut turn = turn_lines(scenario, TurnIndex::Script(last));
            turn[0] = format!("no call after {}", turn[0]);
            turn.extend(rules(scenario));
            lines.extend(block("expected:", turn));
        }
    }
    match other_turn(scenario, mismatch, request) {
        Some(Other::Later(turn)) => {
            let turn = TurnIndex::Script(turn);
            lines.extend(block("fits:", turn_lines(scenario, turn)));
        }
        Some(Other::Earlier(turn)) => {
            let used = uses.get(turn).copied().unwrap_or_default();
            let place = place(scenario, TurnIndex::Script(turn));
            let line = match used {
                0 => format!("turn {} at {place}, which was passed over", turn + 1),
                _ => format!(
                    "turn {} at {place}; let it answer again with `.times({})`",
                    turn + 1,
                    used + 1
                ),
            };
            lines.extend(block("fits:", in_full(&line)));
        }
        None => {}
    }
    lines
}

/// What requests the rules are for.
fn rules(scenario: &Scenario) -> Vec<String> {
    const MOST: usize = 5;
    let rules = scenario.rules.iter().enumerate();
    let mut lines: Vec<_> = rules
        .take(MOST)
        .map(|(index, rule)| {
            let rule: Vec<_> = rule.matchers.iter().map(matcher).collect();
            let title = title(scenario, TurnIndex::Rule(index));
            format!("{title}: on({})", rule.join(", "))
        })
        .collect();
    if let Some(more @ 1..) = scenario.rules.len().checked_sub(MOST) {
        lines.push(format!("and {}", count(more, "more rule")));
    }
    lines
}

fn unused_turn(verdict: &Verdict, unused: Unused, running_tasks: usize) -> String {
    let turn = &verdict.scenario.turns[unused.turn];
    let rewound = match verdict.rewound {
        0 => "",
        _ => " since `rewind()`",
    };
    let used = match (unused.used, turn.count.min) {
        (0, _) if verdict.rewound > 0 => "was not used".to_owned(),
        (0, _) => "was never used".to_owned(),
        (used, min) => format!("was used {used} of {min} times"),
    };
    let is_of_tool = turn
        .matchers
        .iter()
        .any(|matcher| matches!(matcher, Matcher::ToolResult(_)));
    let refused = verdict
        .calls
        .last()
        .and_then(|last| refused(verdict, last, unused.used));
    let remedy = match (running_tasks, unused.used) {
        (0, _) if verdict.is_client_left => "; use `spawn_blocking` for its client".to_owned(),
        (1, _) => "; await the task that still runs".to_owned(),
        (2.., _) => format!("; await the {running_tasks} tasks that still run"),
        (0, _) if !verdict.last_strays().is_empty() => match verdict.last_strays().len() {
            1 => "; mend the request that became no call".to_owned(),
            strays => format!("; mend the {strays} requests that became no call"),
        },
        (0, _) if refused.is_some() => format!("; {}", refused.unwrap_or_default()),
        (0, _) if verdict.calls.is_empty() => "; hand the mock to the code".to_owned(),
        (0, _) if verdict.rewound > 0 => "; call it again".to_owned(),
        (0, 0) if is_of_tool => "; send the tool's result, or drop the turn".to_owned(),
        (0, 0) => "; call the mock, or drop the turn".to_owned(),
        (0, used) => format!("; call it again, or write `.times({used})`"),
    };
    headline(
        &format!(
            "mock `{}`: {} {used}{rewound}",
            label(&verdict.mock),
            title(&verdict.scenario, TurnIndex::Script(unused.turn))
        ),
        &place(&verdict.scenario, TurnIndex::Script(unused.turn)),
        &remedy,
    )
}

/// What to do about the last call, where it is why no other came.
fn refused(verdict: &Verdict, last: &Call, used: u32) -> Option<String> {
    let number = last.number();
    let error = last.error()?;
    let is_refused = last.answered_by().is_none();
    let scenario = &verdict.scenario;
    match error.kind {
        ErrorKind::Unsupported if is_refused => {
            let capability = match last.is_streamed() && !scenario.capabilities.streaming {
                true => "streaming",
                false => "tools",
            };
            Some(format!("add `{capability}` to its `capabilities`"))
        }
        ErrorKind::Timeout if is_refused && scenario.latency.timeout_over.is_some() => {
            Some(format!("retry call {number}, ended by `timeout_over`"))
        }
        _ if error.is_retryable() => Some(match used {
            0 => format!("retry call {number}, or drop the turn"),
            _ => format!("retry call {number}, or write `.times({used})`"),
        }),
        _ => None,
    }
}

/// The turn that was left over, and how the conversation ended instead.
fn never_came(verdict: &Verdict, unused: Unused) -> Vec<String> {
    let mut turn = turn_lines(&verdict.scenario, TurnIndex::Script(unused.turn));
    if unused.more > 0 {
        turn.push(format!("and {} after it", count(unused.more, "turn")));
    }
    let mut lines = block("expected:", turn);
    let matchers = &verdict.scenario.turns[unused.turn].matchers;
    let with = matchers.iter().find_map(|matcher| match matcher {
        Matcher::ToolResult(tool) => Some(format!(" with the result of `{tool}`")),
        _ => None,
    });
    let with = with.unwrap_or_default();
    let reason = verdict.calls.last().map(|last| {
        let number = last.number();
        match last.outcome() {
            None => format!("call {number} still went on when the test ended"),
            Some(Outcome::Failed(error)) if error.kind == ErrorKind::Unsupported => {
                format!("call {number} was refused: {}", error.message)
            }
            Some(Outcome::Failed(error)) if error.is_retryable() => {
                format!(
                    "call {number} failed with {}, and was not tried again",
                    error.kind
                )
            }
            Some(Outcome::Failed(error)) => {
                format!(
                    "call {number} failed with {}, and no other came",
                    error.kind
                )
            }
            Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => {
                format!("call {number} was given up, and no other came")
            }
            Some(_) if number == verdict.rewound => {
                format!("no call came after call {number}, when the script was rewound")
            }
            Some(_) => format!("no call came after call {number}{with}"),
        }
    });
    let reason = match verdict.last_strays() {
        _ if verdict.is_client_left => Some(
            "a client blocked the test's thread while it waited for the mock's server".to_owned(),
        ),
        [] => reason,
        [stray] => Some(format!(
            "a request {}, and became no call: {}",
            answered(stray),
            one_line(&stray.problem)
        )),
        [strays @ .., last] => Some(format!(
            "{} requests became no call; the last {}: {}",
            strays.len() + 1,
            answered(last),
            one_line(&last.problem)
        )),
    };
    if let Some(reason) = reason {
        lines.extend(block("but:", in_full(&shorten(&reason, LONGEST))));
    }
    if verdict.is_client_left {
        lines.extend(block("do:", in_full(CLIENT_BLOCKS)));
    }
    lines
}

/// What a request was answered with that became no call.
fn answered(stray: &Stray) -> String {
    match stray.status {
        Some(status) => format!("was answered with {status}"),
        None => "was not answered".to_owned(),
    }
}

/// The longest that a reason is which has a server's words in it.
const LONGEST: usize = 500;

/// Where a turn is, and how it is written.
pub(super) fn turn_lines(scenario: &Scenario, turn: TurnIndex) -> Vec<String> {
    let title = title(scenario, turn);
    let mut lines = vec![format!("{title} at {}", place(scenario, turn))];
    lines.extend(source(scenario.turn(turn), WIDTH - INDENT));
    lines
}

/// A text beside its label, in as many lines as it takes.
pub(super) fn in_full(text: &str) -> Vec<String> {
    wrap(text, WIDTH - INDENT, usize::MAX)
}

/// Lines with a label before the first.
pub(super) fn block(label: &str, lines: Vec<String>) -> Vec<String> {
    let labels = [label].into_iter().chain(std::iter::repeat(""));
    let lines = labels.zip(lines).map(|(label, line)| {
        let width = INDENT - 2;
        shorten(&format!("  {label:width$}{line}"), WIDTH)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_keeps_the_end_of_its_place() {
        let deep = "a/very/long/way/to/the/tests/of/a/project/with/deep/folders.rs:12";
        let line = headline("mock `llm`: turn 1 was never used", deep, "; drop the turn");
        assert_eq!(line.chars().count(), WIDTH);
        assert!(
            line.contains("(…") && line.ends_with("folders.rs:12); drop the turn"),
            "{line}"
        );
    }

    #[test]
    fn a_line_that_is_much_too_long_is_said_in_full() {
        let line = headline("mock", "tests/first.rs:12", &"; why".repeat(40));
        assert!(
            line.starts_with("mock (tests/first.rs:12); why")
                && line.ends_with(&"; why".repeat(39)),
            "{line}"
        );
    }

    #[test]
    fn of_a_long_message_the_first_line_has_what_to_do() {
        assert_eq!(brief("it is so, since v1.2 is. Write `a`"), "write `a`");
        assert_eq!(brief("it is so: write `a`"), "it is so: write `a`");
    }
}
