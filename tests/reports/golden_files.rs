//! Each file with a report is that of a test.

use std::fs;
use std::path::Path;

/// What `UPDATE_REPORTS=1` leaves behind when a test is removed, renamed or moved.
#[test]
fn each_golden_file_belongs_to_a_test() {
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    let files = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("the folder can be read");
        entries.map(|entry| entry.expect("the folder can be read").path())
    };
    let mut owned = 0;
    for module in files(&reports) {
        let is_source = module.extension().is_some_and(|kind| kind == "rs");
        if is_source {
            continue;
        }
        assert!(module.is_dir(), "{} is in no folder", module.display());
        let source = fs::read_to_string(module.with_extension("rs")).unwrap_or_default();
        for golden in files(&module) {
            let name = golden.file_stem().expect("a name").to_string_lossy();
            let is_owned = source.contains(&format!("fn {name}() {{"))
                && source.contains(&format!("\"{name}\""));
            assert!(is_owned, "no test writes {}", golden.display());
            owned += 1;
        }
    }
    assert!(owned > 80, "only {owned}");
}
