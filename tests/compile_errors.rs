//! What the compiler says to mistakes: each file in `compile_errors` against its `.stderr`.
//!
//! The words around our own are those of one version of the compiler; with any other nothing is compared.
//! `TRYBUILD=overwrite cargo test -p tests --features compilers --test compile_errors` writes them anew.

#[path = "compile_errors/diagnostics_doc/mod.rs"]
mod diagnostics_doc;

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

/// Without features other errors come than with them.
const HAS_FEATURES: bool = cfg!(feature = "regex") || cfg!(feature = "schema");

const PINNED: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained_where_they_are_made() {
    if is_pinned() && !HAS_FEATURES {
        diagnostics_doc::write_what_is_wrong();
        let cases = trybuild::TestCases::new();
        cases.compile_fail("compile_errors/*.rs");
        cases.compile_fail(format!("{}/*.rs", diagnostics_doc::FOLDER));
    }
}

#[test]
#[cfg(feature = "regex")]
fn mistakes_in_regular_expressions_are_explained_where_they_are_made() {
    if is_pinned() {
        trybuild::TestCases::new().compile_fail("compile_errors/regex/*.rs");
    }
}

/// What is within a `#[test]` is compiled in tests only, which trybuild does not make. Here the first lines of the errors
/// are compared.
#[test]
fn mistakes_in_tests_are_found_where_they_are_made() {
    if !is_pinned() || HAS_FEATURES {
        return;
    }
    for file in sources() {
        let name = file.file_name().expect("a name").to_string_lossy();
        let found = found(&name);
        let golden = file.with_extension("stderr");
        if is_overwriting() {
            fs::write(&golden, &found).expect("a golden");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(found, expected, "{}", *CHECKED);
    }
}

#[test]
fn accepted_examples_of_the_index_compile() {
    if is_pinned() && !HAS_FEATURES {
        assert_eq!(found("right.rs"), "");
    }
}

/// What the compiler says of a file.
fn found(name: &str) -> String {
    let start = format!("tests/{name}:");
    let lines = CHECKED.lines().filter(|line| line.starts_with(&start));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// What the compiler says of tests: those of `compile_errors/tests`, and what is right in the index.
static CHECKED: LazyLock<String> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_errors");
    fs::create_dir_all(project.join("tests")).expect("a directory");
    fs::copy(here.join("../Cargo.lock"), project.join("Cargo.lock")).expect("a lock file");
    let core = here.join("../mock-core");
    let manifest = format!(
        "[package]\nname = \"compile_errors\"\nedition = \"2024\"\n[dev-dependencies]\nmock-core = {{ path = {core:?}, features = [\"sweep\"] }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n[workspace]\n"
    );
    fs::write(project.join("Cargo.toml"), manifest).expect("a manifest");
    for file in sources() {
        let name = file.file_name().expect("a name");
        fs::copy(&file, project.join("tests").join(name)).expect("a copy");
    }
    fs::write(project.join("tests/right.rs"), diagnostics_doc::right()).expect("a file");

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let check = Command::new(cargo)
        .args(["check", "--tests", "--offline", "--keep-going", "--quiet"])
        .arg("--message-format=short")
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", project.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    let output = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(output.contains("tests/bodies.rs:"), "{output}");
    output
});

fn sources() -> Vec<std::path::PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("compile_errors/tests");
    let files = fs::read_dir(here).expect("a directory");
    let files = files.map(|file| file.expect("a file").path());
    files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn is_overwriting() -> bool {
    env::var("TRYBUILD").is_ok_and(|mode| mode == "overwrite")
}

fn is_pinned() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.expect("a compiler").stdout;
    let version = String::from_utf8_lossy(&version);
    let pinned = version.starts_with(PINNED);
    if !pinned {
        eprintln!("skipped: the errors are those of {PINNED}x, and this is {version}");
    }
    pinned
}
