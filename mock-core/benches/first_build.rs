//! What mock-core adds to the first build of a crate, next to what mockall and wiremock add.
//!
//! ```text
//! cargo bench -p mock-core --bench first_build
//! cargo bench -p mock-core --bench first_build -- 9           # rounds, 5 by default
//! cargo bench -p mock-core --bench first_build -- cassette 3  # the features `cassette` and `record`, too
//! ```
//!
//! Each round builds a crate that depends on tokio, async-trait, futures and serde_json, then the same crate with one more dependency.
//! A dependency's cost is the difference of the least that each takes: other work on the machine makes a build dearer, never cheaper. The
//! builds of a round follow each other, so that a busy minute is not one crate's alone; the last column says how far the rounds are apart.
//! mock-core is to add at most 1.5 times what mockall adds, and at most 2.7 times with `server`, in
//! processor time: see [`BOUNDS`]. On a machine that does other things as well, compare runs of the same minute only.
//! The builds are as those of a crate from a registry: not incremental, and with lints capped.
//! Processor time comes from `/proc/self/stat`, so it is zero where there is no such file.

#[path = "build/processor_time.rs"]
mod processor_time;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use processor_time::processor_time;

/// What each dependency may add at most, in what mockall adds.
const BOUNDS: [(&str, f64); 2] = [("mock-core", 1.5), ("mock-core, server", 2.7)];

/// The crate that the others are compared with.
const MOCKALL: &str = "mockall";

/// Processor seconds and seconds.
type Cost = [f64; 2];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds = arguments.iter().find_map(|argument| argument.parse().ok());
    let core = env!("CARGO_MANIFEST_DIR");
    let with = |feature: &str| {
        let dependency = format!("mock-core = {{ path = {core:?}, features = [{feature:?}] }}");
        (format!("mock-core, {feature}"), dependency)
    };
    let mut added = vec![
        ("base".to_owned(), String::new()),
        (MOCKALL.to_owned(), "mockall = \"0.15\"".to_owned()),
        ("wiremock".to_owned(), "wiremock = \"0.6\"".to_owned()),
        (
            "mock-core".to_owned(),
            format!("mock-core = {{ path = {core:?} }}"),
        ),
        with("server"),
    ];
    if arguments.iter().any(|argument| argument == "cassette") {
        added.extend(["cassette", "record"].map(with));
    }
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first-build");
    let mut crates: Vec<Crate> = added
        .iter()
        .map(|(name, dependency)| Crate {
            name: name.clone(),
            folder: write_crate(&root, name, dependency),
            costs: Vec::new(),
        })
        .collect();
    for _ in 0..rounds.unwrap_or(5) {
        for one in &mut crates {
            let cost = build(&one.folder, &root.join("target"));
            one.costs.push(cost);
        }
    }
    let [base, added @ ..] = &*crates else {
        unreachable!("there is one without a dependency")
    };
    let base = [0, 1].map(|part| least(&base.costs, part));
    println!("base: {:.1} s of processor time, {:.1} s", base[0], base[1]);
    let adds = |one: &Crate| [0, 1].map(|part| least(&one.costs, part) - base[part]);
    let mockall = added.iter().find(|one| one.name == MOCKALL).map(adds);
    let mockall = mockall.expect("it is one of them");
    for one in added {
        let (name, adds) = (&*one.name, adds(one));
        println!(
            "{name:<19} adds {:>4.1} s of processor time ({:.2} of mockall), {:>4.1} s ({:.2}); rounds within {:.1} s",
            adds[0],
            adds[0] / mockall[0],
            adds[1],
            adds[1] / mockall[1],
            spread(&one.costs),
        );
        let bound = BOUNDS.iter().find(|(bounded, _)| *bounded == name);
        if let Some((_, bound)) = bound.filter(|(_, bound)| adds[0] > bound * mockall[0]) {
            println!("{name} adds more than {bound} times what mockall adds");
        }
    }
}

/// A crate with a dependency, and what each of its builds cost.
struct Crate {
    name: String,
    folder: PathBuf,
    costs: Vec<Cost>,
}

fn write_crate(root: &Path, name: &str, dependency: &str) -> PathBuf {
    let name = format!("first-{}", name.replace(", ", "-"));
    let folder = root.join(&name);
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\n{dependency}\nasync-trait = \"0.1\"\nfutures = \"0.3\"\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\", \"test-util\", \"time\"] }}\n"
    );
    fs::create_dir_all(folder.join("src")).expect("the folder can be made");
    fs::write(folder.join("src/lib.rs"), "").expect("it can be written");
    fs::write(folder.join("Cargo.toml"), manifest).expect("it can be written");
    cargo(&folder, &["fetch", "--quiet"]);
    folder
}

fn build(folder: &Path, target: &Path) -> Cost {
    let _ = fs::remove_dir_all(target);
    let (before, start) = (processor_time(), Instant::now());
    let target = target.to_str().expect("it is UTF-8");
    cargo(
        folder,
        &["build", "--offline", "--quiet", "--target-dir", target],
    );
    [processor_time() - before, start.elapsed().as_secs_f64()]
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTFLAGS", "--cap-lints=allow")
        .status();
    assert!(status.expect("cargo runs").success());
}

fn least(costs: &[Cost], part: usize) -> f64 {
    let values = costs.iter().map(|cost| cost[part]);
    values.fold(f64::INFINITY, f64::min)
}

/// How far apart the processor times of the rounds are.
fn spread(costs: &[Cost]) -> f64 {
    let most = costs.iter().map(|cost| cost[0]).fold(0.0, f64::max);
    most - least(costs, 0)
}
