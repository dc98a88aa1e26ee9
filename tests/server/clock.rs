//! The paused clock over sockets: client and server on one runtime.

use futures::future::join_all;
use mock_core::{MockServer, TestClock, provider_test};
use tokio::time::{Instant, sleep, timeout};

use crate::client::{CHAT, Client, chat, ms, streamed};

#[provider_test]
async fn a_reply_after_half_a_minute_takes_exactly_that(
    #[mock(reply("Hi.").ttft(30s).times(450))] server: MockServer,
    clock: TestClock,
) {
    for round in 0..15 {
        let asked = (0..30).map(|_| async {
            let mut client = Client::new(&server).await;
            let start = Instant::now();
            let reply = client.post(CHAT, &chat("a")).await;
            assert_eq!((reply.status, start.elapsed()), (200, ms(30_000)));
        });
        join_all(asked).await;
        assert_eq!(clock.elapsed(), ms(30_000) * (round + 1));
    }
}

#[provider_test]
async fn a_client_gives_up_at_its_own_time_out_and_not_before(
    #[mock(
        reply("Late.").ttft(30s).times(100),
        stream(["a", "b"]).ttft(9s).every(2s).times(100)
    )]
    server: MockServer,
) {
    for _ in 0..100 {
        let mut client = Client::new(&server).await;
        let start = Instant::now();
        let reply = timeout(ms(10_000), client.post(CHAT, &chat("a"))).await;
        assert!(reply.is_err());
        assert_eq!(start.elapsed(), ms(10_000));
    }
    // The first delta comes in time, and the second does not.
    for _ in 0..100 {
        let mut client = Client::new(&server).await;
        let start = Instant::now();
        let reply = timeout(ms(10_000), client.post(CHAT, &streamed(chat("a")))).await;
        assert!(reply.is_err());
        assert_eq!(start.elapsed(), ms(10_000));
    }
}

#[provider_test]
async fn a_client_that_backs_off_is_answered_when_it_comes_again(
    #[mock(fail(rate_limit { retry_after: 2s }).times(40), reply("Hi.").times(20))]
    server: MockServer,
    clock: TestClock,
) {
    // Of twenty at once, the first forty requests are refused: two of each.
    let asked = (0..20).map(|_| async {
        let mut client = Client::new(&server).await;
        loop {
            let reply = client.post(CHAT, &chat("a")).await;
            let Some(wait) = reply.header("retry-after") else {
                return reply.status;
            };
            sleep(ms(1_000) * wait.parse().expect("seconds")).await;
        }
    });
    assert_eq!(join_all(asked).await, [200; 20]);
    assert_eq!(clock.elapsed(), ms(4_000));
}
