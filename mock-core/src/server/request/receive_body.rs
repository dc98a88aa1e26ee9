//! The body of a request, as it arrives.

use std::error::Error as _;
use std::future::poll_fn;
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
    /// Not the whole body, with the reason.
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

fn broken(error: &hyper::Error) -> String {
    let cause = error.source().map(ToString::to_string);
    let cause = match cause.as_deref() {
        None => String::new(),
        Some(cause) if cause.starts_with("end of file before message length") => {
            ": it has fewer bytes than its `content-length`, or the size of its chunk, says"
                .to_owned()
        }
        Some(cause) if cause.contains("chunk") && cause.contains("EOF") => {
            ": it has no last chunk".to_owned()
        }
        Some(cause) if cause.contains("chunk") => {
            format!(": its chunks cannot be read ({cause}); send a `content-length` instead")
        }
        Some(cause) => format!(": {cause}"),
    };
    format!("its body did not come whole{cause}")
}

impl ServedRequest {
    /// Receives the body, up to the server's limit.
    pub(in crate::server) async fn receive(&self, mut body: Incoming) -> Received {
        let limit = self.connection.server.longest_body();
        // Most bodies arrive in one piece, which stays in `first` and is not copied. If there are several pieces, `all` has all of them.
        let (mut first, mut all) = (Bytes::new(), Vec::new());
        while !body.is_end_stream()
            && let Some(frame) = next_frame(&mut body).await
        {
            let piece = match frame.map(Frame::into_data) {
                Ok(Ok(piece)) => piece,
                Ok(Err(_trailers)) => continue,
                Err(error) => return Received::Broken(broken(&error)),
            };
            if first.len().max(all.len()) + piece.len() > limit {
                if let Err(error) = discard(body).await {
                    return Received::Broken(broken(&error));
                }
                self.connection.received();
                return Received::TooLong(limit);
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
        self.connection.received();
        Received::Whole(match all.is_empty() {
            true => first,
            false => all.into(),
        })
    }
}
