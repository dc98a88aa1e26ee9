//! What several files of this theme need.

use std::thread;

use mock_core::{Request, mock_provider};
use tests::this_binary;

mock_provider!(Greeter, script = [reply("Hi.").forever()]);

pub(crate) fn ask() -> Request {
    Request::new("gpt-4o").user("hello")
}

/// What this test prints, which is ignored here and run alone, with these variables set.
#[track_caller]
pub(crate) fn run_alone(name: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let output = this_binary()
        .args(["--exact", "--ignored", name])
        .envs(variables.iter().copied())
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("running 1 test\n"), "{printed}");
    let words: Vec<_> = printed.split_whitespace().collect();
    (output.status.success(), words.join(" "))
}

#[track_caller]
pub(crate) fn assert_fails(name: &str, variables: &[(&str, &str)], parts: &[&str]) {
    let (passed, printed) = run_alone(name, variables);
    assert!(!passed, "{printed}");
    for part in parts {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}

/// Checks all cases at once, since each waits for a process that waits.
pub(crate) fn at_once<T: Send>(cases: impl IntoIterator<Item = T>, check: impl Fn(T) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            let check = &check;
            scope.spawn(move || check(case));
        }
    });
}
