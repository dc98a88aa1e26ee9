//! A loopback server that speaks the wire formats of the providers: [`MockServer`]. Feature `server`.

mod answers;
mod client_disconnect;
mod connection;
mod connection_limit;
mod content_type;
mod created_at;
mod dispatch;
mod endpoints;
mod exchange;
mod hold_clock_for_partial_message;
mod listener;
#[cfg(feature = "cassette")]
mod recording_proxy;
mod request;
mod served_request;
mod served_wires;
mod server_log;
mod settings;
mod state;
mod stored_answers;
mod throttle;

pub use exchange::{Ending, Exchange};
#[cfg(feature = "cassette")]
pub(crate) use recording_proxy::base_url::BaseUrl;
#[cfg(feature = "record")]
pub(crate) use recording_proxy::provider_client::Upstream;

use std::fmt;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::engine::Server;
use crate::harness::FromMock;
use crate::journal::verdict::{Awaited, Unserved, Wait};
use crate::mock::{MockProvider, drop_unverified};
use crate::report;
use crate::runtime::test_context;
use crate::scenario::SourceLocation;
use listener::Listener;
use state::ServerState;

/// A server on the loopback address that answers clients from the scenario of a mock, in the wire formats of OpenAI and Anthropic. With the
/// features `gemini` and `ollama`, it speaks those of Gemini and Ollama, too.
///
/// It serves `POST /v1/chat/completions`, `POST /v1/responses`, `POST /v1/messages`, `POST /v1/embeddings`, and `GET /v1/models`. With
/// `gemini`, it serves `POST /v1beta/models/{model}:generateContent`, `:streamGenerateContent` and `:embedContent`,
/// `POST /v1beta/interactions`, and `GET /v1beta/models`. With `ollama`, it serves the endpoints under `/api`. It derefs to its mock: `server.calls()`,
/// `server.verify()`, `server.outage(..)`. Cloning returns another handle to the same server. Dropping the last one frees the port.
///
/// ```
/// use mock_core::{MockProvider, MockServer, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
/// let server = MockServer::new(MockProvider::script([on(user("hello")).reply("Hi.")]));
/// assert!(server.openai_url().ends_with("/v1"));
///
/// // What a client sends.
/// let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
/// let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
/// let head = format!("POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
/// client.write_all(format!("{head}{body}").as_bytes()).await?;
///
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await?;
/// assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains(r#""content":"Hi.""#));
/// assert_eq!(server.calls().len(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct MockServer(Arc<RunningServer>);

struct RunningServer {
    state: Arc<ServerState>,
    listener: Arc<Listener>,
    // Dropped after the listener: the last handle verifies the mock, when the server has stopped.
    mock: MockProvider,
}

impl MockServer {
    /// Serves a mock on a free port of the loopback address. The server runs as tasks of the current tokio runtime, or on its own thread if
    /// there is no runtime.
    ///
    /// # Panics
    /// If no port is free, if the runtime's IO or its time is not enabled, or if the mock's profile needs a feature that is off.
    ///
    /// ```
    /// use mock_core::{MockServer, mock_provider};
    ///
    /// let server = MockServer::new(mock_provider!(reply("Hi.").times(0..=1)));
    /// assert!(server.openai_url().starts_with("http://127.0.0.1:"));
    /// ```
    #[track_caller]
    pub fn new(mock: MockProvider) -> Self {
        let engine = Arc::clone(mock.engine());
        match MockServer::bind(mock, 0) {
            Ok(server) => server,
            Err(_) => panic!("{}", report::unserved(&engine.verdict())),
        }
    }

