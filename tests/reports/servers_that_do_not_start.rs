//! A server that does not start: nobody could call its mock.

use std::io::ErrorKind;
use std::net::TcpListener;

use mock_core::builder::*;
use mock_core::{MockProvider, MockServer};

use crate::helpers::fails_alone;

/// A port that is taken, as long as the socket is open.
fn taken_port() -> (TcpListener, u16) {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = socket.local_addr().expect("it is bound").port();
    (socket, port)
}

/// It says why no turn was used, and not that a call is missing.
#[test]
fn the_report_of_a_mock_whose_server_does_not_start_says_so() {
    let (_socket, port) = taken_port();
    let llm = MockProvider::script([reply("Hi.")]);
    MockServer::bind(llm.handle(), port).expect_err("the port is taken");
    let report = llm.verify().expect_err("nobody asked").to_string();
    assert!(
        report.starts_with("mock `mock`: its server does not start"),
        "{report}"
    );
    assert!(
        report.contains(&format!("port {port} is taken")),
        "{report}"
    );
    assert!(
        report.contains("help:     serve on another port, or on port 0"),
        "{report}"
    );
    assert!(!report.contains("never"), "{report}");
}

/// Outside of a test, the last handle goes while the error is returned.
#[test]
fn the_error_of_a_server_that_does_not_start_is_returned() {
    let (_socket, port) = taken_port();
    let served = MockServer::bind(MockProvider::script([reply("Hi.")]), port);
    let error = served.expect_err("the port is taken");
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().contains("port 0"), "{error}");
}

/// What tokio says is all that is said.
#[test]
fn server_on_a_runtime_without_io() {
    fails_alone("server_on_a_runtime_without_io", || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime");
        runtime.block_on(async {
            let llm = MockProvider::script([reply("Hi.")]);
            MockServer::new(llm.handle());
        });
    });
}
