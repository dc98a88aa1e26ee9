//! What several tests need.

use std::ops::{Deref, DerefMut};
use std::process::Command;
use std::{env, fmt};

use mock_core::MockProvider;
use mock_core::scenario::Scenario;

/// What expansions are made of: tests run specifications of tests that no macro has written.
pub use mock_core::__private_0_1_0 as private;

/// Returns a command that runs this test binary again, in a process of its own. It prints no backtraces: to resolve the symbols of one takes
/// longer than a test.
pub fn this_binary() -> Command {
    let mut command = Command::new(env::current_exe().expect("the path of this test"));
    command.env("RUST_BACKTRACE", "0");
    command
}

/// Whether the tests try all of what they generate: the variable `TRY_ALL` is set.
pub fn tries_all() -> bool {
    env::var_os("TRY_ALL").is_some()
}

/// Returns `all` if [`tries_all`], else a tenth of it.
pub fn tries(all: usize) -> usize {
    if tries_all() { all } else { all / 10 }
}

/// A scenario by what it plays: equal to another that differs only in where it is declared and in its closures, which cannot be compared.
pub struct Played(pub Scenario);

impl Played {
    /// What a mock plays. The mock is not verified.
    pub fn by(mock: MockProvider) -> Played {
        let scenario = mock.scenario().clone();
        std::mem::forget(mock);
        Played(scenario)
    }
}

impl Deref for Played {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.0
    }
}

impl DerefMut for Played {
    fn deref_mut(&mut self) -> &mut Scenario {
        &mut self.0
    }
}

impl PartialEq for Played {
    fn eq(&self, other: &Played) -> bool {
        self.to_string() == other.to_string()
    }
}

impl PartialEq<Scenario> for Played {
    fn eq(&self, other: &Scenario) -> bool {
        *self == Played(other.clone())
    }
}

/// All of it, a line each, but for places, the source of closures, and where functions are.
impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = format!("{:#?}", self.0);
        let mut lines = all.lines();
        while let Some(line) = lines.next() {
            let word = line.trim_start();
            if word.starts_with("place: SourceLocation {") {
                let indent = line.len() - word.len();
                lines.find(|line| line.len() - line.trim_start().len() == indent);
            } else if !word.starts_with("source: ") && !word.starts_with("0x") {
                writeln!(f, "{line}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use mock_core::builder::*;

    use super::Played;

    #[test]
    fn scenarios_that_play_the_same_are_equal_wherever_they_are_declared() {
        let built = || {
            script([
                on(when(|_| true)).reply("{user}"),
                fail(rate_limit().retry_after(secs(2))),
            ])
        };
        let elsewhere = script([
            on(when(|_| false)).reply("{user}"),
            fail(rate_limit().retry_after(secs(2))),
        ]);
        assert_eq!(Played(built()), elsewhere);
        assert_ne!(Played(built()), built().named("other"));
        let later = script([
            on(when(|_| true)).reply("{user}"),
            fail(rate_limit().retry_after(secs(3))),
        ]);
        assert_ne!(Played(built()), later);
    }
}
