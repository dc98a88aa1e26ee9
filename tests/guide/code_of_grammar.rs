//! The code of `docs/grammar.md`, compared with what the builder makes.

use std::time::Duration;

use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{
    Message, MockProvider, Request, Response, ToolDefinition, mock_provider, provider_test,
};
use serde_json::json;

mock_provider!(
    Clerk = anthropic("claude-sonnet-4-5"),
    latency = 80ms..120ms,
    tools = [
        find_order {
            number: integer,
            with_items: optional(boolean),
        },
        refund {
            order: object {
                number: integer,
                note: string
            },
            reasons: list(one_of("late", "broken")),
            amount: number,
            extra: json,
        },
        get_time,
    ],
    script = [
        on(user("order {number:word}")).call(find_order { number: 42 }),
        on(tool_result(find_order))
            .reply("One moment, please.")
            .call(refund {
                order: object {
                    note: "order {number}",
                    number: 42
                },
                reasons: ["late"],
                amount: 9.5,
                extra: null,
            })
            .call(get_time),
        on(tool_result(refund), tool_result(get_time)).reply("Done at {get_time.now}."),
    ],
);

mock_provider!(
    Team = openai("gpt-4o"),
    lanes = match request {
        system("You plan") => [
            reply("Read the code of {topic}, please."),
            reply("Thank you."),
        ],
        model("small*") | has_tool(look) if request.temperature.is_none() => {
            [fail(overloaded), reply("It is a parser.")]
        }
        _ => [reply("Who are you?")],
    },
    per = any_user_message("about {topic:word}"),
);

mock_provider!(
    Chats = openai("gpt-4o"),
    per = conversation,
    script = [
        on(user("I am {name:word}")).reply("Hello, {name}."),
        on(user("who am I")).reply("You are {name}."),
    ],
);

mock_provider!(
    Tenants = anthropic,
    per = header("x-session"),
    script = [fail(rate_limit), reply("Welcome back.")],
);

mock_provider!(
    Login = openai("gpt-4o"),
    lanes = match request {
        path("POST /oauth/token") => [
            raw("{\"error\":\"slow_down\"}").status(400),
            raw("{\"access_token\":\"t1\"}"),
        ],
        _ => [reply("Hi.")],
    },
);

mock_provider!(
    Support = openai("gpt-4o"),
    name = "support",
    latency = (80ms..120ms).timeout_over(150ms),
    capabilities = [streaming, tools],
    usage = usage(11, 7),
    allow = [unused_turns],
    seed = 7,
    metadata = object { request_id: "abc" },
    script = [on(user("I am {name}"))
        .reply("Hello, {name}.")
        .named(greeting)],
    rules = match request {
        user("order {number:word}") | any_user_message("my order {number:word}") => {
            call(find_order { number: "{number}" })
        }
        system("terse") if request.temperature.is_some() => reply("Yes."),
        not(model("gpt-4*")) => fail(not_found),
        _ if request.messages.len() > 20 => fail(context_length),
    },
    otherwise = reply("How can I help, {name}?"),
    max_calls = 5_000,
);

mock_provider!(
    Repeats = gemini,
    latency = growing(100ms, 0.10),
    usage = estimate,
    allow = [unoffered_tools, broken_conversations],
    script = [
        reply("I am looking.").finish(tool_calls),
        reply("Still looking.").finish(stop),
    ],
    otherwise = repeat_last,
);

mock_provider!(
    Round = ollama("llama3.2"),
    capabilities = [streaming],
    script = [reply("Tick.").split(words), reply("Tock.").times(2)],
    rules = match request {
        any_of(any_user_message("stop"), all_of(system("stop"), model("llama*"))) => {
            refusal("I cannot.").finish(content_filter)
        }
    },
    otherwise = cycle,
);

mock_provider!(
    Flaky = openai("gpt-4o"),
    chaos = [rate_limit(0.1), cut(0.05)],
    script = [reply("Hi.").times(0..)],
);

