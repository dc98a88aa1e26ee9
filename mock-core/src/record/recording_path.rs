//! Where the recording of a test is, and the command that records it.

use std::path::PathBuf;

use crate::engine::seed_of;

/// The folder of recordings, in the package of the test.
const FOLDER: &str = "tests/cassettes";

/// The longest name of a file, in bytes. Most file systems take 255, and the name of a new file is longer for a moment.
const LONGEST: usize = 200;

/// The file of a test: `tests/cassettes/` and the test's path, as in `agent__weather__asks.yaml`. A second recorder of the test has `__2`
/// behind it, and so on.
pub(super) fn file(test: &str, number: usize) -> PathBuf {
    let name: String = test
        .replace("::", "__")
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut name = shortened(name, test);
    if number > 1 {
        name += &format!("__{number}");
    }
    PathBuf::from(FOLDER).join(name + ".yaml")
}

/// A name that is not too long. What is cut off still makes a difference.
fn shortened(mut name: String, test: &str) -> String {
    if name.len() > LONGEST {
        let end = (0..=LONGEST - 17)
            .rev()
            .find(|end| name.is_char_boundary(*end));
        name.truncate(end.unwrap_or_default());
        name += &format!("_{:016x}", seed_of(&[test]));
    }
    name
}

/// The command that records a test; all tests if its name is not known. `test` is without the name of its crate.
pub(super) fn command(mode: &str, test: Option<&str>) -> String {
    let test = test.map_or(String::new(), |test| format!(" -- --exact {test}"));
    format!("MOCK_CORE_RECORD={mode} cargo test --features mock-core/record{test}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_file_has_the_name_of_its_test() {
        let named = |test, number| file(test, number).display().to_string();
        assert_eq!(
            named("agent::weather::asks", 1),
            "tests/cassettes/agent__weather__asks.yaml"
        );
        assert_eq!(named("a::r#async", 2), "tests/cassettes/a__r_async__2.yaml");

        let long = "m::".repeat(200);
        let tests = [long.clone(), long.clone() + "a", long + "ä"];
        let files: HashSet<_> = tests.iter().map(|test| file(test, 1)).collect();
        assert_eq!(files.len(), tests.len());
        for file in files {
            let name = file.file_name().expect("it has one");
            assert!(name.len() <= LONGEST + ".yaml".len(), "{name:?}");
        }
    }
}
