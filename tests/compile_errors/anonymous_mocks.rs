//! Mistakes in a mock that is an expression, beside those that the compiler finds itself.

use mock_core::mock_provider;

fn main() {
    let mock = mock_provider!(
        reply("hi").evry(20ms),
        on(user(2)).reply("x"),
        on(when(|request| request.modle == "x")).reply("y"),
        reply(5).every(20),
        call(get_weather { city: 1.5f32 }),
    );
    let calls: u32 = mock.calls().len();
    mock.calls().lne();
    let half_written = mock_provider!(rep);
}
