//! What there is to compare with: hyper, and nothing besides.
//!
//! It reads each request to its end, and answers with as many bytes as a mock, in the head too: an id of the request stands in place
//! of the date. Its sockets do not wait for more to send, as a mock's do not.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use bytes::Bytes;
use futures::stream;
use http_body_util::{BodyExt as _, Either, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// An id of a request, as long as those of a mock.
const ID: &str = "req_0123456789abcdef0123456789abcdef";

/// A server that reads each request, and answers the same frames to all.
pub(crate) struct HyperServer {
    address: SocketAddr,
    // When it is dropped, the server stops.
    _stop: oneshot::Sender<()>,
}

impl HyperServer {
    /// On a thread of its own.
    pub(crate) fn new(frames: Vec<Vec<u8>>, content_type: &'static str) -> Self {
        let (listener, server, stopped) = HyperServer::listen();
        std::thread::spawn(move || {
            crate::client::runtime().block_on(serve(listener, frames, content_type, stopped));
        });
        server
    }

    /// On the runtime that this is called in.
    pub(crate) fn here(frames: Vec<Vec<u8>>, content_type: &'static str) -> Self {
        let (listener, server, stopped) = HyperServer::listen();
        tokio::spawn(serve(listener, frames, content_type, stopped));
        server
    }

    fn listen() -> (TcpListener, Self, oneshot::Receiver<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("it is open");
        let address = listener.local_addr().expect("it is open");
        let (stop, stopped) = oneshot::channel();
        let server = HyperServer {
            address,
            _stop: stop,
        };
        (listener, server, stopped)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn serve(
    listener: TcpListener,
    frames: Vec<Vec<u8>>,
    content_type: &'static str,
    mut stopped: oneshot::Receiver<()>,
) {
    let frames: Arc<[Bytes]> = frames.into_iter().map(Bytes::from).collect();
    let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime");
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        let (stream, _) = accepted.expect("it is open");
        stream.set_nodelay(true).expect("it is open");
        let frames = Arc::clone(&frames);
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, Arc::clone(&frames), content_type));
            let mut http = http1::Builder::new();
            http.auto_date_header(false);
            let connection = http.serve_connection(TokioIo::new(stream), service);
            // The client closes it when it likes.
            let _ = connection.await;
        });
    }
}

type Frames = Box<dyn Iterator<Item = Result<Frame<Bytes>, Infallible>> + Send>;
type Body = Either<Full<Bytes>, StreamBody<stream::Iter<Frames>>>;

async fn answer(
    request: Request<Incoming>,
    frames: Arc<[Bytes]>,
    content_type: &'static str,
) -> Result<Response<Body>, hyper::Error> {
    request.into_body().collect().await?;
    let body = match &*frames {
        [body] => Either::Left(Full::new(body.clone())),
        _ => {
            let frames = (0..frames.len()).map(move |at| Ok(Frame::data(frames[at].clone())));
            let frames: Frames = Box::new(frames);
            Either::Right(StreamBody::new(stream::iter(frames)))
        }
    };
    let response = Response::builder()
        .header(CONTENT_TYPE, content_type)
        .header("x-request-id", ID);
    Ok(response.body(body).expect("it is valid"))
}
