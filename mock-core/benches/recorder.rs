//! How much later a chunk comes through a recorder than over a direct connection: `cargo bench -p mock-core --features record --bench recorder`.
//!
//! A provider on the loopback address sends a chunk when the chunk before it has arrived. The time from before it is written until it has been
//! read is measured, both ways in the same run.

use std::env;
use std::net::SocketAddr;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use mock_core::{RecordMode, Recorder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The number of chunks that are measured, after as many that are not.
const CHUNKS: usize = 2_000;

const CHUNK: &[u8] =
    b"3c\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"18 C\"}}]}\n\n\r\n";

fn main() {
    // The mode is that of the environment, so this is run again with it.
    if env::var_os("MOCK_CORE_RECORD").is_none() {
        let this = env::current_exe().expect("it has a path");
        let status = Command::new(this)
            .env("MOCK_CORE_RECORD", "record")
            .status();
        assert!(status.expect("it runs").success());
        return;
    }
    let (ask, requests) = unbounded_channel();
    let (sent, sends) = std::sync::mpsc::channel();
    let (address, is_bound) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime
            .expect("a runtime")
            .block_on(provide(address, requests, sent));
    });
    let provider = is_bound.recv().expect("it is bound");
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let direct = runtime.block_on(measure(provider, &ask, &sends));

    let file = env::temp_dir().join(format!("mock-core-bench-{}.yaml", std::process::id()));
    let recorder = Recorder::new(&file).expect("a recorder");
    assert_eq!(recorder.mode(), RecordMode::Record);
    // Without a runtime, the server has a thread of its own, as the provider has.
    let server = recorder
        .serve(&format!("http://{provider}"))
        .expect("it serves");
    let recorded = runtime.block_on(measure(server.addr(), &ask, &sends));
    runtime.block_on(recorder.finish()).expect("it is written");
    let _ = std::fs::remove_file(file);

    let line = |name: &str, times: &[Duration]| {
        let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e6;
        println!("{name:9} median {:8.1} µs, 90 % {:8.1} µs", at(50), at(90));
        at(50)
    };
    let (direct, recorded) = (line("direct", &direct), line("recorder", &recorded));
    println!(
        "added     median {:8.1} µs a chunk, {:.2} times a direct connection",
        recorded - direct,
        recorded / direct
    );
}

/// Asks for a stream, and returns how long each chunk took, shortest first.
async fn measure(
    address: SocketAddr,
    ask: &UnboundedSender<()>,
    sends: &std::sync::mpsc::Receiver<Instant>,
) -> Vec<Duration> {
    let mut client = TcpStream::connect(address).await.expect("it listens");
    client.set_nodelay(true).expect("it is open");
    let request =
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-length: 2\r\n\r\n{}";
    client.write_all(request).await.expect("it is open");
    let mut bytes = vec![0; 64 * 1024];
    let mut times = Vec::new();
    let mut came = Vec::new();
    for chunk in 0..2 * CHUNKS {
        ask.send(()).expect("it listens");
        while !came.ends_with(b"\n\n\r\n") {
            let read = client.read(&mut bytes).await.expect("it is open");
            assert_ne!(read, 0, "it ends too soon");
            came.extend_from_slice(&bytes[..read]);
        }
        came.clear();
        let took = sends.recv().expect("it was sent").elapsed();
        if chunk >= CHUNKS {
            times.push(took);
        }
    }
    ask.send(()).expect("it listens");
    while !came.ends_with(b"0\r\n\r\n") {
        let read = client.read(&mut bytes).await.expect("it is open");
        assert_ne!(read, 0, "it ends too soon");
        came.extend_from_slice(&bytes[..read]);
    }
    times.sort();
    times
}

/// Sends a chunk each time that the client asks for one, and says when.
async fn provide(
    address: std::sync::mpsc::Sender<SocketAddr>,
    mut requests: UnboundedReceiver<()>,
    sent: std::sync::mpsc::Sender<Instant>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    address
        .send(listener.local_addr().expect("it is bound"))
        .expect("it is waited for");
    loop {
        let (mut stream, _) = listener.accept().await.expect("a client");
        stream.set_nodelay(true).expect("it is open");
        let mut request = Vec::new();
        while !request.ends_with(b"{}") {
            let mut bytes = [0; 1_024];
            let read = stream.read(&mut bytes).await.expect("it is open");
            request.extend_from_slice(&bytes[..read]);
        }
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head).await.expect("it is open");
        for _ in 0..2 * CHUNKS {
            if requests.recv().await.is_none() {
                return;
            }
            sent.send(Instant::now()).expect("it is waited for");
            stream.write_all(CHUNK).await.expect("it is open");
        }
        requests.recv().await;
        stream.write_all(b"0\r\n\r\n").await.expect("it is open");
    }
}
