//! What keeps the calls of a script from a turn that was not used, and which calls would reach it.

use super::formatting::shorten;
use super::lanes_and_instances::{instance, last_call, no_instance, pattern, per};
use super::matcher_mismatch::all_hold;
use super::turn::{matcher, matchers};
use super::unanswered_call::{fits, uses};
use crate::journal::calls::Call;
use crate::journal::verdict::{Unused, Verdict};
use crate::scenario::{Kind, Matcher, Per, Turn, TurnIndex, covers};
use crate::search::Search;

/// The longest that the matchers of a turn are.
const MATCHERS: usize = 60;

/// Why no call reached a turn, and what would. `reason` is `None` where no call came after the last one.
pub(super) struct Reach {
    pub(super) reason: Option<String>,
    pub(super) ways: Vec<String>,
    /// Whether no call that comes next can reach it.
    pub(super) is_hidden: bool,
}

impl Reach {
    /// No call that comes next can reach the turn, for this reason.
    fn hidden(reason: String, ways: Vec<String>) -> Reach {
        Reach {
            reason: Some(reason),
            ways,
            is_hidden: true,
        }
    }
}

/// Returns what would reach an unused turn; `None` if nothing is known of it.
pub(super) fn what_would_reach(verdict: &Verdict, unused: Unused) -> Option<Reach> {
    let nowhere = only_served(verdict, unused).or_else(|| without_instance(verdict, unused));
    if nowhere.is_some() {
        return nowhere;
    }
    if last_call(verdict, unused.script).is_some() {
        let ahead = Ahead::new(verdict, unused);
        let hidden = ahead.hiding().or_else(|| ahead.taken());
        return hidden.or_else(|| Some(ahead.next_calls()));
    }
    if let Some(lane) = unused.script.lane() {
        return Some(what_would_reach_lane(verdict, lane));
    }
    // Calls without an instance only reach rules.
    verdict.calls.last()?.answered_by()?;
    Some(Ahead::new(verdict, unused).next_calls())
}

/// If the turn needs headers or a path, and all calls came in process.
fn only_served(verdict: &Verdict, unused: Unused) -> Option<Reach> {
    let scenario = &verdict.scenario;
    let is_served = verdict.calls.find(&|call| call.head.is_some()).is_some();
    // The lanes of a recording match on paths, but also answer in process.
    if verdict.calls.is_empty() || is_served || scenario.is_recorded() {
        return None;
    }
    let needs_head = |matcher: &Matcher| matcher.requires_head();
    let of_turn = scenario.turn(unused.turn).matchers.find(&needs_head);
    let of_lane = || {
        let lane = &scenario.lanes[unused.script.lane()?];
        lane.matchers.find(&needs_head)
    };
    let needed = match (of_turn.or_else(of_lane), &scenario.per) {
        (Some(needed), _) => matcher(needed),
        (None, Some(Per::Header(_))) => format!("per = {}", per(scenario)),
        _ => return None,
    };
    Some(Reach::hidden(
        format!(
            "`{}` needs a request over HTTP: in process there are no headers and no path",
            shorten(&needed, MATCHERS)
        ),
        vec!["take the mock as a `MockServer`, and ask it over HTTP".to_owned()],
    ))
}

/// If no instance has begun, because the calls have no value for `per`.
fn without_instance(verdict: &Verdict, unused: Unused) -> Option<Reach> {
    let scenario = &verdict.scenario;
    let last = verdict.calls.last()?;
    let has_instance = unused.script.instance().is_some() || last.instance().is_some();
    let is_of_lane = last.lane() == unused.script.lane();
    if has_instance || !is_of_lane || last.number() <= verdict.rewound {
        return None;
    }
    let why = no_instance(last)?;
    let per = per(scenario);
    Some(Reach::hidden(
        format!(
            "call {} has no value for `per = {per}`: {}",
            last.number(),
            why.brief
        ),
        vec![format!("send what `per = {per}` needs with each request")],
    ))
}

