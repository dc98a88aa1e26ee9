//! Values that are known only when the test runs, and are of another type.

use mock_core::mock_provider;

const BIG: u64 = 5;
const SMALL: i32 = 5;

mock_provider!(Constant, reply("a b c").cut_after(BIG));

mock_provider!(
    Constants,
    latency = growing(SMALL, SMALL),
    seed = SMALL,
    models = [SMALL],
    script = [
        reply(None),
        reply("b").every(SMALL).usage(SMALL, BIG),
        reply("c")
            .tokens_per_second(SMALL)
            .split(chars(SMALL))
            .usage(SMALL),
        raw("d").status(SMALL),
        fail(rate_limit { retry_after: SMALL }),
        embed([SMALL]),
        embed(SMALL),
        pause(SMALL).reply("e"),
    ],
    expect = [within(SMALL)],
);

fn main() {
    let words = vec!["a"];
    let _ = mock_provider!(
        reply("a").times(words.len()),
        reply(words.len()),
        stream([words[0], BIG]),
        reply("b").stall_after(words.len()),
        reply("c").every(BIG).usage(BIG, SMALL),
        fail(overloaded { retry_after: BIG }),
        fail(auth {
            body: words.len(),
            headers: [("a", BIG)]
        }),
    );
    mock_provider!(
        respond_with(|request| request.messages.len()),
        respond_with(async |request| request.messages.len()),
    );
}

mock_provider!(
    Answers,
    script = [
        respond_with(|_| "Hi."),
        respond_with(async |_| "Hi."),
        respond_with(number),
    ],
);

async fn number(_: mock_core::Request) -> u8 {
    5
}
