//! The remedies for a call that no turn answers, and for a turn that no call used: a line for each, with the text to type.

#[cfg(feature = "cassette")]
use super::compared_exchange::ComparedExchange;
use super::detail::Detail;
use super::formatting::{list, one_line, short_place, shorten};
#[cfg(feature = "cassette")]
use super::help_to_equal_recording;
use super::lanes_and_instances::{last_call, of_lane, pattern, per};
use super::matcher_mismatch::{all_hold, texts};
use super::near_miss::NearMiss;
use super::problem::CLIENT_BLOCKS;
use super::unanswered_call::{Other, UnansweredCall};
use super::why_not_reached::Reach;
use serde_json::Value;

use crate::chat::conversation::{field_at, latest_results, result_of};
use crate::chat::error_kind::ErrorKind;
use crate::chat::message::{Message, ToolResult};
use crate::chat::request::Request;
use crate::hide_secrets;
use crate::journal::calls::{Call, Outcome};
use crate::journal::verdict::{
    NoScript, Reason, ToolChoiceViolation, TurnMismatch, Unused, Verdict,
};
use crate::scenario::{Matcher, OtherArguments, Per, Scenario, TurnIndex, Variable};
use crate::search::{Search, consists_of};

/// Adds the remedies for a turn that was used fewer times than its minimum.
pub(super) fn for_unused(
    verdict: &Verdict,
    unused: Unused,
    reach: Option<&Reach>,
    tasks_to_await: usize,
    detail: &mut Detail,
) {
    let rejected = verdict.last_rejected();
    if verdict.is_client_left {
        detail.help(format_args!("{CLIENT_BLOCKS}"));
    } else if !rejected.is_empty() {
        let requests = match rejected.len() {
            1 => "the request that was rejected".to_owned(),
            rejected => format!("the {rejected} requests that were rejected"),
        };
        detail.help(format_args!("fix {requests}"));
        if rejected.all(&|request| request.is_lenient_enough) {
            detail.help(format_args!(
                "or answer requests that the real provider would reject: `server.lenient()`"
            ));
        }
    } else if tasks_to_await > 0 {
        let tasks = match tasks_to_await {
            1 => "the task that still runs".to_owned(),
            tasks => format!("the {tasks} tasks that still run"),
        };
        detail.help(format_args!(
            "await {tasks}: keep what `tokio::spawn` returns, and `.await` it in the test"
        ));
    } else if verdict.scenario.turn(unused.turn).is_replayed() {
        recorded_in_vain(verdict, unused, detail);
    } else {
        missing_call(verdict, unused, reach, detail);
        without_the_call(verdict, unused, detail);
    }
}

/// The remedies for a response that was recorded, and that nobody asked for.
fn recorded_in_vain(verdict: &Verdict, unused: Unused, detail: &mut Detail) {
    let scenario = &verdict.scenario;
    let place = short_place(scenario.turn(unused.turn).place);
    detail.help(format_args!("ask for it"));
    detail.help(format_args!("or remove the exchange at {place}"));
    match scenario.record_command() {
        // A recorder has no `allow`, so the help says how to record again.
        Some(command) => {
            detail.help(format_args!("or record all of it again: `{}`", command.all));
        }
        None => {
            detail.help(format_args!("or record all of it again"));
            detail.help(format_args!(
                "or allow unused exchanges: `.allow(Allow::NONE.with_unused_turns())` on the scenario, `allow = [unused_turns]` in a `mock_provider!`"
            ));
        }
    }
}

