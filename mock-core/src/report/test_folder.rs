//! What is printed about the folder of a test: where its files are, and why it cannot be made or removed.

use std::io;
use std::path::Path;

/// The test failed, and its files are there.
pub(crate) fn folder_kept(folder: &Path) -> String {
    format!("the files of the test are in {}", folder.display())
}

/// The folder of a test cannot be made.
#[inline]
pub(crate) fn no_folder(folder: &Path, error: &io::Error) -> String {
    format!(
        "the folder of the test cannot be written: {}: {error}\n\
         set `TMPDIR`, or `TEMP` on Windows, to a folder that can be",
        folder.display()
    )
}

/// The folder of a test that passed cannot be removed.
pub(crate) fn folder_stays(folder: &Path, error: &io::Error) -> String {
    format!(
        "the folder of the test cannot be removed: {}: {error}",
        folder.display()
    )
}
