//! S110: a test that may open no connection to another machine. None of these needs a network: the addresses are kept for examples, and
//! nothing at them answers.

use std::net::UdpSocket as StdUdpSocket;
use std::panic::catch_unwind;
use std::pin::pin;
use std::time::Duration;

use mock_core::{MockServer, provider_test};
use tests::private::{Clock, Foreign, Network, Test, TestSpec, run};
use tests::this_binary;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::time::timeout;

/// Addresses of TEST-NET-2 and TEST-NET-3.
const TCP: &str = "203.0.113.9:443";
const UDP: &str = "198.51.100.7:4433";

/// Whether this machine has a route there. Without one, no connection is ever begun.
fn has_route() -> bool {
    let socket = StdUdpSocket::bind("0.0.0.0:0").expect("a port");
    let has_route = socket.connect(TCP).is_ok();
    if !has_route {
        eprintln!("skipped: this machine has no route to other machines");
    }
    has_route
}

/// Waits for an answer that does not come.
async fn connect() {
    let _ = timeout(Duration::from_millis(1), TcpStream::connect(TCP)).await;
}

fn connects(test: &mut Test) {
    test.drive(pin!(connect()));
}

/// What a test of this kind fails with, if it does.
fn failure(spec: TestSpec) -> Option<String> {
    let spec = Box::leak(Box::new(TestSpec {
        name: "of_weather::asks",
        // Not to wait for the answer that does not come.
        foreign: (spec.clock == Clock::Paused).then_some(Foreign::For(Duration::from_millis(20))),
        ..spec
    }));
    let panic = catch_unwind(|| run(spec)).err()?;
    Some(*panic.downcast::<String>().expect("a text"))
}

fn denied(body: fn(&mut Test)) -> Option<String> {
    failure(TestSpec {
        network: Some(Network::Deny),
        body,
        ..TestSpec::EMPTY
    })
}

#[test]
fn a_connection_to_another_machine_fails_the_test_and_is_named() {
    if has_route() {
        let report = denied(connects).expect("it connects");
        for part in [
            "the test `of_weather::asks` opened a connection to another machine",
            "203.0.113.9:443 (TCP)",
            "network = \"allow\"",
        ] {
            assert!(report.contains(part), "{part}: {report}");
        }
    }
}

#[test]
fn it_is_seen_in_a_task_and_on_a_real_clock_too() {
    if has_route() {
        let in_a_task = |test: &mut Test| {
            test.drive(pin!(async {
                let task = tokio::spawn(connect());
                task.await.expect("it does not panic");
            }));
        };
        let report = failure(TestSpec {
            network: Some(Network::Deny),
            clock: Clock::Real,
            body: in_a_task,
            ..TestSpec::EMPTY
        });
        assert!(report.is_some_and(|report| report.contains(TCP)));
    }
}

#[test]
fn a_udp_socket_that_is_connected_is_named_as_one() {
    if has_route() {
        let report = denied(|test| {
            test.drive(pin!(async {
                let socket = UdpSocket::bind("0.0.0.0:0").await.expect("a port");
                tokio::time::sleep(Duration::from_millis(1)).await;
                socket.connect(UDP).await.expect("there is a route");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }));
        });
        assert!(report.is_some_and(|report| report.contains("198.51.100.7:4433 (UDP)")));
    }
}

#[test]
fn it_is_reported_with_the_error_of_the_body() {
    if has_route() {
        let report = denied(|test| {
            test.drive(pin!(async {
                connect().await;
                Err::<(), _>("no weather")
            }));
        });
        let report = report.expect("it fails");
        assert!(
            report.contains("no weather") && report.contains(TCP),
            "{report}"
        );
    }
}

#[test]
fn a_test_that_should_panic_does_not_pass() {
    // `run` returns, so libtest sees no panic and fails the test.
    let spec = TestSpec {
        network: Some(Network::Deny),
        should_panic: true,
        body: |test| {
            connects(test);
            panic!("as expected");
        },
        ..TestSpec::EMPTY
    };
    assert_eq!(failure(spec).is_none(), has_route());
}

#[test]
fn it_may_be_allowed() {
    let spec = TestSpec {
        network: Some(Network::Allow),
        body: connects,
        ..TestSpec::EMPTY
    };
    assert_eq!(failure(spec), None);
}

#[test]
fn the_variable_denies_it_to_tests_that_say_nothing() {
    if !has_route() {
        return;
    }
    const NAME: &str = "denied_network::is_denied_by_the_environment";
    for (value, is_denied) in [("1", true), ("0", false)] {
        let output = this_binary()
            .args([NAME, "--exact", "--ignored", "--nocapture"])
            .env("MOCK_CORE_DENY_NETWORK", value)
            .output()
            .expect("it runs");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), !is_denied, "{printed}");
        assert_eq!(printed.contains(TCP), is_denied, "{printed}");
        let passed = String::from_utf8_lossy(&output.stdout);
        assert!(passed.contains("running 1 test"), "{passed}");
    }
}

#[provider_test(foreign = 20ms)]
#[ignore = "runs in a process with the variable set"]
async fn is_denied_by_the_environment() {
    connect().await;
}

#[provider_test(network = "deny", foreign = 20ms)]
async fn s110_loopback_is_not_another_machine(
    #[mock(reply("Hi.").times(0..))] server: MockServer,
) -> std::io::Result<()> {
    let listener = TcpListener::bind("0.0.0.0:0").await?;
    let port = listener.local_addr()?.port();
    let (client, accepted) =
        tokio::join!(TcpStream::connect(("127.0.0.1", port)), listener.accept());
    let (_client, _accepted) = (client?, accepted?);
    let _served = TcpStream::connect(server.addr()).await?;
    let udp = UdpSocket::bind("127.0.0.1:0").await?;
    udp.connect(udp.local_addr()?).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(())
}
