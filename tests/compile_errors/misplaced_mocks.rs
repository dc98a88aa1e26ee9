//! A mock in a place that its expansion does not fit.

use mock_core::{MockProvider, mock_provider};

mod unnamed {
    mock_core::mock_provider!(reply("x"));
    mock_core::mock_provider! { reply("x") }
}

trait Unnamed {
    mock_provider!(reply("x"));
}

struct Named;

impl Named {
    mock_provider!(InImpl, script = [reply("x")]);
}

fn as_a_type(_: mock_provider!(reply("x"))) {}

const CONSTANT: MockProvider = mock_provider!(Constant, script = [reply("x")]);

fn used(_: MockProvider) {}

fn as_a_value() -> MockProvider {
    let bound = mock_provider!(Bound, script = [reply("x")]);
    used(mock_provider!(Argument, script = [reply("x")]));
    let all = vec![mock_provider!(InVec, script = [reply("x")])];
    match all.len() {
        0 => mock_provider!(Arm, script = [reply("x")]),
        _ => bound,
    };
    mock_provider!(pub Receiver, script = [reply("x")]).calls();
    mock_provider!(Tail, script = [reply("x")])
}

fn fitting() -> MockProvider {
    mock_provider! { reply("x") }.calls();
    mock_provider!(reply("x")).calls();
    mock_provider!(Statement, script = [reply("x")]);
    mock_provider! { Braces, script = [reply("x")] }
    let _ = (Statement::new(), Braces::new());
    match 1 {
        _ => mock_provider! { reply("x") },
    }
}

fn main() {}
