//! A mock whose server does not start.

use std::io;

use super::problem::{Explanation, ProblemKind, mock_headline};
use crate::journal::verdict::{Unserved, Verdict};

/// The message of a panic because a server does not start.
pub(crate) fn unserved(verdict: &Verdict) -> String {
    match problem(verdict) {
        Some(problem) => problem.detail.below(problem.headline),
        None => String::new(),
    }
}

/// Explains why no client reaches the mock.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let Unserved { problem, help } = verdict.unserved.as_ref()?;
    let headline = mock_headline(
        &verdict.mock,
        format_args!("its server does not start"),
        verdict.scenario.place,
        format_args!(": {problem}"),
    );
    let mut problem = Explanation::new(ProblemKind::ServerNotStarted, verdict, headline);
    problem.detail.help(format_args!("{help}"));
    Some(problem)
}

/// Why a server does not start on a runtime without I/O.
pub(crate) fn runtime_without_io() -> Unserved {
    Unserved {
        problem: "the tokio runtime has no I/O".to_owned(),
        help:
            "build the runtime with `enable_all()`, or use `#[provider_test]` or `#[tokio::test]`"
                .to_owned(),
    }
}

/// Why a server does not listen on a port.
pub(crate) fn cannot_listen(port: u16, error: &io::Error) -> Unserved {
    let (problem, help) = match (error.kind(), port) {
        (io::ErrorKind::AddrInUse, 1..) => (
            format!("port {port} is taken"),
            "serve on another port, or on port 0, which is any free one",
        ),
        (io::ErrorKind::PermissionDenied, 1..) => (
            format!("port {port} may not be used"),
            "serve on another port, or on port 0, which is any free one",
        ),
        _ => (
            format!("the loopback address cannot be listened on: {error}"),
            "let the test open sockets, or run fewer tests at once: each server takes a port and a file descriptor",
        ),
    };
    Unserved {
        problem,
        help: help.to_owned(),
    }
}