mock_provider!(
    Listener = plain,
    script = [
        on(any_of(
            any_user_message("weather in {city:rest}"),
            system("in {city:word}")
        ))
        .reply("{city}?"),
        on(not(has_tool(get_weather)), model("gpt-4*")).reply("I am {model}, asked {call} times."),
        on(when(|request| request.temperature == Some(0.0)))
            .reply("{{sure}}")
            .times(1..=3),
        reply(verbatim("{\"as\": \"it is\"}")).forever(),
    ],
);

mock_provider!(
    Broken = openai_responses("gpt-4.1"),
    script = [
        stream(["It is ", "18 °C."]).every(20ms).cut_after(1),
        reply("One two three.").end_after(all),
        reply("One two three.").ttft(300ms).stall_after(2s),
        refusal("I would rather not.").error_after(2, overloaded),
        reply("One two three.").split(whole).malformed_after(0),
    ],
);

mock_provider!(
    Endings = openai("gpt-4o"),
    usage = none,
    script = [
        reply("One two three.").end_after(finish),
        reply("Hi.").finish(none).usage(11, 7).stall_after(done),
        reply("One two three.").usage(none).cut_after(finish),
        reply("One two three.").ttft(35s).keepalive(10s),
        gate("ready").reply("Hi.").keepalive(5s, ": busy"),
        stream(["It is ", "18 °C."]).flush(each),
        reply("18 °C.").flush(bytes),
    ],
);

mock_provider!(
    Gateway = openrouter,
    models = ["openai/gpt-4.1-mini", "deepseek/deepseek-chat"],
    script = [reply("Hi.")],
);

mock_provider!(
    Deployed = azure("gpt-4o"),
    script = [reply("Hi.")],
    otherwise = repeat_last,
);

mock_provider!(
    Reasoner = deepseek("deepseek-reasoner"),
    script = [reasoning("Hm.").reply("Hi.")],
);

mock_provider!(
    Small = mistral("mistral-small-latest"),
    script = [reply("Hi.")],
    otherwise = repeat_last,
);

mock_provider!(
    Fast = groq("llama-3.1-8b-instant"),
    script = [fail(rate_limit), reply("Hi.")],
);

mock_provider!(
    Grok = xai("grok-4"),
    script = [reply("Hi.")],
    otherwise = repeat_last,
);

mock_provider!(
    Local = llamacpp,
    script = [reply("One two three.").finish(length)],
    otherwise = cycle,
);

mock_provider!(
    Endpoints = openai("gpt-4o"),
    script = [
        on(header("x-session", "s-{id}"))
            .reply("This is session {id}.")
            .headers([("x-request-id", "r1")]),
        frames(["data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"])
            .every(20s)
            .cut_after(1),
    ],
    rules = match request {
        path("GET /v1/files/{id}") => json(object { id: "{id}" }),
        path("POST /v1/rerank") => raw("{\"results\":[]}").status(201),
    },
);

mock_provider!(
    Library = openai("gpt-4o"),
    script = [
        on(any_user_message("a cat")).embed([0.5, -0.25, 1.0]),
        embed([1.0, 0.0]).embed([0.0, 1.0]),
    ],
    rules = match request {
        model("text-embedding-*") => embed(),
    },
    otherwise = reply("I am {model}."),
);

mock_provider!(
    Failing,
    script = [
        fail(timeout).times(2),
        fail(rate_limit { retry_after: 2s }),
        fail(auth),
        fail(connection),
        fail(invalid_response),
        fail(generic {
            message: "{model} is gone",
            code: "session_expired"
        }),
        fail(overloaded),
        fail(server_error {
            status: 502,
            headers: [("content-type", "text/html"), ("server", "gateway")],
            body: "<h1>Bad Gateway</h1>"
        }),
        fail(bad_request),
        fail(context_length),
        fail(content_filter),
        fail(permission),
        fail(not_found),
        fail(quota),
    ],
);

#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(serde::Serialize)]
struct SearchArgs {
    query: String,
    limit: Option<u32>,
    sites: Vec<String>,
}

const LIMIT: u32 = 5;

mock_provider!(
    Guide,
    tools = [
        get_weather {
            city: string,
            user_id: optional(string).named("user-id"),
        }
        .returns(object { temp: number })
        .named("get-weather"),
        web_search(SearchArgs),
    ],
    script = [
        on(user("trip to {city}"))
            .call(get_weather { city: "{city}" })
            .call(web_search {
                query: "{city} hotels",
                limit: Some(LIMIT),
                sites: ["example.org"],
            }),
        on(tool_result(get_weather), has_tool(web_search)).reply("{get_weather.temp} °C."),
    ],
);

