//! The fixtures of aimock and of llmposter.

use super::{read, unread};
use crate::Cassette;

/// What is converted is read again as the same fixtures.
fn converted_fixtures(cassette: &Cassette) {
    let again = read(&cassette.to_yaml());
    let plain = |cassette: &Cassette| {
        let mut fixtures = cassette.fixtures().to_vec();
        fixtures.iter_mut().for_each(|fixture| fixture.line = 0);
        fixtures
    };
    assert_eq!(plain(&again), plain(cassette), "{}", cassette.to_yaml());
    assert_eq!(unread(&again), []);
}

#[test]
fn fixtures_of_aimock_are_read() {
    use crate::{FixtureCondition as Condition, FixturePart as Part, TextCondition as Text};

    let cassette = read(
        r#"{
  "fixtures": [
    {"match": {"userMessage": "hello", "model": "gpt-4o", "systemMessage": ["a", "b"]},
     "response": {"content": {"a": [1, "1", true]}, "reasoning": "hm", "finishReason": "length", "usage": {"total_tokens": 3, "cost": 1}},
     "latency": 20, "chunkSize": 3, "truncateAfterChunks": 2, "disconnectAfterMs": 5},
    {"match": {"userMessage": "x", "turnIndex": 1, "hasToolResult": true, "toolCallId": "c"},
     "response": {"content": "Sunny.", "toolCalls": [{"name": "t", "arguments": {"b": null}, "id": "call_1"}]}},
    {"match": {}, "response": {"error": {"message": "slow down", "type": "t"}, "status": 429, "retryAfter": 3}},
    {"match": {"inputText": "y"}, "response": {"embedding": [0.5, -1]}},
    {"match": {"userMessage": "draw", "endpoint": "image"}, "response": {"image": {"url": "https://example.com"}}},
    {"match": {"userMessage": "b", "sequenceIndex": 1}, "response": {"content": "2"}}
  ]
}"#,
    );
    let [later, first, error, vector, any_turn] = cassette.fixtures() else {
        panic!("{cassette:#?}");
    };
    assert_eq!(first.line, 3);
    assert_eq!(
        first.conditions,
        [
            Condition::User(Text::Contains("hello".into())),
            Condition::System("a".into()),
            Condition::System("b".into()),
            Condition::Model(Text::Version("gpt-4o".into())),
        ]
    );
    assert_eq!(
        first.parts,
        [
            Part::Reasoning("hm".into()),
            Part::Text(r#"{"a":[1,"1",true]}"#.into())
        ]
    );
    assert_eq!(
        (first.finish.as_deref(), first.gap.as_millis()),
        (Some("length"), 20)
    );
    let call = Part::Call {
        name: "t".into(),
        arguments: r#"{"b":null}"#.into(),
        id: Some("call_1".into()),
    };
    assert_eq!(later.parts, [Part::Text("Sunny.".into()), call]);
    assert!(later.conditions.contains(&Condition::Assistants(1)));
    assert!(!any_turn.conditions.contains(&Condition::Assistants(1)));
    let error = error.error.as_ref().expect("it is an error");
    assert_eq!(
        (
            error.status,
            error.message.as_str(),
            error.retry_after.map(|time| time.as_secs())
        ),
        (429, "slow down", Some(3))
    );
    assert_eq!(vector.vector, [0.5, -1.0]);
    assert_eq!(
        vector.conditions,
        [Condition::Input(Text::Contains("y".into()))]
    );
    assert_eq!(
        (first.chunk_size, first.end, first.usage),
        (Some(3), Some(crate::FixtureEnd::CutAfterFrames(2)), None)
    );
    let keys: Vec<_> = unread(&cassette);
    assert_eq!(
        keys,
        [
            (3, "fixtures[0].disconnectAfterMs (it breaks off before)"),
            (4, "fixtures[0].response.usage.cost"),
            (4, "fixtures[0].response.usage.total_tokens"),
            (8, "fixtures[2].response.error.type"),
            (10, "fixtures[4].match.endpoint"),
            (10, "fixtures[4].response.image"),
            (
                10,
                "fixtures[4].response (it is not an answer in texts, tool calls or a vector)"
            ),
            (11, "fixtures[5] (no fixture has the number before its own)"),
        ]
    );
    converted_fixtures(&cassette);
}

#[test]
fn the_order_the_pace_and_the_tokens_of_fixtures_of_aimock_are_read() {
    let cassette = read(
        r#"{"fixtures": [
    {"match": {"userMessage": "joke", "sequenceIndex": 1}, "response": {"content": "2",
      "usage": {"promptTokenCount": 5, "candidatesTokenCount": 6, "totalTokenCount": 11}}},
    {"match": {"userMessage": "joke", "sequenceIndex": 0}, "response": {"content": "1",
      "usage": {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 1},
                "completion_tokens_details": {"reasoning_tokens": 2}}}},
    {"match": {"userMessage": "joke"}, "response": {"content": "3", "reasoning": "hm", "reasoningSignature": "c2ln"}},
    {"response": {"content": "slow"}, "latency": 7, "streamingProfile": {"ttft": 200, "tps": 400, "jitter": 0.1}},
    {"response": {"content": "recorded"}, "replaySpeed": 2,
     "recordedTimings": {"ttftMs": 100, "interChunkDelaysMs": [20, 40], "totalDurationMs": 160}},
    {"response": {"content": "cut"}, "disconnectAfterMs": 500, "chaos": {"dropRate": 1}}
]}"#,
    );
    let [second, first, rest, slow, recorded, cut] = cassette.fixtures() else {
        panic!("{cassette:#?}");
    };
    assert_eq!(
        [first, second, rest].map(|fixture| fixture.number),
        [Some(0), Some(1), None]
    );
    let usage = first.usage.expect("the usage is there");
    assert_eq!(
        (
            usage.prompt,
            usage.completion,
            usage.cached,
            usage.reasoning
        ),
        (3, 4, 1, 2)
    );
    let usage = second.usage.expect("the usage is there");
    assert_eq!((usage.prompt, usage.completion), (5, 6));
    assert_eq!(rest.parts[1], crate::FixturePart::Signature("c2ln".into()));
    let times = |fixture: &crate::Fixture| (fixture.ttft.as_micros(), fixture.gap.as_micros());
    assert_eq!(times(slow), (200_000, 2_500));
    assert_eq!(times(recorded), (50_000, 15_000));
    assert_eq!(
        cut.end,
        Some(crate::FixtureEnd::CutAfter(
            std::time::Duration::from_millis(500)
        ))
    );
    let keys: Vec<_> = unread(&cassette).into_iter().map(|(_, key)| key).collect();
    assert_eq!(
        keys,
        [
            "fixtures[3].streamingProfile.jitter",
            "fixtures[4].recordedTimings.interChunkDelaysMs (each gap has their mean)",
            "fixtures[5].chaos",
        ]
    );
    converted_fixtures(&cassette);
}

