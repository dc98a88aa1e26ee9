//! Turns that answer with embeddings, and cannot be played.

use std::time::Duration;

use super::Problem;
use crate::scenario::{Action, Flush, Kind, Pace, Turn};

impl Turn {
    /// Why it cannot answer with its embeddings, if it has some.
    pub(super) fn problem_of_embeddings(&self) -> Option<Problem> {
        let vectors = self.embeddings();
        if vectors.is_empty() {
            return None;
        }
        let problem = |problem: &str, remedy| Some((problem.to_owned(), remedy));
        let is_other =
            |action: &Action| !action.is_wait() && action.kind() != Some(Kind::Embedding);
        if self.has(&is_other) {
            return problem(
                "it has embeddings and other actions",
                "write two turns: one with `embed(..)`, the other with the rest",
            );
        }
        problem_of_vectors(&vectors).or_else(|| {
            let is_streamed = self.pace != Pace::NONE
                || self.fault.is_some()
                || self.keepalive.is_some()
                || self.flush != Flush::Together;
            if is_streamed {
                return problem(
                    "embeddings are not streamed",
                    "remove the parts for streams: a pace, a fault, `.keepalive(..)`, `.flush(..)`",
                );
            }
            if self.finish.is_set() {
                return problem("embeddings have no finish reason", "remove `.finish(..)`");
            }
            if self.ttft != Duration::ZERO {
                return problem(
                    "embeddings have no first token",
                    "remove `.ttft(..)`, or write `pause(..)` before `embed(..)`",
                );
            }
            None
        })
    }
}

fn problem_of_vectors(vectors: &[Option<&[f32]>]) -> Option<Problem> {
    if vectors.contains(&None) && vectors.len() > 1 {
        return Some((
            "it makes a vector for each input, and has others".to_owned(),
            "write `embed()` alone, or the numbers of each vector",
        ));
    }
    let first = (*vectors.first()?)?;
    for other in vectors.iter().flatten() {
        let (one, other) = (first.len(), other.len());
        if one != other {
            let problem = format!("its vectors have {one} and {other} dimensions");
            return Some((problem, "write vectors of the same length"));
        }
    }
    if first.is_empty() {
        let problem = "its vector has no numbers".to_owned();
        return Some((
            problem,
            "write some, or `embed()` for one made from the text",
        ));
    }
    for vector in vectors.iter().flatten() {
        for number in *vector {
            if !number.is_finite() {
                let problem = format!("its vector has the number {number}");
                return Some((problem, "write a finite number"));
            }
        }
    }
    None
}
