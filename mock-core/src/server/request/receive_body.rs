//! The body of a request, as it arrives.

use std::error::Error as _;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use bytes::Bytes;
use hyper::body::{Body as _, Frame, Incoming};

use crate::server::served_request::ServedRequest;

/// The maximum number of bytes to read of a body that is too long, before the request is answered.
const MOST_DISCARDED: usize = 64 * 1024 * 1024;

/// The part of a body that arrived.
pub(in crate::server) enum Received {
    Whole(Bytes),
    /// More than this maximum of bytes.
    TooLong(usize),
    /// Chunks that cannot be read, with the reason.
    Malformed(String),
    /// Not the whole body, with the reason. The client sends nothing more.
    Broken(String),
}

async fn next_frame(body: &mut Incoming) -> Option<Result<Frame<Bytes>, hyper::Error>> {
    poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await
}

/// Reads and discards the rest of a body, up to [`MOST_DISCARDED`]: a client may not read the answer before it has sent everything.
async fn discard(mut body: Incoming) -> Result<(), hyper::Error> {
    let mut rest = 0;
    while let Some(frame) = next_frame(&mut body).await {
        rest += frame?.data_ref().map_or(0, Bytes::len);
        if rest > MOST_DISCARDED {
            break;
        }
    }
    Ok(())
}

/// Reads a body of at most `limit` bytes.
async fn read(mut body: Incoming, limit: usize) -> Result<Received, hyper::Error> {
    // Most bodies arrive in one piece, which stays in `first` and is not copied. If there are several pieces, `all` has all of them.
    let (mut first, mut all) = (Bytes::new(), Vec::new());
    while !body.is_end_stream()
        && let Some(frame) = next_frame(&mut body).await
    {
        let Ok(piece) = frame?.into_data() else {
            // Trailers.
            continue;
        };
        if first.len().max(all.len()) + piece.len() > limit {
            discard(body).await?;
            return Ok(Received::TooLong(limit));
        }
        if first.is_empty() {
            first = piece;
            continue;
        }
        if all.is_empty() {
            all.extend_from_slice(&first);
        }
        all.extend_from_slice(&piece);
    }
    Ok(Received::Whole(match all.is_empty() {
        true => first,
        false => all.into(),
    }))
}

/// Returns why the whole body could not be read.
fn not_whole(error: &hyper::Error) -> Received {
    let cause = error.source();
    let io_error = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
    let cause = cause.map(ToString::to_string).unwrap_or_default();
    let problem = |cause: &str| format!("its body did not come whole{cause}");
    match io_error.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
            Received::Malformed(problem(&format!(
                ": its chunks cannot be read ({cause}); send a `content-length` instead"
            )))
        }
        Some(io::ErrorKind::UnexpectedEof) if cause.contains("chunk") => {
            Received::Broken(problem(": it has no last chunk"))
        }
        Some(io::ErrorKind::UnexpectedEof) => Received::Broken(problem(
            ": it has fewer bytes than its `content-length`, or the size of its chunk, says",
        )),
        _ if cause.is_empty() => Received::Broken(problem("")),
        _ => Received::Broken(problem(&format!(": {cause}"))),
    }
}

impl ServedRequest {
    /// Receives the body, up to the server's limit.
    pub(in crate::server) async fn receive(&self, body: Incoming) -> Received {
        let limit = self.connection.server.longest_body();
        let received = read(body, limit).await;
        let received = received.unwrap_or_else(|error| not_whole(&error));
        if !matches!(received, Received::Broken(_)) {
            self.connection.received();
        }
        received
    }
}
