//! What the compiler says where an order or a combination of attributes cannot work: each file in `mistakes` against its `.stderr`.
//!
//! `TRYBUILD=overwrite cargo test --test order_of_attributes` writes them anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[test]
fn an_order_that_cannot_work_says_which_does() {
    let checked = checked();
    for file in sources() {
        let name = file
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let start = format!("tests/{name}:");
        let lines = checked.lines().filter(|line| line.starts_with(&start));
        let found: String = lines.flat_map(|line| [line, "\n"]).collect();
        let golden = file.with_extension("stderr");
        if env::var("TRYBUILD").is_ok_and(|mode| mode == "overwrite") {
            fs::write(&golden, &found).expect("a golden");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(found, expected, "{checked}");
    }
}

/// The first line of every error in a package with these tests.
fn checked() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("orders");
    fs::create_dir_all(project.join("tests")).expect("a directory");
    let manifest = fs::read_to_string(here.join("Cargo.toml")).expect("the manifest");
    let mut manifest = manifest.replace("members = [\"support\"]\n", "");
    for package in ["../../mock-core", "support"] {
        let relative = format!("path = \"{package}\"");
        let absolute = format!("path = {:?}", here.join(package));
        manifest = manifest.replace(&relative, &absolute);
    }
    fs::write(project.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(project.join("lib.rs"), "").expect("a library");
    fs::copy(here.join("Cargo.lock"), project.join("Cargo.lock")).expect("a lock file");
    for file in sources() {
        let name = file.file_name().expect("a name");
        fs::copy(&file, project.join("tests").join(name)).expect("a copy");
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let check = Command::new(cargo)
        .args(["check", "--tests", "--offline", "--keep-going", "--quiet"])
        .arg("--message-format=short")
        .current_dir(&project)
        // Share the target folder of these tests, so that the dependencies are checked once.
        .env("CARGO_TARGET_DIR", shared_target())
        .output()
        .expect("cargo");
    let output = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(output.contains("tests/"), "{output}");
    output
}

fn shared_target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("..")
}

fn sources() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("mistakes");
    let files = fs::read_dir(folder).expect("a directory");
    let files = files.map(|file| file.expect("a file").path());
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files
}
