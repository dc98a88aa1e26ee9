//! The keys of a mock, as the macro and as the builder make them.

use crate::helpers::*;

const SEED: u64 = 7;
const MOST: u32 = 50;
const COST: Usage = Usage::new(11, 7).cache_read(3);
const LIMIT: Duration = Duration::from_millis(150);
const SHARE: f64 = 0.25;

mock_provider!(
    Keys = openai("gpt-4o"),
    name = "my-provider",
    latency = (80ms..120ms).timeout_over(150ms),
    capabilities = [streaming],
    usage = usage(11, 7),
    allow = [unused_turns, unoffered_tools, broken_conversations],
    seed = 7,
    max_calls = 5_000,
    metadata = object {
        request_id: "abc {as it is}",
        parts: [1, -2.5, true, null]
    },
    script = [reply("x")],
    otherwise = cycle,
);

fn built() -> Scenario {
    script([reply("x")])
        .profile(Profile::Openai)
        .model("gpt-4o")
        .provider("my-provider")
        .latency(mock_core::scenario::Latency::from(ms(80)..ms(120)).timeout_over(ms(150)))
        .capabilities(Capabilities::NONE.with_streaming())
        .usage(Usage::new(11, 7))
        .allow(
            Allow::NONE
                .with_unused_turns()
                .with_unoffered_tools()
                .with_broken_conversations(),
        )
        .seed(7)
        .max_calls(5_000)
        .metadata(json!({"request_id": "abc {as it is}", "parts": [1, -2.5, true, null]}))
        .otherwise(cycle())
}

/// The metadata as JSON: the builder sorts its keys.
fn with_sorted_metadata(mut scenario: Played) -> Played {
    if let Some(metadata) = &scenario.metadata {
        let value: serde_json::Value = serde_json::from_str(metadata).expect("JSON");
        scenario.metadata = Some(value.to_string().into());
    }
    scenario
}

#[test]
fn a_declared_mock() {
    let scenario = Played::by(Keys::new().handle());
    assert_eq!(with_sorted_metadata(scenario), built().named("Keys"));
}

#[test]
fn an_anonymous_mock() {
    let number = 7;
    let id = String::from("abc {as it is}");
    let known = mock_provider!(
        openai("gpt-4o"),
        name = "my-provider",
        latency = (80ms..120ms).timeout_over(150ms),
        capabilities = [streaming],
        usage = usage(11, 7),
        allow = [unused_turns, unoffered_tools, broken_conversations],
        seed = 7,
        max_calls = 5_000,
        metadata = object {
            request_id: "abc {as it is}",
            parts: [1, -2.5, true, null]
        },
        script = [reply("x")],
        otherwise = cycle,
    );
    let made = mock_provider!(
        openai("gpt-4o".to_owned()),
        name = format!("my-{}", "provider"),
        latency = (ms(80)..ms(120)).timeout_over(computed() * 30),
        capabilities = [streaming],
        usage = usage(number + 4, number),
        allow = [unused_turns, unoffered_tools, broken_conversations],
        seed = number,
        max_calls = u32::try_from(number).expect("it is small") + 4_993,
        metadata = object {
            request_id: id,
            parts: (1, -2.5, true, ())
        },
        script = [reply("x")],
        otherwise = cycle,
    );
    assert_eq!(with_sorted_metadata(Played::by(known)), built());
    assert_eq!(with_sorted_metadata(Played::by(made)), built());
}

mock_provider!(
    Constants,
    latency = growing(LIMIT, SHARE).timeout_over(LIMIT),
    usage = COST,
    seed = SEED,
    max_calls = MOST,
    capabilities = [],
    script = [reply("x").usage(COST).tokens_per_second(SHARE)],
    otherwise = repeat_last,
);

#[test]
fn constants() {
    let built = script([reply("x").usage(COST).tokens_per_second(SHARE)])
        .named("Constants")
        .latency(growing(LIMIT, SHARE).timeout_over(LIMIT))
        .usage(COST)
        .seed(SEED)
        .max_calls(MOST)
        .capabilities(Capabilities::NONE)
        .otherwise(repeat_last());
    assert_eq!(Played::by(Constants::new().handle()), built);
}

#[test]
fn all_capabilities_are_the_default() {
    let all = mock_provider!(
        capabilities = [tools, streaming],
        usage = estimate,
        allow = []
    );
    let growing_latency = mock_provider!(latency = growing(100ms, 1));
    let value = json!({"a": 1});
    let metadata = mock_provider!(metadata = value.clone());
    assert_eq!(Played::by(all), script([]));
    assert_eq!(
        Played::by(growing_latency),
        script([]).latency(growing(ms(100), 1.0))
    );
    assert_eq!(Played::by(metadata), script([]).metadata(value));
}

#[provider_test(seeds = 0..1)]
async fn faults_by_chance(
    #[mock(chaos = [rate_limit(0.1), cut(1), slow(0.5)], script = [reply("Hi.")])]
    llm: MockProvider,
    #[mock(chaos = [], script = [])] none: MockProvider,
) {
    let faults = [
        chaos::fail(ErrorKind::RateLimit, 0.1),
        chaos::cut(1.0),
        chaos::slow(0.5),
    ];
    assert_eq!(llm.scenario().chaos.as_deref(), Some(&faults[..]));
    assert_eq!(none.scenario().chaos.as_deref(), Some(&[][..]));
    // The first run has no faults. In the other one, each answer has one.
    let _ = llm.answer(Request::new("gpt-4o").user("hello")).await;
}
