//! The methods by which a test changes how a server serves.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::MockServer;

impl MockServer {
    /// Rejects requests with another API key, with the provider's 401, until
    /// [`accept_any_key`](MockServer::accept_any_key). By default, the server accepts any key, and requests
    /// without one.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// server.require_key("sk-test");
    ///
    /// let hello = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// assert!(ask(&server, "", hello).starts_with("HTTP/1.1 401"));
    /// assert!(ask(&server, "authorization: Bearer sk-test\r\n", hello).starts_with("HTTP/1.1 200"));
    /// ```
    pub fn require_key(&self, key: impl Into<String>) {
        self.0.state.required_key.set(Some(key.into()));
    }

    /// Accepts any key again, and requests without one, after [`require_key`](MockServer::require_key).
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// server.require_key("sk-test");
    /// server.accept_any_key();
    ///
    /// let hello = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// assert!(ask(&server, "", hello).starts_with("HTTP/1.1 200"));
    /// ```
    pub fn accept_any_key(&self) {
        self.0.state.required_key.set(None);
    }

    /// Answers requests that the provider would reject, until [`strict`](MockServer::strict). `docs/rejected-requests.md` lists the rules.
    ///
    /// The server still rejects a request that it cannot read, and a broken conversation, such as a tool's result without its call. A
    /// scenario allows broken conversations with [`Allow::broken_conversations`](crate::Allow::broken_conversations).
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// let no_messages = r#"{"model": "gpt-4o", "messages": []}"#;
    /// assert!(ask(&server, "", no_messages).starts_with("HTTP/1.1 400"));
    ///
    /// server.lenient();
    /// assert!(ask(&server, "", no_messages).starts_with("HTTP/1.1 200"));
    /// ```
    pub fn lenient(&self) {
        self.0.state.lenient.store(true, Relaxed);
    }

    /// Rejects requests that the provider would reject, after [`lenient`](MockServer::lenient). This is the default.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// let no_messages = r#"{"model": "gpt-4o", "messages": []}"#;
    /// server.lenient();
    /// assert!(ask(&server, "", no_messages).starts_with("HTTP/1.1 200"));
    ///
    /// server.strict();
    /// assert!(ask(&server, "", no_messages).starts_with("HTTP/1.1 400"));
    /// # server.reset();
    /// # ask(&server, "", r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#);
    /// ```
    pub fn strict(&self) {
        self.0.state.lenient.store(false, Relaxed);
    }

    /// Keeps the body of each request, exactly as the client sent it, for [`Exchange::body`](crate::Exchange::body), until
    /// [`keep_no_bodies`](MockServer::keep_no_bodies). By default, the server keeps no bodies, only what it read from them: [`Call::request`](crate::Call::request).
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// server.keep_bodies();
    ///
    /// let body = r#"{"model": "gpt-4o",  "messages": [{"role": "user", "content": "hello"}]}"#;
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # let mut answer = String::new();
    /// # client.read_to_string(&mut answer).await?;
    /// // .. the client posts it ..
    /// assert_eq!(server.exchanges()[0].body(), Some(body.as_bytes()));
    /// # Ok(()) }
    /// ```
    pub fn keep_bodies(&self) {
        self.0.state.keeps_bodies.store(true, Relaxed);
    }

    /// Keeps the bodies of no more requests, after [`keep_bodies`](MockServer::keep_bodies). Those that are kept stay.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// server.keep_bodies();
    /// server.keep_no_bodies();
    ///
    /// let body = r#"{"model": "gpt-4o",  "messages": [{"role": "user", "content": "hello"}]}"#;
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # let mut answer = String::new();
    /// # client.read_to_string(&mut answer).await?;
    /// // .. the client posts it ..
    /// assert_eq!(server.exchanges()[0].body(), None);
    /// # Ok(()) }
    /// ```
    pub fn keep_no_bodies(&self) {
        self.0.state.keeps_bodies.store(false, Relaxed);
    }

    /// Sets the maximum size of a request body, in bytes. 32 MiB by default. A longer body gets a 413.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// server.max_body(16);
    ///
    /// let hello = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// assert!(ask(&server, "", hello).starts_with("HTTP/1.1 413"));
    /// ```
    pub fn max_body(&self, bytes: usize) {
        self.0.state.longest_body.store(bytes, Relaxed);
    }

    /// Sends at most `bytes` bytes at a time from now on, with `pause` between them, so that frames are split anywhere. The default is
    /// everything at once.
    ///
    /// # Panics
    /// If `bytes` is 0.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// server.throttle(64, ms(1));
    ///
    /// let hello = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// assert!(ask(&server, "", hello).contains("Hi."));
    /// ```
    #[track_caller]
    pub fn throttle(&self, bytes: usize, pause: Duration) {
        assert!(
            bytes > 0,
            "0 bytes at a time never send an answer: give 1 or more, or call `unthrottle()`"
        );
        self.0.state.throttle.set(Some((bytes, pause)));
    }

    /// Ends [`throttle`](MockServer::throttle): from now on, the server sends everything at once.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// server.throttle(64, ms(1));
    /// server.unthrottle();
    /// ```
    pub fn unthrottle(&self) {
        self.0.state.throttle.set(None);
    }

    /// Refuses new connections from now on, and closes idle ones. The server keeps the port.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// server.refuse_connections();
    ///
    /// assert!(std::net::TcpStream::connect(server.addr()).is_err());
    /// ```
    ///
    /// # Panics
    /// If another program takes the port at that moment.
    #[track_caller]
    pub fn refuse_connections(&self) {
        if let Err(error) = self.0.listener.refuse() {
            panic!("the port cannot be kept: {error}");
        }
        self.0.state.log.note_refusal(true);
        self.0.state.close_idle();
    }

    /// Accepts connections again, after [`refuse_connections`](MockServer::refuse_connections).
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// server.refuse_connections();
    /// server.accept_connections();
    ///
    /// assert!(std::net::TcpStream::connect(server.addr()).is_ok());
    /// ```
    ///
    /// # Panics
    /// If the operating system does not allow it.
    #[track_caller]
    pub fn accept_connections(&self) {
        if let Err(error) = self.0.listener.accept() {
            panic!("the server cannot listen again: {error}");
        }
        self.0.state.log.note_refusal(false);
    }

    /// Closes idle connections without notice, as a server does when its keep-alive time ends. The connections in a client's pool are then
    /// stale.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// # use std::io::{Read as _, Write as _};
    /// # fn ask(server: &MockServer, header: &str, body: &str) -> String {
    /// #     let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// #     let mut client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// #     client.write_all(format!("{head}{body}").as_bytes()).unwrap();
    /// #     let mut answer = String::new();
    /// #     client.read_to_string(&mut answer).unwrap();
    /// #     answer
    /// # }
    /// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
    /// let hello = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// ask(&server, "", hello);
    ///
    /// server.close_idle_connections();
    /// assert_eq!(server.calls().len(), 1);
    /// ```
    pub fn close_idle_connections(&self) {
        self.0.state.close_idle();
    }
}
