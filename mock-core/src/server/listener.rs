//! The listening socket, and what serves it: a task, or a thread of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use socket2::{Domain, SockRef, Socket as RawSocket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder as RuntimeBuilder, Handle};
use tokio::task::JoinHandle;

use super::connection::{Connection, Socket};
use super::dispatch::answer;
use super::state::{OpenConnection, ServerState};
use crate::lock::lock;
use crate::runtime::spawn::{spawn, spawn_blocking, spawn_thread};
use crate::runtime::test_context;

/// The number of connections that may wait to be accepted.
const BACKLOG: i32 = 4_096;

/// The maximum length of a request's head, in bytes. hyper checks it before it reads more, so up to twice as much may arrive. hyper accepts
/// at most 100 headers. Setting that limit explicitly would move its header buffer off the stack, and cost 1,700 instructions for each
/// request.
const LONGEST_HEAD: usize = 64 * 1024;

/// The port of a server, which listens or refuses connections.
pub(super) struct Listener {
    address: SocketAddr,
    runtime: Handle,
    state: Mutex<ListenerState>,
}

struct ListenerState {
    port: Port,
    waker: Option<Waker>,
    /// The socket at the end of the test, with the clients that still wait.
    left: Option<RawSocket>,
}

enum Port {
    Listening(TcpListener),
    /// The port stays bound, so that nobody else takes it.
    Refusing(RawSocket),
    /// The connections go on.
    Freed,
    Closed,
}

impl Listener {
    /// Listens on a port of the loopback address, or on a free one if it is 0.
    pub(super) fn bind(port: u16, runtime: Handle) -> io::Result<Listener> {
        let socket = bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port).into())?;
        let listener = listen(socket, &runtime)?;
        Ok(Listener {
            address: listener.local_addr()?,
            runtime,
            state: Mutex::new(ListenerState {
                port: Port::Listening(listener),
                waker: None,
                left: None,
            }),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Refuses connections from now on.
    pub(super) fn refuse(&self) -> io::Result<()> {
        let mut state = self.lock();
        if let Port::Listening(_) = state.port {
            state.port = Port::Closed;
            state.port = Port::Refusing(bind(self.address)?);
        }
        Ok(())
    }

    /// Accepts connections again.
    pub(super) fn accept(&self) -> io::Result<()> {
        let mut state = self.lock();
        match std::mem::replace(&mut state.port, Port::Closed) {
            Port::Refusing(socket) => {
                state.port = Port::Listening(listen(socket, &self.runtime)?);
                state.waker.take().into_iter().for_each(Waker::wake);
            }
            port => state.port = port,
        }
        Ok(())
    }

    /// Gives the port back. The connections go on until [`close`](Self::close).
    pub(super) fn free_port(&self) {
        self.lock().port = Port::Freed;
    }

    /// Gives the port back, and ends the connections.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.port = Port::Closed;
        state.waker.take().into_iter().for_each(Waker::wake);
    }

    /// Returns whether a connection waits that will not be accepted any more. For the end of the test.
    pub(super) fn has_waiting(&self) -> bool {
        let mut state = self.lock();
        let accepted = match &state.port {
            // Ask the socket itself: tokio notices a waiting connection only when its runtime polls.
            Port::Listening(listener) => SockRef::from(listener).accept().ok(),
            _ => None,
        };
        let waits = accepted.is_some() || state.left.is_some();
        state.left = accepted.map(|(socket, _)| socket).or(state.left.take());
        waits
    }

    /// Returns the next connection; `None` when the port is closed.
    fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<io::Result<TcpStream>>> {
        let mut state = self.lock();
        state.waker = Some(cx.waker().clone());
        match &state.port {
            Port::Listening(listener) => listener
                .poll_accept(cx)
                .map(|accepted| Some(accepted.map(|(stream, _)| stream))),
            Port::Refusing(_) | Port::Freed => Poll::Pending,
            Port::Closed => Poll::Ready(None),
        }
    }

    fn lock(&self) -> MutexGuard<'_, ListenerState> {
        lock(&self.state)
    }
}