/// Returns what would reach a lane that no call has begun.
fn what_would_reach_lane(verdict: &Verdict, lane: usize) -> Reach {
    let lanes = &verdict.scenario.lanes;
    let matchers = &lanes[lane].matchers;
    let is_pattern = pattern(&lanes[lane]);
    let number = lane + 1;
    let is_taken = |call: &Call| {
        let is_before = call.lane().is_some_and(|other| other < lane);
        is_before && !matchers.is_empty() && all_hold(matchers, call)
    };
    let taken = verdict.calls.find(&is_taken);
    let taken = taken.and_then(|call| Some((call, call.lane()?)));
    let (reason, way) = match taken {
        Some((call, other)) => (
            format!(
                "call {} fits lane {number}, too, but lane {} comes first",
                call.number(),
                other + 1
            ),
            format!(
                "move lane {number} before lane {}, or write another pattern than `{}` there",
                other + 1,
                pattern(&lanes[other])
            ),
        ),
        None => (
            format!("no call fits lane {number}: {is_pattern}"),
            match matchers.is_empty() {
                true => format!("make a call that fits no lane before lane {number}"),
                false => format!("make a call that fits lane {number}, or correct `{is_pattern}`"),
            },
        ),
    };
    Reach {
        reason: Some(reason),
        ways: match verdict.calls.is_empty() {
            true => Vec::new(),
            false => vec![way],
        },
        is_hidden: false,
    }
}

/// The turns between the last call of a script and an unused one.
struct Ahead<'v> {
    verdict: &'v Verdict,
    unused: Unused,
    turns: &'v [Turn],
    /// How often each of these has answered.
    uses: Vec<u32>,
    /// The unused turn.
    turn: &'v Turn,
    number: usize,
    /// The turns before it that may still answer, and how often.
    before: Vec<(usize, u32)>,
    /// The calls since the script began.
    calls: Vec<&'v Call>,
}

impl<'v> Ahead<'v> {
    fn new(verdict: &'v Verdict, unused: Unused) -> Self {
        let turns = verdict.scenario.turns_of(unused.script.lane());
        let number = unused.turn.in_script().unwrap_or_default();
        let mut calls = Vec::new();
        let mut begun = 0;
        for call in &verdict.calls {
            if call.script == unused.script && call.number() > verdict.rewound {
                calls.push(call);
                begun = call.turn().unwrap_or(begun);
            }
        }
        let uses = uses(verdict, unused.script);
        let mut before = Vec::new();
        for index in begun..number {
            let left = match turns[index].count.max {
                u32::MAX => u32::MAX,
                most => most.saturating_sub(uses[index]),
            };
            if left > 0 {
                before.push((index, left));
            }
        }
        Ahead {
            verdict,
            unused,
            turns,
            uses,
            turn: &turns[number],
            number,
            before,
            calls,
        }
    }

    fn index(&self, turn: usize) -> TurnIndex {
        TurnIndex::scripted(self.unused.script.lane(), turn)
    }

    /// Whether a turn before it answers all calls that it would.
    fn covers(&self, turn: usize) -> bool {
        let is_mixed = self.verdict.scenario.has_embeddings();
        covers(is_mixed, &self.turns[turn], self.turn)
    }

    /// A turn before it that leaves it no call.
    fn hiding(&self) -> Option<Reach> {
        let endless = |(index, left): &(usize, u32)| *left == u32::MAX && self.covers(*index);
        let (hiding, _) = *self.before.find(&endless)?;
        let (of, uses) = (self.index(hiding), self.uses[hiding].max(1));
        let mut last = None;
        for call in &self.calls {
            if call.used_turn() == Some(hiding) {
                last = Some(call.number());
            }
        }
        let last = match last {
            Some(last) => format!(": call {last} was the last"),
            None => String::new(),
        };
        Some(Reach::hidden(
            format!("{of} answers all calls that it would, any number of times{last}"),
            vec![
                format!("limit {of}, as in `.times({uses})`"),
                format!("or move {} before it", self.index(self.number)),
            ],
        ))
    }

