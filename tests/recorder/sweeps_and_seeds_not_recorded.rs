//! A test that runs several times, in a sweep or with seeds, cannot be recorded.

use crate::helpers::*;

#[test]
fn a_test_that_runs_several_times_is_not_recorded() {
    for child in ["sweeps", "has_seeds"] {
        let ended = Run::new(&folder(child), &[child]).mode("record").go();
        ended.assert_fails();
        ended.assert_says("runs several times, and is recorded once");
    }
}
