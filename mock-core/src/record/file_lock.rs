//! The lock of a recording, so that one recorder at a time records a file.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf, absolute};

use super::{RecordError, RecordProblem};
use crate::engine::seed_of;

/// The lock of a recording: a file among the temporary ones, since the folder of the recording may not exist yet.
pub(super) struct FileLock {
    path: PathBuf,
    // Closing the file unlocks it.
    _file: File,
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Remove the file while it is locked. Another recorder that has already opened it notices this in `FileLock::take`, and opens it
        // again. That works only on Unix, so elsewhere the empty file stays.
        if cfg!(unix) {
            // The file may already be gone, because the system may clear the folder at any time.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl FileLock {
    /// Locks a file for one recorder, in this process and in others.
    pub(super) fn lock(file: &Path) -> Result<Self, RecordError> {
        let failed = |error: &io::Error| {
            let message = format!(
                "{} cannot be locked for a recording: {error}; check the folder for temporary files, {}",
                file.display(),
                env::temp_dir().display()
            );
            RecordError::new(RecordProblem::Unwritable, message)
        };
        let full = absolute(file).map_err(|error| failed(&error))?;
        let path = lock_path(&full);
        loop {
            let opened = File::create(&path).map_err(|error| failed(&error))?;
            match Self::take(opened, &path) {
                Ok(Some(lock)) => return Ok(lock),
                // Another recorder has just ended and removed the file. Open it again.
                Ok(None) => {}
                Err(fs::TryLockError::WouldBlock) => {
                    let message = format!(
                        "another test records {} at the same time: give each test a file of its own",
                        file.display()
                    );
                    return Err(RecordError::new(RecordProblem::Busy, message));
                }
                Err(fs::TryLockError::Error(error)) => return Err(failed(&error)),
            }
        }
    }

    /// Locks an opened file; `None` if it has been removed meanwhile, and so locks nobody out.
    pub(super) fn take(opened: File, path: &Path) -> Result<Option<Self>, fs::TryLockError> {
        opened.try_lock()?;
        Ok(is_at(&opened, path).then(|| FileLock {
            path: path.to_owned(),
            _file: opened,
        }))
    }
}

/// Whether an opened file is still the one at this path.
#[cfg(unix)]
fn is_at(opened: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (opened.metadata(), fs::metadata(path)) {
        (Ok(opened), Ok(there)) => identity(opened) == identity(there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_opened: &File, _path: &Path) -> bool {
    true
}

/// The path of a recording's lock. It is directly in the folder for temporary files, because a folder of its own would belong to the first
/// user who records.
pub(super) fn lock_path(full: &Path) -> PathBuf {
    let name = format!(
        "mock-core-{:016x}.lock",
        seed_of(&[&full.to_string_lossy()])
    );
    env::temp_dir().join(name)
}
