//! Replaces parts of a text or of a body: [`Edit`].

use std::ops::Range;

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
    // The edits replace whole characters, so the result is UTF-8.
    String::from_utf8_lossy(&edit(text.as_bytes(), edits)).into_owned()
}
