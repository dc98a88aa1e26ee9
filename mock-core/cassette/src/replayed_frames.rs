//! The frames in which a recorded body is replayed.

use std::time::Duration;

use crate::{Interaction, RecordedFrame};

/// The formats of streamed bodies.
const STREAMS: [&str; 2] = ["text/event-stream", "application/x-ndjson"];

impl Interaction {
    /// Returns the frames in which the body is replayed, each with the time before it: the recorded ones, or the events of a stream; `None`
    /// for a body that comes whole. A frame that ends within a character also has the rest of it.
    ///
    /// ```
    /// use mock_core::cassette::Interaction;
    ///
    /// let mut interaction = Interaction::new("POST", "/v1/chat/completions");
    /// interaction.body = b"data: 1\n\ndata: [DONE]\n\n".to_vec();
    /// assert_eq!(interaction.replayed_frames(), None);
    /// interaction.headers = vec![("content-type".into(), "text/event-stream".into())];
    /// assert_eq!(interaction.replayed_frames().unwrap().len(), 2);
    /// ```
    pub fn replayed_frames(&self) -> Option<Vec<(Duration, &str)>> {
        let body = std::str::from_utf8(&self.body).ok()?;
        if self.status >= 400 {
            return None;
        }
        let is_stream = self.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type")
                && STREAMS.iter().any(|stream| value.starts_with(stream))
        });
        if !is_stream || body.is_empty() {
            return None;
        }
        if !self.frames.is_empty() {
            return Some(recorded(body, &self.frames));
        }
        let frames = split(body).into_iter();
        Some(frames.map(|frame| (Duration::ZERO, frame)).collect())
    }
}

fn recorded<'b>(body: &'b str, frames: &[RecordedFrame]) -> Vec<(Duration, &'b str)> {
    let mut rest = body;
    let mut recorded = Vec::with_capacity(frames.len());
    for frame in frames {
        let mut ends = frame.bytes..;
        let end = ends.find(|end| *end >= rest.len() || rest.is_char_boundary(*end));
        let (text, behind) = rest.split_at(end.unwrap_or(rest.len()).min(rest.len()));
        rest = behind;
        recorded.push((frame.gap, text));
    }
    recorded
}

/// The events of a stream, each with the empty line after it, or its lines where it has no events.
pub(crate) fn split(body: &str) -> Vec<&str> {
    let ends: &[&str] = match body.starts_with('{') {
        true => &["\n"],
        false => &["\n\n", "\r\n\r\n"],
    };
    let mut rest = body;
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let found = ends
            .iter()
            .filter_map(|end| Some(rest.find(end)? + end.len()));
        let (frame, behind) = rest.split_at(found.min().unwrap_or(rest.len()));
        frames.push(frame);
        rest = behind;
    }
    frames
}
