//! Fixtures of other mock servers as rules of a scenario.

use mock_cassette::{
    Cassette, Fixture, FixtureCondition, FixtureError, FixturePart, TextCondition,
};

use crate::builder::{self, verbatim};
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish::FinishReason;
use crate::chat::message::{Message, Part, Reasoning, Role, ToolCall, ToolResult};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::{Failure, Profile, SourceLocation, Turn};

/// The rules that answer as the fixtures of a cassette do.
pub(super) fn rules(cassette: &Cassette, file: Option<&'static str>) -> Vec<Turn> {
    let fixtures = cassette.fixtures().iter();
    fixtures.map(|fixture| rule(fixture, file)).collect()
}

/// The profile of the provider that the first fixture names, if one does.
pub(super) fn profile(cassette: &Cassette) -> Option<Profile> {
    let mut providers = cassette.fixtures().iter();
    let provider = providers.find_map(|fixture| fixture.provider.as_deref())?;
    Some(match provider {
        "openai" => Profile::Openai,
        "responses" => Profile::OpenaiResponses,
        "anthropic" => Profile::Anthropic,
        "gemini" => Profile::Gemini,
        _ => return None,
    })
}

fn rule(fixture: &Fixture, file: Option<&'static str>) -> Turn {
    let conditions = fixture.conditions.clone();
    let mut turn = builder::on(builder::when(move |request| {
        conditions.iter().all(|condition| holds(condition, request))
    }));
    if let Some(file) = file {
        turn.place = SourceLocation {
            file: Some(file),
            line: fixture.line,
        };
    }
    if !fixture.delay.is_zero() {
        turn = turn.pause(fixture.delay);
    }
    if let Some(error) = &fixture.error {
        return turn.fail(failure(error));
    }
    // A rule answers many times, and the scripts of rules have no fixed ids.
    let has_id = |part: &FixturePart| matches!(part, FixturePart::Call { id: Some(_), .. });
    turn = match fixture.parts.iter().any(has_id) {
        true => turn.respond_with(closure(fixture)),
        false => scripted(turn, fixture),
    };
    match fixture.gap.is_zero() {
        true => turn,
        false => turn.every(fixture.gap),
    }
}

fn scripted(mut turn: Turn, fixture: &Fixture) -> Turn {
    for part in &fixture.parts {
        turn = match part {
            FixturePart::Text(text) => turn.reply(verbatim(text.clone())),
            FixturePart::Reasoning(text) => turn.reasoning(verbatim(text.clone())),
            FixturePart::Refusal(text) => turn.refusal(verbatim(text.clone())),
            FixturePart::Call {
                name, arguments, ..
            } => turn.call(name.clone(), verbatim(arguments.clone())),
            _ => turn,
        };
    }
    match &fixture.finish {
        Some(reason) => turn.finish(finish(reason)),
        None => turn,
    }
}

/// A closure that answers with the parts of the fixture, and with the ids of its calls.
fn closure(fixture: &Fixture) -> impl Fn(&Request) -> Response + Send + Sync + 'static {
    let parts = fixture.parts.iter().filter_map(|part| match part {
        FixturePart::Text(text) => Some(Part::Text(text.clone())),
        FixturePart::Reasoning(text) => Some(Part::Reasoning(Reasoning::new(text.clone()))),
        FixturePart::Refusal(text) => Some(Part::Refusal(text.clone())),
        FixturePart::Call {
            name,
            arguments,
            id,
            ..
        } => {
            let id = id.clone().unwrap_or_default();
            let call = ToolCall::new(id, name.clone(), arguments.clone());
            Some(Part::ToolCall(call))
        }
        _ => None,
    });
    let message = Message::new(Role::Assistant, parts.collect());
    let mut response = Response::from(message);
    response.finish_reason = fixture.finish.as_deref().map(finish);
    move |_| response.clone()
}

fn failure(error: &FixtureError) -> Failure {
    let kind = ErrorKind::from_status(error.status);
    let may_wait = matches!(
        kind,
        ErrorKind::RateLimit | ErrorKind::Overloaded | ErrorKind::ServerError
    );
    Failure {
        kind,
        message: (!error.message.is_empty()).then(|| verbatim(error.message.clone())),
        retry_after: error.retry_after.filter(|_| may_wait),
        status: Some(error.status),
        code: error.code.clone().map(Into::into),
        ..Failure::EMPTY
    }
}

/// The neutral reason for a provider's name.
fn finish(reason: &str) -> FinishReason {
    match reason.to_ascii_lowercase().as_str() {
        "stop" | "end_turn" | "stop_sequence" | "completed" => FinishReason::Stop,
        "length" | "max_tokens" | "max_output_tokens" => FinishReason::Length,
        "tool_calls" | "tool_use" | "function_call" => FinishReason::ToolCalls,
        "content_filter" | "safety" | "refusal" => FinishReason::ContentFilter,
        _ => FinishReason::Other(reason.to_owned().into()),
    }
}

fn holds(condition: &FixtureCondition, request: &Request) -> bool {
    match condition {
        FixtureCondition::User(condition) => {
            let mut users = request.messages.iter().rev();
            let last =
                users.find(|message| message.role == Role::User && !message.text().is_empty());
            last.is_some_and(|message| text_holds(condition, &message.text()))
        }
        FixtureCondition::System(part) => {
            let systems = request.messages.iter();
            let systems = systems
                .filter(|message| matches!(message.role, Role::System | Role::Developer))
                .map(|message| message.text().into_owned());
            systems.collect::<Vec<_>>().join("\n").contains(part)
        }
        FixtureCondition::Model(condition) => text_holds(condition, &request.model),
        FixtureCondition::HasTool(name) => request.tools.iter().any(|tool| tool.name == *name),
        FixtureCondition::ToolCallId(id) => {
            results(request.messages.last()).any(|result| result.call_id == *id)
        }
        FixtureCondition::ToolResult(part) => {
            results(request.messages.last()).any(|result| result.text().contains(part.as_str()))
        }
        FixtureCondition::HasToolResult(expected) => {
            let messages = request.messages.iter().rev();
            let mut turn = messages
                .take_while(|message| message.role != Role::User || message.text().is_empty());
            turn.any(|message| results(Some(message)).next().is_some()) == *expected
        }
        FixtureCondition::Assistants(least) => {
            let messages = request.messages.iter();
            let assistants = messages.filter(|message| message.role == Role::Assistant);
            assistants.count() >= *least
        }
        _ => false,
    }
}

fn results(message: Option<&Message>) -> impl Iterator<Item = &ToolResult> {
    let parts = message.into_iter().flat_map(|message| &message.parts);
    parts.filter_map(|part| match part {
        Part::ToolResult(result) => Some(result),
        _ => None,
    })
}

#[cfg(feature = "regex")]
fn text_holds(condition: &TextCondition, text: &str) -> bool {
    condition.holds(text, |source, text| {
        regex::Regex::new(source).is_ok_and(|regex| regex.is_match(text))
    })
}

#[cfg(not(feature = "regex"))]
fn text_holds(condition: &TextCondition, text: &str) -> bool {
    condition.holds(text, |source, _| {
        panic!("the fixture matches `{source}`, a regular expression: turn on the feature `regex` of mock-core")
    })
}
