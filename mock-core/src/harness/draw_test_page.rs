//! The page of a test, where the environment names a folder for pages.

use std::ffi::OsStr;

use super::finished::{Finished, Unfinished};
#[cfg(feature = "pictures")]
use super::run_expectation::RunExpectation;
use crate::environment_variables::{EnvironmentError, PICTURES, pictures};
use crate::journal::verdict::Verdict;
use crate::runtime::test_context::TestContext;
#[cfg(feature = "pictures")]
use crate::{hide_secrets, pictures::Picture, report};

#[cfg(feature = "pictures")]
pub(super) use crate::pictures::Folder;

/// Without the feature there is no folder.
#[cfg(not(feature = "pictures"))]
#[derive(Clone)]
pub(super) enum Folder {}

/// Opens the folder for pages, if the environment names one.
///
/// # Errors
/// If it cannot be written, or if the crate is built without pictures.
pub(super) fn folder() -> Result<Option<Folder>, EnvironmentError> {
    pictures().map(|path| open(&path)).transpose()
}

fn open(path: &OsStr) -> Result<Folder, EnvironmentError> {
    #[cfg(feature = "pictures")]
    let folder = Folder::open(path.as_ref())
        .map_err(|error| format!("a folder that can be written ({error}): set it to another one"));
    #[cfg(not(feature = "pictures"))]
    let folder = Err(
        "read without the feature `pictures` of mock-core: write `mock-core = { version = \"..\", features = [\"pictures\"] }` in Cargo.toml",
    );
    folder.map_err(|problem| EnvironmentError::new(PICTURES, path, problem))
}

impl Finished {
    /// Writes the page of the test. If that fails, the test does.
    #[cfg(feature = "pictures")]
    pub(super) fn draw(&mut self, folder: &Folder, running: &TestContext, verdicts: &[Verdict]) {
        let ending = match (&self.body, &self.error) {
            (Err(panic), _) => Some(report::panic_message(&**panic)),
            (Ok(()), error) => error.clone(),
        };
        let has_failed = self.cause().is_some();
        let report = self
            .report
            .as_ref()
            .filter(|_| self.expectation != RunExpectation::Panics);
        let is_new =
            |ending: &String| report.is_none_or(|report| !report::holds(ending, report.headline()));
        let ending = ending.filter(is_new);
        let mut texts =
            Vec::from_iter(ending.map(|ending| hide_secrets::hide(&ending).into_owned()));
        texts.extend(report.map(ToString::to_string));
        texts.extend(self.denied.clone());
        texts.extend(self.unwritten.clone());
        texts.extend(self.notes.iter().map(|note| format!("note: {note}")));
        let written = picture(running, has_failed, texts, verdicts).write(folder);
        if let Err(error) = written {
            self.unwritten.get_or_insert(error);
        }
    }

    #[cfg(not(feature = "pictures"))]
    pub(super) fn draw(&mut self, folder: &Folder, _: &TestContext, _: &[Verdict]) {
        match *folder {}
    }
}

impl Unfinished {
    /// Writes the page of the test.
    #[cfg(feature = "pictures")]
    pub(super) fn draw(&mut self, folder: &Folder, running: &TestContext) {
        let text = report::stuck(self.stuck, &self.verdicts, &self.task_panics);
        let texts = vec![report::unpainted(&text)];
        let written = picture(running, true, texts, &self.verdicts).write(folder);
        self.notes.extend(written.err());
    }

    #[cfg(not(feature = "pictures"))]
    pub(super) fn draw(&mut self, folder: &Folder, _: &TestContext) {
        match *folder {}
    }
}

/// Writes the page of a test with several runs: of this run, and with the report of all of them if some failed. Returns why it could not.
pub(super) fn draw_one_of_several(running: &TestContext, failure: Option<&str>) -> Option<String> {
    let folder = folder().unwrap_or_else(|error| panic!("{error}"))?;
    #[cfg(feature = "pictures")]
    {
        let texts = Vec::from_iter(failure.map(report::unpainted));
        let verdicts = running.verdicts();
        picture(running, failure.is_some(), texts, &verdicts)
            .write(&folder)
            .err()
    }
    #[cfg(not(feature = "pictures"))]
    {
        let _ = (running, failure);
        match folder {}
    }
}

#[cfg(feature = "pictures")]
fn picture<'a>(
    running: &TestContext,
    has_failed: bool,
    texts: Vec<String>,
    verdicts: &'a [Verdict],
) -> Picture<'a> {
    Picture {
        name: running.name(),
        seed: running.seed(),
        has_failed,
        texts,
        verdicts,
    }
}

#[cfg(all(test, not(feature = "pictures")))]
mod tests {
    use super::*;

    #[test]
    fn without_the_feature_the_variable_is_an_error_that_names_it() {
        let error = open("pages".as_ref()).err().expect("an error").to_string();
        let expected = "the environment variable `MOCK_CORE_PICTURES` is `pages`, which is not read without the feature `pictures` of \
                        mock-core: write `mock-core = { version = \"..\", features = [\"pictures\"] }` in Cargo.toml, or unset it";
        assert_eq!(error, expected);
    }
}
