//! The content of a cassette: enough exchanges for the turns that replay it, and of the wire that the mock speaks.

use mock_cassette::{Interaction, RecordedWire};

use super::super::parse::{Mock, Replayed};
use super::super::read_cassette_file::Recording;
use super::faults::breaks_off_in_time;
use crate::diagnostics::{Diagnostics, count};
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
            breaks_off_in_time(&fault.after, deltas, diagnostics);
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
                "the fixtures at {path}:{} answer one after the other, so they cannot be used with a script",
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
    let variant = &*mock.profile.variant();
    let is_of_profile = |wire: &RecordedWire| match variant {
        "Plain" => true,
        "Anthropic" => *wire == RecordedWire::Anthropic,
        "Gemini" => matches!(
            wire,
            RecordedWire::Gemini | RecordedWire::GeminiInteractions
        ),
        "Ollama" => *wire == RecordedWire::Ollama,
        // OpenAI, and the profiles that speak its wires.
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

impl Mock {
    /// The recording, if the file could be read.
    pub(crate) fn recording(&self) -> Option<&Recording> {
        self.cassette.as_ref()?.recorded.as_ref()
    }
}
