//! The tests in `agent.rs` notice what the agent does in each of the eight ways: every patch in `mutations` deletes one of
//! these from a copy of the agent, and then the tests fail that must.
//!
//! All copies are built at once, in a workspace under the target folder, and stay built while nothing changes.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};
use serde_json::Value;

const PLAIN: &str = "a_question_gets_a_plain_answer";
const STREAMED: &str = "an_answer_is_shown_as_it_is_written";
const ONE_TOOL: &str = "a_tool_is_run_and_its_result_goes_back";
const PARALLEL: &str = "tools_are_run_at_one_time_and_their_results_go_back_in_order";
const RATE_LIMIT: &str = "a_rate_limit_is_waited_out";
const FOR_GOOD: &str = "a_failure_for_good_is_not_retried";
const CUT_TEXT: &str = "a_text_that_breaks_off_is_not_an_answer_and_not_requested_again";
const CUT_CALL: &str = "a_tool_call_that_breaks_off_is_not_run_but_asked_for_again";

const WAYS: [&str; 8] = [
    PLAIN, STREAMED, ONE_TOOL, PARALLEL, RATE_LIMIT, FOR_GOOD, CUT_TEXT, CUT_CALL,
];

/// Each copy of the agent, named as its patch is, and the tests that must fail with it. The first is without a patch.
const COPIES: [(&str, &[&str]); 9] = [
    (UNPATCHED, &[]),
    // Whatever comes before it, an answer ends as a plain one does.
    (
        "1-plain-answer",
        &[PLAIN, STREAMED, ONE_TOOL, PARALLEL, RATE_LIMIT, CUT_CALL],
    ),
    ("2-streamed-answer", &[STREAMED]),
    // Where no tool is run, many are not, nor is the one that is asked for again.
    ("3-one-tool", &[ONE_TOOL, PARALLEL, CUT_CALL]),
    ("4-parallel-tools", &[PARALLEL]),
    ("5-rate-limit", &[RATE_LIMIT]),
    ("6-failure-for-good", &[FOR_GOOD]),
    ("7-cut-in-a-text", &[CUT_TEXT]),
    ("8-cut-in-a-tool-call", &[CUT_CALL]),
];
const UNPATCHED: &str = "0-unpatched";

