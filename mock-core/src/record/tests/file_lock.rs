//! One recorder at a time records a file.

use super::*;
use crate::record::file_lock::{FileLock, lock_path};

#[tokio::test]
async fn s107_a_file_is_recorded_by_one_recorder_at_a_time() {
    let file = new_file("busy");
    let first = recorder(&file, RecordMode::Record);
    let error = Recorder::with_mode(file.clone(), RecordMode::Missing).expect_err("it is busy");
    assert_eq!(error.problem(), RecordProblem::Busy);
    assert!(
        error
            .to_string()
            .contains("give each test a file of its own"),
        "{error}"
    );
    recorder(&new_file("another"), RecordMode::Missing);
    let lock = lock_path(&file);
    assert!(lock.is_file());
    assert_eq!(
        lock.parent(),
        Some(&*env::temp_dir()),
        "it is in no folder of one user"
    );
    first.finish().await.expect_err("nothing was recorded");
    drop(first);
    assert!(!lock.exists(), "nothing is left");
    let second = recorder(&file, RecordMode::Missing);
    second.finish().await.expect("there is nothing to write");
}

#[test]
fn s107_a_lock_that_its_owner_has_removed_does_not_block_others() {
    let path = lock_path(&new_file("removed"));
    let open = || std::fs::File::create(&path).expect("it is created");
    let first = FileLock::take(open(), &path).expect("nobody has it");
    let opened_before = open();
    drop(first.expect("it is there"));
    // Another recorder locks the next file of this name.
    let next = FileLock::take(open(), &path).expect("nobody has it");
    let late = FileLock::take(opened_before, &path).expect("nobody has it");
    assert!(next.is_some() && late.is_none());
    drop(late);
    assert!(path.exists(), "only its owner removes it");
    drop(next);
    assert!(!path.exists());
}
