//! What the compiler says to mistakes: each file in `ui` against its `.stderr`.
//!
//! The words around our own are those of one version of the compiler; with any other nothing is compared.
//! `TRYBUILD=overwrite cargo test -p tests --test ui` writes them anew.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const PINNED: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained_where_they_are_made() {
    if is_pinned() {
        trybuild::TestCases::new().compile_fail("ui/*.rs");
    }
}

/// What is within a `#[test]` is compiled in tests only, which trybuild does not make. Here the first lines of the errors
/// are compared.
#[test]
fn mistakes_in_tests_are_found_where_they_are_made() {
    if !is_pinned() {
        return;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let sources = here.join("ui/tests");
    fs::create_dir_all(project.join("tests")).expect("a directory");
    fs::copy(here.join("../Cargo.lock"), project.join("Cargo.lock")).expect("a lock file");
    let core = here.join("../mock-core");
    let manifest = format!(
        "[package]\nname = \"ui\"\nedition = \"2024\"\n[dev-dependencies]\nmock-core.path = {core:?}\n[workspace]\n"
    );
    fs::write(project.join("Cargo.toml"), manifest).expect("a manifest");
    let files = fs::read_dir(&sources).expect("a directory");
    let files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    let files = files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    for file in files.clone() {
        let name = file.file_name().expect("a name");
        fs::copy(file, project.join("tests").join(name)).expect("a copy");
    }

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let check = Command::new(cargo)
        .args(["check", "--tests", "--offline", "--keep-going", "--quiet"])
        .arg("--message-format=short")
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", project.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    let output = String::from_utf8_lossy(&check.stderr);

    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy();
        let found: String = output
            .lines()
            .filter(|line| line.starts_with(&format!("tests/{name}:")))
            .flat_map(|line| [line, "\n"])
            .collect();
        let golden = file.with_extension("stderr");
        if env::var("TRYBUILD").is_ok_and(|mode| mode == "overwrite") {
            fs::write(&golden, &found).expect("a golden");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(found, expected, "{output}");
    }
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
    let features = cfg!(feature = "regex") || cfg!(feature = "schema");
    if features {
        eprintln!("skipped: the errors are those without features");
    }
    pinned && !features
}
