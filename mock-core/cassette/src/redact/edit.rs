//! Replaces parts of a body, and keeps its frames: [`Edit`].

use std::ops::Range;
use std::time::Duration;

use crate::RecordedFrame;

/// A part that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) with: String,
}

/// Makes the edits, which must not overlap.
pub(super) fn edit(bytes: &[u8], edits: &mut [Edit]) -> Vec<u8> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut edited = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for Edit { range, with } in edits {
        edited.extend_from_slice(&bytes[at..range.start]);
        edited.extend_from_slice(with.as_bytes());
        at = range.end;
    }
    edited.extend_from_slice(&bytes[at..]);
    edited
}

/// Makes the edits in a text.
pub(super) fn edit_text(text: &str, edits: &mut [Edit]) -> String {
    // The edits are of whole characters.
    String::from_utf8_lossy(&edit(text.as_bytes(), edits)).into_owned()
}

/// The frames of a body after sorted edits. A replacement goes into the frame in which the replaced text began. An
/// empty frame is dropped, and its gap is added to the next one.
pub(super) fn frames(frames: &[RecordedFrame], edits: &[Edit]) -> Vec<RecordedFrame> {
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
