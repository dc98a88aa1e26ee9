//! What one more mock costs the build of a test crate, next to one written by hand.
//!
//! ```text
//! cargo bench -p mock-core --bench build
//! cargo bench -p mock-core --bench build -- long     # one more turn of a long script
//! ```
//!
//! Crates of 10 and of 70 mocks, each with six turns and a test, are built one after the other, in turns with those of
//! the other kind; the slope is what one mock costs. Clean: only the crate itself is built anew. Incremental: after a
//! change in one test.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const FEW: usize = 10;
const MANY: usize = 70;
const ROUNDS: usize = 5;

/// How the mocks of a crate are made.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Ours,
    ByHand,
}

fn main() {
    let has_argument = |word: &str| std::env::args().any(|argument| argument == word);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build");
    match has_argument("long") {
        true => long_scripts(&root),
        false => one_more_mock(&root),
    }
}

fn one_more_mock(root: &Path) {
    let kinds = [Kind::Ours, Kind::ByHand];
    for kind in kinds {
        for mocks in [FEW, MANY] {
            build(&write_crate(root, kind, mocks), root);
        }
    }
    for (name, incremental) in [("clean", false), ("incremental", true)] {
        let mut slopes = [Vec::new(), Vec::new()];
        for round in 0..ROUNDS {
            for (kind, slopes) in kinds.iter().zip(&mut slopes) {
                let took = [FEW, MANY].map(|mocks| {
                    let folder = write_crate(root, *kind, mocks);
                    touch(&folder, round, incremental);
                    build(&folder, root).as_secs_f64()
                });
                slopes.push((took[1] - took[0]) / (MANY - FEW) as f64 * 1e3);
            }
        }
        let [ours, by_hand] = slopes.map(median);
        println!(
            "{name:<12} one more mock: {ours:.1} ms, by hand {by_hand:.1} ms, ratio {:.2}",
            ours / by_hand
        );
    }
}

/// What one more turn of a script costs, which is as much in a long one as in a short one.
fn long_scripts(root: &Path) {
    let folder = write_crate(root, Kind::Ours, 0);
    let path = folder.join("src/lib.rs");
    let source = fs::read_to_string(&path).expect("the crate was written");
    let took = [0, 250, 500, 1_000, 2_000].map(|turns| {
        let times = (0..3).map(|round| {
            let script =
                "on(user(\"weather in {city}\")).reply(\"Fine in {city}.\"),\n".repeat(turns);
            let long = format!("{source}\nmock_provider!(Long, script = [{script}]);\n");
            fs::write(&path, long).expect("it can be written");
            touch(&folder, round, false);
            (turns, build(&folder, root).as_secs_f64())
        });
        times.min_by(|one, other| one.1.total_cmp(&other.1))
    });
    let took: Vec<_> = took.into_iter().flatten().collect();
    let (_, none) = took[0];
    for (turns, all) in &took[1..] {
        println!(
            "a script of {turns:>5} turns: {:.2} ms a turn",
            (all - none) / *turns as f64 * 1e3
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn build(folder: &Path, root: &Path) -> Duration {
    let start = Instant::now();
    let output = Command::new(env!("CARGO"))
        .args(["test", "--no-run", "--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("CARGO_INCREMENTAL", "1")
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    start.elapsed()
}

/// Changes one test; where nothing may be left of the last build, the crate's own part of it is removed.
fn touch(folder: &Path, round: usize, incremental: bool) {
    let path = folder.join("src/lib.rs");
    let source = fs::read_to_string(&path).expect("the crate was written");
    let stamp = format!("const ROUND: usize = {round}");
    fs::write(&path, source.replace("const ROUND: usize = 99", &stamp)).expect("it can be written");
    if !incremental {
        let name = folder.file_name().expect("it has a name").to_string_lossy();
        let target = folder.parent().expect("it is in a folder").join("target");
        let status = Command::new(env!("CARGO"))
            .args(["clean", "--offline", "--quiet", "--package", &name])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", target)
            .status();
        assert!(status.expect("cargo runs").success());
    }
}

fn write_crate(root: &Path, kind: Kind, mocks: usize) -> PathBuf {
    let name = match kind {
        Kind::Ours => format!("ours-{mocks}"),
        Kind::ByHand => format!("by-hand-{mocks}"),
    };
    let folder = root.join(&name);
    fs::create_dir_all(folder.join("src")).expect("the folder can be made");
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ours = match kind {
        Kind::Ours => format!("mock-core = {{ path = {core:?} }}\n"),
        Kind::ByHand => String::new(),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [lib]\ndoctest = false\n\n\
         [dependencies]\n{ours}async-trait = \"0.1\"\nfutures = {{ version = \"0.3\", default-features = false, features = [\"std\"] }}\n\
         proc-macro2 = \"1\"\nquote = \"1\"\nsyn = {{ version = \"3\", features = [\"full\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nthiserror = \"2\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\", \"sync\", \"test-util\", \"time\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("it can be written");
    let _ = fs::copy(core.join("../Cargo.lock"), folder.join("Cargo.lock"));
    let mut source = String::from(match kind {
        Kind::Ours => include_str!("build/ours.rs.txt"),
        Kind::ByHand => include_str!("build/by_hand.rs.txt"),
    });
    let template = match kind {
        Kind::Ours => include_str!("build/one_of_ours.rs.txt"),
        Kind::ByHand => include_str!("build/one_by_hand.rs.txt"),
    };
    for index in 0..mocks {
        let one = template.replace("INDEX", &index.to_string());
        writeln!(source, "\n{one}").expect("a string takes it");
    }
    fs::write(folder.join("src/lib.rs"), source).expect("it can be written");
    folder
}
