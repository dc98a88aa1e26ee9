//! How often frames are read in process.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{FutureExt as _, StreamExt as _};
use tokio::time::Instant;

use crate::builder::*;
use crate::chat::embedding::EmbeddingResponse;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::raw_answer_reader::{RawAnswers, ReadFrames};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::{Engine, EventStreamFuture, ResponseFuture};
use crate::scenario::{Profile, Scenario};

/// Reads each frame as a text, and counts the frames.
struct CountingReader {
    head: Response,
}

static READ: AtomicUsize = AtomicUsize::new(0);

impl ReadFrames for CountingReader {
    fn read(&mut self, frame: &str) -> Vec<Result<StreamEvent, ProviderError>> {
        READ.fetch_add(1, Ordering::Relaxed);
        vec![Ok(StreamEvent::Text(frame.to_owned()))]
    }

    fn end(&mut self) -> Option<StreamEvent> {
        None
    }

    fn head(&self) -> &Response {
        &self.head
    }
}

struct CountingReaders;

impl RawAnswers for CountingReaders {
    fn frames(&self, _: Profile) -> Option<Box<dyn ReadFrames>> {
        let head = Response::new("from the frames", "m");
        Some(Box::new(CountingReader { head }))
    }

    fn whole(
        &self,
        _: Profile,
        _: u16,
        _: &[(Cow<'static, str>, Cow<'static, str>)],
        _: &str,
    ) -> Option<Result<Response, ProviderError>> {
        None
    }

    fn embeddings(
        &self,
        _: Profile,
        _: u16,
        _: &[(Cow<'static, str>, Cow<'static, str>)],
        _: &str,
    ) -> Option<Result<EmbeddingResponse, ProviderError>> {
        None
    }
}

/// How many frames there are: where each is copied for each, this takes minutes.
const FRAMES: usize = 50_000;

#[test]
fn each_frame_is_read_once() {
    let all = || (0..FRAMES).map(|n| format!("{n} "));
    let text: String = all().collect();
    let frames = frames(all().collect::<Vec<_>>()).times(2);
    let engine = Arc::new(Engine::new(
        Cow::<Scenario>::Owned(script([frames])).into(),
        String::new(),
        0,
        Instant::now(),
        Arc::default(),
        Some(&CountingReaders),
    ));
    let answer = ResponseFuture::new(Arc::clone(&engine), Request::default());
    let answer = answer.now_or_never().expect("no time").expect("an answer");
    assert_eq!((&*answer.id, &*answer.text()), ("from the frames", &*text));
    assert_eq!(READ.swap(0, Ordering::Relaxed), FRAMES);

    let stream = EventStreamFuture::new(Arc::clone(&engine), Request::default());
    let stream = stream.now_or_never().expect("no time").expect("a stream");
    for _ in 0..2 {
        assert_eq!(stream.empty_response().id, "from the frames");
    }
    let events = stream.count().now_or_never();
    assert_eq!(events, Some(FRAMES));
    assert_eq!(READ.swap(0, Ordering::Relaxed), FRAMES);
}