    /// A call that the turn fits, and that one before it answered although it need not.
    fn taken(&self) -> Option<Reach> {
        if self.turn.matchers.is_empty() {
            return None;
        }
        let mut uses = vec![0; self.number];
        for call in &self.calls {
            let Some(by) = call.used_turn().filter(|by| *by < self.number) else {
                continue;
            };
            let before = uses[by];
            uses[by] += 1;
            if before >= self.turns[by].count.min && self.is_next(by) && fits(self.turn, call) {
                let of = self.index(by);
                return Some(Reach::hidden(
                    format!(
                        "call {} fits it, but {of} answered that call: it comes first, and fits, too",
                        call.number()
                    ),
                    vec![match before {
                        0 => format!("write another matcher in {of}"),
                        _ => format!(
                            "limit {of}, as in `.times({before})`, or write another matcher there"
                        ),
                    }],
                ));
            }
        }
        None
    }

    /// Whether the turn is asked where the one at `by` does not answer.
    fn is_next(&self, by: usize) -> bool {
        self.turns[by + 1..self.number].all(&|turn| turn.count.min == 0)
    }

    /// The calls that would reach it.
    fn next_calls(&self) -> Reach {
        let mut missing = self.turn.count.min - self.unused.used;
        let (mut first, mut unfit) = (None, None);
        for &(index, left) in &self.before {
            if self.covers(index) {
                missing = missing.saturating_add(left);
                first = first.or(Some((index, left)));
            } else if left == u32::MAX {
                unfit = unfit.or(Some(index));
            }
        }
        let of_script = last_call(self.verdict, self.unused.script);
        let last = of_script.or_else(|| self.verdict.calls.last());
        let not_by_script = last.and_then(not_by_script);
        let more = match (missing, &not_by_script) {
            (1, None) => "one more call".to_owned(),
            (1, Some(_)) => "a call".to_owned(),
            (_, None) => format!("{missing} more calls"),
            (_, Some(_)) => format!("{missing} calls"),
        };
        let scenario = &self.verdict.scenario;
        let of_kind = match scenario.has_embeddings() && self.turn.kind() == Some(Kind::Embedding) {
            true => " for embeddings",
            false => "",
        };
        let instance = match of_script.and_then(instance) {
            Some(instance) => format!(" of {instance}"),
            None => String::new(),
        };
        let that = self.that_fit(missing, unfit);
        let calls = format!("make {more}{of_kind}{instance}{that}");
        let ways = match first {
            None => vec![calls],
            Some((index, left)) => {
                let (of, uses) = (self.index(index), self.uses[index].max(1));
                let left = match left {
                    1 => "one".to_owned(),
                    left => left.to_string(),
                };
                vec![
                    format!("{calls}: {of} answers the next {left}"),
                    format!("or limit {of}, as in `.times({uses})`"),
                ]
            }
        };
        let reason = match (not_by_script, unfit, last) {
            (Some(other), ..) => Some(format!("no call came that fits it: {other}")),
            (None, Some(unfit), Some(last)) => Some(format!(
                "no call after call {} came that does not fit {}",
                last.number(),
                self.index(unfit)
            )),
            _ => None,
        };
        Reach {
            reason,
            ways,
            is_hidden: false,
        }
    }

    /// Which calls the turn answers: those that fit it, and not the turn `unfit`, which answers any number of them.
    fn that_fit(&self, calls: u32, unfit: Option<usize>) -> String {
        let (fit, do_not_fit) = match calls {
            1 => ("fits", "does not fit"),
            _ => ("fit", "do not fit"),
        };
        let mut that = Vec::new();
        if !self.turn.matchers.is_empty() {
            that.push(format!("{fit} `{}`", written(&self.turn.matchers)));
        }
        if let Some(unfit) = unfit {
            let matchers = written(&self.turns[unfit].matchers);
            that.push(format!("{do_not_fit} {}: `{matchers}`", self.index(unfit)));
        }
        match that.is_empty() {
            true => String::new(),
            false => format!(" that {}", that.join(", and ")),
        }
    }
}

/// Says of a call that a rule or `otherwise` answered it.
fn not_by_script(call: &Call) -> Option<String> {
    let number = call.number();
    match call.answered_by()? {
        TurnIndex::Rule(_) => Some(format!("a rule answered call {number}")),
        TurnIndex::Otherwise => Some(format!("`otherwise` answered call {number}")),
        _ => None,
    }
}

fn written(of: &[Matcher]) -> String {
    shorten(&matchers(of), MATCHERS)
}