mock_provider!(
    Pieces,
    script = [
        gate("ready")
            .reply("One two three.")
            .split(chars(4))
            .tokens_per_second(50),
        reasoning("Let me see.")
            .signature("c2lnbmVk")
            .reply("Yes.")
            .split(random(1..=12))
            .named(sure),
        call(find_order { number: 42 })
            .call(find_order.raw("{\"number\": ").id("call_7"))
            .pieces(3)
            .ttft(300ms),
        json(object {
            city: "{user}",
            days: [1, 2]
        })
        .finish(length)
        .usage(11, 7),
        respond_with(|request| Response::from(Message::assistant(&*request.model))),
        respond_with(async |request| {
            tokio::time::sleep(PAUSE).await;
            Response::from(Message::assistant(request.model))
        }),
        driven("live"),
        reply("One moment, ").pause(2s).reply("please."),
        reply("One moment.").finish(other("pause_turn")),
        reply("And then").hang(),
    ],
);

const GREETING: &str = "Hello, {name} is taken as it is.";
const PAUSE: Duration = Duration::from_millis(20);

mock_provider!(
    #[doc = "Greets from constants."]
    Greeter,
    script = [reply(GREETING).every(PAUSE)],
    vis = pub,
    crate = ::mock_core,
);

#[provider_test]
async fn turns_follow_one_another(
    #[mock(
        on(user("hello")).reply("Hello to you."),
        stream(["You said: ", "{user}"]).ttft(300ms).every(20ms),
        on(when(|request| request.temperature == Some(0.0))).reply("{{sure}}").times(2),
        fail(overloaded { message: "too busy for {model}", retry_after: 2s, status: 529 }).times(0..=1),
        reply(verbatim("{\"as\": \"it is\"}")).forever(),
    )]
    llm: mock_core::MockProvider,
) {
    let request = || mock_core::Request::new("gpt-4o").user("hello");
    let cold = || request().with_temperature(0.0);
    let mut texts = Vec::new();
    for request in [request(), request(), cold(), cold()] {
        let response = llm.answer(request).await.expect("an answer");
        texts.push(response.text().into_owned());
    }
    let error = llm.answer(request()).await.expect_err("a failure");
    let last = llm.answer(request()).await.expect("an answer");

    assert_eq!(
        texts,
        ["Hello to you.", "You said: hello", "{sure}", "{sure}"]
    );
    assert_eq!(error.to_string(), "too busy for gpt-4o");
    assert_eq!(last.text(), "{\"as\": \"it is\"}");
}

