//! S107: the file that a test records has the name of the test, and replays without the provider.

use std::fs;

use mock_core::cassette::Cassette;

use crate::helpers::*;

#[test]
fn s107_the_file_of_a_test_has_its_name_and_replays_without_the_provider() {
    let folder = folder("named");
    let provider = provider();
    let run = Run::new(&folder, &["asks"]).upstream(&provider.url());
    let recorded = run.mode("record").go();
    recorded.assert_passes();
    assert_eq!(provider.calls().len(), 2);
    let cassette = Cassette::load(folder.join(ASKS)).expect("it is recorded");
    assert_eq!(cassette.interactions().len(), 2);
    let text = fs::read_to_string(folder.join(ASKS)).expect("it is recorded");
    assert!(!text.contains("sk-proj-Zb3kQ9vX2mLp7Rt5"), "{text}");

    drop(provider);
    let replayed = run.upstream("http://127.0.0.1:1").go();
    replayed.assert_passes();
    // The generated ids are redacted.
    let after_the_id = |ended: &Ended| {
        let answers = ended.said("answer: ").into_iter();
        let answers = answers.filter_map(|answer| answer.split_once("\"object\""));
        answers.map(|(_, rest)| rest.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(after_the_id(&recorded).len(), 2);
    assert_eq!(after_the_id(&replayed), after_the_id(&recorded));
    assert_eq!(replayed.said("calls: "), recorded.said("calls: "));
    assert_eq!(recorded.said("key: "), ["sk-proj-Zb3kQ9vX2mLp7Rt5"]);
    assert_eq!(replayed.said("key: "), ["replayed"]);
    // With `record`, the time was that of the provider.
    assert_eq!(recorded.said("waited: "), ["true"]);
    assert_eq!(replayed.said("waited: "), ["false"]);
}
