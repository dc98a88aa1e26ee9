//! The source code that is printed for recorded exchanges.

use mock_core::cassette::{Cassette, Interaction, to_script};
use mock_core::testkit::collect;
use mock_core::{MockProvider, Request, mock_provider};

const FILE: &str = "tests/cassettes/weather.yaml";

include!("generated/weather.rs");

/// `UPDATE_REPORTS=1` writes it anew.
#[test]
fn the_printed_source_is_the_one_that_is_compiled_here() {
    let cassette = Cassette::load(FILE).expect("it is in this package");
    let source = to_script(&cassette, "Recorded");
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        std::fs::write("server/generated/weather.rs", &source).expect("it can be written");
    }
    assert_eq!(source, include_str!("generated/weather.rs"));
}

#[tokio::test(start_paused = true)]
async fn the_printed_script_answers_as_the_recording_does() {
    let cassette = Cassette::load(FILE).expect("it is in this package");
    let replayed = MockProvider::cassette(cassette);
    let scripted = Recorded::new();
    let paris = || Request::new("gpt-4o").user("Weather in Paris?");
    let rome = || Request::new("gpt-4o").user("And in Rome?");

    let recorded = replayed.answer(paris()).await.expect("it answers");
    let said = scripted.answer(paris()).await.expect("it answers");
    assert_eq!(said.message, recorded.message);
    assert_eq!(said.finish_reason, recorded.finish_reason);
    assert_eq!(said.usage, recorded.usage);

    let began = tokio::time::Instant::now();
    let recorded = collect(replayed.answer_stream(rome()).await.expect("it begins")).await;
    let took = began.elapsed();
    let said = collect(scripted.answer_stream(rome()).await.expect("it begins")).await;
    assert_eq!(began.elapsed(), took * 2);
    assert!(!took.is_zero());
    assert_eq!(said.pieces(), recorded.pieces());
    assert_eq!(said.response.finish_reason, recorded.response.finish_reason);
    assert_eq!(said.response.usage, recorded.response.usage);
}

#[test]
fn parts_that_a_script_cannot_express_are_listed() {
    let mut rejected = Interaction::new("POST", "/v1/chat/completions");
    rejected.request_body = crate::cassette_helpers::question("hello")
        .to_string()
        .into_bytes();
    rejected.status = 429;
    rejected.headers = vec![("retry-after".into(), "2".into())];
    rejected.body =
        br#"{"error": {"message": "Slow {down}", "code": "slow", "param": "model"}}"#.to_vec();
    let mut wrong = Interaction::new("POST", "/v1/chat/completions");
    wrong.request_body = b"{".to_vec();
    wrong.status = 400;
    let mut binary = Interaction::new("GET", "/v1/files/1");
    binary.body = vec![0xff];
    let source = to_script(&Cassette::new([rejected, wrong, binary]), "Odd");
    for line in [
        "Odd = openai(\"gpt-4o\"),",
        "// The recorded bytes, because a turn cannot express the parameter `model` of the failure.",
        ".status(429)",
        ".headers([(\"retry-after\", \"2\")])",
        "// Not in the script: the mock rejects this request itself, as the provider did.",
        "// the cassette:0: GET /v1/files/1",
        "// Not in the script: the body is not a text.",
    ] {
        assert!(source.contains(line), "{line}\n{source}");
    }
}
