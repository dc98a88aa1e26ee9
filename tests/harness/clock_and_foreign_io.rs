//! S13: foreign I/O, which takes real time, beside a paused clock.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use mock_core::{TestClock, provider_test};
use tests::private::{Foreign, TestSpec, run};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket, UnixStream};
use tokio::process::Command;
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A server on a thread of its own. For each byte that comes it waits for these times, in milliseconds, and sends a byte after each.
fn server(pauses: &'static [u64]) -> SocketAddr {
    let listener = StdListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream, pauses));
        }
    });
    address
}

fn answer(mut stream: std::net::TcpStream, pauses: &[u64]) {
    while stream.read_exact(&mut [0]).is_ok() {
        for pause in pauses {
            thread::sleep(ms(*pause));
            if stream.write_all(b"!").is_err() {
                return;
            }
        }
    }
}

/// Asks, and hears the first byte of the answer.
pub(crate) async fn ask(stream: &mut TcpStream) {
    stream.write_all(b"?").await.expect("it is open");
    hear(stream).await;
}

async fn hear(stream: &mut TcpStream) {
    assert_eq!(stream.read_u8().await.expect("it is open"), b'!');
}

const SOON: &[u64] = &[50];
const AT_ONCE: &[u64] = &[0];

#[provider_test]
async fn a_server_on_a_thread_answers_before_a_time_out(clock: TestClock) {
    let address = server(SOON);
    let mut stream = timeout(secs(5), TcpStream::connect(address))
        .await
        .expect("in time")
        .expect("it listens");
    for _ in 0..2 {
        timeout(secs(30), ask(&mut stream)).await.expect("in time");
    }
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[provider_test]
async fn a_client_in_a_task_is_answered_too(clock: TestClock) {
    let address = server(SOON);
    let task = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        for _ in 0..2 {
            ask(&mut stream).await;
        }
    });
    timeout(ms(10), task)
        .await
        .expect("in time")
        .expect("no panic");
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

// A thread looks the name up, and may wake the test just when it first waits.
#[provider_test]
async fn a_server_is_waited_for_by_its_name(clock: TestClock) {
    let other = Builder::new_current_thread().enable_io().build();
    let port = server(SOON).port();
    let mut stream = TcpStream::connect(("localhost", port))
        .await
        .expect("it listens");
    timeout(secs(30), ask(&mut stream)).await.expect("in time");
    assert_eq!(clock.elapsed(), Duration::ZERO);
    other.expect("a runtime").shutdown_background();
}

#[provider_test]
async fn each_of_several_connections_is_waited_for(clock: TestClock) {
    let asked = (0..20).map(|_| async {
        let mut stream = TcpStream::connect(server(SOON)).await.expect("it listens");
        timeout(secs(1), ask(&mut stream)).await.expect("in time");
    });
    futures::future::join_all(asked).await;
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[provider_test]
async fn a_server_of_the_test_answers_a_client_on_a_thread(clock: TestClock) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let client = thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(address).expect("it listens");
        thread::sleep(ms(50));
        stream.write_all(b"!").expect("it is open");
        stream.read(&mut [0]).expect("it is open")
    });
    let held = clock.hold();
    let (mut stream, _) = listener.accept().await.expect("a client");
    drop(held);
    timeout(secs(5), hear(&mut stream)).await.expect("in time");
    drop(stream);
    assert_eq!(client.join().expect("no panic"), 0);
}

