//! The folder of a test.

use std::ffi::OsStr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use super::test::{FromTest, Test};
use crate::engine::seed_of;
use crate::report;

/// An empty folder for the files of a `#[provider_test]`, as an argument. It is a [`Path`].
///
/// It is removed when the test passes. When the test fails it is kept, and the report names it. Its path is the same in every run, in the
/// system's folder for temporary files; what an earlier run has left is removed first. Each argument has a folder of its own.
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
    /// If the folder cannot be written.
    fn from_test(test: &mut Test) -> Self {
        let number = test.folders();
        let path = path(test.name(), number);
        if let Err(error) = create(&path) {
            panic!("{}", report::no_folder(&path, &error));
        }
        test.keep_folder(path.clone());
        TestDir(path)
    }
}

fn create(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(path),
    }
}

/// The path of a test's folder: as readable as a name of a file can be, and of this test alone.
fn path(test: &str, number: usize) -> PathBuf {
    const LONGEST: usize = 80;
    let binary = env::current_exe().unwrap_or_default();
    let hash = seed_of(&[&binary.to_string_lossy(), test, &number.to_string()]);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = test.replace("::", ".");
    let name = name
        .chars()
        .map(|c| if is_plain(c) || c == '.' { c } else { '_' });
    let name: String = name.take(LONGEST).collect();
    env::temp_dir()
        .join("mock-core")
        .join(format!("{name}-{hash:016x}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_path_of_a_folder_is_of_one_test_alone_and_the_same_in_every_run() {
        let long = "m::".repeat(200);
        let tests = [
            "a::b",
            "a::B",
            "a.b",
            "a::ü",
            "a::ö",
            &long,
            &format!("{long}x"),
        ];
        let paths: HashSet<_> = tests.iter().map(|test| path(test, 0)).collect();
        assert_eq!(paths.len(), tests.len());
        let lower = paths
            .iter()
            .map(|path| path.to_string_lossy().to_lowercase());
        assert_eq!(lower.collect::<HashSet<_>>().len(), tests.len());
        assert_eq!(path("a::b", 0), path("a::b", 0));
        assert_ne!(path("a::b", 0), path("a::b", 1));
        let name = path("a::b", 0)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        assert!(name.is_some_and(|name| name.starts_with("a.b-")));
    }
}
