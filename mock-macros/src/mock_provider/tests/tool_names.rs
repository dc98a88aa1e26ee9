//! Tests of the names of tools: each is declared, once, and has one name on the wire.

use super::*;

#[test]
fn tools_are_declared() {
    let tools = "did you mean `get_weather`?";
    wrong_items(
        "Weather, tools = [get_weather], script = [call(«get_wether» {}), on(tool_result(«get_wether»)).reply(«\"{get_wether.a} {get_wether.b}\"»), call(«a::b»), call(«\"get_weather\"»)]",
        &[
            ("no tool `get_wether` is declared in this mock", tools),
            ("no tool `get_wether` is declared in this mock", tools),
            ("no tool `get_wether` is declared in this mock", tools),
            (
                "expected the name of a tool",
                "write one word, as in `get_weather`",
            ),
            (
                "expected a tool and its arguments",
                "write `call(get_weather)`",
            ),
        ],
    );
    wrong(
        "tools = [], call(«x»)",
        &[(
            "no tool `x` is declared in this mock",
            "declare it, as in `tools = [x]`",
        )],
    );
}
