//! Bytes between two sockets of the test's runtime that the kernel delivers late, as it does on a busy machine: the paused clock waits for them.

use std::time::Duration;

use mock_core::{TestClock, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// The kernel keeps a second message until the first one is acknowledged. Once the two ends have talked, it takes its time for that.
#[provider_test]
async fn s13_the_clock_does_not_jump_while_bytes_are_on_their_way(clock: TestClock) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let mut one = TcpStream::connect(address).await.expect("it listens");
    let (mut other, _) = listener.accept().await.expect("it comes");
    one.set_nodelay(false).expect("it is open");
    let patience = Duration::from_secs(60);
    for _ in 0..5 {
        for messages in [1, 2] {
            for _ in 0..messages {
                one.write_all(b"?").await.expect("it is open");
            }
            for _ in 0..messages {
                let come = timeout(patience, other.read_u8()).await;
                come.expect("the clock stands still").expect("it is open");
            }
            other.write_all(b"!").await.expect("it is open");
            let come = timeout(patience, one.read_u8()).await;
            come.expect("the clock stands still").expect("it is open");
        }
    }
    assert_eq!(clock.elapsed(), Duration::ZERO);
}