#[provider_test]
async fn a_child_process_ends_before_a_time_out(clock: TestClock) {
    let mut child = Command::new("sleep").arg("0.05").spawn().expect("it runs");
    let status = timeout(secs(5), child.wait()).await.expect("in time");
    assert!(status.expect("it ends").success());
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[provider_test(foreign = 300ms)]
async fn a_child_process_answers_over_its_pipes(clock: TestClock) {
    let mut child = Command::new("sh")
        .args(["-c", "while read line; do sleep 0.05; echo $line; done"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let (mut stdin, mut stdout) = (
        child.stdin.take().expect("a pipe"),
        child.stdout.take().expect("a pipe"),
    );
    for _ in 0..2 {
        stdin.write_all(b"hello\n").await.expect("it is open");
        let mut line = [0; 6];
        timeout(secs(5), stdout.read_exact(&mut line))
            .await
            .expect("in time")
            .expect("it is open");
        assert_eq!(&line, b"hello\n");
        sleep(secs(60)).await;
    }
    drop(stdin);
    child.wait().await.expect("it ends");
    assert_eq!(clock.elapsed(), secs(120));
}

#[provider_test(foreign = 300ms)]
async fn a_unix_socket_is_waited_for(clock: TestClock) {
    let (here, mut there) = std::os::unix::net::UnixStream::pair().expect("a pair");
    here.set_nonblocking(true).expect("it is open");
    let mut here = UnixStream::from_std(here).expect("a runtime");
    let thread = thread::spawn(move || {
        while there.read_exact(&mut [0]).is_ok() {
            thread::sleep(ms(50));
            there.write_all(b"!").expect("it is open");
        }
    });
    for _ in 0..2 {
        here.write_all(b"?").await.expect("it is open");
        let answer = timeout(secs(5), here.read_u8()).await.expect("in time");
        assert_eq!(answer.expect("it is open"), b'!');
        sleep(secs(60)).await;
    }
    assert_eq!(clock.elapsed(), secs(120));
    drop(here);
    thread.join().expect("no panic");
}

#[provider_test(foreign = 300ms)]
async fn a_datagram_is_waited_for(clock: TestClock) {
    let there = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let here = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    here.connect(there.local_addr().expect("it is bound"))
        .await
        .expect("it is there");
    let thread = thread::spawn(move || {
        for _ in 0..2 {
            let (_, from) = there.recv_from(&mut [0]).expect("it is open");
            thread::sleep(ms(50));
            there.send_to(b"!", from).expect("it is open");
        }
    });
    for _ in 0..2 {
        here.send(b"?").await.expect("it is open");
        let answer = timeout(secs(5), here.recv(&mut [0]))
            .await
            .expect("in time");
        assert_eq!(answer.expect("it is open"), 1);
        sleep(secs(60)).await;
    }
    assert_eq!(clock.elapsed(), secs(120));
    thread.join().expect("no panic");
}

#[provider_test(foreign = 300ms)]
async fn a_request_after_an_idle_time_is_answered(clock: TestClock) {
    let mut stream = TcpStream::connect(server(SOON)).await.expect("it listens");
    for _ in 0..2 {
        timeout(secs(5), ask(&mut stream)).await.expect("in time");
        sleep(secs(60)).await;
    }
    assert_eq!(clock.elapsed(), secs(120));
}

#[provider_test(foreign = 300ms)]
async fn after_an_idle_time_the_clock_jumps_as_often_as_it_likes(clock: TestClock) {
    let mut stream = TcpStream::connect(server(AT_ONCE))
        .await
        .expect("it listens");
    ask(&mut stream).await;
    for _ in 0..1_000 {
        sleep(secs(60)).await;
    }
    assert_eq!(clock.elapsed(), secs(60_000));
    ask(&mut stream).await;
}

#[provider_test(foreign = 300ms)]
async fn beside_a_pipe_too(clock: TestClock) {
    let mut child = Command::new("cat")
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    for _ in 0..1_000 {
        sleep(secs(60)).await;
    }
    assert_eq!(clock.elapsed(), secs(60_000));
    drop(child.stdin.take());
    child.wait().await.expect("it ends");
}

#[provider_test]
async fn a_stream_with_pauses_meets_no_idle_time_out(clock: TestClock) {
    let pauses = &[300; 4];
    let mut stream = TcpStream::connect(server(pauses))
        .await
        .expect("it listens");
    stream.write_all(b"?").await.expect("it is open");
    for _ in pauses {
        timeout(secs(10), hear(&mut stream)).await.expect("in time");
    }
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[provider_test(foreign = 10s)]
async fn a_test_may_be_more_patient(clock: TestClock) {
    let mut stream = TcpStream::connect(server(&[1_200]))
        .await
        .expect("it listens");
    timeout(secs(5), ask(&mut stream)).await.expect("in time");
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[provider_test(foreign = wait)]
async fn a_test_may_wait_without_end(clock: TestClock) {
    let mut stream = TcpStream::connect(server(&[1_200]))
        .await
        .expect("it listens");
    timeout(secs(5), ask(&mut stream)).await.expect("in time");
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[provider_test(foreign = ignore)]
async fn a_test_may_wait_for_nothing_foreign(clock: TestClock) {
    let mut stream = TcpStream::connect(server(&[1_000]))
        .await
        .expect("it listens");
    timeout(secs(5), ask(&mut stream))
        .await
        .expect_err("too late");
    assert_eq!(clock.elapsed(), secs(5));
}

#[test]
fn a_clock_that_is_resumed_is_not_held_and_does_not_jump() {
    let spec = TestSpec {
        foreign: Some(Foreign::For(ms(50))),
        body: |test| {
            test.drive(pin!(async {
                let mut stream = TcpStream::connect(server(&[5_000])).await?;
                stream.write_all(b"?").await?;
                tokio::time::resume();
                timeout(ms(200), hear(&mut stream)).await?;
                std::io::Result::Ok(())
            }));
        },
        ..TestSpec::EMPTY
    };
    let spec = Box::leak(Box::new(spec));
    let panic = std::panic::catch_unwind(|| run(spec)).expect_err("a time-out");
    let report = panic.downcast::<String>().expect("a text");
    assert!(report.contains("TimedOut"), "{report}");
    assert!(!report.contains("note:"), "{report}");
}

/// How a test fails with a time-out of 5 s, when its server answers after 5 s of real time.
fn too_late(foreign: Option<Foreign>) -> String {
    let spec = TestSpec {
        foreign,
        timeout: Some(secs(5)),
        body: |test| {
            test.drive(pin!(async {
                let mut stream = TcpStream::connect(server(&[5_000])).await?;
                ask(&mut stream).await;
                std::io::Result::Ok(())
            }));
        },
        ..TestSpec::EMPTY
    };
    let spec = Box::leak(Box::new(spec));
    let panic = std::panic::catch_unwind(|| run(spec)).expect_err("a time-out");
    *panic.downcast::<String>().expect("a text")
}

#[test]
fn the_report_names_an_answer_that_came_too_late() {
    let report = too_late(None);
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "time-out of 5s ran out",
        "5s of test time went by at once, though a connection to 127.0.0.1:",
        "for 1s of real time",
        "foreign = 10s",
    ] {
        assert!(words.contains(part), "{part}: {report}");
    }
}

#[test]
fn the_option_needs_a_paused_clock() {
    use tests::private::Clock;
    static REAL: TestSpec = TestSpec {
        clock: Clock::Real,
        foreign: Some(Foreign::Wait),
        ..TestSpec::EMPTY
    };
    let panic = std::panic::catch_unwind(|| run(&REAL)).expect_err("it is an error");
    let message = panic.downcast::<String>().expect("a text");
    assert!(
        message.contains("`foreign` needs the paused clock"),
        "{message}"
    );
}
