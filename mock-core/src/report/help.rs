//! The remedies for a problem: a line for each, with the text to type.

use super::formatting::{list, one_line, short_place, shorten};
#[cfg(feature = "cassette")]
use super::help_to_equal_recording;
use super::lanes_and_instances::{last_call, of_lane, pattern, per, turn_index};
use super::matcher_input::MatcherInput;
use super::matcher_mismatch::{holds, texts};
use super::near_miss::NearMiss;
use super::other_turn::{Other, other_turn};
use super::problem::{CLIENT_BLOCKS, block, in_full};
use super::why_not_reached;
use serde_json::Value;

use crate::chat::conversation::result_of;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::hide_secrets;
use crate::journal::calls::{Call, Outcome};
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{Mismatch, NoScript, Reason, TurnMismatch, Unused, Verdict};
use crate::scenario::{Matcher, Per, Scenario, Turn, TurnIndex, Variable};
use crate::search::Search;

/// The remedies, each on its own line.
pub(super) fn lines(ways: Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    for way in &ways {
        lines.extend(in_full(way));
    }
    block("help:", lines)
}

/// Returns the remedies for a turn that was used fewer times than its minimum.
pub(super) fn for_unused(verdict: &Verdict, unused: Unused, running_tasks: usize) -> Vec<String> {
    if verdict.is_client_left {
        return lines(vec![CLIENT_BLOCKS.to_owned()]);
    }
    let rejected = verdict.last_rejected();
    if !rejected.is_empty() {
        let requests = match rejected.len() {
            1 => "the request that was rejected".to_owned(),
            rejected => format!("the {rejected} requests that were rejected"),
        };
        let mut ways = vec![format!("fix {requests}")];
        if rejected.all(&|request| request.is_lenient_enough) {
            ways.push(
                "or answer requests that the real provider would reject: `server.lenient()`"
                    .to_owned(),
            );
        }
        return lines(ways);
    }
    if running_tasks > 0 {
        let tasks = match running_tasks {
            1 => "the task that still runs".to_owned(),
            tasks => format!("the {tasks} tasks that still run"),
        };
        return lines(vec![format!(
            "await {tasks}: keep what `tokio::spawn` returns, and `.await` it in the test"
        )]);
    }
    if verdict.scenario.turn(unused.turn).is_replayed() {
        return lines(recorded_in_vain(verdict, unused));
    }
    let mut ways = missing_call(verdict, unused);
    ways.extend(without_the_call(verdict, unused));
    lines(ways)
}

/// Returns the remedies for a response that was recorded, and that nobody asked for.
fn recorded_in_vain(verdict: &Verdict, unused: Unused) -> Vec<String> {
    let scenario = &verdict.scenario;
    let place = short_place(scenario.turn(unused.turn).place);
    let mut ways = vec![
        "ask for it".to_owned(),
        format!("or remove the exchange at {place}"),
    ];
    match scenario.record_command() {
        // A recorder has no place to allow it.
        Some(command) => ways.push(format!("or record all of it again: `{}`", command.all)),
        None => {
            ways.push("or record all of it again".to_owned());
            let allow = "or let exchanges be left out: `.allow(Allow::NOTHING.with_unused_turns())` on the scenario, `allow = [unused_turns]` in a `mock_provider!`";
            ways.push(allow.to_owned());
        }
    }
    ways
}

/// How the call may come that the turn waits for.
fn missing_call(verdict: &Verdict, unused: Unused) -> Vec<String> {
    let way = |way: &str| vec![way.to_owned()];
    if verdict.unpolled > 0 {
        return way("add `.await` where the request is built");
    }
    if verdict.is_outage {
        return way("end the outage before the next call: `restore()`");
    }
    if verdict.refuses_connections {
        return way("accept connections before the next call: `accept_connections()`");
    }
    let Some(last) = last_call(verdict, unused.script) else {
        let ways =
            why_not_reached::what_would_reach_script(verdict, unused).map(|reach| reach.ways);
        return match ways {
            Some(ways) if !ways.is_empty() => ways,
            _ => way("pass the mock to the code under test, and let the test reach the call"),
        };
    };
    let reach = why_not_reached::what_would_reach_turn(verdict, unused);
    if reach.is_hidden {
        return reach.ways;
    }
    if let Some(way) = after_a_failure(verdict, last) {
        return vec![way];
    }
    if is_unread(last) {
        return vec![format!(
            "read the stream of call {} to its end",
            last.number()
        )];
    }
    match verdict.scenario.turn(unused.turn).awaited_tool() {
        _ if verdict.rewound >= last.number() => way("call the mock again after `rewind()`"),
        Some(tool) => vec![format!(
            "send the result of `{}` in another call",
            shorten(tool, 40)
        )],
        None => reach.ways,
    }
}

