//! S107: several recorders at the same time, in several tests and in one, do not mix their recordings.

use std::fs;

use crate::helpers::*;

#[test]
fn s107_two_tests_that_record_at_once_do_not_mix() {
    let folder = folder("at_once");
    let provider = provider();
    let run = Run::new(&folder, &["asks", "asks_too", "asks_twice"]).upstream(&provider.url());
    run.mode("record").go().assert_passes();
    for (name, city) in [("asks", "Paris"), ("asks_too", "Rome")] {
        let file = folder.join(format!(
            "tests/cassettes/recorder__child_tests__{name}.yaml"
        ));
        let text = fs::read_to_string(file).expect("it is recorded");
        assert!(text.contains(&format!("weather in {city}")), "{text}");
        let others = ["Paris", "Rome", "Oslo"]
            .into_iter()
            .filter(|other| *other != city);
        for other in others {
            assert!(!text.contains(other), "{other}: {text}");
        }
    }
    let second = folder.join("tests/cassettes/recorder__child_tests__asks_twice__2.yaml");
    let text = fs::read_to_string(second).expect("it is recorded");
    assert!(text.contains("Oslo") && !text.contains("Bern"), "{text}");
    run.upstream("http://127.0.0.1:1").go().assert_passes();
}
