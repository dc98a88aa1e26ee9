//! Fixtures of other mock servers as rules and lanes of a scenario.

use mock_cassette::{
    Cassette, Fixture, FixtureCondition, FixtureEnd, FixtureError, FixturePart, FixtureUsage,
    TextCondition,
};

use crate::builder::{self, verbatim};
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Message, Part, Reasoning, Role, ToolCall, ToolResult};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::{
    After, Failure, Lane, Matcher, Profile, Scenario, SourceLocation, Split, Turn,
};
use crate::search::Search;

/// Where fixtures are from: their file, or else the code that takes them.
#[derive(Clone, Copy)]
struct Origin {
    file: Option<&'static str>,
    caller: SourceLocation,
}

impl Origin {
    fn place(self, fixture: &Fixture) -> SourceLocation {
        match self.file {
            Some(_) => SourceLocation {
                file: self.file,
                line: fixture.line,
            },
            None => self.caller,
        }
    }
}

impl Scenario {
    /// Answers as the fixtures of a cassette do. Those with a number are the turns of lanes, one lane for each of their conditions. The others
    /// are rules.
    ///
    /// # Panics
    /// If there are such lanes, and the scenario has a script, or recorded exchanges.
    #[track_caller]
    pub(super) fn with_fixtures(
        mut self,
        cassette: &Cassette,
        file: Option<&'static str>,
    ) -> Scenario {
        let origin = Origin {
            file,
            caller: SourceLocation::caller(),
        };
        let (numbered, others): (Vec<_>, Vec<_>) = cassette
            .fixtures()
            .iter()
            .partition(|fixture| fixture.number.is_some());
        let rules = others
            .into_iter()
            .flat_map(|fixture| rules(fixture, origin));
        self = self.rules(rules);
        if numbered.is_empty() {
            return self;
        }
        assert!(
            self.turns.is_empty() && cassette.interactions().is_empty(),
            "{}:{}: fixtures that answer one after the other cannot be used with a script, or with recorded exchanges: put them into a mock of their own",
            file.unwrap_or("the cassette"),
            numbered[0].line
        );
        let mut lanes: Vec<(&Fixture, Lane)> = Vec::new();
        for fixture in numbered {
            let turn = answer(turn_at(fixture, origin), fixture).times(0..=1);
            let is_same = |(first, _): &&mut (&Fixture, Lane)| {
                (&first.conditions, &first.provider) == (&fixture.conditions, &fixture.provider)
            };
            match lanes.iter_mut().find(is_same) {
                Some((_, lane)) => lane.turns.to_mut().push(turn),
                None => {
                    let lane = Lane {
                        place: origin.place(fixture),
                        matchers: request_matchers(fixture, None).into(),
                        turns: vec![turn].into(),
                    };
                    lanes.push((fixture, lane));
                }
            }
        }
        self.lanes = lanes.into_iter().map(|(_, lane)| lane).collect();
        // A fixture may answer a conversation that another mock has begun.
        self.allow.broken_conversations = true;
        self
    }
}

/// The profile of the provider that the first fixture names, if one does. A body that is not JSON needs a profile, whose clients read it in
/// process.
pub(super) fn profile(cassette: &Cassette) -> Option<Profile> {
    let mut fixtures = cassette.fixtures().iter();
    let has_body = fixtures.clone().any(|fixture| fixture.body.is_some());
    let named = fixtures.find_map(|fixture| match fixture.provider.as_deref()? {
        "openai" => Some(Profile::Openai),
        "responses" => Some(Profile::OpenaiResponses),
        "anthropic" => Some(Profile::Anthropic),
        "gemini" => Some(Profile::Gemini),
        _ => None,
    });
    named.or(has_body.then_some(Profile::Openai))
}

/// The rules of a fixture: one more if it breaks off only streams.
fn rules(fixture: &Fixture, origin: Origin) -> Vec<Turn> {
    let rule = |streamed: Option<bool>, fixture: &Fixture| {
        let turn = Turn {
            matchers: request_matchers(fixture, streamed).into(),
            ..turn_at(fixture, origin)
        };
        answer(turn, fixture)
    };
    if fixture.end.is_none() {
        return vec![rule(None, fixture)];
    }
    let mut whole = fixture.clone();
    whole.end = None;
    vec![rule(Some(true), fixture), rule(None, &whole)]
}

