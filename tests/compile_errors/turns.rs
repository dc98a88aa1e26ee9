//! Turns: how they begin, what they answer, whether they can be reached.

use mock_core::mock_provider;

mock_provider!(
    Turns,
    script = [
        "Hi.",
        on(user("a")),
        on("b").reply("b"),
        on().reply("c"),
        on(user("d"), when).reply("d"),
        on(when(is_long)).reply("e"),
        reply("f").on(user("f")),
        times(2),
        reply(),
        reply("g", "h"),
        stream("i"),
        fail(auth).reply("j"),
        #[cfg(test)]
        reply("k"),
    ],
);

mock_provider!(
    Unreachable,
    reply("all").forever(),
    on(user("never")).reply("never"),
    reply("not either"),
);

fn main() {}
