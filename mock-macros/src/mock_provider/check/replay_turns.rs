//! Turns that replay recorded exchanges.

use proc_macro2::{Ident, Span};

use super::super::parse::{After, Count, Mock, Replayed, Turn};
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::syntax::push_all;

/// A replayed exchange must be in the cassette.
pub(super) fn replays_have_a_cassette(mock: &Mock, diagnostics: &Diagnostics) {
    if mock.cassette.is_some() {
        return;
    }
    for &turn in &mock.scripted() {
        if let Some((word, _)) = turn.replay() {
            diagnostics.error(
                Lint::ReplayedAnswer,
                word.span(),
                "`replay` needs a cassette",
                "add the key `cassette = \"tests/cassettes/weather.yaml\"`",
            );
        }
    }
}

/// The order of a recording is that of one script.
pub(super) fn replays_stand_in_the_script(mock: &Mock, diagnostics: &Diagnostics) {
    let mut outside = mock.beside_script();
    for lane in &mock.lanes {
        if mock.cassette.is_some() {
            diagnostics.error(
                Lint::ReplayedAnswer,
                lane.span,
                "a mock with a cassette has no lanes",
                "write its turns as one script, `script = [..]`, or remove `cassette`",
            );
            break;
        }
        push_all(&mut outside, &lane.turns);
    }
    for &turn in &outside {
        if let Some((word, _)) = turn.replay() {
            diagnostics.error(
                Lint::ReplayedAnswer,
                word.span(),
                "a replayed answer is only for the script",
                "move it into `script = [..]`",
            );
        }
    }
}

/// Everything in a replayed answer is that of the recording.
pub(super) fn replayed_answers_are_as_recorded(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        let Some((word, replayed)) = turn.replay() else {
            continue;
        };
        let error = |span: Span, message: &str, help: String| {
            diagnostics.error(Lint::ReplayedAnswer, span, message, help);
        };
        if !turn.matchers.is_empty() {
            error(
                word.span(),
                "a replayed answer takes no matchers",
                "remove `on(..)`".to_owned(),
            );
        }
        for &action in &turn.answers() {
            if !std::ptr::eq(&action.word, word) {
                error(
                    action.word.span(),
                    "`replay` is the whole answer of its turn",
                    "write a turn of its own".to_owned(),
                );
            }
        }
        for modifier in &turn.modifiers {
            let help = match modifier.known.word {
                "ttft" => continue,
                "every" | "tokens_per_second" => {
                    format!(
                        "remove `.{}(..)`: the pace is the recorded one",
                        modifier.word
                    )
                }
                _ => format!("remove `.{}(..)`", modifier.word),
            };
            error(
                modifier.word.span(),
                "a replayed answer cannot be changed",
                help,
            );
        }
        if let Some(fault) = &turn.fault
            && let After::Finish(place) | After::Done(place) = &fault.after
        {
            error(
                *place,
                "a replayed answer contains its own end",
                format!("write `.{}(all)`", fault.word),
            );
        }
        if !matches!(replayed, Replayed::Next(_, 1)) {
            for (word, call) in &modifiers_of_one_exchange(turn) {
                error(
                    *word,
                    "this applies to one exchange, but `replay` here plays several",
                    format!("write `{call}`, and another `replay(..)` for the others"),
                );
            }
        }
    }
}

/// Modifiers that go with a single exchange, and how to write them there.
fn modifiers_of_one_exchange(turn: &Turn) -> Vec<(Span, String)> {
    let mut words = Vec::new();
    let mut add = |word: &Ident| words.push((word.span(), format!("replay(1).{word}(..)")));
    if let Some(fault) = &turn.fault {
        add(&fault.word);
    }
    for action in &turn.actions {
        if action.kind.is_wait() {
            let word = &action.word;
            words.push((word.span(), format!("{word}(..).replay(1)")));
        }
    }
    if !matches!(turn.count, Count::Exactly(1)) {
        words.push((turn.count_span, "replay(1).times(..)".to_owned()));
    }
    if let Some(name) = &turn.name {
        words.push((name.span(), format!("replay(1).named({name})")));
    }
    words
}