/// Whether the caller asked for a stream, and received no event of it.
pub(super) fn is_unread(call: &Call) -> bool {
    let goes_on = matches!(call.outcome(), None | Some(Outcome::Cancelled));
    call.is_streamed() && call.events() == 0 && goes_on
}

/// The remedy if no call came after the last one because it failed.
fn after_a_failure(verdict: &Verdict, last: &Call) -> Option<String> {
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
            Some(format!("add `{capability}` to the mock's `capabilities`"))
        }
        ErrorKind::Timeout if is_refused && scenario.latency.timeout_over.is_some() => Some(
            format!("retry call {number}, which `timeout_over` ended; or raise that limit"),
        ),
        ErrorKind::NotFound if is_refused && !scenario.has_model(&last.request().model) => {
            let asked = shorten(&last.request().model, 40);
            let known = list(&scenario.model_names());
            Some(format!(
                "ask for a model of `models`, {known}, or add \"{asked}\" to it"
            ))
        }
        ErrorKind::BadRequest if is_refused => Some(format!(
            "fix the request of call {number}: {}",
            error.message
        )),
        _ if error.is_retryable() => Some(format!("let the code retry call {number}")),
        _ => None,
    }
}

/// The remedy if the code is right, and the scenario expects too much.
fn without_the_call(verdict: &Verdict, unused: Unused) -> Vec<String> {
    let scenario = &verdict.scenario;
    let count_of_turn = scenario.turn(unused.turn).count;
    let range = match count_of_turn.max {
        u32::MAX => format!("`.times({}..)`", unused.used),
        most => format!("`.times({}..={most})`", unused.used),
    };
    let turns = match unused.more {
        0 => String::new(),
        1 => ", and the one after it".to_owned(),
        more => format!(", and the {more} after it"),
    };
    match unused.used {
        0 if verdict.calls.is_empty() && verdict.unpolled == 0 => vec![
            "or, if nothing should call it, give it an empty script: `#[mock()]`".to_owned(),
            format!(
                "or let turns be left out: {range} on a turn, `allow = [unused_turns]` for all"
            ),
        ],
        0 => vec![
            format!("or drop the turn{turns}"),
            format!(
                "or let turns be left out: {range} on a turn, `allow = [unused_turns]` for all"
            ),
        ],
        used if count_of_turn.max == u32::MAX => {
            vec![format!(
                "or expect fewer calls: `.times({used})`, or {range} for as many or more"
            )]
        }
        used => vec![format!(
            "or expect fewer calls: `.times({used})`, or {range} for as few or as many"
        )],
    }
}

/// Returns the remedy for a request that was not recorded.
fn record_it(scenario: &Scenario) -> String {
    match scenario.record_command() {
        Some(command) => format!("record it: `{}`", command.missing),
        None => "record it again".to_owned(),
    }
}

/// Returns the remedies for a request that no recorded exchange is for.
#[cfg(feature = "cassette")]
fn not_recorded(scenario: &Scenario, request: MatcherInput<'_>) -> Vec<String> {
    let mut ways = vec![record_it(scenario)];
    ways.extend(help_to_equal_recording::nearest(scenario, request));
    ways
}

/// Returns the remedies for a request after all exchanges that are for it.
fn recorded_too_seldom(scenario: &Scenario) -> Vec<String> {
    let many = match scenario.record_command() {
        Some(_) => "",
        None => ", with as many such requests",
    };
    vec![format!("{}{many}", record_it(scenario))]
}

/// Returns the remedies for a request that is not that of the exchange whose turn it is.
#[cfg(feature = "cassette")]
fn not_its_turn(
    scenario: &Scenario,
    mismatch: &Mismatch,
    turn: &Turn,
    request: MatcherInput<'_>,
) -> Vec<String> {
    let other = other_turn(scenario, mismatch, request);
    let exchange = turn.replay.exchange().filter(|_| other.is_none());
    let mut ways = match exchange {
        Some(_) => vec![record_it(scenario)],
        None => recorded_too_seldom(scenario),
    };
    match exchange {
        Some(exchange) => {
            let differences = exchange.differences(request.head, &request, request.is_embedding);
            ways.extend(help_to_equal_recording::ways(
                exchange,
                turn.place,
                &differences,
                request,
            ));
        }
        None => ways.push("or make the calls in the order of the recording".to_owned()),
    }
    ways
}

