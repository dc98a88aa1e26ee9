//! Replays the body of a recorded response: the frames of a stream with the gaps between them, or the whole body after all gaps.

use std::time::Duration;

use mock_cassette::Interaction;

use crate::scenario::{Action, Str};

/// The actions that answer with a recorded body.
pub(super) fn actions(interaction: &Interaction, body: String, gap_scale: f64) -> Vec<Action> {
    let Some(frames) = interaction.replayed_frames() else {
        return vec![Action::Raw(body.into())];
    };
    let mut actions = Vec::new();
    let mut together: Vec<Str> = Vec::new();
    for (gap, frame) in frames {
        let gap = gap.mul_f64(gap_scale);
        if !gap.is_zero() {
            if !together.is_empty() {
                actions.push(Action::Frames(std::mem::take(&mut together).into()));
            }
            actions.push(Action::Pause(gap));
        }
        together.push(frame.to_owned().into());
    }
    if !together.is_empty() {
        actions.push(Action::Frames(together.into()));
    }
    actions
}

/// How long a body that is not a stream waits before it comes whole: as long as all of its gaps.
pub(super) fn wait_of_whole_body(interaction: &Interaction, gap_scale: f64) -> Duration {
    match interaction.replayed_frames() {
        Some(_) => Duration::ZERO,
        None => {
            let gaps = interaction.frames.iter().map(|frame| frame.gap);
            gaps.sum::<Duration>().mul_f64(gap_scale)
        }
    }
}