/// A turn without an answer, at the place of a fixture.
fn turn_at(fixture: &Fixture, origin: Origin) -> Turn {
    Turn {
        place: origin.place(fixture),
        ..Turn::EMPTY
    }
}

/// The matchers of the requests that a fixture answers. `streamed` is whether they ask for a stream; `None` if either may be.
fn request_matchers(fixture: &Fixture, streamed: Option<bool>) -> Vec<Matcher> {
    let conditions = fixture.conditions.clone();
    let mut matchers = vec![builder::when(move |request| {
        let is_streamed = |expected| request.stream.unwrap_or_default() == expected;
        streamed.is_none_or(is_streamed) && conditions.all(&|condition| holds(condition, request))
    })];
    let paths: &[&str] = match fixture.provider.as_deref() {
        Some("openai") => &["*/chat/completions", "*/embeddings"],
        Some("responses") => &["*/responses"],
        Some("anthropic") => &["*/messages"],
        Some("gemini") => &["*:*ontent", "*:*ontents"],
        _ => return matchers,
    };
    let paths = paths.iter().map(|path| builder::path(*path));
    // In process a request has no path, so it matches too.
    let in_process = builder::not(builder::path("*"));
    let paths: Vec<_> = paths.chain([in_process]).collect();
    matchers.push(Matcher::AnyOf(paths.into()));
    matchers
}

/// The answer of a fixture.
fn answer(mut turn: Turn, fixture: &Fixture) -> Turn {
    if !fixture.delay.is_zero() {
        turn = turn.pause(fixture.delay);
    }
    if let Some(error) = &fixture.error {
        return turn.fail(failure(error));
    }
    if let Some(body) = &fixture.body {
        let turn = turn.raw(body.clone());
        return turn.headers([("content-type", "text/plain")]);
    }
    if !fixture.vector.is_empty() {
        return turn.embed_with(fixture.vector.clone());
    }
    // A rule answers many times, so a turn of a rule cannot have a fixed id. A closure can.
    let has_id = |part: &FixturePart| matches!(part, FixturePart::Call { id: Some(_), .. });
    let responds = fixture.number.is_none() && fixture.parts.any(&has_id);
    let (mut turn, most_deltas) = match responds {
        true => {
            // The closure answers with the same parts as the turn.
            let same = in_chunks(scripted(Turn::EMPTY, fixture), fixture, false);
            let turn = turn.respond_with(closure(fixture));
            (in_chunks(turn, fixture, true), same.most_deltas())
        }
        false => {
            let turn = in_chunks(scripted(turn, fixture), fixture, false);
            let most_deltas = turn.most_deltas();
            (turn, most_deltas)
        }
    };
    if !fixture.ttft.is_zero() {
        turn = turn.ttft(fixture.ttft);
    }
    if !fixture.gap.is_zero() {
        turn = turn.every(fixture.gap);
    }
    match fixture.end {
        Some(end) => breaking_off(turn, end, most_deltas),
        None => match &fixture.finish {
            Some(reason) if !responds => turn.finish(finish(reason)),
            _ => turn,
        },
    }
}

/// A turn whose texts and arguments come in pieces of as many characters as the fixture says.
fn in_chunks(mut turn: Turn, fixture: &Fixture, responds: bool) -> Turn {
    let Some(size) = fixture.chunk_size else {
        return turn;
    };
    let is_call = |part: &FixturePart| matches!(part, FixturePart::Call { .. });
    if responds || !fixture.parts.all(&is_call) {
        turn = turn.split(Split::Chars(size));
    }
    let arguments = fixture.parts.iter().filter_map(|part| match part {
        FixturePart::Call { arguments, .. } => Some(arguments.chars().count()),
        _ => None,
    });
    match arguments.max() {
        Some(longest) => {
            let pieces = u32::try_from(longest.div_ceil(size as usize)).unwrap_or(u32::MAX);
            turn.pieces(pieces.max(1))
        }
        None => turn,
    }
}

