//! The mistakes in turns that answer with embeddings.

use std::time::Duration;

use super::{Checked, reject};
use crate::scenario::{Action, Flush, Kind, Pace, Turn};

impl Turn {
    /// Checks the embeddings of its answer, if it has some, and what goes with them.
    pub(super) fn check_embeddings(&self) -> Checked {
        let vectors = self.embeddings();
        if vectors.is_empty() {
            return Ok(());
        }
        let is_other =
            |action: &Action| !action.is_wait() && action.kind() != Some(Kind::Embedding);
        reject(&[(
            self.has(&is_other),
            "it has embeddings and other actions",
            "write two turns: one with `embed(..)`, the other with the rest",
        )])?;
        check_vectors(&vectors)?;
        let is_streamed = self.pace != Pace::NONE
            || self.fault.is_some()
            || self.keepalive.is_some()
            || self.flush != Flush::Together;
        reject(&[
            (
                is_streamed,
                "embeddings are not streamed",
                "remove the parts for streams: a pace, a fault, `.keepalive(..)`, `.flush(..)`",
            ),
            (
                self.finish.is_set(),
                "embeddings have no finish reason",
                "remove `.finish(..)`",
            ),
            (
                self.ttft != Duration::ZERO,
                "embeddings have no first token",
                "remove `.ttft(..)`, or write `pause(..)` before `embed(..)`",
            ),
        ])
    }
}

fn check_vectors(vectors: &[Option<&[f32]>]) -> Checked {
    reject(&[(
        vectors.contains(&None) && vectors.len() > 1,
        "it makes a vector for each input, and has others",
        "write `embed()` alone, or the numbers of each vector",
    )])?;
    let [Some(first), ..] = vectors else {
        return Ok(());
    };
    for other in vectors.iter().flatten() {
        let (one, other) = (first.len(), other.len());
        if one != other {
            let problem = format!("its vectors have {one} and {other} dimensions");
            return Err((problem, "write vectors of the same length"));
        }
    }
    reject(&[(
        first.is_empty(),
        "its vector has no numbers",
        "write some, or `embed()` for one made from the text",
    )])?;
    for vector in vectors.iter().flatten() {
        for number in *vector {
            if !number.is_finite() {
                let problem = format!("its vector has the number {number}");
                return Err((problem, "write a finite number"));
            }
        }
    }
    Ok(())
}
