//! Checks a scenario against its cassette.

use std::collections::BTreeSet;

use mock_cassette::{Interaction, RecordedWire};
use serde_json::Value;

use super::super::parse::{After, Field, Mock, Replayed, Type, word};
use super::super::read_cassette::Recording;
use crate::diagnostics::{Diagnostics, count};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;

/// A turn replays no more exchanges than there are, and breaks off within them.
pub(super) fn turns_replay_what_is_recorded(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(recording) = mock.recording() else {
        return;
    };
    let interactions = recording.cassette.interactions();
    let all = interactions.len();
    let mut left = interactions;
    for turn in &mock.turns {
        let Some((replay, replayed)) = turn.replay() else {
            continue;
        };
        let (span, number) = match replayed {
            Replayed::Next(span, number) => (*span, *number as usize),
            Replayed::Rest => (replay.span(), left.len()),
        };
        let Some((replayed, rest)) = left.split_at_checked(number).filter(|_| number > 0) else {
            let message = match left.len() {
                0 if all == 1 => "an earlier turn replays the exchange of the cassette".to_owned(),
                0 => format!("earlier turns replay all {all} exchanges of the cassette"),
                some if some == all => format!("the cassette has {}", count(all, "exchange")),
                1 => format!("1 of the {all} exchanges of the cassette is left"),
                some => format!("{some} of the {all} exchanges of the cassette are left"),
            };
            let help = match left.len() {
                0 => "remove it, or replay fewer before it".to_owned(),
                some => format!("write a number up to {some}, or `..`"),
            };
            diagnostics.error(Lint::ReplayedAnswer, span, message, help);
            continue;
        };
        let Some(fault) = &turn.fault else {
            left = rest;
            continue;
        };
        if let [only] = replayed {
            let frames = only.replayed_frames().map(|frames| frames.len());
            let breaks = matches!(fault.known.word, "cut_after" | "stall_after");
            if frames.is_none() && !breaks {
                diagnostics.error(
                    Lint::ReplayedAnswer,
                    fault.word.span(),
                    format_args!(
                        "the answer recorded at {} is not streamed",
                        recording.place(only)
                    ),
                    "write `cut_after` or `stall_after`",
                );
            }
            let deltas = frames.unwrap_or(1);
            if let After::Deltas(span, after) = &fault.after
                && *after as usize > deltas
            {
                diagnostics.error(
                    Lint::LateFault,
                    *span,
                    format_args!(
                        "the answer breaks off after {}, but has only {deltas}",
                        count(*after as usize, "delta")
                    ),
                    format_args!("write a number up to {deltas}, or `all`"),
                );
            }
        }
    }
}

/// A script beside a recording replays it.
pub(super) fn scripts_replay_the_cassette(mock: &Mock, diagnostics: &Diagnostics) {
    let (Some(cassette), Some(recording)) = (&mock.cassette, mock.recording()) else {
        return;
    };
    if recording.cassette.interactions().is_empty() || mock.turns.is_empty() {
        return;
    }
    if mock
        .turns
        .all(&|turn| turn.is_whole && turn.replay().is_none())
    {
        diagnostics.error(
            Lint::ReplayedAnswer,
            cassette.key,
            "no turn of the script replays the cassette",
            "add the turn `replay(..)` to the script, or remove `cassette`",
        );
    }
}

/// Fixtures that answer one after the other are lanes, and a mock with lanes has no script.
pub(super) fn fixtures_in_an_order_have_no_script(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(recording) = mock.recording() else {
        return;
    };
    let mut fixtures = recording.cassette.fixtures().iter();
    let numbered = fixtures.find(|fixture| fixture.number.is_some());
    if let Some(numbered) = numbered.filter(|_| !mock.turns.is_empty()) {
        let Recording { path, span, .. } = recording;
        diagnostics.error(
            Lint::ReplayedAnswer,
            *span,
            format_args!(
                "the fixtures at {path}:{} answer one after the other, and so does a script",
                numbered.line
            ),
            "remove `script`, or declare a mock of its own for one of the two",
        );
    }
}

/// A cassette has an exchange of the wire that the mock speaks.
pub(super) fn cassettes_are_of_the_wire(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(recording) = mock.recording() else {
        return;
    };
    let interactions = recording.cassette.interactions();
    let wires: Vec<_> = interactions.iter().filter_map(Interaction::wire).collect();
    let (Some(first), Some(first_wire)) = (interactions.first(), wires.first()) else {
        if let Some(first) = interactions.first() {
            let place = recording.place(first);
            diagnostics.error(
                Lint::CassetteWire,
                recording.span,
                format_args!("the cassette has no exchange with a model: the first is `{} {}`, at {place}", first.method, first.path),
                "name a cassette with requests to a path such as `/v1/chat/completions` or `/v1/messages`",
            );
        }
        return;
    };
    let variant = mock.profile.variant.as_str();
    let is_of_profile = |wire: &RecordedWire| match variant {
        "Plain" => true,
        "Anthropic" => *wire == RecordedWire::Anthropic,
        "Gemini" => matches!(
            wire,
            RecordedWire::Gemini | RecordedWire::GeminiInteractions
        ),
        "Ollama" => *wire == RecordedWire::Ollama,
        // OpenAI, and those that speak its wires.
        _ => matches!(wire, RecordedWire::Openai | RecordedWire::OpenaiResponses),
    };
    // Ollama and Gemini speak chat completions, too.
    let speaks_chat =
        matches!(variant, "Ollama" | "Gemini") && wires.contains(&RecordedWire::Openai);
    if !wires.any(&is_of_profile) && !speaks_chat {
        let profile = first_wire.profile();
        diagnostics.error(
            Lint::CassetteWire,
            recording.span,
            format_args!(
                "the cassette is of another wire than the mock: `{} {}`, at {}",
                first.method,
                first.path,
                recording.place(first)
            ),
            format_args!("write the profile `{profile}`, or name another cassette"),
        );
    }
}

