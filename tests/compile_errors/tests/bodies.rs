//! Errors in the body of a test point at the body.

use mock_core::{mock_provider, provider_test};

mock_provider!(Weather, script = [on(when(|request| request.modle == "x")).reply("Hi.")]);

#[provider_test]
async fn body(weather: Weather) -> Result<(), String> {
    let count: u32 = "one";
    weather.calls().lne();
    Ok(count)
}

#[provider_test]
async fn no_result(weather: Weather) {
    weather.nothing()?;
}

#[provider_test]
async fn returns(weather: Weather) -> u32 {
    drop(weather);
    5
}

#[test]
#[provider_test]
async fn is_a_test_already() {}

#[provider_test(paused = true)]
async fn beside_an_error_of_ours(weather: Weather) {
    let _: u32 = weather.calls();
    no_such_name;
}
