//! Brackets, braces and nothing in the place of parentheses.

use mock_core::mock_provider;

mock_provider!(
    Brackets,
    tools = [
        look { at: one_of["near", "far"] },
        find { place: object[lat: number, lon: number] },
    ],
    script = [
        stream["Hel", "lo"],
        on[user("a"), any_user_message("b")].reply("x"),
        reply("x").times[3],
        fail(auth["No."]),
    ],
    expect = [calls[3]],
);

mock_provider!(
    Bare,
    tools = [look { at: optional string n: integer }, find { at: string } -> object { days: integer }],
    script = [on user("a").reply("x"), reply(["Hel", "lo"]), stream("Hello"), json("{}")],
);

mock_provider!(Braces, rules = { user("a") => reply("x") }, lanes = (any_user_message("a") => [reply("x")]));

mock_provider!(Object, tools = [find { place: object(lat: number, lon: number) }]);

fn main() {
    let list = ["a"];
    mock_provider!(reply(list[0]), json(list[0, 1]));
}
