//! The folder of a test.

// Few tests call these functions. `#[inline]` leaves their compilation to the crates that do.

use std::ffi::OsStr;
use std::fs::DirBuilder;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::{env, io, process};

use super::argument_traits::FromTest;
use super::test::Test;
use crate::report;

/// An empty folder for the files of a `#[provider_test]`, as an argument. It is a [`Path`].
///
/// It is removed when the test passes. When the test fails it is kept, and the report names it. It is in the system's folder for temporary
/// files, and its name has the test's name and the process id. Each argument in each run has a folder of its own, which only its owner can
/// read.
///
/// ```test_harness
/// use mock_core::{MockProvider, TestDir, provider_test};
///
/// #[provider_test]
/// async fn nothing_is_cached_yet(cache: TestDir, #[mock()] llm: MockProvider) -> std::io::Result<()> {
///     std::fs::write(cache.join("calls"), llm.calls().len().to_string())?;
///     assert_eq!(std::fs::read_to_string(cache.join("calls"))?, "0");
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestDir(PathBuf);

impl TestDir {
    /// Returns its path.
    ///
    /// ```
    /// # #![allow(unused_imports, clippy::needless_doctest_main)]
    /// use mock_core::{TestDir, provider_test};
    ///
    /// #[provider_test]
    /// async fn the_folder_is_empty(cache: TestDir) -> std::io::Result<()> {
    ///     assert_eq!(std::fs::read_dir(cache.path())?.count(), 0);
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Deref for TestDir {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<Path> for TestDir {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<OsStr> for TestDir {
    fn as_ref(&self) -> &OsStr {
        self.0.as_os_str()
    }
}

impl FromTest for TestDir {
    /// # Panics
    /// If the folder cannot be created.
    #[inline]
    fn from_test(test: &mut Test) -> Self {
        let path = create(&env::temp_dir(), test.name())
            .unwrap_or_else(|(path, error)| panic!("{}", report::no_folder(&path, &error)));
        test.keep_folder(path.clone());
        TestDir(path)
    }
}

/// Creates a folder that did not exist. So no two tests, runs or users share one, whatever they are called.
#[inline]
fn create(parent: &Path, test: &str) -> Result<PathBuf, (PathBuf, io::Error)> {
    let name = name(test);
    let mut number = 1_u64;
    loop {
        let path = parent.join(match number {
            1 => name.clone(),
            _ => format!("{name}-{number}"),
        });
        match builder().create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err((path, error)),
        }
    }
}

/// Returns a builder for folders that only their owner can read.
#[inline]
fn builder() -> DirBuilder {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// The name of the first folder of a test in this process.
#[inline]
fn name(test: &str) -> String {
    const LONGEST: usize = 80;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut name = String::new();
    for c in test.replace("::", ".").chars() {
        if name.len() < LONGEST {
            name.push(if is_plain(c) || c == '.' { c } else { '_' });
        }
    }
    format!("mock-core-{name}-{}", process::id())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fs;

    use super::*;

    #[test]
    fn each_folder_is_new_whatever_is_there_already() {
        let parent = create(&env::temp_dir(), module_path!()).expect("a folder");
        let long = "m::".repeat(200);
        let longer = format!("{long}x");
        let tests = ["a::b", "a::B", "a.b", "a::ü", "a::ö", &long, &longer];
        let mut paths = HashSet::new();
        for test in tests.iter().chain(&tests) {
            let path = create(&parent, test).expect("a folder");
            let children = fs::read_dir(&path).expect("it is there");
            assert_eq!(children.count(), 0, "{}", path.display());
            fs::write(path.join("file"), "").expect("a file");
            paths.insert(path);
        }
        assert_eq!(paths.len(), 2 * tests.len(), "{paths:?}");
        #[cfg(unix)]
        {
            let mode = fs::metadata(&parent).expect("it is there").permissions();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o077, 0);
        }
        fs::remove_dir_all(parent).expect("it is ours");
    }

    #[test]
    fn the_name_of_a_folder_says_whose_it_is() {
        let expected = format!("mock-core-a.b-{}", process::id());
        assert_eq!(name("a::b"), expected);
    }
}