#[test]
fn each_patch_fails_the_tests_of_what_it_deletes_and_no_others() {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
    write_workspace(&workspace);
    let programs = build(&workspace);

    let mut wrong = String::new();
    for (name, must_fail) in COPIES {
        let output = run(&programs[name]);
        let (failing, passing): (BTreeSet<_>, BTreeSet<_>) =
            WAYS.into_iter().partition(|way| must_fail.contains(way));
        if ended(&output, "FAILED") != failing || ended(&output, "ok") != passing {
            wrong += &format!("{name}: {failing:?} must fail, and no others\n{output}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn each_patch_is_in_the_table() {
    let patches = fs::read_dir(root().join("tests/mutations")).expect("the folder is there");
    let mut patches: Vec<_> = patches
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    patches.sort();
    let table: Vec<_> = COPIES[1..].iter().map(|(name, _)| patch(name)).collect();
    assert_eq!(patches, table);
}

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the workspace").to_owned()
}

/// Where the patch of this name is.
fn patch(name: &str) -> PathBuf {
    root().join(format!("tests/mutations/{name}.patch"))
}

fn read(path: &Path) -> String {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// Writes a file, unless it is as it should be already, so that cargo builds anew only what is new.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    let folder = path.parent().expect("a folder");
    fs::create_dir_all(folder).expect("the folder is made");
    fs::write(path, text).expect("the file is written");
}

/// Lays out a workspace with all copies, which goes by the versions of this one.
fn write_workspace(workspace: &Path) {
    let manifest = read(&root().join("Cargo.toml"));
    let shared = manifest.find("[workspace.package]").expect("a section");
    let core = format!("path = {:?}", root().join("mock-core"));
    let shared = manifest[shared..].replace("path = \"mock-core\"", &core);
    let members: Vec<_> = COPIES
        .iter()
        .flat_map(|(name, _)| [name.to_string(), format!("{name}/agent")])
        .collect();
    write(
        &workspace.join("Cargo.toml"),
        &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{shared}"),
    );
    let lock = fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"));
    lock.expect("the lock file is copied");
    for (name, _) in COPIES {
        write_copy(&workspace.join(name), name);
    }
}

/// Writes a copy of the agent, and beside it a package of its tests.
fn write_copy(copy: &Path, name: &str) {
    for (path, text) in patched(name) {
        let path = path.strip_prefix("examples/").expect("a file of the agent");
        write(&copy.join(path), &text);
    }
    let manifest = read(&root().join("examples/agent/Cargo.toml"));
    let manifest = manifest.replace("name = \"agent\"", &format!("name = \"agent-{name}\""));
    let manifest = manifest.replace("[lib]\n", "[lib]\nname = \"agent\"\n");
    write(&copy.join("agent/Cargo.toml"), &manifest);
    write(&copy.join("Cargo.toml"), &manifest_of_tests(name));
}

/// The manifest of a package that has `agent.rs` as its tests, and the newtype that they use as its library.
fn manifest_of_tests(name: &str) -> String {
    let newtype = root().join("examples/src/lib.rs");
    let tests = root().join("tests/agent.rs");
    format!(
        r#"[package]
name = "tests-{name}"
edition.workspace = true

[lib]
name = "examples"
path = {newtype:?}

[[test]]
name = "{name}"
path = {tests:?}

[dependencies]
agent = {{ package = "agent-{name}", path = "agent" }}
anyhow.workspace = true
async-trait.workspace = true
futures.workspace = true
mock-core.workspace = true
serde_json.workspace = true
tokio = {{ workspace = true, features = ["time"] }}
"#
    )
}

/// The sources of the agent with this patch, by their paths in the repository.
fn patched(name: &str) -> BTreeMap<String, String> {
    let folder = "examples/agent/src";
    let files = fs::read_dir(root().join(folder)).expect("the folder is there");
    let mut sources = BTreeMap::new();
    for file in files {
        let file = file.expect("the folder can be read");
        let path = format!("{folder}/{}", file.file_name().display());
        sources.insert(path, read(&file.path()));
    }
    if name != UNPATCHED {
        apply(&read(&patch(name)), &mut sources).unwrap_or_else(|error| {
            panic!(
                "tests/mutations/{name}.patch does not fit the agent any more: {error}\n\
                 Commit the agent, delete from it what the patch is about, write the patch anew, and take it back:\n    \
                 git diff examples/agent > tests/mutations/{name}.patch\n    \
                 git restore examples/agent"
            )
        });
    }
    sources
}

fn apply(patch: &str, sources: &mut BTreeMap<String, String>) -> Result<(), String> {
    for file in PatchSet::parse(patch, ParseOptions::unidiff()) {
        let file = file.map_err(|error| error.to_string())?;
        let FileOperation::Modify { original, .. } = file.operation().strip_prefix(1) else {
            return Err("it does more than modify files".to_owned());
        };
        let hunks = file.patch().as_text().ok_or("it is not of text")?;
        let source = sources
            .get_mut(&*original)
            .ok_or_else(|| format!("there is no {original}"))?;
        *source = diffy::apply(source, hunks).map_err(|error| format!("{original}: {error}"))?;
    }
    Ok(())
}

/// Builds the tests of all copies, and finds the programs that they are in, by the copies' names.
fn build(workspace: &Path) -> BTreeMap<String, PathBuf> {
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--no-run", "--workspace", "--test", "*"])
        .args(["--offline", "--quiet"])
        .args(["--message-format", "json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        .current_dir(root())
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        // Deleted code leaves unused names behind.
        .env("RUSTFLAGS", "--cap-lints=allow")
        .output()
        .expect("cargo runs");
    assert!(
        built.status.success(),
        "a copy of the agent does not compile; its name is that of its patch:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let messages = String::from_utf8_lossy(&built.stdout);
    messages.lines().filter_map(program).collect()
}

/// The name and the program of a test, if that is what cargo's message is about.
fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let name = message["target"]["name"].as_str()?;
    let program = message["executable"].as_str()?;
    Some((name.to_owned(), program.into()))
}

/// What the tests of a copy print.
fn run(program: &Path) -> String {
    let output = Command::new(program)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("the tests run");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The tests that ended like this.
fn ended<'a>(output: &'a str, how: &str) -> BTreeSet<&'a str> {
    let lines = output.lines();
    lines
        .filter_map(|line| {
            let test = line.strip_prefix("test ")?;
            test.strip_suffix(how)?.strip_suffix(" ... ")
        })
        .collect()
}
