//! Modifiers that do not go with what they stand on: a rule, a failure, a raw answer, embeddings.

use proc_macro2::Ident;

use super::super::parse::{ActionKind, After, Mock, Modifier, ModifierValue, Turn};
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::syntax::push_some;

/// A rule, and what answers otherwise, answer any number of times.
pub(super) fn rules_have_no_count(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.beside_script() {
        if let Some(word) = &turn.count_word {
            let given = if word == "forever" { "" } else { ".." };
            diagnostics.error(
                Lint::OutsideTheScript,
                word.span(),
                "this already answers any number of times",
                format_args!("remove `.{word}({given})`, or write the turn into `script = [..]`"),
            );
        }
    }
}

/// `split` needs a text, and `split_arguments` needs a call.
pub(super) fn splits_have_something_to_split(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        if let Some(split) = turn.modifier("split")
            && !turn.does(is_text)
        {
            let streams = turn.does(|action| matches!(action, ActionKind::Stream(..)));
            let help = match streams {
                true => "remove it: `stream([..])` lists its own pieces",
                false => "remove it, or answer with a text, as in `reply(\"..\")`",
            };
            diagnostics.error(
                Lint::NothingToSplit,
                split.word.span(),
                "there is no text to split",
                help,
            );
        }
        if let Some(pieces) = turn.modifier("pieces")
            && !turn.does(|action| action.is_respond() || matches!(action, ActionKind::Call(_)))
        {
            diagnostics.error(
                Lint::NothingToSplit,
                pieces.word.span(),
                "there are no arguments to cut into pieces",
                "remove it, or call a tool; a text is split by `.split(..)`",
            );
        }
    }
}

/// A failure, and what never ends, have no end to tell of, and no cost.
pub(super) fn what_never_ends_has_no_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let Some(endless) = turn.find(|action| action.is_failure() || action.is_hang()) else {
            continue;
        };
        if let ActionKind::Fail(failure) = &endless.kind {
            fails_at_once(turn, &failure.word, diagnostics);
        }
        for &word in &turn.words_of_the_end() {
            diagnostics.error(
                Lint::NoAnswer,
                word.span(),
                format_args!(
                    "a turn with `{}` never ends, so it has no finish reason and no usage",
                    endless.word
                ),
                format_args!("remove `.{word}(..)`"),
            );
        }
    }
}

/// A failure comes whole, and at once.
fn fails_at_once(turn: &Turn, kind: &Ident, diagnostics: &Diagnostics) {
    let remove = |modifier: &Modifier| format!("remove `.{}(..)`", modifier.word);
    for modifier in &turn.modifiers {
        let (message, help) = match &modifier.value {
            ModifierValue::Time(_) if modifier.known.word == "ttft" => (
                "a turn that fails has no first token",
                format!("remove `.ttft(..)`, and write `pause(300ms).fail({kind})`"),
            ),
            ModifierValue::Pace(_) | ModifierValue::Flush(_) => {
                ("a turn that fails has no stream", remove(modifier))
            }
            ModifierValue::Keepalive(_) => (
                "a turn that fails has no stream to keep alive",
                remove(modifier),
            ),
            _ => continue,
        };
        diagnostics.error(Lint::NoAnswer, modifier.word.span(), message, help);
    }
}

/// An answer that always breaks off has no finish reason or usage.
pub(super) fn what_breaks_off_has_no_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        if let (Some(fault), Some(finish)) = (&turn.fault, turn.modifier("finish"))
            && matches!(fault.after, After::Deltas(..) | After::All)
        {
            diagnostics.error(
                Lint::NoAnswer,
                finish.word.span(),
                format_args!(
                    "an answer with `{}` ends before its finish reason",
                    fault.word
                ),
                "remove `.finish(..)`, or write it in a turn that ends",
            );
        }
    }
}

/// The modifiers of a turn go with its raw answer.
pub(super) fn modifiers_go_with_a_raw_answer(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        let Some(raw) = turn.find(ActionKind::is_raw_answer) else {
            if let Some((word, status)) = turn.status() {
                let failure = turn.failures().first().copied();
                let help = match failure {
                    Some(failure) => {
                        let failure = failure.with("status", &written(status));
                        format!("write `fail({failure})`")
                    }
                    None => format!(
                        "remove it, or write `raw(\"..\").status({})`",
                        written(status)
                    ),
                };
                let message = "`status` is only for `raw` and `frames`";
                diagnostics.error(Lint::RawAnswer, word.span(), message, help);
            }
            continue;
        };
        for &word in &turn.words_of_the_end() {
            diagnostics.error(
                Lint::RawAnswer,
                word.span(),
                format_args!("`{}` contains its own end", raw.word),
                format_args!("remove `.{word}(..)`, and write it into the answer"),
            );
        }
        if raw.kind.is_raw() {
            a_body_comes_whole(turn, diagnostics);
        }
    }
}

fn a_body_comes_whole(turn: &Turn, diagnostics: &Diagnostics) {
    if let Some(pace) = turn.pace() {
        diagnostics.error(
            Lint::RawAnswer,
            pace.word.span(),
            "`raw` is not streamed",
            format_args!("remove `.{}(..)`, or write `frames([..])`", pace.word),
        );
    }
    if let Some(fault) = &turn.fault
        && !matches!(fault.known.word, "cut_after" | "stall_after")
    {
        diagnostics.error(
            Lint::RawAnswer,
            fault.word.span(),
            "only `cut_after` and `stall_after` can break off `raw`",
            "write one of these, or write the rest of the answer into `raw`",
        );
    }
}

/// A place behind the finish is one of an answer whose finish the mock writes.
pub(super) fn faults_of_frames_know_their_place(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        if let Some(fault) = &turn.fault
            && let Some(raw) = turn.find(ActionKind::is_raw_answer)
            && let After::Finish(place) | After::Done(place) = &fault.after
        {
            diagnostics.error(
                Lint::RawAnswer,
                *place,
                format_args!("`{}` contains its own end", raw.word),
                format_args!("write `.{}(all)`", fault.word),
            );
        }
    }
}

/// Embeddings come whole, and have no end to tell of.
pub(super) fn embeddings_come_whole(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        if !turn.does(ActionKind::is_embed) {
            continue;
        }
        let error = |word: &Ident, message: &str, help: String| {
            diagnostics.error(Lint::Embeddings, word.span(), message, help);
        };
        if let Some(ttft) = turn.modifier("ttft") {
            error(
                &ttft.word,
                "embeddings have no first token",
                "remove `.ttft(..)`, or write a pause before, as in `pause(300ms).embed()`"
                    .to_owned(),
            );
        }
        let of_streams = [
            turn.pace(),
            turn.modifier("keepalive"),
            turn.modifier("flush"),
        ];
        let mut words = Vec::new();
        for modifier in of_streams {
            push_some(&mut words, modifier.map(|modifier| &modifier.word));
        }
        push_some(&mut words, turn.fault.as_ref().map(|fault| &fault.word));
        for &word in &words {
            error(
                word,
                "embeddings are not streamed",
                format!("remove `.{word}(..)`"),
            );
        }
        if let (Some(finish), None) = (turn.modifier("finish"), &turn.fault) {
            error(
                &finish.word,
                "embeddings have no finish reason",
                "remove `.finish(..)`".to_owned(),
            );
        }
    }
}

fn is_text(action: &ActionKind) -> bool {
    action.content().is_some() || action.is_respond() || matches!(action, ActionKind::Json(_))
}
