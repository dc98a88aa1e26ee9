//! Regular expressions.

use mock_core::mock_provider;

mock_provider!(
    Patterns,
    on(user(regex(r"in (?<city>\w+"))).reply("{city}"),
    on(user(regex(r"(?<a.b>\w+)"))).reply("a"),
    on(user(regex(PATTERN))).reply("b"),
    on(regex(r"\d")).reply("c"),
);

fn main() {}
