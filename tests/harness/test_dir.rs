//! `TestDir`: the folder of a test.

use std::path::Path;
use std::{env, fs, process};

use mock_core::{MockProvider, TestDir, provider_test};
use tests::this_binary;

use crate::helpers::{ask, at_once};

#[provider_test]
async fn a_folder_is_empty_and_each_argument_has_its_own(one: TestDir, two: &TestDir) {
    assert_ne!(one.path(), two.path());
    for folder in [&one, two] {
        assert_eq!(fs::read_dir(folder).expect("a folder").count(), 0);
        fs::write(folder.join("file"), "text").expect("a file");
    }
}

#[provider_test]
#[case::passes("passes")]
#[case::fails("fails")]
#[case::is_red("is_red")]
#[case::is_stuck("is_stuck")]
#[should_panic(expected = "as it should")]
#[case::panics_as_it_should("panics_as_it_should")]
#[ignore = "run by the test below"]
async fn child(
    folder: TestDir,
    #[case] ending: &str,
    #[mock(reply("Hi.").times(0..=1), hang().times(0..=1))] llm: MockProvider,
    #[mock(reply(ending).times(if ending == "is_red" { 1..=1 } else { 0..=1 }))] red: MockProvider,
) {
    println!("folder: {}", folder.display());
    assert!(!folder.join("file").exists(), "left by another run");
    fs::write(folder.join("file"), ending).expect("a file");
    match ending {
        "fails" => panic!("as it did"),
        "panics_as_it_should" => panic!("as it should"),
        "is_stuck" => {
            let _ = llm.answer(ask()).await;
            let _ = llm.answer(ask()).await;
        }
        _ => drop((llm, red)),
    }
}

#[test]
fn a_folder_is_kept_and_named_when_the_test_fails_and_removed_when_it_passes() {
    let cases = [
        ("passes", true),
        ("panics_as_it_should", true),
        ("fails", false),
        ("fails", false),
        ("is_red", false),
        ("is_stuck", false),
    ];
    at_once(cases, |(ending, passes)| {
        let run = this_binary()
            .args([
                "--exact",
                "--ignored",
                "--nocapture",
                &format!("test_dir::child::{ending}"),
            ])
            .env("NO_COLOR", "1")
            .output()
            .expect("it runs");
        let printed = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.success(), passes, "{printed}");
        let folder = printed
            .split_once("folder: ")
            .and_then(|(_, rest)| rest.lines().next());
        let folder = folder.unwrap_or_else(|| panic!("{printed}"));
        assert_eq!(
            Path::new(folder).join("file").exists(),
            !passes,
            "{printed}"
        );
        // A report breaks long lines.
        let words: String = printed.split_whitespace().collect();
        let note = format!("thefilesofthetestarein{folder}");
        assert_eq!(words.contains(&note), !passes, "{printed}");
        let _ = fs::remove_dir_all(folder)
            .ok()
            .filter(|()| ending == "is_stuck");
    });
}

/// On a machine with several users, the first of them owns what is there.
#[test]
fn a_folder_does_not_need_what_another_user_made() {
    let shared = env::temp_dir().join(format!("shared-{}", process::id()));
    fs::create_dir_all(&shared).expect("a folder");
    fs::write(shared.join("mock-core"), "of another user").expect("a file");
    let run = this_binary()
        .args(["--exact", "--ignored", "test_dir::child::passes"])
        .env("TMPDIR", &shared)
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{printed}");
    fs::remove_dir_all(shared).expect("it is ours");
}

#[test]
fn a_folder_that_cannot_be_written_is_a_report_that_names_the_remedy() {
    let run = this_binary()
        .args(["--exact", "--ignored", "test_dir::child::passes"])
        .env("TMPDIR", "/dev/null/none")
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&run.stdout);
    assert!(!run.status.success(), "{printed}");
    assert!(
        printed.contains("the folder of the test cannot be written"),
        "{printed}"
    );
    assert!(printed.contains("set `TMPDIR`"), "{printed}");
}
