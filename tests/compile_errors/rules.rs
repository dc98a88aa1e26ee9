//! Rules, and what answers otherwise.

use mock_core::mock_provider;

mock_provider!(
    Rules,
    script = [on(user("I am {name}")).reply("Hello, {name}.")],
    rules = match request {
        "hello" => reply("a"),
        message => reply("b"),
        when(|request| request.model == "x") => reply("c"),
        user("d") => reply("d").times(2),
        user("e") => on(user("f")).reply("e"),
        user("f") reply("f"),
        system("{tone}") => reply("{tome} {name}"),
        _ if request.modle == "x" => reply("g"),
        _ => reply("h"),
        any_user_message("i") => reply("i"),
    },
    otherwise = repeat_lst,
);

mock_provider!(List, rules = [on(user("a")).reply("a")], otherwise = cycle);

fn main() {
    let limit = 2;
    let mock = mock_provider!(rules = match request {
        _ if request.messages.len() == limit => reply("a"),
        _ if limit => reply("b"),
    });
    let _ = mock.calls();
}
