//! Edits a body and keeps what depends on its length: the lengths of its frames, and the header `content-length`.

use std::time::Duration;

use super::edits::{Edit, edit};
use crate::RecordedFrame;

/// Makes the edits in a body that comes in frames.
pub(super) fn edit_body(body: &mut Vec<u8>, frames: &mut Vec<RecordedFrame>, edits: &mut [Edit]) {
    if edits.is_empty() {
        return;
    }
    *body = edit(body, edits);
    *frames = edited_frames(frames, edits);
}

/// The frames of a body after sorted edits. A replacement goes into the frame in which the replaced text began. An
/// empty frame is dropped, and its gap is added to the next one.
fn edited_frames(frames: &[RecordedFrame], edits: &[Edit]) -> Vec<RecordedFrame> {
    let mut edited: Vec<RecordedFrame> = Vec::with_capacity(frames.len());
    let mut gap = Duration::ZERO;
    let (mut end, mut sent) = (0, 0);
    for frame in frames {
        end += frame.bytes;
        gap += frame.gap;
        let now = moved(end, edits);
        if now > sent {
            edited.push(RecordedFrame::new(now - sent, gap));
            (gap, sent) = (Duration::ZERO, now);
        }
    }
    edited
}

/// Maps a position of the body to the edited body. A position within a replaced range maps to the end of the replacement.
fn moved(at: usize, edits: &[Edit]) -> usize {
    let (mut added, mut removed) = (0, 0);
    for Edit { range, with } in edits {
        if range.start >= at {
            break;
        }
        added += with.len();
        removed += range.end.min(at) - range.start;
    }
    at + added - removed
}

/// Corrects the length in the headers of a body that has another one now.
pub(super) fn correct_content_length(headers: &mut [(String, String)], before: usize, now: usize) {
    let is_length = |name: &str| name.eq_ignore_ascii_case("content-length");
    for (_, value) in headers.iter_mut().filter(|(name, _)| is_length(name)) {
        if before != now {
            *value = now.to_string();
        }
    }
}
