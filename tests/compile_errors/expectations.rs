//! Expectations that are none, or that no run can meet.

use mock_core::{mock_provider, provider_test};

mock_provider!(
    Weather,
    tools = [get_weather { city: string }],
    script = [call(get_weather { city: "Paris" }), reply("18").times(2)],
    expect = [
        calls(..=2),
        call(3..),
        tokens(9..=5),
        tokens(1..5),
        offered(weather),
        offered("get_weather"),
        order(get_weather, get_weather),
        result(get_weather),
        within(0s),
        within(30),
        system("terse"),
        every_call_answered(2),
        waited_retry_after,
        sent(user("a")),
        never_sent(user("a")),
        prompt_prefix_stable,
        prompt_prefix_stable,
    ],
);

mock_provider!(Storm, reply("Hi."), expect = calls(1));

mock_provider!(
    Contradicts,
    tools = [a, b, c],
    script = [call(a {}), call(b {}), call(c {}), reply("Hi.")],
    expect = [order(a, b), order(b, c), order(c, a), calls(..=3), within(0s)],
);

mock_provider!(ExpectsNothing, script = [reply("Hi.")], expect = []);

mock_provider!(AnyNumber, script = [reply("Hi.")], expect = [calls(0..), tokens(..), calls(1..2)]);

mock_provider!(Misspells, script = [reply("Hi.")], expect = [calls: 1, CALLS(1)]);

#[provider_test]
async fn no_calls(#[mock(script = [reply("Hi.")], expect = [calls(3..=2)])] llm: mock_core::MockProvider) {}

fn main() {
    let _ = (Weather::new(), Storm::new());
}