/// Returns the remedies for a request that no turn answers.
pub(super) fn for_mismatch(
    scenario: &Scenario,
    mismatch: &Mismatch,
    request: MatcherInput<'_>,
    uses: &[u32],
) -> Vec<String> {
    let ways = match (mismatch.no_script, mismatch.misses.last()) {
        #[cfg(feature = "cassette")]
        (Some(_), _) if scenario.is_recorded() => not_recorded(scenario, request),
        (None, None) if scenario.is_recorded() => recorded_too_seldom(scenario),
        #[cfg(feature = "cassette")]
        (None, Some(miss)) if matches!(miss.reason, Reason::NotRecorded) => {
            not_its_turn(scenario, mismatch, scenario.turn(miss.turn), request)
        }
        (Some(no_script), _) => for_no_script(scenario, no_script, request),
        (None, None) => no_turn_left(scenario, mismatch.script, request, uses),
        (None, Some(miss)) => match (other_turn(scenario, mismatch, request), &miss.reason) {
            (Some(Other::Later(other)), _) => out_of_order(mismatch, other),
            (Some(Other::Earlier(other)), _) => used_up(scenario, other, uses),
            (Some(Other::InLane(other)), _) => in_another_lane(scenario, mismatch, other),
            (None, _) => for_reason(scenario, miss, request),
        },
    };
    lines(ways)
}

/// Returns the remedies for a request without a script.
fn for_no_script(
    scenario: &Scenario,
    no_script: NoScript,
    request: MatcherInput<'_>,
) -> Vec<String> {
    match no_script {
        NoScript::NoLane => vec![
            "add a lane for it: `_ => [reply(\"..\")]`".to_owned(),
            format!(
                "or answer such calls in any order: a rule, `{}`",
                rule_for(request)
            ),
        ],
        NoScript::Embedding => vec![
            "answer embeddings in any order: a rule, `_ => embed()`, or `otherwise = embed()`"
                .to_owned(),
        ],
        NoScript::NoInstance if request.head.is_none() && per_header(scenario) => vec![
            "take the mock as a `MockServer`, and ask it over HTTP".to_owned(),
            "or find instances by what a request in process has: `per = conversation`, or a matcher with a capture, as in `per = user(\"order {id:word}\")`".to_owned(),
        ],
        NoScript::NoInstance => {
            vec![
                format!("send what `{}` needs with each request", per(scenario)),
                format!(
                    "or answer such calls in any order: a rule, `{}`",
                    rule_for(request)
                ),
            ]
        }
    }
}

/// Whether a header is the key of the instances.
fn per_header(scenario: &Scenario) -> bool {
    matches!(scenario.per, Some(Per::Header(_)))
}

/// Returns the remedies for a request that matches a turn of another lane.
fn in_another_lane(scenario: &Scenario, mismatch: &Mismatch, other: TurnIndex) -> Vec<String> {
    let (Some(lane), TurnIndex::Lane { lane: other, .. }) = (mismatch.script.lane(), other) else {
        return Vec::new();
    };
    let pattern = |lane: usize| pattern(&scenario.lanes[lane]);
    let (is, of_other) = (pattern(lane), pattern(other));
    vec![format!(
        "the request fits the pattern of lane {}, `{is}`: correct it, or that of lane {}, `{of_other}`; the first lane that fits answers",
        lane + 1,
        other + 1,
    )]
}

fn no_turn_left(
    scenario: &Scenario,
    script: ScriptId,
    request: MatcherInput<'_>,
    uses: &[u32],
) -> Vec<String> {
    let otherwise = "`otherwise = reply(\"..\")`";
    let rule = rule_for(request);
    let Some(last) = uses.len().checked_sub(1) else {
        return match scenario.rules.is_empty() {
            true => vec![
                "add a turn: `script = [reply(\"..\")]`".to_owned(),
                format!("or answer all calls alike: {otherwise}"),
                "or make no call, if nothing should call this mock".to_owned(),
            ],
            false => vec![
                format!("add a rule: `{rule}`"),
                format!("or answer all other calls: {otherwise}"),
            ],
        };
    };
    let index = turn_index(script, last);
    let turn = scenario.turn(index);
    let fits = |turn: &Turn| {
        let mut matchers = turn.matchers.iter();
        matchers.all(|matcher| holds(matcher, request) == Some(true))
    };
    let mut ways = Vec::new();
    if fits(turn) {
        let used = uses.get(last).copied().unwrap_or_default();
        ways.push(answer_again(index, used));
        ways.push("or add a turn, or make one call fewer".to_owned());
        ways.push(format!(
            "or answer all further calls: `otherwise = repeat_last`; or all calls that no turn fits, earlier ones too: {otherwise}"
        ));
    } else {
        ways.push("add a turn for it, or make one call fewer".to_owned());
        ways.push(format!(
            "or answer such calls in any order: a rule, `{rule}`"
        ));
        ways.push(format!(
            "or answer all calls that no turn fits, earlier ones too: {otherwise}"
        ));
    }
    ways
}