/// How the call may come that the turn waits for.
fn missing_call(verdict: &Verdict, unused: Unused, reach: Option<&Reach>, detail: &mut Detail) {
    if verdict.unpolled > 0 {
        return detail.help(format_args!("add `.await` where the request is built"));
    }
    if verdict.is_outage {
        return detail.help(format_args!(
            "end the outage before the next call: `restore()`"
        ));
    }
    if verdict.refuses_connections {
        return detail.help(format_args!(
            "accept connections before the next call: `accept_connections()`"
        ));
    }
    let is_hidden = reach.is_some_and(|reach| reach.is_hidden);
    if let (false, Some(last)) = (is_hidden, last_call(verdict, unused.script)) {
        if let Some(way) = after_a_failure(verdict, last) {
            return detail.help(format_args!("{way}"));
        }
        let number = last.number();
        if is_unread(last) {
            return detail.help(format_args!("read the stream of call {number} to its end"));
        }
        if verdict.rewound >= number {
            return detail.help(format_args!("call the mock again after `rewind()`"));
        }
        if let Some(tool) = verdict.scenario.turn(unused.turn).awaited_tool() {
            let tool = shorten(tool, 40);
            return detail.help(format_args!("send the result of `{tool}` in another call"));
        }
    }
    match reach {
        Some(reach) if !reach.ways.is_empty() => {
            for way in &reach.ways {
                detail.help(format_args!("{way}"));
            }
        }
        _ => detail.help(format_args!(
            "pass the mock to the code under test, and let the test reach the call"
        )),
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
    let (scenario, model) = (&verdict.scenario, &last.request().model);
    Some(match error.kind {
        ErrorKind::Unsupported if is_refused => {
            let capability = match last.is_streamed() && !scenario.capabilities.streaming {
                true => "streaming",
                false => "tools",
            };
            format!("add `{capability}` to the mock's `capabilities`")
        }
        ErrorKind::Timeout if is_refused && scenario.latency.timeout_over.is_some() => {
            format!("retry call {number}, which `timeout_over` ended; or raise that limit")
        }
        ErrorKind::NotFound if is_refused && !scenario.has_model(model) => {
            let (requested, known) = (shorten(model, 40), list(&scenario.model_names()));
            format!("ask for a model of `models`, {known}, or add \"{requested}\" to it")
        }
        ErrorKind::BadRequest if is_refused => {
            format!("fix the request of call {number}: {}", error.message)
        }
        _ if error.is_retryable() => format!("let the code retry call {number}"),
        _ => return None,
    })
}

/// The remedies if the code is right, and the scenario expects too much.
fn without_the_call(verdict: &Verdict, unused: Unused, detail: &mut Detail) {
    let (used, max) = (unused.used, verdict.scenario.turn(unused.turn).count.max);
    let (range, as_many) = match max {
        u32::MAX => (format!("`.times({used}..)`"), "as many or more"),
        most => (format!("`.times({used}..={most})`"), "as few or as many"),
    };
    if used > 0 {
        return detail.help(format_args!(
            "or expect fewer calls: `.times({used})`, or {range} for {as_many}"
        ));
    }
    match unused.more {
        _ if verdict.calls.is_empty() && verdict.unpolled == 0 => detail.help(format_args!(
            "or, if nothing should call it, give it an empty script: `#[mock()]`"
        )),
        0 => detail.help(format_args!("or drop the turn")),
        1 => detail.help(format_args!("or drop the turn, and the one after it")),
        more => detail.help(format_args!("or drop the turn, and the {more} after it")),
    }
    detail.help(format_args!(
        "or make turns optional: {range} on a turn, `allow = [unused_turns]` for all"
    ));
}

/// Adds the remedies for a request that no turn answers.
pub(super) fn for_mismatch(of_call: &UnansweredCall<'_>, uses: &[u32], detail: &mut Detail) {
    let (scenario, mismatch) = (of_call.scenario, of_call.mismatch);
    match (mismatch.no_script, mismatch.misses.last()) {
        #[cfg(feature = "cassette")]
        (Some(_), _) if scenario.is_recorded() => {
            let nearest = ComparedExchange::nearest(of_call.call);
            not_recorded(of_call, nearest, detail);
        }
        (None, None) if scenario.is_recorded() => recorded_too_seldom(scenario, detail),
        #[cfg(feature = "cassette")]
        (None, Some(miss)) if matches!(miss.reason, Reason::NotRecorded) => {
            let turn = scenario.turn(miss.turn);
            match ComparedExchange::of_turn(turn, of_call.call) {
                Some(exchange) if of_call.other.is_none() => {
                    not_recorded(of_call, Some(exchange), detail);
                }
                _ => {
                    recorded_too_seldom(scenario, detail);
                    detail.help(format_args!(
                        "or make the calls in the order of the recording"
                    ));
                }
            }
        }
        (Some(no_script), _) => for_no_script(of_call, no_script, detail),
        (None, None) => no_turn_left(of_call, uses, detail),
        (None, Some(miss)) => match of_call.other {
            Some(Other::Later(other)) => out_of_order(of_call, other, detail),
            Some(Other::Earlier(other)) => used_up(scenario, other, uses, detail),
            Some(Other::InLane(other)) => in_another_lane(of_call, other, detail),
            None => for_reason(miss, of_call.call, detail),
        },
    }
}

/// How a request is recorded.
fn record_it(scenario: &Scenario) -> String {
    match scenario.record_command() {
        Some(command) => format!("record it: `{}`", command.missing),
        None => "record it again".to_owned(),
    }
}

/// The remedies for a request that differs from those of all recorded exchanges that may answer it.
#[cfg(feature = "cassette")]
fn not_recorded(
    of_call: &UnansweredCall<'_>,
    nearest: Option<ComparedExchange<'_>>,
    detail: &mut Detail,
) {
    detail.help(format_args!("{}", record_it(of_call.scenario)));
    if let Some(nearest) = nearest {
        help_to_equal_recording::help(&nearest, of_call.call, detail);
    }
}

/// The remedy for a request after all exchanges that are for it.
fn recorded_too_seldom(scenario: &Scenario, detail: &mut Detail) {
    let many = match scenario.record_command() {
        Some(_) => "",
        None => ", with as many such requests",
    };
    detail.help(format_args!("{}{many}", record_it(scenario)));
}

/// The remedies for a request without a script.
fn for_no_script(of_call: &UnansweredCall<'_>, no_script: NoScript, detail: &mut Detail) {
    let (scenario, call) = (of_call.scenario, of_call.call);
    match no_script {
        NoScript::NoLane => {
            detail.help(format_args!("add a lane for it: `_ => [reply(\"..\")]`"));
        }
        NoScript::Embedding => {
            return detail.help(format_args!(
                "answer embeddings in any order: a rule, `_ => embed()`, or `otherwise = embed()`"
            ));
        }
        NoScript::NoInstance
            if call.head.is_none() && matches!(scenario.per, Some(Per::Header(_))) =>
        {
            detail.help(format_args!(
                "take the mock as a `MockServer`, and ask it over HTTP"
            ));
            return detail.help(format_args!(
                "or find instances by what a request in process has: `per = conversation`, or a matcher with a capture, as in `per = user(\"order {{id:word}}\")`"
            ));
        }
        NoScript::NoInstance => {
            let per = per(scenario);
            detail.help(format_args!("send what `{per}` needs with each request"));
        }
    }
    in_any_order(call, detail);
}

/// The remedy where any number of calls may come at any time.
fn in_any_order(call: &Call, detail: &mut Detail) {
    let rule = rule_for(call);
    detail.help(format_args!(
        "or answer such calls in any order: a rule, `{rule}`"
    ));
}

/// The remedy for a request that matches a turn of another lane.
fn in_another_lane(of_call: &UnansweredCall<'_>, other: TurnIndex, detail: &mut Detail) {
    let mismatch = of_call.mismatch;
    let (Some(lane), TurnIndex::Lane { lane: other, .. }) = (mismatch.script.lane(), other) else {
        return;
    };
    let lanes = &of_call.scenario.lanes;
    detail.help(format_args!(
        "the request fits the pattern of lane {}, `{}`: correct it, or that of lane {}, `{}`; the first lane that fits answers",
        lane + 1,
        pattern(&lanes[lane]),
        other + 1,
        pattern(&lanes[other]),
    ));
}

fn no_turn_left(of_call: &UnansweredCall<'_>, uses: &[u32], detail: &mut Detail) {
    const OTHERWISE: &str = "`otherwise = reply(\"..\")`";
    let (scenario, call) = (of_call.scenario, of_call.call);
    let Some((&used, earlier)) = uses.split_last() else {
        if scenario.rules.is_empty() {
            detail.help(format_args!("add a turn: `script = [reply(\"..\")]`"));
            detail.help(format_args!("or answer all calls alike: {OTHERWISE}"));
            detail.help(format_args!(
                "or make no call, if nothing should call this mock"
            ));
        } else {
            detail.help(format_args!("add a rule: `{}`", rule_for(call)));
            detail.help(format_args!("or answer all other calls: {OTHERWISE}"));
        }
        return;
    };
    let last = TurnIndex::scripted(of_call.mismatch.script.lane(), earlier.len());
    if all_hold(&scenario.turn(last).matchers, call) {
        answer_again(last, used, detail);
        detail.help(format_args!("or add a turn, or make one call fewer"));
        detail.help(format_args!(
            "or answer all further calls: `otherwise = repeat_last`; or all calls that no turn fits, earlier ones too: {OTHERWISE}"
        ));
    } else {
        detail.help(format_args!("add a turn for it, or make one call fewer"));
        in_any_order(call, detail);
        detail.help(format_args!(
            "or answer all calls that no turn fits, earlier ones too: {OTHERWISE}"
        ));
    }
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
    consists_of(text, |c| {
        !c.is_control() && !matches!(c, '"' | '\\' | '{' | '}' | '*' | '`')
    })
}

/// Returns a rule that would answer this request.
fn rule_for(call: &Call) -> String {
    let request = call.request();
    let matcher = match request.user_text() {
        Some(text) => {
            let pattern = whole(&text).or_else(|| beginning(&text));
            pattern.map(|pattern| format!("user(\"{pattern}\")"))
        }
        None => tool_result(request),
    };
    let matcher = matcher.unwrap_or_else(|| "_".to_owned());
    match call.is_embedding() {
        true => format!("{matcher} => embed()"),
        false => format!("{matcher} => reply(\"..\")"),
    }
}

/// Returns a matcher for the first result at the end of a request.
fn tool_result(request: &Request) -> Option<String> {
    let result = request.trailing_tool_results().next()?;
    let tool = request.tool_of_call(&result.call_id)?;
    Some(format!("tool_result({})", shorten(tool, 30)))
}

fn answer_again(turn: TurnIndex, used: u32, detail: &mut Detail) {
    let times = used + 1;
    detail.help(format_args!(
        "let {turn} answer again: `.times({times})`, or `.forever()` for any number of calls"
    ));
}

fn out_of_order(of_call: &UnansweredCall<'_>, other: TurnIndex, detail: &mut Detail) {
    let mut misses = of_call.mismatch.misses.iter();
    let expected = misses.find_map(|miss| miss.turn.in_script());
    let number = |turn: Option<usize>| turn.unwrap_or_default() + 1;
    let (expected, other) = (number(expected), number(other.in_script()));
    let lane = of_lane(of_call.mismatch.script.lane());
    detail.help(format_args!(
        "swap turns {expected} and {other}{lane} if the calls come in this order"
    ));
    detail.help(format_args!(
        "or make turn {expected}{lane} optional: `.times(0..=1)`"
    ));
    detail.help(format_args!("{INTO_RULES}"));
}

const INTO_RULES: &str = "or move turns whose order does not matter into `rules`";
const NO_CHECK_OF_TOOLS: &str = "or turn this check off: `allow = [unoffered_tools]`";

fn used_up(scenario: &Scenario, other: TurnIndex, uses: &[u32], detail: &mut Detail) {
    let used = other.in_script().and_then(|index| uses.get(index));
    match used.copied().unwrap_or_default() {
        0 => detail.help(format_args!(
            "make this call before the ones that come after {other}, which was left out"
        )),
        used => answer_again(other, used, detail),
    }
    match scenario.rules.is_empty() {
        true => detail.help(format_args!("{INTO_RULES}")),
        false => detail.help(format_args!("or add a rule for it")),
    }
}

fn for_reason(miss: &TurnMismatch, call: &Call, detail: &mut Detail) {
    let request = call.request();
    match &miss.reason {
        Reason::Unmatched(index) => {
            let turn = call.scenario.turn(miss.turn);
            if let Some(matcher) = turn.matchers.get(*index) {
                unmatched(miss.turn, matcher, call, detail);
            }
        }
        Reason::NoValue(Variable::Field { tool, index, path }) => {
            missing_field(tool, *index, path, &request.messages, detail);
        }
        Reason::NoValue(Variable::Capture(name)) => {
            let name = shorten(name, 40);
            match miss.turn {
                TurnIndex::Otherwise => detail.help(format_args!(
                    "let a turn or a rule that captures `{name}` answer first"
                )),
                _ => detail.help(format_args!(
                    "capture `{name}` in a matcher of this turn, or let a turn that captures it answer first"
                )),
            }
        }
        Reason::NoValue(_) => detail.help(format_args!("send a message of the user")),
        Reason::ResultMisfit { tool, .. } => {
            let tool = shorten(tool, 40);
            detail.help(format_args!(
                "return what `{tool}` declares, or correct its `returns(..)`"
            ));
        }
        Reason::NotOffered(tool) => {
            let tool = shorten(tool, 40);
            detail.help(format_args!(
                "offer `{tool}` in the request, or allow calls of other tools: `allow = [unoffered_tools]`"
            ));
        }
        Reason::OtherArguments { tool, why } => {
            let (declared, argument): (_, &str) = match why {
                OtherArguments::Missing(argument) => ("without", argument),
                OtherArguments::Required(argument) => ("with", argument),
            };
            let (tool, argument) = (shorten(tool, 40), shorten(argument, 40));
            detail.help(format_args!(
                "correct the schema of `{tool}` in the request, or declare and call `{tool}` {declared} `{argument}`"
            ));
            detail.help(format_args!("{NO_CHECK_OF_TOOLS}"));
        }
        Reason::ToolChoice { field, violation } => {
            match violation {
                ToolChoiceViolation::NoCall => detail.help(format_args!(
                    "call a tool in the turn, or leave `{field}` out of a request that a text answers"
                )),
                _ => detail.help(format_args!(
                    "correct `{field}` in the request, or the calls of the turn"
                )),
            }
            detail.help(format_args!("{NO_CHECK_OF_TOOLS}"));
        }
        Reason::OtherKind => detail.help(format_args!(
            "add a rule for requests of this kind: `_ => embed()` for embeddings, `_ => reply(\"..\")` for others"
        )),
        Reason::Dimensions { scripted, .. } => detail.help(format_args!(
            "ask for {scripted} dimensions, or write `embed()`, whose vectors are as long as the request says"
        )),
        Reason::Inputs { .. } => detail.help(format_args!(
            "write a vector for each input, or a single one, which is for all of them"
        )),
        #[cfg(feature = "cassette")]
        Reason::NotRecorded => {}
    }
}

/// Suggests how a tool's result gets this field, or how its turn does without.
fn missing_field(
    tool: &str,
    index: Option<u32>,
    path: &str,
    messages: &[Message],
    detail: &mut Detail,
) {
    let swapped = tool_with_field(messages, tool, path);
    let (name, path) = (shorten(tool, 40), shorten(path, 40));
    if let Some(other) = swapped {
        let other = shorten(other, 40);
        detail.help(format_args!(
            "send each result with the id of its call: that of `{other}` has `{path}`"
        ));
        return detail.help(format_args!("or return `{path}` from `{name}`"));
    }
    let json = result_of(messages, tool, index).map(|result| result.json().ok());
    match json {
        None => detail.help(format_args!(
            "send the result of `{name}`, or leave it out of the turn's text"
        )),
        Some(Some(Value::Object(_) | Value::Array(_))) => detail.help(format_args!(
            "return `{path}` from `{name}`, or write a field that its result has"
        )),
        Some(_) => detail.help(format_args!(
            "return JSON with `{path}` from `{name}`, or leave the result out of the turn's text"
        )),
    }
}

/// Returns another tool whose latest result has this field, if a result of this tool is there, too.
fn tool_with_field<'r>(messages: &'r [Message], tool: &str, path: &str) -> Option<&'r str> {
    let results = latest_results(messages);
    let is_there = results.any(&|&(of, _)| of == Some(tool));
    let has_field = |result: &ToolResult| {
        let json = result.json::<Value>();
        json.is_ok_and(|json| field_at(&json, path).is_some())
    };
    let (other, _) = results.find(&|(_, result)| has_field(result))?;
    other.filter(|_| is_there)
}