fn bind(address: SocketAddr) -> io::Result<RawSocket> {
    let socket = RawSocket::new(Domain::IPV4, Type::STREAM, None)?;
    // Allows the same port again at once, although closed connections are still in TIME_WAIT.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

fn listen(socket: RawSocket, runtime: &Handle) -> io::Result<TcpListener> {
    let _context = runtime.enter();
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    test_context::note_served(&SockRef::from(&socket));
    TcpListener::from_std(socket.into())
}

/// Listens on a port, and serves it in this runtime.
pub(super) fn start_in_runtime(
    state: &Arc<ServerState>,
    port: u16,
    runtime: Handle,
) -> io::Result<Arc<Listener>> {
    let listener = Arc::new(Listener::bind(port, runtime.clone())?);
    let served = serve(Arc::clone(&listener), Arc::clone(state));
    drop(spawn(&runtime, Box::pin(served)));
    let weak = Arc::downgrade(&listener);
    state.log.set_backlog(move || {
        let listener = weak.upgrade();
        listener.is_some_and(|listener| listener.has_waiting())
    });
    Ok(listener)
}

/// Listens on a port, and serves it on a thread of its own, for a test without a runtime.
pub(super) fn start_on_own_thread(
    state: &Arc<ServerState>,
    port: u16,
) -> io::Result<Arc<Listener>> {
    let runtime = RuntimeBuilder::new_current_thread().enable_all().build()?;
    let listener = Arc::new(Listener::bind(port, runtime.handle().clone())?);
    let mut served = Box::pin(serve(Arc::clone(&listener), Arc::clone(state)));
    let work = move || runtime.block_on(served.as_mut() as Pin<&mut dyn Future<Output = ()>>);
    spawn_thread("mock server", Box::new(work))?;
    Ok(listener)
}

/// Serves connections until the port is closed.
async fn serve(listener: Arc<Listener>, server: Arc<ServerState>) {
    let mut connections = Connections::default();
    let _closes = Closes(&listener);
    while let Some(accepted) = std::future::poll_fn(|cx| listener.poll_next(cx)).await {
        connections.0.retain(|connection| !connection.is_finished());
        match accepted {
            Ok(stream) => {
                // If this fails, the connection is slower, but works.
                let _ = stream.set_nodelay(true);
                test_context::note_served(&SockRef::from(&stream));
                let (connection, incoming) = Connection::new(Arc::clone(&server), stream);
                if server.admit(Arc::clone(&connection) as Arc<dyn OpenConnection>) {
                    // Create the socket before the task: if the task is never polled, dropping the socket still removes the connection from
                    // the server.
                    let socket = Socket::new(Arc::clone(&connection), incoming);
                    let served = Box::pin(serve_connection(connection, socket));
                    connections.0.push(spawn(&Handle::current(), served));
                }
            }
            Err(error) if is_of_one_connection(&error) => {}
            // The process has no free descriptors, and nothing signals when one is closed. So wait in real time, and hold the clock
            // meanwhile.
            Err(_) => {
                let wait = || std::thread::sleep(Duration::from_millis(10));
                let _ = spawn_blocking(Box::new(wait)).await;
            }
        }
    }
}

/// The tasks of the open connections. They end with the listener.
#[derive(Default)]
struct Connections(Vec<JoinHandle<()>>);

impl Drop for Connections {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Closes the port when it is no longer served: the runtime may end before the last handle to the server is dropped.
struct Closes<'l>(&'l Listener);

impl Drop for Closes<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

async fn serve_connection(connection: Arc<Connection>, socket: Socket) {
    let service = service_fn(|request| answer(Arc::clone(&connection), request));
    let served = http1::Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .auto_date_header(false)
        // A client that has closed its sending side still gets its answer, unless the answer has to wait: `Connection::poll_gone`.
        .half_close(true)
        .serve_connection(socket, service);
    let mut served = pin!(served);
    if let Err(error) = served.as_mut().await {
        connection.broke(&error);
    }
}