/// The longest text that is offered as a pattern.
const PATTERN: usize = 60;

/// A pattern that fits this text, and all of it: a part would fit other texts, too. `None` if it is long, or cannot be a pattern as it is.
fn whole(text: &str) -> Option<String> {
    let words = one_line(text);
    let is_short = !words.is_empty() && words.chars().count() <= PATTERN;
    let is_text = hide_secrets::hide(text) == text;
    (is_short && is_text && is_plain(&words)).then_some(words)
}

/// The longest beginning of a text that is offered as a pattern.
const BEGINNING: usize = 40;

/// A pattern that the first words of a text fit; `None` if these cannot be a pattern as they are, or are secret.
fn beginning(text: &str) -> Option<String> {
    let hidden = hide_secrets::hide(text);
    let known = text.split_whitespace().zip(hidden.split_whitespace());
    let mut words = String::new();
    for (word, _) in known.take_while(|(word, shown)| word == shown && is_plain(word)) {
        if words.chars().count() + 1 + word.chars().count() > BEGINNING {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    (!words.is_empty()).then_some(words)
}

/// Whether a text is a pattern for itself, as it is.
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !matches!(c, '"' | '\\' | '{' | '}' | '*' | '`');
    text.chars().all(is_plain)
}

/// Returns a rule that would answer this request.
fn rule_for(request: MatcherInput<'_>) -> String {
    let answer = match request.is_embedding {
        true => "embed()",
        false => "reply(\"..\")",
    };
    let last = request.last_message();
    let tool = || {
        let mut results = request.trailing_tool_results();
        let result = results.next()?;
        request.tool_of_call(&result.call_id)
    };
    match (request.user_text(), tool()) {
        (Some(text), _) => match whole(&text).or_else(|| beginning(&text)) {
            Some(pattern) => format!("user(\"{pattern}\") => {answer}"),
            None => format!("_ => {answer}"),
        },
        (None, Some(tool)) if last.is_some() => {
            format!("tool_result({}) => {answer}", shorten(tool, 30))
        }
        _ => format!("_ => {answer}"),
    }
}

fn answer_again(turn: TurnIndex, used: u32) -> String {
    format!(
        "let {turn} answer again: `.times({})`, or `.forever()` for any number of calls",
        used + 1
    )
}

fn out_of_order(mismatch: &Mismatch, other: TurnIndex) -> Vec<String> {
    let mut misses = mismatch.misses.iter();
    let expected = misses.find_map(|miss| miss.turn.in_script());
    let number = |turn: Option<usize>| turn.unwrap_or_default() + 1;
    let (expected, other) = (number(expected), number(other.in_script()));
    let lane = of_lane(mismatch.script.lane());
    vec![
        format!("swap turns {expected} and {other}{lane} if the calls come in this order"),
        format!("or let turn {expected}{lane} be left out: `.times(0..=1)`"),
        "or move turns whose order does not matter into `rules`".to_owned(),
    ]
}

fn used_up(scenario: &Scenario, other: TurnIndex, uses: &[u32]) -> Vec<String> {
    let rules = match scenario.rules.is_empty() {
        true => "or move turns whose order does not matter into `rules`",
        false => "or add a rule for it",
    };
    let used = other.in_script().and_then(|index| uses.get(index));
    let first = match used.copied().unwrap_or_default() {
        0 => format!("make this call before the ones that come after {other}, which was left out"),
        used => answer_again(other, used),
    };
    vec![first, rules.to_owned()]
}

fn for_reason(scenario: &Scenario, miss: &TurnMismatch, request: MatcherInput<'_>) -> Vec<String> {
    match &miss.reason {
        Reason::Unmatched(index) => {
            let turn = scenario.turn(miss.turn);
            let matcher = turn.matchers.get(*index);
            matcher.map_or_else(Vec::new, |matcher| unmatched(miss.turn, matcher, request))
        }
        Reason::NoValue(Variable::Field { tool, index, path }) => {
            let (name, path) = (shorten(tool, 40), shorten(path, 40));
            vec![match result_of(&request.messages, tool, *index) {
                Some(result) if !result.json().is_ok_and(|json: Value| json.is_object() || json.is_array()) => {
                    format!(
                        "return JSON with `{path}` from `{name}`, or leave the result out of the turn's text"
                    )
                }
                Some(_) => {
                    format!("return `{path}` from `{name}`, or write a field that its result has")
                }
                None => format!("send the result of `{name}`, or leave it out of the turn's text"),
            }]
        }
        Reason::NoValue(Variable::Capture(name)) => {
            let name = shorten(name, 40);
            vec![match miss.turn {
                TurnIndex::Otherwise => format!("let a turn or a rule that captures `{name}` answer first"),
                _ => format!("capture `{name}` in a matcher of this turn, or let a turn that captures it answer first"),
            }]
        }
        Reason::NoValue(_) => vec!["send a message of the user".to_owned()],
        Reason::ResultMisfit { tool, .. } => vec![format!(
            "return what `{0}` declares, or correct its `returns(..)`",
            shorten(tool, 40)
        )],
        Reason::NotOffered(tool) => {
            let tool = shorten(tool, 40);
            vec![format!(
                "offer `{tool}` in the request, or allow calls of other tools: `allow = [unoffered_tools]`"
            )]
        }
        Reason::OtherKind => vec![
            "add a rule for requests of this kind: `_ => embed()` for embeddings, `_ => reply(\"..\")` for others".to_owned(),
        ],
        Reason::Dimensions { has, .. } => vec![format!(
            "ask for {has} dimensions, or write `embed()`, whose vectors are as long as the request says"
        )],
        Reason::Inputs { .. } => vec![
            "write a vector for each input, or a single one, which is for all of them".to_owned(),
        ],
        #[cfg(feature = "cassette")]
        Reason::NotRecorded => Vec::new(),
    }
}

/// Returns the remedies for a request for which a matcher of its turn does not hold.
fn unmatched(turn: TurnIndex, matcher: &Matcher, request: MatcherInput<'_>) -> Vec<String> {
    let written = shorten(&super::turn::matcher(matcher), 60);
    if matches!(matcher, Matcher::Header(..)) && request.head.is_none() {
        return vec![format!(
            "take the mock as a `MockServer`, and ask it over HTTP, or remove `{written}`"
        )];
    }
    let mut ways = vec![match matcher_for(matcher, &request) {
        Some(right) => format!("correct the request, or write `{right}` in place of `{written}`"),
        None => format!("correct the request, or change `{written}`"),
    }];
    if !is_near_miss(matcher, &request) {
        // A rule alone would leave the turn unused.
        let script = match turn {
            TurnIndex::Lane { .. } => "",
            _ => " from `script`",
        };
        ways.push(format!(
            "or, if the order of the calls does not matter, move {turn}{script} to `rules`, and add the rule `{}`",
            rule_for(request)
        ));
    }
    ways
}

/// Whether the request is the one that is meant, but for what is easy to overlook.
fn is_near_miss(matcher: &Matcher, request: &Request) -> bool {
    let (pattern, texts) = match matcher {
        Matcher::User(pattern) => (pattern, Vec::from_iter(request.user_text())),
        Matcher::Said(pattern) => (pattern, texts(&request.user_messages())),
        Matcher::System(pattern) => (pattern, texts(&request.instructions())),
        Matcher::Model(pattern) => (pattern, vec![request.model.as_str().into()]),
        _ => return false,
    };
    let is_whole = matches!(matcher, Matcher::Model(_));
    texts
        .iter()
        .any(|text| NearMiss::find(pattern, text, is_whole).is_some())
}

/// Returns a matcher of the same kind that holds for this request.
fn matcher_for(matcher: &Matcher, request: &Request) -> Option<String> {
    match matcher {
        // The turn needs what they capture.
        Matcher::User(pattern) | Matcher::Model(pattern) if !pattern.captures().is_empty() => None,
        Matcher::User(pattern) => {
            let text = request.user_text()?;
            let near = NearMiss::find(pattern, &text, false);
            let found = near.as_ref().and_then(|near| near.corrected(&text));
            Some(format!("user(\"{}\")", whole(found.unwrap_or(&text))?))
        }
        Matcher::Model(_) => {
            let model = &*request.model;
            (!model.is_empty() && model.len() < 40 && is_plain(model))
                .then(|| format!("model(\"{model}\")"))
        }
        Matcher::ToolResult(_) => {
            let result = request.trailing_tool_results().next()?;
            let tool = request.tool_of_call(&result.call_id)?;
            Some(format!("tool_result({})", shorten(tool, 30)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
