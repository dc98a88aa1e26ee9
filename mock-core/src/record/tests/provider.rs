//! A provider on the loopback address, which answers with bytes, and a client.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// What a provider does with a connection whose request it has received.
#[derive(Clone)]
pub(super) enum Answer {
    /// Sends these bytes, each part on its own, and closes the connection.
    Bytes(Vec<Vec<u8>>),
    /// Sends the next part only when the test says so; a reset after the last.
    Driven,
}

impl Answer {
    pub(super) fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Answer::Bytes(vec![bytes.into()])
    }
}

/// A provider.
pub(super) struct Provider {
    pub(super) address: SocketAddr,
    /// The requests that it has received, with their heads, in order.
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
    /// What it sends next, where the test drives it; `None` ends the answer.
    pub(super) say: UnboundedSender<Option<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Provider {
    /// A provider that gives these answers, one to each connection; the last again and again.
    pub(super) async fn new(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let requests = Arc::<Mutex<Vec<_>>>::default();
        let (say, said) = unbounded_channel();
        let task = tokio::spawn(serve(listener, answers, Arc::clone(&requests), said));
        Provider {
            address,
            requests,
            say,
            task,
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn requests(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("nobody panicked");
        let requests = requests.iter();
        requests
            .map(|request| String::from_utf8_lossy(request).into_owned())
            .collect()
    }

    pub(super) fn say(&self, part: impl Into<Vec<u8>>) {
        self.say.send(Some(part.into())).expect("it listens");
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    answers: Vec<Answer>,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
    mut said: UnboundedReceiver<Option<Vec<u8>>>,
) {
    let mut answers = answers.into_iter().peekable();
    loop {
        let (mut stream, _) = listener.accept().await.expect("a client");
        stream.set_nodelay(true).expect("it is open");
        let request = read_request(&mut stream).await;
        requests.lock().expect("nobody panicked").push(request);
        let answer = answers.next().expect("an answer");
        if answers.peek().is_none() {
            answers = vec![answer.clone(), answer.clone()].into_iter().peekable();
            answers.next();
        }
        match answer {
            Answer::Bytes(parts) => {
                for part in parts {
                    stream.write_all(&part).await.expect("it is open");
                    tokio::task::yield_now().await;
                }
                let _ = stream.shutdown().await;
                // Read the rest first: closing with unread data would reset the connection.
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
            Answer::Driven => {
                while let Some(Some(part)) = said.recv().await {
                    stream.write_all(&part).await.expect("it is open");
                }
                stream.set_zero_linger().expect("it is open");
            }
        }
    }
}

/// Reads a request: its head, and as many bytes after it as `content-length` says.
async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let mut bytes = [0; 64 * 1024];
        match stream.read(&mut bytes).await.expect("it is open") {
            0 => break,
            read => request.extend_from_slice(&bytes[..read]),
        }
    }
    request
}

fn is_whole(message: &[u8]) -> bool {
    let Some(end) = message.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&message[..end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    match length {
        Some(length) => message.len() - end - 4 >= length.parse::<usize>().expect("a length"),
        None if head.contains("transfer-encoding: chunked") => message.ends_with(b"0\r\n\r\n"),
        None => true,
    }
}

/// What a client gets.
#[derive(Debug, PartialEq)]
pub(super) struct Got {
    /// The first line.
    pub(super) status: String,
    /// The headers in lower case, but for those of one connection, and the length.
    pub(super) headers: Vec<String>,
    /// The body in the chunks in which it came; one where it is not chunked.
    pub(super) chunks: Vec<Vec<u8>>,
    /// Whether it came to its end.
    pub(super) is_whole: bool,
}

impl Got {
    pub(super) fn body(&self) -> Vec<u8> {
        self.chunks.concat()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body()).into_owned()
    }
}

/// Sends a request, and reads the answer to the end of the connection.
pub(super) async fn ask(address: SocketAddr, request: &[u8]) -> Got {
    let mut client = TcpStream::connect(address).await.expect("it listens");
    client.write_all(request).await.expect("it is open");
    let mut answer = Vec::new();
    // An answer that is cut may end with a reset.
    let ended = client.read_to_end(&mut answer).await;
    parse(&answer, ended.is_ok())
}

/// A request of this line, with further headers and a body.
pub(super) fn request(line: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = match line.starts_with("GET") || line.starts_with("HEAD") {
        true => String::new(),
        false => format!("content-length: {}\r\n", body.len()),
    };
    let head =
        format!("{line} HTTP/1.1\r\nhost: there\r\nconnection: close\r\n{headers}{length}\r\n");
    [head.as_bytes(), body].concat()
}

fn parse(answer: &[u8], has_ended: bool) -> Got {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(answer)));
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.lines().map(str::to_lowercase);
    let status = lines.next().expect("a status");
    let (mut is_chunked, mut length) = (false, None);
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        match name {
            "transfer-encoding" => is_chunked = true,
            "content-length" => length = value.parse().ok(),
            "connection" | "date" | "keep-alive" => {}
            _ => headers.push(line),
        }
    }
    headers.sort();
    let body = &answer[end + 4..];
    let (chunks, is_whole) = match is_chunked {
        true => chunks(body),
        false => {
            let is_whole = length.is_none_or(|length: usize| length == body.len());
            (vec![body.to_vec()], is_whole && has_ended)
        }
    };
    Got {
        status,
        headers,
        chunks,
        is_whole,
    }
}

/// The chunks of a body, and whether the last one came.
fn chunks(mut body: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut chunks = Vec::new();
    loop {
        let Some(end) = body.windows(2).position(|two| two == b"\r\n") else {
            return (chunks, false);
        };
        let length = std::str::from_utf8(&body[..end]).expect("a length");
        let length = usize::from_str_radix(length, 16).expect("a length");
        body = &body[end + 2..];
        if length == 0 {
            return (chunks, true);
        }
        if body.len() < length + 2 {
            return (chunks, false);
        }
        chunks.push(body[..length].to_vec());
        body = &body[length + 2..];
    }
}

/// A body in chunks.
pub(super) fn chunked<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    for chunk in chunks {
        body.extend_from_slice(&one_chunk(chunk));
    }
    body.extend_from_slice(b"0\r\n\r\n");
    body
}

/// A chunk.
pub(super) fn one_chunk(bytes: &[u8]) -> Vec<u8> {
    let head = format!("{:x}\r\n", bytes.len());
    [head.as_bytes(), bytes, b"\r\n"].concat()
}
