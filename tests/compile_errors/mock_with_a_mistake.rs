//! A mock with a mistake makes no further errors in the tests that use it.

use mock_core::{mock_provider, provider_test};

mock_provider!(
    Weather = openai("gpt-4o"),
    tools = [get_weather { city: string }],
    script = [on(user("weather")).call(get_weather { town: "Paris" })],
);

mock_provider!(Chat, replyy("Hi."), vis = pub(crate));

#[provider_test]
async fn uses(weather: Weather, chat: &Chat) {
    assert_eq!(weather.calls().len(), 0);
    assert_eq!(chat.calls().len(), 0);
}

fn main() {
    let weather = Weather::new();
    let calls = weather.calls();
    assert_eq!((calls.len(), Chat::new().calls().len()), (0, 0));
}