/// A turn that breaks off where a fixture does, if it is that long.
fn breaking_off(turn: Turn, end: FixtureEnd, most_deltas: Option<u32>) -> Turn {
    let frames = match end {
        FixtureEnd::Truncated(frames) | FixtureEnd::CutAfterFrames(frames) => frames,
        FixtureEnd::CutAfter(time) => return turn.cut_after(time),
        _ => return turn,
    };
    // The first frame of a stream of Chat Completions has no content, and neither has the frame of the finish reason.
    let deltas = frames.saturating_sub(1);
    let after = match most_deltas {
        Some(most) if deltas > most => return turn,
        Some(most) if deltas == most => After::All,
        _ => After::Deltas(deltas),
    };
    match end {
        FixtureEnd::Truncated(_) => turn.end_after(after),
        _ => turn.cut_after(after),
    }
}

fn scripted(mut turn: Turn, fixture: &Fixture) -> Turn {
    for part in &fixture.parts {
        turn = match part {
            FixturePart::Text(text) => turn.reply(verbatim(text.clone())),
            FixturePart::Reasoning(text) => turn.reasoning(verbatim(text.clone())),
            FixturePart::Signature(text) => turn.signature(verbatim(text.clone())),
            FixturePart::Refusal(text) => turn.refusal(verbatim(text.clone())),
            FixturePart::Call {
                name,
                arguments,
                id,
                ..
            } => {
                let turn = turn.call(name.clone(), verbatim(arguments.clone()));
                match id {
                    Some(id) => turn.id(verbatim(id.clone())),
                    None => turn,
                }
            }
            _ => turn,
        };
    }
    if let Some(usage) = fixture.usage {
        turn = turn.usage(tokens(usage));
    }
    turn
}

/// A closure that answers with the parts of the fixture, and with the ids of its calls.
fn closure(fixture: &Fixture) -> impl Fn(&Request) -> Response + Send + Sync + 'static {
    let mut parts = Vec::new();
    for part in &fixture.parts {
        match part {
            FixturePart::Text(text) => parts.push(Part::Text(text.clone())),
            FixturePart::Reasoning(text) => {
                parts.push(Part::Reasoning(Reasoning::new(text.clone())));
            }
            FixturePart::Signature(text) => {
                if let Some(Part::Reasoning(reasoning)) = parts.last_mut() {
                    reasoning.signature = Some(text.clone());
                }
            }
            FixturePart::Refusal(text) => parts.push(Part::Refusal(text.clone())),
            FixturePart::Call {
                name,
                arguments,
                id,
                ..
            } => {
                let id = id.clone().unwrap_or_default();
                let call = ToolCall::new(id, name.clone(), arguments.clone());
                parts.push(Part::ToolCall(call));
            }
            _ => {}
        }
    }
    let message = Message::new(Role::Assistant, parts);
    let mut response = Response::from(message);
    response.finish_reason = fixture.finish.as_deref().map(finish);
    response.usage = fixture.usage.map(tokens);
    move |_| response.clone()
}

fn tokens(usage: FixtureUsage) -> Usage {
    let tokens = Usage::new(usage.prompt, usage.completion);
    tokens.cache_read(usage.cached).reasoning(usage.reasoning)
}

fn failure(error: &FixtureError) -> Failure {
    let headers = error.headers.iter();
    let headers = headers.map(|(name, value)| (name.clone().into(), value.clone().into()));
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
        headers: headers.collect(),
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
        FixtureCondition::Input(condition) => {
            let inputs = request.messages.iter();
            let inputs: Vec<_> = inputs.map(|message| message.text()).collect();
            text_holds(condition, &inputs.join("\n"))
        }
        FixtureCondition::System(part) => {
            let systems = request.messages.iter();
            let systems = systems
                .filter(|message| matches!(message.role, Role::System | Role::Developer))
                .map(|message| message.text().into_owned());
            systems.collect::<Vec<_>>().join("\n").contains(part)
        }
        FixtureCondition::Model(condition) => text_holds(condition, &request.model),
        FixtureCondition::HasTool(name) => request.tools.any(&|tool| tool.name == *name),
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