#[test]
fn the_states_of_llmposter_are_an_order_if_they_are_a_chain() {
    let read_states = |states: &[(&str, Option<&str>, Option<&str>)]| {
        let mut text = "fixtures:\n".to_owned();
        for (asked, needs, sets) in states {
            text += &format!("- match: {{user_message: {asked}}}\n  response: {{content: x}}\n");
            text += "  scenario:\n    name: flow\n";
            for (key, value) in [("required_state", needs), ("set_state", sets)] {
                if let Some(value) = value {
                    text += &format!("    {key}: '{value}'\n");
                }
            }
        }
        let cassette = read(&text);
        let numbers = cassette.fixtures().iter().map(|fixture| fixture.number);
        (numbers.collect::<Vec<_>>(), cassette.unread().len())
    };
    let retry = [
        ("x", Some(""), Some("failed")),
        ("x", Some("failed"), Some("done")),
    ];
    assert_eq!(read_states(&retry), (vec![Some(0), Some(1)], 0));
    let stays = [("x", Some(""), Some("called")), ("x", Some("called"), None)];
    assert_eq!(read_states(&stays), (vec![Some(0), None], 0));
    // States of other requests, states without a first one, in a circle, and with a gap.
    for other in [
        [("x", Some(""), Some("a")), ("y", Some("a"), None)],
        [("x", None, Some("a")), ("x", Some("a"), None)],
        [("x", Some(""), Some("a")), ("x", Some("a"), Some(""))],
        [("x", Some(""), Some("a")), ("x", Some("b"), None)],
        [("x", Some(""), None), ("x", Some(""), None)],
    ] {
        assert_eq!(read_states(&other), (vec![None, None], 2), "{other:?}");
    }
}

#[test]
fn fixtures_of_llmposter_are_read() {
    use crate::{FixtureCondition as Condition, FixturePart as Part, TextCondition as Text};

    let cassette = read(
        r#"fixtures:
- response: {content: otherwise}
- match:
    user_message: {regex: 'weather in \\w+'}
    model: claude
  provider: anthropic
  priority: 1
  response:
    tool_calls:
    - name: get_weather
      arguments: {city: Paris, days: 3, zip: '75001'}
    stop_reason: tool_use
  streaming: {latency: 50, chunk_size: 20}
  failure: {latency_ms: 100, truncate_after_frames: 3, duplicate_frames: true}
  scenario: {name: flow}
- match: {model: fail}
  error: {status: 503, message: overloaded, headers: {retry-after: '60', x-a: b, content-length: '1'}}
- refusal: {reason: no}
- response: {content: corrupt}
  failure: {corrupt_body: true, latency_ms: 1.5, disconnect_after_ms: 3}
"#,
    );
    let [weather, otherwise, error, refusal, corrupt] = cassette.fixtures() else {
        panic!("{cassette:#?}");
    };
    assert_eq!(otherwise.conditions, []);
    assert_eq!(
        weather.conditions,
        [
            Condition::User(Text::Pattern(r"weather in \\w+".into())),
            Condition::Model(Text::Contains("claude".into()))
        ]
    );
    let call = Part::Call {
        name: "get_weather".into(),
        arguments: r#"{"city":"Paris","days":3,"zip":"75001"}"#.into(),
        id: None,
    };
    assert_eq!(
        (weather.parts.as_slice(), weather.finish.as_deref()),
        (&[call][..], Some("tool_use"))
    );
    assert_eq!(
        (weather.gap.as_millis(), weather.delay.as_millis()),
        (50, 100)
    );
    assert_eq!(error.error.as_ref().map(|error| error.status), Some(503));
    assert_eq!(refusal.parts, [Part::Refusal("no".into())]);
    assert_eq!(
        (weather.chunk_size, weather.end),
        (Some(20), Some(crate::FixtureEnd::Truncated(3)))
    );
    let headers = error.error.as_ref().map(|error| error.headers.len());
    assert_eq!(headers, Some(2));
    assert_eq!(corrupt.body.as_deref(), Some("overloaded"));
    assert_eq!((corrupt.delay.as_micros(), corrupt.end), (1_500, None));
    let keys: Vec<_> = unread(&cassette).into_iter().map(|(_, key)| key).collect();
    assert_eq!(
        keys,
        [
            "fixtures[1].failure.duplicate_frames",
            "fixtures[1].scenario (its states do not follow one another for one request)",
            "fixtures[2].error.headers.content-length",
        ]
    );
    converted_fixtures(&cassette);
}
