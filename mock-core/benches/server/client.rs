//! A client that costs as little as it can, so that the server is what is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

pub(crate) fn runtime() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

/// An API of a provider: where it is asked, and what.
pub(crate) struct Api {
    pub(crate) path: &'static str,
    /// What stands before the text that is asked, and after it.
    pub(crate) around: (&'static str, &'static str),
}

pub(crate) const CHAT: Api = Api {
    path: "/v1/chat/completions",
    around: (r#""messages":[{"role":"user","content":""#, r#""}]"#),
};

impl Api {
    /// The body of a request, of so many bytes.
    pub(crate) fn body(&self, length: usize, streamed: bool) -> String {
        let (before, after) = self.around;
        let body = |content: &str| {
            format!(r#"{{"model":"gpt-4o","stream":{streamed},{before}{content}{after}}}"#)
        };
        let content = "word ".repeat(length);
        let body = body(&content[..length - body("").len()]);
        assert_eq!(body.len(), length);
        body
    }

    /// A request whose body has so many bytes.
    pub(crate) fn request(&self, length: usize, streamed: bool) -> Vec<u8> {
        let body = self.body(length, streamed);
        format!(
            "POST {} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sk-key\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
            self.path
        )
        .into()
    }
}

/// So many requests, on so many connections at once.
pub(crate) struct Load {
    pub(crate) request: Vec<u8>,
    connections: usize,
    requests: usize,
}

/// How long it all took, and how long each request, in ascending order.
pub(crate) struct Run {
    pub(crate) took: Duration,
    each: Vec<Duration>,
}

impl Run {
    pub(crate) fn new(took: Duration, mut each: Vec<Duration>) -> Self {
        each.sort();
        Run { took, each }
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.each.len() as f64 / self.took.as_secs_f64()
    }

    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        self.each[self.each.len() * percent / 100]
    }
}

impl Load {
    pub(crate) fn new(request: Vec<u8>, connections: usize, requests: usize) -> Self {
        Load {
            request,
            connections,
            requests,
        }
    }

    pub(crate) fn run(&self, address: SocketAddr) -> Run {
        let mut each = Vec::with_capacity(self.requests);
        let took = runtime().block_on(async {
            let start = Instant::now();
            let connections: Vec<_> = (0..self.connections)
                .map(|_| {
                    let requests = self.requests / self.connections;
                    tokio::spawn(connection(address, self.request.clone(), requests))
                })
                .collect();
            for connection in connections {
                each.extend(connection.await.expect("all are answered"));
            }
            start.elapsed()
        });
        Run::new(took, each)
    }
}

/// The body of one answer.
pub(crate) fn once(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    runtime().block_on(async {
        let mut connection = Connection::open(address).await;
        let mut body = Vec::new();
        connection
            .ask(request, |piece| body.extend_from_slice(piece))
            .await;
        body
    })
}

async fn connection(address: SocketAddr, request: Vec<u8>, requests: usize) -> Vec<Duration> {
    let mut connection = Connection::open(address).await;
    let mut each = Vec::with_capacity(requests);
    for _ in 0..requests {
        let start = Instant::now();
        connection.ask(&request, |_| {}).await;
        each.push(start.elapsed());
    }
    each
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    at: usize,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("it is open");
        Connection {
            stream,
            buffer: Vec::new(),
            at: 0,
        }
    }

    /// Sends a request, and reads its answer to the end.
    async fn ask(&mut self, request: &[u8], mut body: impl FnMut(&[u8])) {
        self.stream.write_all(request).await.expect("it is open");
        let mut length = None;
        let mut chunked = false;
        let head = self.line().await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        loop {
            let line = self.line().await.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            chunked |= line.starts_with("transfer-encoding:");
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = Some(value.parse().expect("a length"));
            }
        }
        match (chunked, length) {
            (false, length) => self.take(length.expect("a length"), &mut body).await,
            (true, _) => loop {
                let size = self.line().await;
                let size = usize::from_str_radix(&size, 16).expect("a size");
                self.take(size, &mut body).await;
                self.take(2, &mut |_| {}).await;
                if size == 0 {
                    break;
                }
            },
        }
    }

    async fn line(&mut self) -> String {
        loop {
            let rest = &self.buffer[self.at..];
            if let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
                let line = String::from_utf8_lossy(&rest[..end]).into_owned();
                self.at += end + 2;
                return line;
            }
            self.fill().await;
        }
    }

    async fn take(&mut self, mut length: usize, body: &mut impl FnMut(&[u8])) {
        while length > 0 {
            if self.at == self.buffer.len() {
                self.fill().await;
            }
            let piece = &self.buffer[self.at..];
            let piece = &piece[..piece.len().min(length)];
            body(piece);
            length -= piece.len();
            self.at += piece.len();
        }
    }

    async fn fill(&mut self) {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
        }
        self.buffer.reserve(64 * 1024);
        let read = self.stream.read_buf(&mut self.buffer).await;
        assert_ne!(
            read.expect("it is open"),
            0,
            "the server closed the connection"
        );
    }
}
