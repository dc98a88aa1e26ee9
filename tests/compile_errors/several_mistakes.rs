//! Mistakes of all sorts in one compile: those of the macros, and those that the compiler finds in the rest.

use mock_core::{MockProvider, mock_provider};

#[derive(serde::Serialize)]
struct SearchArgs {
    query: String,
    limit: u32,
}

mock_provider!(
    Search = openai("gpt-4o"),
    lateny = 120ms,
    tools = [web_search(SearchArgs)],
    script = [
        call(web_search { query: "rain", limit: true }),
        call(web_search { qury: "rain", limit: 3 }),
        on(when(|request| request.modle == "gpt-4o")).reply("in a turn").evry(20ms),
        respond_with(|request| request.messages.len()),
        reply(. "no expression"),
        reply("{ctiy}"),
        reply("as often").times("x".len()),
    ],
    rules = match request {
        user("hi") if request.mesages.is_empty() => reply("a rule"),
        user("ho") if request.messages.len() => replyy("another"),
        user("a" "b") => reply("no rule"),
    },
);

fn main() {
    let wrong: MockProvider = Search::new().calls();
    let mock = mock_provider!(
        reply("hi").tims(2),
        respond_with(|request| request.nothing()),
    );
    mock.calls().nothing();
    no_such_name;
}
