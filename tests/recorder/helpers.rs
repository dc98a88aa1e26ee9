//! What the tests of this theme need: a provider, and runs of tests in a process of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mock_core::builder::*;
use mock_core::{MockProvider, MockServer};
use tests::this_binary;

/// An empty folder, in place of the package of the tests. The next run uses it again.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("recorder-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A run of tests.
#[derive(Clone)]
pub(crate) struct Run {
    folder: PathBuf,
    children: Vec<String>,
    variables: Vec<(&'static str, String)>,
    has_full_disk: bool,
}

impl Run {
    pub(crate) fn new(folder: &Path, children: &[&str]) -> Self {
        let children = children.iter().map(|child| format!("child_tests::{child}"));
        Run {
            folder: folder.to_owned(),
            children: children.collect(),
            variables: Vec::new(),
            has_full_disk: false,
        }
    }

    pub(crate) fn variable(&self, name: &'static str, value: &str) -> Self {
        let mut run = self.clone();
        run.variables.push((name, value.to_owned()));
        run
    }

    pub(crate) fn mode(&self, mode: &str) -> Self {
        self.variable("MOCK_CORE_RECORD", mode)
    }

    /// Lets no file have any byte, as on a full disk.
    #[cfg(unix)]
    pub(crate) fn with_full_disk(&self) -> Self {
        Run {
            has_full_disk: true,
            ..self.clone()
        }
    }

    pub(crate) fn upstream(&self, url: &str) -> Self {
        self.variable("CHILD_UPSTREAM", url)
    }

    pub(crate) fn go(&self) -> Ended {
        let mut command = match self.has_full_disk {
            true => {
                let mut shell = Command::new("sh");
                let limited = r#"trap '' XFSZ; ulimit -f 0; exec "$0" "$@""#;
                shell.args(["-c", limited]);
                shell.arg(this_binary().get_program());
                shell.env("RUST_BACKTRACE", "0");
                shell
            }
            false => this_binary(),
        };
        let output = command
            .args(["--exact", "--ignored", "--nocapture"])
            .args(&self.children)
            .current_dir(&self.folder)
            .env_remove("MOCK_CORE_RECORD")
            .env("CHILD_UPSTREAM", "http://127.0.0.1:1")
            .env("CHILD_KEY", "sk-proj-Zb3kQ9vX2mLp7Rt5")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("it runs");
        let printed = [output.stdout, output.stderr].concat();
        Ended {
            passes: output.status.success(),
            printed: String::from_utf8_lossy(&printed).into_owned(),
        }
    }
}

/// A run that has ended.
pub(crate) struct Ended {
    passes: bool,
    printed: String,
}

impl Ended {
    #[cfg(unix)]
    pub(crate) fn printed(&self) -> &str {
        &self.printed
    }

    #[track_caller]
    pub(crate) fn assert_passes(&self) {
        assert!(self.passes, "{}", self.printed);
    }

    #[track_caller]
    pub(crate) fn assert_fails(&self) {
        assert!(!self.passes, "{}", self.printed);
    }

    #[track_caller]
    pub(crate) fn assert_says(&self, words: &str) {
        assert!(
            flat(&self.printed).contains(&flat(words)),
            "{words}\n{}",
            self.printed
        );
    }

    /// The word that follows these words.
    #[track_caller]
    pub(crate) fn word_after(&self, words: &str) -> String {
        let printed = flat(&self.printed);
        let rest = printed.split_once(words).map(|(_, rest)| rest);
        let word = rest.and_then(|rest| rest.split(' ').next());
        word.unwrap_or_else(|| panic!("{words}\n{}", self.printed))
            .to_owned()
    }

    /// What follows these words on the lines that have them.
    pub(crate) fn said(&self, words: &str) -> Vec<&str> {
        let lines = self.printed.lines();
        lines
            .filter_map(|line| line.split_once(words))
            .map(|(_, said)| said)
            .collect()
    }
}

/// A text on one line: reports break lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A provider that answers each question with a text of its own, after a while.
pub(crate) fn provider() -> MockServer {
    let turn = || on(user("weather in {city}")).reply("It is 18 °C in {city}.");
    MockServer::new(MockProvider::new(
        script([]).rules([turn()]).latency(ms(150)),
    ))
}

pub(crate) const ASKS: &str = "tests/cassettes/recorder__child_tests__asks.yaml";