/// The remedies for a request for which a matcher of its turn does not hold.
fn unmatched(turn: TurnIndex, matcher: &Matcher, call: &Call, detail: &mut Detail) {
    let request = call.request();
    let written = shorten(&super::turn::matcher(matcher), 60);
    if matches!(matcher, Matcher::Header(..)) && call.head.is_none() {
        return detail.help(format_args!(
            "take the mock as a `MockServer`, and ask it over HTTP, or remove `{written}`"
        ));
    }
    match matcher_for(matcher, request) {
        Some(right) => detail.help(format_args!(
            "correct the request, or write `{right}` in place of `{written}`"
        )),
        None => detail.help(format_args!("correct the request, or change `{written}`")),
    }
    if !is_near_miss(matcher, request) {
        // Move the turn: only adding a rule would leave the turn unused.
        let script = match turn {
            TurnIndex::Lane { .. } => "",
            _ => " from `script`",
        };
        let rule = rule_for(call);
        detail.help(format_args!(
            "or, if the order of the calls does not matter, move {turn}{script} to `rules`, and add the rule `{rule}`"
        ));
    }
}

/// Whether the request is the one that is meant, but for what is easy to overlook.
fn is_near_miss(matcher: &Matcher, request: &Request) -> bool {
    let (pattern, texts) = match matcher {
        Matcher::User(pattern) => match request.user_text() {
            Some(text) => (pattern, vec![text]),
            None => return false,
        },
        Matcher::AnyUserMessage(pattern) => (pattern, texts(&request.user_messages())),
        Matcher::System(pattern) => (pattern, texts(&request.instructions())),
        Matcher::Model(pattern) => (pattern, vec![request.model.as_str().into()]),
        _ => return false,
    };
    let is_whole = matches!(matcher, Matcher::Model(_));
    texts.any(&|text| NearMiss::find(pattern, text, is_whole).is_some())
}

/// Returns a matcher of the same kind that holds for this request.
fn matcher_for(matcher: &Matcher, request: &Request) -> Option<String> {
    match matcher {
        // The turn needs the captures of this pattern.
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
        Matcher::ToolResult(_) => tool_result(request),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
