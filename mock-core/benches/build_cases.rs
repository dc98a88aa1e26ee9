//! What one more case costs the build of a test crate, next to one more `#[test]` and one more `#[provider_test]`.
//!
//! ```text
//! cargo bench -p mock-core --bench build_cases
//! ```
//!
//! Crates of 20 and of 420 are built in turn; the slope is what one costs, in processor time. Only the crate itself is built anew, and it is
//! not incremental. Processor time comes from `/proc/self/stat`, so it is zero where there is no such file.

#[path = "build/processor_time.rs"]
mod processor_time;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use processor_time::processor_time;

const FEW: usize = 20;
const MANY: usize = 420;
const ROUNDS: usize = 5;

/// Writes the source of a crate with this many tests.
type Source = fn(usize) -> String;

/// What a crate consists of.
const KINDS: [(&str, Source); 3] = [
    ("#[test]", tests),
    ("case", cases),
    ("#[provider_test]", provider_tests),
];

const BODY: &str = "{ assert_eq!(llm.calls().len(), 0); assert!(number < 1_000); }";

fn tests(count: usize) -> String {
    let mut source = "fn check(number: u32) { assert!(number < 1_000); }\n".to_owned();
    for number in 0..count {
        writeln!(source, "#[test] fn test_{number}() {{ check({number}); }}").expect("a text");
    }
    source
}

fn cases(count: usize) -> String {
    let mut source = "#[provider_test]\n".to_owned();
    for number in 0..count {
        writeln!(source, "#[case::test_{number}({number})]").expect("a text");
    }
    writeln!(
        source,
        "async fn tests(#[case] number: u32, #[mock()] llm: MockProvider) {BODY}"
    )
    .expect("a text");
    source
}

fn provider_tests(count: usize) -> String {
    let mut source = String::new();
    for number in 0..count {
        writeln!(
            source,
            "#[provider_test] async fn test_{number}(#[mock()] llm: MockProvider) {{ let number: u32 = {number}; {BODY} }}"
        )
        .expect("a text");
    }
    source
}

fn main() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build-cases");
    let mut slopes = KINDS.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for ((name, source), slopes) in KINDS.iter().zip(&mut slopes) {
            let took = [FEW, MANY].map(|count| build(&write_crate(&root, name, source(count))));
            // The first round builds what all of them need.
            if round > 0 {
                slopes.push((took[1] - took[0]) / (MANY - FEW) as f64 * 1e3);
            }
        }
    }
    for ((name, _), mut slopes) in KINDS.iter().zip(slopes) {
        slopes.sort_by(f64::total_cmp);
        println!("one more {name:<18} {:.2} ms", slopes[slopes.len() / 2]);
    }
}

fn write_crate(root: &Path, name: &str, tests: String) -> PathBuf {
    let name = name.trim_matches(|c: char| !c.is_alphabetic());
    let folder = root.join(name);
    fs::create_dir_all(folder.join("src")).expect("the folder can be made");
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"cases-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [lib]\ndoctest = false\n\n[dependencies]\nmock-core = {{ path = {core:?} }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("it can be written");
    let _ = fs::copy(core.join("../Cargo.lock"), folder.join("Cargo.lock"));
    let source = format!(
        "#![cfg(test)]\n#[allow(unused_imports)]\nuse mock_core::{{MockProvider, provider_test}};\n{tests}"
    );
    fs::write(folder.join("src/lib.rs"), source).expect("it can be written");
    folder
}

/// The processor seconds that the build of the crate itself takes.
fn build(folder: &Path) -> f64 {
    let target = folder.parent().expect("it is in a folder").join("target");
    let before = processor_time();
    let status = Command::new(env!("CARGO"))
        .args(["test", "--lib", "--no-run", "--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .status();
    assert!(status.expect("cargo runs").success());
    processor_time() - before
}