/// A cassette can be committed.
pub(super) fn cassettes_have_no_secrets(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(recording) = mock.recording() else {
        return;
    };
    let allowed: Vec<_> = mock
        .allowed_secrets
        .iter()
        .map(syn::LitStr::value)
        .collect();
    for (literal, path) in mock.allowed_secrets.iter().zip(&allowed) {
        if !recording.secrets.any(&|finding| finding.is_at(path)) {
            diagnostics.error(
                Lint::CassetteSecret,
                literal.span(),
                format_args!("the cassette has no secret in `{path}`"),
                "remove it, or correct the field",
            );
        }
    }
    let mut places = BTreeSet::new();
    for finding in &recording.secrets {
        if allowed.any(&|path| finding.is_at(path)) || !places.insert(finding.place()) {
            continue;
        }
        let place = finding.place();
        diagnostics.error(
            Lint::CassetteSecret,
            recording.span,
            format_args!(
                "{}:{}: `{place}` has {}: `{}`",
                recording.path,
                finding.at(),
                finding.what(),
                finding.excerpt()
            ),
            format_args!("redact it, or write `allow = [secrets(\"{place}\")]` if it is none"),
        );
    }
}

/// The calls in a cassette are those of the declared tools.
pub(super) fn recorded_calls_fit_the_tools(mock: &Mock, diagnostics: &Diagnostics) {
    let (Some(recording), Some(tools)) = (mock.recording(), mock.tool_names()) else {
        return;
    };
    let mut told = BTreeSet::new();
    for interaction in recording.cassette.interactions() {
        for call in interaction.tool_calls() {
            let at = interaction.place_in_body(call.index);
            let place = recording.place_of(at, interaction);
            let tool = tools.find(&|tool| mock.wire_name(tool) == call.name);
            let (message, help) = match tool {
                None => {
                    let name = &call.name;
                    let declared = match tools.is_empty() {
                        true => format!("declare it: `tools = [{name}]`"),
                        false => did_you_mean(name, "tools", &tools),
                    };
                    (
                        format!("a call of `{name}`, which is not declared"),
                        declared,
                    )
                }
                Some(tool) => {
                    let fields = mock.fields(tool);
                    // What is no JSON was sent as it is, as by `.raw(..)`.
                    let arguments = serde_json::from_str::<Value>(&call.arguments).ok();
                    let misfit = fields.zip(arguments);
                    let misfit = misfit.and_then(|(fields, value)| misfit_of(fields, &value));
                    let Some(misfit) = misfit else { continue };
                    (
                        format!("a call of `{tool}` that does not fit: {misfit}"),
                        format!("declare `{tool}` as it is called, or record it again"),
                    )
                }
            };
            // One error for each kind of mistake.
            if told.insert(message.clone()) {
                let message = format!("{place}: {message}");
                diagnostics.error(Lint::CassetteCall, recording.span, message, help);
            }
        }
    }
}

/// Why a value is no object with these fields, if it is none.
fn misfit_of(fields: &[Field], value: &Value) -> Option<String> {
    let Value::Object(values) = value else {
        return Some(format!("its arguments are {}", kind(value)));
    };
    let known = |name: &str| fields.find(&|field| field.wire_name() == name);
    for (name, value) in values {
        let Some(field) = known(name) else {
            return Some(format!("there is no `{name}`"));
        };
        if let Some(misfit) = misfit(name, &field.ty, value) {
            return Some(misfit);
        }
    }
    let missing = fields.find(&|field| {
        !matches!(field.ty, Type::Optional(_)) && !values.contains_key(&field.wire_name())
    });
    missing.map(|field| format!("`{}` is missing", word(&field.name)))
}

fn misfit(name: &str, ty: &Type, value: &Value) -> Option<String> {
    let wrong = |expected: &str| {
        Some(format!(
            "`{name}` must be {expected}, found {}",
            kind(value)
        ))
    };
    match (ty, value) {
        (Type::Json, _) | (Type::Optional(_), Value::Null) => None,
        (Type::Optional(inner), _) => misfit(name, inner, value),
        (Type::Scalar(scalar), _) => match (scalar.word, value) {
            ("string", Value::String(_))
            | ("number", Value::Number(_))
            | ("boolean", Value::Bool(_)) => None,
            ("integer", Value::Number(number)) if !number.is_f64() => None,
            ("string", _) => wrong("a string"),
            ("integer", _) => wrong("an integer"),
            ("number", _) => wrong("a number"),
            _ => wrong("a boolean"),
        },
        (Type::OneOf(values), Value::String(text)) => {
            let is_known = values.any(&|value| value == text);
            (!is_known).then(|| format!("`{text}` is not one of the values of `{name}`"))
        }
        (Type::OneOf(_), _) => wrong("a string"),
        (Type::List(inner), Value::Array(items)) => {
            items.iter().find_map(|item| misfit(name, inner, item))
        }
        (Type::List(_), _) => wrong("a list"),
        (Type::Object(fields), Value::Object(_)) => misfit_of(fields, value),
        (Type::Object(_), _) => wrong("an object"),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl Mock {
    /// The recording, if the file could be read.
    pub(in crate::mock_provider) fn recording(&self) -> Option<&Recording> {
        self.cassette.as_ref()?.recorded.as_ref()
    }
}
