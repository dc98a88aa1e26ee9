//! The environment variables of a recording: its mode, and the API key.

use crate::helpers::*;

#[test]
fn an_unknown_mode_names_the_known_ones() {
    let ended = Run::new(&folder("mode"), &["asks"]).mode("1").go();
    ended.assert_fails();
    ended.assert_says(
        "`MOCK_CORE_RECORD` is `1`, which is not a mode: set it to `record`, `missing` or `replay`",
    );
}

#[test]
fn a_recording_without_the_key_names_the_variable() {
    let ended = Run::new(&folder("key"), &["asks"])
        .mode("record")
        .variable("CHILD_KEY", "")
        .go();
    ended.assert_fails();
    ended.assert_says("a recording needs the API key in `CHILD_KEY`");
}