#[provider_test]
async fn values_may_be_computed(greeter: Greeter) {
    let number = 42;
    let text = format!("Order {number} {{is here}}.");
    let mock = mock_provider!(
        plain,
        script = [
            call(find_order { number: number }),
            on(when(move |request| request.messages.len() == number)).reply(text),
        ],
    );
    let request = || mock_core::Request::new("gpt-4o");
    let order = mock.answer(request()).await.expect("an answer");
    let many = (0..number).fold(request(), |request, _| request.user("?"));
    let text = mock.answer(many).await.expect("an answer");
    let greeting = greeter.answer(request()).await.expect("an answer");

    let call = order.tool_calls().next().expect("a call");
    assert_eq!(call.arguments, r#"{"number":42}"#);
    assert_eq!(text.text(), "Order 42 {is here}.");
    assert_eq!(greeting.text(), GREETING);
}

#[provider_test]
async fn rules_answer_what_the_script_does_not(support: Support) {
    let ask = async |text: &str| support.answer(Request::new("gpt-4o").user(text)).await;
    let greeting = ask("I am Ada.").await.expect("an answer");
    let order = ask("Where is my order 42?").await.expect("an answer");
    let help = ask("Help!").await.expect("an answer");
    let other = support.answer(Request::new("o3").user("Help!")).await;

    assert_eq!(greeting.text(), "Hello, Ada.");
    let call = order.tool_calls().next().expect("a call");
    assert_eq!(call.arguments, r#"{"number":"42"}"#);
    assert_eq!(help.text(), "How can I help, Ada?");
    assert_eq!(help.usage.expect("usage").total_tokens(), 18);
    assert!(other.is_err());
}

#[provider_test]
async fn tools_have_names_and_types_of_their_own(guide: Guide) {
    let request = || {
        let tools = ["get-weather", "web_search"].map(ToolDefinition::new);
        tools
            .into_iter()
            .fold(Request::new("gpt-4o"), Request::with_tool)
    };
    let asked = request().user("Plan a trip to Oslo.");
    let response = guide.answer(asked.clone()).await.expect("an answer");
    let calls: Vec<_> = response.tool_calls().cloned().collect();
    let answered = asked
        .with_message(response.message)
        .with_message(Message::tool(&calls[0].id, r#"{"temp": 3}"#))
        .with_message(Message::tool(&calls[1].id, "[]"));
    let last = guide.answer(answered).await.expect("an answer");

    assert_eq!(calls[0].name, "get-weather");
    assert_eq!(
        calls[1].arguments,
        r#"{"query":"Oslo hotels","limit":5,"sites":["example.org"]}"#
    );
    assert_eq!(last.text(), "3 °C.");
}

#[test]
fn a_turn_has_many_modifiers() {
    let scenario = Pieces::new().handle();
    let names = scenario.scenario().turns.iter().map(|turn| &turn.name);
    assert_eq!(names.flatten().collect::<Vec<_>>(), ["sure"]);
    std::mem::forget(scenario);
}

/// The guide of the grammar, built. The arguments of its typed call are a text here, and are compared by what comes of them.
pub(super) fn built_guide() -> Scenario {
    let tools = [
        tool("get-weather")
            .arg("city", string())
            .arg("user-id", optional(string()))
            .returns(object([("temp", number())])),
        tool("web_search").typed::<SearchArgs>(),
    ];
    let search = [
        ("query", json!("{city} hotels")),
        ("limit", json!(LIMIT)),
        ("sites", json!(["example.org"])),
    ];
    let turns = [
        on(user("trip to {city}"))
            .call("get-weather", [("city", "{city}")])
            .call("web_search", search),
        on([tool_result("get-weather"), has_tool("web_search")]).reply("{get-weather.temp} °C."),
    ];
    script(turns).named("Guide").tools(tools)
}

#[provider_test]
async fn each_agent_of_the_team_has_its_script(#[mock(Team)] team: MockProvider) {
    let ask = |model: &str, agent: &str, text: &str| {
        team.answer(Request::new(model).system(agent).user(text))
    };
    let plan = ask("gpt-4o", "You plan.", "Tell me about parsers").await;
    assert_eq!(
        plan.expect("the first").text(),
        "Read the code of parsers, please."
    );
    ask("small-2", "", "Look about parsers")
        .await
        .expect_err("it is overloaded");
    let other = ask("gpt-4o", "", "about parsers").await;
    assert_eq!(other.expect("the last lane").text(), "Who are you?");
    let again = ask("small-2", "", "Look about parsers").await;
    assert_eq!(again.expect("a retry").text(), "It is a parser.");
    let plan = ask("gpt-4o", "You plan.", "It is about parsers").await;
    assert_eq!(plan.expect("the second").text(), "Thank you.");
}

#[provider_test]
async fn each_conversation_has_its_captures(#[mock(Chats)] chats: MockProvider) {
    let mut conversations = Vec::new();
    for name in ["Ada", "Bob"] {
        let request = Request::new("gpt-4o").user(format!("I am {name}"));
        let answer = chats.answer(request.clone()).await.expect("a greeting");
        conversations.push((name, request.with_message(answer.message)));
    }
    for (name, request) in conversations {
        let answer = chats.answer(request.user("And who am I?")).await;
        assert_eq!(answer.expect("a name").text(), format!("You are {name}."));
    }
}

mock_provider!(
    Recorded = openai("gpt-4o"),
    cassette = "tests/cassettes/weather.yaml",
    tools = [get_weather { city: string }],
    script = [
        replay(1),
        fail(rate_limit { retry_after: 2s }),
        replay(1).cut_after(2),
        replay(..),
    ],
);