    /// Serves a mock on this port of the loopback address, or on any free port if it is 0.
    ///
    /// # Errors
    /// If the port is taken or no thread can be started. Also, with the kind [`Unsupported`](std::io::ErrorKind::Unsupported), if the
    /// mock's profile needs the feature `gemini` or `ollama` and it is off. If `mock` was the last handle, the mock is then not verified.
    ///
    /// # Panics
    /// If the runtime's IO or its time is not enabled.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let mock = || MockProvider::script([reply("Hi.").times(0..)]);
    /// let first = MockServer::bind(mock(), 0)?;
    /// let second = MockServer::bind(mock(), first.addr().port());
    /// assert_eq!(second.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn bind(mock: MockProvider, port: u16) -> std::io::Result<Self> {
        let state = ServerState::new(Arc::clone(mock.engine()));
        MockServer::start(mock, state, port)
    }

    /// Serves a mock whose requests without a recording this provider answers.
    #[cfg(feature = "record")]
    #[track_caller]
    pub(crate) fn record(mock: MockProvider, upstream: Upstream) -> std::io::Result<Self> {
        let state = ServerState::new(Arc::clone(mock.engine())).recording(upstream);
        MockServer::start(mock, state, 0)
    }

    #[track_caller]
    fn start(mock: MockProvider, state: ServerState, port: u16) -> std::io::Result<Self> {
        let state = Arc::new(state);
        match listen(&state, port) {
            Ok(listener) => {
                state
                    .engine
                    .serve(Arc::clone(&state.log) as Arc<dyn Server>);
                Ok(MockServer(Arc::new(RunningServer {
                    state,
                    listener,
                    mock,
                })))
            }
            Err((kind, unserved)) => {
                let error = format!("{}: {}", unserved.problem, unserved.help);
                state.engine.note_unserved(unserved);
                drop_unverified(mock);
                Err(std::io::Error::new(kind, error))
            }
        }
    }

    /// Returns the address that the server listens on: `127.0.0.1` and a port.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// assert!(server.addr().ip().is_loopback());
    /// ```
    pub fn addr(&self) -> SocketAddr {
        self.0.listener.address()
    }

    /// Returns the server's URL: `http://127.0.0.1:PORT`.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// assert_eq!(server.url(), format!("http://{}", server.addr()));
    /// ```
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Returns the base URL for clients of OpenAI, which includes the version: `http://127.0.0.1:PORT/v1`.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// assert_eq!(server.openai_url(), format!("{}/v1", server.url()));
    /// ```
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.url())
    }

    /// Returns the endpoint for clients of Azure, which add `/openai/deployments/{name}/..`: `http://127.0.0.1:PORT`.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// assert_eq!(server.azure_url(), server.url());
    /// ```
    pub fn azure_url(&self) -> String {
        self.url()
    }

    /// Returns the base URL for clients of Anthropic, which add the version themselves: `http://127.0.0.1:PORT`.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// assert_eq!(server.anthropic_url(), server.url());
    /// ```
    pub fn anthropic_url(&self) -> String {
        self.url()
    }

    /// Returns the base URL for clients of Gemini, which add the version themselves: `http://127.0.0.1:PORT`. Clients that take the version in the
    /// base URL get `/v1beta` after it. Without the feature `gemini`, the server rejects their requests.
    ///
    /// ```
    /// # use mock_core::{MockProvider, MockServer, builder::*};
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// let path = format!("{}/v1beta/models/gemini-2.5-flash:generateContent", server.gemini_url());
    /// assert!(path.starts_with("http://127.0.0.1:"));
    /// ```
    pub fn gemini_url(&self) -> String {
        self.url()
    }

    /// Returns the base URL for clients of Ollama, which add `/api` themselves: `http://127.0.0.1:PORT`. Without the feature `ollama`, the server
    /// rejects their requests.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// assert_eq!(server.ollama_url(), server.url());
    /// ```
    pub fn ollama_url(&self) -> String {
        self.url()
    }

    /// Returns all requests since the last [`reset`](MockProvider::reset) of the mock, in order of arrival, including those that did not
    /// become a call.
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
    /// ask(&server, "", "not JSON");
    ///
    /// assert_eq!(server.exchanges()[0].status(), Some(400));
    /// assert!(server.exchanges()[0].problem().is_some());
    /// assert!(server.calls().is_empty());
    /// ```
    pub fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.0.state.exchanges()
    }

    /// Waits until this many exchanges have ended. A client can have its answer before the server has recorded the end, and the server
    /// notices a disconnect only later.
    ///
    /// ```
    /// # use mock_core::{Ending, MockProvider, MockServer, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// use tokio::io::AsyncWriteExt as _;
    ///
    /// let server = MockServer::new(MockProvider::script([hang()]));
    /// let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// let head = format!("POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// server.wait_for_calls(1).await;
    /// drop(client);
    ///
    /// server.wait_for_exchanges(1).await;
    /// assert_eq!(server.exchanges()[0].ending(), Some(Ending::ClientClosed));
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn wait_for_exchanges(
        &self,
        exchanges: usize,
    ) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::Exchanges(exchanges),
            place: SourceLocation::caller(),
        };
        let state = &self.0.state;
        state.engine.waits.until(wait, state.exchanged(exchanges))
    }
}

/// Listens on a port and serves it, or returns why it cannot.
fn listen(
    state: &Arc<ServerState>,
    port: u16,
) -> Result<Arc<Listener>, (std::io::ErrorKind, Unserved)> {
    let engine = &state.engine;
    if let Some(unserved) = endpoints::provider_features::why_unserved(engine.scenario.profile) {
        return Err((std::io::ErrorKind::Unsupported, unserved));
    }
    let listener = match Handle::try_current() {
        Ok(runtime) => {
            // Tokio panics if the runtime has no I/O driver.
            engine.note_unserved(report::runtime_without_io());
            listener::start_in_runtime(state, port, runtime)
        }
        Err(_) => listener::start_on_own_thread(state, port),
    };
    listener.map_err(|error| (error.kind(), report::cannot_listen(port, &error)))
}

/// Not `From<MockProvider>`, because binding a socket can fail.
impl FromMock for MockServer {
    type Error = std::io::Error;

    #[track_caller]
    fn from_mock(mock: MockProvider) -> std::io::Result<Self> {
        MockServer::bind(mock, 0)
    }
}

impl Deref for MockServer {
    type Target = MockProvider;

    fn deref(&self) -> &MockProvider {
        &self.0.mock
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.state.engine.look_for_clients();
        // First stop accepting requests and close idle connections, then free the port.
        self.state.stop_idle();
        self.listener.free_port();
        let (state, listener) = (Arc::clone(&self.state), Arc::clone(&self.listener));
        let stop = move || {
            state.stop();
            listener.close();
        };
        match self.state.has_exchange_in_progress() {
            true => test_context::unless_the_body_ends(Box::new(stop)),
            false => stop(),
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("addr", &self.addr())
            .field("mock", &self.0.mock)
            .finish_non_exhaustive()
    }
}
